//! What the status bar says for a moment: what was done at a key. It stands there until the next key
//! or click.

use egui::{Context, Event};

use crate::ui::state::AppState;

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
