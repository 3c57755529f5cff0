//! Lines of the table as they are written.

use egui::Key;

use super::{Acts, Chord, Entry, Held, Rests, Words};
use crate::ui::state::command::UiCommand;

/// A key with what is held beside it.
pub(in crate::ui) const fn chord(key: Key, held: Held) -> Chord {
    Chord { key, held }
}

/// An entry whose key never rests.
pub(super) const fn entry(
    command: UiCommand,
    text: Words,
    [key, help]: [Words; 2],
    chords: &'static [Chord],
    acts: Acts,
) -> Entry {
    Entry { command, text, key, help, chords, acts, rests: Rests::Never }
}

/// The same of a command whose keys operate controls as well.
pub(super) const fn resting(entry: Entry, rests: Rests) -> Entry {
    Entry { rests, ..entry }
}

/// No line of its own in the list of keys.
pub(super) const NO_LINE: [Words; 2] = [|| "", || ""];
