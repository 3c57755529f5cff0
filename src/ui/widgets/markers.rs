//! The marks of codes: a disc, a ring and a cross in one texture.

use egui::{
    Color32, ColorImage, Context, Mesh, Rect, TextureHandle, TextureId, TextureOptions, pos2,
};

use crate::figure::scene::{ARM, HOLE};

/// A texture with a disc, a ring and a cross, which a mesh scales and colours: two triangles a code.
#[derive(Default)]
pub struct Markers(Option<TextureHandle>);

/// The shape of a marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marker {
    /// Filled: a code in use, an encoder output.
    Disc,
    /// Hollow: a code that never was in use, or of which only that is known that it is not.
    Ring,
    /// A code that fell out of use.
    Cross,
}

/// Markers in the texture, side by side.
const MARKERS: usize = 3;

/// Pixels of one marker in the texture.
const SIDE: usize = 32;

impl Markers {
    /// The texture.
    pub fn texture(&mut self, ctx: &Context) -> TextureId {
        self.0
            .get_or_insert_with(|| {
                ctx.load_texture("markers", draw_markers(), TextureOptions::LINEAR)
            })
            .id()
    }
}

fn draw_markers() -> ColorImage {
    let pixel = |i: usize| -> Color32 {
        let (x, y) = (i % (MARKERS * SIDE), i / (MARKERS * SIDE));
        let (dx, dy) = ((x % SIDE) as f32 + 0.5 - 16.0, y as f32 + 0.5 - 16.0);
        let r = dx.hypot(dy);
        let outside = 14.5 - r;
        let coverage = match x / SIDE {
            0 => outside,
            1 => outside.min(r - 14.5 * HOLE),
            // Distance from the nearer of two diagonals.
            _ => outside.min(14.5 * ARM - (dx.abs() - dy.abs()).abs() / f32::sqrt(2.0)),
        };
        Color32::WHITE.gamma_multiply((coverage + 0.5).clamp(0.0, 1.0))
    };
    ColorImage::new([MARKERS * SIDE, SIDE], (0..MARKERS * SIDE * SIDE).map(pixel).collect())
}

impl Marker {
    /// Adds the marker to a mesh of the markers' texture.
    pub fn add(self, mesh: &mut Mesh, centre: egui::Pos2, radius: f32, color: Color32) {
        // The disc fills 29 of 32 pixels.
        let half = egui::Vec2::splat(radius * 16.0 / 14.5);
        let [from, to] = [self as usize, self as usize + 1].map(|n| n as f32 / MARKERS as f32);
        let uv = Rect::from_min_max(pos2(from, 0.0), pos2(to, 1.0));
        mesh.add_rect_with_uv(Rect::from_min_max(centre - half, centre + half), uv, color);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_is_hollow_a_disc_is_not_and_a_cross_is_open_at_its_sides() {
        let image = draw_markers();
        let at = |x: usize, y: usize| image.pixels[y * MARKERS * SIDE + x].a();
        assert_eq!((at(80, 16), at(72, 8), at(88, 24)), (255, 255, 255));
        assert_eq!((at(68, 16), at(80, 4), at(64, 0)), (0, 0, 0));
        assert_eq!((at(16, 16), at(48, 16)), (255, 0));
        assert_eq!((at(27, 16), at(59, 16)), (255, 255));
        assert_eq!((at(0, 0), at(32, 0)), (0, 0));
    }
}
