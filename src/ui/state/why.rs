//! What the sentences under the heads say: what came of the newest change by hand, and why codes live
//! and die.

use crate::analysis::why::{Sentence, Shown, of_change, of_restart, sentences};
use crate::record::event::{Event, EventKind};
use crate::ui::layout::arrangement::Part;
use crate::ui::state::AppState;
use crate::ui::state::run_model::RunModel;

/// Seconds for which sentences stand while training goes on, so that they can be read.
const STANDS: f64 = 0.5;

/// What sentences depend on: the count of pictures, and what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Of {
    generation: u64,
    asked: Asked,
}

/// Whether the three are asked for, whether a question waits, whether a run before is there, and how many
/// changes by hand are told.
type Asked = (bool, bool, bool, usize);

/// Sentences as they stand, and since when.
#[derive(Default)]
pub struct Why {
    shown: Vec<Sentence>,
    /// Count of the pictures that they were worked out from, and what was asked for.
    of: Option<Of>,
    age: f64,
}

impl Why {
    /// Them.
    pub fn shown(&self) -> &[Sentence] {
        &self.shown
    }
}

impl RunModel {
    /// What came of the newest change by hand, or of the settings that this run began with.
    fn of_change(&self) -> Option<Sentence> {
        // What other runs came to would give an answer away.
        if self.lesson.covers_others() {
            return None;
        }
        let now = self.shown_step();
        let newest = self.log.last().filter(|_| self.log.len() > self.told_of);
        if let Some(logged) = newest.filter(|logged| logged.step < now) {
            let is_its =
                |event: &&Event| event.step == logged.step && event.kind == EventKind::Change;
            let event = self.history.events.iter().rev().find(is_its)?;
            return of_change(&event.sentence(), logged.step, now, &self.history);
        }
        let before = self.before.as_ref().filter(|_| newest.is_none())?;
        of_restart(&before.what, now, &before.history, &self.history)
    }

    /// Tells no more of what was changed by hand, and puts the run before away.
    pub fn put_away_change(&mut self) {
        self.told_of = self.log.len();
        self.before = None;
    }
}

impl AppState {
    /// The sentences that stand under the heads.
    pub fn sentences(&self) -> &[Sentence] {
        &self.why.shown
    }

    /// What came of the newest change by hand, or of the settings that this run began with.
    pub fn told_of_change(&self) -> Option<&Sentence> {
        self.sentences().iter().find(|sentence| sentence.is_of_a_change())
    }

    /// Works the sentences out anew, as often as they can be read.
    pub fn reflect(&mut self, seconds: f64) {
        self.why.age += seconds;
        let has_three = self.layers().sentences;
        let is_covered = self.run.lesson.covers_everything();
        let (log, told) = (self.run.log.len(), self.run.told_of);
        let (waits, before) = (self.run.lesson.covers_others(), self.run.before.is_some());
        let of = Of {
            generation: self.run.generation,
            asked: (has_three, waits, before, log - told.min(log)),
        };
        let is_moving = self.run.is_running() && !self.run.is_pinned;
        let known = self.why.of;
        let is_other = known.map(|known| known.asked) != Some(of.asked);
        if known == Some(of) || (is_moving && !is_other && self.why.age < STANDS) {
            return;
        }
        let change = self.run.of_change();
        let three = match &self.run.snapshot {
            Some(snapshot) if has_three && !is_covered => sentences(&snapshot.lanes),
            _ => Vec::new(),
        };
        self.why = Why { shown: change.into_iter().chain(three).collect(), of: Some(of), age: 0.0 };
    }

    /// Shows what a sentence speaks of.
    pub fn show_what_is_said(&mut self, shown: Shown) {
        match shown {
            Shown::Code(lane, code) => {
                if self.closely().pinned != Some((lane, code)) {
                    self.pin_code(Some((lane, code)));
                }
            }
            Shown::Difference => self.prefs.layers.difference = true,
            Shown::Step(step) => self.look(step),
            Shown::Before => {
                self.prefs.arrangement.show(Part::Timeline, true);
                self.prefs.arrangement.enlarged = None;
            }
        }
    }
}
