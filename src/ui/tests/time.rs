//! The timeline's past: pinned steps, playback, forks, saved runs.

use std::path::PathBuf;
use std::sync::Arc;

use egui::{Key, Modifiers, Theme};
use egui_kittest::SnapshotResults;

use super::{LARGE, SMALL, draw, draw_card, draw_pane, harness, press_in};
use crate::archive::pair::{Pair, Side};
use crate::archive::shelf::{CutOff, Entry};
use crate::gallery::thumbnail;
use crate::record::event::{Event, EventKind};
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Origin, RunInfo, Saving, Update};
use crate::scenario::{LaneId, Pace, demos, parse};
use crate::session::command::Command;
use crate::ui::layout::places::PaneId;
use crate::ui::state::playback::ForkWish;
use crate::ui::state::run_model::RunModel;
use crate::ui::state::shelf::Shelf;
use crate::ui::{AppState, fixture};

/// The collapse story at step 300 with kept pictures every 20 steps.
pub(super) fn recorded() -> AppState {
    let mut state = fixture::collapse();
    let live = state.run.live.clone().unwrap();
    for step in (0..=300).step_by(20) {
        state.run.absorb(Update::Keyframe(Arc::new(at(&live, step))));
    }
    let folder = Some(PathBuf::from("collapse-0001"));
    let saving = Saving { folder, failure: None, checkpoints: vec![0, 100, 200, 300] };
    state.run.absorb(Update::Saving(saving));
    state
}

/// The picture of a step: the codes lie the closer together the earlier it is.
fn at(live: &Snapshot, step: u64) -> Snapshot {
    let mut lanes = live.lanes.clone();
    for lane in &mut lanes {
        lane.step = step;
        let scale = 0.2 + 0.8 * step as f32 / 300.0;
        lane.codes.iter_mut().for_each(|c| *c = c.map(|x| x * scale));
    }
    Snapshot { run: live.run, step, lanes }
}

/// The run forked at step 200 and trained on to step 300.
pub(super) fn forked() -> AppState {
    let mut state = recorded();
    let before = fixture::collapse();
    let info = RunInfo {
        run: 2,
        origin: Origin::Fork { run: 1, step: 200, log: Vec::new() },
        ..before.run.info.clone().unwrap()
    };
    state.run.absorb(Update::Started(Box::new(info)));
    let mut rows: Vec<_> = fixture::rows().into_iter().filter(|r| r.step <= 260).collect();
    for row in rows.iter_mut().filter(|r| r.step > 200 && r.lane == LaneId::A) {
        row.utilization_window = (row.step - 200) as f64 * 0.01;
    }
    state.run.absorb(Update::Rows(rows));
    let live = before.run.live.unwrap();
    state.run.take(Arc::new(Snapshot { run: 2, ..at(&live, 260) }));
    state
}

fn entry(name: &str, story: &str, step: u64) -> Entry {
    let scenario = parse(demos::text(story).unwrap(), story, &[]).unwrap();
    let evals = fixture::collapse().run.live.unwrap().lanes.iter().map(|l| l.eval).collect();
    Entry {
        path: name.into(),
        name: name.into(),
        scenario,
        step,
        forked_from: None,
        is_kept: false,
        now: Vec::new(),
        lanes: thumbnail(story).unwrap().lanes.clone(),
        evals,
    }
}

pub(super) fn with_shelf() -> AppState {
    let mut state = fixture::collapse();
    let mut fork = entry("collapse-0002", "collapse", 812);
    fork.forked_from = Some("collapse-0001 at step 200".into());
    fork.is_kept = true;
    let entries = vec![
        fork,
        entry("collapse-0001", "collapse", 1200),
        entry("revival-0001", "revival", 1200),
        entry("fsq-0004", "fsq", 640),
    ];
    let broken = "fsq-0003/run.toml is damaged (it has 12 of 40 bytes); open another save, or train the run again from its scenario.toml";
    state.host.home = Some("runs".into());
    state.cards.shelf = Some(Shelf::of(entries, vec![broken.into()]));
    state
}

#[test]
fn panes_of_the_past() {
    let mut results = SnapshotResults::new();
    let mut pinned = recorded();
    pinned.pin(150);
    draw(&mut results, "pinned_1440x900_light", pinned, LARGE, Theme::Light);
    let mut pinned = recorded();
    pinned.pin(150);
    pinned.player.loop_range = Some((60, 220));
    draw(&mut results, "pinned_1280x720_dark", pinned, SMALL, Theme::Dark);
    draw_pane(&mut results, "pane_timeline_forked", forked(), PaneId::Timeline, Theme::Dark);
    draw(&mut results, "shelf", with_shelf(), SMALL, Theme::Light);
    let mut replay = forked();
    replay.run.trainer.activity = Activity::Replaying { done: 412, of: 960 };
    draw_card(&mut results, "card_replaying", replay, Theme::Light);
    let mut wish = recorded();
    wish.cards.fork_wish = Some(ForkWish { step: 150, steps: 50, seconds: Some(12.0) });
    draw_card(&mut results, "card_fork_takes_long", wish, Theme::Dark);
    let mut cut_off = fixture::collapse();
    let title = "Collapse: VQ against SimVQ".into();
    cut_off.cards.cut_off = Some(CutOff { path: "x".into(), title, step: 812 });
    draw_card(&mut results, "card_cut_off", cut_off, Theme::Light);
}

