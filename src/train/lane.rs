//! One lane: an autoencoder, its optimizer, and what it counted.

use std::sync::Arc;

use burn::optim::Adam;
use burn::tensor::{Device, ExecutionError, Int, Tensor, TensorData};

use crate::data::{DataError, Dataset};
use crate::model::fsq::{self, Fsq};
use crate::model::quantize::{Losses, rotated, straight_through};
use crate::model::upkeep::Averages;
use crate::model::{Codebook, Mlp, Weight, kmeans, weight};
use crate::rng::{Purpose, Stream};
use crate::scenario::{CodeUpdate, Estimator, Init, LaneSpec, Switches, Upkeep};
use crate::train::command::Setting;
use crate::train::device::Compute;
use crate::train::flight::{Flight, Window};
use crate::train::snapshot::{Evaluation, StepRow};

/// An autoencoder in training.
pub struct Lane {
    /// What it was built from.
    pub spec: LaneSpec,
    /// Learning rate now.
    pub lr: f64,
    /// Weight of the commitment loss now.
    pub beta: f64,
    /// Its images.
    pub data: Arc<Dataset>,
    /// Usage of the newest batch and of the sliding window.
    pub window: Window,
    /// The newest evaluation.
    pub eval: Option<Evaluation>,
    /// Uses of each code at the newest evaluation, K.
    pub eval_counts: Vec<u32>,
    /// First step whose loss was not finite.
    pub diverged_at: Option<u64>,
    /// The evaluation set on the device, samples x D.
    pub(super) eval_set: Tensor<2>,
    pub(super) codebook: Codebook,
    pub(super) compute: Compute,
    encoder: Mlp,
    decoder: Mlp,
    adam: Adam,
    flight: Flight,
    /// The box of a fixed grid, where the lane has one.
    fsq: Option<Fsq>,
    /// Moving averages of use, where something needs them.
    averages: Option<Averages>,
    /// Switches of the method now.
    pub switches: Switches,
    /// Fresh codebooks drawn so far.
    draws: u64,
}

impl Lane {
    /// Builds encoder, decoder and codebook on the device from the spec's seed.
    ///
    /// # Errors
    /// An embedded image that cannot be decoded.
    pub fn new(spec: LaneSpec, compute: &Compute) -> Result<Self, DataError> {
        let data = Dataset::load(spec.set)?;
        let device = &compute.device;
        let (pixels, latent) = (spec.pixels(), spec.tokens * spec.dim);
        let encoder = Mlp::new([pixels, spec.hidden, latent], spec.seed, 0, device);
        let decoder = Mlp::new([latent, spec.hidden, pixels], spec.seed, 4, device);
        let codes = match &spec.levels {
            Some(levels) => fsq::grid(levels, device),
            None => initial_codes(&spec, &data, &encoder, device),
        };
        let mut transform = Stream::new(spec.seed, Purpose::Transform, 0);
        let codebook =
            Codebook::new(codes, spec.learn_c, spec.learn_w, &spec.switches, &mut transform);
        let samples = (spec.eval_tokens / spec.tokens).max(1);
        let eval = data.evaluation(samples);
        let rows = eval.len() / pixels;
        Ok(Self {
            lr: spec.lr,
            beta: spec.beta,
            window: Window::new(spec.size, spec.window_tokens),
            eval: None,
            eval_counts: Vec::new(),
            diverged_at: None,
            eval_set: Tensor::from_data(TensorData::new(eval, [rows, pixels]), device),
            codebook,
            compute: compute.clone(),
            encoder,
            decoder,
            adam: weight::adam(),
            flight: Flight::default(),
            averages: None,
            fsq: spec.levels.as_ref().map(|levels| Fsq::new(levels, device)),
            switches: spec.switches,
            draws: 0,
            data,
            spec,
        })
    }

