//! Textures and meshes made from the newest picture, kept until the next one.

use std::sync::Arc;

use egui::{
    Color32, ColorImage, Context, Mesh, Rect, TextureHandle, TextureId, TextureOptions, pos2,
};

use crate::figure::camera::Camera;
use crate::figure::columns::Columns;
use crate::scenario::LaneId;
use crate::ui::cache::painter::{Look, Painter, Square};
use crate::ui::panes::recon::Thumbnails;

/// Everything that is drawn from a picture and must not be made anew in every frame.
#[derive(Default)]
pub struct Views {
    /// Discs and rings for codes.
    pub markers: Markers,
    /// The code maps of both lanes.
    pub maps: [Cached; 2],
    /// Zoom and shift of both maps.
    pub cameras: [Camera; 2],
    /// Makes pictures of large codebooks.
    pub painter: Painter<Look>,
    /// The newest of them.
    pub large_maps: [Option<TextureHandle>; 2],
    /// Curves of movement and shares of codes that moved, with the count of pictures.
    pub movement: Option<(u64, Vec<Movement>)>,
    /// Makes squares of uses.
    pub use_painter: Painter<Square>,
    /// The newest of them.
    pub squares: [Option<TextureHandle>; 2],
    /// Counts behind the usage bars of small codebooks, with the count of pictures.
    pub columns: [Option<(u64, Arc<Columns>)>; 2],
    /// The usage bars of both lanes.
    pub usage: [Cached; 2],
    /// Inputs and reconstructions.
    pub thumbnails: Thumbnails,
}

/// Puts pixels into a texture, which is made with the first of them.
pub fn put(
    texture: &mut Option<TextureHandle>,
    ctx: &Context,
    name: &str,
    image: ColorImage,
    options: TextureOptions,
) {
    match texture {
        Some(texture) => texture.set(image, options),
        None => *texture = Some(ctx.load_texture(name, image, options)),
    }
}

/// A lane, its codes from the fastest to the slowest, and the share that moved.
pub type Movement = (LaneId, Vec<[f64; 2]>, f64);

/// A mesh with what it was made for.
#[derive(Default)]
pub struct Cached(Option<(Key, Arc<Mesh>)>);

/// What a mesh depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// Count of pictures.
    pub generation: u64,
    /// Where it is drawn.
    pub rect: Rect,
    /// Theme and switches.
    pub look: u32,
    /// Zoom and shift.
    pub camera: Camera,
}

impl Cached {
    /// The mesh for `key`, made now if it was made for something else.
    pub fn get(&mut self, key: Key, make: impl FnOnce() -> Mesh) -> Arc<Mesh> {
        match &self.0 {
            Some((known, mesh)) if *known == key => mesh.clone(),
            _ => {
                let mesh = Arc::new(make());
                self.0 = Some((key, mesh.clone()));
                mesh
            }
        }
    }
}

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
            1 => outside.min(r - 8.5),
            // Distance from the nearer of two diagonals.
            _ => outside.min(3.2 - (dx.abs() - dy.abs()).abs() / f32::sqrt(2.0)),
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

    #[test]
    fn a_mesh_is_made_once_for_a_key() {
        let mut cached = Cached::default();
        let key = Key { generation: 1, rect: Rect::ZERO, look: 0, camera: Camera::default() };
        let first = cached.get(key, Mesh::default);
        let again = cached.get(key, || panic!("made again"));
        assert!(Arc::ptr_eq(&first, &again));
        let next = cached.get(Key { generation: 2, ..key }, Mesh::default);
        assert!(!Arc::ptr_eq(&first, &next));
    }
}
