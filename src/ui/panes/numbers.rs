//! The table of numbers: figures of both lanes beside each other.

use egui::{Align2, Color32, Rect, Sense, Stroke, Ui, pos2};

use crate::analysis::figures::{figures, full_set_step};
use crate::record::snapshot::LaneView;
use crate::record::usage::Usage;
use crate::text::{count, per_code, percent};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, PaneCtx, watched};
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::text::{first_that_fits, fitting};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};
use crate::words;

/// The sampling ceiling, one for both lanes where their numbers of codes and tokens are equal.
fn ceilings(lanes: &[LaneView], usage: fn(&LaneView) -> Usage) -> String {
    let counted = lanes.iter().map(usage).filter(|u| u.tokens > 0);
    let mut all: Vec<String> = counted.map(|u| percent(u.ceiling())).collect();
    all.dedup();
    // One "%" for both.
    let last = all.pop().unwrap_or_default();
    let before = all.iter().map(|ceiling| format!("{}, ", ceiling.trim_end_matches(" %")));
    before.collect::<String>() + &last
}

/// Room for the ceilings, and for the figure of a lane.
const CEILING: f32 = 52.0;
const FIGURE: f32 = 55.0;

/// Paints a text in the first size in which it fits into a width.
fn cell(
    ui: &Ui,
    at: egui::Pos2,
    anchor: Align2,
    text: &str,
    sizes: [f32; 3],
    width: f32,
    color: Color32,
) {
    let painter = ui.painter();
    let galley = fitting(painter, text, sizes, width, color)
        .unwrap_or_else(|| painter.layout_no_wrap(text.into(), theme::font(sizes[2]), color));
    painter.galley(anchor.anchor_size(at, galley.size()).min, galley, color);
}

/// The table.
#[derive(Default)]
pub struct NumbersPane;

impl Pane for NumbersPane {
    fn id(&self) -> PaneId {
        PaneId::Numbers
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &PaneCtx<'_>, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        let Some(snapshot) = &ctx.run.snapshot else { return };
        let Some(first) = snapshot.lanes.first() else { return };
        // A lane in its warm-up has counted nothing yet.
        let counting = snapshot.lanes.iter().find(|l| l.warms_up_until.is_none()).unwrap_or(first);
        let is_own = ctx.run.stage().has_losses();
        let rows = if is_own { figures(counting) } else { watched::rows() };
        let pitch = ((rect.height() - 4.0) / (rows.len() + 1) as f32).min(22.0);
        let painter = ui.painter().clone();
        let lanes = snapshot.lanes.len();
        // Columns from the right: ceiling, lane b, lane a.
        let column = |i: usize| match i {
            0 => rect.right() - 4.0,
            _ => rect.right() - 4.0 - CEILING - FIGURE * (i - 1) as f32,
        };
        let head = rect.top() + pitch / 2.0;
        let small = theme::font(size::SMALL);
        painter.text(pos2(column(0), head), Align2::RIGHT_CENTER, "ceiling", small.clone(), p.weak);
        // Of which step the figures of the full set are: the newest evaluation may be older.
        if let Some(step) = full_set_step(&snapshot.lanes).filter(|_| is_own) {
            let wordings = [words!("numbers-full-set-of", step = step), step];
            let (at, anchor) = (pos2(rect.left() + 2.0, head), Align2::LEFT_CENTER);
            let room = column(lanes) - 14.0 - at.x;
            first_that_fits(&painter, at, anchor, room, small, p.weak, &wordings);
        }
        for (i, lane) in snapshot.lanes.iter().enumerate() {
            let name = match is_own {
                true => lane.id.name().to_uppercase(),
                false => "file".into(),
            };
            painter.text(
                pos2(column(lanes - i), head),
                Align2::RIGHT_CENTER,
                name,
                theme::bold(size::BODY),
                p.lane(lane.id),
            );
        }
        painter.hline(rect.x_range(), rect.top() + pitch, Stroke::new(1.0, p.border));
        for (n, row) in rows.iter().enumerate() {
            let y = rect.top() + (n + 1) as f32 * pitch + pitch / 2.0 + 1.0;
            let (at, room) =
                (pos2(rect.left() + 2.0, y), column(lanes) - FIGURE - rect.left() - 2.0);
            cell(ui, at, Align2::LEFT_CENTER, &row.name, [size::SMALL, 10.5, 9.5], room, p.text);
            for (i, lane) in snapshot.lanes.iter().enumerate() {
                let text = (row.text)(lane).unwrap_or_else(|| "–".into());
                let (at, room) = (pos2(column(lanes - i), y), FIGURE - 3.0);
                cell(
                    ui,
                    at,
                    Align2::RIGHT_CENTER,
                    &text,
                    [size::BODY, size::SMALL, 10.5],
                    room,
                    p.text,
                );
            }
            let mut hint = row.hint.to_string();
            if let Some(usage) = row.usage {
                let (at, text) = (pos2(column(0), y), ceilings(&snapshot.lanes, usage));
                let sizes = [size::BODY, size::SMALL, 10.5];
                cell(ui, at, Align2::RIGHT_CENTER, &text, sizes, CEILING - 4.0, p.weak);
                let usage = usage(counting);
                hint += &format!(
                    "\n{} tokens are {} a code; with every code equally likely they would use {} (1-(1-1/K)^N).",
                    count(usage.tokens as u64),
                    per_code(usage.tokens, usage.size),
                    percent(usage.ceiling())
                );
            }
            let line = Rect::from_min_max(
                pos2(rect.left(), y - pitch / 2.0),
                pos2(rect.right(), y + pitch / 2.0),
            );
            ui.interact(line, ui.scope_id().with(("number", n)), Sense::hover())
                .on_hover_text(hint);
        }
    }
}
