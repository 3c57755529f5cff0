//! Reconstructions: the inputs, and under them what each lane makes of them.

use std::sync::Arc;

use egui::{
    Align2, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Shape, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::figures::full_set_step;
use crate::figure::layers::Layers;
use crate::palette::Palette;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::LaneId;
use crate::text::{count, significant};
use crate::ui::cache::rows;
use crate::ui::cache::thumbnails::{RowsLook, Thumbnails};
use crate::ui::layout::places::PaneId;
use crate::ui::layout::thumb;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::{Pane, WindowCtx, own, spoken};
use crate::ui::state::closely::CodeOf;
use crate::ui::state::wish::{Outbox, Wish};
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

/// What the pictures are of, and how they are shown.
pub struct ReconCtx<'a> {
    snapshot: Option<&'a Arc<Snapshot>>,
    layers: Layers,
    /// The code that is lit.
    lit: Option<CodeOf>,
}

impl Pane for ReconPane {
    type Ctx<'a> = ReconCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Recon
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> ReconCtx<'a> {
        ReconCtx { snapshot: window.displayed().snapshot, layers: window.layers, lit: window.lit() }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: ReconCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let snapshot = ctx.snapshot;
        if let (Some(id), Some(snapshot)) = (self.room, snapshot) {
            let look = RowsLook::default();
            self.thumbnails.update(ui.ctx(), snapshot, look, palette(ui));
            self.row(ui, snapshot, id, rect);
            return;
        }
        let thumb = thumb(rect.height());
        let p = palette(ui);
        let painter = ui.painter_at(rect);
        let of = snapshot.map_or(String::new(), |snapshot| made_at(snapshot));
        let t = tokens(ui);
        let look = look(ui, &ctx);
        if look.is_difference {
            Topic::Difference.put(ui, rect);
        } else if ctx.layers.place {
            Topic::Place.put(ui, rect);
        }
        let wordings = titles(look, &of);
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
        // Between bars there is little room for names.
        let is_narrow = rect.width() < NARROW;
        let (names, size) = if is_narrow { (SHORT, t.small) } else { (NAMES, t.body) };
        let picked = pick(ui, rect.with_min_x(rect.left() + names));
        let Some(snapshot) = snapshot else { return };
        let focusable = Sense::hover() | Sense::focusable_noninteractive();
        let response = ui.interact(rect, ui.scope_id().with("reconstructions"), focusable);
        spoken::say(&response, || spoken::recon(snapshot));
        theme::focus_ring(ui, &response);
        self.thumbnails.update(ui.ctx(), snapshot, look, p);
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
        let room = rect.width() - names;
        let shown = ((room / (thumb + SPACE)) as usize).clamp(1, pictures.inputs.len());
        // Where the row would end early, the pictures stand further apart instead.
        let pitch = (room / shown as f32).min(thumb * 1.35);
        let best = best_lane(snapshot);
        let is_difference = look.is_difference && snapshot.lanes.len() == 2;
        let mut shown_rows = Vec::new();
        for (row, id) in [None, Some(LaneId::A), Some(LaneId::B)].into_iter().enumerate() {
            let y = top + row as f32 * (thumb + 2.0);
            let lane = id.and_then(|id| snapshot.lanes.iter().find(|l| l.id == id));
            if id.is_some() && lane.is_none() {
                continue;
            }
            let middle = y + thumb / 2.0;
            let at = pos2(rect.left(), middle);
            match lane {
                None if is_difference => farther_name(&painter, at, size, p),
                lane => row_name(&painter, at, lane, best, size, p),
            }
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
                shown_rows.push((id, y));
            }
        }
        let rows = Rows { left: rect.left() + names, pitch, thumb, shown, rows: shown_rows };
        touch(snapshot, &rows, picked, outbox);
    }
}

