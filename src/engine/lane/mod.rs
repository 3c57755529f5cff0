//! One lane: networks around a codebook, their optimizer, and what was counted.

mod autodiff;
mod model;
mod reader;

use std::sync::Arc;

use burn::tensor::{ExecutionError, Int, Tensor, TensorData};

use crate::analysis::detect::Detectors;
use crate::data::{At, DataError, Dataset};
use crate::engine::device::Compute;
use crate::engine::lane::model::{Model, Pace};
use crate::engine::lane::reader::Reader;
use crate::engine::past::Past;
use crate::engine::pending::PendingReadback;
use crate::engine::window::Window;
use crate::model::nearest::nearest_codes;
use crate::model::step::Form;
use crate::model::upkeep::Averages;
use crate::model::weight::Optimizer;
use crate::model::{Codebook, Nets, Weight, initial};
use crate::record::event::Event;
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::setting::Setting;
use crate::rng::{Purpose, Stream};
use crate::scenario::{
    self, CodeUpdate, Estimator, Init, LaneSpec, OnSwitch, Present, Switches, Upkeep,
};

/// A model in training.
pub struct Lane {
    /// What it was built from.
    pub spec: LaneSpec,
    /// Learning rate now.
    pub lr: f64,
    /// Weight of the commitment loss now.
    pub beta: f64,
    /// Its samples.
    pub data: Arc<Dataset>,
    /// Usage of the newest batch and of the sliding window.
    pub window: Window,
    /// What watches its rows.
    pub detectors: Detectors,
    /// The newest evaluation.
    pub eval: Option<Evaluation>,
    /// Uses of each code at the newest evaluation, K.
    pub eval_counts: Vec<u32>,
    /// First step whose loss was not finite.
    pub diverged_at: Option<u64>,
    /// The evaluation set on the device, samples x D, where samples do not move.
    eval_set: Tensor<2>,
    /// The same on the host before it is brought to its place, where they do; else empty.
    moving: Vec<f32>,
    /// Codes before the newest steps.
    pub(super) past: Past,
    pub(super) compute: Compute,
    /// Where it is read between steps.
    pub(super) reader: Reader,
    model: Model,
    optimizer: Optimizer,
    pending: PendingReadback,
    /// Whether encodings are quantized by now; not yet during a warm-up.
    pub(super) quantizes: bool,
    /// Moving averages of use, where something needs them.
    pub(super) averages: Option<Averages>,
    /// Switches of the method now.
    pub switches: Switches,
    /// Whether the run has no other lane.
    pub(super) is_alone: bool,
    /// Fresh codebooks drawn so far.
    pub(super) draws: u64,
    /// The error of the training set's mean picture on the evaluation set, once it was asked for.
    error_of_mean: Option<Option<f64>>,
}

/// The batch of a step.
#[derive(Clone)]
pub enum Batch {
    /// Samples, B x D.
    Samples(Tensor<2>),
    /// Where they lie among the set's pictures, B x 2, for a step in few launches of such a form.
    Places(Tensor<1, Int>, Form),
}

impl Lane {
    /// Builds encoder, decoder and codebook on the device from the spec's seed.
    ///
    /// # Errors
    /// An embedded image that cannot be decoded.
    pub fn new(spec: LaneSpec, is_alone: bool, compute: &Compute) -> Result<Self, DataError> {
        let data = Dataset::of(&spec)?;
        let reader = Reader::new(&spec, compute);
        let device = &reader.device;
        let nets = Nets::new(&spec, device);
        let codes = initial::codes(&spec, &data, &nets, device);
        let mut transform = Stream::new(spec.seed, Purpose::Transform, 0);
        let codebook =
            Codebook::new(codes, spec.learn_c, spec.learn_w, &spec.switches, &mut transform);
        let samples = (spec.eval_tokens / spec.tokens).max(1);
        let eval = data.evaluation(samples);
        let (rows, pixels) = (eval.len() / spec.pixels(), spec.pixels());
        let moving = if data.moves() { eval.clone() } else { Vec::new() };
        Ok(Self {
            lr: spec.lr,
            beta: spec.beta,
            window: Window::new(spec.size, spec.window_tokens),
            detectors: Detectors::new(&spec),
            eval: None,
            eval_counts: Vec::new(),
            diverged_at: None,
            eval_set: Tensor::from_data(TensorData::new(eval, [rows, pixels]), device),
            moving,
            past: Past::default(),
            compute: compute.clone(),
            model: Model::new(nets, codebook, &compute.device, &reader.device),
            reader,
            optimizer: Optimizer::new(spec.optimizer),
            pending: PendingReadback::default(),
            quantizes: spec.warmup == 0,
            averages: None,
            switches: spec.switches,
            is_alone,
            draws: 0,
            error_of_mean: None,
            data,
            spec,
        })
    }

