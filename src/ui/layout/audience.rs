//! What a room sees, as data: strips that are cut off one after another, of the window and of the column
//! of each lane; the maps have what is left.

use egui::{Rect, pos2, vec2};

use crate::scenario::LaneId;
use crate::ui::layout::arrangement::{Arrangement, Part};
use crate::ui::layout::places::PaneId;
use crate::ui::widgets::tokens::space;

/// What stands in a strip.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoomPart {
    /// The text of the story, or its question.
    Caption,
    /// What came of something that was changed.
    Change,
    /// The note of the beat that stands there, where it has no window of its own.
    Notes,
    /// How far the story is.
    Progress,
    /// Utilization over all steps, to be drawn into.
    Timeline,
    /// Method of a lane, and how much of its codebook is in use.
    Headline,
    /// Inputs and reconstructions of a lane.
    Pictures,
    /// Usage bars of a lane.
    Bars,
    /// Code map of a lane.
    Map,
}

impl RoomPart {
    /// The pane of the work window that stands in it, where it is one.
    pub fn pane(self, lane: Option<LaneId>) -> Option<PaneId> {
        match self {
            Self::Caption | Self::Change | Self::Notes => None,
            Self::Progress | Self::Headline => None,
            Self::Timeline => Some(PaneId::Timeline),
            Self::Pictures => Some(PaneId::Recon),
            Self::Bars => lane.map(PaneId::Usage),
            Self::Map => lane.map(PaneId::Map),
        }
    }

    /// The part by which an arrangement hides it, where it can be.
    fn part(self) -> Option<Part> {
        match self {
            Self::Caption | Self::Change | Self::Notes => None,
            Self::Progress | Self::Headline => None,
            Self::Timeline => Some(Part::Timeline),
            Self::Pictures => Some(Part::Recon),
            Self::Bars => Some(Part::Bars),
            Self::Map => Some(Part::Maps),
        }
    }
}

/// An edge that a strip is cut off.
#[derive(Clone, Copy)]
enum Border {
    Top,
    Bottom,
}

/// A strip of what a room sees.
struct Strip {
    row: RoomPart,
    edge: Border,
    height: f32,
    /// Height of all that is cut up, above which it has room.
    above: f32,
}

/// Height of the text of the story, which a long one can exceed.
pub const CAPTION: f32 = 84.0;

/// Height of the line of the story.
pub const PROGRESS: f32 = 36.0;

/// The strips of the window, in the order in which they are cut off.
const WINDOW: [Strip; 5] = [
    Strip { row: RoomPart::Caption, edge: Border::Top, height: CAPTION, above: 0.0 },
    Strip { row: RoomPart::Change, edge: Border::Top, height: 72.0, above: 0.0 },
    Strip { row: RoomPart::Notes, edge: Border::Bottom, height: 150.0, above: 0.0 },
    Strip { row: RoomPart::Progress, edge: Border::Bottom, height: PROGRESS, above: 0.0 },
    Strip { row: RoomPart::Timeline, edge: Border::Bottom, height: 260.0, above: 0.0 },
];

/// The strips of a lane's column. Without room for bars and pictures there is the map alone.
const LANE: [Strip; 3] = [
    Strip { row: RoomPart::Headline, edge: Border::Top, height: 92.0, above: 0.0 },
    Strip { row: RoomPart::Pictures, edge: Border::Bottom, height: 84.0, above: 420.0 },
    Strip { row: RoomPart::Bars, edge: Border::Bottom, height: 84.0, above: 420.0 },
];

/// What stands in the rest of a lane's column.
const REST: RoomPart = RoomPart::Map;

/// Which texts there are, and how high the story's is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Texts {
    /// Height of the text of the story.
    pub caption: f32,
    /// Whether something came of a change.
    pub has_change: bool,
    /// Whether notes stand below the story.
    pub has_notes: bool,
}

/// A place of what a room sees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RoomPlace {
    /// What stands there.
    pub row: RoomPart,
    /// Of which lane, where it is of one.
    pub lane: Option<LaneId>,
    /// Where.
    pub rect: Rect,
}

/// Where everything lies that a room sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Audience {
    /// Places, in the order of drawing.
    pub places: Vec<RoomPlace>,
    /// A column for each lane.
    pub columns: Vec<Rect>,
    /// All columns together.
    pub lanes: Rect,
}

impl Audience {
    /// What of a window is within its margins.
    pub fn inside(full: Rect) -> Rect {
        full.shrink(space::L)
    }

