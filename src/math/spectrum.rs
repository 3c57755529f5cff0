//! Spectra of W, of codes and of encodings: singular values, effective rank, dimensions.

use crate::math::{eigen, pca};

/// Singular values of a `dim` x `dim` matrix, largest first: square roots of the eigenvalues of
/// WᵀW. Values below about 1e-6 of the largest are rounding.
pub fn singular_values(w: &[f32], dim: usize) -> Vec<f64> {
    let gram = pca::scatter(w, &vec![0.0; dim]);
    eigen::values(&gram, dim).into_iter().map(|v| v.max(0.0).sqrt()).collect()
}

/// Effective rank exp(H(σ/Σσ)) (Roy and Vetterli 2007); 1 to n, and 0 for a zero matrix.
pub fn effective_rank(singular_values: &[f64]) -> f64 {
    let sum: f64 = singular_values.iter().sum();
    if sum.is_nan() || sum <= 0.0 {
        return 0.0;
    }
    let entropy: f64 =
        singular_values.iter().map(|s| s / sum).filter(|&p| p > 0.0).map(|p| -p * p.ln()).sum();
    entropy.exp()
}

/// Eigenvalues of the scatter of points (`dim` x `dim`), largest first: squares of the singular values
/// of the points less their mean.
pub fn scatter_eigenvalues(scatter: &[f64], dim: usize) -> Vec<f64> {
    eigen::values(scatter, dim).into_iter().map(|v| v.max(0.0)).collect()
}

/// The least number of eigenvalues, largest first, that sum to a share of all; not a number where
/// they are none.
pub fn dimensions(eigenvalues: &[f64], share: f64) -> f64 {
    let total: f64 = eigenvalues.iter().sum();
    if !total.is_finite() {
        return f64::NAN;
    }
    // What rounding takes from a sum makes no dimension.
    let most = share * total * (1.0 - 1e-12);
    let sums = eigenvalues.iter().scan(0.0, |sum, v| {
        *sum += v;
        Some(*sum)
    });
    sums.take_while(|&sum| sum < most).count() as f64 + f64::from(u8::from(total > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_numpy_on_a_fixed_matrix() {
        // numpy.linalg.svd([[1,2,0],[0,1,-1],[3,0.5,2]]).
        let values = singular_values(&[1.0, 2.0, 0.0, 0.0, 1.0, -1.0, 3.0, 0.5, 2.0], 3);
        for (value, expected) in values.iter().zip(SVD) {
            assert!((value - expected).abs() < 1e-6, "{values:?}");
        }
        assert!((effective_rank(&values) - ERANK).abs() < 1e-6);
    }

    const SVD: [f64; 3] = [3.860552539584, 2.277651170847, 0.398044260163];
    const ERANK: f64 = 2.336808506066;

    #[test]
    fn the_spectrum_of_points_agrees_with_numpy() {
        // E = [[1,2,0],[0,1,-1],[3,.5,2],[-2,.25,1],[.5,-1.5,4]]; numpy.linalg.svd(E - E.mean(0))
        // and numpy.linalg.eigvalsh(numpy.cov(E.T, bias=True)).
        let points =
            [1.0, 2.0, 0.0, 0.0, 1.0, -1.0, 3.0, 0.5, 2.0, -2.0, 0.25, 1.0, 0.5, -1.5, 4.0];
        let eigenvalues = scatter_eigenvalues(&pca::Moments::of(&points, 3).scatter, 3);
        let singular: Vec<f64> = eigenvalues.iter().map(|v| v.sqrt()).collect();
        for (value, expected) in singular.iter().zip([4.538_786_71, 3.607_433_65, 0.857_809_83]) {
            assert!((value - expected).abs() < 1e-7, "{singular:?}");
        }
        assert!((effective_rank(&singular) - 2.549_120_605_984_501).abs() < 1e-9);
        // Cumulated shares: 0.5997, 0.9786, 1.
        assert_eq!([0.5, 0.9, 0.99].map(|share| dimensions(&eigenvalues, share)), [1.0, 2.0, 3.0]);
    }

    #[test]
    fn dimensions_count_equal_directions_and_none_without_spread() {
        assert_eq!(dimensions(&[0.1; 10], 0.9), 9.0);
        assert_eq!(dimensions(&[2.0, 0.0], 1.0), 1.0);
        assert_eq!(dimensions(&[0.0, 0.0], 0.9), 0.0);
        assert!(dimensions(&[f64::NAN, 1.0], 0.9).is_nan());
    }

    #[test]
    fn effective_rank_counts_equal_directions() {
        assert!((effective_rank(&[2.0, 2.0, 2.0, 0.0]) - 3.0).abs() < 1e-12);
        assert_eq!(effective_rank(&[0.0, 0.0]), 0.0);
    }
}
