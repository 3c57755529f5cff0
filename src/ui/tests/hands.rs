//! Keyboard, screen reader, scale and motion: who has no mouse, sees little or sees other colours.

use egui::accesskit::{Action, Node, NodeId, Role};
use egui::{Context, Event, Modifiers, Pos2, RawInput, Rect};

use super::*;
use crate::figure::layers::Layers;
use crate::palette::{DARK, LIGHT};
use crate::scenario::demos;
use crate::session::train_to::Closely;
use crate::text::{count, percent, significant};
use crate::ui::layout::LEAST;
use crate::ui::state::prefs::Motion;
use crate::ui::state::presenter::Notes;

fn context() -> Context {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.enable_accesskit();
    ctx
}

/// A frame with events; what a screen reader gets of it, and what has the focus.
fn frame(
    ctx: &Context,
    state: &mut AppState,
    size: Vec2,
    events: Vec<Event>,
) -> (Vec<(NodeId, Node)>, NodeId) {
    // A key that is not let go repeats.
    let released = events.clone().into_iter().map(|event| match event {
        Event::Key { key, physical_key, repeat, modifiers, .. } => {
            Event::Key { key, physical_key, pressed: false, repeat, modifiers }
        }
        other => other,
    });
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
        events: events.iter().cloned().chain(released).collect(),
        ..RawInput::default()
    };
    let update =
        ctx.run_ui(input, |ui| window(ui, state)).platform_output.accesskit_update.unwrap();
    (update.nodes, update.focus)
}

fn settled(state: &mut AppState, size: Vec2) -> Vec<(NodeId, Node)> {
    let ctx = context();
    (0..4).map(|_| frame(&ctx, state, size, Vec::new()).0).last().unwrap()
}

fn press(key: Key, modifiers: Modifiers) -> Event {
    Event::Key { key, physical_key: None, pressed: true, repeat: false, modifiers }
}

/// What can be operated or looked at and has no name.
fn nameless(nodes: &[(NodeId, Node)]) -> Vec<String> {
    let mut nameless = Vec::new();
    for (_, node) in nodes {
        let is_operated = node.supports_action(Action::Click)
            || node.supports_action(Action::Focus)
            || node.role() == Role::Image;
        // What only holds others is not operated.
        let is_holder =
            matches!(node.role(), Role::Window | Role::GenericContainer | Role::ScrollBar);
        // A label is its text.
        let is_text = node.role() == Role::Label && node.value().is_some();
        let has_name = is_text
            || node.label().is_some_and(|label| !label.trim().is_empty())
            || !node.labelled_by().is_empty();
        if is_operated && !is_holder && !has_name {
            nameless.push(format!("{:?} at {:?}", node.role(), node.bounds()));
        }
    }
    nameless
}

/// What can have the focus and never gets it by Tab, and how much can.
fn missed_by_tab(ctx: &Context, state: &mut AppState) -> (Vec<String>, usize) {
    let nodes = (0..5).map(|_| frame(ctx, state, LARGE, Vec::new()).0).last().unwrap();
    let can_have = |node: &Node| {
        let is_asked = node.supports_action(Action::Click) || node.supports_action(Action::Focus);
        let others = [Role::Label, Role::Window, Role::GenericContainer, Role::ScrollBar];
        is_asked && !node.is_disabled() && !others.contains(&node.role())
    };
    let mut missing: std::collections::BTreeMap<NodeId, String> = nodes
        .iter()
        .filter(|(_, node)| can_have(node))
        .map(|(id, node)| (*id, format!("{:?} {:?}", node.role(), node.label())))
        .collect();
    let number = missing.len();
    for _ in 0..2 * number {
        let (_, focus) = frame(ctx, state, LARGE, vec![press(Key::Tab, Modifiers::NONE)]);
        missing.remove(&focus);
    }
    (missing.into_values().collect(), number)
}

