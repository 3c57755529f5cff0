//! Usage bars: how often each code was chosen.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Align, Align2, Color32, Rect, Response, Sense, Shape, Stroke, Ui, pos2, vec2};

use crate::figure::axis::{Axis, Scale};
use crate::figure::columns::UsageSource;
use crate::figure::columns::{Bars, Columns};
use crate::figure::norms::Norms;
use crate::figure::scene::{MANY, is_rare};
use crate::palette::{Palette, Shade};
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::usage::{CountedIn, MILLION};
use crate::scenario::LaneId;
use crate::text::{count, fine_percent};
use crate::ui::cache::mesh::Cached;
use crate::ui::cache::painter::{BarsLook, Painter};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::bars;
use crate::ui::panes::references::{height, references};
use crate::ui::panes::{FIRST, Pane, WindowCtx, norms, spoken};
use crate::ui::state::closely::CodeOf;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::film::FilmAxes;
use crate::ui::state::prefs::Counting;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::text::first_that_fits;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{is_room, line, radius, space, tokens};
use crate::words;

/// Room for the labels of the axes; the left one as in the code map above.
const MARGIN: [f32; 2] = [44.0, 18.0];

/// Height of the strip that stands for codes without uses while they are lit, and strength of the ground
/// above it.
const STRIP: f32 = 4.0;
const GROUND: f32 = 0.12;

/// What the bars depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MeshKey {
    /// Count of pictures.
    generation: u64,
    plot: Rect,
    axis: Axis,
    bars: Bars,
    shade: Shade,
}

/// The usage bars.
pub struct UsagePane {
    /// The lane that is drawn.
    pub lane: LaneId,
    /// Sorts the counts of large codebooks.
    pub painter: Painter<BarsLook>,
    /// The counts of small ones, with the count of pictures.
    columns: [Option<(u64, Arc<Columns>)>; 2],
    meshes: [Cached<MeshKey>; 2],
    /// The most uses that a code has of all lanes that are counted alike, with the count of pictures and
    /// what is counted.
    most: Option<((u64, UsageSource, CountedIn), u32)>,
    /// Lengths of the codes of files without counts.
    norms: [norms::Kept; 2],
}

impl Default for UsagePane {
    fn default() -> Self {
        Self {
            lane: FIRST,
            painter: Painter::default(),
            columns: [None, None],
            meshes: Default::default(),
            most: None,
            norms: Default::default(),
        }
    }
}

/// What the bars are of.
pub struct UsageCtx<'a> {
    shown: Displayed<'a>,
    counting: Counting,
    /// What the axes must hold in pictures of a film.
    film: Option<&'a FilmAxes>,
    /// The code that is lit.
    lit: Option<CodeOf>,
    /// Whether codes that are not in use are lit.
    are_dead_lit: bool,
}

