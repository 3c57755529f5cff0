//! What the maps show of the cause: who moved, cells, W, and the cloud that is dragged.

use std::sync::Arc;

use egui::{Key, Modifiers, Shape, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};

use crate::figure::layers::Layers;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::train_to::Closely;
use crate::text::significant;
use crate::ui::layout::places::PaneId;
use crate::ui::state::prefs::Motion;
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::tests::{LARGE, SMALL, draw, draw_pane, harness, pane_alone};
use crate::ui::{AppState, fixture};
use crate::words::{Language, within};

const ALL: Layers = Layers {
    moved: true,
    cells: true,
    w: true,
    slow: false,
    pipeline: false,
    place: false,
    difference: false,
    sentences: false,
    inspector: false,
    atlas: false,
};

#[test]
fn the_layers_of_the_maps() {
    let mut results = SnapshotResults::new();
    let cloud = || fixture::played("cloud", &[], 300);
    let moved = Layers { moved: true, ..Layers::default() };
    let cells = Layers { cells: true, ..Layers::default() };
    let w = Layers { w: true, ..Layers::default() };
    for (name, lane, layers) in [
        ("plain", LaneId::A, Layers::default()),
        ("moved", LaneId::A, moved),
        ("cells", LaneId::A, cells),
        ("w", LaneId::B, w),
        ("none", LaneId::A, w),
        ("all", LaneId::B, ALL),
    ] {
        let mut state = cloud();
        state.prefs.layers = layers;
        let name = format!("cause_cloud_{name}");
        draw_pane(&mut results, &name, state, PaneId::Map(lane), Theme::Light);
    }
    // Of many dimensions: momentum, a slice, a W that stretches.
    for (name, lane) in [("a", LaneId::A), ("b", LaneId::B)] {
        let mut state = fixture::played("collapse", &["data.eval_tokens=512"], 130);
        state.prefs.layers = ALL;
        let name = format!("cause_collapse_{name}");
        draw_pane(&mut results, &name, state, PaneId::Map(lane), Theme::Dark);
    }
    let mut state = cloud();
    state.prefs.layers = cells;
    draw(&mut results, "cause_window_1440x900_light", state, LARGE, Theme::Light);
    let mut state = cloud();
    state.prefs.layers = moved;
    draw(&mut results, "cause_window_1280x720_dark", state, SMALL, Theme::Dark);
}

/// A step that was made by itself, at a stage of it.
fn at_stage(story: &str, step: u64, stage: SlowStage) -> AppState {
    let mut state = fixture::told(story, step);
    state.prefs.layers.slow = true;
    state.run.slow_stage = stage;
    state
}

#[test]
fn one_step_in_stages() {
    let mut results = SnapshotResults::new();
    let names = ["encode", "choose", "loss", "pull", "after"];
    for (language, of) in [(Language::En, "cause_slow"), (Language::Ja, "japanese_slow")] {
        for (name, stage) in names.into_iter().zip(SlowStage::ALL) {
            for (lane, id) in [("a", LaneId::A), ("b", LaneId::B)] {
                let state = at_stage("cloud", 150, stage);
                let name = format!("{of}_{name}_{lane}");
                let draw = || draw_pane(&mut results, &name, state, PaneId::Map(id), Theme::Light);
                within(language, draw);
            }
        }
    }
    for (size, name, theme, stage) in [
        (LARGE, "1440x900_light", Theme::Light, SlowStage::After),
        (SMALL, "1280x720_dark", Theme::Dark, SlowStage::Pull),
    ] {
        let state = at_stage("collapse", 40, stage);
        draw(&mut results, &format!("cause_slow_window_{name}"), state, size, theme);
    }
}

#[test]
fn the_presenters_keys_go_through_the_stages_of_a_step() {
    let mut state = fixture::told("cloud", 150);
    state.prefs.motion = Motion::Reduced;
    state.present(true);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    let stage = |harness: &Harness<'_, AppState>| {
        let at = |stage: &&u8| {
            let label = format!("One step slowly in lane A, stage {stage}");
            harness.query_by_label_contains(&label).is_some()
        };
        [1, 2, 3, 4, 5].iter().find(at).copied()
    };
    assert_eq!(stage(&harness), None);
    for (key, now) in [(Key::ArrowRight, 1), (Key::ArrowRight, 2), (Key::ArrowLeft, 1)] {
        harness.key_press_modifiers(Modifiers::ALT, key);
        harness.run_steps(2);
        assert_eq!(stage(&harness), Some(now));
    }
    // Esc puts it away, and does not end the meeting.
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(stage(&harness), None);
    assert!(harness.state().presenter().is_some());
}

