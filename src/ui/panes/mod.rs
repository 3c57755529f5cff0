//! What the window is made of: one pane a file, behind one trait.
//!
//! A pane names in its type what it gets to see ([`Pane::Ctx`]), keeps what is its own, and asks for
//! everything else through the [`Outbox`]: it knows neither the state of the window nor where it lies.

mod atlas;
mod bars;
pub mod caption;
mod cause;
pub mod cloud;
pub mod controls;
pub mod counted;
mod course;
pub mod curves;
mod events;
mod flags;
mod guess;
pub mod headline;
pub mod help;
mod inspector;
mod learn;
pub mod levels;
pub mod map;
mod map_frame;
mod method;
mod movement;
mod norms;
pub mod numbers;
mod own;
mod pipeline;
pub mod playhead;
mod pointed;
pub mod recon;
mod references;
pub mod sentences;
mod slow;
mod slow_words;
pub mod small_maps;
mod spectrum;
pub mod spoken;
pub mod status;
mod steer;
pub mod timeline;
mod timeline_hover;
pub mod tools;
pub mod top;
pub mod topics;
pub mod track;
pub mod usage;
mod use_map;
mod view_menu;
mod w_over_time;
mod watched;
mod wave;

use egui::{Context, Ui};

use crate::analysis::why::Sentence;
use crate::figure::layers::Layers;
use crate::scenario::{LaneId, OnSwitch, Scenario};
use crate::ui::cache::painter::Workshop;
use crate::ui::layout::places::PaneId;
use crate::ui::state::closely::{Closely, CodeOf};
use crate::ui::state::displayed::Displayed;
use crate::ui::state::host::Host;
use crate::ui::state::marked::Marked;
use crate::ui::state::playback::Player;
use crate::ui::state::prefs::Prefs;
use crate::ui::state::run_model::RunModel;
use crate::ui::state::story::Story;
use crate::ui::state::wish::Outbox;

/// All that panes are given from; each takes out of it what it serves by.
#[derive(Clone, Copy)]
pub struct WindowCtx<'a> {
    /// What is known of the run.
    pub run: &'a RunModel,
    /// The scenario that trains, or the draft before the first run is built.
    pub running: &'a Scenario,
    /// The story as it was read.
    pub story: &'a Story,
    /// What the next restart trains.
    pub draft: &'a Scenario,
    /// The lanes that keys and sliders act on.
    pub marked: Marked,
    /// Whether C and W learn in each lane, switches on their way included.
    pub learns: [Option<(bool, bool)>; 2],
    /// What a new W does with the codes.
    pub on_switch: OnSwitch,
    /// How things are shown.
    pub prefs: &'a Prefs,
    /// How the recording is played back.
    pub player: &'a Player,
    /// What the shell tells.
    pub host: &'a Host,
    /// What is shown of the cause: what was asked for, and what the story's text speaks of.
    pub layers: Layers,
    /// Whether the story's text speaks of the codes that are not in use.
    pub are_dead_lit: bool,
    /// What is pointed at and looked at closely.
    pub closely: &'a Closely,
    /// What there is to say of the present numbers.
    pub sentences: &'a [Sentence],
    /// The step of a link that the run is on its way to.
    pub going_to: Option<u64>,
    /// What was done last.
    pub toast: Option<&'a str>,
    /// The title of the tour's page, which has the text of the story itself.
    pub page: Option<&'a str>,
}

impl<'a> WindowCtx<'a> {
    /// What is shown of the run.
    pub fn displayed(&self) -> Displayed<'a> {
        self.run.displayed()
    }

    /// The code that is lit.
    pub fn lit(&self) -> Option<CodeOf> {
        self.closely.lit(self.layers)
    }
}

/// A pane of the window.
pub trait Pane {
    /// What it gets to see, and no more.
    type Ctx<'a>;

    /// Which one it is.
    fn id(&self) -> PaneId;

    /// Takes what it gets to see out of what there is.
    fn ctx<'a>(window: &WindowCtx<'a>) -> Self::Ctx<'a>;

    /// Draws it into all the room that `ui` has.
    fn ui(&mut self, ui: &mut Ui, ctx: Self::Ctx<'_>, outbox: &mut Outbox);
}

/// A pane of an arrangement, whatever it gets to see.
pub trait Placed {
    /// Which one it is.
    fn place(&self) -> PaneId;

