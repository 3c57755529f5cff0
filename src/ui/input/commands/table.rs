//! The table.

use egui::Key;

use super::{Acts, Chord, Entry, Held, Rests};
use crate::scenario::Pace;
use crate::ui::state::command::UiCommand;

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
use Held::{Any, Command, CommandAny, CommandShift, Nothing, Shift};

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
        UiCommand::BeatForward,
        "go on with the story",
        [
            "Page up, page down",
            "the story's text before; the one after, or on with what it waits for",
        ],
        &[chord(Key::PageDown, Any)],
        Live,
    ),
    entry(
        UiCommand::BeatBack,
        "the story's text before",
        NO_LINE,
        &[chord(Key::PageUp, Any)],
        Live,
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
        UiCommand::LightMoved,
        "who moved in the last step",
        ["L", "light the codes that moved in the last step on the maps"],
        &[chord(Key::L, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowCells,
        "cells",
        ["V", "show on the maps which code is nearest where"],
        &[chord(Key::V, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowSlow,
        "one step of one token",
        ["K", "show on the maps what a single step (Right arrow) did with one token"],
        &[chord(Key::K, Any)],
        Live,
    ),
    entry(
        UiCommand::ShowW,
        "what W makes of the unit circle",
        ["M", "show on the maps what W and b make of the unit circle"],
        &[chord(Key::M, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Larger,
        "everything larger",
        ["Ctrl+plus, Ctrl+minus, Ctrl+0", "everything larger, smaller, as usual"],
        &[chord(Key::Plus, CommandAny), chord(Key::Equals, CommandAny)],
        OverCards,
    ),
    entry(
        UiCommand::Smaller,
        "everything smaller",
        NO_LINE,
        &[chord(Key::Minus, CommandAny)],
        OverCards,
    ),
    entry(
        UiCommand::UsualSize,
        "everything as large as usual",
        NO_LINE,
        &[chord(Key::Num0, CommandAny)],
        OverCards,
    ),
    entry(
        UiCommand::FullScreen,
        "full screen",
        ["F11", "the whole screen, and back"],
        &[chord(Key::F11, Any)],
        OverCards,
    ),
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
        UiCommand::Present,
        "present",
        ["F5", "show the story to a room: large type, its own keys, notes for the speaker"],
        &[chord(Key::F5, Any)],
        Live,
    ),
    entry(
        UiCommand::Palette,
        "the palette of commands",
        ["Ctrl+K, Ctrl+P", "the palette: any command or setting by a few letters, such as lr 0.01"],
        &[chord(Key::K, Command), chord(Key::P, Command)],
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
