//! Whether the `[[expect]]` lines hold.

use std::fmt;

use serde::Serialize;

use crate::scenario::{Expect, ExpectStep, Flag, LaneId, Metric, Scenario};
use crate::text::per_code;
use crate::train::snapshot::{Evaluation, Event, EventKind, StepRow};

/// What became of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The value is within its bounds; the flag was raised, or was not where it must not be.
    Held,
    /// The value is out of its bounds, or the lane diverged before the step; the flag was not raised,
    /// or was where it must not be.
    Failed,
    /// The run ended before the step.
    NotReached,
}

/// An expectation with its value.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    #[serde(flatten)]
    expect: Expect,
    /// The step of the metric, or at which the flag was raised.
    at_step: Option<u64>,
    /// The last step that can decide it.
    #[serde(skip)]
    last_step: u64,
    value: Option<f64>,
    verdict: Outcome,
}

impl Verdict {
    /// Whether the value is within its bounds.
    fn decide(&mut self) {
        let Expect { min, max, .. } = self.expect;
        let holds = self
            .value
            .is_some_and(|x| min.is_none_or(|min| x >= min) && max.is_none_or(|max| x <= max));
        self.verdict = if holds { Outcome::Held } else { Outcome::Failed };
    }

    /// Whether a flag is the one that is expected, or must not be raised.
    fn is_about(&self, event: &Event) -> bool {
        let Expect { lane, after, before, .. } = self.expect;
        self.expect.event.map(kind_of) == Some(event.kind)
            && event.lane == Some(lane)
            && after.is_none_or(|after| event.step > after)
            && before.is_none_or(|before| event.step < before)
    }

    /// What became of it.
    pub fn outcome(&self) -> Outcome {
        self.verdict
    }

    /// Whether it failed; an expectation that was not reached has not.
    pub fn failed(&self) -> bool {
        self.verdict == Outcome::Failed
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = match self.verdict {
            Outcome::Held => "held",
            Outcome::Failed => "FAILED",
            Outcome::NotReached => "not reached",
        };
        let lane = self.expect.lane.name();
        if let Some(event) = self.expect.event {
            return write_event(f, word, kind_of(event).name(), self);
        }
        let metric = serde_json::to_value(self.expect.metric).unwrap_or_default();
        let metric = metric.as_str().unwrap_or_default();
        write!(f, "{word}: lane {lane} {metric} at step {}", self.last_step)?;
        if let Some(value) = self.value {
            write!(f, " is {value:.4}")?;
        }
        match (self.expect.min, self.expect.max) {
            (Some(min), Some(max)) => write!(f, ", expected {min} to {max}"),
            (Some(min), None) => write!(f, ", expected at least {min}"),
            (None, Some(max)) => write!(f, ", expected at most {max}"),
            (None, None) => Ok(()),
        }
    }
}

/// The verdict on a flag.
fn write_event(f: &mut fmt::Formatter<'_>, word: &str, name: &str, v: &Verdict) -> fmt::Result {
    write!(f, "{word}: lane {} {name} is ", v.expect.lane.name())?;
    match v.at_step {
        Some(step) => write!(f, "flagged at step {step}")?,
        None => write!(f, "not flagged")?,
    }
    write!(f, ", expected {}", if v.expect.never { "never" } else { "a flag" })?;
    match (v.expect.after, v.expect.before) {
        (Some(after), Some(before)) => {
            write!(f, " after step {after} and before step {before}")
        }
        (Some(after), None) => write!(f, " after step {after}"),
        (None, Some(before)) => write!(f, " before step {before}"),
        (None, None) => Ok(()),
    }
}

fn kind_of(flag: Flag) -> EventKind {
    match flag {
        Flag::Collapse => EventKind::Collapse,
        Flag::Recovery => EventKind::Recovery,
        Flag::Saturation => EventKind::Saturation,
        Flag::Runaway => EventKind::Runaway,
        Flag::Diverged => EventKind::Diverged,
    }
}

/// Watches rows for the steps, and events for the flags, that expectations name.
pub struct Judge {
    verdicts: Vec<Verdict>,
    newest: [Option<Evaluation>; 2],
    step: u64,
}

