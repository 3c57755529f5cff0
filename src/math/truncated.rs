//! The first principal axes of points that are too many or too wide for their covariance.

use rayon::prelude::*;

use crate::math::eigen;
use crate::math::pca::Basis;
use crate::rng::{Purpose, Stream};

/// Directions that are followed: as many standard deviations are found.
const BLOCK: usize = 16;

/// Times that all points are passed.
const PASSES: usize = 4;

/// Rows of a task.
const ROWS: usize = 2048;

/// Products beyond which the covariance takes longer than the passes.
const MOST_PRODUCTS: usize = 1 << 35;

/// Widest points whose d x d covariance is computed.
const WIDEST: usize = 512;

/// Whether the axes of so many points of width `dim` are found here and not by their covariance.
pub fn is_for(count: usize, dim: usize) -> bool {
    dim > WIDEST || count.saturating_mul(dim).saturating_mul(dim) > MOST_PRODUCTS
}

/// The first principal axes of `points` (rows of `dim` numbers, all finite), and the standard
/// deviations along the first 16, largest first.
///
/// A block of 16 random directions is multiplied by the covariance four times, which is never formed:
/// one pass over the points each, in O(d) memory a thread (subspace iteration with Rayleigh and Ritz's
/// values: Halko, Martinsson and Tropp 2011). Nothing depends on the number of threads.
pub fn axes(points: &[f32], dim: usize) -> (Basis, Vec<f64>) {
    let count = (points.len() / dim).max(1) as f64;
    let (mean, total) = mean_and_variance(points, dim);
    let mut block: Vec<f32> = Stream::new(1, Purpose::Codes, 0).normal(dim * BLOCK, 1.0);
    orthonormal(&mut block, dim);
    let mut small = vec![0.0; BLOCK * BLOCK];
    for _ in 0..PASSES {
        let (next, inner) = pass(points, &mean, &block, dim);
        small = inner.iter().map(|sum| sum / count).collect();
        block = next;
        orthonormal(&mut block, dim);
    }
    // What the last block makes of the points, and its own directions of most variance.
    let (_, inner) = pass(points, &mean, &block, dim);
    small.iter_mut().zip(&inner).for_each(|(own, sum)| *own = sum / count);
    let (values, vectors) = eigen::symmetric(&small, BLOCK);
    let axis = |which: usize| -> Vec<f64> {
        let weights = &vectors[which * BLOCK..(which + 1) * BLOCK];
        let mut axis: Vec<f64> = block
            .chunks_exact(BLOCK)
            .map(|row| row.iter().zip(weights).map(|(&q, w)| f64::from(q) * w).sum())
            .collect();
        let largest =
            axis.iter().copied().fold(0.0, |m: f64, x| if x.abs() > m.abs() { x } else { m });
        if largest < 0.0 {
            axis.iter_mut().for_each(|x| *x = -*x);
        }
        axis
    };
    let share = |i: usize| if total > 0.0 { (values[i].max(0.0) / total).min(1.0) } else { 0.0 };
    let basis = Basis { axes: [axis(0), axis(1)], explained: [share(0), share(1)] };
    let stds = values.iter().take(BLOCK.min(dim)).map(|v| v.max(0.0).sqrt()).collect();
    (basis, stds)
}

/// Mean of the points, and the sum of the variances of all columns.
fn mean_and_variance(points: &[f32], dim: usize) -> (Vec<f64>, f64) {
    let sums: Vec<(Vec<f64>, Vec<f64>)> = points
        .par_chunks(ROWS * dim)
        .map(|rows| {
            let (mut sum, mut squares) = (vec![0.0; dim], vec![0.0; dim]);
            for row in rows.chunks_exact(dim) {
                for ((s, q), &x) in sum.iter_mut().zip(&mut squares).zip(row) {
                    let x = f64::from(x);
                    *s += x;
                    *q += x * x;
                }
            }
            (sum, squares)
        })
        .collect();
    let count = (points.len() / dim).max(1) as f64;
    let (mut mean, mut square) = (vec![0.0; dim], 0.0);
    for (sum, squares) in &sums {
        mean.iter_mut().zip(sum).for_each(|(m, s)| *m += s / count);
        square += squares.iter().sum::<f64>() / count;
    }
    let total = square - mean.iter().map(|m| m * m).sum::<f64>();
    (mean, total.max(0.0))
}

