//! What a map shows beside its marks: which code wins where, who moved, and where codes came from.

use std::sync::Arc;

use egui::{
    Align2, Color32, Mesh, Pos2, Rect, Shape, Stroke, TextureHandle, TextureOptions, Ui, pos2, vec2,
};

use crate::figure::camera::Scale;
use crate::figure::layers::{Layers, Light, Lit, circles, lights, reached, tails};
use crate::figure::scene::MANY;
use crate::palette::{Palette, Shade};
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::token_step::TokenStep;
use crate::text::{count, significant};
use crate::ui::cache::mesh::Cached;
use crate::ui::cache::painter::{CellsLook, LightsLook, Painter};
use crate::ui::cache::texture::put;
use crate::ui::panes::map_frame::LOW;
use crate::ui::panes::slow;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::wave::{self, Wave};
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::markers::{Marker, Markers};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Strength of the light of a code, and of one that moved without being chosen.
const STRONG: f32 = 0.45;
const PALE: f32 = 0.18;

/// Strength of a tail, and its width in points.
const TAIL: f32 = 0.6;
const WIDTH: f32 = 1.2;

/// From one line of notes to the next, in points.
const LINE: f32 = 20.0;

/// What a mesh depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MeshKey {
    generation: u64,
    scale: Scale,
    shade: Shade,
}

/// Lights of a pull, each with the share of the way at which it is reached, and what they are of.
type Underway = (Option<MeshKey>, Vec<(Light, f32)>);

/// The layers of both maps.
#[derive(Default)]
pub struct CauseLayers {
    /// Makes pictures of the cells.
    pub cells: Painter<CellsLook>,
    pictures: [Option<TextureHandle>; 2],
    /// Lights of codes that moved.
    pub moved: Lights,
    /// Lights of codes that are not in use.
    pub dead: Lights,
    waves: [Wave; 2],
    /// The lights of a pull that is underway, each with the share of the way at which it is reached.
    underway: [Underway; 2],
    tails: [Cached<MeshKey>; 2],
    /// What there is to say of the cells that were drawn last.
    said: Option<String>,
}

/// Lights of codes on both maps.
#[derive(Default)]
pub struct Lights {
    /// Makes pictures of those of large codebooks.
    pub painter: Painter<LightsLook>,
    pictures: [Option<TextureHandle>; 2],
    meshes: [Cached<MeshKey>; 2],
}

/// A map as its layers see it.
pub struct Shown<'a> {
    /// The snapshot.
    pub snapshot: &'a Arc<Snapshot>,
    /// The view of the lane.
    pub view: &'a LaneView,
    /// How the map lies.
    pub scale: &'a Scale,
    /// Count of pictures.
    pub generation: u64,
    /// What the newest single step did with a token of the lane.
    pub told: Option<&'a TokenStep>,
    /// The stage of it that is shown.
    pub slow_stage: SlowStage,
    /// Whether a step can be made.
    pub can_step: bool,
    /// Whether codes that are not in use are lit.
    pub are_dead_lit: bool,
}

impl CauseLayers {
    /// Draws what lies under the marks of a map.
    pub fn show(&mut self, ui: &Ui, shown: &Shown<'_>, layers: Layers, markers: &mut Markers) {
        let p = palette(ui);
        let wave = self.wave(ui, shown);
        self.said = if layers.cells { self.show_cells(ui, shown) } else { None };
        let Shown { view, scale, generation, .. } = *shown;
        let i = view.id.index();
        let key = MeshKey { generation, scale: *scale, shade: theme::shade(ui) };
        let painter = ui.painter_at(scale.plot.shrink(1.0));
        if shown.are_dead_lit {
            // As the ring around what the story speaks of.
            self.dead.show(ui, shown, (Lit::Dead, p.restart), markers);
        }
        if layers.moved && view.moved.is_some() {
            let lane = p.lane(view.id);
            match wave.filter(|_| view.codes.len() <= MANY) {
                Some(at) => {
                    ui.ctx().request_repaint();
                    let color = |light: &Light| of_light(light, lane);
                    let texture = markers.texture(ui.ctx());
                    let mesh = wave::mesh(self.underway(shown, key), at, color, texture);
                    painter.add(Shape::Mesh(Arc::new(mesh)));
                }
                None => self.moved.show(ui, shown, (Lit::Moved, lane), markers),
            }
        }
        if !view.tails.is_empty() {
            let color = p.lane(view.id).gamma_multiply(TAIL);
            let mesh = self.tails[i].get(key, || {
                let mut mesh = Mesh::default();
                tails(view, scale).into_iter().for_each(|ends| tail(&mut mesh, ends, color));
                mesh
            });
            painter.add(Shape::Mesh(mesh));
        }
    }

