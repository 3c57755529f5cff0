//! The switches that make a method, and the presets that set them.
//!
//! A published method is nothing but a setting of five independent switches: the form of the
//! codebook, what learns, how the codes are updated and kept in use, what gradient reaches the
//! encoder, and where the codes start.

use serde::{Deserialize, Serialize};

/// Hidden units of the perceptron for each number of a code.
pub const MLP_WIDTH: usize = 4;

/// Form of the learned transform of the codes, E = C·W + b.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TransformForm {
    /// Any d x d matrix (SimVQ).
    #[default]
    Full,
    /// A diagonal matrix: each axis is stretched on its own (affine reparameterization).
    Diagonal,
    /// A product of a d x r and an r x d matrix: the codes lie in r directions.
    LowRank,
    /// A perceptron with one hidden layer of 4d in the place of W: it can bend the codes.
    Mlp,
}

/// How an encoding finds its code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lookup {
    /// The code at the least Euclidean distance.
    #[default]
    L2,
    /// Encodings and codes are brought to length 1 first, so that the angle decides.
    Cosine,
}

/// A set of codes that nothing moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// A grid: each of d numbers takes one of its levels (FSQ).
    Levels(Vec<usize>),
    /// The signs of d numbers (LFQ).
    Bits(usize),
}

impl Fixed {
    /// Width of a code, d.
    pub fn dim(&self) -> usize {
        match self {
            Self::Levels(levels) => levels.len(),
            Self::Bits(bits) => *bits,
        }
    }

    /// Number of codes, K; `usize::MAX` where it does not fit.
    pub fn size(&self) -> usize {
        match self {
            Self::Levels(levels) => levels.iter().fold(1, |all: usize, &l| all.saturating_mul(l)),
            Self::Bits(bits) => 1_usize.checked_shl(*bits as u32).unwrap_or(usize::MAX),
        }
    }

    /// "FSQ" or "LFQ".
    pub fn method(&self) -> &'static str {
        match self {
            Self::Levels(_) => "FSQ",
            Self::Bits(_) => "LFQ",
        }
    }

    /// "grid 8·8·8" or "9 signs".
    pub fn describe(&self) -> String {
        match self {
            Self::Levels(levels) => {
                let all: Vec<String> = levels.iter().map(ToString::to_string).collect();
                format!("grid {}", all.join("·"))
            }
            Self::Bits(bits) => format!("{bits} signs"),
        }
    }
}

/// How codes that learn are updated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum CodeUpdate {
    /// By the gradient of the codebook loss.
    #[default]
    Gradient,
    /// As moving averages of the encodings that chose them.
    Ema,
}

/// How codes are kept in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Upkeep {
    /// Not at all.
    #[default]
    None,
    /// A code whose use falls below a tenth of its fair share jumps to a random encoding.
    Revive,
    /// A code glides to its nearest encoding, the faster the less it is used.
    Cvq,
}

/// What gradient the encoder gets through the quantizer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Estimator {
    /// The gradient at the code, unchanged.
    #[default]
    StraightThrough,
    /// The gradient at the code, rotated and scaled from the code to the encoding.
    Rotation,
}

/// All switches of a lane but what learns and where the codes start.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Switches {
    /// Learning rate of C as a share of the lane's, 0 to 1.
    pub c_lr: f64,
    /// Whether the transform has a bias b.
    pub has_bias: bool,
    /// Form of W.
    pub transform: TransformForm,
    /// Rank r of a low-rank W.
    pub rank: usize,
    /// How an encoding finds its code.
    pub lookup: Lookup,
    /// How C is updated where it learns.
    pub update: CodeUpdate,
    /// How codes are kept in use.
    pub upkeep: Upkeep,
    /// Weight λ of the entropy penalty; 0 for none.
    pub entropy: f64,
    /// Temperature τ of the soft choice of codes in that penalty.
    pub temperature: f64,
    /// What gradient the encoder gets.
    pub estimator: Estimator,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            c_lr: 1.0,
            has_bias: true,
            transform: TransformForm::Full,
            rank: 4,
            lookup: Lookup::L2,
            update: CodeUpdate::Gradient,
            upkeep: Upkeep::None,
            entropy: 0.0,
            temperature: 0.1,
            estimator: Estimator::StraightThrough,
        }
    }
}

impl Switches {
    /// Why these switches do not go together with what learns, in one sentence, or `None`.
    ///
    /// Moving averages and revived codes are encodings, so the codes must be used as they are:
    /// C must learn and no W may stand between.
    pub fn conflict(&self, learn_c: bool, learn_w: bool) -> Option<&'static str> {
        let is_plain = learn_c && !learn_w;
        if self.update == CodeUpdate::Ema && !is_plain {
            Some(
                "update \"ema\" sets codes to averages of encodings; it needs learn_c = true and learn_w = false",
            )
        } else if self.upkeep != Upkeep::None && !is_plain {
            Some("upkeep moves codes onto encodings; it needs learn_c = true and learn_w = false")
        } else {
            None
        }
    }

    /// Whether some W of this form leaves codes of width `dim` where they are: one of low rank
    /// squeezes them into its few directions.
    pub fn can_keep_codes(&self, dim: usize) -> bool {
        self.transform != TransformForm::LowRank || self.rank >= dim
    }

    /// Why these switches do not go together with codes that nothing moves, or `None`.
    pub fn conflict_with_fixed(&self, fixed: &Fixed) -> Option<&'static str> {
        if self.lookup == Lookup::Cosine {
            Some(
                "lookup \"cosine\" would bring the codes of a fixed grid to length 1; leave it out",
            )
        } else if self.estimator == Estimator::Rotation {
            Some(
                "estimator \"rotation\" needs codes that learn; a fixed grid has none, leave it out",
            )
        } else if self.entropy > 0.0 && matches!(fixed, Fixed::Levels(_)) {
            Some("a grid of levels (FSQ) needs no entropy penalty; set entropy to 0, or use bits")
        } else {
            None
        }
    }
}
