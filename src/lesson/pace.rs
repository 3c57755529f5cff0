//! How long every text of every story and of the tour stands there, on a given clock.

use super::*;
use crate::lesson::tour::tour;
use crate::scenario::{LaneSpec, Told, demos, parse};
use crate::words::{Language, within};

/// Time between two frames.
const FRAME: f64 = 1.0 / 16.0;

/// All stories and the chapters of the tour, by name.
fn all() -> Vec<(String, Scenario)> {
    let stories = demos::names()
        .map(|name| (name.to_string(), parse(demos::text(name).unwrap(), name, &[]).unwrap()));
    let chapters = tour().chapters.iter().enumerate();
    let chapters = chapters.map(|(i, c)| (format!("tour, chapter {}", i + 1), c.scenario.clone()));
    stories.chain(chapters).collect()
}

/// Seconds that a text needs: three words of English a second, or six characters of Japanese, beside
/// which Latin words are left out. A figure that is inserted is a word.
fn needs(text: &str, language: Language) -> f64 {
    match language {
        Language::En => {
            let words = text.split_whitespace().filter(|word| word.contains(char::is_alphanumeric));
            words.count() as f64 / 3.0
        }
        Language::Ja => {
            let is_japanese = |c: &char| !c.is_ascii() && c.is_alphabetic();
            text.chars().filter(is_japanese).count() as f64 / 6.0
        }
    }
}

/// A lesson whose training is as fast as can be and stops where it must.
struct Fast {
    lesson: Lesson,
    specs: Vec<LaneSpec>,
    step: u64,
    steps: u64,
}

impl Fast {
    fn new(scenario: &Scenario, mode: Mode) -> Self {
        let (lesson, specs) = (Lesson::new(scenario, mode), scenario.lane_specs());
        Self { lesson, specs, step: 0, steps: scenario.steps }
    }

    /// Lets a frame pass, and trains as far as the lesson lets it. Nobody answers.
    fn frame(&mut self) {
        self.lesson.pass(FRAME);
        let lane = |i: usize| self.specs.get(i).map(Present::from);
        let now = Now { step: self.step, lanes: [lane(0), lane(1)], events: &[], has_input: false };
        self.lesson.look(&now);
        if self.lesson.waits().is_some() {
            self.lesson.skip();
        } else if !self.lesson.holds_back(&now) {
            let stop = self.lesson.halts().into_iter().find(|halt| *halt > self.step);
            self.step = stop.unwrap_or(self.steps).min(self.steps);
        }
    }

    /// The number of the text that stands there.
    fn text(&self) -> Option<usize> {
        let is_text = |(_, beat): &(usize, &Beat)| beat.kind == BeatKind::Say;
        self.lesson.current().filter(is_text).map(|(number, _)| number)
    }
}

/// Seconds for which a text stands there although another one is reached one step later.
fn stands(text: &Told, mode: Mode) -> f64 {
    let blank = "title='x'\nsteps=9\n[lanes.a]\n";
    let mut scenario = parse(blank, "x", &[]).unwrap();
    scenario.beat =
        vec![Beat::say(At::Step(0), text.clone()), Beat::say(At::Step(2), "next".into())];
    let mut fast = Fast::new(&scenario, mode);
    fast.frame();
    let mut seconds = 0.0;
    while fast.text() == Some(0) {
        fast.frame();
        seconds += FRAME;
    }
    seconds
}

#[test]
fn every_text_stands_as_long_as_reading_it_takes() {
    let mut number = 0;
    for language in [Language::En, Language::Ja] {
        for (name, scenario) in all() {
            for beat in Lesson::new(&scenario, Mode::Lecture).beats() {
                let text = within(language, || beat.text.spoken().to_string());
                let least = needs(&text, language);
                for mode in [Mode::Lecture, Mode::Film] {
                    let seconds = within(language, || stands(&beat.text, mode));
                    assert!(seconds >= least && least > 0.0, "{name}: {seconds} s for {text}");
                    // Nobody waits where everything was read.
                    let most = reading::seconds(&text) + 2.0 * FRAME;
                    assert!(seconds <= most, "{name}: {seconds} s for {text}");
                }
                number += 1;
            }
        }
    }
    assert!(number > 500, "{number}");
}

#[test]
fn a_story_that_is_trained_as_fast_as_can_be_leaves_time_for_its_texts() {
    for language in [Language::En, Language::Ja] {
        for (name, scenario) in all() {
            let mut fast = Fast::new(&scenario, Mode::Lecture);
            let mut stood: BTreeMap<usize, f64> = BTreeMap::new();
            within(language, || {
                while !fast.lesson.is_told_out() {
                    fast.frame();
                    if let Some(number) = fast.text() {
                        *stood.entry(number).or_default() += FRAME;
                    }
                }
            });
            // The last one stays.
            let now = fast.text();
            for (number, seconds) in stood.into_iter().filter(|(number, _)| Some(*number) != now) {
                let beat = &fast.lesson.beats()[number];
                let text = within(language, || beat.text.spoken().to_string());
                assert!(seconds >= needs(&text, language), "{name}: {seconds} s for {text}");
            }
        }
    }
}
