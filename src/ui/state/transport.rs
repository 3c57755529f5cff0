//! Play, pause, restart, fork and go on: what is asked of the trainer.

use std::path::Path;

use crate::archive::shelf;
use crate::lesson::Waiting;
use crate::record::setting::BasisMode;
use crate::record::status::Activity;
use crate::scenario::{LaneId, Pace, Scenario, demos, parse};
use crate::session::command::{Command, GoOn};
use crate::ui::state::AppState;
use crate::ui::state::marked::Target;
use crate::ui::state::settings::needs_restart;
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::state::undo::Undo;
use crate::words;

impl AppState {
    /// Play, or pause.
    pub fn toggle_play(&mut self) {
        // Nothing plays on before somebody says how.
        if self.run.failure.is_some() {
            self.cards.is_failure_closed = false;
            return;
        }
        if self.run.trainer.activity == Activity::Waiting {
            self.go_on_telling();
            return;
        }
        let is_running = self.run.is_running();
        self.outbox.push(if is_running { Command::Pause } else { Command::Play });
        // Shown at once; the trainer's own report follows.
        self.run.trainer.activity = if is_running { Activity::Paused } else { Activity::Running };
    }

    /// One step, then paused; whether it is asked for.
    pub fn step_once(&mut self) -> bool {
        if self.run.failure.is_some() {
            self.cards.is_failure_closed = false;
            return false;
        }
        // A step would show what is to be guessed.
        if self.run.lesson.waits() == Some(Waiting::Guess) {
            self.toast = Some(words!("lesson-guess-first").into());
            return false;
        }
        self.run.trainer.activity = Activity::Paused;
        self.outbox.push(Command::StepOnce);
        true
    }

    /// The next stage of the step that is shown slowly; after its last one the first of the next step,
    /// which is made for it.
    pub fn next_stage(&mut self) {
        let is_seen = self.layers().slow;
        self.prefs.layers.slow = true;
        match self.run.slow_stage.next() {
            _ if self.is_step_told() && !is_seen => {}
            Some(next) if self.is_step_told() => self.run.slow_stage = next,
            _ => {
                if self.step_once() {
                    self.follow();
                    self.run.slow_stage = SlowStage::default();
                }
            }
        }
    }

    /// The stage before it.
    pub fn stage_before(&mut self) {
        let is_seen = self.layers().slow;
        self.prefs.layers.slow = true;
        if is_seen && self.is_step_told() {
            self.run.slow_stage = self.run.slow_stage.before().unwrap_or_default();
        }
    }

    /// Whether the numbers of the step that is shown are there.
    fn is_step_told(&self) -> bool {
        let shown = self.run.shown_step();
        self.run.told.iter().any(|told| told.step == shown)
    }

    /// Goes back to a step of this run and stays there, paused, as a run of its own.
    pub fn fork(&mut self, step: u64) {
        self.player.playback = None;
        self.forget_way();
        self.outbox.push(Command::Fork { step });
    }

    /// Goes on with a saved run in the place of this one.
    pub fn resume(&mut self, folder: &Path) {
        self.drop_tour();
        self.player.playback = None;
        self.forget_way();
        self.back_to_live();
        self.outbox.push(Command::Resume(folder.into()));
        self.run.expect_run();
    }

    /// Says where the run goes on whose device failed.
    pub fn go_on(&mut self, on: GoOn) {
        let failure = self.run.failure.take();
        let Some(way_on) = failure.and_then(|failure| failure.way_on) else { return };
        self.player.playback = None;
        // Shown at once; the trainer's own report follows.
        self.run.trainer.activity = Activity::WarmingUp;
        self.outbox.push(Command::GoOn(on));
        // What goes on from a save is taken over from there.
        if way_on.step.is_some() {
            return;
        }
        if way_on.lost > 0 {
            self.draft = self.running().clone();
            self.undo = Undo::default();
        }
        // The way to a link's step has its own.
        if self.visiting.is_none() {
            self.outbox.push(Command::SetBasis(self.prefs.basis));
        }
    }

    /// Answers the question about a run that was cut off.
    pub fn answer_cut_off(&mut self, goes_on: bool) {
        let Some(run) = self.cards.cut_off.take() else { return };
        if goes_on {
            self.resume(&run.path);
        } else if let Err(error) = shelf::dismiss(&run.path) {
            self.run.notice = Some(error.to_string());
        }
    }

