//! Flags: what the detectors raised, as marks on the timeline that can be clicked.

use egui::{
    Align2, Color32, CursorIcon, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::detect;
use crate::record::event::{Event, EventKind};
use crate::text::count;
use crate::ui::panes::topics::Topic;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius};
use crate::words;

/// Side of a flag.
const SIDE: f32 = 13.0;

/// What a flag says when the pointer rests on it: what happened, and by which rule.
pub fn hint(event: &Event) -> String {
    let definition = detect::files::definition_of(event).unwrap_or_default();
    let happened = words!("events-at-step", step = count(event.step), what = event.sentence());
    format!("{happened}\n\n{definition}")
}

/// Where the left edges of flags lie whose poles stand at `poles`, rising: beside each other where
/// they would lie on one another, and within the chart.
fn places(poles: &[f32], right: f32) -> Vec<f32> {
    let mut free = f32::NEG_INFINITY;
    let mut all: Vec<f32> = poles
        .iter()
        .map(|&pole| {
            let at = pole.max(free);
            free = at + SIDE + 1.0;
            at
        })
        .collect();
    let mut limit = right - SIDE;
    for at in all.iter_mut().rev() {
        *at = at.min(limit);
        limit = *at - SIDE - 1.0;
    }
    all
}

/// Draws the flags at the upper edge of `plot`; a click pins the step.
pub fn show(ui: &Ui, events: &[Event], plot: Rect, x: impl Fn(f64) -> f32, outbox: &mut Outbox) {
    let p = palette(ui);
    let mut flags: Vec<&Event> = events.iter().filter(|e| e.kind.is_flag()).collect();
    flags.sort_by_key(|e| e.step);
    let poles: Vec<f32> = flags.iter().map(|e| x(e.step as f64)).collect();
    for (n, (event, at)) in flags.iter().zip(places(&poles, plot.right())).enumerate() {
        let rect = Rect::from_min_size(pos2(at, plot.top() + 1.0), vec2(SIDE, SIDE));
        Topic::Flags.put(ui, rect);
        let id = ui.scope_id().with(("flag", n));
        let response =
            ui.interact(rect, id, Sense::click()).on_hover_cursor(CursorIcon::PointingHand);
        let name = words!("flags-at-step", kind = event.kind.words(), step = event.step);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &name));
        let color = event.lane.map_or(p.text, |id| p.lane(id));
        let is_marked = response.hovered() || response.has_focus();
        let width = if is_marked { line::CURVE } else { line::HAIR };
        let painter = ui.painter_at(plot);
        painter.vline(poles[n], plot.y_range(), Stroke::new(width, color));
        painter.rect_filled(rect, radius::SMALL, color);
        painter.add(sign(event.kind, rect, p.on_lane));
        if response.clicked() {
            outbox.ask(Wish::LookAtEvent(event.step));
        }
        response.on_hover_text(hint(event));
    }
}

/// Draws a flag beside a line of text.
pub fn paint(ui: &Ui, rect: Rect, event: &Event) {
    let p = palette(ui);
    let color = event.lane.map_or(p.text, |id| p.lane(id));
    let rect = Align2::CENTER_CENTER.align_size_within_rect(vec2(SIDE, SIDE), rect);
    ui.painter().rect_filled(rect, radius::SMALL, color);
    ui.painter().add(sign(event.kind, rect, p.on_lane));
}

/// The sign of a kind of flag: down, up, full, away, nothing, broken.
fn sign(kind: EventKind, rect: Rect, color: Color32) -> Shape {
    let (c, r) = (rect.center(), SIDE / 2.0 - 3.0);
    let at = |x: f32, y: f32| c + vec2(x * r, y * r);
    let stroke = Stroke::new(line::CURVE, color);
    let line = |from: Pos2, to: Pos2| Shape::line_segment([from, to], stroke);
    let filled = |points: Vec<Pos2>| Shape::convex_polygon(points, color, Stroke::NONE);
    match kind {
        EventKind::Collapse => filled(vec![at(-1.0, -0.7), at(1.0, -0.7), at(0.0, 0.9)]),
        EventKind::Recovery => filled(vec![at(-1.0, 0.7), at(0.0, -0.9), at(1.0, 0.7)]),
        EventKind::Saturation => Shape::circle_filled(c, 0.9 * r, color),
        EventKind::Runaway => Shape::Vec(vec![
            line(at(-0.9, 0.9), at(0.9, -0.9)),
            line(at(-0.1, -0.9), at(0.9, -0.9)),
            line(at(0.9, -0.9), at(0.9, 0.1)),
        ]),
        EventKind::LearnsNothing => Shape::Vec(vec![
            Shape::circle_stroke(c, 0.8 * r, stroke),
            line(at(-0.9, 0.9), at(0.9, -0.9)),
        ]),
        EventKind::Diverged => {
            Shape::Vec(vec![line(at(-0.8, -0.8), at(0.8, 0.8)), line(at(-0.8, 0.8), at(0.8, -0.8))])
        }
        EventKind::Change
        | EventKind::View
        | EventKind::Caption
        | EventKind::Guess
        | EventKind::Pen
        | EventKind::Unreadable
        | EventKind::Refused => Shape::Noop,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_lie_beside_each_other_and_within_the_chart() {
        assert_eq!(places(&[10.0, 50.0], 200.0), [10.0, 50.0]);
        assert_eq!(places(&[10.0, 12.0, 13.0], 200.0), [10.0, 24.0, 38.0]);
        assert_eq!(places(&[190.0, 199.0], 200.0), [173.0, 187.0]);
    }

    #[test]
    fn every_flag_has_a_sign_and_a_definition() {
        let rect = Rect::from_min_size(pos2(0.0, 0.0), vec2(SIDE, SIDE));
        for kind in EventKind::ALL {
            let is_drawn = sign(kind, rect, Color32::WHITE) != Shape::Noop;
            assert_eq!(is_drawn, kind.is_flag(), "{kind:?}");
            assert_eq!(detect::definition(kind).is_some(), kind.is_flag(), "{kind:?}");
        }
    }
}
