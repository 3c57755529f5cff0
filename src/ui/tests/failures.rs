//! A device that failed: the card, and what its buttons ask for.

use super::*;
use crate::record::setting::{BasisMode, Setting};
use crate::record::status::WayOn;
use crate::session::command::GoOn;

/// A window whose device failed.
fn failed(step: Option<u64>) -> AppState {
    let mut state = fixture::collapse();
    let device = "NVIDIA GeForce RTX 4090 Laptop GPU";
    let from = match step {
        Some(_) => {
            "the run can go on from step 12,200, without the 2 settings that were made by hand since"
        }
        None => "nothing of the run is saved, so that it can only start over from step 0",
    };
    let sentence =
        format!("{device} failed after step 12,345 (wgpu error: Not enough memory left); {from}");
    let lost = if step.is_some() { 2 } else { 0 };
    let way_on = Some(WayOn { device: device.into(), step, lost });
    state.run.failure = Some(Failure { sentence, way_on });
    state
}

#[test]
fn a_device_that_failed_has_a_card() {
    let mut results = SnapshotResults::new();
    let cases = [
        ("card_device_failed", Some(12_200), Theme::Dark),
        ("card_device_failed_unsaved", None, Theme::Light),
    ];
    for (name, step, theme) in cases {
        draw_card(&mut results, name, failed(step), theme);
    }
}

/// What a click on a button of the card asks for.
fn click(step: Option<u64>, button: &str) -> Vec<Command> {
    let mut state = failed(step);
    state.prefs.basis = BasisMode::Shared;
    let mut harness = harness(state, SMALL, Theme::Dark);
    harness.run_steps(2);
    // Nothing is asked for before somebody says so.
    assert!(harness.state_mut().take_commands().is_empty());
    harness.get_by_label(button).click();
    harness.run_steps(2);
    assert_eq!(harness.state().run.failure, None);
    assert!(harness.state().run.is_running());
    harness.state_mut().take_commands()
}

#[test]
fn the_run_goes_on_where_the_user_wants_it() {
    let on = Command::GoOn;
    assert_eq!(click(Some(12_200), "Go on on the CPU from step 12,200"), [on(GoOn::Cpu)]);
    let anew = "Open NVIDIA GeForce RTX 4090 Laptop GPU anew and go on from step 12,200";
    assert_eq!(click(Some(12_200), anew), [on(GoOn::Anew)]);
    let axes = Command::SetBasis(BasisMode::Shared);
    assert_eq!(click(None, "Start over on the CPU"), [on(GoOn::Cpu), axes.clone()]);
    let anew = "Open NVIDIA GeForce RTX 4090 Laptop GPU anew and start over";
    assert_eq!(click(None, anew), [on(GoOn::Anew), axes]);
}

#[test]
fn the_controls_show_what_trains_where_settings_are_lost() {
    let mut state = failed(None);
    state.set(Setting::Lr(0.01));
    state.take_commands();
    assert_ne!(&state.draft, state.running());
    let failure = state.run.failure.as_mut().unwrap();
    failure.way_on.as_mut().unwrap().lost = 1;
    state.go_on(GoOn::Cpu);
    assert_eq!(&state.draft, state.running());
    // A failure is answered once.
    state.take_commands();
    state.go_on(GoOn::Anew);
    assert!(state.take_commands().is_empty());
}
