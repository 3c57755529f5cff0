//! Charts in SVG: axes with real numbers, lines that colour alone need not tell apart, a legend.

use crate::figure::axis::{Axis, Scale, Tick};
use crate::figure::svg::{Anchor, Ink, Mark, Stroke, Svg, short};
use crate::words;

/// Size of labels.
const SMALL: f64 = 11.0;

/// Room around a plot: left, top, right, bottom without the legend.
const MARGIN: [f64; 4] = [56.0, 26.0, 22.0, 40.0];

/// Height of a row of the legend.
const ROW: f64 = 17.0;

/// Marks along a line.
const MARKS: usize = 7;

/// Radius of a dot beside a line.
const DOT: f64 = 2.6;

/// An axis with its name and its marks.
#[derive(Clone, Debug)]
pub struct Ruler {
    /// What the numbers are, with the unit.
    pub name: String,
    /// Where they lie.
    pub axis: Axis,
    /// What stands beside them.
    pub ticks: Vec<Tick>,
}

impl Ruler {
    /// An axis with about `most` round marks.
    pub fn new(name: &str, axis: Axis, most: usize) -> Self {
        Self { name: name.into(), axis, ticks: axis.ticks(most) }
    }

    /// From step 0 to `last`.
    pub fn steps(last: u64) -> Self {
        Self::numbers(words!("chart-training-step"), last as f64)
    }

    /// Shares from 0 to 1, as percentages.
    pub fn shares(name: &str) -> Self {
        // A line at 100 % does not lie on the frame.
        Self::new(name, Axis { high: 1.04, ..Axis::shares() }, 6)
    }

    /// Whole numbers from 0 to `last`.
    pub fn numbers(name: &str, last: f64) -> Self {
        Self::new(name, Axis::numbers(last), 6)
    }

    /// A logarithmic axis around values greater than 0; the rest is not shown.
    pub fn log(name: &str, values: impl Iterator<Item = f64>) -> Self {
        let usual = Axis { scale: Scale::Log, ..Axis::linear(0.001, 1.0) };
        Self::new(name, Axis::log(values, 1e-12).unwrap_or(usual), 7)
    }

    /// Counts from 0 to `most` on the scale ln(1+n), as the window's usage bars have it.
    pub fn counts(name: &str, most: u32) -> Self {
        Self::new(name, Axis::counts(most, true), 10)
    }

    /// Where a value lies between both ends, 0 to 1; what lies outside is at the edge.
    fn place(&self, value: f64) -> f64 {
        self.axis.place(value).clamp(0.0, 1.0)
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
    /// Points beside it: what it is the mean of.
    pub dots: Vec<[f64; 2]>,
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
            dots: Vec::new(),
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
    pub x: Ruler,
    /// The vertical axis.
    pub y: Ruler,
    /// Its lines, the first lowest.
    pub lines: Vec<Line>,
    /// Places on the horizontal axis that are marked by a vertical line.
    pub changes: Vec<f64>,
    /// Words above points.
    pub notes: Vec<([f64; 2], String)>,
}

impl Chart {
    /// The height that a chart of a width takes with a plot of a height.
    pub fn height(&self, width: f64, plot: f64) -> f64 {
        MARGIN[1] + plot + MARGIN[3] + legend_height(&self.lines, width)
    }

    /// Draws the chart at a place, `width` wide, with a plot of a height.
    pub fn draw(&self, svg: &mut Svg, ink: &Ink, [x0, y0]: [f64; 2], width: f64, plot: f64) {
        let (left, top) = (x0 + MARGIN[0], y0 + MARGIN[1]);
        let (right, bottom) = (x0 + width - MARGIN[2], top + plot);
        svg.bold([x0 + 2.0, y0 + 14.0], Anchor::Start, 13.0, ink.text, &self.title);
        let size = [right - left, bottom - top];
        svg.rect([left, top], size, ink.canvas, Stroke::solid("none", 0.0));
        let at_x = |v: f64| left + self.x.place(v) * size[0];
        let at_y = |v: f64| bottom - self.y.place(v) * size[1];
        for Tick { value, label } in &self.y.ticks {
            let y = at_y(*value);
            svg.line([left, y], [right, y], Stroke::solid(ink.grid, 1.0));
            svg.text([left - 5.0, y + 3.8], Anchor::End, SMALL, ink.weak, label);
        }
        // Over the lines of the grid that lie on it.
        svg.rect([left, top], size, "none", Stroke::solid(ink.border, 1.0));
        for Tick { value, label } in &self.x.ticks {
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
            svg.dots(&place(&line.dots), 2.0 * DOT, &line.color, 1.0);
        }
        for (at, words) in &self.notes {
            let above = [at_x(at[0]), at_y(at[1]) - 7.0];
            svg.text(above, Anchor::Middle, SMALL, ink.text, words);
        }
        legend(svg, &self.lines, ink, [x0, bottom + MARGIN[3]], width);
    }
}

/// Entries of a legend of a width, row by row.
fn rows(lines: &[Line], width: f64) -> Vec<Vec<&Line>> {
    let mut rows: Vec<Vec<&Line>> = Vec::new();
    let mut left = f64::INFINITY;
    for line in lines.iter().filter(|l| !l.name.is_empty()) {
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

/// The height that the names of lines take at a width.
pub fn legend_height(lines: &[Line], width: f64) -> f64 {
    ROW * rows(lines, width).len() as f64
}

/// Writes what each line with a name looks like, at a place and `width` wide.
pub fn legend(svg: &mut Svg, lines: &[Line], ink: &Ink, [x0, y0]: [f64; 2], width: f64) {
    for (i, row) in rows(lines, width).into_iter().enumerate() {
        let y = y0 + ROW * i as f64 + 6.0;
        let mut x = x0 + MARGIN[0];
        for line in row {
            draw_line(svg, line, &[[x, y], [x + 24.0, y]], y + 5.0);
            draw_marks(svg, line, &[[x + 12.0, y]], ink);
            if !line.dots.is_empty() {
                svg.dots(&[[x + 12.0, y]], 2.0 * DOT, &line.color, 1.0);
            }
            svg.text([x + 30.0, y + 3.8], Anchor::Start, SMALL, ink.text, &line.name);
            x += entry_width(&line.name);
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
    fn without_any_value_there_is_still_an_axis() {
        assert!(Ruler::log("error", std::iter::empty()).ticks.len() > 2);
        assert!(Ruler::counts("uses", 0).ticks.len() > 1);
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
            x: Ruler::steps(100),
            y: Ruler::shares("codes in use"),
            lines: vec![
                Line::new("one", "#111", vec![[0.0, 0.0], [50.0, 0.5], [100.0, 1.0], [400.0, 9.0]]),
                Line::new("", "#222", vec![[0.0, 1.0]]),
            ],
            changes: vec![20.0],
            notes: vec![([50.0, 0.5], "half".into())],
        };
        let text = document(&[chart.clone(), chart], &PAPER, "two charts");
        assert_eq!(text.matches(">one</text>").count(), 2);
        assert_eq!(text.matches(">half</text>").count(), 2);
        // What lies outside is drawn at the edge.
        assert!(text.contains("L618 41.08L618 33\""), "{text}");
        assert!(!text.contains("NaN") && !text.contains("inf"));
    }
}
