//! The window on files, as rendered pictures, and what its keys do.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use egui::{Key, Modifiers, Rect, Theme, pos2};
use egui_kittest::SnapshotResults;
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use safetensors::Dtype;

use crate::patience::wait;
use crate::record::event::{Event, EventKind, Fact, Share};
use crate::record::judgement::Rule;
use crate::record::status::Update;
use crate::record::watching::{Candidate, Choices, NameNumber, Shown, Wishes};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::feed::Feed as _;
use crate::ui::host::shot::watched;
use crate::ui::layout::places::PaneId;
use crate::ui::state::stage::Stage;
use crate::ui::tests::{LARGE, SMALL, draw, draw_pane, harness, snap_part};
use crate::ui::{AppState, Tab};
use crate::watch::follow::held::{Held, write};
use crate::watch::follow::{Sides, Watcher};
use crate::watch::made;

/// The window on files of the tests, which lie where the tests run.
fn watching(what: &str) -> AppState {
    showing(&[what], Shown::default())
}

/// The same of files beside each other, or shown in another way.
fn showing(what: &[&str], shown: Shown) -> AppState {
    let paths: Vec<PathBuf> =
        what.iter().map(|what| Path::new("tests/reference/codebooks").join(what)).collect();
    match watched(&paths, shown) {
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
fn averages_and_flags_are_said_as_shares_and_marks_and_state_no_tokens() {
    let mut results = SnapshotResults::new();
    let shares = || watching("families/lie-4-beside.safetensors");
    let mut window = harness(shares(), SMALL, Theme::Light);
    window.run_steps(2);
    let of = |words: &str| {
        let node = window.get_by_label_contains(words).accesskit_node();
        node.label().or_else(|| node.value()).unwrap()
    };
    let said = of("Shares of use of the codes");
    assert!(said.contains("51 of 512 codes are in use"), "{said}");
    let tokens = of("tokens counted");
    assert!(tokens.ends_with('–'), "{tokens}");
    let usage = PaneId::Usage(LaneId::A);
    draw_pane(&mut results, "pane_usage_of_shares", shares(), usage, Theme::Light);
    let folder = tempfile::tempdir().unwrap();
    let numbers: Vec<f32> = (0..64).flat_map(|at| [at as f32, 0.5]).collect();
    let flags = (0..64).map(|at| u8::from(at % 16 != 3)).collect();
    made::save(
        &folder.path().join("codes_7.safetensors"),
        &[
            ("codebook".to_string(), Dtype::F32, vec![64, 2], made::f32s(&numbers)),
            ("usage".into(), Dtype::BOOL, vec![64], flags),
        ],
    );
    let Ok(flags) = watched(&[folder.path().into()], Shown::default()) else { panic!("flags") };
    let said = flags.run.reading(LaneId::A).unwrap().sentence();
    assert!(said.starts_with("60 of 64 codes in use, by the flags usage."), "{said}");
    draw_pane(&mut results, "pane_usage_of_flags", flags, usage, Theme::Dark);
}

#[test]
fn what_files_do_not_tell_is_said() {
    let mut results = SnapshotResults::new();
    // C, W and b with latents, and without counts.
    let simvq = || watching("forms/simvq_12.npz");
    let head = PaneId::Headline(LaneId::A);
    draw_pane(&mut results, "watch_counted_here_head", simvq(), head, Theme::Light);
    let numbers = PaneId::Numbers;
    draw_pane(&mut results, "watch_counted_here_numbers", simvq(), numbers, Theme::Light);
    // The codes alone.
    for (tab, name) in [(Tab::UseMap, "use"), (Tab::Movement, "movement")] {
        let mut state = watching("forms/bare_14.npy");
        state.prefs.tab = tab;
        let name = format!("watch_bare_{name}");
        draw_pane(&mut results, &name, state, PaneId::Curves, Theme::Dark);
    }
    for (name, pane) in [("map", PaneId::Map(LaneId::A)), ("caption", PaneId::Caption)] {
        let waiting = AppState::watching(&[PathBuf::from("checkpoints")]);
        draw_pane(&mut results, &format!("watch_waiting_{name}"), waiting, pane, Theme::Light);
    }
    for (name, pane) in [("timeline", PaneId::Timeline), ("status", PaneId::Status)] {
        let mut state = watching("series");
        state.run.absorb(Update::Event(Event::said(
            250,
            None,
            EventKind::Unreadable,
            "checkpoints/codebook_000250.npz is not a whole .npz file",
        )));
        state.pin(200);
        draw_pane(&mut results, &format!("watch_unreadable_{name}"), state, pane, Theme::Light);
    }
    // The keys that act there.
    let mut state = watching("series");
    state.cards.is_help_open = true;
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(3);
    let card = Rect::from_min_max(pos2(67.0, 174.0), pos2(1213.0, 545.0));
    snap_part(&mut results, "watch_help", &mut harness, card);
}

#[test]
fn what_the_detectors_find_in_files_is_marked_and_comes_first() {
    let mut state = watching("series");
    let (lane, size) = (LaneId::A, 64);
    let share = Share { lane, steps: 2, threshold: 0.1, used: 4, size, of_files: true };
    state.run.absorb(Update::Event(Event::new(400, Some(lane), Fact::Collapse(share))));
    state.prefs.tab = Tab::Events;
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(3);
    // In the log, and before what the file says in the caption.
    let found =
        harness.get_all_by_label_contains("The codebook has collapsed: in 2 files in a row");
    let text = |node: egui_kittest::Node<'_>| {
        node.accesskit_node().label().or_else(|| node.accesskit_node().value())
    };
    let said: Vec<String> = found.filter_map(text).collect();
    assert!(
        said.iter().any(|text| text.contains("of 64 now. Concentrated use: 4 of 64")),
        "{said:?}"
    );
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
    assert!(
        harness.state().run.stage() == Stage::Watching && !harness.state().cards.is_gallery_open
    );
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

/// A folder with files of a residual quantizer of three levels.
fn residual(shown: Shown) -> (tempfile::TempDir, AppState) {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[100, 200, 300, 400]);
    let state = match watched(&[folder.path().into()], shown) {
        Ok(state) => state,
        Err(refusal) => panic!("{}", refusal.sentence),
    };
    (folder, state)
}

/// How files are to be shown, as it was asked of the watcher.
fn asked(harness: &mut egui_kittest::Harness<'_, AppState>) -> Vec<Shown> {
    let commands = harness.state_mut().take_commands().into_iter();
    commands
        .filter_map(|command| match command {
            Command::Read(shown) => Some(*shown),
            _ => None,
        })
        .collect()
}

#[test]
fn arrows_choose_among_several_codebooks_and_y_shows_all() {
    let (_folder, state) = residual(Shown::default());
    let mut harness = harness(state, SMALL, Theme::Dark);
    harness.run_steps(1);
    let mut press = |key, modifiers| {
        harness.key_press_modifiers(modifiers, key);
        harness.run_steps(1);
        let shown = asked(&mut harness);
        assert!(shown.len() < 2, "{shown:?}");
        shown
            .into_iter()
            .next()
            .map(|shown| (shown.a.level, shown.b.map(|b| b.level.unwrap_or(9)), shown.is_all))
    };
    let (none, shift) = (Modifiers::NONE, Modifiers::SHIFT);
    assert_eq!(press(Key::ArrowDown, none), Some((Some(1), None, false)));
    assert_eq!(press(Key::ArrowDown, none), Some((Some(2), None, false)));
    assert_eq!(press(Key::ArrowDown, none), Some((Some(0), None, false)));
    assert_eq!(press(Key::ArrowUp, none), Some((Some(2), None, false)));
    // Beside it stand the others, and none.
    assert_eq!(press(Key::ArrowDown, shift), Some((Some(2), Some(0), false)));
    assert_eq!(press(Key::ArrowDown, shift), Some((Some(2), Some(1), false)));
    assert_eq!(press(Key::ArrowDown, shift), Some((Some(2), None, false)));
    assert_eq!(press(Key::Y, none), Some((Some(2), None, true)));
    assert_eq!(press(Key::Y, none), Some((Some(2), None, false)));
}

#[test]
fn one_codebook_alone_has_no_other() {
    let mut harness = harness(watching("series"), SMALL, Theme::Dark);
    harness.run_steps(1);
    for key in [Key::ArrowDown, Key::Y] {
        harness.key_press(key);
        harness.run_steps(1);
        assert!(asked(&mut harness).is_empty());
        assert_eq!(harness.state().toast.as_deref(), Some("This file holds one codebook."));
    }
    assert!(harness.query_by_label("Levels").is_none());
}

#[test]
fn a_row_of_the_table_is_drawn_where_it_is_clicked() {
    let (_folder, state) = residual(Shown::default());
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(2);
    harness.get_by_label_contains("level 2: use").click();
    harness.run_steps(2);
    assert_eq!(asked(&mut harness)[0].a.level, Some(2));
}

#[test]
fn use_of_every_level_is_told_as_it_is_counted_and_by_the_choice() {
    let (_folder, state) = residual(Shown::default());
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(2);
    harness.get_by_label_contains("level 1: use 13 %");
    // The line under the table is a choice, as that under the share of the lane.
    assert_eq!(harness.get_all_by_label("as counted by: the arrays of the file").count(), 2);
    harness.state_mut().prefs.counted_by = Some(Rule::Average);
    harness.run_steps(2);
    harness.get_by_label_contains("level 1: use –");
    for (rule, said) in [
        (None, "6 of 48 codes used, as counted in level.1.usage"),
        (Some(Rule::Average), "–, The file does not tell it"),
    ] {
        let (_folder, mut state) = residual(Shown { is_all: true, ..Shown::default() });
        state.prefs.counted_by = rule;
        let mut harness = self::harness(state, LARGE, Theme::Light);
        harness.run_steps(2);
        assert!(harness.query_all_by_label_contains(said).next().is_some(), "{said}");
    }
}

#[test]
fn a_step_that_was_looked_at_is_looked_at_again_in_another_codebook() {
    let (folder, mut state) = residual(Shown::default());
    state.pin(200);
    state.show_level(LaneId::A, Some(2));
    // Another wish before the first one is read to its end.
    let mut sides = Sides::new(&[folder.path().into()], &state.files_shown(), 2);
    sides.round(0, &|| true, &mut |update| {
        state.run.absorb(update);
        false
    });
    state.show_level(LaneId::A, Some(1));
    let shown = state.files_shown();
    read_again(&mut state, &mut Sides::new(&[folder.path().into()], &shown, 3));
    state.run.look_where_it_was();
    assert_eq!((state.run.is_pinned, state.run.shown_step()), (true, 200));
    let reading = state.run.reading(LaneId::A).unwrap();
    assert_eq!((reading.level, reading.used), (1, 24));
    // Who follows the newest file is not taken back.
    state.show_level(LaneId::A, Some(2));
    state.follow();
    let shown = state.files_shown();
    read_again(&mut state, &mut Sides::new(&[folder.path().into()], &shown, 4));
    state.run.look_where_it_was();
    assert!(!state.run.is_pinned);
}

/// What a round of the files tells a window.
fn read_again(state: &mut AppState, sides: &mut Sides) {
    sides.round(0, &|| true, &mut |update| {
        let frame = match &update {
            Update::Keyframe(frame) => Some(frame.clone()),
            _ => None,
        };
        state.run.absorb(update);
        if let Some(frame) = frame {
            state.run.take(frame);
        }
        true
    });
}

#[test]
fn several_codebooks_as_pictures() {
    let mut results = SnapshotResults::new();
    let (_folder, state) = residual(Shown::default());
    draw_pane(&mut results, "pane_levels", state, PaneId::Curves, Theme::Light);
    let (_folder, state) = residual(Shown { is_all: true, ..Shown::default() });
    draw_pane(&mut results, "pane_small_maps", state, PaneId::Levels, Theme::Dark);
    let level = |level| Wishes { level: Some(level), ..Wishes::default() };
    let shown = Shown { a: level(0), b: Some(level(1)), is_all: false };
    let (_folder, state) = residual(shown);
    draw_pane(&mut results, "pane_levels_of_two", state, PaneId::Curves, Theme::Dark);
    let file = "families/14-residual.safetensors";
    let state = showing(&[file, "families/17-encodec.th"], Shown::default());
    draw(&mut results, "watch_two_files", state, SMALL, Theme::Light);
    let all = Shown { is_all: true, ..Shown::default() };
    let state = showing(&["families/21-dac"], all);
    draw(&mut results, "watch_all_levels", state, LARGE, Theme::Dark);
}

#[test]
fn lengths_stand_in_the_place_of_counts_that_are_not_there() {
    let mut results = SnapshotResults::new();
    let usage = PaneId::Usage(LaneId::A);
    let bare = watching("forms/bare_14.npy");
    draw_pane(&mut results, "pane_norms", bare, usage, Theme::Light);
    // Two rows that are not finite, which the caption names.
    let folder = tempfile::tempdir().unwrap();
    let row = |at: usize| if at % 20 == 3 { f32::NAN } else { 1.0 + at as f32 / 10.0 };
    let numbers: Vec<f32> = (0..40).flat_map(|at| [row(at), 0.0, 0.5]).collect();
    let codes = ("codebook".to_string(), Dtype::F32, vec![40, 3], made::f32s(&numbers));
    made::save(&folder.path().join("codes_7.safetensors"), &[codes]);
    let nan = match watched(&[folder.path().into()], Shown::default()) {
        Ok(state) => state,
        Err(refusal) => panic!("{}", refusal.sentence),
    };
    let said = nan.run.reading(LaneId::A).unwrap().sentence();
    assert!(said.contains("2 of 40 codes are not finite and not drawn: 3, 23."), "{said}");
    assert!(nan.run.history.events.iter().any(|e| e.sentence().contains("from here on 2 of 40")));
    draw_pane(&mut results, "pane_norms_broken", nan, usage, Theme::Dark);
}

#[test]
fn the_window_asks_which_arrays_are_meant_and_remembers_it() {
    let mut results = SnapshotResults::new();
    let candidate = |name: &str, shape: &str| Candidate { name: name.into(), shape: shape.into() };
    let choices = Choices {
        lane: LaneId::A,
        file: "model_1000.pt".into(),
        why: Some("holds more than one array that may be the codes".into()),
        are_steps_open: false,
        steps: Vec::new(),
        codes: vec![candidate("net.table_a", "512 x 16"), candidate("net.table_b", "512 x 16")],
        usage: vec![candidate("net.hits", "512")],
        taken: Wishes::default(),
        found: Wishes::default(),
    };
    let mut state = AppState::watching(&[PathBuf::from("checkpoints")]);
    state.run.absorb(Update::Choices(Box::new(choices)));
    let mut card = harness(state, SMALL, Theme::Light);
    card.run_steps(3);
    let place = Rect::from_min_max(pos2(317.0, 155.0), pos2(963.0, 565.0));
    snap_part(&mut results, "card_arrays", &mut card, place);
    drop(results);
    let choices = |state: &mut AppState| state.cards.arrays.clone().unwrap().choices;
    let mut state = AppState::watching(&[PathBuf::from("checkpoints")]);
    let (_folder, other) = residual(Shown::default());
    state.run.choices = other.run.choices;
    state.choose_arrays();
    let offered = choices(&mut state);
    assert!(offered.codes.iter().any(|array| array.name == "level.1.codebook"), "{offered:?}");
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    harness.get_by_label_contains("level.1.codebook   48 x 4").click();
    harness.run_steps(2);
    harness.get_by_label("Look at it").click();
    harness.run_steps(2);
    let shown = asked(&mut harness);
    assert_eq!(shown[0].a.codebook.as_deref(), Some("level.1.codebook"));
    let state = harness.state();
    assert_eq!(state.told_of_files().unwrap().codebook.as_deref(), Some("level.1.codebook"));
    assert!(state.cards.arrays.is_none());
}

#[test]
fn the_window_asks_which_number_of_the_names_is_the_step() {
    let number =
        |which, values: [u64; 3], is_own| NameNumber { which, values: values.into(), is_own };
    let choices = Choices {
        lane: LaneId::A,
        file: "vq_k512_20261128-154501.pt".into(),
        why: None,
        are_steps_open: true,
        steps: vec![
            number(2, [20_261_128, 20_261_129, 20_261_130], true),
            number(3, [80_312, 154_501, 231_250], true),
        ],
        codes: vec![Candidate { name: "vq.codebook".into(), shape: "512 x 16".into() }],
        usage: Vec::new(),
        taken: Wishes::default(),
        found: Wishes { codebook: Some("vq.codebook".into()), ..Wishes::default() },
    };
    let state = || {
        let mut state = AppState::watching(&[PathBuf::from("checkpoints")]);
        state.run.absorb(Update::Choices(Box::new(choices.clone())));
        state
    };
    let mut results = SnapshotResults::new();
    let mut card = harness(state(), SMALL, Theme::Light);
    card.run_steps(3);
    let place = Rect::from_min_max(pos2(317.0, 124.0), pos2(963.0, 596.0));
    snap_part(&mut results, "card_steps", &mut card, place);
    drop(results);
    // What is not touched is the last one; the codes stay as found.
    for (click, which) in [(None, 3), (Some("number 2: 20261128"), 2)] {
        let mut harness = harness(state(), SMALL, Theme::Light);
        harness.run_steps(2);
        if let Some(label) = click {
            harness.get_by_label_contains(label).click();
            harness.run_steps(2);
        }
        harness.get_by_label("Look at it").click();
        harness.run_steps(2);
        let shown = asked(&mut harness);
        assert_eq!((shown[0].a.step_from, shown[0].a.codebook.as_deref()), (Some(which), None));
        assert_eq!(harness.state().told_of_files().unwrap().step_from, Some(which));
    }
}

#[test]
fn the_window_goes_on_while_a_network_keeps_the_watcher_waiting() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[100]);
    let path = folder.path().join("codes_000100.safetensors");
    write(&path, &std::fs::read(&path).unwrap(), Duration::from_secs(120));
    let held = Arc::new(Held::default());
    let paths = vec![folder.path().to_path_buf()];
    let mut state = AppState::watching(&paths);
    let watcher = Watcher::through(held.clone(), paths, Shown::default(), || {}).unwrap();
    let now = SystemTime::UNIX_EPOCH + Held::NOW;
    wait("the file", || {
        watcher.updates().for_each(|update| state.run.absorb(update));
        watcher.take_latest().map(|frame| state.run.take(frame));
        watcher.age_at(now).filter(|_| state.run.snapshot.is_some())
    });
    held.cut(true);
    wait("the watcher to ask", || held.is_waited_for().then_some(()));
    state.run.age = watcher.age_at(now);
    state.run.waits = watcher.waits_at(now);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(1);
    harness.get_by_label_contains("watching · 2 min old");
    // A minute later by the clock the window draws and takes keys.
    let later = now + Duration::from_secs(60);
    harness.state_mut().run.age = watcher.age_at(later);
    harness.state_mut().run.waits = watcher.waits_at(later);
    harness.run_steps(1);
    harness.get_by_label_contains("no answer for 1 min");
    harness.key_press(Key::ArrowDown);
    harness.run_steps(1);
    let shown = asked(&mut harness).into_iter().next().unwrap();
    assert!(watcher.send(Command::Read(Box::new(shown))));
    // It closes, and leaves the one behind who waits.
    drop(watcher);
    assert!(held.is_waited_for());
    held.cut(false);
}
