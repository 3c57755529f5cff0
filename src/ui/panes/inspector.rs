//! The life of one code, in sentences from its numbers; and an input of the user's own.

use egui::{
    Button, Color32, ColorImage, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke,
    StrokeKind, TextureHandle, TextureOptions, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::record::close::CodeLife;
use crate::record::life::Life;
use crate::record::snapshot::LaneView;
use crate::record::usage::CountedIn;
use crate::scenario::LaneId;
use crate::text::{count, significant};
use crate::ui::cache::texture::put;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::own::{OwnCtx, OwnInput};
use crate::ui::panes::{Pane, WindowCtx};
use crate::ui::state::closely::CodeOf;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Side of the decoded code and of an input near it.
const TILE: f32 = 44.0;
const INPUT: f32 = 26.0;

/// Height of the curve of distances, and how many of them it holds.
const CURVE: f32 = 34.0;
const MOST: usize = 512;

/// Rivals that are named.
const RIVALS: usize = 3;

/// The inspector.
#[derive(Default)]
pub struct InspectorPane {
    /// Distances to the nearest encoding since a code is looked at, by step.
    distances: Option<(CodeOf, Vec<(u64, f64)>)>,
    tiles: Option<(u64, CodeOf, TextureHandle)>,
    own: OwnInput,
}

/// What the code and the input are of.
pub struct InspectorCtx<'a> {
    shown: Displayed<'a>,
    /// The code whose life is told.
    pinned: Option<CodeOf>,
    /// The input of the user's own, where samples are pictures.
    own: Option<OwnCtx<'a>>,
}

impl Pane for InspectorPane {
    type Ctx<'a> = InspectorCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Inspector
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> InspectorCtx<'a> {
        let (shown, set) = (window.displayed(), window.running.data.set);
        let own = window.closely.own.as_ref();
        InspectorCtx {
            shown,
            pinned: window.closely.pinned,
            own: set.has_pictures().then(|| OwnCtx { shown, own, size: set.sample_size() }),
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: InspectorCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("inspector"));
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        let scroll = ScrollArea::vertical().id_salt("inspector").auto_shrink(false);
        scroll.show(&mut ui, |ui| {
            self.code(ui, &ctx, outbox);
            if let Some(own) = ctx.own {
                ui.separator();
                self.own.show(ui, own, outbox);
            }
        });
    }
}

impl InspectorPane {
    fn code(&mut self, ui: &mut Ui, ctx: &InspectorCtx<'_>, outbox: &mut Outbox) {
        let p = palette(ui);
        let (small, body) = (tokens(ui).small, tokens(ui).body);
        let Some((id, code)) = ctx.pinned else {
            ui.label(RichText::new(words!("inspector-title")).font(theme::bold(body)));
            ui.label(RichText::new(words!("inspector-pin")).color(p.weak));
            return;
        };
        let Some(view) = ctx.shown.lane(id).filter(|view| code < view.codes.len()) else {
            ui.label(RichText::new(words!("inspector-no-code")).color(p.weak));
            return;
        };
        ui.horizontal(|ui| {
            let title = words!(
                "inspector-code",
                code = count(code as u64),
                lane = id.name().to_uppercase()
            );
            let title = RichText::new(title).font(theme::bold(body)).color(p.lane(id));
            ui.label(title);
            let last = view.codes.len() - 1;
            for (sign, hint, to) in [
                ("←", words!("inspector-previous"), code.checked_sub(1)),
                ("→", words!("inspector-next"), (code < last).then_some(code + 1)),
            ] {
                let button = Button::new(RichText::new(sign).size(small)).small();
                let response = ui.add_enabled(to.is_some(), button).on_hover_text(hint);
                response.widget_info(|| WidgetInfo::labeled(Role::Button, to.is_some(), hint));
                if let (true, Some(to)) = (response.clicked(), to) {
                    outbox.ask(Wish::Pin(Some((id, to))));
                }
            }
            let other = if id == LaneId::A { LaneId::B } else { LaneId::A };
            if ctx.shown.lane(other).is_some_and(|view| code < view.codes.len()) {
                let name = words!("inspector-in-other", lane = other.name().to_uppercase());
                if ui.button(RichText::new(name).size(small)).clicked() {
                    outbox.ask(Wish::Pin(Some((other, code))));
                }
            }
            let close = ui.button(RichText::new("×").size(small));
            close.widget_info(|| {
                WidgetInfo::labeled(Role::Button, true, words!("inspector-let-go"))
            });
            if close.on_hover_text(words!("inspector-let-go")).clicked() {
                outbox.ask(Wish::Pin(None));
            }
        });
        let close = view.close.as_deref();
        let life = close.and_then(|close| close.code.as_ref()).filter(|l| l.tile.code == code);
        for text in sentences(view, code, life) {
            ui.label(RichText::new(text).size(small));
        }
        let (Some(close), Some(life)) = (close, life) else {
            let text = match ctx.shown.is_live {
                true => words!("inspector-waits"),
                false => words!("inspector-live-only"),
            };
            ui.label(RichText::new(text).size(small).color(p.weak));
            return;
        };
        self.note((id, code), close.step, life.distance);
        self.curve(ui, id);
        self.pictures(ui, ctx.shown.generation, (id, code), (life, close.size));
    }

