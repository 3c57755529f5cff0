//! The table.

use egui::Key;

use super::{Acts, Chord, Entry, Held, Rests, Words};
use crate::scenario::Pace;
use crate::ui::state::command::UiCommand;
use crate::words;

const fn chord(key: Key, held: Held) -> Chord {
    Chord { key, held }
}

/// An entry whose key never rests.
const fn entry(
    command: UiCommand,
    text: Words,
    [key, help]: [Words; 2],
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
const fn pace(step: usize, line: [Words; 2], text: Words) -> Entry {
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
const NO_LINE: [Words; 2] = [|| "", || ""];

use Acts::{Everywhere, Live, NotWatching, OverCards, Watching};
use Held::{Any, Command, CommandAny, CommandShift, Nothing, Shift};

/// All commands, in the order of the list.
pub const COMMANDS: &[Entry] = &[
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
        Live,
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
    // The system brings these two keys as events of its own.
    entry(
        UiCommand::CopyLink,
        || words!("command-copy-link"),
        [|| "Ctrl+C", || words!("command-copy-link-help")],
        &[],
        Live,
    ),
    entry(
        UiCommand::OpenLink,
        || words!("command-open-link"),
        [|| "Ctrl+V", || words!("command-open-link-help")],
        &[],
        Live,
    ),
    entry(
        UiCommand::LessonLink,
        || words!("command-lesson-link"),
        [|| "Q", || words!("command-lesson-link-help")],
        &[chord(Key::Q, Any)],
        Live,
    ),
    entry(
        UiCommand::CopyPicture,
        || words!("command-copy-picture"),
        [|| "Ctrl+Shift+C", || words!("command-copy-picture-help")],
        &[chord(Key::C, CommandShift)],
        OverCards,
    ),
    entry(
        UiCommand::SavePanel,
        || words!("command-save-panel"),
        [|| "S, Shift+S", || words!("command-save-panel-help")],
        &[chord(Key::S, Nothing)],
        OverCards,
    ),
    entry(
        UiCommand::SaveWindow,
        || words!("command-save-window"),
        NO_LINE,
        &[chord(Key::S, Shift)],
        OverCards,
    ),
    entry(
        UiCommand::EnlargeHere,
        || words!("command-enlarge-here"),
        [|| "E", || words!("command-enlarge-here-help")],
        &[chord(Key::E, Any)],
        Everywhere,
    ),
    entry(
        UiCommand::HideHere,
        || words!("command-hide-here"),
        [|| "H, Shift+H", || words!("command-hide-here-help")],
        &[chord(Key::H, Nothing)],
        Everywhere,
    ),
    entry(
        UiCommand::ShowAll,
        || words!("command-show-all"),
        NO_LINE,
        &[chord(Key::H, Shift)],
        Everywhere,
    ),
    entry(
        UiCommand::LightMoved,
        || words!("command-light-moved"),
        [|| "L", || words!("command-light-moved-help")],
        &[chord(Key::L, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowCells,
        || words!("command-show-cells"),
        [|| "V", || words!("command-show-cells-help")],
        &[chord(Key::V, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowSlow,
        || words!("command-show-slow"),
        [|| "K", || words!("command-show-slow-help")],
        &[chord(Key::K, Any)],
        Live,
    ),
    entry(
        UiCommand::ShowW,
        || words!("command-show-w"),
        [|| "M", || words!("command-show-w-help")],
        &[chord(Key::M, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowPipeline,
        || words!("command-show-pipeline"),
        [|| "N", || words!("command-show-pipeline-help")],
        &[chord(Key::N, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowPlace,
        || words!("command-show-place"),
        [|| "U", || words!("command-show-place-help")],
        &[chord(Key::U, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowDifference,
        || words!("command-show-difference"),
        [|| "D", || words!("command-show-difference-help")],
        &[chord(Key::D, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowSentences,
        || words!("command-show-sentences"),
        [|| "T", || words!("command-show-sentences-help")],
        &[chord(Key::T, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowInspector,
        || words!("command-show-inspector"),
        [|| "I", || words!("command-show-inspector-help")],
        &[chord(Key::I, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::ShowAtlas,
        || words!("command-show-atlas"),
        [|| "A", || words!("command-show-atlas-help")],
        &[chord(Key::A, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::PutAwayChange,
        || words!("command-put-away-change"),
        [|| "B", || words!("command-put-away-change-help")],
        &[chord(Key::B, Any)],
        Live,
    ),
    entry(
        UiCommand::Larger,
        || words!("command-larger"),
        [|| "Ctrl+plus, Ctrl+minus, Ctrl+0", || words!("command-larger-help")],
        &[chord(Key::Plus, CommandAny), chord(Key::Equals, CommandAny)],
        OverCards,
    ),
    entry(
        UiCommand::Smaller,
        || words!("command-smaller"),
        NO_LINE,
        &[chord(Key::Minus, CommandAny)],
        OverCards,
    ),
    entry(
        UiCommand::UsualSize,
        || words!("command-usual-size"),
        NO_LINE,
        &[chord(Key::Num0, CommandAny)],
        OverCards,
    ),
    entry(
        UiCommand::FullScreen,
        || words!("command-full-screen"),
        [|| "F11", || words!("command-full-screen-help")],
        &[chord(Key::F11, Any)],
        OverCards,
    ),
    entry(
        UiCommand::Gallery,
        || words!("command-gallery"),
        [|| "G", || words!("command-gallery-help")],
        &[chord(Key::G, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Shelf,
        || words!("command-shelf"),
        [|| "O", || words!("command-shelf-help")],
        &[chord(Key::O, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Help,
        || words!("command-help"),
        [|| "?", || words!("command-help-help")],
        &[chord(Key::Questionmark, Any), chord(Key::Slash, Shift)],
        Everywhere,
    ),
    entry(
        UiCommand::Present,
        || words!("command-present"),
        [|| "F5", || words!("command-present-help")],
        &[chord(Key::F5, Any)],
        Live,
    ),
    entry(
        UiCommand::Tour,
        || words!("command-tour"),
        [|| "F1", || words!("command-tour-help")],
        &[chord(Key::F1, Any)],
        NotWatching,
    ),
    entry(
        UiCommand::Palette,
        || words!("command-palette"),
        [|| "Ctrl+K, Ctrl+P", || words!("command-palette-help")],
        &[chord(Key::K, Command), chord(Key::P, Command)],
        Everywhere,
    ),
    entry(
        UiCommand::Close,
        || words!("command-close"),
        [|| "Esc", || words!("command-close-help")],
        &[chord(Key::Escape, Any)],
        Everywhere,
    ),
    // egui's own.
    entry(
        UiCommand::NextControl,
        || words!("command-next-control"),
        [|| "Tab", || words!("command-next-control")],
        &[],
        Everywhere,
    ),
    entry(UiCommand::BackToLive, || words!("command-back-to-live"), NO_LINE, &[], NotWatching),
    entry(UiCommand::Keys, || words!("command-keys"), NO_LINE, &[], Everywhere),
    entry(UiCommand::Language, || words!("command-language"), NO_LINE, &[], Everywhere),
    entry(UiCommand::Theme, || words!("command-theme"), NO_LINE, &[], Everywhere),
];
