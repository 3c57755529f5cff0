//! The presenter's own keys: nothing else acts before a room.

use egui::{Context, Event, Key, Modifiers};

use crate::ui::input::keys::release_focus;
use crate::ui::input::{commands, pictures};
use crate::ui::overlays::question;
use crate::ui::present::LANE;
use crate::ui::state::AppState;
use crate::ui::state::command::UiCommand;
use crate::ui::state::presenter::{Entry, Tool};
use crate::words;

/// A key of the presenter, and what it does.
pub fn list() -> [(&'static str, &'static str); 19] {
    [
        ("Space", words!("present-key-space")),
        ("→, Page Down", words!("present-key-next")),
        ("←, Page Up", words!("present-key-back")),
        ("W", words!("present-key-w")),
        ("R", words!("present-key-back-to-story")),
        ("1 – 4", words!("present-key-choose")),
        ("0 – 9, Enter", words!("present-key-number")),
        ("H", words!("present-key-hands")),
        ("F", words!("present-key-freeze")),
        ("Z", words!("present-key-zoom")),
        ("D, L", words!("present-key-draw")),
        ("Backspace", words!("present-key-wipe")),
        ("B, .", words!("present-key-black")),
        ("G, O", words!("present-key-go-to")),
        ("N", words!("present-key-notes")),
        ("I, X, C, +, -", words!("present-key-projector")),
        ("Q", words!("command-lesson-link-help")),
        ("Ctrl+K, Ctrl+P", words!("present-key-palette")),
        ("F5, Esc", words!("present-key-leave")),
    ]
}

/// Acts on the keys of this frame, in the room's window or in the speaker's.
pub fn handle(ctx: &Context, state: &mut AppState) {
    // What is typed into a field of the speaker's controls is no command.
    if state.cards.palette.is_some() || ctx.text_edit_focused() {
        return;
    }
    let presses: Vec<(Key, Modifiers)> = ctx.input(|i| {
        let press = |event: &Event| match event {
            Event::Key { key, pressed: true, repeat: false, modifiers, .. } => {
                Some((*key, *modifiers))
            }
            _ => None,
        };
        i.events.iter().filter_map(press).collect()
    });
    for (key, modifiers) in presses {
        press(ctx, state, key, modifiers);
    }
    release_focus(ctx);
}

fn press(ctx: &Context, state: &mut AppState, key: Key, modifiers: Modifiers) {
    if state.cards.lesson_link.is_some() && matches!(key, Key::Escape | Key::Q) {
        state.cards.lesson_link = None;
        return;
    }
    if modifiers.command && matches!(key, Key::K | Key::P) {
        state.cards.palette = Some(Default::default());
        return;
    }
    if modifiers.command && modifiers.shift && key == Key::C {
        pictures::copy(ctx, state);
        return;
    }
    if modifiers.command || modifiers.alt {
        return;
    }
    let is_typing = state.presenter().is_some_and(|presenter| presenter.entry != Entry::None);
    if !is_typing && question::takes(state, key, modifiers) {
        return;
    }
    if let Some(digit) = digit(key)
        && state.type_digit(digit)
    {
        return;
    }
    match key {
        Key::Enter if state.enter_digits() => {}
        Key::Q => state.show_lesson_link(),
        Key::Space => state.toggle_play(),
        Key::ArrowRight | Key::PageDown => state.beat_forward(),
        Key::ArrowLeft | Key::PageUp => state.beat_back(),
        Key::W => {
            state.marked.side = LANE;
            state.switch_method();
        }
        Key::R => state.back_to_where_it_was_left(),
        // The picture stands still; training goes on behind it.
        Key::F if state.run.is_pinned => state.follow(),
        Key::F => state.pin(state.run.step()),
        Key::H if state.can_count_hands() => {
            set(state, |presenter| presenter.entry = Entry::Hands(0, String::new()));
        }
        Key::G => set(state, |presenter| presenter.entry = Entry::GoTo(String::new())),
        Key::S => pictures::save(ctx, state, false),
        Key::Questionmark => state.cards.is_help_open = !state.cards.is_help_open,
        Key::Slash if modifiers.shift => state.cards.is_help_open = !state.cards.is_help_open,
        Key::I => commands::run(ctx, state, UiCommand::Theme),
        Key::Backspace if !is_typing => state.wipe(),
        Key::X => state.prefs.has_high_contrast ^= true,
        Key::C => {
            let by = if modifiers.shift { -0.2 } else { 0.2 };
            set(state, |presenter| {
                let more = presenter.contrast + by;
                presenter.contrast = ((10.0 * more).round() / 10.0).clamp(-0.4, 1.0);
            });
        }
        Key::Escape => leave(state),
        Key::F5 => state.present(false),
        Key::F11 => commands::run(ctx, state, UiCommand::FullScreen),
        key => switch(ctx, state, key),
    }
}

/// What is switched on and off.
fn switch(ctx: &Context, state: &mut AppState, key: Key) {
    let full = ctx.content_rect();
    let pointer = ctx.input(|i| i.pointer.latest_pos()).unwrap_or(full.center());
    let at = (pointer - full.min) / full.size();
    set(state, |presenter| match key {
        Key::B | Key::Period => presenter.is_black = !presenter.is_black,
        Key::D | Key::L => {
            let tool = if key == Key::D { Tool::Pen } else { Tool::Dot };
            presenter.tool = (presenter.tool != Some(tool)).then_some(tool);
            presenter.pen.clear();
        }
        Key::Backspace => drop(presenter.entry.digits().and_then(String::pop)),
        Key::Z => presenter.zoom = presenter.zoom.is_none().then_some([at.x, at.y]),
        Key::O => presenter.is_overview = !presenter.is_overview,
        Key::N => presenter.notes = presenter.notes.next(),
        Key::Plus | Key::Equals => presenter.brightness = (presenter.brightness + 0.1).min(0.6),
        Key::Minus => presenter.brightness = (presenter.brightness - 0.1).max(-0.6),
        _ => {}
    });
}

/// Leaves what is nearest: what is typed, a list, a zoom, black, and then the presenter.
fn leave(state: &mut AppState) {
    if state.cards.is_help_open {
        state.cards.is_help_open = false;
        return;
    }
    if state.run.notice.take().is_some() {
        return;
    }
    if state.run.lesson.newest_truth().is_some() && state.run.lesson.waits().is_none() {
        state.run.lesson.put_away();
        return;
    }
    let Some(presenter) = state.presenter_mut() else { return };
    if presenter.entry != Entry::None {
        presenter.entry = Entry::None;
    } else if presenter.is_overview || presenter.is_black {
        (presenter.is_overview, presenter.is_black) = (false, false);
    } else if presenter.zoom.is_some() || presenter.tool.is_some() {
        (presenter.zoom, presenter.tool) = (None, None);
    } else {
        state.present(false);
    }
}

fn set(state: &mut AppState, change: impl FnOnce(&mut crate::ui::state::presenter::Presenter)) {
    if let Some(presenter) = state.presenter_mut() {
        change(presenter);
    }
}

/// The digit of a key; a point counts as one while digits are typed.
fn digit(key: Key) -> Option<char> {
    const DIGITS: [Key; 10] = [
        Key::Num0,
        Key::Num1,
        Key::Num2,
        Key::Num3,
        Key::Num4,
        Key::Num5,
        Key::Num6,
        Key::Num7,
        Key::Num8,
        Key::Num9,
    ];
    let place = DIGITS.iter().position(|own| *own == key)?;
    char::from_digit(place as u32, 10)
}
