//! The curve panel: loss terms, spectrum of W, movement of the codes.

use egui::{Rect, Stroke, Ui, UiBuilder, vec2};
use egui_plot::{Bar, BarChart, GridMark, HoverPosition, LineStyle, PlotBounds};

use crate::analysis::history::Series;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::{count, nice_step, percent, significant};
use crate::ui::state::AppState;
use crate::ui::state::prefs::Tab;
use crate::ui::widgets::plot::{height, line, marks, note, plot, power_of_ten};
use crate::ui::widgets::theme::palette;

/// Draws tabs and the chosen chart into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("curves"));
    ui.spacing_mut().item_spacing = vec2(4.0, 3.0);
    ui.horizontal(|ui| {
        // Five names fit beside each other, in a small window as well.
        let (padding, spacing) = if ui.available_width() < 300.0 { (4.0, 1.0) } else { (5.0, 2.0) };
        ui.spacing_mut().button_padding.x = padding;
        ui.spacing_mut().item_spacing.x = spacing;
        let tabs = [
            (Tab::Losses, "Losses", "Terms of the loss of each batch"),
            (
                Tab::Spectrum,
                "Spectrum",
                "How many directions W stretches, and how many the encoder's outputs fill",
            ),
            (Tab::UseMap, "Use", "Uses of every code as a square, by index"),
            (Tab::Movement, "Movement", "How far each code moved between two points of the record"),
            (Tab::Events, "Events", "Births and deaths of codes, and what happened at which step"),
        ];
        let shown = shown_tab(state);
        let has_losses = !state.is_watching();
        for (tab, name, hint) in tabs.into_iter().filter(|(t, ..)| has_losses || *t != Tab::Losses)
        {
            if ui.selectable_label(shown == tab, name).on_hover_text(hint).clicked() {
                state.prefs.tab = tab;
            }
        }
    });
    match shown_tab(state) {
        Tab::Losses => losses(&mut ui, state),
        Tab::Spectrum => spectrum(&mut ui, state),
        Tab::Movement => movement(&mut ui, state),
        Tab::UseMap => super::use_map::show(&mut ui, state),
        Tab::Events => super::events::show(&mut ui, state),
    }
}

/// The chosen tab; files of another program hold no losses.
fn shown_tab(state: &AppState) -> Tab {
    match state.prefs.tab {
        Tab::Losses if state.is_watching() => Tab::Spectrum,
        tab => tab,
    }
}

/// log10 of the means of a series, at most about 300 points; a term that is exactly 0 is not there.
fn log_points(series: &Series) -> Vec<[f64; 2]> {
    let points = series.points(300).filter(|(_, mean)| *mean > 0.0);
    points.map(|(step, mean)| [step as f64, mean.max(1e-9).log10()]).collect()
}

fn losses(ui: &mut Ui, state: &AppState) {
    let p = palette(ui);
    let history = &state.run.history;
    let last = history.step.max(10) as f64;
    let styles = [LineStyle::Solid, LineStyle::dashed_dense(), LineStyle::dotted_dense()];
    // Both are the mean of (q - z)²; the codebook's pulls codes, the commitment's the encoder.
    let terms = [LaneId::A, LaneId::B].map(|id| {
        let lane = history.lane(id);
        [&lane.recon_loss, &lane.codebook_loss, &lane.commitment_loss].map(log_points)
    });
    let is_one = terms.iter().all(|[_, codebook, commitment]| is_same(codebook, commitment));
    let mut lines = Vec::new();
    for (id, terms) in [LaneId::A, LaneId::B].into_iter().zip(terms) {
        let shown = terms.into_iter().zip(styles).take(if is_one { 2 } else { 3 });
        lines.extend(shown.map(|(points, style)| (points, style, p.lane(id))));
    }
    let values = lines.iter().flat_map(|l| l.0.iter().map(|q| q[1]));
    let (low, high) =
        values.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let (low, high) =
        if low > high { (-3.0, 0.0) } else { ((low - 0.1).floor(), (high + 0.1).ceil()) };
    plot(ui, "losses", height(ui, 2))
        .y_axis_formatter(|mark: GridMark, _: &_| power_of_ten(mark.value))
        .x_axis_formatter(|mark: GridMark, _: &_| count(mark.value.max(0.0) as u64))
        .y_grid_spacer(move |_| marks(low, high, 1.0))
        .x_grid_spacer(move |_| marks(0.0, last, nice_step(last, 4).max(1.0)))
        .label_formatter(|hover| match hover {
            HoverPosition::NearDataPoint { position, .. }
            | HoverPosition::Elsewhere { position } => Some(format!(
                "step {}\n{}",
                count(position.x.max(0.0) as u64),
                significant(10f64.powf(position.y))
            )),
        })
        .show(ui, |plot| {
            plot.set_plot_bounds(PlotBounds::from_min_max([0.0, low], [last * 1.05, high]));
            for (i, (points, style, color)) in lines.into_iter().enumerate() {
                plot.line(line(format!("loss {i}"), points, color).style(style).width(1.5));
            }
        });
    let words = match is_one {
        true => [
            "solid: reconstruction; dashed: codebook and",
            "commitment, which are equal; log scale",
        ],
        false => ["solid: reconstruction, dashed: codebook,", "dotted: commitment; log scale"],
    };
    let hint = "Terms of the loss of each batch, without their weights. Codebook and commitment loss are both the mean of (q - z)²: one pulls codes, the other the encoder.";
    words.into_iter().for_each(|line| drop(note(ui, line).on_hover_text(hint)));
}

