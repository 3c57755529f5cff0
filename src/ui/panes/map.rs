//! The code map: the effective codebook on two axes, with the encoder outputs it must serve.

use std::sync::Arc;

use egui::{
    Align2, Color32, Mesh, Painter as Brush, Pos2, Rect, Sense, Shape, Stroke, StrokeKind,
    TextureHandle, TextureOptions, Ui, pos2, vec2,
};

use crate::figure::camera::{Camera, Scale};
use crate::figure::layers::Layers;
use crate::figure::scene::{self, CodeMap, Colors, Kind, MANY, RIM_WIDTH, Side};
use crate::palette::Palette;
use crate::record::moves::Motion;
use crate::record::snapshot::LaneView;
use crate::scenario::{DataSet, LaneId};
use crate::text::{count, significant};
use crate::ui::cache::mesh::Cached;
use crate::ui::cache::painter::{Look, Painter};
use crate::ui::cache::texture::put;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::cause::{self, CauseLayers};
use crate::ui::panes::cloud::{CloudDrag, Shown};
use crate::ui::panes::{FIRST, Pane, PaneCtx, spoken};
use crate::ui::state::run_model::RunModel;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::markers::{Marker, Markers};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{is_room, line, radius, space, tokens};
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
    is_dark: bool,
}

/// The code maps.
pub struct MapPane {
    /// The lane that is drawn.
    pub lane: LaneId,
    /// Zoom and shift of both maps.
    pub cameras: [Camera; 2],
    /// Makes pictures of large codebooks.
    pub painter: Painter<Look>,
    /// The newest of them.
    pictures: [Option<TextureHandle>; 2],
    /// The maps of small codebooks.
    meshes: [Cached<MeshKey>; 2],
    markers: Markers,
    /// What the maps show beside their marks.
    pub layers: CauseLayers,
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
            clouds: Default::default(),
        }
    }
}

impl Pane for MapPane {
    fn id(&self) -> PaneId {
        PaneId::Map(self.lane)
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &PaneCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let (run, id) = (ctx.run, self.lane);
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
        let is_own = run.stage().has_losses();
        let snapshot = run.snapshot.clone();
        let Some(view) = snapshot.as_deref().and_then(|s| s.lanes.iter().find(|l| l.id == id))
        else {
            waiting(ui, plot, is_own, p);
            return;
        };
        let response = ui.interact(plot, ui.scope_id().with(("map", id)), Sense::click_and_drag());
        let focus = response.clone();
        spoken::say(&response, || spoken::map(view, run.stage()));
        let camera = &mut self.cameras[id.index()];
        let before = Scale::new(plot, view.axes.reach(), camera);
        let path = run.spec(id).filter(|spec| spec.set == DataSet::Cloud && spec.is_plane());
        let cloud = |scale| {
            let path = path?.path;
            Some(Shown {
                path,
                view,
                scale,
                is_live: is_own && !run.is_pinned && !run.shows_run_before(),
            })
        };
        let held = &mut self.clouds[id.index()];
        if !cloud(&before).is_some_and(|shown| held.act(ui, &response, &shown, outbox)) {
            zoom::handle(camera, ui, &response, &before);
        }
        zoom::keys(camera, ui, &response, &before);
        let camera = *camera;
        let scale = Scale::new(plot, view.axes.reach(), &camera);
        let sides = scene::axes(view, &scale);
        let layers = ctx.prefs.layers.with(spoken_of(run));
        if !is_room {
            grid(ui, plot, &sides, p);
        }

        let told = run.told.iter().find(|told| (told.lane, told.step) == (id, view.step));
        if let Some(snapshot) = &snapshot {
            let shown =
                cause::Shown { snapshot, view, scale: &scale, generation: run.generation, told };
            self.layers.show(ui, &shown, layers, &mut self.markers);
        }
        let hovered = if view.codes.len() > MANY {
            self.picture(ui, run, &scale, response.hover_pos())
        } else {
            let texture = self.markers.texture(ui.ctx());
            let is_dark = ui.visuals().dark_mode;
            let key = MeshKey { generation: run.generation, plot, camera, is_dark };
            let colors = Colors::of_shapes(p, id);
            let make = || mesh(&CodeMap::new(view, &scale), colors, texture);
            let mesh = self.meshes[id.index()].get(key, make);
            ui.painter_at(plot.shrink(1.0)).add(Shape::Mesh(mesh));
            if let Some(at) = clump(view, &scale)
                && !view.has_fixed_codes
                && plot.height() > LABELLED
                && view.warms_up_until.is_none()
            {
                pointer_to_clump(ui, plot, at, view.idle_words(), p);
            }
            response.hover_pos().and_then(|pointer| code_at(view, &scale, pointer))
        };
        if let Some(snapshot) = &snapshot {
            let shown =
                cause::Shown { snapshot, view, scale: &scale, generation: run.generation, told };
            if let Some(cloud) = cloud(&scale) {
                self.clouds[id.index()].draw(ui, &cloud, p);
            }
            self.layers.show_over(ui, &shown, layers);
        }
        if !is_room {
            names(ui, plot, &sides, &scene::which_axes(view), p);
        }
        if camera != Camera::default() {
            zoomed(ui, plot, camera, p);
        }
        if let Some((code, at)) = hovered {
            ui.painter_at(plot).circle_stroke(at, 7.0, Stroke::new(line::THIN, p.text));
            response.on_hover_text_at_pointer(describe(view, code, is_own));
        }
        theme::focus_ring(ui, &focus);
        if let Some(step) = view.diverged_at {
            let text = words!("map-diverged-at-step-the-loss", step = count(step));
            notice(ui, plot, &text, p);
        }
    }
}

