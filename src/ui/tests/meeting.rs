//! What a meeting does stays: strokes with their pictures, the way back to the story, what is said.

use std::sync::Arc;

use egui::{Context, Event, Pos2, RawInput, Rect, Shape};

use super::*;
use crate::lesson::answer::Answer;
use crate::record::event::Fact;
use crate::record::pen::{Over, Stroke};
use crate::record::snapshot::Snapshot;
use crate::record::status::{Origin, RunInfo, Update};
use crate::ui::present::speaker;
use crate::ui::state::presenter::Notes;

const ASK: &str = "[[beat]]\nat='start'\nkind='ask'\nguess='choice'\nof='a.utilization'\ntext='x'\n\
    choices=[{text='y',max=0.5},{text='z',min=0.5}]\n";

fn stroke() -> Stroke {
    Stroke::new(Over::Map(LaneId::A), &[[0.1, 0.2], [0.3, 0.4]])
}

/// The run goes on to a step.
fn trained(state: &mut AppState, step: u64) {
    let live = state.run.live.clone().unwrap();
    state.run.take(Arc::new(Snapshot { step, ..Snapshot::clone(&live) }));
}

/// The trainer begins another run.
fn begins(state: &mut AppState, scenario: &crate::scenario::Scenario) {
    let old = state.run.info.clone().unwrap();
    let (run, scenario, origin) = (old.run + 1, scenario.clone(), Origin::New);
    state.run.absorb(Update::Started(Box::new(RunInfo { run, scenario, origin, ..old })));
    state.follow_run();
    let live = state.run.live.clone().unwrap();
    state.run.take(Arc::new(Snapshot { run, step: 0, ..Snapshot::clone(&live) }));
}

fn drawing() -> Harness<'static, AppState> {
    let mut state = fixture::collapse();
    state.present(true);
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    harness.key_press(Key::D);
    harness.run_steps(2);
    harness.state_mut().take_commands();
    harness
}

#[test]
fn a_stroke_that_was_drawn_while_it_trained_is_seen_with_its_picture_later() {
    let mut harness = drawing();
    harness.drag_at(egui::pos2(300.0, 300.0));
    harness.run_steps(1);
    harness.drop_at(egui::pos2(420.0, 360.0));
    harness.run_steps(2);
    let commands = harness.state_mut().take_commands();
    let into = commands.iter().find_map(|command| match command {
        Command::Draw(fact, into) => Some((fact.clone(), into.0.step)),
        _ => None,
    });
    let (fact, step) = into.unwrap();
    assert!(matches!(*fact, Fact::Drawn { step: 300, stroke: Some(_) }) && step == 300);
    let state = harness.state_mut();
    trained(state, 317);
    state.follow();
    assert_eq!((state.run.shown_step(), state.run.strokes().count()), (317, 0));
    // The picture was kept, although 300 is a step like any other.
    state.pin(316);
    assert_eq!((state.run.shown_step(), state.run.strokes().count()), (300, 1));
    // Where the picture of a step is not kept, the one before it shows what was drawn.
    state.run.draw(Fact::Drawn { step: 305, stroke: Some(stroke()) });
    assert_eq!(state.run.strokes().map(|(step, _)| step).collect::<Vec<_>>(), [300, 305]);
    state.wipe();
    assert_eq!(state.run.drawn, Default::default());
}

#[test]
fn a_stroke_belongs_to_the_step_at_which_it_began() {
    let mut harness = drawing();
    harness.drag_at(egui::pos2(300.0, 300.0));
    harness.run_steps(1);
    let state = harness.state_mut();
    state.follow();
    trained(state, 317);
    harness.drop_at(egui::pos2(420.0, 360.0));
    harness.run_steps(2);
    assert_eq!(harness.state().run.drawn.steps(), [300]);
}

/// The story at a step with a guess and strokes at two steps, left for other settings twice.
fn left_twice() -> AppState {
    let mut state = fixture::lesson(ASK);
    state.present(true);
    state.tell(0.0);
    state.run.lesson.guess(Answer::Choice(1));
    trained(&mut state, 240);
    for step in [120, 900] {
        state.run.draw(Fact::Drawn { step, stroke: Some(stroke()) });
    }
    for size in [64, 128] {
        state.set_size(size);
        state.restart_as_set();
        let draft = state.draft.clone();
        begins(&mut state, &draft);
        assert!(state.run.lesson.answer(0).is_none());
        trained(&mut state, 31);
    }
    state.take_commands();
    state
}

#[test]
fn the_way_back_leads_to_where_the_story_was_left_with_what_was_guessed_and_drawn() {
    let mut state = left_twice();
    state.back_to_where_it_was_left();
    let commands = state.take_commands();
    let visit = commands.iter().find_map(|command| match command {
        Command::Visit(visit) => Some((visit.way.step, visit.way.keep.clone())),
        _ => None,
    });
    assert_eq!(visit, Some((240, vec![120])));
    let story = state.story.scenario.clone();
    begins(&mut state, &story);
    assert_eq!(state.run.lesson.answer(0), Some(&Answer::Choice(1)));
    assert_eq!(state.run.drawn.steps(), [120]);
    let noted = |command: &Command| matches!(command, Command::Note(fact) if matches!(**fact, Fact::Drawn { step: 120, .. }));
    assert_eq!(state.take_commands().iter().filter(|command| noted(command)).count(), 1);
    // It is the story's own run again: there is nothing to go back to.
    state.back_to_where_it_was_left();
    assert!(!state.take_commands().iter().any(|c| matches!(c, Command::Visit(_))));
}

