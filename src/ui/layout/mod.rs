//! Where every part of the window lies, worked out from its size alone.

pub mod arrangement;
pub mod audience;
pub mod cause;
pub mod panels;
pub mod places;
pub mod strip;
#[cfg(test)]
mod tests;

use egui::{Rect, Vec2, pos2, vec2};

use crate::figure::panel::Panel;
use crate::scenario::LaneId;
use crate::ui::layout::arrangement::{Arrangement, Part, TourSide};
use crate::ui::widgets::tokens::space;

/// Space between parts.
pub const GAP: f32 = space::S;
/// Smallest window that is laid out, that of a full HD screen at 200 %; in a smaller one stands a
/// sentence.
pub const LEAST: Vec2 = vec2(960.0, 540.0);
/// Height below which everything that is told twice is told once.
const LOW: f32 = 640.0;

const CONTROLS: f32 = 288.0;
/// Least width of the text of the tour.
const TOUR: f32 = 336.0;
const TOOLS: f32 = 28.0;
/// Room for the title of the reconstructions, whose pictures stand in three rows below it.
const RECON_TITLE: f32 = 20.0;
/// Least width of the reconstructions between the bars of the lanes.
const RECON_WIDTH: f32 = 300.0;

/// Heights of the parts that are as high in every window, or in every low one.
#[derive(Clone, Copy)]
struct Heights {
    top: f32,
    caption: f32,
    status: f32,
    headline: f32,
    timeline: f32,
}

impl Heights {
    fn of(size: Vec2) -> Self {
        match size.y < LOW {
            true => {
                Self { top: 40.0, caption: 30.0, status: 22.0, headline: 46.0, timeline: 102.0 }
            }
            false => Self {
                top: 44.0,
                caption: 38.0,
                status: 24.0,
                headline: 70.0,
                timeline: (size.y * 0.15).clamp(112.0, 190.0).round(),
            },
        }
    }
}

/// Least height of a timeline into which a curve is drawn.
const DRAWN: f32 = 220.0;

/// The parts of the window.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Story, transport, pace.
    pub top: Rect,
    /// The sentence of the running story.
    pub caption: Rect,
    /// Controls at the left; empty where they are hidden.
    pub controls: Rect,
    /// Switches of the views and the legend.
    pub tools: Rect,
    /// One column a lane.
    pub columns: Vec<Column>,
    /// Inputs and reconstructions.
    pub recon: Rect,
    /// Tabs of curves at the right; empty where they are hidden.
    pub curves: Rect,
    /// Table of numbers below them; empty where they are hidden.
    pub numbers: Rect,
    /// Utilization and loss over all steps.
    pub timeline: Rect,
    /// Device, renderer, seed, memory.
    pub status: Rect,
    /// Encoder, nearest code, decoder and gradients; empty while it is folded.
    pub pipeline: Rect,
    /// Sentences from the present numbers; empty where there are none.
    pub sentences: Rect,
    /// The life of one code, in the place of the numbers.
    pub inspector: Rect,
    /// All codes in use, in the place of the curves.
    pub atlas: Rect,
    /// Small maps of all codebooks of a watched file, in the place of the map and the bars.
    pub levels: Rect,
    /// The text of the tour; empty while it is not on.
    pub tour: Rect,
    /// The line that offers the tour, beside the caption; empty where it is not offered.
    pub offer: Rect,
}

/// The parts of one lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// Method and utilization.
    pub headline: Rect,
    /// Code map.
    pub map: Rect,
    /// Usage bars.
    pub usage: Rect,
}

impl Layout {
    /// The parts of a window of `size` points with these lanes.
    pub fn new(size: Vec2, lanes: &[LaneId], arrangement: &Arrangement) -> Self {
        let layout = Self::of(size, lanes.len(), &arrangement.within(size));
        let column = |id| lanes.iter().position(|lane| *lane == id);
        match arrangement.enlarged {
            // Another run may have no such lane.
            Some(panel) if panel != Panel::Window => match panel.lane().map_or(Some(0), column) {
                Some(column) => layout.enlarged(panel, column),
                None => layout,
            },
            _ => layout,
        }
    }

