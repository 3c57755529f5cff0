//! What the story speaks of is lit: a ring around a part of the window or a setting, which breathes
//! where things may move.

use egui::{Context, Id, Rect, Stroke, StrokeKind, Ui};

use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::line as weight;
use crate::ui::widgets::tokens::{is_room, radius};

/// Seconds of a breath.
const BREATH: f64 = 1.6;

/// Settings that are lit in this frame, by their names.
#[derive(Clone, Default)]
struct Names {
    names: Vec<String>,
    /// Whether others were lit in the frame before.
    are_new: bool,
}

fn key() -> Id {
    Id::unique("lit-settings")
}

/// Lights settings by their names, and no other ones.
pub fn put(ctx: &Context, names: Vec<String>) {
    ctx.data_mut(|data| {
        let before = data.get_temp::<Names>(key()).unwrap_or_default();
        let are_new = before.names != names;
        data.insert_temp(key(), Names { names, are_new });
    });
}

/// Draws a ring around a setting while it is lit.
pub fn setting(ui: &Ui, name: &str, rect: Rect) {
    let lit = ui.data(|data| data.get_temp::<Names>(key())).unwrap_or_default();
    if lit.names.iter().any(|own| own == name) {
        // It may lie below the end of a list.
        if lit.are_new {
            ui.scroll_to_rect(rect, Some(egui::Align::Center));
        }
        ring(ui, rect);
    }
}

/// Draws a ring around a part of the window.
pub fn ring(ui: &Ui, rect: Rect) {
    let color = palette(ui).restart;
    // Where nothing moves the ring stands.
    let is_still = ui.style().animation_time == 0.0;
    let strength = if is_still {
        1.0
    } else {
        ui.ctx().request_repaint_after(std::time::Duration::from_millis(50));
        let phase = ui.input(|i| i.time) / BREATH * std::f64::consts::TAU;
        0.7 + 0.3 * phase.cos() as f32
    };
    // The last row of a room sees it as well.
    let width = if is_room(ui) { 2.0 * weight::FOCUS } else { weight::FOCUS };
    let stroke = Stroke::new(width, color.gamma_multiply(strength));
    ui.painter().rect_stroke(rect, radius::CARD, stroke, StrokeKind::Inside);
}