impl Judge {
    /// A judge of a scenario's expectations; "end" is the scenario's own last step.
    pub fn new(scenario: &Scenario) -> Self {
        let verdict = |expect: &Expect| {
            let lane_end =
                scenario.lane(expect.lane).and_then(|l| l.steps).unwrap_or(scenario.steps);
            let end = scenario.steps.min(lane_end);
            let last_step = match (expect.step, expect.before) {
                (Some(ExpectStep::At(step)), _) => step,
                (_, Some(before)) => (before - 1).min(end),
                _ => end,
            };
            Verdict {
                expect: expect.clone(),
                at_step: expect.metric.map(|_| last_step),
                last_step,
                value: None,
                verdict: Outcome::NotReached,
            }
        };
        Self { verdicts: scenario.expect.iter().map(verdict).collect(), newest: [None; 2], step: 0 }
    }

    /// Takes a row into account.
    pub fn see(&mut self, row: &StepRow) {
        self.step = self.step.max(row.step);
        if let Some(eval) = row.eval {
            self.newest[row.lane.index()] = Some(eval);
        }
        let is_now = |v: &&mut Verdict| v.last_step == row.step && v.expect.lane == row.lane;
        for v in self.verdicts.iter_mut().filter(is_now) {
            let Some(metric) = v.expect.metric.filter(|&m| m != Metric::FinalUtilization) else {
                continue;
            };
            v.value = value(metric, row);
            v.decide();
        }
    }

    /// Takes an event into account.
    pub fn see_event(&mut self, event: &Event) {
        let is_new = |v: &&mut Verdict| v.at_step.is_none() && v.is_about(event);
        for v in self.verdicts.iter_mut().filter(is_new) {
            v.at_step = Some(event.step);
            v.verdict = if v.expect.never { Outcome::Failed } else { Outcome::Held };
        }
    }

    /// Whether a lane that diverged did as it was expected to.
    pub fn expected_divergence(&self, lane: LaneId) -> bool {
        let is_it = |v: &Verdict| {
            v.expect.event == Some(Flag::Diverged)
                && v.expect.lane == lane
                && v.verdict == Outcome::Held
        };
        self.verdicts.iter().any(is_it)
    }

    /// Takes the final count of a lane into account.
    pub fn see_final(&mut self, lane: LaneId, share: f64) {
        let is_final = |v: &&mut Verdict| {
            v.expect.metric == Some(Metric::FinalUtilization) && v.expect.lane == lane
        };
        for v in self.verdicts.iter_mut().filter(is_final) {
            v.value = Some(share);
            v.decide();
        }
    }

    /// The verdicts so far; a lane that stopped before an expected step which the other lane
    /// reached has failed it, and a flag is late once its last step is over.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts = self.verdicts.clone();
        for v in &mut verdicts {
            // A final count may have been left out on purpose.
            let is_counted = v.expect.metric != Some(Metric::FinalUtilization);
            if v.verdict == Outcome::NotReached && v.last_step <= self.step && is_counted {
                // A flag that must not be raised was not.
                v.verdict = if v.expect.never { Outcome::Held } else { Outcome::Failed };
            }
        }
        verdicts
    }

    /// Newest utilization of each lane, for the progress bar.
    pub fn progress(&self) -> String {
        let text = |id: LaneId| {
            self.newest[id.index()].map(|e| {
                format!(
                    "{} {:.0} % used by {} tokens a code, MSE {:.5}",
                    id.name(),
                    100.0 * e.usage.share(),
                    per_code(e.usage.tokens, e.usage.size),
                    e.recon_mse
                )
            })
        };
        [LaneId::A, LaneId::B].into_iter().filter_map(text).collect::<Vec<_>>().join(", ")
    }
}

fn value(metric: Metric, row: &StepRow) -> Option<f64> {
    let eval = row.eval.as_ref();
    let value = match metric {
        Metric::UtilizationWindow => Some(row.utilization_window),
        Metric::UtilizationBatch => Some(row.utilization_batch),
        // Counted after the last step; `see_final` takes it.
        Metric::FinalUtilization => None,
        Metric::Utilization => eval.map(|e| e.usage.share()),
        Metric::Perplexity => eval.map(|e| e.usage.perplexity),
        Metric::DeadCodes => eval.map(|e| (e.usage.size - e.usage.used) as f64),
        Metric::ReconMse => eval.map(|e| e.recon_mse),
        Metric::Psnr => eval.map(|e| e.psnr),
        Metric::QuantError => eval.map(|e| e.quant_error),
        Metric::EffectiveRankW => eval.map(|e| e.effective_rank_w),
    };
    value.filter(|v| v.is_finite())
}
