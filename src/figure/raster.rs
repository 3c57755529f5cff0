//! Maps and usage of codebooks that are too large for one shape a code: pictures made once for a
//! snapshot and a view, and an index that finds the code under the pointer.

use ecolor::Color32;
use emath::{Pos2, Rect, Vec2, lerp};

use crate::figure::camera::{Camera, Scale};
use crate::figure::layers::{Lit, lights};
use crate::figure::scene::{Colors, Kind, Mark, Marking, RIM_WIDTH};
use crate::record::snapshot::LaneView;

/// Side in points of a cell of the index; the reach of the pointer.
const CELL: f32 = 12.0;

/// A picture, row by row.
pub struct Pixels {
    /// Width and height.
    pub size: [usize; 2],
    /// Premultiplied colours, width x height.
    pub pixels: Vec<Color32>,
}

impl Pixels {
    fn new(size: [usize; 2], pixels: Vec<Color32>) -> Self {
        Self { size, pixels }
    }
}

/// A map as pixels on a transparent ground, `pixels_per_point` fine.
pub fn map(view: &LaneView, scale: &Scale, pixels_per_point: f32, colors: Colors) -> Pixels {
    // Of millions of codes no list of marks is made.
    let marking = Marking::new(view, scale);
    let codes = (0..view.codes.len()).map(|code| marking.code(code));
    paint(codes.chain(marking.outputs()), scale.plot, pixels_per_point, colors)
}

/// Marks of a plot as pixels.
///
/// Each mark adds to the density of its pixel and, less, of its neighbours; a pixel's opacity is
/// 1 - exp(-density), so that single codes show and crowds do not burst. Codes in use lie over those
/// that fell out of use, these over those that never were, encoder outputs over these, and over all
/// the few codes in use of many.
pub fn paint(
    marks: impl IntoIterator<Item = Mark>,
    plot: Rect,
    pixels_per_point: f32,
    colors: Colors,
) -> Pixels {
    let size = (plot.size() * pixels_per_point).round().max(Vec2::splat(1.0));
    let (width, height) = (size.x as usize, size.y as usize);
    let mut density = [(); 6].map(|()| vec![0.0_f32; width * height]);
    for mark in marks {
        let layer = match mark.kind {
            Kind::Never => 0,
            Kind::FellOut => 1,
            Kind::Used => 2,
            Kind::Output => 3,
            Kind::Rare => 5,
        };
        let at = (mark.at - plot.min) * pixels_per_point;
        if mark.kind == Kind::Rare {
            let radius = (mark.radius + RIM_WIDTH) * pixels_per_point;
            splat(&mut density[4], width, height, at, radius);
        }
        splat(&mut density[layer], width, height, at, mark.radius * pixels_per_point);
    }
    let [dead, fallen, alive, latents, rims, rare] = density;
    // From the lowest to the highest; what has nothing at a pixel, as most do, changes nothing there.
    let over = [
        (fallen, colors.fallen, 0.85, 1.0),
        (alive, colors.alive, 1.0, 1.0),
        (latents, colors.latent, 0.9, 0.8),
        (rims, colors.rim, 1.0, 1.0),
        (rare, colors.alive, 1.0, 1.0),
    ];
    let cover = |density: f32, strength: f32| 1.0 - (-strength * density).exp();
    let pixel = |i: usize| -> Color32 {
        let mut color = match dead[i] {
            0.0 => Color32::TRANSPARENT,
            density => colors.dead.gamma_multiply(cover(density, 0.7)),
        };
        for (density, of, strength, opacity) in &over {
            if density[i] > 0.0 {
                color = blend(color, *of, opacity * cover(density[i], *strength));
            }
        }
        color
    };
    Pixels::new([width, height], (0..width * height).map(pixel).collect())
}