    /// The same with nothing enlarged.
    fn of(size: Vec2, lanes: usize, shown: &Arrangement) -> Self {
        let size = size.max(LEAST);
        let heights = Heights::of(size);
        let rect = |x0: f32, y0: f32, x1: f32, y1: f32| {
            Rect::from_min_max(pos2(x0, y0), pos2(x1.max(x0), y1.max(y0)))
        };
        let top = rect(0.0, 0.0, size.x, heights.top);
        let caption = rect(0.0, heights.top, size.x, heights.top + heights.caption);
        let status = rect(0.0, size.y - heights.status, size.x, size.y);
        let (timeline, y1) = match shown.shows(Part::Timeline) {
            true => {
                let top = status.top() - heights.timeline;
                (rect(GAP, top, size.x - GAP, status.top() - 2.0), top - GAP)
            }
            false => (Rect::NOTHING, status.top() - GAP),
        };
        let y0 = caption.bottom() + GAP;

        let has_controls = shown.shows(Part::Controls);
        let numbers_width = (size.x * 0.22).clamp(300.0, 420.0).round();
        let tour_width = numbers_width.max(TOUR);
        let left = match (shown.tour, has_controls) {
            (Some(TourSide::Left), _) => GAP + tour_width,
            (_, true) => GAP + CONTROLS,
            (_, false) => 0.0,
        };
        let has_right = shown.shows_any(&[Part::Curves, Part::Numbers]);
        let right = match (shown.tour, has_right) {
            (Some(TourSide::Right), _) => size.x - GAP - tour_width,
            (_, true) => size.x - GAP - numbers_width,
            (_, false) => size.x,
        };
        let tour = match shown.tour {
            Some(TourSide::Left) => rect(GAP, y0, left, y1),
            Some(TourSide::Right) => rect(right, y0, size.x - GAP, y1),
            None => Rect::NOTHING,
        };
        let controls = if has_controls { rect(GAP, y0, left, y1) } else { Rect::NOTHING };
        let table = ((y1 - y0) * 0.5).clamp(150.0, 272.0).round();
        let both = match (shown.shows(Part::Curves), shown.shows(Part::Numbers)) {
            (true, true) => [Some((y0, y1 - table - GAP)), Some((y1 - table, y1))],
            (is_above, is_below) => [is_above, is_below].map(|is| is.then_some((y0, y1))),
        };
        let [curves, numbers] = both.map(|part| match part {
            Some((above, below)) => rect(right, above, size.x - GAP, below),
            None => Rect::NOTHING,
        });
        let middle = rect(left + GAP, y0, right - GAP, y1);
        let tools = middle.with_max_y(y0 + TOOLS);
        let (columns, recon) =
            lanes_of(middle.with_min_y(tools.bottom() + space::XS), heights.headline, lanes, shown);
        let none = Rect::NOTHING;
        let (pipeline, sentences, inspector, atlas) = (none, none, none, none);
        Self {
            top,
            caption,
            controls,
            tools,
            columns,
            recon,
            curves,
            numbers,
            timeline,
            status,
            pipeline,
            sentences,
            inspector,
            atlas,
            levels: none,
            tour,
            offer: Rect::NOTHING,
        }
    }

    /// The same with room for the offer of the tour at the right of the caption.
    pub fn with_offer(mut self) -> Self {
        self.offer = self.caption.with_min_x(self.caption.right() - places::OFFER);
        self.caption.max.x = self.offer.left();
        self
    }

    /// The same with small maps of all codebooks in the place of the map and the bars of one.
    pub fn with_small_maps(mut self) -> Self {
        let Some(column) = self.columns.first_mut() else { return self };
        let parts = [column.map, column.usage].into_iter().filter(Rect::is_positive);
        self.levels = parts.reduce(Rect::union).unwrap_or(Rect::NOTHING);
        (column.map, column.usage) = (Rect::NOTHING, Rect::NOTHING);
        self
    }

    /// The same with a timeline that is high enough to draw a curve into it, over the lower ends of
    /// what else there is.
    pub fn with_room_to_draw(mut self) -> Self {
        if !self.timeline.is_positive() {
            return self;
        }
        let top = if self.recon.is_positive() { self.recon.top() } else { self.timeline.top() };
        self.timeline.min.y = top.min(self.timeline.bottom() - DRAWN);
        let bottom = self.timeline.top() - GAP;
        self.recon = Rect::NOTHING;
        for Column { map, usage, .. } in &mut self.columns {
            // Bars beside the reconstructions go with them.
            if usage.bottom() > bottom && map.is_positive() {
                *usage = Rect::NOTHING;
            }
        }
        let sides = [&mut self.controls, &mut self.curves, &mut self.numbers, &mut self.tour];
        let lanes =
            self.columns.iter_mut().flat_map(|c| [&mut c.headline, &mut c.map, &mut c.usage]);
        for part in sides.into_iter().chain(lanes).filter(|part| part.is_positive()) {
            part.max.y = part.max.y.min(bottom);
            if !part.is_positive() {
                *part = Rect::NOTHING;
            }
        }
        self
    }

