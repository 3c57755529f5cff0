//! At which steps the full evaluation set is counted, and how new kept reconstructions are.
//!
//! An evaluation takes as long as several steps, so that a run can afford one every `eval_every`
//! steps. Beside these regular ones there are a few where figures move fast: early ones, and some
//! around each change of a setting, so that no figure of before stands for what came after. Their
//! number is bounded over the whole run. All of it follows from steps and changes alone, never from
//! the clock: a run that goes on from a save has the same ones.

use crate::record::state::Schedule;
use crate::scenario::{Change, Expect, ExpectStep, LaneSpec, Metric, Scenario};

/// Steps of the early evaluations, where they come before the first regular one. With them a run of
/// 1,200 steps has eight; docs/benchmarks.md says what they take.
const EARLY: [u64; 3] = [1, 20, 100];

/// Steps after a change at which it is followed by an evaluation: the first one with it, and two more.
/// Until the last of them further changes are part of the same.
const AFTER_CHANGE: [u64; 3] = [1, 4, 16];

/// Evaluations beside the regular ones that every run may have.
const EXTRA: u64 = 8;

/// Regular evaluations after which a run may have one more beside them.
const REGULAR_PER_EXTRA: u64 = 4;

/// Steps between two sets of reconstructions in kept pictures; the others show the set before, and
/// say of which step it is.
pub const KEPT_PICTURE_STEPS: u64 = 100;

impl Schedule {
    /// Notes a change of a setting after so many steps, by the story or by hand, or the end of a
    /// warm-up.
    pub fn note_change(&mut self, step: u64) {
        if self.begins_at(step) {
            self.change_began = Some(step);
        }
        self.changed = Some(step);
    }

    /// Takes a step that was just trained into account, and says whether it is evaluated.
    pub fn take_step(&mut self, step: u64, scenario: &Scenario, lanes: &[&LaneSpec]) -> bool {
        if is_regular(step, scenario, lanes) {
            return true;
        }
        let room =
            EXTRA + step / scenario.train.eval_every.saturating_mul(REGULAR_PER_EXTRA).max(1);
        if self.extra >= room {
            return false;
        }
        if self.is_telling(step, scenario) {
            self.extra += 1;
        } else if !self.is_before_change(step, scenario, lanes) {
            return false;
        }
        self.newest_extra = Some(step);
        true
    }

    /// Whether the newest step that was trained is one that is evaluated.
    pub fn is_evaluated(&self, step: u64, scenario: &Scenario, lanes: &[&LaneSpec]) -> bool {
        self.newest_extra == Some(step) || is_regular(step, scenario, lanes)
    }

    /// Whether figures move fast at a step.
    fn is_telling(&self, step: u64, scenario: &Scenario) -> bool {
        let is_after = |began: u64| AFTER_CHANGE.iter().any(|after| began + after == step);
        let is_early = EARLY.contains(&step) && step < scenario.train.eval_every;
        is_early || self.change_began.is_some_and(is_after)
    }

    /// Whether figures will be others after this step, because the story changes something or a
    /// warm-up ends. It takes no room from what follows: of a change by hand nobody knows before, and
    /// what follows one is the same as where a story makes it.
    fn is_before_change(&self, step: u64, scenario: &Scenario, lanes: &[&LaneSpec]) -> bool {
        let is_next = |c: &Change| is_setting(c) && c.step.max(1) == step + 1;
        self.begins_at(step)
            && (lanes.iter().any(|spec| spec.warmup == step) || scenario.change.iter().any(is_next))
    }

    /// Whether a change after so many steps is not part of the one before.
    fn begins_at(&self, step: u64) -> bool {
        let [.., last] = AFTER_CHANGE;
        self.change_began.is_none_or(|began| began + last < step)
    }

    /// The oldest step whose reconstructions a kept picture of `step` may show. While they change
    /// fast, at a change of the story and at its end they are made for each picture; the first ones
    /// after a change are never those of before.
    pub fn oldest_pictures(&self, step: u64, scenario: &Scenario) -> u64 {
        let acts = |c: &Change| [step, step + 1].contains(&c.step.max(1));
        let is_at_change = scenario.change.iter().any(acts);
        if step <= KEPT_PICTURE_STEPS || is_at_change || step == scenario.steps {
            return step;
        }
        let regular = step - step % KEPT_PICTURE_STEPS;
        let before = self.changed.filter(|&changed| changed < step);
        before.map_or(regular, |changed| regular.max(changed + 1))
    }
}

/// Whether the full set is counted at a step whatever happens in the run.
fn is_regular(step: u64, scenario: &Scenario, lanes: &[&LaneSpec]) -> bool {
    let expected = |at: ExpectStep| matches!(at, ExpectStep::At(s) if s == step);
    step > 0
        && (step.is_multiple_of(scenario.train.eval_every)
            || step == scenario.steps
            || lanes.iter().any(|spec| spec.steps == Some(step))
            || scenario.expect.iter().any(|e| is_of_full_set(e) && e.step.is_some_and(expected))
            // What is guessed must be counted.
            || scenario.beat.iter().any(|beat| beat.until.is_some_and(expected)))
}

