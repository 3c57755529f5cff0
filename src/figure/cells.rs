//! Cells: which code is nearest where.
//!
//! The map shows two of d numbers. A point of the map stands for the point of the plane of its axes that
//! goes through the mean of the encodings; the code nearest to that point in all d dimensions wins it.
//! So cells are a slice through those of d dimensions, not those of the marks on the map: a code that
//! lies far off the plane may have none. Where codes are points of a plane the slice is all there is.

use std::ops::Range;

use ecolor::Color32;

use crate::figure::camera::Scale;
use crate::figure::raster::Pixels;
use crate::palette::Palette;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;

/// Distances that one picture may take; a finer one of a large codebook would be old before it is done.
const WORK: usize = 150_000_000;

/// Codes that are looked at together, and how many of them side by side.
const BLOCK: usize = 64;
const WIDE: usize = 8;

/// Which code wins each point of a grid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cells {
    /// Points across and down.
    pub size: [usize; 2],
    /// Numbers of the codes, row by row.
    pub codes: Vec<u32>,
    /// Pixels of a side of the square that a point stands for.
    pub step: usize,
    /// Number of codes from which on a point stands for more than one pixel, on a plot of this size.
    pub sampled_from: usize,
}

/// Codes as the search walks them: nearest to the plane first.
struct Sorted {
    x: Vec<f32>,
    y: Vec<f32>,
    /// Squared distance from the plane.
    off: Vec<f32>,
    code: Vec<u32>,
}

impl Sorted {
    fn new(view: &LaneView) -> Self {
        let off = |code: usize| view.off_plane.get(code).copied().unwrap_or(0.0).max(0.0);
        let is_finite = |code: &usize| {
            off(*code).is_finite() && view.codes[*code].iter().all(|x| x.is_finite())
        };
        let mut order: Vec<usize> = (0..view.codes.len()).filter(is_finite).collect();
        order.sort_by(|a, b| off(*a).total_cmp(&off(*b)).then(a.cmp(b)));
        Self {
            x: order.iter().map(|&code| view.codes[code][0]).collect(),
            y: order.iter().map(|&code| view.codes[code][1]).collect(),
            off: order.iter().map(|&code| off(code)).collect(),
            code: order.iter().map(|&code| code as u32).collect(),
        }
    }

    /// Squared distance of a point of the plane from the code at a place of the order.
    fn distance(&self, place: usize, [x, y]: [f32; 2]) -> f32 {
        (self.x[place] - x).powi(2) + (self.y[place] - y).powi(2) + self.off[place]
    }

    /// The least distance of a point from the codes at some places. Most blocks end here, so that all of
    /// the time is spent in it: codes side by side are what a compiler makes wide instructions of.
    fn least(&self, block: Range<usize>, [px, py]: [f32; 2]) -> f32 {
        let distance = |x: f32, y: f32, off: f32| (x - px).powi(2) + (y - py).powi(2) + off;
        let (xs, x) = self.x[block.clone()].as_chunks::<WIDE>();
        let (ys, y) = self.y[block.clone()].as_chunks::<WIDE>();
        let (offs, off) = self.off[block].as_chunks::<WIDE>();
        let mut least = [f32::INFINITY; WIDE];
        for ((x, y), off) in xs.iter().zip(ys).zip(offs) {
            for ((least, &off), (&x, &y)) in least.iter_mut().zip(off).zip(x.iter().zip(y)) {
                let distance = distance(x, y, off);
                *least = if distance < *least { distance } else { *least };
            }
        }
        let rest = x.iter().zip(y).zip(off).map(|((&x, &y), &off)| distance(x, y, off));
        least.into_iter().chain(rest).fold(f32::INFINITY, f32::min)
    }