    /// Trains one step; its numbers stay on the device.
    pub fn step(&mut self, step: u64, batch: Batch) {
        if step > self.spec.warmup && !self.quantizes {
            self.begin_to_quantize();
        }
        match batch {
            Batch::Samples(x) => self.step_by_autodiff(step, x),
            Batch::Places(places, form) => {
                let pace = Pace { lr: self.lr, c_lr: self.switches.c_lr, beta: self.beta };
                let pictures = || self.data.row().expect("its samples are cut out of pictures");
                let pending = &mut self.pending;
                let codes = self.model.step(form, places, &pace, pending, pictures);
                self.past.push(Some(&codes));
                self.pending.note(step, self.lr, form.rows());
            }
        }
    }

    /// What a step in few launches would train at step `step`; `None` where it goes by autodiff: on the
    /// CPU, and for what [`crate::model::step`] does not cover.
    pub fn form(&self, step: u64) -> Option<Form> {
        let (spec, switches) = (&self.spec, &self.switches);
        let (nets, codebook) = self.model.outline();
        let busy = self.compute.busy?;
        let quantizes = self.quantizes || step > spec.warmup;
        let is_plain = quantizes
            && spec.fixed.is_none()
            && spec.optimizer == scenario::Optimizer::Adam
            && switches.estimator == Estimator::StraightThrough
            && switches.update == CodeUpdate::Gradient
            && switches.upkeep == Upkeep::None
            && switches.entropy == 0.0
            && self.data.is_cut()
            && nets.are_plain();
        let (has_transform, has_bias) = codebook.plain_form().filter(|_| is_plain)?;
        let form = Form {
            samples: spec.batch_samples(),
            pixels: spec.pixels(),
            width: self.data.sample_width(),
            hidden: spec.hidden,
            tokens: spec.tokens,
            dim: spec.dim,
            size: spec.size,
            learn_c: codebook.learns().0,
            has_transform,
            has_bias,
            busy,
        };
        // Asked at each step: what was made fits.
        let limit = self.compute.buffer_limit.unwrap_or(u64::MAX);
        (self.model.steps_as(&form) || form.fits(limit)).then_some(form)
    }

    /// The networks as they are now.
    fn nets(&self) -> &Nets {
        self.model.nets()
    }

    /// The codebook as it is now.
    pub(super) fn codebook(&self) -> &Codebook {
        self.model.codebook()
    }

    /// Ends a warm-up: codes that start from encodings take those of the encoder as it is now.
    fn begin_to_quantize(&mut self) {
        self.quantizes = true;
        if self.spec.init == Init::Kmeans && self.spec.fixed.is_none() {
            let device = &self.reader.device;
            let codes = initial::codes(&self.spec, &self.data, self.nets(), device);
            let (_, codebook) = self.model.settled(&mut self.pending);
            codebook.codes_mut().set_value(codes.value());
        }
    }

