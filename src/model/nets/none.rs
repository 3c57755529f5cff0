//! Nothing between samples and codes.

use burn::tensor::Tensor;

/// Samples that are their own encodings, and codes that are their own reconstructions.
#[derive(Clone, Copy)]
pub struct Bare {
    /// Tokens of a sample.
    pub tokens: usize,
}

impl Bare {
    /// Samples (B x D) as tokens: B·T x D/T.
    pub fn encode(self, x: Tensor<2>) -> Tensor<2> {
        let [batch, numbers] = x.dims();
        x.reshape([batch * self.tokens, numbers / self.tokens])
    }

    /// Tokens (N x d) as samples: N/T x T·d.
    pub fn decode(self, q: Tensor<2>) -> Tensor<2> {
        let [n, dim] = q.dims();
        q.reshape([n / self.tokens, self.tokens * dim])
    }
}
