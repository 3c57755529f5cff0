//! What a step does, as a row of boxes a lane: encoder, nearest code, decoder, and below them what the
//! codes are made of. Gradients are lit where something learns from them.

use egui::{
    Align2, Color32, Painter, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2,
    vec2,
};

use crate::palette::Palette;
use crate::record::snapshot::LaneView;
use crate::scenario::{LaneId, TransformForm};
use crate::text::count;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, WindowCtx};
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::text::one_line;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of a box, and of the row above the boxes where the encoder's gradient runs.
const BOX: f32 = 24.0;
const ABOVE: f32 = 16.0;

/// Length of the arrow between two boxes.
const ARROW: f32 = 18.0;

/// Room beside the word of a box, at least.
const PAD: f32 = 3.0;

/// The pipeline.
#[derive(Default)]
pub struct PipelinePane;

/// What the boxes are of.
pub struct PipelineCtx<'a> {
    /// The lanes that train.
    lanes: Vec<LaneId>,
    shown: Displayed<'a>,
    /// Whether C and W learn in each.
    learns: [Option<(bool, bool)>; 2],
}

/// What a lane is made of at the moment.
struct Parts {
    name: String,
    size: usize,
    dim: usize,
    learns_c: bool,
    learns_w: bool,
    /// What stands for W, where it is no full matrix.
    form: Option<&'static str>,
    has_bias: bool,
    has_fixed_codes: bool,
    warms_up_until: Option<u64>,
    has_networks: bool,
    color: Color32,
}

impl Parts {
    fn of(ctx: &PipelineCtx<'_>, id: LaneId, p: &Palette) -> Option<Self> {
        let spec = ctx.shown.spec(id)?;
        let view: Option<&LaneView> = ctx.shown.lane(id);
        let (learns_c, learns_w) = ctx.learns[id.index()].unwrap_or((true, false));
        let switches = view.map_or(spec.switches, |view| view.switches);
        let form = match switches.transform {
            TransformForm::Full => None,
            TransformForm::Diagonal => Some(words!("pipeline-diagonal")),
            TransformForm::LowRank => Some(words!("pipeline-low-rank")),
            TransformForm::Mlp => Some(words!("pipeline-mlp")),
        };
        Some(Self {
            name: id.name().to_uppercase(),
            size: spec.size,
            dim: spec.dim,
            learns_c,
            learns_w,
            form: form.filter(|_| learns_w),
            has_bias: switches.has_bias,
            has_fixed_codes: spec.fixed.is_some(),
            warms_up_until: view.and_then(|view| view.warms_up_until),
            has_networks: spec.hidden > 0,
            color: p.lane(id),
        })
    }

    /// All of it in a sentence.
    fn sentence(&self) -> String {
        if self.has_fixed_codes {
            return words!("pipeline-spoken-fixed", lane = self.name, codes = self.size);
        }
        let state =
            |learns| if learns { words!("pipeline-learns") } else { words!("pipeline-fixed") };
        words!(
            "pipeline-spoken",
            lane = self.name,
            codes = count(self.size as u64),
            dim = self.dim,
            c = if self.learns_c { words!("pipeline-learns") } else { words!("pipeline-frozen") },
            w = state(self.learns_w)
        )
    }
}

impl Pane for PipelinePane {
    fn id(&self) -> PaneId {
        PaneId::Pipeline
    }

    type Ctx<'a> = PipelineCtx<'a>;

    fn ctx<'a>(window: &WindowCtx<'a>) -> PipelineCtx<'a> {
        PipelineCtx {
            lanes: window.running.lane_ids(),
            shown: window.displayed(),
            learns: window.learns,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: PipelineCtx<'_>, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        let width = rect.width() / ctx.lanes.len().max(1) as f32;
        for (i, &id) in ctx.lanes.iter().enumerate() {
            let left = rect.left() + i as f32 * width;
            let place =
                Rect::from_min_max(pos2(left, rect.top()), pos2(left + width, rect.bottom()))
                    .shrink2(vec2(if i == 0 { 0.0 } else { space::XS }, 0.0));
            let Some(parts) = Parts::of(&ctx, id, p) else { continue };
            lane(ui, place, &parts, p);
        }
    }
}