/// What the rows show, in as many words as there is room for.
fn titles(look: RowsLook, of: &str) -> Vec<String> {
    match look {
        RowsLook { is_difference: true, .. } => vec![
            words!("recon-difference", times = rows::STRONGER, of = of),
            words!("recon-difference-short", of = of),
        ],
        RowsLook { has_places: true, .. } => {
            vec![words!("recon-places", of = of), words!("recon-places-short", of = of)]
        }
        _ => vec![
            words!("recon-reconstructions-of-held-out-images", of = of),
            words!("recon-reconstructions", of = of),
        ],
    }
}

/// How the rows are drawn.
fn look(ui: &Ui, ctx: &ReconCtx<'_>) -> RowsLook {
    let layers = ctx.layers;
    RowsLook {
        has_places: layers.place,
        is_difference: layers.difference,
        lit: ctx.lit.filter(|_| layers.place),
        shade: theme::shade(ui),
    }
}

/// Where the pictures lie.
struct Rows {
    left: f32,
    pitch: f32,
    thumb: f32,
    shown: usize,
    rows: Vec<(Option<LaneId>, f32)>,
}

impl Rows {
    /// The row, the picture, and the place in it under the pointer.
    fn under(&self, at: Pos2) -> Option<(Option<LaneId>, usize, [f32; 2])> {
        let (id, y) = *self.rows.iter().find(|(_, y)| (*y..*y + self.thumb).contains(&at.y))?;
        let across = (at.x - self.left) / self.pitch;
        let picture = (across >= 0.0).then_some(across as usize).filter(|i| *i < self.shown)?;
        let x = (at.x - self.left - picture as f32 * self.pitch) / self.thumb;
        (x < 1.0).then_some((id, picture, [x, (at.y - y) / self.thumb]))
    }
}

/// The pictures as something that can be clicked, which is there before they are.
fn pick(ui: &Ui, place: Rect) -> Response {
    let response = ui.interact(place, ui.scope_id().with("pictures"), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, words!("recon-pick")));
    theme::focus_ring(ui, &response);
    response
}

/// What lies under the pointer lights up everywhere; a click takes it for the user's own input, or
/// tells the life of its code.
fn touch(snapshot: &Snapshot, rows: &Rows, response: Response, outbox: &mut Outbox) {
    let under = response.hover_pos().and_then(|at| rows.under(at));
    let Some((id, picture, [x, y])) = under else { return };
    let lane = |id| snapshot.lanes.iter().find(|lane| lane.id == id);
    let Some(view) = id.map_or(snapshot.lanes.first(), lane) else { return };
    let Some(pictures) = &view.pictures else { return };
    let pixel = |share: f32, side: usize| ((share * side as f32) as usize).min(side.max(1) - 1);
    let (x, y) = (pixel(x, pictures.width), pixel(y, pictures.height));
    let code = id.and_then(|_| rows::code_at(pictures, picture, x, y));
    if let Some(code) = code {
        outbox.ask(Wish::Hover((view.id, code)));
    }
    if response.clicked() {
        match (id, code) {
            (Some(id), Some(code)) => outbox.ask(Wish::Pin(Some((id, code)))),
            _ => {
                let [down, across] = pictures.grid;
                let (h, w) = (pictures.height / down.max(1), pictures.width / across.max(1));
                let sample = y / h.max(1) * across + x / w.max(1);
                let input = pictures.inputs.get(picture);
                let input = input.and_then(|i| own::cut(i, pictures.width, [down, across], sample));
                outbox.ask(Wish::Own(input));
            }
        }
    }
    let text = match code {
        Some(code) => words!(
            "recon-code-here",
            code = count(code as u64),
            lane = view.id.name().to_uppercase()
        ),
        None if id.is_none() => words!("recon-pick").into(),
        None => return,
    };
    response.on_hover_text_at_pointer(text);
}

/// What the first row shows where the lanes are held against each other.
fn farther_name(painter: &Painter, at: Pos2, size: f32, p: &Palette) {
    let text = words!("recon-farther");
    painter.text(at, Align2::LEFT_CENTER, text, theme::font(size), p.weak);
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