    /// Gives up what waits for an answer: a replay on its way, or a fork that was asked for.
    pub fn cancel(&mut self) {
        self.cards.fork_wish = None;
        if matches!(self.run.trainer.activity, Activity::Replaying { .. }) {
            self.outbox.push(Command::Cancel);
        }
    }

    /// Gives up the run that is being built, if one is; the one before comes back.
    pub fn give_up_building(&mut self) {
        if self.touring().is_some() {
            // The run before it may be one of another page.
            return self.leave_tour();
        }
        if self.run.is_building {
            self.forget_way();
            self.ask(Command::Cancel);
        }
    }

    /// Forgets where a run is on its way to, and what was to come back there, because another one begins
    /// in its place.
    fn forget_way(&mut self) {
        (self.visiting, self.returning, self.goes_on) = (None, None, None);
    }

    /// Steps per second from now on.
    pub fn set_pace(&mut self, pace: Pace) {
        self.run.trainer.pace = pace;
        self.outbox.push(Command::SetPace(pace));
    }

    /// How the axes of the maps are chosen.
    pub fn set_basis(&mut self, mode: BasisMode) {
        self.prefs.basis = mode;
        self.outbox.push(Command::SetBasis(mode));
    }

    /// Trains the story as it was written from step 0, with its own seed or the one after that of the
    /// run before. Settings made by hand leave the controls; Ctrl+Z brings them back there.
    pub fn restart_story(&mut self, with_next_seed: bool) {
        let mut story = self.story.scenario.clone();
        if with_next_seed {
            story.seed = self.running().seed.wrapping_add(1) & i64::MAX as u64;
        }
        let of_any_seed = |scenario: &Scenario| Scenario { seed: 0, ..scenario.clone() };
        if of_any_seed(&self.draft) != of_any_seed(&story) {
            self.toast = Some(words!("notice-the-story-starts-anew-as").into());
        }
        self.draft = story;
        self.leave_missing_lane();
        self.restart_as_set();
    }

    /// Whether the settings of the controls can train.
    ///
    /// # Errors
    /// Why not, in one sentence.
    pub fn check_draft(&self) -> Result<(), String> {
        self.draft.validate_with(self.host.machine_memory)
    }

    /// Trains the settings of the controls from step 0. A draft that cannot train is left alone; its
    /// panel says why.
    pub fn restart_as_set(&mut self) {
        if self.check_draft().is_err() {
            return;
        }
        self.leave_story();
        self.run.failure = None;
        self.forget_way();
        self.outbox.push(Command::Restart(Box::new(self.draft.clone())));
        self.outbox.push(Command::SetBasis(self.prefs.basis));
        self.live_run().expect_run();
    }

    /// Loads a built-in story and starts it.
    pub fn load(&mut self, name: &str) {
        let Some(scenario) = demos::text(name).and_then(|text| parse(text, name, &[]).ok()) else {
            return;
        };
        self.drop_tour();
        self.story.name = name.into();
        self.story.scenario = scenario;
        self.left = None;
        self.arrange();
        self.back_to_the_story();
    }

    /// Forgets what was changed by hand and starts the story anew.
    pub fn back_to_the_story(&mut self) {
        self.draft = self.story.scenario.clone();
        self.undo = Undo::default();
        self.panes.map.cameras = Default::default();
        self.leave_missing_lane();
        self.restart_as_set();
        self.set_pace(self.draft.pace);
    }

    /// Neither keys nor controls act on a lane that the draft does not have.
    fn leave_missing_lane(&mut self) {
        if self.draft.lanes.b.is_none() {
            self.marked.side = LaneId::A;
            self.marked.target = Target::Both;
        }
    }

    /// Whether anything was changed by hand.
    pub fn is_changed(&self) -> bool {
        self.story.is_changed(&self.draft)
    }

    /// Whether nothing but the seed differs from the story.
    pub fn has_other_seed_alone(&self) -> bool {
        self.story.has_other_seed_alone(&self.draft)
    }

    /// Whether the draft differs from what trains in something that needs a restart.
    pub fn is_armed(&self) -> bool {
        needs_restart(&self.draft, self.running())
    }
}
