//! Panes and cards alone, as rendered pictures, and the arrangements in which panes stand.

use egui::{Rect, Ui, UiBuilder};
use egui_kittest::try_image_snapshot;

use super::*;
use crate::figure::camera::Camera;
use crate::record::reason::Reason;
use crate::record::snapshot::LaneView;
use crate::ui::layout::panels;
use crate::ui::overlays::{cards, lesson_link, question, shelf};
use crate::ui::widgets::theme::palette;

/// The margin that the harness leaves around what it draws.
const MARGIN: f32 = 8.0;

/// How large most panes are drawn, with that margin; the others are as large as they are beside it.
const PANE: Vec2 = vec2(400.0, 300.0);
/// Panes that are as wide as the window, the controls at its left, and the head of a lane.
const TOP: Vec2 = vec2(1280.0, 44.0);
const TIMELINE: Vec2 = vec2(1268.0, 120.0);
const STATUS: Vec2 = vec2(900.0, 24.0);
const CAPTION: Vec2 = vec2(900.0, 38.0);
const PLAYHEAD: Vec2 = vec2(560.0, 38.0);
const CONTROLS: Vec2 = vec2(288.0, 600.0);
const HEAD: Vec2 = vec2(400.0, 70.0);
/// A panel that has the room of the others.
const ENLARGED: Vec2 = vec2(944.0, 464.0);
/// A card and what it leaves around it.
const CARD: Vec2 = vec2(624.0, 344.0);

/// A part of the window alone, on the window's ground.
fn alone(
    state: AppState,
    size: Vec2,
    theme: Theme,
    draw: impl Fn(&mut Ui, &mut AppState) + 'static,
) -> Harness<'static, AppState> {
    let on_ground = move |ui: &mut Ui, state: &mut AppState| {
        let ground = palette(ui).panel;
        ui.painter().rect_filled(ui.max_rect(), 0.0, ground);
        draw(ui, state);
    };
    Harness::builder()
        .with_size(size + Vec2::splat(2.0 * MARGIN))
        .with_theme(theme)
        .with_context_setup(theme::install)
        .with_render_cursor(false)
        .wgpu()
        .build_ui_state(on_ground, state)
}

/// A pane of a state alone.
pub(super) fn pane_alone(
    state: AppState,
    pane: PaneId,
    size: Vec2,
    theme: Theme,
) -> Harness<'static, AppState> {
    alone(state, size, theme, move |ui, state| {
        let (panes, ctx) = state.panes();
        let place = UiBuilder::new().max_rect(ui.max_rect()).id_salt(pane);
        panes.of(pane).draw(&mut ui.new_child(place), &ctx, &mut Outbox::default());
    })
}

/// A pane alone, drawn once everything has settled.
pub(super) fn draw_pane(
    results: &mut SnapshotResults,
    name: &str,
    state: AppState,
    pane: PaneId,
    theme: Theme,
) {
    let size = match pane {
        PaneId::Top => TOP,
        PaneId::Timeline => TIMELINE,
        PaneId::Status => STATUS,
        PaneId::Caption => CAPTION,
        PaneId::Playhead => PLAYHEAD,
        PaneId::Controls => CONTROLS,
        PaneId::Headline(_) => HEAD,
        _ => PANE - Vec2::splat(2.0 * MARGIN),
    };
    let mut harness = pane_alone(state, pane, size, theme);
    harness.run_steps(3);
    results.add(harness.try_snapshot(name));
}

/// Where a pane stands in a drawn window, within the frame that the harness draws around it.
pub(super) fn place(harness: &Harness<'_, AppState>, pane: PaneId) -> Rect {
    let size = harness.ctx.content_rect().size() - Vec2::splat(2.0 * MARGIN);
    let places = harness.state().places(size);
    let found = places.into_iter().find(|(id, _)| *id == pane);
    found.expect("the pane is shown").1.translate(Vec2::splat(MARGIN))
}

/// A part of a drawn window alone: what opens over a pane is the window's.
pub(super) fn snap_part(
    results: &mut SnapshotResults,
    name: &str,
    harness: &mut Harness<'_, AppState>,
    part: Rect,
) {
    let window = harness.render().unwrap();
    let alone = panels::cut(&window, part, 1.0).unwrap();
    results.add(try_image_snapshot(&alone, name));
}

/// What lies over the panes alone, drawn once everything has settled.
pub(super) fn draw_card(results: &mut SnapshotResults, name: &str, state: AppState, theme: Theme) {
    let mut harness = alone(state, CARD, theme, |ui, state| {
        state.tell(0.0);
        question::show(ui, state, ui.max_rect());
        lesson_link::show(ui, state);
        shelf::show(ui, state);
        cards::diverged(ui, state);
        cards::failure(ui, state);
        cards::way_back(ui, state);
    });
    harness.run_steps(3);
    results.add(harness.try_snapshot(name));
}

