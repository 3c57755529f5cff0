//! The way to a step that a link names: trained without waiting for the pace, with everything that
//! was done by hand on the way.

use crate::record::setting::{BasisMode, Logged};
use crate::scenario::{Link, Scenario};

/// A run that is built, trained to a step, and stays there, paused.
#[derive(Clone, Debug, PartialEq)]
pub struct Visit {
    /// What trains.
    pub scenario: Scenario,
    /// How it gets to its step.
    pub way: ReplayPlan,
}

/// What happens on the way to a step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReplayPlan {
    /// Where it ends, in steps trained.
    pub step: u64,
    /// Settings made by hand, in order.
    pub log: Vec<Logged>,
    /// How the axes of the maps are chosen, and the step since which they are.
    pub axes: Option<(u64, BasisMode)>,
    /// Steps whose pictures are kept, rising.
    pub keep: Vec<u64>,
}

/// What is due before the next step trains.
#[derive(Debug, Default, PartialEq)]
pub struct Due {
    /// Whether the picture of this step is kept.
    pub is_kept: bool,
    /// Settings, in order.
    pub settings: Vec<Logged>,
    /// A choice of axes.
    pub axes: Option<BasisMode>,
}

impl ReplayPlan {
    /// Takes out of the way what is due once `step` steps are trained.
    pub fn take_due(&mut self, step: u64) -> Due {
        let settings = self.log.partition_point(|logged| logged.step <= step);
        let kept = self.keep.partition_point(|keep| *keep <= step);
        Due {
            is_kept: self.keep.drain(..kept).next().is_some(),
            settings: self.log.drain(..settings).collect(),
            axes: self.axes.take_if(|(since, _)| *since <= step).map(|(_, mode)| mode),
        }
    }

    /// What is left of the way from `step` on, where some settings are made already.
    pub fn left(&self, step: u64, made: &[Logged]) -> Self {
        Self {
            step: self.step,
            log: self.log.iter().filter(|logged| !made.contains(logged)).copied().collect(),
            axes: self.axes.filter(|(since, _)| *since >= step),
            keep: self.keep.iter().filter(|keep| **keep >= step).copied().collect(),
        }
    }
}

impl From<&Link> for Visit {
    /// The run of a link; how its maps are shown stands in the link's view.
    fn from(link: &Link) -> Self {
        let log = link.by_hand.iter().flat_map(Logged::of_change).collect();
        Self {
            scenario: link.scenario.clone(),
            way: ReplayPlan { step: link.step, log, ..ReplayPlan::default() },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::setting::Setting;

    #[test]
    fn everything_is_due_once_and_at_its_step() {
        let at = |step, lr| Logged { step, lane: None, setting: Setting::Lr(lr) };
        let mut way = ReplayPlan {
            step: 9,
            log: vec![at(0, 0.1), at(4, 0.2), at(4, 0.3)],
            axes: Some((4, BasisMode::Fixed)),
            keep: vec![2],
        };
        assert_eq!(way.take_due(0).settings, [at(0, 0.1)]);
        assert_eq!(way.take_due(1), Due::default());
        assert!(way.take_due(2).is_kept && !way.take_due(2).is_kept);
        let due = way.take_due(4);
        assert_eq!((due.settings.len(), due.axes), (2, Some(BasisMode::Fixed)));
        assert_eq!(way.take_due(4), Due::default());
        let log = vec![at(0, 0.1), at(4, 0.2)];
        let way = ReplayPlan { step: 9, log, axes: Some((1, BasisMode::Live)), keep: vec![2, 7] };
        let left = ReplayPlan { log: vec![at(4, 0.2)], axes: None, keep: vec![7], ..way };
        assert_eq!(way.left(3, &[at(0, 0.1)]), left);
    }
}
