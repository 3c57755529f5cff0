//! Nearest code: for each latent vector the code at the least squared L2 distance.
//!
//! The search needs no gradient, and neither on the CPU nor on a GPU an N x K matrix is ever
//! written: there is a running minimum for each row. `kernel` walks plain slices with the widest
//! registers of the processor, `gpu` has kernels for any graphics adapter.
//!
//! On the CPU a tile of rows is transposed, times -2, so that each register holds the same number of
//! neighbouring rows; a kernel multiplies it with the numbers of a few codes, read where they lie, and
//! keeps sums, minima and their codes in registers. Codes are walked in blocks that stay in the
//! second-level cache while all rows of a task pass over them. Nothing of size K·d is copied: codes
//! are read where their tensor holds them.

mod gpu;
mod kernel;
mod portable;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod simd;
mod tile;

use burn::tensor::Tensor;

pub use gpu::nearest as nearest_codes;
pub(in crate::model) use gpu::{Found, UNITS, empty, found, grid, least_of_ranges};
pub use kernel::{
    fastest, is_small, kernel_names, kernels, nearest, nearest_with_distance, search,
};

/// Where nearest codes are searched, and so who may work beside whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// On the host, whose threads may share work out.
    Host,
    /// With kernels of our own on the device, whose tensors stay with one thread.
    Device,
}

/// Squared distance |z-q|² of each row of `z` from the code `q` that [`nearest_codes`] found for it,
/// both N x d on any device: N x 1.
///
/// It is taken from the rows themselves, as in [`nearest_with_distance`].
pub fn distance(z: Tensor<2>, q: Tensor<2>) -> Tensor<2> {
    (z - q).square().sum_dim(1)
}

#[cfg(test)]
mod tests;
