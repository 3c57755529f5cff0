//! Metrics on the full evaluation set.

use burn::tensor::{ExecutionError, Tensor, TensorData, Transaction};

use crate::engine::lane::Lane;
use crate::engine::moments::moments;
use crate::engine::read_back::{floats, host, ints};
use crate::give_up;
use crate::math::spectrum;
use crate::model::nearest::{Backend, distance, is_small, nearest_codes};
use crate::model::rows;
use crate::record::metric::Evaluation;
use crate::record::usage;
use crate::record::usage::Usage;

/// Samples a pass; bounds the memory of the hidden layer.
pub(super) const SAMPLES: usize = 2048;

/// Samples a pass of a small lane beside another one on the CPU: their hidden layer stays in the
/// second-level cache, and the backend shares no product out that the other lane's core would do.
const SMALL_PASS: usize = 256;

/// Peak signal-to-noise ratio in dB of a mean squared error with peak 1: -10·log10(mse).
pub fn psnr(mse: f64) -> f64 {
    -10.0 * mse.log10()
}

impl Lane {
    /// Runs the evaluation set through the model and stores the metrics of `step`.
    ///
    /// Sums over one pass of at most 2,048 samples (256 for small lanes side by side on the CPU) are
    /// made on the device, sums over passes on the host in 64 bits. The relative quantization error is Σ|z-q|² / Σ|z-z̄|².
    ///
    /// # Errors
    /// What the device reports.
    pub fn evaluate(&mut self, step: u64) -> Result<Evaluation, ExecutionError> {
        let codes = self.codebook().effective();
        let [size, dim] = codes.dims();
        let set = self.eval_at(step, usize::MAX);
        let [samples, pixels] = set.dims();
        let mut counts = vec![0_u32; size];
        let (mut squared_error, mut quant_error, mut squares) = (0.0, 0.0, 0.0);
        let mut sums = vec![0.0_f64; dim];
        let pass = self.evaluation_pass();
        for start in (0..samples).step_by(pass) {
            if give_up::is_asked() {
                break;
            }
            let x = set.clone().slice([start..(start + pass).min(samples)]);
            let z = self.encode(x.clone());
            let (index, q) = self.quantize(&z, &codes);
            let x_hat = self.decode(q.clone());
            // Rows of d or D first, then all rows: sums of a fixed order.
            let total = |t: Tensor<2>| rows::sum(t.square().sum_dim(1)); // [1, 1]
            let scalars = vec![
                total(x_hat - x),
                rows::sum(distance(z.clone(), q)),
                total(z.clone()),
                rows::sum(z),
            ];
            // CPU-GPU sync point, once a pass.
            let mut reads = Transaction::default().register(Tensor::cat(scalars, 1));
            let has_index = index.is_some();
            if let Some(index) = index {
                reads = reads.register(index);
            }
            let mut data = reads.try_execute()?.into_iter();
            let scalars = floats(data.next())?;
            let index = if has_index { ints(data.next())? } else { Vec::new() };
            squared_error += f64::from(scalars[0]);
            quant_error += f64::from(scalars[1]);
            squares += f64::from(scalars[2]);
            sums.iter_mut().zip(&scalars[3..]).for_each(|(sum, &x)| *sum += f64::from(x));
            index.iter().for_each(|&code| counts[code as usize] += 1);
        }
        let tokens = samples * self.spec.tokens;
        let mean_part = sums.iter().map(|s| s * s).sum::<f64>() / tokens as f64;
        let recon_mse = squared_error / (samples * pixels) as f64;
        let effective_rank_w = match self.codebook().w() {
            Some(w) => spectrum::effective_rank(&self.singular_values(&w)?),
            // Where a perceptron or fixed codes stand in the place of W there is no rank.
            None if self.learns().1 || self.spec.fixed.is_some() => f64::NAN,
            None => dim as f64,
        };
        let spread = spectrum::scatter_eigenvalues(&moments(&codes)?.scatter, dim);
        let axes: Vec<f64> = spread.iter().map(|v| v.sqrt()).collect();
        let moved = self
            .step_movement(&codes, None, &self.window.since_chosen())?
            .map(|(_, moved)| moved.moved as f64 / size as f64);
        let evaluation = Evaluation {
            step,
            usage: Usage {
                used: usage::used(&counts),
                tokens,
                size,
                perplexity: usage::perplexity(&counts),
            },
            recon_mse,
            psnr: psnr(recon_mse),
            quant_error: quant_error / (squares - mean_part).max(f64::MIN_POSITIVE),
            effective_rank_w,
            latent_norm: (squares / tokens as f64).sqrt(),
            effective_rank_e: spectrum::effective_rank(&axes),
            dimensions_90_e: spectrum::dimensions(&spread, 0.9),
            dimensions_99_e: spectrum::dimensions(&spread, 0.99),
            moved: moved.unwrap_or(f64::NAN),
        };
        self.eval = Some(evaluation);
        self.eval_counts = counts;
        Ok(evaluation)
    }

    /// Samples a pass of an evaluation, by the settings alone.
    fn evaluation_pass(&self) -> usize {
        // Lanes of an adapter that are read on the host come one after another.
        let is_host = matches!(self.compute.search, Backend::Host);
        let (tokens, codes) = (SMALL_PASS * self.spec.tokens, self.spec.size * self.spec.dim);
        let is_small = is_host && !self.is_alone && is_small(tokens, codes);
        if is_small { SMALL_PASS } else { SAMPLES }
    }

    /// Counts code use after `step` steps over `tokens` distinct held-out tokens (or as many as there are), a pass at a
    /// time; `progress` hears the tokens counted so far and says whether to go on. `None` if it did
    /// not.
    ///
    /// # Errors
    /// What the device reports.
    pub fn count_held_out(
        &self,
        step: u64,
        tokens: usize,
        progress: &mut dyn FnMut(usize) -> bool,
    ) -> Result<Option<Usage>, ExecutionError> {
        let codes = self.codebook().effective();
        let [size, _] = codes.dims();
        let (each, pixels) = (self.spec.tokens, self.data.pixels());
        let samples = (tokens / each).clamp(1, self.data.held_out_len());
        let mut counts = vec![0_u32; size];
        for start in (0..samples).step_by(SAMPLES) {
            let range = start..(start + SAMPLES).min(samples);
            let rows = range.len();
            let mut x = self.data.held_out(samples, range.clone());
            self.data.place(self.at(step), &mut x);
            let x = TensorData::new(x, [rows, pixels]);
            let z = self.encode(Tensor::from_data(x, &self.reader.device));
            let index = nearest_codes(z, codes.clone());
            // CPU-GPU sync point, once a pass.
            let index = ints(Some(index.try_to_data()?))?;
            index.iter().for_each(|&code| counts[code as usize] += 1);
            if !progress(range.end * each) {
                return Ok(None);
            }
        }
        Ok(Some(Usage {
            used: usage::used(&counts),
            tokens: samples * each,
            size,
            perplexity: usage::perplexity(&counts),
        }))
    }

    /// Singular values of W (d x d), largest first.
    pub(super) fn singular_values(&self, w: &Tensor<2>) -> Result<Vec<f64>, ExecutionError> {
        Ok(spectrum::singular_values(&host(w)?, self.spec.dim))
    }
}

#[cfg(test)]
mod tests {
    use super::psnr;

    #[test]
    fn psnr_of_one_percent_of_the_peak_is_20_db() {
        assert!((psnr(0.01) - 20.0).abs() < 1e-12);
        // 10·log10(1/0.00692) by Python.
        assert!((psnr(0.00692) - 21.598939055432).abs() < 1e-9);
    }
}
