//! Where every part of the window lies, worked out from its size alone.

pub mod arrangement;
pub mod panels;
pub mod places;

use egui::{Rect, Vec2, pos2, vec2};

use crate::figure::panel::Panel;
use crate::scenario::LaneId;
use crate::ui::layout::arrangement::{Arrangement, Part};

/// Space between parts.
pub const GAP: f32 = 6.0;
/// Smallest window that is laid out; in a smaller one stands a sentence.
pub const LEAST: Vec2 = vec2(960.0, 600.0);

const TOP: f32 = 42.0;
const CAPTION: f32 = 36.0;
const STATUS: f32 = 24.0;
const CONTROLS: f32 = 280.0;
const TOOLS: f32 = 26.0;
const HEADLINE: f32 = 64.0;
/// Room for the title of the reconstructions, whose pictures stand in three rows below it.
const RECON_TITLE: f32 = 20.0;

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
        let layout = Self::of(size, lanes, arrangement);
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
    fn of(size: Vec2, lanes: &[LaneId], shown: &Arrangement) -> Self {
        let size = size.max(LEAST);
        let rect = |x0: f32, y0: f32, x1: f32, y1: f32| {
            Rect::from_min_max(pos2(x0, y0), pos2(x1.max(x0), y1.max(y0)))
        };
        let timeline_height = (size.y * 0.15).clamp(92.0, 190.0).round();
        let top = rect(0.0, 0.0, size.x, TOP);
        let caption = rect(0.0, TOP, size.x, TOP + CAPTION);
        let status = rect(0.0, size.y - STATUS, size.x, size.y);
        let (timeline, y1) = match shown.shows(Part::Timeline) {
            true => {
                let top = status.top() - timeline_height;
                (rect(GAP, top, size.x - GAP, status.top() - 2.0), top - GAP)
            }
            false => (Rect::NOTHING, status.top() - GAP),
        };
        let y0 = caption.bottom() + GAP;

        let has_controls = shown.shows(Part::Controls);
        let left = if has_controls { GAP + CONTROLS } else { 0.0 };
        let numbers_width = (size.x * 0.22).clamp(250.0, 420.0).round();
        let has_right = shown.shows_any(&[Part::Curves, Part::Numbers]);
        let right = if has_right { size.x - GAP - numbers_width } else { size.x };
        let controls = if has_controls { rect(GAP, y0, left, y1) } else { Rect::NOTHING };
        let table = ((y1 - y0) * 0.42).clamp(176.0, 230.0);
        let both = match (shown.shows(Part::Curves), shown.shows(Part::Numbers)) {
            (true, true) => [Some((y0, y1 - table - GAP)), Some((y1 - table, y1))],
            (is_above, is_below) => [is_above, is_below].map(|is| is.then_some((y0, y1))),
        };
        let [curves, numbers] = both.map(|part| match part {
            Some((above, below)) => rect(right, above, size.x - GAP, below),
            None => Rect::NOTHING,
        });
        let (x0, x1) = (left + GAP, right - GAP);

        let body = y1 - y0;
        let thumb = ((body * 0.27 - RECON_TITLE) / 3.0 - 2.0).clamp(26.0, 72.0).floor();
        let recon = rect(x0, y1 - (3.0 * (thumb + 2.0) + RECON_TITLE), x1, y1);
        let tools = rect(x0, y0, x1, y0 + TOOLS);
        let usage_height = (body * 0.19).clamp(76.0, 180.0).round();
        let usage_top = recon.top() - GAP - usage_height;
        let number = lanes.len().max(1);
        let width = (x1 - x0 - GAP * (number - 1) as f32) / number as f32;
        let columns = (0..number)
            .map(|i| {
                let x = x0 + i as f32 * (width + GAP);
                let headline =
                    rect(x, tools.bottom() + 4.0, x + width, tools.bottom() + 4.0 + HEADLINE);
                Column {
                    headline,
                    map: rect(x, headline.bottom(), x + width, usage_top - GAP),
                    usage: rect(x, usage_top, x + width, usage_top + usage_height),
                }
            })
            .collect();
        let layout = Self {
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
        };
        let layout = if shown.shows(Part::Recon) { layout } else { layout.without_recon() };
        layout.without_views(shown.shows(Part::Maps), shown.shows(Part::Bars))
    }

    /// The same with a timeline that is high enough to draw a curve into it, over the reconstructions.
    pub fn with_room_to_draw(mut self) -> Self {
        if self.timeline.is_positive() {
            let top = if self.recon.is_positive() { self.recon.top() } else { self.timeline.top() };
            self.timeline.min.y = top.min(self.timeline.bottom() - DRAWN);
            self.recon = Rect::NOTHING;
        }
        self
    }

    /// The same without maps or without bars: the one has the room of both. The heads of the lanes
    /// stay, without which nobody could tell whose they are.
    fn without_views(mut self, has_maps: bool, has_bars: bool) -> Self {
        for Column { headline, map, usage } in &mut self.columns {
            match (has_maps, has_bars) {
                (true, true) => {}
                (true, false) => {
                    map.max.y = usage.max.y;
                    *usage = Rect::NOTHING;
                }
                (false, true) => {
                    usage.min.y = headline.max.y;
                    *map = Rect::NOTHING;
                }
                (false, false) => (*map, *usage) = (Rect::NOTHING, Rect::NOTHING),
            }
        }
        self
    }

    /// The same where nothing is reconstructed: the room goes to the maps. They stand off the edge of
    /// the window, so that long labels of their axes stay inside.
    fn without_recon(mut self) -> Self {
        for column in &mut self.columns {
            column.map.min.x += GAP;
            column.usage.min.x += GAP;
            let shift = vec2(0.0, self.recon.bottom() - column.usage.bottom());
            column.usage = column.usage.translate(shift);
            column.map.max.y += shift.y;
        }
        self.recon = Rect::NOTHING;
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
            pos2(left, self.tools.bottom() + 4.0),
            pos2(right.min(self.status.right() - GAP), bottom),
        );
        let head = room.with_max_y(room.top() + HEADLINE);
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
            Panel::Map(_) => {
                self.columns[column] = Column { headline: head, map: rest, ..none };
            }
            Panel::Usage(_) => {
                // The painter of a large codebook makes bars as wide as the map above them.
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

/// Side of the pictures of reconstructions in a place of this height.
pub fn thumb(height: f32) -> f32 {
    // A hair more, so that what was laid out for whole points has them.
    ((height - RECON_TITLE) / 3.0 - 2.0 + 1e-3).floor()
}

#[cfg(test)]
mod tests {
    use super::places::PaneId;
    use super::*;

    const BOTH: [LaneId; 2] = [LaneId::A, LaneId::B];

    /// With controls, and with curves and numbers.
    fn arrangement(controls: bool, numbers: bool) -> Arrangement {
        let mut all = Arrangement::default();
        all.show(Part::Controls, controls);
        all.show(Part::Curves, numbers);
        all.show(Part::Numbers, numbers);
        all
    }

    #[test]
    fn whatever_is_hidden_the_rest_lies_inside_and_apart() {
        for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST] {
            for hidden in 0..1_u32 << Part::ALL.len() {
                let mut shown = Arrangement::default();
                for (i, part) in Part::ALL.into_iter().enumerate() {
                    shown.show(part, hidden & (1 << i) == 0);
                }
                let layout = Layout::new(size, &BOTH, &shown);
                let places = layout.places(&BOTH, true);
                let window = Rect::from_min_size(pos2(0.0, 0.0), size);
                for (i, (pane, a)) in places.iter().enumerate() {
                    assert!(window.contains_rect(*a), "{shown:?}: {pane:?} {a:?}");
                    for (other, b) in &places[..i] {
                        assert!(!a.intersect(*b).is_positive(), "{shown:?}: {pane:?} {other:?}");
                    }
                }
                let has = |id| places.iter().any(|(pane, _)| *pane == id);
                assert_eq!(has(PaneId::Map(LaneId::B)), shown.shows(Part::Maps), "{shown:?}");
                assert_eq!(has(PaneId::Usage(LaneId::A)), shown.shows(Part::Bars), "{shown:?}");
                assert_eq!(has(PaneId::Recon), shown.shows(Part::Recon), "{shown:?}");
                assert_eq!(has(PaneId::Timeline), shown.shows(Part::Timeline), "{shown:?}");
                assert_eq!(has(PaneId::Curves), shown.shows(Part::Curves), "{shown:?}");
                assert_eq!(has(PaneId::Numbers), shown.shows(Part::Numbers), "{shown:?}");
            }
        }
    }

    #[test]
    fn parts_lie_inside_and_do_not_overlap() {
        for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST, vec2(3840.0, 2160.0)] {
            for (lanes, controls, numbers) in
                [(2, true, true), (1, true, true), (2, false, false), (2, true, false)]
            {
                let lanes = &[LaneId::A, LaneId::B][..lanes];
                let l = Layout::new(size, lanes, &arrangement(controls, numbers));
                let mut parts = vec![l.top, l.caption, l.tools, l.recon, l.timeline, l.status];
                let hidden = [l.controls, l.curves, l.numbers];
                parts.extend(hidden.into_iter().filter(egui::Rect::is_positive));
                parts.extend(l.columns.iter().flat_map(|c| [c.headline, c.map, c.usage]));
                let wide = l.clone().without_recon();
                assert_eq!(wide.columns[0].usage.bottom(), l.recon.bottom());
                assert_eq!(
                    wide.columns[0].usage.top() - wide.columns[0].map.bottom(),
                    l.columns[0].usage.top() - l.columns[0].map.bottom()
                );
                let window = Rect::from_min_size(pos2(0.0, 0.0), size);
                for (i, a) in parts.iter().enumerate() {
                    assert!(window.contains_rect(*a) && a.is_positive(), "{size:?} {a:?}");
                    for b in &parts[..i] {
                        assert!(
                            a.intersect(*b).area() <= 0.0 || !a.intersect(*b).is_positive(),
                            "{a:?} {b:?}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn an_enlarged_part_is_the_largest_and_covers_nothing() {
        for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST] {
            for (controls, numbers) in [(true, true), (false, false)] {
                let before = Layout::new(size, &BOTH, &arrangement(controls, numbers));
                for panel in Panel::ALL.into_iter().filter(|panel| *panel != Panel::Window) {
                    let column = panel.lane().map_or(0, crate::scenario::LaneId::index);
                    let l = before.clone().enlarged(panel, column);
                    let mut parts = vec![l.recon, l.curves, l.numbers, l.timeline];
                    parts.extend(l.columns.iter().flat_map(|c| [c.headline, c.map, c.usage]));
                    parts.extend([l.controls, l.tools, l.caption, l.status]);
                    parts.retain(egui::Rect::is_positive);
                    let area = |l: &Layout| match panel {
                        Panel::Map(_) => l.columns[column].map.area(),
                        Panel::Usage(_) => l.columns[column].usage.area(),
                        Panel::Recon => l.recon.area(),
                        Panel::Curves => l.curves.area(),
                        Panel::Numbers => l.numbers.area(),
                        _ => l.timeline.area(),
                    };
                    assert!(area(&l) > 1.5 * area(&before).max(1.0), "{panel:?} {l:?}");
                    let window = Rect::from_min_size(pos2(0.0, 0.0), size);
                    for (i, a) in parts.iter().enumerate() {
                        assert!(window.contains_rect(*a), "{panel:?} {a:?}");
                        for b in &parts[..i] {
                            assert!(!a.intersect(*b).is_positive(), "{panel:?}: {a:?} {b:?}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn maps_keep_room_at_both_sizes_that_are_promised() {
        let large = Layout::new(vec2(1440.0, 900.0), &BOTH, &Arrangement::default());
        assert!(
            large.columns[0].map.width() >= 400.0 && large.columns[0].map.height() >= 240.0,
            "{large:?}"
        );
        let small = Layout::new(vec2(1280.0, 720.0), &BOTH, &Arrangement::default());
        assert!(
            small.columns[0].map.width() >= 330.0 && small.columns[0].map.height() >= 150.0,
            "{small:?}"
        );
    }
}
