//! A story before a room: what it sees, the presenter's own keys, and the speaker's view.

use super::*;
use crate::lesson::answer::Answer;
use crate::record::event::{Event, Fact};
use crate::record::pen::Over;
use crate::record::setting::Logged;
use crate::record::status::Update;
use crate::ui::present::speaker;
use crate::ui::state::presenter::{Entry, Notes, Pacing, Tool};
use crate::ui::widgets::tokens::PRESENTER;

const ASK: &str = "[[beat]]\nat='start'\nkind='ask'\nguess='choice'\nof='a.utilization'\n\
    text='How many of the {a.codes} codes of A will be in use at the end?'\n\
    note='Count hands for each answer. Most rooms say about half.'\n\
    choices=[{text='nearly all',min=0.9},{text='about half',min=0.3,max=0.9},{text='hardly any',max=0.3}]\n";

fn presented(beats: &str) -> AppState {
    let mut state = fixture::lesson(beats);
    state.present(true);
    state
}

/// The speaker's own window.
fn speakers(state: AppState) -> Harness<'static, AppState> {
    let draw_speaker = |ui: &mut egui::Ui, state: &mut AppState| {
        // What the room's window leaves, which was drawn before.
        theme::set_type(ui.ctx(), &PRESENTER);
        ui.reset_style();
        speaker::show(ui, state);
        speaker::keys(ui, state);
    };
    let mut harness = Harness::builder()
        .with_size(vec2(1080.0, 700.0))
        .with_theme(Theme::Light)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(draw_speaker, state);
    harness.run_steps(3);
    harness
}

#[test]
fn the_speaker_sees_what_will_be_told_next() {
    let say = |text: &str, learn_w: bool| {
        format!(
            "[[beat]]\nat='start'\nkind='say'\ntext='{text}'\nwhen={{lane='a',learn_w={learn_w}}}\n"
        )
    };
    let beats = [ASK.to_string(), say("A has a matrix", true), say("A learns its codes", false)];
    let mut state = presented(&beats.concat());
    state.tell(0.0);
    let mut harness = speakers(state);
    assert!(harness.query_by_label("A learns its codes").is_some());
    assert!(harness.query_by_label("A has a matrix").is_none());
    change_lane(harness.state_mut(), LaneId::A, |lane| {
        (lane.learn_c, lane.learn_w) = (false, true);
    });
    harness.run_steps(2);
    assert!(harness.query_by_label("A learns its codes").is_none());
    assert!(harness.query_by_label("A has a matrix").is_some());
}

#[test]
fn a_talk_that_ends_in_time_is_told_so() {
    let say = |text: &str, learn_w: bool| {
        format!(
            "[[beat]]\nat='end'\nkind='say'\ntext='{text}'\nwhen={{lane='a',learn_w={learn_w}}}\n"
        )
    };
    // Of these texts one alone can be told.
    let beats: String = (0..9).map(|_| say("A has a matrix", true)).collect();
    let mut state = presented(&(beats + &say("A learns its codes", false)));
    state.tell(0.0);
    fixture::trained(&mut state, 17);
    while !state.run.lesson.is_told_out() {
        state.run.lesson.read_on();
        state.tell(0.0);
    }
    let behind = state.run.lesson.share_behind();
    let presenter = state.presenter_mut().unwrap();
    presenter.elapsed = 60.0 * presenter.minutes;
    assert_eq!(presenter.pacing(behind), Pacing::InTime);
}

#[test]
fn what_a_room_and_the_speaker_see() {
    let mut results = SnapshotResults::new();
    draw(&mut results, "present_ask_1280x720_light", presented(ASK), SMALL, Theme::Light);
    // What a Japanese room sees.
    for (name, mut state) in [
        ("japanese_present_1280x720", fixture::story("falls")),
        ("japanese_present_ask_1280x720", fixture::tour(4)),
    ] {
        state.prefs.language = Some(crate::words::Language::Ja);
        state.present(true);
        draw(&mut results, name, state, SMALL, Theme::Light);
    }
    let mut state = fixture::collapse();
    state.present(true);
    draw(&mut results, "present_1440x900_dark", state, LARGE, Theme::Dark);
    let mut state = fixture::collapse();
    state.present(true);
    state.presenter_mut().unwrap().notes = Notes::Below;
    draw(&mut results, "present_notes_1280x720_light", state, SMALL, Theme::Light);
    let mut state = presented(ASK);
    state.presenter_mut().unwrap().is_overview = true;
    draw(&mut results, "present_overview_1280x720_light", state, SMALL, Theme::Light);
    let mut state = presented(ASK);
    state.tell(0.0);
    let mut harness = speakers(state);
    results.add(harness.try_snapshot("present_speaker"));
    // Keys that are pressed here are the presenter's, and its controls act.
    harness.state_mut().take_commands();
    harness.key_press(Key::Num1);
    harness.run_steps(2);
    assert_eq!(harness.state().run.lesson.answer(0), Some(&Answer::Choice(0)));
    harness.get_by_label("A: SimVQ").click();
    harness.run_steps(2);
    let commands = harness.state_mut().take_commands();
    let is_set = |c: &Command| matches!(c, Command::Set { lane: Some(LaneId::A), .. });
    assert!(commands.iter().any(is_set), "{commands:?}");
    harness.get_by_label("Black").click();
    harness.run_steps(1);
    assert!(harness.state().presenter().unwrap().is_black);
}

