//! What a lane trains with at a moment, and what a hot setting does to it.

use std::fmt;

use crate::scenario::{
    CodeUpdate, DataSet, Estimator, Fixed, Lane, LaneId, LaneSpec, Lookup, OnSwitch, Scenario,
    Setting, Switches, TransformForm, Upkeep,
};

/// Why a lane does not take a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Conflict {
    /// Its codes are fixed, and nothing in them can learn.
    NothingLearns,
    /// A W of low rank cannot leave the codes where they are.
    CannotKeep,
    /// It does not go with codes that nothing moves.
    WithFixed(&'static str),
    /// It does not go with the samples.
    WithData(&'static str),
    /// It does not go with what learns now.
    WithLearning(&'static str),
}

impl Conflict {
    /// Whether the lane can never take it, whatever is switched before.
    pub fn is_for_good(self) -> bool {
        !matches!(self, Self::WithLearning(_))
    }

    /// The sentence about a lane and a timed change of it.
    pub(super) fn of_lane(self, lane: LaneId) -> String {
        let lane = lane.name();
        match self {
            Self::NothingLearns => format!(
                "lane {lane} has fixed codes, in which nothing can learn; leave learn_c and learn_w out"
            ),
            Self::CannotKeep => format!(
                "a low-rank W cannot keep the codes of lane {lane} where they are; use codebook = \"fresh\""
            ),
            Self::WithFixed(why) | Self::WithData(why) | Self::WithLearning(why) => {
                format!("lane {lane}: {why}")
            }
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NothingLearns => "nothing can learn in fixed codes",
            Self::CannotKeep => "a low-rank W cannot leave the codes where they are",
            Self::WithFixed(why) | Self::WithData(why) | Self::WithLearning(why) => why,
        })
    }
}

/// What one lane trains with at a moment: what it was built from, and the hot settings now.
#[derive(Clone, Debug, PartialEq)]
pub struct Present<'a> {
    /// What it was built from.
    pub spec: &'a LaneSpec,
    /// Whether C learns now.
    pub learn_c: bool,
    /// Whether W and b learn now.
    pub learn_w: bool,
    /// Learning rate now.
    pub lr: f64,
    /// Weight of the commitment loss now.
    pub beta: f64,
    /// All other switches of the method now.
    pub switches: Switches,
}

impl<'a> From<&'a LaneSpec> for Present<'a> {
    /// A lane before its first step.
    fn from(spec: &'a LaneSpec) -> Self {
        Self {
            spec,
            learn_c: spec.learn_c,
            learn_w: spec.learn_w,
            lr: spec.lr,
            beta: spec.beta,
            switches: spec.switches,
        }
    }
}

