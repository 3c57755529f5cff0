//! Charts in SVG: axes with real numbers, lines that colour alone need not tell apart, a legend.

use crate::figure::svg::{Anchor, Ink, Mark, Stroke, Svg, short};
use crate::text::{count, nice_step};

/// Size of labels.
const SMALL: f64 = 11.0;

/// Room around a plot: left, top, right, bottom without the legend.
const MARGIN: [f64; 4] = [56.0, 26.0, 22.0, 40.0];

/// Height of a row of the legend.
const ROW: f64 = 17.0;

/// Marks along a line.
const MARKS: usize = 7;

/// Numbers along one side.
#[derive(Clone, Debug)]
pub struct Axis {
    /// What they are, with the unit.
    pub name: String,
    low: f64,
    high: f64,
    is_log: bool,
    /// Places of labels.
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From step 0 to `last`.
    pub fn steps(last: u64) -> Self {
        Self::numbers("training step", last as f64)
    }

    /// Shares from 0 to 1, as percentages.
    pub fn shares(name: &str) -> Self {
        let ticks = [0, 25, 50, 75, 100].map(|p| (f64::from(p) / 100.0, format!("{p} %")));
        Self { name: name.into(), low: 0.0, high: 1.04, is_log: false, ticks: ticks.into() }
    }

    /// Whole numbers from 0 to `last`.
    pub fn numbers(name: &str, last: f64) -> Self {
        let last = last.max(1.0);
        let step = nice_step(last, 6).max(1.0);
        let ticks = (0..=(last / step) as usize).map(|i| i as f64 * step);
        let ticks = ticks.map(|at| (at, count(at as u64))).collect();
        Self { name: name.into(), low: 0.0, high: last, is_log: false, ticks }
    }

    /// A logarithmic axis around values greater than 0; the rest is not shown.
    pub fn log(name: &str, values: impl Iterator<Item = f64>) -> Self {
        let (low, high) = values
            .filter(|v| v.is_finite() && *v > 0.0)
            .fold((f64::INFINITY, 0.0_f64), |(low, high), v| (low.min(v), high.max(v)));
        let (low, high) = if low > high { (0.001, 1.0) } else { (low / 1.12, high * 1.12) };
        // Powers of ten, not all where they are many, and 2 and 5 times them where they are few.
        let decades = (high / low).log10();
        let factors: &[f64] = if decades > 2.2 { &[1.0] } else { &[1.0, 2.0, 5.0] };
        let stride = (decades / 7.0).ceil().max(1.0) as i32;
        let powers = low.log10().floor() as i32..=high.log10().ceil() as i32;
        let ticks = powers
            .filter(|p| p.rem_euclid(stride) == 0)
            .flat_map(|p| factors.iter().map(move |f| f * 10f64.powi(p)))
            .filter(|t| (low..=high).contains(t))
            .map(|t| (t, log_label(t)))
            .collect();
        Self { name: name.into(), low, high, is_log: true, ticks }
    }

    /// Counts from 0 to `most` on the scale ln(1+n), as the window's usage bars have it.
    pub fn counts(name: &str, most: u32) -> Self {
        let high = 10f64.powf(f64::from(most.max(9) + 1).log10().ceil());
        let powers = high.log10().round() as i32;
        let ticks = std::iter::once(0.0).chain((0..=powers).map(|p| 10f64.powi(p)));
        let ticks = ticks.map(|t| ((1.0 + t).ln(), count(t as u64))).collect();
        Self { name: name.into(), low: 0.0, high: (1.0 + high).ln(), is_log: false, ticks }
    }

    /// Where a value lies between both ends, 0 to 1.
    fn place(&self, value: f64) -> f64 {
        let f = |v: f64| if self.is_log { v.max(f64::MIN_POSITIVE).ln() } else { v };
        let share = (f(value) - f(self.low)) / (f(self.high) - f(self.low));
        share.clamp(0.0, 1.0)
    }
}

/// A mark of a logarithmic axis.
fn log_label(value: f64) -> String {
    if !(1e-4..1e5).contains(&value) {
        format!("{value:.0e}")
    } else if value >= 1000.0 {
        count(value.round() as u64)
    } else {
        let text = format!("{value:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_string()
    }
}

/// A line of a chart.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name in the legend; none for one that needs no entry.
    pub name: String,
    /// Its points, in the units of the axes.
    pub points: Vec<[f64; 2]>,
    /// Places on the horizontal axis over which it does not lead: what lies at one is before it.
    pub breaks: Vec<f64>,
    /// Its colour.
    pub color: String,
    /// Lengths of dashes and gaps; solid without.
    pub dash: Option<&'static str>,
    /// Its width.
    pub width: f64,
    /// Marks along it.
    pub mark: Option<Mark>,
    /// Whether every point has a mark.
    pub is_marked_everywhere: bool,
    /// Opacity of the area below it, if it is filled.
    pub fill: Option<f64>,
}

