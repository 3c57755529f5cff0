//! The scenario: the one description of a run that file, command line, panels and tests share.
//!
//! A scenario is a TOML file. [`load`] reads it, checks every key against [`schema`], and fills
//! in the documented defaults; [`Scenario::lane`] works out what one lane trains with.

mod beat;
mod check;
mod cloud;
mod data;
pub mod demos;
pub mod differences;
pub mod figures;
pub mod hash;
mod kind;
mod lane;
pub mod link;
pub mod load;
pub mod memory;
mod method;
mod metric;
mod nearest;
mod open;
mod present;
mod preset;
pub mod schema;
mod setting;
mod spec;
mod steps;
mod story;
mod told;
pub mod typed;
pub mod view;

pub use beat::{At, Beat, BeatKind, Choice, Condition, Edge, Guess, Of};
pub use check::{CAUSES, CONTROLS};
pub use cloud::{CLOUD_STDS, CloudPath, CloudPose};
pub use data::{Data, DataSet};
pub use kind::MOST_STEPS;
pub use lane::{Change, Lane, LaneCodebook, LaneData, LaneTrain, Lanes};
pub use link::Link;
pub use load::{ScenarioError, parse, to_toml};
pub use method::{
    CodeUpdate, Estimator, Fixed, Lookup, MLP_WIDTH, Preset, TransformForm, Upkeep, method_name,
};
pub use metric::Metric;
pub use open::read;
pub use present::{Conflict, Present};
pub use preset::Method;
pub use setting::{Setting, Switches};
pub use spec::LaneSpec;
pub use steps::{check_steps, describe_steps, read_steps};
pub use story::{End, Expect, ExpectStep, Flag};
pub use told::Told;
pub use view::View;

use serde::{Deserialize, Serialize};

use crate::machine;
use crate::words;

/// One run: data, model, training, codebook, and the lanes that train side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// One line for the window's title bar and the list of stories.
    pub title: Told,
    /// What one sees, in two sentences.
    #[serde(default)]
    pub about: Told,
    /// Seed of everything random: initial weights, initial codes, order of the batches.
    #[serde(default = "default_seed")]
    pub seed: u64,
    /// Steps until the run pauses by itself; Play goes on.
    #[serde(default = "default_steps")]
    pub steps: u64,
    /// Steps per second in the window.
    #[serde(default)]
    pub pace: Pace,
    /// Which samples.
    #[serde(default)]
    pub data: Data,
    /// Encoder and decoder.
    #[serde(default)]
    pub model: Model,
    /// Optimizer, losses and counting.
    #[serde(default)]
    pub train: Train,
    /// The codebook of every lane, unless the lane overrides it.
    #[serde(default)]
    pub codebook: Codebook,
    /// The one or two lanes.
    pub lanes: Lanes,
    /// Timed changes and captions, in the order of their steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub change: Vec<Change>,
    /// What must hold at which step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expect: Vec<Expect>,
    /// What the story says, asks and waits for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub beat: Vec<Beat>,
    /// Which panes the window shows; where nothing is said, those that the reader chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
}

fn default_seed() -> u64 {
    0
}

fn default_steps() -> u64 {
    1200
}

/// Steps per second that the window asks for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pace {
    /// At most so many steps per second.
    PerSecond(f64),
    /// As fast as the device goes; written `"unlimited"`.
    Unlimited(Unlimited),
}

/// The word `"unlimited"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unlimited {
    /// No limit.
    Unlimited,
}

impl Pace {
    /// The paces of the keys 1 to 6.
    pub const LADDER: [Self; 6] = [
        Self::PerSecond(1.0),
        Self::PerSecond(5.0),
        Self::PerSecond(20.0),
        Self::PerSecond(60.0),
        Self::PerSecond(300.0),
        Self::Unlimited(Unlimited::Unlimited),
    ];

    /// Steps per second, or `None` without a limit.
    pub fn per_second(self) -> Option<f64> {
        match self {
            Self::PerSecond(steps) => Some(steps),
            Self::Unlimited(_) => None,
        }
    }

    /// "60 steps a second" or "as fast as the device goes".
    pub fn describe(self) -> String {
        match self {
            Self::PerSecond(steps) => words!("pace-steps-a-second", steps = steps),
            Self::Unlimited(_) => words!("pace-unlimited").into(),
        }
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self::PerSecond(60.0)
    }
}

/// What stands between samples and codes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ModelKind {
    /// Multi-layer perceptrons: pixels-hidden-(tokens·d) and back.
    #[default]
    Mlp,
    /// Nothing: an encoding is the sample itself, a reconstruction is the code.
    None,
}

impl ModelKind {
    /// The word in the scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mlp => "mlp",
            Self::None => "none",
        }
    }
}

/// What makes a step of a gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Optimizer {
    /// Adam, beta (0.9, 0.999).
    #[default]
    Adam,
    /// Plain gradient descent without momentum: what has no gradient stands still.
    Sgd,
}

impl Optimizer {
    /// The word in the scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Adam => "adam",
            Self::Sgd => "sgd",
        }
    }
}

