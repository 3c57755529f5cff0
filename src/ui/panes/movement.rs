//! Movement: how far each code moved between two kept pictures.

use egui::Ui;
use egui_plot::HoverPosition;

use crate::figure::axis::{Axis, Scale};
use crate::figure::chart::Ruler;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::{percent, significant};
use crate::ui::panes::spoken;
use crate::ui::state::displayed::Displayed;
use crate::ui::widgets::plot::{bounds, height, line as path, note, plot};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space};
use crate::words;

/// A code that moved less did not move: below the rounding of a code's coordinates.
const FLOOR: f64 = 1e-6;

/// A lane, its codes from the fastest to the slowest, and the share that moved.
type Curve = (LaneId, Vec<[f64; 2]>, f64);

/// The curves of movement.
#[derive(Default)]
pub struct Movement {
    /// The newest ones, with the count of pictures.
    made: Option<(u64, Vec<Curve>)>,
}

impl Movement {
    /// Draws them at the cursor.
    pub fn show(&mut self, ui: &mut Ui, shown: &Displayed<'_>) {
        let is_own = shown.stage.has_losses();
        let p = palette(ui);
        let Some(snapshot) = shown.snapshot else { return };
        let lanes: Vec<_> = snapshot.lanes.iter().filter(|l| !l.movement.is_empty()).collect();
        if lanes.is_empty() {
            ui.add_space(space::S);
            let text = match is_own {
                true => words!("movement-takes-two-points"),
                false => words!("movement-movement-takes-two-files"),
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
            let at = |i: usize| [(i as f64 + 0.5) / n, f64::from(sorted[i]).max(FLOOR).log10()];
            (0..sorted.len()).step_by(stride).chain([sorted.len() - 1]).map(at).collect()
        };
        let generation = shown.generation;
        if self.made.as_ref().is_none_or(|(known, _)| *known != generation) {
            // Sorting K codes is for a new picture, not for every frame.
            let made = lanes.iter().map(|l| (l.id, curve(&l.movement), moved_share(l))).collect();
            self.made = Some((generation, made));
        }
        let Some((_, made)) = self.made.clone() else { return };
        let curves: Vec<_> =
            made.iter().map(|(id, points, _)| (points.clone(), p.lane(*id))).collect();
        let heights = curves.iter().flat_map(|c| &c.0).map(|q| q[1]);
        let high = heights.filter(|h| h.is_finite()).fold(-2.0, f64::max).ceil();
        let up = Axis { scale: Scale::Log, ..Axis::linear(FLOOR, 10f64.powf(high)) };
        let mut up = Ruler::new("", up, 7);
        if let Some(lowest) = up.ticks.first_mut() {
            lowest.label = "0".into();
        }
        let across = Ruler::new("", Axis::shares(), 5);
        let axes = [&across, &up];
        let plotted = plot(ui, "movement", height(ui, lanes.len() + 2), axes)
            .label_formatter(|hover| match hover {
                HoverPosition::NearDataPoint { position, .. }
                | HoverPosition::Elsewhere { position } => Some(words!(
                    "movement-of-the-codes-moved-more",
                    share = format_args!("{:.0}", 100.0 * position.x),
                    distance = significant(10f64.powf(position.y))
                )),
            })
            .show(ui, |plot| {
                plot.set_plot_bounds(bounds(axes, [0.12, 0.0]));
                for (i, (points, color)) in curves.into_iter().enumerate() {
                    plot.line(path(format!("movement-{i}"), points, color).width(line::CURVE));
                }
            });
        spoken::say_of_plot(ui, &plotted.response, words!("curves-how-far-each-code-moved"));
        note(ui, words!("movement-distance-moved-log-scale-fastest"));
        for (lane, (.., share)) in lanes.iter().zip(&made) {
            let name = shown.prefix(lane.id, ": ");
            let (share, steps) = (percent(*share), lane.movement_steps);
            note(
                ui,
                words!("movement-of-the-codes-moved-in", name = name, share = share, steps = steps),
            );
        }
    }
}

/// Share of a lane's codes that moved.
fn moved_share(lane: &LaneView) -> f64 {
    let moved = lane.movement.iter().filter(|&&m| f64::from(m) > FLOOR).count();
    moved as f64 / lane.movement.len().max(1) as f64
}
