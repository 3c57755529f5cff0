//! Detectors: what of a run deserves a flag, each with its definition, threshold and window.
//!
//! A detector sees the rows and evaluations of one lane in the order of their steps, and nothing
//! else, so that a flag depends on steps alone and never on when numbers are read back. Each raises
//! one flag an episode: it is ready again only once the opposite has lasted.

use std::collections::VecDeque;

use crate::record::event::{Event, EventKind};
use crate::record::row::StepRow;
pub use crate::record::state::Detectors;
use crate::record::state::Lasting;
use crate::record::usage::sampling_ceiling;
use crate::scenario::{LaneId, LaneSpec, MOST_STEPS, differences};

/// Share of the codes that the window could show at most, below which a lane has collapsed.
pub const FEW: f64 = 0.10;

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

/// What births and deaths are, in one sentence.
pub const TURNOVER: &str = "Births and deaths: codes that are in use in the sliding window now but were not 100 steps before, and the reverse, counted every 100 steps; a fresh codebook starts from none in use.";

/// Definition, threshold and window of a flag in one sentence; none for what no detector raises.
pub fn definition(kind: EventKind) -> Option<String> {
    let (few, many, nearly) = (100.0 * FEW, 100.0 * MANY, 100.0 * NEARLY_ALL);
    let window = format!(
        "in the sliding window of training tokens, relative to its sampling ceiling; the window counts once it is full or has {TOKENS_PER_CODE} tokens a code"
    );
    Some(match kind {
        EventKind::Collapse => format!(
            "Collapse: for {LASTING_LOW} steps in a row less than {few} % of the codes are in use, and no more at their end than at their beginning, {window}."
        ),
        EventKind::Recovery => format!(
            "Recovery: after a collapse, for {LASTING} steps in a row at least {many} % of the codes are in use {window}."
        ),
        EventKind::Saturation => format!(
            "Saturation: for {LASTING} steps in a row at least {nearly} % of the codes are in use {window}. Ready again after {LASTING} steps in a row below {} %.",
            100.0 * NOT_ALL
        ),
        EventKind::Runaway => format!(
            "Encoder runaway: the RMS norm of the encodings on the evaluation set is at least {GROWTH} times the least one of the last {GROWTH_STEPS} steps. Ready again once it is less than {} times.",
            GROWTH / 2.0
        ),
        EventKind::Diverged => {
            "Divergence: a term of the loss of one step is infinite or not a number; the lane stops before that step.".into()
        }
        EventKind::Change
        | EventKind::View
        | EventKind::Caption
        | EventKind::Unreadable => return None,
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
        let few = self.is_low(share);
        let many = self.recovery.see(share >= MANY);
        let all = self.saturation.see(share >= NEARLY_ALL);
        if self.desaturation.see(share < NOT_ALL) {
            self.is_saturated = false;
        }
        let (kind, what) = if few && !self.is_collapsed {
            self.is_collapsed = true;
            let text =
                format!("has collapsed: for {LASTING_LOW} steps less than {} %", 100.0 * FEW);
            (EventKind::Collapse, text)
        } else if many && self.is_collapsed {
            self.is_collapsed = false;
            let text = format!("has recovered: for {LASTING} steps at least {} %", 100.0 * MANY);
            (EventKind::Recovery, text)
        } else if all && !self.is_saturated {
            self.is_saturated = true;
            let text =
                format!("is saturated: for {LASTING} steps at least {} %", 100.0 * NEARLY_ALL);
            (EventKind::Saturation, text)
        } else {
            return None;
        };
        let text = format!(
            "{} {what} of its codes are in use, {:.1} % of {} now",
            self.name(),
            100.0 * row.utilization_window,
            self.size
        );
        Some(Event { step: row.step, lane: Some(self.lane), kind, text })
    }

    /// Whether the share of codes in use has been low for long, and has not risen.
    fn is_low(&mut self, share: f64) -> bool {
        if share < FEW {
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
        let text = format!(
            "{}'s encoder runs away: the RMS norm of its encodings is {}, {growth:.1} times that of step {from}",
            self.name(),
            short(norm)
        );
        Some(Event { step, lane: Some(self.lane), kind: EventKind::Runaway, text })
    }

    /// The flag of a step whose loss is not a finite number, with what is known of the cause.
    pub fn divergence(&self, cause: Cause) -> Event {
        let Cause { step, losses, lr } = cause;
        let word = |x: f32| if x.is_nan() { "not a number" } else { "infinite" };
        let terms = [
            "the reconstruction loss",
            "the codebook loss",
            "the commitment loss",
            "the entropy penalty",
        ];
        // What is worked out from encodings and codes alone comes before what a decoder made of them.
        let order = [1, 2, 3, 0];
        let broken: Vec<String> = order
            .into_iter()
            .filter(|&i| !losses[i + 1].is_finite())
            .map(|i| format!("{} is {}", terms[i], word(losses[i + 1])))
            .collect();
        let what = if broken.is_empty() {
            // Each term is finite, but their weighted sum is not.
            format!("the sum of the loss is {}", word(losses[0]))
        } else {
            broken.join(", ")
        };
        let norm = self.greatest.map_or(String::new(), |(at, norm)| {
            format!("; the greatest RMS norm of the encodings was {} at step {at}", short(norm))
        });
        let text = format!(
            "{} diverged at step {step}: {what}; the learning rate was {}{norm}",
            self.name(),
            short(lr)
        );
        Event { step, lane: Some(self.lane), kind: EventKind::Diverged, text }
    }

    fn name(&self) -> &'static str {
        match self.lane {
            LaneId::A => "A",
            LaneId::B => "B",
        }
    }
}

/// A number in few digits, with a power of ten where it is large.
fn short(x: f64) -> String {
    if x >= 1e4 { format!("{x:.2e}") } else { differences::short(x) }
}

#[cfg(test)]
mod tests;
