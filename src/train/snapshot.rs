//! What the trainer hands out: plain numbers, no tensor.
//!
//! Two ways lead out of the trainer thread. Pictures go through a latest-value slot of
//! [`Snapshot`]s, where a new one replaces the old one. Scalars and events go through a lossless
//! channel of [`Update`]s, because a curve may not lose points.

use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::scenario::{LaneId, Pace, Scenario, Switches};
use crate::train::command::{BasisMode, Logged};

/// The state of all lanes after one step.
#[derive(Clone, Debug)]
pub struct Snapshot {
    /// Counts restarts, so that a late snapshot of an earlier run is recognized.
    pub run: u64,
    /// Steps trained.
    pub step: u64,
    /// One view a lane, in order.
    pub lanes: Vec<LaneView>,
}

impl Snapshot {
    /// Bytes of its arrays; reconstructions count where they were made at this very step, because
    /// snapshots in between share them.
    pub fn bytes(&self) -> usize {
        let lane = |lane: &LaneView| {
            let own = lane.pictures.iter().filter(|p| p.step == lane.step);
            let grey: usize = own.flat_map(|p| &p.outputs).map(Vec::len).sum();
            8 * (lane.codes.len() + lane.latents.len())
                + 4 * (lane.window_counts.len() + lane.eval_counts.len() + lane.movement.len())
                + 4 * (lane.singular_values.len() + lane.latent_stds.len())
                + lane.ever_used.len()
                + grey
        };
        self.lanes.iter().map(lane).sum::<usize>() + size_of::<Self>()
    }
}

/// What the panels show of one lane.
#[derive(Clone, Debug)]
pub struct LaneView {
    /// Which lane.
    pub id: LaneId,
    /// Step of this view; before the snapshot's where the lane diverged or ended.
    pub step: u64,
    /// Whether the codes are a fixed set that nothing moves (FSQ, LFQ).
    pub has_fixed_codes: bool,
    /// Whether C learns.
    pub learn_c: bool,
    /// Whether W and b learn.
    pub learn_w: bool,
    /// Last step of the warm-up without quantization that is going on.
    pub warms_up_until: Option<u64>,
    /// Learning rate now.
    pub lr: f64,
    /// Weight of the commitment loss now.
    pub beta: f64,
    /// All other switches of the method now.
    pub switches: Switches,
    /// Effective codes on the two axes, K x 2.
    pub codes: Vec<[f32; 2]>,
    /// Encoder outputs of the same held-out tokens at every step, at most 512 x 2.
    pub latents: Vec<[f32; 2]>,
    /// The axes.
    pub axes: Axes,
    /// Uses of each code in the sliding window of training tokens, K; empty where nothing counts
    /// them.
    pub window_counts: Vec<u32>,
    /// Whether each code was ever in use since it is there, K; empty where that is not known: in
    /// saves of earlier versions, and in files of other programs.
    pub ever_used: Vec<bool>,
    /// Uses of each code on the evaluation set at the newest evaluation, K; empty before it.
    pub eval_counts: Vec<u32>,
    /// Utilization of the newest batch.
    pub batch: Usage,
    /// Utilization of the sliding window of training tokens.
    pub window: Usage,
    /// The newest evaluation.
    pub eval: Option<Evaluation>,
    /// Distance that each effective code moved over the newest `movement_steps` steps, K.
    pub movement: Vec<f32>,
    /// Steps that `movement` spans; 0 before there is one.
    pub movement_steps: u64,
    /// Singular values of W, largest first; empty while W is fixed at the identity, and where a
    /// perceptron stands in its place.
    pub singular_values: Vec<f32>,
    /// Standard deviations of the encodings along their principal axes, largest first, at the
    /// newest point of the record.
    pub latent_stds: Vec<f32>,
    /// Effective rank of W; d while W is fixed at the identity.
    pub effective_rank_w: f32,
    /// Reconstructions, made at fixed steps.
    pub pictures: Option<Arc<Pictures>>,
    /// First step whose loss was not a finite number; the lane stopped before it.
    pub diverged_at: Option<u64>,
}

impl LaneView {
    /// Whether it is known which codes are in use; files of another program may not tell.
    pub fn knows_use(&self) -> bool {
        !self.window_counts.is_empty()
    }
}

/// Axes of a code map.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axes {
    /// Share of the variance along each axis, 0 to 1: of the effective codebook, or of the encodings
    /// where nothing moves the codes.
    pub explained: [f32; 2],
    /// How they were chosen.
    pub mode: BasisMode,
    /// Step whose codebook gave the axes.
    pub step: u64,
    /// Coordinates of the middle of the map, which is the origin of `codes` and `latents`.
    pub centre: [f32; 2],
    /// Half the width of the square view around that middle; changes rarely.
    pub extent: f32,
}

/// How many of K codes some tokens used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Codes used at least once.
    pub used: usize,
    /// Tokens counted.
    pub tokens: usize,
    /// Number of codes, K.
    pub size: usize,
    /// Perplexity of the counts, exp of the entropy; 1 to K.
    pub perplexity: f64,
}

