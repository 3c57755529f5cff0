//! Writing a run's folder so that a crash at any moment leaves the save before whole.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

use crate::archive::disk::{self, Table, failed};
use crate::archive::manifest::{FORMAT, Parent};
use crate::archive::{ArchiveError, Kept, Manifest, checkpoint, keyframe, tables};
use crate::scenario::{Scenario, to_toml};
use crate::train::command::Logged;
use crate::train::device::instruction_set;
use crate::train::snapshot::{Event, RunInfo, Snapshot, StepRow};
use crate::train::state::RunState;

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is something in it.
    #[error(
        "{0} is not empty; name another folder with --out, go on with the run there by --resume, or add --force to write over it"
    )]
    NotEmpty(PathBuf),
    /// It is a file.
    #[error("{0} is a file, not a folder; name another place with --out")]
    IsFile(PathBuf),
    /// Writing fails.
    #[error(
        "{place} cannot be written ({error}); check the disk and the permissions, or name another place with --out"
    )]
    Write {
        /// The file or folder.
        place: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another program has the run open.
    #[error("{0} is open in another vqscope; close it there first, or name another folder")]
    Busy(PathBuf),
    /// What is there cannot be gone on with.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// A run's folder that is being written.
pub struct Folder {
    path: PathBuf,
    manifest: Manifest,
    metrics: Table,
    /// Whether that table is of an earlier version, whose rows go on without the columns added since.
    is_old_table: bool,
    events: Table,
    /// Files that are written and wait for their names until the next `run.toml`.
    parts: Vec<PathBuf>,
    /// Files that the next `run.toml` no longer names.
    unneeded: Vec<PathBuf>,
    /// Locked while the run is open; the system lets go of it when the program dies.
    _lock: File,
}

/// Names in the folder.
pub mod names {
    /// What is saved.
    pub const MANIFEST: &str = "run.toml";
    /// What was asked for, until the first save.
    pub const START: &str = "run-start.toml";
    /// The scenario as resolved.
    pub const SCENARIO: &str = "scenario.toml";
    /// A row for each lane and step.
    pub const METRICS: &str = "metrics.csv";
    /// Changes and what was noticed.
    pub const EVENTS: &str = "events.csv";
    /// Pictures of all views.
    pub const KEYFRAMES: &str = "keyframes";
    /// Everything needed to train on.
    pub const CHECKPOINTS: &str = "checkpoints";
    /// Final figures.
    pub const SUMMARY: &str = "summary.json";
    /// All parameters of the last step.
    pub const MODEL: &str = "model.safetensors";
    /// Locked while the run is open.
    pub const LOCK: &str = "run.lock";
}

/// The file of a step in a folder of such files.
pub fn file_of(folder: &Path, kind: &str, step: u64) -> PathBuf {
    folder.join(kind).join(format!("{step:010}.safetensors"))
}

/// The name of the newest checkpoint's file, which may lie at a step that the timeline does not keep.
/// It tells the bytes as well as the step: a second save at one step never takes the place of the
/// file that `run.toml` still names.
fn newest_name(folder: &Path, entry: &Kept) -> PathBuf {
    let bytes = entry.sha256.get(..8).unwrap_or(&entry.sha256);
    let name = format!("newest-{:010}-{bytes}.safetensors", entry.step);
    folder.join(names::CHECKPOINTS).join(name)
}

/// The newest checkpoint's file; saves of format 1 named it by its step alone.
pub fn newest_file(folder: &Path, entry: &Kept) -> PathBuf {
    let named = newest_name(folder, entry);
    if named.exists() {
        return named;
    }
    folder.join(names::CHECKPOINTS).join(format!("newest-{:010}.safetensors", entry.step))
}

fn write_manifest(path: &Path, manifest: &Manifest) -> Result<(), FolderError> {
    disk::write_whole(&path.join(names::MANIFEST), manifest.to_text()?.as_bytes())?;
    disk::sync_names(path)
}

impl Folder {
    /// The folder of a new run, which was prepared for its scenario; the run is to reach step
    /// `until`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create(
        path: &Path,
        story: &str,
        info: &RunInfo,
        until: u64,
    ) -> Result<Self, FolderError> {
        let manifest = Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").into(),
            story: story.into(),
            scenario_sha256: scenario_hash(&info.scenario),
            device: info.device.name.clone(),
            device_reason: info.device.reason.clone(),
            instruction_set: instruction_set().into(),
            eval_tokens: info.eval_tokens.clone(),
            step: 0,
            is_ended: false,
            is_open: true,
            until,
            bytes: [0, 0],
            resume_bytes: [0, 0],
            left: None,
            forked_from: None,
            newest: None,
            keyframes: Vec::new(),
            checkpoints: Vec::new(),
            log: Vec::new(),
        };
        let lock = disk::lock(path)?;
        if path.join(names::MANIFEST).is_file() {
            // It was prepared: another program has saved a run there since.
            return Err(FolderError::Busy(path.into()));
        }
        let mut folder = Self::over(path, manifest, lock)?;
        folder.metrics.line(tables::METRICS)?;
        folder.events.line(tables::EVENTS)?;
        Ok(folder)
    }

    /// A folder in which a saved run goes on: what was written after the save is cut off. What was
    /// written at its end stays until a later step is saved.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn reopen(path: &Path, manifest: Manifest, until: u64) -> Result<Self, FolderError> {
        let lock = disk::lock(path)?;
        let bytes = manifest.resume_bytes;
        let format = FORMAT;
        let manifest =
            Manifest { format, is_open: true, is_ended: false, until, bytes, ..manifest };
        // Said before it is done: `run.toml` never counts what is no longer there.
        write_manifest(path, &manifest)?;
        Self::over(path, manifest, lock)
    }

    fn over(path: &Path, manifest: Manifest, lock: File) -> Result<Self, FolderError> {
        for kind in [names::KEYFRAMES, names::CHECKPOINTS] {
            let place = path.join(kind);
            fs::create_dir_all(&place).map_err(failed(&place))?;
            disk::remove_parts(&place)?;
        }
        let place = path.join(names::METRICS);
        let metrics = Table::open(place.clone(), manifest.resume_bytes[0])?;
        Ok(Self {
            path: path.into(),
            is_old_table: tables::lacks_added(&disk::first_line(&place)?),
            metrics,
            events: Table::open(path.join(names::EVENTS), manifest.resume_bytes[1])?,
            parts: Vec::new(),
            // `run.toml` says from its first version on what was asked for.
            unneeded: vec![path.join(names::START)],
            _lock: lock,
            manifest,
        })
    }

    /// The folder of a run that parts from the saved one `parent` at `step`, which was prepared for
    /// its scenario: what was kept until then is taken over.
    ///
    /// # Errors
    /// Something cannot be read or written.
    pub fn fork(
        path: &Path,
        parent: &crate::archive::Archive,
        info: &RunInfo,
        step: u64,
    ) -> Result<Self, FolderError> {
        let before = &parent.manifest;
        let mut folder = Self::create(path, &before.story, info, before.until)?;
        let run = parent.path.file_name().map(|n| n.to_string_lossy().into_owned());
        folder.manifest.forked_from = Some(Parent { run: run.unwrap_or_default(), step });
        let (rows, events) = parent.before_fork(step);
        folder.rows(&rows)?;
        folder.events(&events)?;
        folder.manifest.log = before.log.iter().filter(|l| l.step < step).copied().collect();
        let pairs =
            [(names::KEYFRAMES, &before.keyframes), (names::CHECKPOINTS, &before.checkpoints)];
        for (kind, kept) in pairs {
            for entry in kept.iter().filter(|k| k.step <= step) {
                let (from, to) =
                    (file_of(&parent.path, kind, entry.step), file_of(path, kind, entry.step));
                // A file is never changed once it has its name, so two runs can share it.
                fs::hard_link(&from, &to)
                    .or_else(|_| fs::copy(&from, &to).map(drop))
                    .map_err(failed(&to))?;
                let list = if kind == names::KEYFRAMES {
                    &mut folder.manifest.keyframes
                } else {
                    &mut folder.manifest.checkpoints
                };
                list.push(entry.clone());
            }
        }
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is saved so far.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Adds rows to `metrics.csv`.
    ///
    /// # Errors
    /// Writing fails.
    pub fn rows(&mut self, rows: &[StepRow]) -> Result<(), FolderError> {
        rows.iter().try_for_each(|row| {
            let line = tables::metrics_line(row);
            let line = if self.is_old_table { tables::without_added(&line) } else { &line };
            self.metrics.line(line)
        })
    }

    /// Adds lines to `events.csv`.
    ///
    /// # Errors
    /// Writing fails.
    pub fn events(&mut self, events: &[Event]) -> Result<(), FolderError> {
        events.iter().try_for_each(|event| self.events.line(&tables::events_line(event)))
    }

    /// Adds a setting made by hand.
    pub fn log(&mut self, logged: Logged) {
        self.manifest.log.push(logged);
    }

    /// Writes a keyframe; it counts from the next [`Self::commit`] on. Those of the steps `gone` no
    /// longer do.
    ///
    /// # Errors
    /// Writing fails.
    pub fn keyframe(&mut self, snapshot: &Snapshot, gone: &[u64]) -> Result<(), FolderError> {
        let (step, bytes) = (snapshot.step, keyframe::to_bytes(snapshot)?);
        self.write_part(file_of(&self.path, names::KEYFRAMES, step), &bytes)?;
        self.forget(gone, &[]);
        if self.manifest.left.is_some_and(|left| left == step || gone.contains(&left)) {
            self.manifest.left = None;
        }
        put(&mut self.manifest.keyframes, Kept::of(step, &bytes, snapshot.bytes()));
        Ok(())
    }

    /// Writes the keyframe of the step at which the run is left, as [`Self::keyframe`] does.
    ///
    /// # Errors
    /// Writing fails.
    pub fn leave(&mut self, snapshot: &Snapshot, gone: &[u64]) -> Result<(), FolderError> {
        self.keyframe(snapshot, gone)?;
        self.manifest.left = Some(snapshot.step);
        Ok(())
    }

    /// Writes a checkpoint of the timeline, as [`Self::keyframe`] does.
    ///
    /// # Errors
    /// Writing fails.
    pub fn checkpoint(&mut self, state: &RunState, gone: &[u64]) -> Result<(), FolderError> {
        let bytes = checkpoint::to_bytes(state)?;
        self.write_part(file_of(&self.path, names::CHECKPOINTS, state.step), &bytes)?;
        self.forget(&[], gone);
        put(&mut self.manifest.checkpoints, Kept::of(state.step, &bytes, state.bytes()));
        Ok(())
    }

    /// Lets go of keyframes and checkpoints; their files go with the next [`Self::commit`].
    pub fn forget(&mut self, keyframes: &[u64], checkpoints: &[u64]) {
        let Manifest { keyframes: pictures, checkpoints: states, .. } = &mut self.manifest;
        for (kind, list, gone) in
            [(names::KEYFRAMES, pictures, keyframes), (names::CHECKPOINTS, states, checkpoints)]
        {
            list.retain(|k| !gone.contains(&k.step));
            self.unneeded.extend(gone.iter().map(|&step| file_of(&self.path, kind, step)));
        }
    }

    /// Saves: everything written so far counts from here on, and the run goes on from `newest`.
    ///
    /// # Errors
    /// Writing fails; then the save before still counts.
    pub fn commit(&mut self, newest: &RunState, is_ended: bool) -> Result<(), FolderError> {
        self.manifest.resume_bytes = [self.metrics.sync()?, self.events.sync()?];
        self.manifest.bytes = self.manifest.resume_bytes;
        let bytes = checkpoint::to_bytes(newest)?;
        let entry = Kept::of(newest.step, &bytes, newest.bytes());
        let place = newest_name(&self.path, &entry);
        disk::write_whole(&place, &bytes)?;
        let before = self.manifest.newest.replace(entry);
        self.unneeded.extend(before.map(|before| newest_file(&self.path, &before)));
        self.unneeded.retain(|file| *file != place);
        if self.manifest.step != newest.step {
            // They are of the end that the run had before it went on.
            self.unneeded.extend([names::SUMMARY, names::MODEL].map(|name| self.path.join(name)));
        }
        (self.manifest.step, self.manifest.is_ended) = (newest.step, is_ended);
        self.write_manifest()
    }

    /// Lets the rows after the last save count too, and notes that nobody has the run open any more.
    ///
    /// # Errors
    /// Writing fails.
    pub fn close(&mut self) -> Result<(), FolderError> {
        self.manifest.is_open = false;
        self.manifest.bytes = [self.metrics.sync()?, self.events.sync()?];
        if self.manifest.newest.is_some() { self.write_manifest() } else { Ok(()) }
    }

    /// Writes another file of the run, whole or not at all.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        disk::write_whole(&self.path.join(name), bytes)
    }

    /// Writes a file that nothing names before the next `run.toml`: until then it need not be on the
    /// disk, and many are synced together, which keeps the disk and the processor freer than one at
    /// a time.
    fn write_part(&mut self, place: PathBuf, bytes: &[u8]) -> Result<(), FolderError> {
        disk::write_part(&place, bytes)?;
        // It may be made anew before the one before it is gone.
        self.unneeded.retain(|file| *file != place);
        if !self.parts.contains(&place) {
            self.parts.push(place);
        }
        Ok(())
    }

    fn write_manifest(&mut self) -> Result<(), FolderError> {
        // What `run.toml` names is on the disk before it is.
        self.parts.drain(..).try_for_each(|place| disk::give_name(&place))?;
        for kind in [names::KEYFRAMES, names::CHECKPOINTS] {
            disk::sync_names(&self.path.join(kind))?;
        }
        write_manifest(&self.path, &self.manifest)?;
        for file in self.unneeded.drain(..) {
            // Nothing names it any more; if it stays, it only takes room.
            fs::remove_file(file).ok();
        }
        Ok(())
    }
}

/// Adds an entry in the place of one of the same step.
fn put(list: &mut Vec<Kept>, entry: Kept) {
    list.retain(|k| k.step != entry.step);
    list.push(entry);
}

/// SHA-256 of the resolved scenario's text, in hexadecimal.
pub fn scenario_hash(scenario: &Scenario) -> String {
    Sha256::digest(to_toml(scenario).as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
