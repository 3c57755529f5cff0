//! The presets: each published method as a setting of the switches.

use crate::scenario::{
    CodeUpdate, Estimator, Fixed, Init, Lane, LaneCodebook, Lookup, Preset, Switches,
    TransformForm, Upkeep,
};
use crate::words;

/// What a preset sets.
#[derive(Clone, Debug, PartialEq)]
pub struct Method {
    /// Whether C learns.
    pub learn_c: bool,
    /// Whether W and b learn.
    pub learn_w: bool,
    /// Where the codes start.
    pub init: Init,
    /// Standard deviation of a normal start, where the method names one.
    pub std: Option<f64>,
    /// Codes that nothing moves, in the place of a codebook.
    pub fixed: Option<Fixed>,
    /// Width to which latents are projected before the lookup.
    pub factor: Option<usize>,
    /// Steps without quantization before the first one with it.
    pub warmup: u64,
    /// All other switches.
    pub switches: Switches,
}

impl Method {
    /// Why its parts do not go together, in one sentence, or `None`.
    pub fn conflict(&self) -> Option<&'static str> {
        match &self.fixed {
            Some(_) if self.learn_c || self.learn_w => {
                Some("nothing can learn in fixed codes; learn_c and learn_w must be false")
            }
            Some(fixed) => self.switches.conflict_with_fixed(fixed),
            None => self.switches.conflict(self.learn_c, self.learn_w),
        }
    }
}

impl Preset {
    /// All presets in the order of teaching.
    pub const ALL: [Self; 16] = [
        Self::Vq,
        Self::Simvq,
        Self::SimvqJoint,
        Self::VqRevive,
        Self::VqEma,
        Self::Fsq,
        Self::Rotation,
        Self::VqKmeans,
        Self::VqWarmup,
        Self::Affine,
        Self::VqFc,
        Self::Cvq,
        Self::Entropy,
        Self::Lfq,
        Self::VqLc,
        Self::SimvqMlp,
    ];

    /// The word in a scenario file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Vq => "vq",
            Self::VqEma => "vq-ema",
            Self::VqRevive => "vq-revive",
            Self::VqKmeans => "vq-kmeans",
            Self::VqWarmup => "vq-warmup",
            Self::VqFc => "vq-fc",
            Self::VqLc => "vq-lc",
            Self::Cvq => "cvq",
            Self::Rotation => "rotation",
            Self::Affine => "affine",
            Self::Simvq => "simvq",
            Self::SimvqJoint => "simvq-joint",
            Self::SimvqMlp => "simvq-mlp",
            Self::Fsq => "fsq",
            Self::Lfq => "lfq",
            Self::Entropy => "entropy",
        }
    }

    /// What it does and where it was published.
    pub fn about(self) -> &'static str {
        match self {
            Self::Vq => words!("preset-vq"),
            Self::VqEma => words!("preset-vq-ema"),
            Self::VqRevive => words!("preset-vq-revive"),
            Self::VqKmeans => words!("preset-vq-kmeans"),
            Self::VqWarmup => words!("preset-vq-warmup"),
            Self::VqFc => words!("preset-vq-fc"),
            Self::VqLc => words!("preset-vq-lc"),
            Self::Cvq => words!("preset-cvq"),
            Self::Rotation => words!("preset-rotation"),
            Self::Affine => words!("preset-affine"),
            Self::Simvq => words!("preset-simvq"),
            Self::SimvqJoint => words!("preset-simvq-joint"),
            Self::SimvqMlp => words!("preset-simvq-mlp"),
            Self::Fsq => words!("preset-fsq"),
            Self::Lfq => words!("preset-lfq"),
            Self::Entropy => words!("preset-entropy"),
        }
    }

    /// Everything that it sets.
    pub fn method(self) -> Method {
        let switches = Switches::default();
        let vq = Method {
            learn_c: true,
            learn_w: false,
            init: Init::Uniform,
            std: None,
            fixed: None,
            factor: None,
            warmup: 0,
            switches,
        };
        let simvq = Method { learn_c: false, learn_w: true, init: Init::Normal, ..vq.clone() };
        let fixed = Method { learn_w: false, ..simvq.clone() };
        match self {
            Self::Vq => vq,
            Self::VqEma => {
                Method { switches: Switches { update: CodeUpdate::Ema, ..switches }, ..vq }
            }
            Self::VqRevive => {
                let switches =
                    Switches { update: CodeUpdate::Ema, upkeep: Upkeep::Revive, ..switches };
                Method { switches, ..vq }
            }
            Self::VqKmeans => Method { init: Init::Kmeans, ..vq },
            Self::VqWarmup => Method { init: Init::Kmeans, warmup: 300, ..vq },
            Self::VqFc => {
                let switches = Switches { lookup: Lookup::Cosine, ..switches };
                Method { init: Init::Normal, std: Some(1.0), factor: Some(8), switches, ..vq }
            }
            Self::VqLc => Method { init: Init::Features, ..simvq },
            Self::Cvq => Method { switches: Switches { upkeep: Upkeep::Cvq, ..switches }, ..vq },
            Self::Rotation => {
                Method { switches: Switches { estimator: Estimator::Rotation, ..switches }, ..vq }
            }
            Self::Affine => {
                let switches = Switches { transform: TransformForm::Diagonal, ..switches };
                Method { learn_c: true, switches, ..simvq }
            }
            Self::Simvq => simvq,
            Self::SimvqJoint => Method { learn_c: true, ..simvq },
            Self::SimvqMlp => {
                Method { switches: Switches { transform: TransformForm::Mlp, ..switches }, ..simvq }
            }
            Self::Fsq => Method { fixed: Some(Fixed::Levels(vec![8, 8, 8])), ..fixed },
            Self::Lfq => {
                let switches = Switches { entropy: 0.1, temperature: 0.01, ..switches };
                Method { fixed: Some(Fixed::Bits(9)), switches, ..fixed }
            }
            Self::Entropy => Method { switches: Switches { entropy: 0.1, ..switches }, ..vq },
        }
    }
}

