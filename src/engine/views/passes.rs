//! Samples through the perceptrons for pictures, a part of them at a time.

use burn::tensor::{ExecutionError, Tensor};

use crate::engine::lane::Lane;
use crate::engine::read_back::host;
use crate::model::nearest::Backend;

/// Tokens of the evaluation set whose encodings the code map shows; the same at every step.
const LATENTS: usize = 512;

/// Samples that go through the perceptrons at once on the CPU. The backend shares larger products
/// out over all cores, where the lanes, which are shown side by side, get into each other's way.
pub(super) const HOST_PASS: usize = 256;

impl Lane {
    /// Encodings of the first tokens of the evaluation set, at most 512 x d.
    pub(super) fn latents_host(&self, step: u64) -> Result<Vec<f32>, ExecutionError> {
        let shown = self.eval_at(step, LATENTS.div_ceil(self.spec.tokens));
        let mut latents = host(&self.encode_in_passes(&shown))?;
        latents.truncate(LATENTS * self.spec.dim);
        Ok(latents)
    }

    /// Encodings of many samples, without autodiff: B x D to N x d.
    pub(super) fn encode_in_passes(&self, samples: &Tensor<2>) -> Tensor<2> {
        self.in_passes(samples, HOST_PASS, |x| self.encode(x))
    }

    /// What `work` makes of rows, on the CPU at most `pass` of them at a time.
    pub(super) fn in_passes(
        &self,
        rows: &Tensor<2>,
        pass: usize,
        work: impl Fn(Tensor<2>) -> Tensor<2>,
    ) -> Tensor<2> {
        let [count, _] = rows.dims();
        if self.compute.search == Backend::Device || count <= pass {
            return work(rows.clone());
        }
        let part = |start: usize| work(rows.clone().slice([start..(start + pass).min(count)]));
        Tensor::cat((0..count).step_by(pass).map(part).collect(), 0)
    }
}
