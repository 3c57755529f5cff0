//! Lookup-free quantization: the signs of d numbers are the code (Yu et al. 2023,
//! arXiv 2310.05737, section 3).

use burn::tensor::Device;

use crate::model::Weight;

/// All corners of the hypercube {-1, 1}^d, K x d with K = 2^d. The first number is the highest bit
/// of a code's index, 1 for +1, as in the official code of MAGVIT-v2's successors; so the nearest
/// corner of a number that is exactly 0 is the one at -1.
pub fn corners(bits: usize, device: &Device) -> Weight {
    let size = 1_usize << bits;
    let values = (0..size)
        .flat_map(|code| {
            (0..bits).rev().map(move |bit| if code >> bit & 1 == 1 { 1.0 } else { -1.0 })
        })
        .collect();
    Weight::new(values, [size, bits], device)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Tensor, TensorData};

    use super::*;
    use crate::model::nearest::nearest_codes;

    #[test]
    fn the_nearest_corner_is_the_signs() {
        let device = Device::flex();
        let z = vec![0.3_f32, -2.0, 0.01, -0.5, 0.0, 9.0];
        let z = Tensor::<2>::from_data(TensorData::new(z, [2, 3]), &device);
        let codes = corners(3, &device).value();
        assert_eq!(codes.dims(), [8, 3]);
        let index = nearest_codes(z, codes.clone());
        let got: Vec<i32> = index.to_data().convert::<i32>().try_into_vec().unwrap();
        assert_eq!(got, [0b101, 0b001]);
        let q: Vec<f32> = codes.select(0, index).to_data().try_into_vec().unwrap();
        assert_eq!(q, [1.0, -1.0, 1.0, -1.0, -1.0, 1.0]);
    }
}
