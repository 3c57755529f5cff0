//! What the axes of a map are fitted to.

use burn::tensor::{ExecutionError, Tensor};

use crate::engine::lane::Lane;
use crate::engine::moments::moments;
use crate::math::pca::{Basis, Moments, principal_stds};
use crate::math::spectrum;

/// Axes for a lane whose codes have these moments: those of the plane itself where codes and samples lie
/// in one.
pub(super) fn basis_of(lane: &Lane, moments: &Moments) -> Basis {
    if lane.spec.is_plane() { Basis::coordinates(moments) } else { Basis::of(moments) }
}

/// Moments of the way from the first step to the last at which the map's room for it is measured.
const WAY: u64 = 8;

/// Corners of the plane that samples pass on their way, where they move and are their own encodings: a
/// map that shows all of the way from the first step on stands still.
pub(super) fn way(lane: &Lane, basis: &Basis) -> Result<Vec<[f32; 2]>, ExecutionError> {
    if !lane.data.moves() || !lane.spec.is_plane() {
        return Ok(Vec::new());
    }
    let mut corners = Vec::new();
    for i in 0..=WAY {
        let there = basis.project(&lane.latents_host(i * lane.spec.path.steps / WAY)?);
        for of in [f32::min, f32::max] {
            let far = there.iter().copied().reduce(|a, b| [of(a[0], b[0]), of(a[1], b[1])]);
            corners.extend(far);
        }
    }
    Ok(corners)
}

/// Moments of E (K x d), or of the encodings of a lane whose codes nothing moves.
pub(super) fn aim_of(
    lane: &Lane,
    codes: &Tensor<2>,
    latents: &[f32],
) -> Result<Moments, ExecutionError> {
    if lane.spec.fixed.is_some() {
        return Ok(Moments::of(latents, lane.spec.dim));
    }
    moments(codes)
}

/// Standard deviations of points along their principal axes, largest first.
pub(super) fn stds(moments: &Moments) -> Vec<f32> {
    let dim = moments.mean.len();
    let spread = spectrum::scatter_eigenvalues(&moments.scatter, dim);
    spread.into_iter().map(|v| (v / moments.count).sqrt() as f32).collect()
}

pub(super) fn latent_stds(latents: &[f32], dim: usize) -> Vec<f32> {
    principal_stds(latents, dim).into_iter().map(|s| s as f32).collect()
}
