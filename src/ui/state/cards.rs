//! What lies over the panes.

use crate::archive::shelf::CutOff;
use crate::ui::state::playback::ForkWish;
use crate::ui::state::shelf::Shelf;
use crate::ui::state::watching::ArraysDraft;
use crate::ui::state::way_out::WayOut;
use crate::ui::widgets::helped::Thing;

/// What is typed, while the palette is open.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TypedCommand {
    /// The letters.
    pub typed: String,
    /// The row that Enter means.
    pub chosen: usize,
    /// Whether letters were typed for somebody, who goes on behind them.
    pub is_typed_for: bool,
}

/// Which cards and lists are open.
#[derive(Default)]
pub struct Cards {
    /// Whether the list of keys is shown.
    pub is_help_open: bool,
    /// Whether the gallery of stories is shown.
    pub is_gallery_open: bool,
    /// Whether the card of a failure was closed without an answer.
    pub is_failure_closed: bool,
    /// A fork that was asked for and takes long.
    pub fork_wish: Option<ForkWish>,
    /// A run whose window was closed without warning, as long as nobody has answered.
    pub cut_off: Option<CutOff>,
    /// The list of saved runs, while it is open.
    pub shelf: Option<Shelf>,
    /// What is typed into the palette of commands, while it is open.
    pub palette: Option<TypedCommand>,
    /// A link to the present beat, while it is shown as a code for cameras.
    pub lesson_link: Option<String>,
    /// The run whose last card of the story was closed.
    pub end_closed: Option<u64>,
    /// The thing that is explained.
    pub explained: Option<Thing>,
    /// What is chosen of the arrays of a watched file, while the card for it is open.
    pub arrays: Option<ArraysDraft>,
    /// What becomes of a divergence.
    pub way_out: WayOut,
}
