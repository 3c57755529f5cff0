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
    /// The run had left the story by then: a setting was made by hand, and what is expected is
    /// expected of the story as it was written.
    LeftStory,
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
    /// The step at which the other lane is compared.
    #[serde(skip)]
    other_step: u64,
    value: Option<f64>,
    /// The value of the lane that it is compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    other_value: Option<f64>,
    /// Steps trained when the run left the story.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_story_after: Option<u64>,
    verdict: Outcome,
}

impl Verdict {
    /// Whether the value is within its bounds, once all values that it takes are known.
    fn decide(&mut self) {
        let Expect { min, max, less_than, more_than, .. } = self.expect;
        let limit = match (self.expect.compared_with(), self.other_value) {
            (Some(_), None) => return,
            (_, other) => other.map(|other| self.expect.times.unwrap_or(1.0) * other),
        };
        let holds = self.value.is_some_and(|x| {
            min.is_none_or(|min| x >= min)
                && max.is_none_or(|max| x <= max)
                && (less_than.is_none() || limit.is_some_and(|limit| x < limit))
                && (more_than.is_none() || limit.is_some_and(|limit| x > limit))
        });
        self.verdict = if holds { Outcome::Held } else { Outcome::Failed };
    }

    /// Takes the metric of a lane at its step into account.
    fn see_value(&mut self, lane: LaneId, step: u64, value: Option<f64>) {
        if self.expect.lane == lane && self.last_step == step {
            self.value = value;
        } else if self.expect.compared_with() == Some(lane) && self.other_step == step {
            self.other_value = value;
        } else {
            return;
        }
        if self.value.is_some() || value.is_none() {
            self.decide();
        }
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
            Outcome::LeftStory => "not judged",
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
            (Some(min), Some(max)) => write!(f, ", expected {min} to {max}")?,
            (Some(min), None) => write!(f, ", expected at least {min}")?,
            (None, Some(max)) => write!(f, ", expected at most {max}")?,
            (None, None) => {}
        }
        self.write_comparison(f)?;
        self.write_departure(f)
    }
}

impl Verdict {
    fn write_comparison(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(other) = self.expect.compared_with() else { return Ok(()) };
        let word = if self.expect.less_than.is_some() { "less" } else { "more" };
        let times = self.expect.times.map_or(String::new(), |times| format!("{times} times "));
        write!(f, ", expected {word} than {times}that of lane {}", other.name())?;
        self.other_value.map_or(Ok(()), |value| write!(f, ", which is {value:.4}"))
    }

    fn write_departure(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.left_story_after.filter(|_| self.verdict == Outcome::LeftStory) {
            Some(step) => write!(f, "; a setting was made by hand after step {step}"),
            None => Ok(()),
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
    }?;
    v.write_departure(f)
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
    /// Steps trained when the run left the story.
    left_after: Option<u64>,
}

impl Judge {
    /// A judge of a scenario's expectations; "end" is the scenario's own last step.
    pub fn new(scenario: &Scenario) -> Self {
        let end = |id: LaneId| {
            let own = scenario.lane(id).and_then(|lane| lane.steps);
            scenario.steps.min(own.unwrap_or(scenario.steps))
        };
        let verdict = |expect: &Expect| {
            let last_step = |id: LaneId| match (expect.step, expect.before) {
                (Some(ExpectStep::At(step)), _) => step,
                (_, Some(before)) => (before - 1).min(end(id)),
                _ => end(id),
            };
            let own = last_step(expect.lane);
            Verdict {
                expect: expect.clone(),
                at_step: expect.metric.map(|_| own),
                last_step: own,
                other_step: expect.compared_with().map_or(own, last_step),
                value: None,
                other_value: None,
                left_story_after: None,
                verdict: Outcome::NotReached,
            }
        };
        let verdicts = scenario.expect.iter().map(verdict).collect();
        Self { verdicts, newest: [None; 2], step: 0, left_after: None }
    }

    /// Settings were made by hand after so many steps: what lies behind is not judged. Called before
    /// the rows behind it are seen.
    pub fn leave_story(&mut self, after: Option<u64>) {
        self.left_after = after;
        self.verdicts.iter_mut().for_each(|v| v.left_story_after = after);
    }

    /// Whether what happened at a step is of the story.
    fn is_of_story(&self, step: u64) -> bool {
        self.left_after.is_none_or(|left| step <= left)
    }

    /// Takes a row into account.
    pub fn see(&mut self, row: &StepRow) {
        self.step = self.step.max(row.step);
        if let Some(eval) = row.eval {
            self.newest[row.lane.index()] = Some(eval);
        }
        if !self.is_of_story(row.step) {
            return;
        }
        for v in &mut self.verdicts {
            if let Some(metric) = v.expect.metric.filter(|&m| m != Metric::FinalUtilization) {
                v.see_value(row.lane, row.step, value(metric, row));
            }
        }
    }

    /// Takes an event into account.
    pub fn see_event(&mut self, event: &Event) {
        if !self.is_of_story(event.step) {
            return;
        }
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
        for v in &mut self.verdicts {
            let is_left = v.left_story_after.is_some_and(|left| left < v.last_step);
            if v.expect.metric == Some(Metric::FinalUtilization) && !is_left {
                let at = if v.expect.lane == lane { v.last_step } else { v.other_step };
                v.see_value(lane, at, Some(share));
            }
        }
    }

