//! The program's only source of randomness.
//!
//! Every number comes from a ChaCha8 stream named by the scenario's seed, a purpose and a counter,
//! and is uploaded to the device. So the encoder starts equal in both lanes whatever the codebook
//! does, the batch of step s needs no state but s, and a backend's own generator is never asked.

use rand::{Rng as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution as _, StandardNormal};

/// What a stream is for; streams of different purposes are independent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Purpose {
    /// Initial weights of encoder and decoder; the counter is the layer.
    Nets = 1,
    /// Initial C; the counter is the number of earlier draws of this lane.
    Codes = 2,
    /// Initial W and b; the counter as for `Codes`.
    Transform = 3,
    /// Samples of a batch; the counter is the step.
    Batch = 4,
    /// Samples of the evaluation set.
    Evaluation = 5,
    /// Choice of the first centres of k-means.
    Kmeans = 6,
    /// Encodings that revived codes jump to; the counter is the step.
    Revive = 7,
}

/// A seeded generator of uniform and normal numbers.
pub struct Stream(ChaCha8Rng);

impl Stream {
    /// The stream of a seed for a purpose; `counter` must stay below 2^56.
    pub fn new(seed: u64, purpose: Purpose, counter: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream((u64::from(purpose as u8) << 56) | counter);
        Self(rng)
    }

    /// Uniform in [0, 1) with 24 bits.
    pub fn unit(&mut self) -> f32 {
        (self.0.next_u32() >> 8) as f32 * (1.0 / 16_777_216.0)
    }

    /// `n` numbers uniform in [-bound, bound).
    pub fn uniform(&mut self, n: usize, bound: f32) -> Vec<f32> {
        (0..n).map(|_| (2.0 * self.unit() - 1.0) * bound).collect()
    }

    /// `n` normal numbers with mean 0.
    pub fn normal(&mut self, n: usize, std: f32) -> Vec<f32> {
        let draw = |_| {
            let x: f32 = StandardNormal.sample(&mut self.0);
            x * std
        };
        (0..n).map(draw).collect()
    }

    /// Uniform in 0..n. `n` must not be 0.
    pub fn below(&mut self, n: usize) -> usize {
        // 64 bits times n, upper half: the bias is below n/2^64.
        ((u128::from(self.0.next_u64()) * n as u128) >> 64) as usize
    }

    /// `k` different numbers in 0..n in random order (all of them when k >= n).
    pub fn choose(&mut self, n: usize, k: usize) -> Vec<u32> {
        let mut all: Vec<u32> = (0..n as u32).collect();
        let k = k.min(n);
        for i in 0..k {
            let j = i + self.below(n - i);
            all.swap(i, j);
        }
        all.truncate(k);
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_do_not_overlap() {
        let draw = |seed, purpose, n| Stream::new(seed, purpose, n).uniform(8, 1.0);
        assert_eq!(draw(7, Purpose::Batch, 3), draw(7, Purpose::Batch, 3));
        assert_ne!(draw(7, Purpose::Batch, 3), draw(7, Purpose::Batch, 4));
        assert_ne!(draw(7, Purpose::Nets, 0), draw(7, Purpose::Codes, 0));
        assert_ne!(draw(7, Purpose::Nets, 0), draw(8, Purpose::Nets, 0));
    }

    #[test]
    fn normal_numbers_have_the_asked_moments() {
        let x = Stream::new(1, Purpose::Codes, 0).normal(100_000, 0.25);
        let mean = x.iter().map(|v| f64::from(*v)).sum::<f64>() / 1e5;
        let var = x.iter().map(|v| (f64::from(*v) - mean).powi(2)).sum::<f64>() / 1e5;
        // Standard errors: 0.25/sqrt(1e5) = 8e-4 for the mean, 2.8e-4 for the variance.
        assert!(mean.abs() < 4e-3, "{mean}");
        assert!((var - 0.0625).abs() < 1.4e-3, "{var}");
    }

    #[test]
    fn chosen_numbers_are_different() {
        let mut chosen = Stream::new(2, Purpose::Evaluation, 0).choose(1000, 400);
        chosen.sort_unstable();
        chosen.dedup();
        assert_eq!(chosen.len(), 400);
        assert_eq!(Stream::new(2, Purpose::Evaluation, 0).choose(5, 9).len(), 5);
    }
}
