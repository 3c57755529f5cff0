//! Work on many rows, shared out over the units of a GPU.
//!
//! The gradient of every weight and bias is a sum over all rows of a batch. burn's kernels that were
//! not tuned for a shape add up such a sum in one unit, row after row, while the rest of the GPU
//! waits. So on a GPU rows go through a layer in parts, as P x n x d: the sums over the parts run
//! beside each other, and a short sum over the parts follows. On the CPU rows stay as they are.

use burn::backend::DispatchDevice;
use burn::tensor::Tensor;

/// Rows of a part are a multiple of this, as the tiles of matrix products want them.
const TILE: usize = 32;

/// How many equal parts the rows of `x` go in: none on the CPU, and where no number divides them.
pub fn parts(x: &Tensor<2>) -> Option<usize> {
    let is_host = matches!(x.device().inner().as_dispatch(), DispatchDevice::Flex(_));
    if is_host { None } else { parts_of(x.dims()[0]) }
}

/// As many parts as a part has rows, about: both sums are short then.
fn parts_of(rows: usize) -> Option<usize> {
    if !rows.is_multiple_of(TILE) {
        return None;
    }
    let tiles = rows / TILE;
    // The parts of k tiles, for each k that divides them; the first with no more parts than rows.
    let mut parts = (1..=tiles).filter(|k| tiles.is_multiple_of(*k)).map(|k| tiles / k);
    parts.find(|parts| *parts <= rows / parts).filter(|parts| *parts > 1)
}

/// N x d as P x N/P x d.
pub fn split(x: Tensor<2>, parts: usize) -> Tensor<3> {
    let [rows, width] = x.dims();
    x.reshape([parts, rows / parts, width])
}

/// P x n x d as P·n x d.
pub fn join(x: Tensor<3>) -> Tensor<2> {
    let [parts, rows, width] = x.dims();
    x.reshape([parts * rows, width])
}

/// x·W + b for rows in parts: `x` is P x n x input, `weight` input x output, `bias` 1 x output.
pub fn affine_in_parts(x: Tensor<3>, weight: &Tensor<2>, bias: Option<&Tensor<2>>) -> Tensor<3> {
    let product = x.matmul(weight.clone().unsqueeze());
    match bias {
        Some(bias) => product + bias.clone().unsqueeze(),
        None => product,
    }
}

/// x·W + b: `x` is N x input, `weight` input x output, `bias` 1 x output.
pub fn affine(x: Tensor<2>, weight: &Tensor<2>, bias: Option<&Tensor<2>>) -> Tensor<2> {
    match (parts(&x), bias) {
        (Some(parts), bias) => join(affine_in_parts(split(x, parts), weight, bias)),
        (None, Some(bias)) => x.matmul(weight.clone()) + bias.clone(),
        (None, None) => x.matmul(weight.clone()),
    }
}

/// Sum of the rows of N x d: 1 x d.
pub fn sum(x: Tensor<2>) -> Tensor<2> {
    let Some(parts) = parts(&x) else { return x.sum_dim(0) };
    let width = x.dims()[1];
    split(x, parts).sum_dim(1).reshape([parts, width]).sum_dim(0)
}

/// Σ x·xᵀ over the rows x of N x d, d x d.
pub fn scatter(x: Tensor<2>) -> Tensor<2> {
    let Some(parts) = parts(&x) else { return x.clone().transpose().matmul(x) };
    let width = x.dims()[1];
    let x = split(x, parts);
    // [P, d, d], and the sum over the parts.
    let sums = x.clone().transpose().matmul(x);
    sums.sum_dim(0).reshape([width, width])
}

/// Mean of the rows of N x d: 1 x d.
pub fn mean(x: Tensor<2>) -> Tensor<2> {
    let Some(parts) = parts(&x) else { return x.mean_dim(0) };
    let width = x.dims()[1];
    split(x, parts).mean_dim(1).reshape([parts, width]).mean_dim(0)
}

#[cfg(test)]
mod tests {
    use burn::tensor::{Device, Tensor, TensorData};

    use super::{affine, mean, parts, parts_of, scatter, sum};
    use crate::engine::device;
    use crate::rng::{Purpose, Stream};

    #[test]
    fn parts_are_equal_whole_tiles_and_no_more_than_their_rows() {
        let expected = [
            (512, Some(16)),
            (1024, Some(32)),
            (2048, Some(32)),
            (4096, Some(64)),
            (262_144, Some(512)),
            (96, Some(3)),
            // A whole tile needs no parts; 37 tiles cannot be shared out but to themselves.
            (32, None),
            (37 * 32, None),
            (500, None),
            (0, None),
        ];
        for (rows, parts) in expected {
            assert_eq!(parts_of(rows), parts, "{rows} rows");
        }
    }

    const ROWS: usize = 96;

    fn draw(number: u64, rows: usize, columns: usize, on: &Device) -> Tensor<2> {
        let values = Stream::new(number, Purpose::Batch, 0).normal(rows * columns, 1.0);
        Tensor::from_data(TensorData::new(values, [rows, columns]), on)
    }

    /// A layer's output, sums over its rows, and the gradients of its weights and of its input.
    fn everything(on: &Device) -> Vec<Vec<f32>> {
        let [x, w, b] = [(1, ROWS, 5), (2, 5, 3), (3, 1, 3)]
            .map(|(number, rows, columns)| draw(number, rows, columns, on));
        let [x, w, b] = [x, w, b].map(|t| t.autodiff().require_grad());
        let y = affine(x.clone(), &w, Some(&b)); // [96, 3]
        let pull = draw(4, ROWS, 3, on).autodiff();
        let total = mean((y.clone() * pull).sum_dim(1));
        let mut gradients = total.backward();
        let gradients = [&x, &w, &b].map(|t| t.grad_remove(&mut gradients).expect("it is a leaf"));
        let y = y.inner();
        let sums = [sum(y.clone()), mean(y.clone()), scatter(y.clone())];
        let all = std::iter::once(y).chain(sums).chain(gradients);
        all.map(|t| t.into_data().try_into_vec().expect("32-bit floats")).collect()
    }

    #[test]
    fn a_layer_in_parts_on_an_adapter_equals_the_whole_on_the_host() {
        let Some(compute) = device::any_adapter() else { return };
        assert_eq!(parts(&draw(1, ROWS, 5, &Device::flex())), None);
        assert_eq!(parts(&draw(1, ROWS, 5, &compute.device)), Some(3));
        let (got, expected) = (everything(&compute.device), everything(&Device::flex()));
        for (number, (got, expected)) in got.iter().zip(&expected).enumerate() {
            assert_eq!(got.len(), expected.len());
            for (a, b) in got.iter().zip(expected) {
                assert!((a - b).abs() <= 1e-4 * (1.0 + b.abs()), "{number}: {a} {b}");
            }
        }
    }
}
