//! The layers of a map in SVG: what [`crate::figure::layers`] computes, as paths and one picture.

use emath::Pos2;

use crate::figure::camera::Scale;
use crate::figure::cells;
use crate::figure::layers::{Layers, Lit, circles, lights, tails};
use crate::figure::raster::Pixels;
use crate::figure::svg::{Ink, Stroke, Svg, data_uri};
use crate::palette::LIGHT;
use crate::record::snapshot::LaneView;

/// Pixels of a cell picture for a point of the map.
const FINE: f32 = 2.0;

/// Where points of a map lie in a picture.
pub type Place<'a> = &'a dyn Fn(Pos2) -> [f64; 2];

/// Paints what lies under the marks; a unit of the map is `unit` long.
///
/// # Errors
/// What the encoder of the picture reports.
pub fn under(
    svg: &mut Svg,
    view: &LaneView,
    scale: &Scale,
    layers: Layers,
    (ink, unit, place): (&Ink, f64, Place<'_>),
) -> Result<(), String> {
    if layers.cells
        && let Some(made) = cells::cells(view, scale, FINE)
    {
        let uri = data_uri(&picture(cells::paint(&made, view, view.id, &LIGHT)).into())?;
        let corner = place(scale.plot.min);
        let side = |points: usize| (points * made.step) as f64 / f64::from(FINE) * unit;
        svg.image(corner, made.size.map(side), &uri);
    }
    if layers.moved {
        for is_pale in [true, false] {
            let all = lights(view, scale, Lit::Moved);
            let some = all.iter().filter(|light| light.is_pale == is_pale);
            for light in some.filter(|light| scale.plot.contains(light.at)) {
                let diameter = 2.0 * f64::from(light.radius) * unit;
                let opacity = if is_pale { 0.2 } else { 0.4 };
                svg.dots(&[place(light.at)], diameter, ink.lane(view.id), opacity);
            }
        }
        for ends in tails(view, scale) {
            svg.polyline(&ends.map(place), Stroke::solid(ink.lane(view.id), 0.9));
        }
    }
    Ok(())
}

/// Paints what lies over the marks.
pub fn over(
    svg: &mut Svg,
    view: &LaneView,
    scale: &Scale,
    layers: Layers,
    (ink, place): (&Ink, Place<'_>),
) {
    let Some(circles) = circles(view, scale).filter(|_| layers.w) else { return };
    let dashed = Stroke { dash: Some("4 3"), ..Stroke::solid(ink.weak, 1.0) };
    for (circle, stroke) in circles.into_iter().zip([dashed, Stroke::solid(ink.text, 1.6)]) {
        let seen = circle.iter().all(|at| scale.plot.contains(*at));
        let closed: Vec<[f64; 2]> =
            circle.iter().chain(circle.first()).map(|at| place(*at)).collect();
        if seen {
            svg.polyline(&closed, stroke);
        }
    }
}

/// Pixels as a picture with transparency.
fn picture(pixels: Pixels) -> image::RgbaImage {
    let [width, height] = pixels.size.map(|side| side as u32);
    let bytes = pixels.pixels.iter().flat_map(ecolor::Color32::to_srgba_unmultiplied).collect();
    image::RgbaImage::from_raw(width, height, bytes).unwrap_or_default()
}
