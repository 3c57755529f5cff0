//! The timeline: utilization and error of both lanes over all steps, with marks where something
//! was changed.

use egui::{Align2, Pos2, Rangef, Rect, Sense, Shape, Stroke, StrokeKind, Ui, pos2, vec2};

use crate::analysis::history::{History, LaneHistory, Series};
use crate::palette::Palette;
use crate::record::event::{Event, EventKind};
use crate::scenario::LaneId;
use crate::scenario::differences::short;
use crate::text::{count, nice_step, per_code, percent, significant};
use crate::ui::panes::flags;
use crate::ui::panes::watched;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};

/// Room above the charts for their names.
const TOP: f32 = 15.0;
const LEFT: f32 = 46.0;
const RIGHT: f32 = 92.0;
const BOTTOM: f32 = 16.0;

/// One of the two charts.
struct Track {
    plot: Rect,
    /// Steps at the left and right edge.
    steps: [f64; 2],
    /// Values at the lower and upper edge.
    values: [f64; 2],
    is_log: bool,
}

impl Track {
    fn x(&self, step: f64) -> f32 {
        let share = (step - self.steps[0]) / (self.steps[1] - self.steps[0]);
        self.plot.left() + share as f32 * self.plot.width()
    }

    fn y(&self, value: f64) -> f32 {
        let f = |v: f64| if self.is_log { v.max(1e-12).log10() } else { v };
        let share =
            (f(value) - f(self.values[0])) / (f(self.values[1]) - f(self.values[0])).max(1e-12);
        self.plot.bottom() - share.clamp(-0.1, 1.1) as f32 * self.plot.height()
    }

    /// Means of a series as a line, at most about two points a pixel.
    fn line(&self, series: &Series) -> Vec<Pos2> {
        self.line_after(series, 0)
    }

    /// The same of the steps after one.
    fn line_after(&self, series: &Series, first: u64) -> Vec<Pos2> {
        let points = series.points(self.most_points()).filter(|(step, _)| *step >= first);
        points.map(|point| self.place(point)).collect()
    }

    /// The same as a line for each part between two changes.
    fn lines(&self, series: &Series, changes: &[u64]) -> Vec<Vec<Pos2>> {
        let pieces = series.pieces(self.most_points(), changes).into_iter();
        pieces.map(|piece| piece.into_iter().map(|point| self.place(point)).collect()).collect()
    }

    fn most_points(&self) -> usize {
        2 * self.plot.width().max(1.0) as usize
    }

    fn place(&self, (step, value): (u64, f64)) -> Pos2 {
        pos2(self.x(step as f64), self.y(value))
    }
}

