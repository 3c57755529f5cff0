//! The table of window commands: key, text, help and action of each.
//!
//! The keyboard, the list of keys in the window and in the documents, and the buttons of the panes come
//! from it; as does the palette of commands.

mod entry;
mod looks;
mod run;
mod table;

use egui::{Context, Key, Modifiers};

use crate::ui::state::command::UiCommand;
use crate::ui::state::stage::Stage;

pub(in crate::ui) use entry::chord;
pub use run::run;
pub use table::COMMANDS;

/// What makes a sentence, in the language that is spoken when it is asked for.
pub type Words = fn() -> &'static str;

/// A command of the window.
#[derive(Clone, Copy)]
pub struct Entry {
    /// The command.
    pub command: UiCommand,
    /// Its name, for a palette.
    pub text: Words,
    /// The keys in the list; empty where the line of another command names them too.
    pub key: Words,
    /// What the keys of that line do.
    pub help: Words,
    /// The keys.
    chords: &'static [Chord],
    /// Where it acts.
    acts: Acts,
    /// When its keys belong to somebody else.
    rests: Rests,
}

/// A key with what is held beside it.
#[derive(Clone, Copy)]
pub(in crate::ui) struct Chord {
    key: Key,
    held: Held,
}

/// What is held beside a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::ui) enum Held {
    /// Nothing, or Shift, which means nothing more.
    Any,
    /// Nothing.
    Nothing,
    /// Shift.
    Shift,
    /// Alt.
    Alt,
    /// The key of commands.
    Command,
    /// The key of commands and Shift.
    CommandShift,
    /// The key of commands, with Shift or without: some keyboards have a sign only with it.
    CommandAny,
}

impl Chord {
    /// Whether this is what was pressed.
    pub(in crate::ui) fn is(self, key: Key, modifiers: Modifiers) -> bool {
        self.key == key && self.held.is(modifiers)
    }
}

impl Held {
    fn is(self, modifiers: Modifiers) -> bool {
        let is_plain = !(modifiers.ctrl || modifiers.alt || modifiers.command);
        let is_command = modifiers.command && !modifiers.alt;
        let is_alt = modifiers.alt && !modifiers.ctrl && !modifiers.command;
        match self {
            Self::Any => is_plain,
            Self::Nothing => is_plain && !modifiers.shift,
            Self::Shift => is_plain && modifiers.shift,
            Self::Alt => is_alt && !modifiers.shift,
            Self::Command => is_command && !modifiers.shift,
            Self::CommandShift => is_command && modifiers.shift,
            Self::CommandAny => is_command,
        }
    }
}

/// Where a command acts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Acts {
    /// On a run that trains here.
    Live,
    /// There, and on a run that another process trains.
    Forking,
    /// There, and on saved runs, which can be left and lie beside the other lists.
    NotWatching,
    /// On files of another program.
    Watching,
    /// On whatever is looked at.
    Everywhere,
    /// There, and over a card as well.
    OverCards,
}

impl Acts {
    fn on(self, stage: Stage) -> bool {
        match self {
            Self::Live => stage.has_controls(),
            Self::Forking => stage.can_fork(),
            Self::NotWatching => stage.terms().has_trainer,
            Self::Watching => !stage.terms().has_trainer,
            Self::Everywhere | Self::OverCards => true,
        }
    }
}

/// When the keys of a command belong to somebody else.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rests {
    /// Never: no control knows them.
    Never,
    /// While a control has the focus.
    WithFocus,
    /// The same, and while a list hangs open.
    WithLists,
}

/// Keys and what they do, for the list of keys.
fn lines<'a>(
    entries: impl Iterator<Item = &'a Entry>,
) -> impl Iterator<Item = (&'static str, &'static str)> {
    entries.map(|entry| ((entry.key)(), (entry.help)())).filter(|(key, _)| !key.is_empty())
}

