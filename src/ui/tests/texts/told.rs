//! What is told, asked and compared, in the window and before a room, and what shows the cause.

use super::*;
use crate::figure::layers::Layers;
use crate::lesson::answer::Answer;
use crate::lesson::{Lesson, Mode, Waiting};
use crate::record::status::Activity;
use crate::scenario::{At, Beat, BeatKind, Edge, End, ExpectStep, demos};
use crate::session::train_to::Closely;
use crate::ui::fixture;
use crate::ui::state::presenter::{Entry, Notes};
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::tests::closer::restarted;

type Scenes = Vec<(String, AppState)>;

/// A story at step 300 of 600 that has these beats alone, told in a lecture.
fn lecture(name: &str, beats: Vec<Beat>) -> AppState {
    let mut state = fixture::story(name);
    let mut info = state.run.info.clone().unwrap();
    (info.scenario.beat, info.scenario.steps) = (beats, 600);
    info.scenario.expect.iter_mut().for_each(|expect| expect.caption = None);
    state.set_mode(Mode::Lecture);
    state.run.lesson = Lesson::new(&info.scenario, Mode::Lecture);
    state.run.info = Some(info);
    state.tell(0.0);
    state.take_commands();
    state
}

/// A beat as it stands there at once, whatever somebody did.
fn at_once(beat: &Beat) -> Beat {
    Beat { at: At::Edge(Edge::Start), when: None, ..beat.clone() }
}

/// Answers what is asked.
fn answer(state: &mut AppState) {
    let (_, beat) = state.run.lesson.current().unwrap();
    let beat = beat.clone();
    if beat.choices.is_empty() {
        let draft = state.run.lesson.draft_mut().unwrap();
        for curve in &mut draft.curves {
            curve.draw(None, (0.0, 0.5));
            curve.draw(Some(0.0), (600.0, 0.5));
        }
        state.run.lesson.guess_draft();
    } else {
        state.guess(Answer::Choice(0));
    }
    state.tell(0.0);
}

/// Every question and deed of every story as it waits, the questions once they are answered, and the ends.
pub fn asked() -> Scenes {
    let mut all = Vec::new();
    for name in demos::names() {
        let scenario = fixture::story(name).story.scenario;
        for (number, beat) in scenario.beat.iter().enumerate() {
            let scene = |what: &str| format!("{name}, beat {}, {what}", number + 1);
            let is_question = matches!(beat.kind, BeatKind::Ask | BeatKind::Recall);
            if beat.kind == BeatKind::Say {
                continue;
            }
            let until = Some(ExpectStep::End(End::End)).filter(|_| is_question);
            let state = lecture(name, vec![Beat { until, ..at_once(beat) }]);
            // What is done at once is not waited for.
            if is_question || state.run.lesson.waits() == Some(Waiting::Done) {
                assert!(is_asked(&state), "{}", scene("waits"));
                all.push((scene("waits"), state));
            }
            if is_question {
                let mut state = lecture(name, vec![Beat { until, ..at_once(beat) }]);
                answer(&mut state);
                fixture::trained(&mut state, 17);
                state.tell(0.0);
                assert!(is_asked(&state), "{}", scene("compared"));
                all.push((scene("compared"), state));
            }
        }
        let is_last = |beat: &&Beat| beat.kind == BeatKind::Say && beat.at == At::Edge(Edge::End);
        for beat in scenario.beat.iter().filter(is_last) {
            let mut state = lecture(name, vec![at_once(beat)]);
            while !state.run.lesson.is_told_out() {
                state.run.lesson.read_on();
                state.tell(0.0);
            }
            state.run.trainer.activity = Activity::Ended;
            assert!(state.is_end_shown(), "{name}");
            all.push((format!("{name}, its end"), state));
        }
    }
    all
}

/// The same before a room, every text that is told there, and what the presenter's keys bring.
pub fn before_a_room() -> Scenes {
    let mut all = asked();
    for name in demos::names() {
        let scenario = fixture::story(name).story.scenario;
        for (number, beat) in scenario.beat.iter().enumerate() {
            if beat.kind == BeatKind::Say {
                let mut state = lecture(name, vec![at_once(beat)]);
                state.present(true);
                state.presenter_mut().unwrap().notes = Notes::Below;
                all.push((format!("{name}, beat {}", number + 1), state));
            }
        }
    }
    all.push(("what another setting changed".into(), restarted()));
    for (what, entry) in [
        ("a step", Entry::GoTo("123456".into())),
        ("a number", Entry::Number("123456".into())),
        ("hands", Entry::Hands(3, "123456".into())),
    ] {
        let mut state = fixture::collapse();
        state.present(true);
        state.presenter_mut().unwrap().entry = entry;
        all.push((format!("{what} that is typed"), state));
    }
    let mut overview = lecture("collapse", fixture::story("collapse").story.scenario.beat);
    overview.present(true);
    overview.presenter_mut().unwrap().is_overview = true;
    all.push(("the overview".into(), overview));
    let mut keys = fixture::collapse();
    keys.cards.is_help_open = true;
    all.push(("the presenter's keys".into(), keys));
    for (_, state) in &mut all {
        if state.presenter().is_none() {
            state.present(true);
        }
    }
    all
}

/// What the palette offers for some letters.
pub fn typed() -> Scenes {
    let letters = ["", "lr 0.01", "size 65536", "learn", "no such thing"];
    let scene = |(typed, is_room): (&str, bool)| {
        let mut state = fixture::collapse();
        state.present(is_room);
        state.cards.palette = Some(Default::default());
        state.cards.palette.as_mut().unwrap().typed = typed.into();
        (format!("\"{typed}\" typed, before a room: {is_room}"), state)
    };
    letters.into_iter().flat_map(|typed| [(typed, false), (typed, true)]).map(scene).collect()
}

/// Each layer, all of them, and each stage of one step.
pub fn cause() -> Scenes {
    let sets = ["data.eval_tokens=512"];
    let closely = Closely { atlas: true, code: true, told: false };
    let played = || fixture::closely("falls", &sets, 30, closely);
    let mut all = Vec::new();
    for (name, switch) in Layers::NAMES {
        let mut state = played();
        *switch(&mut state.prefs.layers) = true;
        all.push((name.to_string(), state));
    }
    let mut state = played();
    Layers::NAMES.iter().for_each(|(_, switch)| *switch(&mut state.prefs.layers) = true);
    all.push(("all layers".into(), state));
    for stage in SlowStage::ALL {
        for step in [12, 60] {
            let mut state = fixture::told("collapse", step);
            state.prefs.layers.slow = true;
            state.run.slow_stage = stage;
            all.push((format!("{stage:?} at {step}"), state));
        }
    }
    all
}
