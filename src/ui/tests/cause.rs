//! What the maps show of the cause: who moved, cells, W, and the cloud that is dragged.

use egui::{Key, Theme};
use egui_kittest::SnapshotResults;

use crate::figure::layers::Layers;
use crate::scenario::LaneId;
use crate::ui::fixture;
use crate::ui::layout::places::PaneId;
use crate::ui::tests::{LARGE, SMALL, draw, draw_pane, harness};

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
    // What one step did with a token: in A one code moves, in B all.
    for (name, lane) in [("a", LaneId::A), ("b", LaneId::B)] {
        let mut state = fixture::told("cloud", 150);
        state.prefs.layers.slow = true;
        let name = format!("cause_slow_{name}");
        draw_pane(&mut results, &name, state, PaneId::Map(lane), Theme::Light);
    }
    let mut state = cloud();
    state.prefs.layers = cells;
    draw(&mut results, "cause_window_1440x900_light", state, LARGE, Theme::Light);
    let mut state = cloud();
    state.prefs.layers = moved;
    draw(&mut results, "cause_window_1280x720_dark", state, SMALL, Theme::Dark);
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
