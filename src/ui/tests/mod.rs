//! The window as rendered pictures, and what its keys and clicks ask for.

mod building;
mod cards;
mod cause;
mod closer;
mod cloud;
mod counted;
mod failures;
mod flags;
mod followed;
mod hands;
mod hostile;
mod languages;
mod lesson;
mod links;
mod meeting;
mod panes;
mod pictures;
mod places;
mod present;
mod steer;
mod texts;
mod time;
mod tour;
mod walk;
mod watched;

use panes::{Change, change_lane, draw_card, draw_pane, hide_sides, pane_alone, place, snap_part};

use egui::{Key, Modifiers, Theme, Vec2, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};

use crate::figure::columns::UsageSource;
use crate::figure::panel::Panel;
use crate::record::setting::Setting;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Failure};
use crate::scenario::{LaneId, OnSwitch, Pace, Preset};
use crate::session::command::Command;
use crate::ui::layout::arrangement::Part;
use crate::ui::layout::places::PaneId;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::theme;
use crate::ui::{AppState, Tab, Target, fixture, window};

pub(super) const LARGE: Vec2 = vec2(1440.0, 900.0);
pub(super) const SMALL: Vec2 = vec2(1280.0, 720.0);
/// A full HD screen at 200 %, and the frame that the harness draws around what it shows.
pub(super) const LOW: Vec2 = vec2(976.0, 556.0);

pub(super) fn harness(state: AppState, size: Vec2, theme: Theme) -> Harness<'static, AppState> {
    Harness::builder()
        .with_size(size)
        .with_theme(theme)
        .with_context_setup(theme::install)
        .with_render_cursor(false)
        .wgpu()
        .build_ui_state(window, state)
}

/// The window of a state, drawn once everything has settled.
pub(super) fn draw(
    results: &mut SnapshotResults,
    name: &str,
    state: AppState,
    size: Vec2,
    theme: Theme,
) {
    let mut harness = harness(state, size, theme);
    harness.run_steps(3);
    results.add(harness.try_snapshot(name));
}

#[test]
fn the_window_at_both_sizes_in_both_themes() {
    let mut results = SnapshotResults::new();
    for (size, size_name) in [(LARGE, "1440x900"), (SMALL, "1280x720"), (LOW, "960x540")] {
        for (theme, theme_name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let name = format!("window_{size_name}_{theme_name}");
            draw(&mut results, &name, fixture::collapse(), size, theme);
        }
    }
}

/// Presses keys in a window and returns what was asked of the trainer.
fn press(keys: &[(Key, Modifiers)]) -> (Vec<Command>, AppState) {
    press_in(fixture::collapse(), keys)
}

/// The same in a window of a state.
fn press_in(state: AppState, keys: &[(Key, Modifiers)]) -> (Vec<Command>, AppState) {
    let mut harness = harness(state, SMALL, Theme::Dark);
    harness.run_steps(1);
    for &(key, modifiers) in keys {
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(1);
    }
    let commands = harness.state_mut().take_commands();
    let state = std::mem::replace(harness.state_mut(), fixture::collapse());
    (commands, state)
}