    /// The verdicts so far; a lane that stopped before an expected step which the other lane
    /// reached has failed it, and a flag is late once its last step is over. What the run left the
    /// story before is not judged.
    pub fn verdicts(&self) -> Vec<Verdict> {
        let mut verdicts = self.verdicts.clone();
        for v in &mut verdicts {
            // A final count may have been left out on purpose.
            let is_counted = v.expect.metric != Some(Metric::FinalUtilization);
            if v.verdict == Outcome::NotReached && !self.is_of_story(v.last_step.max(v.other_step)) {
                v.verdict = Outcome::LeftStory;
            }
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
                    "{} at step {}: {:.0} % used by {} tokens a code, MSE {:.5}",
                    id.name(),
                    e.step,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    const SCENARIO: &str = "title='x'\nsteps=40\n[lanes.a]\n[lanes.b]\n";

    fn judge(expect: &str) -> Judge {
        Judge::new(&parse(&format!("{SCENARIO}{expect}"), "x", &[]).unwrap())
    }

    /// The row of a lane whose share of codes in use in the window is given.
    fn row(step: u64, lane: LaneId, share: f64) -> StepRow {
        StepRow {
            step,
            lane,
            loss: 1.0,
            recon_loss: 1.0,
            codebook_loss: 0.0,
            commitment_loss: 0.0,
            entropy_loss: 0.0,
            utilization_batch: share,
            utilization_window: share,
            window_tokens: 512,
            perplexity_batch: 1.0,
            births_100: None,
            deaths_100: None,
            batch_tokens: 512,
            codes: 512,
            eval: None,
        }
    }

    fn see(judge: &mut Judge, step: u64, shares: [f64; 2]) {
        judge.see(&row(step, LaneId::A, shares[0]));
        judge.see(&row(step, LaneId::B, shares[1]));
    }

    #[test]
    fn lanes_are_compared_with_each_other() {
        let expect = |step: &str, more: &str| {
            format!("[[expect]]\nlane='b'\nmetric='utilization_window'\nstep={step}\n{more}\n")
        };
        for (more, outcome) in [
            ("more_than='a'", Outcome::Held),
            ("more_than='a'\ntimes=2", Outcome::Held),
            ("more_than='a'\ntimes=3", Outcome::Failed),
            ("less_than='a'", Outcome::Failed),
            ("less_than='a'\ntimes=3.5", Outcome::Held),
            ("more_than='a'\nmax=0.5", Outcome::Failed),
        ] {
            let mut judge = judge(&expect("20", more));
            see(&mut judge, 19, [0.9, 0.1]);
            assert_eq!(judge.verdicts()[0].outcome(), Outcome::NotReached);
            see(&mut judge, 20, [0.2, 0.6]);
            see(&mut judge, 21, [0.9, 0.1]);
            assert_eq!(judge.verdicts()[0].outcome(), outcome, "{more}");
        }
        // Equal is neither less nor more, and a lane that stopped before has no value.
        let mut equal = judge(&expect("'end'", "more_than='a'"));
        see(&mut equal, 40, [0.5, 0.5]);
        assert_eq!(equal.verdicts()[0].outcome(), Outcome::Failed);
        let mut alone = judge(&expect("20", "more_than='a'\ntimes=2"));
        alone.see(&row(20, LaneId::B, 0.5));
        assert_eq!(alone.verdicts()[0].outcome(), Outcome::Failed);
        see(&mut alone, 20, [0.2, 0.6]);
        let words = alone.verdicts()[0].to_string();
        let told = "held: lane b utilization_window at step 20 is 0.6000, expected more than 2 times that of lane a, which is 0.2000";
        assert_eq!(words, told);
    }

    #[test]
    fn what_lies_behind_a_setting_made_by_hand_is_not_judged() {
        let expect = "[[expect]]\nlane='a'\nmetric='utilization_window'\nstep=20\nmax=0.3\n\
            [[expect]]\nlane='a'\nmetric='utilization_window'\nstep='end'\nmax=0.3\n\
            [[expect]]\nlane='a'\nevent='collapse'\n\
            [[expect]]\nlane='b'\nevent='collapse'\nnever=true\n\
            [[expect]]\nlane='b'\nevent='collapse'\nnever=true\nbefore=15\n";
        let outcomes = |left: Option<u64>| -> Vec<Outcome> {
            let mut judge = judge(expect);
            judge.leave_story(left);
            for step in 1..=40 {
                see(&mut judge, step, [0.2 + 0.01 * step as f64; 2]);
                if step == 18 {
                    let lane = Some(LaneId::A);
                    let kind = EventKind::Collapse;
                    judge.see_event(&Event { step, lane, kind, text: String::new() });
                }
            }
            judge.verdicts().iter().map(Verdict::outcome).collect()
        };
        use Outcome::{Failed, Held, LeftStory};
        assert_eq!(outcomes(None), [Failed, Failed, Held, Held, Held]);
        // What was decided before stands, whichever way.
        assert_eq!(outcomes(Some(20)), [Failed, LeftStory, Held, LeftStory, Held]);
        assert_eq!(outcomes(Some(17)), [LeftStory, LeftStory, LeftStory, LeftStory, Held]);
        assert_eq!(outcomes(Some(0)), [LeftStory; 5]);
        let mut judge = judge(expect);
        judge.leave_story(Some(17));
        let words = judge.verdicts()[0].to_string();
        assert!(words.starts_with("not judged: lane a") && words.ends_with("after step 17"), "{words}");
    }
}