/// The boxes of one lane.
fn lane(ui: &mut Ui, rect: Rect, parts: &Parts, p: &Palette) {
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, radius::CONTROL, p.canvas);
    let inner = rect.shrink2(vec2(space::S, space::XS));
    let row =
        Rect::from_min_size(pos2(inner.left(), inner.top() + ABOVE), vec2(inner.width(), BOX));
    let nearest = match (parts.warms_up_until, parts.has_fixed_codes) {
        (Some(last), _) => words!("pipeline-waits", step = count(last)),
        (None, true) => words!("pipeline-rounds", codes = count(parts.size as u64)),
        (None, false) => words!("pipeline-nearest", codes = count(parts.size as u64)),
    };
    let ends = 12.0;
    let free = row.width() - 2.0 * ends - 4.0 * ARROW;
    let small = tokens(ui).small;
    // Each as wide as its word, and what is left over shared out.
    let needs =
        [words!("pipeline-encoder"), nearest.as_str(), words!("pipeline-decoder")].map(|text| {
            let galley = painter.layout_no_wrap(text.into(), theme::font(small), p.text);
            galley.size().x + 2.0 * PAD
        });
    let more = ((free - needs.iter().sum::<f32>()) / 3.0).max(0.0);
    let [first, last] = [needs[0], needs[2]].map(|need| need + more);
    let middle = free - first - last;
    let mut x = row.left();
    let mut next = |width: f32, gap: f32| {
        let place = Rect::from_min_size(pos2(x, row.top()), vec2(width, BOX));
        x += width + gap;
        place
    };
    let [input, encoder, lookup, decoder, output] = [
        next(ends, ARROW),
        next(first, ARROW),
        next(middle, ARROW),
        next(last, ARROW),
        next(ends, 0.0),
    ];
    let write = |at: Pos2, text: &str, color: Color32| {
        painter.text(at, Align2::CENTER_CENTER, text, theme::font(small), color);
    };
    write(input.center(), "x", p.text);
    write(output.center(), "x̂", p.text);
    let forward = Stroke::new(line::THIN, p.weak);
    for ([from, to], name) in [
        ([input, encoder], ""),
        ([encoder, lookup], "z"),
        ([lookup, decoder], "q"),
        ([decoder, output], ""),
    ] {
        let (from, to) = (from.right_center() + vec2(2.0, 0.0), to.left_center() - vec2(2.0, 0.0));
        arrow(&painter, from, to, forward);
        write(from.lerp(to, 0.45) - vec2(0.0, 9.0), name, p.text);
    }
    let (lit, _) = strokes(parts, p);
    for (place, text) in [
        (encoder, words!("pipeline-encoder")),
        (lookup, nearest.as_str()),
        (decoder, words!("pipeline-decoder")),
    ] {
        let learns = place != lookup && parts.has_networks;
        let stroke = if learns { lit } else { Stroke::new(line::HAIR, p.weak) };
        painter.rect_stroke(place, radius::CONTROL, stroke, StrokeKind::Inside);
        let galley = one_line(ui, text, theme::font(small), p.text, place.width() - PAD);
        let at = Align2::CENTER_CENTER.anchor_size(place.center(), galley.size());
        painter.galley(at.min, galley, p.text);
    }
    straight_through(ui, &painter, (inner, encoder, decoder), parts, p);
    if parts.has_fixed_codes {
        write(pos2(lookup.center().x, row.bottom() + 18.0), words!("pipeline-grid"), p.weak);
    } else {
        made_of(ui, &painter, (inner, lookup, decoder), parts, p);
    }
    let id = ui.scope_id().with(("pipeline", &parts.name));
    let response = ui.interact(rect, id, Sense::hover() | Sense::focusable_noninteractive());
    let said = parts.sentence();
    response.widget_info(move || WidgetInfo::labeled(egui::Role::Image, true, said.clone()));
    theme::focus_ring(ui, &response);
    response.on_hover_ui(|ui| {
        ui.set_max_width(420.0);
        ui.label(parts.sentence());
        for text in [
            words!("pipeline-letter-e", codes = count(parts.size as u64), dim = parts.dim),
            words!("pipeline-letter-c").into(),
            words!("pipeline-letter-w", dim = parts.dim),
            words!("pipeline-letter-b").into(),
            words!("pipeline-letter-z").into(),
        ] {
            ui.label(text);
        }
    });
}

/// The gradient of the encoder passes the choice by: from the decoder over the lookup.
fn straight_through(
    ui: &Ui,
    painter: &Painter,
    (inner, encoder, decoder): (Rect, Rect, Rect),
    parts: &Parts,
    p: &Palette,
) {
    let small = tokens(ui).small;
    let (lit, dark) = strokes(parts, p);
    let up = inner.top() + ABOVE / 2.0;
    let stroke = if parts.has_networks { lit } else { dark };
    back(
        painter,
        &[
            pos2(decoder.center().x, decoder.top()),
            pos2(decoder.center().x, up),
            pos2(encoder.center().x, up),
            pos2(encoder.center().x, encoder.top() - 1.0),
        ],
        stroke,
    );
    let room = decoder.center().x - encoder.center().x - space::XL;
    let fits = |text: &str| {
        let galley = painter.layout_no_wrap(text.into(), theme::font(small), p.text);
        (galley.size().x < room).then_some(galley)
    };
    let short = words!("pipeline-straight-through-short");
    let galley = fits(words!("pipeline-straight-through"))
        .unwrap_or_else(|| one_line(ui, short, theme::font(small), p.text, room));
    let at = Align2::CENTER_CENTER
        .anchor_size(pos2(encoder.center().x.midpoint(decoder.center().x), up), galley.size());
    painter.rect_filled(at.expand2(vec2(space::XS, 0.0)), 0.0, p.canvas);
    painter.galley(at.min, galley, p.text);
}