impl Line {
    /// A solid line without marks.
    pub fn new(name: impl Into<String>, color: &str, points: Vec<[f64; 2]>) -> Self {
        Self {
            name: name.into(),
            points,
            breaks: Vec::new(),
            color: color.into(),
            dash: None,
            width: 1.8,
            mark: None,
            is_marked_everywhere: false,
            fill: None,
        }
    }

    /// Its points between two breaks.
    fn pieces(&self) -> impl Iterator<Item = &[[f64; 2]]> {
        let part = |p: &[f64; 2]| self.breaks.partition_point(|&at| at < p[0]);
        self.points.chunk_by(move |a, b| part(a) == part(b))
    }
}

/// A chart: title, axes, lines, and steps at which something was changed.
#[derive(Clone, Debug)]
pub struct Chart {
    /// Its title.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Its lines, the first lowest.
    pub lines: Vec<Line>,
    /// Places on the horizontal axis that are marked by a vertical line.
    pub changes: Vec<f64>,
}

impl Chart {
    /// Rows of the legend in a chart of a width.
    fn rows(&self, width: f64) -> Vec<Vec<&Line>> {
        let mut rows: Vec<Vec<&Line>> = Vec::new();
        let mut left = f64::INFINITY;
        for line in self.lines.iter().filter(|l| !l.name.is_empty()) {
            let own = entry_width(&line.name);
            if left + own > width - 8.0 {
                rows.push(Vec::new());
                left = MARGIN[0];
            }
            left += own;
            if let Some(row) = rows.last_mut() {
                row.push(line);
            }
        }
        rows
    }

    /// The height that a chart of a width takes with a plot of a height.
    pub fn height(&self, width: f64, plot: f64) -> f64 {
        MARGIN[1] + plot + MARGIN[3] + ROW * self.rows(width).len() as f64
    }

    /// Draws the chart at a place, `width` wide, with a plot of a height.
    pub fn draw(&self, svg: &mut Svg, ink: &Ink, [x0, y0]: [f64; 2], width: f64, plot: f64) {
        let (left, top) = (x0 + MARGIN[0], y0 + MARGIN[1]);
        let (right, bottom) = (x0 + width - MARGIN[2], top + plot);
        svg.bold([x0 + 2.0, y0 + 14.0], Anchor::Start, 13.0, ink.text, &self.title);
        let size = [right - left, bottom - top];
        svg.rect([left, top], size, ink.canvas, Stroke::solid(ink.border, 1.0));
        let at_x = |v: f64| left + self.x.place(v) * size[0];
        let at_y = |v: f64| bottom - self.y.place(v) * size[1];
        for (value, label) in &self.y.ticks {
            let y = at_y(*value);
            svg.line([left, y], [right, y], Stroke::solid(ink.grid, 1.0));
            svg.text([left - 5.0, y + 3.8], Anchor::End, SMALL, ink.weak, label);
        }
        for (value, label) in &self.x.ticks {
            let x = at_x(*value);
            svg.line([x, bottom], [x, bottom + 4.0], Stroke::solid(ink.border, 1.0));
            svg.text([x, bottom + 15.0], Anchor::Middle, SMALL, ink.weak, label);
        }
        let middle = f64::midpoint(left, right);
        svg.text([middle, bottom + 30.0], Anchor::Middle, SMALL, ink.weak, &self.x.name);
        svg.text_up([x0 + 11.0, f64::midpoint(top, bottom)], SMALL, ink.weak, &self.y.name);
        for &change in &self.changes {
            let dash = Stroke { color: ink.reference, width: 1.0, dash: Some("3 3") };
            svg.line([at_x(change), top], [at_x(change), bottom], dash);
        }
        for line in &self.lines {
            let place = |points: &[[f64; 2]]| -> Vec<[f64; 2]> {
                points.iter().map(|p| [at_x(p[0]), at_y(p[1])]).collect()
            };
            line.pieces().for_each(|piece| draw_line(svg, line, &place(piece), bottom));
            draw_marks(svg, line, &place(&line.points), ink);
        }
        for (i, row) in self.rows(width).into_iter().enumerate() {
            let y = bottom + MARGIN[3] + ROW * i as f64 + 6.0;
            let mut x = left;
            for line in row {
                draw_line(svg, line, &[[x, y], [x + 24.0, y]], y + 5.0);
                draw_marks(svg, line, &[[x + 12.0, y]], ink);
                svg.text([x + 30.0, y + 3.8], Anchor::Start, SMALL, ink.text, &line.name);
                x += entry_width(&line.name);
            }
        }
    }
}

/// Room for an entry of the legend; letters are half as wide as high, a little more to be sure.
fn entry_width(name: &str) -> f64 {
    46.0 + 0.54 * SMALL * name.chars().count() as f64
}