#[test]
fn every_key_does_what_the_list_says() {
    let none = Modifiers::NONE;
    let learn = |id, c, w| Command::Set {
        lane: Some(id),
        setting: Setting::Learn { c, w, on_switch: OnSwitch::Fresh },
    };
    assert_eq!(press(&[(Key::Space, none)]).0, [Command::Pause]);
    assert_eq!(press(&[(Key::Space, none), (Key::Space, none)]).0, [Command::Pause, Command::Play]);
    assert_eq!(press(&[(Key::ArrowRight, none)]).0, [Command::StepOnce]);
    assert_eq!(press(&[(Key::W, none)]).0, [learn(LaneId::A, false, true)]);
    assert_eq!(press(&[(Key::W, Modifiers::SHIFT)]).0, [learn(LaneId::A, true, true)]);
    assert_eq!(press(&[(Key::C, none)]).0, [learn(LaneId::A, false, false)]);
    assert_eq!(press(&[(Key::X, none), (Key::W, none)]).0, [learn(LaneId::B, true, false)]);
    for (i, key) in
        [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6].into_iter().enumerate()
    {
        assert_eq!(press(&[(key, none)]).0, [Command::SetPace(Pace::LADDER[i])]);
    }
    // After another rate of learning: the story's own, its next seed, and the one that was set.
    let restarted = |modifiers| {
        let mut state = fixture::collapse();
        state.draft.train.lr = 0.01;
        match &press_in(state, &[(Key::R, modifiers)]).0[0] {
            Command::Restart(scenario) => (scenario.seed, scenario.train.lr),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(restarted(none), (0, 0.003));
    assert_eq!(restarted(Modifiers::SHIFT), (1, 0.003));
    assert_eq!(restarted(Modifiers::COMMAND), (0, 0.01));
    assert!(press(&[(Key::Questionmark, none)]).1.cards.is_help_open);
    assert!(!press(&[(Key::Questionmark, none), (Key::Escape, none)]).1.cards.is_help_open);
    // With a modifier of the system they are not ours.
    assert!(press(&[(Key::C, Modifiers::COMMAND), (Key::R, Modifiers::CTRL)]).0.is_empty());
}

#[test]
fn e_enlarges_what_is_under_the_pointer_and_esc_shows_all_again() {
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Dark);
    harness.run_steps(1);
    let map =
        crate::ui::layout::panels::place(harness.state(), SMALL, Panel::Map(LaneId::B)).unwrap();
    harness.hover_at(map.center());
    harness.key_press(Key::E);
    harness.run_steps(2);
    assert_eq!(harness.state().prefs.arrangement.enlarged, Some(Panel::Map(LaneId::B)));
    let large =
        crate::ui::layout::panels::place(harness.state(), SMALL, Panel::Map(LaneId::B)).unwrap();
    assert!(large.area() > 3.0 * map.area(), "{large:?}");
    assert_eq!(crate::ui::layout::panels::place(harness.state(), SMALL, Panel::Curves), None);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(harness.state().prefs.arrangement.enlarged, None);
    // A second press, wherever the pointer is.
    harness.key_press(Key::E);
    harness.run_steps(2);
    assert!(harness.state().prefs.arrangement.enlarged.is_some());
    harness.key_press(Key::E);
    harness.run_steps(2);
    assert_eq!(harness.state().prefs.arrangement.enlarged, None);
    harness.hover_at(egui::pos2(640.0, 20.0));
    harness.key_press(Key::E);
    harness.run_steps(2);
    assert_eq!(harness.state().prefs.arrangement.enlarged, None);
    assert!(harness.state().run.notice.as_ref().unwrap().contains("no panel"));
}

#[test]
fn h_hides_what_is_under_the_pointer_and_shift_h_shows_all_again() {
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Dark);
    harness.run_steps(1);
    let place = |harness: &Harness<'_, AppState>, panel| {
        crate::ui::layout::panels::place(harness.state(), SMALL, panel)
    };
    let map = place(&harness, Panel::Map(LaneId::A)).unwrap();
    for panel in [Panel::Timeline, Panel::Recon, Panel::Usage(LaneId::B), Panel::Numbers] {
        harness.hover_at(place(&harness, panel).unwrap().center());
        harness.key_press(Key::H);
        harness.run_steps(2);
        assert_eq!(place(&harness, panel), None);
        assert!(harness.state().toast.as_ref().unwrap().contains("Shift+H"));
    }
    assert!(place(&harness, Panel::Map(LaneId::A)).unwrap().height() > 1.7 * map.height());
    // Where nothing lies that can be hidden.
    harness.hover_at(egui::pos2(640.0, 20.0));
    harness.key_press(Key::H);
    harness.run_steps(2);
    assert!(harness.state().run.notice.as_ref().unwrap().contains("no pane"));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::H);
    harness.run_steps(2);
    assert_eq!(harness.state().prefs.arrangement, Default::default());
    // The switch of the top bar is for both of the right.
    harness.get_by_label("Numbers").click();
    harness.run_steps(2);
    assert_eq!(place(&harness, Panel::Curves).or(place(&harness, Panel::Numbers)), None);
    assert!(harness.state_mut().take_commands().is_empty());
}

#[test]
fn keys_rest_while_a_field_takes_text() {
    let mut harness = harness(fixture::collapse(), LARGE, Theme::Dark);
    harness.run_steps(1);
    harness.get_by_label("seed").focus();
    harness.run_steps(2);
    harness.key_press(Key::W);
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert!(harness.state_mut().take_commands().is_empty());
}

#[test]
fn clicks_reach_the_trainer() {
    let mut harness = harness(fixture::collapse(), LARGE, Theme::Light);
    harness.run_steps(1);
    harness.get_by_label("A: SimVQ").click();
    harness.run_steps(1);
    harness.get_by_label("B: joint").click();
    harness.run_steps(1);
    harness.get_by_label("Pause").click();
    harness.run_steps(1);
    let learn = |lane, c, w| Command::Set {
        lane: Some(lane),
        setting: Setting::Learn { c, w, on_switch: OnSwitch::Fresh },
    };
    let expected = [learn(LaneId::A, false, true), learn(LaneId::B, true, true), Command::Pause];
    assert_eq!(harness.state_mut().take_commands(), expected);
    // A clicked control gives its focus back: Space means play again.
    harness.key_press(Key::Space);
    harness.run_steps(1);
    assert_eq!(harness.state_mut().take_commands(), [Command::Play]);
}
