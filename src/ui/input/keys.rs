//! The keyboard.

use egui::{Context, Event, Key, Modifiers};

use crate::scenario::Pace;
use crate::ui::input::{links, pictures};
use crate::ui::layout::panels;
use crate::ui::overlays::modal;
use crate::ui::state::AppState;

/// Keys and what they do, for the list of keys and the README.
pub const KEYS: &[(&str, &str)] = &[
    ("Space", "play or pause"),
    ("Right arrow", "train one step; at a pinned step, the next kept one"),
    ("Left arrow", "pin the kept step before (with Shift ten of them)"),
    ("Home, End", "pin the first step; follow the run again"),
    ("P", "play the recording back, or stop"),
    ("F", "fork: train on from the shown step"),
    ("1 to 6", "1, 5, 20, 60, 300 steps a second, unlimited"),
    ("R", "restart the story as it was written"),
    ("Ctrl+R", "restart with the settings of the controls"),
    ("Shift+R", "restart the story with the next seed"),
    ("W", "VQ or SimVQ in the marked lane"),
    ("Shift+W", "W alone learns or is fixed"),
    ("C", "C alone learns or is frozen"),
    ("X", "mark the other lane"),
    ("Ctrl+Z", "undo the last change of a setting"),
    ("Ctrl+Shift+Z, Ctrl+Y", "do it again"),
    ("Ctrl+C", "copy a link to this screen"),
    ("Ctrl+V", "open a copied link"),
    ("Ctrl+Shift+C", "copy a picture of the window"),
    ("S, Shift+S", "save a picture of the panel under the pointer, of the window"),
    ("E", "enlarge the panel under the pointer; again, or Esc, for all of them"),
    ("G", "the gallery of stories"),
    ("O", "the shelf of saved runs"),
    ("?", "this list"),
    ("Esc", "close this list or a card, give up a restart that is being built, show all panels"),
    ("Tab", "next control"),
];

impl AppState {
    /// The keys that act in this window, with what they do.
    pub fn keys(&self) -> impl Iterator<Item = &'static (&'static str, &'static str)> {
        const LOOKING: [&str; 8] =
            ["Right arrow", "Left arrow", "Home, End", "P", "E", "?", "Esc", "Tab"];
        let is_watching = self.is_watching();
        KEYS.iter().filter(move |(key, _)| !is_watching || LOOKING.contains(key))
    }
}

/// Acts on the keys of this frame. Keys rest while a text field has focus; keys that operate a
/// control rest while a control has focus.
pub fn handle(ctx: &Context, state: &mut AppState) {
    if ctx.text_edit_focused() {
        return;
    }
    links::handle(ctx, state);
    let is_watching = state.is_watching();
    let has_focus = ctx.memory(|m| m.focused().is_some());
    let is_popup_open = ctx.any_popup_open();
    let presses: Vec<(Key, Modifiers)> = ctx.input(|i| {
        let press = |event: &Event| match event {
            Event::Key { key, pressed: true, repeat, modifiers, .. }
                if !repeat || matches!(key, Key::ArrowRight | Key::ArrowLeft) =>
            {
                Some((*key, *modifiers))
            }
            _ => None,
        };
        i.events.iter().filter_map(press).collect()
    });
    for (key, modifiers) in presses {
        if key == Key::S && modifiers.is_none() | modifiers.shift_only() {
            pictures::save(ctx, state, !modifiers.shift);
            continue;
        }
        if key == Key::C && modifiers.command && modifiers.shift {
            pictures::copy(ctx, state);
            continue;
        }
        // What lies over the window covers what the other keys act on.
        if modal::takes(ctx, state, key, modifiers) {
            continue;
        }
        if modifiers.ctrl || modifiers.alt || modifiers.command {
            match key {
                _ if state.comparison.is_some() || modifiers.alt || !modifiers.command => {}
                Key::Z if modifiers.shift => state.redo(),
                Key::Z => state.undo(),
                Key::Y if !modifiers.shift => state.redo(),
                Key::R if !modifiers.shift && !is_watching => state.restart_as_set(),
                _ => {}
            }
            continue;
        }
        // Saved runs have no controls; they can be moved through, and left.
        let moves = [Key::ArrowLeft, Key::ArrowRight, Key::Home, Key::End, Key::P, Key::X, Key::E];
        let is_open = [Key::G, Key::O, Key::Escape, Key::Questionmark, Key::Slash].contains(&key);
        if state.comparison.is_some() && !is_open && !moves.contains(&key) {
            continue;
        }
        match key {
            // Where another program trains there is nothing to play, change or restart.
            Key::ArrowRight if is_watching && !state.run.is_pinned => {}
            key if is_watching && !is_for_looking(key) => {}
            Key::Space if !has_focus && !is_popup_open => state.toggle_play(),
            Key::ArrowRight if !has_focus && !is_popup_open => match state.run.is_pinned {
                true => state.pin_after(modifiers.shift),
                false => state.step_once(),
            },
            Key::ArrowLeft if !has_focus && !is_popup_open => state.pin_before(modifiers.shift),
            Key::Home if !has_focus => state.pin_first(),
            Key::End if !has_focus => state.follow(),
            Key::P => state.toggle_playback(),
            Key::E => enlarge(ctx, state),
            Key::F => state.ask_to_fork(),
            Key::R => state.restart_story(modifiers.shift),
            Key::W if modifiers.shift => state.switch_w(),
            Key::W => state.switch_method(),
            Key::C => state.switch_c(),
            Key::X => state.change_side(),
            Key::Questionmark => state.cards.is_help_open = !state.cards.is_help_open,
            Key::Slash if modifiers.shift => state.cards.is_help_open = !state.cards.is_help_open,
            Key::O => state.toggle_shelf(),
            Key::G => state.cards.is_gallery_open = true,
            // A list that hangs open goes first, and by itself.
            Key::Escape if is_popup_open => {}
            Key::Escape if state.cards.is_help_open => state.cards.is_help_open = false,
            Key::Escape if state.run.shows_run_before() => state.give_up_building(),
            Key::Escape => state.enlarged = None,
            _ => {
                let numbers = [Key::Num1, Key::Num2, Key::Num3, Key::Num4, Key::Num5, Key::Num6];
                if let Some(i) = numbers.iter().position(|&n| n == key) {
                    state.set_pace(Pace::LADDER[i]);
                }
            }
        }
    }
    release_focus(ctx);
}

/// Keys that look at what is there and change nothing.
fn is_for_looking(key: Key) -> bool {
    matches!(
        key,
        Key::ArrowRight
            | Key::ArrowLeft
            | Key::Home
            | Key::End
            | Key::P
            | Key::E
            | Key::Questionmark
            | Key::Slash
            | Key::Escape
    )
}

/// Enlarges the panel under the pointer, or shows all again.
fn enlarge(ctx: &Context, state: &mut AppState) {
    let full = ctx.content_rect();
    let pointer = ctx.input(|i| i.pointer.latest_pos());
    let found = pointer.and_then(|at| panels::at(state, full.size(), at - full.min.to_vec2()));
    if found.is_none() && state.enlarged.is_none() {
        state.run.notice = Some("no panel is under the pointer; point at one and press E".into());
    }
    state.enlarge(found.map(|(panel, _)| panel));
}

/// A control clicked with the mouse gives its focus back, so that Space goes on meaning play; one
/// that was reached with Tab keeps it.
fn release_focus(ctx: &Context) {
    let is_released = ctx.input(|i| i.pointer.any_released());
    if is_released && let Some(id) = ctx.memory(egui::Memory::focused) {
        ctx.memory_mut(|m| m.surrender_focus(id));
    }
}
