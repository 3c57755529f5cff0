//! The way back from a "what if" before a room: with one key the story stands where it was left.

use crate::lesson::Lesson;
use crate::record::status::Activity;
use crate::session::command::Command;
use crate::session::visit::{ReplayPlan, Visit};
use crate::ui::state::AppState;
use crate::ui::state::story::Story;
use crate::ui::state::tour::Returning;
use crate::ui::state::visiting::Visiting;
use crate::words;

impl AppState {
    /// Trains the story as it is written to where it was left for something by hand; what was told and
    /// guessed until there stays. Where nothing was changed it follows the run.
    pub fn back_to_where_it_was_left(&mut self) {
        if !self.run.stage().has_controls() || self.run.is_building {
            return;
        }
        let story = self.story.scenario.clone();
        let is_restarted = *self.running() != story;
        let before = self.run.before.as_ref().map(|before| before.history.step);
        let step = match (self.run.log.first(), is_restarted) {
            (_, true) => before.unwrap_or_else(|| self.run.step()),
            (Some(first), false) => first.step,
            (None, false) => {
                self.toast = Some(words!("present-is-as-written").into());
                return self.follow();
            }
        };
        let step = step.min(story.steps);
        let mode = self.run.lesson.mode();
        let mut lesson = self.run.lesson.clone();
        match is_restarted {
            // It was told from its beginning again.
            true => lesson = Lesson::late(&story, mode),
            false => lesson.rewind(step),
        }
        let from = self.run.info.as_ref().map(|info| info.run);
        let is_on = self.run.is_running() || self.run.trainer.activity == Activity::Waiting;
        self.draft = story.clone();
        self.forget_changes();
        if step == 0 {
            self.restart_as_set();
        } else {
            let way = ReplayPlan { step, ..ReplayPlan::default() };
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
        }));
    }
}
