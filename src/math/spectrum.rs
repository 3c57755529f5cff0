//! Singular values and effective rank of W.

use crate::math::{eigen, pca};

/// Singular values of a `dim` x `dim` matrix, largest first: square roots of the eigenvalues of
/// WᵀW. Values below about 1e-6 of the largest are rounding.
pub fn singular_values(w: &[f32], dim: usize) -> Vec<f64> {
    let gram = pca::scatter(w, &vec![0.0; dim]);
    eigen::symmetric(&gram, dim).0.into_iter().map(|v| v.max(0.0).sqrt()).collect()
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
    fn effective_rank_counts_equal_directions() {
        assert!((effective_rank(&[2.0, 2.0, 2.0, 0.0]) - 3.0).abs() < 1e-12);
        assert_eq!(effective_rank(&[0.0, 0.0]), 0.0);
    }
}
