//! Guesses, and what they are worth beside what is true.

use serde::{Deserialize, Serialize};

use crate::lesson::figures::said;
use crate::scenario::{Beat, ExpectStep, Guess, LaneId};
use crate::words;

/// Share of what could have been guessed within which a number or a curve is right.
pub const NEAR: f64 = 0.1;

/// A guess.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// One of the choices, counted from 0.
    Choice(usize),
    /// A number.
    Number(f64),
    /// A curve for each lane.
    Curves(Vec<Curve>),
    /// None: the question was left to the run.
    Left,
}

/// A curve that was drawn: steps and values, steps rising.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Curve {
    /// The lane that it is about.
    pub lane: LaneId,
    /// Steps and values.
    pub points: Vec<(f64, f64)>,
}

impl Curve {
    /// Its value at a step: between two points in a line, before the first and after the last one
    /// as there.
    pub fn at(&self, step: f64) -> Option<f64> {
        let after = self.points.partition_point(|&(s, _)| s <= step);
        match (after.checked_sub(1).map(|i| self.points[i]), self.points.get(after)) {
            (Some((_, value)), None) | (None, Some(&(_, value))) => Some(value),
            (Some((from, low)), Some(&(to, high))) => {
                Some(low + (high - low) * (step - from) / (to - from))
            }
            (None, None) => None,
        }
    }

    /// Takes a point that is drawn: what was drawn over the steps between this one and `from` goes.
    pub fn draw(&mut self, from: Option<f64>, (step, value): (f64, f64)) {
        let (low, high) = from.map_or((step, step), |from| (from.min(step), from.max(step)));
        self.points.retain(|&(s, _)| s < low || s > high || from == Some(s));
        let at = self.points.partition_point(|&(s, _)| s < step);
        match self.points.get_mut(at) {
            Some(point) if point.0 == step => point.1 = value,
            _ => self.points.insert(at, (step, value)),
        }
    }
}

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
