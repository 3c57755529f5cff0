//! What the window knows of the run: everything the trainer handed out, as plain data.

use std::sync::Arc;

use crate::analysis::history::History;
use crate::scenario::differences::Present;
use crate::scenario::{LaneId, LaneSpec, Pace};
use crate::train::snapshot::{Activity, LaneView, RunInfo, Snapshot, TrainerState, Update};

/// The newest state of the run and its history.
pub struct Known {
    /// What trains; `None` until the first run is built.
    pub info: Option<RunInfo>,
    /// What each lane was built from, in order.
    pub specs: Vec<LaneSpec>,
    /// Curves and marks.
    pub history: History,
    /// The newest picture of this run.
    pub snapshot: Option<Arc<Snapshot>>,
    /// Counts pictures, so that what is drawn from one is rebuilt only for the next.
    pub generation: u64,
    /// What the trainer is doing.
    pub trainer: TrainerState,
    /// Why the trainer could not go on.
    pub failure: Option<String>,
}

impl Default for Known {
    fn default() -> Self {
        let trainer = TrainerState {
            activity: Activity::WarmingUp,
            pace: Pace::default(),
            steps_per_second: 0.0,
        };
        Self {
            info: None,
            specs: Vec::new(),
            history: History::default(),
            snapshot: None,
            generation: 0,
            trainer,
            failure: None,
        }
    }
}

impl Known {
    /// Takes a message of the trainer's lossless way.
    pub fn absorb(&mut self, update: Update) {
        match update {
            Update::Started(info) => {
                self.specs = info.scenario.lane_specs();
                self.info = Some(*info);
                self.history = History::default();
                self.failure = None;
            }
            Update::Rows(rows) => rows.iter().for_each(|row| self.history.push_row(row)),
            Update::Event(event) => self.history.push_event(event),
            Update::State(state) => self.trainer = state,
            Update::Failed(why) => self.failure = Some(why),
        }
    }

    /// Takes a picture; false if it is of another run or already known.
    pub fn take(&mut self, snapshot: Arc<Snapshot>) -> bool {
        let run = self.info.as_ref().map(|info| info.run);
        let is_new = self.snapshot.as_ref().is_none_or(|old| !Arc::ptr_eq(old, &snapshot));
        if run != Some(snapshot.run) || !is_new {
            return false;
        }
        self.snapshot = Some(snapshot);
        self.generation += 1;
        true
    }

    /// Steps trained, as the newest picture or row tells.
    pub fn step(&self) -> u64 {
        self.snapshot.as_ref().map_or(0, |s| s.step).max(self.history.step)
    }

    /// The newest view of a lane.
    pub fn lane(&self, id: LaneId) -> Option<&LaneView> {
        self.snapshot.as_ref()?.lanes.iter().find(|lane| lane.id == id)
    }

    /// What a lane was built from.
    pub fn spec(&self, id: LaneId) -> Option<&LaneSpec> {
        self.specs.iter().find(|spec| spec.id == id)
    }

    /// What a lane trains with now.
    pub fn present(&self, id: LaneId) -> Option<Present<'_>> {
        let mut present = Present::from(self.spec(id)?);
        if let Some(view) = self.lane(id) {
            (present.learn_c, present.learn_w, present.lr, present.beta) =
                (view.learn_c, view.learn_w, view.lr, view.beta);
            present.switches = view.switches;
        }
        Some(present)
    }

    /// Whether the trainer trains now, as far as is known.
    pub fn is_running(&self) -> bool {
        matches!(self.trainer.activity, Activity::Running | Activity::WarmingUp)
            && self.failure.is_none()
    }
}