    /// The place of the nearest code; `near` is one that may be. Of equally near ones the first wins.
    fn nearest(&self, point: [f32; 2], near: usize) -> usize {
        let (mut best, mut least) = (near, self.distance(near, point));
        for start in (0..self.code.len()).step_by(BLOCK) {
            // From here on all are farther off the plane than that one is away.
            if self.off[start] > least {
                break;
            }
            let block = start..(start + BLOCK).min(self.code.len());
            if self.least(block.clone(), point) > least {
                continue;
            }
            for place in block {
                let distance = self.distance(place, point);
                let is_first = distance == least && self.code[place] < self.code[best];
                if distance < least || is_first {
                    (best, least) = (place, distance);
                }
            }
        }
        best
    }
}

/// The cells of a view on a plot with so many pixels for a point; none where it has no
/// codes, or where it is not known how far they lie off the plane.
pub fn cells(view: &LaneView, scale: &Scale, pixels_per_point: f32) -> Option<Cells> {
    // How far codes lie off the plane is not known of what another program saves.
    if view.off_plane.is_empty() && !view.axes.are_coordinates {
        return None;
    }
    let sorted = Sorted::new(view);
    if sorted.code.is_empty() {
        return None;
    }
    let [width, height] =
        [scale.plot.width(), scale.plot.height()].map(|w| (w * pixels_per_point).round() as usize);
    // Points stand for squares of pixels where all of them would take too long.
    let pixels = width.max(1) * height.max(1);
    let all = pixels * sorted.code.len();
    let step = ((all as f64 / WORK as f64).sqrt().ceil() as usize).max(1);
    let size = [width.div_ceil(step).max(1), height.div_ceil(step).max(1)];
    let middle = |i: usize| ((i as f32 + 0.5) * step as f32) / pixels_per_point;
    let mut codes = Vec::with_capacity(size[0] * size[1]);
    let mut row_starts_near = 0;
    for row in 0..size[1] {
        let mut near = row_starts_near;
        for column in 0..size[0] {
            let at = scale.plot.min + emath::vec2(middle(column), middle(row));
            near = sorted.nearest(scale.under(at), near);
            if column == 0 {
                row_starts_near = near;
            }
            codes.push(sorted.code[near]);
        }
    }
    Some(Cells { size, codes, step, sampled_from: WORK / pixels + 1 })
}

/// Strengths of neighbouring cells, so that they can be told apart.
const STRENGTHS: [f32; 4] = [0.10, 0.16, 0.22, 0.28];

/// Strength of the line between two cells.
const LINE: f32 = 0.55;

/// Cells as pixels on a transparent ground: those of codes in use in the lane's colour, those of others
/// in grey, with a line between them.
pub fn paint(cells: &Cells, view: &LaneView, id: LaneId, p: &Palette) -> Pixels {
    let [width, height] = cells.size;
    let pixel = |i: usize| -> Color32 {
        let code = cells.codes[i];
        let is_edge = (i % width + 1 < width && cells.codes[i + 1] != code)
            || (i / width + 1 < height && cells.codes[i + width] != code);
        let color = if view.life(code as usize).is_idle() { p.dead } else { p.lane(id) };
        // Numbers that are neighbours are seldom neighbours on the map.
        let strength = STRENGTHS[(code.wrapping_mul(0x9E37_79B9) >> 30) as usize];
        color.gamma_multiply(if is_edge { LINE } else { strength })
    };
    Pixels { size: cells.size, pixels: (0..width * height).map(pixel).collect() }
}

#[cfg(test)]
mod tests {
    use emath::{Rect, Vec2, pos2};

    use super::*;
    use crate::figure::camera::Camera;
    use crate::palette::LIGHT;
    use crate::rng::{Purpose, Stream};

    /// Codes of four numbers, shown on the first two; the plane goes through `mean`.
    fn view(codes: &[[f32; 4]], mean: [f32; 4]) -> LaneView {
        let mut view = LaneView::unknown(LaneId::B, 1);
        view.axes.extent = 2.0;
        view.codes = codes.iter().map(|c| [c[0], c[1]]).collect();
        view.off_plane =
            codes.iter().map(|c| (c[2] - mean[2]).powi(2) + (c[3] - mean[3]).powi(2)).collect();
        view
    }

