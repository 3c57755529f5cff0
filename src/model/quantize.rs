//! Quantization: straight-through gradient and the loss terms.

use burn::tensor::Tensor;

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

/// The three terms of the loss, each a mean over all elements, as 1 x 1 tensors.
pub struct Losses {
    /// mean((x̂-x)²).
    pub recon: Tensor<2>,
    /// mean((q-sg z)²): pulls the codebook to the encodings.
    pub codebook: Tensor<2>,
    /// mean((sg q-z)²): pulls the encodings to the codebook.
    pub commitment: Tensor<2>,
}

impl Losses {
    /// Loss terms of reconstruction `x_hat` of `x` (B x D) and quantization `q` of `z` (N x d).
    pub fn new(x: Tensor<2>, x_hat: Tensor<2>, z: Tensor<2>, q: Tensor<2>) -> Self {
        Self {
            recon: mean((x_hat - x).square()),
            codebook: mean((q.clone() - z.clone().detach()).square()),
            commitment: mean((q.detach() - z).square()),
        }
    }

    /// recon + codebook + beta·commitment (van den Oord et al. 2017, equation 3; SimVQ's
    /// `legacy: false`); without the codebook term where codes are not moved by its gradient.
    pub fn total(&self, beta: f64, has_codebook: bool) -> Tensor<2> {
        let commitment = self.commitment.clone().mul_scalar(beta);
        if has_codebook {
            self.recon.clone() + self.codebook.clone() + commitment
        } else {
            self.recon.clone() + commitment
        }
    }
}

/// Mean over all elements as a 1 x 1 tensor, dimension by dimension: a whole-tensor mean over
/// 4,194,304 or more elements is not reproducible on the CPU backend with several threads.
pub fn mean(t: Tensor<2>) -> Tensor<2> {
    t.mean_dim(1).mean_dim(0)
}