#[test]
fn whatever_can_be_operated_has_a_name_and_pictures_say_their_figures() {
    for name in demos::names() {
        let mut state = fixture::story(name);
        let nodes = settled(&mut state, LARGE);
        let nameless = nameless(&nodes);
        assert!(nameless.is_empty(), "{name}: {nameless:#?}");
        let sentences: Vec<&str> = nodes
            .iter()
            .filter(|(_, node)| node.role() == Role::Image)
            .filter_map(|(_, node)| node.label())
            .collect();
        let says = |beginning: &str, figures: &[String]| {
            let found = sentences.iter().find(|sentence| sentence.starts_with(beginning));
            let sentence =
                found.unwrap_or_else(|| panic!("{name}: no {beginning} in {sentences:#?}"));
            for figure in figures {
                assert!(sentence.contains(figure.as_str()), "{name}: no {figure} in {sentence}");
            }
        };
        let snapshot = state.run.snapshot.clone().unwrap();
        for view in &snapshot.lanes {
            let lane = view.id.name().to_uppercase();
            let (used, size) = (view.window.used as u64, view.window.size as u64);
            let in_use = (0..view.codes.len()).filter(|c| view.window_counts[*c] > 0).count();
            let codes = count(view.codes.len() as u64);
            says(&format!("Code map of lane {lane}"), &[count(in_use as u64), codes]);
            let tokens = count(view.window.tokens as u64);
            says(&format!("Uses of the codes of lane {lane}"), &[count(used), count(size), tokens]);
            let history = state.run.history.lane(view.id);
            let newest = history.utilization_window.buckets().last().unwrap().mean;
            let mse = significant(view.eval.unwrap().recon_mse);
            says("Timeline", &[format!("lane {lane} {} of the codes", percent(newest))]);
            // Points of the plane are not reconstructed.
            if !state.run.spec(view.id).is_some_and(crate::scenario::LaneSpec::is_plane) {
                says("Reconstructions", &[format!("lane {lane} MSE {mse}")]);
            }
        }
    }
}

#[test]
fn tab_reaches_everything_that_a_click_reaches_and_the_focus_can_be_seen() {
    let ctx = context();
    let mut state = fixture::collapse();
    let (missing, number) = missed_by_tab(&ctx, &mut state);
    assert!(missing.is_empty() && number > 40, "Tab does not reach {missing:#?} of {number}");
    // Pictures have a ring.
    let mut results = SnapshotResults::new();
    for (name, pane, size, label) in [
        ("map", PaneId::Map(LaneId::A), vec2(384.0, 284.0), "Code map of lane A"),
        ("button", PaneId::Top, vec2(1280.0, 44.0), "Step"),
    ] {
        let mut harness = pane_alone(fixture::collapse(), pane, size, Theme::Light);
        harness.run_steps(2);
        let node = match name {
            "map" => harness.get_by_label_contains(label),
            _ => harness.get_by_label(label),
        };
        node.focus();
        harness.run_steps(2);
        results.add(harness.try_snapshot(format!("focus_on_a_{name}")));
    }
}

#[test]
fn the_layers_and_panes_of_the_cause_have_names_and_tab_reaches_them() {
    let closely = Closely { atlas: true, code: true, told: true };
    let mut state = fixture::closely("collapse", &["data.eval_tokens=512"], 40, closely);
    for (_, switch) in Layers::NAMES {
        *switch(&mut state.prefs.layers) = true;
    }
    let ctx = context();
    let (missing, number) = missed_by_tab(&ctx, &mut state);
    assert!(missing.is_empty() && number > 60, "Tab does not reach {missing:#?} of {number}");
    let (nodes, _) = frame(&ctx, &mut state, LARGE, Vec::new());
    let nameless = nameless(&nodes);
    assert!(nameless.is_empty(), "{nameless:#?}");
    for beginning in ["One step slowly in lane A", "Next stage of the step in lane B"] {
        let found = nodes.iter().filter_map(|(_, node)| node.label());
        let number = found.filter(|label| label.starts_with(beginning)).count();
        assert_eq!(number, 1, "{beginning}");
    }
}

#[test]
fn before_a_room_everything_has_a_name_and_a_sentence_and_tab_reaches_it() {
    for name in demos::names() {
        let mut state = fixture::story(name);
        state.present(true);
        state.presenter_mut().unwrap().notes = Notes::Below;
        let ctx = context();
        let (missing, _) = missed_by_tab(&ctx, &mut state);
        assert!(missing.is_empty(), "{name}: Tab does not reach {missing:#?}");
        let (nodes, _) = frame(&ctx, &mut state, LARGE, Vec::new());
        let nameless = nameless(&nodes);
        assert!(nameless.is_empty(), "{name}: {nameless:#?}");
        let said = |beginning: &str| {
            let found = nodes.iter().filter_map(|(_, node)| node.label());
            found.filter(|label| label.starts_with(beginning)).map(ToString::to_string).next()
        };
        let holds = |beginning: &str, figures: &[String]| {
            let sentence = said(beginning).unwrap_or_else(|| panic!("{name}: no {beginning}"));
            for figure in figures {
                assert!(sentence.contains(figure.as_str()), "{name}: no {figure} in {sentence}");
            }
        };
        let about = || state.running().about.spoken().to_string();
        holds("Caption: ", &[crate::text::lines(&state.run.caption().unwrap_or_else(about))]);
        let step = [state.run.shown_step(), state.running().steps].map(count);
        let places: Vec<_> = state.run.lesson.places().collect();
        let told = places.iter().filter(|place| state.run.lesson.was_told(place.0)).count();
        holds("Progress of the story", &step);
        holds("Progress of the story", &[told, places.len()].map(|n| count(n as u64)));
        let note = state.run.lesson.current().and_then(|(_, beat)| beat.note.clone());
        let note = note.map_or("none".into(), |note| crate::text::lines(&state.told(&note)));
        holds("Notes: ", &[note]);
        let is_covered = state.run.lesson.covers_everything();
        for view in &state.run.snapshot.clone().unwrap().lanes {
            let beginning = format!("Lane {}, ", view.id.name().to_uppercase());
            // Before the guess there is nothing to be heard either.
            if is_covered {
                assert_eq!(said(&beginning), None, "{name}");
                continue;
            }
            if view.warms_up_until.is_some() || view.window.tokens == 0 {
                holds(&beginning, &["nothing is counted yet".into()]);
                continue;
            }
            let (used, size) = (view.window.used as u64, view.window.size as u64);
            let share = percent(used as f64 / size as f64);
            holds(&beginning, &[share, count(used), count(size)]);
        }
    }
}

