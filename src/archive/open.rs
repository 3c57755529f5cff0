//! Opening a saved run.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use crate::archive::folder::{file_of, names, newest_file};
use crate::archive::keyframe::Inputs;
use crate::archive::manifest::NOT_AS_SAVED;
use crate::archive::{ArchiveError, Kept, Manifest, checkpoint, keyframe, tables};
use crate::scenario::{Scenario, parse};
use crate::train::snapshot::{Event, LaneView, Origin, RunInfo, Snapshot, StepRow};
use crate::train::state::RunState;

/// A saved run with its tables; pictures and checkpoints are read when they are asked for.
pub struct Archive {
    /// Its folder.
    pub path: PathBuf,
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
    inputs: Mutex<Inputs>,
}

fn read(place: &Path) -> Result<Vec<u8>, ArchiveError> {
    std::fs::read(place).map_err(|error| ArchiveError::Read { place: place.into(), error })
}

impl Archive {
    /// Opens the run in a folder.
    ///
    /// # Errors
    /// There is none, it is damaged, or of a newer format; the sentence names the file.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let place = path.join(names::MANIFEST);
        if !place.is_file() {
            return Err(ArchiveError::NoRun(path.into()));
        }
        let manifest = Manifest::parse(&place, &text(&place, read(&place)?)?)?;
        let scenario = Self::scenario_alone(path)?;
        if crate::archive::scenario_hash(&scenario) != manifest.scenario_sha256 {
            let why = "it is not the scenario that was trained";
            return Err(ArchiveError::damaged(&path.join(names::SCENARIO), why));
        }
        let place = [names::METRICS, names::EVENTS].map(|name| path.join(name));
        let table = |i: usize| -> Result<(String, usize), ArchiveError> {
            let table = counting(&place[i], manifest.bytes[i])?;
            let before = tables::rows_within(&table, manifest.resume_bytes[i]);
            Ok((table, before))
        };
        let (rows, rows_before) = table(0)?;
        let rows = tables::read_metrics(&place[0], &rows, &scenario)?;
        let (events, events_before) = table(1)?;
        let events = tables::read_events(&place[1], &events)?;
        let before_save = [rows_before, events_before];
        let inputs = Mutex::new([None, None]);
        Ok(Self { path: path.into(), manifest, scenario, rows, events, before_save, inputs })
    }

    /// The scenario of a run's folder, whatever else is in it.
    ///
    /// # Errors
    /// There is none, or it is damaged.
    pub fn scenario_alone(path: &Path) -> Result<Scenario, ArchiveError> {
        let place = path.join(names::SCENARIO);
        if !place.is_file() {
            return Err(ArchiveError::NoRun(path.into()));
        }
        let words = text(&place, read(&place)?)?;
        parse(&words, &place.display().to_string(), &[])
            .map_err(|e| ArchiveError::damaged(&place, e.to_string()))
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
    /// again when it trains on, and what was done by hand it does not have.
    pub fn before_fork(&self, step: u64) -> (Vec<StepRow>, Vec<Event>) {
        let has_acted = |e: &&Event| e.step < step || (e.step == step && e.kind.is_flag());
        (
            self.rows.iter().filter(|row| row.step <= step).copied().collect(),
            self.events.iter().filter(has_acted).cloned().collect(),
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
    ) -> Result<Option<Arc<crate::train::snapshot::Pictures>>, ArchiveError> {
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
        let (place, bytes) =
            self.kept("keyframe", &self.manifest.keyframes, step, names::KEYFRAMES)?;
        let mut known = self.inputs.lock().map(|i| i.clone()).unwrap_or_default();
        let read = keyframe::from_bytes(&place, &bytes, 1, &mut known)?;
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
        let (place, bytes) =
            self.kept("checkpoint", &self.manifest.checkpoints, at, names::CHECKPOINTS)?;
        checkpoint::from_bytes(&place, &bytes)
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
        let place = newest_file(&self.path, entry);
        let bytes = checked(&place, entry)?;
        checkpoint::from_bytes(&place, &bytes)
    }

    fn kept(
        &self,
        what: &'static str,
        list: &[Kept],
        step: u64,
        kind: &str,
    ) -> Result<(PathBuf, Vec<u8>), ArchiveError> {
        let entry = list.iter().find(|k| k.step == step);
        let entry =
            entry.ok_or_else(|| ArchiveError::NotKept { place: self.path.clone(), what, step })?;
        let place = file_of(&self.path, kind, step);
        let bytes = checked(&place, entry)?;
        Ok((place, bytes))
    }
}

/// A file's bytes, if they are those that were written.
fn checked(place: &Path, entry: &Kept) -> Result<Vec<u8>, ArchiveError> {
    let bytes = read(place)?;
    if entry.is(&bytes) { Ok(bytes) } else { Err(ArchiveError::damaged(place, NOT_AS_SAVED)) }
}

fn text(place: &Path, bytes: Vec<u8>) -> Result<String, ArchiveError> {
    String::from_utf8(bytes).map_err(|e| {
        let at = e.utf8_error().valid_up_to();
        ArchiveError::damaged(place, format!("byte {at} is no text"))
    })
}

/// The part of a table that counts.
fn counting(place: &Path, bytes: u64) -> Result<String, ArchiveError> {
    let mut all = read(place)?;
    if (all.len() as u64) < bytes {
        let (is, was) = (all.len(), bytes);
        return Err(ArchiveError::damaged(place, format!("it has {is} of {was} bytes")));
    }
    all.truncate(bytes as usize);
    text(place, all)
}
