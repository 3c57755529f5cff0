//! The timeline: utilization and error of both lanes over all steps, with marks where something
//! was changed.

use egui::epaint::MarginF32;
use egui::{
    Align2, EventFilter, Key, Margin, Pos2, Rangef, Rect, Response, Sense, Shape, Stroke, Ui, pos2,
    vec2,
};

use crate::analysis::history::{Bucket, History};
use crate::figure::axis::{Axis, Scale};
use crate::palette::Palette;
use crate::record::event::{Event, EventKind};
use crate::record::judgement::Rule;
use crate::scenario::LaneId;
use crate::text::{percent, significant};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::course::Course;
use crate::ui::panes::timeline_hover::{hover, room};
use crate::ui::panes::track::{Track, dots, ends, measured, steps_axis};
use crate::ui::panes::{Pane, WindowCtx, flags, guess, spoken};
use crate::ui::state::command::UiCommand;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::text::one_line;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{Tokens, WINDOW, line, radius, space, tokens};
use crate::words;

/// Room around the charts in type of 12 points: above for their names, and for half of the marks of the
/// story's texts; at the sides for values; below for steps.
const MARGIN: Margin = Margin { left: 46, right: 96, top: 21, bottom: 17 };

/// The room around the charts.
fn margins(ui: &Ui) -> MarginF32 {
    MarginF32::from(MARGIN) * (tokens(ui).small / WINDOW.small)
}

/// The timeline.
#[derive(Default)]
pub struct TimelinePane {
    /// Where a drag with Shift began.
    loop_anchor: Option<u64>,
}

impl Pane for TimelinePane {
    type Ctx<'a> = Course<'a>;

    fn id(&self) -> PaneId {
        PaneId::Timeline
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> Course<'a> {
        Course::of(window)
    }

    fn ui(&mut self, ui: &mut Ui, run: Course<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let terms = run.shown.stage.terms();
        let p = palette(ui);
        let (history, rule) = (run.history, run.rule);
        let margins = margins(ui);
        let plot = rect - margins;
        // What is drawn into has all the room: there is no error to be seen then.
        let is_drawn = run.lesson.is_drawn();
        let share = if is_drawn { 1.0 } else { 0.5 };
        let middle = plot.top() + plot.height() * share;
        let gap = if is_drawn { 0.0 } else { 3.0 };
        let upper = Rect::from_x_y_ranges(plot.x_range(), Rangef::new(plot.top(), middle - gap));
        let lower = Rect::from_x_y_ranges(plot.x_range(), Rangef::new(middle + gap, plot.bottom()));
        let steps = Axis::numbers(run.last() as f64);
        let use_track = Track { plot: upper, steps, values: Axis::shares() };
        let error_track = Track { plot: lower, steps, values: errors(&run) };
        let painter = ui.painter().clone();
        for track in [&use_track, &error_track] {
            painter.rect_filled(track.plot, radius::SMALL, p.canvas);
        }
        steps_axis(ui, &use_track, &error_track, p);
        let small = theme::font(tokens(ui).small);
        ends(ui, &use_track, p);
        if !is_drawn {
            ends(ui, &error_track, p);
        }
        marks(ui, &run.history.events, &use_track, &error_track, p);
        // What another run came to would give an answer away.
        for other in run.others.iter().filter(|_| !run.lesson.covers_others()) {
            ghosts(ui, *other, rule, &use_track, &error_track, p);
        }
        for id in [LaneId::A, LaneId::B] {
            let (lane, color) = (history.lane(id), p.lane(id));
            let stroke = Stroke::new(line::CURVE, color);
            let first = run.warmup(id).map_or(0, |last| last + 1);
            let used = use_track.line_after(lane.counted_by(rule), first);
            ui.painter_at(upper).add(Shape::line(used, stroke));
            ui.painter_at(lower).add(Shape::line(
                error_track.line(&lane.recon_loss),
                Stroke::new(line::HAIR, color.gamma_multiply(0.45)),
            ));
            let changes = history.changes(id);
            measured(ui, &error_track, &error_track.lines((terms.below)(lane), &changes), stroke);
            if terms.has_dots || rule == Some(Rule::Seen) {
                dots(ui, &use_track, &use_track.line(lane.counted_by(rule)), color);
            }
        }
        let (use_name, error_name) = names(&run);
        // Outside of the charts, where no curve runs through them.
        let upper_name = painter.text(
            plot.left_top() - vec2(0.0, margins.top),
            Align2::LEFT_TOP,
            use_name,
            small.clone(),
            p.weak,
        );
        if !is_drawn {
            let room = plot.right() - upper_name.right() - space::L;
            let galley = one_line(ui, error_name, small, p.weak, room);
            painter.galley(pos2(plot.right() - galley.size().x, rect.top()), galley, p.weak);
        }
        guess::beside(ui, &run, &use_track, p);
        newest(ui, &run, &use_track, &error_track, p);
        playhead(ui, &run, plot, &use_track, p);
        if is_drawn {
            guess::draw(ui, run.lesson, &use_track, p, outbox);
        } else {
            let response = self.touch(ui, &run, plot, &use_track, outbox);
            hover(ui, &run, response, plot, &use_track, p);
        }
        guess::marks(ui, &run, plot, &use_track, p, outbox);
        flags::show(ui, &run.history.events, plot, |step| use_track.x(step), outbox);
    }
}

