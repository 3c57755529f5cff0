//! Lessons on a given clock and made-up rows.

use super::*;
use crate::lesson::answer::Curve;
use crate::record::event::Fact;
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::usage::Usage;
use crate::scenario::{LaneSpec, parse};

const STORY: &str = "title='x'\nsteps=100\n[train]\neval_every=50\n[lanes.a]\n[lanes.b]\npreset='simvq'\n\
    [[beat]]\nat='start'\nkind='ask'\ntext='How much of A is in use at the end?'\nguess='number'\nof='a.utilization'\n\
    [[beat]]\nat='start'\nkind='say'\ntext='one two three four five six'\n\
    [[beat]]\nat=11\nkind='say'\ntext='A learns its codes'\nwhen={lane='a',learn_w=false}\n\
    [[beat]]\nat=11\nkind='say'\ntext='A has a matrix'\nwhen={lane='a',learn_w=true}\n\
    [[beat]]\nat=21\nkind='do'\ntext='Give A a matrix'\ndone={lane='a',learn_w=true}\n\
    [[beat]]\nat={event='collapse',lane='a'}\nkind='say'\ntext='It collapsed'\nwhen={lane='a',flag='collapse'}\n\
    [[beat]]\nat='end'\nkind='recall'\ntext='How much was it?'\nguess='choice'\nof='b.utilization'\n\
    choices=[{text='little',max=0.5},{text='much',min=0.5}]\n";

struct Told {
    lesson: Lesson,
    specs: Vec<LaneSpec>,
    learn_w: bool,
    events: Vec<Event>,
}

impl Told {
    fn new(mode: Mode) -> Self {
        let scenario = parse(STORY, "x", &[]).unwrap();
        let lesson = Lesson::new(&scenario, mode);
        Self { lesson, specs: scenario.lane_specs(), learn_w: false, events: Vec::new() }
    }

    fn now<'a>(specs: &'a [LaneSpec], learn_w: bool, events: &'a [Event], step: u64) -> Now<'a> {
        let mut a = Present::from(&specs[0]);
        (a.learn_c, a.learn_w) = (!learn_w, learn_w);
        Now { step, lanes: [Some(a), Some(Present::from(&specs[1]))], events, has_input: false }
    }

    /// The text that stands there after so many steps.
    fn at(&mut self, step: u64) -> String {
        let now = Self::now(&self.specs, self.learn_w, &self.events, step);
        self.lesson.look(&now);
        self.lesson.current().map_or(String::new(), |(_, beat)| beat.text.to_string())
    }

    fn holds_back(&self, step: u64) -> bool {
        self.lesson.holds_back(&Self::now(&self.specs, self.learn_w, &self.events, step))
    }

    /// The text that comes next, as it looks after so many steps.
    fn next(&self, step: u64) -> String {
        let now = Self::now(&self.specs, self.learn_w, &self.events, step);
        self.lesson
            .next_told(&now)
            .map_or(String::new(), |i| self.lesson.beats()[i].text.to_string())
    }

    fn evaluated(&mut self, step: u64, lane: LaneId, used: usize) {
        let usage = Usage { used, tokens: 1000, size: 100, perplexity: 2.0 };
        let eval = Some(Evaluation::nan(step, usage));
        self.lesson.take_rows(&[StepRow { eval, ..StepRow::nan(step, lane) }]);
    }
}

