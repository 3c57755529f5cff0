//! The code map: the effective codebook on two axes, with the encoder outputs it must serve.

use egui::{
    Color32, Mesh, Pos2, Rect, Sense, Shape, Stroke, TextureHandle, TextureOptions, Ui, pos2,
};

use crate::figure::camera::{Camera, Scale};
use crate::figure::layers::Layers;
use crate::figure::scene::{self, CodeMap, Colors, Kind, MANY, RIM_WIDTH};
use crate::palette::Shade;
use crate::record::pen::{Over, Stroke as PenStroke};
use crate::record::snapshot::LaneView;
use crate::record::token_step::TokenStep;
use crate::scenario::{DataSet, LaneId};
use crate::text::count;
use crate::ui::cache::mesh::Cached;
use crate::ui::cache::painter::{MapLook, Painter};
use crate::ui::cache::texture::put;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::cause::{self, CauseLayers};
use crate::ui::panes::cloud::{CloudDrag, Shown};
use crate::ui::panes::map_frame::{
    LABELLED, LOW, clump, describe, grid, names, notice, pointer_to_clump, waiting, zoomed,
};
use crate::ui::panes::{FIRST, Pane, WindowCtx, pointed, spoken};
use crate::ui::state::closely::CodeOf;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::state::terms::WaitsFor;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::ink;
use crate::ui::widgets::markers::{Marker, Markers};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{is_room, line, radius, tokens};
use crate::ui::widgets::zoom;
use crate::words;

/// Room for the labels of the ticks, as beside the bars below; the axes have their names inside.
pub const MARGIN: [f32; 2] = [44.0, 18.0];

/// Farthest distance in points at which the pointer finds a code.
const REACH: f32 = 12.0;

/// What the mesh of a small codebook depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MeshKey {
    /// Count of pictures.
    generation: u64,
    plot: Rect,
    camera: Camera,
    shade: Shade,
}

/// The code maps.
pub struct MapPane {
    /// The lane that is drawn.
    pub lane: LaneId,
    /// Zoom and shift of both maps.
    pub cameras: [Camera; 2],
    /// Makes pictures of large codebooks.
    pub painter: Painter<MapLook>,
    /// The newest of them.
    pictures: [Option<TextureHandle>; 2],
    /// The maps of small codebooks.
    meshes: [Cached<MeshKey>; 2],
    markers: Markers,
    /// What the maps show beside their marks.
    pub layers: CauseLayers,
    /// How the maps lie, of those that were drawn.
    pub scales: [Option<Scale>; 2],
    /// The cloud that is dragged on either map.
    clouds: [CloudDrag; 2],
}

impl Default for MapPane {
    fn default() -> Self {
        Self {
            lane: FIRST,
            cameras: Default::default(),
            painter: Painter::default(),
            pictures: [None, None],
            meshes: Default::default(),
            markers: Markers::default(),
            layers: CauseLayers::default(),
            scales: [None; 2],
            clouds: Default::default(),
        }
    }
}

/// What the maps are of.
pub struct MapCtx<'a> {
    shown: Displayed<'a>,
    /// What the newest single step did with a token, in each lane that made it.
    told: &'a [TokenStep],
    slow_stage: SlowStage,
    /// Whether the cloud can be dragged: not while the next run is being built.
    is_free: bool,
    /// Whether kernels are compiled before the first step.
    compiles: bool,
    layers: Layers,
    /// The code that is lit.
    lit: Option<CodeOf>,
    /// Whether codes that are not in use are lit.
    are_dead_lit: bool,
    /// What was drawn before a room.
    strokes: Vec<&'a PenStroke>,
}

