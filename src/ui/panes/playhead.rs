//! The pinned step: what the panels show of the past, its playback, and forks.

use egui::{Align, Button, DragValue, Layout, Rect, RichText, Stroke, Ui, UiBuilder, vec2};

use crate::text::count;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};

/// Width of the strip beside the caption.
pub const WIDTH: f32 = 520.0;

/// Draws the strip at the right end of the caption's row.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.canvas);
    for y in [rect.top(), rect.bottom()] {
        ui.painter().hline(rect.x_range(), y, Stroke::new(1.0, p.border));
    }
    let mut ui = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink2(vec2(8.0, 4.0)))
            .layout(Layout::right_to_left(Align::Center))
            .id_salt("playhead"),
    );
    let ui = &mut ui;
    let is_aside = state.comparison.is_some();
    // As wide as the wider word, so that nothing moves when it changes.
    let button = |text: &str| {
        Button::new(RichText::new(text).font(theme::bold(size::BODY))).min_size(vec2(78.0, 24.0))
    };
    if is_aside {
        if ui.add(button("Back to the live run")).clicked() {
            state.back_to_live();
            return;
        }
    } else if ui.add(button("Live")).on_hover_text("Follow the run again (End)").clicked() {
        state.follow();
    }
    let hint = match state.run.can_fork() {
        true => "Train on from this step as a run of its own, beside the curves of this one (F)",
        false => "This run is not saved, so it cannot be forked; the status bar says why",
    };
    // Who watches cannot train on.
    if !is_aside
        && !state.is_watching()
        && ui.add_enabled(state.run.can_fork(), button("Fork here")).on_hover_text(hint).clicked()
    {
        state.ask_to_fork();
    }
    let is_playing = state.player.playback.is_some();
    let text = if is_playing { "Stop" } else { "Play back" };
    let hint = "Play the recording from here (P); drag with Shift on the timeline to loop a part";
    if ui.add(button(text)).on_hover_text(hint).clicked() {
        state.toggle_playback();
    }
    let rate = DragValue::new(&mut state.player.rate)
        .range(1.0..=100_000.0)
        .speed(1.0)
        .max_decimals(0)
        .suffix(" steps/s");
    let hint = "Pace of the playback in recorded steps a second: drag, or click and type";
    if ui.add_sized(vec2(100.0, 24.0), rate).on_hover_text(hint).changed()
        && let Some(playback) = &mut state.player.playback
    {
        playback.rate = state.player.rate;
    }
    let (shown, live) = (state.run.shown_step(), state.run.step());
    let behind = match is_aside {
        true => format!("of {}", count(live)),
        false => format!("live +{} steps", count(live.saturating_sub(shown))),
    };
    let what = if is_aside { "saved runs at step" } else { "pinned at step" };
    let text = format!("{what} {}", count(shown));
    let place = rect.shrink2(vec2(12.0, 0.0)).with_max_x(ui.min_rect().left() - 8.0);
    crate::ui::panes::top::two_lines(ui, place, [(text, p.restart), (behind, p.weak)]);
}
