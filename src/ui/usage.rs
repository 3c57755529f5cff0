//! Usage bars: how often each code was chosen.

use egui::{Align2, Color32, Mesh, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::scenario::LaneId;
use crate::train::snapshot::{LaneView, Usage};
use crate::ui::camera::Camera;
use crate::ui::state::{AppState, Prefs, UsageSource};
use crate::ui::text::{count, nice_step, percent};
use crate::ui::theme::{self, Palette, palette, size};
use crate::ui::views::{Cached, Key};

/// Room for the labels of the axes; the left one as in the code map above.
const MARGIN: [f32; 2] = [40.0, 16.0];

/// Counts of a lane and what they are counts of.
fn counts<'a>(view: &'a LaneView, prefs: &Prefs) -> (&'a [u32], Usage) {
    match prefs.usage_source {
        UsageSource::Window => (&view.window_counts, view.window),
        UsageSource::FullSet => (&view.eval_counts, view.eval.map(|e| e.usage).unwrap_or_default()),
    }
}

/// The vertical axis, common to both lanes so that bars can be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    most: f32,
    is_log: bool,
}

impl Axis {
    fn new(most: u32, is_log: bool) -> Self {
        let most = most.max(1);
        let rounded = if is_log {
            10f64.powf(f64::from(most + 1).log10().ceil())
        } else {
            let step = nice_step(f64::from(most), 4);
            (f64::from(most) / step).ceil() * step
        };
        Self { most: rounded as f32, is_log }
    }

    /// Height of a count, 0 to 1.
    fn height(self, n: f32) -> f32 {
        if self.is_log { (1.0 + n).ln() / (1.0 + self.most).ln() } else { n / self.most }
    }

    fn ticks(self) -> Vec<f32> {
        if self.is_log {
            let powers = (self.most.log10().round() as i32).max(1);
            let step = (powers as usize).div_ceil(3);
            std::iter::once(0.0)
                .chain((1..=powers).rev().step_by(step).map(|p| 10f32.powi(p)))
                .collect()
        } else {
            let step = nice_step(f64::from(self.most), 2) as f32;
            (0..=(self.most / step) as usize).map(|i| i as f32 * step).collect()
        }
    }
}

/// Draws the bars of a lane into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, id: LaneId, rect: Rect) {
    let p = palette(ui);
    let plot = Rect::from_min_max(
        pos2(rect.left() + MARGIN[0], rect.top()),
        pos2(rect.right(), rect.bottom() - MARGIN[1]),
    );
    ui.painter().rect(plot, 2.0, p.canvas, Stroke::new(1.0, p.border), StrokeKind::Inside);
    let Some(snapshot) = state.known.snapshot.clone() else { return };
    let prefs = &state.prefs;
    let most =
        snapshot.lanes.iter().flat_map(|l| counts(l, prefs).0.iter().copied()).max().unwrap_or(0);
    let Some(view) = snapshot.lanes.iter().find(|l| l.id == id) else { return };
    let (counts, usage) = counts(view, prefs);
    let font = theme::font(size::SMALL);
    let source = match prefs.usage_source {
        UsageSource::Window => format!("last {} training tokens", count(usage.tokens as u64)),
        UsageSource::FullSet => format!("full set of {} tokens", count(usage.tokens as u64)),
    };
    if counts.is_empty() || usage.tokens == 0 {
        ui.painter().text(
            plot.center(),
            Align2::CENTER_CENTER,
            match view.warms_up_until {
                Some(last) => format!("no quantization until step {}", count(last)),
                None => "counted after the first step".into(),
            },
            font,
            p.weak,
        );
        return;
    }
    let axis = Axis::new(most, prefs.is_usage_log);
    let mut marked: Vec<f32> = Vec::new();
    for tick in axis.ticks() {
        let y = plot.bottom() - 1.0 - axis.height(tick) * (plot.height() - 4.0);
        // On a low panel neighbouring labels would lie on each other.
        if marked.iter().any(|other| (other - y).abs() < 16.0) {
            continue;
        }
        marked.push(y);
        ui.painter().hline(plot.x_range().shrink(1.0), y, Stroke::new(1.0, p.grid));
        let anchor = if tick == 0.0 { Align2::RIGHT_BOTTOM } else { Align2::RIGHT_CENTER };
        // The highest label must not be cut off at the upper edge.
        let y = y.max(plot.top() + 6.0).min(plot.bottom() + 2.0);
        ui.painter().text(
            pos2(plot.left() - 4.0, y),
            anchor,
            count(tick as u64),
            font.clone(),
            p.weak,
        );
    }
    let look = u32::from(ui.visuals().dark_mode)
        | u32::from(prefs.is_usage_sorted) << 1
        | u32::from(prefs.is_usage_log) << 2
        | u32::from(prefs.usage_source == UsageSource::Window) << 3
        | (axis.most as u32) << 4;
    let key =
        Key { generation: state.known.generation, rect: plot, look, camera: Camera::default() };
    // Sorting K codes is for a new picture, not for every frame.
    let is_sorted = prefs.is_usage_sorted;
    let columns = || Columns::new(counts, is_sorted, plot.width() as usize - 2);
    let cache: &mut Cached = &mut state.views.usage[id.index()];
    let mesh = cache.get(key, || columns().mesh(plot, axis, p.lane(id)));
    ui.painter_at(plot).add(Shape::Mesh(mesh));
    references(ui, plot, axis, usage, state.prefs.is_usage_sorted, p);
    let order = if state.prefs.is_usage_sorted { "most used first" } else { "by index" };
    let codes = count(usage.size as u64);
    let wordings = [
        format!("{codes} codes, {order} · uses in the {source}"),
        format!("{codes} codes · uses in the {source}"),
        format!("{codes} codes"),
    ];
    let at = pos2(plot.center().x, plot.bottom() + 1.0);
    let (anchor, room) = (Align2::CENTER_TOP, plot.width() + 30.0);
    super::first_that_fits(ui.painter(), at, anchor, room, size::SMALL, p.weak, &wordings);
    let response = ui.interact(plot, ui.scope_id().with(("usage", id)), Sense::hover());
    if let Some(pointer) = response.hover_pos() {
        let column = (pointer.x - plot.left() - 1.0) / (plot.width() - 2.0);
        if let Some(text) = columns().describe(column) {
            response.on_hover_text_at_pointer(text);
        }
    }
}

