//! A chart over all steps: where steps and values lie in it, its lines, dots and axis.

use egui::{Align2, Pos2, Rect, Shape, Stroke, Ui, pos2};

use crate::analysis::history::Series;
use crate::figure::axis::Axis;
use crate::palette::Palette;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line, tokens};
use crate::words;

/// One of the two charts.
pub struct Track {
    /// Where it lies.
    pub plot: Rect,
    /// Steps from the left to the right edge.
    pub steps: Axis,
    /// Values from the lower to the upper edge.
    pub values: Axis,
}

impl Track {
    /// Where a step lies.
    pub fn x(&self, step: f64) -> f32 {
        self.plot.left() + self.steps.place(step) as f32 * self.plot.width()
    }

    /// Where a value lies.
    pub fn y(&self, value: f64) -> f32 {
        let place = self.values.place(value).clamp(-0.1, 1.1);
        self.plot.bottom() - place as f32 * self.plot.height()
    }

    /// Means of a series as a line, at most about two points a pixel.
    pub fn line(&self, series: &Series) -> Vec<Pos2> {
        self.line_after(series, 0)
    }

    /// The same of the steps after one.
    pub fn line_after(&self, series: &Series, first: u64) -> Vec<Pos2> {
        let points = series.points(self.most_points()).filter(|(step, _)| *step >= first);
        points.map(|point| self.place(point)).collect()
    }

    /// The same as a line for each part between two changes.
    pub fn lines(&self, series: &Series, changes: &[u64]) -> Vec<Vec<Pos2>> {
        let pieces = series.pieces(self.most_points(), changes).into_iter();
        pieces.map(|piece| piece.into_iter().map(|point| self.place(point)).collect()).collect()
    }

    fn most_points(&self) -> usize {
        2 * self.plot.width().max(1.0) as usize
    }

    /// The step under a place of the pointer.
    pub fn step_at(&self, pointer: Pos2) -> u64 {
        let share = f64::from((pointer.x - self.plot.left()) / self.plot.width()).clamp(0.0, 1.0);
        self.steps.at(share).round() as u64
    }

    /// Steps that lie within so many points.
    pub fn within(&self, points: f32) -> u64 {
        let steps = self.steps.high - self.steps.low;
        (f64::from(points) * steps / f64::from(self.plot.width())) as u64
    }

    fn place(&self, (step, value): (u64, f64)) -> Pos2 {
        pos2(self.x(step as f64), self.y(value))
    }
}

/// What was measured at some steps alone: a line between two changes, and a dot for each measurement
/// while they stand apart, because the line between two of them is only drawn.
pub fn measured(ui: &Ui, track: &Track, lines: &[Vec<Pos2>], stroke: Stroke) {
    let painter = ui.painter_at(track.plot);
    painter.extend(lines.iter().map(|line| Shape::line(line.clone(), stroke)));
    let alone = lines.iter().filter(|line| line.len() == 1).flatten().copied();
    let all: Vec<Pos2> = match lines.iter().map(Vec::len).sum::<usize>() as f32 * 8.0 {
        room if room <= track.plot.width() => lines.concat(),
        _ => alone.collect(),
    };
    dots(ui, track, &all, stroke.color);
}

/// A dot for each point, while they stand apart.
pub fn dots(ui: &Ui, track: &Track, points: &[Pos2], color: egui::Color32) {
    if points.len() as f32 * 8.0 <= track.plot.width() {
        let painter = ui.painter_at(track.plot.expand(3.0));
        for &at in points {
            painter.circle_filled(at, 2.5, color);
        }
    }
}

/// The values at both ends of a chart, to its left.
pub fn ends(ui: &Ui, track: &Track, p: &Palette) {
    let Axis { low, high, .. } = track.values;
    for (value, anchor, inside) in
        [(low, Align2::RIGHT_BOTTOM, 2.0), (high, Align2::RIGHT_TOP, -2.0)]
    {
        let at = pos2(track.plot.left() - 4.0, track.y(value) + inside);
        let text = track.values.label(value, 1.0);
        ui.painter().text(at, anchor, text, theme::font(tokens(ui).small), p.weak);
    }
}

/// Steps below two charts, and the grid in them.
pub fn steps_axis(ui: &Ui, upper: &Track, lower: &Track, p: &Palette) {
    let painter = ui.painter();
    for tick in upper.steps.ticks(8) {
        let x = upper.x(tick.value);
        for track in [upper, lower] {
            painter.vline(x, track.plot.y_range().shrink(1.0), Stroke::new(line::HAIR, p.grid));
        }
        let text = match tick.value == 0.0 {
            true => words!("figure-step", step = tick.label),
            false => tick.label,
        };
        let font = theme::font(tokens(ui).small);
        painter.text(pos2(x, lower.plot.bottom() + 1.0), Align2::CENTER_TOP, text, font, p.weak);
    }
    painter.hline(upper.plot.x_range().shrink(1.0), upper.y(0.5), Stroke::new(line::HAIR, p.grid));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::axis::Scale;

    #[test]
    fn a_log_track_puts_powers_of_ten_at_equal_distances() {
        let plot = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 30.0));
        let values = Axis { scale: Scale::Log, ..Axis::linear(0.001, 1.0) };
        let track = Track { plot, steps: Axis::numbers(200.0), values };
        assert!((track.y(0.01) - 20.0).abs() < 1e-3 && (track.y(0.1) - 10.0).abs() < 1e-3);
        assert_eq!((track.x(50.0), track.within(8.0)), (25.0, 16));
        assert_eq!([25.0, -9.0].map(|x| track.step_at(pos2(x, 0.0))), [50, 0]);
    }

    #[test]
    fn long_series_become_about_two_points_a_pixel() {
        let plot = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 30.0));
        let track = Track { plot, steps: Axis::numbers(4000.0), values: Axis::shares() };
        let mut series = Series::default();
        (1..=4000).for_each(|step| series.push(step, 0.5));
        let line = track.line(&series);
        assert!(line.len() <= 200 && line.len() >= 100, "{}", line.len());
        assert!((line[line.len() - 1].x - 100.0).abs() < 1e-3);
    }
}
