//! At which steps something is kept, under a budget of bytes.
//!
//! Steps that are multiples of a stride are kept. When the budget is spent the stride doubles and
//! what is no multiple of it goes, so that what is left is spread evenly over the whole run. What
//! lies around an event stays. All of it depends on steps and sizes alone, never on the clock.

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

    /// Whether anything was left out to stay within the budget.
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

    /// Keeps what is around a step from now on, whatever the stride.
    pub fn protect(&mut self, step: u64) {
        if let Err(place) = self.events.binary_search(&step) {
            self.events.insert(place, step);
        }
    }

    /// Notes what was made at a step and gives the steps that must go for it.
    pub fn add(&mut self, step: u64, bytes: u64) -> Vec<u64> {
        self.bytes += bytes;
        if let Some(before) = self.kept.insert(step, bytes) {
            self.bytes -= before;
        }
        let mut dropped = Vec::new();
        while self.bytes > self.budget && self.kept.len() > 2 {
            self.stride *= 2;
            let newest = self.kept.keys().next_back().copied().unwrap_or(0);
            // Once a stride spans the whole run, only the marks are left, and they are thinned too.
            let spares_events = self.stride <= newest.max(1);
            let go: Vec<u64> = self
                .kept
                .keys()
                .copied()
                .filter(|&s| !s.is_multiple_of(self.stride) && s != newest)
                .filter(|&s| !(spares_events && self.is_around_event(s)))
                .collect();
            for s in go {
                self.bytes -= self.kept.remove(&s).unwrap_or(0);
                dropped.push(s);
            }
            if !spares_events && self.stride > newest.saturating_mul(4) {
                break;
            }
        }
        dropped
    }

    /// Forgets what is after a step, for a run that goes on from there; gives those steps.
    pub fn truncate(&mut self, step: u64) -> Vec<u64> {
        let gone = self.kept.split_off(&(step + 1));
        self.bytes -= gone.values().sum::<u64>();
        self.events.retain(|&e| e <= step);
        gone.into_keys().collect()
    }

    fn is_around_event(&self, step: u64) -> bool {
        let reach = AROUND * self.base;
        let after = self.events.partition_point(|&e| e + reach < step);
        self.events.get(after).is_some_and(|&e| e <= step + reach)
    }
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

    #[test]
    fn nothing_but_events_is_thinned_too() {
        let mut kept = Cadence::new(10, 5);
        for step in (0..400).step_by(10) {
            kept.protect(step);
            kept.add(step, 1);
            assert!(kept.bytes() <= 5 || kept.steps().count() <= 3, "{kept:?}");
        }
    }

    #[test]
    fn what_is_after_a_step_can_be_forgotten() {
        let mut kept = Cadence::new(10, 1000);
        (0..=50).step_by(10).for_each(|s| drop(kept.add(s, 7)));
        assert_eq!(kept.truncate(25), [30, 40, 50]);
        assert_eq!(kept.bytes(), 21);
        assert!(kept.is_due(30) && !kept.is_due(20));
    }
}
