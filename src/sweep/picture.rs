//! The picture of a sweep: utilization and error over the first setting that varies.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::sweep::grid::Grid;
use crate::sweep::table::Row;

/// Colours that people with any colour vision tell apart (Okabe and Ito 2008).
const COLORS: [RGBColor; 7] = [
    RGBColor(0, 104, 168),
    RGBColor(184, 72, 0),
    RGBColor(0, 130, 95),
    RGBColor(170, 80, 140),
    RGBColor(140, 110, 0),
    RGBColor(60, 150, 200),
    RGBColor(70, 70, 70),
];

const FONT: &str = "IBM Plex Sans, Helvetica, Arial, sans-serif";
const SIZE: (u32, u32) = (1200, 560);
const LEGEND: u32 = 26;

/// One line of the picture: what it stands for, and its points (x, value of each seed).
struct Series {
    name: String,
    points: Vec<(f64, Vec<f64>)>,
}

/// The horizontal axis: the first setting with more than one value.
struct Across {
    axis: Option<usize>,
    name: String,
    /// Place of each value.
    places: Vec<f64>,
    labels: Vec<String>,
    is_log: bool,
}

/// The picture as SVG.
pub fn draw(grid: &Grid, rows: &[Row]) -> String {
    let mut text = String::new();
    {
        let area = SVGBackend::with_string(&mut text, SIZE).into_drawing_area();
        // Drawing into a text cannot fail; a picture that could not be laid out is left incomplete.
        paint(&area, grid, rows).ok();
        area.present().ok();
    }
    text
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Painted = Result<(), Box<dyn std::error::Error>>;

fn paint(area: &Area<'_>, grid: &Grid, rows: &[Row]) -> Painted {
    area.fill(&WHITE)?;
    let across = across(grid);
    let names: Vec<String> =
        series(grid, rows, &across, "utilization").into_iter().map(|s| s.name).collect();
    let legend = LEGEND * (names.len() as u32).div_ceil(4) + 8;
    let (title, rest) = area.split_vertically(44);
    let (panels, below) = rest.split_vertically(SIZE.1 - 44 - legend);
    let text = format!("{} (dots: seeds, lines: their mean)", grid.title);
    title.draw(&Text::new(text, (16, 14), (FONT, 22).into_font().color(&BLACK)))?;
    let (left, right) = panels.split_horizontally(SIZE.0 / 2);
    let used = series(grid, rows, &across, "utilization");
    panel(
        &left,
        &format!("codes in use, full set ({})", tokens(rows, grid)),
        &across,
        &used,
        true,
    )?;
    let error = series(grid, rows, &across, "recon_mse");
    panel(&right, "mean squared error a pixel, full set (log scale)", &across, &error, false)?;
    for (i, name) in names.iter().enumerate() {
        let (x, y) = (24 + (i % 4) as i32 * 290, (i / 4) as i32 * LEGEND as i32 + 10);
        below.draw(&Circle::new((x, y), 5, color(i).filled()))?;
        let style = (FONT, 16).into_font().color(&BLACK);
        below.draw(&Text::new(name.clone(), (x + 12, y - 7), style))?;
    }
    Ok(())
}

fn color(i: usize) -> RGBColor {
    COLORS[i % COLORS.len()]
}

/// "40 tokens a code", or the range over all runs.
fn tokens(rows: &[Row], grid: &Grid) -> String {
    let per_code = rows.iter().filter_map(|row| {
        let scenario = &grid.cells()[row.cell].scenario;
        let spec = scenario.lane_specs().into_iter().find(|s| s.id.name() == row.lane)?;
        Some(row.figure("eval_tokens")? / spec.size as f64)
    });
    let (low, high) = per_code.fold((f64::INFINITY, 0.0_f64), |(l, h), n| (l.min(n), h.max(n)));
    let short = |n: f64| if n < 10.0 { format!("{n:.1}") } else { format!("{n:.0}") };
    match (short(low), short(high)) {
        _ if low > high => "nothing counted yet".into(),
        (low, high) if low == high => format!("{low} tokens a code"),
        (low, high) => format!("{low} to {high} tokens a code"),
    }
}

fn across(grid: &Grid) -> Across {
    let Some(number) = grid.axes.iter().position(|a| a.values.len() > 1) else {
        let labels = vec![String::new()];
        return Across {
            axis: None,
            name: "all runs".into(),
            places: vec![0.0],
            labels,
            is_log: false,
        };
    };
    let axis = &grid.axes[number];
    let numbers: Option<Vec<f64>> = axis.values.iter().map(|v| v.parse().ok()).collect();
    let places = numbers.filter(|n| n.iter().all(|x| x.is_finite()));
    let span = |n: &[f64]| {
        let low = n.iter().copied().fold(f64::INFINITY, f64::min);
        (low > 0.0) && n.iter().copied().fold(0.0, f64::max) / low >= 8.0
    };
    let is_log = places.as_deref().is_some_and(span);
    let places = match places {
        Some(numbers) if is_log => numbers.iter().map(|x| x.log10()).collect(),
        Some(numbers) => numbers,
        None => (0..axis.values.len()).map(|i| i as f64).collect(),
    };
    let name = format!("{}{}", axis.key, if is_log { " (log scale)" } else { "" });
    Across { axis: Some(number), name, places, labels: axis.values.clone(), is_log }
}

/// All lines: one for each lane and each combination of the settings that are not across.
fn series(grid: &Grid, rows: &[Row], across: &Across, figure: &str) -> Vec<Series> {
    let has_two = rows.iter().any(|row| row.lane == "b");
    let mut all: Vec<Series> = Vec::new();
    for row in rows {
        let cell = &grid.cells()[row.cell];
        let mut words: Vec<String> = (0..grid.axes.len())
            .filter(|i| Some(*i) != across.axis && grid.axes[*i].values.len() > 1)
            // What varies in the other lane makes no other line of this one.
            .filter(|i| !grid.axes[*i].key.starts_with(other_lane(&row.lane)))
            .map(|i| {
                format!("{} {}", short_key(&grid.axes[i].key), grid.axes[i].values[cell.at[i]])
            })
            .collect();
        if has_two || words.is_empty() {
            let is_alone = words.is_empty();
            let spec = cell.scenario.lane_specs().into_iter().find(|s| s.id.name() == row.lane);
            let method = spec.filter(|_| is_alone).map(|s| format!(" ({})", s.method()));
            words.insert(0, format!("lane {}{}", row.lane, method.unwrap_or_default()));
        }
        let name = words.join(", ");
        let x = across.axis.map_or(0.0, |axis| across.places[cell.at[axis]]);
        let index = match all.iter().position(|s| s.name == name) {
            Some(index) => index,
            None => {
                all.push(Series { name, points: Vec::new() });
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

/// An error in the fewest digits that tell neighbouring marks apart.
fn error_label(log10: f64) -> String {
    let value = 10f64.powf(log10);
    let digits = (1.0 - value.log10().floor()).clamp(0.0, 9.0) as usize + 1;
    format!("{value:.digits$}")
}

/// The last part of a key, which is what one looks for.
fn short_key(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn panel(
    area: &Area<'_>,
    title: &str,
    across: &Across,
    lines: &[Series],
    is_share: bool,
) -> Painted {
    let values: Vec<f64> =
        lines.iter().flat_map(|s| s.points.iter().flat_map(|p| p.1.iter().copied())).collect();
    let shown = |v: f64| if is_share { 100.0 * v } else { v.max(1e-12).log10() };
    let (low, high) = if is_share {
        (0.0, 105.0)
    } else {
        let logs = values.iter().map(|v| shown(*v));
        let (l, h) =
            logs.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
        if l > h { (-3.0, -1.0) } else { (l - 0.06, h + 0.06) }
    };
    let first = across.places.iter().copied().fold(f64::INFINITY, f64::min);
    let last = across.places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let pad = if last > first { 0.07 * (last - first) } else { 1.0 };
    let mut chart = ChartBuilder::on(area)
        .caption(title, (FONT, 18).into_font().color(&BLACK))
        .margin(12)
        .margin_right(24)
        .x_label_area_size(46)
        .y_label_area_size(64)
        .build_cartesian_2d(first - pad..last + pad, low..high)?;
    let grey = RGBColor(220, 220, 220);
    chart
        .configure_mesh()
        .disable_x_mesh()
        .light_line_style(WHITE)
        .bold_line_style(grey)
        .x_labels(0)
        .y_labels(6)
        .y_label_formatter(&|v| {
            if is_share { format!("{v:.0} %") } else { error_label(*v) }
        })
        .x_desc(across.name.clone())
        .axis_desc_style((FONT, 16))
        .label_style((FONT, 16))
        .draw()?;
    for (place, label) in across.places.iter().zip(&across.labels) {
        let style = (FONT, 16).into_font().color(&BLACK);
        let at = chart.backend_coord(&(*place, low));
        let offset = label.chars().count() as i32 * 4;
        let corner = area.get_base_pixel();
        let at = (at.0 - corner.0 - offset, at.1 - corner.1 + 8);
        area.draw(&Text::new(label.clone(), at, style))?;
    }
    for (i, line) in lines.iter().enumerate() {
        let mean = |p: &(f64, Vec<f64>)| {
            (p.0, p.1.iter().map(|v| shown(*v)).sum::<f64>() / p.1.len() as f64)
        };
        chart
            .draw_series(LineSeries::new(line.points.iter().map(mean), color(i).stroke_width(2)))?;
        let dots = line.points.iter().flat_map(|p| p.1.iter().map(|v| (p.0, shown(*v))));
        chart.draw_series(dots.map(|at| Circle::new(at, 3, color(i).filled())))?;
    }
    debug_assert!(!across.is_log || across.places.iter().all(|p| p.is_finite()));
    Ok(())
}
