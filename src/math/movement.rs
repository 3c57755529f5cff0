//! How far codes move.

/// Numbers that are added beside each other.
const BESIDE: usize = 8;

/// Euclidean distance of each row of `after` to the same row of `before`, both K x `dim`; K numbers.
pub fn distances(before: &[f32], after: &[f32], dim: usize) -> Vec<f32> {
    let rows = after.chunks_exact(dim).zip(before.chunks_exact(dim));
    rows.map(|(a, b)| square_distance(a, b).sqrt()).collect()
}

/// Squared Euclidean distance of two points of equal length, added up in eight sums beside each other, which
/// a processor does at once.
pub fn square_distance(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<BESIDE>(), b.as_chunks::<BESIDE>());
    let mut sums = [0.0_f32; BESIDE];
    for (a, b) in a.iter().zip(b) {
        for (sum, (x, y)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += (x - y) * (x - y);
        }
    }
    let rest: f32 = a_rest.iter().zip(b_rest).map(|(x, y)| (x - y) * (x - y)).sum();
    sums.into_iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_that_of_all_its_coordinates_however_many_there_are() {
        for dim in [1, 2, 7, 8, 9, 16, 19] {
            let a: Vec<f32> = (0..dim).map(|i| i as f32).collect();
            let b: Vec<f32> = (0..dim).map(|i| -(i as f32)).collect();
            // Sum of 4·i² for i < dim.
            let n = (dim - 1) as f32;
            assert_eq!(
                square_distance(&a, &b),
                4.0 * n * (n + 1.0) * (2.0 * n + 1.0) / 6.0,
                "{dim}"
            );
        }
    }

    #[test]
    fn each_row_has_its_own_distance() {
        assert_eq!(distances(&[0.0, 0.0, 1.0, 1.0], &[3.0, 4.0, 1.0, 1.0], 2), [5.0, 0.0]);
    }
}
