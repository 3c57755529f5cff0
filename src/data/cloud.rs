//! A cloud of points in the plane that moves, turns and grows while codes follow it, or do not.

use super::{At, Part, PictureSamples, Samples};
use crate::rng::{Purpose, Stream};
use crate::scenario::{CLOUD_STDS, CloudPath, CloudPose};

/// Points of the plane, normally distributed around a middle.
pub struct Cloud {
    path: CloudPath,
    /// Held-out points before they are brought to their place, x and y in turn.
    held_out: Vec<f32>,
}

impl Cloud {
    /// A cloud on its way, of which so many points are held out.
    pub fn new(path: CloudPath, held_out: usize) -> Self {
        let mut points = Vec::new();
        // Points are held out by a stream of their own.
        spread(&mut Stream::new(0, Purpose::Evaluation, 1), held_out, &mut points);
        Self { path, held_out: points }
    }

    /// A cloud that stands still.
    pub fn still() -> Self {
        Self::new(CloudPath { drift: 0.0, shift: 0.0, steps: 1 }, 1)
    }
}

/// Appends points of the cloud around the origin.
fn spread(stream: &mut Stream, points: usize, out: &mut Vec<f32>) {
    let normal = stream.normal(2 * points, 1.0);
    let (pairs, _) = normal.as_chunks::<2>();
    out.extend(
        pairs.iter().flat_map(|[x, y]| [x * CLOUD_STDS[0] as f32, y * CLOUD_STDS[1] as f32]),
    );
}

impl Samples for Cloud {
    /// Those for training never end, and are drawn.
    fn len(&self, part: Part) -> usize {
        match part {
            Part::Train => 0,
            Part::Eval => self.held_out.len() / 2,
        }
    }

    fn push(&self, _part: Part, index: usize, out: &mut Vec<f32>) {
        out.extend_from_slice(&self.held_out[2 * index..2 * index + 2]);
    }

    /// Points make no pictures: the maps show them.
    fn pictures(&self) -> Option<PictureSamples> {
        None
    }

    fn draw(&self, stream: &mut Stream, samples: usize, out: &mut Vec<f32>) -> bool {
        spread(stream, samples, out);
        true
    }

    fn moves(&self) -> bool {
        true
    }

    fn place(&self, at: At<'_>, samples: &mut [f32]) {
        let CloudPose { middle, angle, scale } = self.path.pose(at.step, at.switches);
        let (sin, cos) = angle.sin_cos();
        for point in samples.as_chunks_mut::<2>().0 {
            let [x, y] = point.map(f64::from);
            let turned = [cos * x - sin * y, sin * x + cos * y];
            *point = [0, 1].map(|i| (middle[i] + scale * turned[i]) as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Switches;

    /// Mean and standard deviations of points.
    fn measured(points: &[f32]) -> ([f64; 2], [f64; 2]) {
        let (points, _) = points.as_chunks::<2>();
        let mean = |of: &dyn Fn(&[f32; 2]) -> f64| {
            points.iter().map(of).sum::<f64>() / points.len() as f64
        };
        let middle = [0, 1].map(|i| mean(&|p| f64::from(p[i])));
        let stds = [0, 1].map(|i| mean(&|p| (f64::from(p[i]) - middle[i]).powi(2)).sqrt());
        (middle, stds)
    }

    fn close(got: [f64; 2], wanted: [f64; 2]) -> bool {
        got.iter().zip(wanted).all(|(got, wanted)| (got - wanted).abs() < 0.05)
    }

    #[test]
    fn the_cloud_goes_its_way_and_is_moved_from_there() {
        let cloud = Cloud::new(CloudPath { drift: 4.0, shift: -2.0, steps: 600 }, 4000);
        let at = |step: u64, switches: &Switches| {
            let mut points = cloud.held_out.clone();
            cloud.place(At { step, switches }, &mut points);
            measured(&points)
        };
        let still = Switches::default();
        let (middle, stds) = at(0, &still);
        assert!(close(middle, [-2.0, 0.0]) && close(stds, CLOUD_STDS), "{middle:?} {stds:?}");
        // A quarter of the way: up, an eighth of a turn, a quarter larger.
        let (middle, _) = at(150, &still);
        assert!(close(middle, [-1.0, 0.5]), "{middle:?}");
        // Half of it: a quarter of a turn lays the long axis upwards.
        let (middle, stds) = at(300, &still);
        assert!(close(middle, [0.0, 0.0]) && close(stds, [0.375, 0.9]), "{middle:?} {stds:?}");
        // It stays at its end.
        assert_eq!(at(600, &still), at(9000, &still));
        let (middle, stds) = at(600, &still);
        assert!(close(middle, [2.0, 0.0]) && close(stds, [1.2, 0.5]), "{middle:?} {stds:?}");
        let moved =
            Switches { cloud_x: 1.0, cloud_y: -0.5, cloud_angle: 90.0, cloud_scale: 0.5, ..still };
        let (middle, stds) = at(600, &moved);
        assert!(close(middle, [3.0, -0.5]) && close(stds, [0.25, 0.6]), "{middle:?} {stds:?}");
        // Without a drift it stands still.
        let cloud = Cloud::new(CloudPath { drift: 0.0, shift: 1.0, steps: 600 }, 8);
        let at = |step| {
            let mut points = cloud.held_out.clone();
            cloud.place(At { step, switches: &still }, &mut points);
            points
        };
        assert_eq!(at(0), at(600));
    }
}
