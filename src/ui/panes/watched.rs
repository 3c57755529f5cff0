//! What the window shows of files that another program writes: nothing here trains, so that there
//! are no controls, no reconstructions and no story.

use std::collections::BTreeSet;

use egui::{Align2, Rect, Ui, pos2};

use crate::analysis::figures::{Better, Figure, Unit};
use crate::palette::Palette;
use crate::record::event::{Event, EventKind};
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::{count, per_code, percent, sentence, significant};
use crate::ui::panes::PaneCtx;
use crate::ui::state::run_model::RunModel;
use crate::ui::widgets::text::{Part, two_lines};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Room for the newest step in the top bar.
const STEP: f32 = 150.0;

/// The sentence on the file that is shown.
pub fn caption(ctx: &PaneCtx<'_>) -> String {
    let step = ctx.run.shown_step();
    let events = &ctx.run.history.events;
    let said = |kind| events.iter().rev().find(|e| e.kind == kind && e.step <= step);
    if ctx.run.snapshot.is_some() {
        return said(EventKind::Caption).map_or(String::new(), Event::sentence);
    }
    match events.iter().rev().find(|e| e.kind == EventKind::Unreadable) {
        Some(event) => event.sentence(),
        None => words!("watched-waiting-for-the-first-file", story = ctx.story.name),
    }
}

/// The newest step at the right end of the room for the title; what is left of it.
pub fn step(ui: &Ui, run: &RunModel, rect: Rect) -> Rect {
    let p = palette(ui);
    // A path may be long, the step is not.
    let (path, beside) = rect.split_left_right_at_x(rect.right() - STEP);
    let step = run.live.as_ref().map(|live| words!("figure-step", step = count(live.step)));
    let step = step.unwrap_or_else(|| words!("watched-no-file-yet").into());
    two_lines(ui, beside, [(step, p.text), (words!("top-watching").into(), p.weak)]);
    path.with_max_x(path.right() - space::M)
}

/// How many files are shown, how many could not be read, and why.
pub fn files(run: &RunModel, p: &Palette) -> Vec<Part> {
    // One sentence a file, of each kind.
    let sentences = |kind| -> BTreeSet<String> {
        let events = run.history.events.iter();
        events.filter(|e| e.kind == kind).map(Event::sentence).collect()
    };
    let number = match sentences(EventKind::Caption).len() {
        1 => words!("watched-1-file").into(),
        n => words!("watched-files", n = n),
    };
    let mut all = vec![Part::new(number, p.weak, "")];
    let bad = sentences(EventKind::Unreadable);
    if !bad.is_empty() {
        let number = match bad.len() {
            1 => words!("watched-1-file-cannot-be-used").into(),
            n => words!("watched-files-cannot-be-used", n = n),
        };
        let why = bad.iter().map(|text| sentence(text)).collect::<Vec<_>>().join("\n");
        all.push(Part::new(number, p.error, why));
    }
    all
}

/// How much of the codebook is in use.
pub fn headline(ui: &Ui, run: &RunModel, id: LaneId, rect: Rect) {
    let Some(view) = run.lane(id) else { return };
    let p = palette(ui);
    let painter = ui.painter_at(rect);
    let is_known = view.knows_use();
    let left = rect.left() + space::XS;
    let form = if view.learn_w { words!("watched-codes-cw") } else { words!("watched-codebook") };
    let usage = view.window;
    let (share, codes, counted) = match is_known {
        true => (
            percent(usage.share()),
            words!(
                "watched-of-codes-used",
                used = count(usage.used as u64),
                size = count(usage.size as u64)
            ),
            words!(
                "watched-by-tokens-a-code",
                tokens = count(usage.tokens as u64),
                size = per_code(usage.tokens, usage.size)
            ),
        ),
        false => (
            "–".into(),
            words!("events-codes", codes = count(usage.size as u64)),
            words!("watched-no-counts").into(),
        ),
    };
    let t = tokens(ui);
    let is_low = rect.height() < 60.0;
    let line = |y: f32, text: String, font, color| {
        painter.text(pos2(left, rect.top() + y), Align2::LEFT_CENTER, text, font, color);
    };
    line(12.0, form.into(), theme::bold(t.title), p.text);
    if is_low {
        line(33.0, codes, theme::bold(t.body), p.text);
    } else {
        line(37.0, codes, theme::bold(t.headline), p.text);
        line(57.0, counted, theme::font(t.small), p.weak);
    }
    let at = pos2(rect.right() - space::XS, rect.top() - 2.0);
    let size = if is_low { t.figure } else { t.number };
    painter.text(at, Align2::RIGHT_TOP, share, theme::bold(size), p.lane(id));
}

/// Rows of the table of numbers.
pub fn rows() -> Vec<Figure> {
    type Number = fn(&LaneView) -> Option<f64>;
    type Text = fn(&LaneView) -> Option<String>;
    let row = |name: &str, unit, hint, value: Number, text: Text| Figure {
        name: name.into(),
        unit,
        hint,
        is_of_full_set: false,
        better: Better::Neither,
        value: Box::new(value),
        text: Box::new(text),
        usage: None,
    };
    let mut all = vec![
        row(
            words!("watched-codes-used"),
            Unit::ShareOfCodes,
            words!("watched-share-of-the-codes-with"),
            |l| l.eval.map(|e| e.usage.share()),
            |l| l.eval.map(|e| percent(e.usage.share())),
        ),
        row(
            words!("watched-codes-not-in-use"),
            Unit::Codes,
            words!("watched-k-minus-the-codes-with"),
            |l| l.eval.map(|e| (e.usage.size - e.usage.used) as f64),
            |l| l.eval.map(|e| count((e.usage.size - e.usage.used) as u64)),
        ),
        row(
            words!("watched-tokens-counted"),
            Unit::Tokens,
            words!("watched-sum-of-the-counts-of"),
            |l| l.eval.map(|e| e.usage.tokens as f64),
            |l| l.eval.map(|e| count(e.usage.tokens as u64)),
        ),
        row(
            words!("watched-perplexity"),
            Unit::Codes,
            words!("watched-number-of-equally-used-codes"),
            |l| l.eval.map(|e| e.usage.perplexity),
            |l| l.eval.map(|e| significant(e.usage.perplexity)),
        ),
        row(
            words!("watched-quantization-error"),
            Unit::One,
            words!("watched-squared-distance-of-the-file"),
            quant_error,
            |l| quant_error(l).map(significant),
        ),
        row(
            words!("watched-effective-rank-of-w"),
            Unit::One,
            words!("watched-exp-of-the-entropy-of"),
            rank,
            |l| rank(l).map(|rank| format!("{rank:.1}")),
        ),
    ];
    all[0].usage = Some(|l| l.window);
    all
}

fn quant_error(lane: &LaneView) -> Option<f64> {
    lane.eval.map(|e| e.quant_error).filter(|error| error.is_finite())
}

fn rank(lane: &LaneView) -> Option<f64> {
    (!lane.singular_values.is_empty()).then_some(f64::from(lane.effective_rank_w))
}
