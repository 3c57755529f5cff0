//! At which steps something is kept, under a budget of bytes.
//!
//! Steps that are multiples of a stride are kept, and beside them what lies around an event. When
//! the budget is spent the stride doubles and what is no multiple of it goes, so that what is left
//! is spread evenly over the whole run. Where what is kept for events alone takes half of the
//! budget, that is thinned in the stride's place: what lies near events first, what lies at them
//! last. No more than half goes at a time.
//!
//! All of it depends on steps, sizes and events alone, never on the clock, and what is kept tells
//! the stride: a run that goes on from a save keeps the same as one that was never left.

use std::collections::BTreeMap;

/// Strides on either side of an event within which everything is kept.
const AROUND: u64 = 3;

/// What is kept at which step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cadence {
    base: u64,
    stride: u64,
    budget: u64,
    /// Bytes of what is kept, by step.
    kept: BTreeMap<u64, u64>,
    bytes: u64,
    /// Steps of events, rising.
    events: Vec<u64>,
}

impl Cadence {
    /// Something every `base` steps, `budget` bytes in all.
    pub fn new(base: u64, budget: u64) -> Self {
        let base = base.max(1);
        Self { base, stride: base, budget, kept: BTreeMap::new(), bytes: 0, events: Vec::new() }
    }

    /// Whether something is to be made at a step.
    pub fn is_due(&self, step: u64) -> bool {
        step.is_multiple_of(self.stride) && !self.kept.contains_key(&step)
    }

    /// Steps between two that are kept, away from events.
    pub fn stride(&self) -> u64 {
        self.stride
    }

    /// Whether steps away from events were left out to stay within the budget.
    pub fn is_thinned(&self) -> bool {
        self.stride > self.base
    }

    /// Bytes kept.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The budget in bytes.
    pub fn budget(&self) -> u64 {
        self.budget
    }

    /// What is kept, as steps in rising order.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.kept.keys().copied()
    }

    /// The newest kept step that is not after `step`.
    pub fn at_or_before(&self, step: u64) -> Option<u64> {
        self.kept.range(..=step).next_back().map(|(&s, _)| s)
    }

    /// Keeps what is around a step from now on, whatever the stride, while there is room for it.
    pub fn protect(&mut self, step: u64) {
        if let Err(place) = self.events.binary_search(&step) {
            self.events.insert(place, step);
        }
    }

    /// Notes what was made at a step and gives the steps that must go for it.
    pub fn add(&mut self, step: u64, bytes: u64) -> Vec<u64> {
        self.insert(step, bytes);
        self.thin()
    }

    /// Notes what was kept at a step before the run goes on, and gives the steps that must go for
    /// it. Called with rising steps; those that were left out tell the stride.
    pub fn refill(&mut self, step: u64, bytes: u64) -> Vec<u64> {
        let next = match self.kept.last_key_value() {
            Some((before, _)) => (before / self.stride + 1).saturating_mul(self.stride),
            None => step,
        };
        self.insert(step, bytes);
        if next < step {
            self.widen(u64::MAX);
        }
        self.thin()
    }

    /// Forgets what is after a step, for a run that goes on from there; gives those steps.
    pub fn truncate(&mut self, step: u64) -> Vec<u64> {
        let gone = self.kept.split_off(&step.saturating_add(1));
        self.bytes -= gone.values().sum::<u64>();
        self.events.retain(|&e| e <= step);
        if self.is_thinned() {
            self.stride = self.base;
            self.widen(u64::MAX);
        }
        gone.into_keys().collect()
    }

    fn insert(&mut self, step: u64, bytes: u64) {
        self.bytes += bytes;
        self.bytes -= self.kept.insert(step, bytes).unwrap_or(0);
    }

    /// Lets go of what is over the budget, but never of the first and the newest.
    fn thin(&mut self) -> Vec<u64> {
        let mut dropped = Vec::new();
        if self.bytes <= self.budget {
            return dropped;
        }
        let mut stride = self.stride;
        while self.bytes > self.budget && self.kept.len() > 2 {
            for step in self.next_to_go(&mut stride) {
                self.bytes -= self.kept.remove(&step).unwrap_or(0);
                dropped.push(step);
            }
        }
        self.widen(stride);
        dropped
    }

    /// What goes next, at most half of what is kept; doubles the stride where that is due.
    fn next_to_go(&self, stride: &mut u64) -> Vec<u64> {
        let stray = self.inner(Place::Stray, *stride);
        if !stray.is_empty() {
            return every_second(stray);
        }
        let (near, at) = (self.inner(Place::NearEvent, *stride), self.inner(Place::Event, *stride));
        let bytes: u64 = near.iter().chain(&at).filter_map(|step| self.kept.get(step)).sum();
        let is_too_much = bytes > 0 && bytes.saturating_mul(2) >= self.budget;
        // Beyond the newest step there are no multiples left to thin.
        if is_too_much || self.kept.last_key_value().is_none_or(|(newest, _)| *stride > *newest) {
            return every_second(if near.is_empty() { at } else { near });
        }
        *stride = stride.saturating_mul(2);
        self.inner(Place::Stray, *stride)
    }

    /// Kept steps of a place, rising, without the first and the newest.
    fn inner(&self, place: Place, stride: u64) -> Vec<u64> {
        let all = self.kept.len();
        let inner = self.kept.keys().copied().take(all.saturating_sub(1)).skip(1);
        inner.filter(|&step| self.place(step, stride) == place).collect()
    }

    fn place(&self, step: u64, stride: u64) -> Place {
        if step.is_multiple_of(stride) {
            Place::Ordinary
        } else if self.events.binary_search(&step).is_ok() {
            Place::Event
        } else if self.is_around_event(step) {
            Place::NearEvent
        } else {
            Place::Stray
        }
    }

    /// Doubles the stride until all its multiples are kept, or it is `most`.
    fn widen(&mut self, most: u64) {
        while self.stride < most && !self.is_whole(self.stride) {
            self.stride = self.stride.saturating_mul(2);
        }
    }

    fn is_whole(&self, stride: u64) -> bool {
        let (Some((first, _)), Some((&newest, _))) =
            (self.kept.first_key_value(), self.kept.last_key_value())
        else {
            return true;
        };
        let next = |at: &u64| at.checked_add(stride);
        let multiples = std::iter::successors(first.checked_next_multiple_of(stride), next);
        multiples.take_while(|&at| at <= newest).all(|at| self.kept.contains_key(&at))
    }

    fn is_around_event(&self, step: u64) -> bool {
        let reach = AROUND * self.base;
        let after = self.events.partition_point(|&e| e + reach < step);
        self.events.get(after).is_some_and(|&e| e <= step + reach)
    }
}