#[test]
fn a_room_sees_what_a_text_speaks_of() {
    let picture = |show: &str| {
        // Long enough to be read while the frames are drawn.
        let text = "Look ".repeat(60);
        let beat = format!("[[beat]]\nat='start'\nkind='say'\ntext='{text}'\nshow=[{show}]\n");
        let mut state = presented(&beat);
        state.tell(0.0);
        let mut harness = harness(state, SMALL, Theme::Light);
        harness.run_steps(3);
        assert_eq!(harness.state().lit_words().is_empty(), show.is_empty());
        harness.render().unwrap()
    };
    let plain = picture("");
    // What is not before the room has no ring there.
    assert!(picture("'curves'") == plain);
    for panel in ["map-a", "map-b", "maps", "usage-b"] {
        assert!(picture(&format!("'{panel}'")) != plain, "{panel}");
    }
    assert!(picture("'map-a'") != picture("'map-b'"));
}

#[test]
fn one_key_leads_back_from_a_what_if_to_the_story() {
    let mut state = fixture::collapse();
    state.present(true);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    harness.state_mut().take_commands();
    // As it is written there is nothing to go back from.
    harness.key_press(Key::R);
    harness.run_steps(2);
    assert!(harness.state_mut().take_commands().is_empty());
    assert!(harness.state().toast.as_ref().unwrap().contains("nothing was changed"));
    let set = Logged { step: 240, lane: None, setting: Setting::Lr(0.1) };
    harness.state_mut().run.absorb(Update::Logged(set));
    harness.state_mut().draft.train.lr = 0.1;
    harness.key_press(Key::R);
    harness.run_steps(2);
    let commands = harness.state_mut().take_commands();
    let story = harness.state().story.scenario.clone();
    let visit = commands.iter().find_map(|command| match command {
        Command::Visit(visit) => Some((visit.way.step, visit.scenario.clone())),
        _ => None,
    });
    assert_eq!(visit, Some((240, story.clone())));
    assert_eq!(harness.state().draft, story);
    assert!(harness.state().presenter().is_some());
}

#[test]
fn headlines_are_large_enough_for_the_last_row() {
    let mut state = fixture::collapse();
    state.present(true);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    let scale = crate::ui::widgets::tokens::of(&harness.ctx);
    assert!(scale.number >= 64.0 && scale.small >= 24.0);
    // It is the window's own again once the presenter is left.
    harness.key_press(Key::F5);
    harness.run_steps(2);
    assert!(harness.state().presenter().is_none());
    assert_eq!(crate::ui::widgets::tokens::of(&harness.ctx), &crate::ui::widgets::tokens::WINDOW);
}

#[test]
fn only_the_presenters_keys_act() {
    let mut harness = harness(presented(ASK), SMALL, Theme::Dark);
    harness.run_steps(2);
    harness.state_mut().take_commands();
    // Of the window: undo, restart, another pace, the gallery.
    for key in [Key::R, Key::Num5, Key::C, Key::X, Key::E] {
        harness.key_press(key);
        harness.run_steps(1);
    }
    assert!(harness.state_mut().take_commands().is_empty());
    assert!(!harness.state().cards.is_gallery_open);
    let key = |harness: &mut Harness<'_, AppState>, key| {
        harness.key_press(key);
        harness.run_steps(2);
    };
    key(&mut harness, Key::B);
    assert!(harness.state().presenter().unwrap().is_black);
    key(&mut harness, Key::Period);
    key(&mut harness, Key::D);
    assert_eq!(harness.state().presenter().unwrap().tool, Some(Tool::Pen));
    harness.drag_at(egui::pos2(300.0, 300.0));
    harness.run_steps(1);
    harness.drop_at(egui::pos2(420.0, 360.0));
    harness.run_steps(2);
    let step = harness.state().run.shown_step();
    assert_eq!(harness.state().run.drawn.at(step).count(), 1);
    key(&mut harness, Key::Backspace);
    assert_eq!(harness.state().run.drawn.at(step).count(), 0);
    key(&mut harness, Key::D);
    // Hands for each of three answers, then one of them as the guess.
    key(&mut harness, Key::H);
    for digit in [Key::Num1, Key::Enter, Key::Num4, Key::Enter, Key::Num2, Key::Enter] {
        key(&mut harness, digit);
    }
    assert_eq!(harness.state().run.lesson.hands(0), Some(&[1, 4, 2][..]));
    assert_eq!(harness.state().presenter().unwrap().entry, Entry::None);
    key(&mut harness, Key::Num2);
    assert_eq!(harness.state().run.lesson.answer(0), Some(&Answer::Choice(1)));
    assert!(harness.state_mut().take_commands().contains(&Command::Play));
    // What was guessed is compared, the beats are gone through, and W is A's.
    key(&mut harness, Key::W);
    let commands = harness.state_mut().take_commands();
    assert!(
        commands.iter().any(|c| matches!(c, Command::Set { lane: Some(LaneId::A), .. })),
        "{commands:?}"
    );
    for place in [Notes::Window, Notes::Below, Notes::None] {
        key(&mut harness, Key::N);
        assert_eq!(harness.state().presenter().unwrap().notes, place);
    }
    key(&mut harness, Key::Z);
    assert!(harness.state().presenter().unwrap().zoom.is_some());
    key(&mut harness, Key::Escape);
    assert!(harness.state().presenter().unwrap().zoom.is_none());
    key(&mut harness, Key::Escape);
    assert!(harness.state().presenter().is_none());
}