impl Pane for UsagePane {
    type Ctx<'a> = UsageCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Usage(self.lane)
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> UsageCtx<'a> {
        UsageCtx {
            shown: window.displayed(),
            counting: window.prefs.counting(),
            film: window.run.film.as_deref(),
            lit: window.lit(),
            are_dead_lit: window.are_dead_lit,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: UsageCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let UsageCtx { shown, counting, film, lit, are_dead_lit } = ctx;
        let (id, stage, terms) = (self.lane, shown.stage, shown.stage.terms());
        let p = palette(ui);
        // A room reads no ticks.
        let is_room = is_room(ui);
        let margin = if is_room { [0.0; 2] } else { MARGIN };
        let plot = Rect::from_min_max(
            pos2(rect.left() + margin[0], rect.top()),
            pos2(rect.right(), rect.bottom() - margin[1]),
        );
        ui.painter().rect_filled(plot, radius::SMALL, p.canvas);
        let Some(snapshot) = shown.snapshot else { return };
        let Some(view) = snapshot.lanes.iter().find(|l| l.id == id) else { return };
        let most = self.most(shown.generation, snapshot, counting.source, view.counted_in);
        let most = film.map_or(most, |film| most.max(film.most(counting.source)));
        let (counts, usage) = counting.source.counts(view);
        let focusable = Sense::click() | Sense::focusable_noninteractive();
        let response = ui.interact(plot, ui.scope_id().with(("usage", id)), focusable);
        // Files without counts still tell how long their codes are.
        let norms = match counts.is_empty() {
            true => self.norms[id.index()].of(shown.generation, view, plot.width()),
            false => None,
        };
        spoken::say(&response, || match &norms {
            Some(norms) => norms::spoken(norms, &(terms.lane)(id), view.code_norms.len()),
            None => spoken::bars(view, usage, counts, stage),
        });
        theme::focus_ring(ui, &response);
        let source = (terms.tokens)(counting.source, usage.tokens as u64);
        let of = counting.source.step(view).filter(|_| terms.has_full_set);
        let of = of.map_or(String::new(), |step| words!("of-step", step = count(step)));
        if let Some(norms) = &norms {
            return lengths(ui, plot, (view, norms), counting.is_log, response);
        }
        if counts.is_empty() || view.counted_in.is_tokens() && usage.tokens == 0 {
            nothing_counted(ui, plot, (terms.uncounted)(view), p);
            return;
        }
        let axis = Axis::counts(most, counting.is_log);
        if !is_room {
            ticks(ui, plot, &axis, view.counted_in, p);
        }
        let wanted = wanted(counting, plot.width());
        let Some((generation, columns)) = self.counted(shown.generation, snapshot, counts, wanted)
        else {
            return;
        };
        if are_dead_lit {
            dead(ui, plot, &columns, p.restart);
        }
        let shade = theme::shade(ui);
        let key = MeshKey { generation, plot, axis, bars: columns.bars, shade };
        let is_rare = is_rare(usage.used, usage.size);
        let make = || bars::mesh(&columns, plot, &axis, (p.lane(id), is_rare));
        let mesh = self.meshes[id.index()].get(key, make);
        ui.painter_at(plot).add(Shape::Mesh(mesh));
        if is_room {
            return;
        }
        let lit = lit.filter(|(lane, _)| *lane == id);
        if let Some(at) = lit.and_then(|(_, code)| columns.column_of(code)) {
            let x = plot.left() + 1.0 + at * (plot.width() - 2.0);
            let painter = ui.painter_at(plot);
            painter.rect_filled(plot, 0.0, p.canvas.gamma_multiply(0.6));
            painter.vline(x + 1.0, plot.y_range(), Stroke::new(line::CURVE, p.text));
        }
        references(ui, plot, &axis, (usage, view.counted_in), counting.is_sorted, p);
        let wordings = match view.counted_in {
            CountedIn::Tokens => captions(usage.size, counting.is_sorted, (&source, &of)),
            other => of_no_tokens(usage.size, counting.is_sorted, other),
        };
        let at = pos2(plot.center().x, plot.bottom() + 1.0);
        let (anchor, room) = (Align2::CENTER_TOP, plot.width());
        let font = theme::font(tokens(ui).small);
        first_that_fits(ui.painter(), at, anchor, room, font, p.weak, &wordings);
        if let Some(pointer) = response.hover_pos() {
            let column = (pointer.x - plot.left() - 1.0) / (plot.width() - 2.0);
            if let [code] = columns.codes_at(column) {
                outbox.ask(Wish::Hover((id, *code as usize)));
                if response.clicked() {
                    outbox.ask(Wish::Pin(Some((id, *code as usize))));
                }
            }
            if let Some(text) = columns.describe(column, view.counted_in) {
                response.on_hover_text_at_pointer(text);
            }
        }
    }
}

/// Lengths of codes that nothing counts.
fn lengths(
    ui: &Ui,
    plot: Rect,
    (view, norms): (&LaneView, &Norms),
    is_log: bool,
    response: Response,
) {
    let most = norms.bins.iter().copied().max().unwrap_or(0);
    let axis = Axis::counts(most, is_log);
    ticks(ui, plot, &axis, CountedIn::Tokens, palette(ui));
    norms::show(ui, plot, view, norms, &axis, response);
}

impl UsagePane {
    /// The most uses that a code of any lane has whose numbers are of the same kind: these lanes share one
    /// axis. Looked for once for a picture and not in every frame.
    fn most(
        &mut self,
        generation: u64,
        snapshot: &Snapshot,
        source: UsageSource,
        counted_in: CountedIn,
    ) -> u32 {
        let of = (generation, source, counted_in);
        if let Some((known, most)) = self.most
            && known == of
        {
            return most;
        }
        let lanes = snapshot.lanes.iter().filter(|lane| lane.counted_in == counted_in);
        let each = lanes.map(|lane| source.counts(lane).0.iter().copied().max().unwrap_or(0));
        let most = each.max().unwrap_or(0);
        self.most = Some((of, most));
        most
    }

    /// The counts behind the bars, with the count of pictures that they are of. Sorting K codes is for
    /// a new picture, not for every frame; of a large codebook it is for the painter, whose newest
    /// columns stand until the next ones are made.
    fn counted(
        &mut self,
        generation: u64,
        snapshot: &Arc<Snapshot>,
        counts: &[u32],
        bars: Bars,
    ) -> Option<(u64, Arc<Columns>)> {
        let id = self.lane;
        if counts.len() > MANY {
            self.painter.ask(id, BarsLook { generation, bars }, snapshot);
            let painted = self.painter.newest(id)?;
            return Some((painted.look.generation, painted.facts.clone()));
        }
        let cache = &mut self.columns[id.index()];
        Some((generation, cached_columns(cache, generation, counts, bars)))
    }
}

