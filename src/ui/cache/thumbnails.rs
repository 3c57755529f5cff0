//! Inputs and reconstructions as textures.

use std::sync::Arc;

use egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::record::snapshot::{Pictures, Snapshot};
use crate::scenario::LaneId;
use crate::ui::cache::texture::put;

/// One texture a row: the inputs, lane a, lane b.
#[derive(Default)]
pub struct Thumbnails {
    /// The rows.
    pub rows: [Option<TextureHandle>; 3],
    inputs: Option<Arc<Vec<Vec<u8>>>>,
    generation: u64,
}

impl Thumbnails {
    /// Uploads the pictures of a snapshot unless they are there already.
    pub fn update(&mut self, ctx: &Context, snapshot: &Snapshot, generation: u64) {
        if self.generation == generation {
            return;
        }
        self.generation = generation;
        for lane in &snapshot.lanes {
            let Some(pictures) = &lane.pictures else { continue };
            if lane.id == LaneId::A
                && self.inputs.as_ref().is_none_or(|i| !Arc::ptr_eq(i, &pictures.inputs))
            {
                self.inputs = Some(pictures.inputs.clone());
                let inputs = strip(&pictures.inputs, pictures);
                put(&mut self.rows[0], ctx, "inputs", inputs, TextureOptions::LINEAR);
            }
            let name = format!("reconstructions-{}", lane.id.name());
            let row = &mut self.rows[1 + lane.id.index()];
            put(row, ctx, &name, strip(&pictures.outputs, pictures), TextureOptions::LINEAR);
        }
    }
}

/// Pictures side by side.
fn strip(rows: &[Vec<u8>], pictures: &Pictures) -> ColorImage {
    let (w, h, n) = (pictures.width, pictures.height, rows.len());
    let grey = (0..h)
        .flat_map(|y| rows.iter().flat_map(move |row| row[y * w..(y + 1) * w].iter().copied()));
    ColorImage::from_gray_iter([n * w, h], grey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_side_by_side() {
        let pictures =
            Pictures { step: 0, width: 2, height: 2, inputs: Arc::default(), outputs: Vec::new() };
        let image = strip(&[vec![1, 2, 3, 4], vec![5, 6, 7, 8]], &pictures);
        assert_eq!(image.size, [4, 2]);
        let grey: Vec<u8> = image.pixels.iter().map(egui::Color32::r).collect();
        assert_eq!(grey, [1, 2, 5, 6, 3, 4, 7, 8]);
    }
}
