//! The table of window commands: key, text, help and action of each.
//!
//! The keyboard, the list of keys in the window and in the documents, and the buttons of the panes come
//! from it; a palette of commands will.

use egui::{Context, Key, Modifiers};

use crate::figure::panel::Panel;
use crate::scenario::Pace;
use crate::ui::input::{links, pictures};
use crate::ui::layout::arrangement::Part;
use crate::ui::layout::panels;
use crate::ui::state::AppState;
use crate::ui::state::command::UiCommand;
use crate::ui::state::stage::Stage;

/// A command of the window.
pub struct Entry {
    /// The command.
    pub command: UiCommand,
    /// Its name, for a palette.
    pub text: &'static str,
    /// The keys in the list; empty where the line of another command names them too.
    pub key: &'static str,
    /// What the keys of that line do.
    pub help: &'static str,
    /// The keys.
    chords: &'static [Chord],
    /// Where it acts.
    acts: Acts,
    /// When its keys belong to somebody else.
    rests: Rests,
}

/// A key with what is held beside it.
#[derive(Clone, Copy)]
struct Chord {
    key: Key,
    held: Held,
}

/// What is held beside a key.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Held {
    /// Nothing, or Shift, which means nothing more.
    Any,
    /// Nothing.
    Nothing,
    /// Shift.
    Shift,
    /// The key of commands.
    Command,
    /// The key of commands and Shift.
    CommandShift,
}

impl Held {
    fn is(self, modifiers: Modifiers) -> bool {
        let is_plain = !(modifiers.ctrl || modifiers.alt || modifiers.command);
        let is_command = modifiers.command && !modifiers.alt;
        match self {
            Self::Any => is_plain,
            Self::Nothing => is_plain && !modifiers.shift,
            Self::Shift => is_plain && modifiers.shift,
            Self::Command => is_command && !modifiers.shift,
            Self::CommandShift => is_command && modifiers.shift,
        }
    }
}

/// Where a command acts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Acts {
    /// On a run that trains here.
    Live,
    /// There, and on saved runs, which can be left and lie beside the other lists.
    NotWatching,
    /// On whatever is looked at.
    Everywhere,
    /// There, and over a card as well.
    OverCards,
}

