//! The switches that make a method, and the presets that set them.
//!
//! A published method is nothing but a setting of five independent switches: the form of the
//! codebook, what learns, how the codes are updated and kept in use, what gradient reaches the
//! encoder, and where the codes start.

use serde::{Deserialize, Serialize};

use crate::scenario::{Init, Lane};

/// Form of the learned transform of the codes, E = C·W + b.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TransformForm {
    /// Any d x d matrix (SimVQ).
    #[default]
    Full,
    /// A diagonal matrix: each axis is stretched on its own (affine reparameterization).
    Diagonal,
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Switches {
    /// Learning rate of C as a share of the lane's, 0 to 1.
    pub c_lr: f64,
    /// Whether the transform has a bias b.
    pub has_bias: bool,
    /// Form of W.
    pub transform: TransformForm,
    /// How C is updated where it learns.
    pub update: CodeUpdate,
    /// How codes are kept in use.
    pub upkeep: Upkeep,
    /// What gradient the encoder gets.
    pub estimator: Estimator,
}

impl Default for Switches {
    fn default() -> Self {
        Self {
            c_lr: 1.0,
            has_bias: true,
            transform: TransformForm::Full,
            update: CodeUpdate::Gradient,
            upkeep: Upkeep::None,
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
    /// Finite scalar quantization: a fixed grid.
    Fsq,
}

impl Preset {
    /// All presets in the order of teaching.
    pub const ALL: [Self; 10] = [
        Self::Vq,
        Self::Simvq,
        Self::SimvqJoint,
        Self::VqRevive,
        Self::VqEma,
        Self::Fsq,
        Self::Rotation,
        Self::VqKmeans,
        Self::Affine,
        Self::Cvq,
    ];

    /// The word in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vq => "vq",
            Self::VqEma => "vq-ema",
            Self::VqRevive => "vq-revive",
            Self::VqKmeans => "vq-kmeans",
            Self::Cvq => "cvq",
            Self::Rotation => "rotation",
            Self::Affine => "affine",
            Self::Simvq => "simvq",
            Self::SimvqJoint => "simvq-joint",
            Self::Fsq => "fsq",
        }
    }

    /// What it does and where it was published.
    pub fn about(self) -> &'static str {
        match self {
            Self::Vq => "Each chosen code moves on its own (van den Oord et al. 2017)",
            Self::VqEma => {
                "Codes are moving averages of the encodings that chose them (van den Oord et al. 2017, appendix A.1)"
            }
            Self::VqRevive => {
                "Moving averages; codes out of use jump to random encodings (Dhariwal et al. 2020, Jukebox)"
            }
            Self::VqKmeans => {
                "Codes start as k-means of the first encodings (Zeghidour et al. 2021, SoundStream)"
            }
            Self::Cvq => {
                "Codes out of use glide to their nearest encodings (Zheng and Vedaldi 2023, CVQ-VAE)"
            }
            Self::Rotation => {
                "The encoder's gradient is rotated from the code to the encoding (Fifty et al. 2024)"
            }
            Self::Affine => {
                "All codes share one stretch of each axis and one shift, and learn as well (Huh et al. 2023)"
            }
            Self::Simvq => "Frozen codes, one learned matrix over all of them (Zhu et al. 2024)",
            Self::SimvqJoint => "Codes and matrix learn together (Zhu et al. 2024)",
            Self::Fsq => {
                "Each of three numbers is rounded to one of eight levels: no codebook (Mentzer et al. 2023)"
            }
        }
    }

    /// Whether C learns, whether W learns, where the codes start, and all other switches.
    pub fn switches(self) -> (bool, bool, Init, Switches) {
        let plain = Switches::default();
        match self {
            Self::Vq => (true, false, Init::Uniform, plain),
            Self::VqEma => {
                (true, false, Init::Uniform, Switches { update: CodeUpdate::Ema, ..plain })
            }
            Self::VqRevive => {
                let switches =
                    Switches { update: CodeUpdate::Ema, upkeep: Upkeep::Revive, ..plain };
                (true, false, Init::Uniform, switches)
            }
            Self::VqKmeans => (true, false, Init::Kmeans, plain),
            Self::Cvq => (true, false, Init::Uniform, Switches { upkeep: Upkeep::Cvq, ..plain }),
            Self::Rotation => {
                (true, false, Init::Uniform, Switches { estimator: Estimator::Rotation, ..plain })
            }
            Self::Affine => {
                (true, true, Init::Normal, Switches { transform: TransformForm::Diagonal, ..plain })
            }
            Self::Simvq => (false, true, Init::Normal, plain),
            Self::SimvqJoint => (true, true, Init::Normal, plain),
            Self::Fsq => (false, false, Init::Normal, plain),
        }
    }

    /// Levels of the fixed grid, where the method has one.
    pub fn levels(self) -> Option<Vec<usize>> {
        (self == Self::Fsq).then(|| vec![8, 8, 8])
    }
}

impl Lane {
    /// Whether C and whether W learn, and all other switches: the preset's, where it has one, and
    /// what stands beside it.
    pub fn switches(&self) -> (bool, bool, Switches) {
        let (c, w, _, base) = self.preset.unwrap_or(Preset::Vq).switches();
        let switches = Switches {
            c_lr: self.c_lr.unwrap_or(base.c_lr),
            has_bias: self.bias.unwrap_or(base.has_bias),
            transform: self.transform.unwrap_or(base.transform),
            update: self.update.unwrap_or(base.update),
            upkeep: self.upkeep.unwrap_or(base.upkeep),
            estimator: self.estimator.unwrap_or(base.estimator),
        };
        (self.learn_c.unwrap_or(c), self.learn_w.unwrap_or(w), switches)
    }

    /// Takes a preset: every switch of the lane becomes the preset's.
    pub fn set_preset(&mut self, preset: Preset) {
        let own = Self { preset: Some(preset), ..Self::default() };
        let codebook =
            self.codebook.take().map(|c| crate::scenario::LaneCodebook { init: None, ..c });
        *self = Self {
            seed: self.seed,
            steps: self.steps,
            data: self.data.take(),
            train: self.train.take(),
            codebook: codebook.filter(|c| *c != Default::default()),
            ..own
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_is_a_combination_that_makes_sense() {
        for preset in Preset::ALL {
            let (c, w, _, switches) = preset.switches();
            assert_eq!(switches.conflict(c, w), None, "{preset:?}");
            let written = serde_json::to_value(preset).unwrap();
            assert_eq!(written, preset.name());
        }
    }

    #[test]
    fn what_stands_beside_a_preset_overrides_it() {
        let mut lane =
            Lane { preset: Some(Preset::VqRevive), upkeep: Some(Upkeep::None), ..Lane::default() };
        let (c, w, switches) = lane.switches();
        assert_eq!(
            (c, w, switches.update, switches.upkeep),
            (true, false, CodeUpdate::Ema, Upkeep::None)
        );
        lane.set_preset(Preset::Simvq);
        assert_eq!(lane.switches(), (false, true, Switches::default()));
    }
}
