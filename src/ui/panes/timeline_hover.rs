//! What stands under the pointer on the timeline: the figures of a step, and what happened near it.

use egui::{Rect, Response, Stroke, Ui};

use crate::analysis::history::Series;
use crate::palette::Palette;
use crate::record::event::Event;
use crate::record::metric::EVALUATED;
use crate::scenario::LaneSpec;
use crate::text::{count, per_code, percent, significant};
use crate::ui::panes::counted;
use crate::ui::panes::course::Course;
use crate::ui::panes::track::Track;
use crate::ui::widgets::tokens::line;
use crate::words;

/// Tokens a code that the window holds when it is full: "16", or "16 and 8.0" where lanes differ.
pub fn room(specs: &[LaneSpec]) -> String {
    let mut rooms: Vec<String> = specs.iter().map(|s| per_code(s.window_tokens, s.size)).collect();
    rooms.dedup();
    rooms.join(words!("list-and"))
}

/// Shows them.
pub fn hover(
    ui: &Ui,
    run: &Course<'_>,
    response: Response,
    plot: Rect,
    track: &Track,
    p: &Palette,
) {
    let Some(pointer) = response.hover_pos() else { return };
    let (shown, rule, history) = (&run.shown, run.rule, run.history);
    let step = track.step_at(pointer);
    ui.painter_at(plot).vline(pointer.x, plot.y_range(), Stroke::new(line::HAIR, p.reference));
    let mut text = words!("figure-step", step = count(step));
    if step > history.step {
        text += words!("timeline-not-reached-yet");
    } else {
        for spec in shown.specs {
            let lane = history.lane(spec.id);
            let at = |series: &Series, f: fn(f64) -> String| {
                series.at(step).map_or("–".into(), |b| f(b.mean))
            };
            let Some(warmup) = run.warmup(spec.id) else {
                if shown.specs.len() > 1 {
                    text.push('\n');
                }
                text += &shown.prefix(spec.id, "");
                text += &words!(
                    "timeline-used-perplexity",
                    share = at(lane.counted_by(rule), percent),
                    perplexity = at(&lane.perplexity_batch, significant)
                );
                continue;
            };
            let used = match step <= warmup && warmup > 0 {
                true => words!("timeline-no-quantization-yet").into(),
                false => words!(
                    "timeline-window-full-set",
                    window = at(&lane.utilization_window, percent),
                    full = at(&lane.utilization, percent)
                ),
            };
            // Of the step itself, or with the step that it is of.
            let of = lane.recon_mse.at(step).filter(|bucket| bucket.last != step);
            let of = of.map_or(String::new(), |b| {
                words!("timeline-full-set-of-step", last = count(b.last))
            });
            text.push('\n');
            text += &words!(
                "timeline-lane-figures",
                lane = spec.id.name().to_uppercase(),
                batch = at(&lane.recon_loss, significant),
                used = used,
                full = at(&lane.recon_mse, significant),
                of = of
            );
            if let Some(rule) = rule {
                let value = at(lane.counted_by(Some(rule)), percent);
                text += &words!("timeline-metric", name = counted::short(rule), value = value);
            }
            for metric in EVALUATED {
                let series = lane.evaluated(metric.name);
                if let (Some((name, said)), Some(series)) = (metric.hover, series) {
                    let (name, value) = (name(), at(series, said));
                    text += &words!("timeline-metric", name = name, value = value);
                }
            }
            let width = lane.loss.width();
            if width > 1 {
                text += &words!("timeline-mean-of-steps", width = width);
            }
        }
    }
    if step <= history.step && shown.stage.terms().has_full_set {
        let full = shown.snapshot.iter().flat_map(|s| &s.lanes).find_map(|lane| lane.eval);
        let full = full.map_or("–".into(), |e| per_code(e.usage.tokens, e.usage.size));
        text.push('\n');
        text += &words!("timeline-window-and-full-set", window = room(shown.specs), full = full);
    }
    let reach = track.within(8.0);
    let near = |e: &&Event| e.step.abs_diff(step) <= reach && e.kind.is_mark();
    for event in history.events.iter().filter(near) {
        let (step, what) = (count(event.step), event.sentence());
        text += &format!("\n{}", words!("events-at-step", step = step, what = what));
    }
    response.on_hover_text_at_pointer(text);
}
