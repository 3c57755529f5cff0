//! Nearest code: for each latent vector the code at the least squared L2 distance.
//!
//! The search needs no gradient. On the CPU it runs on plain slices, tile by tile with a running
//! minimum, so that no N x K matrix is ever written; on a GPU it runs on tiles of rows.

use burn::tensor::{Device, Int, Tensor, TensorData};
use pulp::{Arch, Simd, WithSimd};
use rayon::prelude::*;

/// Vectors of codes whose distances are computed together.
const VECTORS: usize = 2;

/// Latent vectors that share each load of a block of codes: with two vectors each, twelve running
/// sums, which fit the sixteen registers of AVX2 with a pair of codes and a latent value.
const ROWS: usize = 6;

/// Elements of the largest tile of distances on a GPU.
const GPU_TILE: usize = 1 << 22;

/// How to search on a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Search {
    /// On the host; the tensors live in host memory anyway.
    Host,
    /// With the device's own matrix product and argmin.
    Device,
}

impl Search {
    /// Index in 0..K of the code nearest to each row: `z` is N x d, `codes` is K x d, both
    /// without autodiff; the result has N entries. Ties go to the lowest index on the host.
    pub fn nearest(self, z: &Tensor<2>, codes: &Tensor<2>) -> Tensor<1, Int> {
        match self {
            Search::Host => on_host(z, codes),
            Search::Device => on_device(z, codes),
        }
    }
}

fn on_host(z: &Tensor<2>, codes: &Tensor<2>) -> Tensor<1, Int> {
    let [n, dim] = z.dims();
    let device: Device = z.device();
    let (z, codes) = (host_vec(z), host_vec(codes));
    let index = nearest(&z, &codes, dim);
    Tensor::from_data(TensorData::new(index, [n]), &device)
}

fn host_vec(t: &Tensor<2>) -> Vec<f32> {
    t.to_data().try_into_vec().expect("the device computes in 32-bit floats")
}

fn on_device(z: &Tensor<2>, codes: &Tensor<2>) -> Tensor<1, Int> {
    let ([n, _], [k, _]) = (z.dims(), codes.dims());
    // |z|² is the same for all codes of a row and is left out.
    let norms = codes.clone().square().sum_dim(1).transpose(); // [1, K]
    let transposed = codes.clone().transpose(); // [d, K]
    let tile = (GPU_TILE / k).clamp(1, n);
    let tiles = (0..n)
        .step_by(tile)
        .map(|start| {
            let rows = z.clone().slice([start..(start + tile).min(n)]);
            let distance = norms.clone() - rows.matmul(transposed.clone()).mul_scalar(2.0);
            distance.argmin(1).squeeze_dim(1) // [tile]
        })
        .collect();
    Tensor::cat(tiles, 0)
}

/// Index of the nearest of K codes for each of N rows; ties go to the lowest index.
///
/// `z` holds N rows of `dim` numbers, `codes` K rows; extra memory is O(K·dim). A row that holds
/// NaN gets index 0. The instruction set is chosen at run time.
pub fn nearest(z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
    let arch = Arch::new();
    let packed = arch.dispatch(Pack { codes, dim });
    let mut index = vec![0_i32; z.len() / dim];
    // Enough rows a task that sharing them out costs little; the tasks do not depend on the
    // number of threads, and no row's result depends on another's.
    index.par_chunks_mut(TASK).zip(z.par_chunks(TASK * dim)).for_each(|(index, z)| {
        arch.dispatch(Scan { packed: &packed, z, index });
    });
    index
}

/// Rows a task.
const TASK: usize = 16 * ROWS;

/// Codes in blocks of two vectors, each block transposed to dim x block.
///
/// The codes are stored times -2, so that norm + Σ packed·z = |e|² - 2 z·e, which is the squared
/// distance but for |z|², the same for all codes of a row.
struct Packed {
    blocks: Vec<f32>,
    norms: Vec<f32>,
    dim: usize,
}

struct Pack<'a> {
    codes: &'a [f32],
    dim: usize,
}

impl WithSimd for Pack<'_> {
    type Output = Packed;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _: S) -> Packed {
        let Self { codes, dim } = self;
        let width = VECTORS * S::F32_LANES;
        let block_count = (codes.len() / dim).div_ceil(width);
        let mut blocks = vec![0.0; block_count * dim * width];
        // A lane without a code is never nearest.
        let mut norms = vec![f32::INFINITY; block_count * width];
        for (code, values) in codes.chunks_exact(dim).enumerate() {
            let block = &mut blocks[code / width * width * dim..];
            for (k, &value) in values.iter().enumerate() {
                block[k * width + code % width] = -2.0 * value;
            }
            norms[code] = values.iter().map(|v| v * v).sum();
        }
        Packed { blocks, norms, dim }
    }
}

struct Scan<'a> {
    packed: &'a Packed,
    z: &'a [f32],
    index: &'a mut [i32],
}

