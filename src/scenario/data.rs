//! Where the samples come from.

use serde::{Deserialize, Serialize};

use crate::scenario::is_usual;

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

    /// Whether samples make pictures for the eye.
    pub fn has_pictures(self) -> bool {
        self != Self::Cloud
    }

    /// Whether what a sample shows is light on a black ground.
    pub fn is_light_on_black(self) -> bool {
        matches!(self, Self::Digits | Self::Fashion)
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
