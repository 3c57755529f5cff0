//! Opening a saved run.

use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::archive::arrays::MOST_HEADER;
use crate::archive::home::{Home, Steps, file_of, names};
use crate::archive::keyframe::Inputs;
use crate::archive::manifest::{NOT_AS_SAVED, Summed};
use crate::archive::shapes::Shapes;
use crate::archive::{ArchiveError, Kept, Manifest, checkpoint, keyframe, tables};
use crate::files::OwnFolder;
use crate::record::event::{Event, Fact};
use crate::record::row::StepRow;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::state::RunState;
use crate::record::status::{Origin, RunInfo};
use crate::scenario::{Scenario, parse};

/// A saved run with its tables; pictures and checkpoints are read when they are asked for.
pub struct Archive {
    /// Its folder.
    pub path: PathBuf,
    /// The same by its handle.
    pub(super) home: Home,
    /// What is saved.
    pub manifest: Manifest,
    /// The scenario as resolved.
    pub scenario: Scenario,
    /// Rows of all steps, in order.
    pub rows: Vec<StepRow>,
    /// Events, in order.
    pub events: Vec<Event>,
    /// Rows and events that a run which goes on from the newest save has before it; it brings the
    /// rest along.
    pub before_save: [usize; 2],
    /// Inputs of the reconstructions, read with the first keyframe.
    pub(super) inputs: Mutex<Inputs>,
}

/// Bytes of `run.toml` that are read at most.
const MOST_MANIFEST: u64 = crate::archive::text::MOST_BYTES;

/// Bytes of `scenario.toml` that are read at most.
const MOST_SCENARIO: u64 = 1 << 21;

fn read(folder: &OwnFolder, name: &str, most: u64) -> Result<Vec<u8>, ArchiveError> {
    folder.read(name, most).map_err(|error| ArchiveError::Read { place: folder.place(name), error })
}

