//! The table.

use egui::Key;

use super::entry::{NO_LINE, chord, entry, resting};
use super::looks::LOOKS;
use super::{Chord, Entry, Rests, Words};
use crate::scenario::Pace;
use crate::ui::state::command::UiCommand;
use crate::words;

use super::Acts::{Everywhere, Forking, Live, NotWatching, Watching};
use super::Held::{Alt, Any, Command, CommandShift, Nothing, Shift};

/// A pace of the ladder.
const fn pace(step: usize, line: [Words; 2], text: Words) -> Entry {
    const KEYS: [&[Chord]; 6] = [
        &[chord(Key::Num1, Any)],
        &[chord(Key::Num2, Any)],
        &[chord(Key::Num3, Any)],
        &[chord(Key::Num4, Any)],
        &[chord(Key::Num5, Any)],
        &[chord(Key::Num6, Any)],
    ];
    entry(UiCommand::Pace(Pace::LADDER[step]), text, line, KEYS[step], Live)
}

/// Commands to a run, and on the way through its steps.
const RUNS: &[Entry] = &[
    resting(
        entry(
            UiCommand::Play,
            || words!("command-play"),
            [|| "Space", || words!("command-play")],
            &[chord(Key::Space, Any)],
            Live,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::FarForward,
            || words!("command-far-forward"),
            NO_LINE,
            &[chord(Key::ArrowRight, Shift)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::Forward,
            || words!("command-forward"),
            [|| words!("key-right-arrow"), || words!("command-forward-help")],
            &[chord(Key::ArrowRight, Nothing)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::Back,
            || words!("command-back"),
            [|| words!("key-left-arrow"), || words!("command-back-help")],
            &[chord(Key::ArrowLeft, Nothing)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::FarBack,
            || words!("command-far-back"),
            NO_LINE,
            &[chord(Key::ArrowLeft, Shift)],
            Everywhere,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::StageOn,
            || words!("command-stage-on"),
            [|| words!("key-alt-arrows"), || words!("command-stage-on-help")],
            &[chord(Key::ArrowRight, Alt)],
            Live,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::StageBack,
            || words!("command-stage-back"),
            NO_LINE,
            &[chord(Key::ArrowLeft, Alt)],
            Live,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::First,
            || words!("command-first"),
            [|| "Home, End", || words!("command-first-help")],
            &[chord(Key::Home, Any)],
            Everywhere,
        ),
        Rests::WithFocus,
    ),
    resting(
        entry(
            UiCommand::Follow,
            || words!("command-follow"),
            NO_LINE,
            &[chord(Key::End, Any)],
            Everywhere,
        ),
        Rests::WithFocus,
    ),
    resting(
        entry(
            UiCommand::LevelAfter,
            || words!("command-level-after"),
            [|| words!("key-up-down-arrows"), || words!("command-level-after-help")],
            &[chord(Key::ArrowDown, Nothing)],
            Watching,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::LevelBefore,
            || words!("command-level-before"),
            NO_LINE,
            &[chord(Key::ArrowUp, Nothing)],
            Watching,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::LevelAfterOfB,
            || words!("command-level-after-of-b"),
            [|| words!("key-shift-up-down-arrows"), || words!("command-level-after-of-b-help")],
            &[chord(Key::ArrowDown, Shift)],
            Watching,
        ),
        Rests::WithLists,
    ),
    resting(
        entry(
            UiCommand::LevelBeforeOfB,
            || words!("command-level-before-of-b"),
            NO_LINE,
            &[chord(Key::ArrowUp, Shift)],
            Watching,
        ),
        Rests::WithLists,
    ),
    entry(
        UiCommand::AllLevels,
        || words!("command-all-levels"),
        [|| "Y", || words!("command-all-levels-help")],
        &[chord(Key::Y, Any)],
        Watching,
    ),
    entry(
        UiCommand::Arrays,
        || words!("command-arrays"),
        [|| "J", || words!("command-arrays-help")],
        &[chord(Key::J, Any)],
        Watching,
    ),
    entry(
        UiCommand::BeatForward,
        || words!("command-beat-forward"),
        [|| words!("key-page-up-down"), || words!("command-beat-forward-help")],
        &[chord(Key::PageDown, Any)],
        Live,
    ),
    entry(
        UiCommand::BeatBack,
        || words!("command-beat-back"),
        NO_LINE,
        &[chord(Key::PageUp, Any)],
        Live,
    ),
    entry(
        UiCommand::PlayBack,
        || words!("command-play-back"),
        [|| "P", || words!("command-play-back")],
        &[chord(Key::P, Any)],
        Everywhere,
    ),
    entry(
        UiCommand::Fork,
        || words!("command-fork"),
        [|| "F", || words!("command-fork-help")],
        &[chord(Key::F, Any)],
        Forking,
    ),
    pace(0, [|| words!("key-1-to-6"), || words!("command-pace-help")], || words!("command-pace-0")),
    pace(1, NO_LINE, || words!("command-pace-1")),
    pace(2, NO_LINE, || words!("command-pace-2")),
    pace(3, NO_LINE, || words!("command-pace-3")),
    pace(4, NO_LINE, || words!("command-pace-4")),
    pace(5, NO_LINE, || words!("command-pace-5")),
    entry(
        UiCommand::Restart,
        || words!("command-restart"),
        [|| "R", || words!("command-restart-help")],
        &[chord(Key::R, Nothing)],
        Live,
    ),
    entry(
        UiCommand::RestartAsSet,
        || words!("command-restart-as-set"),
        [|| "Ctrl+R", || words!("command-restart-as-set")],
        &[chord(Key::R, Command)],
        Live,
    ),
    entry(
        UiCommand::RestartWithNextSeed,
        || words!("command-restart-with-next-seed"),
        [|| "Shift+R", || words!("command-restart-with-next-seed-help")],
        &[chord(Key::R, Shift)],
        Live,
    ),
    entry(
        UiCommand::SwitchMethod,
        || words!("command-switch-method"),
        [|| "W", || words!("command-switch-method-help")],
        &[chord(Key::W, Nothing)],
        Live,
    ),
    entry(
        UiCommand::SwitchW,
        || words!("command-switch-w"),
        [|| "Shift+W", || words!("command-switch-w-help")],
        &[chord(Key::W, Shift)],
        Live,
    ),
    entry(
        UiCommand::SwitchC,
        || words!("command-switch-c"),
        [|| "C", || words!("command-switch-c-help")],
        &[chord(Key::C, Any)],
        Live,
    ),
    entry(
        UiCommand::MarkOther,
        || words!("command-mark-other"),
        [|| "X", || words!("command-mark-other")],
        &[chord(Key::X, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Undo,
        || words!("command-undo"),
        [|| "Ctrl+Z", || words!("command-undo-help")],
        &[chord(Key::Z, Command)],
        Live,
    ),
    entry(
        UiCommand::Redo,
        || words!("command-redo"),
        [|| "Ctrl+Shift+Z, Ctrl+Y", || words!("command-redo")],
        &[chord(Key::Z, CommandShift), chord(Key::Y, Command)],
        Live,
    ),
];

/// All commands, in the order of the list.
pub const COMMANDS: &[Entry] = &joined::<{ RUNS.len() + LOOKS.len() }>(RUNS, LOOKS);

/// Two lists in one.
const fn joined<const N: usize>(first: &[Entry], second: &[Entry]) -> [Entry; N] {
    let mut all = [first[0]; N];
    let mut at = 0;
    while at < N {
        all[at] = if at < first.len() { first[at] } else { second[at - first.len()] };
        at += 1;
    }
    all
}