    /// Trains one step on `x` (B x D); its numbers stay on the device.
    pub fn step(&mut self, step: u64, x: Tensor<2>) {
        let (encoder, decoder) = (self.encoder.leaves(), self.decoder.leaves());
        // Averages move the codes: then they are no leaves, and their loss term pulls nothing.
        let by_gradient = self.switches.update == CodeUpdate::Gradient;
        let codebook = self.codebook.leaves(by_gradient);
        let z = self.tokens(encoder.forward(x.clone())); // [N, d]
        let index = self.compute.search.nearest(&z.clone().inner(), &self.codebook.effective());
        let q = codebook.lookup(index.clone()); // [N, d]
        let passed = match self.switches.estimator {
            Estimator::StraightThrough => straight_through(z.clone(), q.clone()),
            Estimator::Rotation => rotated(z.clone(), &q),
        };
        let x_hat = decoder.forward(self.latents(passed)); // [B, D]
        let losses = Losses::new(x, x_hat, z.clone(), q);
        let total = match &self.fsq {
            // A grid needs no loss of its own: nothing pulls it, and the box holds the encodings.
            Some(_) => losses.recon.clone(),
            None => losses.total(self.beta, by_gradient),
        };
        let mut gradients = total.backward();
        if !by_gradient || self.switches.upkeep != Upkeep::None {
            // Before the optimizer, which then moves codes from where they are: as published.
            self.keep_up(step, &z.inner(), &index);
        }
        self.encoder.update(&self.adam, self.lr, &encoder, &mut gradients);
        self.decoder.update(&self.adam, self.lr, &decoder, &mut gradients);
        let c_lr = self.switches.c_lr;
        self.codebook.update(&self.adam, self.lr, c_lr, &codebook, &mut gradients);
        let terms = [total, losses.recon, losses.codebook, losses.commitment].map(Tensor::inner);
        self.flight.push(step, Tensor::cat(terms.to_vec(), 1), index);
    }

    /// Moves codes by averages, revival or anchors.
    fn keep_up(&mut self, step: u64, z: &Tensor<2>, index: &Tensor<1, Int>) {
        let tokens = self.spec.batch_tokens;
        let averages =
            self.averages.get_or_insert_with(|| Averages::new(&self.codebook.codes(), tokens));
        let mut stream = Stream::new(self.spec.seed, Purpose::Revive, step);
        let mut pick = |codes: usize| -> Vec<i32> {
            (0..codes).map(|_| stream.below(tokens) as i32).collect()
        };
        averages.step(&mut self.codebook, &self.switches, z, index, self.compute.search, &mut pick);
    }

    /// Applies a hot setting; it acts at the next step. False if it does not go with what learns.
    pub fn set(&mut self, setting: Setting) -> bool {
        match setting {
            Setting::Lr(lr) => self.lr = lr,
            Setting::Beta(beta) => self.beta = beta,
            // Nothing of a grid can learn.
            Setting::Learn { .. } if self.fsq.is_some() => return false,
            Setting::Learn { c, w, on_switch } => {
                let (_, had_w) = self.codebook.learns();
                self.draws += 1;
                let (seed, draws) = (self.spec.seed, self.draws);
                self.codebook.switch(c, w, on_switch, &self.switches, seed, draws);
                if w && !had_w && on_switch == crate::scenario::OnSwitch::Fresh {
                    // The codes are others now; old counts would be about codes that are gone.
                    self.window.clear();
                }
                // What moves codes onto encodings ends where a W stands between, or C is frozen.
                if self.switches.conflict(c, w).is_some() {
                    (self.switches.update, self.switches.upkeep) =
                        (CodeUpdate::Gradient, Upkeep::None);
                }
                self.averages = None;
            }
            Setting::CodeRate(c_lr) => self.switches.c_lr = c_lr,
            Setting::Estimator(estimator) => self.switches.estimator = estimator,
            Setting::Update(update) => {
                return self.set_upkeep(Switches { update, ..self.switches });
            }
            Setting::Upkeep(upkeep) => {
                return self.set_upkeep(Switches { upkeep, ..self.switches });
            }
        }
        true
    }

