//! The tabs of curves: loss terms, spectrum, use, movement, events.

use egui::{RichText, Ui, UiBuilder, vec2};
use egui_plot::{HoverPosition, LineStyle};

use crate::analysis::history::{History, Series};
use crate::figure::axis::{Axis, Scale};
use crate::figure::chart::Ruler;
use crate::figure::columns::UsageSource;
use crate::record::judgement::Rule;
use crate::scenario::LaneId;
use crate::text::{count, significant};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::levels::Levels;
use crate::ui::panes::movement::Movement;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::use_map::UseMap;
use crate::ui::panes::{Pane, WindowCtx, events, levels, spectrum, spoken, w_over_time};
use crate::ui::state::displayed::Displayed;
use crate::ui::state::frames::FrameStore;
use crate::ui::state::prefs::Tab;
use crate::ui::state::stage::Stage;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::plot::{bounds, height, line as curve, note, plot};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// Width below which the names of the tabs stand in smaller type.
const NARROW: f32 = 340.0;

/// The tabs, and what they keep.
#[derive(Default)]
pub struct CurvesPane {
    /// How far codes moved.
    pub movement: Movement,
    /// Squares of uses.
    pub squares: UseMap,
    levels: Levels,
}

/// What the curves are of.
pub struct CurvesCtx<'a> {
    tab: Tab,
    shown: Displayed<'a>,
    history: &'a History,
    /// What its axes are chosen for.
    of_axes: &'a History,
    frames: &'a FrameStore,
    /// Whether W is shown over the steps.
    has_w: bool,
    /// Which uses are counted.
    source: UsageSource,
    /// As counted by which meaning of the words.
    counted_by: Option<Rule>,
    is_enlarged: bool,
}

impl Pane for CurvesPane {
    type Ctx<'a> = CurvesCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Curves
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> CurvesCtx<'a> {
        CurvesCtx {
            tab: window.prefs.tab,
            shown: window.displayed(),
            history: &window.run.history,
            of_axes: window.run.history_of_axes(),
            frames: &window.run.frames,
            has_w: window.layers.w,
            source: window.prefs.usage_source,
            counted_by: window.prefs.counted_by,
            is_enlarged: window.prefs.arrangement.enlarged.is_some(),
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: CurvesCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let CurvesCtx {
            tab, shown, history, frames, has_w, source, counted_by, is_enlarged, ..
        } = ctx;
        let are_several =
            !shown.stage.terms().has_methods && levels::are_several(history, shown.step);
        let shown_tab = shown_tab(tab, shown.stage, are_several);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("curves"));
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        let small = tokens(&ui).small;
        ui.horizontal(|ui| {
            // Five names fit beside each other, in a small window as well: files have levels or none, and no
            // losses.
            ui.spacing_mut().button_padding.x = space::XS;
            ui.spacing_mut().item_spacing.x = 2.0;
            let size = if ui.available_width() < NARROW { small } else { tokens(ui).body };
            let tabs = [
                (
                    Tab::Levels,
                    words!("curves-tab-levels"),
                    words!("curves-every-codebook-of-the-file"),
                ),
                (Tab::Losses, words!("curves-tab-losses"), words!("curves-terms-of-the-loss-of")),
                (
                    Tab::Spectrum,
                    words!("curves-tab-spectrum"),
                    words!("curves-how-many-directions-w-stretches"),
                ),
                (Tab::UseMap, words!("curves-tab-use"), words!("curves-uses-of-every-code-as")),
                (
                    Tab::Movement,
                    words!("curves-tab-movement"),
                    words!("curves-how-far-each-code-moved"),
                ),
                (
                    Tab::Events,
                    words!("curves-tab-events"),
                    words!("curves-births-and-deaths-of-codes"),
                ),
            ];
            let has = |tab: &Tab| match tab {
                Tab::Losses => shown.stage.terms().has_methods,
                Tab::Levels => are_several,
                _ => true,
            };
            for (tab, name, hint) in tabs.into_iter().filter(|(tab, ..)| has(tab)) {
                let name = RichText::new(name).size(size);
                let label = ui.selectable_label(shown_tab == tab, name);
                topic(tab).put(ui, label.rect);
                if label.on_hover_text(hint).clicked() {
                    outbox.ask(Wish::Tab(tab));
                }
            }
        });
        topic(shown_tab).put(&ui, ui.available_rect_before_wrap());
        let kept = w_over_time::Kept { frames, shown };
        match shown_tab {
            Tab::Losses => losses(&mut ui, history, ctx.of_axes),
            Tab::Spectrum if has_w && w_over_time::is_known(kept) => {
                w_over_time::show(&mut ui, kept);
            }
            Tab::Spectrum => spectrum::show(&mut ui, &shown),
            Tab::Movement => self.movement.show(&mut ui, &shown),
            Tab::UseMap => self.squares.show(&mut ui, &shown, source, is_enlarged),
            Tab::Events => events::show(&mut ui, history, shown.stage.terms(), outbox),
            Tab::Levels => self.levels.show(&mut ui, history, &shown, counted_by, outbox),
        }
    }
}

