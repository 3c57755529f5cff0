//! Visits: the run of a link is the run that the link was copied from.

use crate::engine::tests::compute;
use crate::engine::views::Freshness;
use crate::record::setting::{BasisMode, Logged};
use crate::scenario::{Link, OnSwitch};
use crate::session::train_to::{Closely, train_to};
use crate::session::worker::tests::*;

/// When the axes of the maps were fixed.
const AXES: (u64, BasisMode) = (21, BasisMode::Fixed);

/// Settings made by hand in a run of plain VQ beside SimVQ, one of them after the last step.
fn by_hand() -> Vec<Logged> {
    let learn = Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh };
    vec![
        Logged { step: 0, lane: None, setting: Setting::Lr(0.01) },
        Logged { step: 20, lane: Some(LaneId::A), setting: learn },
        Logged { step: 20, lane: None, setting: Setting::Beta(1.0) },
        Logged { step: 47, lane: Some(LaneId::B), setting: Setting::Lr(0.001) },
    ]
}

/// The rows of 47 steps with these settings and the picture at their end, as the window would have
/// made them.
fn original() -> (Vec<StepRow>, Snapshot) {
    let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
    let mut rows = Vec::new();
    for step in 0..47 {
        let due = by_hand().into_iter().filter(|l| l.step == step);
        due.for_each(|l| run.set(l.lane, l.setting));
        if step == AXES.0 {
            run.set_basis(AXES.1).unwrap();
        }
        run.step().unwrap();
        rows.extend(run.take_news().unwrap().0);
    }
    let picture = run.snapshot(Freshness::Still).unwrap().unwrap();
    (rows, picture)
}

fn link() -> Link {
    let scenario = scenario(VQ_AND_SIMVQ);
    Link {
        story: "x".into(),
        draft: scenario.clone(),
        scenario,
        by_hand: by_hand().into_iter().map(Logged::to_change).collect(),
        step: 47,
        view: Default::default(),
    }
}

#[test]
fn a_visit_does_again_what_was_done_by_hand_and_pauses_there() {
    let text = link().encode();
    let mut visit = Visit::from(&Link::decode(&text, &[]).unwrap());
    visit.way.keep = vec![33];
    visit.way.axes = Some(AXES);
    let mut w = Watched::new(scenario("[lanes.a]\n"), false);
    w.until("it is paused before the first step", |w| w.activity() == Some(Activity::Paused));
    w.send(Command::Visit(Box::new(visit)));
    w.until("it is there", |w| w.runs() == 2 && w.activity() == Some(Activity::Paused));
    w.until("the picture", |w| w.picture.as_ref().is_some_and(|p| (p.run, p.step) == (2, 47)));
    let (rows, picture) = original();
    assert_eq!(w.rows, rows);
    let logged = |u: &Update| if let Update::Logged(l) = u { Some(*l) } else { None };
    assert_eq!(w.updates.iter().filter_map(logged).collect::<Vec<_>>(), by_hand());
    let lanes = &w.picture.as_ref().unwrap().lanes;
    for (lane, original) in lanes.iter().zip(&picture.lanes) {
        assert_eq!((&lane.codes, lane.axes), (&original.codes, original.axes));
    }
    // What was set last has not trained yet, and is there all the same.
    assert_eq!((lanes[0].lr, lanes[1].lr), (0.01, 0.001));
    let kept = |u: &Update| matches!(u, Update::Keyframe(k) if (k.run, k.step) == (2, 33));
    assert!(w.updates.iter().any(kept));
}

#[test]
fn timed_changes_and_pictures_without_a_window_make_the_same_run() {
    let link = link();
    let mut run = Run::new(link.timed(), &compute(), 1, false).unwrap();
    let mut rows = Vec::new();
    for _ in 0..47 {
        run.step().unwrap();
        rows.extend(run.take_news().unwrap().0);
    }
    // Of a change by hand nobody knows before: there is no evaluation at the step before it.
    let before = rows.iter_mut().filter(|row| row.step == 47);
    // At step 20, before the other change, the full set is counted in every run.
    assert_eq!(before.filter_map(|row| row.eval.take()).count(), 2);
    assert_eq!(rows, original().0);
    let (updates, snapshot) = train_to(Visit::from(&link), &choice(), Closely::default()).unwrap();
    let filmed =
        updates.iter().filter_map(|u| if let Update::Rows(r) = u { Some(r) } else { None });
    assert_eq!(filmed.flatten().copied().collect::<Vec<_>>(), rows);
    assert_eq!((snapshot.step, snapshot.lanes[1].lr), (47, 0.001));
}

#[test]
fn a_visit_can_end_at_the_start_at_the_end_and_behind_it() {
    let scenario = Scenario { steps: 30, pace: Pace::LADDER[0], ..scenario(VQ_AND_SIMVQ) };
    let mut w = Watched::new(scenario.clone(), true);
    w.until("the first run trains", |w| w.runs() == 1 && w.last_step() >= 1);
    for (step, activity) in [(0, Activity::Paused), (30, Activity::Ended), (41, Activity::Paused)] {
        w.updates.clear();
        let way = ReplayPlan { step, ..ReplayPlan::default() };
        w.send(Command::Visit(Box::new(Visit { scenario: scenario.clone(), way })));
        w.until("it is there", |w| w.runs() == 1 && w.activity() == Some(activity));
        w.until("the picture", |w| w.picture.as_ref().is_some_and(|p| p.step == step));
        let ended = |u: &Update| matches!(u, Update::State(s) if s.activity == Activity::Ended);
        assert_eq!(w.updates.iter().any(ended), activity == Activity::Ended);
        w.picture = None;
    }
}

#[test]
fn a_pause_ends_a_visit_where_it_is() {
    let mut w = Watched::new(scenario("[lanes.a]\n"), true);
    let way = ReplayPlan { step: 1 << 40, ..ReplayPlan::default() };
    w.send(Command::Visit(Box::new(Visit { scenario: scenario(VQ_AND_SIMVQ), way })));
    w.until("it is behind the last step", |w| w.last_step() > 310);
    w.send(Command::Pause);
    w.until("it is paused", |w| w.activity() == Some(Activity::Paused));
    let at = w.last_step();
    // A visit that went on would not stop here.
    w.send(Command::StepOnce);
    w.until("one step more", |w| w.last_step() == at + 1);
    w.until("the picture", |w| w.picture.as_ref().is_some_and(|p| p.step == at + 1));
    assert_eq!(w.activity(), Some(Activity::Paused));
}
