//! The window on a run that another process trains: all of it can be looked at, and nothing set.

use std::sync::Arc;
use std::time::Duration;

use egui::{Key, Modifiers, Theme};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable as _;

use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Saving, TrainerState, Update};
use crate::scenario::{LaneId, Pace, demos, parse};
use crate::session::command::Command;
use crate::ui::layout::places::PaneId;
use crate::ui::tests::{LARGE, SMALL, draw, draw_pane, harness};
use crate::ui::{AppState, fixture};

fn following(rate: f64) -> Update {
    let state = TrainerState::without_speed(Activity::Following, Pace::default());
    Update::State(TrainerState { steps_per_second: rate, ..state })
}

/// A run that was saved so many seconds ago.
fn followed(seconds: u64) -> AppState {
    let mut state = fixture::collapse();
    state.take_commands();
    let shown = state.run.snapshot.clone().unwrap();
    for step in [100, 200, 300] {
        let picture = Snapshot { step, ..(*shown).clone() };
        state.run.absorb(Update::Keyframe(Arc::new(picture)));
    }
    let saving =
        Saving { folder: Some("/mnt/server/run".into()), checkpoints: vec![0, 200], failure: None };
    state.run.absorb(Update::Saving(saving));
    state.run.absorb(following(118.0));
    state.run.age = Some(Duration::from_secs(seconds));
    state
}

#[test]
fn a_followed_run_in_both_sizes_and_themes() {
    let mut results = SnapshotResults::new();
    for (size, size_name) in [(LARGE, "1440x900"), (SMALL, "1280x720")] {
        for (theme, theme_name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
            let name = format!("followed_{size_name}_{theme_name}");
            draw(&mut results, &name, followed(3), size, theme);
        }
    }
    for (name, pane) in [("top", PaneId::Top), ("playhead", PaneId::Playhead)] {
        let mut quiet = followed(250);
        quiet.pin(200);
        draw_pane(&mut results, &format!("followed_quiet_{name}"), quiet, pane, Theme::Light);
    }
    let scenario = parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap();
    let mut waiting = AppState::new("collapse", scenario);
    waiting.run.absorb(following(0.0));
    let map = PaneId::Map(LaneId::A);
    draw_pane(&mut results, "followed_waiting_map", waiting, map, Theme::Dark);
}

#[test]
fn what_would_train_says_why_not_and_a_fork_is_asked_for() {
    let mut harness = harness(followed(3), SMALL, Theme::Dark);
    harness.run_steps(2);
    for gone in ["Play", "Restart", "Controls"] {
        assert!(harness.query_by_label(gone).is_none(), "{gone}");
    }
    for key in [Key::Space, Key::R, Key::W, Key::C, Key::Num5, Key::Space] {
        harness.state_mut().toast = None;
        harness.key_press(key);
        harness.run_steps(1);
        let said = harness.state().toast.clone().unwrap_or_default();
        assert!(said.contains("trained by another process"), "{key:?}: {said}");
    }
    harness.key_press(Key::ArrowRight);
    harness.run_steps(1);
    assert!(harness.state_mut().take_commands().is_empty());
    // It is looked back at as every run.
    for (key, step) in [(Key::ArrowLeft, 200), (Key::ArrowLeft, 100), (Key::ArrowRight, 200)] {
        harness.key_press_modifiers(Modifiers::NONE, key);
        harness.run_steps(1);
        assert_eq!(harness.state().run.shown_step(), step, "{key:?}");
    }
    harness.key_press(Key::F);
    harness.run_steps(1);
    assert_eq!(harness.state_mut().take_commands(), [Command::Fork { step: 200 }]);
}
