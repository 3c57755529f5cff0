//! The table of numbers: three ways to count use, and what use alone does not tell.

use egui::{Align2, Rect, Sense, Stroke, Ui, pos2};

use crate::train::snapshot::{Evaluation, LaneView, Usage};
use crate::ui::state::AppState;
use crate::ui::text::{count, per_code, percent, significant};
use crate::ui::theme::{self, palette, size};
use crate::ui::watched;

/// A row: its name, a note under the pointer, and its value in a lane.
pub struct Row {
    /// What it is called.
    pub name: String,
    /// What it means.
    pub hint: &'static str,
    /// In a lane.
    pub value: fn(&LaneView) -> Option<String>,
    /// The counts behind a share of codes, whose sampling ceiling stands beside it.
    pub usage: Option<fn(&LaneView) -> Usage>,
}

/// A share of codes; none during a warm-up, in which nothing is quantized.
fn share(lane: &LaneView, usage: Usage) -> Option<String> {
    lane.warms_up_until.is_none().then(|| percent(usage.share()))
}

/// The newest evaluation with quantization.
fn quantized(lane: &LaneView) -> Option<Evaluation> {
    lane.eval.filter(|_| lane.warms_up_until.is_none())
}

fn rows(lane: &LaneView) -> Vec<Row> {
    let tokens = |usage: Usage| count(usage.tokens as u64);
    let full = |l: &LaneView| l.eval.map(|e| e.usage).unwrap_or_default();
    let plain = |name: &str, hint, value| Row { name: name.into(), hint, value, usage: None };
    vec![
        Row {
            name: format!("used, batch of {}", tokens(lane.batch)),
            hint: "Share of the codes that the newest batch chose. A batch with few tokens cannot use many codes.",
            value: |l| share(l, l.batch),
            usage: Some(|l| l.batch),
        },
        Row {
            name: format!("used, last {}", tokens(lane.window)),
            hint: "Share of the codes chosen at least once in the sliding window of training tokens.",
            value: |l| share(l, l.window),
            usage: Some(|l| l.window),
        },
        Row {
            name: format!("used, full set {}", tokens(full(lane))),
            hint: "Share of the codes chosen at least once on the full evaluation set, which training never sees.",
            value: |l| l.eval.and_then(|e| share(l, e.usage)),
            usage: Some(full),
        },
        plain("dead codes, full set", "Codes that the full evaluation set never chose.", |l| {
            quantized(l).map(|e| count((e.usage.size - e.usage.used) as u64))
        }),
        plain(
            "perplexity, full set",
            "Number of equally used codes that would be as hard to guess: exp of the entropy of use.",
            |l| quantized(l).map(|e| significant(e.usage.perplexity)),
        ),
        plain("MSE, full set", "Mean squared error a pixel of the reconstruction.", |l| {
            l.eval.map(|e| significant(e.recon_mse))
        }),
        plain("PSNR, full set", "Of that error, with peak 1.", |l| {
            l.eval.map(|e| format!("{:.1} dB", e.psnr))
        }),
        plain(
            "quantization error",
            "Squared distance of encodings to their codes, relative to the variance of the encodings.",
            |l| quantized(l).map(|e| significant(e.quant_error)),
        ),
        plain(
            "effective rank of W",
            "exp of the entropy of the normalized singular values (Roy and Vetterli 2007).",
            |l| {
                match (l.singular_values.is_empty(), l.has_fixed_codes || l.learn_w) {
                    // Nothing stands in the place of W, or something that is no matrix.
                    (true, true) => None,
                    (true, false) => Some("I".into()),
                    (false, _) => Some(format!("{:.1}", l.effective_rank_w)),
                }
            },
        ),
    ]
}

/// The sampling ceiling, one for both lanes where their numbers of codes and tokens are equal.
fn ceilings(lanes: &[LaneView], usage: fn(&LaneView) -> Usage) -> String {
    let counted = lanes.iter().map(usage).filter(|u| u.tokens > 0);
    let mut all: Vec<String> = counted.map(|u| percent(u.ceiling())).collect();
    all.dedup();
    all.join(", ")
}

/// Draws the table into `rect`.
pub fn show(ui: &mut Ui, state: &AppState, rect: Rect) {
    let p = palette(ui);
    let Some(snapshot) = &state.known.snapshot else { return };
    let Some(first) = snapshot.lanes.first() else { return };
    // A lane in its warm-up has counted nothing yet.
    let counting = snapshot.lanes.iter().find(|l| l.warms_up_until.is_none()).unwrap_or(first);
    let is_watching = state.is_watching();
    let rows = if is_watching { watched::rows() } else { rows(counting) };
    let pitch = ((rect.height() - 4.0) / (rows.len() + 1) as f32).min(22.0);
    let painter = ui.painter().clone();
    let lanes = snapshot.lanes.len();
    // Columns from the right: ceiling, lane b, lane a.
    let column = |i: usize| rect.right() - 4.0 - 56.0 * i as f32;
    let head = rect.top() + pitch / 2.0;
    let small = theme::font(size::SMALL);
    painter.text(pos2(column(0), head), Align2::RIGHT_CENTER, "ceiling", small.clone(), p.weak);
    for (i, lane) in snapshot.lanes.iter().enumerate() {
        let name = match is_watching {
            true => "file".into(),
            false => lane.id.name().to_uppercase(),
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
        painter.text(
            pos2(rect.left() + 2.0, y),
            Align2::LEFT_CENTER,
            &row.name,
            small.clone(),
            p.text,
        );
        for (i, lane) in snapshot.lanes.iter().enumerate() {
            let text = (row.value)(lane).unwrap_or_else(|| "–".into());
            painter.text(
                pos2(column(lanes - i), y),
                Align2::RIGHT_CENTER,
                text,
                theme::font(size::BODY),
                p.text,
            );
        }
        let mut hint = row.hint.to_string();
        if let Some(usage) = row.usage {
            painter.text(
                pos2(column(0), y),
                Align2::RIGHT_CENTER,
                ceilings(&snapshot.lanes, usage),
                theme::font(size::BODY),
                p.weak,
            );
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
        ui.interact(line, ui.scope_id().with(("number", n)), Sense::hover()).on_hover_text(hint);
    }
}
