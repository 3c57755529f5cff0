//! What the status bar says for a moment: what was done at a key. It stands there until the next key
//! or click.

use egui::{Context, Event, Rect, RichText, Stroke, Ui, vec2};

use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};

/// Forgets what was said once something else is done.
pub fn forget(ctx: &Context, state: &mut AppState) {
    let is_done = |event: &Event| {
        matches!(
            event,
            Event::Key { pressed: true, .. }
                | Event::PointerButton { pressed: true, .. }
                | Event::Copy
                | Event::Paste(_)
        )
    };
    if ctx.input(|i| i.events.iter().any(is_done)) {
        state.toast = None;
    }
}

/// Draws the sentence over the status bar; false if there is none.
pub fn show(ui: &mut Ui, state: &AppState, rect: Rect) -> bool {
    let p = palette(ui);
    let Some(text) = &state.toast else { return false };
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.border));
    let job = RichText::new(text).font(theme::bold(size::SMALL)).color(p.text);
    let mut ui = ui.new_child(egui::UiBuilder::new().max_rect(rect.shrink2(vec2(8.0, 2.0))));
    // A sentence longer than the bar is whole under the pointer.
    let label = egui::Label::new(job).truncate().selectable(false);
    ui.add(label).on_hover_text(text);
    true
}
