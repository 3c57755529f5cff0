//! Texts that fit into the room there is.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Sense, Ui, pos2, vec2};

use crate::ui::widgets::theme::{self, palette, size};

/// A line of text in the first of some sizes in which it fits into a width, if there is one.
pub fn fitting(
    painter: &Painter,
    text: &str,
    sizes: [f32; 3],
    width: f32,
    color: Color32,
) -> Option<Arc<Galley>> {
    let layout = |size| painter.layout_no_wrap(text.into(), theme::font(size), color);
    sizes.into_iter().map(layout).find(|galley| galley.size().x <= width)
}

/// Paints the first wording that fits into a width; the last one if none does.
pub fn first_that_fits(
    painter: &Painter,
    at: Pos2,
    anchor: Align2,
    width: f32,
    font: FontId,
    color: Color32,
    wordings: &[String],
) {
    let layout = |text: &String| painter.layout_no_wrap(text.clone(), font.clone(), color);
    let fitting = wordings.iter().map(layout).find(|galley| galley.size().x <= width);
    if let Some(galley) = fitting.or_else(|| wordings.last().map(layout)) {
        painter.galley(anchor.anchor_size(at, galley.size()).min, galley, color);
    }
}

/// A small word that says when a setting acts.
pub fn tag(ui: &mut Ui, is_live: bool) {
    let p = palette(ui);
    let (text, color, hint) = if is_live {
        ("live", p.live, "Acts at the next step")
    } else {
        ("restart", p.restart, "Acts at the next restart; moving it changes nothing before")
    };
    let (rect, response) = ui.allocate_exact_size(vec2(40.0, 14.0), Sense::hover());
    ui.painter().text(
        rect.right_center(),
        Align2::RIGHT_CENTER,
        text,
        theme::font(size::SMALL - 1.0),
        color,
    );
    response.on_hover_text(hint);
}

/// A line of text that ends in "…" where it is longer than the room.
pub fn one_line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.into(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}

/// A bold line over a smaller one, at the left of a place.
pub fn two_lines(ui: &Ui, rect: Rect, [upper, lower]: [(String, Color32); 2]) {
    let lines = [(upper, theme::bold(size::BODY), -15.0), (lower, theme::font(size::SMALL), 0.5)];
    for ((text, color), font, y) in lines {
        let galley = one_line(ui, &text, font, color, rect.width());
        ui.painter().galley(pos2(rect.left(), rect.center().y + y), galley, color);
    }
}

/// A part of the bar: what it says, and what stands under the pointer.
pub struct Part {
    /// What it says.
    pub text: String,
    /// In which colour.
    pub color: Color32,
    /// What stands under the pointer; nothing where it is empty.
    pub hint: String,
}

impl Part {
    /// A part in a colour.
    pub fn new(text: impl Into<String>, color: Color32, hint: impl Into<String>) -> Self {
        Self { text: text.into(), color, hint: hint.into() }
    }
}