impl Pane for MapPane {
    type Ctx<'a> = MapCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Map(self.lane)
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> MapCtx<'a> {
        let shown = window.displayed();
        MapCtx {
            shown,
            told: &window.run.told,
            slow_stage: window.run.slow_stage,
            is_free: shown.is_live && !window.run.shows_run_before(),
            compiles: window.run.compiles(),
            layers: window.layers,
            lit: window.lit(),
            are_dead_lit: window.are_dead_lit,
            strokes: window.run.strokes().map(|(_, stroke)| stroke).collect(),
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: MapCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let (run, id) = (ctx.shown, self.lane);
        let p = palette(ui);
        let painter = ui.painter_at(rect);
        // A room reads no ticks.
        let is_room = is_room(ui);
        let margin = if is_room { [0.0; 2] } else { MARGIN };
        let plot = Rect::from_min_max(
            pos2(rect.left() + margin[0], rect.top()),
            pos2(rect.right(), rect.bottom() - margin[1]),
        );
        painter.rect_filled(plot, radius::SMALL, p.canvas);
        let (Some(snapshot), Some(view)) = (run.snapshot, run.lane(id)) else {
            let waits_for = match run.stage.terms().first {
                WaitsFor::FirstStep if ctx.compiles => WaitsFor::Kernels,
                first => first,
            };
            waiting(ui, plot, waits_for, p);
            return;
        };
        let response = ui.interact(plot, ui.scope_id().with(("map", id)), Sense::click_and_drag());
        let focus = response.clone();
        spoken::say(&response, || spoken::map(view, run.stage));
        let camera = &mut self.cameras[id.index()];
        let before = Scale::new(plot, view.axes.reach(), camera);
        let path = run.spec(id).filter(|spec| spec.set == DataSet::Cloud && spec.is_plane());
        let cloud = |scale| {
            let path = path?.path;
            Some(Shown { path, view, scale, is_live: ctx.is_free })
        };
        let held = &mut self.clouds[id.index()];
        if !cloud(&before).is_some_and(|shown| held.act(ui, &response, &shown, outbox)) {
            zoom::handle(camera, ui, &response, &before);
        }
        zoom::keys(camera, ui, &response, &before);
        let camera = *camera;
        let scale = Scale::new(plot, view.axes.reach(), &camera);
        self.scales[id.index()] = Some(scale);
        let sides = scene::axes(view, &scale);
        let layers = ctx.layers;
        if !is_room {
            grid(ui, plot, &sides, p);
        }

        let told = ctx.told.iter().find(|told| (told.lane, told.step) == (id, view.step));
        let shown = cause::Shown {
            snapshot,
            view,
            scale: &scale,
            generation: run.generation,
            told,
            slow_stage: ctx.slow_stage,
            can_step: run.is_live,
            are_dead_lit: ctx.are_dead_lit,
        };
        self.layers.show(ui, &shown, layers, &mut self.markers);
        let pointer = response.hover_pos();
        let hovered = self.marks(ui, &run, view, (&scale, camera), pointer);
        let token = pointer.and_then(|at| pointed::token_at(view, &scale, at, hovered));
        // What one step is about has its own words.
        if !layers.slow && view.codes.len() <= MANY {
            idle(ui, view, &scale);
        }
        if !is_room {
            point(ui, ctx.lit, view, &scale, layers);
        }
        if let Some(cloud) = cloud(&scale) {
            self.clouds[id.index()].draw(ui, &cloud, p);
        }
        self.layers.show_over(ui, &shown, layers, outbox);
        for stroke in ctx.strokes.iter().filter(|stroke| stroke.over == Over::Map(id)) {
            let way = stroke.points.iter().map(|&point| scale.at(point)).collect();
            ink::draw(&ui.painter_at(plot), way, is_room, p);
        }
        if !is_room && plot.height() > LOW {
            // The stages of a step have the other half of the upper edge.
            let up = if layers.slow { 0.45 } else { 1.0 } * plot.width();
            names(ui, (plot, up), &sides, &scene::which_axes(view), p);
        }
        if camera != Camera::default() {
            zoomed(ui, plot, camera, p);
        }
        if let Some((code, at)) = token.map(|(_, of)| of).or(hovered) {
            outbox.ask(Wish::Hover((id, code)));
            if response.clicked() {
                outbox.ask(Wish::Pin(Some((id, code))));
            }
            ui.painter_at(plot).circle_stroke(at, 7.0, Stroke::new(line::THIN, p.text));
            let mut text = describe(view, code, run.stage.terms());
            if let Some((number, _)) = token {
                text = words!("map-token", token = number, code = text);
            }
            response.on_hover_text_at_pointer(text);
        }
        theme::focus_ring(ui, &focus);
        if let Some(step) = view.diverged_at {
            let text = words!("map-diverged-at-step-the-loss", step = count(step));
            notice(ui, plot, &text, p);
        }
    }
}

impl MapPane {
    /// Draws the codes and the encodings; the code under the pointer.
    fn marks(
        &mut self,
        ui: &Ui,
        run: &Displayed<'_>,
        view: &LaneView,
        (scale, camera): (&Scale, Camera),
        pointer: Option<Pos2>,
    ) -> Option<(usize, Pos2)> {
        if view.codes.len() > MANY {
            return self.picture(ui, run, scale, pointer);
        }
        let (p, plot, id) = (palette(ui), scale.plot, self.lane);
        let texture = self.markers.texture(ui.ctx());
        let shade = theme::shade(ui);
        let key = MeshKey { generation: run.generation, plot, camera, shade };
        let colors = Colors::of_shapes(p, id);
        let make = || mesh(&CodeMap::new(view, scale), colors, texture);
        let mesh = self.meshes[id.index()].get(key, make);
        ui.painter_at(plot.shrink(1.0)).add(Shape::Mesh(mesh));
        pointer.and_then(|pointer| code_at(view, scale, pointer))
    }

