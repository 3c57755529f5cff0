//! The picture of a sweep: utilization and error over the first setting that varies.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::sweep::SweepError;
use crate::sweep::grid::Grid;
use crate::sweep::table::Row;

/// Colours of lanes a and b, as everywhere.
const LANES: [RGBColor; 2] = [RGBColor(184, 72, 0), RGBColor(0, 104, 168)];

/// Colours of further lines, which people with any colour vision tell apart (Okabe and Ito 2008).
const COLORS: [RGBColor; 5] = [
    RGBColor(0, 130, 95),
    RGBColor(170, 80, 140),
    RGBColor(140, 110, 0),
    RGBColor(60, 150, 200),
    RGBColor(70, 70, 70),
];

const FONT: &str = "IBM Plex Sans, Helvetica, Arial, sans-serif";
const WIDTH: u32 = 1200;
const TITLE: u32 = 44;
const PANELS: u32 = 480;
/// Height of a row of the legend, and names in it.
const LEGEND: (u32, usize) = (26, 4);

/// One line of the picture: what it stands for, and its points (x, value of each seed).
struct Series {
    name: String,
    color: RGBColor,
    points: Vec<(f64, Vec<f64>)>,
}

/// The horizontal axis: the first setting with more than one value.
struct Across {
    axis: Option<usize>,
    name: String,
    /// Place of each value.
    places: Vec<f64>,
    labels: Vec<String>,
}

/// The picture as SVG, as high as its legend needs.
///
/// # Errors
/// What the drawing library cannot lay out.
pub fn draw(grid: &Grid, rows: &[Row]) -> Result<String, SweepError> {
    let across = across(grid);
    let used = series(grid, rows, &across, "utilization");
    let error = series(grid, rows, &across, "recon_mse");
    let legend = LEGEND.0 * used.len().div_ceil(LEGEND.1) as u32 + 8;
    let mut text = String::new();
    {
        let size = (WIDTH, TITLE + PANELS + legend);
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        let painted = paint(&area, grid, rows, &across, &used, &error);
        painted
            .and_then(|()| Ok(area.present()?))
            .map_err(|e| SweepError::Picture(e.to_string()))?;
    }
    Ok(text)
}

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;
type Painted = Result<(), Box<dyn std::error::Error>>;

fn paint(
    area: &Area<'_>,
    grid: &Grid,
    rows: &[Row],
    across: &Across,
    used: &[Series],
    error: &[Series],
) -> Painted {
    area.fill(&WHITE)?;
    let (title, rest) = area.split_vertically(TITLE);
    let (panels, below) = rest.split_vertically(PANELS);
    let text = format!("{} (dots: seeds, lines: their mean)", grid.title);
    title.draw(&Text::new(text, (16, 14), (FONT, 22).into_font().color(&BLACK)))?;
    let (left, right) = panels.split_horizontally(WIDTH / 2);
    let heading = format!("codes in use, full set ({})", tokens(rows));
    panel(&left, &heading, across, used, true)?;
    panel(&right, "mean squared error a pixel, full set (log scale)", across, error, false)?;
    for (i, line) in used.iter().enumerate() {
        let (column, row) = (i % LEGEND.1, i / LEGEND.1);
        let (x, y) = (24 + column as i32 * 290, row as i32 * LEGEND.0 as i32 + 10);
        below.draw(&Circle::new((x, y), 5, line.color.filled()))?;
        let style = (FONT, 16).into_font().color(&BLACK);
        below.draw(&Text::new(line.name.clone(), (x + 12, y - 7), style))?;
    }
    Ok(())
}

/// The colour of the next line: the first one of a lane has the lane's.
fn next_color(before: &[Series], lane: &str) -> RGBColor {
    let own = LANES[usize::from(lane == "b")];
    if before.iter().all(|line| line.color != own) {
        return own;
    }
    let others = before.iter().filter(|line| !LANES.contains(&line.color)).count();
    COLORS[others % COLORS.len()]
}

/// "40 tokens a code", or the range over all runs.
fn tokens(rows: &[Row]) -> String {
    let per_code = rows.iter().filter_map(Row::tokens_per_code);
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
        return Across { axis: None, name: "all runs".into(), places: vec![0.0], labels };
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
    Across { axis: Some(number), name, places, labels: axis.values.clone() }
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
            let method =
                if words.is_empty() { format!(" ({})", row.method) } else { String::new() };
            words.insert(0, format!("lane {}{method}", row.lane));
        }
        let name = words.join(", ");
        let x = across.axis.map_or(0.0, |axis| across.places[cell.at[axis]]);
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
    for line in lines {
        let mean = |p: &(f64, Vec<f64>)| {
            (p.0, p.1.iter().map(|v| shown(*v)).sum::<f64>() / p.1.len() as f64)
        };
        let style = line.color.stroke_width(2);
        chart.draw_series(LineSeries::new(line.points.iter().map(mean), style))?;
        let dots = line.points.iter().flat_map(|p| p.1.iter().map(|v| (p.0, shown(*v))));
        chart.draw_series(dots.map(|at| Circle::new(at, 3, line.color.filled())))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::svg::PAPER;
    use crate::scenario::LaneId;

    #[test]
    fn lanes_have_the_colours_that_they_have_everywhere() {
        let hex = |RGBColor(r, g, b): RGBColor| format!("#{r:02x}{g:02x}{b:02x}");
        assert_eq!(LANES.map(hex), [LaneId::A, LaneId::B].map(|id| PAPER.lane(id).to_string()));
        let mut all: Vec<Series> = Vec::new();
        for lane in ["b", "a", "a", "b"] {
            let color = next_color(&all, lane);
            all.push(Series { name: lane.into(), color, points: Vec::new() });
        }
        let colors: Vec<RGBColor> = all.iter().map(|line| line.color).collect();
        assert_eq!(colors, [LANES[1], LANES[0], COLORS[0], COLORS[1]]);
    }
}
