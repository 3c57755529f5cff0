//! Rows of pictures for the eye: as they are, where each part chose its code, and how far they are off.

use std::ops::Range;

use egui::{Color32, ColorImage};

use crate::figure::hue::Hues;
use crate::palette::{self, Palette, Tint};
use crate::record::snapshot::{LaneView, Pictures};

/// Times that errors are drawn stronger than they are.
pub const STRONGER: u8 = 4;

/// How much of the colour of its code a part of a picture takes.
const TINT: f32 = 0.62;

/// Pictures side by side: `row` gives the pixels of a row of a picture, in which they lie at a range.
fn side_by_side<R: Iterator<Item = Color32>>(
    pictures: &Pictures,
    count: usize,
    row: impl Fn(usize, usize, Range<usize>) -> R,
) -> ColorImage {
    let (w, h) = (pictures.width, pictures.height);
    let mut pixels = Vec::with_capacity(count * w * h);
    for y in 0..h {
        for picture in 0..count {
            pixels.extend(row(picture, y, y * w..(y + 1) * w));
        }
    }
    ColorImage::new([count * w, h], pixels)
}

/// Pictures as they are.
pub fn grey(pictures: &Pictures, all: &[Vec<u8>]) -> ColorImage {
    side_by_side(pictures, all.len(), |i, _, at| all[i][at].iter().map(|&v| palette::grey(v)))
}

/// The colour of each error from 0 to 255: a table, because there are a hundred thousand pixels.
fn strengths(color: Color32, p: &Palette) -> Vec<Color32> {
    let strength = |off: u8| f32::from(off.saturating_mul(STRONGER)) / 255.0;
    (0..=u8::MAX).map(|off| p.canvas.lerp_to_gamma(color, strength(off))).collect()
}

/// How far reconstructions are off, on the ground of the window: the stronger the colour the farther.
pub fn errors(pictures: &Pictures, color: Color32, p: &Palette) -> ColorImage {
    let count = pictures.outputs.len().min(pictures.inputs.len());
    let colors = &strengths(color, p);
    side_by_side(pictures, count, |i, _, at| {
        let pairs = pictures.outputs[i][at.clone()].iter().zip(&pictures.inputs[i][at]);
        pairs.map(|(output, input)| colors[usize::from(output.abs_diff(*input))])
    })
}

/// Which of two reconstructions is farther off where, in the colour of the one that is.
pub fn farther([a, b]: [&Pictures; 2], colors: [Color32; 2], p: &Palette) -> ColorImage {
    let count = a.outputs.len().min(b.outputs.len()).min(a.inputs.len());
    let colors = &colors.map(|color| strengths(color, p));
    side_by_side(a, count, |i, _, at| {
        let outputs = a.outputs[i][at.clone()].iter().zip(&b.outputs[i][at.clone()]);
        outputs.zip(&a.inputs[i][at]).map(|((a, b), input)| {
            let [off_a, off_b] = [a, b].map(|output| output.abs_diff(*input));
            let colors = if off_a > off_b { &colors[0] } else { &colors[1] };
            colors[usize::from(off_a.abs_diff(off_b))]
        })
    })
}

/// Reconstructions under the colours of their codes; where one code is lit the others turn grey.
pub fn places(
    view: &LaneView,
    pictures: &Pictures,
    lit: Option<usize>,
    is_dark: bool,
) -> ColorImage {
    let (hues, rest) = (Hues::of(view, is_dark), palette::grey(128));
    let color = |code: &u32| match lit {
        Some(lit) if lit != *code as usize => rest,
        _ => hues.code(*code as usize),
    };
    let cells = &Cells::of(pictures);
    // A colour a part, and not one a pixel.
    let colors: &Vec<Vec<Tint>> = &pictures
        .indices
        .iter()
        .map(|indices| indices.iter().map(|code| Tint::new(color(code), TINT)).collect())
        .collect();
    let rest = &Tint::new(rest, TINT);
    side_by_side(pictures, pictures.outputs.len(), |i, y, at| {
        pictures.outputs[i][at].iter().enumerate().map(move |(x, output)| {
            let part = cells.as_ref().map(|cells| cells.at(x, y));
            let tint = part.and_then(|part| colors.get(i)?.get(part)).unwrap_or(rest);
            tint.over(*output)
        })
    })
}

/// Which part of a picture each pixel lies in. The tokens of a sample have no place in it: they stand
/// side by side, row by row, in as many columns as rows.
struct Cells {
    /// For each column of pixels the first part of its column of samples, and of tokens within.
    across: Vec<usize>,
    /// The same for each row of pixels.
    down: Vec<usize>,
    tokens: usize,
    last: usize,
}

impl Cells {
    fn of(pictures: &Pictures) -> Option<Self> {
        let [down, across] = pictures.grid;
        let (h, w) = (pictures.height.checked_div(down)?, pictures.width.checked_div(across)?);
        let tokens = pictures.tokens();
        let columns = (1..=tokens).find(|n| n * n >= tokens)?;
        let rows = tokens.div_ceil(columns);
        let of_column = |x: usize| x.checked_div(w).map(|c| c * tokens + (x % w) * columns / w);
        let of_row =
            |y: usize| y.checked_div(h).map(|r| r * across * tokens + (y % h) * rows / h * columns);
        Some(Self {
            across: (0..pictures.width).map(of_column).collect::<Option<_>>()?,
            down: (0..pictures.height).map(of_row).collect::<Option<_>>()?,
            tokens,
            last: (down * across * tokens).saturating_sub(1),
        })
    }

    /// The part of a pixel; the last one where the tokens of a sample fill no square.
    fn at(&self, x: usize, y: usize) -> usize {
        let (column, row) = (self.across[x], self.down[y]);
        let sample = column / self.tokens * self.tokens + row / self.tokens * self.tokens;
        let token = (column % self.tokens + row % self.tokens).min(self.tokens - 1);
        (sample + token).min(self.last)
    }
}

/// The code of the part of a picture that a pixel lies in.
pub fn code_at(pictures: &Pictures, picture: usize, x: usize, y: usize) -> Option<usize> {
    let part = Cells::of(pictures)?.at(x, y);
    Some(*pictures.indices.get(picture)?.get(part)? as usize)
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