/// How a gradient is drawn that something learns from, and one that nothing does.
fn strokes(parts: &Parts, p: &Palette) -> (Stroke, Stroke) {
    (Stroke::new(line::CURVE, parts.color), Stroke::new(line::HAIR, p.reference))
}

/// E = C·W + b below the lookup, each letter lit where it learns, and the gradient that reaches it.
fn made_of(
    ui: &Ui,
    painter: &Painter,
    (inner, lookup, decoder): (Rect, Rect, Rect),
    parts: &Parts,
    p: &Palette,
) {
    let small = tokens(ui).small;
    let top = lookup.bottom() + 12.0;
    let c_state =
        if parts.learns_c { words!("pipeline-learns") } else { words!("pipeline-frozen") };
    let w_state = if parts.learns_w { words!("pipeline-learns") } else { words!("pipeline-fixed") };
    let w = parts.form.unwrap_or("W");
    let tiles = [
        (format!("C {c_state}"), parts.learns_c),
        (format!("{w} {w_state}"), parts.learns_w),
        ("b".to_string(), parts.learns_w && parts.has_bias),
    ];
    let mut x = inner.left();
    let mut put = |text: &str, is_tile: Option<bool>| -> Rect {
        let color = match is_tile {
            Some(true) => p.on_lane,
            _ => p.text,
        };
        let galley = painter.layout_no_wrap(text.into(), theme::font(small), color);
        let pad = if is_tile.is_some() { space::XS } else { 1.0 };
        let place = Rect::from_min_size(pos2(x, top), vec2(galley.size().x + 2.0 * pad, 20.0));
        match is_tile {
            Some(true) => drop(painter.rect_filled(place, radius::CONTROL, parts.color)),
            Some(false) => {
                let stroke = Stroke::new(line::HAIR, p.weak);
                painter.rect_stroke(place, radius::CONTROL, stroke, StrokeKind::Inside);
            }
            None => {}
        }
        let at = Align2::CENTER_CENTER.anchor_size(place.center(), galley.size());
        painter.galley(at.min, galley, color);
        x = place.right() + 3.0;
        place
    };
    put("E =", None);
    let mut learning = Vec::new();
    let mut last = Rect::NOTHING;
    for ((text, learns), sign) in tiles.iter().zip(["·", "+", ""]) {
        let place = put(text, Some(*learns));
        if *learns {
            learning.push(place);
        }
        last = place;
        if !sign.is_empty() {
            put(sign, None);
        }
    }
    // The codes are what the lookup chooses among.
    let forward = Stroke::new(line::THIN, p.weak);
    let under = pos2(lookup.center().x.min(last.right()), lookup.bottom() + 11.0);
    arrow(painter, under, under - vec2(0.0, 9.0), forward);
    let (stroke, y) = match learning.is_empty() {
        true => (Stroke::new(line::HAIR, p.reference), last.center().y),
        false => (Stroke::new(line::CURVE, parts.color), last.center().y),
    };
    let from = pos2(decoder.center().x, decoder.bottom() + 1.0);
    let to = pos2(last.right() + 3.0, y);
    if to.x + 12.0 < from.x {
        back(painter, &[from, pos2(from.x, y), to], stroke);
        let text = words!("pipeline-codebook-loss");
        let room = from.x - to.x - 22.0;
        let galley = painter.layout_no_wrap(text.into(), theme::font(small), p.text);
        if galley.size().x < room {
            let centre = pos2(to.x + 12.0 + room / 2.0, y);
            let at = Align2::CENTER_CENTER.anchor_size(centre, galley.size());
            painter.rect_filled(at.expand2(vec2(space::XS, 0.0)), 0.0, p.canvas);
            painter.galley(at.min, galley, p.text);
        }
    }
}

/// A short arrow: egui's own has a head that grows with it.
fn arrow(painter: &Painter, from: Pos2, to: Pos2, stroke: Stroke) {
    back(painter, &[from, to], stroke);
}

/// The way of a gradient, with a head at its end.
fn back(painter: &Painter, way: &[Pos2], stroke: Stroke) {
    painter.add(Shape::line(way.to_vec(), stroke));
    if let [.., before, end] = way {
        let along = (*end - *before).normalized();
        let across = along.rot90();
        let points =
            vec![*end, *end - along * 6.0 + across * 3.5, *end - along * 6.0 - across * 3.5];
        painter.add(Shape::convex_polygon(points, stroke.color, Stroke::NONE));
    }
}
