//! The code map of a lane in SVG: discs are codes in use, crosses codes that fell out of use, rings
//! codes that never were in use, small dots encoder outputs, so that it can be read without colour.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::figure::raster::square_map;
use crate::figure::svg::{Anchor, Ink, Stroke, Svg};
use crate::record::life::Life;
use crate::record::snapshot::LaneView;
use crate::text::{Marks, count, nice_step, percent};

/// Codes up to which each is a shape of its own; beyond, the map is a picture in pixels.
const MOST_SHAPES: usize = 2048;

/// Pixels of a side of such a picture.
const PIXELS: u32 = 480;

/// Room for labels: left, top, right, bottom.
const MARGIN: [f64; 4] = [38.0, 34.0, 4.0, 30.0];

/// A map as a square plot of `side` units with labels around it.
pub fn draw(view: &LaneView, ink: &Ink, title: &str, side: f64, is_document: bool) -> String {
    let (left, top) = (MARGIN[0], MARGIN[1]);
    let size = [left + side + MARGIN[2], top + side + MARGIN[3]];
    let (used, all) = (view.window.used, view.codes.len());
    let counts = |codes: &str| {
        let rest = Some(view.idle_words()).filter(|words| !words.is_empty());
        let rest = rest.map_or(String::new(), |words| format!(", {words}"));
        format!("{} of {}{codes} in use{rest}", count(used as u64), count(all as u64))
    };
    let label = format!("code map, {title}: {}", counts(" codes"));
    let mut svg = Svg::new(size, &label, is_document);
    if is_document {
        svg.rect([0.0, 0.0], size, ink.canvas, Stroke::solid("none", 0.0));
    }
    svg.bold([left, 13.0], Anchor::Start, 12.0, ink.text, title);
    svg.text([left, 28.0], Anchor::Start, 11.0, ink.weak, &counts(""));
    svg.rect([left, top], [side, side], ink.canvas, Stroke::solid(ink.border, 1.0));
    axes(&mut svg, view, ink, [left, top], side);
    if all > MOST_SHAPES {
        match picture(view) {
            Ok(uri) => svg.image([left, top], [side, side], &uri),
            Err(why) => svg.text([left + 6.0, top + 16.0], Anchor::Start, 11.0, ink.text, &why),
        }
    } else {
        shapes(&mut svg, view, ink, [left, top], side);
    }
    svg.finish()
}

/// Where a point of the view lies in a plot; none outside of it.
fn place(
    view: &LaneView,
    [left, top]: [f64; 2],
    side: f64,
) -> impl Fn(&[f32; 2]) -> Option<[f64; 2]> {
    let scale = side / 2.0 / f64::from(view.axes.extent.max(f32::MIN_POSITIVE));
    move |&[x, y]| {
        let at =
            [left + side / 2.0 + f64::from(x) * scale, top + side / 2.0 - f64::from(y) * scale];
        let is_in = (left..=left + side).contains(&at[0]) && (top..=top + side).contains(&at[1]);
        is_in.then_some(at)
    }
}

fn shapes(svg: &mut Svg, view: &LaneView, ink: &Ink, corner: [f64; 2], side: f64) {
    let place = place(view, corner, side);
    // Shapes shrink with the plot and with the number of codes, or they hide each other.
    let size = side / 300.0 * (512.0 / view.codes.len().max(1) as f64).sqrt().clamp(0.45, 1.2);
    let latents: Vec<[f64; 2]> = view.latents.iter().filter_map(&place).collect();
    svg.dots(&latents, side / 130.0, ink.text, 0.3);
    let fair = view.window.tokens as f64 / view.codes.len().max(1) as f64;
    // Area grows with use, within bounds, in steps: dots of one width are one shape.
    let mut widths: std::collections::BTreeMap<u32, Vec<[f64; 2]>> = Default::default();
    let (mut fallen, mut never) = (Vec::new(), Vec::new());
    for (code, at) in view.codes.iter().enumerate() {
        let Some(at) = place(at) else { continue };
        match view.life(code) {
            Life::Never | Life::NotInUse | Life::Unknown => never.push(at),
            Life::FellOut => fallen.push(at),
            Life::InUse => {
                let uses = f64::from(view.window_counts[code]) / fair.max(1.0);
                let diameter = (6.4 * uses.powf(0.3)).clamp(5.2, 16.0) * size;
                widths.entry((2.0 * diameter).round() as u32).or_default().push(at);
            }
        }
    }
    let color = ink.lane(view.id);
    for (width, at) in widths {
        svg.dots(&at, f64::from(width) / 2.0, color, 0.85);
    }
    // On top, since they are hollow: a clump of idle codes must not vanish under one in use.
    svg.rings(&never, 2.6 * size, Stroke::solid(ink.dead, 0.8));
    svg.crosses(&fallen, 2.2 * size, Stroke::solid(ink.fallen(view.id), 1.0));
}

fn axes(svg: &mut Svg, view: &LaneView, ink: &Ink, [left, top]: [f64; 2], side: f64) {
    let extent = f64::from(view.axes.extent);
    let step = nice_step(2.0 * extent, 4);
    let (right, bottom) = (left + side, top + side);
    let marks = view.axes.centre.map(|middle| Marks::new(step, f64::from(middle), extent));
    for (axis, marks) in marks.iter().enumerate() {
        let origin = f64::from(view.axes.centre[axis]);
        for (value, text) in marks.all() {
            let share = (value - origin + extent) / (2.0 * extent);
            let grid = Stroke::solid(ink.grid, 0.8);
            if axis == 0 {
                let x = left + share * side;
                svg.line([x, top], [x, bottom], grid);
                svg.text([x, bottom + 12.0], Anchor::Middle, 9.5, ink.weak, &text);
            } else {
                let y = bottom - share * side;
                svg.line([left, y], [right, y], grid);
                svg.text([left - 3.0, y + 3.2], Anchor::End, 9.5, ink.weak, &text);
            }
        }
    }
    let name = |i: usize| {
        let share = percent(f64::from(view.axes.explained[i]));
        format!("PC {} ({share} of variance){}", i + 1, marks[i].unit())
    };
    svg.text([left + side / 2.0, bottom + 25.0], Anchor::Middle, 10.0, ink.weak, &name(0));
    svg.text_up([left - 29.0, top + side / 2.0], 10.0, ink.weak, &name(1));
}

/// The marks of a large codebook as a PNG in a data URI.
fn picture(view: &LaneView) -> Result<String, String> {
    data_uri(&image::DynamicImage::from(square_map(view, PIXELS)))
}

/// A picture as a PNG in a data URI.
///
/// # Errors
/// What the encoder reports.
pub fn data_uri(image: &image::DynamicImage) -> Result<String, String> {
    let mut png = std::io::Cursor::new(Vec::new());
    image.write_to(&mut png, image::ImageFormat::Png).map_err(|e| e.to_string())?;
    Ok(format!("data:image/png;base64,{}", STANDARD.encode(png.into_inner())))
}