/// Keys and what they do, for the documents.
pub fn all_keys() -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(COMMANDS.iter())
}

/// The lines of the keys that act on a stage.
pub fn keys(stage: Stage) -> impl Iterator<Item = (&'static str, &'static str)> {
    lines(COMMANDS.iter().filter(move |entry| entry.acts.on(stage)))
}

/// The command of a key.
pub fn of_key(key: Key, modifiers: Modifiers) -> Option<&'static Entry> {
    let is_its = |chord: &Chord| chord.is(key, modifiers);
    COMMANDS.iter().find(|entry| entry.chords.iter().any(is_its))
}

impl Entry {
    /// Whether it acts on a stage, and can be asked for by name.
    pub fn is_for(&self, stage: Stage) -> bool {
        let is_own = matches!(
            self.command,
            UiCommand::Palette | UiCommand::NextControl | UiCommand::OpenLink
        );
        self.acts.on(stage) && !is_own
    }

    /// Whether it acts although a card is open.
    pub fn acts_over_cards(&self) -> bool {
        self.acts == Acts::OverCards
    }

    /// Whether it is about the screen, and so acts where there is no room for anything else.
    pub fn is_of_the_screen(&self) -> bool {
        matches!(
            self.command,
            UiCommand::Larger | UiCommand::Smaller | UiCommand::UsualSize | UiCommand::FullScreen
        )
    }

    /// Whether its key means it now.
    pub fn acts_on(&self, ctx: &Context, stage: Stage) -> bool {
        let has_focus = || ctx.memory(|m| m.focused().is_some());
        let is_free = match self.rests {
            Rests::Never => true,
            Rests::WithFocus => !has_focus(),
            Rests::WithLists => !has_focus() && !ctx.any_popup_open(),
        };
        is_free && self.acts.on(stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_commands() {
        let held = [
            Modifiers::NONE,
            Modifiers::SHIFT,
            Modifiers::ALT,
            Modifiers::COMMAND,
            Modifiers::COMMAND | Modifiers::SHIFT,
        ];
        for key in Key::ALL {
            for modifiers in held {
                let is_its = |chord: &Chord| chord.is(*key, modifiers);
                let all: Vec<&str> = COMMANDS
                    .iter()
                    .filter(|entry| entry.chords.iter().any(is_its))
                    .map(|entry| (entry.text)())
                    .collect();
                assert!(all.len() < 2, "{key:?} with {modifiers:?}: {all:?}");
            }
        }
    }

    #[test]
    fn every_command_with_a_key_stands_in_the_list_and_has_a_text() {
        for (i, entry) in COMMANDS.iter().enumerate() {
            let (text, key, help) = ((entry.text)(), (entry.key)(), (entry.help)());
            assert!(!text.is_empty() && key.is_empty() == help.is_empty());
            let others = COMMANDS[i + 1..].iter();
            assert!(others.clone().all(|other| other.command != entry.command), "{text}");
            assert!(others.clone().all(|other| (other.text)() != text), "{text}");
        }
        assert_eq!(all_keys().count(), 50);
        let of_files = ["Up, down arrow", "Shift+up, down arrow", "Y", "J"];
        let others = all_keys().filter(|(key, _)| !of_files.contains(key));
        assert!(keys(Stage::Live).eq(others));
        let watched: Vec<&str> = keys(Stage::Watching).map(|(key, _)| key).collect();
        let looking = [
            "Right arrow",
            "Left arrow",
            "Home, End",
            "Up, down arrow",
            "Shift+up, down arrow",
            "Y",
            "J",
            "P",
            "Ctrl+Shift+C",
            "S, Shift+S",
            "E",
            "H, Shift+H",
            "Ctrl+plus, Ctrl+minus, Ctrl+0",
            "F11",
            "?",
            "Ctrl+K, Ctrl+P",
            "Esc",
            "Tab",
        ];
        assert_eq!(watched, looking);
    }
}
