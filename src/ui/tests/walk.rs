//! The stories in their full form, walked with the presenter's keys over a run that trains: what is
//! told, asked, answered and compared.

use std::sync::Arc;

use super::*;
use crate::engine::Run;
use crate::engine::device::{choose, cpu_only};
use crate::engine::views::Freshness;
use crate::lesson::answer::Answer;
use crate::lesson::{Lesson, Mode, Waiting};
use crate::record::status::{TrainerState, Update};
use crate::scenario::{BeatKind, Guess, demos, parse};

/// A window before a room, with a run in the trainer's place that does what it asks.
struct Walk {
    harness: Harness<'static, AppState>,
    run: Run,
    halts: Vec<u64>,
    told: Vec<String>,
}

impl Walk {
    fn new(name: &str) -> Self {
        let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
        let compute = choose("cpu", &cpu_only()).unwrap().open().unwrap();
        let run = Run::new(scenario.clone(), &compute, 1, true).unwrap();
        let halts = Lesson::new(&scenario, Mode::Lecture).halts();
        let mut state = AppState::new(name, scenario);
        state.set_mode(Mode::Lecture);
        state.run.absorb(Update::Started(Box::new(run.info())));
        state.present(true);
        let harness = harness(state, SMALL, Theme::Light);
        let mut walk = Self { harness, run, halts, told: Vec::new() };
        walk.publish(Activity::Waiting);
        walk
    }

    /// Hands out what the trainer would.
    fn publish(&mut self, activity: Activity) {
        let (rows, events) = self.run.take_news().unwrap();
        let snapshot = self.run.snapshot(Freshness::Still).unwrap().unwrap();
        let state = &mut self.harness.state_mut().run;
        state.absorb(Update::Rows(rows));
        events.into_iter().for_each(|event| state.absorb(Update::Event(event)));
        state.take(Arc::new(snapshot));
        let pace = state.trainer.pace;
        state.absorb(Update::State(TrainerState::without_speed(activity, pace)));
    }

    /// Trains to the next step at which the run waits.
    fn train(&mut self) {
        let last = self.run.scenario().steps;
        loop {
            self.run.step().unwrap();
            let step = self.run.step_count();
            // Rows are handed out before they are too many.
            if step.is_multiple_of(100) && step < last && !self.halts.contains(&step) {
                self.publish(Activity::Running);
            }
            if step >= last {
                return self.publish(Activity::Ended);
            }
            if self.halts.contains(&step) {
                return self.publish(Activity::Waiting);
            }
        }
    }

    /// Does what the window asks of the trainer.
    fn obey(&mut self) {
        let commands = self.harness.state_mut().take_commands();
        let mut plays = false;
        for command in commands {
            match command {
                Command::HaltAt(halts) => self.halts = halts,
                Command::Play => plays = true,
                Command::Set { lane, setting } => {
                    self.run.set(lane, setting);
                    let activity = self.harness.state().run.trainer.activity;
                    self.publish(activity);
                }
                _ => {}
            }
        }
        if plays && self.run.step_count() < self.run.scenario().steps {
            self.train();
        }
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(1);
    }

    /// Tells the story to its end: every question is answered, every deed done or passed.
    fn walk(&mut self) {
        // More than any story has beats, and what follows each.
        for _ in 0..400 {
            self.harness.run_steps(1);
            self.obey();
            let state = self.harness.state();
            let lesson = &state.run.lesson;
            if let Some(text) = state.run.caption().filter(|text| self.told.last() != Some(text)) {
                self.told.push(text);
            }
            let now = lesson.current().map(|(number, beat)| (number, beat.clone()));
            match (lesson.waits(), now) {
                (Some(Waiting::Guess), Some((_, beat))) => match beat.guess {
                    Some(Guess::Choice) => self.press(Key::Num1),
                    Some(Guess::Number) => {
                        [Key::Num5, Key::Num0, Key::Enter].into_iter().for_each(|k| self.press(k));
                    }
                    _ => {
                        let until = lesson.until(&beat) as f64;
                        let draft = self.harness.state_mut().run.lesson.draft_mut().unwrap();
                        for curve in &mut draft.curves {
                            curve.draw(None, (0.0, 0.5));
                            curve.draw(Some(0.0), (until, 0.5));
                        }
                        self.press(Key::Enter);
                    }
                },
                // The story as it is written goes on without the deed.
                (Some(Waiting::Done), _) => self.press(Key::Space),
                (None, _) if state.is_end_shown() && !lesson.is_being_read() => return,
                _ => self.press(Key::PageDown),
            }
        }
        let lesson = &self.harness.state().run.lesson;
        panic!("the story does not end: {:?} {:?}", lesson.current(), lesson.waits());
    }

