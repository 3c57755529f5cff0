//! Movement: how far each code moved between two kept pictures.

use std::sync::Arc;

use egui::Ui;
use egui_plot::HoverPosition;

use crate::figure::axis::{Axis, Scale};
use crate::figure::chart::Ruler;
use crate::figure::movement::{FLOOR, Movements};
use crate::figure::scene::MANY;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::text::{percent, significant};
use crate::ui::cache::painter::{MovementLook, Painter};
use crate::ui::panes::spoken;
use crate::ui::state::displayed::Displayed;
use crate::ui::widgets::plot::{bounds, height, line as path, note, plot};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space};
use crate::words;

/// The curves of movement.
#[derive(Default)]
pub struct Movement {
    /// Sorts the codes of large codebooks.
    pub painter: Painter<MovementLook>,
    /// The codes of small ones, with the count of pictures.
    made: [Option<(u64, Arc<Movements>)>; 2],
}

impl Movement {
    /// Draws them at the cursor.
    pub fn show(&mut self, ui: &mut Ui, shown: &Displayed<'_>) {
        let p = palette(ui);
        let Some(snapshot) = shown.snapshot else { return };
        let lanes: Vec<_> = snapshot.lanes.iter().filter(|l| !l.movement.is_empty()).collect();
        if lanes.is_empty() {
            ui.add_space(space::S);
            note(ui, (shown.stage.terms().unmoved)());
            return;
        }
        let mut made = Vec::new();
        for &lane in &lanes {
            let sorted = self.sorted(shown.generation, snapshot, lane);
            made.extend(sorted.map(|sorted| (lane, sorted)));
        }
        let curves: Vec<_> =
            made.iter().map(|(lane, made)| (made.points.clone(), p.lane(lane.id))).collect();
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
        for (lane, made) in &made {
            let name = shown.prefix(lane.id, ": ");
            let (share, steps) = (percent(made.share), lane.movement_steps);
            note(
                ui,
                words!("movement-of-the-codes-moved-in", name = name, share = share, steps = steps),
            );
        }
    }
}

impl Movement {
    /// The codes of a lane from the fastest to the slowest. Sorting K codes is for a new picture, not for
    /// every frame; of a large codebook it is for the painter, whose newest stand until the next ones.
    fn sorted(
        &mut self,
        generation: u64,
        snapshot: &Arc<Snapshot>,
        lane: &LaneView,
    ) -> Option<Arc<Movements>> {
        if lane.movement.len() > MANY {
            self.painter.ask(lane.id, MovementLook { generation }, snapshot);
            return Some(self.painter.newest(lane.id)?.facts.clone());
        }
        let made = &mut self.made[lane.id.index()];
        if made.as_ref().is_none_or(|(known, _)| *known != generation) {
            *made = Some((generation, Arc::new(Movements::new(&lane.movement))));
        }
        made.as_ref().map(|(_, made)| made.clone())
    }
}
