//! The code map: the effective codebook on two axes, with the encoder outputs it must serve.

use std::sync::Arc;

use egui::{
    Align2, Color32, Mesh, Pos2, Rect, Sense, Shape, Stroke, StrokeKind, TextureHandle,
    TextureOptions, Ui, pos2, vec2,
};

use crate::figure::camera::{Camera, Scale};
use crate::figure::raster;
use crate::figure::raster::Colors;
use crate::palette::Palette;
use crate::record::life::Life;
use crate::record::setting::BasisMode;
use crate::record::snapshot::{Axes, LaneView};
use crate::scenario::LaneId;
use crate::text::{Marks, count, nice_step, percent, significant};
use crate::ui::cache::mesh::Cached;
use crate::ui::cache::painter::{Look, Painter};
use crate::ui::cache::texture::put;
use crate::ui::layout::PaneId;
use crate::ui::panes::{FIRST, Pane, PaneCtx};
use crate::ui::state::run_model::RunModel;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::markers::{Marker, Markers};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};
use crate::ui::widgets::zoom;

/// Room for the labels of the axes.
const MARGIN: [f32; 2] = [46.0, 32.0];

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
        }
    }
}

impl Pane for MapPane {
    fn id(&self) -> PaneId {
        PaneId::Map(self.lane)
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &PaneCtx<'_>, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let (run, id) = (ctx.run, self.lane);
        let p = palette(ui);
        let painter = ui.painter_at(rect);
        let plot = Rect::from_min_max(
            pos2(rect.left() + MARGIN[0], rect.top()),
            pos2(rect.right(), rect.bottom() - MARGIN[1]),
        );
        painter.rect(plot, 2.0, p.canvas, Stroke::new(1.0, p.border), StrokeKind::Inside);
        let is_own = run.stage().has_losses();
        let snapshot = run.snapshot.clone();
        let Some(view) = snapshot.as_deref().and_then(|s| s.lanes.iter().find(|l| l.id == id))
        else {
            painter.text(
                plot.center(),
                Align2::CENTER_CENTER,
                if is_own { "warming up…" } else { "waiting for the first file" },
                theme::font(size::TITLE),
                p.weak,
            );
            return;
        };
        let response = ui.interact(plot, ui.scope_id().with(("map", id)), Sense::click_and_drag());
        let camera = &mut self.cameras[id.index()];
        zoom::handle(camera, ui, &response, &Scale::new(plot, view.axes.extent, camera));
        let camera = *camera;
        let scale = Scale::new(plot, view.axes.extent, &camera);
        axes(ui, &scale, view, p);

        let hovered = if view.codes.len() > raster::MANY {
            self.picture(ui, run, &scale, response.hover_pos())
        } else {
            let texture = self.markers.texture(ui.ctx());
            let is_dark = ui.visuals().dark_mode;
            let key = MeshKey { generation: run.generation, plot, camera, is_dark };
            let mesh = self.meshes[id.index()].get(key, || mesh(view, &scale, p, texture));
            ui.painter_at(plot.shrink(1.0)).add(Shape::Mesh(mesh));
            if let Some(at) = clump(view, &scale)
                && !view.has_fixed_codes
                && view.warms_up_until.is_none()
            {
                pointer_to_clump(ui, plot, at, view.idle_words(), p);
            }
            response.hover_pos().and_then(|pointer| code_at(view, &scale, pointer))
        };
        if camera != Camera::default() {
            let at = plot.right_top() + vec2(-6.0, 4.0);
            let text = format!("×{}, double click for all", significant(f64::from(camera.zoom)));
            let galley = painter.layout_no_wrap(text, theme::font(size::SMALL), p.text);
            let place = Align2::RIGHT_TOP.anchor_size(at, galley.size());
            painter.rect_filled(place.expand2(vec2(3.0, 1.0)), 2.0, p.canvas.gamma_multiply(0.85));
            painter.galley(place.min, galley, p.text);
        }
        if let Some((code, at)) = hovered {
            ui.painter_at(plot).circle_stroke(at, 7.0, Stroke::new(1.5, p.text));
            response.on_hover_text_at_pointer(describe(view, code, is_own));
        }
        if let Some(step) = view.diverged_at {
            let text = format!(
                "diverged at step {}: the loss is not a finite number. This is its last finite state.",
                count(step)
            );
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
            let name = format!("map {}", id.name());
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
    let galley = painter.layout_no_wrap(text, theme::bold(size::SMALL), p.text);
    // Below and to the right, unless that is outside.
    let room = plot.shrink(8.0);
    let x = (at.x + 26.0).min(room.right() - galley.size().x).max(room.left());
    let below = at.y + 30.0;
    let y =
        if below + galley.size().y < room.bottom() { below } else { at.y - 30.0 - galley.size().y };
    let label = Rect::from_min_size(pos2(x, y), galley.size());
    let end = pos2(
        label.center().x.min(label.left() + 12.0),
        if y > at.y { label.top() } else { label.bottom() },
    );
    painter.line_segment([at, end], Stroke::new(1.0, p.text));
    painter.rect(
        label.expand2(vec2(4.0, 1.0)),
        3.0,
        p.canvas,
        Stroke::new(1.0, p.text),
        StrokeKind::Outside,
    );
    painter.galley(label.min, galley, p.text);
}

/// A sentence over the upper edge of a map.
fn notice(ui: &Ui, plot: Rect, text: &str, p: &Palette) {
    let painter = ui.painter_at(plot);
    let galley = painter.layout(text.into(), theme::bold(size::BODY), p.error, plot.width() - 24.0);
    let at = pos2(plot.left() + 12.0, plot.top() + 8.0);
    painter.rect(
        Rect::from_min_size(at, galley.size()).expand(5.0),
        4.0,
        p.panel,
        Stroke::new(1.0, p.error),
        StrokeKind::Inside,
    );
    painter.galley(at, galley, p.error);
}

fn mesh(view: &LaneView, scale: &Scale, p: &Palette, texture: egui::TextureId) -> Mesh {
    let mut mesh = Mesh::with_texture(texture);
    mesh.reserve_triangles(2 * (view.codes.len() + view.latents.len()));
    mesh.reserve_vertices(4 * (view.codes.len() + view.latents.len()));
    let keep = scale.plot.expand(8.0);
    // Many codes need small marks, or they hide each other.
    let small = (512.0 / view.codes.len().max(1) as f32).sqrt().clamp(0.45, 1.0);
    let color = p.lane(view.id);
    let mut add = |marker: Marker, at: [f32; 2], radius: f32, color| {
        let at = scale.at(at);
        if keep.contains(at) {
            marker.add(&mut mesh, at, radius, color);
        }
    };
    for &latent in &view.latents {
        add(Marker::Disc, latent, 1.4, p.latent);
    }
    let fair = view.window.tokens as f32 / view.codes.len().max(1) as f32;
    let of = |lives: [Life; 2]| {
        let codes = view.codes.iter().enumerate();
        codes.filter(move |&(code, _)| lives.contains(&view.life(code)))
    };
    for (code, &at) in of([Life::InUse, Life::Unknown]) {
        // Area grows with use, within bounds: a code used ten times its share is twice as wide.
        let uses = view.window_counts.get(code).map_or(0.0, |&n| n as f32 / fair.max(1.0));
        let radius = (3.2 * uses.powf(0.3)).clamp(2.6, 8.0) * small;
        add(Marker::Disc, at, radius, color);
    }
    // On top, since they are hollow: a clump of idle codes must not vanish under one in use.
    for (_, &at) in of([Life::Never, Life::NotInUse]) {
        add(Marker::Ring, at, 3.6 * small, p.dead);
    }
    for (_, &at) in of([Life::FellOut; 2]) {
        add(Marker::Cross, at, 3.6 * small, p.fallen(view.id));
    }
    mesh
}

/// Grid, ticks and names of the axes.
fn axes(ui: &Ui, scale: &Scale, view: &LaneView, p: &Palette) {
    let plot = scale.plot;
    let painter = ui.painter();
    let Axes { explained, centre, .. } = view.axes;
    let shortest = f64::from(plot.width().min(plot.height()) / scale.per_unit);
    let step = nice_step(shortest, 4);
    let half = [plot.width(), plot.height()].map(|w| f64::from(w / 2.0 / scale.per_unit));
    let grid = Stroke::new(1.0, p.grid);
    let font = theme::font(size::SMALL);
    let middle = |axis: usize| f64::from(centre[axis]) + f64::from(scale.middle[axis]);
    let marks = [0, 1].map(|axis| Marks::new(step, middle(axis), half[axis]));
    for axis in 0..2 {
        let origin = f64::from(centre[axis]);
        for (value, text) in marks[axis].all() {
            let local = (value - origin) as f32;
            if axis == 0 {
                let x = scale.at([local, scale.middle[1]]).x;
                painter.vline(x, plot.y_range().shrink(1.0), grid);
                let galley = painter.layout_no_wrap(text, font.clone(), p.weak);
                let reach = galley.size().x / 2.0;
                if x > plot.left() + 8.0 && x + reach < plot.right() {
                    painter.galley(pos2(x - reach, plot.bottom() + 2.0), galley, p.weak);
                }
            } else {
                let y = scale.at([scale.middle[0], local]).y;
                painter.hline(plot.x_range().shrink(1.0), y, grid);
                if y > plot.top() + 6.0 && y < plot.bottom() - 6.0 {
                    painter.text(
                        pos2(plot.left() - 4.0, y),
                        Align2::RIGHT_CENTER,
                        text,
                        font.clone(),
                        p.weak,
                    );
                }
            }
        }
    }
    let name =
        |i: usize| format!("PC {} ({} of variance)", i + 1, percent(f64::from(explained[i])));
    painter.text(
        pos2(plot.center().x, plot.bottom() + 16.0),
        Align2::CENTER_TOP,
        format!("{}{}{}", name(0), marks[0].unit(), how(view)),
        font.clone(),
        p.weak,
    );
    // As high as the map; a low one has less to say.
    let share = percent(f64::from(explained[1]));
    let wordings = [
        format!("{}{}", name(1), marks[1].unit()),
        format!("PC 2 ({share}){}", marks[1].unit()),
        "PC 2".into(),
    ];
    let galleys = wordings.map(|text| painter.layout_no_wrap(text, font.clone(), p.weak));
    let fits = |galley: &&Arc<egui::Galley>| galley.size().x <= plot.height() + 16.0;
    let galley = galleys.iter().find(fits).unwrap_or(&galleys[2]).clone();
    let lowest = plot.bottom() + 16.0;
    let low =
        (plot.center().y + galley.size().x / 2.0).min(lowest).max(plot.top() + galley.size().x);
    let at = pos2(plot.left() - MARGIN[0] + 1.0, low);
    painter.add(
        egui::epaint::TextShape::new(at, galley, p.weak).with_angle(-std::f32::consts::FRAC_PI_2),
    );
}

fn how(view: &LaneView) -> String {
    match view.axes.mode {
        // Fixed codes have no direction of their own.
        BasisMode::Live if view.has_fixed_codes => ", axes of the outputs".into(),
        BasisMode::Live => String::new(),
        BasisMode::Fixed => format!(", axes of step {}", count(view.axes.step)),
        BasisMode::Shared => ", axes of both lanes".into(),
    }
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

/// What is known of a code, in words.
fn describe(view: &LaneView, code: usize, is_own: bool) -> String {
    let uses = view.window_counts.get(code).copied().unwrap_or(0);
    let life = view.life(code).words();
    let (uses, tokens) = (count(u64::from(uses)), count(view.window.tokens as u64));
    let mut text = match is_own {
        _ if !view.knows_use() => format!("code {code}"),
        false => format!("code {code}: {life}, {uses} of {tokens} tokens"),
        true => format!("code {code}: {life}, {uses} of the last {tokens} training tokens"),
    };
    if let (Some(&moved), true) = (view.movement.get(code), view.movement_steps > 0) {
        let steps = view.movement_steps;
        text += &format!("\nmoved {} in {steps} steps", significant(f64::from(moved)));
    }
    text
}
