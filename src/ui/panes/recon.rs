//! Reconstructions: the inputs, and under them what each lane makes of them.

use egui::{Align2, Mesh, Painter, Pos2, Rect, Sense, Shape, Ui, pos2, vec2};

use crate::analysis::figures::full_set_step;
use crate::palette::Palette;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::LaneId;
use crate::text::{count, significant};
use crate::ui::cache::thumbnails::Thumbnails;
use crate::ui::layout::places::PaneId;
use crate::ui::layout::thumb;
use crate::ui::panes::{Pane, PaneCtx, spoken};
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::text::first_that_fits;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Room for the name of a row and its error.
const NAMES: f32 = 120.0;

/// The same in smaller type, and the width below which there is no more room.
const SHORT: f32 = 98.0;
const NARROW: f32 = 520.0;

/// Space between two pictures.
const SPACE: f32 = 2.0;

/// Inputs and reconstructions.
#[derive(Default)]
pub struct ReconPane {
    thumbnails: Thumbnails,
    /// The lane of which one row is drawn and nothing else, before a room.
    pub room: Option<LaneId>,
}

impl Pane for ReconPane {
    fn id(&self) -> PaneId {
        PaneId::Recon
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &PaneCtx<'_>, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        if let (Some(id), Some(snapshot)) = (self.room, ctx.run.snapshot.clone()) {
            self.thumbnails.update(ui.ctx(), &snapshot, ctx.run.generation);
            self.row(ui, &snapshot, id, rect);
            return;
        }
        let thumb = thumb(rect.height());
        let p = palette(ui);
        let painter = ui.painter_at(rect);
        let snapshot = ctx.run.snapshot.clone();
        let of = snapshot.as_deref().map_or(String::new(), made_at);
        let t = tokens(ui);
        let wordings = [
            words!("recon-reconstructions-of-held-out-images", of = of),
            words!("recon-reconstructions", of = of),
        ];
        let (at, room) = (rect.left_top() + vec2(0.0, 1.0), rect.width());
        let title = first_that_fits(
            &painter,
            at,
            Align2::LEFT_TOP,
            room,
            theme::bold(t.body),
            p.text,
            &wordings,
        );
        let Some(snapshot) = snapshot else { return };
        let focusable = Sense::hover() | Sense::focusable_noninteractive();
        let response = ui.interact(rect, ui.scope_id().with("reconstructions"), focusable);
        spoken::say(&response, || spoken::recon(&snapshot));
        theme::focus_ring(ui, &response);
        self.thumbnails.update(ui.ctx(), &snapshot, ctx.run.generation);
        let Some(pictures) = snapshot.lanes.first().and_then(|l| l.pictures.as_ref()) else {
            if snapshot.lanes.iter().any(|lane| lane.axes.are_coordinates) {
                let text = words!("recon-samples-are-points").into();
                let galley = painter.layout(text, theme::font(t.body), p.weak, rect.width());
                painter.galley(rect.left_top() + vec2(0.0, space::XL), galley, p.weak);
            }
            return;
        };
        let eval = snapshot.lanes.iter().find_map(|l| l.eval);
        if let (Some(eval), Some(step)) = (eval, full_set_step(&snapshot.lanes)) {
            let number = count(eval.usage.tokens as u64);
            let wordings = [
                words!("recon-mse-a-pixel-over-the", tokens = number, step = step),
                words!("recon-mse-a-pixel-over-the-2", step = step),
                words!("recon-mse-of", step = step),
                String::new(),
            ];
            let (at, anchor) = (rect.right_top() + vec2(-2.0, 2.0), Align2::RIGHT_TOP);
            let (room, font) = (at.x - title.right() - space::M, theme::font(t.small));
            first_that_fits(&painter, at, anchor, room, font, p.weak, &wordings);
        }
        let top = rect.top() + 20.0;
        // Between bars there is little room for names.
        let is_narrow = rect.width() < NARROW;
        let (names, size) = if is_narrow { (SHORT, t.small) } else { (NAMES, t.body) };
        let room = rect.width() - names;
        let shown = ((room / (thumb + SPACE)) as usize).clamp(1, pictures.inputs.len());
        // Where the row would end early, the pictures stand further apart instead.
        let pitch = (room / shown as f32).min(thumb * 1.35);
        let best = best_lane(&snapshot);
        for (row, id) in [None, Some(LaneId::A), Some(LaneId::B)].into_iter().enumerate() {
            let y = top + row as f32 * (thumb + 2.0);
            let lane = id.and_then(|id| snapshot.lanes.iter().find(|l| l.id == id));
            if id.is_some() && lane.is_none() {
                continue;
            }
            let middle = y + thumb / 2.0;
            row_name(&painter, pos2(rect.left(), middle), lane, best, size, p);
            if let Some(texture) = &self.thumbnails.rows[row] {
                let mut mesh = Mesh::with_texture(texture.id());
                for i in 0..shown {
                    let n = pictures.inputs.len() as f32;
                    let uv =
                        Rect::from_min_max(pos2(i as f32 / n, 0.0), pos2((i + 1) as f32 / n, 1.0));
                    let at = pos2(rect.left() + names + i as f32 * pitch, y);
                    mesh.add_rect_with_uv(
                        Rect::from_min_size(at, vec2(thumb, thumb)),
                        uv,
                        egui::Color32::WHITE,
                    );
                }
                painter.add(Shape::mesh(mesh));
            }
        }
    }
}

