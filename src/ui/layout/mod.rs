//! Where every part of the window lies, worked out from its size alone.

pub mod panels;

use egui::{Rect, Vec2, pos2, vec2};

use crate::figure::panel::Panel;

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
const RECON_TITLE: f32 = 20.0;

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
    /// Side of a thumbnail in `recon`.
    pub thumb: f32,
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
    /// The parts of a window of `size` points with one or two lanes.
    pub fn of(size: Vec2, lanes: usize, has_controls: bool, has_numbers: bool) -> Self {
        let size = size.max(LEAST);
        let rect = |x0: f32, y0: f32, x1: f32, y1: f32| {
            Rect::from_min_max(pos2(x0, y0), pos2(x1.max(x0), y1.max(y0)))
        };
        let timeline_height = (size.y * 0.15).clamp(92.0, 190.0).round();
        let top = rect(0.0, 0.0, size.x, TOP);
        let caption = rect(0.0, TOP, size.x, TOP + CAPTION);
        let status = rect(0.0, size.y - STATUS, size.x, size.y);
        let timeline = rect(GAP, status.top() - timeline_height, size.x - GAP, status.top() - 2.0);
        let (y0, y1) = (caption.bottom() + GAP, timeline.top() - GAP);

        let left = if has_controls { GAP + CONTROLS } else { 0.0 };
        let numbers_width = (size.x * 0.22).clamp(250.0, 420.0).round();
        let right = if has_numbers { size.x - GAP - numbers_width } else { size.x };
        let controls = if has_controls { rect(GAP, y0, left, y1) } else { Rect::NOTHING };
        let table = ((y1 - y0) * 0.42).clamp(176.0, 230.0);
        let [curves, numbers] = match has_numbers {
            true => [(y0, y1 - table - GAP), (y1 - table, y1)]
                .map(|(above, below)| rect(right, above, size.x - GAP, below)),
            false => [Rect::NOTHING; 2],
        };
        let (x0, x1) = (left + GAP, right - GAP);

        let body = y1 - y0;
        let thumb = ((body * 0.27 - RECON_TITLE) / 3.0 - 2.0).clamp(26.0, 72.0).floor();
        let recon = rect(x0, y1 - (3.0 * (thumb + 2.0) + RECON_TITLE), x1, y1);
        let tools = rect(x0, y0, x1, y0 + TOOLS);
        let usage_height = (body * 0.19).clamp(76.0, 180.0).round();
        let usage_top = recon.top() - GAP - usage_height;
        let width = (x1 - x0 - GAP * (lanes.max(1) - 1) as f32) / lanes.max(1) as f32;
        let columns = (0..lanes.max(1))
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
        Self {
            top,
            caption,
            controls,
            tools,
            columns,
            recon,
            thumb,
            curves,
            numbers,
            timeline,
            status,
        }
    }

    /// The same where nothing is reconstructed: the room goes to the maps. They stand off the edge of
    /// the window, so that long labels of their axes stay inside.
    pub fn without_recon(mut self) -> Self {
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
    pub fn enlarged(mut self, panel: Panel, column: usize) -> Self {
        let right = self.curves.right().max(self.tools.right());
        let bottom = match panel {
            Panel::Timeline => self.timeline.bottom(),
            _ => self.timeline.top() - GAP,
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
            Panel::Recon => {
                self.recon = room;
                self.thumb = ((room.height() - RECON_TITLE) / 3.0 - 2.0).floor();
            }
            Panel::Curves => self.curves = room,
            Panel::Numbers => self.numbers = room,
            Panel::Timeline => self.timeline = room,
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_lie_inside_and_do_not_overlap() {
        for size in [vec2(1440.0, 900.0), vec2(1280.0, 720.0), LEAST, vec2(3840.0, 2160.0)] {
            for (lanes, controls, numbers) in
                [(2, true, true), (1, true, true), (2, false, false), (2, true, false)]
            {
                let l = Layout::of(size, lanes, controls, numbers);
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
                let before = Layout::of(size, 2, controls, numbers);
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
        let large = Layout::of(vec2(1440.0, 900.0), 2, true, true);
        assert!(
            large.columns[0].map.width() >= 400.0 && large.columns[0].map.height() >= 240.0,
            "{large:?}"
        );
        let small = Layout::of(vec2(1280.0, 720.0), 2, true, true);
        assert!(
            small.columns[0].map.width() >= 330.0 && small.columns[0].map.height() >= 150.0,
            "{small:?}"
        );
    }
}