/// What the charts show.
fn names(run: &Course<'_>) -> (String, &'static str) {
    let (rule, shown) = (run.rule, &run.shown);
    let is_empty = run.history.lane(LaneId::A).counted_by(rule).buckets().is_empty();
    let terms = shown.stage.terms();
    let no_curve = if shown.snapshot.is_some() && is_empty { (terms.no_curve)(rule) } else { None };
    let tokens = (!shown.specs.is_empty()).then(|| room(shown.specs));
    let name = match (rule, no_curve) {
        (_, Some(why)) => why.into(),
        (Some(rule), None) => words!("timeline-above-utilization-by", rule = rule.words()),
        (None, None) => match tokens.as_deref() {
            Some(tokens) if run.lesson.is_drawn() => {
                words!("timeline-utilization-training-tokens-a", tokens = tokens)
            }
            tokens => (terms.above_name)(tokens),
        },
    };
    // Where nothing was counted there is no perplexity either.
    let below = match no_curve {
        Some(_) if rule.is_none() => "",
        _ => (terms.below_name)(),
    };
    (name, below)
}

/// The pinned step, and the part that is played in a loop.
fn playhead(ui: &Ui, run: &Course<'_>, plot: Rect, track: &Track, p: &Palette) {
    let painter = ui.painter_at(plot.expand2(vec2(8.0, 0.0)));
    if let Some((from, to)) = run.loop_range {
        let part = Rect::from_x_y_ranges(
            Rangef::new(track.x(from as f64), track.x(to as f64)),
            plot.y_range(),
        );
        painter.rect_filled(part, 0.0, p.restart.gamma_multiply(0.14));
    }
    kept(&run.kept, &painter, track, plot, p);
    if !run.is_pinned {
        return;
    }
    let x = track.x(run.shown.step as f64);
    painter.vline(x, plot.y_range(), Stroke::new(line::CURVE, p.restart));
    for (y, down) in [(plot.top(), 1.0), (plot.bottom(), -1.0)] {
        let points = vec![pos2(x - 6.0, y), pos2(x + 6.0, y), pos2(x, y + 8.0 * down)];
        painter.add(Shape::convex_polygon(points, p.restart, Stroke::NONE));
    }
}

/// Ticks between the charts at the steps that can be looked at, where they lie apart.
fn kept(steps: &[u64], painter: &egui::Painter, track: &Track, plot: Rect, p: &Palette) {
    const APART: f32 = 3.0;
    let y = Rangef::new(plot.center().y - 2.5, plot.center().y + 2.5);
    let mut free = f32::NEG_INFINITY;
    for x in steps.iter().map(|step| track.x(*step as f64)) {
        if x >= free {
            painter.vline(x, y, Stroke::new(line::HAIR, p.weak));
            free = x + APART;
        }
    }
}

impl TimelinePane {
    /// A click or a drag pins the step under the pointer; with Shift a drag chooses the part to loop.
    fn touch(
        &mut self,
        ui: &Ui,
        run: &Course<'_>,
        plot: Rect,
        track: &Track,
        outbox: &mut Outbox,
    ) -> Response {
        let id = ui.scope_id().with("timeline");
        let response = ui.interact(plot, id, Sense::click_and_drag());
        spoken::say(&response, || spoken::timeline(run));
        theme::focus_ring(ui, &response);
        keys(ui, &response, outbox);
        let Some(pointer) = response.interact_pointer_pos() else { return response };
        let step = track.step_at(pointer);
        let has_shift = ui.input(|i| i.modifiers.shift);
        if response.drag_started() {
            self.loop_anchor = has_shift.then_some(step);
        }
        match self.loop_anchor {
            Some(anchor) if response.dragged() => {
                outbox.ask(Wish::Loop(anchor.min(step), anchor.max(step)));
            }
            _ if response.clicked() || response.dragged() => outbox.ask(Wish::Look(step)),
            _ => {}
        }
        response
    }
}

