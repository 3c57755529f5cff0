//! The presenter's own keys: nothing else acts before a room.

use egui::{Context, Event, Key, Modifiers};

use crate::ui::input::commands::{Chord, Held, Words, chord};
use crate::ui::input::keys::release_focus;
use crate::ui::input::{commands, pictures};
use crate::ui::overlays::question;
use crate::ui::present::LANE;
use crate::ui::state::AppState;
use crate::ui::state::command::UiCommand;
use crate::ui::state::presenter::{Entry, Tool};
use crate::words;

/// What a key does.
type Act = fn(&Context, &mut AppState);

/// A line of the presenter's keys.
struct Line {
    /// What stands on the keys; empty for those that act as everywhere, which the list leaves out.
    keys: &'static str,
    /// What they do.
    what: Words,
    /// The keys, each with what it does; none for keys that a question takes while it asks.
    acts: &'static [(Chord, Act)],
}

const fn line(keys: &'static str, what: Words, acts: &'static [(Chord, Act)]) -> Line {
    Line { keys, what, acts }
}

/// A key with what it does, whether Shift is held or not.
const fn on(key: Key, act: Act) -> (Chord, Act) {
    (chord(key, Held::Any), act)
}

/// Every key that acts before a room, in the order of the list.
const LINES: &[Line] = &[
    line("Space", || words!("present-key-space"), &[on(Key::Space, |_, s| s.toggle_play())]),
    line(
        "→, Page Down",
        || words!("present-key-next"),
        &[on(Key::ArrowRight, |_, s| s.beat_forward()), on(Key::PageDown, |_, s| s.beat_forward())],
    ),
    line(
        "←, Page Up",
        || words!("present-key-back"),
        &[on(Key::ArrowLeft, |_, s| s.beat_back()), on(Key::PageUp, |_, s| s.beat_back())],
    ),
    line("W", || words!("present-key-w"), &[on(Key::W, |_, s| switch_w(s))]),
    line(
        "R",
        || words!("present-key-back-to-story"),
        &[on(Key::R, |_, s| s.back_to_where_it_was_left())],
    ),
    line(
        "Alt+→, Alt+←",
        || words!("present-key-stages"),
        &[
            (chord(Key::ArrowRight, Held::Alt), |_, s| s.next_stage()),
            (chord(Key::ArrowLeft, Held::Alt), |_, s| s.stage_before()),
        ],
    ),
    line("1 – 4", || words!("present-key-choose"), &[]),
    line(
        "0 – 9, Enter",
        || words!("present-key-number"),
        &[
            on(Key::Num0, digit::<'0'>),
            on(Key::Num1, digit::<'1'>),
            on(Key::Num2, digit::<'2'>),
            on(Key::Num3, digit::<'3'>),
            on(Key::Num4, digit::<'4'>),
            on(Key::Num5, digit::<'5'>),
            on(Key::Num6, digit::<'6'>),
            on(Key::Num7, digit::<'7'>),
            on(Key::Num8, digit::<'8'>),
            on(Key::Num9, digit::<'9'>),
            on(Key::Enter, |_, s| {
                s.enter_digits();
            }),
        ],
    ),
    line("H", || words!("present-key-hands"), &[on(Key::H, |_, s| count_hands(s))]),
    line("F", || words!("present-key-freeze"), &[on(Key::F, |_, s| freeze(s))]),
    line("Z", || words!("present-key-zoom"), &[on(Key::Z, zoom)]),
    line(
        "D, L",
        || words!("present-key-draw"),
        &[on(Key::D, |_, s| draw_with(s, Tool::Pen)), on(Key::L, |_, s| draw_with(s, Tool::Dot))],
    ),
    line("Backspace", || words!("present-key-wipe"), &[on(Key::Backspace, |_, s| wipe(s))]),
    line(
        "B, .",
        || words!("present-key-black"),
        &[
            on(Key::B, |_, s| set(s, |p| p.is_black ^= true)),
            on(Key::Period, |_, s| set(s, |p| p.is_black ^= true)),
        ],
    ),
    line(
        "G, O",
        || words!("present-key-go-to"),
        &[
            on(Key::G, |_, s| set(s, |p| p.entry = Entry::GoTo(String::new()))),
            on(Key::O, |_, s| set(s, |p| p.is_overview ^= true)),
        ],
    ),
    line(
        "N",
        || words!("present-key-notes"),
        &[on(Key::N, |_, s| set(s, |p| p.notes = p.notes.next()))],
    ),
    line(
        "I, X, C, +, -",
        || words!("present-key-projector"),
        &[
            on(Key::I, |ctx, s| commands::run(ctx, s, UiCommand::Theme)),
            on(Key::X, |_, s| s.prefs.has_high_contrast ^= true),
            (chord(Key::C, Held::Nothing), |_, s| more_contrast(s, 0.2)),
            (chord(Key::C, Held::Shift), |_, s| more_contrast(s, -0.2)),
            on(Key::Plus, |_, s| brighter(s, 0.1)),
            on(Key::Equals, |_, s| brighter(s, 0.1)),
            on(Key::Minus, |_, s| brighter(s, -0.1)),
        ],
    ),
    line("Q", || words!("command-lesson-link-help"), &[on(Key::Q, |_, s| link(s))]),
    line(
        "Ctrl+K, Ctrl+P",
        || words!("present-key-palette"),
        &[
            (chord(Key::K, Held::CommandAny), |_, s| s.cards.palette = Some(Default::default())),
            (chord(Key::P, Held::CommandAny), |_, s| s.cards.palette = Some(Default::default())),
        ],
    ),
    line(
        "F5, Esc",
        || words!("present-key-leave"),
        &[on(Key::F5, |_, s| s.present(false)), on(Key::Escape, |_, s| leave(s))],
    ),
    line(
        "",
        || "",
        &[
            on(Key::S, |ctx, s| pictures::save(ctx, s, false)),
            (chord(Key::C, Held::CommandShift), |ctx, s| pictures::copy(ctx, s)),
            on(Key::Questionmark, |_, s| s.cards.is_help_open ^= true),
            (chord(Key::Slash, Held::Shift), |_, s| s.cards.is_help_open ^= true),
            on(Key::F11, |ctx, s| commands::run(ctx, s, UiCommand::FullScreen)),
        ],
    ),
];

