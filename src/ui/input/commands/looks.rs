//! The part of the table about what is shown, kept and opened.

use egui::Key;

use super::Entry;
use super::entry::{NO_LINE, chord, entry};
use crate::ui::state::command::UiCommand;
use crate::words;

use super::Acts::{Everywhere, Live, NotWatching, OverCards};
use super::Held::{Any, Command, CommandAny, CommandShift, Nothing, Shift};

/// Commands about the window and what lies over it.
pub(super) const LOOKS: &[Entry] = &[
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
