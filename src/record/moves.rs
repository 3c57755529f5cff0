//! What each code of a view did in the newest step.

use crate::record::snapshot::LaneView;

/// What a code did in a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// It was chosen, and moved.
    Chosen,
    /// It moved because all codes share W.
    Shared,
    /// It moved although no token of the step chose it and no W is shared: what is left of earlier
    /// pulls (momentum), or what keeps codes in use.
    Carried,
    /// It stood still.
    Still,
}

impl LaneView {
    /// What a code did in the newest step, where that is known.
    pub fn motion(&self, code: usize) -> Option<Motion> {
        let least = self.moved?.least;
        let (&way, &since) = (self.step_movement.get(code)?, self.since_chosen.get(code)?);
        Some(match (way > least, since == 0.0) {
            (false, _) => Motion::Still,
            (true, true) => Motion::Chosen,
            (true, false) if self.learn_w => Motion::Shared,
            (true, false) => Motion::Carried,
        })
    }

    /// How many steps ago a code was chosen last, 0 for the newest step; none where it never was, or
    /// where that is not known.
    pub fn steps_since_chosen(&self, code: usize) -> Option<u64> {
        self.since_chosen.get(code).filter(|since| since.is_finite()).map(|since| *since as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::motion::moved;
    use crate::scenario::LaneId;

    #[test]
    fn who_went_further_than_a_hundredth_of_the_median_way_has_moved() {
        let never = f32::INFINITY;
        // Chosen went 1, 2 and 4: the least way is 0.02.
        let ways = [1.0, 2.0, 4.0, 0.5, 0.019, 0.0, 0.0];
        let since = [0.0, 0.0, 0.0, 5.0, 90.0, never, 3.0];
        let moved = moved(&ways, &since).unwrap();
        assert_eq!((moved.moved, moved.chosen, moved.least), (4, 3, 0.02));
        let mut view = LaneView::unknown(LaneId::A, 100);
        view.moved = Some(moved);
        (view.step_movement, view.since_chosen) = (ways.to_vec(), since.to_vec());
        let motions: Vec<_> = (0..8).map(|code| view.motion(code)).collect();
        let (chosen, still) = (Some(Motion::Chosen), Some(Motion::Still));
        let carried = Some(Motion::Carried);
        assert_eq!(motions, [chosen, chosen, chosen, carried, still, still, still, None]);
        view.facts.learn_w = true;
        assert_eq!(view.motion(3), Some(Motion::Shared));
        let since: Vec<_> = [0, 3, 5, 7].map(|code| view.steps_since_chosen(code)).into();
        assert_eq!(since, [Some(0), Some(5), None, None]);
    }
}
