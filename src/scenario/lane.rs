//! The tables of the lanes in a scenario file, and timed changes of what stands in them.

use serde::{Deserialize, Serialize};

use crate::scenario::{
    CodeUpdate, DataSet, Estimator, Init, LaneId, Lookup, OnSwitch, Preset, Told, TransformForm,
    Upkeep,
};

/// The lanes: a, and b if it is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lanes {
    /// The left lane.
    pub a: Lane,
    /// The right lane.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub b: Option<Lane>,
}

/// What learns in one lane, the switches of its method, and what it overrides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lane {
    /// A named method, which sets all switches; those that stand beside it override it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub preset: Option<Preset>,
    /// Whether the codes C learn; the preset's, or true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learn_c: Option<bool>,
    /// Whether the matrix W and the bias b learn; if not, W is the identity and b is 0. The
    /// preset's, or false.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub learn_w: Option<bool>,
    /// Levels of a fixed grid (FSQ) instead of a codebook: one number for each of d axes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub levels: Option<Vec<usize>>,
    /// Signs of so many numbers (LFQ) instead of a codebook.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bits: Option<usize>,
    /// Width to which latents are projected before the lookup (factorized codes); 0 for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub factor: Option<usize>,
    /// How an encoding finds its code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// Steps without quantization before the first one with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub warmup: Option<u64>,
    /// Learning rate of C as a share of the lane's, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_lr: Option<f64>,
    /// Whether W has a bias.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bias: Option<bool>,
    /// Form of W.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transform: Option<TransformForm>,
    /// Rank of a low-rank W.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rank: Option<usize>,
    /// How C is updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub update: Option<CodeUpdate>,
    /// How codes are kept in use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upkeep: Option<Upkeep>,
    /// Decay of the moving averages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decay: Option<f64>,
    /// Share of the fair share of tokens below which revival takes a code for dead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revive_below: Option<f64>,
    /// Weight of the entropy penalty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entropy: Option<f64>,
    /// Temperature of the soft choice of codes in that penalty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// What gradient the encoder gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub estimator: Option<Estimator>,
    /// How far the cloud lies to the right of its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_x: Option<f64>,
    /// How far the cloud lies above its way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_y: Option<f64>,
    /// Degrees by which the cloud is turned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_angle: Option<f64>,
    /// What the cloud's size is multiplied by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloud_scale: Option<f64>,
    /// Seed of this lane alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Step after which this lane alone stops.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<u64>,
    /// Data of this lane alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<LaneData>,
    /// Training settings of this lane alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train: Option<LaneTrain>,
    /// Codebook settings of this lane alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codebook: Option<LaneCodebook>,
}

/// `lanes.*.data`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LaneData {
    /// Overrides `data.set`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub set: Option<DataSet>,
}

/// `lanes.*.train`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LaneTrain {
    /// Overrides `train.lr`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lr: Option<f64>,
    /// Overrides `train.beta`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    /// Overrides `train.batch_tokens`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_tokens: Option<usize>,
}

/// `lanes.*.codebook`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LaneCodebook {
    /// Overrides `codebook.size`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<usize>,
    /// Overrides `codebook.dim`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dim: Option<usize>,
    /// Overrides `codebook.init`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub init: Option<Init>,
    /// Overrides `codebook.std`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub std: Option<f64>,
}

/// Something that happens at a step: a caption, a changed setting, or both.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The change acts before this step trains; 0 and 1 mean from the start.
    pub step: u64,
    /// The sentence that the window shows from this step on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<Told>,
    /// The lane that changes; both without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<LaneId>,
    /// New learning rate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lr: Option<f64>,
    /// New weight of the commitment loss.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub beta: Option<f64>,
    /// Whether C learns from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learn_c: Option<bool>,
    /// Whether W learns from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learn_w: Option<bool>,
    /// Learning rate of C as a share of the lane's from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub c_lr: Option<f64>,
    /// How C is updated from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update: Option<CodeUpdate>,
    /// How codes are kept in use from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upkeep: Option<Upkeep>,
    /// Decay of the moving averages from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decay: Option<f64>,
    /// Share of the fair share of tokens below which revival takes a code for dead from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revive_below: Option<f64>,
    /// Weight of the entropy penalty from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entropy: Option<f64>,
    /// What gradient the encoder gets from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub estimator: Option<Estimator>,
    /// How far the cloud lies to the right of its way from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_x: Option<f64>,
    /// How far the cloud lies above its way from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_y: Option<f64>,
    /// Degrees by which the cloud is turned from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_angle: Option<f64>,
    /// What the cloud's size is multiplied by from here on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cloud_scale: Option<f64>,
    /// What happens to C when W is switched on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub codebook: Option<OnSwitch>,
}

impl Lane {
    /// Takes out tables that override nothing, so that equal drafts compare equal.
    pub fn drop_empty(&mut self) {
        self.train = self.train.take().filter(|t| *t != LaneTrain::default());
        self.codebook = self.codebook.take().filter(|c| *c != LaneCodebook::default());
        self.data = self.data.take().filter(|d| *d != LaneData::default());
    }
}