    /// How far the pull of the newest step has run; none where nothing runs. It is asked in every frame,
    /// so that a light that is switched on later does not run after what was trained before.
    fn wave(&mut self, ui: &Ui, shown: &Shown<'_>) -> Option<f32> {
        let Shown { snapshot, view, .. } = *shown;
        // Looking back trains nothing, and some want no motion.
        let can_run = shown.can_step && ui.style().animation_time > 0.0;
        let now = ui.input(|input| input.time);
        self.waves[view.id.index()].at(now, (snapshot.run, view.step), can_run)
    }

    /// The lights of a map, each with the share of the way at which the pull is at it.
    fn underway(&mut self, shown: &Shown<'_>, key: MeshKey) -> &[(Light, f32)] {
        let Shown { view, scale, .. } = *shown;
        let (of, known) = &mut self.underway[view.id.index()];
        if *of != Some(key) {
            let lights = lights(view, scale, Lit::Moved);
            let reached = reached(&lights, scale);
            (*of, *known) = (Some(key), lights.into_iter().zip(reached).collect());
        }
        known
    }

    /// Draws what lies over the marks, and says what is shown.
    pub fn show_over(&mut self, ui: &Ui, shown: &Shown<'_>, layers: Layers, outbox: &mut Outbox) {
        let p = palette(ui);
        let Shown { view, scale, .. } = *shown;
        let cells = self.said.take().map(|text| (text, Topic::Cells));
        let mut notes: Vec<(String, Topic)> = cells.into_iter().collect();
        if layers.w {
            notes.push((show_w(ui, shown, p), Topic::W));
        }
        if layers.slow {
            let Shown { told, slow_stage: stage, can_step, .. } = *shown;
            let slow = slow::Slow { view, scale, told, stage, can_step };
            let said = slow::show(ui, &slow, p, outbox).into_iter();
            notes.extend(said.map(|text| (text, Topic::Slow)));
        }
        if layers.moved && view.moved.is_some() && view.tails.is_empty() && view.codes.len() > MANY
        {
            notes.push((words!("map-no-tails").into(), Topic::Moved));
        }
        // The names of the axes have the corners. Before a room lines are as high as its type.
        let height = LINE.max(1.4 * tokens(ui).small);
        let mut at = scale.plot.left_bottom() + vec2(space::S, -space::XS - height);
        for (text, topic) in notes.into_iter().rev() {
            let place = note(ui, scale, (Align2::LEFT_BOTTOM, at), &text, p);
            topic.put(ui, place);
            at.y -= height.max(place.height() + space::XS);
        }
        // Where what is below leaves a line.
        let has_room = scale.plot.height() > LOW && at.y > scale.plot.top() + LINE + height;
        if let Some(moved) = view.moved.filter(|_| has_room) {
            let (moved, codes) = (count(moved.moved as u64), count(view.codes.len() as u64));
            let text = words!(
                "map-moved-in-the-last-step",
                step = count(view.step),
                moved = moved,
                codes = codes
            );
            let at = scale.plot.left_top() + vec2(space::S, space::XS + LINE);
            Topic::Moved.put(ui, note(ui, scale, (Align2::LEFT_TOP, at), &text, p));
        }
    }

    /// Draws the newest picture of the cells, and asks for the one of now; what there is to say.
    fn show_cells(&mut self, ui: &Ui, shown: &Shown<'_>) -> Option<String> {
        let Shown { snapshot, view, scale, generation, .. } = *shown;
        let (id, i) = (view.id, view.id.index());
        let look = CellsLook {
            generation,
            scale: *scale,
            pixels_per_point: ui.ctx().pixels_per_point(),
            shade: theme::shade(ui),
        };
        let texture = &mut self.pictures[i];
        if let Some(image) = self.cells.ask(id, look, snapshot) {
            let name = format!("cells-{}", id.name());
            put(texture, ui.ctx(), &name, image, TextureOptions::NEAREST);
        }
        let (texture, painted) = (texture.as_ref()?, self.cells.newest(id)?);
        let (old, [step, from]) = (painted.look.scale, painted.facts);
        let per_point = painted.look.pixels_per_point;
        let [w, h] = texture.size().map(|side| (side * step) as f32 / per_point);
        stand(ui, scale, texture, (old, [old.plot.min, old.plot.min + vec2(w, h)]));
        let [coarse, from] = [step, from].map(|number| count(number as u64));
        Some(match (view.axes.are_coordinates, step) {
            (true, 1) => words!("map-cells").to_string(),
            (true, _) => words!("map-cells-coarse", step = coarse, from = from),
            (false, 1) => words!("map-cells-slice").into(),
            (false, _) => words!("map-cells-slice-coarse", step = coarse, from = from),
        })
    }
}

