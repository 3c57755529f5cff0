//! Where a code map looks: the view that the trainer chose, and the zoom and shift of the user.

use emath::{Pos2, Rect, Vec2, vec2};
use serde::{Deserialize, Serialize, Serializer};

/// Least and greatest zoom.
const ZOOM: std::ops::RangeInclusive<f32> = 1.0..=400.0;

/// Zoom and shift of one map; none of it is kept between starts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Camera {
    /// How much nearer than the whole view.
    #[serde(serialize_with = "shortest")]
    pub zoom: f32,
    /// What lies in the middle, in the coordinates of the view.
    #[serde(serialize_with = "both_shortest")]
    pub middle: [f32; 2],
}

/// The number of 64 bits with the fewest digits that is the same in 32: 0.4, not 0.4000000059604645.
fn few_digits(x: f32) -> f64 {
    x.to_string().parse().unwrap_or(f64::from(x))
}

fn shortest<S: Serializer>(x: &f32, serializer: S) -> Result<S::Ok, S::Error> {
    few_digits(*x).serialize(serializer)
}

fn both_shortest<S: Serializer>(x: &[f32; 2], serializer: S) -> Result<S::Ok, S::Error> {
    x.map(few_digits).serialize(serializer)
}

impl Default for Camera {
    fn default() -> Self {
        Self { zoom: 1.0, middle: [0.0; 2] }
    }
}

/// From the coordinates of a view to the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// The canvas.
    pub plot: Rect,
    /// Points on the screen for one unit.
    pub per_unit: f32,
    /// What lies in the middle of the canvas.
    pub middle: [f32; 2],
}

impl Scale {
    /// The scale at which a view that reaches so far to its sides and up and down fits into `plot`,
    /// seen through a camera.
    pub fn new(plot: Rect, reach: [f32; 2], camera: &Camera) -> Self {
        let [across, up] = reach.map(|half| half.max(f32::MIN_POSITIVE));
        let per_unit = (plot.width() / 2.0 / across).min(plot.height() / 2.0 / up) * camera.zoom;
        Self { plot, per_unit, middle: camera.middle }
    }

    /// Where a point of the view is on the screen.
    pub fn at(&self, p: [f32; 2]) -> Pos2 {
        let [x, y] = [p[0] - self.middle[0], p[1] - self.middle[1]];
        self.plot.center() + vec2(x, -y) * self.per_unit
    }

    /// The point of the view under a place on the screen.
    pub fn under(&self, at: Pos2) -> [f32; 2] {
        let from = (at - self.plot.center()) / self.per_unit;
        [self.middle[0] + from.x, self.middle[1] - from.y]
    }
}

impl Camera {
    /// Whether it is one that the window itself could have made.
    pub fn is_sound(&self) -> bool {
        ZOOM.contains(&self.zoom) && self.middle.iter().all(|x| x.is_finite())
    }

    /// Moves what is seen by a way on the screen.
    pub fn shift(&mut self, by: Vec2, scale: &Scale) {
        self.middle[0] -= by.x / scale.per_unit;
        self.middle[1] += by.y / scale.per_unit;
    }

    /// Zooms so that what is under the pointer stays there.
    pub fn zoom_at(&mut self, factor: f32, pointer: Pos2, scale: &Scale) {
        let zoom = (self.zoom * factor).clamp(*ZOOM.start(), *ZOOM.end());
        let per_unit = scale.per_unit * zoom / self.zoom;
        let (under, from) = (scale.under(pointer), pointer - scale.plot.center());
        self.middle = [under[0] - from.x / per_unit, under[1] + from.y / per_unit];
        self.zoom = zoom;
        if zoom == *ZOOM.start() {
            self.middle = [0.0; 2];
        }
    }
}

#[cfg(test)]
mod tests {
    use emath::pos2;

    use super::*;

    fn scale(camera: &Camera) -> Scale {
        let plot = Rect::from_min_size(pos2(100.0, 50.0), vec2(300.0, 200.0));
        Scale::new(plot, [2.0, 2.0], camera)
    }

    #[test]
    fn a_flat_view_fills_a_flat_plot() {
        let plot = Rect::from_min_size(pos2(0.0, 0.0), vec2(300.0, 100.0));
        let scale = |reach| Scale::new(plot, reach, &Camera::default());
        assert_eq!(scale([3.0, 1.0]).at([3.0, 1.0]), pos2(300.0, 0.0));
        assert_eq!(scale([3.0, 2.0]).per_unit, 25.0);
    }

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let mut camera = Camera::default();
        let pointer = pos2(330.0, 90.0);
        for factor in [1.5, 3.0, 0.7] {
            let before = scale(&camera);
            let under = before.under(pointer);
            camera.zoom_at(factor, pointer, &before);
            let after = scale(&camera).at(under);
            assert!((after - pointer).length() < 0.01, "{after:?}");
        }
        camera.zoom_at(1e-9, pointer, &scale(&camera));
        assert_eq!(camera, Camera::default(), "all the way out is the whole view");
    }

    #[test]
    fn a_drag_moves_what_is_seen_with_the_pointer() {
        let mut camera = Camera { zoom: 2.0, middle: [0.3, -0.2] };
        let before = scale(&camera);
        let point = before.under(pos2(200.0, 100.0));
        camera.shift(vec2(17.0, -9.0), &before);
        let after = scale(&camera).at(point);
        assert!((after - pos2(217.0, 91.0)).length() < 0.01, "{after:?}");
    }
}
