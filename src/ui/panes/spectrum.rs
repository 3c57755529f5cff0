//! The spectrum: how many directions W stretches, and how many the encoder's outputs fill.

use egui::{Stroke, Ui};
use egui_plot::{Bar, BarChart, LineStyle};

use crate::figure::axis::Axis;
use crate::figure::chart::Ruler;
use crate::record::snapshot::LaneView;
use crate::text::significant;
use crate::ui::panes::spoken;
use crate::ui::state::displayed::Displayed;
use crate::ui::widgets::plot::{bounds, height, line as curve, note, plot};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space};
use crate::words;

/// Bars are singular values of W; lines are standard deviations along principal axes, which every
/// method has: solid those of the encodings, dashed those of the codes.
pub fn show(ui: &mut Ui, shown: &Displayed<'_>) {
    let p = palette(ui);
    let Some(snapshot) = shown.snapshot else { return };
    let lanes = &snapshot.lanes;
    let is_bare = |l: &LaneView| {
        [&l.singular_values, &l.latent_stds, &l.code_stds].into_iter().all(Vec::is_empty)
    };
    if lanes.iter().all(is_bare) {
        ui.add_space(space::S);
        note(ui, words!("spectrum-no-spectrum-neither-w-nor"));
        return;
    }
    let with_w: Vec<_> = lanes.iter().filter(|l| !l.singular_values.is_empty()).collect();
    let all = lanes
        .iter()
        .flat_map(|l| l.singular_values.iter().chain(&l.latent_stds).chain(&l.code_stds));
    let most = all.copied().filter(|s| s.is_finite()).fold(0.0, f32::max).max(1e-6);
    let dims = lanes
        .iter()
        .map(|l| l.singular_values.len().max(l.latent_stds.len()).max(l.code_stds.len()));
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
                    words!(
                        "spectrum-sigma-of-w",
                        number = bar.argument.round(),
                        value = significant(bar.value)
                    )
                },
            ))
        })
        .collect();
    let lines: Vec<_> = lanes
        .iter()
        .flat_map(|lane| {
            let at = |(k, &s): (usize, &f32)| [k as f64 + 1.0, f64::from(s)];
            let points = |stds: &[f32]| stds.iter().enumerate().map(at).collect::<Vec<_>>();
            let color = p.lane(lane.id);
            [
                (points(&lane.latent_stds), LineStyle::Solid, color),
                (points(&lane.code_stds), LineStyle::dashed_dense(), color),
            ]
        })
        .collect();
    let across = Axis { low: 0.4, high: dims as f64 + 0.6, ..Axis::numbers(dims as f64) };
    let across = Ruler::new("", across, 5);
    let up = Ruler::new("", Axis::linear(0.0, f64::from(most)), 5);
    let axes = [&across, &up];
    let plotted = plot(ui, "spectrum", height(ui, lanes.len() + 2), axes).show(ui, |plot| {
        plot.set_plot_bounds(bounds(axes, [0.0, 0.08]));
        charts.into_iter().for_each(|chart| plot.bar_chart(chart));
        for (i, (points, style, color)) in lines.into_iter().enumerate() {
            plot.line(curve(format!("spread-{i}"), points, color).style(style).width(line::CURVE));
        }
    });
    spoken::say_of_plot(ui, &plotted.response, words!("curves-how-many-directions-w-stretches"));
    note(ui, words!("spectrum-lines-std-on-principal-axes"));
    note(ui, words!("spectrum-bars-singular-values-of-w"));
    for lane in lanes {
        note(ui, shown.prefix(lane.id, ": ") + &(shown.stage.terms().w)(lane));
    }
}
