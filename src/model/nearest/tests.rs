use burn::tensor::{Device, TensorData};

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
                assert!(distance(got) <= distance(best) + 1e-5 * norm, "{} {scale}", kernel.name);
            }
        }
    }
}

#[test]
fn distances_are_those_of_the_rows_at_every_scale_and_however_near() {
    let (dim, k, n) = (16, 300, 120);
    // Encodings as near to a code as 32 bits tell them apart, and far ones.
    for (scale, noise) in [(1e-12_f32, 1.0_f32), (1.0, 1.0), (1.0, 1e-4), (1e6, 1e-6), (1e15, 1.0)]
    {
        let codes = Stream::new(31, Purpose::Codes, 0).normal(k * dim, scale);
        let apart = Stream::new(32, Purpose::Batch, 0).normal(n * dim, scale * noise);
        let z: Vec<f32> = apart.iter().enumerate().map(|(i, e)| codes[i] + e).collect();
        let (index, distances) = nearest_with_distance(&z, &codes, dim);
        assert_eq!(index, nearest(&z, &codes, dim));
        let device = Device::flex();
        let rows = |values: &[f32]| {
            let data = TensorData::new(values.to_vec(), [values.len() / dim, dim]);
            Tensor::<2>::from_data(data, &device)
        };
        let q = rows(&codes).select(0, Tensor::from_data(TensorData::new(index, [n]), &device));
        let on_tensors: Vec<f32> = distance(rows(&z), q).into_data().try_into_vec().unwrap();
        for (i, row) in z.chunks(dim).enumerate() {
            let squared = |code: &[f32]| -> f64 {
                row.iter().zip(code).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
            };
            let least = codes.chunks(dim).map(squared).fold(f64::INFINITY, f64::min);
            let norm: f64 = row.iter().map(|x| f64::from(*x).powi(2)).sum();
            // The search may take a code that is as near to the rounding of |z|².
            let (got, single) = (distances[i], f64::from(on_tensors[i]));
            assert!(got >= least && got <= least + 1e-5 * norm, "{scale} {noise}: {got} {least}");
            assert!((single - got).abs() <= 1e-5 * got, "{scale} {noise}: {single} {got}");
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
fn tensors_are_read_where_they_lie_whole_or_as_a_part_of_others() {
    let device = Device::flex();
    let z = Stream::new(1, Purpose::Batch, 0).normal(100 * 8, 1.0);
    let codes = Stream::new(2, Purpose::Codes, 0).normal(70 * 8, 1.0);
    let tensor = |values: &[f32]| {
        let data = TensorData::new(values.to_vec(), [values.len() / 8, 8]);
        Tensor::<2>::from_data(data, &device)
    };
    let found = |z: Tensor<2>, codes: Tensor<2>| -> Vec<i32> {
        nearest_codes(z, codes).into_data().try_into_vec_as::<i32>().unwrap()
    };
    let expected = nearest(&z, &codes, 8);
    assert_eq!(found(tensor(&z), tensor(&codes)), expected);
    // Rows in the middle of a larger tensor, and columns that lie across.
    let around = |values: &[f32]| [&[9.0; 16], values, &[9.0; 24]].concat();
    let middle = |values: &[f32]| tensor(&around(values)).slice([2..2 + values.len() / 8, 0..8]);
    assert_eq!(found(middle(&z), middle(&codes)), expected);
    let across = |values: &[f32]| tensor(values).transpose().into_data();
    let turned = |values: &[f32]| Tensor::<2>::from_data(across(values), &device).transpose();
    assert_eq!(found(turned(&z), turned(&codes)), expected);
}

/// Every number of rows in the last tile of every kernel, and of codes beside its last group.
#[test]
fn every_tail_of_a_tile_and_of_a_group_of_codes_is_searched() {
    let dim = 3;
    let z = Stream::new(41, Purpose::Batch, 0).normal(33 * dim, 1.0);
    let codes = Stream::new(42, Purpose::Codes, 0).normal(26 * dim, 1.0);
    let expected: Vec<Vec<i32>> = (1..=26).map(|k| reference(&z, &codes[..k * dim], dim)).collect();
    for kernel in kernel::kernels() {
        for n in 1..=33 {
            for k in 1..=26 {
                let got = kernel::search(kernel, &z[..n * dim], &codes[..k * dim], dim);
                assert_eq!(got, expected[k - 1][..n], "{} n {n} k {k}", kernel.name);
            }
        }
    }
}

/// Large enough to be shared out: many rows, and few rows whose codes are shared out too.
#[test]
fn what_several_threads_find_is_what_brute_force_finds() {
    for (n, k, dim) in [(800, 5_000, 8), (7, 60_000, 33), (1, 300_000, 32)] {
        assert!(!is_small(n, k * dim));
        let z = Stream::new(43, Purpose::Batch, 0).normal(n * dim, 1.0);
        let codes = Stream::new(44, Purpose::Codes, 0).normal(k * dim, 1.0);
        let expected = reference(&z, &codes, dim);
        for kernel in kernel::kernels() {
            let got = kernel::search(kernel, &z, &codes, dim);
            assert_eq!(got, expected, "{} n {n} k {k} dim {dim}", kernel.name);
        }
    }
}

#[test]
fn rows_of_length_1_find_the_code_of_the_greatest_cosine() {
    for (dim, n, k) in [(2, 300, 70), (3, 200, 333), (16, 97, 700), (33, 50, 65)] {
        let z = Stream::new(20, Purpose::Batch, 0).normal(n * dim, 3.0);
        let codes = Stream::new(21, Purpose::Codes, 0).normal(k * dim, 0.2);
        let length = |row: &[f32]| row.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
        let unit = |rows: &[f32]| -> Vec<f32> {
            rows.chunks(dim)
                .flat_map(|row| row.iter().map(move |x| x / length(row) as f32))
                .collect()
        };
        let cosine = |row: &[f32], code: &[f32]| {
            let product: f64 =
                row.iter().zip(code).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            product / (length(row) * length(code))
        };
        for kernel in kernel::kernels() {
            let got = kernel::search(kernel, &unit(&z), &unit(&codes), dim);
            for (row, &got) in z.chunks(dim).zip(&got) {
                let cosines: Vec<f64> = codes.chunks(dim).map(|code| cosine(row, code)).collect();
                let best = cosines.iter().copied().fold(f64::NEG_INFINITY, f64::max);
                let index = cosines.iter().position(|&c| c == best).unwrap() as i32;
                // Another code only where its angle is the same to the rounding of 32 bits.
                let is_best = got == index || best - cosines[got as usize] < 1e-6;
                assert!(is_best, "{} d {dim}: {got} {index}", kernel.name);
            }
        }
    }
}

/// In one dimension the nearest of sorted codes lies at their midpoints; in two and three the codes
/// of a grid are the rounded places.
#[test]
fn in_few_dimensions_codes_on_a_grid_are_found_by_rounding() {
    for kernel in kernel::kernels() {
        for dim in [1, 2, 3] {
            let side = [0, 97, 11, 5][dim];
            let size = usize::pow(side, dim as u32);
            let place = |code: usize, axis: usize| code / usize::pow(side, axis as u32) % side;
            let codes: Vec<f32> =
                (0..size * dim).map(|i| place(i / dim, i % dim) as f32 - 2.0).collect();
            let z = Stream::new(22, Purpose::Batch, dim as u64).normal(501 * dim, 3.0);
            let got = kernel::search(kernel, &z, &codes, dim);
            for (row, &got) in z.chunks(dim).zip(&got) {
                let rounded = (0..dim).rev().fold(0, |code, axis| {
                    let at = (row[axis] + 2.0).round().clamp(0.0, (side - 1) as f32);
                    code * side + at as usize
                });
                assert_eq!(got as usize, rounded, "{} d {dim} {row:?}", kernel.name);
            }
        }
    }
}

#[test]
fn a_code_that_is_not_finite_is_never_chosen_and_hides_no_other() {
    for kernel in kernel::kernels() {
        for bad in [f32::NAN, f32::INFINITY] {
            for at in 0..40 {
                let mut codes = Stream::new(23, Purpose::Codes, at).normal(2 * 40, 1.0);
                let z = Stream::new(24, Purpose::Batch, at).normal(2 * 33, 1.0);
                codes[2 * at as usize] = bad;
                let expected = reference(&z, &codes, 2);
                let got = kernel::search(kernel, &z, &codes, 2);
                assert_eq!(got, expected, "{} {bad} at {at}", kernel.name);
            }
        }
    }
}
