//! What the window may ask of the trainer.

use std::path::PathBuf;
use std::sync::Arc;

use crate::lesson::Mode;
use crate::record::close::Gaze;
use crate::record::event::Fact;
use crate::record::setting::{BasisMode, Setting};
use crate::record::snapshot::Snapshot;
use crate::record::steer::Ask;
use crate::record::watching::Shown;
use crate::scenario::{LaneId, Pace, Scenario};
use crate::session::visit::Visit;

/// A request to the trainer thread; acts between two steps, never inside one.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Train on.
    Play,
    /// Stop after the step in progress.
    Pause,
    /// Wait after the step in progress, as at a step of [`Self::HaltAt`].
    Wait,
    /// Steps after which this run waits, rising, in the place of those that were given before. Those
    /// of a new run are those of its story, as [`Self::Tell`] says how it is told.
    HaltAt(Vec<u64>),
    /// How stories are told from the next run on.
    Tell(Mode),
    /// Whether runs from the next one on are saved, where the window saves its runs.
    Keep(bool),
    /// Train one step and stay paused.
    StepOnce,
    /// Steps per second from now on.
    SetPace(Pace),
    /// A hot setting of one lane, or of all: acts at the next step.
    Set {
        /// The lane, or every lane.
        lane: Option<LaneId>,
        /// What changes.
        setting: Setting,
    },
    /// How the axes of the code map are chosen.
    SetBasis(BasisMode),
    /// Look closely at something, in this run and in those that follow.
    LookAt(Box<Gaze>),
    /// Keep what was guessed in the run, at the step that it has come to.
    Note(Box<Fact>),
    /// Keep a stroke in the run, and the picture that it was drawn into, which training may have left
    /// behind.
    Draw(Box<Fact>, DrawnInto),
    /// Build everything anew from this scenario and start at step 0.
    Restart(Box<Scenario>),
    /// Build a run anew and train to a step at once: what a link asks for. Pause interrupts it.
    Visit(Box<Visit>),
    /// Go back to a step of this run and stay there, paused, as a run of its own.
    Fork {
        /// Steps trained at the fork.
        step: u64,
    },
    /// Go on with a saved run from its newest save.
    Resume(PathBuf),
    /// Show the watched files in another way; nothing trains there.
    Read(Box<Shown>),
    /// Go on with the run whose device failed, as [`crate::record::status::WayOn`] says.
    GoOn(GoOn),
    /// Give up a replay that is on its way to a step, or a run that is being built; the run before
    /// comes back, paused.
    Cancel,
    /// Something of another program's training that takes commands and is shown as a lane.
    Steer(LaneId, Ask),
    /// End the thread.
    Shutdown,
}

impl Command {
    /// Whether a run that is still being built is left for it.
    pub fn gives_up(&self) -> bool {
        matches!(
            self,
            Self::Restart(_) | Self::Visit(_) | Self::Resume(_) | Self::Cancel | Self::Shutdown
        )
    }
}

/// A picture that was drawn into; it equals itself alone.
#[derive(Clone, Debug)]
pub struct DrawnInto(pub Arc<Snapshot>);

impl PartialEq for DrawnInto {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Where a run goes on whose device failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    /// On the CPU.
    Cpu,
    /// On the same adapter, opened anew.
    Anew,
}