impl ReconPane {
    /// One row of the reconstructions of a lane, as high as the place.
    fn row(&self, ui: &Ui, snapshot: &Snapshot, id: LaneId, rect: Rect) {
        let Some(pictures) = snapshot.lanes.first().and_then(|l| l.pictures.as_ref()) else {
            return;
        };
        let Some(texture) = &self.thumbnails.rows[1 + id.index()] else { return };
        let (side, n) = (rect.height(), pictures.inputs.len());
        let shown = ((rect.width() / (side + SPACE)) as usize).clamp(1, n);
        let mut mesh = Mesh::with_texture(texture.id());
        for i in 0..shown {
            let uv = Rect::from_min_max(
                pos2(i as f32 / n as f32, 0.0),
                pos2((i + 1) as f32 / n as f32, 1.0),
            );
            let at = rect.min + vec2(i as f32 * (rect.width() / shown as f32), 0.0);
            let place = Rect::from_min_size(at, vec2(side, side));
            mesh.add_rect_with_uv(place, uv, egui::Color32::WHITE);
        }
        ui.painter_at(rect).add(Shape::mesh(mesh));
    }
}

/// What a row is of, left of its pictures: the inputs, or a lane with its error, the lower one bold.
fn row_name(
    painter: &Painter,
    at: Pos2,
    lane: Option<&LaneView>,
    best: Option<LaneId>,
    size: f32,
    p: &Palette,
) {
    let Some(lane) = lane else {
        painter.text(at, Align2::LEFT_CENTER, words!("report-input"), theme::font(size), p.weak);
        return;
    };
    let (name, color) = (lane.id.name().to_uppercase(), p.lane(lane.id));
    painter.text(at, Align2::LEFT_CENTER, name, theme::bold(size), color);
    let is_best = best == Some(lane.id);
    let font = if is_best { theme::bold(size) } else { theme::font(size) };
    let mse = lane.eval.map_or("–".into(), |eval| significant(eval.recon_mse));
    let at = at + vec2(space::L, 0.0);
    painter.text(at, Align2::LEFT_CENTER, words!("recon-mse", mse = mse), font, p.text);
}

/// After which step the reconstructions were made, which may be some before the others of a picture:
/// ", step 288", or that of each lane where they differ.
fn made_at(snapshot: &Snapshot) -> String {
    let made = |lane: &LaneView| Some((lane.id, lane.pictures.as_ref()?.step));
    let all: Vec<(LaneId, u64)> = snapshot.lanes.iter().filter_map(made).collect();
    match all[..] {
        [] => String::new(),
        [(_, step), ref rest @ ..] if rest.iter().all(|(_, other)| *other == step) => {
            words!("of-step", step = count(step))
        }
        _ => {
            let each = all
                .iter()
                .map(|(id, s)| {
                    let lane = id.name().to_uppercase();
                    words!("recon-lane-step", lane = lane, step = count(*s))
                })
                .map(|one| format!("{}{one}", words!("list-separator")));
            each.collect()
        }
    }
}

/// The lane with the lower error, whichever it is.
fn best_lane(snapshot: &Snapshot) -> Option<LaneId> {
    let error = |l: &LaneView| l.eval.map(|e| (e.recon_mse, l.id));
    let all: Vec<_> = snapshot.lanes.iter().filter_map(error).collect();
    let best = all.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0))?;
    (all.len() == 2 && all[0].0 != all[1].0).then_some(best.1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::record::snapshot::Pictures;

    #[test]
    fn the_title_says_of_which_step_the_pictures_are() {
        let live = crate::ui::fixture::collapse().run.live.unwrap();
        let mut snapshot = (*live).clone();
        assert_eq!(made_at(&snapshot), ", step 300");
        // Lanes of which one ended, or comes from another run.
        let of = |step| Pictures { step, ..(**live.lanes[1].pictures.as_ref().unwrap()).clone() };
        snapshot.lanes[1].pictures = Some(Arc::new(of(1200)));
        assert_eq!(made_at(&snapshot), ", A step 300, B step 1,200");
        snapshot.lanes.iter_mut().for_each(|lane| lane.pictures = None);
        assert_eq!(made_at(&snapshot), "");
    }
}