impl Archive {
    /// Opens the run in a folder.
    ///
    /// # Errors
    /// There is none, it is damaged, or of a newer format; the sentence names the file.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        log::debug!("opening the run {}", path.display());
        let home = Home::open(path)?;
        let manifest = Self::manifest_in(&home)?;
        let scenario = scenario_of(&home, &manifest)?;
        let place = TABLES.map(|name| path.join(name));
        let table = |i: usize| -> Result<(String, usize), ArchiveError> {
            let table = counting(&home.run, TABLES[i], manifest.bytes[i])?;
            let before = tables::rows_within(&table, manifest.resume_bytes[i]);
            Ok((table, before))
        };
        let (rows, rows_before) = table(0)?;
        let mut rows = tables::read_metrics(&place[0], &rows, &scenario)?;
        let (events, events_before) = table(1)?;
        let mut events = tables::read_events(&place[1], &events)?;
        // As they were written, unless somebody else wrote them.
        rows.sort_by_key(|row| row.step);
        events.sort_by_key(|event| event.step);
        let before_save = [rows_before, events_before];
        let inputs = Mutex::new([None, None]);
        Ok(Self { path: path.into(), home, manifest, scenario, rows, events, before_save, inputs })
    }

    /// What is saved of the run in a folder, without the rest.
    ///
    /// # Errors
    /// There is none, or `run.toml` is damaged or of a newer format.
    pub(super) fn manifest_in(home: &Home) -> Result<Manifest, ArchiveError> {
        Manifest::parse(&home.run.place(names::MANIFEST), &Self::manifest_text(home)?)
    }

    /// The text of `run.toml`.
    ///
    /// # Errors
    /// There is none, or it cannot be read.
    pub(super) fn manifest_text(home: &Home) -> Result<String, ArchiveError> {
        if home.run.kind(names::MANIFEST).is_none() {
            return Err(ArchiveError::NoRun(home.run.path().into()));
        }
        let place = home.run.place(names::MANIFEST);
        text(&place, read(&home.run, names::MANIFEST, MOST_MANIFEST)?)
    }

    /// The scenario of a run's folder, whatever else is in it.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn scenario_alone(path: &Path) -> Result<Scenario, ArchiveError> {
        scenario_in(&Home::open(path)?)
    }

    /// Another file of the run, of at most `most` bytes; `None` where there is none.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn file(&self, name: &str, most: u64) -> Result<Option<Vec<u8>>, ArchiveError> {
        match self.home.run.read(name, most) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(ArchiveError::Read { place: self.path.join(name), error }),
        }
    }

    /// What the run trains, as the trainer says it for a run of its own.
    pub fn info(&self) -> RunInfo {
        RunInfo {
            run: 1,
            scenario: self.scenario.clone(),
            eval_tokens: self.manifest.eval_tokens.clone(),
            device: self.manifest.device_label(),
            origin: Origin::New,
        }
    }

    /// Rows and events of a run that parts from this one at `step`. Of that step itself it has what
    /// was trained, and nothing that acts at the next one: a change of the story or a caption comes
    /// again when it trains on, and what was done by hand it does not have. What was drawn into its
    /// pictures it has, whenever that was.
    pub fn before_fork(&self, step: u64) -> (Vec<StepRow>, Vec<Event>) {
        let has_acted = |e: &&Event| match e.fact {
            Some(Fact::Drawn { step: into, .. }) => into <= step,
            _ => e.step < step || (e.step == step && e.kind.is_flag()),
        };
        let until = |event: &Event| Event { step: event.step.min(step), ..event.clone() };
        (
            self.rows.iter().filter(|row| row.step <= step).copied().collect(),
            self.events.iter().filter(has_acted).map(until).collect(),
        )
    }

    /// Steps at which the picture of all views was kept, rising.
    pub fn keyframe_steps(&self) -> Vec<u64> {
        let mut steps: Vec<u64> = self.manifest.keyframes.iter().map(|k| k.step).collect();
        steps.sort_unstable();
        steps
    }

    /// The picture of all views at a kept step.
    ///
    /// # Errors
    /// The step was not kept, or its file is damaged.
    pub fn keyframe(&self, step: u64) -> Result<Snapshot, ArchiveError> {
        let (mut snapshot, earlier) = self.read_keyframe(step)?;
        for (lane, earlier) in snapshot.lanes.iter_mut().zip(earlier) {
            if let Some(step) = earlier {
                lane.pictures = self.pictures_before(step, lane)?;
            }
        }
        Ok(snapshot)
    }

    /// Reconstructions of the newest kept keyframe that has some and is not after `step`.
    fn pictures_before(
        &self,
        step: u64,
        lane: &LaneView,
    ) -> Result<Option<Arc<crate::record::snapshot::Pictures>>, ArchiveError> {
        let steps = self.keyframe_steps();
        for &at in steps.iter().rev().filter(|&&s| s <= step) {
            let (earlier, _) = self.read_keyframe(at)?;
            let found = earlier.lanes.into_iter().find(|l| l.id == lane.id);
            if let Some(pictures) = found.and_then(|l| l.pictures) {
                return Ok(Some(pictures));
            }
        }
        Ok(None)
    }

    fn read_keyframe(&self, step: u64) -> Result<(Snapshot, Vec<Option<u64>>), ArchiveError> {
        // The inputs of all lie in the first.
        let knows_inputs = self.inputs.lock().is_ok_and(|i| i[0].is_some());
        if step != 0 && !knows_inputs && self.manifest.keyframes.iter().any(|k| k.step == 0) {
            self.read_keyframe(0)?;
        }
        let entry = self.kept("keyframe", &self.manifest.keyframes, step)?;
        let mut known = self.inputs.lock().map(|i| i.clone()).unwrap_or_default();
        let specs = self.scenario.lane_specs();
        let file = (Steps::Keyframes, file_of(step));
        let read = self.checked(file, entry, |place, source| {
            keyframe::read(place, source, entry.bytes, (1, step), &specs, &mut known)
        })?;
        if let Ok(mut inputs) = self.inputs.lock() {
            *inputs = known;
        }
        Ok(read)
    }

    /// The newest checkpoint of the timeline that is not after `step`.
    ///
    /// # Errors
    /// None was kept, or its file is damaged.
    pub fn checkpoint_before(&self, step: u64) -> Result<RunState, ArchiveError> {
        let kept = self.manifest.checkpoints.iter().map(|k| k.step).filter(|&s| s <= step).max();
        let at = kept.ok_or_else(|| ArchiveError::NotKept {
            place: self.path.clone(),
            what: "checkpoint",
            step,
        })?;
        self.state(file_of(at), self.kept("checkpoint", &self.manifest.checkpoints, at)?)
    }

    /// The state of the newest save.
    ///
    /// # Errors
    /// Its file is damaged.
    pub fn newest(&self) -> Result<RunState, ArchiveError> {
        let entry = self.manifest.newest.as_ref().ok_or_else(|| ArchiveError::NotKept {
            place: self.path.clone(),
            what: "checkpoint",
            step: self.manifest.step,
        })?;
        self.state(self.home.newest(entry), entry)
    }

    fn state(&self, name: String, entry: &Kept) -> Result<RunState, ArchiveError> {
        let specs = self.scenario.lane_specs();
        self.checked((Steps::Checkpoints, name), entry, |place, source| {
            checkpoint::read(place, source, entry.bytes, entry.step, &specs)
        })
    }

    fn kept<'a>(
        &self,
        what: &'static str,
        list: &'a [Kept],
        step: u64,
    ) -> Result<&'a Kept, ArchiveError> {
        let entry = list.iter().find(|k| k.step == step);
        entry.ok_or_else(|| ArchiveError::NotKept { place: self.path.clone(), what, step })
    }

    /// What is read of a file, if its bytes are those that were written. It is as long as the entry
    /// says, and no longer than the scenario allows, or nothing of it is read.
    fn checked<T>(
        &self,
        (steps, name): (Steps, String),
        entry: &Kept,
        read: impl FnOnce(&Path, &mut dyn io::Read) -> Result<T, ArchiveError>,
    ) -> Result<T, ArchiveError> {
        let folder = self.home.steps(steps)?;
        let place = folder.place(&name);
        let unreadable = |error| ArchiveError::Read { place: place.clone(), error };
        let (file, length) = folder.open_file(&name).map_err(unreadable)?;
        if length != entry.bytes {
            return Err(ArchiveError::damaged(&place, NOT_AS_SAVED));
        }
        let mut summed = Summed::new(file.take(length));
        let read = read(&place, &mut summed);
        // Damage is damage, whatever else it looks like.
        if summed.sums_to(entry).map_err(|error| unreadable(error.into()))? {
            read
        } else {
            Err(ArchiveError::damaged(&place, NOT_AS_SAVED))
        }
    }
}