/// Draws the timeline into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let p = palette(ui);
    let history = &state.run.history;
    let parent = state.run.parent.as_ref().map_or(0, |(parent, _)| parent.step);
    let last = state.running().steps.max(history.step).max(parent).max(1) as f64;
    let plot = Rect::from_min_max(
        pos2(rect.left() + LEFT, rect.top() + TOP),
        pos2(rect.right() - RIGHT, rect.bottom() - BOTTOM),
    );
    let middle = plot.top() + plot.height() / 2.0;
    let upper = Rect::from_x_y_ranges(plot.x_range(), Rangef::new(plot.top(), middle - 3.0));
    let lower = Rect::from_x_y_ranges(plot.x_range(), Rangef::new(middle + 3.0, plot.bottom()));
    let errors = error_range(state);
    let use_track = Track { plot: upper, steps: [0.0, last], values: [0.0, 1.0], is_log: false };
    let error_track = Track { plot: lower, steps: [0.0, last], values: errors, is_log: true };
    let painter = ui.painter().clone();
    for track in [&use_track, &error_track] {
        painter.rect(track.plot, 2.0, p.canvas, Stroke::new(1.0, p.border), StrokeKind::Inside);
    }
    steps_axis(ui, &use_track, &error_track, p);
    let small = theme::font(size::SMALL);
    for (share, anchor) in [(0.0, Align2::RIGHT_BOTTOM), (1.0, Align2::RIGHT_TOP)] {
        let y = use_track.y(share) + if share == 0.0 { 2.0 } else { -2.0 };
        painter.text(pos2(plot.left() - 4.0, y), anchor, percent(share), small.clone(), p.weak);
    }
    for (value, anchor) in [(errors[0], Align2::RIGHT_BOTTOM), (errors[1], Align2::RIGHT_TOP)] {
        let y = error_track.y(value) + if value == errors[0] { 2.0 } else { -2.0 };
        painter.text(pos2(plot.left() - 4.0, y), anchor, short(value), small.clone(), p.weak);
    }
    marks(ui, state, &use_track, &error_track, p);
    if let Some((parent, fork)) = &state.run.parent {
        ghosts(ui, parent, *fork, &use_track, &error_track, p);
    }
    for id in [LaneId::A, LaneId::B] {
        let (lane, color) = (history.lane(id), p.lane(id));
        let stroke = Stroke::new(2.0, color);
        let used = use_track.line_after(&lane.utilization_window, warmup(state, id) + 1);
        ui.painter_at(upper).add(Shape::line(used, stroke));
        ui.painter_at(lower).add(Shape::line(
            error_track.line(&lane.recon_loss),
            Stroke::new(1.0, color.gamma_multiply(0.45)),
        ));
        let changes = history.changes(id);
        measured(ui, &error_track, &error_track.lines(lower_series(state)(lane), &changes), stroke);
        if state.is_watching() {
            dots(ui, &use_track, &use_track.line(&lane.utilization_window), color);
        }
    }
    let is_uncounted = state.run.snapshot.is_some()
        && history.lane(LaneId::A).utilization_window.buckets().is_empty();
    let window = format!("above: utilization, ≤ {} training tokens a code", room(state));
    let (use_name, error_name) = match state.is_watching() {
        true if is_uncounted => (watched::NO_COUNTS, ""),
        true => {
            ("above: utilization, as counted in each file", "below: their perplexity, log scale")
        }
        false => (
            window.as_str(),
            "below: MSE on the full set at the dots (thin: of each batch), log scale",
        ),
    };
    // Outside of the charts, where no curve runs through them.
    let at = pos2(plot.left(), rect.top());
    painter.text(at, Align2::LEFT_TOP, use_name, small.clone(), p.weak);
    let at = pos2(plot.right(), rect.top());
    painter.text(at, Align2::RIGHT_TOP, error_name, small, p.weak);
    newest(ui, state, &use_track, &error_track, p);
    playhead(ui, state, &use_track, plot, p);
    touch(ui, state, plot, &use_track);
    hover(ui, state, plot, &use_track, p);
    flags::show(ui, state, plot, |step| use_track.x(step));
}

/// Tokens a code that the window holds when it is full: "16", or "16 and 8.0" where lanes differ.
fn room(state: &AppState) -> String {
    let specs = state.run.specs.iter();
    let mut rooms: Vec<String> = specs.map(|s| per_code(s.window_tokens, s.size)).collect();
    rooms.dedup();
    rooms.join(" and ")
}

/// The last step of a lane without quantization, in which no code is chosen.
fn warmup(state: &AppState, id: LaneId) -> u64 {
    state.run.spec(id).map_or(0, |spec| spec.warmup)
}

/// The pinned step, and the part that is played in a loop.
fn playhead(ui: &Ui, state: &AppState, track: &Track, plot: Rect, p: &Palette) {
    let painter = ui.painter_at(plot.expand2(vec2(8.0, 0.0)));
    if let Some((from, to)) = state.player.loop_range {
        let part = Rect::from_x_y_ranges(
            Rangef::new(track.x(from as f64), track.x(to as f64)),
            plot.y_range(),
        );
        painter.rect_filled(part, 0.0, p.restart.gamma_multiply(0.14));
    }
    kept(state, &painter, track, plot, p);
    if !state.run.is_pinned {
        return;
    }
    let x = track.x(state.run.shown_step() as f64);
    painter.vline(x, plot.y_range(), Stroke::new(2.0, p.restart));
    for (y, down) in [(plot.top(), 1.0), (plot.bottom(), -1.0)] {
        let points = vec![pos2(x - 6.0, y), pos2(x + 6.0, y), pos2(x, y + 8.0 * down)];
        painter.add(Shape::convex_polygon(points, p.restart, Stroke::NONE));
    }
}