impl MapPane {
    /// Draws the newest picture of a codebook that is too large for a mesh, and asks for the one of now;
    /// the code under the pointer, if the picture is of this place.
    fn picture(
        &mut self,
        ui: &Ui,
        run: &RunModel,
        scale: &Scale,
        pointer: Option<Pos2>,
    ) -> Option<(usize, Pos2)> {
        let p = palette(ui);
        let (id, snapshot) = (self.lane, run.snapshot.clone()?);
        let look = Look {
            generation: run.generation,
            scale: *scale,
            pixels_per_point: ui.ctx().pixels_per_point(),
            colors: Colors::of(p, id),
        };
        let texture = &mut self.pictures[id.index()];
        if let Some(image) = self.painter.ask(id, look, &snapshot) {
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

/// Layers that show the codes that the story's text speaks of.
fn spoken_of(run: &RunModel) -> Layers {
    let now = run.lesson.current().filter(|_| !run.is_pinned);
    let is_said = |word: &str| now.is_some_and(|(_, beat)| beat.show.iter().any(|w| w == word));
    let moved = is_said("codes:moved") || is_said("codes:chosen");
    Layers { moved, ..Layers::default() }
}

/// Where most codes that are not in use share one small place, that place: hundreds of marks on top of
/// each other look like one.
fn clump(view: &LaneView, scale: &Scale) -> Option<Pos2> {
    let idle: Vec<Pos2> = (0..view.codes.len())
        .filter(|&code| view.life(code).is_idle())
        .map(|code| scale.at(view.codes[code]))
        .collect();
    if idle.len() < 10 || idle.len() < view.codes.len() / 10 {
        return None;
    }
    let median = |f: fn(&Pos2) -> f32| {
        let mut all: Vec<f32> = idle.iter().map(f).collect();
        let middle = all.len() / 2;
        *all.select_nth_unstable_by(middle, f32::total_cmp).1
    };
    let middle = pos2(median(|p| p.x), median(|p| p.y));
    let near = idle.iter().filter(|p| p.distance(middle) < CLUMP).count();
    (near * 10 >= idle.len() * 8).then_some(middle)
}

/// Radius in points of a clump.
const CLUMP: f32 = 14.0;

fn pointer_to_clump(ui: &Ui, plot: Rect, at: Pos2, text: String, p: &Palette) {
    let painter = ui.painter_at(plot);
    let galley = painter.layout_no_wrap(text, theme::bold(tokens(ui).small), p.text);
    // Below and to the right, unless that is outside.
    // The name of an axis and who moved stand above, the name of the other axis below.
    let room = plot.shrink2(vec2(space::S, NAME + space::XS));
    let room = room.with_min_y(plot.top() + 2.0 * NAME + space::S);
    let x = (at.x + 26.0).min(room.right() - galley.size().x).max(room.left());
    let below = at.y + 30.0;
    let y =
        if below + galley.size().y < room.bottom() { below } else { at.y - 30.0 - galley.size().y };
    let label = Rect::from_min_size(pos2(x, y), galley.size());
    let end = pos2(
        label.center().x.min(label.left() + 12.0),
        if y > at.y { label.top() } else { label.bottom() },
    );
    painter.line_segment([at, end], Stroke::new(line::HAIR, p.text));
    painter.rect(
        label.expand2(vec2(space::XS, 1.0)),
        radius::CONTROL,
        p.canvas,
        Stroke::new(line::HAIR, p.text),
        StrokeKind::Outside,
    );
    painter.galley(label.min, galley, p.text);
}

/// A sentence over the upper edge of a map.
fn notice(ui: &Ui, plot: Rect, text: &str, p: &Palette) {
    let painter = ui.painter_at(plot);
    let galley = painter.layout(
        text.into(),
        theme::bold(tokens(ui).body),
        p.error,
        plot.width() - space::XL,
    );
    let at = pos2(plot.left() + space::M, plot.top() + NAME + space::S);
    painter.rect(
        Rect::from_min_size(at, galley.size()).expand(space::XS),
        radius::CONTROL,
        p.panel,
        Stroke::new(line::HAIR, p.error),
        StrokeKind::Inside,
    );
    painter.galley(at, galley, p.error);
}

/// Paints the marks of a map as triangles of the markers' texture.
fn mesh(map: &CodeMap, colors: Colors, texture: egui::TextureId) -> Mesh {
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

/// Grid and ticks of the axes.
fn grid(ui: &Ui, plot: Rect, [across, up]: &[Side; 2], p: &Palette) {
    let painter = ui.painter();
    let grid = Stroke::new(line::HAIR, p.grid);
    let font = theme::font(tokens(ui).small);
    for tick in &across.ticks {
        let x = across.at(tick);
        painter.vline(x, plot.y_range().shrink(1.0), grid);
        let galley = painter.layout_no_wrap(tick.label.clone(), font.clone(), p.weak);
        let reach = galley.size().x / 2.0;
        if x > plot.left() + space::S && x + reach < plot.right() {
            painter.galley(pos2(x - reach, plot.bottom() + 2.0), galley, p.weak);
        }
    }
    for tick in &up.ticks {
        let y = up.at(tick);
        painter.hline(plot.x_range().shrink(1.0), y, grid);
        if y > plot.top() + space::S && y < plot.bottom() - space::S {
            let at = pos2(plot.left() - space::XS, y);
            painter.text(at, Align2::RIGHT_CENTER, &tick.label, font.clone(), p.weak);
        }
    }
}

/// Height from which on a map has room for a sentence.
const LABELLED: f32 = 150.0;

/// Width from which on a zoomed map says how to see all again.
const ROOMY: f32 = 400.0;

/// Height of a name of an axis in its corner.
const NAME: f32 = 20.0;

/// Names of the axes over what the map shows: that across at the right, that up at the top.
fn names(ui: &Ui, plot: Rect, [across, up]: &[Side; 2], which: &str, p: &Palette) {
    let painter = ui.painter_at(plot);
    let font = theme::font(tokens(ui).small);
    let corners = [
        (across, which, plot.right_bottom() - vec2(space::S, space::XS), Align2::RIGHT_BOTTOM),
        (up, "", plot.left_top() + vec2(space::S, space::XS), Align2::LEFT_TOP),
    ];
    for (side, which, corner, anchor) in corners {
        // In a narrow map there is less to say.
        let wordings = [
            format!("{}{which}", side.title()),
            format!("{}{which}", side.short_title()),
            side.short_title(),
            side.name.clone(),
        ];
        let galleys = wordings.map(|text| painter.layout_no_wrap(text, font.clone(), p.weak));
        let room = plot.width() - 2.0 * space::S;
        let fits = |galley: &&Arc<egui::Galley>| galley.size().x <= room;
        let galley = galleys.iter().find(fits).unwrap_or(&galleys[3]).clone();
        let place = anchor.anchor_size(corner, galley.size());
        on_ground(&painter, place, galley, p.weak, p);
    }
}

/// A text over what a map shows, on a ground on which it can be read.
fn on_ground(painter: &Brush, at: Rect, galley: Arc<egui::Galley>, color: Color32, p: &Palette) {
    let ground = at.expand2(vec2(space::XS, 1.0));
    painter.rect_filled(ground, radius::SMALL, p.canvas.gamma_multiply(0.85));
    painter.galley(at.min, galley, color);
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

/// What stands in the place of a map that is not there yet.
fn waiting(ui: &Ui, plot: Rect, is_own: bool, p: &Palette) {
    let text =
        if is_own { words!("map-warming-up") } else { words!("map-waiting-for-the-first-file") };
    let font = theme::font(tokens(ui).title);
    ui.painter_at(plot).text(plot.center(), Align2::CENTER_CENTER, text, font, p.weak);
}

/// How near a map is looked at.
fn zoomed(ui: &Ui, plot: Rect, camera: Camera, p: &Palette) {
    let painter = ui.painter_at(plot);
    // Beside the name of the axis up, which a narrow map leaves little room.
    let at = plot.right_top() + vec2(-space::S, space::XS);
    let zoom = significant(f64::from(camera.zoom));
    let text = match plot.width() < ROOMY {
        true => words!("map-zoom", zoom = zoom),
        false => words!("map-double-click-for-all", zoom = zoom),
    };
    let galley = painter.layout_no_wrap(text, theme::font(tokens(ui).small), p.text);
    let place = Align2::RIGHT_TOP.anchor_size(at, galley.size());
    on_ground(&painter, place, galley, p.text, p);
}

/// What a code did in the newest step, in words.
fn motion_words(motion: Motion) -> &'static str {
    match motion {
        Motion::Chosen => words!("map-code-moved-chosen"),
        Motion::Shared => words!("map-code-moved-shared"),
        Motion::Carried => words!("map-code-moved-carried"),
        Motion::Still => words!("map-code-stood-still"),
    }
}

/// What is known of a code, in words.
fn describe(view: &LaneView, code: usize, is_own: bool) -> String {
    let uses = view.window_counts.get(code).copied().unwrap_or(0);
    let life = view.life(code).words();
    let (uses, tokens) = (count(u64::from(uses)), count(view.window.tokens as u64));
    let mut text = match is_own {
        _ if !view.knows_use() => words!("map-code", code = code),
        false => {
            words!("map-code-of-tokens", code = code, life = life, uses = uses, tokens = tokens)
        }
        true => words!(
            "map-code-of-the-last-training",
            code = code,
            life = life,
            uses = uses,
            tokens = tokens
        ),
    };
    if let (Some(&moved), true) = (view.movement.get(code), view.movement_steps > 0) {
        let steps = view.movement_steps;
        let distance = significant(f64::from(moved));
        text += &format!("\n{}", words!("map-moved", distance = distance, steps = steps));
    }
    if let Some(motion) = view.motion(code) {
        text = format!("{text}\n{}", motion_words(motion));
        let since = match view.steps_since_chosen(code) {
            Some(0) => None,
            Some(steps) => Some(words!("map-code-chosen-ago", steps = steps)),
            None => Some(words!("map-code-never-chosen").into()),
        };
        text.extend(since.map(|since: String| format!(", {since}")));
    }
    text
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
