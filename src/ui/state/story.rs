//! The story as it was read, and how it wants to be shown.

use crate::lesson::Lesson;
use crate::scenario::Scenario;
use crate::text::shown;
use crate::ui::layout::arrangement::Arrangement;
use crate::ui::state::AppState;
use crate::words;

/// A story.
pub struct Story {
    /// Its name: a built-in one or a path.
    pub name: String,
    /// What it says.
    pub scenario: Scenario,
}

impl Story {
    /// Whether a draft says something else.
    pub fn is_changed(&self, draft: &Scenario) -> bool {
        *draft != self.scenario
    }

    /// Whether nothing but the seed of a draft differs.
    pub fn has_other_seed_alone(&self, draft: &Scenario) -> bool {
        Scenario { seed: self.scenario.seed, ..draft.clone() } == self.scenario
    }
}

/// What a story is called. Many a title says how the story ends, so while a question waits no title stands
/// anywhere.
pub fn called<'a>(scenario: &'a Scenario, lesson: &Lesson) -> &'a str {
    match lesson.covers_others() {
        true => words!("lesson-question-waits"),
        false => scenario.title.spoken(),
    }
}

/// An arrangement of panes that was replaced by a story's.
pub struct Replaced {
    own: Arrangement,
    of_story: Arrangement,
}

impl AppState {
    /// What the window is called.
    pub fn window_title(&self) -> String {
        format!("vqscope - {}", shown(called(&self.story.scenario, &self.run.lesson)))
    }

    /// Shows the panes as the story wants it, once it begins. The reader's own arrangement comes back
    /// with the next story that wants none, unless another one was chosen by then.
    pub fn arrange(&mut self) {
        let own = self.own_arrangement(&self.prefs.arrangement).clone();
        self.replaced = None;
        self.prefs.arrangement = match &self.story.scenario.view {
            Some(view) => {
                let of_story = Arrangement::from(view);
                self.replaced = Some(Replaced { own, of_story: of_story.clone() });
                of_story
            }
            None => own,
        };
    }

    /// The reader's own arrangement, where this one is shown. A pane that is enlarged for a moment makes
    /// what a story hides no choice of the reader's.
    pub fn own_arrangement<'a>(&'a self, shown: &'a Arrangement) -> &'a Arrangement {
        match &self.replaced {
            Some(replaced) if replaced.of_story.hidden == shown.hidden => &replaced.own,
            _ => shown,
        }
    }
}
