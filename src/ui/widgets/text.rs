//! Texts that fit into the room there is.

use std::sync::Arc;

use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Sense, Ui, vec2};

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
