//! Guesses, and what they are worth beside what is true.

use crate::lesson::figures::said;
use crate::scenario::{Beat, ExpectStep, Guess, LaneId};
use crate::words;

pub use crate::record::answer::{Answer, Curve};

/// Share of what could have been guessed within which a number or a curve is right.
pub const NEAR: f64 = 0.1;

/// A guess while it is being made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Draft {
    /// Where the slider stands.
    pub number: f64,
    /// Curves that were drawn so far.
    pub curves: Vec<Curve>,
    /// The curve that is drawn now.
    pub now: usize,
}

impl Draft {
    /// That of a question before anybody touched it: the slider stands in its middle.
    pub fn of(beat: &Beat) -> Self {
        let (low, high) = range(beat);
        let of = beat.of.filter(|_| beat.guess == Some(Guess::Curve));
        let lanes = of.map_or(Vec::new(), |of| match of.lane {
            Some(lane) => vec![lane],
            None => vec![LaneId::A, LaneId::B],
        });
        let curves = lanes.into_iter().map(|lane| Curve { lane, points: Vec::new() }).collect();
        Self { number: (low + high) / 2.0, curves, now: 0 }
    }

    /// The curve that is drawn now.
    pub fn curve(&mut self) -> Option<&mut Curve> {
        self.curves.get_mut(self.now)
    }

    /// The guess, if it is whole.
    pub fn answer(&self, beat: &Beat) -> Option<Answer> {
        match beat.guess? {
            Guess::Choice => None,
            Guess::Number => Some(Answer::Number(self.number)),
            Guess::Curve => {
                let is_drawn = |curve: &Curve| !curve.points.is_empty();
                let is_whole = !self.curves.is_empty() && self.curves.iter().all(is_drawn);
                is_whole.then(|| Answer::Curves(self.curves.clone()))
            }
        }
    }
}

/// Least and greatest number that a question can be answered with.
pub fn range(beat: &Beat) -> (f64, f64) {
    (beat.low.unwrap_or(0.0), beat.high.unwrap_or(1.0))
}

/// What was guessed for a lane at the step that the question is about.
fn guessed(beat: &Beat, answer: &Answer, lane: LaneId) -> Option<f64> {
    match answer {
        Answer::Choice(_) | Answer::Left => None,
        Answer::Number(number) => Some(*number),
        Answer::Curves(curves) => {
            let curve = curves.iter().find(|curve| curve.lane == lane)?;
            match beat.until {
                Some(ExpectStep::At(step)) => curve.at(step as f64),
                _ => curve.at(f64::MAX),
            }
        }
    }
}

/// How far a guess is off the truth, as a share of what could have been guessed.
pub fn off_by(beat: &Beat, answer: &Answer, lane: LaneId, truth: f64) -> Option<f64> {
    let (low, high) = range(beat);
    match answer {
        Answer::Choice(choice) => {
            let is_right = beat.choices.get(*choice)?.holds(truth);
            Some(f64::from(u8::from(!is_right)))
        }
        _ => Some((guessed(beat, answer, lane)? - truth).abs() / (high - low)),
    }
}

/// Whether a guess is right for every lane that it is about.
pub fn is_right(beat: &Beat, answer: &Answer, truths: &[(LaneId, f64)]) -> Option<bool> {
    let offs = truths.iter().map(|&(lane, truth)| off_by(beat, answer, lane, truth));
    let offs: Vec<f64> = offs.collect::<Option<_>>()?;
    (!offs.is_empty()).then(|| offs.into_iter().all(|off| off <= NEAR))
}

/// The sentence that compares a guess with what is true.
pub fn compare(beat: &Beat, answer: &Answer, truths: &[(LaneId, f64)]) -> Option<String> {
    let metric = beat.of?.metric;
    let mut sentences = Vec::new();
    for &(lane, truth) in truths {
        let (name, truth_said) = (lane.name().to_uppercase(), said(metric, truth));
        sentences.push(match answer {
            Answer::Choice(choice) => {
                let guess = beat.choices.get(*choice)?.text.spoken();
                if beat.choices.get(*choice)?.holds(truth) {
                    words!("lesson-choice-right", guess = guess, truth = truth_said)
                } else {
                    words!("lesson-choice-wrong", guess = guess, truth = truth_said)
                }
            }
            Answer::Left => words!("lesson-it-is", lane = name, truth = truth_said),
            _ => {
                let guess = said(metric, guessed(beat, answer, lane)?);
                if guess == truth_said {
                    words!("lesson-number-exact", lane = name, guess = guess)
                } else {
                    words!("lesson-number", lane = name, guess = guess, truth = truth_said)
                }
            }
        });
    }
    (!sentences.is_empty()).then(|| sentences.join(" "))
}
