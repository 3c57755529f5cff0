//! The course of a run, as the timeline is given it: curves, marks, and where one can go.

use crate::analysis::history::History;
use crate::lesson::Lesson;
use crate::record::judgement::Rule;
use crate::scenario::LaneId;
use crate::ui::panes::{WindowCtx, counted};
use crate::ui::state::displayed::Displayed;

/// What the timeline is given.
pub struct Course<'a> {
    /// What is looked at, and the step that is shown.
    pub shown: Displayed<'a>,
    /// Whether the window stays at that step.
    pub is_pinned: bool,
    /// Curves and marks.
    pub history: &'a History,
    /// What the axes are chosen for.
    pub of_axes: &'a History,
    /// Curves of other runs, from a step on: of the one that this was forked from, and of the one before
    /// a restart.
    pub others: Vec<(&'a History, u64)>,
    /// Steps that can be looked at, rising.
    pub kept: Vec<u64>,
    /// What the story says and asks.
    pub lesson: &'a Lesson,
    /// The steps of the story.
    pub of_story: u64,
    /// The part that is played in a loop.
    pub loop_range: Option<(u64, u64)>,
    /// What "in use" means; as the window counts, or the file, without one.
    pub rule: Option<Rule>,
}

impl<'a> Course<'a> {
    /// The course of the run that a window shows.
    pub fn of(window: &WindowCtx<'a>) -> Self {
        let run = window.run;
        let parent = run.parent.as_ref().map(|(parent, step)| (&**parent, *step));
        let before = run.before.as_ref().map(|before| (&*before.history, 0));
        Self {
            shown: run.displayed(),
            is_pinned: run.is_pinned,
            history: &run.history,
            of_axes: run.history_of_axes(),
            others: parent.into_iter().chain(before).collect(),
            kept: run.frames.steps().collect(),
            lesson: &run.lesson,
            of_story: window.running.steps,
            loop_range: window.player.loop_range,
            rule: counted::of_curve(&run.lesson, window.prefs.counted_by),
        }
    }

    /// The last step that there is room for.
    pub fn last(&self) -> u64 {
        let others = self.others.iter().map(|(other, _)| other.step);
        others.fold(self.of_story.max(self.of_axes.step), u64::max).max(1)
    }

    /// The last step of a lane without quantization, in which no code is chosen; a file has none,
    /// whatever its step.
    pub fn warmup(&self, id: LaneId) -> Option<u64> {
        self.shown
            .stage
            .terms()
            .has_methods
            .then(|| self.shown.spec(id).map_or(0, |spec| spec.warmup))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::status::Activity;
    use crate::ui::fixture;

    #[test]
    fn a_file_has_no_warmup_whatever_its_step() {
        let mut state = fixture::collapse();
        assert_eq!(Course::of(&state.panes().1).warmup(LaneId::A), Some(0));
        state.run.trainer.activity = Activity::Watching;
        assert_eq!(Course::of(&state.panes().1).warmup(LaneId::A), None);
    }
}
