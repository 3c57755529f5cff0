//! Detectors: what of a run deserves a flag, each with its definition, threshold and window.
//!
//! A detector sees the rows and evaluations of one lane in the order of their steps, and nothing
//! else, so that a flag depends on steps alone and never on when numbers are read back. Each raises
//! one flag an episode: it is ready again only once the opposite has lasted.

pub mod files;

use std::collections::VecDeque;

use crate::record::event::{Event, EventKind, Fact, Greatest, NotFinite, Share, Term};
pub use crate::record::judgement::{FEW, FEW_CODES, few};
use crate::record::row::StepRow;
pub use crate::record::state::Detectors;
use crate::record::state::Lasting;
use crate::record::usage::sampling_ceiling;
use crate::scenario::{LaneSpec, MOST_STEPS};
use crate::words;

/// Share of the codes that the window could show at most, from which a collapsed lane has recovered.
pub const MANY: f64 = 0.50;

/// Share of the codes that the window could show at most, from which a lane is saturated.
pub const NEARLY_ALL: f64 = 0.95;

/// Share of the codes that the window could show at most, below which a lane is saturated no longer.
pub const NOT_ALL: f64 = 0.85;

/// Steps in a row that a lane must be recovered or saturated.
pub const LASTING: u64 = 50;

/// Steps in a row that a lane must be collapsed. SimVQ begins below [`FEW`] as well, but rises within
/// them.
pub const LASTING_LOW: usize = 100;

/// Tokens a code from which a window that is not full yet is believed.
pub const TOKENS_PER_CODE: usize = 40;

/// Growth of the RMS norm of the encodings that is a runaway. Encoders that find their scale grow up
/// to tenfold in their first steps.
pub const GROWTH: f64 = 20.0;

/// Steps within which they must have grown so much.
pub const GROWTH_STEPS: u64 = 300;

/// Evaluations in a row whose error must be at or above that of the training set's mean picture.
pub const NO_BETTER: u64 = 3;

/// Step from which on that is flagged: before it nothing can have learned much.
pub const LEARNED_BY: u64 = 200;

/// Share of the error of the mean picture below which a lane has learned something again.
pub const BETTER: f64 = 0.9;

/// What births and deaths are, in one sentence.
pub fn turnover() -> &'static str {
    words!("detect-turnover")
}

/// Definition, threshold and window of a flag in one sentence; none for what no detector raises.
pub fn definition(kind: EventKind) -> Option<String> {
    let tokens = TOKENS_PER_CODE;
    Some(match kind {
        EventKind::Collapse => words!(
            "detect-collapse",
            steps = LASTING_LOW,
            share = 100.0 * FEW,
            codes = FEW_CODES,
            tokens = tokens
        ),
        EventKind::Recovery => {
            words!("detect-recovery", steps = LASTING, share = 100.0 * MANY, tokens = tokens)
        }
        EventKind::Saturation => words!(
            "detect-saturation",
            steps = LASTING,
            share = 100.0 * NEARLY_ALL,
            tokens = tokens,
            again = 100.0 * NOT_ALL
        ),
        EventKind::Runaway => {
            words!("detect-runaway", growth = GROWTH, steps = GROWTH_STEPS, again = GROWTH / 2.0)
        }
        EventKind::LearnsNothing => words!(
            "detect-learns-nothing",
            from = LEARNED_BY,
            evaluations = NO_BETTER,
            again = BETTER
        ),
        EventKind::Diverged => words!("detect-diverged").into(),
        EventKind::Change
        | EventKind::View
        | EventKind::Caption
        | EventKind::Guess
        | EventKind::Pen
        | EventKind::Unreadable
        | EventKind::Refused => {
            return None;
        }
    })
}

impl Lasting {
    /// Counts a step; whether the condition has lasted.
    fn see(&mut self, holds: bool) -> bool {
        self.0 = if holds { self.0 + 1 } else { 0 };
        self.0 >= LASTING
    }
}

/// The numbers of a step whose loss was not finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cause {
    /// The step.
    pub step: u64,
    /// Total, reconstruction, codebook, commitment loss and entropy penalty, each unweighted but the
    /// first.
    pub losses: [f32; 5],
    /// Learning rate of the step.
    pub lr: f64,
}

impl Detectors {
    /// Detectors of a lane that has not trained.
    pub fn new(spec: &LaneSpec) -> Self {
        Self {
            lane: spec.id,
            size: spec.size,
            window_tokens: spec.window_tokens,
            low: VecDeque::new(),
            recovery: Lasting::default(),
            saturation: Lasting::default(),
            desaturation: Lasting::default(),
            is_collapsed: false,
            is_saturated: false,
            is_running_away: false,
            norms: VecDeque::new(),
            greatest: None,
            no_better: 0,
            learns_nothing: false,
        }
    }

    /// Whether what a save remembers is of this lane, and no more than detectors can remember.
    ///
    /// # Errors
    /// What is not.
    pub fn check(&self, spec: &LaneSpec) -> Result<(), String> {
        let own = Self::new(spec);
        if (self.lane, self.size, self.window_tokens) != (own.lane, own.size, own.window_tokens) {
            return Err("its detectors are of another lane".into());
        }
        let steps = self.norms.iter().chain(&self.greatest).map(|&(step, _)| step);
        let lasting = [self.recovery, self.saturation, self.desaturation].map(|lasting| lasting.0);
        let lasting = lasting.into_iter().chain([self.no_better]);
        if self.low.len() > LASTING_LOW
            || self.norms.len() as u64 > GROWTH_STEPS + 1
            || steps.chain(lasting).any(|n| n > MOST_STEPS)
        {
            return Err("its detectors remember more than a run has".into());
        }
        Ok(())
    }

