//! Eigenvalues of symmetric matrices.

use crate::math::tridiagonal;

/// Eigenvalues (largest first) and eigenvectors (row i belongs to value i) of a symmetric
/// `n` x `n` matrix, row by row.
///
/// Householder's reflections and QL steps: at 64 columns seven times faster than Jacobi's rotations,
/// which every picture would wait for.
pub fn symmetric(matrix: &[f64], n: usize) -> (Vec<f64>, Vec<f64>) {
    let (values, vectors) = tridiagonal::symmetric(matrix.to_vec(), n);
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| values[j].total_cmp(&values[i]));
    let row = |&i: &usize| vectors[i * n..(i + 1) * n].iter().copied();
    (order.iter().map(|&i| values[i]).collect(), order.iter().flat_map(row).collect())
}

/// The eigenvalues alone, largest first, the same numbers as of [`symmetric`].
pub fn values(matrix: &[f64], n: usize) -> Vec<f64> {
    let mut values = tridiagonal::values(matrix.to_vec(), n);
    values.sort_by(|a, b| b.total_cmp(a));
    values
}

/// Rounds of subspace iteration; enough for a plane that holds nearly all of the variance, though
/// not for exact single eigenvectors.
const ROUNDS: usize = 30;

/// An orthonormal basis (`count` rows of `n` numbers) of nearly the directions of the largest
/// eigenvalues of a symmetric `n` x `n` matrix without negative eigenvalues; fewer than `count` rows
/// where the matrix has a lower rank.
///
/// Orthogonal iteration (Golub and Van Loan, Matrix Computations, 8.2.4) from the rows of `start`
/// (`count` x `n`): for wide matrices, where all eigenvectors cost too much.
pub fn leading(matrix: &[f64], n: usize, start: &[f32]) -> Vec<f64> {
    let mut rows: Vec<f64> = start.iter().map(|&x| f64::from(x)).collect();
    let trace: f64 = (0..n).map(|i| matrix[i * n + i]).sum();
    for _ in 0..ROUNDS {
        let mut next = Vec::with_capacity(rows.len());
        for row in rows.chunks_exact(n) {
            let mut image = vec![0.0; n];
            for (line, &weight) in matrix.chunks_exact(n).zip(row) {
                image.iter_mut().zip(line).for_each(|(y, &a)| *y += weight * a);
            }
            orthonormalize(&mut image, &next, n, 1e-9 * trace);
            next.extend(image);
        }
        rows = next;
    }
    rows
}

