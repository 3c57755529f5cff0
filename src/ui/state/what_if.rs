//! The way back from a "what if" before a room: with one key the story stands where it was left.

use crate::lesson::Lesson;
use crate::record::event::Fact;
use crate::record::pen::Drawn;
use crate::record::status::Activity;
use crate::scenario::Scenario;
use crate::session::command::Command;
use crate::session::visit::{ReplayPlan, Visit};
use crate::ui::state::AppState;
use crate::ui::state::story::Story;
use crate::ui::state::tour::Returning;
use crate::ui::state::visiting::Visiting;
use crate::words;

/// Where the story's own run was left for something by hand, once another one stands in its place.
pub struct Left {
    story: Scenario,
    step: u64,
    /// What was told and guessed in it.
    lesson: Lesson,
    /// What was drawn in it.
    drawn: Drawn,
}

impl AppState {
    /// Where the run was left for the first setting by hand; none where there is no such setting.
    fn left_at(&self) -> Option<u64> {
        self.run.log.first().map(|first| first.step)
    }

    /// Notes where the story's own run is left, before one with other settings begins in its place.
    pub(super) fn leave_story(&mut self) {
        let story = &self.story.scenario;
        let is_own = self.run.info.is_some() && self.running() == story;
        // The tour puts back what was there before it.
        if !is_own || self.draft == *story || self.touring().is_some() {
            return;
        }
        self.left = Some(Left {
            story: story.clone(),
            step: self.left_at().unwrap_or_else(|| self.run.step()),
            lesson: self.run.lesson.clone(),
            drawn: self.run.drawn.clone(),
        });
    }

    /// Forgets where the story was left, once its own run is there again.
    pub(super) fn find_story(&mut self) {
        if self.touring().is_none() && *self.running() == self.story.scenario {
            self.left = None;
        }
    }

    /// Trains the story as it is written to where it was left for something by hand; what was told and
    /// guessed until there stays. Where nothing was changed it follows the run.
    pub fn back_to_where_it_was_left(&mut self) {
        if !self.run.stage().has_controls() || self.run.is_building {
            return;
        }
        let story = self.story.scenario.clone();
        let is_restarted = *self.running() != story;
        let mode = self.run.lesson.mode();
        let rewound = |lesson: &Lesson, step: u64| {
            let mut lesson = lesson.clone();
            lesson.rewind(step.min(story.steps));
            lesson
        };
        let run = &self.run;
        let left = self.left.as_ref().filter(|left| left.story == story);
        let (step, lesson, drawn) = match (left, self.left_at(), is_restarted) {
            (Some(left), _, true) => (left.step, rewound(&left.lesson, left.step), &left.drawn),
            // It was opened with other settings than those of its story.
            (None, _, true) => (run.step(), Lesson::late(&story, mode), &Drawn::default()),
            (_, Some(step), false) => (step, rewound(&run.lesson, step), &run.drawn),
            (_, None, false) => {
                self.toast = Some(words!("present-is-as-written").into());
                return self.follow();
            }
        };
        let step = step.min(story.steps);
        let drawn = drawn.until(step);
        let from = self.run.info.as_ref().map(|info| info.run);
        let is_on = self.run.is_running() || self.run.trainer.activity == Activity::Waiting;
        self.draft = story.clone();
        self.forget_changes();
        if step == 0 {
            self.restart_as_set();
        } else {
            let way = ReplayPlan { step, keep: drawn.steps(), ..ReplayPlan::default() };
            self.ask(Command::Visit(Box::new(Visit { scenario: story.clone(), way })));
            self.ask(Command::SetBasis(self.prefs.basis));
            self.visiting = Some(Visiting { step, pinned: None, before: from });
            self.goes_on = is_on.then_some(from);
            self.run.expect_run();
        }
        let name = self.story.name.clone();
        self.returning = Some(Box::new(Returning {
            from,
            story: Story { name, scenario: story.clone() },
            draft: story,
            undo: Default::default(),
            lesson,
            drawn,
        }));
    }

    /// Takes over what was drawn in a run that was trained again.
    pub(super) fn draw_again(&mut self, drawn: Drawn) {
        for (step, stroke) in drawn.into_strokes() {
            self.note_drawn(Fact::Drawn { step, stroke: Some(stroke) }, None);
        }
    }
}
