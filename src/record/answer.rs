//! Guesses, as a run keeps them.

use serde::{Deserialize, Serialize};

use crate::scenario::LaneId;

/// Points of a drawn curve that are kept.
pub const MOST_POINTS: usize = 64;

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

    /// The same with at most `most` points, a thousandth as fine as what can be guessed: enough to draw it.
    pub fn thinned(&self, most: usize) -> Self {
        let stride = self.points.len().div_ceil(most.max(1)).max(1);
        let last = self.points.len().saturating_sub(1);
        let kept = self.points.iter().enumerate().filter(|(i, _)| i % stride == 0 || *i == last);
        let rounded = kept.map(|(_, &(step, value))| (step, (1000.0 * value).round() / 1000.0));
        Self { lane: self.lane, points: rounded.collect() }
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

impl Answer {
    /// As it is kept: curves of at most [`MOST_POINTS`] points and the last one.
    pub fn kept(&self) -> Self {
        match self {
            Self::Curves(curves) => {
                Self::Curves(curves.iter().map(|curve| curve.thinned(MOST_POINTS)).collect())
            }
            other => other.clone(),
        }
    }

    /// Whether its numbers are such as somebody can have guessed.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Choice(choice) => *choice < 16,
            Self::Number(number) => number.is_finite(),
            Self::Curves(curves) => {
                curves.len() <= 2
                    && curves.iter().all(|curve| {
                        let points = &curve.points;
                        points.len() <= MOST_POINTS + 1
                            && points
                                .iter()
                                .all(|(step, value)| step.is_finite() && value.is_finite())
                            && points.is_sorted_by(|a, b| a.0 <= b.0)
                    })
            }
            Self::Left => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_kept_with_few_points_and_its_ends() {
        let points: Vec<(f64, f64)> =
            (0..1000).map(|i| (f64::from(i), f64::from(i) / 999.0)).collect();
        let curve = Curve { lane: LaneId::A, points };
        let Answer::Curves(kept) = Answer::Curves(vec![curve.clone()]).kept() else { panic!() };
        assert!(kept[0].points.len() <= MOST_POINTS + 1);
        assert_eq!((kept[0].points[0], kept[0].points.last()), ((0.0, 0.0), Some(&(999.0, 1.0))));
        for step in [0.0, 250.0, 777.0] {
            assert!((kept[0].at(step).unwrap() - curve.at(step).unwrap()).abs() < 2e-3);
        }
        assert!(Answer::Curves(kept).is_sound());
        let backwards = Curve { lane: LaneId::A, points: vec![(2.0, 0.1), (1.0, 0.2)] };
        assert!(!Answer::Curves(vec![backwards]).is_sound());
        assert!(!Answer::Number(f64::NAN).is_sound());
    }
}
