//! Held-out pictures and what a lane makes of them.

use std::sync::Arc;

use burn::tensor::{ExecutionError, Tensor, TensorData};

use crate::data::{PictureSamples, shown};
use crate::engine::lane::Lane;
use crate::engine::read_back::{host, ints};
use crate::engine::views::passes::HOST_PASS;
use crate::record::snapshot::Pictures;

/// The pictures that a lane is shown with.
pub struct HeldOut {
    samples: Tensor<2>,
    shape: PictureSamples,
    inputs: Arc<Vec<Vec<u8>>>,
}

impl HeldOut {
    /// Those of the lane's data set, where its samples make pictures.
    pub fn new(lane: &Lane) -> Option<Self> {
        let mut shape = lane.data.pictures()?;
        let inputs = Arc::new(assemble(&shape, &shape.samples, lane.data.pixels()));
        let samples = std::mem::take(&mut shape.samples);
        let rows = samples.len() / lane.data.pixels();
        let data = TensorData::new(samples, [rows, lane.data.pixels()]);
        let samples = Tensor::from_data(data, &lane.reader.device);
        Some(Self { samples, shape, inputs })
    }

    /// The same reconstructions beside these inputs, so that equal inputs are held once.
    pub fn beside_own_inputs(&self, pictures: &Pictures) -> Pictures {
        Pictures { inputs: self.inputs.clone(), ..pictures.clone() }
    }

    /// What a lane makes of them after `step` steps.
    ///
    /// # Errors
    /// What the device reports.
    pub fn reconstructed(&self, lane: &Lane, step: u64) -> Result<Pictures, ExecutionError> {
        let Self { samples, shape, inputs } = self;
        let z = lane.encode_in_passes(samples);
        let (index, q) = lane.quantize(&z, &lane.codebook().effective());
        let pass = HOST_PASS * lane.spec.tokens;
        let pixels = host(&lane.in_passes(&q, pass, |q| lane.decode(q)))?;
        let [across, down] = shape.grid;
        let each = across * down * lane.spec.tokens;
        let indices: Vec<u32> = match index {
            Some(index) => {
                ints(Some(index.try_into_data()?))?.into_iter().map(i32::cast_unsigned).collect()
            }
            None => Vec::new(),
        };
        Ok(Pictures {
            step,
            width: shape.width,
            height: shape.height,
            inputs: inputs.clone(),
            outputs: assemble(shape, &pixels, lane.data.pixels()),
            grid: [down, across],
            indices: indices.chunks(each.max(1)).map(<[u32]>::to_vec).collect(),
        })
    }
}

/// Samples (-0.5 to 0.5, row by row) put together to grey pictures.
fn assemble(shape: &PictureSamples, samples: &[f32], pixels: usize) -> Vec<Vec<u8>> {
    let [across, down] = shape.grid;
    let (w, h) = (shape.width / across, shape.height / down);
    let picture = |samples: &[f32]| -> Vec<u8> {
        let mut out = vec![0; shape.width * shape.height];
        for (i, sample) in samples.chunks_exact(pixels).enumerate() {
            let (x0, y0) = (i % across * w, i / across * h);
            for (row, values) in sample.chunks_exact(w).enumerate() {
                let start = (y0 + row) * shape.width + x0;
                let grey = values.iter().map(|&v| shown(v));
                out[start..start + w].iter_mut().zip(grey).for_each(|(o, g)| *o = g);
            }
        }
        debug_assert_eq!(h * down, shape.height);
        out
    };
    samples.chunks_exact(across * down * pixels).map(picture).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patches_come_back_to_their_places() {
        let shape =
            PictureSamples { count: 1, width: 4, height: 2, grid: [2, 1], samples: Vec::new() };
        let samples = [-0.5, 0.5, -0.3, -0.1, 0.1, 0.3, f32::NAN, 2.0];
        let pictures = assemble(&shape, &samples, 4);
        assert_eq!(pictures, [[0, 255, 153, 204, 51, 102, 0, 255]]);
    }
}
