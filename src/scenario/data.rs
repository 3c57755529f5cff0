//! Where the samples come from.

use serde::{Deserialize, Serialize};

use crate::scenario::{Switches, is_usual};

/// The set of samples and how much of it is held out for evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// Name of a set.
    pub set: DataSet,
    /// Tokens in the full evaluation set, at most as many as the held-out part gives.
    pub eval_tokens: usize,
    /// Tokens of the final count, distinct ones of the held-out part, at most as many as it holds;
    /// 0 for none. A large codebook must be judged on many tokens for each code.
    #[serde(skip_serializing_if = "is_usual")]
    pub final_tokens: usize,
    /// How far the cloud moves to the right until the scenario's last step, turning by half a turn
    /// and doubling in size on its way; at 0 it stands still.
    #[serde(skip_serializing_if = "is_usual")]
    pub drift: f64,
    /// How far to the right of the origin the cloud starts.
    #[serde(skip_serializing_if = "is_usual")]
    pub shift: f64,
}

impl Default for Data {
    fn default() -> Self {
        let (drift, shift) = (0.0, 0.0);
        Self { set: DataSet::Photos, eval_tokens: 20_480, final_tokens: 0, drift, shift }
    }
}

/// Sets of samples: embedded images, and points that are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataSet {
    /// 8x8 patches cut from nine photographs; one token a patch.
    Photos,
    /// Handwritten digits, 8x8; four tokens a digit.
    Digits,
    /// Fashion-MNIST, 28x28; sixteen tokens an article.
    Fashion,
    /// Points of the plane, normally distributed around a middle that can move; one token a point.
    Cloud,
}

impl DataSet {
    /// All sets in the order of the control.
    pub const ALL: [Self; 4] = [Self::Photos, Self::Digits, Self::Fashion, Self::Cloud];

    /// The word in the scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Photos => "photos",
            Self::Digits => "digits",
            Self::Fashion => "fashion",
            Self::Cloud => "cloud",
        }
    }

    /// Numbers of one sample: height and width of a picture.
    pub fn sample_size(self) -> [usize; 2] {
        match self {
            Self::Photos | Self::Digits => [8, 8],
            Self::Fashion => [28, 28],
            Self::Cloud => [1, 2],
        }
    }

    /// Tokens of one sample when the scenario names none.
    pub fn default_tokens(self) -> usize {
        match self {
            Self::Photos | Self::Cloud => 1,
            Self::Digits => 4,
            Self::Fashion => 16,
        }
    }
}

/// The way of the cloud from the first step to the last.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloudPath {
    /// As [`Data::drift`].
    pub drift: f64,
    /// As [`Data::shift`].
    pub shift: f64,
    /// The step at which it is at its end.
    pub steps: u64,
}

/// Where the cloud lies.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CloudPose {
    /// Its middle.
    pub middle: [f64; 2],
    /// How far its long axis is turned from that of x, in radians, counterclockwise.
    pub angle: f64,
    /// What its size is multiplied by.
    pub scale: f64,
}

/// Standard deviations along and across the cloud, before anything scales it.
pub const CLOUD_STDS: [f64; 2] = [0.6, 0.25];

/// How far up the cloud swings on its way, and then as far down, as a share of its drift.
const SWING: f64 = 0.125;

impl CloudPath {
    /// Where the cloud is once `step` steps are trained, moved from its way by hand.
    pub fn pose(&self, step: u64, by_hand: &Switches) -> CloudPose {
        let Self { drift, shift, steps } = *self;
        let gone = (step as f64 / steps.max(1) as f64).min(1.0);
        let (turned, grown) =
            if drift == 0.0 { (0.0, 1.0) } else { (std::f64::consts::PI * gone, 1.0 + gone) };
        let swing = SWING * drift * (std::f64::consts::TAU * gone).sin();
        CloudPose {
            middle: [shift + drift * gone + by_hand.cloud_x, swing + by_hand.cloud_y],
            angle: turned + by_hand.cloud_angle.to_radians(),
            scale: grown * by_hand.cloud_scale,
        }
    }
}
