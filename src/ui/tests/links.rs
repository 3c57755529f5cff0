//! Links and undo at the keyboard.

use egui::accesskit::Role;
use egui::{Event, OutputCommand};

use super::*;
use crate::lesson::Mode;
use crate::record::setting::{BasisMode, Logged, Setting};
use crate::record::status::{RunInfo, TrainerState, Update};
use crate::scenario::{Link, demos, parse};

/// What the window put into the clipboard in its last frame.
fn copied(harness: &Harness<'_, AppState>) -> Option<String> {
    harness.output().platform_output.commands.iter().find_map(|command| match command {
        OutputCommand::CopyText(text) => Some(text.clone()),
        _ => None,
    })
}

/// A run with changes by hand, seen in an unusual way.
fn unusual() -> AppState {
    let mut state = fixture::collapse();
    state.set(Setting::Lr(0.01));
    state.set_size(1024);
    let logged = Logged { step: 120, lane: None, setting: Setting::Lr(0.01) };
    state.run.absorb(Update::Logged(logged));
    state.prefs.tab = Tab::Movement;
    state.prefs.is_usage_log = false;
    state.prefs.basis = BasisMode::Shared;
    state.marked.side = LaneId::B;
    state.panes.map.cameras[1] = crate::figure::camera::Camera { zoom: 3.0, middle: [0.4, 0.2] };
    state.run.pin(300);
    state.take_commands();
    state
}

/// A window on another story.
fn other() -> AppState {
    AppState::new("digits", parse(demos::text("digits").unwrap(), "digits", &[]).unwrap())
}

#[test]
fn a_copied_link_opens_the_same_screen_elsewhere() {
    let mut first = harness(unusual(), SMALL, Theme::Dark);
    first.run_steps(2);
    first.event(Event::Copy);
    first.step();
    let text = copied(&first).unwrap();
    assert!(text.len() < 320, "{text}");
    assert!(first.state().toast.as_ref().unwrap().contains("step 300"));
    let mut second = harness(other(), SMALL, Theme::Dark);
    second.run_steps(2);
    second.event(Event::Paste(format!("{text}\n")));
    second.step();
    let commands = second.state_mut().take_commands();
    let [Command::Visit(visit), Command::SetPace(_)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((visit.way.step, visit.way.keep.clone()), (300, vec![300]));
    assert_eq!(visit.way.log, first.state().run.log);
    assert_eq!(visit.way.axes, Some((0, BasisMode::Shared)));
    assert_eq!(&visit.scenario, first.state().running());
    assert_eq!(second.state().draft, first.state().draft);
    assert_eq!(
        (second.state().story.name.as_str(), second.state().marked.side),
        ("collapse", LaneId::B)
    );
    // Once the run is there, a link to it is the same text.
    let run = second.state().run.info.as_ref().map_or(1, |info| info.run + 1);
    let info = RunInfo { run, scenario: visit.scenario.clone(), ..info(first.state()) };
    let log = visit.way.log.clone();
    let known = &mut second.state_mut().run;
    known.absorb(Update::Started(Box::new(info)));
    log.into_iter().for_each(|logged| known.absorb(Update::Logged(logged)));
    let picture = first.state().run.live.as_ref().unwrap();
    let lanes = picture.lanes.clone();
    known.take(std::sync::Arc::new(Snapshot { run, step: 300, lanes }));
    let state = TrainerState { activity: Activity::Paused, ..known.trainer };
    known.absorb(Update::State(state));
    second.step();
    assert!(second.state().run.is_pinned && second.state().visiting.is_none());
    assert_eq!(second.state().link().unwrap(), text);
}

fn info(state: &AppState) -> RunInfo {
    state.run.info.clone().unwrap()
}

#[test]
fn what_is_no_link_changes_nothing_and_says_so() {
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Dark);
    harness.run_steps(1);
    let link = harness.state().link().unwrap();
    for (text, words) in [
        ("hello", "is no link"),
        (&link[..link.len() - 3], "copy it again as a whole"),
        ("vqscope://7/AAAA", "newer vqscope"),
    ] {
        harness.event(Event::Paste(text.into()));
        harness.step();
        let notice = harness.state().run.notice.clone().unwrap();
        assert!(notice.contains(words), "{notice}");
        assert!(harness.state_mut().take_commands().is_empty());
    }
    assert_eq!(harness.state().story.name, "collapse");
    // Settings that cannot train have no link.
    harness.state_mut().set_size(1 << 40);
    harness.event(Event::Copy);
    harness.step();
    assert_eq!(copied(&harness), None);
    assert!(harness.state().run.notice.as_ref().unwrap().contains("cannot train"));
}

#[test]
fn a_link_to_a_view_that_is_not_known_is_refused() {
    let mut state = fixture::collapse();
    let text = state.link().unwrap();
    let link = Link::decode(&text, &[]).unwrap();
    let view = toml::from_str("tab = \"Nothing\"").unwrap();
    state.open_link(&Link { view, ..link }.encode());
    assert!(state.run.notice.as_ref().unwrap().contains("view cannot be shown"));
    assert!(state.take_commands().is_empty() && !state.is_changed());
}