/// Fair share and sampling ceiling.
fn references(ui: &Ui, plot: Rect, axis: Axis, usage: Usage, is_sorted: bool, p: &Palette) {
    let painter = ui.painter_at(plot);
    let font = theme::font(size::SMALL);
    let stroke = Stroke::new(1.0, p.reference);
    let fair = usage.tokens as f32 / usage.size.max(1) as f32;
    let y = plot.bottom() - 1.0 - axis.height(fair).min(1.0) * (plot.height() - 4.0);
    painter.extend(Shape::dashed_line(
        &[pos2(plot.left(), y), pos2(plot.right(), y)],
        stroke,
        4.0,
        4.0,
    ));
    let fair_text = if fair < 9.95 { format!("{fair:.1}") } else { count(fair.round() as u64) };
    // Labels stand above their line, at the right, where a sorted row of bars is low.
    let label = |at: egui::Pos2, anchor: Align2, text: String| {
        let galley = painter.layout_no_wrap(text, font.clone(), p.reference);
        let rect = anchor.anchor_size(at, galley.size());
        let rect = rect.translate(vec2(0.0, (plot.top() + 1.0 - rect.top()).max(0.0)));
        painter.rect_filled(rect.expand2(vec2(2.0, 0.0)), 2.0, p.canvas.gamma_multiply(0.8));
        painter.galley(rect.min, galley, p.reference);
    };
    let ceiling = usage.ceiling();
    let text = format!("ceiling {}", percent(ceiling));
    if is_sorted && ceiling < 0.995 {
        let x = plot.left() + 1.0 + ceiling as f32 * (plot.width() - 2.0);
        painter.extend(Shape::dashed_line(
            &[pos2(x, plot.top()), pos2(x, plot.bottom())],
            stroke,
            2.0,
            3.0,
        ));
        label(pos2(x - 4.0, plot.top() + 2.0), Align2::RIGHT_TOP, text);
    } else {
        label(pos2(plot.right() - 4.0, plot.top() + 2.0), Align2::RIGHT_TOP, text);
    }
    label(
        pos2(plot.right() - 4.0, y - 1.0),
        Align2::RIGHT_BOTTOM,
        format!("fair share {fair_text}"),
    );
}

/// Counts of the codes under each column of pixels, or one code a column where there is room.
struct Columns {
    /// Counts in the order shown.
    counts: Vec<u32>,
    /// Codes in the order shown.
    codes: Vec<u32>,
    /// Number of columns.
    number: usize,
}