/// Whether an expectation takes an evaluation; the window and the batch are counted at every step.
fn is_of_full_set(expect: &Expect) -> bool {
    expect.metric.is_some_and(Metric::is_of_full_set)
}

/// Whether a timed change is more than a caption.
fn is_setting(change: &Change) -> bool {
    !change.settings(false, false).is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    fn scenario(more: &str) -> Scenario {
        parse(&format!("title='x'\nsteps=1200\n[lanes.a]\n{more}"), "x", &[]).unwrap()
    }

    /// Steps that are evaluated of a run to its end, with changes made by hand.
    fn evaluated(scenario: &Scenario, by_hand: &[u64]) -> Vec<u64> {
        let specs = scenario.lane_specs();
        let lanes: Vec<&LaneSpec> = specs.iter().collect();
        let mut schedule = Schedule::default();
        let mut steps = Vec::new();
        for step in 1..=scenario.steps {
            let of_story = scenario.change.iter().any(|c| is_setting(c) && c.step.max(1) == step);
            if of_story || by_hand.contains(&(step - 1)) {
                schedule.note_change(step - 1);
            }
            // A save and what is read of it are the same.
            let saved = serde_json::to_string(&schedule).unwrap();
            assert_eq!(serde_json::from_str::<Schedule>(&saved).unwrap(), schedule);
            if schedule.take_step(step, scenario, &lanes) {
                steps.push(step);
            }
            assert_eq!(schedule.is_evaluated(step, scenario, &lanes), steps.last() == Some(&step));
        }
        steps
    }

    #[test]
    fn evaluations_are_dense_at_the_start_and_around_changes() {
        let regular: Vec<u64> = (1..=5).map(|i| 240 * i).collect();
        let with = |extra: &[u64]| {
            let mut all = [extra, &regular].concat();
            all.sort_unstable();
            all
        };
        assert_eq!(evaluated(&scenario(""), &[]), with(&[1, 20, 100]));
        // A caption is no change.
        let caption = "[[change]]\nstep=500\ncaption='look'\n";
        assert_eq!(evaluated(&scenario(caption), &[]), with(&[1, 20, 100]));
        // The last step before a change, the first one with it, and two more.
        let change = "[[change]]\nstep=610\nlr=0.1\n";
        assert_eq!(evaluated(&scenario(change), &[]), with(&[1, 20, 100, 609, 610, 613, 625]));
        // By hand nobody knows before.
        assert_eq!(evaluated(&scenario(""), &[610]), with(&[1, 20, 100, 611, 614, 626]));
        // What is expected of the full set is counted, and what needs no count is not.
        let expect = "[[expect]]\nlane='a'\nmetric='psnr'\nstep=50\nmin=1\n[[expect]]\nlane='a'\nmetric='utilization_window'\nstep=70\nmin=0.1\n";
        assert_eq!(evaluated(&scenario(expect), &[]), with(&[1, 20, 50, 100]));
        // An early one that comes after the first regular one is none.
        let often = "[train]\neval_every=10\n";
        let steps = evaluated(&scenario(often), &[]);
        assert_eq!(steps[..4], [1, 10, 20, 30]);
    }

    #[test]
    fn evaluations_beside_the_regular_ones_are_few_whatever_is_changed() {
        // A slider that is dragged all the time, and a story that changes something all the time.
        let dragged: Vec<u64> = (0..1200).collect();
        assert_eq!(evaluated(&scenario(""), &dragged).len(), 5 + 8 + 1);
        let changes: String =
            (1..300).map(|i| format!("[[change]]\nstep={}\nlr=0.1\n", 4 * i)).collect();
        let steps = evaluated(&scenario(&changes), &[]).len();
        assert!((14..=5 + 2 * (8 + 1)).contains(&steps), "{steps}");
        // But for those just before, changes of the story and those by hand have the same.
        let timed: String =
            [17, 300].map(|at| format!("[[change]]\nstep={}\nlr=0.1\n", at + 1)).concat();
        let mut timed = evaluated(&scenario(&timed), &[]);
        timed.retain(|step| ![17, 300].contains(step));
        assert_eq!(timed, evaluated(&scenario(""), &[17, 300]));
    }

    #[test]
    fn kept_reconstructions_are_never_those_before_a_change() {
        let scenario = scenario("[[change]]\nstep=650\nlr=0.1\n");
        let mut schedule = Schedule::default();
        let oldest = |schedule: &Schedule, step| schedule.oldest_pictures(step, &scenario);
        // Of each picture at the start, around the change and at the end; else of the last hundred.
        for step in [0, 25, 75, 100, 649, 650, 1200] {
            assert_eq!(oldest(&schedule, step), step);
        }
        assert_eq!([125, 200, 275].map(|step| oldest(&schedule, step)), [100, 200, 200]);
        schedule.note_change(230);
        assert_eq!([230, 250, 275, 300].map(|step| oldest(&schedule, step)), [200, 231, 231, 300]);
    }
}
