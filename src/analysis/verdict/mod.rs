//! Whether the `[[expect]]` lines hold.

use std::fmt;

use serde::Serialize;

use crate::record::event::{Event, EventKind};
use crate::record::metric::{Evaluation, value};
use crate::record::row::StepRow;
use crate::record::setting::Logged;
use crate::scenario::link::{Link, is_link};
use crate::scenario::{Expect, ExpectStep, Flag, LaneId, Metric, Scenario};
use crate::text::per_code;
use crate::words;

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
        self.expect.event.map(EventKind::from) == Some(event.kind)
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
        let outcome = match self.verdict {
            Outcome::Held => words!("verdict-held"),
            Outcome::Failed => words!("verdict-failed"),
            Outcome::NotReached => words!("verdict-not-reached"),
            Outcome::LeftStory => words!("verdict-not-judged"),
        };
        write!(f, "{outcome}: {}", self.sentence())
    }
}

impl Verdict {
    /// What was expected and what came, in one sentence.
    pub fn sentence(&self) -> String {
        let lane = self.expect.lane.name();
        let mut text = match (self.expect.event, self.expect.metric) {
            (Some(flag), _) => self.about_flag(EventKind::from(flag).name(), lane),
            (_, metric) => {
                let metric = metric.map_or("", Metric::name);
                let step = self.last_step;
                match self.value {
                    Some(value) => words!(
                        "verdict-is",
                        lane = lane,
                        metric = metric,
                        step = step,
                        value = format!("{value:.4}")
                    ),
                    None => {
                        words!("verdict-is-unknown", lane = lane, metric = metric, step = step)
                    }
                }
            }
        };
        text += &match (self.expect.min, self.expect.max) {
            (Some(min), Some(max)) => words!("verdict-expected-between", min = min, max = max),
            (Some(min), None) => words!("verdict-expected-at-least", min = min),
            (None, Some(max)) => words!("verdict-expected-at-most", max = max),
            (None, None) => String::new(),
        };
        text += &self.comparison();
        if let Some(step) = self.left_story_after.filter(|_| self.verdict == Outcome::LeftStory) {
            text += &words!("verdict-left-the-story", step = step);
        }
        text
    }

    fn comparison(&self) -> String {
        let Some(other) = self.expect.compared_with() else { return String::new() };
        let lane = other.name();
        let mut text = match (self.expect.less_than.is_some(), self.expect.times) {
            (true, None) => words!("verdict-expected-less", lane = lane),
            (false, None) => words!("verdict-expected-more", lane = lane),
            (true, Some(times)) => {
                words!("verdict-expected-less-than-times", times = times, lane = lane)
            }
            (false, Some(times)) => {
                words!("verdict-expected-more-than-times", times = times, lane = lane)
            }
        };
        if let Some(value) = self.other_value {
            text += &words!("verdict-which-is", value = format!("{value:.4}"));
        }
        text
    }

    /// What was expected of a flag.
    fn about_flag(&self, flag: &str, lane: &str) -> String {
        let mut text = match self.at_step {
            Some(step) => words!("verdict-flagged", lane = lane, flag = flag, step = step),
            None => words!("verdict-not-flagged", lane = lane, flag = flag),
        };
        text += match self.expect.never {
            true => words!("verdict-expected-never"),
            false => words!("verdict-expected-a-flag"),
        };
        text += &match (self.expect.after, self.expect.before) {
            (Some(after), Some(before)) => {
                words!("verdict-after-and-before", after = after, before = before)
            }
            (Some(after), None) => words!("verdict-after", after = after),
            (None, Some(before)) => words!("verdict-before", before = before),
            (None, None) => String::new(),
        };
        text
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
            if v.verdict == Outcome::NotReached && !self.is_of_story(v.last_step.max(v.other_step))
            {
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

/// Steps trained when a run left its story, because a setting was made by hand: in the window, or on
/// the way that a link names.
pub fn left_story_after(story: &str, log: &[Logged]) -> Option<u64> {
    let of_link = || {
        let link = is_link(story).then(|| Link::decode(story, &[]).ok()).flatten()?;
        link.by_hand.iter().map(|change| change.step.max(1) - 1).min()
    };
    log.iter().map(|logged| logged.step).min().or_else(of_link)
}

#[cfg(test)]
mod tests;