impl Lights {
    /// Draws the lights of a map: one shape for those of a small codebook, a picture for a large one's.
    fn show(
        &mut self,
        ui: &Ui,
        shown: &Shown<'_>,
        (lit, color): (Lit, Color32),
        markers: &mut Markers,
    ) {
        let Shown { view, scale, generation, .. } = *shown;
        if view.codes.len() > MANY {
            return self.picture(ui, shown, (lit, color));
        }
        let texture = markers.texture(ui.ctx());
        let key = MeshKey { generation, scale: *scale, shade: theme::shade(ui) };
        let mesh = self.meshes[view.id.index()].get(key, || {
            let mut mesh = Mesh::with_texture(texture);
            for light in lights(view, scale, lit) {
                let color = of_light(&light, color);
                Marker::Disc.add(&mut mesh, light.at, light.radius, color);
            }
            mesh
        });
        ui.painter_at(scale.plot.shrink(1.0)).add(Shape::Mesh(mesh));
    }

    /// Draws the newest picture of the lights of a large codebook, and asks for the one of now.
    fn picture(&mut self, ui: &Ui, shown: &Shown<'_>, (lit, color): (Lit, Color32)) {
        let Shown { snapshot, view, scale, generation, .. } = *shown;
        let (id, i) = (view.id, view.id.index());
        let look = LightsLook {
            generation,
            scale: *scale,
            pixels_per_point: ui.ctx().pixels_per_point(),
            lit,
            color,
            strengths: [STRONG, PALE],
        };
        let texture = &mut self.pictures[i];
        if let Some(image) = self.painter.ask(id, look, snapshot) {
            let name = format!("lights-{}", id.name());
            put(texture, ui.ctx(), &name, image, TextureOptions::LINEAR);
        }
        let (Some(texture), Some(painted)) = (texture.as_ref(), self.painter.newest(id)) else {
            return;
        };
        let old = painted.look.scale;
        stand(ui, scale, texture, (old, [old.plot.min, old.plot.max]));
    }
}

/// Draws a picture of another zoom where its points are now, until the next one is made; it was made of what
/// lay between two corners.
fn stand(ui: &Ui, scale: &Scale, texture: &TextureHandle, (old, corners): (Scale, [Pos2; 2])) {
    let place = Rect::from_points(&corners.map(|corner| scale.at(old.under(corner))));
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let painter = ui.painter_at(scale.plot.shrink(1.0));
    painter.image(texture.id(), place, whole, Color32::WHITE);
}

/// The colour of a light.
fn of_light(light: &Light, color: Color32) -> Color32 {
    color.gamma_multiply(if light.is_pale { PALE } else { STRONG })
}

/// Draws the unit circle, what W and b make of it, and the way of its middle; what there is to say.
fn show_w(ui: &Ui, shown: &Shown<'_>, p: &Palette) -> String {
    let Shown { view, scale, .. } = *shown;
    let Some(([unit, image], facts)) = circles(view, scale).zip(view.transform) else {
        return words!("map-no-w").into();
    };
    let painter = ui.painter_at(scale.plot.shrink(1.0));
    let centre = view.axes.centre;
    let at = |[x, y]: [f32; 2]| scale.at([x - centre[0], y - centre[1]]);
    let closed = |mut line: Vec<Pos2>| {
        line.extend(line.first().copied());
        line
    };
    let weak = Stroke::new(line::HAIR, p.weak);
    painter.extend(Shape::dashed_line(&closed(unit), weak, 5.0, 4.0));
    painter.add(Shape::closed_line(image, Stroke::new(line::CURVE, p.text)));
    painter.arrow(at([0.0; 2]), at(facts.bias) - at([0.0; 2]), Stroke::new(line::THIN, p.text));
    let number = |x: f32| significant(f64::from(x));
    words!(
        "map-w-of-the-circle",
        away = number(facts.from_identity),
        bias = number(facts.bias_length),
        rank = format_args!("{:.1}", view.effective_rank_w)
    )
}

/// A few words at a place of a map; where they stand.
fn note(ui: &Ui, scale: &Scale, (anchor, at): (Align2, Pos2), text: &str, p: &Palette) -> Rect {
    let painter = ui.painter_at(scale.plot);
    let galley = slow::note(ui, scale.plot, text, p);
    let place = anchor.anchor_size(at, galley.size());
    painter.rect_filled(
        place.expand2(vec2(space::XS, 1.0)),
        radius::SMALL,
        p.canvas.gamma_multiply(0.85),
    );
    painter.galley(place.min, galley, p.text);
    place.intersect(scale.plot)
}

/// Adds a line that is thin where it begins.
fn tail(mesh: &mut Mesh, [from, to]: [Pos2; 2], color: Color32) {
    let across = (to - from).normalized().rot90() * (WIDTH / 2.0);
    let first = mesh.vertices.len() as u32;
    mesh.colored_vertex(from, Color32::TRANSPARENT);
    mesh.colored_vertex(to + across, color);
    mesh.colored_vertex(to - across, color);
    mesh.add_triangle(first, first + 1, first + 2);
}
