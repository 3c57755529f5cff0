//! Finite scalar quantization: a fixed grid instead of a codebook (Mentzer et al. 2023,
//! arXiv 2309.15505).

use burn::tensor::{Device, Tensor, TensorData};

use crate::model::Weight;

/// How far the outermost values stay inside of their cells, ε in the official code.
const EPSILON: f64 = 1e-3;

/// The grid: each of d numbers takes one of its levels, K = Π L_i codes in all.
#[derive(Clone)]
pub struct Fsq {
    /// tanh(z + shift) · half - offset lies strictly between -⌊L/2⌋-1/2 and the last level + 1/2;
    /// each is 1 x d.
    shift: Tensor<2>,
    half: Tensor<2>,
    offset: Tensor<2>,
    /// ⌊L/2⌋: rounded values are divided by it.
    width: Tensor<2>,
}

impl Fsq {
    /// The grid of `levels` L_i >= 2.
    pub fn new(levels: &[usize], device: &Device) -> Self {
        let row = |f: fn(f64) -> f64| {
            let values: Vec<f32> = levels.iter().map(|&l| f(l as f64) as f32).collect();
            Tensor::from_data(TensorData::new(values, [1, levels.len()]), device)
        };
        Self {
            shift: row(|l| (offset(l) / half(l)).tan()),
            half: row(half),
            offset: row(offset),
            width: row(|l| (l / 2.0).floor()),
        }
    }

    /// Encodings (N x d) brought into the grid's box, in the grid's own units, so that the nearest
    /// grid point is what rounding gives.
    pub fn bound(&self, z: Tensor<2>) -> Tensor<2> {
        let bounded = (z + self.shift.clone()).tanh() * self.half.clone() - self.offset.clone();
        bounded / self.width.clone()
    }
}

/// (L-1)(1-ε)/2.
fn half(levels: f64) -> f64 {
    (levels - 1.0) * (1.0 - EPSILON) / 2.0
}

/// 1/2 for an even number of levels, which has no middle one.
fn offset(levels: f64) -> f64 {
    if levels % 2.0 == 0.0 { 0.5 } else { 0.0 }
}

/// All points of the grid, K x d; the first number changes fastest, as in the official code.
pub fn grid(levels: &[usize], device: &Device) -> Weight {
    let size: usize = levels.iter().product();
    let mut values = Vec::with_capacity(size * levels.len());
    for code in 0..size {
        let mut rest = code;
        for &l in levels {
            let level = (rest % l) as f32 - (l / 2) as f32;
            values.push(level / (l / 2) as f32);
            rest /= l;
        }
    }
    Weight::new(values, [size, levels.len()], device)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::nearest::nearest_codes;

    #[test]
    fn nearest_grid_points_are_the_rounded_values_of_the_reference() {
        let all: serde_json::Value =
            serde_json::from_str(include_str!("../../tests/reference/quantizers.json")).unwrap();
        let numbers = |v: &serde_json::Value| -> Vec<f32> {
            v.as_array().unwrap().iter().map(|x| x.as_f64().unwrap() as f32).collect()
        };
        for case in all["fsq"].as_array().unwrap() {
            let levels: Vec<usize> = numbers(&case["levels"]).iter().map(|&l| l as usize).collect();
            let (device, d) = (Device::flex(), levels.len());
            let z = numbers(&case["z"]);
            let z = Tensor::<2>::from_data(TensorData::new(z.clone(), [z.len() / d, d]), &device);
            let z = z.autodiff().require_grad();
            let bounded = Fsq::new(&levels, &device).bound(z.clone());
            let codes = grid(&levels, &device).value();
            let index = nearest_codes(bounded.clone().inner(), codes.clone());
            let got: Vec<i32> = index.to_data().convert::<i32>().try_into_vec().unwrap();
            let expected: Vec<i32> = numbers(&case["index"]).iter().map(|&i| i as i32).collect();
            assert_eq!(got, expected, "{levels:?}");
            let q: Vec<f32> = codes.select(0, index).to_data().try_into_vec().unwrap();
            assert_eq!(q, numbers(&case["q"]), "{levels:?}");
            // Straight through the rounding, the gradient of Σq is that of the bounding.
            let gradients = bounded.sum_dim(1).sum_dim(0).backward();
            let gradient: Vec<f32> = z.grad(&gradients).unwrap().to_data().try_into_vec().unwrap();
            for (g, e) in gradient.iter().zip(numbers(&case["g_z"])) {
                assert!((g - e).abs() < 1e-5, "{levels:?}: {g} against {e}");
            }
        }
    }
}