    /// Takes the row of the next step into account and gives the flag that it raises.
    pub fn see(&mut self, row: &StepRow) -> Option<Event> {
        // Of one code nothing can be said; a window without a token says nothing of any.
        let has_enough = row.window_tokens > 0
            && (row.window_tokens >= self.window_tokens
                || row.window_tokens >= TOKENS_PER_CODE.saturating_mul(self.size));
        let is_telling = self.size > 1 && has_enough;
        let ceiling = sampling_ceiling(self.size, row.window_tokens);
        let share = if is_telling { row.utilization_window / ceiling } else { f64::NAN };
        // Nothing compares with a share that is not known.
        let least = few(self.size);
        let few = self.is_low(share, least);
        // One of two codes is a half, and few.
        let many = self.recovery.see(share >= MANY.max(least));
        let all = self.saturation.see(share >= NEARLY_ALL);
        if self.desaturation.see(share < NOT_ALL) {
            self.is_saturated = false;
        }
        let (fact, steps, threshold): (fn(Share) -> Fact, _, _) = if few && !self.is_collapsed {
            self.is_collapsed = true;
            (Fact::Collapse, LASTING_LOW as u64, least)
        } else if many && self.is_collapsed {
            self.is_collapsed = false;
            (Fact::Recovery, LASTING, MANY.max(least))
        } else if all && !self.is_saturated {
            self.is_saturated = true;
            (Fact::Saturation, LASTING, NEARLY_ALL)
        } else {
            return None;
        };
        let (lane, size) = (self.lane, self.size);
        let used = (row.utilization_window * size as f64).round() as usize;
        let share = Share { lane, steps, threshold, used, size, of_files: false };
        Some(Event::new(row.step, Some(lane), fact(share)))
    }

    /// Whether the share of codes in use has been below `least` for long, and has not risen.
    fn is_low(&mut self, share: f64, least: f64) -> bool {
        if share < least {
            self.low.push_back(share);
        } else {
            self.low.clear();
        }
        if self.low.len() > LASTING_LOW {
            self.low.pop_front();
        }
        self.low.len() == LASTING_LOW && self.low.front().is_some_and(|&first| share <= first)
    }

    /// Takes the RMS norm of the encodings at the next evaluation into account and gives the flag
    /// that it raises.
    pub fn see_norm(&mut self, step: u64, norm: f64) -> Option<Event> {
        if !norm.is_finite() {
            // The next step diverges, and says so.
            return None;
        }
        if self.greatest.is_none_or(|(_, greatest)| norm > greatest) {
            self.greatest = Some((step, norm));
        }
        while self.norms.front().is_some_and(|&(first, _)| first + GROWTH_STEPS < step) {
            self.norms.pop_front();
        }
        let least = self.norms.iter().copied().reduce(|a, b| if b.1 < a.1 { b } else { a });
        self.norms.push_back((step, norm));
        let (from, least) = least?;
        let growth = norm / least.max(f64::MIN_POSITIVE);
        let was_running = self.is_running_away;
        self.is_running_away = growth >= if was_running { GROWTH / 2.0 } else { GROWTH };
        if was_running || !self.is_running_away {
            return None;
        }
        let (lane, since) = (self.lane, from);
        Some(Event::new(
            step,
            Some(lane),
            Fact::Runaway { lane, norm, least, since, of_files: false },
        ))
    }

    /// Takes the error of the next evaluation into account, and that of the training set's mean picture
    /// on the same samples, and gives the flag that it raises.
    pub fn see_error(&mut self, step: u64, error: f64, mean: f64) -> Option<Event> {
        if !error.is_finite() || !mean.is_finite() {
            // The next step diverges, and says so.
            return None;
        }
        self.no_better = if error >= mean { self.no_better + 1 } else { 0 };
        if error < BETTER * mean {
            self.learns_nothing = false;
        }
        if self.no_better < NO_BETTER || step < LEARNED_BY || self.learns_nothing {
            return None;
        }
        self.learns_nothing = true;
        let lane = self.lane;
        Some(Event::new(step, Some(lane), Fact::LearnsNothing { lane, error, mean }))
    }

    /// The flag of a step whose loss is not a finite number, with what is known of the cause.
    pub fn divergence(&self, cause: Cause) -> Event {
        let Cause { step, losses, lr } = cause;
        // What is worked out from encodings and codes alone comes before what a decoder made of them.
        let order = [
            (Term::Codebook, losses[2]),
            (Term::Commitment, losses[3]),
            (Term::Entropy, losses[4]),
            (Term::Reconstruction, losses[1]),
        ];
        let of = |(term, x)| Some((term, NotFinite::of(x)?));
        let mut broken: Vec<(Term, NotFinite)> = order.into_iter().filter_map(of).collect();
        if broken.is_empty() {
            // Each term is finite, but their weighted sum is not.
            broken.extend(of((Term::Sum, losses[0])));
        }
        let greatest = self.greatest.map(|(step, norm)| Greatest { norm, step });
        let lane = self.lane;
        Event::new(step, Some(lane), Fact::Diverged { lane, broken, lr, greatest })
    }
}

#[cfg(test)]
mod tests;