#[test]
fn a_lecture_waits_for_guesses_deeds_and_readers() {
    let mut told = Told::new(Mode::Lecture);
    assert_eq!(told.lesson.halts(), [0, 20]);
    assert!(told.at(0).starts_with("How much of A"));
    assert_eq!(told.lesson.waits(), Some(Waiting::Guess));
    // Nothing goes on before the guess is in, whatever is trained.
    assert!(told.at(15).starts_with("How much of A"));
    told.lesson.pass(60.0);
    assert!(told.lesson.covers_others() && !told.lesson.covers_everything());
    told.lesson.guess(Answer::Number(0.6));
    assert!(!told.lesson.covers_others());
    assert!(told.at(0).starts_with("one two three"));
    assert_eq!(told.lesson.waits(), None);
    // Six words take two seconds; until then training stops at the next text.
    assert_eq!(told.lesson.halts(), [10, 20]);
    told.lesson.pass(1.9);
    assert!(told.at(10).starts_with("one two three") && told.holds_back(10));
    assert!(!told.holds_back(9));
    told.lesson.pass(0.2);
    assert!(!told.holds_back(10));
    assert_eq!(told.lesson.halts(), [20]);
    // The text answers what lanes train with.
    assert_eq!(told.at(10), "A learns its codes");
    told.lesson.pass(9.0);
    assert_eq!(told.at(20), "Give A a matrix");
    assert_eq!(told.lesson.waits(), Some(Waiting::Done));
    assert_eq!(told.lesson.halts(), [0; 0]);
    told.learn_w = true;
    told.at(20);
    assert_eq!(told.lesson.waits(), None);
}

#[test]
fn what_was_done_before_is_not_asked_for_and_conditions_pick_the_text() {
    let mut told = Told::new(Mode::Lecture);
    told.at(0);
    told.lesson.skip();
    told.learn_w = true;
    told.at(0);
    told.lesson.pass(9.0);
    assert_eq!(told.at(10), "A has a matrix");
    told.lesson.pass(9.0);
    assert_eq!(told.at(30), "A has a matrix");
    assert_eq!(told.lesson.waits(), None);
    // A flag that was lowered again is not up.
    let event = |step, kind| Event::said(step, Some(LaneId::A), kind, "");
    told.events = vec![event(40, EventKind::Collapse), event(60, EventKind::Recovery)];
    assert_eq!(told.at(70), "A has a matrix");
    let mut other = Told::new(Mode::Free);
    other.events = vec![event(40, EventKind::Collapse)];
    assert_eq!(other.at(70), "It collapsed");
}

#[test]
fn what_comes_next_is_what_will_be_told_and_what_is_passed_over_lies_behind() {
    let mut told = Told::new(Mode::Lecture);
    told.at(0);
    assert!(told.next(0).starts_with("one two three"));
    told.lesson.skip();
    told.at(0);
    assert_eq!(told.next(0), "A learns its codes");
    // Somebody gave A a matrix: another text, and nothing to do any more.
    told.learn_w = true;
    assert_eq!(told.next(0), "A has a matrix");
    told.lesson.read_on();
    assert_eq!(told.at(10), "A has a matrix");
    assert_eq!(told.next(10), "How much was it?");
    // Three of six were told and one passed over: the text about an A without a matrix.
    assert_eq!(told.lesson.share_behind(), 4.0 / 6.0);
    told.lesson.read_on();
    assert_eq!(told.at(100), "How much was it?");
    assert_eq!((told.next(100).as_str(), told.lesson.share_behind()), ("", 1.0));
}

#[test]
fn a_guess_is_compared_with_what_the_run_shows() {
    let mut told = Told::new(Mode::Lecture);
    told.at(0);
    told.lesson.guess(Answer::Number(0.6));
    assert_eq!(told.lesson.truth(0, LaneId::A), None);
    assert!(told.lesson.open_guess().is_some());
    // Of another step and of another lane nothing is taken.
    told.evaluated(50, LaneId::A, 77);
    told.evaluated(100, LaneId::B, 80);
    assert_eq!(told.lesson.compared(0), None);
    told.evaluated(100, LaneId::A, 3);
    assert_eq!(told.lesson.truth(0, LaneId::A), Some(0.03));
    let sentence = told.lesson.compared(0).unwrap();
    assert_eq!(sentence, "A: you guessed 60 %, it is 3 %.");
    assert_eq!((told.lesson.is_right(0), told.lesson.open_guess().is_none()), (Some(false), true));
    // What was seen is asked at the end, with everything covered.
    for _ in 0..5 {
        told.at(20);
        told.lesson.skip();
    }
    assert_eq!(told.at(100), "How much was it?");
    assert!(told.lesson.covers_everything());
    told.lesson.count_hands(0, 4);
    told.lesson.count_hands(1, 9);
    told.lesson.count_hands(2, 9);
    told.lesson.guess(Answer::Choice(1));
    assert_eq!(told.lesson.hands(6), Some(&[4, 9][..]));
    assert_eq!(told.lesson.compared(6).unwrap(), "You guessed “much”, and it is 80 %: right.");
    assert_eq!(told.lesson.result(), Outcome { right: 1, of: 2, surprise: Some(0) });
    // Another truth, another sentence.
    told.evaluated(100, LaneId::B, 20);
    assert_eq!(told.lesson.compared(6).unwrap(), "You guessed “much”; it is 20 %.");
}

