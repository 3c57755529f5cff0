//! A few inputs with what the model makes of them, for whoever loads the weights elsewhere.

use burn::tensor::{ExecutionError, Tensor};

use crate::engine::lane::Lane;
use crate::engine::read_back::ints;
use crate::engine::state::matrix_of;
use crate::record::state::Matrix;

/// Inputs of a probe.
const SAMPLES: usize = 16;

/// Inputs and everything that the model computes from them, on the host.
#[derive(Clone, Debug, PartialEq)]
pub struct Probe {
    /// Inputs, B x D, -0.5 to 0.5.
    pub x: Matrix,
    /// Encodings as the lookup sees them, N x d.
    pub z: Matrix,
    /// Indices of their nearest codes, N; empty during a warm-up.
    pub index: Vec<i32>,
    /// Reconstructions, B x D.
    pub x_hat: Matrix,
}

impl Lane {
    /// Every weight by name, and a probe of the first samples of the evaluation set.
    ///
    /// # Errors
    /// What the device reports.
    pub fn model(&self, step: u64) -> Result<(Vec<(String, Matrix)>, Probe), ExecutionError> {
        let matrix = |(name, t): (String, Tensor<2>)| Ok((name, matrix_of(&t)?));
        let weights = self.parameters().into_iter().map(matrix).collect::<Result<Vec<_>, _>>()?;
        let x = self.eval_at(step, SAMPLES);
        let z = self.encode(x.clone());
        let (index, q) = self.quantize(&z, &self.codebook().effective());
        let x_hat = self.decode(q);
        let index = match index {
            // CPU-GPU sync point.
            Some(index) => ints(Some(index.try_into_data()?))?,
            None => Vec::new(),
        };
        let probe =
            Probe { x: matrix_of(&x)?, z: matrix_of(&z)?, index, x_hat: matrix_of(&x_hat)? };
        Ok((weights, probe))
    }
}
