//! What was drawn before a room: strokes of a pen, which stay with their step.

use serde::{Deserialize, Serialize};

use crate::scenario::LaneId;

/// Most points of a stroke that are kept.
pub const MOST_POINTS: usize = 256;

/// What a stroke was drawn over, and so what its points are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Over {
    /// The picture for the room: shares of its width and height, from its upper left corner.
    Room,
    /// The code map of a lane: places on it, as its codes have them.
    Map(LaneId),
}

/// A stroke of the pen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// What it was drawn over.
    pub over: Over,
    /// Its points in the order of drawing.
    pub points: Vec<[f32; 2]>,
}

impl Stroke {
    /// A stroke as it is kept: of at most [`MOST_POINTS`] points and the last one, to four digits after
    /// the point.
    pub fn new(over: Over, points: &[[f32; 2]]) -> Self {
        let stride = points.len().div_ceil(MOST_POINTS).max(1);
        let last = points.len().saturating_sub(1);
        let kept = points.iter().enumerate().filter(|(i, _)| i % stride == 0 || *i == last);
        let rounded = kept.map(|(_, point)| point.map(|x| (1e4 * x).round() / 1e4));
        Self { over, points: rounded.collect() }
    }

    /// Whether somebody can have drawn it.
    pub fn is_sound(&self) -> bool {
        self.points.len() <= MOST_POINTS + 1 && self.points.iter().flatten().all(|x| x.is_finite())
    }
}

/// What was drawn in a run, by steps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drawn(Vec<(u64, Stroke)>);

impl Drawn {
    /// Takes a stroke of a step, or without one wipes all of them.
    pub fn take(&mut self, step: u64, stroke: Option<Stroke>) {
        match stroke {
            Some(stroke) => self.0.push((step, stroke)),
            None => self.0.retain(|(at, _)| *at != step),
        }
    }

    /// The strokes of a step.
    pub fn at(&self, step: u64) -> impl Iterator<Item = &Stroke> {
        self.0.iter().filter(move |(at, _)| *at == step).map(|(_, stroke)| stroke)
    }

    /// The strokes that a picture of a step shows, each with its own: those of the step, and those of
    /// steps that it stands for.
    pub fn shown(
        &self,
        step: u64,
        stands_for: impl Fn(u64) -> bool,
    ) -> impl Iterator<Item = (u64, &Stroke)> {
        let all = self.0.iter().map(|(at, stroke)| (*at, stroke));
        all.filter(move |(at, _)| *at == step || stands_for(*at))
    }

    /// What was drawn until a step and at it.
    pub fn until(&self, step: u64) -> Self {
        Self(self.0.iter().filter(|(at, _)| *at <= step).cloned().collect())
    }

    /// All strokes in the order of drawing, each with its step.
    pub fn into_strokes(self) -> Vec<(u64, Stroke)> {
        self.0
    }

    /// The strokes over a lane's map at a step.
    pub fn over_map(&self, step: u64, lane: LaneId) -> impl Iterator<Item = &Stroke> {
        self.at(step).filter(move |stroke| stroke.over == Over::Map(lane))
    }

    /// Steps at which something is drawn, rising.
    pub fn steps(&self) -> Vec<u64> {
        let mut steps: Vec<u64> = self.0.iter().map(|(step, _)| *step).collect();
        steps.sort_unstable();
        steps.dedup();
        steps
    }

    /// Moves every stroke to the step that shows it where its own was not kept.
    pub fn moved(self, shown: impl Fn(u64) -> Option<u64>) -> Self {
        Self(self.0.into_iter().map(|(at, stroke)| (shown(at).unwrap_or(at), stroke)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stroke(x: f32) -> Stroke {
        Stroke::new(Over::Map(LaneId::A), &[[x, 0.0], [x, 1.0]])
    }

    #[test]
    fn strokes_stay_with_their_step_until_they_are_wiped() {
        let mut drawn = Drawn::default();
        drawn.take(5, Some(stroke(0.1)));
        drawn.take(9, Some(stroke(0.2)));
        drawn.take(5, Some(Stroke::new(Over::Room, &[[0.5, 0.5]])));
        drawn.take(9, None);
        drawn.take(9, Some(stroke(0.3)));
        assert_eq!(drawn.steps(), [5, 9]);
        assert_eq!(drawn.at(9).collect::<Vec<_>>(), [&stroke(0.3)]);
        assert_eq!((drawn.at(5).count(), drawn.over_map(5, LaneId::A).count()), (2, 1));
        assert_eq!(drawn.over_map(5, LaneId::B).count(), 0);
        let moved = drawn.moved(|step| (step > 6).then_some(5));
        assert_eq!((moved.steps(), moved.at(5).count()), (vec![5], 3));
        let shown: Vec<u64> = moved.shown(9, |step| step == 5).map(|(at, _)| at).collect();
        assert_eq!((shown, moved.shown(9, |_| false).count()), (vec![5; 3], 0));
        assert_eq!(moved.until(4).into_strokes().len(), 0);
    }

    #[test]
    fn a_long_stroke_is_kept_with_few_points_and_its_ends() {
        let points: Vec<[f32; 2]> = (0..5000_u16).map(|i| [f32::from(i) / 5000.0, 0.25]).collect();
        let kept = Stroke::new(Over::Room, &points);
        assert!(kept.points.len() <= MOST_POINTS + 1 && kept.is_sound());
        assert_eq!((kept.points[0], kept.points.last()), ([0.0, 0.25], Some(&[0.9998, 0.25])));
        assert!(!Stroke::new(Over::Room, &[[f32::NAN, 0.0]]).is_sound());
    }
}
