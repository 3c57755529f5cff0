//! A run that is being built: the window says so, and it can be given up.

use egui_kittest::kittest::Queryable as _;

use super::*;
use crate::record::status::{RunInfo, TrainerState, Update};

const CARD: &str = "The next run is being built";

/// What the trainer says when it begins to build a run.
fn warming_up() -> Update {
    Update::State(TrainerState::without_speed(Activity::WarmingUp, Pace::default()))
}

#[test]
fn pictures_of_the_run_before_are_told_from_those_of_the_next() {
    let mut state = fixture::collapse();
    state.restart_as_set();
    // What the run before still says comes first.
    let running = TrainerState::without_speed(Activity::Running, Pace::default());
    state.run.absorb(Update::State(running));
    state.run.absorb(warming_up());
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(3);
    assert!(harness.query_by_label(CARD).is_some());
    // It has begun, but there is no picture of it yet.
    let before = harness.state().run.snapshot.clone().unwrap();
    let info = harness.state().run.info.clone().unwrap();
    let run = info.run + 1;
    harness.state_mut().run.absorb(Update::Started(Box::new(RunInfo { run, ..info })));
    harness.run_steps(3);
    assert!(harness.query_by_label(CARD).is_some());
    let first = Snapshot { run, step: 0, lanes: before.lanes.clone() };
    assert!(harness.state_mut().run.take(first.into()));
    harness.run_steps(3);
    assert!(harness.query_by_label(CARD).is_none());
}

#[test]
fn a_run_that_is_being_built_is_given_up_with_escape_or_a_click() {
    let mut state = fixture::collapse();
    state.restart_as_set();
    state.take_commands();
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(4);
    harness.get_by_label("Give up (Esc)").click();
    harness.run_steps(2);
    assert_eq!(harness.state_mut().take_commands(), [Command::Cancel]);
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(harness.state_mut().take_commands(), [Command::Cancel]);
}

#[test]
fn what_is_typed_too_large_is_refused_in_the_words_of_the_command_line() {
    let mut state = fixture::collapse();
    state.set_dim(2048);
    state.restart_as_set();
    assert!(state.take_commands().is_empty() && !state.run.is_building);
    let sentence = state.draft.validate().unwrap_err();
    assert_eq!(sentence, "codebook.dim must be a whole number from 1 to 512, not 2048");
    let set = "codebook.dim=2048".to_string();
    let refused = crate::scenario::read("collapse", &[set]).unwrap_err().to_string();
    assert!(refused.ends_with(&sentence), "{refused}");
}