impl Columns {
    fn new(counts: &[u32], is_sorted: bool, width: usize) -> Self {
        let mut codes: Vec<u32> = (0..counts.len() as u32).collect();
        if is_sorted {
            // One number a code, most used first and then by index: four times faster to sort.
            let key = |&code: &u32| u64::from(!counts[code as usize]) << 32 | u64::from(code);
            let mut keys: Vec<u64> = codes.iter().map(key).collect();
            keys.sort_unstable();
            codes = keys.into_iter().map(|key| key as u32).collect();
        }
        let counts: Vec<u32> = codes.iter().map(|&code| counts[code as usize]).collect();
        let number = counts.len().min(width.max(1));
        Self { counts, codes, number }
    }

    /// Range of places that a column shows.
    fn places(&self, column: usize) -> std::ops::Range<usize> {
        let at = |c: usize| c * self.counts.len() / self.number;
        at(column)..at(column + 1)
    }

    fn mesh(&self, plot: Rect, axis: Axis, color: Color32) -> Mesh {
        let mut mesh = Mesh::default();
        mesh.reserve_triangles(4 * self.number);
        mesh.reserve_vertices(8 * self.number);
        let width = (plot.width() - 2.0) / self.number as f32;
        let gap = if width >= 4.0 { 1.0 } else { 0.0 };
        for column in 0..self.number {
            let mut here = self.counts[self.places(column)].to_vec();
            here.sort_unstable();
            let x = plot.left() + 1.0 + column as f32 * width;
            let mut bar = |n: u32, color: Color32| {
                if n > 0 {
                    let height = (axis.height(n as f32) * (plot.height() - 4.0)).max(1.0);
                    let bottom = plot.bottom() - 1.0;
                    let rect =
                        Rect::from_min_max(pos2(x, bottom - height), pos2(x + width - gap, bottom));
                    mesh.add_colored_rect(rect, color);
                }
            };
            // Several codes a column: the highest pale, the median full.
            if here.len() > 1 {
                bar(here[here.len() - 1], color.gamma_multiply(0.4));
            }
            bar(here[here.len() / 2], color);
        }
        mesh
    }

    /// The codes under a place on the axis from 0 to 1, in words.
    fn describe(&self, at: f32) -> Option<String> {
        let column = (at * self.number as f32) as usize;
        if !(0.0..1.0).contains(&at) || column >= self.number {
            return None;
        }
        let places = self.places(column);
        let here = &self.counts[places.clone()];
        let (low, high) = (here.iter().min()?, here.iter().max()?);
        Some(if here.len() == 1 {
            format!("code {}: {} uses", self.codes[places.start], count(u64::from(*high)))
        } else {
            format!(
                "{} codes: {} to {} uses",
                here.len(),
                count(u64::from(*low)),
                count(u64::from(*high))
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_cover_all_codes_once() {
        for (codes, width) in [(5, 100), (100, 7), (512, 388), (1, 1)] {
            let counts: Vec<u32> = (0..codes).collect();
            let columns = Columns::new(&counts, false, width);
            let covered: Vec<usize> = (0..columns.number).flat_map(|c| columns.places(c)).collect();
            assert_eq!(covered, (0..codes as usize).collect::<Vec<_>>());
        }
    }

    #[test]
    fn sorted_bars_fall_and_name_their_codes() {
        let columns = Columns::new(&[0, 7, 3], true, 100);
        assert_eq!(columns.counts, [7, 3, 0]);
        assert_eq!(columns.describe(0.0).unwrap(), "code 1: 7 uses");
        assert_eq!(columns.describe(0.99).unwrap(), "code 0: 0 uses");
        assert!(columns.describe(1.0).is_none() && columns.describe(-0.1).is_none());
        let many = Columns::new(&[0, 7, 3, 9], true, 2);
        assert_eq!(many.describe(0.1).unwrap(), "2 codes: 7 to 9 uses");
    }

    #[test]
    fn axes_reach_over_the_highest_bar() {
        assert_eq!(Axis::new(183, false).most, 200.0);
        assert!(Axis::new(183, false).height(183.0) <= 1.0);
        assert_eq!(Axis::new(183, true).most, 1000.0);
        assert!(Axis::new(0, true).height(0.0) == 0.0);
        assert_eq!(Axis::new(183, true).ticks(), [0.0, 1000.0, 100.0, 10.0]);
        assert_eq!(Axis::new(183, false).ticks(), [0.0, 100.0, 200.0]);
    }
}
