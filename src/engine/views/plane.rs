//! Codes in the plane of two axes.

use burn::tensor::{ExecutionError, Tensor, TensorData};

use crate::engine::lane::Lane;
use crate::engine::read_back::host;
use crate::math::movement::square_distance;
use crate::math::pca::Basis;
use crate::model::Codebook;
use crate::model::nearest::distance;

/// Where the codes of a small codebook were some steps ago on two axes, and how many.
pub(super) fn tails(lane: &Lane, basis: &Basis) -> Result<(u64, Vec<[f32; 2]>), ExecutionError> {
    match lane.past.oldest() {
        Some((steps, codes)) if steps > 1 => Ok((steps as u64, basis.project(&host(codes)?))),
        _ => Ok((0, Vec::new())),
    }
}

/// Squared distances of codes, which lie on two axes as given, from the plane of these through the mean of
/// the encodings: |e-m|² less what of it lies in the plane. Nothing where there is no more than a plane.
pub(super) fn off_plane(
    lane: &Lane,
    (codes, on_host): (&Tensor<2>, Option<&[f32]>),
    basis: &Basis,
    along: &[[f32; 2]],
    latents: &[f32],
) -> Result<Vec<f32>, ExecutionError> {
    if lane.spec.is_plane() {
        return Ok(Vec::new());
    }
    let dim = lane.spec.dim;
    let mut sums = vec![0.0_f64; dim];
    for row in latents.chunks_exact(dim) {
        sums.iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
    }
    let count = (latents.len() / dim).max(1) as f64;
    let mean: Vec<f32> = sums.into_iter().map(|sum| (sum / count) as f32).collect();
    let there = basis.project(&mean);
    let [Some(x), Some(y)] = [0, 1].map(|i| there.first().map(|at| at[i])) else {
        return Ok(Vec::new());
    };
    let away = match on_host {
        Some(codes) => codes.chunks_exact(dim).map(|code| square_distance(code, &mean)).collect(),
        None => {
            let mean = Tensor::from_data(TensorData::new(mean, [1, dim]), &codes.device());
            host(&distance(codes.clone(), mean))?
        }
    };
    let within = |at: &[f32; 2]| (at[0] - x).powi(2) + (at[1] - y).powi(2);
    Ok(away.iter().zip(along).map(|(away, at)| (away - within(at)).max(0.0)).collect())
}

/// Coordinates of the codes on two axes: a product on the device, so that K x 2 numbers and not
/// K x d come to the host for each picture.
pub(super) fn project(codebook: &Codebook, basis: &Basis) -> Result<Vec<[f32; 2]>, ExecutionError> {
    let (codes, [_, dim]) = (codebook.codes(), codebook.dims());
    let axes = (0..2 * dim).map(|i| basis.axes[i % 2][i / 2] as f32).collect();
    let axes = Tensor::<2>::from_data(TensorData::new::<f32, _>(axes, [dim, 2]), &codes.device());
    let along = host(&codebook.projected(axes))?;
    Ok(along.as_chunks::<2>().0.to_vec())
}
