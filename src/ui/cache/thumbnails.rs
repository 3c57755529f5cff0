//! Inputs and reconstructions as textures.

use std::sync::Arc;

use egui::{Context, TextureHandle, TextureOptions};

use crate::palette::{Palette, Shade};
use crate::record::snapshot::{Pictures, Snapshot};
use crate::scenario::LaneId;
use crate::ui::cache::rows;
use crate::ui::cache::texture::put;

/// One texture a row: the inputs, lane a, lane b.
#[derive(Default)]
pub struct Thumbnails {
    /// The rows.
    pub rows: [Option<TextureHandle>; 3],
    inputs: Option<Arc<Vec<Vec<u8>>>>,
    /// The pictures that they are of, and how they are drawn.
    of: Option<([Option<Arc<Pictures>>; 2], RowsLook)>,
}

/// How the rows are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RowsLook {
    /// Whether each part has the colour of its code.
    pub has_places: bool,
    /// Whether they show how far reconstructions are off.
    pub is_difference: bool,
    /// The code that is lit.
    pub lit: Option<(LaneId, usize)>,
    /// The theme.
    pub shade: Shade,
}

impl Thumbnails {
    /// Uploads the pictures of a snapshot unless they are there already.
    pub fn update(&mut self, ctx: &Context, snapshot: &Snapshot, look: RowsLook, p: &Palette) {
        // Reconstructions are made more seldom than snapshots.
        let pictures = [LaneId::A, LaneId::B].map(|id| {
            let lane = snapshot.lanes.iter().find(|lane| lane.id == id);
            lane.and_then(|lane| lane.pictures.clone())
        });
        let are_same = |known: &[Option<Arc<Pictures>>; 2]| {
            known.iter().zip(&pictures).all(|pair| match pair {
                (Some(known), Some(new)) => Arc::ptr_eq(known, new),
                (None, None) => true,
                _ => false,
            })
        };
        if self.of.as_ref().is_some_and(|(known, how)| *how == look && are_same(known)) {
            return;
        }
        let was_difference = self.of.as_ref().is_some_and(|(_, look)| look.is_difference);
        self.of = Some((pictures, look));
        if was_difference != look.is_difference {
            self.inputs = None;
        }
        for lane in &snapshot.lanes {
            let Some(pictures) = &lane.pictures else { continue };
            if lane.id == LaneId::A
                && self.inputs.as_ref().is_none_or(|i| !Arc::ptr_eq(i, &pictures.inputs))
            {
                self.inputs = Some(pictures.inputs.clone());
                let inputs = rows::grey(pictures, &pictures.inputs);
                put(&mut self.rows[0], ctx, "inputs", inputs, TextureOptions::LINEAR);
            }
            let name = format!("reconstructions-{}", lane.id.name());
            let row = &mut self.rows[1 + lane.id.index()];
            let lit = look.lit.filter(|(id, _)| *id == lane.id).map(|(_, code)| code);
            // A code of the other lane leaves none of this one lit.
            let lit = lit.or(look.lit.map(|_| usize::MAX));
            let (image, options) = match look {
                RowsLook { is_difference: true, .. } => {
                    (rows::errors(pictures, p.lane(lane.id), p), TextureOptions::NEAREST)
                }
                RowsLook { has_places: true, shade, .. } if !pictures.indices.is_empty() => {
                    (rows::places(lane, pictures, lit, shade.is_dark), TextureOptions::NEAREST)
                }
                _ => (rows::grey(pictures, &pictures.outputs), TextureOptions::LINEAR),
            };
            put(row, ctx, &name, image, options);
        }
        let both: Vec<&Pictures> =
            snapshot.lanes.iter().filter_map(|lane| lane.pictures.as_deref()).collect();
        if let (true, [a, b]) = (look.is_difference, &both[..]) {
            let colors = [LaneId::A, LaneId::B].map(|id| p.lane(id));
            let image = rows::farther([a, b], colors, p);
            put(&mut self.rows[0], ctx, "inputs", image, TextureOptions::NEAREST);
            self.inputs = None;
        }
    }
}
