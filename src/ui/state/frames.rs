//! Pictures of earlier steps, so that the timeline can go back to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::archive::Cadence;
use crate::record::event::Event;
use crate::record::snapshot::Snapshot;
use crate::session::recorder::{Budgets, KEYFRAME_STEPS};

/// Kept pictures of a run, in memory.
#[derive(Clone)]
pub struct FrameStore {
    cadence: Cadence,
    frames: BTreeMap<u64, Arc<Snapshot>>,
    /// Whether they come from a save, where some may have been left out before.
    is_saved: bool,
}

impl Default for FrameStore {
    fn default() -> Self {
        Self::new(Budgets::default().keyframes)
    }
}

impl FrameStore {
    /// No pictures yet, of which `budget` bytes may be kept. The trainer decides at which steps they
    /// are made; this only thins them.
    pub fn new(budget: u64) -> Self {
        let cadence = Cadence::new(KEYFRAME_STEPS, budget);
        Self { cadence, frames: BTreeMap::new(), is_saved: false }
    }

    /// The same for a run that goes on from a save: steps that its pictures leave out were thinned.
    pub fn of_saved(budget: u64) -> Self {
        Self { is_saved: true, ..Self::new(budget) }
    }

    /// Keeps a picture; older ones may go for it.
    pub fn keep(&mut self, frame: Arc<Snapshot>) {
        let (step, bytes) = (frame.step, frame.bytes() as u64);
        let gone = match self.is_saved {
            true => self.cadence.refill(step, bytes),
            false => self.cadence.add(step, bytes),
        };
        self.frames.insert(frame.step, frame);
        for step in gone {
            self.frames.remove(&step);
        }
    }

    /// What is around an event stays.
    pub fn protect(&mut self, event: &Event) {
        if let Some(step) = event.kept_step() {
            self.cadence.protect(step);
        }
    }

    /// Keeps a picture that was drawn into, unless its step has one.
    pub fn keep_drawn(&mut self, frame: &Arc<Snapshot>) {
        self.cadence.protect(frame.step);
        if !self.frames.contains_key(&frame.step) {
            self.keep(frame.clone());
        }
    }

    /// The newest picture that is not after a step, or the first one.
    pub fn at(&self, step: u64) -> Option<&Arc<Snapshot>> {
        let before = self.frames.range(..=step).next_back();
        before.or_else(|| self.frames.iter().next()).map(|(_, frame)| frame)
    }

    /// The newest picture before a step.
    pub fn before(&self, step: u64) -> Option<&Arc<Snapshot>> {
        self.frames.range(..step).next_back().map(|(_, frame)| frame)
    }

    /// The oldest picture after a step.
    pub fn after(&self, step: u64) -> Option<&Arc<Snapshot>> {
        self.frames.range(step + 1..).next().map(|(_, frame)| frame)
    }

    /// All pictures, their steps rising.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Snapshot>> {
        self.frames.values()
    }

    /// Steps of all pictures, rising.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.frames.keys().copied()
    }

    /// Steps between two pictures in the thinned part; `None` while nothing was thinned.
    pub fn thinned_to(&self) -> Option<u64> {
        self.cadence.is_thinned().then(|| self.cadence.stride())
    }

    /// Bytes of all pictures, and the budget.
    pub fn bytes(&self) -> (u64, u64) {
        (self.cadence.bytes(), self.cadence.budget())
    }

    /// The same run up to a step.
    pub fn until(mut self, step: u64) -> Self {
        self.cadence.truncate(step);
        self.frames.retain(|&s, _| s <= step);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(step: u64) -> Arc<Snapshot> {
        Arc::new(Snapshot { run: 1, step, lanes: Vec::new() })
    }

    #[test]
    fn the_picture_of_a_step_is_the_kept_one_before_it() {
        let mut record = FrameStore::default();
        [0, 20, 40].into_iter().for_each(|s| record.keep(frame(s)));
        assert_eq!(record.at(39).map(|f| f.step), Some(20));
        assert_eq!(record.at(40).map(|f| f.step), Some(40));
        assert_eq!(record.at(999).map(|f| f.step), Some(40));
        assert_eq!(record.before(40).map(|f| f.step), Some(20));
        assert_eq!(record.after(0).map(|f| f.step), Some(20));
        assert!(record.before(0).is_none() && record.after(40).is_none());
        assert!(record.thinned_to().is_none());
        assert_eq!(record.until(25).steps().collect::<Vec<_>>(), [0, 20]);
    }

    #[test]
    fn a_saved_run_says_that_its_pictures_were_thinned() {
        let keep = |mut record: FrameStore, steps: &[u64]| {
            steps.iter().for_each(|&step| record.keep(frame(step)));
            record.thinned_to()
        };
        let (saved, new) = (|| FrameStore::of_saved(1 << 20), || FrameStore::new(1 << 20));
        let thinned = [0, 100, 170, 200, 300, 310];
        assert_eq!(keep(saved(), &thinned), Some(100));
        assert_eq!(keep(saved(), &[0, 13, 25, 50, 60]), None);
        // Files of another program come at steps of their own.
        assert_eq!(keep(new(), &thinned), None);
    }
}
