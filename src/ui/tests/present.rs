//! A story before a room: what it sees, the presenter's own keys, and the speaker's view.

use super::*;
use crate::lesson::answer::Answer;
use crate::ui::present::speaker;
use crate::ui::state::presenter::{Entry, Notes, Tool};

const ASK: &str = "[[beat]]\nat='start'\nkind='ask'\nguess='choice'\nof='a.utilization'\n\
    text='How many of the {a.codes} codes of A will be in use at the end?'\n\
    note='Count hands for each answer. Most rooms say about half.'\n\
    choices=[{text='nearly all',min=0.9},{text='about half',min=0.3,max=0.9},{text='hardly any',max=0.3}]\n";

fn presented(beats: &str) -> AppState {
    let mut state = fixture::lesson(beats);
    state.present(true);
    state
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
    let draw_speaker = |ui: &mut egui::Ui, state: &mut AppState| speaker::show(ui, state);
    let mut harness = Harness::builder()
        .with_size(vec2(900.0, 640.0))
        .with_theme(Theme::Light)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(draw_speaker, state);
    harness.run_steps(3);
    results.add(harness.try_snapshot("present_speaker"));
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
    assert!(!harness.state().presenter().unwrap().strokes.is_empty());
    key(&mut harness, Key::Backspace);
    assert!(harness.state().presenter().unwrap().strokes.is_empty());
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