impl Present<'_> {
    /// Takes a setting, with what it brings along.
    ///
    /// # Errors
    /// It does not go with what the lane is; then nothing has changed.
    pub fn apply(&mut self, setting: Setting) -> Result<(), Conflict> {
        match setting {
            Setting::Lr(lr) => self.lr = lr,
            Setting::Beta(beta) => self.beta = beta,
            Setting::Learn { c, w, on_switch } => {
                if self.spec.fixed.is_some() {
                    return Err(Conflict::NothingLearns);
                }
                let is_kept = w && !self.learn_w && on_switch == OnSwitch::Keep;
                if is_kept && !self.switches.can_keep_codes(self.spec.dim) {
                    return Err(Conflict::CannotKeep);
                }
                (self.learn_c, self.learn_w) = (c, w);
                // What moves codes onto encodings ends where a W stands between, or C is frozen.
                if self.switches.conflict(c, w).is_some() {
                    (self.switches.update, self.switches.upkeep) =
                        (CodeUpdate::Gradient, Upkeep::None);
                }
            }
            setting => {
                let mut switches = self.switches;
                switches.put(setting);
                if let Some(conflict) = self.conflict(&switches) {
                    return Err(conflict);
                }
                self.switches = switches;
            }
        }
        Ok(())
    }

    /// What the lane has now of the kind of a setting.
    pub fn of_kind(&self, setting: Setting) -> Setting {
        let kind = std::mem::discriminant(&setting);
        match setting {
            Setting::Lr(_) => Setting::Lr(self.lr),
            Setting::Beta(_) => Setting::Beta(self.beta),
            Setting::Learn { on_switch, .. } => {
                Setting::Learn { c: self.learn_c, w: self.learn_w, on_switch }
            }
            other => {
                let mut all = self.switches.settings().into_iter();
                all.find(|own| std::mem::discriminant(own) == kind).unwrap_or(other)
            }
        }
    }

    /// Why the lane cannot have these switches now.
    fn conflict(&self, switches: &Switches) -> Option<Conflict> {
        let fixed = self.spec.fixed.as_ref();
        let with_fixed = fixed.and_then(|fixed: &Fixed| switches.conflict_with_fixed(fixed));
        let with_data = || switches.conflict_with_data(self.spec.set).map(Conflict::WithData);
        let with_learning = || switches.conflict(self.learn_c, self.learn_w);
        let with_learning = || with_learning().map(Conflict::WithLearning);
        with_fixed.map(Conflict::WithFixed).or_else(with_data).or_else(with_learning)
    }
}

impl Switches {
    /// These with all that acts live as others have it.
    pub fn with_live_of(mut self, others: &Self) -> Self {
        others.settings().into_iter().for_each(|setting| self.put(setting));
        self
    }

    /// Where the cloud lies: x, y, angle and scale.
    pub fn cloud(&self) -> [f64; 4] {
        [self.cloud_x, self.cloud_y, self.cloud_angle, self.cloud_scale]
    }

    /// These with the cloud where others have it.
    pub fn with_cloud_of(self, others: &Self) -> Self {
        Self {
            cloud_x: others.cloud_x,
            cloud_y: others.cloud_y,
            cloud_angle: others.cloud_angle,
            cloud_scale: others.cloud_scale,
            ..self
        }
    }
}

impl LaneSpec {
    /// Everything that acts live, as settings; `on_switch` is what a new W does with the codes.
    pub fn settings(&self, on_switch: OnSwitch) -> Vec<Setting> {
        let learn = Setting::Learn { c: self.learn_c, w: self.learn_w, on_switch };
        let mut all = vec![Setting::Lr(self.lr), Setting::Beta(self.beta), learn];
        all.extend(self.switches.settings());
        all
    }
}

impl Scenario {
    /// Makes a setting of one lane or of all. A rate that all lanes share is written once; a lane
    /// with whose method the setting does not go stays as it is, as it does in the trainer.
    ///
    /// # Errors
    /// Why a lane did not take it.
    pub fn apply(&mut self, only: Option<LaneId>, setting: Setting) -> Result<(), Conflict> {
        let is_shared = match (only, setting) {
            (None, Setting::Lr(lr)) => {
                self.train.lr = lr;
                true
            }
            (None, Setting::Beta(beta)) => {
                self.train.beta = beta;
                true
            }
            _ => false,
        };
        let mut refused = Ok(());
        for id in self.lane_ids().into_iter().filter(|id| only.is_none_or(|only| only == *id)) {
            let Some(spec) = self.lane(id) else { continue };
            let mut now = Present::from(&spec);
            if let Err(conflict) = now.apply(setting) {
                refused = Err(conflict);
                continue;
            }
            let pairs = now.switches.settings().into_iter().zip(spec.switches.settings());
            let brought: Vec<Setting> = pairs.filter(|(n, s)| n != s).map(|(n, _)| n).collect();
            let Some(lane) = self.lane_table_mut(id) else { continue };
            match (setting, is_shared) {
                (Setting::Lr(_), true) => {
                    lane.train.as_mut().into_iter().for_each(|train| train.lr = None);
                }
                (Setting::Beta(_), true) => {
                    lane.train.as_mut().into_iter().for_each(|train| train.beta = None);
                }
                _ => lane.put(setting),
            }
            brought.into_iter().for_each(|setting| lane.put(setting));
            lane.drop_empty();
        }
        refused
    }

