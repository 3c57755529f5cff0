//! Moving codes by other means than a gradient: moving averages, revival, anchors.
//!
//! All of it is tensor arithmetic, so that no step waits for a read-back to learn which codes are
//! dead; the encodings that dead codes jump to are chosen by the host before it knows.

use burn::tensor::{Device, IndexingUpdateOp, Int, Tensor, TensorData};

use crate::model::Codebook;
use crate::model::nearest::nearest_codes;
use crate::scenario::{CodeUpdate, Switches, Upkeep};

/// Smoothing of the averages' counts, ε (van den Oord et al. 2017 in its Sonnet implementation).
const EPSILON: f64 = 1e-5;

/// Moving averages of the use of each code.
#[derive(Clone)]
pub struct Averages {
    /// N_k, K x 1: moving average of the tokens that chose a code.
    counts: Tensor<2>,
    /// m_k, K x d: moving average of the sum of these tokens.
    sums: Tensor<2>,
    /// P_k, K x 1: moving average of the share of tokens (CVQ).
    shares: Tensor<2>,
    /// Tokens a batch over codes, N/K.
    fair: f64,
}

impl Averages {
    /// Averages of codes (K x d) as if each had had its fair share of `tokens` at its own place, so
    /// that a code which is never chosen stays where it is.
    pub fn new(codes: &Tensor<2>, tokens: usize) -> Self {
        let [size, _] = codes.dims();
        let fair = tokens as f64 / size as f64;
        let device = codes.device();
        Self {
            counts: Tensor::ones([size, 1], &device).mul_scalar(fair),
            sums: codes.clone().mul_scalar(fair),
            shares: Tensor::zeros([size, 1], &device),
            fair,
        }
    }

    /// N_k (K x 1), m_k (K x d) and P_k (K x 1), to be saved.
    pub fn parts(&self) -> [Tensor<2>; 3] {
        [self.counts.clone(), self.sums.clone(), self.shares.clone()]
    }

    /// Averages from what [`Self::parts`] gave, for batches of `tokens`.
    pub fn from_parts([counts, sums, shares]: [Tensor<2>; 3], tokens: usize) -> Self {
        let [size, _] = counts.dims();
        Self { counts, sums, shares, fair: tokens as f64 / size as f64 }
    }

    /// Moves the codes after encodings `z` (N x d, without autodiff) chose codes `index` (N).
    /// `pick` gives for each code the number of the encoding that it jumps to if it is dead.
    pub fn step(
        &mut self,
        codebook: &mut Codebook,
        switches: &Switches,
        z: &Tensor<2>,
        index: &Tensor<1, Int>,
        pick: &mut dyn FnMut(usize) -> Vec<i32>,
    ) {
        let ([size, dim], [tokens, _]) = (codebook.dims(), z.dims());
        let device: Device = z.device();
        let ones = Tensor::<2>::ones([tokens, 1], &device);
        let chosen = Tensor::zeros([size, 1], &device).select_assign(
            0,
            index.clone(),
            ones,
            IndexingUpdateOp::Add,
        );
        let decay = switches.decay;
        let blend = |old: &Tensor<2>, new: Tensor<2>| {
            old.clone().mul_scalar(decay) + new.mul_scalar(1.0 - decay)
        };
        self.counts = blend(&self.counts, chosen.clone());
        self.shares = blend(&self.shares, chosen.div_scalar(tokens as f64));
        if switches.update == CodeUpdate::Ema {
            // N_k ← γN_k + (1-γ)n_k, m_k ← γm_k + (1-γ)Σz, e_k = m_k / N̂_k with
            // N̂_k = (N_k+ε)/(ΣN+Kε)·ΣN (van den Oord et al. 2017, appendix A.1).
            let sums = Tensor::zeros([size, dim], &device).select_assign(
                0,
                index.clone(),
                z.clone(),
                IndexingUpdateOp::Add,
            );
            self.sums = blend(&self.sums, sums);
            let total = self.counts.clone().sum_dim(0); // [1, 1]
            let scale = total.clone() / total.add_scalar(size as f64 * EPSILON);
            let smoothed = self.counts.clone().add_scalar(EPSILON) * scale;
            codebook.codes_mut().set_value(self.sums.clone() / smoothed);
        }
        match switches.upkeep {
            Upkeep::None => {}
            // A share of the fair share N/K: an absolute threshold would reseed all codes all the time
            // where batches are small.
            Upkeep::Revive => {
                self.revive(codebook, switches.revive_below * self.fair, z, pick(size));
            }
            Upkeep::Cvq => self.glide(codebook, z, decay),
        }
    }

    /// A code whose N_k fell below the threshold takes a random encoding of the batch, the
    /// threshold as its count and a sum to match (lucidrains' vector-quantize-pytorch); its moments
    /// start anew.
    fn revive(&mut self, codebook: &mut Codebook, threshold: f64, z: &Tensor<2>, picks: Vec<i32>) {
        let [size, dim] = codebook.dims();
        let picks = Tensor::<1, Int>::from_data(TensorData::new(picks, [size]), &z.device());
        let candidates = z.clone().select(0, picks); // [K, d]
        let is_dead = self.counts.clone().lower_elem(threshold); // [K, 1]
        let wide = is_dead.clone().expand([size, dim]);
        let codes = codebook.codes().mask_where(wide.clone(), candidates.clone());
        self.counts = self.counts.clone().mask_fill(is_dead.clone(), threshold);
        self.sums = self.sums.clone().mask_where(wide, candidates.mul_scalar(threshold));
        let keep = Tensor::ones([size, 1], &z.device()).mask_fill(is_dead, 0.0);
        codebook.codes_mut().keep_moments(&keep);
        codebook.codes_mut().set_value(codes);
    }

    /// e_k ← (1-α_k)e_k + α_k·a_k with α_k = exp(-10·K·P_k/(1-γ) - 1e-3) and the encoding a_k of the
    /// batch nearest to the code (Zheng and Vedaldi 2023, equations 5 to 7, "closest").
    fn glide(&self, codebook: &mut Codebook, z: &Tensor<2>, decay: f64) {
        let codes = codebook.codes();
        let [size, _] = codes.dims();
        let anchors = z.clone().select(0, nearest_codes(codes.clone(), z.clone())); // [K, d]
        let pull = self.shares.clone().mul_scalar(-10.0 * size as f64 / (1.0 - decay));
        let alpha = pull.sub_scalar(1e-3).exp(); // [K, 1]
        let moved = codes.clone() + (anchors - codes) * alpha;
        codebook.codes_mut().set_value(moved);
    }
}

#[cfg(test)]
mod tests;
