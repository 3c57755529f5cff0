//! The window: the only part of the program that knows egui.
//!
//! [`window`] draws everything from an [`AppState`] and writes wishes back into it. It computes
//! nothing that a step computes, holds no lock, and waits for nobody, so that the same function
//! serves the live window ([`shell`]), pictures without a display ([`shot`]) and tests.

mod cache;
#[cfg(test)]
pub(crate) mod fixture;
pub mod host;
mod input;
mod layout;
mod overlays;
mod panes;
mod state;
#[cfg(test)]
mod tests;
pub mod widgets;

use egui::{Align2, Rect, Ui, vec2};

use input::keys;
use overlays::{building, cards, gallery, shelf, toast};
use panes::{
    controls, curves, headline, map, numbers, playhead, recon, status, timeline, tools, top, usage,
    watched,
};
use widgets::theme::{self, palette, size};

pub use input::keys::KEYS;
pub use state::AppState;
pub use state::host::Host;
pub use state::marked::Target;
pub use state::prefs::{Prefs, Tab};
pub use state::run_model::RunModel;

/// Draws the whole window and acts on its keys.
pub fn window(ui: &mut Ui, state: &mut AppState) {
    state.arrive();
    state.take_pictures();
    if too_small(ui) {
        return;
    }
    toast::forget(ui.ctx(), state);
    keys::handle(ui.ctx(), state);
    state.cards.is_failure_closed &= state.run.failure.is_some();
    let p = palette(ui);
    let full = ui.max_rect();
    if !state.host.has_background {
        ui.painter().rect_filled(full, 0.0, p.panel);
    }
    if state.player.playback.is_some() {
        state.advance_playback(f64::from(ui.input(|i| i.stable_dt.min(0.1))));
        ui.ctx().request_repaint();
    }
    let lanes = state.running().lane_ids();
    let is_watching = state.is_watching();
    let layout = state.layout(full.size());
    let at = |rect: Rect| rect.translate(full.min.to_vec2());
    top::show(ui, state, at(layout.top));
    let mut caption = at(layout.caption);
    if state.run.is_pinned {
        let strip = caption.with_min_x(caption.right() - playhead::WIDTH);
        caption.max.x = strip.left();
        top::caption(ui, state, caption);
        playhead::show(ui, state, strip);
    } else {
        top::caption(ui, state, caption);
    }
    if layout.controls.is_positive() {
        controls::show(ui, state, at(layout.controls));
    }
    tools::show(ui, state, at(layout.tools));
    for (id, column) in lanes.into_iter().zip(&layout.columns) {
        if column.headline.is_positive() && is_watching {
            watched::headline(ui, state, id, at(column.headline));
        } else if column.headline.is_positive() {
            headline::show(ui, state, id, at(column.headline));
        }
        if column.map.is_positive() {
            map::show(ui, state, id, at(column.map));
        }
        if column.usage.is_positive() {
            usage::show(ui, state, id, at(column.usage));
        }
    }
    if layout.recon.is_positive() && !is_watching {
        recon::show(ui, state, at(layout.recon), layout.thumb);
    }
    if layout.curves.is_positive() {
        curves::show(ui, state, at(layout.curves));
    }
    if layout.numbers.is_positive() {
        numbers::show(ui, state, at(layout.numbers));
    }
    if layout.timeline.is_positive() {
        timeline::show(ui, state, at(layout.timeline));
    }
    if !toast::show(ui, state, at(layout.status)) {
        status::show(ui, state, at(layout.status));
    }
    let mut pictures = full.with_min_y(caption.bottom()).with_max_y(at(layout.status).top());
    if layout.controls.is_positive() {
        pictures.min.x = at(layout.controls).right();
    }
    building::show(ui, state, pictures);
    gallery::show(ui, state);
    shelf::show(ui, state);
    cards::help(ui.ctx(), state);
    cards::diverged(ui, state);
    cards::failure(ui, state);
    cards::way_back(ui, state);
    let is_held = ui.input(|i| i.pointer.any_down() || i.pointer.any_released());
    state.note_changes(is_held || ui.memory(|m| m.focused().is_some()));
}

/// Says so where the window is smaller than what is laid out.
fn too_small(ui: &Ui) -> bool {
    let (full, least) = (ui.max_rect(), layout::LEAST);
    if full.width() + 0.5 >= least.x && full.height() + 0.5 >= least.y {
        return false;
    }
    let p = palette(ui);
    ui.painter().rect_filled(full, 0.0, p.panel);
    let text = format!(
        "This window has {:.0} x {:.0} points, vqscope needs {:.0} x {:.0}. Make it larger, or everything in it smaller with Ctrl and the minus key.",
        full.width(),
        full.height(),
        least.x,
        least.y
    );
    let width = (full.width() - 24.0).max(40.0);
    let galley = ui.painter().layout(text, theme::font(size::BODY), p.text, width);
    let at = Align2::CENTER_CENTER.anchor_size(full.center(), galley.size()).min;
    ui.painter().galley(at.max(full.min + vec2(8.0, 8.0)), galley, p.text);
    true
}