/// Ticks between the charts at the steps that can be looked at, where they lie apart.
fn kept(state: &AppState, painter: &egui::Painter, track: &Track, plot: Rect, p: &Palette) {
    const APART: f32 = 3.0;
    let y = Rangef::new(plot.center().y - 2.5, plot.center().y + 2.5);
    let mut free = f32::NEG_INFINITY;
    for x in state.run.frames.steps().map(|step| track.x(step as f64)) {
        if x >= free {
            painter.vline(x, y, Stroke::new(1.0, p.weak));
            free = x + APART;
        }
    }
}

/// A click or a drag pins the step under the pointer; with Shift a drag chooses the part to loop.
fn touch(ui: &Ui, state: &mut AppState, plot: Rect, track: &Track) {
    let id = ui.scope_id().with("timeline");
    let response = ui.interact(plot, id, Sense::click_and_drag());
    let Some(pointer) = response.interact_pointer_pos() else { return };
    let share = f64::from((pointer.x - plot.left()) / plot.width()).clamp(0.0, 1.0);
    let step = (track.steps[0] + share * (track.steps[1] - track.steps[0])).round() as u64;
    let has_shift = ui.input(|i| i.modifiers.shift);
    if response.drag_started() {
        state.player.loop_anchor = has_shift.then_some(step);
    }
    match state.player.loop_anchor {
        Some(anchor) if response.dragged() => {
            state.player.loop_range = Some((anchor.min(step), anchor.max(step)));
        }
        _ if response.clicked() || response.dragged() => {
            state.player.loop_range =
                state.player.loop_range.filter(|(from, to)| (*from..=*to).contains(&step));
            state.player.playback = None;
            if step >= state.run.step() { state.follow() } else { state.pin(step) }
        }
        _ => {}
    }
}

/// The curves of the run that this one was forked from, from the step at which they part.
fn ghosts(ui: &Ui, parent: &History, fork: u64, upper: &Track, lower: &Track, p: &Palette) {
    for id in [LaneId::A, LaneId::B] {
        let (lane, color) = (parent.lane(id), p.lane(id).gamma_multiply(0.5));
        let pieces = lower.lines(&lane.recon_mse, &parent.changes(id));
        for (track, lines) in [(upper, vec![upper.line(&lane.utilization_window)]), (lower, pieces)]
        {
            let after = track.x(fork as f64);
            for line in lines {
                let line: Vec<Pos2> = line.into_iter().filter(|q| q.x >= after).collect();
                let dashes = Shape::dashed_line(&line, Stroke::new(1.5, color), 4.0, 3.0);
                ui.painter_at(track.plot).extend(dashes);
            }
        }
    }
}

/// What the lower chart shows: errors, or perplexity where nothing is reconstructed.
fn lower_series(state: &AppState) -> fn(&LaneHistory) -> &Series {
    if state.is_watching() { |lane| &lane.perplexity_batch } else { |lane| &lane.recon_mse }
}

