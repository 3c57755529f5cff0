//! All codes in use, each as the decoder shows it alone.

use egui::{
    Color32, ColorImage, Mesh, Rect, RichText, ScrollArea, Sense, Shape, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, UiBuilder, pos2, vec2,
};

use crate::palette::grey as grey_of;
use crate::record::close::{Close, TILES, Tile};
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::count;
use crate::ui::cache::texture::put;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, WindowCtx};
use crate::ui::state::closely::CodeOf;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Side of a tile and the space around it.
const SIDE: f32 = 25.0;
const GAP: f32 = 3.0;

/// Tiles in a row of the texture.
const ROW: usize = 32;

/// The order of the tiles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Order {
    /// Most used first.
    #[default]
    Use,
    /// By place on the map: around its middle.
    Place,
}

/// The atlas.
#[derive(Default)]
pub struct AtlasPane {
    order: Order,
    textures: [Option<(u64, TextureHandle)>; 2],
}

/// What the codes are of.
pub struct AtlasCtx<'a> {
    shown: Displayed<'a>,
    /// The code that is lit.
    lit: Option<CodeOf>,
}

impl Pane for AtlasPane {
    type Ctx<'a> = AtlasCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Atlas
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> AtlasCtx<'a> {
        AtlasCtx { shown: window.displayed(), lit: window.lit() }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: AtlasCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("atlas"));
        ui.spacing_mut().item_spacing = vec2(space::XS, space::XS);
        let small = tokens(&ui).small;
        ui.horizontal(|ui| {
            let title = RichText::new(words!("atlas-title")).font(theme::bold(tokens(ui).body));
            ui.label(title).on_hover_text(words!("atlas-hint"));
            for (order, name) in
                [(Order::Use, words!("atlas-by-use")), (Order::Place, words!("atlas-by-place"))]
            {
                ui.selectable_value(&mut self.order, order, RichText::new(name).size(small));
            }
        });
        let Some(snapshot) = ctx.shown.snapshot else { return };
        let known: Vec<(&LaneView, &Close)> = snapshot
            .lanes
            .iter()
            .filter_map(|lane| Some((lane, lane.close.as_deref()?)))
            .filter(|(_, close)| !close.atlas.is_empty())
            .collect();
        if known.is_empty() {
            let text = match ctx.shown.is_live {
                true => words!("atlas-none"),
                false => words!("atlas-live-only"),
            };
            ui.label(RichText::new(text).color(p.weak).size(small));
            return;
        }
        // Side by side, so that both lanes are seen without scrolling.
        ScrollArea::vertical().id_salt("atlas").auto_shrink(false).show(&mut ui, |ui| {
            ui.columns(known.len(), |columns| {
                for (ui, (view, close)) in columns.iter_mut().zip(known) {
                    self.lane(ui, &ctx, (view, close), outbox);
                }
            });
        });
    }
}

