//! Which pane is drawn where.

use egui::Rect;

use crate::figure::panel::Panel;
use crate::scenario::LaneId;
use crate::ui::layout::Layout;

/// Width of the strip of the pinned step beside the caption.
const PLAYHEAD: f32 = 560.0;

/// Width of the line that offers the tour, at the same place.
pub const OFFER: f32 = 420.0;

/// A pane of the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PaneId {
    /// Story, transport, pace.
    Top,
    /// The sentence of the running story.
    Caption,
    /// The pinned step.
    Playhead,
    /// What can be set.
    Controls,
    /// Switches of the views and the legend.
    Tools,
    /// Method and utilization of a lane.
    Headline(LaneId),
    /// Code map of a lane.
    Map(LaneId),
    /// Usage bars of a lane.
    Usage(LaneId),
    /// Inputs and reconstructions.
    Recon,
    /// Tabs of curves.
    Curves,
    /// Table of numbers.
    Numbers,
    /// Utilization and error over all steps.
    Timeline,
    /// Device, renderer, seed, memory.
    Status,
    /// Encoder, nearest code, decoder and gradients.
    Pipeline,
    /// Sentences from the present numbers.
    Sentences,
    /// The life of one code.
    Inspector,
    /// All codes in use.
    Atlas,
    /// Small maps of all codebooks of a watched file.
    Levels,
}

impl PaneId {
    /// Whether one of the words of a story's `show` means it.
    pub fn is_meant(self, words: &[String]) -> bool {
        let is_map = matches!(self, Self::Map(_));
        let is_its =
            |word: &str| self.panel_name() == Some(word) || (is_map && word == Panel::Maps.name());
        words.iter().any(|word| is_its(word))
    }

    /// The name by which a story lights it, where it can.
    fn panel_name(self) -> Option<&'static str> {
        let panel = match self {
            Self::Map(id) => Panel::Map(id),
            Self::Levels => Panel::Map(LaneId::A),
            Self::Usage(id) => Panel::Usage(id),
            Self::Recon => Panel::Recon,
            Self::Curves | Self::Atlas => Panel::Curves,
            Self::Numbers | Self::Inspector => Panel::Numbers,
            Self::Timeline => Panel::Timeline,
            _ => return None,
        };
        Some(panel.name())
    }

    /// Whether it shows what came of a run.
    pub fn shows_run(self) -> bool {
        match self {
            Self::Top | Self::Caption | Self::Playhead | Self::Controls | Self::Tools => false,
            Self::Status | Self::Pipeline => false,
            Self::Headline(_) | Self::Map(_) | Self::Usage(_) => true,
            Self::Recon | Self::Curves | Self::Numbers | Self::Timeline => true,
            Self::Sentences | Self::Inspector | Self::Atlas | Self::Levels => true,
        }
    }
}

impl Layout {
    /// Where what is shown of the run lies, between the caption and the status bar.
    pub fn pictures(&self) -> Rect {
        let mut all = self.status.with_min_y(self.caption.bottom()).with_max_y(self.status.top());
        if self.controls.is_positive() {
            all.min.x = self.controls.right();
        }
        if self.tour.is_positive() {
            match self.tour.center().x < all.center().x {
                true => all.min.x = self.tour.right(),
                false => all.max.x = self.tour.left(),
            }
        }
        all
    }

    /// Where the lanes lie, above the timeline.
    pub fn above_timeline(&self) -> Rect {
        let mut all = self.pictures();
        if self.timeline.is_positive() {
            all.max.y = self.timeline.top();
        }
        let right = self.curves.left().min(self.numbers.left());
        if right > all.min.x && right < all.max.x {
            all.max.x = right;
        }
        all
    }

    /// What is drawn where, in the order of drawing, for these lanes; beside the caption there is room
    /// for the pinned step where one `is_pinned`.
    pub fn places(&self, lanes: &[LaneId], is_pinned: bool) -> Vec<(PaneId, Rect)> {
        let mut caption = self.caption;
        let mut playhead = Rect::NOTHING;
        if is_pinned {
            playhead = caption.with_min_x(caption.right() - PLAYHEAD);
            caption.max.x = playhead.left();
        }
        let mut all = vec![
            (PaneId::Top, self.top),
            (PaneId::Caption, caption),
            (PaneId::Playhead, playhead),
            (PaneId::Controls, self.controls),
            (PaneId::Tools, self.tools),
            (PaneId::Pipeline, self.pipeline),
            (PaneId::Sentences, self.sentences),
        ];
        for (&id, column) in lanes.iter().zip(&self.columns) {
            all.push((PaneId::Headline(id), column.headline));
            all.push((PaneId::Map(id), column.map));
            all.push((PaneId::Usage(id), column.usage));
        }
        all.push((PaneId::Levels, self.levels));
        all.extend([
            (PaneId::Recon, self.recon),
            (PaneId::Curves, self.curves),
            (PaneId::Numbers, self.numbers),
            (PaneId::Atlas, self.atlas),
            (PaneId::Inspector, self.inspector),
            (PaneId::Timeline, self.timeline),
            (PaneId::Status, self.status),
        ]);
        all.retain(|(_, rect)| rect.is_positive());
        all
    }
}