fn draw_line(svg: &mut Svg, line: &Line, points: &[[f64; 2]], bottom: f64) {
    if let (Some(opacity), Some(first), Some(last)) = (line.fill, points.first(), points.last()) {
        let mut d = format!("M{} {}", short(first[0]), short(bottom));
        for [x, y] in points {
            d += &format!("L{} {}", short(*x), short(*y));
        }
        d += &format!("L{} {}z", short(last[0]), short(bottom));
        svg.area(&d, &line.color, opacity);
    }
    if let [alone] = points {
        return svg.dots(&[*alone], line.width, &line.color, 1.0);
    }
    svg.polyline(points, Stroke { color: &line.color, width: line.width, dash: line.dash });
}

fn draw_marks(svg: &mut Svg, line: &Line, points: &[[f64; 2]], ink: &Ink) {
    let Some(mark) = line.mark else { return };
    let stride = if line.is_marked_everywhere { 1 } else { points.len().div_ceil(MARKS).max(1) };
    // Lanes have their marks at different places, so that lines which coincide show both.
    let first = if mark == Mark::Circle { 0 } else { stride / 2 };
    for at in points.iter().skip(first).step_by(stride) {
        svg.mark(mark, *at, 3.2, &line.color, ink.canvas);
    }
}

/// Charts below each other as a document of its own.
pub fn document(charts: &[Chart], ink: &Ink, label: &str) -> String {
    const WIDTH: f64 = 640.0;
    const PLOT: f64 = 210.0;
    const GAP: f64 = 14.0;
    let height: f64 = charts.iter().map(|c| c.height(WIDTH, PLOT) + GAP).sum();
    let mut svg = Svg::new([WIDTH, height], label, true);
    svg.rect([0.0, 0.0], [WIDTH, height], ink.canvas, Stroke::solid("none", 0.0));
    let mut y = GAP / 2.0;
    for chart in charts {
        chart.draw(&mut svg, ink, [0.0, y], WIDTH, PLOT);
        y += chart.height(WIDTH, PLOT) + GAP;
    }
    svg.finish()
}

/// A chart for a page, which scales it.
pub fn inline(chart: &Chart, ink: &Ink) -> String {
    const WIDTH: f64 = 500.0;
    const PLOT: f64 = 190.0;
    let mut svg = Svg::new([WIDTH, chart.height(WIDTH, PLOT)], &chart.title, false);
    chart.draw(&mut svg, ink, [0.0, 0.0], WIDTH, PLOT);
    svg.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::svg::PAPER;

    #[test]
    fn a_logarithmic_axis_puts_powers_of_ten_at_equal_distances() {
        let axis = Axis::log("error", [0.001, 1.0, 0.0, f64::NAN].into_iter());
        let gaps = [0.001, 0.01, 0.1, 1.0].map(|v| axis.place(v));
        assert!((gaps[1] - gaps[0] - (gaps[3] - gaps[2])).abs() < 1e-12);
        let labels: Vec<&str> = axis.ticks.iter().map(|t| t.1.as_str()).collect();
        assert_eq!(labels, ["0.001", "0.01", "0.1", "1"]);
        // Values far apart get few marks, in short.
        let far = Axis::log("error", [2e-3, 4e18].into_iter());
        let labels: Vec<&str> = far.ticks.iter().map(|t| t.1.as_str()).collect();
        assert_eq!(labels, ["1", "10,000", "1e8", "1e12", "1e16"]);
        // Without any value there is still an axis.
        assert!(!Axis::log("error", std::iter::empty()).ticks.is_empty());
    }

    #[test]
    fn a_line_does_not_lead_over_a_break() {
        let line = Line::new("x", "#111", [1.0, 30.0, 31.0, 60.0].map(|x| [x, 0.5]).into());
        let pieces = |breaks: &[f64]| -> Vec<usize> {
            Line { breaks: breaks.into(), ..line.clone() }.pieces().map(<[_]>::len).collect()
        };
        assert_eq!(pieces(&[]), [4]);
        // What was measured at step 30 is before the change that acts at step 31.
        assert_eq!(pieces(&[30.0]), [2, 2]);
        assert_eq!(pieces(&[0.0, 5.0, 31.0]), [1, 2, 1]);
    }

    #[test]
    fn lines_lie_in_their_plot_and_their_names_in_the_legend() {
        let chart = Chart {
            title: "use".into(),
            x: Axis::steps(100),
            y: Axis::shares("codes in use"),
            lines: vec![
                Line::new("one", "#111", vec![[0.0, 0.0], [50.0, 0.5], [100.0, 1.0], [400.0, 9.0]]),
                Line::new("", "#222", vec![[0.0, 1.0]]),
            ],
            changes: vec![20.0],
        };
        let text = document(&[chart.clone(), chart], &PAPER, "two charts");
        assert_eq!(text.matches(">one</text>").count(), 2);
        // What lies outside is drawn at the edge.
        assert!(text.contains("L618 41.08L618 33\""), "{text}");
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }
}
