//! Settings that act at the next step, and the log of those made by hand.

use serde::{Deserialize, Serialize};

use crate::scenario::{Change, LaneId};

pub use crate::scenario::Setting;

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

impl Logged {
    /// The timed change that does the same.
    pub fn to_change(self) -> Change {
        let mut change = Change { step: self.step + 1, lane: self.lane, ..Change::default() };
        change.put(self.setting);
        change
    }

    /// The settings of such a change.
    pub fn of_change(change: &Change) -> Vec<Self> {
        let (step, lane) = (change.step.saturating_sub(1), change.lane);
        let settings = change.settings(false, false).into_iter();
        settings.map(|setting| Self { step, lane, setting }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{CodeUpdate, Estimator, OnSwitch, Upkeep};

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
