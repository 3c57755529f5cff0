//! The picture of a sweep: utilization and error over the first setting that varies.

use crate::figure::axis::{Axis, Scale, Tick};
use crate::figure::chart::{Chart, Line, Ruler, legend, legend_height};
use crate::figure::svg::{Anchor, PAPER, Stroke, Svg};
use crate::palette::{FURTHER, web};
use crate::scenario::LaneId;
use crate::sweep::grid::Grid;
use crate::sweep::table::Row;
use crate::words;

/// Width of each of the two charts, and height of their plots.
const CHART: [f64; 2] = [500.0, 300.0];

/// Room for the title.
const TITLE: f64 = 40.0;

/// Room at both ends of the horizontal axis, as a share of it.
const PAD: f64 = 0.07;

/// Width of a letter of a label, a little more to be sure.
const LETTER: f64 = 7.0;

/// One line of the picture: what it stands for, and its points (x, value of each seed).
struct Series {
    name: String,
    color: String,
    points: Vec<(f64, Vec<f64>)>,
}

/// The horizontal axis: the first setting with more than one value.
struct Across {
    /// Its number among those of the grid.
    number: Option<usize>,
    name: String,
    /// Where its values lie.
    axis: Axis,
    /// Place of each value.
    places: Vec<f64>,
    labels: Vec<String>,
}

/// The picture as SVG, as high as its legend needs.
pub fn draw(grid: &Grid, rows: &[Row]) -> String {
    let across = across(grid);
    let used = series(grid, rows, &across, "utilization");
    let error = series(grid, rows, &across, "recon_mse");
    let [width, plot] = [2.0 * CHART[0], CHART[1]];
    let values = error.iter().flat_map(|s| s.points.iter().flat_map(|p| p.1.iter().copied()));
    let charts = [
        chart(
            words!("sweep-codes-in-use-full-set", tokens = tokens(rows)),
            &across,
            Ruler::shares(words!("chart-codes-in-use-2")),
            &used,
        ),
        chart(
            words!("sweep-mse-full-set").into(),
            &across,
            Ruler::log(words!("sweep-mse"), values),
            &error,
        ),
    ];
    // One legend is for both.
    let names = lines(&used, true);
    let below = TITLE + charts[0].height(CHART[0], plot);
    let size = [width, below + legend_height(&names, width) + 8.0];
    let title = words!("sweep-title", title = grid.title);
    let mut svg = Svg::new(size, &title, true);
    svg.rect([0.0, 0.0], size, PAPER.canvas, Stroke::solid("none", 0.0));
    svg.bold([2.0, 25.0], Anchor::Start, 16.0, PAPER.text, &title);
    for (i, chart) in charts.iter().enumerate() {
        chart.draw(&mut svg, &PAPER, [i as f64 * CHART[0], TITLE], CHART[0], plot);
    }
    legend(&mut svg, &names, &PAPER, [0.0, below], width);
    svg.finish()
}

fn chart(title: String, across: &Across, y: Ruler, series: &[Series]) -> Chart {
    Chart {
        title,
        x: across.ruler(),
        y,
        lines: lines(series, false),
        changes: Vec::new(),
        notes: Vec::new(),
    }
}

/// The mean of the seeds as a line, each of them as a dot.
fn lines(series: &[Series], has_names: bool) -> Vec<Line> {
    let line = |line: &Series| {
        let mean = |p: &(f64, Vec<f64>)| [p.0, p.1.iter().sum::<f64>() / p.1.len() as f64];
        let dots = line.points.iter().flat_map(|p| p.1.iter().map(|&v| [p.0, v]));
        let name = if has_names { line.name.clone() } else { String::new() };
        let points = line.points.iter().map(mean).collect();
        Line { dots: dots.collect(), ..Line::new(name, &line.color, points) }
    };
    series.iter().map(line).collect()
}

/// The colour of the next line: the first one of a lane has the lane's.
fn next_color(before: &[Series], lane: &str) -> String {
    let lanes = [LaneId::A, LaneId::B].map(|id| PAPER.lane(id));
    let own = lanes[usize::from(lane == "b")];
    if before.iter().all(|line| line.color != own) {
        return own.into();
    }
    let others = before.iter().filter(|line| !lanes.contains(&line.color.as_str())).count();
    web(FURTHER[others % FURTHER.len()])
}

/// "40 tokens a code", or the range over all runs.
fn tokens(rows: &[Row]) -> String {
    let per_code = rows.iter().filter_map(Row::tokens_per_code);
    let (low, high) = per_code.fold((f64::INFINITY, 0.0_f64), |(l, h), n| (l.min(n), h.max(n)));
    let short = |n: f64| if n < 10.0 { format!("{n:.1}") } else { format!("{n:.0}") };
    match (short(low), short(high)) {
        _ if low > high => words!("sweep-nothing-counted").into(),
        (low, high) if low == high => words!("sweep-tokens-a-code", tokens = low),
        (low, high) => words!("sweep-tokens-a-code-between", low = low, high = high),
    }
}