/// A drag from one place to another in so many frames.
fn drag(harness: &mut Harness<'_, AppState>, from: egui::Pos2, to: egui::Pos2) {
    harness.drag_at(from);
    harness.run_steps(1);
    harness.hover_at(from.lerp(to, 0.5));
    harness.run_steps(1);
    harness.drop_at(to);
    harness.run_steps(2);
}

#[test]
fn strokes_are_kept_with_their_step_and_lie_on_the_map_that_they_were_drawn_on() {
    let mut results = SnapshotResults::new();
    let mut state = fixture::collapse();
    state.present(true);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    harness.key_press(Key::D);
    harness.run_steps(2);
    let step = harness.state().run.step();
    let scale = harness.state().panes.map.scales[LaneId::B.index()].unwrap();
    let (from, to) = (scale.plot.center(), scale.plot.center() + vec2(90.0, -40.0));
    drag(&mut harness, from, to);
    // Training goes on behind the picture that is drawn into.
    assert!(harness.state().run.is_pinned && harness.state().run.is_running());
    let drawn: Vec<_> = harness.state().run.drawn.at(step).cloned().collect();
    assert_eq!((drawn.len(), drawn[0].over), (1, Over::Map(LaneId::B)));
    let ends = [drawn[0].points[0], *drawn[0].points.last().unwrap()];
    for (end, at) in ends.into_iter().zip([from, to]) {
        assert!((scale.at(end) - at).length() < 0.5, "{end:?} {at:?}");
    }
    // From one map to the other it is on neither.
    drag(&mut harness, scale.plot.left_top() + vec2(-200.0, 50.0), from);
    let over: Vec<Over> = harness.state().run.drawn.at(step).map(|s| s.over).collect();
    assert_eq!(over, [Over::Map(LaneId::B), Over::Room]);
    let noted: Vec<Fact> =
        harness.state_mut().take_commands().into_iter().filter_map(fact).collect();
    assert_eq!(noted[0], Fact::Drawn { step, stroke: Some(drawn[0].clone()) });
    assert_eq!(noted.len(), 2);
    results.add(harness.try_snapshot("present_drawn_1280x720_light"));
    // What the trainer tells of them is known, and another run that tells the same shows the same.
    let events: Vec<Event> = noted.into_iter().map(|fact| Event::new(step, None, fact)).collect();
    for event in events.clone() {
        harness.state_mut().run.absorb(Update::Event(event));
    }
    assert_eq!(harness.state().run.drawn.at(step).count(), 2);
    let mut opened = fixture::collapse();
    events.into_iter().for_each(|event| opened.run.absorb(Update::Event(event)));
    assert_eq!(opened.run.drawn, harness.state().run.drawn);
    draw(&mut results, "window_drawn_1280x720_light", opened, SMALL, Theme::Light);
}

fn fact(command: Command) -> Option<Fact> {
    match command {
        Command::Note(fact) | Command::Draw(fact, _) => Some(*fact),
        _ => None,
    }
}

#[test]
fn high_contrast_and_contrast_for_bad_projectors() {
    let mut results = SnapshotResults::new();
    for (name, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
        let mut state = fixture::collapse();
        state.present(true);
        state.prefs.has_high_contrast = true;
        draw(&mut results, &format!("present_strong_1280x720_{name}"), state, SMALL, theme);
    }
    let mut state = fixture::collapse();
    state.prefs.has_high_contrast = true;
    draw(&mut results, "window_strong_1280x720_light", state, SMALL, Theme::Light);
    let mut state = fixture::collapse();
    state.present(true);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    for _ in 0..4 {
        harness.key_press(Key::C);
        harness.run_steps(1);
    }
    assert_eq!(harness.state().presenter().unwrap().contrast, 0.8);
    results.add(harness.try_snapshot("present_contrast_1280x720_light"));
    harness.key_press_modifiers(Modifiers::SHIFT, Key::C);
    harness.key_press(Key::X);
    harness.run_steps(2);
    assert_eq!(harness.state().presenter().unwrap().contrast, 0.6);
    assert!(harness.state().prefs.has_high_contrast);
}
