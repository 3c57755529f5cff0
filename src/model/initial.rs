//! Where the codes start.

use burn::tensor::{Device, Tensor, TensorData};

use crate::data::{At, Dataset};
use crate::math::eigen;
use crate::model::{Nets, Weight, fixed, kmeans};
use crate::rng::{Purpose, Stream};
use crate::scenario::{Init, LaneSpec};

/// k-means starts from at most so many points, and from at least 16 a centre below that.
const KMEANS_POINTS: usize = 8192;

fn kmeans_points(spec: &LaneSpec) -> usize {
    spec.batch_tokens.max(spec.size.saturating_mul(16).min(KMEANS_POINTS))
}

/// The samples before step 1.
fn first(spec: &LaneSpec) -> At<'_> {
    At { step: 0, switches: &spec.switches }
}

/// Initial C of a lane, K x d.
///
/// A start that comes from encodings is taken of the encoder as it is now, on the samples of the
/// batch before step 1; it waits for the host.
pub fn codes(spec: &LaneSpec, data: &Dataset, nets: &Nets, device: &Device) -> Weight {
    let (size, dim) = (spec.size, spec.dim);
    if let Some(fixed) = &spec.fixed {
        return fixed::codes(fixed, device);
    }
    let mut stream = Stream::new(spec.seed, Purpose::Codes, 0);
    let mut first_centres = Stream::new(spec.seed, Purpose::Kmeans, 0);
    let values = match spec.init {
        Init::Uniform => stream.uniform(size * dim, 1.0 / size as f32),
        Init::Normal => stream.normal(size * dim, spec.std as f32),
        Init::Kmeans => {
            let samples = kmeans_points(spec).div_ceil(spec.tokens);
            let x = data.batch(spec.seed, first(spec), samples);
            let x = Tensor::<2>::from_data(TensorData::new(x, [samples, spec.pixels()]), device);
            let z = nets.values().encode(x).into_data().convert::<f32>();
            let z = z.try_into_vec::<f32>().expect("converted to 32-bit floats");
            kmeans::kmeans(&z, dim, size, &mut first_centres)
        }
        Init::Features => {
            let features = features(spec, data, device);
            let centres = kmeans::kmeans(&features, dim, size, &mut first_centres);
            scaled(centres, spec.std)
        }
    };
    Weight::new(values, [size, dim], device)
}

/// Training images on nearly their first d principal axes, N x d; numbers beyond the rank of the
/// images are 0.
fn features(spec: &LaneSpec, data: &Dataset, device: &Device) -> Vec<f32> {
    let (count, pixels, dim) = (kmeans_points(spec), spec.pixels(), spec.dim);
    let host = |t: Tensor<2>| -> Vec<f32> {
        let data = t.into_data().convert::<f32>();
        data.try_into_vec().expect("converted to 32-bit floats")
    };
    let x = TensorData::new(data.batch(spec.seed, first(spec), count), [count, pixels]);
    let x = Tensor::<2>::from_data(x, device);
    let x = x.clone() - x.mean_dim(0);
    let covariance = host(x.clone().transpose().matmul(x.clone()).div_scalar(count as f64));
    let covariance: Vec<f64> = covariance.into_iter().map(f64::from).collect();
    let mut stream = Stream::new(spec.seed, Purpose::Kmeans, 1);
    let axes = eigen::leading(&covariance, pixels, &stream.normal(dim.min(pixels) * pixels, 1.0));
    let mut axes: Vec<f32> = axes.into_iter().map(|a| a as f32).collect();
    axes.resize(dim * pixels, 0.0);
    let axes = Tensor::<2>::from_data(TensorData::new(axes, [dim, pixels]), device);
    host(x.matmul(axes.transpose()))
}

/// Values scaled to a root mean square of `std`, as a normal start of that standard deviation has.
fn scaled(mut values: Vec<f32>, std: f64) -> Vec<f32> {
    let square: f64 = values.iter().map(|&v| f64::from(v).powi(2)).sum();
    let scale = std / (square / values.len() as f64).sqrt().max(f64::MIN_POSITIVE);
    values.iter_mut().for_each(|v| *v = (f64::from(*v) * scale) as f32);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_keeps_directions_and_sets_the_size() {
        let values = scaled(vec![3.0, -4.0], 0.5);
        let square: f32 = values.iter().map(|v| v * v).sum();
        assert!((square / 2.0 - 0.25).abs() < 1e-6 && values[0] > 0.0 && values[1] < 0.0);
        assert_eq!(scaled(vec![0.0, 0.0], 0.5), [0.0, 0.0]);
    }
}
