//! Lengths of the codes of a file that holds no counts, in the place of the usage bars.

use std::sync::Arc;

use egui::{Align2, Mesh, Rect, Response, Shape, Stroke, Ui, pos2};

use crate::figure::axis::Axis;
use crate::figure::norms::Norms;
use crate::record::snapshot::LaneView;
use crate::text::{count, significant};
use crate::ui::widgets::text::first_that_fits;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// Points that a part is wide, and how many there are at most.
const PART: f32 = 7.0;
const MOST: usize = 96;

/// The lengths of a picture's codes, counted once for it and not in every frame.
#[derive(Default)]
pub struct Kept {
    /// Count of pictures, and parts.
    key: Option<(u64, usize)>,
    norms: Option<Arc<Norms>>,
}

impl Kept {
    /// The lengths of a view's codes for a plot of this width; none where they are not known.
    pub fn of(&mut self, generation: u64, view: &LaneView, width: f32) -> Option<Arc<Norms>> {
        let parts = ((width / PART) as usize).clamp(8, MOST);
        if self.key.replace((generation, parts)) != Some((generation, parts)) {
            self.norms = Norms::new(&view.code_norms, parts).map(Arc::new);
        }
        self.norms.clone()
    }
}

/// Draws them on a plot whose axis of counts has its ticks already.
pub fn show(ui: &Ui, plot: Rect, view: &LaneView, norms: &Norms, up: &Axis, response: Response) {
    let p = palette(ui);
    let painter = ui.painter_at(plot);
    let width = (plot.width() - 2.0) / norms.bins.len() as f32;
    let mut mesh = Mesh::default();
    for (at, &codes) in norms.bins.iter().enumerate().filter(|(_, codes)| **codes > 0) {
        let height = (up.place(f64::from(codes)) as f32 * (plot.height() - 4.0)).max(1.0);
        let (x, bottom) = (plot.left() + 1.0 + at as f32 * width, plot.bottom() - 1.0);
        let gap = if width >= 4.0 { 1.0 } else { 0.0 };
        let bar = Rect::from_min_max(pos2(x, bottom - height), pos2(x + width - gap, bottom));
        mesh.add_colored_rect(bar, p.lane(view.id));
    }
    painter.add(Shape::mesh(mesh));
    across(ui, plot, norms);
    let mean = plot.left() + norms.axis.place(norms.mean) as f32 * plot.width();
    let stroke = Stroke::new(line::HAIR, p.reference);
    let ends = [pos2(mean, plot.top()), pos2(mean, plot.bottom())];
    painter.extend(Shape::dashed_line(&ends, stroke, 2.0, 3.0));
    let codes = count(view.code_norms.len() as u64);
    let mut wordings = vec![words!("usage-norms-short", codes = codes)];
    wordings.insert(
        0,
        match norms.broken {
            0 => words!("usage-norms", codes = codes),
            n => words!("usage-norms-broken", codes = codes, broken = count(n as u64)),
        },
    );
    let (at, anchor) = (pos2(plot.right() - space::S, plot.top() + space::XS), Align2::RIGHT_TOP);
    let (room, font) = (plot.width() - space::L, theme::font(tokens(ui).small));
    let placed = first_that_fits(&painter, at, anchor, room, font.clone(), p.weak, &wordings);
    let text = words!("usage-norms-mean", mean = significant(norms.mean));
    let at = pos2(plot.right() - space::S, placed.bottom());
    painter.text(at, anchor, text, font, p.reference);
    let Some(pointer) = response.hover_pos() else { return };
    let at = ((pointer.x - plot.left() - 1.0) / width).max(0.0) as usize;
    let Some(codes) = norms.bins.get(at) else { return };
    let [low, high] = norms.part(at);
    let text = words!(
        "usage-norms-bin",
        codes = count(u64::from(*codes)),
        low = significant(low),
        high = significant(high)
    );
    response.on_hover_text_at_pointer(text);
}

/// Labels of the lengths below the plot.
fn across(ui: &Ui, plot: Rect, norms: &Norms) {
    let font = theme::font(tokens(ui).small);
    let color = palette(ui).weak;
    let mut free = f32::NEG_INFINITY;
    for tick in norms.axis.ticks(5) {
        let x = plot.left() + norms.axis.place(tick.value) as f32 * plot.width();
        let galley = ui.painter().layout_no_wrap(tick.label, font.clone(), color);
        let reach = galley.size().x / 2.0;
        if x - reach < plot.left().max(free) || x + reach > plot.right() {
            continue;
        }
        free = x + reach + space::S;
        ui.painter().galley(pos2(x - reach, plot.bottom() + 1.0), galley, color);
    }
}

/// What a screen reader says of them.
pub fn spoken(norms: &Norms, lane: &str, codes: usize) -> String {
    let [least, greatest] = norms.ends.map(significant);
    words!(
        "spoken-norms",
        codes = count(codes as u64),
        lane = lane,
        least = least,
        greatest = greatest
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::fixture;

    #[test]
    fn lengths_are_counted_once_for_a_picture_and_a_width() {
        let mut view = fixture::collapse().run.lane(LaneId::A).unwrap().clone();
        view.code_norms = vec![1.0, 2.0, 4.0];
        let mut kept = Kept::default();
        let first = kept.of(1, &view, 300.0).unwrap();
        assert!(Arc::ptr_eq(&first, &kept.of(1, &view, 298.0).unwrap()));
        assert_eq!(kept.of(1, &view, 600.0).unwrap().bins.len(), 85);
        view.code_norms.push(9.0);
        assert_eq!(kept.of(2, &view, 600.0).unwrap().ends, [1.0, 9.0]);
        view.code_norms.clear();
        assert!(kept.of(3, &view, 600.0).is_none());
    }
}
