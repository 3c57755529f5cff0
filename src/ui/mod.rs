//! The window: the only part of the program that knows egui.
//!
//! [`window`] draws everything from an [`AppState`] and writes wishes back into it. It computes
//! nothing that a step computes, holds no lock, and waits for nobody, so that the same function
//! serves the live window ([`host::shell`]), pictures without a display ([`host::shot`]) and tests.

mod cache;
#[cfg(test)]
pub(crate) mod fixture;
pub mod host;
mod input;
mod layout;
mod overlays;
mod panes;
mod present;
mod state;
#[cfg(test)]
mod tests;
pub mod widgets;

use std::time::Duration;

use egui::{Align2, Ui, UiBuilder, Vec2};

use crate::words;
use input::{dropped, keys, wishes};
use layout::Layout;
use overlays::palette as palette_of_commands;
use overlays::{
    arrays, building, cards, explain, gallery, lesson_link, question, shelf, toast, tour,
};
use panes::topics::Topic;
use state::presenter::Notes;
use state::wish::Outbox;
use widgets::theme::{self, palette};
use widgets::tokens::{PRESENTER, WINDOW, radius, space, tokens};

pub use input::commands::{COMMANDS, all_keys};
pub use panes::help::settings;
pub use panes::topics::topics;
pub use present::keys::list as present_keys;
pub use present::speaker;
pub use state::AppState;
#[cfg(test)]
pub use state::dropped::of_bytes;
pub use state::host::Host;
pub use state::marked::Target;
pub use state::prefs::{Prefs, Tab};
pub use state::run_model::RunModel;

/// Time between two frames while a text is being read and nothing moves.
const READING: Duration = Duration::from_millis(100);

/// Draws the whole window and acts on its keys.
pub fn window(ui: &mut Ui, state: &mut AppState) {
    words::speak(state.language());
    state.arrive();
    state.run.look_where_it_was();
    state.ask_for_arrays();
    state.take_pictures();
    dropped::handle(ui, state);
    theme::set_contrast(ui.ctx(), state.prefs.has_high_contrast);
    theme::set_motion(ui.ctx(), state.prefs.motion.is_reduced(state.host.has_reduced_motion));
    if too_small(ui) {
        keys::of_the_screen(ui.ctx(), state);
        return;
    }
    toast::forget(ui.ctx(), state);
    let scale = if state.presenter().is_some() { &PRESENTER } else { &WINDOW };
    if *tokens(ui) != *scale {
        theme::set_type(ui.ctx(), scale);
    }
    if state.presenter().is_some() {
        let seconds = f64::from(ui.input(|i| i.unstable_dt.min(0.25)));
        state.tell(seconds);
        state.reflect(seconds);
        // The controls are in the speaker's window.
        light_settings(ui, state.lit_words());
        present::audience(ui, state);
        palette_of_commands::show(ui, state);
        cards::help(ui.ctx(), state);
        lesson_link::show(ui, state);
        // The speaker's window looks at them itself.
        if state.presenter().is_none_or(|presenter| presenter.notes != Notes::Window) {
            wishes::note_changes(ui, state);
        }
        return;
    }
    widgets::helped::begin(ui.ctx());
    keys::handle(ui.ctx(), state);
    state.cards.is_failure_closed &= state.run.failure.is_some();
    let full = ui.max_rect();
    if !state.host.has_background {
        ui.painter().rect_filled(full, 0.0, palette(ui).panel);
    }
    if state.player.playback.is_some() {
        state.advance_playback(f64::from(ui.input(|i| i.stable_dt.min(0.1))));
        ui.ctx().request_repaint();
    }
    let seconds = f64::from(ui.input(|i| i.unstable_dt.min(0.25)));
    state.tell(seconds);
    state.reflect(seconds);
    state.look_closely();
    if state.run.lesson.is_being_read() {
        ui.ctx().request_repaint_after(READING);
    }
    let layout = state.layout(full.size());
    panes(ui, state, &layout);
    let offset = full.min.to_vec2();
    building::show(ui, state, layout.pictures().translate(offset));
    tour::offer(ui, state, layout.offer.translate(offset));
    tour::show(ui, state, layout.tour.translate(offset));
    question::show(ui, state, layout.above_timeline().translate(offset));
    explain::show(ui, state);
    palette_of_commands::show(ui, state);
    gallery::show(ui, state);
    shelf::show(ui, state);
    lesson_link::show(ui, state);
    arrays::show(ui, state);
    cards::help(ui.ctx(), state);
    cards::diverged(ui, state);
    cards::failure(ui, state);
    cards::way_back(ui, state);
    wishes::note_changes(ui, state);
}

/// Lights the settings that are among what the story speaks of.
fn light_settings(ui: &Ui, lit: &[String]) {
    let names = lit.iter().filter_map(|word| word.strip_prefix("control:"));
    let names = names.filter_map(panes::help::of_key).map(String::from).collect();
    widgets::lit::put(ui.ctx(), names);
}

/// Draws every pane of the arrangement in its place, and does what they ask for.
fn panes(ui: &mut Ui, state: &mut AppState, layout: &Layout) {
    let full = ui.max_rect();
    let places = layout.places(&state.running().lane_ids(), state.run.is_pinned);
    let mut outbox = Outbox::default();
    let lit = state.lit_words().to_vec();
    light_settings(ui, &lit);
    let (panes, ctx) = state.panes();
    let is_covered = ctx.run.lesson.covers_everything();
    for (id, rect) in places {
        if is_covered && id.shows_run() {
            cover(ui, rect.translate(full.min.to_vec2()));
            continue;
        }
        let at = rect.translate(full.min.to_vec2());
        Topic::of_pane(id).put(ui, at);
        let place = UiBuilder::new().max_rect(at).id_salt(id);
        panes.of(id).draw(&mut ui.new_child(place), &ctx, &mut outbox);
        if id.is_meant(&lit) {
            widgets::lit::ring(ui, at);
        }
    }
    wishes::grant(ui.ctx(), state, outbox);
}

/// Covers a pane that would give an answer away.
fn cover(ui: &Ui, rect: egui::Rect) {
    let p = palette(ui);
    ui.painter().rect_filled(rect, radius::CONTROL, p.canvas);
    if rect.height() > 60.0 {
        let (text, font) = (words!("lesson-covered"), theme::font(tokens(ui).small));
        ui.painter().text(rect.center(), Align2::CENTER_CENTER, text, font, p.weak);
    }
}

/// Says so where the window is smaller than what is laid out.
fn too_small(ui: &Ui) -> bool {
    let (full, least) = (ui.max_rect(), layout::LEAST);
    if full.width() + 0.5 >= least.x && full.height() + 0.5 >= least.y {
        return false;
    }
    let p = palette(ui);
    ui.painter().rect_filled(full, 0.0, p.panel);
    let points = |x: f32| format!("{x:.0}");
    let text = words!(
        "window-too-small",
        width = points(full.width()),
        height = points(full.height()),
        least_width = points(least.x),
        least_height = points(least.y)
    );
    let width = (full.width() - space::XL).max(40.0);
    let galley = ui.painter().layout(text, theme::font(tokens(ui).body), p.text, width);
    let at = Align2::CENTER_CENTER.anchor_size(full.center(), galley.size()).min;
    ui.painter().galley(at.max(full.min + Vec2::splat(space::S)), galley, p.text);
    true
}