fn across(grid: &Grid) -> Across {
    let Some(number) = grid.axes.iter().position(|a| a.values.len() > 1) else {
        let (axis, labels) = (Axis::linear(-1.0, 1.0), vec![String::new()]);
        return Across {
            number: None,
            name: words!("sweep-all-runs").into(),
            axis,
            places: vec![0.0],
            labels,
        };
    };
    let varied = &grid.axes[number];
    let numbers: Option<Vec<f64>> = varied.values.iter().map(|v| v.parse().ok()).collect();
    let numbers = numbers.filter(|n| n.iter().all(|x| x.is_finite()));
    let is_number = numbers.is_some();
    let places = numbers.unwrap_or((0..varied.values.len()).map(|i| i as f64).collect());
    let low = places.iter().copied().fold(f64::INFINITY, f64::min);
    let high = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let is_log = is_number && low > 0.0 && high / low >= 8.0;
    let scale = if is_log { Scale::Log } else { Scale::Linear };
    let axis =
        if high > low { Axis::linear(low, high) } else { Axis::linear(low - 1.0, low + 1.0) };
    let axis = Axis { scale, ..axis };
    let axis = Axis { low: axis.at(-PAD), high: axis.at(1.0 + PAD), ..axis };
    let name = match is_log {
        true => words!("sweep-log-scale", key = varied.key),
        false => varied.key.clone(),
    };
    Across { number: Some(number), name, axis, places, labels: varied.values.clone() }
}

impl Across {
    /// The axis with a mark at each value, of those that would lie on each other only the first.
    fn ruler(&self) -> Ruler {
        let mut ticks: Vec<Tick> = self
            .places
            .iter()
            .zip(&self.labels)
            .map(|(&value, label)| Tick { value, label: label.clone() })
            .collect();
        ticks.sort_by(|a, b| a.value.total_cmp(&b.value));
        let mut free = f64::NEG_INFINITY;
        for tick in &mut ticks {
            let reach = LETTER * tick.label.chars().count() as f64 / 2.0;
            let at = self.axis.place(tick.value) * CHART[0];
            if at - reach < free {
                tick.label.clear();
            } else {
                free = at + reach;
            }
        }
        Ruler { name: self.name.clone(), axis: self.axis, ticks }
    }
}

/// All lines: one for each lane and each combination of the settings that are not across.
fn series(grid: &Grid, rows: &[Row], across: &Across, figure: &str) -> Vec<Series> {
    let has_two = rows.iter().any(|row| row.lane == "b");
    let mut all: Vec<Series> = Vec::new();
    for row in rows {
        let cell = &grid.cells()[row.cell];
        let mut words: Vec<String> = (0..grid.axes.len())
            .filter(|i| Some(*i) != across.number && grid.axes[*i].values.len() > 1)
            // What varies in the other lane makes no other line of this one.
            .filter(|i| !grid.axes[*i].key.starts_with(other_lane(&row.lane)))
            .map(|i| {
                format!("{} {}", short_key(&grid.axes[i].key), grid.axes[i].values[cell.at[i]])
            })
            .collect();
        if has_two || words.is_empty() {
            let lane = match words.is_empty() {
                true => words!("sweep-lane-of", lane = row.lane, method = row.method),
                false => words!("sweep-lane", lane = row.lane),
            };
            words.insert(0, lane);
        }
        let name = words.join(", ");
        let x = across.number.map_or(0.0, |axis| across.places[cell.at[axis]]);
        let index = match all.iter().position(|s| s.name == name) {
            Some(index) => index,
            None => {
                let color = next_color(&all, &row.lane);
                all.push(Series { name, color, points: Vec::new() });
                all.len() - 1
            }
        };
        let points = &mut all[index].points;
        let place = match points.iter().position(|p| p.0 == x) {
            Some(place) => place,
            None => {
                points.push((x, Vec::new()));
                points.len() - 1
            }
        };
        // A lane that diverged has no figure; its line has a gap there.
        if let Some(value) = row.figure(figure).filter(|v| v.is_finite())
            && !points[place].1.contains(&value)
        {
            points[place].1.push(value);
        }
    }
    for line in &mut all {
        line.points.retain(|p| !p.1.is_empty());
        line.points.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    all
}

fn other_lane(lane: &str) -> &'static str {
    if lane == "a" { "lanes.b." } else { "lanes.a." }
}

/// The last part of a key, which is what one looks for.
fn short_key(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_have_the_colours_that_they_have_everywhere() {
        let mut all: Vec<Series> = Vec::new();
        for lane in ["b", "a", "a", "b"] {
            let color = next_color(&all, lane);
            all.push(Series { name: lane.into(), color, points: Vec::new() });
        }
        let colors: Vec<&str> = all.iter().map(|line| line.color.as_str()).collect();
        let [a, b] = [LaneId::A, LaneId::B].map(|id| PAPER.lane(id));
        assert_eq!(colors, [b, a, web(FURTHER[0]).as_str(), web(FURTHER[1]).as_str()]);
    }

    #[test]
    fn marks_stand_at_the_values_and_not_on_each_other() {
        let across = |values: &[&str]| {
            let places: Vec<f64> = values.iter().map(|v| v.parse().unwrap()).collect();
            let labels = values.iter().map(ToString::to_string).collect();
            let axis = Axis { scale: Scale::Log, ..Axis::linear(100.0, 100_000.0) };
            Across { number: None, name: "size".into(), axis, places, labels }.ruler()
        };
        let labels = |ruler: Ruler| ruler.ticks.into_iter().map(|t| t.label).collect::<Vec<_>>();
        assert_eq!(labels(across(&["256", "16384", "1024"])), ["256", "1024", "16384"]);
        assert_eq!(labels(across(&["1000", "1001", "8000"])), ["1000", "", "8000"]);
    }
}
