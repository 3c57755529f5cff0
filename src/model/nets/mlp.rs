//! Encoder and decoder with what stands between them and the codes.
//!
//! Both are perceptrons with one hidden layer. A token is a part of the encoder's output; on its
//! way to the lookup it may be projected to fewer numbers, brought to length 1, or brought into the
//! box of a grid, and on its way back it is projected again.

use burn::tensor::{Device, Gradients, Tensor, activation::relu};

use crate::model::fixed;
use crate::model::fsq::Fsq;
use crate::model::linear::{Linear, LinearLeaves};
use crate::model::quantize::unit;
use crate::model::weight::{GradientList, Optimizer};
use crate::model::{Weight, rows};
use crate::scenario::{LaneSpec, Lookup};

/// An autoencoder around a quantizer.
#[derive(Clone)]
pub struct Autoencoder {
    encoder: [Linear; 2],
    decoder: [Linear; 2],
    /// From the latent's width to the code's, and back.
    factor: Option<[Linear; 2]>,
    shape: Shape,
}

/// The weights of an [`Autoencoder`] as leaves of one backward pass, or as plain values.
pub struct AutoencoderLeaves<'a> {
    encoder: [LinearLeaves; 2],
    decoder: [LinearLeaves; 2],
    factor: Option<[LinearLeaves; 2]>,
    shape: &'a Shape,
}

/// What needs no weights.
#[derive(Clone)]
struct Shape {
    tokens: usize,
    latent: usize,
    boundary: Boundary,
}

/// What an encoding goes through before the lookup.
#[derive(Clone)]
enum Boundary {
    None,
    /// Brought to length 1.
    Unit,
    /// Brought into the box of a grid.
    Grid(Box<Fsq>),
}

impl Autoencoder {
    /// New weights; layers of equal shape are equal for equal seeds.
    pub fn new(spec: &LaneSpec, device: &Device) -> Self {
        let (pixels, latents) = (spec.pixels(), spec.tokens * spec.latent);
        let layer = |first: u64, input: usize, output: usize| {
            Linear::new(input, output, spec.seed, first, device)
        };
        let boundary = match (&spec.fixed, spec.switches.lookup) {
            (Some(fixed), _) => fixed::boundary(fixed, device)
                .map_or(Boundary::None, |grid| Boundary::Grid(Box::new(grid))),
            (None, Lookup::Cosine) => Boundary::Unit,
            (None, Lookup::L2) => Boundary::None,
        };
        Self {
            encoder: [layer(0, pixels, spec.hidden), layer(2, spec.hidden, latents)],
            decoder: [layer(4, latents, spec.hidden), layer(6, spec.hidden, pixels)],
            factor: spec
                .factor()
                .map(|dim| [layer(8, spec.latent, dim), layer(10, dim, spec.latent)]),
            shape: Shape { tokens: spec.tokens, latent: spec.latent, boundary },
        }
    }

    /// Whether encodings go to the lookup as they are.
    pub fn is_plain(&self) -> bool {
        self.factor.is_none() && matches!(self.shape.boundary, Boundary::None)
    }

    /// All weights as leaves.
    pub fn leaves(&self) -> AutoencoderLeaves<'_> {
        AutoencoderLeaves {
            encoder: self.encoder.each_ref().map(Linear::leaves),
            decoder: self.decoder.each_ref().map(Linear::leaves),
            factor: self.factor.as_ref().map(|f| f.each_ref().map(Linear::leaves)),
            shape: &self.shape,
        }
    }

    /// All weights without autodiff.
    pub fn values(&self) -> AutoencoderLeaves<'_> {
        AutoencoderLeaves {
            encoder: self.encoder.each_ref().map(Linear::values),
            decoder: self.decoder.each_ref().map(Linear::values),
            factor: self.factor.as_ref().map(|f| f.each_ref().map(Linear::values)),
            shape: &self.shape,
        }
    }

    /// All weights by name: `encoder.0.weight` and so on, `factor.0` before the lookup, `factor.1`
    /// after it.
    pub fn parameters(&self) -> Vec<(String, Tensor<2>)> {
        let parts = [("encoder", Some(&self.encoder)), ("decoder", Some(&self.decoder))];
        let parts = parts.into_iter().chain([("factor", self.factor.as_ref())]);
        let layers = parts.flat_map(|(name, layers)| {
            layers.into_iter().flatten().enumerate().map(move |(i, l)| (format!("{name}.{i}"), l))
        });
        layers.flat_map(|(name, layer)| layer.parameters(&name)).collect()
    }

    /// All weights for whoever restores them, named as in [`Self::parameters`].
    pub fn weights_mut(&mut self) -> Vec<(String, &mut Weight)> {
        let parts = [("encoder", Some(&mut self.encoder)), ("decoder", Some(&mut self.decoder))];
        let parts = parts.into_iter().chain([("factor", self.factor.as_mut())]);
        let layers = parts.flat_map(|(name, layers)| {
            layers.into_iter().flatten().enumerate().map(move |(i, l)| (format!("{name}.{i}"), l))
        });
        layers.flat_map(|(name, layer)| layer.weights_mut(&name)).collect()
    }

    /// One optimizer step with [`AutoencoderLeaves::gradients`].
    pub fn update(&mut self, optimizer: &Optimizer, lr: f64, gradients: GradientList) {
        let layers = self.encoder.iter_mut().chain(&mut self.decoder);
        let weights = layers.chain(self.factor.iter_mut().flatten()).flat_map(Linear::learns);
        weights.zip(gradients).for_each(|(weight, g)| weight.update(optimizer, lr, g));
    }
}

impl AutoencoderLeaves<'_> {
    /// Samples (B x D) to encodings as the lookup sees them: N x d, N = B·T.
    pub fn encode(&self, x: Tensor<2>) -> Tensor<2> {
        let latents = two_layers(&self.encoder, x); // [B, T·latent]
        let [batch, _] = latents.dims();
        let mut z = latents.reshape([batch * self.shape.tokens, self.shape.latent]);
        if let Some([down, _]) = &self.factor {
            z = down.forward(z);
        }
        match &self.shape.boundary {
            Boundary::None => z,
            Boundary::Unit => unit(z),
            Boundary::Grid(fsq) => fsq.bound(z),
        }
    }

    /// Codes (N x d) to reconstructions (B x D).
    pub fn decode(&self, q: Tensor<2>) -> Tensor<2> {
        let q = match &self.factor {
            Some([_, up]) => up.forward(q),
            None => q,
        };
        let ([n, _], Shape { tokens, latent, .. }) = (q.dims(), self.shape);
        two_layers(&self.decoder, q.reshape([n / tokens, tokens * latent]))
    }

    /// Gradients of all weights, weight before bias, layer by layer.
    pub fn gradients(&self, of: &mut Gradients) -> GradientList {
        let layers = self.encoder.iter().chain(&self.decoder);
        let layers = layers.chain(self.factor.iter().flatten());
        layers.flat_map(|layer| layer.gradients(of)).collect()
    }

    /// First layer of the encoder and last of the decoder: what has the same shape in every lane.
    #[cfg(test)]
    pub fn outer_layers(&self) -> [&LinearLeaves; 2] {
        [&self.encoder[0], &self.decoder[1]]
    }
}

fn two_layers([first, second]: &[LinearLeaves; 2], x: Tensor<2>) -> Tensor<2> {
    match rows::parts(&x) {
        None => second.forward(relu(first.forward(x))),
        Some(parts) => {
            let hidden = relu(first.forward_parts(rows::split(x, parts)));
            rows::join(second.forward_parts(hidden))
        }
    }
}