#[test]
fn a_map_and_the_timeline_are_operated_with_keys() {
    let mut harness = harness(super::time::recorded(), SMALL, Theme::Light);
    harness.run_steps(2);
    let camera = |harness: &Harness<'_, AppState>| harness.state().panes.map.cameras[0];
    harness.get_by_label_contains("Code map of lane A").focus();
    harness.run_steps(2);
    harness.key_press(Key::Plus);
    harness.key_press(Key::Equals);
    harness.run_steps(1);
    assert!((camera(&harness).zoom - 1.5625).abs() < 1e-4, "{:?}", camera(&harness));
    harness.key_press(Key::ArrowRight);
    harness.run_steps(1);
    assert!(camera(&harness).middle[0] > 0.0 && camera(&harness).middle[1] == 0.0);
    harness.key_press(Key::ArrowUp);
    harness.run_steps(1);
    assert!(camera(&harness).middle[1] > 0.0, "{:?}", camera(&harness));
    harness.key_press(Key::Num0);
    harness.run_steps(1);
    assert_eq!(camera(&harness), crate::figure::camera::Camera::default());
    // The focus did not go away with the arrows, and no step was trained.
    assert!(harness.get_by_label_contains("Code map of lane A").is_focused());
    assert!(harness.state_mut().take_commands().is_empty());
    harness.get_by_label_contains("Timeline, step").focus();
    harness.run_steps(2);
    harness.key_press(Key::ArrowLeft);
    harness.run_steps(2);
    assert!(harness.state().run.is_pinned);
    harness.key_press(Key::End);
    harness.run_steps(2);
    assert!(!harness.state().run.is_pinned);
}

#[test]
fn the_scale_goes_in_steps_is_kept_and_can_be_lowered_where_nothing_else_fits() {
    let ctx = context();
    let mut state = fixture::collapse();
    let plus = || vec![press(Key::Plus, Modifiers::COMMAND)];
    frame(&ctx, &mut state, LARGE, plus());
    frame(&ctx, &mut state, LARGE, plus());
    assert_eq!(state.prefs.scale, 1.25);
    assert!(state.toast.as_ref().unwrap().contains("125 %"));
    frame(&ctx, &mut state, LARGE, Vec::new());
    assert_eq!(ctx.zoom_factor(), 1.25);
    // Too small for anything but this.
    let tiny = LEAST / 2.0;
    frame(&ctx, &mut state, tiny, vec![press(Key::Minus, Modifiers::COMMAND)]);
    assert_eq!(state.prefs.scale, 1.1);
    frame(&ctx, &mut state, tiny, vec![press(Key::W, Modifiers::NONE)]);
    assert!(state.take_commands().is_empty());
    frame(&ctx, &mut state, LARGE, vec![press(Key::Num0, Modifiers::COMMAND)]);
    assert_eq!(state.prefs.scale, 1.0);
    let kept = toml::to_string(&state.prefs).unwrap();
    assert!(kept.contains("scale = 1.0") && kept.contains("motion = \"System\""), "{kept}");
    assert!(toml::from_str::<crate::ui::Prefs>("").unwrap().scale > 0.9);
}

