//! Textures and meshes made from the newest picture, kept until the next one.

use std::sync::Arc;

use egui::TextureHandle;

use crate::figure::camera::Camera;
use crate::figure::columns::Columns;
use crate::scenario::LaneId;
use crate::ui::cache::mesh::Cached;
use crate::ui::cache::painter::{Look, Painter, Square};
use crate::ui::cache::thumbnails::Thumbnails;
use crate::ui::widgets::markers::Markers;

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

/// A lane, its codes from the fastest to the slowest, and the share that moved.
pub type Movement = (LaneId, Vec<[f64; 2]>, f64);
