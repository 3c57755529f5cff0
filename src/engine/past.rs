//! Codes as they were before the newest steps.

use std::collections::VecDeque;

use burn::tensor::Tensor;

/// Steps that a tail goes back.
pub const TAIL_STEPS: usize = 8;

/// Numbers of a codebook (K·d) up to which tails are kept; of a larger one only the step before is, or
/// its copies would take more memory than the model.
pub const TAIL_NUMBERS: usize = 1 << 17;

/// E before each of the newest steps, oldest first.
#[derive(Default)]
pub struct Past(VecDeque<Tensor<2>>);

impl Past {
    /// Notes E (K x d) as it is before a step; none where the step quantizes nothing.
    pub fn push(&mut self, codes: Option<&Tensor<2>>) {
        let Some(codes) = codes else { return self.0.clear() };
        let [size, dim] = codes.dims();
        let most = if size * dim > TAIL_NUMBERS { 1 } else { TAIL_STEPS };
        while self.0.len() >= most {
            self.0.pop_front();
        }
        self.0.push_back(codes.clone());
    }

    /// Forgets everything, for codes that are others now.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// E before the newest step.
    pub fn newest(&self) -> Option<&Tensor<2>> {
        self.0.back()
    }

    /// The oldest E that is known, and how many steps ago it was.
    pub fn oldest(&self) -> Option<(usize, &Tensor<2>)> {
        self.0.front().map(|codes| (self.0.len(), codes))
    }
}
