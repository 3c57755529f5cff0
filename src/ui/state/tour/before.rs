//! What was there before the tour, and how it comes back.

use std::path::PathBuf;

use crate::figure::camera::Camera;
use crate::lesson::Lesson;
use crate::record::pen::Drawn;
use crate::record::setting::{BasisMode, Logged};
use crate::record::status::Activity;
use crate::scenario::{Pace, Scenario};
use crate::session::command::Command;
use crate::session::visit::{ReplayPlan, Visit};
use crate::ui::state::AppState;
use crate::ui::state::marked::Marked;
use crate::ui::state::prefs::Prefs;
use crate::ui::state::screen::Screen;
use crate::ui::state::story::Story;
use crate::ui::state::undo::Undo;
use crate::ui::state::visiting::Visiting;

/// What was there before the tour.
pub(super) struct Before {
    story: Story,
    draft: Scenario,
    undo: Undo,
    prefs: Prefs,
    cameras: [Camera; 2],
    marked: Marked,
    pace: Pace,
    lesson: Lesson,
    run: Option<RunBefore>,
}

/// The run that was on.
struct RunBefore {
    scenario: Scenario,
    log: Vec<Logged>,
    step: u64,
    /// What was drawn in it.
    drawn: Drawn,
    axes: Option<(u64, BasisMode)>,
    /// Its folder, where it was being saved.
    folder: Option<PathBuf>,
    /// Whether it trained, or waited for its story.
    is_on: bool,
}

/// A run that is on its way back: that of before the tour, or the story of before a "what if".
pub struct Returning {
    /// The run in whose place it comes.
    pub(in crate::ui::state) from: Option<u64>,
    pub(in crate::ui::state) story: Story,
    pub(in crate::ui::state) draft: Scenario,
    pub(in crate::ui::state) undo: Undo,
    pub(in crate::ui::state) lesson: Lesson,
    /// What was drawn in the run that is trained again.
    pub(in crate::ui::state) drawn: Drawn,
}

impl AppState {
    /// Everything that the tour puts back.
    pub(super) fn before_tour(&mut self) -> Before {
        let screen = self.screen();
        let known = &self.run;
        let run = known.info.as_ref().filter(|_| !known.is_building).map(|info| RunBefore {
            scenario: info.scenario.clone(),
            log: known.log.clone(),
            step: known.step(),
            drawn: known.drawn.clone(),
            axes: (screen.axes != Screen::default().axes || screen.axes_since > 0)
                .then_some((screen.axes_since, screen.axes)),
            // What could not be saved lacks its newest steps.
            folder: known.saving.folder.clone().filter(|_| known.saving.failure.is_none()),
            is_on: matches!(
                known.trainer.activity,
                Activity::Running | Activity::WarmingUp | Activity::Waiting
            ) && known.failure.is_none(),
        });
        Before {
            story: Story { name: self.story.name.clone(), scenario: self.story.scenario.clone() },
            draft: self.draft.clone(),
            undo: std::mem::take(&mut self.undo),
            prefs: self.prefs.clone(),
            cameras: self.panes.map.cameras,
            marked: self.marked,
            pace: self.run.trainer.pace,
            lesson: self.run.lesson.clone(),
            run,
        }
    }

    /// Leaves the tour: the run, the settings and the view of before come back.
    pub fn leave_tour(&mut self) {
        let Some(before) = self.end_tour() else { return };
        let Before { story, draft, undo, marked, pace, lesson, run, .. } = before;
        (self.story, self.draft, self.marked) = (story, draft, marked);
        self.run.failure = None;
        let from = self.run.info.as_ref().map(|info| info.run);
        let Some(run) = run else {
            // It was not there yet.
            self.undo = undo;
            self.restart_as_set();
            self.set_pace(pace);
            return;
        };
        let mut drawn = Drawn::default();
        match run.folder.filter(|_| run.step > 0) {
            // A save has its strokes.
            Some(folder) => self.ask(Command::Resume(folder)),
            None => {
                drawn = run.drawn;
                let (step, log, keep) = (run.step, run.log, drawn.steps());
                let way = ReplayPlan { step, log, axes: run.axes, keep };
                self.visiting = Some(Visiting { step: run.step, pinned: None, before: from });
                self.ask(Command::Visit(Box::new(Visit { scenario: run.scenario, way })));
            }
        }
        self.returning = Some(Box::new(Returning {
            from,
            story: Story { name: self.story.name.clone(), scenario: self.story.scenario.clone() },
            draft: self.draft.clone(),
            undo,
            lesson,
            drawn,
        }));
        self.goes_on = run.is_on.then_some(from);
        self.run.expect_run();
        self.set_pace(pace);
    }

    /// Ends the tour for something else that begins in its place: the view of before comes back, the
    /// run of before stays on the shelf.
    pub fn drop_tour(&mut self) {
        self.end_tour();
    }

    fn end_tour(&mut self) -> Option<Before> {
        let touring = self.touring.take()?;
        self.prefs.tour.page = touring.page;
        self.prefs = self.prefs.with_view_of(&touring.before.prefs);
        self.panes.map.cameras = touring.before.cameras;
        (self.player.playback, self.player.loop_range) = (None, None);
        (self.visiting, self.goes_on) = (None, None);
        self.ask(Command::Keep(true));
        self.ask(Command::Tell(self.prefs.mode));
        self.run.lesson.set_mode(self.prefs.mode);
        Some(touring.before)
    }

    /// What is kept between starts: while the tour is on, the view of before it, and of the panes what
    /// the reader chose.
    pub fn kept_prefs(&self) -> Prefs {
        let mut prefs = self.prefs.clone();
        if let Some(touring) = &self.touring {
            prefs = prefs.with_view_of(&touring.before.prefs);
            prefs.tour.page = touring.page;
        }
        prefs.arrangement = self.own_arrangement(&prefs.arrangement).clone();
        prefs
    }

    /// Puts everything of before the tour back once its run is there.
    pub fn return_from_tour(&mut self) {
        let now = self.run.info.as_ref().map(|info| info.run);
        if self.comparison.is_some()
            || self.returning.as_ref().is_none_or(|returning| returning.from == now)
        {
            return;
        }
        let Some(returning) = self.returning.take() else { return };
        let Returning { story, draft, undo, mut lesson, drawn, .. } = *returning;
        (self.story, self.draft, self.undo) = (story, draft, undo);
        lesson.set_mode(self.prefs.mode);
        self.run.lesson = lesson;
        self.draw_again(drawn);
    }
}
