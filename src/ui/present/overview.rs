//! All beats of the story at a glance.

use egui::{Align2, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2};

use crate::scenario::BeatKind;
use crate::text::{count, lines};
use crate::ui::panes::spoken;
use crate::ui::state::AppState;
use crate::ui::state::story::called;
use crate::ui::widgets::text::one_line;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of a row.
const ROW: f32 = 46.0;

/// Draws the beats in the order of telling; a click goes to one that was told.
pub fn show(ui: &Ui, state: &mut AppState, full: Rect) {
    let (p, t) = (palette(ui), tokens(ui));
    let inside = full.shrink(space::XL);
    let painter = ui.painter();
    let title = called(state.running(), &state.run.lesson).to_string();
    let place = painter.text(inside.min, Align2::LEFT_TOP, &title, theme::bold(t.headline), p.text);
    spoken::put(ui, place, ("present-overview", Role::Heading), || title.clone());
    let rows = state.run.lesson.in_order();
    let most = ((inside.height() - ROW - space::L) / ROW).max(1.0) as usize;
    // The one that stands there is among those that fit.
    let now = state.run.lesson.current().map_or(0, |(number, _)| number);
    let at = rows.iter().position(|(number, _)| *number == now).unwrap_or(0);
    let first = (at + 1).saturating_sub(most);
    let mut wanted = None;
    for (row, &(number, step)) in rows.iter().enumerate().skip(first).take(most) {
        let beat = &state.run.lesson.beats()[number];
        let is_told = state.run.lesson.was_told(number);
        let y = inside.top() + ROW + space::L + (row - first) as f32 * ROW;
        let rect =
            Rect::from_min_size(pos2(inside.left(), y), vec2(inside.width(), ROW - space::XS));
        let response = ui.interact(rect, ui.scope_id().with(("beat-row", number)), Sense::click());
        if number == now || response.hovered() {
            let stroke = Stroke::new(line::THIN, p.text);
            painter.rect(rect, radius::CONTROL, p.canvas, stroke, StrokeKind::Inside);
        }
        let kind = match beat.kind {
            BeatKind::Say => "",
            BeatKind::Ask | BeatKind::Recall => "? ",
            BeatKind::Do => "! ",
        };
        // What was not told yet would give answers away.
        let text = match (is_told, beat.kind) {
            (true, _) => lines(&state.told(&beat.text)),
            (false, BeatKind::Say) => words!("lesson-beat-ahead", step = count(step)),
            (false, _) => words!("present-question-ahead", step = count(step)),
        };
        let color = if is_told { p.text } else { p.weak };
        let words = format!("{}  {kind}{text}", row + 1);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, is_told, words.clone()));
        let galley = one_line(ui, &words, theme::font(t.small), color, rect.width() - space::L);
        painter.galley(rect.left_center() + vec2(space::S, -galley.size().y / 2.0), galley, color);
        if response.clicked() {
            wanted = Some(row);
        }
    }
    if let Some(row) = wanted {
        state.go_to_beat(row);
        if let Some(presenter) = state.presenter_mut() {
            presenter.is_overview = false;
        }
    }
}
