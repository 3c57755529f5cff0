//! Quantization: straight-through gradient and the loss terms.

use burn::tensor::{Tensor, activation::log_softmax};

use crate::model::rows;

/// z in the forward pass replaced by q, with the gradient of z unchanged: z + sg(q - z).
///
/// `z` and `q` are N x d; Bengio et al. 2013, as used by van den Oord et al. 2017.
pub fn straight_through(z: Tensor<2>, q: Tensor<2>) -> Tensor<2> {
    z.clone() + (q - z).detach()
}

/// z in the forward pass replaced by q, with the gradient rotated and scaled from q to z (the
/// rotation trick; Fifty et al. 2024, arXiv 2410.06424, section 4.2).
///
/// `z` and `q` are N x d. With ẑ and q̂ of length 1 and w the direction of ẑ+q̂, the constant map
/// λR = (|q|/|z|)·(I - 2wwᵀ + 2q̂ẑᵀ) takes z to q, so the forward value is q up to rounding and
/// the gradient of z is (λR)ᵀ g. Lengths below 1e-6 count as 1e-6; where ẑ = -q̂ there is no such
/// w, and the map is what is left without it.
pub fn rotated(z: Tensor<2>, q: &Tensor<2>) -> Tensor<2> {
    let length = |t: &Tensor<2>| t.clone().square().sum_dim(1).sqrt().clamp_min(1e-6); // [N, 1]
    let (from, to) = (z.clone().inner(), q.clone().inner());
    let (from_length, to_length) = (length(&from), length(&to));
    let from_unit = from / from_length.clone();
    let to_unit = to / to_length.clone();
    let middle = from_unit.clone() + to_unit.clone();
    let middle = middle.clone() / length(&middle);
    let mirrored = middle.clone() * (z.clone() * middle).sum_dim(1).mul_scalar(2.0);
    let turned = to_unit * (z.clone() * from_unit).sum_dim(1).mul_scalar(2.0);
    (z - mirrored + turned) * (to_length / from_length)
}

/// Rows brought to length 1: x / √(|x|² + 1e-24), which is x / |x| unless x is nothing, where the
/// gradient of a plain division would be none.
pub fn unit(rows: Tensor<2>) -> Tensor<2> {
    let length = rows.clone().square().sum_dim(1).add_scalar(1e-24).sqrt(); // [rows, 1]
    rows / length
}

/// The entropy penalty E\[H(p)\] - H(E\[p\]) as a 1 x 1 tensor, with p = softmax(-|z-e|²/τ) over
/// the K codes: low where each encoding is sure of its code and all codes are used alike (Yu et al.
/// 2023, arXiv 2310.05737, equation 4, in its form for any codebook; Jansen et al. 2020).
///
/// `z` is N x d, `codes` K x d, `temperature` is τ. At least -ln K, at most 0. Holds N x K.
pub fn entropy_penalty(z: Tensor<2>, codes: Tensor<2>, temperature: f64) -> Tensor<2> {
    // |z|² is the same for all codes of a row and falls out of the softmax.
    let norms = codes.clone().square().sum_dim(1).transpose(); // [1, K]
    let distances = norms - z.matmul(codes.transpose()).mul_scalar(2.0); // [N, K]
    let log_p = log_softmax(distances.mul_scalar(-1.0 / temperature), 1);
    let p = log_p.clone().exp();
    let sure = (p.clone() * log_p).sum_dim(1).mean_dim(0).neg(); // E[H(p)]
    let even = p.mean_dim(0); // [1, K]
    // A share below the least number above 0 adds nothing, and its logarithm must not be infinite.
    let log_even = even.clone().clamp_min(1e-30).log();
    sure + (even * log_even).sum_dim(1)
}

/// The terms of the loss, each a mean over all elements, as 1 x 1 tensors.
pub struct Losses {
    /// mean((x̂-x)²).
    pub recon: Tensor<2>,
    /// mean((q-sg z)²): pulls the codebook to the encodings.
    pub codebook: Tensor<2>,
    /// mean((sg q-z)²): pulls the encodings to the codebook.
    pub commitment: Tensor<2>,
    /// The entropy penalty without its weight, where there is one.
    pub entropy: Option<Tensor<2>>,
}

/// How the terms of the loss add up; by default only the reconstruction counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weights {
    /// Of the reconstruction: 1, or 0 where it is the codebook loss by another name.
    pub recon: f64,
    /// Of the codebook loss: 1, or 0 where codes are not moved by its gradient.
    pub codebook: f64,
    /// Of the commitment loss, β.
    pub commitment: f64,
    /// Of the entropy penalty, λ.
    pub entropy: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self { recon: 1.0, codebook: 0.0, commitment: 0.0, entropy: 0.0 }
    }
}

impl Losses {
    /// Loss terms of reconstruction `x_hat` of `x` (B x D) and quantization `q` of `z` (N x d).
    pub fn new(x: Tensor<2>, x_hat: Tensor<2>, z: Tensor<2>, q: Tensor<2>) -> Self {
        Self {
            recon: mean((x_hat - x).square()),
            codebook: mean((q.clone() - z.clone().detach()).square()),
            commitment: mean((q.detach() - z).square()),
            entropy: None,
        }
    }

    /// `total` and the terms as plain values, 1 x 5: total, recon, codebook, commitment, entropy.
    pub fn row(self, total: Tensor<2>) -> Tensor<2> {
        let none = || Tensor::zeros([1, 1], &self.recon.device());
        let entropy = self.entropy.clone().map_or_else(none, Tensor::inner);
        let [total, recon, codebook, commitment] =
            [total, self.recon.clone(), self.codebook, self.commitment].map(Tensor::inner);
        Tensor::cat(vec![total, recon, codebook, commitment, entropy], 1)
    }

    /// recon + codebook + β·commitment + λ·entropy (van den Oord et al. 2017, equation 3; SimVQ's
    /// `legacy: false`), without the terms whose weight is 0.
    pub fn total(&self, weights: Weights) -> Tensor<2> {
        let terms = [
            (weights.recon, Some(&self.recon)),
            (weights.codebook, Some(&self.codebook)),
            (weights.commitment, Some(&self.commitment)),
            (weights.entropy, self.entropy.as_ref()),
        ];
        let terms = terms.into_iter().filter_map(|(weight, term)| match term {
            Some(term) if weight == 1.0 => Some(term.clone()),
            Some(term) if weight != 0.0 => Some(term.clone().mul_scalar(weight)),
            _ => None,
        });
        let nothing = || Tensor::zeros([1, 1], &self.recon.device());
        terms.reduce(|sum, term| sum + term).unwrap_or_else(nothing)
    }
}

/// Mean over all elements as a 1 x 1 tensor, dimension by dimension: a whole-tensor mean over
/// 4,194,304 or more elements is not reproducible on the CPU backend with several threads.
pub fn mean(t: Tensor<2>) -> Tensor<2> {
    rows::mean(t.mean_dim(1))
}