impl AtlasPane {
    /// The tiles of a lane.
    fn lane(
        &mut self,
        ui: &mut Ui,
        ctx: &AtlasCtx<'_>,
        (view, close): (&LaneView, &Close),
        outbox: &mut Outbox,
    ) {
        let p = palette(ui);
        let tiles = &close.atlas;
        let [shown, used] = [tiles.len(), view.window.used].map(|number| count(number as u64));
        let name = view.id.name().to_uppercase();
        let text = match tiles.len() < TILES || view.window.used <= TILES {
            true => words!("atlas-lane", lane = name, shown = shown, used = used),
            false => {
                let from = count(TILES as u64 + 1);
                words!("atlas-lane-most-used", lane = name, shown = shown, used = used, from = from)
            }
        };
        ui.label(RichText::new(text).color(p.lane(view.id)).size(tokens(ui).small));
        let [height, width] = close.size;
        let texture = self.texture(ui, ctx.shown.generation, view.id, tiles, [width, height]);
        let order = self.sorted(view, tiles);
        let pitch = SIDE + GAP;
        let across = ((ui.available_width() / pitch) as usize).max(1);
        let rows = tiles.len().div_ceil(across);
        let size = vec2(ui.available_width(), rows as f32 * pitch);
        let (rect, response) =
            ui.allocate_exact_size(size, Sense::click() | Sense::focusable_noninteractive());
        let said = words!(
            "atlas-spoken",
            lane = view.id.name().to_uppercase(),
            shown = count(tiles.len() as u64)
        );
        response
            .widget_info(move || egui::WidgetInfo::labeled(egui::Role::Image, true, said.clone()));
        theme::focus_ring(ui, &response);
        let place = |i: usize| {
            let at = rect.min + vec2((i % across) as f32, (i / across) as f32) * pitch;
            Rect::from_min_size(at, vec2(SIDE, SIDE))
        };
        let lit = ctx.lit;
        let mut mesh = Mesh::with_texture(texture.id());
        let down = tiles.len().div_ceil(ROW) as f32;
        for (i, &tile) in order.iter().enumerate() {
            let (x, y) = ((tile % ROW) as f32, (tile / ROW) as f32);
            let uv = Rect::from_min_max(
                pos2(x / ROW as f32, y / down),
                pos2((x + 1.0) / ROW as f32, (y + 1.0) / down),
            );
            // Others turn grey, and stay.
            let is_other = lit.is_some_and(|lit| lit != (view.id, tiles[tile].code));
            let tint = if is_other { grey_of(150) } else { Color32::WHITE };
            mesh.add_rect_with_uv(place(i), uv, tint);
        }
        let painter = ui.painter_at(rect.expand(2.0));
        painter.add(Shape::mesh(mesh));
        let found = lit.and_then(|(lane, code)| {
            let tile = tiles.iter().position(|tile| tile.code == code)?;
            (lane == view.id).then(|| order.iter().position(|i| *i == tile))?
        });
        if let Some(i) = found {
            let stroke = Stroke::new(line::CURVE, p.lane(view.id));
            painter.rect_stroke(place(i), radius::SMALL, stroke, StrokeKind::Outside);
        }
        let under = |at: egui::Pos2| {
            let inside = at - rect.min;
            let (x, y) = ((inside.x / pitch) as usize, (inside.y / pitch) as usize);
            (x < across).then_some(())?;
            order.get(y * across + x).map(|&tile| tiles[tile].code)
        };
        if let Some(code) = response.hover_pos().and_then(under) {
            outbox.ask(Wish::Hover((view.id, code)));
            let uses = view.window_counts.get(code).copied().unwrap_or(0);
            let text = words!(
                "atlas-code",
                code = count(code as u64),
                uses = count(u64::from(uses)),
                tokens = count(view.window.tokens as u64)
            );
            if response.clicked() {
                outbox.ask(Wish::Pin(Some((view.id, code))));
            }
            response.on_hover_text_at_pointer(text);
        }
    }

    /// Numbers of the tiles in the order that was chosen.
    fn sorted(&self, view: &LaneView, tiles: &[Tile]) -> Vec<usize> {
        let mut order: Vec<usize> = (0..tiles.len()).collect();
        if self.order == Order::Place {
            let angle = |tile: usize| {
                let [x, y] = view.codes.get(tiles[tile].code).copied().unwrap_or_default();
                y.atan2(x)
            };
            order.sort_by(|&a, &b| angle(a).total_cmp(&angle(b)));
        }
        order
    }

    /// All tiles as one texture, rows of [`ROW`].
    fn texture(
        &mut self,
        ui: &Ui,
        generation: u64,
        id: LaneId,
        tiles: &[Tile],
        [w, h]: [usize; 2],
    ) -> TextureHandle {
        let known = &mut self.textures[id.index()];
        if let Some((of, texture)) = known
            && *of == generation
        {
            return texture.clone();
        }
        let down = tiles.len().div_ceil(ROW);
        let mut image = ColorImage::filled([ROW * w, down * h], Color32::TRANSPARENT);
        for (i, tile) in tiles.iter().enumerate() {
            let (x0, y0) = (i % ROW * w, i / ROW * h);
            for (j, &grey) in tile.grey.iter().enumerate() {
                image.pixels[(y0 + j / w) * ROW * w + x0 + j % w] = grey_of(grey);
            }
        }
        let mut texture = known.take().map(|(_, texture)| texture);
        put(
            &mut texture,
            ui.ctx(),
            &format!("atlas-{}", id.name()),
            image,
            TextureOptions::NEAREST,
        );
        let texture = texture.expect("it was just put");
        *known = Some((generation, texture.clone()));
        texture
    }
}
