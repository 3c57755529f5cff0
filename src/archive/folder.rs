//! Writing a run's folder so that a crash at any moment leaves the save before whole.

use std::fs::File;
use std::path::Path;

use crate::archive::disk::{self, Table, refused};
use crate::archive::home::{Home, Steps, file_of, is_part, is_step_file, names, newest_name};
use crate::archive::manifest::{FORMAT, Parent};
use crate::archive::tables::{Columns, EventColumns};
use crate::archive::{FolderError, Kept, Manifest, Prepared, checkpoint, keyframe};
use crate::files::OwnFolder;
use crate::machine::instruction_set;
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::record::state::RunState;
use crate::record::status::RunInfo;
use crate::scenario::hash::scenario_hash;

/// A run's folder that is being written.
pub struct Folder {
    home: Home,
    manifest: Manifest,
    metrics: Table,
    /// Columns of `metrics.csv`, which a run of an earlier version has fewer of.
    columns: Columns,
    event_columns: EventColumns,
    events: Table,
    /// Files that are written and wait for their names until the next `run.toml`.
    parts: Vec<(Steps, String)>,
    /// Files that the next `run.toml` no longer names, in one of the folders or in the run's own.
    unneeded: Vec<(Option<Steps>, String)>,
    /// Locked while the run is open; the system lets go of it when the program dies.
    _lock: File,
}

fn write_manifest(folder: &OwnFolder, manifest: &Manifest) -> Result<(), FolderError> {
    disk::write_whole(folder, names::MANIFEST, manifest.to_text()?.as_bytes())?;
    disk::sync_names(folder)
}