impl Usage {
    /// Share of codes used, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.size == 0 { 0.0 } else { self.used as f64 / self.size as f64 }
    }

    /// Expected share if every code were equally likely: 1-(1-1/K)^N.
    pub fn ceiling(&self) -> f64 {
        crate::analysis::usage::sampling_ceiling(self.size, self.tokens)
    }
}

/// Metrics on the full evaluation set.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Step after which it was made.
    pub step: u64,
    /// Code use over the whole set.
    pub usage: Usage,
    /// Mean squared error per pixel.
    pub recon_mse: f64,
    /// Peak signal-to-noise ratio of that error with peak 1, in dB.
    pub psnr: f64,
    /// Sum of |z-q|² over sum of |z-mean z|².
    pub quant_error: f64,
    /// Effective rank of W; d while W is fixed at the identity, NaN where there is no matrix.
    pub effective_rank_w: f64,
    /// Root of the mean squared norm of the encodings, (Σ|z|²/N)^1/2.
    pub latent_norm: f64,
}

/// Inputs and reconstructions, grey, row by row, 0 to 255.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    /// Step after which they were made.
    pub step: u64,
    /// Width of one picture in pixels.
    pub width: usize,
    /// Height of one picture in pixels.
    pub height: usize,
    /// One input each.
    pub inputs: Arc<Vec<Vec<u8>>>,
    /// Its reconstruction.
    pub outputs: Vec<Vec<u8>>,
}

/// Scalars of one lane and one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    /// The step, from 1.
    pub step: u64,
    /// The lane.
    pub lane: LaneId,
    /// Sum of the loss terms with their weights.
    pub loss: f64,
    /// Mean squared reconstruction error of the batch.
    pub recon_loss: f64,
    /// Codebook loss, mean((q-sg z)²).
    pub codebook_loss: f64,
    /// Commitment loss without its weight, mean((sg q-z)²).
    pub commitment_loss: f64,
    /// Entropy penalty without its weight, -ln K to 0; 0 where there is none.
    pub entropy_loss: f64,
    /// Share of codes used in the batch.
    pub utilization_batch: f64,
    /// Share of codes used in the sliding window.
    pub utilization_window: f64,
    /// Tokens in the sliding window so far.
    pub window_tokens: usize,
    /// Perplexity of the batch.
    pub perplexity_batch: f64,
    /// Codes in use in the window now, but not 100 steps before; at multiples of 100 steps.
    pub births_100: Option<usize>,
    /// Codes in use in the window 100 steps before, but not now; at multiples of 100 steps.
    pub deaths_100: Option<usize>,
    /// Tokens of the batch; with [`Self::codes`] they say how many a code that is.
    #[serde(default)]
    pub batch_tokens: usize,
    /// K; 0 in a row of a state saved by an earlier version, until a run takes it.
    #[serde(default)]
    pub codes: usize,
    /// Metrics on the evaluation set if it was evaluated after this step.
    pub eval: Option<Evaluation>,
}

/// Something worth a mark on the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Steps trained when it acted.
    pub step: u64,
    /// The lane, or all.
    pub lane: Option<LaneId>,
    /// What kind.
    pub kind: EventKind,
    /// One sentence.
    pub text: String,
}

/// Kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A setting changed, by the story or by hand.
    Change,
    /// The axes of the code maps are chosen in another way.
    View,
    /// The story says something new.
    Caption,
    /// A lane stopped because its loss was not finite.
    Diverged,
    /// Few codes of a lane are in use.
    Collapse,
    /// Many codes are in use again after a collapse.
    Recovery,
    /// Nearly all codes of a lane are in use.
    Saturation,
    /// The encodings of a lane have grown many times over.
    Runaway,
    /// A file that another program wrote could not be read.
    Unreadable,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Change,
        Self::View,
        Self::Caption,
        Self::Diverged,
        Self::Collapse,
        Self::Recovery,
        Self::Saturation,
        Self::Runaway,
        Self::Unreadable,
    ];

    /// The word for it in `events.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::View => "view",
            Self::Caption => "caption",
            Self::Diverged => "diverged",
            Self::Collapse => "collapse",
            Self::Recovery => "recovery",
            Self::Saturation => "saturation",
            Self::Runaway => "runaway",
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether a detector raises it: a flag.
    pub fn is_flag(self) -> bool {
        !matches!(self, Self::Change | Self::View | Self::Caption | Self::Unreadable)
    }

    /// The kind that a word in `events.csv` names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

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
    /// How the run is being saved.
    Saving(Saving),
    /// What the trainer is doing.
    State(TrainerState),
    /// Something could not be done; the run goes on as it was.
    Notice(String),
    /// The trainer could not go on.
    Failed(Failure),
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
    /// "CPU (burn-flex)" or the adapter's name.
    pub name: String,
    /// Why this one.
    pub reason: String,
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
    /// Paused at the scenario's last step; Play goes on.
    Ended,
    /// Every lane diverged.
    Diverged,
    /// Following files that another program writes: nothing trains here.
    Watching,
    /// Going from a checkpoint to the step that was asked for.
    Replaying {
        /// Steps done.
        done: u64,
        /// Steps in all.
        of: u64,
    },
}