#[test]
fn the_stages_of_a_step_are_gone_through_with_keys_and_buttons() {
    let mut harness = harness(fixture::told("cloud", 150), LARGE, Theme::Light);
    harness.state_mut().prefs.motion = Motion::Reduced;
    harness.run_steps(2);
    let said = |harness: &Harness<'_, AppState>, lane: &str| {
        let beginning = format!("One step slowly in lane {lane}, stage ");
        let node = harness.query_by_label_contains(&beginning)?;
        let label = node.accesskit_node().label().unwrap();
        label.strip_prefix(&beginning).unwrap().chars().next()
    };
    let alt = |harness: &mut Harness<'_, AppState>, key| {
        harness.key_press_modifiers(Modifiers::ALT, key);
        harness.run_steps(2);
    };
    assert_eq!(said(&harness, "A"), None);
    for stage in ['1', '2', '3', '4', '5'] {
        alt(&mut harness, Key::ArrowRight);
        assert_eq!([said(&harness, "A"), said(&harness, "B")], [Some(stage); 2]);
    }
    alt(&mut harness, Key::ArrowLeft);
    harness.get_by_label("Stage before it in lane B").click();
    harness.run_steps(2);
    assert_eq!(harness.state().run.slow_stage, SlowStage::Loss);
    // What is written is what a screen reader gets.
    let told = harness.state().run.told[0].clone();
    let own = significant(told.own.quantization);
    assert!(harness.query_by_label_contains(&format!("codebook {own}")).is_some(), "{own}");
    // No step was trained for it, until the last stage is over.
    assert!(harness.state_mut().take_commands().is_empty());
    for _ in 0..3 {
        harness.get_by_label("Next stage of the step in lane A").click();
        harness.run_steps(2);
    }
    assert_eq!(harness.state_mut().take_commands(), [Command::StepOnce]);
    assert_eq!(harness.state().run.slow_stage, SlowStage::Encode);
    // A step that is not told of is made first.
    let mut state = fixture::collapse();
    state.prefs.layers.slow = true;
    state.next_stage();
    assert!(state.take_commands().contains(&Command::StepOnce));
}

/// A map whose next picture is of the step after, with the codes where they were; pictures of it before
/// that, as it comes, on its way, and at the end.
fn moving(lane: LaneId, is_reduced: bool, later: u64) -> [image::RgbaImage; 4] {
    let mut state = fixture::played("cloud", &[], 150);
    state.prefs.layers.moved = true;
    let size = vec2(384.0, 284.0);
    let mut harness = pane_alone(state, PaneId::Map(lane), size, Theme::Light);
    // The harness switches motion off.
    let animation_time = if is_reduced { 0.0 } else { 0.1 };
    harness.ctx.all_styles_mut(move |style| style.animation_time = animation_time);
    harness.run_steps(8);
    let before = harness.render().unwrap();
    let run = &mut harness.state_mut().run;
    let mut next = Snapshot::clone(run.snapshot.as_ref().unwrap());
    next.step += later;
    next.lanes.iter_mut().for_each(|lane| lane.facts.step += later);
    run.take(std::sync::Arc::new(next));
    let mut frames = |number| {
        harness.run_steps(number);
        harness.render().unwrap()
    };
    // A frame is a quarter of a second.
    [before, frames(1), frames(2), frames(4)]
}

#[test]
fn a_pull_starts_at_the_chosen_codes_and_runs_through_w_on_the_programs_clock() {
    // The step is written on the map, so that pictures of one step are compared.
    for lane in [LaneId::A, LaneId::B] {
        let [_, first, on_the_way, end] = moving(lane, false, 1);
        let [_, still, .., still_end] = moving(lane, true, 1);
        assert!(still == still_end && still == end, "less motion: all at once");
        assert!(first != end, "nothing is lit yet");
        // VQ lights the chosen codes alone; in SimVQ the pull is still on its way to the others.
        assert_eq!(on_the_way != end, lane == LaneId::B, "{lane:?}");
        // Where no step was trained nothing moves.
        let [before, rest @ ..] = moving(lane, false, 0);
        assert!(rest.iter().all(|picture| *picture == before));
    }
}

#[test]
fn a_pull_on_its_way() {
    let mut results = SnapshotResults::new();
    for (name, lane) in [("a", LaneId::A), ("b", LaneId::B)] {
        let [_, _, on_the_way, _] = moving(lane, false, 1);
        let name = format!("cause_motion_{name}");
        results.add(egui_kittest::try_image_snapshot(&on_the_way, name));
    }
}

