//! Whether the `[[expect]]` lines hold.

use std::fmt;

use serde::Serialize;

use crate::scenario::{Expect, ExpectStep, LaneId, Metric, Scenario};
use crate::train::snapshot::{Evaluation, StepRow};

/// What became of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The value is within its bounds.
    Held,
    /// The value is out of its bounds, or the lane diverged before the step.
    Failed,
    /// The run ended before the step.
    NotReached,
}

/// An expectation with its value.
#[derive(Clone, Debug, Serialize)]
pub struct Verdict {
    #[serde(flatten)]
    expect: Expect,
    at_step: u64,
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
        let metric = serde_json::to_value(self.expect.metric).unwrap_or_default();
        let metric = metric.as_str().unwrap_or_default();
        write!(f, "{word}: lane {} {metric} at step {}", self.expect.lane.name(), self.at_step)?;
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

/// Watches the rows for the steps that expectations name.
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
            let at_step = match expect.step {
                ExpectStep::At(step) => step,
                ExpectStep::End(_) => scenario.steps.min(lane_end),
            };
            Verdict { expect: expect.clone(), at_step, value: None, verdict: Outcome::NotReached }
        };
        Self { verdicts: scenario.expect.iter().map(verdict).collect(), newest: [None; 2], step: 0 }
    }

    /// Takes a row into account.
    pub fn see(&mut self, row: &StepRow) {
        self.step = self.step.max(row.step);
        if let Some(eval) = row.eval {
            self.newest[row.lane.index()] = Some(eval);
        }
        for v in
            self.verdicts.iter_mut().filter(|v| v.at_step == row.step && v.expect.lane == row.lane)
        {
            if v.expect.metric == Metric::FinalUtilization {
                continue;
            }
            v.value = value(v.expect.metric, row);
            v.decide();
        }
    }

    /// Takes the final count of a lane into account.
    pub fn see_final(&mut self, lane: LaneId, share: f64) {
        let is_final =
            |v: &&mut Verdict| v.expect.metric == Metric::FinalUtilization && v.expect.lane == lane;
        for v in self.verdicts.iter_mut().filter(is_final) {
            v.value = Some(share);
            v.decide();
        }
    }

    /// The verdicts so far; a lane that stopped before an expected step which the other lane
    /// reached has failed it.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts = self.verdicts.clone();
        for v in &mut verdicts {
            // A final count may have been left out on purpose.
            let is_counted = v.expect.metric != Metric::FinalUtilization;
            if v.verdict == Outcome::NotReached && v.at_step <= self.step && is_counted {
                v.verdict = Outcome::Failed;
            }
        }
        verdicts
    }

    /// Newest utilization of each lane, for the progress bar.
    pub fn progress(&self) -> String {
        let text = |id: LaneId| {
            self.newest[id.index()].map(|e| {
                format!(
                    "{} {:.0} % used, MSE {:.5}",
                    id.name(),
                    100.0 * e.usage.share(),
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