    /// Notes how far the nearest encoding is.
    fn note(&mut self, of: CodeOf, step: u64, distance: f64) {
        let known = self.distances.get_or_insert_with(|| (of, Vec::new()));
        if known.0 != of || known.1.last().is_some_and(|(last, _)| *last > step) {
            *known = (of, Vec::new());
        }
        if known.1.last().is_none_or(|(last, _)| *last < step) {
            known.1.push((step, distance));
        }
        if known.1.len() > MOST {
            let mut place = 0;
            known.1.retain(|_| {
                place += 1;
                place % 2 == 0
            });
        }
    }

    /// The distances since the code is looked at.
    fn curve(&self, ui: &mut Ui, id: LaneId) {
        let Some((_, points)) = self.distances.as_ref().filter(|(_, points)| points.len() > 1)
        else {
            return;
        };
        let p = palette(ui);
        let size = vec2(ui.available_width(), CURVE);
        let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
        let painter = ui.painter_at(rect);
        painter.rect_filled(rect, radius::SMALL, p.canvas);
        let (first, last) = (points[0].0 as f64, points[points.len() - 1].0 as f64);
        let most = points.iter().map(|(_, d)| *d).fold(f64::MIN_POSITIVE, f64::max);
        let at = |&(step, distance): &(u64, f64)| {
            let x = (step as f64 - first) / (last - first).max(1.0);
            let y = distance / (1.1 * most);
            pos2(
                rect.left() + x as f32 * rect.width(),
                rect.bottom() - 1.0 - y as f32 * (rect.height() - 2.0),
            )
        };
        let stroke = Stroke::new(line::CURVE, p.lane(id));
        painter.add(Shape::line(points.iter().map(at).collect(), stroke));
        let text = words!(
            "inspector-distance-axis",
            first = count(points[0].0),
            last = count(points[points.len() - 1].0),
            most = significant(most)
        );
        let font = theme::font(tokens(ui).small);
        let galley = painter.layout_no_wrap(text.clone(), font, p.weak);
        let place = rect.right_top() + vec2(-galley.size().x - space::XS, 0.0);
        painter.galley(place, galley, p.weak);
        response.widget_info(move || WidgetInfo::labeled(Role::Image, true, text.clone()));
    }

    /// The code decoded, and the inputs nearest to it.
    fn pictures(
        &mut self,
        ui: &mut Ui,
        generation: u64,
        of: CodeOf,
        (life, [h, w]): (&CodeLife, [usize; 2]),
    ) {
        if h * w == 0 || life.tile.grey.len() != h * w {
            return;
        }
        let all: Vec<&Vec<u8>> = std::iter::once(&life.tile.grey).chain(&life.inputs).collect();
        if self.tiles.as_ref().is_none_or(|(at, code, _)| (*at, *code) != (generation, of)) {
            let grey = (0..h).flat_map(|y| {
                let rows = all.iter().map(move |tile| &tile[y * w..(y + 1) * w]);
                rows.flatten().copied().collect::<Vec<u8>>()
            });
            let image = ColorImage::from_gray_iter([all.len() * w, h], grey);
            let mut texture = self.tiles.take().map(|(.., texture)| texture);
            put(&mut texture, ui.ctx(), "inspector", image, TextureOptions::NEAREST);
            self.tiles = texture.map(|texture| (generation, of, texture));
        }
        let Some((.., texture)) = &self.tiles else { return };
        let (n, p) = (all.len() as f32, palette(ui));
        let across = (((ui.available_width() - TILE - space::S) / (INPUT + 2.0)) as usize).max(1);
        let rows = (all.len() - 1).div_ceil(across).max(1) as f32;
        let height = TILE.max(rows * (INPUT + 2.0));
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
        let painter = ui.painter_at(rect.expand(1.0));
        let uv =
            |i: usize| Rect::from_min_max(pos2(i as f32 / n, 0.0), pos2((i + 1) as f32 / n, 1.0));
        let tile = Rect::from_min_size(rect.min, vec2(TILE, TILE));
        painter.image(texture.id(), tile, uv(0), Color32::WHITE);
        let stroke = Stroke::new(line::CURVE, p.lane(of.0));
        painter.rect_stroke(tile, radius::SMALL, stroke, StrokeKind::Outside);
        for i in 1..all.len() {
            let (x, y) = ((i - 1) % across, (i - 1) / across);
            let at = pos2(
                rect.left() + TILE + space::S + x as f32 * (INPUT + 2.0),
                rect.top() + y as f32 * (INPUT + 2.0),
            );
            let place = Rect::from_min_size(at, vec2(INPUT, INPUT));
            painter.image(texture.id(), place, uv(i), Color32::WHITE);
        }
        let said = words!("inspector-pictures", inputs = all.len() - 1);
        let name = said.clone();
        response.widget_info(move || WidgetInfo::labeled(Role::Image, true, name.clone()));
        response.on_hover_text(said);
    }
}