/// What stands on the presenter's keys, and what they do.
pub fn list() -> impl Iterator<Item = (&'static str, &'static str)> {
    LINES.iter().filter(|line| !line.keys.is_empty()).map(|line| (line.keys, (line.what)()))
}

/// What is done where this is pressed.
fn acts(key: Key, modifiers: Modifiers) -> impl Iterator<Item = Act> {
    let all = LINES.iter().flat_map(|line| line.acts);
    all.filter(move |(chord, _)| chord.is(key, modifiers)).map(|(_, act)| *act)
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
        if !is_typing(state) && question::takes(state, key, modifiers) {
            continue;
        }
        if let Some(act) = acts(key, modifiers).next() {
            act(ctx, state);
        }
    }
    release_focus(ctx);
}

/// Whether digits are being typed.
fn is_typing(state: &AppState) -> bool {
    state.presenter().is_some_and(|presenter| presenter.entry != Entry::None)
}

fn switch_w(state: &mut AppState) {
    state.marked.side = LANE;
    state.switch_method();
}

fn digit<const DIGIT: char>(_: &Context, state: &mut AppState) {
    state.type_digit(DIGIT);
}

fn count_hands(state: &mut AppState) {
    if state.can_count_hands() {
        set(state, |presenter| presenter.entry = Entry::Hands(0, String::new()));
    }
}

/// The picture stands still; training goes on behind it.
fn freeze(state: &mut AppState) {
    match state.run.is_pinned {
        true => state.follow(),
        false => state.pin(state.run.step()),
    }
}

fn zoom(ctx: &Context, state: &mut AppState) {
    let full = ctx.content_rect();
    let pointer = ctx.input(|i| i.pointer.latest_pos()).unwrap_or(full.center());
    let at = (pointer - full.min) / full.size();
    set(state, |presenter| presenter.zoom = presenter.zoom.is_none().then_some([at.x, at.y]));
}

fn draw_with(state: &mut AppState, tool: Tool) {
    set(state, |presenter| {
        presenter.tool = (presenter.tool != Some(tool)).then_some(tool);
        presenter.pen.clear();
    });
}

/// Wipes what was drawn, or the last digit that was typed.
fn wipe(state: &mut AppState) {
    match is_typing(state) {
        true => set(state, |presenter| {
            presenter.entry.digits().and_then(String::pop);
        }),
        false => state.wipe(),
    }
}

fn more_contrast(state: &mut AppState, by: f32) {
    set(state, |presenter| {
        let more = presenter.contrast + by;
        presenter.contrast = ((10.0 * more).round() / 10.0).clamp(-0.4, 1.0);
    });
}

fn brighter(state: &mut AppState, by: f32) {
    set(state, |presenter| presenter.brightness = (presenter.brightness + by).clamp(-0.6, 0.6));
}

/// The link to this beat as a code, or what was said there before.
fn link(state: &mut AppState) {
    if state.cards.lesson_link.take().is_none() {
        state.show_lesson_link();
    }
}

/// Leaves what is nearest: what is typed, a list, a zoom, black, one step slowly, what came of a
/// change, and then the presenter.
fn leave(state: &mut AppState) {
    if state.cards.lesson_link.take().is_some() {
        return;
    }
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
    let tells_of_change = state.told_of_change().is_some();
    let is_slow = state.prefs.layers.slow;
    let Some(presenter) = state.presenter_mut() else { return };
    if presenter.entry != Entry::None {
        presenter.entry = Entry::None;
    } else if presenter.is_overview || presenter.is_black {
        (presenter.is_overview, presenter.is_black) = (false, false);
    } else if presenter.zoom.is_some() || presenter.tool.is_some() {
        (presenter.zoom, presenter.tool) = (None, None);
    } else if is_slow {
        state.prefs.layers.slow = false;
    } else if tells_of_change {
        state.run.put_away_change();
    } else {
        state.present(false);
    }
}

fn set(state: &mut AppState, change: impl FnOnce(&mut crate::ui::state::presenter::Presenter)) {
    if let Some(presenter) = state.presenter_mut() {
        change(presenter);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_things_and_each_line_has_its_keys() {
        let held = [
            Modifiers::NONE,
            Modifiers::SHIFT,
            Modifiers::COMMAND,
            Modifiers::COMMAND | Modifiers::SHIFT,
            Modifiers::ALT,
        ];
        let mut count = 0;
        for key in Key::ALL {
            for modifiers in held {
                let acts = acts(*key, modifiers).count();
                assert!(acts < 2, "{key:?} with {modifiers:?}");
                count += acts;
            }
        }
        assert!(count > 60, "{count} keys act");
        for line in LINES {
            let (keys, what) = (line.keys, (line.what)());
            assert_eq!(keys.is_empty(), what.is_empty(), "{keys}");
            // The choices are the question's own.
            assert_eq!(line.acts.is_empty(), keys == "1 – 4", "{keys}");
        }
        assert_eq!(list().count(), LINES.len() - 1);
    }
}