/// The tables of numbers and of events.
pub(super) const TABLES: [&str; 2] = [names::METRICS, names::EVENTS];

/// No file is longer than the arrays that its scenario has, and what is said of them, can make it.
pub(super) fn check_sizes(manifest: &Manifest, scenario: &Scenario) -> Result<(), String> {
    let specs = scenario.lane_specs();
    let pictures = (&manifest.keyframes[..], Shapes::of_keyframe(&specs));
    let states = Shapes::of_checkpoint(&specs);
    let newest = (manifest.newest.as_slice(), states.clone());
    for (list, shapes) in [pictures, (&manifest.checkpoints[..], states), newest] {
        let most = shapes.most_bytes().saturating_add(MOST_HEADER);
        if let Some(kept) = list.iter().find(|kept| kept.size().max(kept.bytes) > most) {
            return Err(format!(
                "the file of step {} has {} bytes where its scenario allows {most}",
                kept.step,
                kept.size().max(kept.bytes)
            ));
        }
    }
    Ok(())
}

/// The scenario of a run of which this is saved.
///
/// # Errors
/// There is none, it is damaged or of another run, or a file is said to be longer than it allows.
pub(super) fn scenario_of(home: &Home, manifest: &Manifest) -> Result<Scenario, ArchiveError> {
    let scenario = scenario_in(home)?;
    if crate::scenario::hash::scenario_hash(&scenario) != manifest.scenario_sha256 {
        let why = "it is not the scenario that was trained";
        return Err(ArchiveError::damaged(&home.run.place(names::SCENARIO), why));
    }
    check_sizes(manifest, &scenario)
        .map_err(|why| ArchiveError::damaged(&home.run.place(names::MANIFEST), why))?;
    Ok(scenario)
}

fn scenario_in(home: &Home) -> Result<Scenario, ArchiveError> {
    if home.run.kind(names::SCENARIO).is_none() {
        return Err(ArchiveError::NoRun(home.run.path().into()));
    }
    let place = home.run.place(names::SCENARIO);
    let words = text(&place, read(&home.run, names::SCENARIO, MOST_SCENARIO)?)?;
    parse(&words, &place.display().to_string(), &[])
        .map_err(|e| ArchiveError::damaged(&place, e.to_string()))
}

pub(super) fn text(place: &Path, bytes: Vec<u8>) -> Result<String, ArchiveError> {
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        ArchiveError::damaged(place, format!("byte {at} is no text"))
    })
}

/// The part of a table that counts.
fn counting(folder: &OwnFolder, name: &str, bytes: u64) -> Result<String, ArchiveError> {
    let place = folder.place(name);
    let opened = folder.open_file(name);
    let (file, length) =
        opened.map_err(|e| ArchiveError::Read { place: place.clone(), error: e })?;
    if length < bytes {
        return Err(ArchiveError::damaged(&place, format!("it has {length} of {bytes} bytes")));
    }
    // What follows was written after the save, and may be long.
    let mut counting = Vec::with_capacity(bytes as usize);
    let read = file.take(bytes).read_to_end(&mut counting);
    read.map_err(|e| ArchiveError::Read { place: place.clone(), error: e.into() })?;
    text(&place, counting)
}
