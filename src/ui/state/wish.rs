//! What panes ask for. A pane changes nothing but its own state: it puts wishes into an outbox, which
//! is emptied once all panes are drawn.

use egui::ThemePreference;

use crate::analysis::why::Shown;
use crate::lesson::Mode;
use crate::record::judgement::Rule;
use crate::record::setting::{BasisMode, Setting};
use crate::record::steer::Ask;
use crate::scenario::{DataSet, Fixed, Init, LaneId, Lookup, OnSwitch, Preset, TransformForm};
use crate::ui::state::closely::CodeOf;
use crate::ui::state::command::UiCommand;
use crate::ui::state::marked::Marked;
use crate::ui::state::prefs::{Counting, Motion, Tab};

/// Something that a pane asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Wish {
    /// What a key can ask for as well.
    Do(UiCommand),
    /// A setting of the marked lanes.
    Set(Change),
    /// A setting of all lanes that acts at the next step, whichever are marked.
    SetAll(Setting),
    /// What learns in a lane.
    Learn {
        /// The lane.
        lane: LaneId,
        /// Whether C learns.
        c: bool,
        /// Whether W learns.
        w: bool,
    },
    /// What a new W does with the codes.
    OnSwitch(OnSwitch),
    /// The lanes that keys and sliders act on.
    Mark(Marked),
    /// What bars count, and how they stand.
    Count(Counting),
    /// What "in use" means; without it as the window counts, or the file.
    CountedBy(Option<Rule>),
    /// What the curve panel shows.
    Tab(Tab),
    /// Light, dark, or as the system says.
    Theme(ThemePreference),
    /// Whether the contrast is high.
    Contrast(bool),
    /// Whether things move on their way.
    Motion(Motion),
    /// How the axes of the maps are chosen.
    Axes(BasisMode),
    /// A step to look at; the newest one is followed.
    Look(u64),
    /// The step of an event.
    LookAtEvent(u64),
    /// The part of the recording that is played in a loop.
    Loop(u64, u64),
    /// Recorded steps a second of a playback.
    PlaybackRate(f64),
    /// How stories are told.
    Tell(Mode),
    /// A piece of the curve that is guessed: the step that it was drawn from, and step and share.
    Draw {
        /// The step of the point before in the same stroke.
        from: Option<f64>,
        /// Step and share.
        point: (f64, f64),
    },
    /// A code is pointed at, wherever it lies.
    Hover(CodeOf),
    /// A code stays lit and its life is told, or none.
    Pin(Option<CodeOf>),
    /// A sample of the user's own is encoded by both lanes, or none.
    Own(Option<Vec<u8>>),
    /// What a sentence speaks of is shown.
    Show(Shown),
    /// Something of another program's training that takes commands and is shown as a lane.
    Steer(LaneId, Ask),
    /// The sentence on what could not be done goes.
    CloseNotice,
}

/// A setting, as a control sets it.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// What acts at the next step.
    Live(Setting),
    /// A named method.
    Preset(Preset),
    /// K.
    Size(usize),
    /// d.
    Dim(usize),
    /// Initial C.
    Init(Init),
    /// Standard deviation of a normal initial C.
    Std(f64),
    /// Tokens a batch.
    BatchTokens(usize),
    /// Image set.
    Data(DataSet),
    /// Seed.
    Seed(u64),
    /// How an encoding finds its code.
    Lookup(Lookup),
    /// Width to which latents are projected before the lookup, 0 for none.
    Factor(usize),
    /// Steps without quantization.
    Warmup(u64),
    /// The codes that nothing moves.
    Fixed(Fixed),
    /// Rank of a low-rank W.
    Rank(usize),
    /// Form of W.
    Transform(TransformForm),
    /// Whether W has a bias.
    Bias(bool),
}

/// The wishes of a frame, in order.
#[derive(Default)]
pub struct Outbox {
    wishes: Vec<Wish>,
}

impl Outbox {
    /// Asks for something.
    pub fn ask(&mut self, wish: Wish) {
        self.wishes.push(wish);
    }

    /// Asks for what a key can ask for as well.
    pub fn command(&mut self, command: UiCommand) {
        self.ask(Wish::Do(command));
    }

    /// Asks for a setting.
    pub fn set(&mut self, change: Change) {
        self.ask(Wish::Set(change));
    }

    /// All of them.
    pub fn take(self) -> Vec<Wish> {
        self.wishes
    }
}
