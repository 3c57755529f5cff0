//! Rows of pictures for the eye: as they are, where each part chose its code, and how far they are off.

use egui::{Color32, ColorImage};

use crate::figure::hue::Hues;
use crate::palette::{self, Palette};
use crate::record::snapshot::{LaneView, Pictures};

/// Times that errors are drawn stronger than they are.
pub const STRONGER: u8 = 4;

/// How much of the colour of its code a part of a picture takes.
const TINT: f32 = 0.62;

/// Pictures side by side, each pixel by `color` from its picture and its place in it.
fn side_by_side(
    pictures: &Pictures,
    count: usize,
    color: impl Fn(usize, usize, usize) -> Color32,
) -> ColorImage {
    let (w, h) = (pictures.width, pictures.height);
    let mut image = ColorImage::filled([count * w, h], Color32::TRANSPARENT);
    for picture in 0..count {
        for y in 0..h {
            for x in 0..w {
                image.pixels[y * count * w + picture * w + x] = color(picture, x, y);
            }
        }
    }
    image
}

/// Pictures as they are.
pub fn grey(pictures: &Pictures, all: &[Vec<u8>]) -> ColorImage {
    let w = pictures.width;
    side_by_side(pictures, all.len(), |i, x, y| palette::grey(all[i][y * w + x]))
}

/// How far reconstructions are off, on the ground of the window: the stronger the colour the farther.
pub fn errors(pictures: &Pictures, color: Color32, p: &Palette) -> ColorImage {
    let w = pictures.width;
    let count = pictures.outputs.len().min(pictures.inputs.len());
    side_by_side(pictures, count, |i, x, y| {
        let off = pictures.outputs[i][y * w + x].abs_diff(pictures.inputs[i][y * w + x]);
        p.canvas.lerp_to_gamma(color, f32::from(off.saturating_mul(STRONGER)) / 255.0)
    })
}

/// Which of two reconstructions is farther off where, in the colour of the one that is.
pub fn farther([a, b]: [&Pictures; 2], colors: [Color32; 2], p: &Palette) -> ColorImage {
    let w = a.width;
    let count = a.outputs.len().min(b.outputs.len()).min(a.inputs.len());
    side_by_side(a, count, |i, x, y| {
        let at = y * w + x;
        let off = |pictures: &Pictures| pictures.outputs[i][at].abs_diff(a.inputs[i][at]);
        let (off_a, off_b) = (off(a), off(b));
        let color = if off_a > off_b { colors[0] } else { colors[1] };
        let strength = off_a.abs_diff(off_b).saturating_mul(STRONGER);
        p.canvas.lerp_to_gamma(color, f32::from(strength) / 255.0)
    })
}

/// Reconstructions under the colours of their codes; where one code is lit the others turn grey.
pub fn places(
    view: &LaneView,
    pictures: &Pictures,
    lit: Option<usize>,
    is_dark: bool,
) -> ColorImage {
    let hues = Hues::of(view, is_dark);
    let w = pictures.width;
    side_by_side(pictures, pictures.outputs.len(), |i, x, y| {
        let grey = palette::grey(pictures.outputs[i][y * w + x]);
        match code_at(pictures, i, x, y) {
            Some(code) if lit.is_none_or(|lit| lit == code) => {
                grey.lerp_to_gamma(hues.code(code), TINT)
            }
            _ => grey.lerp_to_gamma(palette::grey(128), TINT),
        }
    })
}

/// The code of the part of a picture that a pixel lies in. The tokens of a sample have no place in it:
/// they stand side by side, row by row, in as many columns as rows.
pub fn code_at(pictures: &Pictures, picture: usize, x: usize, y: usize) -> Option<usize> {
    let [down, across] = pictures.grid;
    let (h, w) = (pictures.height.checked_div(down)?, pictures.width.checked_div(across)?);
    let tokens = pictures.tokens();
    let (column, row) = (x.checked_div(w)?, y.checked_div(h)?);
    let sample = row * across + column;
    let columns = (1..=tokens).find(|n| n * n >= tokens)?;
    let rows = tokens.div_ceil(columns);
    let token = (y % h) * rows / h * columns + (x % w) * columns / w;
    let index = pictures.indices.get(picture)?.get(sample * tokens + token.min(tokens - 1))?;
    Some(*index as usize)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::palette::LIGHT;
    use crate::scenario::LaneId;

    /// One picture of two samples, four by two pixels.
    fn pictures(output: [u8; 8], indices: &[u32]) -> Pictures {
        Pictures {
            step: 0,
            width: 4,
            height: 2,
            inputs: Arc::new(vec![vec![100; 8]]),
            outputs: vec![output.to_vec()],
            grid: [1, 2],
            indices: vec![indices.to_vec()],
        }
    }

    #[test]
    fn pictures_stand_side_by_side() {
        let two = Pictures { width: 2, ..pictures([0; 8], &[]) };
        let image = grey(&two, &[vec![1, 2, 3, 4], vec![5, 6, 7, 8]]);
        assert_eq!(image.size, [4, 2]);
        let grey: Vec<u8> = image.pixels.iter().map(Color32::r).collect();
        assert_eq!(grey, [1, 2, 5, 6, 3, 4, 7, 8]);
    }

    #[test]
    fn each_part_has_its_code() {
        let one = pictures([0; 8], &[7, 9]);
        let codes: Vec<_> = (0..4).map(|x| code_at(&one, 0, x, 1)).collect();
        assert_eq!(codes, [Some(7), Some(7), Some(9), Some(9)]);
        // Four tokens a sample stand two by two.
        let four = pictures([0; 8], &[1, 2, 3, 4, 5, 6, 7, 8]);
        let row = |y| (0..4).map(|x| code_at(&four, 0, x, y).unwrap()).collect::<Vec<_>>();
        assert_eq!((row(0), row(1)), (vec![1, 2, 5, 6], vec![3, 4, 7, 8]));
        // A save of an earlier version has none.
        assert_eq!(code_at(&pictures([0; 8], &[]), 0, 0, 0), None);
    }

    #[test]
    fn the_lane_that_is_farther_off_gives_its_colour() {
        let colors = [LIGHT.lane(LaneId::A), LIGHT.lane(LaneId::B)];
        let a = pictures([100, 164, 100, 100, 100, 100, 100, 100], &[0, 0]);
        let b = pictures([100, 100, 200, 100, 100, 100, 100, 100], &[0, 0]);
        let image = farther([&a, &b], colors, &LIGHT);
        assert_eq!(image.pixels[0], LIGHT.canvas);
        assert_eq!((image.pixels[1], image.pixels[2]), (colors[0], colors[1]));
        let off = errors(&b, colors[1], &LIGHT);
        assert_eq!((off.pixels[1], off.pixels[2]), (LIGHT.canvas, colors[1]));
    }

    #[test]
    fn where_one_code_is_lit_the_others_are_grey_and_there() {
        let mut view = LaneView::unknown(LaneId::A, 1);
        view.codes = vec![[0.9, 0.0], [-0.9, 0.0]];
        let both = pictures([128; 8], &[0, 1]);
        let is_grey = |c: Color32| c.r() == c.g() && c.g() == c.b();
        let all = places(&view, &both, None, false);
        assert!(!is_grey(all.pixels[0]) && !is_grey(all.pixels[3]));
        let lit = places(&view, &both, Some(1), false);
        assert!(is_grey(lit.pixels[0]) && lit.pixels[3] == all.pixels[3]);
    }
}
