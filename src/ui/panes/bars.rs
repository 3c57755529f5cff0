//! The bars of uses as a mesh.

use egui::{Color32, Mesh, Rect, pos2};

use crate::figure::axis::Axis;
use crate::figure::columns::Columns;
use crate::ui::panes::references::height;

/// Least width of the bar of one of a few codes in use among many, in points.
const LEAST: f32 = 4.0;

/// A bar for each column: the highest count pale, the median stronger, the least full. Of codes that are
/// so rare that they stand alone among dead ones the highest is full as well, and wide enough to be seen.
pub fn mesh(columns: &Columns, plot: Rect, axis: &Axis, (color, is_rare): (Color32, bool)) -> Mesh {
    let number = columns.counts.len();
    let mut mesh = Mesh::default();
    mesh.reserve_triangles(6 * number);
    mesh.reserve_vertices(12 * number);
    let width = (plot.width() - 2.0) / number as f32;
    let gap = if width >= 4.0 { 1.0 } else { 0.0 };
    let right = plot.right() - 1.0;
    for (column, &[low, median, high]) in columns.counts.iter().enumerate() {
        let x = plot.left() + 1.0 + column as f32 * width;
        let mut bar = |n: u32, (x, wide): (f32, f32), color: Color32| {
            if n > 0 {
                let height = (height(axis, n as f32) * (plot.height() - 4.0)).max(1.0);
                let bottom = plot.bottom() - 1.0;
                let rect = Rect::from_min_max(pos2(x, bottom - height), pos2(x + wide, bottom));
                mesh.add_colored_rect(rect, color);
            }
        };
        if is_rare {
            let wide = (width - gap).max(LEAST);
            bar(high, (x.min(right - wide), wide), color);
            continue;
        }
        let place = (x, width - gap);
        if high > median {
            bar(high, place, color.gamma_multiply(0.35));
        }
        if median > low {
            bar(median, place, color.gamma_multiply(0.65));
        }
        bar(low, place, color);
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::columns::{Bars, UsageSource};
    use crate::figure::scene::is_rare;

    /// The bars of some codes in use, each by a thousand tokens, among 8192: their rectangles and colours.
    fn drawn(in_use: &[usize], is_sorted: bool) -> Vec<(Rect, Color32)> {
        let mut counts = vec![0; 8192];
        in_use.iter().for_each(|&code| counts[code] = 1000);
        let plot = Rect::from_min_max(pos2(50.0, 20.0), pos2(550.0, 120.0));
        let bars = Bars { width: 498, is_sorted, source: UsageSource::Window };
        let look = (Color32::RED, is_rare(in_use.len(), counts.len()));
        let mesh = mesh(&Columns::new(&counts, bars), plot, &Axis::counts(1000, true), look);
        let corners = mesh.vertices.chunks_exact(4);
        let drawn: Vec<(Rect, Color32)> = corners
            .map(|four| (Rect::from_points(&[four[0].pos, four[3].pos]), four[0].color))
            .collect();
        assert!(drawn.iter().all(|(bar, _)| plot.contains_rect(*bar)), "{drawn:?}");
        drawn
    }

    #[test]
    fn the_one_code_in_use_is_the_most_visible_thing() {
        for (code, is_sorted) in [(4711, true), (4711, false), (0, false), (8191, false)] {
            let [(bar, color)] = drawn(&[code], is_sorted)[..] else { panic!("one bar") };
            assert!(bar.width() >= LEAST && bar.height() > 60.0, "{bar:?}");
            assert_eq!(color, Color32::RED, "in its full colour");
        }
    }

    #[test]
    fn among_many_in_use_bars_are_as_wide_as_their_columns() {
        let all: Vec<usize> = (0..8192).step_by(2).collect();
        let drawn = drawn(&all, false);
        assert!(drawn.len() == 498 && drawn.iter().all(|(bar, _)| bar.width() < 1.5));
    }
}
