//! The code map of a lane in SVG: discs are codes in use, crosses codes that fell out of use, rings
//! codes that never were in use, small dots encoder outputs, so that it can be read without colour.

use emath::{Pos2, Rect, Vec2, pos2};

use crate::figure::camera::{Camera, Scale};
use crate::figure::cause;
use crate::figure::layers::Layers;
use crate::figure::raster::square_map;
use crate::figure::scene::{self, ARM, CodeMap, HOLE, Kind, Mark, RIM_WIDTH, Side};
use crate::figure::svg::{Anchor, Ink, Stroke, Svg, data_uri};
use crate::record::pen;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::count;
use crate::words;

/// Codes up to which each is a shape of its own; beyond, the map is a picture in pixels.
const MOST_SHAPES: usize = 2048;

/// Pixels of a side of such a picture.
const PIXELS: u32 = 480;

/// Side in points of the plot that marks are made for; they grow and shrink with the picture.
const POINTS: f32 = 300.0;

/// Width of a stroke of the pen.
const PEN: f64 = 2.0;

/// Room for labels: left, top, right, bottom.
const MARGIN: [f64; 4] = [38.0, 34.0, 4.0, 30.0];

/// A map with some layers and what was drawn on it, as a square plot of `side` units with labels around
/// it.
pub fn draw(
    view: &LaneView,
    ink: &Ink,
    title: &str,
    (side, layers, drawn): (f64, Layers, &[&pen::Stroke]),
    is_document: bool,
) -> String {
    let (left, top) = (MARGIN[0], MARGIN[1]);
    let size = [left + side + MARGIN[2], top + side + MARGIN[3]];
    let (used, all) = (view.window.used, view.codes.len());
    let idle = view.idle_words();
    let rest = if idle.is_empty() { String::new() } else { words!("map-and-idle", idle = idle) };
    let (used, codes) = (count(used as u64), count(all as u64));
    let counts = words!("map-in-use", used = used, size = codes, rest = rest);
    let label = words!("map-label", title = title, used = used, size = codes, rest = rest);
    let mut svg = Svg::new(size, &label, is_document);
    if is_document {
        svg.rect([0.0, 0.0], size, ink.canvas, Stroke::solid("none", 0.0));
    }
    svg.bold([left, 13.0], Anchor::Start, 12.0, ink.text, title);
    svg.text([left, 28.0], Anchor::Start, 11.0, ink.weak, &counts);
    svg.rect([left, top], [side, side], ink.canvas, Stroke::solid(ink.border, 1.0));
    let plot = Rect::from_min_size(Pos2::ZERO, Vec2::splat(POINTS));
    let scale = Scale::new(plot, view.axes.reach(), &Camera::default());
    let frame = Frame::new(&scale, [left, top], side);
    axes(&mut svg, &scene::axes(view, &scale), ink, &frame);
    let place = |at: Pos2| frame.at(at);
    let under = (ink, frame.unit, &place as cause::Place<'_>);
    if let Err(why) = cause::under(&mut svg, view, &scale, layers, under) {
        svg.text([left + 6.0, top + 30.0], Anchor::Start, 11.0, ink.text, &why);
    }
    if all > MOST_SHAPES {
        match picture(view) {
            Ok(uri) => svg.image([left, top], [side, side], &uri),
            Err(why) => svg.text([left + 6.0, top + 16.0], Anchor::Start, 11.0, ink.text, &why),
        }
    } else {
        paint(&mut svg, &CodeMap::new(view, &scale), view.id, ink, &frame);
    }
    cause::over(&mut svg, view, &scale, layers, (ink, &place));
    for stroke in drawn {
        // A dot is a line from a place to itself.
        let ends = stroke.points.iter().chain(stroke.points.first().filter(|_| is_dot(stroke)));
        let way: Vec<[f64; 2]> = ends.map(|&point| place(scale.at(point))).collect();
        svg.polyline(&way, Stroke::solid(ink.pen, PEN));
    }
    svg.finish()
}

fn is_dot(stroke: &pen::Stroke) -> bool {
    stroke.points.len() == 1
}

/// Where the plot of a map lies in a picture.
pub struct Frame {
    corner: [f64; 2],
    side: f64,
    /// Length of a point of the map.
    unit: f64,
    /// The corner in the points of the map.
    from: Pos2,
}

impl Frame {
    /// A square with its upper left corner there, so many units wide.
    pub fn new(scale: &Scale, corner: [f64; 2], side: f64) -> Self {
        let plot = scale.plot;
        Self { corner, side, unit: side / f64::from(plot.width()), from: plot.min }
    }

    fn at(&self, at: Pos2) -> [f64; 2] {
        let ([left, top], from) = (self.corner, at - self.from);
        [left + f64::from(from.x) * self.unit, top + f64::from(from.y) * self.unit]
    }
}

/// Paints the marks of a map: shapes of one kind and one size are one path.
pub fn paint(svg: &mut Svg, map: &CodeMap, id: LaneId, ink: &Ink, frame: &Frame) {
    let inside = map.marks.iter().filter(|mark| map.scale.plot.contains(mark.at));
    // Sizes in steps of a quarter of a unit, or nearly every disc would be a path of its own.
    let step = |mark: &Mark| (4.0 * f64::from(mark.radius) * frame.unit).round().max(1.0) as u32;
    let mut paths: Vec<(Kind, u32, Vec<[f64; 2]>)> = Vec::new();
    for mark in inside {
        let (kind, size) = (mark.kind, step(mark));
        match paths.iter_mut().find(|path| (path.0, path.1) == (kind, size)) {
            Some(path) => path.2.push(frame.at(mark.at)),
            None => paths.push((kind, size, vec![frame.at(mark.at)])),
        }
    }
    for (kind, size, at) in paths {
        let radius = f64::from(size) / 4.0;
        match kind {
            Kind::Output => svg.dots(&at, 2.0 * radius, ink.text, 0.3),
            Kind::Rare => {
                let rim = f64::from(RIM_WIDTH) * frame.unit;
                svg.dots(&at, 2.0 * (radius + rim), ink.text, 1.0);
                svg.dots(&at, 2.0 * radius, ink.lane(id), 1.0);
            }
            Kind::Used => svg.dots(&at, 2.0 * radius, ink.lane(id), 0.85),
            Kind::Never => {
                let hole = f64::from(HOLE) * radius;
                let stroke = Stroke::solid(ink.dead, radius - hole);
                svg.rings(&at, f64::midpoint(hole, radius), stroke);
            }
            Kind::FellOut => {
                let stroke = Stroke::solid(ink.fallen(id), 2.0 * f64::from(ARM) * radius);
                svg.crosses(&at, radius * std::f64::consts::FRAC_1_SQRT_2, stroke);
            }
        }
    }
}

fn axes(svg: &mut Svg, [across, up]: &[Side; 2], ink: &Ink, frame: &Frame) {
    let ([left, top], side) = (frame.corner, frame.side);
    let (right, bottom) = (left + side, top + side);
    let grid = Stroke::solid(ink.grid, 0.8);
    for tick in &across.ticks {
        let [x, _] = frame.at(pos2(across.at(tick), 0.0));
        svg.line([x, top], [x, bottom], grid);
        svg.text([x, bottom + 12.0], Anchor::Middle, 9.5, ink.weak, &tick.label);
    }
    for tick in &up.ticks {
        let [_, y] = frame.at(pos2(0.0, up.at(tick)));
        svg.line([left, y], [right, y], grid);
        svg.text([left - 3.0, y + 3.2], Anchor::End, 9.5, ink.weak, &tick.label);
    }
    let below = [left + side / 2.0, bottom + 25.0];
    svg.text(below, Anchor::Middle, 10.0, ink.weak, &across.title());
    svg.text_up([left - 29.0, top + side / 2.0], 10.0, ink.weak, &up.title());
}

/// The marks of a large codebook as a PNG in a data URI.
fn picture(view: &LaneView) -> Result<String, String> {
    data_uri(&image::DynamicImage::from(square_map(view, PIXELS)))
}