impl WithSimd for Scan<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let Self { packed, z, index } = self;
        let dim = packed.dim;
        let (blocks, _) = S::as_simd_f32s(&packed.blocks);
        let (norms, _) = S::as_simd_f32s(&packed.norms);
        let far = simd.splat_f32s(f32::INFINITY);
        let first = simd.splat_u32s(0);
        for (rows, index) in z.chunks(ROWS * dim).zip(index.chunks_mut(ROWS)) {
            // Missing rows of the last tile repeat the first; their results are dropped.
            let row: [&[f32]; ROWS] = std::array::from_fn(|r| {
                let start = if r < index.len() { r * dim } else { 0 };
                &rows[start..start + dim]
            });
            let mut best = [[far; VECTORS]; ROWS];
            let mut best_block = [[first; VECTORS]; ROWS];
            let tiles = blocks.chunks_exact(dim * VECTORS).zip(norms.chunks_exact(VECTORS));
            for (number, (block, norms)) in tiles.enumerate() {
                let mut distance = [[norms[0], norms[1]]; ROWS];
                for (k, codes) in block.chunks_exact(VECTORS).enumerate() {
                    for r in 0..ROWS {
                        let value = simd.splat_f32s(row[r][k]);
                        for v in 0..VECTORS {
                            distance[r][v] = simd.mul_add_e_f32s(value, codes[v], distance[r][v]);
                        }
                    }
                }
                let number = simd.splat_u32s(number as u32);
                for r in 0..ROWS {
                    for v in 0..VECTORS {
                        // Strictly less: among equals the earlier block stays.
                        let better = simd.less_than_f32s(distance[r][v], best[r][v]);
                        best[r][v] = simd.select_f32s(better, distance[r][v], best[r][v]);
                        best_block[r][v] = simd.select_u32s(better, number, best_block[r][v]);
                    }
                }
            }
            for (r, index) in index.iter_mut().enumerate() {
                *index = lowest(
                    pulp::bytemuck::cast_slice(&best[r]),
                    pulp::bytemuck::cast_slice(&best_block[r]),
                );
            }
        }
    }
}

/// The code of the least distance among the lanes; the lowest code among equals.
fn lowest(best: &[f32], block: &[u32]) -> i32 {
    let mut winner = (f32::INFINITY, 0);
    for (lane, (&distance, &block)) in best.iter().zip(block).enumerate() {
        let code = block as usize * best.len() + lane;
        if distance < winner.0 || (distance == winner.0 && code < winner.1) {
            winner = (distance, code);
        }
    }
    winner.1 as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::{Purpose, Stream};

    /// Brute force in 64 bits.
    fn reference(z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
        z.chunks(dim)
            .map(|row| {
                let distance = |code: &[f32]| -> f64 {
                    row.iter().zip(code).map(|(a, b)| f64::from(a - b).powi(2)).sum()
                };
                let distances: Vec<f64> = codes.chunks(dim).map(distance).collect();
                let best = distances.iter().copied().fold(f64::INFINITY, f64::min);
                distances.iter().position(|&d| d == best).unwrap() as i32
            })
            .collect()
    }

    #[test]
    fn agrees_with_brute_force_at_every_tail() {
        for (n, k, dim) in [
            (1, 1, 1),
            (3, 15, 2),
            (4, 16, 3),
            (67, 17, 16),
            (130, 513, 5),
            (97, 33, 1),
            (6, 64, 7),
        ] {
            let z = Stream::new(n as u64, Purpose::Batch, 0).normal(n * dim, 1.0);
            let codes = Stream::new(k as u64, Purpose::Codes, 0).normal(k * dim, 1.0);
            assert_eq!(nearest(&z, &codes, dim), reference(&z, &codes, dim), "{n} {k} {dim}");
        }
    }

    #[test]
    fn ties_go_to_the_lowest_index() {
        let code = [0.5_f32, -0.25];
        let codes: Vec<f32> = code.iter().copied().cycle().take(2 * 100).collect();
        assert_eq!(nearest(&[1.0, 1.0, -3.0, 2.0], &codes, 2), vec![0, 0]);
        let mut other = codes.clone();
        other[..2].copy_from_slice(&[9.0, 9.0]);
        assert_eq!(nearest(&[0.5, -0.25], &other, 2), vec![1]);
    }

    #[test]
    fn a_row_that_is_not_a_number_stays_in_range() {
        let codes = Stream::new(1, Purpose::Codes, 0).normal(40, 1.0);
        assert_eq!(nearest(&[f32::NAN, 0.0], &codes, 2), vec![0]);
    }

    #[test]
    fn tensors_on_host_and_device_agree() {
        let device = Device::flex();
        let z = Stream::new(1, Purpose::Batch, 0).normal(100 * 8, 1.0);
        let codes = Stream::new(2, Purpose::Codes, 0).normal(70 * 8, 1.0);
        let z = Tensor::<2>::from_data(TensorData::new(z, [100, 8]), &device);
        let codes = Tensor::<2>::from_data(TensorData::new(codes, [70, 8]), &device);
        let host = Search::Host.nearest(&z, &codes).into_data();
        let device = Search::Device.nearest(&z, &codes).into_data();
        assert_eq!(
            host.try_into_vec_as::<i64>().unwrap(),
            device.try_into_vec_as::<i64>().unwrap()
        );
    }
}
