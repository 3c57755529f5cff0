//! The log of a run: births and deaths of codes, and what happened at which step.

use egui::{Align2, Label, RichText, ScrollArea, Sense, Ui, pos2, vec2};
use egui_plot::{HoverPosition, LineStyle};

use crate::analysis::history::History;
use crate::figure::axis::Axis;
use crate::figure::chart::Ruler;
use crate::record::event::{Event, EventKind};
use crate::scenario::LaneId;
use crate::text::count;
use crate::ui::panes::{flags, spoken};
use crate::ui::state::terms::StageTerms;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::plot;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// Least width of the column of steps.
const STEPS: f32 = 58.0;

/// Width of the sign beside a step, with the gaps around it.
const SIGN: f32 = 20.0;

/// Draws the tab at the cursor.
pub fn show(ui: &mut Ui, history: &History, terms: &StageTerms, outbox: &mut Outbox) {
    turnover(ui, history, terms.turnover);
    log(ui, &history.events, outbox);
}

/// Births and deaths per 100 steps, as lines.
fn turnover(ui: &mut Ui, history: &History, [text, hint]: [fn() -> &'static str; 2]) {
    let p = palette(ui);
    let mut lines = Vec::new();
    for id in [LaneId::A, LaneId::B] {
        let lane = history.lane(id);
        let styles = [LineStyle::Solid, LineStyle::dashed_dense()];
        for (series, style) in [&lane.births_100, &lane.deaths_100].into_iter().zip(styles) {
            let points: Vec<[f64; 2]> =
                series.points(300).map(|(step, mean)| [step as f64, mean]).collect();
            lines.push((points, style, p.lane(id)));
        }
    }
    let most = lines.iter().flat_map(|l| &l.0).map(|q| q[1]).fold(1.0, f64::max);
    let last = history.step.max(100) as f64;
    let high = (ui.available_height() * 0.34).max(60.0);
    let across = Ruler::new("", Axis::numbers(last), 4);
    let up = Ruler::new("", Axis::numbers(most), 3);
    let axes = [&across, &up];
    let shown = plot::plot(ui, "turnover", high, axes)
        .label_formatter(|hover| match hover {
            HoverPosition::NearDataPoint { position, .. }
            | HoverPosition::Elsewhere { position } => Some(format!(
                "{}\n{}",
                words!("figure-step", step = count(position.x.max(0.0) as u64)),
                words!("events-codes", codes = count(position.y.max(0.0).round() as u64))
            )),
        })
        .show(ui, |plot| {
            plot.set_plot_bounds(plot::bounds(axes, [0.05, 0.08]));
            for (i, (points, style, color)) in lines.into_iter().enumerate() {
                plot.line(
                    plot::line(format!("turnover-{i}"), points, color)
                        .style(style)
                        .width(line::THIN),
                );
            }
        });
    spoken::say_of_plot(ui, &shown.response, words!("curves-births-and-deaths-of-codes"));
    plot::note(ui, text()).on_hover_text(hint());
}

/// Flags and changes, newest last; a click pins the step.
fn log(ui: &mut Ui, events: &[Event], outbox: &mut Outbox) {
    let is_listed = |e: &&Event| e.kind.is_mark() || e.kind == EventKind::Guess;
    let mut events: Vec<&Event> = events.iter().filter(is_listed).collect();
    events.sort_by_key(|e| e.step);
    if events.is_empty() {
        ui.add_space(space::S);
        plot::note(ui, words!("events-nothing-was-flagged-or-changed"));
        return;
    }
    ScrollArea::vertical().id_salt("events").auto_shrink(false).stick_to_bottom(true).show(
        ui,
        |ui| {
            ui.spacing_mut().item_spacing = vec2(space::XS, 2.0);
            let last = events.last().map_or(0, |e| e.step);
            let longest = ui.painter().layout_no_wrap(
                count(last),
                theme::bold(tokens(ui).small),
                palette(ui).text,
            );
            let steps = (longest.size().x + SIGN).max(STEPS);
            for (n, event) in events.iter().enumerate() {
                if entry(ui, n, event, steps) {
                    outbox.ask(Wish::LookAtEvent(event.step));
                }
            }
        },
    );
}

/// One event: its step, in a column `steps` wide, its flag, its sentence. True if it was clicked.
fn entry(ui: &mut Ui, n: usize, event: &Event, steps: f32) -> bool {
    let p = palette(ui);
    let color = event.lane.map_or(p.text, |id| p.lane(id));
    let response = ui
        .push_id(("event", n), |ui| {
            ui.horizontal_top(|ui| {
                let (place, step) = ui.allocate_exact_size(vec2(steps, space::L), Sense::CLICK);
                let at = pos2(place.right() - SIGN, place.center().y);
                let bold = theme::bold(tokens(ui).small);
                ui.painter().text(at, Align2::RIGHT_CENTER, count(event.step), bold, color);
                if event.kind.is_flag() {
                    flags::paint(ui, place.with_min_x(place.right() - 16.0), event);
                }
                let text = RichText::new(event.sentence()).size(tokens(ui).small);
                let label = Label::new(text).wrap().selectable(false).sense(Sense::click());
                step | ui.add(label)
            })
            .inner
        })
        .inner;
    let is_clicked = response.clicked();
    let hint = if event.kind.is_flag() {
        flags::hint(event)
    } else {
        let before = event.before().map_or(String::new(), |before| format!(" ({before})"));
        words!(
            "events-at-step",
            step = count(event.step),
            what = format!("{}{before}", event.sentence())
        )
    };
    response.on_hover_text(format!("{hint}\n\n{}", words!("events-a-click-shows-this-step")));
    is_clicked
}