    /// What every story must have told, asked and compared.
    fn check(&self) {
        let state = self.harness.state();
        let lesson = &state.run.lesson;
        assert_eq!(self.run.step_count(), self.run.scenario().steps);
        for text in &self.told {
            assert!(!text.contains('–') && !text.contains('{'), "a figure is missing: {text}");
        }
        let mut kinds = Vec::new();
        let mut answered = 0;
        for (number, beat) in lesson.beats().iter().enumerate() {
            assert!(beat.note.is_some(), "no note at {}", beat.text);
            if !lesson.was_told(number) {
                // Only what depends on what somebody did is left out.
                assert!(beat.when.is_some(), "not told: {}", beat.text);
                continue;
            }
            kinds.push((beat.kind, beat.guess));
            if beat.guess.is_some() {
                let answer = lesson.answer(number);
                assert!(
                    matches!(
                        answer,
                        Some(Answer::Choice(0) | Answer::Number(_) | Answer::Curves(_))
                    ),
                    "{}: {answer:?}",
                    beat.text
                );
                let sentence = lesson.compared(number).unwrap();
                assert!(sentence.contains('%') || sentence.contains("it is"), "{sentence}");
                answered += 1;
            }
        }
        let has = |kind, guess| kinds.contains(&(kind, guess));
        assert!(has(BeatKind::Ask, Some(Guess::Curve)), "{kinds:?}");
        let is_other = |(kind, guess): &(BeatKind, Option<Guess>)| {
            *kind == BeatKind::Ask && matches!(guess, Some(Guess::Choice | Guess::Number))
        };
        assert!(kinds.iter().any(is_other), "{kinds:?}");
        assert!(kinds.iter().any(|(kind, _)| *kind == BeatKind::Do), "{kinds:?}");
        assert!(kinds.iter().any(|(kind, _)| *kind == BeatKind::Recall), "{kinds:?}");
        assert_eq!(lesson.result().of, answered);
    }
}

fn walked(name: &str) {
    let mut walk = Walk::new(name);
    walk.walk();
    walk.check();
}

/// A test for each of the stories in their full form.
macro_rules! walks {
    ($($name:ident),*) => {
        $(#[test]
        fn $name() {
            walked(stringify!($name));
        })*
    };
}

walks! {
    falls, collapse, rescue, bigger_vq, both_learn, simvq_fails, revival, fsq, rotation, calm, cloud
}

#[test]
fn a_deed_changes_what_is_told() {
    let mut walk = Walk::new("collapse");
    for _ in 0..400 {
        walk.harness.run_steps(1);
        walk.obey();
        let state = walk.harness.state();
        match state.run.lesson.waits() {
            Some(Waiting::Done) => {
                walk.press(Key::W);
                walk.obey();
                break;
            }
            Some(Waiting::Guess) => walk.press(Key::Space),
            None => walk.press(Key::PageDown),
        }
    }
    walk.harness.run_steps(2);
    assert_eq!(walk.harness.state().run.lesson.waits(), None, "W is what was waited for");
    walk.obey();
    walk.walk();
    let told = walk.told.join("\n");
    assert!(told.contains("share a matrix now") && !told.contains("A is where it was"), "{told}");
}