    /// Takes switches that start new averages, unless what learns forbids them.
    fn set_upkeep(&mut self, switches: Switches) -> bool {
        let (c, w) = self.codebook.learns();
        let goes = switches.conflict(c, w).is_none();
        if goes {
            self.switches = switches;
            self.averages = None;
        }
        goes
    }

    /// Whether the lane trains on after `step` steps.
    pub fn is_training(&self, step: u64) -> bool {
        self.diverged_at.is_none() && self.spec.steps.is_none_or(|last| step < last)
    }

    /// Whether scalars must be read back before the next step.
    pub fn is_flight_full(&self) -> bool {
        self.flight.is_full()
    }

    /// Reads back what the steps left on the device; a lane with a loss that is not finite is
    /// marked as diverged.
    ///
    /// # Errors
    /// What the device reports.
    pub fn land(&mut self) -> Result<Vec<StepRow>, ExecutionError> {
        let landed = self.flight.land(self.spec.id, &mut self.window)?;
        self.diverged_at = self.diverged_at.or(landed.diverged_at);
        Ok(landed.rows)
    }

    /// Encodings of samples (B x D): N x d, without autodiff.
    pub fn encode(&self, x: Tensor<2>) -> Tensor<2> {
        self.tokens(self.encoder.forward(x))
    }

    /// Quantized encodings and their reconstruction, without autodiff: indices (N), q (N x d),
    /// x̂ (B x D).
    pub fn reconstruct(
        &self,
        z: &Tensor<2>,
        codes: &Tensor<2>,
    ) -> (Tensor<1, Int>, Tensor<2>, Tensor<2>) {
        let index = self.compute.search.nearest(z, codes);
        let q = codes.clone().select(0, index.clone());
        let x_hat = self.decoder.forward(self.latents(q.clone()));
        (index, q, x_hat)
    }

    /// First layer of the encoder, last of the decoder: what has the same shape in every lane.
    #[cfg(test)]
    pub fn first_layers(&self) -> [Vec<f32>; 2] {
        let host = |t: Tensor<2>| t.into_data().try_into_vec().unwrap_or_default();
        [host(self.encoder.layer(0)), host(self.decoder.layer(2))]
    }

    /// [B, T·d] to [B·T, d], inside the box of the grid where there is one.
    fn tokens(&self, latents: Tensor<2>) -> Tensor<2> {
        let [batch, _] = latents.dims();
        let tokens = latents.reshape([batch * self.spec.tokens, self.spec.dim]);
        match &self.fsq {
            Some(fsq) => fsq.bound(tokens),
            None => tokens,
        }
    }

    /// [B·T, d] to [B, T·d].
    fn latents(&self, tokens: Tensor<2>) -> Tensor<2> {
        let [n, _] = tokens.dims();
        tokens.reshape([n / self.spec.tokens, self.spec.tokens * self.spec.dim])
    }
}

/// Encodings that k-means starts from: at most so many tokens of the batches before step 1.
const KMEANS_TOKENS: usize = 8192;

fn initial_codes(spec: &LaneSpec, data: &Dataset, encoder: &Mlp, device: &Device) -> Weight {
    let (size, dim) = (spec.size, spec.dim);
    let mut stream = Stream::new(spec.seed, Purpose::Codes, 0);
    let values = match spec.init {
        Init::Uniform => stream.uniform(size * dim, 1.0 / size as f32),
        Init::Normal => stream.normal(size * dim, spec.std as f32),
        Init::Kmeans => {
            let tokens = spec.batch_tokens.max(size.saturating_mul(16).min(KMEANS_TOKENS));
            let samples = tokens.div_ceil(spec.tokens);
            let x = data.batch(spec.seed, 0, samples);
            let x = Tensor::<2>::from_data(TensorData::new(x, [samples, spec.pixels()]), device);
            let z = encoder.forward(x).into_data().convert::<f32>();
            let z = z.try_into_vec::<f32>().expect("converted to 32-bit floats");
            kmeans::kmeans(&z, dim, size, &mut Stream::new(spec.seed, Purpose::Kmeans, 0))
        }
    };
    Weight::new(values, [size, dim], device)
}
