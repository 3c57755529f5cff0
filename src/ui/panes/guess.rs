//! Guesses on the timeline: drawn over the empty chart, and beside what happened.

use egui::{Align2, Color32, CursorIcon, Mesh, Pos2, Rect, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::analysis::history::History;
use crate::lesson::Lesson;
use crate::lesson::answer::{Answer, Curve};
use crate::palette::Palette;
use crate::scenario::{Beat, BeatKind};
use crate::text::{count, lines};
use crate::ui::panes::course::Course;
use crate::ui::panes::track::Track;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line as weight, radius, space, tokens};
use crate::words;

/// Half the side of a mark of a beat.
const MARK: f32 = 3.5;

/// The chart that waits for a curve: the curves drawn so far, and the one under the pointer.
pub fn draw(ui: &Ui, lesson: &Lesson, track: &Track, p: &Palette, outbox: &mut Outbox) {
    let Some((_, beat)) = lesson.current() else { return };
    let (draft, until) = (lesson.draft(), lesson.until(beat));
    let color = draft.curves.get(draft.now).map_or(p.text, |curve| p.lane(curve.lane));
    let painter = ui.painter_at(track.plot);
    painter.rect_stroke(
        track.plot,
        radius::SMALL,
        Stroke::new(weight::CURVE, color),
        egui::StrokeKind::Inside,
    );
    for curve in &draft.curves {
        line(ui, track, curve, p, 1.25 * weight::CURVE);
    }
    let is_empty = draft.curves.iter().all(|curve| curve.points.is_empty());
    if is_empty {
        let text = words!("lesson-draw-here");
        let galley = painter.layout_no_wrap(text.into(), theme::font(tokens(ui).body), p.weak);
        let place = Align2::CENTER_CENTER.anchor_size(track.plot.center(), galley.size());
        // What was trained before lies behind it.
        painter.rect_filled(place.expand(space::XS), radius::SMALL, p.canvas);
        painter.galley(place.min, galley, p.weak);
    }
    let response = ui.interact(track.plot, ui.scope_id().with("guess"), Sense::drag());
    let response = response.on_hover_cursor(CursorIcon::Crosshair);
    let Some(pointer) = response.interact_pointer_pos() else { return };
    let from = (!response.drag_started())
        .then(|| response.drag_delta())
        .filter(|delta| *delta != vec2(0.0, 0.0))
        .map(|delta| point(track, pointer - delta, until).0);
    outbox.ask(Wish::Draw { from, point: point(track, pointer, until) });
}

/// Step and share under a place, within what is asked about.
fn point(track: &Track, at: Pos2, until: u64) -> (f64, f64) {
    let at = track.plot.clamp(at);
    let share = f64::from((track.plot.bottom() - at.y) / track.plot.height());
    (track.step_at(at).min(until) as f64, track.values.at(share).clamp(0.0, 1.0))
}

fn line(ui: &Ui, track: &Track, curve: &Curve, p: &Palette, width: f32) {
    let places: Vec<Pos2> =
        curve.points.iter().map(|&(step, value)| pos2(track.x(step), track.y(value))).collect();
    let stroke = Stroke::new(width, p.lane(curve.lane).gamma_multiply(0.8));
    let painter = ui.painter_at(track.plot.expand(2.0));
    match places[..] {
        [only] => drop(painter.circle_filled(only, width, stroke.color)),
        _ => painter.extend(Shape::dashed_line(&places, stroke, 6.0, 4.0)),
    }
}

/// The newest guess beside what happens: its curve or its mark, with the gap shaded.
pub fn beside(ui: &Ui, run: &Course<'_>, track: &Track, p: &Palette) {
    let lesson = run.lesson;
    let newest = lesson.open_guess().map(|(number, ..)| number);
    let Some(number) = newest.or_else(|| lesson.newest_truth().map(|(number, _)| number)) else {
        return;
    };
    let (beat, Some(answer)) = (&lesson.beats()[number], lesson.answer(number)) else { return };
    match answer {
        Answer::Curves(curves) => {
            for curve in curves {
                gap(ui, run.history, track, curve, lesson.until(beat), p);
                line(ui, track, curve, p, weight::CURVE);
            }
        }
        Answer::Number(number) => number_mark(ui, lesson, beat, *number, track, p),
        Answer::Choice(_) | Answer::Left => {}
    }
}

