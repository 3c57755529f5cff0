//! How far codes move.

/// Euclidean distance of each row of `after` to the same row of `before`, both K x `dim`; K numbers.
pub fn distances(before: &[f32], after: &[f32], dim: usize) -> Vec<f32> {
    let distance = |(a, b): (&[f32], &[f32])| -> f32 {
        a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f32>().sqrt()
    };
    after.chunks_exact(dim).zip(before.chunks_exact(dim)).map(distance).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_has_its_own_distance() {
        assert_eq!(distances(&[0.0, 0.0, 1.0, 1.0], &[3.0, 4.0, 1.0, 1.0], 2), [5.0, 0.0]);
    }
}
