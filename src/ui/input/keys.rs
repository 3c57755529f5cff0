//! The keyboard.

use egui::{Context, Event, Key, Modifiers};

use crate::ui::input::{commands, links};
use crate::ui::overlays::{modal, question};
use crate::ui::state::AppState;
use crate::ui::state::stage::Stage;
use crate::words;

/// Acts on the keys of this frame. Keys rest while a text field has focus; keys that operate a
/// control rest while a control has focus.
pub fn handle(ctx: &Context, state: &mut AppState) {
    if ctx.text_edit_focused() {
        return;
    }
    links::handle(ctx, state);
    for (key, modifiers) in presses(ctx) {
        let entry = commands::of_key(key, modifiers);
        // What lies over the window covers what most keys act on.
        let is_over_cards = entry.is_some_and(commands::Entry::acts_over_cards);
        if !is_over_cards && modal::takes(ctx, state, key, modifiers) {
            continue;
        }
        if question::takes(state, key, modifiers) {
            continue;
        }
        let (stage, Some(entry)) = (state.run.stage(), entry) else { continue };
        if entry.acts_on(ctx, stage) {
            commands::run(ctx, state, entry.command);
        } else if stage == Stage::Following && entry.acts_on(ctx, Stage::Live) {
            state.toast = Some(words!("following-read-only").into());
        }
    }
    release_focus(ctx);
}

/// Keys that were pressed in this frame, and those held that repeat what they do.
fn presses(ctx: &Context) -> Vec<(Key, Modifiers)> {
    let press = |event: &Event| match event {
        Event::Key { key, pressed: true, repeat, modifiers, .. }
            if !repeat || matches!(key, Key::ArrowRight | Key::ArrowLeft) =>
        {
            Some((*key, *modifiers))
        }
        _ => None,
    };
    ctx.input(|i| i.events.iter().filter_map(press).collect())
}

/// Acts on the keys about the screen alone, where a window is too small for anything else.
pub fn of_the_screen(ctx: &Context, state: &mut AppState) {
    for (key, modifiers) in presses(ctx) {
        let entry = commands::of_key(key, modifiers);
        if let Some(entry) = entry.filter(|entry| entry.is_of_the_screen()) {
            commands::run(ctx, state, entry.command);
        }
    }
}

/// A control clicked with the mouse gives its focus back, so that Space goes on meaning play; one
/// that was reached with Tab keeps it.
pub fn release_focus(ctx: &Context) {
    let is_released = ctx.input(|i| i.pointer.any_released());
    if is_released && let Some(id) = ctx.memory(egui::Memory::focused) {
        ctx.memory_mut(|m| m.surrender_focus(id));
    }
}