/// What the bars count, in as many words as there is room for: K, their order, the tokens, the step.
fn captions(size: usize, is_sorted: bool, (source, of): (&str, &str)) -> [String; 4] {
    let order = if is_sorted { words!("usage-most-used-first") } else { words!("usage-by-index") };
    let codes = count(size as u64);
    [
        words!("usage-codes-uses-in-the", codes = codes, order = order, source = source, of = of),
        words!("usage-codes-uses-in-the-2", codes = codes, source = source, of = of),
        words!("usage-codes", codes = codes, of = of),
        words!("usage-codes", codes = codes, of = ""),
    ]
}

/// The same of numbers that are of no tokens.
fn of_no_tokens(size: usize, is_sorted: bool, counted_in: CountedIn) -> [String; 4] {
    let order = if is_sorted { words!("usage-most-used-first") } else { words!("usage-by-index") };
    let codes = count(size as u64);
    let what = match counted_in {
        CountedIn::Flags => words!("usage-flags"),
        _ => words!("usage-shares"),
    };
    let alone = words!("usage-codes", codes = codes, of = "");
    [
        format!("{} · {what}", [&alone, order].join(words!("list-separator"))),
        format!("{alone} · {what}"),
        alone.clone(),
        alone,
    ]
}

/// Labels beside the axis, with lines across the plot.
fn ticks(ui: &Ui, plot: Rect, axis: &Axis, counted_in: CountedIn, p: &Palette) {
    let is_log = axis.scale == Scale::Log1p;
    let mut ticks = axis.ticks(if is_log { 3 } else { 2 });
    if is_log {
        // 0 and the highest powers of ten are those that stay where there is little room.
        ticks[1..].reverse();
    }
    let mut marked: Vec<f32> = Vec::new();
    for tick in ticks {
        let y = plot.bottom() - 1.0 - height(axis, tick.value as f32) * (plot.height() - 4.0);
        // On a low panel neighbouring labels would lie on each other.
        if marked.iter().any(|other| (other - y).abs() < 16.0) {
            continue;
        }
        marked.push(y);
        ui.painter().hline(plot.x_range().shrink(1.0), y, Stroke::new(line::HAIR, p.grid));
        let anchor = if tick.value == 0.0 { Align2::RIGHT_BOTTOM } else { Align2::RIGHT_CENTER };
        // The highest label must not be cut off at the upper edge.
        let at = pos2(plot.left() - 4.0, y.max(plot.top() + 6.0).min(plot.bottom() + 2.0));
        let label = match counted_in {
            CountedIn::Millionths => fine_percent(tick.value / MILLION),
            _ => tick.label,
        };
        ui.painter().text(at, anchor, label, theme::font(tokens(ui).small), p.weak);
    }
}

/// How the bars of a panel are shown.
fn wanted(counting: Counting, width: f32) -> Bars {
    Bars {
        width: (width as usize).saturating_sub(2),
        is_sorted: counting.is_sorted,
        source: counting.source,
    }
}

/// The columns of a small codebook, made anew for a new picture or other switches.
fn cached_columns(
    cache: &mut Option<(u64, Arc<Columns>)>,
    generation: u64,
    counts: &[u32],
    bars: Bars,
) -> Arc<Columns> {
    match cache {
        Some((known, columns)) if *known == generation && columns.bars == bars => columns.clone(),
        _ => {
            let columns = Arc::new(Columns::new(counts, bars));
            *cache = Some((generation, columns.clone()));
            columns
        }
    }
}

/// Says in the middle why there are no bars.
fn nothing_counted(ui: &Ui, plot: Rect, text: String, p: &Palette) {
    let font = theme::font(tokens(ui).small);
    let mut job = LayoutJob::simple(text, font, p.weak, plot.width() - 2.0 * space::XS);
    job.halign = Align::Center;
    let galley = ui.painter().layout_job(job);
    let at = plot.center() - vec2(0.0, galley.size().y / 2.0);
    ui.painter().galley(at, galley, p.weak);
}

/// Lights the columns without a single use, whose codes have no bar: a strip, and a pale ground above it.
fn dead(ui: &Ui, plot: Rect, columns: &Columns, color: Color32) {
    let painter = ui.painter_at(plot);
    let width = plot.width() - 2.0;
    for [from, to] in columns.unused() {
        let x = [from, to].map(|share| plot.left() + 1.0 + share * width);
        let ground = Rect::from_x_y_ranges(x[0]..=x[1], plot.top()..=plot.bottom() - 1.0);
        painter.rect_filled(ground, 0.0, color.gamma_multiply(GROUND));
        painter.rect_filled(ground.with_min_y(ground.bottom() - STRIP), 0.0, color);
    }
}
