//! Ways out of a divergence: back to before it with a smaller learning rate, or a restart.

use crate::record::event::{Event, EventKind};
use crate::record::setting::Setting;
use crate::record::status::Origin;
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::ui::state::AppState;
use crate::ui::state::marked::Target;

/// Steps before a divergence at which a fork begins.
pub const BACK: u64 = 200;

/// Part of the learning rate that a lane goes on with.
const PART: f64 = 3.0;

/// What became of a divergence in this window.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct WayOut {
    /// The run and the lane whose divergence the card says nothing of any more.
    closed: Option<(u64, LaneId)>,
    /// A fork on its way, and what is set in it.
    wish: Option<Wish>,
}

/// What is set once a run's fork is there.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Wish {
    run: u64,
    lane: LaneId,
    lr: f64,
}

/// A divergence with the way back from it.
#[derive(Clone, Debug, PartialEq)]
pub struct Diverged {
    /// The flag.
    pub event: Event,
    /// The lane.
    pub lane: LaneId,
    /// Steps trained where the fork begins.
    pub step: u64,
    /// The lane's learning rate there.
    pub lr: f64,
}

impl Diverged {
    /// The learning rate that the lane goes on with.
    pub fn smaller(&self) -> f64 {
        self.lr / PART
    }
}

impl AppState {
    /// The newest divergence of this run, unless its card was closed.
    pub fn diverged(&self) -> Option<Diverged> {
        let run = self.run.info.as_ref()?.run;
        let events = &self.run.history.events;
        let event = events.iter().rfind(|e| e.kind == EventKind::Diverged)?.clone();
        let lane = event.lane?;
        if self.comparison.is_some() || self.cards.way_out.closed == Some((run, lane)) {
            return None;
        }
        let step = event.step.saturating_sub(BACK);
        let kept = self.run.frames.at(step);
        let view = kept.and_then(|frame| frame.lanes.iter().find(|l| l.id == lane));
        let lr = view.map(|l| l.lr).or_else(|| self.run.spec(lane).map(|spec| spec.lr))?;
        Some(Diverged { event, lane, step, lr })
    }

    /// Closes the card of the newest divergence.
    pub fn close_divergence(&mut self) {
        if let (Some(info), Some(diverged)) = (&self.run.info, self.diverged()) {
            self.cards.way_out.closed = Some((info.run, diverged.lane));
        }
    }

    /// Goes back to before the newest divergence; the lane goes on from there with a part of its
    /// learning rate.
    pub fn back_before_divergence(&mut self) {
        let (Some(info), Some(diverged)) = (&self.run.info, self.diverged()) else { return };
        let (run, lane, lr) = (info.run, diverged.lane, diverged.smaller());
        self.cards.way_out =
            WayOut { closed: Some((run, lane)), wish: Some(Wish { run, lane, lr }) };
        self.fork(diverged.step);
    }

    /// Sets what was wished for the fork of a run once it is there, and trains on.
    pub fn go_way_out(&mut self) {
        let (Some(wish), Some(info)) = (self.cards.way_out.wish, &self.run.info) else { return };
        if info.run == wish.run {
            return;
        }
        self.cards.way_out.wish = None;
        // The fork may have been given up, or something else was started.
        if !matches!(info.origin, Origin::Fork { run, .. } if run == wish.run) {
            return;
        }
        let target = std::mem::replace(&mut self.marked.target, Target::One(wish.lane));
        self.set(Setting::Lr(wish.lr));
        self.marked.target = target;
        self.outbox.push(Command::Play);
    }
}