/// A guessed share as a mark at the step that it is about, joined to what is true.
fn number_mark(ui: &Ui, lesson: &Lesson, beat: &Beat, guess: f64, track: &Track, p: &Palette) {
    let Some((of, lane)) = beat.of.and_then(|of| Some((of, of.lane?))) else { return };
    if !of.metric.is_share() {
        return;
    }
    let (at, color) = (pos2(track.x(lesson.until(beat) as f64), track.y(guess)), p.lane(lane));
    let painter = ui.painter_at(track.plot.expand(4.0));
    let number = lesson.beats().iter().position(|other| std::ptr::eq(other, beat));
    if let Some(truth) = number.and_then(|number| lesson.truth(number, lane)) {
        let stroke = Stroke::new(2.0 * weight::CURVE, color.gamma_multiply(0.35));
        painter.line_segment([at, pos2(at.x, track.y(truth))], stroke);
    }
    painter.circle_stroke(at, 4.5, Stroke::new(weight::CURVE, color));
}

/// Shades what lies between a guess and the curve of the run so far.
fn gap(ui: &Ui, history: &History, track: &Track, curve: &Curve, until: u64, p: &Palette) {
    let color: Color32 = p.lane(curve.lane).gamma_multiply(0.22);
    let series = &history.lane(curve.lane).utilization_window;
    let mut mesh = Mesh::default();
    let most = track.plot.width().max(1.0) as usize;
    for (step, value) in series.points(most).filter(|(step, _)| *step <= until) {
        let Some(guess) = curve.at(step as f64) else { return };
        let x = track.x(step as f64);
        mesh.colored_vertex(pos2(x, track.y(value)), color);
        mesh.colored_vertex(pos2(x, track.y(guess)), color);
        let n = mesh.vertices.len() as u32;
        if n >= 4 {
            mesh.add_triangle(n - 4, n - 3, n - 2);
            mesh.add_triangle(n - 3, n - 2, n - 1);
        }
    }
    ui.painter_at(track.plot).add(mesh);
}

/// Marks of the story's beats along the upper edge of the chart; those that were told can be gone to.
pub fn marks(
    ui: &Ui,
    run: &Course<'_>,
    plot: Rect,
    track: &Track,
    p: &Palette,
    outbox: &mut Outbox,
) {
    for (number, at, beat) in run.lesson.places() {
        let is_told = run.lesson.was_told(number);
        let place = pos2(track.x(at as f64), plot.top());
        let rect = Rect::from_center_size(place, vec2(4.0 * MARK, 4.0 * MARK));
        let color = if is_told { p.text } else { p.reference };
        let painter = ui.painter();
        match beat.kind {
            BeatKind::Say => drop(painter.circle_filled(place, MARK, color)),
            BeatKind::Ask | BeatKind::Recall | BeatKind::Do => {
                painter.circle_filled(place, MARK + 1.0, p.canvas);
                let _ = painter.circle_stroke(place, MARK + 1.0, Stroke::new(weight::THIN, color));
            }
        }
        let id = ui.scope_id().with(("beat", number));
        let response = ui.interact(rect, id, Sense::click());
        // What was not told yet would give the answer away.
        let text = match is_told {
            true => lines(&run.shown.told(&beat.text, run.history)),
            false => words!("lesson-beat-ahead", step = count(at)),
        };
        let name = text.clone();
        response.widget_info(move || {
            egui::WidgetInfo::labeled(egui::Role::Button, is_told, name.clone())
        });
        if response.on_hover_text(text).clicked() && is_told {
            outbox.ask(Wish::LookAtEvent(at));
        }
    }
}
