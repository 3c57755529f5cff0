//! Quantization: straight-through gradient and the loss terms.

use burn::tensor::Tensor;

/// z in the forward pass replaced by q, with the gradient of z unchanged: z + sg(q - z).
///
/// `z` and `q` are N x d; Bengio et al. 2013, as used by van den Oord et al. 2017.
pub fn straight_through(z: Tensor<2>, q: Tensor<2>) -> Tensor<2> {
    z.clone() + (q - z).detach()
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
    /// `legacy: false`).
    pub fn total(&self, beta: f64) -> Tensor<2> {
        self.recon.clone() + self.codebook.clone() + self.commitment.clone().mul_scalar(beta)
    }
}

/// Mean over all elements as a 1 x 1 tensor, dimension by dimension: a whole-tensor mean over
/// 4,194,304 or more elements is not reproducible on the CPU backend with several threads.
pub fn mean(t: Tensor<2>) -> Tensor<2> {
    t.mean_dim(1).mean_dim(0)
}