    /// The same with one part over the room of all that stands between the switches and the status
    /// bar, for a projector or for many codes; the parts in its place are empty. `column` is that of
    /// the part's lane.
    fn enlarged(mut self, panel: Panel, column: usize) -> Self {
        let right = self.curves.right().max(self.numbers.right()).max(self.tools.right());
        let bottom = match panel {
            Panel::Timeline => self.status.top() - 2.0,
            _ if self.timeline.is_positive() => self.timeline.top() - GAP,
            _ => self.status.top() - GAP,
        };
        // The edge of the window keeps off long labels where the controls are hidden.
        let left = self.tools.left().max(GAP);
        let room = Rect::from_min_max(
            pos2(left, self.tools.bottom() + space::XS),
            pos2(right.min(self.status.right() - GAP), bottom),
        );
        let head = room.with_max_y(room.top() + self.columns[column].headline.height());
        let rest = room.with_min_y(head.bottom());
        let timeline = self.timeline;
        for part in [&mut self.recon, &mut self.curves, &mut self.numbers, &mut self.timeline] {
            *part = Rect::NOTHING;
        }
        let none = Column { headline: Rect::NOTHING, map: Rect::NOTHING, usage: Rect::NOTHING };
        self.columns.fill(none);
        if panel != Panel::Timeline {
            self.timeline = timeline;
        }
        match panel {
            Panel::Window => {}
            Panel::Maps => {
                let number = self.columns.len().max(1) as f32;
                let width = (room.width() - GAP * (number - 1.0)) / number;
                for (i, place) in self.columns.iter_mut().enumerate() {
                    let left = room.left() + i as f32 * (width + GAP);
                    let of =
                        |rect: Rect| Rect::from_x_y_ranges(left..=left + width, rect.y_range());
                    *place = Column { headline: of(head), map: of(rest), ..none };
                }
            }
            Panel::Map(_) => {
                self.columns[column] = Column { headline: head, map: rest, ..none };
            }
            Panel::Usage(_) => {
                let at = (rest.top() + 0.35 * rest.height()).round();
                let (map, usage) = (rest.with_max_y(at - GAP), rest.with_min_y(at));
                self.columns[column] = Column { headline: head, map, usage };
            }
            Panel::Recon => self.recon = room,
            Panel::Curves => self.curves = room,
            Panel::Numbers => self.numbers = room,
            Panel::Timeline => self.timeline = room,
        }
        self
    }
}

/// A column for each lane in `room`, and the reconstructions below: heads, maps as large as can be,
/// and one row of bars and reconstructions under them. The heads of the lanes stay whatever is hidden,
/// without which nobody could tell whose the rest is.
fn lanes_of(room: Rect, headline: f32, lanes: usize, shown: &Arrangement) -> (Vec<Column>, Rect) {
    let [has_maps, has_bars, has_recon] =
        [Part::Maps, Part::Bars, Part::Recon].map(|part| shown.shows(part));
    let thumb = ((room.height() * 0.27 - RECON_TITLE) / 3.0 - 2.0).clamp(25.0, 72.0).floor();
    let row = match has_recon {
        true => 3.0 * (thumb + 2.0) + RECON_TITLE,
        false => (room.height() * 0.22).clamp(84.0, 180.0).round(),
    };
    let below = room.with_min_y(room.bottom() - row);
    let number = lanes.max(1);
    let width = (room.width() - GAP * (number - 1) as f32) / number as f32;
    // Bars stand at the outer sides of the reconstructions, under the map of their lane.
    let is_between = has_maps && has_bars && has_recon;
    let bars = (0.23 * room.width() * 2.0 / number as f32)
        .min((room.width() - RECON_WIDTH) / number as f32 - GAP)
        .round();
    let column = |i: usize| {
        let x = room.left() + i as f32 * (width + GAP);
        let all = Rect::from_min_max(pos2(x, room.top()), pos2(x + width, room.bottom()));
        let (headline, rest) = all.split_top_bottom_at_y(all.top() + headline);
        let (above, own) = (rest.with_max_y(below.top() - GAP), rest.with_min_y(below.top()));
        let beside = match i {
            0 => own.with_max_x(own.left() + bars),
            _ => own.with_min_x(own.right() - bars),
        };
        let (map, usage) = match (has_maps, has_bars, has_recon) {
            (true, true, true) => (above, beside),
            (true, true, false) => (above, own),
            (true, false, true) => (above, Rect::NOTHING),
            (true, false, false) => (rest, Rect::NOTHING),
            (false, true, true) => (Rect::NOTHING, above),
            (false, true, false) => (Rect::NOTHING, rest),
            (false, false, _) => (Rect::NOTHING, Rect::NOTHING),
        };
        Column { headline, map, usage }
    };
    let recon = match (has_recon, is_between) {
        (false, _) => Rect::NOTHING,
        (true, false) => below,
        (true, true) => {
            let right = if number > 1 { below.right() - bars - space::L } else { below.right() };
            Rect::from_min_max(
                pos2(below.left() + bars + space::L, below.top()),
                pos2(right, below.bottom()),
            )
        }
    };
    ((0..number).map(column).collect(), recon)
}

/// Side of the pictures of reconstructions in a place of this height.
pub fn thumb(height: f32) -> f32 {
    // A hair more, so that what was laid out for whole points has them.
    ((height - RECON_TITLE) / 3.0 - 2.0 + 1e-3).floor()
}