/// Whether two lines on a log scale are one for the eye.
fn is_same(a: &[[f64; 2]], b: &[[f64; 2]]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a[1] - b[1]).abs() < 1e-3)
}

/// Bars are singular values of W; lines are the encodings' standard deviations along their principal
/// axes, which every method has.
fn spectrum(ui: &mut Ui, state: &AppState) {
    let p = palette(ui);
    let Some(snapshot) = state.run.snapshot.clone() else { return };
    let lanes = &snapshot.lanes;
    if lanes.iter().all(|l| l.singular_values.is_empty() && l.latent_stds.is_empty()) {
        ui.add_space(8.0);
        note(ui, "No spectrum: neither W nor latents are here.");
        return;
    }
    let with_w: Vec<_> = lanes.iter().filter(|l| !l.singular_values.is_empty()).collect();
    let all = lanes.iter().flat_map(|l| l.singular_values.iter().chain(&l.latent_stds));
    let most = all.copied().filter(|s| s.is_finite()).fold(0.0, f32::max).max(1e-6);
    let dims = lanes.iter().map(|l| l.singular_values.len().max(l.latent_stds.len()));
    let dims = dims.max().unwrap_or(1).max(1);
    let share = 0.8 / with_w.len().max(1) as f64;
    let charts: Vec<BarChart> = with_w
        .iter()
        .enumerate()
        .map(|(i, lane)| {
            let bar = |(k, &s): (usize, &f32)| {
                let at = k as f64 + 1.0 + (i as f64 - (with_w.len() as f64 - 1.0) / 2.0) * share;
                let fill = p.lane(lane.id).gamma_multiply(0.55);
                Bar::new(at, f64::from(s)).width(share).fill(fill).stroke(Stroke::NONE)
            };
            let bars = lane.singular_values.iter().enumerate().map(bar).collect();
            BarChart::new(lane.id.name(), bars).element_formatter(Box::new(
                |bar: &Bar, _: &BarChart| {
                    format!("σ{} of W = {}", bar.argument.round(), significant(bar.value))
                },
            ))
        })
        .collect();
    let lines: Vec<_> = lanes
        .iter()
        .map(|lane| {
            let at = |(k, &s): (usize, &f32)| [k as f64 + 1.0, f64::from(s)];
            (lane.latent_stds.iter().enumerate().map(at).collect(), p.lane(lane.id))
        })
        .collect();
    plot(ui, "spectrum", height(ui, lanes.len() + 2))
        .x_axis_formatter(|mark: GridMark, _: &_| count(mark.value.max(0.0) as u64))
        .x_grid_spacer(move |_| {
            let step = nice_step(dims as f64, 4).max(1.0);
            marks(step, dims as f64, step)
        })
        .show(ui, |plot| {
            let bounds =
                PlotBounds::from_min_max([0.4, 0.0], [dims as f64 + 0.6, f64::from(most) * 1.08]);
            plot.set_plot_bounds(bounds);
            charts.into_iter().for_each(|chart| plot.bar_chart(chart));
            for (i, (points, color)) in lines.into_iter().enumerate() {
                plot.line(line(format!("outputs {i}"), points, color).width(2.0));
            }
        });
    note(ui, "lines: std of the outputs on their axes");
    note(ui, "bars: singular values of W, largest first");
    for lane in lanes {
        let text = match state.is_watching() {
            true => of_file(lane),
            false => format!("{}: {}", lane.id.name().to_uppercase(), of_w(lane)),
        };
        note(ui, text);
    }
}

