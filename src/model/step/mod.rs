//! A whole training step on an adapter in few launches: forward pass, search, losses, the gradients
//! derived by hand, and the optimizer, as one operation of burn's dispatch.
//!
//! On a GPU a step of a small model is made of kernels that run for less time than it takes to hand
//! them over. burn's autodiff makes about ninety of them a lane; here there are fifteen:
//!
//! | launches | what |
//! |---|---|
//! | 1 | the batch, cut out of the set's pictures on the device |
//! | 2 | encoder: product, bias and ReLU; product and bias |
//! | 1 | E = C·W + b |
//! | 2 | norms and search (the merge of its ranges is part of the next) |
//! | 1 | codes of the tokens, distances, gradient of the codebook loss |
//! | 2 | decoder, the last with the error, its gradient and its squares |
//! | 3 | gradients through the decoder, the quantizer (straight-through and commitment) and the encoder |
//! | 1 | gradients of all layers, and of W and b |
//! | 1 or 2 | gradient of C where it learns |
//! | 1 | the terms of the loss |
//! | 1 | Adam on all weights |
//!
//! It covers perceptrons around a codebook that learns by gradients with a straight-through
//! estimator, with or without W and b; [`Form`] says which sizes. All else goes through autodiff,
//! and the tests hold both against each other.
//!
//! Ways not taken. A step recorded once and replayed (`burn::tensor::capture`): WebGPU has no recorded
//! work that a device starts by itself, so that cubecl-wgpu hands over every dispatch again at each
//! replay, as many as here, and saves only what the host looks up for them, which is little since no
//! launch but the first has numbers of its own at a step; it would cost an `unsafe`. Both lanes as one
//! batched product: it would save 5 % on software Vulkan (`speed -- ways`), lanes differ in what
//! learns, and one could then no longer be changed, stopped or rebuilt without the other. Counts on the
//! device: reading back is 0.05 % of a step there and counting another launch; the codes chosen are
//! 4 bytes a token, come back once in up to 256 steps, and the host needs them for more than counts
//! (who moved, the map of indices, use by five meanings).

mod kernels;
mod launch;
mod plan;
mod products;

use burn::backend::fusion::custom::TensorSpec;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Dispatch, backend_extension};
use burn::tensor::{DType, Int, Shape, Tensor};

pub use plan::{BINDINGS, Form, IN_FLIGHT, Layer, Places, SHARED_BYTES, SIDE, UNITS};

/// Terms of the loss that a step leaves.
pub const TERMS: usize = 5;

/// What one step is made with.
#[derive(Clone, Debug)]
pub struct Step {
    /// What is trained.
    pub form: Form,
    /// Where everything lies.
    pub places: Places,
    /// Weight of the commitment loss, β.
    pub beta: f32,
    /// Where in the flight the step's numbers go.
    pub slot: usize,
    /// For networks, transform and codes how far Adam goes.
    pub rates: [Rate; 3],
}

/// How far Adam goes with a weight: value - rate·(m·correction)/(√v + epsilon).
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// Learning rate.
    pub rate: f32,
    /// √(1-β₂ᵗ) / (1-β₁ᵗ).
    pub correction: f32,
    /// 1e-8·√(1-β₂ᵗ).
    pub epsilon: f32,
}

impl Rate {
    /// After `time` steps of Adam, this one included.
    pub fn new(rate: f64, time: usize) -> Self {
        let time = time as i32;
        let root = (1.0 - 0.999_f32.powi(time)).sqrt();
        let correction = root / (1.0 - 0.9_f32.powi(time));
        Self { rate: rate as f32, correction, epsilon: 1e-8 * root }
    }
}

/// What a step changes, all on the device.
pub struct State {
    /// All weights that learn, one after another.
    pub weights: Tensor<1>,
    /// Adam's first moments of all of them, then the second ones.
    pub moments: Tensor<1>,
    /// Terms of the loss, five for each step in flight.
    pub log: Tensor<1>,
    /// Indices, N for each step in flight.
    pub chosen: Tensor<1, Int>,
}

/// What a step reads.
pub struct Given {
    /// C where it does not learn, K x d; else anything.
    pub codes: Tensor<2>,
    /// All pictures of the set, pixel by pixel.
    pub image: Tensor<1>,
    /// First pixel of each sample, and pixels from row to row: 2·B numbers.
    pub places: Tensor<1, Int>,
    /// The table of [`Form::places`].
    pub table: Tensor<1, Int>,
}

/// Training steps as an operation of a backend; only adapters have it.
#[backend_extension(Cube, Fusion)]
pub trait StepOps: Backend {
    /// Weights, moments, losses, indices and E before the step, K x d.
    #[fusion(meta = |weights, moments, log, chosen, _codes, _image, _places, _table, step| (
        weights.clone(),
        moments.clone(),
        log.clone(),
        chosen.clone(),
        TensorSpec::new(Shape::from([step.form.size, step.form.dim]), DType::F32),
    ))]
    #[allow(clippy::too_many_arguments, clippy::type_complexity)]
    fn train_step(
        weights: FloatTensor<Self>,
        moments: FloatTensor<Self>,
        log: FloatTensor<Self>,
        chosen: IntTensor<Self>,
        codes: FloatTensor<Self>,
        image: FloatTensor<Self>,
        places: IntTensor<Self>,
        table: IntTensor<Self>,
        step: Step,
    ) -> (FloatTensor<Self>, FloatTensor<Self>, FloatTensor<Self>, IntTensor<Self>, FloatTensor<Self>);
}

/// Trains one step; also E as it was before it, K x d.
pub fn train(state: State, given: &Given, step: Step) -> (State, Tensor<2>) {
    let (weights, moments, log, chosen, effective) = Dispatch::train_step(
        state.weights.into_dispatch(),
        state.moments.into_dispatch(),
        state.log.into_dispatch(),
        state.chosen.into_dispatch(),
        given.codes.clone().into_dispatch(),
        given.image.clone().into_dispatch(),
        given.places.clone().into_dispatch(),
        given.table.clone().into_dispatch(),
        step,
    );
    let state = State {
        weights: Tensor::from_dispatch(weights),
        moments: Tensor::from_dispatch(moments),
        log: Tensor::from_dispatch(log),
        chosen: Tensor::from_dispatch(chosen),
    };
    (state, Tensor::from_dispatch(effective))
}