/// Lights of codes as pixels on a transparent ground: the more of them lie over each other, the stronger;
/// `strengths` of one that is not pale, and of one that is.
pub fn glow(
    view: &LaneView,
    (scale, pixels_per_point): (&Scale, f32),
    lit: Lit,
    color: Color32,
    strengths: [f32; 2],
) -> Pixels {
    let size = (scale.plot.size() * pixels_per_point).round().max(Vec2::splat(1.0));
    let (width, height) = (size.x as usize, size.y as usize);
    let mut density = [(); 2].map(|()| vec![0.0_f32; width * height]);
    for light in lights(view, scale, lit) {
        let at = (light.at - scale.plot.min) * pixels_per_point;
        let layer = &mut density[usize::from(light.is_pale)];
        splat(layer, width, height, at, light.radius * pixels_per_point);
    }
    let [strong, pale] = density;
    let pixel = |i: usize| {
        let density = strengths[0] * strong[i] + strengths[1] * pale[i];
        color.gamma_multiply(1.0 - (-density).exp())
    };
    Pixels::new([width, height], (0..width * height).map(pixel).collect())
}

/// The whole map of a lane as a square picture of `side` pixels on a transparent ground, in colours
/// that stand out on light and on dark.
pub fn square_map(view: &LaneView, side: u32) -> image::RgbaImage {
    let plot = Rect::from_min_size(Pos2::ZERO, Vec2::splat(side as f32));
    let scale = Scale::new(plot, view.axes.reach(), &Camera::default());
    let image = map(view, &scale, 1.0, Colors::on_any_ground(view.id));
    let pixels: Vec<u8> = image.pixels.iter().flat_map(Color32::to_srgba_unmultiplied).collect();
    image::RgbaImage::from_raw(side, side, pixels).unwrap_or_default()
}

/// Adds a disc with a soft rim; the least is about two pixels wide.
fn splat(layer: &mut [f32], width: usize, height: usize, at: Vec2, radius: f32) {
    if !at.is_finite() {
        return;
    }
    let reach = radius.max(1.0);
    let (x0, x1) = ((at.x - reach).floor() as i64, (at.x + reach).ceil() as i64);
    let (y0, y1) = ((at.y - reach).floor() as i64, (at.y + reach).ceil() as i64);
    for y in y0.max(0)..y1.min(height as i64) {
        for x in x0.max(0)..x1.min(width as i64) {
            let from = Vec2::new(x as f32 + 0.5, y as f32 + 0.5) - at;
            let rim = if reach > 2.0 { reach } else { 1.0 + 0.5 * reach };
            // As `length()`, less its care for numbers that no screen has, which took half the time.
            let weight = (rim - from.length_sq().sqrt()).clamp(0.0, 1.0);
            // A large disc is meant to be opaque.
            layer[y as usize * width + x as usize] +=
                if reach > 2.0 { 4.0 * weight } else { weight };
        }
    }
}

/// `over` with an opacity from 0 to 1 on `under`, premultiplied.
fn blend(under: Color32, over: Color32, opacity: f32) -> Color32 {
    let over = over.gamma_multiply(opacity);
    let keep = 1.0 - f32::from(over.a()) / 255.0;
    let channel = |o: u8, u: u8| (f32::from(o) + keep * f32::from(u)).round().min(255.0) as u8;
    Color32::from_rgba_premultiplied(
        channel(over.r(), under.r()),
        channel(over.g(), under.g()),
        channel(over.b(), under.b()),
        channel(over.a(), under.a()),
    )
}