    fn scale() -> Scale {
        let plot = Rect::from_min_size(pos2(30.0, 20.0), Vec2::new(90.0, 60.0));
        Scale::new(plot, [2.0; 2], &Camera { zoom: 1.3, middle: [0.2, -0.1] })
    }

    #[test]
    fn every_pixel_has_the_code_that_is_nearest_in_all_dimensions() {
        let drawn = Stream::new(3, Purpose::Codes, 0).normal(4 * 300, 0.7);
        let codes = drawn.as_chunks::<4>().0;
        let mean = [0.1, 0.2, -0.3, 0.4];
        let (view, scale) = (view(codes, mean), scale());
        let cells = cells(&view, &scale, 1.0).unwrap();
        assert_eq!((cells.size, cells.step), ([90, 60], 1));
        let mut winners = std::collections::BTreeSet::new();
        for (i, &won) in cells.codes.iter().enumerate() {
            let (column, row) = ((i % 90) as f32, (i / 90) as f32);
            let at = scale.under(scale.plot.min + Vec2::new(column + 0.5, row + 0.5));
            let point = [at[0], at[1], mean[2], mean[3]];
            let distance = |code: &[f32; 4]| -> f64 {
                code.iter().zip(point).map(|(c, p)| (f64::from(*c) - f64::from(p)).powi(2)).sum()
            };
            let least = codes.iter().map(distance).fold(f64::INFINITY, f64::min);
            let got = distance(&codes[won as usize]);
            assert!(got - least < 1e-5, "{i}: {got} {least}");
            winners.insert(won);
        }
        // Those far off the plane win nothing, and many win something.
        assert!((20..300).contains(&winners.len()), "{}", winners.len());
    }

    #[test]
    fn codes_of_a_plane_have_the_cells_of_their_marks() {
        let codes = [[-0.5, 0.0, 0.0, 0.0], [0.7, 0.0, 0.0, 0.0]];
        let (mut view, scale) = (view(&codes, [0.0; 4]), scale());
        view.off_plane.clear();
        assert_eq!(cells(&view, &scale, 2.0), None);
        view.axes.are_coordinates = true;
        let cells = cells(&view, &scale, 2.0).unwrap();
        let border = scale.at([0.1, 0.0]).x;
        for (i, &code) in cells.codes.iter().enumerate() {
            let x = scale.plot.left() + ((i % cells.size[0]) as f32 + 0.5) / 2.0;
            assert_eq!(code, u32::from(x > border));
        }
        // One in use is in the lane's colour, one that is not in grey.
        view.window_counts = vec![0, 5];
        view.ever_used = vec![false, true];
        let pixels = paint(&cells, &view, LaneId::B, &LIGHT).pixels;
        let is_of = |pixel: Color32, color: Color32| {
            STRENGTHS.iter().any(|strength| color.gamma_multiply(*strength) == pixel)
        };
        assert!(is_of(pixels[0], LIGHT.dead));
        assert!(is_of(pixels[pixels.len() - 1], LIGHT.lane(LaneId::B)));
    }

    #[test]
    fn many_codes_have_coarser_cells_and_no_code_has_none() {
        let drawn = Stream::new(4, Purpose::Codes, 0).normal(4 * 70_000, 0.7);
        let large = view(drawn.as_chunks::<4>().0, [0.0; 4]);
        let plot = Rect::from_min_size(pos2(0.0, 0.0), Vec2::splat(300.0));
        let wide = Scale::new(plot, [2.0; 2], &Camera::default());
        let cells = cells(&large, &wide, 1.0).unwrap();
        assert!(cells.step > 1 && cells.size[0] == 300_usize.div_ceil(cells.step));
        assert_eq!(super::cells(&view(&[], [0.0; 4]), &wide, 1.0), None);
        // The number of codes that is told is the first one of which they are coarser.
        let from = cells.sampled_from;
        for (number, step) in [(from - 1, 1), (from, 2)] {
            let some = view(&drawn.as_chunks::<4>().0[..number], [0.0; 4]);
            assert_eq!(super::cells(&some, &wide, 1.0).unwrap().step, step);
        }
    }
}