/// Why something is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// Its step is a multiple of the stride.
    Ordinary,
    /// Something happened at its step.
    Event,
    /// Something happened near its step.
    NearEvent,
    /// It was made for another reason, or before the stride was as wide as it is.
    Stray,
}

/// Every second of some steps, or the only one; the newest of several is not among them.
fn every_second(steps: Vec<u64>) -> Vec<u64> {
    if steps.len() == 1 { steps } else { steps.into_iter().rev().skip(1).step_by(2).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_stays_within_its_budget_evenly_and_keeps_what_is_around_events() {
        let mut kept = Cadence::new(20, 100 * 1000);
        kept.protect(50_000);
        let mut alive = std::collections::BTreeSet::new();
        for step in 0..=100_000 {
            if kept.is_due(step) {
                alive.insert(step);
                kept.add(step, 1000).iter().for_each(|gone| assert!(alive.remove(gone)));
                assert!(kept.bytes() <= kept.budget());
            }
        }
        assert_eq!(alive.iter().copied().collect::<Vec<_>>(), kept.steps().collect::<Vec<_>>());
        assert!(kept.is_thinned() && alive.len() > 40, "{} {}", kept.stride(), alive.len());
        // Evenly: no gap wider than the stride.
        let steps: Vec<u64> = kept.steps().collect();
        assert!(steps.windows(2).all(|w| w[1] - w[0] <= kept.stride()), "{steps:?}");
        assert!(alive.contains(&0));
        assert_eq!(kept.at_or_before(99_999).map(|s| s + kept.stride() > 99_999), Some(true));
        assert_eq!(kept.at_or_before(0), Some(0));
    }

    #[test]
    fn steps_around_an_event_outlive_the_thinning_before_and_after_it() {
        let mut kept = Cadence::new(10, 30);
        for step in (0..=200).step_by(10) {
            kept.add(step, 1);
        }
        kept.protect(100);
        for step in (210..=2000).step_by(10) {
            if kept.is_due(step) {
                kept.add(step, 1);
            }
        }
        for step in [70, 80, 90, 100, 110, 120, 130] {
            assert_eq!(kept.at_or_before(step), Some(step));
        }
        assert!(kept.bytes() <= 30);
        assert_ne!(kept.at_or_before(150), Some(150));
    }

    /// Bytes that pictures may take, and the bytes of one at K 262,144, K 65,536 and K 6,680.
    const BUDGET: u64 = 256 << 20;
    const FRAMES: [u64; 3] = [10_500_000, 2_620_000, 268_000];

    /// One setting, one every 100 steps, three drags of 40 steps, and drags all the time.
    fn patterns() -> Vec<Vec<u64>> {
        let drags = |starts: &[u64], steps: u64| -> Vec<u64> {
            starts.iter().flat_map(|&start| start..start + steps).collect()
        };
        vec![
            Vec::new(),
            vec![550],
            (107..60_000).step_by(100).collect(),
            (100..1000).step_by(100).collect(),
            (200..2000).step_by(200).map(|s| s + 13).collect(),
            drags(&[1], 24),
            drags(&[300, 700, 1500], 40),
            drags(&(1000..10_000).step_by(500).collect::<Vec<_>>(), 200),
        ]
    }

    /// The same, from what a folder holds.
    fn gone_on_with(kept: &Cadence) -> Cadence {
        let mut again = Cadence::new(kept.base, kept.budget);
        kept.events.iter().for_each(|&event| again.protect(event));
        for (&step, &bytes) in &kept.kept {
            assert!(again.refill(step, bytes).is_empty());
        }
        again
    }

    #[test]
    fn whatever_happens_half_of_the_budget_is_used_evenly_and_going_on_changes_nothing() {
        let with_patterns = |bytes| patterns().into_iter().map(move |marks| (bytes, marks));
        for (bytes, marks) in FRAMES.into_iter().flat_map(with_patterns) {
            let fits = BUDGET / bytes;
            let mut kept = Cadence::new(25, BUDGET);
            let mut made = 0_u64;
            for step in 0..=(60 * fits).max(4000) {
                let is_mark = marks.binary_search(&step).is_ok();
                if is_mark {
                    kept.protect(step);
                }
                if !is_mark && !kept.is_due(step) {
                    continue;
                }
                made += 1;
                kept.add(step, bytes);
                let about = || format!("{fits} fit, step {step}, stride {}", kept.stride());
                assert!(kept.bytes() <= BUDGET && kept.bytes() == bytes * kept.kept.len() as u64);
                let steps: Vec<u64> = kept.steps().collect();
                assert!(2 * steps.len() as u64 >= fits.min(made), "{} of {}", steps.len(), about());
                assert_eq!((steps[0], steps[steps.len() - 1]), (0, step), "{}", about());
                // Evenly: no gap is wider than the stride, and that is near the ideal one.
                let widest = steps.windows(2).map(|w| w[1] - w[0]).max().unwrap_or(0);
                assert!(widest <= kept.stride(), "{widest}: {}", about());
                let ideal = step as f64 / (fits - 1) as f64;
                assert!(kept.stride() as f64 <= (4.5 * ideal).max(25.0), "{}", about());
                if 3 * marks.len() as u64 <= fits {
                    let past = marks.iter().filter(|&&mark| mark <= step);
                    past.for_each(|mark| assert!(kept.kept.contains_key(mark), "{}", about()));
                }
                if made.is_multiple_of(16) {
                    assert_eq!(gone_on_with(&kept), kept, "{}", about());
                }
            }
            assert!(kept.is_thinned());
        }
    }

    #[test]
    fn a_drag_or_marks_at_equal_distances_cost_no_more_than_half() {
        // At K 262,144, 25 pictures fit: nine marks, and a drag over 24 steps.
        for marks in [(150..=950).step_by(100).collect::<Vec<u64>>(), (1..=24).collect()] {
            let mut kept = Cadence::new(25, BUDGET);
            for step in 0..=1000 {
                if marks.contains(&step) {
                    kept.protect(step);
                }
                if marks.contains(&step) || kept.is_due(step) {
                    kept.add(step, FRAMES[0]);
                }
            }
            assert!(kept.steps().count() >= 13 && kept.stride() <= 200, "{kept:?}");
        }
    }

    #[test]
    fn frames_that_hardly_fit_leave_the_first_and_the_newest() {
        for budget in [0, 1, 2, 3] {
            let mut kept = Cadence::new(10, budget);
            for step in (0..400).step_by(10) {
                kept.protect(step);
                kept.add(step, 1);
                assert!(kept.bytes() <= budget.max(2), "{kept:?}");
                assert_eq!((kept.at_or_before(9), kept.at_or_before(step)), (Some(0), Some(step)));
            }
        }
    }

    #[test]
    fn what_was_made_at_steps_of_its_own_is_halved() {
        let mut kept = Cadence::new(25, 10);
        (0..11).for_each(|i| drop(kept.add(137 * i, 1)));
        assert_eq!(kept.steps().map(|s| s / 137).collect::<Vec<_>>(), [0, 1, 3, 5, 7, 9, 10]);
        assert!(!kept.is_thinned());
    }

    #[test]
    fn a_smaller_budget_thins_what_was_kept() {
        let mut kept = Cadence::new(10, 1000);
        (0..=1000).step_by(10).for_each(|s| drop(kept.add(s, 1)));
        let mut again = Cadence::new(10, 30);
        let gone: usize = kept.steps().map(|s| again.refill(s, 1).len()).sum();
        assert_eq!(gone + again.steps().count(), 101);
        assert!((15..=30).contains(&again.bytes()) && again.stride() <= 160, "{again:?}");
    }

    #[test]
    fn what_is_after_a_step_can_be_forgotten() {
        let mut kept = Cadence::new(10, 1000);
        (0..=50).step_by(10).for_each(|s| drop(kept.add(s, 7)));
        assert_eq!(kept.truncate(25), [30, 40, 50]);
        assert_eq!(kept.bytes(), 21);
        assert!(kept.is_due(30) && !kept.is_due(20));
        // What is left of a thinned run may be dense again.
        let mut kept = Cadence::new(10, 5);
        for step in (0..=200).step_by(10) {
            if kept.is_due(step) {
                kept.add(step, 1);
            }
        }
        assert_eq!(kept.stride(), 80);
        assert_eq!(kept.truncate(30), [80, 160, 200]);
        assert_eq!(kept.stride(), 10);
    }
}
