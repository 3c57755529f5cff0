//! Mean and scatter of the codes, for the axes of pictures and for the measures of an evaluation.

use burn::tensor::{ExecutionError, Tensor, Transaction};

use crate::engine::read_back::floats;
use crate::math::pca::Moments;
use crate::model::rows;

/// Moments of E (K x d), summed where it lies, so that d + d·d numbers come to the host.
///
/// # Errors
/// What the device reports.
pub fn moments(codes: &Tensor<2>) -> Result<Moments, ExecutionError> {
    let mean = rows::mean(codes.clone()); // [1, d]
    let centred = codes.clone() - mean.clone();
    // What rounding left of the mean, which may be large against the spread (Chan et al. 1983, 1.7).
    let rest = rows::mean(centred.clone()); // [1, d]
    let reads = Transaction::default().register(mean).register(rest);
    // CPU-GPU sync point, once a point of the grid and once an evaluation.
    let reads = reads.register(rows::scatter(centred)).try_execute()?; // [d, d]
    let mut reads = reads.into_iter();
    let mut numbers = || -> Result<Vec<f64>, ExecutionError> {
        Ok(floats(reads.next())?.into_iter().map(f64::from).collect())
    };
    let (mut mean, rest, mut scatter) = (numbers()?, numbers()?, numbers()?);
    let [count, dim] = codes.dims();
    let count = count as f64;
    mean.iter_mut().zip(&rest).for_each(|(mean, rest)| *mean += rest);
    for (i, sum) in scatter.iter_mut().enumerate() {
        *sum -= count * rest[i / dim] * rest[i % dim];
    }
    Ok(Moments { count, mean, scatter })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::device;
    use crate::engine::lane::Lane;
    use crate::engine::read_back::host;
    use crate::scenario::parse;

    #[test]
    fn moments_summed_on_the_device_are_those_of_the_host() {
        let scenario = parse("title='x'\n[codebook]\nsize=3000\n[lanes.a]\n", "x", &[]).unwrap();
        let compute = device::choose("cpu", &device::cpu_only()).unwrap().open().unwrap();
        let lane = Lane::new(scenario.lane_specs().remove(0), true, &compute).unwrap();
        // Far from the origin, where a sum of squares would drown the spread.
        let codes = lane.codebook().effective().add_scalar(30.0);
        let got = moments(&codes).unwrap();
        let expected = Moments::of(&host(&codes).unwrap(), lane.spec.dim);
        assert_eq!(got.count, 3000.0);
        let largest = expected.scatter.iter().copied().fold(0.0, f64::max);
        for (got, expected) in got.scatter.iter().zip(&expected.scatter) {
            assert!((got - expected).abs() < 1e-4 * largest, "{got} {expected}");
        }
        for (got, expected) in got.mean.iter().zip(&expected.mean) {
            assert!((got - expected).abs() < 1e-4, "{got} {expected}");
        }
    }
}
