//! W over the steps of a run: its singular values, its effective rank, and how far it has come from the
//! identity.

use egui::Ui;
use egui_plot::LineStyle;

use crate::figure::axis::Axis;
use crate::figure::chart::Ruler;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::{count, significant};
use crate::ui::panes::spoken;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::frames::FrameStore;
use crate::ui::widgets::plot::{bounds, height, line as curve, note, plot};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::line;
use crate::words;

/// Singular values that are drawn, the largest first.
const DRAWN: usize = 5;

/// Kept pictures that are drawn at most.
const MOST: usize = 300;

/// The pictures of a run that are drawn.
#[derive(Clone, Copy)]
pub struct Kept<'a> {
    /// Those of earlier steps.
    pub frames: &'a FrameStore,
    /// The one that is shown.
    pub shown: Displayed<'a>,
}

/// Whether two kept pictures know a W.
pub fn is_known(kept: Kept<'_>) -> bool {
    views(kept).filter(|(_, view)| !view.singular_values.is_empty()).nth(1).is_some()
}

/// Kept views up to the step that is shown, with their steps; the newest picture is the last.
fn views(Kept { frames, shown }: Kept<'_>) -> impl Iterator<Item = (u64, &LaneView)> {
    let before = frames.all().take_while(move |frame| frame.step <= shown.step);
    let newest = shown.snapshot.into_iter();
    before.chain(newest).flat_map(|frame| frame.lanes.iter().map(|lane| (frame.step, lane)))
}

/// The lines of a lane: its largest singular values, and its effective rank.
fn lines(kept: Kept<'_>, id: LaneId) -> (Vec<Vec<[f64; 2]>>, Vec<[f64; 2]>) {
    let known: Vec<(u64, &LaneView)> =
        views(kept).filter(|(_, view)| view.id == id && !view.singular_values.is_empty()).collect();
    let stride = known.len().div_ceil(MOST).max(1);
    let last = known.len().saturating_sub(1);
    let kept: Vec<_> = known
        .into_iter()
        .enumerate()
        .filter(|(i, _)| i % stride == 0 || *i == last)
        .map(|(_, known)| known)
        .collect();
    let value = |n: usize| -> Vec<[f64; 2]> {
        let at = |(step, view): &(u64, &LaneView)| {
            view.singular_values.get(n).map(|s| [*step as f64, f64::from(*s)])
        };
        kept.iter().filter_map(at).collect()
    };
    let rank = |(step, view): &(u64, &LaneView)| [*step as f64, f64::from(view.effective_rank_w)];
    ((0..DRAWN).map(value).collect(), kept.iter().map(rank).collect())
}

/// Draws them.
pub fn show(ui: &mut Ui, kept: Kept<'_>) {
    let p = palette(ui);
    let lanes = [LaneId::A, LaneId::B].map(|id| (id, lines(kept, id)));
    let all = lanes.iter().flat_map(|(_, (values, rank))| values.iter().chain([rank]).flatten());
    let most = all.map(|point| point[1]).filter(|y| y.is_finite()).fold(1e-6, f64::max);
    let across = Ruler::new("", Axis::numbers(kept.shown.step.max(1) as f64), 4);
    let up = Ruler::new("", Axis::linear(0.0, most), 5);
    let axes = [&across, &up];
    let shown = plot(ui, "w-over-time", height(ui, 4), axes).show(ui, |plot| {
        plot.set_plot_bounds(bounds(axes, [0.0, 0.08]));
        for (id, (values, rank)) in lanes {
            let color = p.lane(id);
            for (n, points) in values.into_iter().enumerate() {
                let name = format!("sigma-{}-{n}", id.name());
                plot.line(curve(name, points, color).width(line::THIN));
            }
            let name = format!("rank-{}", id.name());
            let dashed = LineStyle::dashed_dense();
            plot.line(curve(name, rank, color).style(dashed).width(line::CURVE));
        }
    });
    spoken::say_of_plot(ui, &shown.response, words!("w-over-time"));
    note(ui, words!("w-over-time-lines", drawn = DRAWN));
    let Some(snapshot) = kept.shown.snapshot else { return };
    for lane in snapshot.lanes.iter().filter(|lane| !lane.singular_values.is_empty()) {
        let Some(facts) = lane.transform else { continue };
        note(
            ui,
            words!(
                "w-over-time-now",
                lane = lane.id.name().to_uppercase(),
                step = count(lane.step),
                rank = format_args!("{:.1}", lane.effective_rank_w),
                away = significant(f64::from(facts.from_identity)),
                bias = significant(f64::from(facts.bias_length))
            ),
        );
    }
}