    /// Draws the newest picture of a codebook that is too large for a mesh, and asks for the one of now;
    /// the code under the pointer, if the picture is of this place.
    fn picture(
        &mut self,
        ui: &Ui,
        run: &Displayed<'_>,
        scale: &Scale,
        pointer: Option<Pos2>,
    ) -> Option<(usize, Pos2)> {
        let p = palette(ui);
        let (id, snapshot) = (self.lane, run.snapshot?);
        let look = MapLook {
            generation: run.generation,
            scale: *scale,
            pixels_per_point: ui.ctx().pixels_per_point(),
            colors: Colors::of(p, id),
        };
        let texture = &mut self.pictures[id.index()];
        if let Some(image) = self.painter.ask(id, look, snapshot) {
            let name = format!("map-{}", id.name());
            put(texture, ui.ctx(), &name, image, TextureOptions::NEAREST);
        }
        let (texture, painted) = (texture.as_ref()?, self.painter.newest(id)?);
        // A picture of another zoom stands where its codes are now, until the next one is made.
        let old = painted.look.scale;
        let corners = [old.plot.min, old.plot.max].map(|corner| scale.at(old.under(corner)));
        let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
        let place = Rect::from_min_max(corners[0], corners[1]);
        let painter = ui.painter_at(scale.plot.shrink(1.0));
        painter.image(texture.id(), place, whole, Color32::WHITE);
        let view = painted.snapshot.lanes.iter().find(|view| view.id == id)?;
        pointer.filter(|_| old == *scale).and_then(|at| painted.facts.code_at(view, at))
    }
}

/// Says how many codes lie idle, where they lie together.
fn idle(ui: &Ui, view: &LaneView, scale: &Scale) {
    let plot = scale.plot;
    if let Some(at) = clump(view, scale)
        && !view.has_fixed_codes
        && plot.height() > LABELLED
        && view.warms_up_until.is_none()
    {
        pointer_to_clump(ui, plot, at, view.idle_words(), palette(ui));
    }
}

/// Draws what is pointed at, and the user's own input.
fn point(ui: &Ui, lit: Option<CodeOf>, view: &LaneView, scale: &Scale, layers: Layers) {
    let p = palette(ui);
    let dots = pointed::Dots { view, scale, is_dark: ui.visuals().dark_mode };
    let painter = ui.painter_at(scale.plot.shrink(1.0));
    if layers.place {
        dots.hues(&painter);
    }
    if let Some(lit) = lit {
        dots.lit(&painter, lit, p);
    }
    dots.own(&painter, tokens(ui).small, p);
}

/// Paints the marks of a map as triangles of the markers' texture.
pub(super) fn mesh(map: &CodeMap, colors: Colors, texture: egui::TextureId) -> Mesh {
    let mut mesh = Mesh::with_texture(texture);
    mesh.reserve_triangles(2 * map.marks.len());
    mesh.reserve_vertices(4 * map.marks.len());
    for mark in &map.marks {
        let marker = match mark.kind {
            Kind::Output | Kind::Used | Kind::Rare => Marker::Disc,
            Kind::Never => Marker::Ring,
            Kind::FellOut => Marker::Cross,
        };
        if mark.kind == Kind::Rare {
            marker.add(&mut mesh, mark.at, mark.radius + RIM_WIDTH, colors.rim);
        }
        marker.add(&mut mesh, mark.at, mark.radius, colors.kind(mark.kind));
    }
    mesh
}

/// The code nearest to the pointer within reach.
fn code_at(view: &LaneView, scale: &Scale, pointer: Pos2) -> Option<(usize, Pos2)> {
    let at = |code: usize| scale.at(view.codes[code]);
    let near = |&(code, _): &(usize, Pos2)| at(code).distance_sq(pointer);
    (0..view.codes.len())
        .map(|code| (code, at(code)))
        .filter(|c| near(c) <= REACH * REACH)
        .min_by(|a, b| near(a).total_cmp(&near(b)))
}

#[cfg(test)]
mod tests {
    use egui::Vec2;

    use super::*;
    use crate::figure::map::{Frame, paint};
    use crate::figure::raster;
    use crate::figure::svg::{PAPER, Svg};
    use crate::ui::fixture;