    /// What it trains with now.
    pub fn present(&self) -> Present<'_> {
        let (learn_c, learn_w) = self.learns();
        Present {
            spec: &self.spec,
            learn_c,
            learn_w,
            lr: self.lr,
            beta: self.beta,
            switches: self.switches,
        }
    }

    /// Applies a hot setting; it acts at the next step. False if it does not go with what the lane is.
    pub fn set(&mut self, setting: Setting) -> bool {
        let mut now = self.present();
        let had_w = now.learn_w;
        if now.apply(setting).is_err() {
            return false;
        }
        let (lr, beta, switches) = (now.lr, now.beta, now.switches);
        if let Setting::Learn { c, w, on_switch } = setting {
            self.draws += 1;
            let (seed, draws) = (self.spec.seed, self.draws);
            self.past.clear();
            let (_, codebook) = self.model.settled(&mut self.pending);
            codebook.switch(c, w, on_switch, &self.switches, seed, draws);
            if w && !had_w && on_switch == OnSwitch::Fresh {
                // The codes are others now; old counts would be about codes that are gone.
                self.pending.codes_are_fresh();
            }
        }
        // Averages begin anew with what makes them.
        if matches!(setting, Setting::Learn { .. } | Setting::Update(_) | Setting::Upkeep(_)) {
            self.averages = None;
        }
        (self.lr, self.beta, self.switches) = (lr, beta, switches);
        true
    }

    /// Samples of the evaluation set.
    pub fn eval_samples(&self) -> usize {
        self.eval_set.dims()[0]
    }

    /// The mean squared error per pixel of the training set's mean picture on the evaluation set; none
    /// where samples are no pictures.
    pub fn error_of_mean(&mut self) -> Option<f64> {
        let samples = self.eval_samples();
        *self.error_of_mean.get_or_insert_with(|| self.data.error_of_mean(samples))
    }

    /// The first samples of the evaluation set where they are after `step` steps, at most `most` x D.
    pub fn eval_at(&self, step: u64, most: usize) -> Tensor<2> {
        let [samples, pixels] = self.eval_set.dims();
        let rows = most.min(samples);
        if self.moving.is_empty() {
            return if rows == samples {
                self.eval_set.clone()
            } else {
                self.eval_set.clone().slice([0..rows])
            };
        }
        let mut there = self.moving[..rows * pixels].to_vec();
        self.data.place(self.at(step), &mut there);
        Tensor::from_data(TensorData::new(there, [rows, pixels]), &self.reader.device)
    }

    /// What samples depend on that move.
    pub fn at(&self, step: u64) -> At<'_> {
        At { step, switches: &self.switches }
    }

    /// Whether another lane trains on the same batches as this one now.
    pub(super) fn sees_the_same(&self, other: &Self) -> bool {
        let of = |lane: &Self| {
            let spec = &lane.spec;
            (spec.seed, spec.set, spec.batch_samples(), lane.switches.cloud())
        };
        of(self) == of(other)
    }

    /// Whether the lane trains on after `step` steps.
    pub fn is_training(&self, step: u64) -> bool {
        self.diverged_at.is_none() && self.spec.steps.is_none_or(|last| step < last)
    }

    /// Whether scalars must be read back before the next step.
    pub fn is_flight_full(&self) -> bool {
        self.pending.is_full()
    }

    /// Reads back what the steps left on the device, and the flags that it raises; a lane with a loss
    /// that is not finite is marked as diverged.
    ///
    /// # Errors
    /// What the device reports.
    pub fn read_back(&mut self) -> Result<(Vec<StepRow>, Vec<Event>), ExecutionError> {
        self.model.hand_over(&mut self.pending);
        let read = self.pending.read_back(self.spec.id, &mut self.window)?;
        let mut flags: Vec<Event> =
            read.rows.iter().filter_map(|row| self.detectors.see(row)).collect();
        if let (None, Some(cause)) = (self.diverged_at, read.divergence) {
            self.diverged_at = Some(cause.step);
            flags.push(self.detectors.divergence(cause));
        }
        Ok((read.rows, flags))
    }

    /// Encodings of samples (B x D): N x d, without autodiff.
    pub fn encode(&self, x: Tensor<2>) -> Tensor<2> {
        self.nets().values().encode(x)
    }

    /// Codes nearest to encodings, without autodiff: indices (N) and q (N x d). During a warm-up there
    /// are no indices, and q is z.
    pub fn quantize(
        &self,
        z: &Tensor<2>,
        codes: &Tensor<2>,
    ) -> (Option<Tensor<1, Int>>, Tensor<2>) {
        let index = self.quantizes.then(|| nearest_codes(z.clone(), codes.clone()));
        let q = match &index {
            Some(index) => codes.clone().select(0, index.clone()),
            None => z.clone(),
        };
        (index, q)
    }

    /// Reconstruction of quantized encodings (N x d to B x D), without autodiff.
    pub fn decode(&self, q: Tensor<2>) -> Tensor<2> {
        self.nets().values().decode(q)
    }

    /// Every weight by name, whether it learns or not, without autodiff.
    pub fn parameters(&self) -> Vec<(String, Tensor<2>)> {
        let mut all = self.nets().parameters();
        all.extend(self.codebook().parameters());
        all
    }

    /// Every weight for whoever restores it, named as in [`Self::parameters`].
    pub(super) fn weights_mut(&mut self) -> Vec<(String, &mut Weight)> {
        let (nets, codebook) = self.model.settled(&mut self.pending);
        let mut all = nets.weights_mut();
        all.extend(codebook.weights_mut());
        all
    }

    /// The codebook for whoever changes it.
    pub(super) fn codebook_mut(&mut self) -> &mut Codebook {
        self.model.settled(&mut self.pending).1
    }

    /// Whether C learns, whether W and b learn.
    pub fn learns(&self) -> (bool, bool) {
        self.model.outline().1.learns()
    }

    /// The last step of a warm-up that is going on.
    pub fn warms_up_until(&self) -> Option<u64> {
        (!self.quantizes).then_some(self.spec.warmup)
    }

    /// First layer of the encoder, last of the decoder: what has the same shape in every lane.
    #[cfg(test)]
    pub fn first_layers(&self) -> [Vec<f32>; 2] {
        self.nets().values().first_layers(&self.reader.device)
    }
}

#[cfg(test)]
mod tests;