#[test]
fn a_film_goes_on_by_itself_and_a_free_run_waits_for_nothing() {
    let mut told = Told::new(Mode::Film);
    told.at(0);
    assert_eq!(told.lesson.waits(), Some(Waiting::Guess));
    let needed = reading::seconds("How much of A is in use at the end?");
    told.lesson.pass(needed + FILM_QUESTION - 0.1);
    assert!(told.lesson.waits().is_some());
    told.lesson.pass(0.2);
    assert_eq!((told.lesson.waits(), told.lesson.answer(0)), (None, Some(&Answer::Left)));
    // The run answers; nobody was right or wrong.
    told.evaluated(100, LaneId::A, 3);
    assert_eq!(told.lesson.compared(0).unwrap(), "A: it is 3 %.");
    assert_eq!((told.lesson.is_right(0), told.lesson.result().of), (None, 0));
    let mut told = Told::new(Mode::Free);
    assert_eq!(told.lesson.halts(), [0; 0]);
    assert!(told.at(0).starts_with("one two"));
    assert_eq!(told.at(30), "A learns its codes");
    assert_eq!((told.lesson.waits(), told.lesson.is_being_read()), (None, false));
}

#[test]
fn a_run_that_is_opened_is_not_asked_about_what_it_has_behind_it() {
    let scenario = parse(STORY, "x", &[]).unwrap();
    let mut told = Told::new(Mode::Lecture);
    told.lesson = Lesson::late(&scenario, Mode::Lecture);
    // Of two texts of the same place that of what lanes train with.
    assert_eq!(told.at(30), "A learns its codes");
    assert_eq!(told.lesson.waits(), None);
}

#[test]
fn curves_are_drawn_over_and_read_between_their_points() {
    let mut curve = Curve { lane: LaneId::A, points: Vec::new() };
    assert_eq!(curve.at(3.0), None);
    curve.draw(None, (10.0, 0.5));
    curve.draw(Some(10.0), (30.0, 0.1));
    curve.draw(Some(30.0), (50.0, 0.9));
    assert_eq!([0.0, 20.0, 40.0, 99.0].map(|s| curve.at(s).unwrap()), [0.5, 0.3, 0.5, 0.9]);
    // Back over what was drawn.
    curve.draw(Some(50.0), (20.0, 0.2));
    let expected = [(10.0, 0.5), (20.0, 0.2), (50.0, 0.9)];
    assert_eq!(curve.points, expected);
    let beat = &parse(
        "title='x'\nsteps=100\n[lanes.a]\n[[beat]]\nat='start'\nkind='ask'\ntext='draw'\n\
         guess='curve'\nof='utilization'",
        "x",
        &[],
    )
    .unwrap()
    .beat[0];
    let answer = Answer::Curves(vec![curve]);
    assert_eq!(answer::is_right(beat, &answer, &[(LaneId::A, 0.85)]), Some(true));
    assert_eq!(answer::is_right(beat, &answer, &[(LaneId::A, 0.5)]), Some(false));
}