#[test]
fn where_another_story_was_left_leads_nowhere_in_this_one() {
    let mut state = left_twice();
    state.story.scenario.seed = 9;
    state.back_to_where_it_was_left();
    let visit = state.take_commands().into_iter().find_map(|command| match command {
        Command::Visit(visit) => Some((visit.way.step, visit.scenario.seed)),
        _ => None,
    });
    assert_eq!(visit, Some((31, 9)));
}

#[test]
fn a_way_back_that_is_given_up_brings_nothing_into_the_next_run() {
    for leave in [AppState::give_up_building, AppState::back_to_the_story] {
        let mut state = left_twice();
        state.back_to_where_it_was_left();
        leave(&mut state);
        let mut other = state.draft.clone();
        other.train.lr = 0.5;
        state.draft = other.clone();
        begins(&mut state, &other);
        assert_eq!(state.draft, other);
        assert!(state.run.lesson.answer(0).is_none());
        assert!(state.run.drawn.steps().is_empty());
    }
}

/// All texts that a frame draws.
fn texts(shapes: &[egui::epaint::ClippedShape]) -> String {
    fn add(shape: &Shape, all: &mut String) {
        match shape {
            Shape::Text(text) => *all += &(text.galley.text().to_string() + "\n"),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| add(shape, all)),
            _ => {}
        }
    }
    let mut all = String::new();
    shapes.iter().for_each(|shape| add(&shape.shape, &mut all));
    all
}

/// Draws a frame of the room's window at a time.
fn frame(ctx: &Context, state: &mut AppState, time: f64, events: Vec<Event>) -> String {
    let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, SMALL));
    let input = RawInput { screen_rect, time: Some(time), events, ..RawInput::default() };
    texts(&ctx.run_ui(input, |ui| window(ui, state)).shapes)
}

fn context() -> Context {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx
}

#[test]
fn before_a_room_is_said_what_was_done_and_what_could_not_be_done() {
    let (ctx, mut state) = (context(), fixture::collapse());
    state.present(true);
    state.toast = Some("nothing was changed".into());
    state.run.notice = Some("the file is no picture".into());
    let press = |key, pressed| Event::Key {
        key,
        physical_key: None,
        pressed,
        repeat: false,
        modifiers: Modifiers::NONE,
    };
    assert!(frame(&ctx, &mut state, 1.0, vec![]).contains("nothing was changed"));
    let escape = vec![press(Key::Escape, true), press(Key::Escape, false)];
    // What could not be done stands until it is put away.
    let next = vec![press(Key::Z, true), press(Key::Z, false)];
    assert!(frame(&ctx, &mut state, 1.1, next).contains("the file is no picture"));
    let after = frame(&ctx, &mut state, 1.2, escape);
    assert!(!after.contains("no picture") && state.presenter().unwrap().zoom.is_some());
    // Where the speaker has a window it is said there and not to the room.
    state.run.notice = Some("the file is no picture".into());
    state.presenter_mut().unwrap().notes = Notes::Window;
    assert!(!frame(&ctx, &mut state, 1.3, vec![]).contains("no picture"));
    let own = context();
    let shown = own.run_ui(RawInput::default(), |ui| speaker::show(ui, &mut state));
    assert!(texts(&shown.shapes).contains("the file is no picture"));
}

#[test]
fn the_clock_of_a_meeting_counts_frames_that_took_long() {
    let (ctx, mut state) = (context(), fixture::collapse());
    state.present(true);
    frame(&ctx, &mut state, 1.0, vec![]);
    let before = state.presenter().unwrap().elapsed;
    frame(&ctx, &mut state, 4.0, vec![]);
    let passed = state.presenter().unwrap().elapsed - before;
    assert!((passed - 3.0).abs() < 1e-3, "{passed}");
}

#[test]
fn changes_before_a_room_are_taken_back_one_by_one_and_a_drag_as_one() {
    let (ctx, mut state) = (context(), fixture::collapse());
    state.present(true);
    frame(&ctx, &mut state, 1.0, vec![]);
    let first = state.draft.train.lr;
    for (time, lr) in [(1.1, 0.1), (1.2, 0.2)] {
        state.draft.train.lr = lr;
        frame(&ctx, &mut state, time, vec![]);
    }
    state.undo();
    assert_eq!(state.draft.train.lr, 0.1);
    // In the speaker's window the pointer is held, which the room's does not know.
    state.presenter_mut().unwrap().notes = Notes::Window;
    let speaks = context();
    let speak = |state: &mut AppState, events: Vec<Event>| {
        let screen_rect = Some(Rect::from_min_size(Pos2::ZERO, SMALL));
        let input = RawInput { screen_rect, events, ..RawInput::default() };
        drop(speaks.run_ui(input, |ui| {
            speaker::show(ui, state);
            speaker::keys(ui, state);
        }));
    };
    let button = |pressed| Event::PointerButton {
        pos: Pos2::new(5.0, 5.0),
        button: egui::PointerButton::Primary,
        pressed,
        modifiers: Modifiers::NONE,
    };
    speak(&mut state, vec![button(true)]);
    for (time, lr) in [(1.3, 0.3), (1.4, 0.4), (1.5, 0.5)] {
        state.draft.train.lr = lr;
        frame(&ctx, &mut state, time, vec![]);
        speak(&mut state, vec![]);
    }
    speak(&mut state, vec![button(false)]);
    state.undo();
    assert_eq!(state.draft.train.lr, 0.1);
    state.undo();
    assert_eq!(state.draft.train.lr, first);
}
