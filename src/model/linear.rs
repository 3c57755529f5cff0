//! One linear layer.

use burn::tensor::{Device, Gradients, Tensor};

use crate::model::{Weight, rows};
use crate::rng::{Purpose, Stream};

/// x·W + b.
#[derive(Clone)]
pub struct Linear {
    /// [input, output].
    weight: Weight,
    /// [1, output].
    bias: Weight,
}

/// A [`Linear`] whose weights are leaves of one backward pass, or plain values.
pub struct LinearLeaves {
    weight: Tensor<2>,
    bias: Tensor<2>,
}

impl Linear {
    /// New weights, uniform within ±1/√fan-in as in PyTorch's `nn.Linear`.
    ///
    /// Weight and bias have streams of their own, numbered `first` and `first + 1`, so that layers
    /// of equal shape start equal in lanes whose latents have different widths.
    pub fn new(input: usize, output: usize, seed: u64, first: u64, device: &Device) -> Self {
        let bound = (input as f32).powf(-0.5);
        let draw = |number: u64, rows: usize| {
            let mut stream = Stream::new(seed, Purpose::Nets, number);
            Weight::new(stream.uniform(rows * output, bound), [rows, output], device)
        };
        Self { weight: draw(first, input), bias: draw(first + 1, 1) }
    }

    /// The weights as leaves.
    pub fn leaves(&self) -> LinearLeaves {
        LinearLeaves { weight: self.weight.leaf(), bias: self.bias.leaf() }
    }

    /// The weights without autodiff.
    pub fn values(&self) -> LinearLeaves {
        LinearLeaves { weight: self.weight.value(), bias: self.bias.value() }
    }

    /// Weight [input, output] and bias [1, output], named.
    pub fn parameters(&self, name: &str) -> [(String, Tensor<2>); 2] {
        [
            (format!("{name}.weight"), self.weight.value()),
            (format!("{name}.bias"), self.bias.value()),
        ]
    }

    /// Weight and bias for whoever restores them, named as in [`Self::parameters`].
    pub fn weights_mut(&mut self, name: &str) -> [(String, &mut Weight); 2] {
        [(format!("{name}.weight"), &mut self.weight), (format!("{name}.bias"), &mut self.bias)]
    }

    /// Weight and bias for the optimizer.
    pub fn learns(&mut self) -> [&mut Weight; 2] {
        [&mut self.weight, &mut self.bias]
    }
}

impl LinearLeaves {
    /// Output and input width.
    #[cfg(test)]
    pub fn shape(&self) -> [usize; 2] {
        let [input, output] = self.weight.dims();
        [output, input]
    }

    /// Gradients of weight and bias.
    pub fn gradients(&self, of: &mut Gradients) -> [Option<Tensor<2>>; 2] {
        [self.weight.grad_remove(of), self.bias.grad_remove(of)]
    }

    /// [B, input] to [B, output].
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        rows::affine(x, &self.weight, Some(&self.bias))
    }

    /// The same for rows in parts: [P, B/P, input] to [P, B/P, output].
    pub fn forward_parts(&self, x: Tensor<3>) -> Tensor<3> {
        rows::affine_in_parts(x, &self.weight, Some(&self.bias))
    }
}
