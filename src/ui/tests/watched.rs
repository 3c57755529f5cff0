//! The window on files, as rendered pictures, and what its keys do.

use std::path::Path;

use egui::{Key, Modifiers, Theme};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::Queryable as _;

use crate::record::event::{Event, EventKind};
use crate::record::status::Update;
use crate::ui::host::shot::watched;
use crate::ui::tests::{SMALL, draw, harness};
use crate::ui::{AppState, Tab};
use crate::watch::rules::wishes::Wishes;

/// The window on files of the tests, which lie where the tests run.
fn watching(what: &str) -> AppState {
    let path = Path::new("tests/reference/codebooks").join(what);
    match watched(path, Wishes::default()) {
        Ok(state) => state,
        Err(refusal) => panic!("{}", refusal.sentence),
    }
}

#[test]
fn files_in_both_themes() {
    let mut results = SnapshotResults::new();
    for (theme, name) in [(Theme::Light, "light"), (Theme::Dark, "dark")] {
        let state = watching("series");
        draw(&mut results, &format!("watch_1280x720_{name}"), state, SMALL, theme);
    }
}

#[test]
fn what_files_do_not_tell_is_said() {
    let mut results = SnapshotResults::new();
    // C, W and b with latents, and without counts.
    let simvq = watching("forms/simvq_12.npz");
    draw(&mut results, "watch_counted_here", simvq, SMALL, Theme::Light);
    // The codes alone.
    for (tab, name) in [(Tab::UseMap, "use"), (Tab::Movement, "movement")] {
        let mut state = watching("forms/bare_14.npy");
        state.prefs.tab = tab;
        draw(&mut results, &format!("watch_bare_{name}"), state, SMALL, Theme::Dark);
    }
    let waiting = AppState::watching(Path::new("checkpoints"));
    draw(&mut results, "watch_waiting", waiting, SMALL, Theme::Light);
    let mut state = watching("series");
    state.cards.is_help_open = true;
    state.run.absorb(Update::Event(Event::said(
        250,
        None,
        EventKind::Unreadable,
        "checkpoints/codebook_000250.npz is not a whole .npz file",
    )));
    state.pin(200);
    draw(&mut results, "watch_pinned_and_unreadable", state, SMALL, Theme::Light);
}

#[test]
fn keys_look_back_and_train_nothing() {
    let mut harness = harness(watching("series"), SMALL, Theme::Dark);
    harness.run_steps(1);
    let all =
        [Key::Space, Key::ArrowRight, Key::R, Key::W, Key::C, Key::X, Key::F, Key::G, Key::Num5];
    for key in all {
        harness.key_press(key);
        harness.run_steps(1);
    }
    assert!(harness.state_mut().take_commands().is_empty());
    assert!(!harness.state().run.stage().has_losses() && !harness.state().cards.is_gallery_open);
    assert_eq!(harness.state().run.shown_step(), 400);
    for (key, step) in [
        (Key::ArrowLeft, 300),
        (Key::ArrowLeft, 200),
        (Key::ArrowRight, 300),
        (Key::Home, 0),
        (Key::End, 400),
    ] {
        harness.key_press_modifiers(Modifiers::NONE, key);
        harness.run_steps(1);
        assert_eq!(harness.state().run.shown_step(), step, "{key:?}");
    }
    for gone in ["Play", "Restart", "Controls", "Fork here"] {
        assert!(harness.query_by_label(gone).is_none(), "{gone}");
    }
}