/// Whether a value is what it is where a file does not name it.
fn is_usual<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// Networks and their sizes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Model {
    /// Which networks; perceptrons when absent.
    #[serde(skip_serializing_if = "is_usual")]
    pub kind: ModelKind,
    /// Width of the hidden layer; 128 for 64 pixels, 256 for Fashion-MNIST when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hidden: Option<usize>,
    /// Latent vectors (tokens) per sample; 1, 4 or 16 by data set when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tokens: Option<usize>,
}

/// Optimizer, loss weights, and how usage is counted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Train {
    /// What makes a step of a gradient; Adam when absent.
    #[serde(skip_serializing_if = "is_usual")]
    pub optimizer: Optimizer,
    /// Learning rate.
    pub lr: f64,
    /// Weight beta of the commitment loss.
    pub beta: f64,
    /// Tokens (latent vectors) a batch, N.
    pub batch_tokens: usize,
    /// Training tokens over which window utilization counts, rounded up to whole batches.
    pub window_tokens: usize,
    /// Steps between two evaluations on the full evaluation set.
    pub eval_every: u64,
}

impl Default for Train {
    fn default() -> Self {
        Self {
            optimizer: Optimizer::Adam,
            lr: 3e-3,
            beta: 0.25,
            batch_tokens: 512,
            window_tokens: 20_480,
            eval_every: 240,
        }
    }
}

/// Size and initial values of C.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Codebook {
    /// Number of codes, K.
    pub size: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// Initial C; by default "uniform" where C learns without W, else "normal".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<Init>,
    /// Standard deviation of `init = "normal"`; d^-1/2 when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<f64>,
}

impl Default for Codebook {
    fn default() -> Self {
        Self { size: 512, dim: 16, init: None, std: None }
    }
}

/// Initial values of C.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Init {
    /// Uniform between -1/K and 1/K.
    Uniform,
    /// Normal with mean 0 and a standard deviation.
    Normal,
    /// k-means (Lloyd, 10 rounds) of the first encodings; after a warm-up, of the encodings then.
    Kmeans,
    /// k-means of the training images themselves, on their first d principal axes, scaled to the
    /// standard deviation that a normal start has.
    Features,
}

impl Init {
    /// The word in the scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uniform => "uniform",
            Self::Normal => "normal",
            Self::Kmeans => "kmeans",
            Self::Features => "features",
        }
    }
}

/// Name of a lane.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LaneId {
    /// The left lane.
    A,
    /// The right lane.
    B,
}

impl LaneId {
    /// 0 for a, 1 for b.
    pub fn index(self) -> usize {
        self as usize
    }

    /// "a" or "b", as files write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::B => "b",
        }
    }

    /// The lane that a name in a file means.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::A, Self::B].into_iter().find(|id| id.name() == name)
    }
}

/// What happens to C when a running lane gets a W.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnSwitch {
    /// New Gaussian C, new W and b.
    #[default]
    Fresh,
    /// C becomes the present E, W the identity, b zero: E does not jump.
    Keep,
}

impl Scenario {
    /// The lanes that are there, in order.
    pub fn lane_ids(&self) -> Vec<LaneId> {
        if self.lanes.b.is_some() { vec![LaneId::A, LaneId::B] } else { vec![LaneId::A] }
    }

    /// The lane's table, if the lane is there.
    pub fn lane_table(&self, id: LaneId) -> Option<&Lane> {
        match id {
            LaneId::A => Some(&self.lanes.a),
            LaneId::B => self.lanes.b.as_ref(),
        }
    }

    /// The lane's table for writing, if the lane is there.
    pub fn lane_table_mut(&mut self, id: LaneId) -> Option<&mut Lane> {
        match id {
            LaneId::A => Some(&mut self.lanes.a),
            LaneId::B => self.lanes.b.as_mut(),
        }
    }

    /// Checks each value as in a file, and what no single key can tell: keys that do not go together,
    /// and runs that do not fit in memory.
    ///
    /// # Errors
    /// One sentence that names the key and what to do.
    pub fn validate(&self) -> Result<(), String> {
        self.validate_with(machine::memory())
    }

    /// The same on a machine with so many bytes of memory.
    ///
    /// # Errors
    /// As [`Self::validate`].
    pub fn validate_with(&self, memory: u64) -> Result<(), String> {
        load::check_values(self)?;
        check::check(self, memory).map_err(|fault| fault.what)
    }

    /// What the story says, with the places that its texts are known by: the step of a timed change or
    /// of a beat, 0 for the start, and the end.
    pub fn said_at(&self) -> impl Iterator<Item = (ExpectStep, &Told)> {
        let captions = self.change.iter();
        let captions = captions.filter_map(|c| Some((ExpectStep::At(c.step), c.caption.as_ref()?)));
        let says = self.beat.iter().filter(|beat| beat.kind == BeatKind::Say);
        let says = says.filter_map(|beat| {
            let at = match beat.at {
                At::Step(step) => ExpectStep::At(step),
                At::Edge(Edge::Start) => ExpectStep::At(0),
                At::Edge(Edge::End) => ExpectStep::End(End::End),
                At::On { .. } => return None,
            };
            Some((at, &beat.text))
        });
        captions.chain(says)
    }

    /// The caption that is showing after `step` steps.
    pub fn caption_at(&self, step: u64) -> Option<&str> {
        self.change
            .iter()
            .filter(|c| c.step <= step.max(1))
            .filter_map(|c| c.caption.as_ref().map(Told::spoken))
            .next_back()
    }
}