/// A change to a state before it is drawn.
pub(super) type Change = fn(&mut AppState);

/// A picture of a pane by its name, and the change that it shows.
type Case = (&'static str, PaneId, Change);

#[test]
fn panes_and_their_switches() {
    let mut results = SnapshotResults::new();
    let (a, b) = (LaneId::A, LaneId::B);
    let cases: [Case; 8] = [
        ("tab_use_map", PaneId::Curves, |s| s.prefs.tab = Tab::UseMap),
        ("tab_spectrum", PaneId::Curves, |s| s.prefs.tab = Tab::Spectrum),
        ("tab_movement", PaneId::Curves, |s| s.prefs.tab = Tab::Movement),
        ("bars_by_index_log", PaneId::Usage(b), |s| {
            (s.prefs.is_usage_sorted, s.prefs.is_usage_log) = (false, true);
        }),
        ("bars_full_set", PaneId::Usage(a), |s| s.prefs.usage_source = UsageSource::FullSet),
        ("armed_restart", PaneId::Controls, |s| s.set_size(1024)),
        ("cannot_train", PaneId::Controls, |s| s.set_size(1 << 40)),
        ("numbers", PaneId::Numbers, |_| ()),
    ];
    for (name, pane, change) in cases {
        let mut state = fixture::collapse();
        change(&mut state);
        draw_pane(&mut results, &format!("pane_{name}"), state, pane, Theme::Light);
    }
    // More codes than a mesh is good for, and a map that is zoomed in.
    let many: [Case; 3] = [
        ("usage_many_codes", PaneId::Usage(b), |_| ()),
        ("map_many_codes", PaneId::Map(b), |s| {
            s.panes.map.cameras[1] = Camera { zoom: 3.0, middle: [0.4, 0.2] };
        }),
        ("use_map_many_codes", PaneId::Curves, |s| s.prefs.tab = Tab::UseMap),
    ];
    for (name, pane, change) in many {
        let mut state = fixture::many_codes();
        change(&mut state);
        draw_pane(&mut results, &format!("pane_{name}"), state, pane, Theme::Light);
    }
}

#[test]
fn cards_over_the_whole_window() {
    let mut results = SnapshotResults::new();
    let mut state = fixture::collapse();
    state.cards.is_help_open = true;
    draw(&mut results, "help", state, SMALL, Theme::Light);
    for (name, size, theme) in
        [("gallery", SMALL, Theme::Light), ("gallery_1440x900_dark", LARGE, Theme::Dark)]
    {
        let mut state = fixture::collapse();
        state.cards.is_gallery_open = true;
        draw(&mut results, name, state, size, theme);
    }
}

#[test]
fn each_panel_enlarged() {
    let mut results = SnapshotResults::new();
    let many = || {
        let mut state = fixture::many_codes();
        state.prefs.tab = Tab::UseMap;
        state
    };
    // Where it stands among what is left of the others.
    for (panel, size, theme) in [
        (Panel::Maps, SMALL, Theme::Light),
        (Panel::Usage(LaneId::B), LARGE, Theme::Dark),
        (Panel::Timeline, SMALL, Theme::Light),
    ] {
        let mut state = many();
        state.enlarge(Some(panel));
        draw(&mut results, &format!("enlarged_{}", panel.name()), state, size, theme);
    }
    for (panel, pane) in [
        (Panel::Map(LaneId::A), PaneId::Map(LaneId::A)),
        (Panel::Recon, PaneId::Recon),
        (Panel::Curves, PaneId::Curves),
        (Panel::Numbers, PaneId::Numbers),
    ] {
        let mut state = many();
        state.enlarge(Some(panel));
        let mut harness = pane_alone(state, pane, ENLARGED, Theme::Light);
        harness.run_steps(3);
        results.add(harness.try_snapshot(format!("pane_large_{}", panel.name())));
    }
}

/// Hides what stands at the left and at the right.
pub(super) fn hide_sides(state: &mut AppState) {
    for part in [Part::Controls, Part::Curves, Part::Numbers] {
        state.prefs.arrangement.show(part, false);
    }
}

#[test]
fn panes_that_are_hidden_leave_their_room_to_the_others() {
    let mut results = SnapshotResults::new();
    let hide = |state: &mut AppState, parts: &[Part]| {
        parts.iter().for_each(|part| state.prefs.arrangement.show(*part, false));
    };
    let mut state = fixture::collapse();
    hide(&mut state, &[Part::Recon, Part::Timeline, Part::Numbers]);
    draw(&mut results, "hidden_1440x900_light", state, LARGE, Theme::Light);
    let mut state = fixture::collapse();
    hide_sides(&mut state);
    draw(&mut results, "hidden_960x540_light", state, LOW, Theme::Light);
    let mut state = fixture::collapse();
    hide(&mut state, &[Part::Controls]);
    draw(&mut results, "numbers_960x540_dark", state, LOW, Theme::Dark);
    let mut state = fixture::collapse();
    hide_sides(&mut state);
    hide(&mut state, &[Part::Maps, Part::Recon]);
    draw(&mut results, "hidden_1280x720_dark", state, SMALL, Theme::Dark);
    let mut state = fixture::collapse();
    hide_sides(&mut state);
    draw(&mut results, "without_side_panels", state, SMALL, Theme::Light);
}

pub(super) fn change_lane(state: &mut AppState, id: LaneId, change: impl Fn(&mut LaneView)) {
    let old = state.run.snapshot.as_ref().unwrap();
    let mut snapshot = Snapshot { run: old.run, step: old.step, lanes: old.lanes.clone() };
    change(&mut snapshot.lanes[id.index()]);
    assert!(state.run.take(std::sync::Arc::new(snapshot)));
}

/// A lane that does not quantize yet.
fn without_quantization(state: &mut AppState) {
    state.run.specs[0].warmup = 400;
    change_lane(state, LaneId::A, |lane| {
        lane.warms_up_until = Some(400);
        lane.window_counts.fill(0);
        lane.ever_used.fill(false);
        (lane.window.used, lane.window.tokens) = (0, 0);
        (lane.batch.used, lane.batch.tokens) = (0, 0);
    });
}

/// A lane with a fixed grid of codes.
fn with_fixed_codes(state: &mut AppState) {
    state.prefs.tab = Tab::Spectrum;
    state.marked.target = Target::One(LaneId::A);
    state.draft.lanes.a.set_preset(Preset::Fsq);
    state.run.specs[0] = state.draft.lane(LaneId::A).unwrap();
    change_lane(state, LaneId::A, |lane| lane.has_fixed_codes = true);
}

/// A lane in which no code is in use.
fn with_everything_dead(state: &mut AppState) {
    change_lane(state, LaneId::A, |lane| {
        lane.window_counts.fill(0);
        lane.window.used = 0;
    });
}

#[test]
fn states_that_are_not_the_usual_one() {
    let mut results = SnapshotResults::new();
    let a = LaneId::A;
    let cases: [Case; 12] = [
        ("without_quantization_head", PaneId::Headline(a), without_quantization),
        ("without_quantization_map", PaneId::Map(a), without_quantization),
        ("without_quantization_bars", PaneId::Usage(a), without_quantization),
        ("without_quantization_timeline", PaneId::Timeline, without_quantization),
        ("fixed_codes_spectrum", PaneId::Curves, with_fixed_codes),
        ("fixed_codes_controls", PaneId::Controls, with_fixed_codes),
        ("fixed_codes_head", PaneId::Headline(a), with_fixed_codes),
        ("diverged", PaneId::Map(a), |s| {
            change_lane(s, LaneId::A, |lane| lane.diverged_at = Some(207));
        }),
        ("ended", PaneId::Top, |s| s.run.trainer.activity = Activity::Ended),
        ("slow", PaneId::Top, |s| s.run.trainer.steps_per_second = 41.0),
        ("everything_dead_map", PaneId::Map(a), with_everything_dead),
        ("everything_dead_bars", PaneId::Usage(a), with_everything_dead),
    ];
    for (name, pane, change) in cases {
        let mut state = fixture::collapse();
        change(&mut state);
        draw_pane(&mut results, &format!("state_{name}"), state, pane, Theme::Dark);
    }
    let mut failed = fixture::collapse();
    let why = "the device failed (out of memory); restart the run, or use --device cpu";
    failed.run.failure = Some(Failure { sentence: why.into(), way_on: None });
    draw_card(&mut results, "card_failed", failed, Theme::Dark);
    // Before anything is there, and with one lane, all panes are others.
    let waiting = AppState::new("collapse", fixture::collapse().story.scenario);
    draw(&mut results, "state_warming_up", waiting, SMALL, Theme::Dark);
    let mut compiling = AppState::new("collapse", fixture::collapse().story.scenario);
    compiling.run.info = fixture::collapse().run.info.map(|mut info| {
        info.device.name = "Radeon 780M".into();
        info.device.reason = Reason::AskedForByName;
        info
    });
    draw_pane(&mut results, "state_compiling_map", compiling, PaneId::Map(a), Theme::Dark);
    draw(&mut results, "state_one_lane", fixture::one_lane(), SMALL, Theme::Dark);
}