    /// A view of each kind of mark, far enough apart to be told apart in pixels.
    fn scene() -> CodeMap {
        let mut view = fixture::collapse().run.lane(LaneId::B).unwrap().clone();
        (view.axes.extent, view.axes.rise) = (1.0, None);
        view.latents = vec![[0.0, 0.5], [-0.6, 0.3]];
        view.codes = vec![[0.5, 0.5], [-0.5, -0.5], [0.4, -0.3], [-0.2, 0.1], [0.7, 0.0]];
        view.window_counts = vec![90, 0, 0, 3, 0];
        view.ever_used = vec![true, false, true, true, false];
        (view.window.tokens, view.window.used, view.window.size) = (93, 2, 5);
        let plot = Rect::from_min_size(pos2(40.0, 25.0), Vec2::splat(300.0));
        let camera = Camera { zoom: 1.2, middle: [0.05, 0.02] };
        CodeMap::new(&view, &Scale::new(plot, view.axes.reach(), &camera))
    }

    /// Middles of the shapes of one colour in SVG, in the order of the text.
    fn middles(text: &str, color: &str, radius: f64) -> Vec<[f64; 2]> {
        let paths = text.lines().filter(|line| line.contains(&format!("stroke=\"{color}\"")));
        let data = paths.filter_map(|line| line.split(" d=\"").nth(1)?.split('"').next());
        let starts = data.flat_map(|d| d.split('M').skip(1));
        let numbers = starts.map(|start| {
            let end = start.find(['h', 'a', 'l']).unwrap();
            let mut numbers = start[..end].split(' ').map(|n| n.parse::<f64>().unwrap());
            let at = [numbers.next().unwrap(), numbers.next().unwrap()];
            match start.as_bytes()[end] {
                // A ring starts at its left, a cross at its upper left.
                b'a' => [at[0] + radius, at[1]],
                b'l' => [at[0] + radius, at[1] + radius],
                _ => at,
            }
        });
        numbers.collect()
    }

    #[test]
    fn one_scene_is_painted_three_ways_to_the_same_places() {
        let map = scene();
        assert_eq!(map.marks.len(), 7);
        let colors = Colors {
            alive: Color32::RED,
            fallen: Color32::YELLOW,
            dead: Color32::BLUE,
            latent: Color32::GREEN,
            rim: Color32::WHITE,
        };
        // To a mesh: four corners a mark.
        let mesh = mesh(&map, colors, egui::TextureId::default());
        for (mark, corners) in map.marks.iter().zip(mesh.vertices.chunks(4)) {
            let middle = corners[0].pos.lerp(corners[3].pos, 0.5);
            assert!((middle - mark.at).length() < 1e-3, "{mark:?}");
            assert_eq!(corners[0].color, colors.kind(mark.kind));
        }
        assert_eq!(mesh.vertices.len(), 4 * map.marks.len());
        // To pixels: the colour of a mark in its middle, and nothing between them.
        let fine = 2.0;
        let image = raster::paint(map.marks.iter().copied(), map.scale.plot, fine, colors);
        let pixel = |at: Pos2| {
            let at = (at - map.scale.plot.min) * fine;
            image.pixels[at.y as usize * image.size[0] + at.x as usize]
        };
        for mark in &map.marks {
            let ([r, g, b, _], wanted) = (pixel(mark.at).to_array(), colors.kind(mark.kind));
            let is_there = [(r, wanted.r()), (g, wanted.g()), (b, wanted.b())];
            assert!(is_there.iter().all(|&(is, wanted)| (is > 60) == (wanted > 0)), "{mark:?}");
        }
        let free = map.scale.at([0.1, 0.2]);
        assert_eq!(pixel(free), Color32::TRANSPARENT);
        // To SVG: a shape for each mark inside, half as large, at another corner.
        let mut svg = Svg::new([200.0, 200.0], "", true);
        let (corner, side) = ([10.0, 20.0], 150.0);
        paint(&mut svg, &map, LaneId::B, &PAPER, &Frame::new(&map.scale, corner, side));
        let text = svg.finish();
        let place = |at: Pos2| {
            let at = (at - map.scale.plot.min) * 0.5;
            [corner[0] + f64::from(at.x), corner[1] + f64::from(at.y)]
        };
        for (kind, color, reach) in [
            (Kind::Output, PAPER.text, 0.0),
            (Kind::Used, PAPER.lane(LaneId::B), 0.0),
            (Kind::Never, PAPER.dead, 0.79 * 1.75),
            (Kind::FellOut, PAPER.fallen(LaneId::B), 0.71 * 1.75),
        ] {
            let wanted: Vec<[f64; 2]> = map
                .marks
                .iter()
                .filter(|mark| mark.kind == kind)
                .map(|mark| place(mark.at))
                .collect();
            let mut found = middles(&text, color, reach);
            assert_eq!(found.len(), wanted.len(), "{kind:?} {text}");
            for [x, y] in wanted {
                let near = |at: &[f64; 2]| (at[0] - x).hypot(at[1] - y) < 0.2;
                let i = found.iter().position(near).unwrap_or_else(|| panic!("{kind:?} {text}"));
                found.swap_remove(i);
            }
        }
    }
}