/// What became of a code, from its numbers.
fn sentences(view: &LaneView, code: usize, life: Option<&CodeLife>) -> Vec<String> {
    let mut all = Vec::new();
    let uses = view.window_counts.get(code).copied().unwrap_or(0);
    let (tokens, state) = (count(view.window.tokens as u64), view.life(code));
    all.push(match state {
        Life::InUse if view.counted_in == CountedIn::Millionths => {
            words!("inspector-share", share = view.counted_in.words(uses))
        }
        Life::InUse if view.counted_in == CountedIn::Flags => words!("inspector-flagged").into(),
        Life::NotInUse if !view.counted_in.is_tokens() => words!("inspector-no-use").into(),
        Life::InUse => {
            let uses = count(u64::from(uses));
            words!("inspector-in-use", uses = uses, tokens = tokens)
        }
        Life::FellOut | Life::NotInUse => match view.steps_since_chosen(code) {
            Some(steps) => words!("inspector-fell-out", steps = count(steps)),
            None => words!("inspector-not-in-use", tokens = tokens),
        },
        Life::Never => words!("inspector-never", steps = count(view.step)),
        Life::Unknown => words!("inspector-unknown").into(),
    });
    if let Some(life) = life {
        let last = view.steps_since_chosen(code).map(|since| view.step.saturating_sub(since));
        if let (Some(first), Some(last)) = (life.first_chosen, last) {
            all.push(words!("inspector-first-last", first = count(first), last = count(last)));
        }
        all.push(words!("inspector-distance", distance = significant(life.distance)));
        let encodings: usize = life.rivals.iter().map(|(_, times)| times).sum();
        let others = life.rivals.iter().filter(|(other, _)| *other != code).take(RIVALS);
        let others: Vec<String> = others
            .map(|&(other, times)| {
                words!("inspector-rival", code = count(other as u64), times = times)
            })
            .collect();
        let own = life.rivals.iter().find(|(other, _)| *other == code).map_or(0, |(_, n)| *n);
        all.push(match others.is_empty() {
            true => words!("inspector-no-rivals", encodings = encodings),
            false => words!(
                "inspector-rivals",
                encodings = encodings,
                own = own,
                others = others.join(words!("list-separator"))
            ),
        });
    }
    if let (Some(&way), true) = (view.movement.get(code), view.movement_steps > 0) {
        let way = significant(f64::from(way));
        all.push(words!("inspector-moved", way = way, steps = count(view.movement_steps)));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::close::Tile;
    use crate::ui::fixture;

    #[test]
    fn a_life_is_told_from_its_numbers() {
        let mut view = fixture::collapse().run.lane(LaneId::A).unwrap().clone();
        view.since_chosen = vec![0.0; view.codes.len()];
        view.since_chosen[20] = 212.0;
        let life = CodeLife {
            tile: Tile { code: 20, grey: Vec::new() },
            first_chosen: Some(7),
            knows_first: true,
            distance: 0.532,
            rivals: vec![(3, 12), (5, 4)],
            inputs: Vec::new(),
        };
        let all = sentences(&view, 20, Some(&life));
        assert_eq!(
            all,
            [
                "It fell out of use: chosen last 212 steps ago.",
                "First chosen at step 7, last at step 88.",
                "The nearest encoding is 0.532 away.",
                "Of the 16 encodings nearest to it 0 choose it: code 3 takes 12, code 5 takes 4.",
                "It moved 0 in the last 10 steps.",
            ]
        );
        // One that was never chosen has no first step.
        let never = CodeLife { first_chosen: None, ..life };
        let all = sentences(&view, 100, Some(&never));
        assert_eq!(all[0], "No encoding chose it in 300 steps.");
        assert!(!all.iter().any(|text| text.contains("First chosen")), "{all:?}");
    }

    #[test]
    fn distances_are_noted_once_a_step_and_begin_anew_with_another_code() {
        let mut pane = InspectorPane::default();
        let (one, two) = ((LaneId::A, 3), (LaneId::B, 3));
        for step in [1, 2, 2, 5] {
            pane.note(one, step, 0.5);
        }
        assert_eq!(pane.distances.as_ref().unwrap().1.len(), 3);
        pane.note(two, 6, 0.5);
        assert_eq!(pane.distances.as_ref().unwrap(), &(two, vec![(6, 0.5)]));
        (7..7 + 3 * MOST as u64).for_each(|step| pane.note(two, step, 0.5));
        assert!(pane.distances.unwrap().1.len() <= MOST);
    }
}
