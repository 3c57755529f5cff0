//! Comparisons between lanes, and what is judged of a run that left its story.

use crate::analysis::verdict::*;
use crate::scenario::parse;

const SCENARIO: &str = "title='x'\nsteps=40\n[lanes.a]\n[lanes.b]\n";

fn judge(expect: &str) -> Judge {
    Judge::new(&parse(&format!("{SCENARIO}{expect}"), "x", &[]).unwrap())
}

/// The row of a lane whose share of codes in use in the window is given.
fn row(step: u64, lane: LaneId, share: f64) -> StepRow {
    StepRow {
        utilization_batch: share,
        utilization_window: share,
        window_tokens: 512,
        batch_tokens: 512,
        codes: 512,
        ..StepRow::nan(step, lane)
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
                judge.see_event(&Event::said(step, lane, kind, ""));
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
