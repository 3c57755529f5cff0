//! Nearest code: for each latent vector the code at the least squared L2 distance.
//!
//! The search needs no gradient, and neither on the CPU nor on a GPU an N x K matrix is ever
//! written: there is a running minimum for each row. `kernel` walks plain slices with the widest
//! registers of the processor, `gpu` has kernels for any graphics adapter.
//!
//! On the CPU a tile of rows is transposed, times -2, so that each register holds the same number of
//! neighbouring rows; a kernel multiplies it with the numbers of a few codes, read where they lie, and
//! keeps sums, minima and their codes in registers. Codes are walked in blocks that stay in the
//! second-level cache while all rows of a task pass over them. Nothing of size K·d is copied.

mod gpu;
mod kernel;
mod portable;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod simd;

use burn::tensor::{Int, Tensor, TensorData};

pub use kernel::{fastest, is_small, kernels, nearest, nearest_with_distance, search};

/// How to search on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// On the host; the tensors live in host memory anyway.
    Host,
    /// With kernels of our own on the device.
    Device,
}

impl Search {
    /// Index in 0..K of the code nearest to each row: `z` is N x d, `codes` is K x d, both
    /// without autodiff; the result has N entries. Ties go to the lowest index.
    ///
    /// Both are taken, because a tensor that nobody else holds is read where it lies.
    pub fn nearest(self, z: Tensor<2>, codes: Tensor<2>) -> Tensor<1, Int> {
        match self {
            Self::Host => on_host(z, codes),
            Self::Device => gpu::nearest(z, codes),
        }
    }
}

/// Squared distance |z-q|² of each row of `z` from the code `q` that [`Search::nearest`] found for it,
/// both N x d on any device: N x 1.
///
/// It is taken from the rows themselves, as in [`nearest_with_distance`].
pub fn distance(z: Tensor<2>, q: Tensor<2>) -> Tensor<2> {
    (z - q).square().sum_dim(1)
}

fn on_host(z: Tensor<2>, codes: Tensor<2>) -> Tensor<1, Int> {
    let device = z.device();
    Tensor::from_data(of_data(&z.into_data(), &codes.into_data()), &device)
}

/// [`nearest`] of N x d and K x d numbers as they came from tensors.
fn of_data(z: &TensorData, codes: &TensorData) -> TensorData {
    const FLOATS: &str = "devices compute in 32-bit floats";
    let (n, dim) = (z.shape()[0], z.shape()[1]);
    let index = nearest(z.as_slice().expect(FLOATS), codes.as_slice().expect(FLOATS), dim);
    TensorData::new(index, [n])
}

#[cfg(test)]
mod tests;