#[test]
fn less_motion_is_asked_for_by_the_user_or_the_system() {
    let ctx = context();
    let mut state = fixture::collapse();
    let time = |state: &mut AppState, motion, system| {
        (state.prefs.motion, state.host.has_reduced_motion) = (motion, system);
        frame(&ctx, state, LARGE, Vec::new());
        ctx.global_style().animation_time
    };
    assert!(time(&mut state, Motion::System, false) > 0.0);
    assert_eq!(time(&mut state, Motion::System, true), 0.0);
    assert!(time(&mut state, Motion::Full, true) > 0.0);
    assert_eq!(time(&mut state, Motion::Reduced, false), 0.0);
}

#[test]
fn f11_asks_for_the_whole_screen() {
    let ctx = context();
    let mut state = fixture::collapse();
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(Pos2::ZERO, LARGE)),
        events: vec![press(Key::F11, Modifiers::NONE)],
        ..RawInput::default()
    };
    let output = ctx.run_ui(input, |ui| window(ui, &mut state));
    let asked = output.viewport_output.values().flat_map(|viewport| &viewport.commands);
    assert!(asked.into_iter().any(|c| *c == egui::ViewportCommand::Fullscreen(true)));
}

#[test]
fn a_window_at_each_scale_that_is_promised() {
    let mut results = SnapshotResults::new();
    for (scale, size) in [(1.5, vec2(1440.0, 810.0)), (2.0, vec2(1920.0, 1080.0))] {
        let mut harness = Harness::builder()
            .with_size(size / scale + vec2(16.0, 16.0))
            .with_pixels_per_point(scale)
            .with_theme(Theme::Light)
            .with_context_setup(theme::install)
            .with_render_cursor(false)
            .wgpu()
            .build_ui_state(window, fixture::collapse());
        harness.run_steps(3);
        results.add(harness.try_snapshot(format!("scale_{scale}")));
    }
}

#[test]
fn the_one_code_in_use_of_8192_is_the_most_visible_thing_on_its_map() {
    for (theme, p) in [(Theme::Light, &LIGHT), (Theme::Dark, &DARK)] {
        let mut state = fixture::collapse();
        change_lane(&mut state, LaneId::A, |lane| {
            let place = |i: usize| {
                let turn = i as f32 * 2.4;
                let far = 2.5 * (i as f32 / 8192.0).sqrt();
                [far * turn.cos(), far * turn.sin()]
            };
            lane.codes = (0..8192).map(place).collect();
            lane.window_counts = vec![0; 8192];
            lane.ever_used = vec![true; 8192];
            lane.ever_used[4096..].fill(false);
            lane.window_counts[77] = 20_480;
            lane.movement.clear();
            (lane.facts.window.used, lane.facts.window.size) = (1, 8192);
        });
        let mut harness = harness(state, SMALL, theme);
        harness.run_steps(3);
        let image = harness.render().unwrap();
        let map = crate::ui::layout::panels::place(
            harness.state(),
            SMALL - vec2(16.0, 16.0),
            Panel::Map(LaneId::A),
        );
        // Below the head, which has the colour of the lane as well.
        let map = map.unwrap().translate(vec2(8.0, 8.0));
        let map = map.with_min_y(map.top() + 80.0);
        let wanted = p.lane(LaneId::A);
        let count = |color: egui::Color32, near: u8| {
            let is_near = |[r, g, b, _]: [u8; 4]| {
                [(r, color.r()), (g, color.g()), (b, color.b())]
                    .iter()
                    .all(|(is, wanted)| is.abs_diff(*wanted) <= near)
            };
            let mut found = Vec::new();
            for y in map.top() as u32..map.bottom() as u32 {
                for x in map.left() as u32..map.right() as u32 {
                    if is_near(image.get_pixel(x, y).0) {
                        found.push([x, y]);
                    }
                }
            }
            found
        };
        let disc = count(wanted, 12);
        assert!(disc.len() > 90, "{} pixels", disc.len());
        // All of them are one disc, whole and round: nothing lies over it.
        let [xs, ys] = [0, 1].map(|i| {
            let all = disc.iter().map(|at| at[i]);
            (all.clone().min().unwrap(), all.max().unwrap())
        });
        let (width, height) = (xs.1 - xs.0 + 1, ys.1 - ys.0 + 1);
        assert!(width.abs_diff(height) <= 1 && width <= 18, "{width} x {height}");
        let area = std::f32::consts::FRAC_PI_4 * (width * height) as f32;
        assert!(disc.len() as f32 > 0.85 * area, "{} of {area}", disc.len());
        // Around it the rim.
        let around = |at: &&[u32; 2]| {
            at[0] + 4 >= xs.0 && at[0] <= xs.1 + 4 && at[1] + 4 >= ys.0 && at[1] <= ys.1 + 4
        };
        let rim = count(p.text, 60).iter().filter(around).count();
        assert!(rim > 20, "{rim} pixels of rim");
    }
}
