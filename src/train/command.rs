//! What the window may ask of the trainer.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::scenario::{Change, CodeUpdate, Estimator, LaneId, OnSwitch, Pace, Scenario, Upkeep};
use crate::train::visit::Visit;

/// A request to the trainer thread; acts between two steps, never inside one.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Train on.
    Play,
    /// Stop after the step in progress.
    Pause,
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
    /// Go on with the run whose device failed, as [`crate::train::snapshot::WayOn`] says.
    GoOn(GoOn),
    /// Give up a replay that is on its way to a step, or a run that is being built; the run before
    /// comes back, paused.
    Cancel,
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

/// Where a run goes on whose device failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GoOn {
    /// On the CPU.
    Cpu,
    /// On the same adapter, opened anew.
    Anew,
}

/// A setting that was made by hand, with the step before which it acted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// Steps trained when it was made; it acts at the next one.
    pub step: u64,
    /// The lane, or every lane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<LaneId>,
    /// What changed.
    pub setting: Setting,
}

/// A setting that acts at the next step without a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Learning rate of Adam.
    Lr(f64),
    /// Weight of the commitment loss.
    Beta(f64),
    /// Which parts of the codebook learn.
    Learn {
        /// Whether C learns.
        c: bool,
        /// Whether W and b learn.
        w: bool,
        /// What happens to C when W is switched on.
        on_switch: OnSwitch,
    },
    /// Learning rate of C as a share of the lane's, 0 to 1.
    CodeRate(f64),
    /// How C is updated where it learns.
    Update(CodeUpdate),
    /// How codes are kept in use.
    Upkeep(Upkeep),
    /// Weight of the entropy penalty.
    Entropy(f64),
    /// What gradient the encoder gets.
    Estimator(Estimator),
}

/// How the two axes of the code map are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BasisMode {
    /// PCA of each lane's effective codebook, aligned with the basis before.
    #[default]
    Live,
    /// The basis of this moment is kept.
    Fixed,
    /// One PCA over the codes of both lanes, aligned with the basis before.
    Shared,
}

impl Setting {
    /// The settings that a timed change makes, for a lane whose parts learn as given.
    pub fn of_change(change: &Change, learn_c: bool, learn_w: bool) -> Vec<Self> {
        let mut settings = Vec::new();
        settings.extend(change.lr.map(Setting::Lr));
        settings.extend(change.beta.map(Setting::Beta));
        if change.learn_c.is_some() || change.learn_w.is_some() {
            settings.push(Self::Learn {
                c: change.learn_c.unwrap_or(learn_c),
                w: change.learn_w.unwrap_or(learn_w),
                on_switch: change.codebook.unwrap_or_default(),
            });
        }
        settings.extend(change.c_lr.map(Setting::CodeRate));
        settings.extend(change.update.map(Setting::Update));
        settings.extend(change.upkeep.map(Setting::Upkeep));
        settings.extend(change.entropy.map(Setting::Entropy));
        settings.extend(change.estimator.map(Setting::Estimator));
        settings
    }
}