#[test]
fn what_was_guessed_is_kept_and_comes_back_with_a_saved_run() {
    let mut told = Told::new(Mode::Lecture);
    told.at(0);
    told.lesson.guess(Answer::Number(0.6));
    told.evaluated(100, LaneId::A, 3);
    let kept = told.lesson.take_guesses();
    assert_eq!(kept.len(), 1);
    assert!(told.lesson.take_guesses().is_empty());
    let said = told.lesson.compared(0).unwrap();

    // Through the table of events and back, into the lesson of a run that is opened at its end.
    let event = Event::new(0, None, kept[0].clone());
    assert_eq!(event.text, "guess at beat 1: 0.600");
    let text = serde_json::to_string(&kept[0]).unwrap();
    let fact: Fact = serde_json::from_str(&text).unwrap();
    assert!(fact == kept[0] && fact.is_sound());
    let scenario = parse(STORY, "x", &[]).unwrap();
    let mut again =
        Told { lesson: Lesson::late(&scenario, Mode::Lecture), ..Told::new(Mode::Free) };
    again.lesson.restore(&event);
    again.evaluated(100, LaneId::A, 3);
    again.at(100);
    assert_eq!(again.lesson.compared(0), Some(said));
    assert!(again.lesson.was_told(0) && again.lesson.take_guesses().is_empty());

    // What is not about a question of this story is left out.
    for (beat, answer) in [
        (0, Answer::Choice(1)),
        (1, Answer::Number(0.5)),
        (6, Answer::Choice(2)),
        (99, Answer::Left),
    ] {
        let fact = Fact::Guessed { beat, answer: Some(answer), hands: Vec::new() };
        let mut lesson = Lesson::late(&scenario, Mode::Lecture);
        lesson.restore(&Event::new(0, None, fact));
        assert_eq!(lesson.answer(beat), None, "{beat}");
    }
    let hands = Fact::Guessed { beat: 6, answer: Some(Answer::Choice(1)), hands: vec![12, 7] };
    let event = Event::new(0, None, hands);
    assert_eq!(event.text, "guess at beat 7: choice 2; hands 12, 7");
    let mut lesson = Lesson::late(&scenario, Mode::Lecture);
    lesson.restore(&event);
    assert_eq!(lesson.hands(6), Some(&[12, 7][..]));
}

#[test]
fn a_story_waits_for_an_input_of_ones_own() {
    let text = "title='x'\nsteps=100\n[lanes.a]\n[[beat]]\nat='start'\nkind='do'\n\
        text='Draw something'\ndone={lane='a',input=true}\n";
    let scenario = parse(text, "x", &[]).unwrap();
    let specs = scenario.lane_specs();
    let mut lesson = Lesson::new(&scenario, Mode::Lecture);
    let now = |has_input| Now {
        step: 0,
        lanes: [Some(Present::from(&specs[0])), None],
        events: &[],
        has_input,
    };
    lesson.look(&now(false));
    assert_eq!(lesson.waits(), Some(Waiting::Done));
    lesson.look(&now(true));
    assert_eq!(lesson.waits(), None);
}

#[test]
fn a_lesson_goes_back_to_a_step_with_what_was_guessed_before_it() {
    let mut told = Told::new(Mode::Lecture);
    assert_eq!(told.at(0), "How much of A is in use at the end?");
    told.lesson.guess(Answer::Number(0.4));
    told.lesson.read_on();
    told.at(0);
    told.lesson.read_on();
    assert_eq!(told.at(10), "A learns its codes");
    told.lesson.read_on();
    told.learn_w = true;
    told.at(20);
    told.evaluated(50, LaneId::A, 30);
    told.evaluated(100, LaneId::A, 90);
    told.lesson.read_on();
    assert_eq!(told.at(100), "How much was it?");
    told.lesson.guess(Answer::Choice(1));
    assert_eq!(told.lesson.truth(0, LaneId::A), Some(0.9));
    told.lesson.take_guesses();
    told.lesson.rewind(15);
    told.learn_w = false;
    // Only the guess of before is there, for the run that goes on.
    assert_eq!(told.lesson.answer(0), Some(&Answer::Number(0.4)));
    assert_eq!((told.lesson.answer(6), told.lesson.truth(0, LaneId::A)), (None, None));
    assert_eq!(told.lesson.take_guesses().len(), 1);
    assert_eq!(told.at(15), "A learns its codes");
    told.lesson.read_on();
    assert_eq!(told.at(20), "Give A a matrix");
    assert_eq!(told.lesson.waits(), Some(Waiting::Done));
}
