//! The story as a lesson: when training waits for it, and what it is told.

use crate::lesson::answer::Answer;
use crate::lesson::{Mode, Waiting};
use crate::record::status::Activity;
use crate::scenario::{Told, demos};
use crate::session::command::Command;
use crate::ui::state::AppState;

impl AppState {
    /// Tells the story on by so many seconds, and has the trainer wait or go on for it.
    pub fn tell(&mut self, seconds: f64) {
        let is_told = self.run.stage().has_controls()
            && self.run.info.is_some()
            && self.run.live.is_some()
            && !self.run.is_building
            && self.comparison.is_none()
            && self.visiting.is_none();
        if !is_told {
            return;
        }
        self.begin_page();
        self.go_on_by_itself();
        self.run.has_input = self.closely().own.is_some();
        let waits = self.run.tell(seconds);
        self.follow_page();
        let guesses = self.run.lesson.take_guesses();
        guesses.into_iter().for_each(|fact| self.ask(Command::Note(Box::new(fact))));
        let halts = self.run.lesson.halts();
        if halts != self.run.halts {
            self.ask(Command::HaltAt(halts.clone()));
            self.run.halts = halts;
        }
        match self.run.trainer.activity {
            Activity::Running | Activity::WarmingUp if waits => {
                self.ask(Command::Wait);
                // Shown at once; the trainer's own report follows.
                self.run.trainer.activity = Activity::Waiting;
            }
            Activity::Waiting if !waits => {
                self.ask(Command::Play);
                self.run.trainer.activity = Activity::Running;
            }
            _ => {}
        }
    }

    /// How stories are told from now on.
    pub fn set_mode(&mut self, mode: Mode) {
        self.prefs.mode = mode;
        // A tour is told in its own way.
        if self.touring().is_some() {
            return;
        }
        self.run.lesson.set_mode(mode);
        self.ask(Command::Tell(mode));
    }

    /// A text of the story with its figures: those of the step that is shown, and those of the steps
    /// that it names.
    pub fn told(&self, text: &Told) -> String {
        self.run.told(text)
    }

    /// What the text of the story that stands there speaks of; nothing while somebody looks back, but in
    /// a tour, which says what it looks back at.
    pub fn lit_words(&self) -> &[String] {
        let lesson = &self.run.lesson;
        let beat = match self.tour_place() {
            Some(place) => place.beat.and_then(|number| lesson.beats().get(number)),
            None => lesson.current().filter(|_| !self.run.is_pinned).map(|(_, beat)| beat),
        };
        beat.map_or(&[], |beat| &beat.show)
    }

    /// Goes back to the text of the story before the one that is shown.
    pub fn beat_back(&mut self) {
        if self.touring().is_some() {
            return self.tour_back();
        }
        let shown = self.run.shown_step();
        let lesson = &self.run.lesson;
        let told = lesson.places().filter(|(number, ..)| lesson.was_told(*number));
        let mut before: Vec<u64> = told.map(|(_, at, _)| at).filter(|at| *at <= shown).collect();
        before.sort_unstable();
        before.dedup();
        // The text of a live run began at some step; the one before it is meant.
        if !self.run.is_pinned || before.last() == Some(&shown) {
            before.pop();
        }
        if let Some(&at) = before.last() {
            self.pin_event(at);
        }
    }

    /// Goes on to the next text of the story: to one that was told, or on with training.
    pub fn beat_forward(&mut self) {
        if self.touring().is_some() {
            return self.tour_forward();
        }
        if self.run.is_pinned {
            let shown = self.run.shown_step();
            let lesson = &self.run.lesson;
            let told = lesson.places().filter(|(number, ..)| lesson.was_told(*number));
            match told.map(|(_, at, _)| at).filter(|at| *at > shown).min() {
                Some(at) => self.pin_event(at),
                None => self.follow(),
            }
        } else if self.run.lesson.waits().is_some() {
            if self.run.lesson.has_stood() {
                self.run.lesson.skip();
            }
        } else if self.run.lesson.is_being_read() {
            self.run.lesson.read_on();
        } else if self.run.trainer.activity == Activity::Paused {
            self.toggle_play();
        }
    }

    /// Whether the card at the end of the story is there.
    pub fn is_end_shown(&self) -> bool {
        self.run.trainer.activity == Activity::Ended
            && self.run.stage().has_controls()
            && self.comparison.is_none()
            && !matches!(self.run.lesson.mode(), Mode::Free | Mode::Tour)
            && self.run.lesson.waits().is_none()
            && self.run.lesson.is_told_out()
            && self.run.info.as_ref().map(|info| info.run) != self.cards.end_closed
    }

    /// The story after this one in the order of teaching; after the last one, and after one that is not
    /// built in, the first.
    pub fn next_story(&self) -> &'static str {
        let mut all = demos::names().skip_while(|name| *name != self.story.name);
        all.nth(1).unwrap_or(demos::FIRST)
    }

    /// Guesses what the story asks for.
    pub fn guess(&mut self, answer: Answer) {
        self.run.lesson.guess(answer);
    }

    /// Goes on without what the story waits for.
    pub fn go_on_telling(&mut self) {
        if self.touring().is_some() {
            return self.tour_forward();
        }
        match self.run.lesson.waits() {
            Some(Waiting::Guess | Waiting::Done) => self.run.lesson.skip(),
            None => self.run.lesson.read_on(),
        }
    }
}