    /// Draws it into all the room that `ui` has.
    fn draw(&mut self, ui: &mut Ui, window: &WindowCtx<'_>, outbox: &mut Outbox);
}

impl<P: Pane> Placed for P {
    fn place(&self) -> PaneId {
        self.id()
    }

    fn draw(&mut self, ui: &mut Ui, window: &WindowCtx<'_>, outbox: &mut Outbox) {
        self.ui(ui, P::ctx(window), outbox);
    }
}

/// All panes. Those of lanes are one for both, turned to the lane that is drawn.
#[derive(Default)]
pub struct Panes {
    top: top::TopPane,
    caption: caption::CaptionPane,
    playhead: playhead::PlayheadPane,
    controls: controls::ControlsPane,
    tools: tools::ToolsPane,
    headline: headline::HeadlinePane,
    /// The code maps, whose zoom and shift a link carries.
    pub map: map::MapPane,
    usage: usage::UsagePane,
    /// The reconstructions, of which a room sees one row a lane.
    pub recon: recon::ReconPane,
    curves: curves::CurvesPane,
    numbers: numbers::NumbersPane,
    timeline: timeline::TimelinePane,
    status: status::StatusPane,
    pipeline: pipeline::PipelinePane,
    sentences: sentences::SentencesPane,
    inspector: inspector::InspectorPane,
    atlas: atlas::AtlasPane,
    levels: small_maps::SmallMapsPane,
}

impl Panes {
    /// The pane of a place.
    pub fn of(&mut self, id: PaneId) -> &mut dyn Placed {
        match id {
            PaneId::Top => &mut self.top,
            PaneId::Caption => &mut self.caption,
            PaneId::Playhead => &mut self.playhead,
            PaneId::Controls => &mut self.controls,
            PaneId::Tools => &mut self.tools,
            PaneId::Headline(lane) => {
                self.headline.lane = lane;
                &mut self.headline
            }
            PaneId::Map(lane) => {
                self.map.lane = lane;
                &mut self.map
            }
            PaneId::Usage(lane) => {
                self.usage.lane = lane;
                &mut self.usage
            }
            PaneId::Recon => &mut self.recon,
            PaneId::Curves => &mut self.curves,
            PaneId::Numbers => &mut self.numbers,
            PaneId::Timeline => &mut self.timeline,
            PaneId::Status => &mut self.status,
            PaneId::Pipeline => &mut self.pipeline,
            PaneId::Sentences => &mut self.sentences,
            PaneId::Inspector => &mut self.inspector,
            PaneId::Atlas => &mut self.atlas,
            PaneId::Levels => &mut self.levels,
        }
    }

    /// Starts the threads that make pictures of large codebooks; without them the panes make these
    /// themselves, at once.
    pub fn start_painters(&mut self, ctx: &Context) {
        let mut workshop = Workshop::default();
        self.map.painter.join(&mut workshop);
        self.usage.painter.join(&mut workshop);
        self.curves.squares.painter.join(&mut workshop);
        self.curves.movement.painter.join(&mut workshop);
        workshop.open("painter", ctx);
        // What takes longer, and is asked for with a layer of the cause.
        self.map.layers.cells.start("cell-painter", ctx);
        self.map.layers.moved.painter.start("light-painter", ctx);
        self.map.layers.dead.painter.start("dead-painter", ctx);
    }
}

/// The lane that a pane of lanes is turned to first.
const FIRST: LaneId = LaneId::A;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_has_its_own_pane() {
        let mut panes = Panes::default();
        let mut all = vec![
            PaneId::Top,
            PaneId::Caption,
            PaneId::Playhead,
            PaneId::Controls,
            PaneId::Tools,
            PaneId::Recon,
            PaneId::Curves,
            PaneId::Numbers,
            PaneId::Timeline,
            PaneId::Status,
            PaneId::Pipeline,
            PaneId::Sentences,
            PaneId::Inspector,
            PaneId::Atlas,
            PaneId::Levels,
        ];
        for lane in [LaneId::B, LaneId::A] {
            all.extend([PaneId::Headline(lane), PaneId::Map(lane), PaneId::Usage(lane)]);
        }
        all.into_iter().for_each(|id| assert_eq!(panes.of(id).place(), id));
    }
}