/// What was measured at some steps alone: a line between two changes, and a dot for each measurement
/// while they stand apart, because the line between two of them is only drawn.
fn measured(ui: &Ui, track: &Track, lines: &[Vec<Pos2>], stroke: Stroke) {
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
fn dots(ui: &Ui, track: &Track, points: &[Pos2], color: egui::Color32) {
    if points.len() as f32 * 8.0 <= track.plot.width() {
        let painter = ui.painter_at(track.plot.expand(3.0));
        for &at in points {
            painter.circle_filled(at, 2.5, color);
        }
    }
}

/// Lower and upper edge of the chart of errors: powers of ten around all that was measured.
fn error_range(state: &AppState) -> [f64; 2] {
    let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
    for lane in &state.run.history.lanes {
        let series = lower_series(state)(lane);
        for bucket in series.buckets().iter().chain(lane.recon_loss.buckets()) {
            low = low.min(bucket.mean.max(1e-9));
            high = high.max(bucket.mean);
        }
    }
    if low > high {
        return if state.is_watching() { [1.0, 10.0] } else { [0.001, 0.1] };
    }
    // 1, 2, 5 times powers of ten lie close enough that little room is lost.
    let down = |v: f64| {
        [5.0, 2.0, 1.0].into_iter().map(|m| m * 10f64.powf(v.log10().floor())).find(|&e| e <= v)
    };
    let up = |v: f64| {
        [1.0, 2.0, 5.0, 10.0]
            .into_iter()
            .map(|m| m * 10f64.powf(v.log10().floor()))
            .find(|&e| e >= v)
    };
    let tidy = |v: f64| format!("{v:.1e}").parse().unwrap_or(v);
    [tidy(down(low).unwrap_or(low)), tidy(up(high).unwrap_or(high))]
}

fn steps_axis(ui: &Ui, upper: &Track, lower: &Track, p: &Palette) {
    let painter = ui.painter();
    let step = nice_step(upper.steps[1], 8).max(1.0);
    for i in 0..=(upper.steps[1] / step) as usize {
        let at = i as f64 * step;
        let x = upper.x(at);
        for track in [upper, lower] {
            painter.vline(x, track.plot.y_range().shrink(1.0), Stroke::new(1.0, p.grid));
        }
        let text = if i == 0 { "step 0".into() } else { count(at as u64) };
        let font = theme::font(size::SMALL);
        painter.text(pos2(x, lower.plot.bottom() + 1.0), Align2::CENTER_TOP, text, font, p.weak);
    }
    painter.hline(upper.plot.x_range().shrink(1.0), upper.y(0.5), Stroke::new(1.0, p.grid));
}

/// Marks where something was changed; the story's captions are small ticks at the upper edge.
fn marks(ui: &Ui, state: &AppState, upper: &Track, lower: &Track, p: &Palette) {
    for event in &state.run.history.events {
        let x = upper.x(event.step as f64);
        let color = match event.kind {
            EventKind::Change => event.lane.map_or(p.text, |id| p.lane(id)),
            EventKind::Unreadable => p.error,
            // What detectors raised is drawn above everything else.
            _ => continue,
        };
        for track in [upper, lower] {
            let ends = [pos2(x, track.plot.top()), pos2(x, track.plot.bottom())];
            let dashes = Shape::dashed_line(&ends, Stroke::new(1.5, color), 3.0, 2.0);
            ui.painter_at(track.plot).extend(dashes);
        }
        let flag = vec![
            pos2(x, upper.plot.top()),
            pos2(x + 9.0, upper.plot.top() + 4.0),
            pos2(x, upper.plot.top() + 8.0),
        ];
        ui.painter_at(upper.plot).add(Shape::convex_polygon(flag, color, Stroke::NONE));
    }
}

/// Newest values at the right end.
fn newest(ui: &Ui, state: &AppState, upper: &Track, lower: &Track, p: &Palette) {
    let history = &state.run.history;
    let lanes = state.run.specs.len();
    for (track, value, is_share) in [(upper, 0, true), (lower, 1, false)] {
        let mut labels: Vec<(f32, String, egui::Color32)> = Vec::new();
        for id in [LaneId::A, LaneId::B].into_iter().take(lanes) {
            let lane = history.lane(id);
            let series = match value {
                0 => &lane.utilization_window,
                _ => lower_series(state)(lane),
            };
            let Some(bucket) = series.buckets().last() else { continue };
            let text = match is_share {
                // Nothing is quantized yet, so that no code can be in use.
                true if bucket.last <= warmup(state, id) => "–".into(),
                true => percent(bucket.mean),
                false => significant(bucket.mean),
            };
            let text = match state.is_watching() {
                true => text,
                false => format!("{} {text}", id.name().to_uppercase()),
            };
            labels.push((track.y(bucket.mean), text, p.lane(id)));
        }
        let least = size::BODY + 2.0;
        // Labels stay apart and within their chart: from below, then from above.
        let (top, bottom) = (track.plot.top() + least / 2.0, track.plot.bottom() - least / 2.0);
        labels.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut limit = bottom;
        for label in labels.iter_mut().rev() {
            label.0 = label.0.min(limit);
            limit = label.0 - least;
        }
        let mut limit = top;
        for label in &mut labels {
            label.0 = label.0.max(limit);
            limit = label.0 + least;
        }
        for (y, text, color) in labels {
            let at = pos2(track.plot.right() + 6.0, y);
            ui.painter().text(at, Align2::LEFT_CENTER, text, theme::bold(size::BODY), color);
        }
    }
}

fn hover(ui: &Ui, state: &AppState, plot: Rect, track: &Track, p: &Palette) {
    let response = ui.interact(plot, ui.scope_id().with("timeline"), Sense::hover());
    let Some(pointer) = response.hover_pos() else { return };
    let share = f64::from((pointer.x - plot.left()) / plot.width()).clamp(0.0, 1.0);
    let step = (track.steps[0] + share * (track.steps[1] - track.steps[0])).round() as u64;
    ui.painter_at(plot).vline(pointer.x, plot.y_range(), Stroke::new(1.0, p.reference));
    let history = &state.run.history;
    let mut text = format!("step {}", count(step));
    if step > history.step {
        text += " (not reached yet)";
    } else {
        for spec in &state.run.specs {
            let lane = history.lane(spec.id);
            let at = |series: &Series, f: fn(f64) -> String| {
                series.at(step).map_or("–".into(), |b| f(b.mean))
            };
            if state.is_watching() {
                text += &format!(
                    ": {} used, perplexity {}",
                    at(&lane.utilization_window, percent),
                    at(&lane.perplexity_batch, significant)
                );
                continue;
            }
            let used = match step <= spec.warmup && spec.warmup > 0 {
                true => "no quantization yet".into(),
                false => format!(
                    "window {}, full set {}",
                    at(&lane.utilization_window, percent),
                    at(&lane.utilization, percent)
                ),
            };
            // Of the step itself, or with the step that it is of.
            let of = lane.recon_mse.at(step).filter(|bucket| bucket.last != step);
            let of = of.map_or(String::new(), |b| format!(" (full set of step {})", count(b.last)));
            text += &format!(
                "\n{}: batch MSE {}; {used}, MSE {}{of}",
                spec.id.name().to_uppercase(),
                at(&lane.recon_loss, significant),
                at(&lane.recon_mse, significant)
            );
            let width = lane.loss.width();
            if width > 1 {
                text += &format!(" (mean of {width} steps)");
            }
        }
    }
    if step <= history.step && !state.is_watching() {
        let full = state.run.snapshot.iter().flat_map(|s| &s.lanes).find_map(|lane| lane.eval);
        let full = full.map_or("–".into(), |e| per_code(e.usage.tokens, e.usage.size));
        text += &format!("\nwindow: up to {} tokens a code; full set: {full}", room(state));
    }
    let reach = (8.0 * (track.steps[1] - track.steps[0]) / f64::from(plot.width())) as u64;
    let near = |e: &&Event| {
        e.step.abs_diff(step) <= reach && !matches!(e.kind, EventKind::Caption | EventKind::View)
    };
    for event in history.events.iter().filter(near) {
        text += &format!("\nstep {}: {}", count(event.step), event.text);
    }
    response.on_hover_text_at_pointer(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_track_puts_powers_of_ten_at_equal_distances() {
        let plot = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 30.0));
        let track = Track { plot, steps: [0.0, 200.0], values: [0.001, 1.0], is_log: true };
        assert!((track.y(0.01) - 20.0).abs() < 1e-3 && (track.y(0.1) - 10.0).abs() < 1e-3);
        assert_eq!(track.x(50.0), 25.0);
    }

    #[test]
    fn long_series_become_about_two_points_a_pixel() {
        let plot = Rect::from_min_max(pos2(0.0, 0.0), pos2(100.0, 30.0));
        let track = Track { plot, steps: [0.0, 4000.0], values: [0.0, 1.0], is_log: false };
        let mut series = Series::default();
        (1..=4000).for_each(|step| series.push(step, 0.5));
        let line = track.line(&series);
        assert!(line.len() <= 200 && line.len() >= 100, "{}", line.len());
        assert!((line[line.len() - 1].x - 100.0).abs() < 1e-3);
    }
}