/// Aᵀ·A·Q and Qᵀ·Aᵀ·A·Q of the centred points A and a block Q, d x 16 row by row.
fn pass(points: &[f32], mean: &[f64], block: &[f32], dim: usize) -> (Vec<f32>, Vec<f64>) {
    let mean: Vec<f32> = mean.iter().map(|&m| m as f32).collect();
    let parts: Vec<(Vec<f32>, Vec<f64>)> = points
        .par_chunks(ROWS * dim)
        .map(|rows| {
            let mut next = vec![0.0_f32; dim * BLOCK];
            let mut inner = vec![0.0_f64; BLOCK * BLOCK];
            let mut centred = vec![0.0_f32; dim];
            for row in rows.chunks_exact(dim) {
                centred.iter_mut().zip(row).zip(&mean).for_each(|((c, x), m)| *c = x - m);
                let mut along = [0.0_f32; BLOCK];
                for (&x, q) in centred.iter().zip(block.as_chunks::<BLOCK>().0) {
                    along.iter_mut().zip(q).for_each(|(sum, q)| *sum += x * q);
                }
                for (&x, next) in centred.iter().zip(next.as_chunks_mut::<BLOCK>().0) {
                    next.iter_mut().zip(&along).for_each(|(sum, a)| *sum += x * a);
                }
                for (i, line) in inner.chunks_exact_mut(BLOCK).enumerate() {
                    let own = f64::from(along[i]);
                    line.iter_mut().zip(&along).for_each(|(sum, &a)| *sum += own * f64::from(a));
                }
            }
            (next, inner)
        })
        .collect();
    let (mut next, mut inner) = (vec![0.0_f32; dim * BLOCK], vec![0.0_f64; BLOCK * BLOCK]);
    for (part, small) in &parts {
        next.iter_mut().zip(part).for_each(|(sum, x)| *sum += x);
        inner.iter_mut().zip(small).for_each(|(sum, x)| *sum += x);
    }
    (next, inner)
}

/// Makes the columns of a block orthonormal (Gram and Schmidt, twice); one that nothing is left of
/// becomes zero.
fn orthonormal(block: &mut [f32], dim: usize) {
    let mut columns: Vec<Vec<f64>> =
        (0..BLOCK).map(|j| (0..dim).map(|i| f64::from(block[i * BLOCK + j])).collect()).collect();
    for j in 0..BLOCK {
        let (before, rest) = columns.split_at_mut(j);
        let own = &mut rest[0];
        let length = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
        let was = length(own);
        for _ in 0..2 {
            for other in before.iter() {
                let dot: f64 = own.iter().zip(other).map(|(a, b)| a * b).sum();
                own.iter_mut().zip(other).for_each(|(a, b)| *a -= dot * b);
            }
        }
        let norm = length(own);
        let scale = if norm > 1e-9 * was && norm > 0.0 { 1.0 / norm } else { 0.0 };
        own.iter_mut().for_each(|x| *x *= scale);
    }
    for (j, column) in columns.iter().enumerate() {
        column.iter().enumerate().for_each(|(i, &x)| block[i * BLOCK + j] = x as f32);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::pca::principal_stds;

    #[test]
    fn the_first_axes_are_those_of_the_covariance() {
        let (rows, dim) = (3000, 96);
        let mut points = Stream::new(5, Purpose::Codes, 0).normal(rows * dim, 1.0);
        for row in points.chunks_exact_mut(dim) {
            for (i, x) in row.iter_mut().enumerate() {
                *x = *x * 8.0 / (1.0 + i as f32) + 3.0;
            }
        }
        let (found, stds) = axes(&points, dim);
        let exact = Basis::fit(&points, dim);
        for (a, b) in found.axes.iter().zip(&exact.axes) {
            let dot: f64 = a.iter().zip(b).map(|(x, y)| x * y).sum();
            assert!(dot > 0.999, "{dot}");
        }
        for (a, b) in found.explained.iter().zip(&exact.explained) {
            assert!((a - b).abs() < 1e-3, "{a} {b}");
        }
        let exact = principal_stds(&points, dim);
        assert_eq!(stds.len(), BLOCK);
        for (a, b) in stds.iter().zip(&exact).take(4) {
            assert!((a / b - 1.0).abs() < 1e-3, "{a} {b}");
        }
    }

    #[test]
    fn points_without_variance_have_axes_that_explain_nothing() {
        let (found, stds) = axes(&vec![2.5; 40 * 600], 600);
        assert_eq!(found.explained, [0.0, 0.0]);
        assert!(stds.iter().all(|&std| std < 1e-3), "{stds:?}");
        assert!(is_for(10, 513) && !is_for(65_536, 512) && is_for(1 << 19, 512));
    }
}
