//! The switches that make a method, and the presets that set them.
//!
//! A published method is nothing but a setting of five independent switches: the form of the
//! codebook, what learns, how the codes are updated and kept in use, what gradient reaches the
//! encoder, and where the codes start.

use serde::{Deserialize, Serialize};

use crate::words;

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

/// Grids that are offered.
const GRIDS: [&[usize]; 6] =
    [&[8, 8, 8], &[8, 6, 5], &[8, 5, 5, 5], &[5, 5, 5, 5], &[7, 5, 5, 5, 5], &[16, 16]];

/// A set of codes that nothing moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fixed {
    /// A grid: each of d numbers takes one of its levels (FSQ).
    Levels(Vec<usize>),
    /// The signs of d numbers (LFQ).
    Bits(usize),
}

impl Fixed {
    /// That of the keys `levels` and `bits` of a lane.
    pub fn of_keys(levels: Option<&[usize]>, bits: Option<usize>) -> Option<Self> {
        let levels = levels.map(|levels| Self::Levels(levels.to_vec()));
        levels.or(bits.map(Self::Bits))
    }

    /// The keys `levels` and `bits` that make it.
    pub fn keys(&self) -> (Option<Vec<usize>>, Option<usize>) {
        match self {
            Self::Levels(levels) => (Some(levels.clone()), None),
            Self::Bits(bits) => (None, Some(*bits)),
        }
    }

    /// Those of its kind that are offered in its place.
    pub fn others(&self) -> Vec<Self> {
        match self {
            Self::Levels(_) => GRIDS.map(|levels| Self::Levels(levels.to_vec())).into(),
            Self::Bits(_) => (4..=13).map(Self::Bits).collect(),
        }
    }

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
                words!("method-grid", levels = all.join("·"))
            }
            Self::Bits(bits) => words!("method-signs", bits = bits),
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

impl CodeUpdate {
    /// A word for what moves codes that learn.
    pub fn words(self) -> &'static str {
        match self {
            Self::Gradient => words!("method-gradient"),
            Self::Ema => words!("method-averages"),
        }
    }
}

impl Upkeep {
    /// A word for what keeps codes in use.
    pub fn words(self) -> &'static str {
        match self {
            Self::None => words!("setting-none"),
            Self::Revive => words!("method-revival"),
            Self::Cvq => words!("method-cvq-anchors"),
        }
    }
}

impl Estimator {
    /// A word for the gradient that the encoder gets.
    pub fn words(self) -> &'static str {
        match self {
            Self::StraightThrough => words!("method-straight"),
            Self::Rotation => words!("method-rotated"),
        }
    }
}

/// A named method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Plain VQ.
    Vq,
    /// VQ with moving averages.
    VqEma,
    /// VQ with moving averages and revival of dead codes.
    VqRevive,
    /// VQ whose codes start as k-means of the first encodings.
    VqKmeans,
    /// VQ that begins after the autoencoder has settled without it.
    VqWarmup,
    /// VQ of few numbers by angle.
    VqFc,
    /// Frozen features of the data behind a learned matrix.
    VqLc,
    /// Clustering VQ.
    Cvq,
    /// VQ with the rotation trick.
    Rotation,
    /// Affine reparameterization: a diagonal W over codes that learn.
    Affine,
    /// SimVQ.
    Simvq,
    /// SimVQ whose codes learn as well.
    SimvqJoint,
    /// SimVQ with a perceptron in the place of W.
    SimvqMlp,
    /// Finite scalar quantization: a fixed grid.
    Fsq,
    /// Lookup-free quantization: signs.
    Lfq,
    /// VQ with a penalty for uneven use.
    Entropy,
}

/// The name of one of the four cells of what learns.
pub fn method_name(learn_c: bool, learn_w: bool) -> &'static str {
    match (learn_c, learn_w) {
        (true, false) => "VQ",
        (false, true) => "SimVQ",
        (true, true) => words!("method-joint"),
        (false, false) => words!("method-fixed-codebook"),
    }
}