    /// Whether a run of this scenario is another one from its first step on than one of `other`, so that
    /// what differs does not act live.
    pub fn needs_restart_from(&self, other: &Self) -> bool {
        // Initial codes follow from what learns where nobody names them; with the same that learns they
        // are others because they were named.
        let are_started_alike = |own: &LaneSpec, other: &LaneSpec| {
            let learns = |spec: &LaneSpec| (spec.learn_c, spec.learn_w);
            learns(own) != learns(other) || own.init == other.init
        };
        let pairs = self.lane_specs().into_iter().zip(other.lane_specs());
        self.cold() != other.cold() || pairs.into_iter().any(|(a, b)| !are_started_alike(&a, &b))
    }

    /// What needs a rebuild: the scenario with everything that acts live set to one value, and its
    /// lanes as they would be built.
    pub fn cold(&self) -> (Self, Vec<LaneSpec>) {
        let mut cold = self.clone();
        (cold.pace, cold.train.lr, cold.train.beta) = (Default::default(), 1.0, 1.0);
        for id in cold.lane_ids() {
            cold.lane_table_mut(id).into_iter().for_each(Lane::cool);
        }
        let neutral = |spec: LaneSpec| LaneSpec {
            learn_c: false,
            learn_w: false,
            switches: spec.switches.with_live_of(&Switches::default()),
            ..spec
        };
        let specs = cold.lane_specs().into_iter().map(neutral).collect();
        // The tables say the same as the specs, in more ways than one.
        (cold.lanes.a, cold.lanes.b) = (Lane::default(), None);
        (cold, specs)
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

    /// Why these switches do not go together with a set of samples, or `None`.
    pub fn conflict_with_data(&self, set: DataSet) -> Option<&'static str> {
        (set != DataSet::Cloud && self.cloud() != Self::default().cloud()).then_some(
            "cloud_x, cloud_y, cloud_angle and cloud_scale move the cloud, and the data is none; leave them out, or use data.set = \"cloud\"",
        )
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Change, parse};

    fn scenario(lanes: &str) -> Scenario {
        parse(&format!("title='x'\n{lanes}\n"), "x", &[]).unwrap()
    }

    /// One of each kind.
    fn all() -> Vec<Setting> {
        let learn = Setting::Learn { c: true, w: false, on_switch: OnSwitch::Keep };
        let mut all = vec![Setting::Lr(0.01), Setting::Beta(1.5), learn];
        let switches = Switches {
            update: CodeUpdate::Ema,
            upkeep: Upkeep::Cvq,
            entropy: 0.25,
            estimator: Estimator::Rotation,
            c_lr: 0.5,
            ..Switches::default()
        };
        all.extend(switches.settings());
        all
    }

    #[test]
    fn every_setting_is_a_change_a_key_and_a_value() {
        for setting in all() {
            let mut change = Change::default();
            change.put(setting);
            assert_eq!(change.settings(false, false), [setting]);
            // A lane that took it has it, and had what it was built with.
            let plain = scenario("[lanes.a]");
            let spec = plain.lane(LaneId::A).unwrap();
            let mut now = Present::from(&spec);
            assert!(spec.settings(OnSwitch::Keep).contains(&now.of_kind(setting)), "{setting:?}");
            now.apply(setting).unwrap();
            assert_eq!(now.of_kind(setting), setting);
            // In a file, too, where its key is known and its value allowed.
            let text = toml::to_string(&change).unwrap();
            let read = scenario(&format!("[lanes.a]\n[[change]]\n{text}"));
            assert_eq!(read.change[0].settings(false, false), [setting], "{text}");
            let mut draft = scenario("[lanes.a]");
            draft.apply(Some(LaneId::A), setting).unwrap();
            let spec = draft.lane(LaneId::A).unwrap();
            assert!(spec.settings(OnSwitch::Keep).contains(&setting), "{setting:?}");
            assert_eq!(parse(&crate::scenario::to_toml(&draft), "x", &[]).unwrap(), draft);
            // None of them needs a restart.
            assert_eq!(draft.cold(), scenario("[lanes.a]").cold(), "{setting:?}");
            assert!(!setting.sentence().is_empty());
        }
    }