impl Acts {
    fn on(self, stage: Stage) -> bool {
        match self {
            Self::Live => stage.has_controls(),
            Self::NotWatching => stage.has_losses(),
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

const fn chord(key: Key, held: Held) -> Chord {
    Chord { key, held }
}

/// An entry whose key never rests.
const fn entry(
    command: UiCommand,
    text: &'static str,
    [key, help]: [&'static str; 2],
    chords: &'static [Chord],
    acts: Acts,
) -> Entry {
    Entry { command, text, key, help, chords, acts, rests: Rests::Never }
}

/// The same of a command whose keys operate controls as well.
const fn resting(entry: Entry, rests: Rests) -> Entry {
    Entry { rests, ..entry }
}

/// A pace of the ladder.
const fn pace(step: usize, line: [&'static str; 2], text: &'static str) -> Entry {
    const KEYS: [&[Chord]; 6] = [
        &[chord(Key::Num1, Held::Any)],
        &[chord(Key::Num2, Held::Any)],
        &[chord(Key::Num3, Held::Any)],
        &[chord(Key::Num4, Held::Any)],
        &[chord(Key::Num5, Held::Any)],
        &[chord(Key::Num6, Held::Any)],
    ];
    entry(UiCommand::Pace(Pace::LADDER[step]), text, line, KEYS[step], Acts::Live)
}

/// No line of its own in the list of keys.
const NO_LINE: [&str; 2] = ["", ""];

use Acts::{Everywhere, Live, NotWatching, OverCards};
use Held::{Any, Command, CommandShift, Nothing, Shift};

/// All commands, in the order of the list.
pub const COMMANDS: &[Entry] = &[
    resting(
        entry(
            UiCommand::Play,
            "play or pause",
            ["Space", "play or pause"],
            &[chord(Key::Space, Any)],
            Live,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::FarForward,
            "look ten kept steps on",
            NO_LINE,
            &[chord(Key::ArrowRight, Shift)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::Forward,
            "one step on",
            ["Right arrow", "train one step; at a pinned step, the next kept one"],
            &[chord(Key::ArrowRight, Nothing)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::Back,
            "look one kept step back",
            ["Left arrow", "pin the kept step before (with Shift ten of them)"],
            &[chord(Key::ArrowLeft, Nothing)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::FarBack,
            "look ten kept steps back",
            NO_LINE,
            &[chord(Key::ArrowLeft, Shift)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::First,
            "look at the first step",
            ["Home, End", "pin the first step; follow the run again"],
            &[chord(Key::Home, Any)],
            Everywhere,
        ),
        Rests::WithFocus,
    ),
    resting(
        entry(
            UiCommand::Follow,
            "follow the run again",
            NO_LINE,
            &[chord(Key::End, Any)],
            Everywhere,
        ),
        Rests::WithFocus,
    ),
    entry(
        UiCommand::PlayBack,
        "play the recording back, or stop",
        ["P", "play the recording back, or stop"],
        &[chord(Key::P, Any)],
        Everywhere,
    ),
    entry(
        UiCommand::Fork,
        "fork from the shown step",
        ["F", "fork: train on from the shown step"],
        &[chord(Key::F, Any)],
        Live,
    ),
    pace(0, ["1 to 6", "1, 5, 20, 60, 300 steps a second, unlimited"], "1 step a second"),
    pace(1, NO_LINE, "5 steps a second"),
    pace(2, NO_LINE, "20 steps a second"),
    pace(3, NO_LINE, "60 steps a second"),
    pace(4, NO_LINE, "300 steps a second"),
    pace(5, NO_LINE, "as many steps a second as there can be"),
    entry(
        UiCommand::Restart,
        "restart the story",
        ["R", "restart the story as it was written"],
        &[chord(Key::R, Nothing)],
        Live,
    ),
    entry(
        UiCommand::RestartAsSet,
        "restart with the settings of the controls",
        ["Ctrl+R", "restart with the settings of the controls"],
        &[chord(Key::R, Command)],
        Live,
    ),
    entry(
        UiCommand::RestartWithNextSeed,
        "restart with the next seed",
        ["Shift+R", "restart the story with the next seed"],
        &[chord(Key::R, Shift)],
        Live,
    ),
    entry(
        UiCommand::SwitchMethod,
        "VQ or SimVQ",
        ["W", "VQ or SimVQ in the marked lane"],
        &[chord(Key::W, Nothing)],
        Live,
    ),
    entry(
        UiCommand::SwitchW,
        "W learns or is fixed",
        ["Shift+W", "W alone learns or is fixed"],
        &[chord(Key::W, Shift)],
        Live,
    ),
    entry(
        UiCommand::SwitchC,
        "C learns or is frozen",
        ["C", "C alone learns or is frozen"],
        &[chord(Key::C, Any)],
        Live,
    ),
    entry(
        UiCommand::MarkOther,
        "mark the other lane",
        ["X", "mark the other lane"],
        &[chord(Key::X, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Undo,
        "undo",
        ["Ctrl+Z", "undo the last change of a setting"],
        &[chord(Key::Z, Command)],
        Live,
    ),
    entry(
        UiCommand::Redo,
        "do it again",
        ["Ctrl+Shift+Z, Ctrl+Y", "do it again"],
        &[chord(Key::Z, CommandShift), chord(Key::Y, Command)],
        Live,
    ),
    // The system brings these two keys as events of its own.
    entry(UiCommand::CopyLink, "copy a link", ["Ctrl+C", "copy a link to this screen"], &[], Live),
    entry(UiCommand::OpenLink, "open a link", ["Ctrl+V", "open a copied link"], &[], Live),
    entry(
        UiCommand::CopyPicture,
        "copy a picture",
        ["Ctrl+Shift+C", "copy a picture of the window"],
        &[chord(Key::C, CommandShift)],
        OverCards,
    ),
    entry(
        UiCommand::SavePanel,
        "save a picture of a panel",
        ["S, Shift+S", "save a picture of the panel under the pointer, of the window"],
        &[chord(Key::S, Nothing)],
        OverCards,
    ),
    entry(
        UiCommand::SaveWindow,
        "save a picture of the window",
        NO_LINE,
        &[chord(Key::S, Shift)],
        OverCards,
    ),
    entry(
        UiCommand::EnlargeHere,
        "enlarge a panel",
        ["E", "enlarge the panel under the pointer; again, or Esc, for all of them"],
        &[chord(Key::E, Any)],
        Everywhere,
    ),
    entry(
        UiCommand::HideHere,
        "hide a pane",
        ["H, Shift+H", "hide the pane under the pointer; show all panes"],
        &[chord(Key::H, Nothing)],
        Everywhere,
    ),
    entry(UiCommand::ShowAll, "show all panes", NO_LINE, &[chord(Key::H, Shift)], Everywhere),
    entry(
        UiCommand::Gallery,
        "stories",
        ["G", "the gallery of stories"],
        &[chord(Key::G, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Shelf,
        "saved runs",
        ["O", "the shelf of saved runs"],
        &[chord(Key::O, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Help,
        "the list of keys",
        ["?", "this list"],
        &[chord(Key::Questionmark, Any), chord(Key::Slash, Shift)],
        Everywhere,
    ),
    entry(
        UiCommand::Close,
        "close",
        [
            "Esc",
            "close this list or a card, give up a restart that is being built, show all panels",
        ],
        &[chord(Key::Escape, Any)],
        Everywhere,
    ),
    // egui's own.
    entry(UiCommand::NextControl, "next control", ["Tab", "next control"], &[], Everywhere),
    entry(UiCommand::BackToLive, "back to the live run", NO_LINE, &[], NotWatching),
    entry(UiCommand::Theme, "the other theme", NO_LINE, &[], Everywhere),
];

/// Lines of the list of keys.
const LINES: usize = {
    let (mut lines, mut i) = (0, 0);
    while i < COMMANDS.len() {
        lines += !COMMANDS[i].key.is_empty() as usize;
        i += 1;
    }
    lines
};

/// Keys and what they do, for the list of keys and the documents.
pub const KEYS: &[(&str, &str)] = &{
    let mut all = [("", ""); LINES];
    let (mut line, mut i) = (0, 0);
    while i < COMMANDS.len() {
        if !COMMANDS[i].key.is_empty() {
            all[line] = (COMMANDS[i].key, COMMANDS[i].help);
            line += 1;
        }
        i += 1;
    }
    all
};

/// The lines of the keys that act on a stage.
pub fn keys(stage: Stage) -> impl Iterator<Item = (&'static str, &'static str)> {
    let is_listed = move |entry: &&Entry| !entry.key.is_empty() && entry.acts.on(stage);
    COMMANDS.iter().filter(is_listed).map(|entry| (entry.key, entry.help))
}

/// The command of a key.
pub fn of_key(key: Key, modifiers: Modifiers) -> Option<&'static Entry> {
    let is_its = |chord: &Chord| chord.key == key && chord.held.is(modifiers);
    COMMANDS.iter().find(|entry| entry.chords.iter().any(is_its))
}

impl Entry {
    /// Whether it acts although a card is open.
    pub fn acts_over_cards(&self) -> bool {
        self.acts == OverCards
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

/// Does what a command says.
pub fn run(ctx: &Context, state: &mut AppState, command: UiCommand) {
    match command {
        UiCommand::Play => state.toggle_play(),
        UiCommand::Forward => state.forward(false),
        UiCommand::FarForward => state.forward(true),
        UiCommand::Step => state.step_once(),
        UiCommand::Back => state.pin_before(false),
        UiCommand::FarBack => state.pin_before(true),
        UiCommand::First => state.pin_first(),
        UiCommand::Follow => state.follow(),
        UiCommand::PlayBack => state.toggle_playback(),
        UiCommand::Fork => state.ask_to_fork(),
        UiCommand::Pace(pace) => state.set_pace(pace),
        UiCommand::Restart => state.restart_story(false),
        UiCommand::RestartAsSet => state.restart_as_set(),
        UiCommand::RestartWithNextSeed => state.restart_story(true),
        UiCommand::SwitchMethod => state.switch_method(),
        UiCommand::SwitchW => state.switch_w(),
        UiCommand::SwitchC => state.switch_c(),
        UiCommand::MarkOther => state.change_side(),
        UiCommand::Undo => state.undo(),
        UiCommand::Redo => state.redo(),
        UiCommand::CopyLink => links::copy(ctx, state),
        // What is to be opened comes with the key.
        UiCommand::OpenLink | UiCommand::NextControl => {}
        UiCommand::CopyPicture => pictures::copy(ctx, state),
        UiCommand::SavePanel => pictures::save(ctx, state, true),
        UiCommand::SaveWindow => pictures::save(ctx, state, false),
        UiCommand::EnlargeHere => enlarge_here(ctx, state),
        UiCommand::Enlarge(panel) => state.enlarge(panel),
        UiCommand::HideHere => hide_here(ctx, state),
        UiCommand::Show(part, is_shown) => state.prefs.arrangement.show(part, is_shown),
        UiCommand::ShowAll => state.prefs.arrangement.show_all(),
        UiCommand::Gallery => state.cards.is_gallery_open = true,
        UiCommand::Shelf => state.toggle_shelf(),
        UiCommand::Help => state.cards.is_help_open = !state.cards.is_help_open,
        UiCommand::Close => close(ctx, state),
        UiCommand::BackToLive => state.back_to_live(),
        UiCommand::Theme => {
            let is_dark = ctx.global_style().visuals.dark_mode;
            state.prefs.theme =
                if is_dark { egui::ThemePreference::Light } else { egui::ThemePreference::Dark };
            ctx.set_theme(state.prefs.theme);
        }
    }
}

/// Closes what is open, the nearest first.
fn close(ctx: &Context, state: &mut AppState) {
    // A list that hangs open goes first, and by itself.
    if ctx.any_popup_open() {
        return;
    }
    if state.cards.is_help_open {
        state.cards.is_help_open = false;
    } else if state.run.shows_run_before() {
        state.give_up_building();
    } else {
        state.prefs.arrangement.enlarged = None;
    }
}

/// The panel under the pointer.
fn under_pointer(ctx: &Context, state: &AppState) -> Option<Panel> {
    let full = ctx.content_rect();
    let pointer = ctx.input(|i| i.pointer.latest_pos())?;
    panels::at(state, full.size(), pointer - full.min.to_vec2()).map(|(panel, _)| panel)
}

/// Enlarges the panel under the pointer, or shows all again.
fn enlarge_here(ctx: &Context, state: &mut AppState) {
    let found = under_pointer(ctx, state);
    if found.is_none() && state.prefs.arrangement.enlarged.is_none() {
        state.run.notice = Some("no panel is under the pointer; point at one and press E".into());
    }
    state.enlarge(found);
}

/// Hides the pane under the pointer.
fn hide_here(ctx: &Context, state: &mut AppState) {
    let Some(part) = under_pointer(ctx, state).and_then(Part::of) else {
        let why = "no pane that can be hidden is under the pointer; point at one and press H";
        state.run.notice = Some(why.into());
        return;
    };
    state.prefs.arrangement.enlarged = None;
    state.prefs.arrangement.show(part, false);
    state.toast = Some(format!("{} hidden; Shift+H shows all panes", part.words()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_means_two_commands() {
        let held = [
            Modifiers::NONE,
            Modifiers::SHIFT,
            Modifiers::COMMAND,
            Modifiers::COMMAND | Modifiers::SHIFT,
        ];
        for key in Key::ALL {
            for modifiers in held {
                let is_its = |chord: &Chord| chord.key == *key && chord.held.is(modifiers);
                let all: Vec<&str> = COMMANDS
                    .iter()
                    .filter(|entry| entry.chords.iter().any(is_its))
                    .map(|entry| entry.text)
                    .collect();
                assert!(all.len() < 2, "{key:?} with {modifiers:?}: {all:?}");
            }
        }
    }

    #[test]
    fn every_command_with_a_key_stands_in_the_list_and_has_a_text() {
        for (i, entry) in COMMANDS.iter().enumerate() {
            assert!(!entry.text.is_empty() && entry.key.is_empty() == entry.help.is_empty());
            let others = COMMANDS[i + 1..].iter();
            assert!(others.clone().all(|other| other.command != entry.command), "{}", entry.text);
            assert!(others.clone().all(|other| other.text != entry.text), "{}", entry.text);
        }
        assert_eq!(KEYS.len(), 27);
        assert!(keys(Stage::Live).eq(KEYS.iter().copied()));
        let watched: Vec<&str> = keys(Stage::Watching).map(|(key, _)| key).collect();
        let looking = [
            "Right arrow",
            "Left arrow",
            "Home, End",
            "P",
            "Ctrl+Shift+C",
            "S, Shift+S",
            "E",
            "H, Shift+H",
            "?",
            "Esc",
            "Tab",
        ];
        assert_eq!(watched, looking);
    }
}