/// Arrows, Home and End mean steps while the timeline has the focus as well, which they do without.
fn keys(ui: &Ui, response: &Response, outbox: &mut Outbox) {
    if !response.has_focus() {
        return;
    }
    let arrows = EventFilter { horizontal_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    // With Alt they go through the stages of one step.
    if ui.input(|input| input.modifiers.alt) {
        return;
    }
    let has_shift = ui.input(|input| input.modifiers.shift_only());
    for (key, command) in [
        (Key::ArrowLeft, if has_shift { UiCommand::FarBack } else { UiCommand::Back }),
        (Key::ArrowRight, if has_shift { UiCommand::FarForward } else { UiCommand::Forward }),
        (Key::Home, UiCommand::First),
        (Key::End, UiCommand::Follow),
    ] {
        let presses = ui.input(|input| input.num_presses(key));
        (0..presses).for_each(|_| outbox.command(command));
    }
}

/// The curves of the run that this one was forked from, from the step at which they part.
fn ghosts(
    ui: &Ui,
    (parent, fork): (&History, u64),
    rule: Option<Rule>,
    upper: &Track,
    lower: &Track,
    p: &Palette,
) {
    for id in [LaneId::A, LaneId::B] {
        let (lane, color) = (parent.lane(id), p.lane(id).gamma_multiply(0.5));
        let pieces = lower.lines(&lane.recon_mse, &parent.changes(id));
        for (track, lines) in [(upper, vec![upper.line(lane.counted_by(rule))]), (lower, pieces)] {
            let after = track.x(fork as f64);
            for line in lines {
                let line: Vec<Pos2> = line.into_iter().filter(|q| q.x >= after).collect();
                let dashes = Shape::dashed_line(&line, Stroke::new(line::THIN, color), 4.0, 3.0);
                ui.painter_at(track.plot).extend(dashes);
            }
        }
    }
}

/// The axis of the lower chart, around all that was measured.
fn errors(run: &Course<'_>) -> Axis {
    let (lanes, terms) = (run.of_axes.lanes.iter(), run.shown.stage.terms());
    let buckets = lanes
        .flat_map(|lane| (terms.below)(lane).buckets().iter().chain(lane.recon_loss.buckets()));
    let (low, high) = terms.below_ends;
    let usual = Axis { scale: Scale::Log, ..Axis::linear(low, high) };
    Axis::log(buckets.map(|bucket| bucket.mean), 1e-9).unwrap_or(usual)
}

/// Marks where something was changed; the story's captions are small ticks at the upper edge.
fn marks(ui: &Ui, events: &[Event], upper: &Track, lower: &Track, p: &Palette) {
    for event in events {
        let x = upper.x(event.step as f64);
        let color = match event.kind {
            EventKind::Change => event.lane.map_or(p.text, |id| p.lane(id)),
            EventKind::Unreadable | EventKind::Refused => p.error,
            // What detectors raised is drawn above everything else.
            _ => continue,
        };
        for track in [upper, lower] {
            let ends = [pos2(x, track.plot.top()), pos2(x, track.plot.bottom())];
            let dashes = Shape::dashed_line(&ends, Stroke::new(line::THIN, color), 3.0, 2.0);
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
fn newest(ui: &Ui, run: &Course<'_>, upper: &Track, lower: &Track, p: &Palette) {
    let (history, lanes) = (run.history, run.shown.specs.len());
    let charts = [(upper, 0, true), (lower, 1, false)];
    // Where a curve is drawn there is one chart.
    for (track, value, is_share) in charts.into_iter().filter(|(t, ..)| t.plot.is_positive()) {
        let mut labels: Vec<(f32, String, egui::Color32)> = Vec::new();
        for id in [LaneId::A, LaneId::B].into_iter().take(lanes) {
            let lane = history.lane(id);
            let series = match value {
                0 => lane.counted_by(run.rule),
                _ => (run.shown.stage.terms().below)(lane),
            };
            let Some(bucket) = series.buckets().last() else { continue };
            let text = match is_share {
                true => share(bucket, run.warmup(id)),
                false => significant(bucket.mean),
            };
            let text = run.shown.prefix(id, " ") + &text;
            labels.push((track.y(bucket.mean), text, p.lane(id)));
        }
        // Two of them in a chart: in smaller type where it is low.
        let Tokens { small, body, .. } = *tokens(ui);
        let size = if track.plot.height() < 2.0 * (body + space::XS) { small } else { body };
        let least = size + 2.0;
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
            ui.painter().text(at, Align2::LEFT_CENTER, text, theme::bold(size), color);
        }
    }
}

/// The newest share of codes in use; while nothing is quantized none can be in use.
fn share(bucket: &Bucket, warmup: Option<u64>) -> String {
    match warmup {
        Some(last) if bucket.last <= last => "–".into(),
        _ => percent(bucket.mean),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_step_0_has_its_share_and_a_run_has_none_yet() {
        let first = Bucket { first: 0, last: 0, min: 0.51, mean: 0.51, max: 0.51, count: 1 };
        assert_eq!(share(&first, Some(0)), "–");
        assert_eq!(share(&first, None), "51 %");
    }
}