/// What a tab shows.
fn topic(tab: Tab) -> Topic {
    match tab {
        Tab::Losses => Topic::Losses,
        Tab::Spectrum => Topic::Spectrum,
        Tab::UseMap => Topic::UseMap,
        Tab::Movement => Topic::Movement,
        Tab::Events => Topic::Events,
        Tab::Levels => Topic::Levels,
    }
}

/// The chosen tab; files of another program hold no losses, and perhaps one codebook alone.
fn shown_tab(tab: Tab, stage: Stage, are_several: bool) -> Tab {
    match tab {
        Tab::Losses | Tab::Levels if !stage.terms().has_methods => match are_several {
            true => Tab::Levels,
            false => Tab::Spectrum,
        },
        Tab::Levels => Tab::Losses,
        tab => tab,
    }
}

/// Terms of a loss below this one are drawn at it.
const LEAST: f64 = 1e-9;

/// log10 of the means of a series, at most about 300 points; a term that is exactly 0 is not there.
fn log_points(series: &Series) -> Vec<[f64; 2]> {
    let points = series.points(300).filter(|(_, mean)| *mean > 0.0);
    points.map(|(step, mean)| [step as f64, mean.max(LEAST).log10()]).collect()
}

/// Each term of the loss of each lane, as points of a line.
fn terms(history: &History) -> [[Vec<[f64; 2]>; 3]; 2] {
    [LaneId::A, LaneId::B].map(|id| {
        let lane = history.lane(id);
        [&lane.recon_loss, &lane.codebook_loss, &lane.commitment_loss].map(log_points)
    })
}

fn losses(ui: &mut Ui, history: &History, of_axes: &History) {
    let p = palette(ui);
    let last = of_axes.step.max(10) as f64;
    let styles = [LineStyle::Solid, LineStyle::dashed_dense(), LineStyle::dotted_dense()];
    // Both are the mean of (q - z)²; the codebook's pulls codes, the commitment's the encoder.
    let terms = terms(history);
    let is_one = terms.iter().all(|[_, codebook, commitment]| is_same(codebook, commitment));
    let mut lines = Vec::new();
    for (id, terms) in [LaneId::A, LaneId::B].into_iter().zip(terms) {
        let shown = terms.into_iter().zip(styles).take(if is_one { 2 } else { 3 });
        lines.extend(shown.map(|(points, style)| (points, style, p.lane(id))));
    }
    let all = self::terms(of_axes);
    let values = all.as_flattened().iter().flatten().map(|q| 10f64.powf(q[1]));
    let usual = Axis { scale: Scale::Log, ..Axis::linear(0.001, 1.0) };
    let up = Ruler::new("", Axis::decades(values, LEAST).unwrap_or(usual), 6);
    let across = Ruler::new("", Axis::numbers(last), 4);
    let axes = [&across, &up];
    let shown = plot(ui, "losses", height(ui, 2), axes)
        .label_formatter(|hover| match hover {
            HoverPosition::NearDataPoint { position, .. }
            | HoverPosition::Elsewhere { position } => Some(format!(
                "{}\n{}",
                words!("figure-step", step = count(position.x.max(0.0) as u64)),
                significant(10f64.powf(position.y))
            )),
        })
        .show(ui, |plot| {
            plot.set_plot_bounds(bounds(axes, [0.05, 0.0]));
            for (i, (points, style, color)) in lines.into_iter().enumerate() {
                plot.line(curve(format!("loss-{i}"), points, color).style(style).width(line::THIN));
            }
        });
    spoken::say_of_plot(ui, &shown.response, words!("curves-terms-of-the-loss-of"));
    let words = match is_one {
        true => [
            words!("curves-solid-reconstruction-dashed-codebook-and"),
            words!("curves-commitment-which-are-equal-log"),
        ],
        false => [
            words!("curves-solid-reconstruction-dashed-codebook"),
            words!("curves-dotted-commitment-log-scale"),
        ],
    };
    let hint = words!("curves-terms-of-the-loss-of-2");
    words.into_iter().for_each(|line| drop(note(ui, line).on_hover_text(hint)));
}

/// Whether two lines on a log scale are one for the eye.
fn is_same(a: &[[f64; 2]], b: &[[f64; 2]]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(a, b)| (a[1] - b[1]).abs() < 1e-3)
}