/// Use of all codes in a square, row by row: one pixel a code, or the mean of the codes that share
/// a pixel where the square has fewer than K. Opacity grows with the logarithm of the uses.
pub fn usage_square(counts: &[u32], most: u32, side: usize, color: Color32) -> Pixels {
    let across = (counts.len() as f64).sqrt().ceil().max(1.0) as usize;
    let side = side.clamp(1, across);
    let top = (1.0 + most as f32).ln().max(f32::MIN_POSITIVE);
    let mut sums = vec![(0.0_f32, 0_u32); side * side];
    for (code, &n) in counts.iter().enumerate() {
        let (x, y) = (code % across * side / across, code / across * side / across);
        let sum = &mut sums[y * side + x];
        *sum = (sum.0 + (1.0 + n as f32).ln() / top, sum.1 + 1);
    }
    let pixel = |&(sum, number): &(f32, u32)| match number {
        0 => Color32::TRANSPARENT,
        _ if sum == 0.0 => color.gamma_multiply(0.06),
        _ => color.gamma_multiply(lerp(0.2..=1.0, (sum / number as f32).min(1.0))),
    };
    Pixels::new([side, side], sums.iter().map(pixel).collect())
}

/// Codes by their place on the screen.
pub struct Finder {
    scale: Scale,
    across: usize,
    down: usize,
    /// Where the codes of each cell start in `codes`.
    starts: Vec<u32>,
    codes: Vec<u32>,
}

impl Finder {
    /// An index of the codes that can be seen.
    pub fn new(view: &LaneView, scale: &Scale) -> Self {
        let cells = |length: f32| (length / CELL).ceil().max(1.0) as usize;
        let (across, down) = (cells(scale.plot.width()), cells(scale.plot.height()));
        let cell = |at: [f32; 2]| -> Option<usize> {
            let at = scale.at(at);
            scale.plot.contains(at).then(|| {
                let from = (at - scale.plot.min) / CELL;
                (from.y as usize).min(down - 1) * across + (from.x as usize).min(across - 1)
            })
        };
        let cells: Vec<Option<usize>> = view.codes.iter().map(|&at| cell(at)).collect();
        let mut starts = vec![0_u32; across * down + 1];
        cells.iter().flatten().for_each(|&cell| starts[cell + 1] += 1);
        (1..starts.len()).for_each(|i| starts[i] += starts[i - 1]);
        let mut next = starts.clone();
        let mut codes = vec![0; starts[across * down] as usize];
        for (code, cell) in cells.iter().enumerate().filter_map(|(i, c)| Some((i, (*c)?))) {
            codes[next[cell] as usize] = code as u32;
            next[cell] += 1;
        }
        Self { scale: *scale, across, down, starts, codes }
    }

    /// The code nearest to a place on the screen, within reach.
    pub fn code_at(&self, view: &LaneView, pointer: Pos2) -> Option<(usize, Pos2)> {
        if !self.scale.plot.contains(pointer) {
            return None;
        }
        let from = (pointer - self.scale.plot.min) / CELL;
        let near = |center: f32, most: usize| {
            let center = center as usize;
            center.saturating_sub(1)..(center + 2).min(most)
        };
        let rows = near(from.y, self.down);
        rows.flat_map(|y| near(from.x, self.across).map(move |x| y * self.across + x))
            .flat_map(|cell| {
                &self.codes[self.starts[cell] as usize..self.starts[cell + 1] as usize]
            })
            .map(|&code| (code as usize, self.scale.at(view.codes[code as usize])))
            .filter(|(_, at)| at.distance(pointer) <= CELL)
            .min_by(|a, b| a.1.distance_sq(pointer).total_cmp(&b.1.distance_sq(pointer)))
    }
}

#[cfg(test)]
mod tests {
    use emath::{pos2, vec2};

    use super::*;
    use crate::scenario::LaneId;
    use crate::ui::fixture;

    fn scene() -> (LaneView, Scale) {
        let state = fixture::collapse();
        let view = state.run.lane(LaneId::B).unwrap().clone();
        let plot = Rect::from_min_size(pos2(30.0, 20.0), vec2(240.0, 180.0));
        let scale = Scale::new(plot, view.axes.reach(), &Camera::default());
        (view, scale)
    }

