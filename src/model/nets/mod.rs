//! What stands between samples and codes: an encoder and a decoder, or nothing.
//!
//! A kind of networks is one file and one variant of [`ModelKind`].

mod mlp;
mod none;

use burn::tensor::{Device, Gradients, Tensor};

use crate::model::Weight;
use crate::model::weight::{GradientList, Optimizer};
use crate::scenario::{LaneSpec, ModelKind};
use mlp::{Autoencoder, AutoencoderLeaves};
use none::Bare;

/// Encoder and decoder.
#[derive(Clone)]
pub enum Nets {
    /// Perceptrons.
    Mlp(Box<Autoencoder>),
    /// None at all.
    None(Bare),
}

/// The weights of [`Nets`] as leaves of one backward pass, or as plain values.
pub enum NetsLeaves<'a> {
    /// Perceptrons.
    Mlp(Box<AutoencoderLeaves<'a>>),
    /// None at all.
    None(Bare),
}

impl Nets {
    /// New weights; layers of equal shape are equal for equal seeds.
    pub fn new(spec: &LaneSpec, device: &Device) -> Self {
        match spec.kind {
            ModelKind::Mlp => Self::Mlp(Box::new(Autoencoder::new(spec, device))),
            ModelKind::None => Self::None(Bare { tokens: spec.tokens }),
        }
    }

    /// Whether they are perceptrons with nothing between them and the lookup.
    pub fn are_plain(&self) -> bool {
        matches!(self, Self::Mlp(nets) if nets.is_plain())
    }

    /// All weights as leaves.
    pub fn leaves(&self) -> NetsLeaves<'_> {
        match self {
            Self::Mlp(nets) => NetsLeaves::Mlp(Box::new(nets.leaves())),
            Self::None(bare) => NetsLeaves::None(*bare),
        }
    }

    /// All weights without autodiff.
    pub fn values(&self) -> NetsLeaves<'_> {
        match self {
            Self::Mlp(nets) => NetsLeaves::Mlp(Box::new(nets.values())),
            Self::None(bare) => NetsLeaves::None(*bare),
        }
    }

    /// All weights by name.
    pub fn parameters(&self) -> Vec<(String, Tensor<2>)> {
        match self {
            Self::Mlp(nets) => nets.parameters(),
            Self::None(_) => Vec::new(),
        }
    }

    /// All weights for whoever restores them, named as in [`Self::parameters`].
    pub fn weights_mut(&mut self) -> Vec<(String, &mut Weight)> {
        match self {
            Self::Mlp(nets) => nets.weights_mut(),
            Self::None(_) => Vec::new(),
        }
    }

    /// One optimizer step with [`NetsLeaves::gradients`].
    pub fn update(&mut self, optimizer: &Optimizer, lr: f64, gradients: GradientList) {
        match self {
            Self::Mlp(nets) => nets.update(optimizer, lr, gradients),
            Self::None(_) => {}
        }
    }
}

impl NetsLeaves<'_> {
    /// Samples (B x D) to encodings as the lookup sees them: N x d, N = B·T.
    pub fn encode(&self, x: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(nets) => nets.encode(x),
            Self::None(bare) => bare.encode(x),
        }
    }

    /// Codes (N x d) to reconstructions (B x D).
    pub fn decode(&self, q: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Mlp(nets) => nets.decode(q),
            Self::None(bare) => bare.decode(q),
        }
    }

    /// Gradients of all weights in their order.
    pub fn gradients(&self, of: &mut Gradients) -> GradientList {
        match self {
            Self::Mlp(nets) => nets.gradients(of),
            Self::None(_) => Vec::new(),
        }
    }

    /// First layer of the encoder and last of the decoder, as matrices over an identity: what has the
    /// same shape in every lane.
    #[cfg(test)]
    pub fn first_layers(&self, device: &Device) -> [Vec<f32>; 2] {
        let Self::Mlp(nets) = self else { return [Vec::new(), Vec::new()] };
        nets.outer_layers().map(|layer| {
            let [_, input] = layer.shape();
            let eye = Tensor::eye(input, device);
            layer.forward(eye).into_data().try_into_vec().unwrap_or_default()
        })
    }
}