/// The same where W is what a file has.
fn of_file(lane: &LaneView) -> String {
    let w = if lane.learn_w { of_w(lane) } else { "no W in this file".into() };
    if lane.latent_stds.is_empty() { format!("{w}; no latents") } else { w }
}

/// What there is to say of a lane's W.
fn of_w(lane: &LaneView) -> String {
    if !lane.singular_values.is_empty() {
        let d = lane.singular_values.len();
        format!("effective rank of W {:.1} of {d}", lane.effective_rank_w)
    } else if lane.has_fixed_codes {
        "fixed codes, no W".into()
    } else if lane.learn_w {
        "a perceptron in the place of W".into()
    } else {
        "W is fixed at the identity".into()
    }
}

fn movement(ui: &mut Ui, state: &mut AppState) {
    let p = palette(ui);
    let Some(snapshot) = state.run.snapshot.clone() else { return };
    let lanes: Vec<_> = snapshot.lanes.iter().filter(|l| !l.movement.is_empty()).collect();
    if lanes.is_empty() {
        ui.add_space(8.0);
        let text = match state.is_watching() {
            true => "Movement takes two files.",
            false => "Movement is recorded from step 20 on.",
        };
        note(ui, text);
        return;
    }
    // Codes from the fastest to the slowest; the axis is a share, so that lanes of any K compare.
    let curve = |movement: &[f32]| -> Vec<[f64; 2]> {
        let mut sorted = movement.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let stride = sorted.len().div_ceil(400).max(1);
        let n = sorted.len() as f64;
        let at = |i: usize| [100.0 * (i as f64 + 0.5) / n, f64::from(sorted[i]).max(FLOOR).log10()];
        (0..sorted.len()).step_by(stride).chain([sorted.len() - 1]).map(at).collect()
    };
    let generation = state.run.generation;
    if state.views.movement.as_ref().is_none_or(|(known, _)| *known != generation) {
        // Sorting K codes is for a new picture, not for every frame.
        let made = lanes.iter().map(|l| (l.id, curve(&l.movement), moved_share(l))).collect();
        state.views.movement = Some((generation, made));
    }
    let Some((_, made)) = state.views.movement.clone() else { return };
    let curves: Vec<_> = made.iter().map(|(id, points, _)| (points.clone(), p.lane(*id))).collect();
    let high = curves.iter().flat_map(|c| &c.0).map(|q| q[1]).fold(-2.0, f64::max).ceil();
    let low = FLOOR.log10();
    plot(ui, "movement", height(ui, lanes.len() + 2))
        .y_axis_formatter(|mark: GridMark, _: &_| {
            if mark.value <= FLOOR.log10() { "0".into() } else { power_of_ten(mark.value) }
        })
        .x_axis_formatter(|mark: GridMark, _: &_| format!("{} %", mark.value))
        .y_grid_spacer(move |_| marks(low, high, 1.0))
        .x_grid_spacer(|_| marks(0.0, 100.0, 25.0))
        .label_formatter(|hover| match hover {
            HoverPosition::NearDataPoint { position, .. }
            | HoverPosition::Elsewhere { position } => Some(format!(
                "{:.0} % of the codes moved more than {}",
                position.x,
                significant(10f64.powf(position.y))
            )),
        })
        .show(ui, |plot| {
            plot.set_plot_bounds(PlotBounds::from_min_max([0.0, low], [112.0, high]));
            for (i, (points, color)) in curves.into_iter().enumerate() {
                plot.line(line(format!("movement {i}"), points, color).width(2.0));
            }
        });
    note(ui, "distance moved (log scale), fastest codes first");
    for (lane, (.., share)) in lanes.iter().zip(&made) {
        let name = match state.is_watching() {
            true => String::new(),
            false => format!("{}: ", lane.id.name().to_uppercase()),
        };
        let (share, steps) = (percent(*share), lane.movement_steps);
        note(ui, format!("{name}{share} of the codes moved in {steps} steps"));
    }
}

/// Share of a lane's codes that moved.
fn moved_share(lane: &LaneView) -> f64 {
    let moved = lane.movement.iter().filter(|&&m| f64::from(m) > FLOOR).count();
    moved as f64 / lane.movement.len().max(1) as f64
}

/// A code that moved less did not move: below the rounding of a code's coordinates.
const FLOOR: f64 = 1e-6;