    /// The places in a window for these lanes.
    pub fn new(full: Rect, lanes: &[LaneId], arrangement: &Arrangement, texts: Texts) -> Self {
        let is_shown = |row: RoomPart| match row {
            RoomPart::Notes => texts.has_notes,
            RoomPart::Change => texts.has_change,
            _ => row.part().is_none_or(|part| arrangement.shows(part)),
        };
        let mut places = Vec::new();
        let mut rest = Self::inside(full);
        let put = |rect: &mut Rect, strips: &[Strip], lane, places: &mut Vec<RoomPlace>| {
            let height = rect.height();
            for strip in strips.iter().filter(|s| height > s.above && is_shown(s.row)) {
                places.push(RoomPlace { row: strip.row, lane, rect: strip.cut_off(rect, &texts) });
            }
        };
        put(&mut rest, &WINDOW, None, &mut places);
        let width =
            (rest.width() - space::L * (lanes.len() as f32 - 1.0)) / lanes.len().max(1) as f32;
        let column = |i: usize| {
            let x = rest.left() + i as f32 * (width + space::L);
            Rect::from_min_size(pos2(x, rest.top()), vec2(width, rest.height()))
        };
        let columns: Vec<Rect> = (0..lanes.len()).map(column).collect();
        for (&lane, &column) in lanes.iter().zip(&columns) {
            let mut left = column;
            put(&mut left, &LANE, Some(lane), &mut places);
            if is_shown(REST) {
                places.push(RoomPlace { row: REST, lane: Some(lane), rect: left });
            }
        }
        places.retain(|place| place.rect.is_positive());
        Self { places, columns, lanes: rest }
    }
}

impl Strip {
    /// Cuts it off, and the space beside it; a low window has room for less of it.
    fn cut_off(&self, rest: &mut Rect, texts: &Texts) -> Rect {
        let wanted = match self.row {
            RoomPart::Caption => self.height.max(texts.caption),
            _ => self.height,
        };
        let height = wanted.min(rest.height());
        match self.edge {
            Border::Top => {
                let taken = rest.with_max_y(rest.top() + height);
                rest.min.y = (taken.bottom() + space::S).min(rest.max.y);
                taken
            }
            Border::Bottom => {
                let taken = rest.with_min_y(rest.bottom() - height);
                rest.max.y = (taken.top() - space::S).max(rest.min.y);
                taken
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [LaneId; 2] = [LaneId::A, LaneId::B];

    fn window([width, height]: [f32; 2]) -> Rect {
        Rect::from_min_size(pos2(0.0, 0.0), vec2(width, height))
    }

    #[test]
    fn whatever_a_room_sees_lies_inside_and_apart() {
        for size in [[1440.0, 900.0], [1280.0, 720.0], [960.0, 540.0], [3840.0, 2160.0]] {
            for (is_drawn, has_pictures, has_notes) in [
                (false, true, false),
                (true, false, true),
                (false, false, true),
                (true, true, false),
            ] {
                let shown = Arrangement::before_a_room(is_drawn, has_pictures);
                let texts = Texts { has_notes, ..Texts::default() };
                let all = Audience::new(window(size), &BOTH, &shown, texts);
                for (i, place) in all.places.iter().enumerate() {
                    assert!(window(size).contains_rect(place.rect), "{size:?}: {place:?}");
                    for other in &all.places[..i] {
                        let both = place.rect.intersect(other.rect);
                        assert!(!both.is_positive(), "{size:?}: {place:?} {other:?}");
                    }
                }
                let has = |row| all.places.iter().any(|place| place.row == row);
                assert_eq!((has(RoomPart::Timeline), has(RoomPart::Notes)), (is_drawn, has_notes));
                // A low window is full of what is drawn into, where notes stand below it.
                let has_room = size[1] > 600.0 || !(is_drawn && has_notes);
                assert_eq!(has(RoomPart::Map), has_room, "{size:?}");
                assert!(has_pictures || !has(RoomPart::Pictures), "{size:?}");
            }
        }
    }

    #[test]
    fn bars_and_pictures_go_where_the_map_would_have_no_room() {
        let shown = Arrangement::before_a_room(false, true);
        let rows = |size, lanes: &[LaneId]| -> Vec<RoomPart> {
            let all = Audience::new(window(size), lanes, &shown, Texts::default());
            all.places.into_iter().map(|place| place.row).collect()
        };
        let window = [RoomPart::Caption, RoomPart::Progress];
        let lane = [RoomPart::Headline, RoomPart::Pictures, RoomPart::Bars, RoomPart::Map];
        assert_eq!(rows([1280.0, 720.0], &BOTH), [&window[..], &lane, &lane].concat());
        assert_eq!(rows([1280.0, 720.0], &[LaneId::A]), [&window[..], &lane].concat());
        let low = [RoomPart::Headline, RoomPart::Map];
        assert_eq!(rows([960.0, 540.0], &BOTH), [&window[..], &low, &low].concat());
    }
}