#[test]
fn a_pinned_step_stays_while_the_run_goes_on() {
    let mut state = recorded();
    state.pin(155);
    assert_eq!(state.run.shown_step(), 140);
    let live = state.run.live.clone().unwrap();
    for step in 301..=10_300 {
        state.run.take(Arc::new(Snapshot { run: 1, step, lanes: live.lanes.clone() }));
        assert_eq!(state.run.snapshot.as_ref().unwrap().step, 140);
    }
    assert_eq!(state.run.step(), 10_300);
    state.follow();
    assert_eq!(state.run.snapshot.as_ref().unwrap().step, 10_300);
}

#[test]
fn keys_move_through_what_was_kept() {
    let none = Modifiers::NONE;
    let (commands, state) = press_in(recorded(), &[(Key::ArrowLeft, none)]);
    assert_eq!((state.run.shown_step(), commands.len()), (280, 0));
    let back = [(Key::ArrowLeft, Modifiers::SHIFT), (Key::ArrowRight, none)];
    let (_, state) = press_in(state, &back);
    assert_eq!(state.run.shown_step(), 100);
    let (_, state) = press_in(state, &[(Key::Home, none)]);
    assert_eq!(state.run.shown_step(), 0);
    let (_, state) = press_in(state, &[(Key::End, none)]);
    assert!(!state.run.is_pinned);
    // Nothing is pinned: the right arrow trains.
    let (commands, state) = press_in(state, &[(Key::ArrowRight, none)]);
    assert_eq!(commands, [Command::StepOnce]);
    let (commands, _) = press_in(state, &[(Key::ArrowLeft, none), (Key::F, none)]);
    assert_eq!(commands, [Command::Fork { step: 280 }]);
}

#[test]
fn a_long_way_back_is_announced_and_can_be_given_up() {
    let none = Modifiers::NONE;
    let mut state = recorded();
    state.run.trainer.seconds_per_step = Some(0.125);
    state.run.saving.checkpoints = vec![0];
    let (commands, state) = press_in(state, &[(Key::ArrowLeft, none), (Key::F, none)]);
    assert!(commands.is_empty());
    assert_eq!(
        state.cards.fork_wish,
        Some(ForkWish { step: 280, steps: 280, seconds: Some(35.0) })
    );
    let (_, mut state) = press_in(state, &[(Key::Escape, none)]);
    assert_eq!(state.cards.fork_wish, None);
    state.run.trainer.activity = Activity::Replaying { done: 1, of: 280 };
    let (commands, _) = press_in(state, &[(Key::Escape, none)]);
    assert_eq!(commands, [Command::Cancel]);
}

#[test]
fn the_pace_does_not_make_a_way_back_longer() {
    let mut state = recorded();
    // Five steps a second, because nobody asked for more; a replay does not wait in between.
    (state.run.trainer.pace, state.run.trainer.steps_per_second) = (Pace::LADDER[1], 5.0);
    state.run.saving.checkpoints = vec![81];
    let back = [(Key::ArrowLeft, Modifiers::NONE), (Key::F, Modifiers::NONE)];
    let (commands, state) = press_in(state, &back);
    assert_eq!((commands, state.cards.fork_wish), (vec![Command::Fork { step: 280 }], None));
}

#[test]
fn a_way_back_of_a_run_that_has_not_trained_yet_is_announced_in_steps() {
    let mut state = recorded();
    let saved = Origin::Saved { log: Vec::new() };
    let info = RunInfo { run: 2, origin: saved, ..state.run.info.clone().unwrap() };
    let (live, saving) = (state.run.live.clone().unwrap(), state.run.saving.clone());
    state.run.absorb(Update::Started(Box::new(info)));
    state.run.absorb(Update::Saving(Saving { checkpoints: vec![0, 200], ..saving }));
    state.run.absorb(Update::Keyframe(Arc::new(Snapshot { run: 2, ..at(&live, 240) })));
    state.pin(240);
    let fork = [(Key::F, Modifiers::NONE)];
    let (commands, mut state) = press_in(state, &fork);
    assert!(commands.is_empty());
    assert_eq!(
        state.cards.fork_wish.take(),
        Some(ForkWish { step: 240, steps: 40, seconds: None })
    );
    // A step that is a checkpoint itself is no way at all.
    state.run.saving.checkpoints = vec![0, 200, 240];
    let (commands, _) = press_in(state, &fork);
    assert_eq!(commands, [Command::Fork { step: 240 }]);
}

