//! What a run and its trainer say of themselves: messages, states, failures.

use std::path::PathBuf;
use std::sync::Arc;

use crate::record::event::Event;
use crate::record::notice::Notice;
use crate::record::reason::Reason;
use crate::record::row::StepRow;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::record::steer::Steering;
use crate::record::token_step::TokenStep;
use crate::record::watching::Choices;
use crate::scenario::{LaneId, Pace, Scenario};
use crate::words;

/// A message on the lossless way.
#[derive(Clone, Debug)]
pub enum Update {
    /// A run was built; everything after it belongs to this run.
    Started(Box<RunInfo>),
    /// Rows of consecutive steps, in order.
    Rows(Vec<StepRow>),
    /// Something worth a mark.
    Event(Event),
    /// The picture of a step that is kept, so that the timeline can go back to it.
    Keyframe(Arc<Snapshot>),
    /// A setting was made by hand.
    Logged(Logged),
    /// What a single step did with a token, in each lane that made it.
    Told(Vec<TokenStep>),
    /// How the run is being saved.
    Saving(Saving),
    /// What of the watched files can be chosen, or must be.
    Choices(Box<Choices>),
    /// What the trainer is doing.
    State(TrainerState),
    /// Something could not be done; the run goes on as it was.
    Notice(Notice),
    /// The trainer could not go on.
    Failed(Failure),
    /// What is known of another program's training that takes commands, whose files are shown as a
    /// lane; none where none does.
    Steering(LaneId, Option<Box<Steering>>),
}

/// Why the trainer could not go on, and how it can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The sentence for the error card.
    pub sentence: String,
    /// How the run can go on, where it is the device that failed.
    pub way_on: Option<WayOn>,
}

/// How a run can go on whose device failed: on the CPU, or on the device opened anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WayOn {
    /// The device.
    pub device: String,
    /// The step from which it can; `None` where nothing is saved and it starts over.
    pub step: Option<u64>,
    /// Settings made by hand that it then lacks.
    pub lost: usize,
}

/// What a run trains, worked out once when it is built.
#[derive(Clone, Debug)]
pub struct RunInfo {
    /// Counts restarts.
    pub run: u64,
    /// The scenario as resolved.
    pub scenario: Scenario,
    /// Tokens of the full evaluation set of each lane.
    pub eval_tokens: Vec<usize>,
    /// The device and why it was chosen.
    pub device: DeviceLabel,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a run comes from.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Origin {
    /// It starts at step 0.
    #[default]
    New,
    /// It goes on from a save.
    Saved {
        /// Settings made by hand until then.
        log: Vec<Logged>,
    },
    /// It parts from another run.
    Fork {
        /// Number of the run before, as its snapshots say it.
        run: u64,
        /// Steps trained when they part.
        step: u64,
        /// Settings made by hand until then.
        log: Vec<Logged>,
    },
}

impl Origin {
    /// Settings made by hand before the run began here.
    pub fn log(&self) -> &[Logged] {
        match self {
            Self::New => &[],
            Self::Saved { log } | Self::Fork { log, .. } => log,
        }
    }
}

/// How a run is being saved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Saving {
    /// The folder; `None` where nothing is saved.
    pub folder: Option<PathBuf>,
    /// Why nothing is saved.
    pub failure: Option<String>,
    /// Steps of the checkpoints, rising: a fork starts from the one before it.
    pub checkpoints: Vec<u64>,
}

/// The device in words, for the status bar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceLabel {
    /// "CPU (burn-flex)" or the adapter's name; for files of another program, their places.
    pub name: String,
    /// Why this one.
    pub reason: Reason,
}

/// Name of the CPU as a device.
pub const CPU: &str = "CPU (burn-flex)";

impl DeviceLabel {
    /// Whether kernels are compiled before its first step.
    pub fn compiles(&self) -> bool {
        !self.name.is_empty() && self.name != CPU
    }

    /// The device in the language that is spoken; for files of another program, what is watched.
    pub fn spoken_name(&self) -> String {
        match &self.reason {
            Reason::Elsewhere(places) => match places.as_slice() {
                [a, b] => words!("device-watching-two", a = a, b = b),
                places => words!("device-watching", place = places.join(", ")),
            },
            _ => self.name.clone(),
        }
    }
}

/// What the trainer is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainerState {
    /// The present activity.
    pub activity: Activity,
    /// Pace asked for.
    pub pace: Pace,
    /// Steps per second over the last second of training; 0 when paused.
    pub steps_per_second: f64,
    /// Seconds that a step of this run takes by itself, without waiting for the pace; `None` before
    /// one was trained.
    pub seconds_per_step: Option<f64>,
}

impl TrainerState {
    /// A state without speeds, which depend on the clock.
    pub fn without_speed(activity: Activity, pace: Pace) -> Self {
        Self { activity, pace, steps_per_second: 0.0, seconds_per_step: None }
    }
}

/// Present activity of the trainer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Activity {
    /// Data is decoded, kernels are compiled: no step is finished yet.
    WarmingUp,
    /// Training.
    Running,
    /// Paused by the user.
    Paused,
    /// Stopped by itself after a step at which it was to: Play goes on.
    Waiting,
    /// Paused at the scenario's last step; Play goes on.
    Ended,
    /// Every lane diverged.
    Diverged,
    /// Following files that another program writes: nothing trains here.
    Watching,
    /// Following a run that another process trains, by what it saves.
    Following,
    /// Going from a checkpoint to the step that was asked for.
    Replaying {
        /// Steps done.
        done: u64,
        /// Steps in all.
        of: u64,
    },
}
