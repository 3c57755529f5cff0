//! Encoder and decoder: perceptrons with one hidden layer.

use burn::optim::Adam;
use burn::tensor::{Device, Gradients, Tensor, activation::relu};

use crate::model::Weight;
use crate::rng::{Purpose, Stream};

/// `input`-`hidden`-`output` with a ReLU between the two linear layers.
#[derive(Clone)]
pub struct Mlp {
    /// Weight and bias of both layers: [input, hidden], [1, hidden], [hidden, output], [1, output].
    weights: [Weight; 4],
}

/// The weights of an [`Mlp`] as leaves of one backward pass.
pub struct MlpLeaves([Tensor<2>; 4]);

impl Mlp {
    /// New weights, uniform within ±1/√fan-in as in PyTorch's `nn.Linear`.
    ///
    /// Each of the four has a stream of its own, numbered from `first`, so that layers of equal
    /// shape start equal in lanes whose latents have different widths.
    pub fn new(sizes: [usize; 3], seed: u64, first: u64, device: &Device) -> Self {
        let [input, hidden, output] = sizes;
        let draw = |number: u64, rows: usize, columns: usize, fan_in: usize| {
            let mut stream = Stream::new(seed, Purpose::Nets, first + number);
            let bound = (fan_in as f32).powf(-0.5);
            Weight::new(stream.uniform(rows * columns, bound), [rows, columns], device)
        };
        Self {
            weights: [
                draw(0, input, hidden, input),
                draw(1, 1, hidden, input),
                draw(2, hidden, output, hidden),
                draw(3, 1, output, hidden),
            ],
        }
    }

    /// All weights as leaves.
    pub fn leaves(&self) -> MlpLeaves {
        MlpLeaves(self.weights.each_ref().map(Weight::leaf))
    }

    /// One of the four weights, without autodiff.
    #[cfg(test)]
    pub fn layer(&self, number: usize) -> Tensor<2> {
        self.weights[number].value()
    }

    /// Without autodiff: [B, input] to [B, output].
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        forward(x, self.weights.each_ref().map(Weight::value))
    }

    /// One optimizer step with the gradients of `leaves`.
    pub fn update(&mut self, adam: &Adam, lr: f64, leaves: &MlpLeaves, gradients: &mut Gradients) {
        for (weight, leaf) in self.weights.iter_mut().zip(&leaves.0) {
            weight.update(adam, lr, leaf, gradients);
        }
    }
}

impl MlpLeaves {
    /// With autodiff: [B, input] to [B, output].
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        forward(x, self.0.clone())
    }
}

fn forward(x: Tensor<2>, [w1, b1, w2, b2]: [Tensor<2>; 4]) -> Tensor<2> {
    let hidden = relu(x.matmul(w1) + b1); // [B, hidden]
    hidden.matmul(w2) + b2 // [B, output]
}