#[test]
fn a_recording_plays_back_and_loops() {
    let mut state = recorded();
    state.toggle_playback();
    assert_eq!(state.run.shown_step(), 0);
    state.advance_playback(1.0);
    assert_eq!(state.run.shown_step(), 60);
    state.advance_playback(10.0);
    assert!(state.player.playback.is_none() && state.run.shown_step() == 300);
    state.player.loop_range = Some((100, 200));
    state.pin(100);
    state.toggle_playback();
    state.advance_playback(1.0);
    assert_eq!(state.run.shown_step(), 160);
    state.advance_playback(1.0);
    assert_eq!(state.run.shown_step(), 100);
    assert!(state.player.playback.is_some());
}

#[test]
fn a_fork_keeps_the_curves_of_its_parent() {
    let state = forked();
    let (parent, step) = state.run.parent.as_ref().unwrap();
    assert_eq!((parent.step, *step), (300, 200));
    // Pictures after the fork are of another future.
    assert_eq!(state.run.frames.steps().next_back(), Some(200));
    assert_eq!(state.run.history.step, 260);
}

#[test]
fn a_drag_on_the_timeline_pins_the_step_under_it() {
    let mut harness = harness(recorded(), LARGE, Theme::Light);
    harness.run_steps(3);
    // The chart spans 0 to 1,200 steps.
    let at = egui::pos2(46.0 + 6.0 + (1440.0 - 12.0 - 46.0 - 92.0) * 0.125, 790.0);
    harness.drag_at(at);
    harness.run_steps(2);
    harness.drop_at(at);
    harness.run_steps(2);
    assert_eq!(harness.state().run.shown_step(), 140);
    assert!(harness.state().run.is_pinned);
}

#[test]
fn saved_runs_are_looked_at_in_the_place_of_the_live_one() {
    let place = std::env::temp_dir().join(format!("vqscope-pair-{}", std::process::id()));
    std::fs::remove_dir_all(&place).ok();
    crate::archive::tests::saved_in(&place);
    let side = |lane| Side { path: place.clone(), lane };
    let pair =
        crate::archive::pair::Pair::open(&side(LaneId::B), &side(LaneId::A), u64::MAX).unwrap();
    std::fs::remove_dir_all(&place).ok();
    let mut state = fixture::collapse();
    state.run.absorb(Update::Event(Event::said(1, None, EventKind::Change, "x")));
    state.look_at(pair);
    // The live run waits.
    assert_eq!(state.take_commands(), [Command::Pause]);
    assert_eq!(state.run.shown_step(), 100);
    let methods: Vec<_> = state.run.specs.iter().map(crate::scenario::LaneSpec::method).collect();
    assert_eq!(methods, ["SimVQ", "VQ"]);
    assert_eq!(state.run.lane(LaneId::A).map(|l| l.learn_w), Some(true));
    let (commands, mut state) =
        press_in(state, &[(Key::ArrowLeft, Modifiers::NONE), (Key::W, Modifiers::NONE)]);
    assert_eq!((state.run.shown_step(), commands.len()), (75, 0));
    state.back_to_live();
    assert_eq!(state.run.step(), 300);
}

/// Two saved lanes with curves and pictures of the collapse story.
pub(super) fn pair() -> Pair {
    let RunModel { info, live, .. } = fixture::collapse().run;
    let (info, live) = (info.unwrap(), live.unwrap());
    let mut scenario = info.scenario;
    let sides = ["collapse-0001, lane A", "collapse-0002, lane B"];
    scenario.title = format!("{} beside {}", sides[0], sides[1]).into();
    scenario.about = format!("A: {}. B: {}. One playhead moves both.", sides[0], sides[1]).into();
    scenario.change.clear();
    let specs = scenario.lane_specs();
    let frames = (0..=300).step_by(20).map(|step| Snapshot { run: 0, ..at(&live, step) });
    let info = RunInfo { run: 0, scenario, ..info };
    Pair { info, specs, rows: fixture::rows(), events: Vec::new(), frames: frames.collect() }
}

#[test]
fn two_saved_lanes_stand_side_by_side() {
    let mut results = SnapshotResults::new();
    let looks =
        [("pair_1280x720_light", SMALL, Theme::Light), ("pair_1440x900_dark", LARGE, Theme::Dark)];
    for (name, size, theme) in looks {
        let mut state = fixture::collapse();
        state.look_at(pair());
        draw(&mut results, name, state, size, theme);
    }
}
