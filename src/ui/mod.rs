//! The window: the only part of the program that knows egui.
//!
//! [`window`] draws everything from an [`AppState`] and writes wishes back into it. It computes
//! nothing that a step computes, holds no lock, and waits for nobody, so that the same function
//! serves the live window ([`shell`]), pictures without a display ([`shot`]) and tests.

mod building;
mod camera;
mod canvas;
mod cards;
mod columns;
mod controls;
mod curves;
mod events;
#[cfg(test)]
pub(crate) mod fixture;
mod flags;
mod gallery;
mod headline;
mod keys;
mod known;
#[cfg(test)]
pub(crate) mod laid_out;
mod layout;
mod learn;
mod links;
mod map;
mod modal;
mod numbers;
mod painter;
mod panels;
mod pictures;
pub mod player;
mod playhead;
mod raster;
mod recon;
mod record;
mod remedies;
mod report;
mod said;
mod screen;
mod shelf;
pub mod shell;
pub mod shot;
mod state;
mod status;
#[cfg(test)]
mod tests;
pub mod theme;
mod timeline;
mod tools;
mod top;
mod usage;
mod use_map;
mod views;
mod watched;

use std::sync::Arc;

use egui::{Align2, Color32, FontId, Galley, Painter, Pos2, Rect, Sense, Ui, vec2};

pub use keys::KEYS;
pub use known::Known;
pub use raster::square_map;
pub use state::{AppState, Host, Prefs, Tab, Target, UsageSource};

use crate::text;
use theme::{palette, size};

/// Draws the whole window and acts on its keys.
pub fn window(ui: &mut Ui, state: &mut AppState) {
    state.arrive();
    state.take_pictures();
    if too_small(ui) {
        return;
    }
    said::forget(ui.ctx(), state);
    keys::handle(ui.ctx(), state);
    state.is_failure_closed &= state.known.failure.is_some();
    let p = palette(ui);
    let full = ui.max_rect();
    if !state.host.has_background {
        ui.painter().rect_filled(full, 0.0, p.panel);
    }
    if state.playback.is_some() {
        state.advance_playback(f64::from(ui.input(|i| i.stable_dt.min(0.1))));
        ui.ctx().request_repaint();
    }
    let lanes = state.running().lane_ids();
    let is_watching = state.is_watching();
    let layout = state.layout(full.size());
    let at = |rect: Rect| rect.translate(full.min.to_vec2());
    top::show(ui, state, at(layout.top));
    let mut caption = at(layout.caption);
    if state.known.is_pinned {
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
    if !said::show(ui, state, at(layout.status)) {
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
    playhead::cards(ui, state);
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

/// A line of text in the first of some sizes in which it fits into a width, if there is one.
fn fitting(
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
fn first_that_fits(
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
fn tag(ui: &mut Ui, is_live: bool) {
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
