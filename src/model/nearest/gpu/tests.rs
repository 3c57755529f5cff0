use burn::tensor::TensorData;

use super::*;
use crate::engine::device;
use crate::model::nearest::{nearest as on_host, nearest_codes};
use crate::rng::{Purpose, Stream};

fn on(device: &burn::tensor::Device, z: &[f32], codes: &[f32], dim: usize) -> Vec<i32> {
    let tensor = |values: &[f32]| {
        Tensor::<2>::from_data(TensorData::new(values.to_vec(), [values.len() / dim, dim]), device)
    };
    // Neither tensor is a leaf of the stream: the search runs among fused operations.
    let (z, codes) = (tensor(z).mul_scalar(2.0), tensor(codes).mul_scalar(2.0));
    let index = nearest_codes(z, codes);
    (index + 1).sub_scalar(1).into_data().try_into_vec_as::<i32>().unwrap()
}

/// Squared distance in 64 bits.
fn distance(row: &[f32], codes: &[f32], code: i32) -> f64 {
    let code = &codes[code as usize * row.len()..][..row.len()];
    row.iter().zip(code).map(|(a, b)| (f64::from(*a) - f64::from(*b)).powi(2)).sum()
}

/// Same codes as the host, or codes as near within the rounding of |z|² and |e|².
fn agrees(device: &burn::tensor::Device, z: &[f32], codes: &[f32], dim: usize, case: &str) {
    let (got, expected) = (on(device, z, codes, dim), on_host(z, codes, dim));
    assert_eq!(got.len(), expected.len(), "{case}");
    for ((row, &got), &expected) in z.chunks(dim).zip(&got).zip(&expected) {
        let size: f64 = row.iter().map(|x| f64::from(*x).powi(2)).sum();
        let (got, expected) = (distance(row, codes, got), distance(row, codes, expected));
        assert!((got - expected).abs() <= 1e-5 * (size + expected), "{case}: {got} {expected}");
    }
}

/// One test, so that the adapter opens once and each kernel is compiled once.
#[test]
fn an_adapter_finds_the_codes_that_the_host_finds() {
    let Some(compute) = device::any_adapter() else { return };
    let device = &compute.device;
    let draw = |seed: u64, count: usize, scale: f32| {
        Stream::new(seed, Purpose::Batch, 0).normal(count, scale)
    };
    // Around the tile, and where the codes are shared out; d with and without whole vectors.
    for (n, k) in [(1, 1), (63, 64), (65, 63), (130, 200), (3, 5000)] {
        for dim in [1, 3, 4, 17, 20] {
            let (z, codes) = (draw(1, n * dim, 1.0), draw(2, k * dim, 1.0));
            assert_eq!(
                on(device, &z, &codes, dim),
                on_host(&z, &codes, dim),
                "n {n} k {k} d {dim}"
            );
        }
    }
    // Enough for the large tile.
    for dim in [8, 20] {
        assert_eq!(Plan::new(2900, 2900, dim, LEAST_SHARED).per_unit, 8);
        let (z, codes) = (draw(3, 2900 * dim, 1.0), draw(4, 2900 * dim, 1.0));
        agrees(device, &z, &codes, dim, "large tile");
    }
    for scale in [1e-12_f32, 1e6, 1e15] {
        let (z, codes) = (draw(5, 100 * 8, scale), draw(6, 333 * 8, scale));
        agrees(device, &z, &codes, 8, "scale");
    }
    // Clusters of near codes, and every code many times over: the lowest index, exactly.
    let centres = draw(7, 12 * 8, 1.0);
    let near = |seed: u64, count: usize, spread: f32| -> Vec<f32> {
        let noise = draw(seed, count * 8, spread);
        (0..count * 8).map(|i| centres[i / 8 * 7 % 12 * 8 + i % 8] + noise[i]).collect()
    };
    agrees(device, &near(8, 250, 1e-3), &near(9, 600, 1e-3), 8, "clusters");
    let (z, codes) = (draw(10, 90 * 8, 1.0), near(11, 5000, 0.0));
    assert_eq!(on(device, &z, &codes, 8), on_host(&z, &codes, 8), "duplicates");
    // Rows and codes that are not numbers.
    let mut codes = draw(12, 40, 1.0);
    assert_eq!(on(device, &[f32::NAN, 0.0], &codes, 2), [0]);
    codes[..2].copy_from_slice(&[f32::NAN, 0.0]);
    let z = draw(13, 60, 1.0);
    assert_eq!(on(device, &z, &codes, 2), on_host(&z, &codes, 2), "a code that is not a number");
}

#[test]
fn every_code_and_row_belongs_to_one_workgroup() {
    for dim in [1, 4, 5, 16, 64] {
        for n in [1, 63, 64, 65, 512, 5000, 100_000] {
            for size in [1, 64, 100, 8192, 65_536, 262_144] {
                let plan = Plan::new(n, size, dim, LEAST_SHARED);
                let tile = SIDE * plan.per_unit;
                assert!(plan.row_tiles * tile >= n && (plan.row_tiles - 1) * tile < n);
                assert!(plan.per_range.is_multiple_of(tile));
                assert!(plan.ranges * plan.per_range >= size);
                assert!((plan.ranges - 1) * plan.per_range < size, "{plan:?}");
                // Extra memory: a value and a code a row and range, as many as the tiles hold.
                assert!(plan.ranges * n <= (BUSY + plan.row_tiles) * tile, "{plan:?}");
            }
        }
    }
}

#[test]
fn a_workgroup_shares_no_more_than_it_may() {
    for shared in [LEAST_SHARED, 32 << 10, 48 << 10] {
        for (n, dim) in [(64, 1), (64, 64), (4096, 3), (4096, 8), (4096, 64)] {
            let plan = Plan::new(n, 65_536, dim, shared);
            assert!(shared_bytes(plan.per_unit, plan.quads) <= shared);
            assert!((plan.quads - 1) * 4 < dim, "{plan:?}");
        }
    }
    assert_eq!(Plan::new(4096, 65_536, 64, LEAST_SHARED).quads, 2);
    assert_eq!(Plan::new(4096, 65_536, 64, 48 << 10).quads, 4);
}

#[test]
fn few_rows_over_many_codes_fill_the_device() {
    let plan = Plan::new(512, 65_536, 64, LEAST_SHARED);
    assert!(plan.row_tiles * plan.ranges >= BUSY, "{plan:?}");
}
