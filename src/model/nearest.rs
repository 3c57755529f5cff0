//! Nearest code: for each latent vector the code at the least squared L2 distance.
//!
//! The search needs no gradient. On the CPU it runs on plain slices with a running minimum, so that
//! no N x K matrix is ever written; on a GPU it runs on tiles of rows.
//!
//! On the CPU a tile of rows is transposed, times -2, so that each register holds the same number of
//! neighbouring rows; a kernel multiplies it with the numbers of a few codes, read where they lie, and
//! keeps sums, minima and their codes in registers. Codes are walked in blocks that stay in the
//! second-level cache while all rows of a task pass over them. Nothing of size K·d is copied.

mod kernel;
mod portable;
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod simd;

use burn::tensor::{Int, Tensor, TensorData};

pub use kernel::{fastest, kernels, nearest, search};

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
    ///
    /// Both are taken, because a tensor that nobody else holds is read where it lies.
    pub fn nearest(self, z: Tensor<2>, codes: Tensor<2>) -> Tensor<1, Int> {
        match self {
            Self::Host => on_host(z, codes),
            Self::Device => on_device(&z, &codes),
        }
    }
}

fn on_host(z: Tensor<2>, codes: Tensor<2>) -> Tensor<1, Int> {
    const FLOATS: &str = "the device computes in 32-bit floats";
    let ([n, dim], device) = (z.dims(), z.device());
    let (z, codes) = (z.into_data(), codes.into_data());
    let index = nearest(z.as_slice().expect(FLOATS), codes.as_slice().expect(FLOATS), dim);
    Tensor::from_data(TensorData::new(index, [n]), &device)
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

#[cfg(test)]
mod tests {
    use burn::tensor::Device;

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
    fn every_kernel_agrees_with_brute_force_at_every_tail() {
        let kernels = kernel::kernels();
        assert_eq!(kernels.last().unwrap().name, "portable");
        for dim in [1, 2, 3, 5, 16, 33] {
            // Around the widths of blocks, the rows of tiles and of tasks, and several panels.
            for (n, k) in [
                (1, 1),
                (3, 15),
                (4, 16),
                (5, 17),
                (7, 31),
                (11, 32),
                (13, 33),
                (95, 65),
                (97, 64),
                (193, 700),
                (2, 3000),
            ] {
                let z = Stream::new(n as u64, Purpose::Batch, 0).normal(n * dim, 1.0);
                let codes = Stream::new(k as u64, Purpose::Codes, 0).normal(k * dim, 1.0);
                let expected = reference(&z, &codes, dim);
                for kernel in &kernels {
                    let got = kernel::search(*kernel, &z, &codes, dim);
                    assert_eq!(got, expected, "{} n {n} k {k} dim {dim}", kernel.name);
                }
            }
        }
    }

    #[test]
    fn codes_of_extreme_scale_are_within_rounding_of_the_best() {
        for kernel in kernel::kernels() {
            for scale in [1e-12_f32, 1e-3, 1e6, 1e15] {
                let z = Stream::new(3, Purpose::Batch, 0).normal(200 * 8, scale);
                let codes = Stream::new(4, Purpose::Codes, 0).normal(333 * 8, scale);
                let got = kernel::search(kernel, &z, &codes, 8);
                for ((row, &got), &best) in z.chunks(8).zip(&got).zip(&reference(&z, &codes, 8)) {
                    let distance = |code: i32| -> f64 {
                        let code = &codes[code as usize * 8..][..8];
                        row.iter().zip(code).map(|(a, b)| f64::from(a - b).powi(2)).sum()
                    };
                    let norm: f64 = row.iter().map(|x| f64::from(*x).powi(2)).sum();
                    // Distances are compared after |z|² was left out: rounding is of its size.
                    assert!(
                        distance(got) <= distance(best) + 1e-5 * norm,
                        "{} {scale}",
                        kernel.name
                    );
                }
            }
        }
    }

    #[test]
    fn clustered_and_duplicated_codes_give_the_same_index_or_one_as_near() {
        for (seed, spread) in [(5, 1e-3_f32), (6, 1e-6), (7, 0.0)] {
            let (dim, k, n) = (8, 600, 250);
            let centres = Stream::new(seed, Purpose::Codes, 0).normal(12 * dim, 1.0);
            let near = |count: usize, counter: u64| -> Vec<f32> {
                let noise = Stream::new(seed, Purpose::Batch, counter).normal(count * dim, spread);
                noise
                    .iter()
                    .enumerate()
                    .map(|(i, e)| centres[(i / dim * 7 % 12) * dim + i % dim] + e)
                    .collect()
            };
            let (codes, z) = (near(k, 1), near(n, 2));
            let best = reference(&z, &codes, dim);
            for kernel in kernel::kernels() {
                let got = kernel::search(kernel, &z, &codes, dim);
                for ((row, &got), &best) in z.chunks(dim).zip(&got).zip(&best) {
                    let distance = |code: i32| -> f64 {
                        let code = &codes[code as usize * dim..][..dim];
                        row.iter().zip(code).map(|(a, b)| f64::from(a - b).powi(2)).sum()
                    };
                    let norm: f64 = row.iter().map(|x| f64::from(*x).powi(2)).sum();
                    let is_near = distance(got) <= distance(best) + 1e-6 * norm;
                    assert!(is_near, "{} spread {spread}: {got} {best}", kernel.name);
                    // Equal codes: the lowest index, exactly.
                    assert!(spread > 0.0 || got == best, "{}: {got} {best}", kernel.name);
                }
            }
        }
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let z = Stream::new(8, Purpose::Batch, 0).normal(300 * 8, 1.0);
        let codes = Stream::new(9, Purpose::Codes, 0).normal(20_000 * 8, 1.0);
        let with = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| (nearest(&z, &codes, 8), nearest(&z[..16], &codes, 8)))
        };
        let one = with(1);
        assert!(with(2) == one && with(7) == one);
    }

    #[test]
    fn ties_go_to_the_lowest_index() {
        let code = [0.5_f32, -0.25];
        let codes: Vec<f32> = code.iter().copied().cycle().take(2 * 100).collect();
        let mut other = codes.clone();
        other[..2].copy_from_slice(&[9.0, 9.0]);
        for kernel in kernel::kernels() {
            assert_eq!(kernel::search(kernel, &[1.0, 1.0, -3.0, 2.0], &codes, 2), [0, 0]);
            assert_eq!(kernel::search(kernel, &[0.5, -0.25], &other, 2), [1]);
        }
    }

    #[test]
    fn a_row_that_is_not_a_number_stays_in_range() {
        let codes = Stream::new(1, Purpose::Codes, 0).normal(40, 1.0);
        for kernel in kernel::kernels() {
            assert_eq!(kernel::search(kernel, &[f32::NAN, 0.0], &codes, 2), [0]);
        }
    }

    #[test]
    fn tensors_on_host_and_device_agree() {
        let device = Device::flex();
        let z = Stream::new(1, Purpose::Batch, 0).normal(100 * 8, 1.0);
        let codes = Stream::new(2, Purpose::Codes, 0).normal(70 * 8, 1.0);
        let z = Tensor::<2>::from_data(TensorData::new(z, [100, 8]), &device);
        let codes = Tensor::<2>::from_data(TensorData::new(codes, [70, 8]), &device);
        let host = Search::Host.nearest(z.clone(), codes.clone()).into_data();
        let device = Search::Device.nearest(z, codes).into_data();
        assert_eq!(
            host.try_into_vec_as::<i64>().unwrap(),
            device.try_into_vec_as::<i64>().unwrap()
        );
    }
}