/// Makes `row` a unit vector at right angles to the unit `others`, or empties it where hardly
/// anything (less than `least`) is left of it.
fn orthonormalize(row: &mut Vec<f64>, others: &[f64], n: usize, least: f64) {
    // Twice, because the first pass leaves rounding of the size of what it took away.
    for _ in 0..2 {
        for other in others.chunks_exact(n) {
            let along: f64 = row.iter().zip(other).map(|(x, y)| x * y).sum();
            row.iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
        }
    }
    let length = row.iter().map(|x| x * x).sum::<f64>().sqrt();
    if length > least {
        row.iter_mut().for_each(|x| *x /= length);
    } else {
        row.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_numpy_on_a_fixed_matrix() {
        // numpy.linalg.eigvalsh([[4,1,-2],[1,3,0.5],[-2,0.5,1]]).
        let a = [4.0, 1.0, -2.0, 1.0, 3.0, 0.5, -2.0, 0.5, 1.0];
        let (values, vectors) = symmetric(&a, 3);
        let expected = [5.217955775145, 3.034654141519, -0.252609916664];
        for (value, expected) in values.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-9, "{values:?}");
        }
        for i in 0..3 {
            let v = &vectors[i * 3..i * 3 + 3];
            for row in 0..3 {
                let av: f64 = (0..3).map(|k| a[row * 3 + k] * v[k]).sum();
                assert!((av - values[i] * v[row]).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn a_matrix_of_nan_ends() {
        for n in [1, 2, 140] {
            let (values, _) = symmetric(&vec![f64::NAN; n * n], n);
            assert_eq!(values.len(), n);
        }
    }

    #[test]
    fn vectors_are_orthonormal_and_true_though_a_value_repeats() {
        for n in [1, 2, 3, 40] {
            // Symmetric, with a repeated value of 0 where n is large: of rank 20 at most.
            let a: Vec<f64> = (0..n * 20).map(|i| f64::from((i * 37 % 101) as i32 - 50)).collect();
            let at = |i: usize, j: usize| -> f64 {
                (0..20).map(|k| a[i * 20 + k] * a[j * 20 + k]).sum::<f64>() / 1000.0
            };
            let matrix: Vec<f64> = (0..n * n).map(|i| at(i / n, i % n)).collect();
            let scale = matrix.iter().map(|x| x * x).sum::<f64>().sqrt();
            let (values, vectors) = symmetric(&matrix, n);
            assert_eq!(super::values(&matrix, n), values, "{n}: without the vectors");
            let row = |i: usize| &vectors[i * n..(i + 1) * n];
            let dot = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>();
            for (i, value) in values.iter().enumerate() {
                for j in 0..=i {
                    let expected = f64::from(u8::from(i == j));
                    assert!((dot(row(i), row(j)) - expected).abs() < 1e-12, "{n}: {i} {j}");
                }
                for (line, own) in matrix.chunks_exact(n).zip(row(i)) {
                    assert!((dot(line, row(i)) - value * own).abs() < 1e-12 * scale, "{n}: {i}");
                }
            }
            let trace: f64 = (0..n).map(|i| matrix[i * n + i]).sum();
            assert!((values.iter().sum::<f64>() - trace).abs() < 1e-12 * trace, "{n}");
        }
    }

    #[test]
    fn a_wide_matrix_is_taken_apart_and_put_together() {
        let n = 140;
        let matrix: Vec<f64> = (0..n * n)
            .map(|i| (i / n, i % n))
            .map(|(i, j)| ((i.min(j) * 31 + i.max(j) * 17) % 23) as f64 / 23.0)
            .collect();
        let (values, vectors) = symmetric(&matrix, n);
        assert!(values.is_sorted_by(|a, b| a >= b));
        for i in (0..n).step_by(7) {
            for j in 0..n {
                let sum: f64 =
                    (0..n).map(|k| values[k] * vectors[k * n + i] * vectors[k * n + j]).sum();
                assert!((sum - matrix[i * n + j]).abs() < 1e-9, "{i} {j}");
            }
        }
    }

    #[test]
    fn leading_directions_span_the_same_plane_as_all_eigenvectors() {
        let n = 6;
        // A A^T of fixed numbers: symmetric, no negative eigenvalue, of rank 4.
        let a: Vec<f64> = (0..n * 4).map(|i| f64::from((i * 7 % 11) as i32 - 5)).collect();
        let at = |i: usize, j: usize| -> f64 { (0..4).map(|k| a[i * 4 + k] * a[j * 4 + k]).sum() };
        let matrix: Vec<f64> = (0..n * n).map(|i| at(i / n, i % n)).collect();
        let start: Vec<f32> = (0..5 * n).map(|i| ((i * 5 % 13) as f32 - 6.0) / 6.0).collect();
        assert_eq!(leading(&matrix, n, &start).len(), 4 * n, "rank 4");
        let two = leading(&matrix, n, &start[..2 * n]);
        let (_, vectors) = symmetric(&matrix, n);
        for row in two.chunks_exact(n) {
            let along = |v: &[f64]| row.iter().zip(v).map(|(x, y)| x * y).sum::<f64>().powi(2);
            let inside: f64 = vectors.chunks_exact(n).take(2).map(along).sum();
            assert!((inside - 1.0).abs() < 1e-6, "{inside}");
        }
    }
}
