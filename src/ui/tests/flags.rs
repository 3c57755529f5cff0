//! Flags on the timeline, the log, and the card of a divergence.

use std::path::PathBuf;

use egui::{Key, Modifiers, Theme};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable as _;

use super::{LARGE, SMALL, draw_card, draw_pane, harness};
use crate::record::event::{Event, EventKind};
use crate::record::setting::Setting;
use crate::record::status::{Origin, RunInfo, Saving, Update};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::ui::layout::places::PaneId;
use crate::ui::{AppState, Tab, fixture};

fn event(step: u64, lane: LaneId, kind: EventKind, text: &str) -> Update {
    Update::Event(Event::said(step, Some(lane), kind, text))
}

/// The collapse story at step 300 with flags of every kind but a divergence.
pub(super) fn flagged() -> AppState {
    let mut state = fixture::collapse();
    let (a, b) = (LaneId::A, LaneId::B);
    for update in [
        event(
            139,
            a,
            EventKind::Collapse,
            "A has collapsed: for 100 steps less than 10 % of its codes are in use, 2.7 % of 512 now",
        ),
        event(
            230,
            b,
            EventKind::Recovery,
            "B has recovered: for 50 steps at least 50 % of its codes are in use, 53.1 % of 512 now",
        ),
        event(
            240,
            a,
            EventKind::Runaway,
            "A's encoder runs away: the RMS norm of its encodings is 51.2, 24.1 times that of step 60",
        ),
        event(
            290,
            b,
            EventKind::Saturation,
            "B is saturated: for 50 steps at least 95 % of its codes are in use, 97.9 % of 512 now",
        ),
    ] {
        state.run.absorb(update);
    }
    state.prefs.tab = Tab::Events;
    state
}

/// Lane a has diverged at step 250, and the run is saved.
pub(super) fn diverged() -> AppState {
    let mut state = fixture::collapse();
    let text = "A diverged at step 250: the codebook loss is infinite, the reconstruction loss is not a number; the learning rate was 3; the greatest RMS norm of the encodings was 4.10e18 at step 240";
    state.run.absorb(event(250, LaneId::A, EventKind::Diverged, text));
    let folder = Some(PathBuf::from("collapse-0001"));
    state.run.absorb(Update::Saving(Saving { folder, failure: None, checkpoints: vec![0] }));
    state
}

#[test]
fn flags_and_their_log() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let (line, log) = (format!("flags_timeline_{name}"), format!("flags_log_{name}"));
        draw_pane(&mut results, &line, flagged(), PaneId::Timeline, theme);
        draw_pane(&mut results, &log, flagged(), PaneId::Curves, theme);
    }
    let mut state = fixture::collapse();
    state.run.history.events.clear();
    state.prefs.tab = Tab::Events;
    draw_pane(&mut results, "flags_log_empty", state, PaneId::Curves, Theme::Light);
    draw_card(&mut results, "card_divergence", diverged(), Theme::Dark);
}

#[test]
fn a_click_on_a_flag_or_on_its_line_pins_its_step() {
    for label in [
        "collapse at step 139",
        "A has collapsed: for 100 steps less than 10 % of its codes are in use, 2.7 % of 512 now",
    ] {
        let mut state = flagged();
        let live = state.run.live.clone().unwrap();
        for step in [0, 120, 140, 300] {
            let frame = crate::record::snapshot::Snapshot { step, ..(*live).clone() };
            state.run.absorb(Update::Keyframe(frame.into()));
        }
        let mut harness = harness(state, LARGE, Theme::Light);
        harness.run_steps(2);
        assert!(!harness.state().run.is_pinned);
        harness.get_by_label(label).click();
        harness.run_steps(2);
        let known = &harness.state().run;
        assert!(known.is_pinned && known.shown_step() == 120, "{label}: {}", known.shown_step());
    }
}

#[test]
fn a_divergence_leads_back_with_a_third_of_the_learning_rate() {
    let mut harness = harness(diverged(), LARGE, Theme::Light);
    harness.run_steps(2);
    harness.get_by_label("Back 200 steps with a third of the learning rate").click();
    harness.run_steps(2);
    let state = harness.state_mut();
    assert!(state.diverged().is_none());
    state.go_way_out();
    // Nothing else before the fork is there: on the way to it nothing is heard.
    assert_eq!(state.take_commands(), [Command::Fork { step: 50 }]);
    let info = RunInfo {
        run: 2,
        origin: Origin::Fork { run: 1, step: 50, log: Vec::new() },
        ..state.run.info.clone().unwrap()
    };
    state.run.absorb(Update::Started(Box::new(info)));
    state.follow_run();
    state.go_way_out();
    let lr = Setting::Lr(0.001);
    let expected = [Command::Set { lane: Some(LaneId::A), setting: lr }, Command::Play];
    assert_eq!(state.take_commands(), expected);
    let rates = [LaneId::A, LaneId::B].map(|id| state.draft.lane(id).unwrap().lr);
    assert_eq!(rates, [0.001, 0.003]);
    state.go_way_out();
    assert!(state.take_commands().is_empty());
}

#[test]
fn a_fork_that_was_given_up_sets_nothing() {
    let mut state = diverged();
    state.back_before_divergence();
    assert_eq!(state.take_commands(), [Command::Fork { step: 50 }]);
    let info = RunInfo {
        run: 3,
        origin: Origin::Saved { log: Vec::new() },
        ..state.run.info.clone().unwrap()
    };
    state.run.absorb(Update::Started(Box::new(info)));
    state.go_way_out();
    assert!(state.take_commands().is_empty());
}

#[test]
fn the_card_of_a_divergence_can_be_closed_and_restarts() {
    let mut open = harness(diverged(), SMALL, Theme::Dark);
    open.run_steps(2);
    open.key_press_modifiers(Modifiers::NONE, Key::Escape);
    open.run_steps(2);
    assert!(open.state().diverged().is_none());
    assert!(open.state_mut().take_commands().is_empty());
    let mut open = harness(diverged(), SMALL, Theme::Dark);
    open.run_steps(2);
    // The top bar has a button of this name as well; the card lies above it.
    let cards: Vec<_> = open.get_all_by_label("Restart with these settings").collect();
    cards[cards.len() - 1].click();
    open.run_steps(2);
    let commands = open.state_mut().take_commands();
    assert!(matches!(commands[0], Command::Restart(_)), "{commands:?}");
    // A run that nothing saves cannot be forked: the other way stays.
    let mut state = diverged();
    state.run.absorb(Update::Saving(Saving::default()));
    let mut open = harness(state, SMALL, Theme::Dark);
    open.run_steps(2);
    open.get_by_label("Back 200 steps with a third of the learning rate").click();
    open.run_steps(2);
    assert!(open.state_mut().take_commands().is_empty());
}