/// What the story's text speaks of is lit in the maps and in the bars: codes that are not in use.
#[test]
fn a_text_lights_the_codes_that_are_not_in_use() {
    let told = |show: &str| {
        let mut state = fixture::lesson(&format!(
            "[[beat]]\nat='start'\nkind='say'\ntext='Look'\nshow=[{show}]\n"
        ));
        state.tell(0.0);
        state
    };
    let mut results = SnapshotResults::new();
    for (name, pane, theme) in [
        ("map", PaneId::Map(LaneId::A), Theme::Light),
        ("bars", PaneId::Usage(LaneId::A), Theme::Dark),
    ] {
        let picture = |show: &str| {
            let mut harness = pane_alone(told(show), pane, SMALL / 2.0, theme);
            harness.run_steps(3);
            harness.render().unwrap()
        };
        assert!(picture("") == picture("'curves'"), "{name}");
        assert!(picture("") != picture("'codes:dead'"), "{name}");
        draw_pane(&mut results, &format!("lit_dead_{name}"), told("'codes:dead'"), pane, theme);
    }
}

/// All texts that a pane paints, a line each.
fn texts(state: AppState, pane: PaneId) -> String {
    fn add(shape: &Shape, all: &mut String) {
        match shape {
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| add(shape, all)),
            Shape::Text(text) => *all += &format!("{}\n", text.galley.text()),
            _ => {}
        }
    }
    let mut harness = pane_alone(state, pane, SMALL / 2.0, Theme::Light);
    harness.run_steps(3);
    let mut all = String::new();
    harness.output().shapes.iter().for_each(|clipped| add(&clipped.shape, &mut all));
    all
}

/// Changes what is shown of each lane.
fn change_views(state: &mut AppState, change: impl Fn(&mut LaneView)) {
    let known = state.run.snapshot.clone().unwrap();
    let mut lanes = known.lanes.clone();
    lanes.iter_mut().for_each(change);
    state.run.take(Arc::new(Snapshot { run: known.run, step: known.step, lanes }));
}

#[test]
fn what_shows_a_part_alone_says_from_which_number_on() {
    let many = |are_coordinates| {
        let mut state = fixture::collapse();
        state.prefs.layers.cells = true;
        change_views(&mut state, |view| {
            view.codes = view.codes.iter().copied().cycle().take(8000).collect();
            view.off_plane = vec![0.0; view.codes.len()];
            view.axes.are_coordinates = are_coordinates;
        });
        texts(state, PaneId::Map(LaneId::A))
    };
    for (are_coordinates, begin) in [(true, "cells: every "), (false, "cells: a slice, every ")] {
        let all = many(are_coordinates);
        let said = all.lines().find(|line| line.starts_with(begin)).unwrap_or_default();
        assert!(said.contains(" pixels (from K ") && said.ends_with(" on)"), "{all}");
    }
    let mut state = fixture::told("cloud", 150);
    state.prefs.layers.slow = true;
    let few = "from K 8,193 on the lens shows";
    change_views(&mut state, |_| {});
    assert!(!texts(state, PaneId::Map(LaneId::A)).contains(few));
    let mut state = fixture::told("cloud", 150);
    state.prefs.layers.slow = true;
    change_views(&mut state, |view| {
        view.codes = view.codes.iter().copied().cycle().take(8193).collect();
    });
    let all = texts(state, PaneId::Map(LaneId::A));
    assert!(all.contains(few), "{all}");
    let atlas = |used: usize| {
        let looked = Closely { atlas: true, ..Closely::default() };
        let mut state = fixture::closely("falls", &["data.eval_tokens=512"], 20, looked);
        state.prefs.layers.atlas = true;
        change_views(&mut state, |view| {
            view.window.used = used;
            let tiles = &mut Arc::make_mut(view.close.as_mut().unwrap()).atlas;
            *tiles = tiles.iter().cloned().cycle().take(used.min(512)).collect();
        });
        texts(state, PaneId::Atlas)
    };
    let (all, some) = (atlas(512), atlas(2048));
    assert!(all.contains("A: 512 of 512\n"), "{all}");
    assert!(some.contains("A: 512 of 2,048, the most used (from 513 on)\n"), "{some}");
}

#[test]
fn keys_show_the_layers_and_hide_them() {
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Light);
    harness.run_steps(2);
    for (key, of) in [
        (Key::L, (|layers| layers.moved) as fn(Layers) -> bool),
        (Key::V, |layers| layers.cells),
        (Key::M, |layers| layers.w),
        (Key::K, |layers| layers.slow),
        (Key::N, |layers| layers.pipeline),
        (Key::U, |layers| layers.place),
        (Key::D, |layers| layers.difference),
        (Key::T, |layers| layers.sentences),
        (Key::I, |layers| layers.inspector),
        (Key::A, |layers| layers.atlas),
    ] {
        for is_shown in [true, false] {
            harness.key_press(key);
            harness.step();
            assert_eq!(of(harness.state().prefs.layers), is_shown, "{key:?}");
        }
    }
}
