//! What is told before a room: the story's text, what is typed in its place, what a change did, notes,
//! and what was done.

use std::sync::Arc;

use egui::{Align2, Galley, Rect, Role, Stroke, Ui, pos2, vec2};

use crate::palette::Palette;
use crate::text::lines;
use crate::ui::layout::audience::{Audience, CAPTION, PROGRESS, Texts};
use crate::ui::panes::spoken;
use crate::ui::state::AppState;
use crate::ui::state::presenter::{Entry, Notes};
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{WINDOW, line, radius, space, tokens};
use crate::words;

/// Which texts there are before a room, and how high they are.
pub fn texts(ui: &Ui, state: &AppState, full: Rect) -> Texts {
    let typed = state.presenter().and_then(|presenter| typed(&presenter.entry));
    let text = || story(ui, state, Audience::inside(full).width()).1.size().y;
    Texts {
        caption: typed.map_or_else(text, |_| CAPTION),
        has_change: state.told_of_change().is_some(),
        has_notes: state.presenter().is_some_and(|presenter| presenter.notes == Notes::Below),
    }
}

/// What is typed, or the text of the story.
pub fn caption(ui: &Ui, state: &AppState, rect: Rect, p: &Palette) {
    match state.presenter().and_then(|presenter| typed(&presenter.entry)) {
        Some(typed) => entry(ui, &typed, rect, p),
        None => text(ui, state, rect, p),
    }
}

/// The text of the story, or its question, in the largest type in which two lines hold it; a long text
/// in a narrow window takes three.
fn story(ui: &Ui, state: &AppState, width: f32) -> (String, Arc<Galley>) {
    let about = || state.running().about.spoken().to_string();
    let text = state.run.caption().unwrap_or_else(about);
    let (t, color) = (tokens(ui), palette(ui).text);
    let layout = |size: f32, rows: usize| {
        let mut job = egui::text::LayoutJob::simple(lines(&text), theme::font(size), color, width);
        job.wrap.max_rows = rows;
        ui.painter().layout_job(job)
    };
    let galley = [t.headline, t.title, t.body]
        .into_iter()
        .map(|size| layout(size, 2))
        .find(|galley| !galley.elided && galley.size().y <= CAPTION)
        .unwrap_or_else(|| layout(t.body, 3));
    (text, galley)
}

fn text(ui: &Ui, state: &AppState, rect: Rect, p: &Palette) {
    let (text, galley) = story(ui, state, rect.width());
    let at = pos2(rect.left(), rect.center().y - galley.size().y / 2.0);
    ui.painter_at(rect).galley(at, galley, p.text);
    spoken::put(ui, rect, ("present-caption", Role::Paragraph), || {
        words!("spoken-caption", text = lines(&text))
    });
}

/// What came of something that was changed, in two lines at most.
pub fn change(ui: &Ui, state: &AppState, rect: Rect, p: &Palette) {
    let Some(text) = state.told_of_change().map(|sentence| sentence.text.as_str()) else { return };
    ui.painter().rect_filled(rect, radius::CARD, p.canvas);
    let inside = rect.shrink2(vec2(space::M, 0.0));
    let font = theme::font(tokens(ui).body);
    let mut job = egui::text::LayoutJob::simple(text.into(), font, p.text, inside.width());
    job.wrap.max_rows = 2;
    let galley = ui.painter().layout_job(job);
    let at = Align2::LEFT_CENTER.anchor_size(inside.left_center(), galley.size());
    ui.painter().galley(at.min, galley, p.text);
    spoken::put(ui, rect, ("present-change", Role::Status), || text.into());
}

/// Digits that are being typed, and what for.
fn typed(entry: &Entry) -> Option<String> {
    Some(match entry {
        Entry::None => return None,
        Entry::GoTo(digits) => words!("present-go-to", digits = digits),
        Entry::Number(digits) => words!("present-guess", digits = digits),
        Entry::Hands(choice, digits) => {
            words!("present-hands", choice = choice + 1, digits = digits)
        }
    })
}

/// What is typed stands in the place of the story's text.
fn entry(ui: &Ui, text: &str, rect: Rect, p: &Palette) {
    let frame = Stroke::new(line::CURVE, p.text);
    let painter = ui.painter();
    painter.rect(rect, radius::CARD, p.canvas, frame, egui::StrokeKind::Inside);
    let font = theme::bold(tokens(ui).title);
    painter.text(rect.center(), Align2::CENTER_CENTER, text, font, p.text);
    spoken::put(ui, rect, ("present-entry", Role::Status), || text.into());
}

/// The note of the beat that stands there, in the speaker's own type.
pub fn notes(ui: &Ui, state: &AppState, rect: Rect, p: &Palette) {
    let note = state.run.lesson.current().and_then(|(_, beat)| beat.note.clone());
    let text = note.map_or(String::new(), |note| lines(&state.told(&note)));
    ui.painter().rect_filled(rect, radius::CARD, p.canvas);
    let font = theme::font(WINDOW.headline);
    let galley = ui.painter().layout(text.clone(), font, p.weak, rect.width() - space::XL);
    ui.painter_at(rect).galley(rect.min + vec2(space::M, space::S), galley, p.weak);
    spoken::put(ui, rect, ("present-notes", Role::Note), || match text.is_empty() {
        true => words!("spoken-no-note").into(),
        false => words!("spoken-notes", text = text),
    });
}

/// What was done, or could not be done, where no window of the speaker's says it: in a frame over
/// everything else.
pub fn said(ui: &Ui, state: &AppState, full: Rect, p: &Palette) {
    let Some(text) = state.said() else { return };
    let font = theme::font(tokens(ui).body);
    let text = readable(ui, text, &font).into_owned();
    let painter = ui.painter();
    let galley = painter.layout(text.clone(), font, p.text, full.width() * 0.8);
    let at = full.center_bottom() - vec2(0.0, PROGRESS + 2.0 * space::XL);
    let place = Align2::CENTER_BOTTOM.anchor_size(at, galley.size());
    spoken::put(ui, place, ("present-said", Role::Status), || text.clone());
    let stroke = Stroke::new(line::CURVE, p.text);
    let outside = egui::StrokeKind::Outside;
    painter.rect(place.expand(space::M), radius::CARD, p.canvas, stroke, outside);
    painter.galley(place.min, galley, p.text);
}
