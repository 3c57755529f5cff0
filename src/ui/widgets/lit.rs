//! What the story speaks of is lit: a ring around a part of the window or a setting, which breathes
//! where things may move.

use egui::{Context, Id, Rect, Stroke, StrokeKind, Ui};

use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::line as weight;
use crate::ui::widgets::tokens::radius;

/// Seconds of a breath.
const BREATH: f64 = 1.6;

/// Settings that are lit in this frame, by their names.
#[derive(Clone, Default)]
struct Names(Vec<String>);

fn key() -> Id {
    Id::unique("lit-settings")
}

/// Lights settings by their names, and no other ones.
pub fn put(ctx: &Context, names: Vec<String>) {
    ctx.data_mut(|data| data.insert_temp(key(), Names(names)));
}

/// Draws a ring around a setting while it is lit.
pub fn setting(ui: &Ui, name: &str, rect: Rect) {
    let is_lit = ui.data(|data| {
        data.get_temp::<Names>(key()).is_some_and(|names| names.0.iter().any(|own| own == name))
    });
    if is_lit {
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
    let stroke = Stroke::new(weight::FOCUS, color.gamma_multiply(strength));
    ui.painter().rect_stroke(rect, radius::CARD, stroke, StrokeKind::Inside);
}
