//! Looking back: pinned steps, the playback of a recording, and forks.

use crate::ui::state::AppState;
use crate::words;

/// A replay that takes longer than this is announced before it begins, in seconds.
const LONG_REPLAY: f64 = 3.0;

/// Recorded steps a second at which a recording is played back, unless another pace is chosen.
pub const RATE: f64 = 60.0;

/// A fork that was asked for and waits for an answer, because the way there is long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForkWish {
    /// The step.
    pub step: u64,
    /// Steps that are trained again to get there.
    pub steps: u64,
    /// Seconds that they take, where it is known how long one takes.
    pub seconds: Option<f64>,
}

/// A recording that is being played back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playback {
    /// Recorded steps a second.
    pub rate: f64,
    /// Where it is, in steps.
    pub at: f64,
    /// Whether it begins again at its end.
    pub is_loop: bool,
}

/// How the recording is played back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Player {
    /// A recording that is being played back.
    pub playback: Option<Playback>,
    /// Recorded steps a second of a playback.
    pub rate: f64,
    /// The part of the recording that is played in a loop.
    pub loop_range: Option<(u64, u64)>,
}

impl Default for Player {
    fn default() -> Self {
        Self { playback: None, rate: RATE, loop_range: None }
    }
}

impl AppState {
    /// Shows the kept picture of a step, or of the nearest one before it, while training goes on.
    pub fn pin(&mut self, step: u64) {
        self.run.pin(step);
    }

    /// Shows the step of an event; the newest one is followed.
    pub fn pin_event(&mut self, step: u64) {
        self.player.playback = None;
        if step >= self.run.step() { self.follow() } else { self.pin(step) }
    }

    /// The kept picture before the shown step; `many` goes back ten.
    pub fn pin_before(&mut self, many: bool) {
        for _ in 0..if many { 10 } else { 1 } {
            let shown = self.run.shown_step();
            // From the live picture the first step back is to the newest kept one.
            let Some(step) = self.run.frames.before(shown).map(|f| f.step) else { return };
            self.pin(step);
        }
    }

    /// The kept picture after the shown step; after the last one, the run is followed again.
    pub fn pin_after(&mut self, many: bool) {
        for _ in 0..if many { 10 } else { 1 } {
            match self.run.frames.after(self.run.shown_step()).map(|f| f.step) {
                Some(step) => self.pin(step),
                None => return self.follow(),
            }
        }
    }

    /// One step is trained; from a pinned step the next kept one is shown.
    pub fn forward(&mut self, many: bool) {
        if self.run.is_pinned {
            self.pin_after(many);
        } else if self.run.stage().has_controls() {
            self.step_once();
        }
    }

    /// Shows a step that was chosen on the timeline; the newest one is followed.
    pub fn look(&mut self, step: u64) {
        let loop_range = &mut self.player.loop_range;
        *loop_range = loop_range.filter(|(from, to)| (*from..=*to).contains(&step));
        self.pin_event(step);
    }

    /// Recorded steps a second of this playback and of those after it.
    pub fn set_playback_rate(&mut self, rate: f64) {
        self.player.rate = rate;
        if let Some(playback) = &mut self.player.playback {
            playback.rate = rate;
        }
    }

    /// The first kept picture.
    pub fn pin_first(&mut self) {
        self.pin(0);
    }

    /// Follows the run again; saved runs stay at their last step.
    pub fn follow(&mut self) {
        self.player.playback = None;
        match self.comparison {
            Some(_) => self.run.pin(u64::MAX),
            None => self.run.unpin(),
        }
    }

    /// Starts to play the recording back from the shown step, or from its start; or stops it.
    pub fn toggle_playback(&mut self) {
        self.player.playback = match self.player.playback {
            Some(_) => None,
            None => {
                let (first, last) = self.playback_range();
                let shown = self.run.shown_step();
                let is_at_end = !self.run.is_pinned || shown >= last || shown < first;
                let from = if is_at_end { first } else { shown };
                self.pin(from);
                let (rate, is_loop) = (self.player.rate, self.player.loop_range.is_some());
                Some(Playback { rate, at: from as f64, is_loop })
            }
        };
    }

    /// First and last step of what is played back.
    fn playback_range(&self) -> (u64, u64) {
        let last = self.run.frames.steps().next_back().unwrap_or(0);
        self.player.loop_range.map_or((0, last), |(from, to)| (from.min(last), to.min(last)))
    }

    /// Moves a playback on by `seconds`.
    pub fn advance_playback(&mut self, seconds: f64) {
        let Some(mut playback) = self.player.playback else { return };
        let (first, last) = self.playback_range();
        playback.at += seconds * playback.rate;
        if playback.at > last as f64 {
            if !playback.is_loop || last <= first {
                self.player.playback = None;
                self.pin(last);
                return;
            }
            playback.at = first as f64;
        }
        self.pin(playback.at as u64);
        self.player.playback = Some(playback);
    }

    /// Asks for a fork of the shown step; a long way there is announced first, and so is one that
    /// nobody knows the speed of.
    pub fn ask_to_fork(&mut self) {
        if !self.run.can_fork() {
            self.run.notice = Some(words!("notice-this-run-is-not-saved").into());
            return;
        }
        let step = self.run.shown_step();
        let wish = self.way_to(step);
        if wish.steps > 0 && wish.seconds.is_none_or(|seconds| seconds > LONG_REPLAY) {
            self.cards.fork_wish = Some(wish);
        } else {
            self.fork(step);
        }
    }

    /// The way to a step from the checkpoint before it.
    fn way_to(&self, step: u64) -> ForkWish {
        let checkpoints = &self.run.saving.checkpoints;
        let from = checkpoints.iter().rev().find(|&&c| c <= step).copied().unwrap_or(0);
        let steps = step - from;
        let seconds = self.run.trainer.seconds_per_step.map(|each| each * steps as f64);
        ForkWish { step, steps, seconds }
    }
}