    #[test]
    fn the_index_finds_what_a_search_of_all_codes_finds() {
        let (view, scale) = scene();
        let finder = Finder::new(&view, &scale);
        let mut found = 0;
        for i in 0..400 {
            let pointer = pos2(30.0 + (i * 37 % 240) as f32, 20.0 + (i * 53 % 180) as f32);
            let near = |code: &usize| scale.at(view.codes[*code]).distance(pointer);
            let best = (0..view.codes.len())
                .filter(|code| scale.plot.contains(scale.at(view.codes[*code])))
                .min_by(|a, b| near(a).total_cmp(&near(b)))
                .filter(|code| near(code) <= CELL);
            let got = finder.code_at(&view, pointer);
            assert_eq!(got.map(|(code, _)| near(&code)), best.map(|code| near(&code)));
            found += usize::from(best.is_some());
        }
        assert!(found > 100, "the test must find something: {found}");
    }

    #[test]
    fn a_picture_shows_codes_where_they_are() {
        let (mut view, scale) = scene();
        view.latents.clear();
        view.codes = vec![[0.0, 0.0], [1.0, 0.5], [-1.0, 0.5]];
        view.window_counts = vec![0, 9, 0];
        view.ever_used = vec![false, true, true];
        let (alive, fallen) = (Color32::RED, Color32::YELLOW);
        let (dead, latent, rim) = (Color32::BLUE, Color32::GREEN, Color32::WHITE);
        let colors = Colors { alive, fallen, dead, latent, rim };
        let image = map(&view, &scale, 2.0, colors);
        assert_eq!(image.size, [480, 360]);
        let at = |p: [f32; 2]| {
            let at = (scale.at(p) - scale.plot.min) * 2.0;
            image.pixels[at.y as usize * 480 + at.x as usize]
        };
        assert!(at([0.0, 0.0]).b() > 100 && at([0.0, 0.0]).r() == 0);
        assert!(at([1.0, 0.5]).r() > 100 && at([1.0, 0.5]).b() == 0 && at([1.0, 0.5]).g() == 0);
        assert!(at([-1.0, 0.5]).r() > 100 && at([-1.0, 0.5]).g() > 100);
        assert_eq!(at([-1.0, -0.5]), Color32::TRANSPARENT);
    }

    #[test]
    fn codes_of_a_picture_are_lit_where_they_are() {
        let (mut view, scale) = scene();
        view.codes = vec![[0.0, 0.0], [1.0, 0.5]];
        view.window_counts = vec![0, 9];
        let image = glow(&view, (&scale, 1.0), Lit::Dead, Color32::RED, [0.5, 0.1]);
        let at = |p: [f32; 2]| {
            let at = scale.at(p) - scale.plot.min;
            image.pixels[at.y as usize * image.size[0] + at.x as usize]
        };
        assert!(at([0.0, 0.0]).a() > 100);
        assert_eq!(at([1.0, 0.5]), Color32::TRANSPARENT);
    }

    #[test]
    fn a_square_map_is_opaque_where_codes_are_and_nowhere_else() {
        let (mut view, _) = scene();
        view.latents.clear();
        view.codes = vec![[0.0, 0.0], [0.5 * view.axes.extent, 0.0]];
        view.window_counts = vec![3, 0];
        view.ever_used = vec![true, false];
        let image = square_map(&view, 100);
        assert!(image.get_pixel(50, 50)[3] > 200 && image.get_pixel(75, 50)[3] > 60);
        assert_eq!(image.get_pixel(10, 10)[3], 0);
    }

    #[test]
    fn a_square_has_one_pixel_a_code_or_the_mean_of_several() {
        let counts = [0, 1, 9, 99];
        let image = usage_square(&counts, 99, 50, Color32::WHITE);
        assert_eq!(image.size, [2, 2]);
        let a: Vec<u8> = image.pixels.iter().map(Color32::a).collect();
        assert!(a[0] < a[1] && a[1] < a[2] && a[2] < a[3] && a[3] == 255, "{a:?}");
        assert_eq!(usage_square(&counts, 99, 1, Color32::WHITE).size, [1, 1]);
    }
}