#[test]
fn copy_and_paste_belong_to_a_field_that_takes_text() {
    let mut harness = harness(fixture::collapse(), LARGE, Theme::Dark);
    harness.run_steps(1);
    let link = harness.state().link().unwrap();
    harness.get_by_label("seed").focus();
    harness.run_steps(2);
    harness.event(Event::Paste(link));
    harness.event(Event::Copy);
    harness.step();
    assert!(harness.state_mut().take_commands().is_empty());
    assert_eq!(harness.state().toast, None);
}

#[test]
fn the_gallery_copies_a_link() {
    let mut state = fixture::collapse();
    state.cards.is_gallery_open = true;
    let mut harness = harness(state, SMALL, Theme::Dark);
    harness.run_steps(2);
    harness.get_by_label("Copy link").click();
    harness.step();
    let text = copied(&harness).unwrap();
    assert_eq!(Link::decode(&text, &[]).unwrap().step, 300);
    assert!(!harness.state().cards.is_gallery_open);
}

#[test]
fn ctrl_z_takes_a_dragged_slider_back_as_one_change() {
    let mut harness = harness(fixture::collapse(), LARGE, Theme::Dark);
    harness.run_steps(2);
    let story = harness.state().draft.clone();
    let slider = harness.get_by_role_and_label(Role::Slider, "learning rate").rect();
    harness.drag_at(slider.center());
    harness.step();
    for i in 1..=6 {
        harness.hover_at(slider.center() + vec2(4.0 * i as f32, 0.0));
        harness.step();
    }
    harness.drop_at(slider.center() + vec2(24.0, 0.0));
    harness.run_steps(2);
    let dragged = harness.state().draft.train.lr;
    assert!(dragged > 0.003, "{dragged}");
    harness.state_mut().take_commands();
    harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
    harness.step();
    assert_eq!(harness.state().draft, story);
    let lr = |lr| Command::Set { lane: None, setting: Setting::Lr(lr) };
    assert_eq!(harness.state_mut().take_commands(), [lr(0.003)]);
    for (modifiers, key) in
        [(Modifiers::COMMAND | Modifiers::SHIFT, Key::Z), (Modifiers::COMMAND, Key::Y)]
    {
        harness.key_press_modifiers(modifiers, key);
        harness.step();
        assert_eq!(harness.state_mut().take_commands(), [lr(dragged)]);
        harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        harness.step();
        assert_eq!(harness.state_mut().take_commands(), [lr(0.003)]);
    }
}

#[test]
fn keys_that_switch_are_undone_one_by_one() {
    let z = (Key::Z, Modifiers::COMMAND);
    let none = Modifiers::NONE;
    let (commands, state) = press(&[(Key::W, none), (Key::C, none), z, z]);
    let learn = |c, w| Command::Set {
        lane: Some(LaneId::A),
        setting: Setting::Learn { c, w, on_switch: OnSwitch::Fresh },
    };
    let expected = [learn(false, true), learn(true, true), learn(false, true), learn(true, false)];
    assert_eq!(commands, expected);
    assert!(!state.is_changed());
}

#[test]
fn what_was_done_and_what_could_not_be_done_stand_in_the_status_bar() {
    let mut results = SnapshotResults::new();
    let mut state = fixture::collapse();
    state.note_changes(false);
    state.switch_method();
    state.undo();
    draw_pane(&mut results, "said_undone", state, PaneId::Status, Theme::Dark);
    let mut state = fixture::collapse();
    state.open_link("vqscope://2/AAAA");
    draw_pane(&mut results, "said_no_link", state, PaneId::Status, Theme::Light);
}

#[test]
fn a_lesson_goes_around_as_a_code_and_begins_at_its_beat() {
    let mut results = SnapshotResults::new();
    let mut state = fixture::played("falls", &["data.eval_tokens=512"], 90);
    state.set_mode(Mode::Lecture);
    state.show_lesson_link();
    let text = state.cards.lesson_link.clone().unwrap();
    let mut card = harness(state, SMALL, Theme::Light);
    card.run_steps(3);
    let place = egui::Rect::from_min_max(egui::pos2(427.0, 85.0), egui::pos2(853.0, 635.0));
    snap_part(&mut results, "card_lesson_link", &mut card, place);
    // A code of version 40 holds 2,953 bytes; one that is read from afar has far fewer.
    assert!(text.len() < 700, "{}", text.len());
    let link = crate::scenario::Link::decode(&text, &[]).unwrap();
    let mut reader = fixture::collapse();
    reader.set_mode(Mode::Free);
    let visit = reader.enter(&link).unwrap();
    assert_eq!(reader.run.lesson.mode(), Mode::Lecture);
    assert!(!reader.prefs.arrangement.shows(Part::Controls));
    // The beat told last, at its own step.
    let beats = crate::lesson::Lesson::new(&visit.scenario, Mode::Lecture).in_order();
    let last = beats.into_iter().rfind(|(_, at)| *at <= 90).unwrap();
    assert_eq!(visit.way.step, last.1);

    // What trains without a story to tell has none.
    let mut state = fixture::collapse();
    state.run.lesson = crate::lesson::Lesson::of_nothing(Mode::Lecture);
    state.show_lesson_link();
    assert!(state.cards.lesson_link.is_none());
    assert!(state.run.notice.is_some_and(|why| why.contains("no beat")));
}
