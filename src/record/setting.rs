//! Settings that act at the next step, and the log of those made by hand.

use serde::{Deserialize, Serialize};

use crate::scenario::{Change, CodeUpdate, Estimator, LaneId, OnSwitch, Upkeep};

/// A setting that was made by hand, with the step before which it acted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Logged {
    /// Steps trained when it was made; it acts at the next one.
    pub step: u64,
    /// The lane, or every lane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lane: Option<LaneId>,
    /// What changed.
    pub setting: Setting,
}

/// A setting that acts at the next step without a rebuild.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Setting {
    /// Learning rate of Adam.
    Lr(f64),
    /// Weight of the commitment loss.
    Beta(f64),
    /// Which parts of the codebook learn.
    Learn {
        /// Whether C learns.
        c: bool,
        /// Whether W and b learn.
        w: bool,
        /// What happens to C when W is switched on.
        on_switch: OnSwitch,
    },
    /// Learning rate of C as a share of the lane's, 0 to 1.
    CodeRate(f64),
    /// How C is updated where it learns.
    Update(CodeUpdate),
    /// How codes are kept in use.
    Upkeep(Upkeep),
    /// Weight of the entropy penalty.
    Entropy(f64),
    /// What gradient the encoder gets.
    Estimator(Estimator),
}

/// How the two axes of the code map are chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum BasisMode {
    /// PCA of each lane's effective codebook, aligned with the basis before.
    #[default]
    Live,
    /// The basis of this moment is kept.
    Fixed,
    /// One PCA over the codes of both lanes, aligned with the basis before.
    Shared,
}

impl Setting {
    /// The settings that a timed change makes, for a lane whose parts learn as given.
    pub fn of_change(change: &Change, learn_c: bool, learn_w: bool) -> Vec<Self> {
        let mut settings = Vec::new();
        settings.extend(change.lr.map(Setting::Lr));
        settings.extend(change.beta.map(Setting::Beta));
        if change.learn_c.is_some() || change.learn_w.is_some() {
            settings.push(Self::Learn {
                c: change.learn_c.unwrap_or(learn_c),
                w: change.learn_w.unwrap_or(learn_w),
                on_switch: change.codebook.unwrap_or_default(),
            });
        }
        settings.extend(change.c_lr.map(Setting::CodeRate));
        settings.extend(change.update.map(Setting::Update));
        settings.extend(change.upkeep.map(Setting::Upkeep));
        settings.extend(change.entropy.map(Setting::Entropy));
        settings.extend(change.estimator.map(Setting::Estimator));
        settings
    }
}

impl Logged {
    /// The timed change that does the same.
    pub fn to_change(self) -> Change {
        let mut change = Change { step: self.step + 1, lane: self.lane, ..Change::default() };
        match self.setting {
            Setting::Lr(lr) => change.lr = Some(lr),
            Setting::Beta(beta) => change.beta = Some(beta),
            Setting::Learn { c, w, on_switch } => {
                (change.learn_c, change.learn_w) = (Some(c), Some(w));
                change.codebook = Some(on_switch);
            }
            Setting::CodeRate(c_lr) => change.c_lr = Some(c_lr),
            Setting::Update(update) => change.update = Some(update),
            Setting::Upkeep(upkeep) => change.upkeep = Some(upkeep),
            Setting::Entropy(weight) => change.entropy = Some(weight),
            Setting::Estimator(estimator) => change.estimator = Some(estimator),
        }
        change
    }

    /// The settings of such a change.
    pub fn of_change(change: &Change) -> Vec<Self> {
        let (step, lane) = (change.step.saturating_sub(1), change.lane);
        let settings = Setting::of_change(change, false, false).into_iter();
        settings.map(|setting| Self { step, lane, setting }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_become_changes_and_come_back() {
        let all = [
            Setting::Lr(0.01),
            Setting::Beta(1.0),
            Setting::Learn { c: false, w: true, on_switch: OnSwitch::Keep },
            Setting::CodeRate(0.5),
            Setting::Update(CodeUpdate::Ema),
            Setting::Upkeep(Upkeep::Cvq),
            Setting::Entropy(0.1),
            Setting::Estimator(Estimator::Rotation),
        ];
        for (step, setting) in (0..).zip(all) {
            let logged = Logged { step, lane: Some(LaneId::B), setting };
            assert_eq!(Logged::of_change(&logged.to_change()), [logged]);
        }
    }
}
