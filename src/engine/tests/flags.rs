//! What detectors see of runs that train, and that it depends on steps alone.

use crate::engine::Run;
use crate::engine::tests::{VQ_AND_SIMVQ, compute, scenario};
use crate::record::event::{Event, EventKind};
use crate::record::row::StepRow;
use crate::record::setting::Setting;
use crate::scenario::{LaneId, OnSwitch, Scenario, demos, parse};

/// Rows and events of a run that is read back every so many steps, with a fresh codebook for lane a
/// after step 130 and a change by the story after step 209.
fn news(scenario: &Scenario, every: u64, has_views: bool) -> (Vec<StepRow>, Vec<Event>) {
    let mut run = Run::new(scenario.clone(), &compute(), 1, has_views).unwrap();
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for step in 1..=scenario.steps {
        if step == 131 {
            run.set(
                Some(LaneId::A),
                Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh },
            );
        }
        run.step().unwrap();
        if step % every == 0 || step == scenario.steps {
            let news = run.take_news().unwrap();
            rows.extend(news.0);
            events.extend(news.1);
        }
    }
    (rows, events)
}

#[test]
fn rows_and_flags_do_not_depend_on_when_they_are_read_back() {
    let text = "[lanes.a]\n[lanes.b]\ntrain.beta=0.0\n[[change]]\nstep=210\nlane='b'\nlr=0.001\n";
    let mut scenario = scenario(text);
    scenario.train.window_tokens = 640;
    let whole = news(&scenario, 1, false);
    assert!(whole.1.iter().any(|e| e.kind.is_flag()), "{:?}", whole.1);
    assert!(whole.1.iter().any(|e| e.kind == EventKind::Change));
    for (every, has_views) in [(7, false), (300, false), (64, true)] {
        assert_eq!(news(&scenario, every, has_views), whole, "{every}");
    }
    // The window forgot the old codes at the very step.
    let tokens = |step: u64| {
        let own = |r: &&StepRow| r.lane == LaneId::A && r.step == step;
        whole.0.iter().find(own).unwrap().window_tokens
    };
    assert_eq!((tokens(130), tokens(131), tokens(132)), (640, 64, 128));
}

#[test]
fn births_and_deaths_are_counted_every_100_steps_and_begin_anew_with_fresh_codes() {
    let mut scenario = scenario(VQ_AND_SIMVQ);
    scenario.train.window_tokens = 640;
    let (rows, _) = news(&scenario, 50, false);
    for id in [LaneId::A, LaneId::B] {
        let mut in_use = 0;
        for row in rows.iter().filter(|r| r.lane == id) {
            let (Some(births), Some(deaths)) = (row.births_100, row.deaths_100) else {
                assert!(row.births_100.is_none() && row.deaths_100.is_none());
                assert!(!row.step.is_multiple_of(100));
                continue;
            };
            assert!(row.step.is_multiple_of(100));
            // Lane a got other codes after step 130: none of the old ones died.
            let is_fresh = id == LaneId::A && row.step == 200;
            in_use = if is_fresh { 0 } else { in_use } + births - deaths;
            assert_eq!(in_use as f64 / 64.0, row.utilization_window, "{row:?}");
            assert!(!is_fresh || deaths == 0);
        }
    }
}

#[test]
fn a_lane_that_a_large_rate_blows_up_learns_nothing() {
    let flags = |sets: &[&str]| -> Vec<(LaneId, u64)> {
        let sets: Vec<String> = sets.iter().map(ToString::to_string).collect();
        let text = demos::text("collapse").unwrap();
        let scenario = parse(text, "collapse", &sets).unwrap();
        let mut run = Run::new(scenario, &compute(), 1, false).unwrap();
        (0..240).for_each(|_| run.step().unwrap());
        let (_, events) = run.take_news().unwrap();
        let own = events.iter().filter(|e| e.kind == EventKind::LearnsNothing);
        own.filter_map(|e| Some((e.lane?, e.step))).collect()
    };
    let blown_up = flags(&["train.lr=3", "seed=0"]);
    assert!(blown_up.contains(&(LaneId::B, 240)), "{blown_up:?}");
    assert_eq!(flags(&["seed=0"]), []);
}

#[test]
fn an_encoder_that_nothing_holds_runs_away_and_one_with_a_commitment_does_not() {
    let flags = |beta: f64| -> Vec<LaneId> {
        let text = format!(
            "title='x'\nsteps=180\n[train]\nbeta={beta:?}\n[lanes.a]\npreset='vq'\n[lanes.b]\npreset='simvq'\n"
        );
        let mut run = Run::new(parse(&text, "x", &[]).unwrap(), &compute(), 1, false).unwrap();
        (0..180).for_each(|_| run.step().unwrap());
        let (_, events) = run.take_news().unwrap();
        events.iter().filter(|e| e.kind == EventKind::Runaway).filter_map(|e| e.lane).collect()
    };
    assert_eq!(flags(0.0), [LaneId::A, LaneId::B]);
    assert_eq!(flags(0.25), []);
}