impl Lane {
    /// The method of this lane: the preset's, where it has one, and what stands beside it.
    pub fn method(&self) -> Method {
        let base = self.preset.unwrap_or(Preset::Vq).method();
        let switches = self.over(base.switches);
        let fixed = Fixed::of_keys(self.levels.as_deref(), self.bits).or(base.fixed);
        Method {
            learn_c: self.learn_c.unwrap_or(base.learn_c),
            learn_w: self.learn_w.unwrap_or(base.learn_w),
            fixed,
            factor: self.factor.or(base.factor).filter(|&dim| dim > 0),
            warmup: self.warmup.unwrap_or(base.warmup),
            switches,
            ..base
        }
    }

    /// Takes a preset: every switch of the lane becomes the preset's.
    pub fn set_preset(&mut self, preset: Preset) {
        let own = Self { preset: Some(preset), ..Self::default() };
        let codebook = self.codebook.take().map(|c| LaneCodebook { init: None, std: None, ..c });
        *self = Self {
            seed: self.seed,
            steps: self.steps,
            data: self.data.take(),
            train: self.train.take(),
            // Where the cloud lies is no part of a method.
            cloud_x: self.cloud_x,
            cloud_y: self.cloud_y,
            cloud_angle: self.cloud_angle,
            cloud_scale: self.cloud_scale,
            codebook: codebook.filter(|c| *c != Default::default()),
            ..own
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Lane;
    use crate::scenario::parse;

    #[test]
    fn every_preset_is_a_combination_that_makes_sense() {
        for preset in Preset::ALL {
            let method = preset.method();
            assert_eq!(method.conflict(), None, "{preset:?}");
            let written = serde_json::to_value(preset).unwrap();
            assert_eq!(written, preset.name());
            let text = format!("title='x'\n[lanes.a]\npreset='{}'\n", preset.name());
            let spec = parse(&text, "x", &[]).unwrap().lane_specs().remove(0);
            assert!(preset.departures(&spec).is_empty(), "{:?}", preset.departures(&spec));
        }
    }

    #[test]
    fn what_stands_beside_a_preset_overrides_it() {
        let mut lane =
            Lane { preset: Some(Preset::VqRevive), upkeep: Some(Upkeep::None), ..Lane::default() };
        let method = lane.method();
        assert_eq!((method.learn_c, method.learn_w), (true, false));
        assert_eq!(method.switches.update, CodeUpdate::Ema);
        assert_eq!(method.switches.upkeep, Upkeep::None);
        lane.set_preset(Preset::Simvq);
        assert_eq!(lane.method(), Preset::Simvq.method());
    }

    #[test]
    fn a_preset_set_on_the_command_line_replaces_the_switches_of_the_file() {
        let text = "title='x'\n[lanes.a]\nlearn_c=true\nupkeep='revive'\nsteps=7\n\
            [lanes.a.codebook]\ninit='kmeans'\nsize=64\n";
        let sets = ["lanes.a.c_lr=0.5".to_string(), "lanes.a.preset=simvq".to_string()];
        let scenario = parse(text, "x", &sets).unwrap();
        let spec = scenario.lane_specs().remove(0);
        assert_eq!((spec.learn_c, spec.learn_w, spec.init), (false, true, Init::Normal));
        assert_eq!((spec.switches.upkeep, spec.switches.c_lr), (Upkeep::None, 0.5));
        assert_eq!((spec.steps, spec.size), (Some(7), 64));
    }

    #[test]
    fn what_left_a_preset_is_named() {
        let text = "title='x'\n[lanes.a]\npreset='vq-revive'\nupkeep='none'\n";
        let spec = parse(text, "x", &[]).unwrap().lane_specs().remove(0);
        assert_eq!(Preset::VqRevive.departures(&spec), ["upkeep none"]);
    }
}