impl Folder {
    /// The folder of a new run, which was prepared for its scenario; the run is to reach step
    /// `until`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn create(
        prepared: Prepared,
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
        let Prepared { home, lock } = prepared;
        let mut folder = Self::over(home, manifest, lock)?;
        folder.metrics.line(&folder.columns.header())?;
        folder.events.line(folder.event_columns.header())?;
        Ok(folder)
    }

    /// A folder in which a saved run goes on: what was written after the save is cut off. What was
    /// written at its end stays until a later step is saved.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn reopen(path: &Path, manifest: Manifest, until: u64) -> Result<Self, FolderError> {
        let home = Home::open(path)?;
        let lock = disk::lock(&home.run)?;
        Self::go_on(home, lock, manifest, until)
    }

    /// As [`Self::reopen`], in a folder that is open and locked.
    pub(super) fn go_on(
        home: Home,
        lock: File,
        manifest: Manifest,
        until: u64,
    ) -> Result<Self, FolderError> {
        let bytes = manifest.resume_bytes;
        let format = FORMAT;
        let manifest =
            Manifest { format, is_open: true, is_ended: false, until, bytes, ..manifest };
        // Said before it is done: `run.toml` never counts what is no longer there.
        write_manifest(&home.run, &manifest)?;
        Self::over(home, manifest, lock)
    }

    fn over(mut home: Home, manifest: Manifest, lock: File) -> Result<Self, FolderError> {
        home.complete()?;
        disk::remove_ours(&home.run, is_part)?;
        for folder in home.all_steps() {
            disk::remove_ours(folder, |name| is_step_file(name, "part"))?;
        }
        let metrics = Table::open(&home.run, names::METRICS, manifest.resume_bytes[0])?;
        let events = Table::open(&home.run, names::EVENTS, manifest.resume_bytes[1])?;
        // A table goes on in the columns that it has.
        let columns = Columns::of(&disk::first_line(&home.run, names::METRICS)?);
        let event_columns = EventColumns::of(&disk::first_line(&home.run, names::EVENTS)?);
        Ok(Self {
            columns: columns.unwrap_or_default(),
            event_columns: event_columns.unwrap_or(EventColumns::Facts),
            metrics,
            events,
            parts: Vec::new(),
            // `run.toml` says from its first version on what was asked for.
            unneeded: vec![(None, names::START.into())],
            _lock: lock,
            manifest,
            home,
        })
    }

    /// The folder of a run that parts from the saved one `parent` at `step`, which was prepared for
    /// its scenario: what was kept until then is taken over.
    ///
    /// # Errors
    /// Something cannot be read or written.
    pub fn fork(
        prepared: Prepared,
        parent: &crate::archive::Archive,
        info: &RunInfo,
        step: u64,
    ) -> Result<Self, FolderError> {
        let before = &parent.manifest;
        let mut folder = Self::create(prepared, &before.story, info, before.until)?;
        let run = parent.path.file_name().map(|n| n.to_string_lossy().into_owned());
        folder.manifest.forked_from = Some(Parent { run: run.unwrap_or_default(), step });
        let (rows, events) = parent.before_fork(step);
        folder.rows(&rows)?;
        folder.events(&events)?;
        folder.manifest.log = before.log.iter().filter(|l| l.step < step).copied().collect();
        let pairs =
            [(Steps::Keyframes, &before.keyframes), (Steps::Checkpoints, &before.checkpoints)];
        for (steps, kept) in pairs {
            let (from, to) = (parent.home.steps(steps)?, folder.home.steps(steps)?);
            for entry in kept.iter().filter(|k| k.step <= step) {
                // A file is never changed once it has its name, so two runs can share it.
                let name = file_of(entry.step);
                to.share(from, &name, &name).map_err(refused(&to.place(&name)))?;
                match steps {
                    Steps::Keyframes => folder.manifest.keyframes.push(entry.clone()),
                    Steps::Checkpoints => folder.manifest.checkpoints.push(entry.clone()),
                }
            }
        }
        Ok(folder)
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.home.run.path()
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
        rows.iter().try_for_each(|row| self.metrics.line(&self.columns.line(row)))
    }

    /// Adds lines to `events.csv`.
    ///
    /// # Errors
    /// Writing fails.
    pub fn events(&mut self, events: &[Event]) -> Result<(), FolderError> {
        events.iter().try_for_each(|event| self.events.line(&self.event_columns.line(event)))
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
        self.write_part(Steps::Keyframes, file_of(step), &bytes)?;
        if self.manifest.left.is_some_and(|left| left == step || gone.contains(&left)) {
            self.manifest.left = None;
        }
        put(&mut self.manifest.keyframes, Kept::of(step, &bytes, snapshot.bytes()));
        // One of an earlier step may be among those that go.
        self.forget(gone, &[]);
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
        self.write_part(Steps::Checkpoints, file_of(state.step), &bytes)?;
        self.forget(&[], gone);
        put(&mut self.manifest.checkpoints, Kept::of(state.step, &bytes, state.bytes()));
        Ok(())
    }

    /// Lets go of keyframes and checkpoints; their files go with the next [`Self::commit`].
    pub fn forget(&mut self, keyframes: &[u64], checkpoints: &[u64]) {
        let Manifest { keyframes: pictures, checkpoints: states, .. } = &mut self.manifest;
        for (steps, list, gone) in
            [(Steps::Keyframes, pictures, keyframes), (Steps::Checkpoints, states, checkpoints)]
        {
            list.retain(|k| !gone.contains(&k.step));
            self.unneeded.extend(gone.iter().map(|&step| (Some(steps), file_of(step))));
        }
    }

    /// Saves: everything written so far counts from here on, and the run goes on from `newest`.
    ///
    /// # Errors
    /// Writing fails; then the save before still counts.
    pub fn commit(&mut self, newest: &RunState, is_ended: bool) -> Result<(), FolderError> {
        self.manifest.resume_bytes = [self.metrics.flush()?, self.events.flush()?];
        self.manifest.bytes = self.manifest.resume_bytes;
        let bytes = checkpoint::to_bytes(newest)?;
        let entry = Kept::of(newest.step, &bytes, newest.bytes());
        let name = newest_name(&entry);
        self.write_part(Steps::Checkpoints, name.clone(), &bytes)?;
        let before = self.manifest.newest.replace(entry);
        let before = before.map(|before| self.home.newest(&before)).filter(|b| *b != name);
        self.unneeded.extend(before.map(|before| (Some(Steps::Checkpoints), before)));
        if self.manifest.step != newest.step {
            // They are of the end that the run had before it went on.
            self.unneeded.extend([names::SUMMARY, names::MODEL].map(|name| (None, name.into())));
        }
        (self.manifest.step, self.manifest.is_ended) = (newest.step, is_ended);
        self.write_manifest()?;
        log::debug!("saved step {} in {}", newest.step, self.home.run.path().display());
        Ok(())
    }

    /// Lets the rows after the last save count too, and notes that nobody has the run open any more.
    ///
    /// # Errors
    /// Writing fails.
    pub fn close(&mut self) -> Result<(), FolderError> {
        self.manifest.is_open = false;
        self.manifest.bytes = [self.metrics.flush()?, self.events.flush()?];
        if self.manifest.newest.is_some() { self.write_manifest() } else { Ok(()) }
    }

    /// Writes another file of the run, whole or not at all.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
        disk::write_whole(&self.home.run, name, bytes)
    }

    /// Writes a file that nothing names before the next `run.toml`: until then it need not be on the
    /// disk, and many are synced together, which keeps the disk and the processor freer than one at
    /// a time.
    fn write_part(&mut self, steps: Steps, name: String, bytes: &[u8]) -> Result<(), FolderError> {
        disk::write_part(self.home.steps(steps)?, &name, bytes)?;
        // It may be made anew before the one before it is gone.
        self.unneeded.retain(|(of, file)| (*of, file) != (Some(steps), &name));
        let part = (steps, name);
        if !self.parts.contains(&part) {
            self.parts.push(part);
        }
        Ok(())
    }

    fn write_manifest(&mut self) -> Result<(), FolderError> {
        let parts = std::mem::take(&mut self.parts);
        let run = &self.home.run;
        // Each file alone waits for the disk as often as there are files: with the hundreds of a fast
        // run that took longer than the time between two saves.
        let is_many = parts.len() > SYNCED_ALONE;
        // What `run.toml` names is on the disk before it is, first the files, then their names.
        if !(is_many && disk::sync_whole(run)?) {
            self.metrics.sync()?;
            self.events.sync()?;
            for (steps, name) in &parts {
                disk::sync_part(self.home.steps(*steps)?, name)?;
            }
        }
        for (steps, name) in &parts {
            disk::give_name(self.home.steps(*steps)?, name)?;
        }
        disk::write_part(run, names::MANIFEST, self.manifest.to_text()?.as_bytes())?;
        if !(is_many && disk::sync_whole(run)?) {
            self.home.all_steps().try_for_each(disk::sync_names)?;
            disk::sync_part(run, names::MANIFEST)?;
        }
        disk::give_name(run, names::MANIFEST)?;
        disk::sync_names(run)?;
        for (steps, name) in self.unneeded.drain(..) {
            let folder = match steps {
                Some(steps) => self.home.steps(steps)?,
                None => &self.home.run,
            };
            // Nothing names it any more; if it stays, it only takes room.
            folder.remove(&name).ok();
        }
        Ok(())
    }
}

/// Files that are synced one by one; the whole file system may have more to write than so few.
const SYNCED_ALONE: usize = 4;

/// Adds an entry in the place of one of the same step.
fn put(list: &mut Vec<Kept>, entry: Kept) {
    list.retain(|k| k.step != entry.step);
    list.push(entry);
}
