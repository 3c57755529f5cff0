//! Reconstructions: the inputs, and under them what each lane makes of them.

use egui::{Align2, Mesh, Rect, Shape, Ui, pos2, vec2};

use crate::analysis::figures::full_set_step;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::LaneId;
use crate::text::{count, significant};
use crate::ui::cache::thumbnails::Thumbnails;
use crate::ui::layout::places::PaneId;
use crate::ui::layout::thumb;
use crate::ui::panes::{Pane, PaneCtx};
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::text::first_that_fits;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};
use crate::words;

/// Room for the name of a row and its error.
const NAMES: f32 = 112.0;

/// Space between two pictures.
const SPACE: f32 = 2.0;

/// Inputs and reconstructions.
#[derive(Default)]
pub struct ReconPane {
    thumbnails: Thumbnails,
}

impl Pane for ReconPane {
    fn id(&self) -> PaneId {
        PaneId::Recon
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &PaneCtx<'_>, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let thumb = thumb(rect.height());
        let p = palette(ui);
        let painter = ui.painter_at(rect);
        let snapshot = ctx.run.snapshot.clone();
        let of = snapshot.as_deref().map_or(String::new(), made_at);
        let title = words!("recon-reconstructions-of-held-out-images", of = of);
        let at = rect.left_top() + vec2(0.0, 1.0);
        let title = painter.text(at, Align2::LEFT_TOP, title, theme::bold(size::BODY), p.text);
        let Some(snapshot) = snapshot else { return };
        self.thumbnails.update(ui.ctx(), &snapshot, ctx.run.generation);
        let Some(pictures) = snapshot.lanes.first().and_then(|l| l.pictures.as_ref()) else {
            if snapshot.lanes.iter().any(|lane| lane.axes.are_coordinates) {
                let (at, font) = (rect.left_top() + vec2(0.0, 24.0), theme::font(size::BODY));
                painter.text(
                    at,
                    Align2::LEFT_TOP,
                    words!("recon-samples-are-points"),
                    font,
                    p.weak,
                );
            }
            return;
        };
        let eval = snapshot.lanes.iter().find_map(|l| l.eval);
        if let (Some(eval), Some(step)) = (eval, full_set_step(&snapshot.lanes)) {
            let tokens = count(eval.usage.tokens as u64);
            let wordings = [
                words!("recon-mse-a-pixel-over-the", tokens = tokens, step = step),
                words!("recon-mse-a-pixel-over-the-2", step = step),
                words!("recon-mse-of", step = step),
            ];
            let (at, anchor) = (rect.right_top() + vec2(-2.0, 2.0), Align2::RIGHT_TOP);
            let (room, font) = (at.x - title.right() - 12.0, theme::font(size::SMALL));
            first_that_fits(&painter, at, anchor, room, font, p.weak, &wordings);
        }
        let top = rect.top() + 20.0;
        let room = rect.width() - NAMES;
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
            match lane {
                None => {
                    painter.text(
                        pos2(rect.left(), middle),
                        Align2::LEFT_CENTER,
                        "input",
                        theme::font(size::BODY),
                        p.weak,
                    );
                }
                Some(lane) => {
                    let name = lane.id.name().to_uppercase();
                    let color = p.lane(lane.id);
                    painter.text(
                        pos2(rect.left(), middle),
                        Align2::LEFT_CENTER,
                        name,
                        theme::bold(size::BODY),
                        color,
                    );
                    let (mse, weight) = match lane.eval {
                        Some(e) => (
                            significant(e.recon_mse),
                            if best == Some(lane.id) {
                                theme::bold(size::BODY)
                            } else {
                                theme::font(size::BODY)
                            },
                        ),
                        None => ("–".into(), theme::font(size::BODY)),
                    };
                    let galley = painter.layout_no_wrap(format!("MSE {mse}"), weight, p.text);
                    let at = pos2(rect.left() + 16.0, middle - galley.size().y / 2.0);
                    painter.galley(at, galley, p.text);
                }
            }
            if let Some(texture) = &self.thumbnails.rows[row] {
                let mut mesh = Mesh::with_texture(texture.id());
                for i in 0..shown {
                    let n = pictures.inputs.len() as f32;
                    let uv =
                        Rect::from_min_max(pos2(i as f32 / n, 0.0), pos2((i + 1) as f32 / n, 1.0));
                    let at = pos2(rect.left() + NAMES + i as f32 * pitch, y);
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

/// After which step the reconstructions were made, which may be some before the others of a picture:
/// ", step 288", or that of each lane where they differ.
fn made_at(snapshot: &Snapshot) -> String {
    let made = |lane: &LaneView| Some((lane.id, lane.pictures.as_ref()?.step));
    let all: Vec<(LaneId, u64)> = snapshot.lanes.iter().filter_map(made).collect();
    match all[..] {
        [] => String::new(),
        [(_, step), ref rest @ ..] if rest.iter().all(|(_, other)| *other == step) => {
            format!(", step {}", count(step))
        }
        _ => {
            let each = all
                .iter()
                .map(|(id, s)| format!("{} step {}", id.name().to_uppercase(), count(*s)));
            format!(", {}", each.collect::<Vec<_>>().join(", "))
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
