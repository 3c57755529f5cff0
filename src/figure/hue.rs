//! A colour for each code, from its place on the map: the same code has the same colour wherever it is
//! shown, and codes that lie close have colours that are close.

use ecolor::Color32;

use crate::palette::{grey, of_place};
use crate::record::snapshot::LaneView;

/// Colours of the codes of a lane; grey for what is no code of it.
pub struct Hues<'a> {
    view: &'a LaneView,
    is_dark: bool,
}

impl<'a> Hues<'a> {
    /// Those of a view, on a dark ground or a light one.
    pub fn of(view: &'a LaneView, is_dark: bool) -> Self {
        Self { view, is_dark }
    }

    /// The colour of a code: its direction from the middle of the map is the hue, its distance the
    /// strength.
    pub fn code(&self, code: usize) -> Color32 {
        let Some(&[x, y]) = self.view.codes.get(code) else { return grey(128) };
        let [across, up] = self.view.axes.reach();
        let (x, y) = (x / across.max(f32::MIN_POSITIVE), y / up.max(f32::MIN_POSITIVE));
        if !(x.is_finite() && y.is_finite()) {
            return grey(128);
        }
        let hue = (y.atan2(x) / std::f32::consts::TAU).rem_euclid(1.0);
        // Most codes lie in the inner half of a map.
        let strength = (2.0 * x.hypot(y)).clamp(0.0, 1.0);
        of_place(hue, strength, self.is_dark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::LaneId;

    #[test]
    fn neighbours_have_colours_that_are_close_and_opposite_codes_have_not() {
        let mut view = LaneView::unknown(LaneId::A, 1);
        view.codes = vec![[0.5, 0.0], [0.5, 0.01], [-0.5, 0.0], [f32::NAN, 0.0]];
        let hues = Hues::of(&view, false);
        let apart = |a: Color32, b: Color32| -> i32 {
            let pairs = a.to_array().into_iter().zip(b.to_array());
            pairs.map(|(a, b)| (i32::from(a) - i32::from(b)).abs()).sum()
        };
        assert!(apart(hues.code(0), hues.code(1)) < 12);
        assert!(apart(hues.code(0), hues.code(2)) > 150);
        assert_eq!((hues.code(3), hues.code(9)), (grey(128), grey(128)));
    }
}