    #[test]
    fn initial_codes_that_are_named_need_a_restart_and_those_that_follow_do_not() {
        let plain = scenario("[lanes.a]\nlearn_c=false\nlearn_w=true");
        let named = scenario("[lanes.a]\nlearn_c=false\nlearn_w=true\ncodebook.init='uniform'");
        assert!(named.needs_restart_from(&plain) && plain.needs_restart_from(&named));
        let mut switched = plain.clone();
        let learn = Setting::Learn { c: true, w: false, on_switch: OnSwitch::Fresh };
        switched.apply(None, learn).unwrap();
        assert_ne!(switched.lane_specs()[0].init, plain.lane_specs()[0].init);
        assert!(!switched.needs_restart_from(&plain));
    }

    #[test]
    fn a_rate_of_both_lanes_is_written_once_and_that_of_one_stays_its_own() {
        let mut draft = scenario("[lanes.a]\ntrain.lr=0.5\n[lanes.b]");
        draft.apply(Some(LaneId::B), Setting::Beta(2.0)).unwrap();
        assert_eq!(draft.lane_specs().iter().map(|s| s.beta).collect::<Vec<_>>(), [0.25, 2.0]);
        draft.apply(None, Setting::Lr(0.1)).unwrap();
        assert_eq!(draft.train.lr, 0.1);
        assert_eq!(draft.lanes.a, Lane::default());
        assert!(draft.lane_specs().iter().all(|spec| spec.lr == 0.1));
    }

    #[test]
    fn what_does_not_go_together_is_refused_and_changes_nothing() {
        let mut draft = scenario("[lanes.a]\n[lanes.b]\npreset='simvq'");
        let ema = Setting::Update(CodeUpdate::Ema);
        assert!(matches!(draft.apply(None, ema), Err(Conflict::WithLearning(_))));
        let updates: Vec<_> = draft.lane_specs().iter().map(|s| s.switches.update).collect();
        assert_eq!(updates, [CodeUpdate::Ema, CodeUpdate::Gradient]);
        // A W that begins to learn ends what moves codes onto encodings.
        let learn = |w, on_switch| Setting::Learn { c: true, w, on_switch };
        draft.apply(Some(LaneId::A), learn(true, OnSwitch::Fresh)).unwrap();
        let spec = draft.lane(LaneId::A).unwrap();
        assert!(spec.learn_w && spec.switches.update == CodeUpdate::Gradient);
        let mut grid = scenario("[lanes.a]\npreset='fsq'");
        let before = grid.clone();
        for (setting, conflict) in [
            (learn(false, OnSwitch::Fresh), Conflict::NothingLearns),
            (Setting::Entropy(0.1), Conflict::WithFixed("")),
        ] {
            let got = grid.apply(None, setting).unwrap_err();
            assert!(got.is_for_good());
            assert_eq!(std::mem::discriminant(&got), std::mem::discriminant(&conflict));
        }
        assert_eq!(grid, before);
        let mut narrow = scenario("[lanes.a]\ntransform='low-rank'\nrank=2");
        let kept = narrow.apply(None, learn(true, OnSwitch::Keep));
        assert_eq!(kept, Err(Conflict::CannotKeep));
        assert_eq!(narrow.apply(None, learn(true, OnSwitch::Fresh)), Ok(()));
    }
}
