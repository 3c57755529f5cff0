//! What W and b do to the codes, as far as a map can show it.

use serde::{Deserialize, Serialize};

/// W and b of a lane where they learn and W is a matrix, on the axes of its map.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TransformFacts {
    /// What becomes of each axis, on both axes: row i is where W takes a step of length 1 along axis i.
    pub in_plane: [[f32; 2]; 2],
    /// b on both axes.
    pub bias: [f32; 2],
    /// Length of b in all dimensions.
    pub bias_length: f32,
    /// How far W is from the identity: the root of the sum of squares of W - I.
    pub from_identity: f32,
}

impl TransformFacts {
    /// Those of W (d x d, row by row, e = c·W + b) and b (d numbers, or none) on two axes of d numbers.
    pub fn new(w: &[f32], b: &[f32], axes: &[Vec<f64>; 2]) -> Self {
        let dim = axes[0].len();
        let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let through = |axis: &[f64]| -> Vec<f64> {
            let column = |j: usize| (0..dim).map(|i| axis[i] * f64::from(w[i * dim + j])).sum();
            (0..dim).map(column).collect()
        };
        let in_plane = [0, 1].map(|i| {
            let taken = through(&axes[i]);
            [0, 1].map(|j| dot(&taken, &axes[j]) as f32)
        });
        let b: Vec<f64> = b.iter().map(|&x| f64::from(x)).collect();
        let square = |i: usize| {
            let one = if i.is_multiple_of(dim + 1) { 1.0 } else { 0.0 };
            (f64::from(w[i]) - one).powi(2)
        };
        Self {
            in_plane,
            bias: [0, 1].map(|i| dot(&b, &axes[i]) as f32),
            bias_length: dot(&b, &b).sqrt() as f32,
            from_identity: (0..dim * dim).map(square).sum::<f64>().sqrt() as f32,
        }
    }

    /// Where W and b take the point of the unit circle at an angle (radians), on the axes.
    pub fn of_circle(&self, angle: f32) -> [f32; 2] {
        let (sin, cos) = angle.sin_cos();
        let [along, across] = self.in_plane;
        [0, 1].map(|i| cos * along[i] + sin * across[i] + self.bias[i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_takes_the_circle_where_its_points_go() {
        // c·W + b for codes of three numbers, shown on the first and the third.
        let w = [2.0, 0.5, 0.0, 0.0, 1.0, 0.0, 1.0, 0.0, -3.0];
        let b = [0.1, 7.0, -0.2];
        let axes = [vec![1.0, 0.0, 0.0], vec![0.0, 0.0, 1.0]];
        let facts = TransformFacts::new(&w, &b, &axes);
        assert_eq!(facts.in_plane, [[2.0, 0.0], [1.0, -3.0]]);
        let close = |a: f32, b: f32| (a - b).abs() < 1e-5;
        assert!(close(facts.bias_length, (0.01_f32 + 49.0 + 0.04).sqrt()));
        assert!(close(facts.from_identity, (1.0_f32 + 0.25 + 1.0 + 16.0).sqrt()));
        for angle in [0.0_f32, 0.7, 2.0, 4.5] {
            let c = [angle.cos(), 0.0, angle.sin()];
            let e = |j: usize| (0..3).map(|i| c[i] * w[i * 3 + j]).sum::<f32>() + b[j];
            let got = facts.of_circle(angle);
            assert!(close(got[0], e(0)) && close(got[1], e(2)), "{angle}: {got:?}");
        }
        let none =
            TransformFacts::new(&[1.0, 0.0, 0.0, 1.0], &[], &[vec![1.0, 0.0], vec![0.0, 1.0]]);
        assert_eq!((none.from_identity, none.bias_length, none.bias), (0.0, 0.0, [0.0; 2]));
    }
}
