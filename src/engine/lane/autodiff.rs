//! A step by burn's autodiff: on the CPU, and for everything that steps in few launches do not cover.

use burn::tensor::{Int, Tensor};

use crate::engine::lane::Lane;
use crate::engine::parallel::side_by_side;
use crate::model::fixed;
use crate::model::nearest::{self, Backend, nearest_codes};
use crate::model::quantize::{Losses, Weights, entropy_penalty, rotated, straight_through};
use crate::model::upkeep::Averages;
use crate::model::weight::{self, GradientList};
use crate::rng::{Purpose, Stream};
use crate::scenario::{CodeUpdate, Estimator, ModelKind, Upkeep};

/// Multiplications of a matrix product that the CPU backend shares out over its threads.
const SHARED_OUT: usize = 192 * 192 * 192;

/// What both passes over a part of a batch gave.
pub(super) struct Part {
    pub nets: GradientList,
    pub codebook: GradientList,
    /// 1 x 5, as [`PendingReadback::push`] takes them, times the part's share of the batch.
    pub terms: Tensor<2>,
    /// N x d.
    pub z: Tensor<2>,
    /// N; none in a warm-up.
    pub index: Option<Tensor<1, Int>>,
}

impl Part {
    /// Both parts as one.
    pub fn with(self, next: Self) -> Self {
        let index = self.index.zip(next.index).map(|(a, b)| Tensor::cat(vec![a, b], 0));
        Self {
            nets: weight::add(self.nets, next.nets),
            codebook: weight::add(self.codebook, next.codebook),
            terms: self.terms + next.terms,
            z: Tensor::cat(vec![self.z, next.z], 0),
            index,
        }
    }
}

impl Lane {
    /// Trains one step on `x` (B x D) by burn's autodiff.
    pub(super) fn step_by_autodiff(&mut self, step: u64, x: Tensor<2>) {
        let (_, codebook) = self.model.settled(&mut self.pending);
        let codes = self.quantizes.then(|| codebook.effective());
        self.past.push(codes.as_ref());
        let batch = x.dims()[0];
        let parts = side_by_side(self.compute.search, &mut self.parts(x), |x| {
            let share = x.dims()[0] as f64 / batch as f64;
            self.part(x.clone(), codes.as_ref(), share)
        });
        let whole = parts.into_iter().reduce(Part::with).expect("a batch has a sample");
        if let Some(index) = &whole.index
            && (self.switches.update == CodeUpdate::Ema || self.switches.upkeep != Upkeep::None)
        {
            // Before the optimizer, which then moves codes from where they are: as published.
            self.keep_up(step, &whole.z, index);
        }
        let (nets, codebook) = self.model.settled(&mut self.pending);
        nets.update(&self.optimizer, self.lr, whole.nets);
        codebook.update(&self.optimizer, self.lr, self.switches.c_lr, whole.codebook);
        self.pending.push(step, self.lr, whole.terms, whole.index);
    }

    /// The batch in the parts that are trained on beside each other.
    ///
    /// The backend shares no product out that is as small as those of a small model, so that a lane
    /// without another one beside it would leave a core idle: there each half of a batch goes its way
    /// through both passes by itself, and the gradients of the halves add up. That follows from the
    /// settings alone, never from the number of cores.
    pub(super) fn parts(&self, x: Tensor<2>) -> Vec<Tensor<2>> {
        let batch = x.dims()[0];
        if !self.is_halved(batch) {
            return vec![x];
        }
        let half = batch / 2;
        vec![x.clone().slice([0..half]), x.slice([half..batch])]
    }

    /// Whether [`Self::step`] trains the halves of a batch of so many samples beside each other.
    pub fn is_halved(&self, batch: usize) -> bool {
        let pixels = self.spec.pixels();
        let [tokens, latent, dim] = [self.spec.tokens, self.spec.latent, self.spec.dim];
        let is_small = batch * pixels.max(tokens * latent) * self.spec.hidden < SHARED_OUT
            && nearest::is_small(batch * tokens, self.spec.size * dim);
        // An entropy penalty looks at all encodings at once.
        let is_sum_of_parts = self.switches.entropy == 0.0 && batch > 1;
        let is_host = matches!(self.compute.search, Backend::Host);
        is_host && self.is_alone && is_small && is_sum_of_parts
    }

    /// Both passes over a part of the batch, which is a `share` of it. Without `codes` (E, K x d)
    /// the decoder gets the encodings themselves, as in a warm-up.
    pub(super) fn part(&self, x: Tensor<2>, codes: Option<&Tensor<2>>, share: f64) -> Part {
        let (nets, codebook) = self.model.outline();
        let nets = nets.leaves();
        // Averages move the codes: then they are no leaves, and their loss term pulls nothing.
        let codebook = codebook.leaves(self.switches.update == CodeUpdate::Gradient);
        let z = nets.encode(x.clone()); // [N, d]
        let index = codes.map(|e| nearest_codes(z.clone().inner(), e.clone()));
        let (q, passed) = match &index {
            Some(index) => {
                let q = codebook.lookup(index.clone()); // [N, d]
                let passed = match self.switches.estimator {
                    Estimator::StraightThrough => straight_through(z.clone(), q.clone()),
                    Estimator::Rotation => rotated(z.clone(), &q),
                };
                (q, passed)
            }
            None => (z.clone(), z.clone()),
        };
        let mut losses = Losses::new(x, nets.decode(passed), z.clone(), q); // x̂: [B, D]
        let weights = if index.is_some() { self.weights() } else { Weights::default() };
        if weights.entropy > 0.0 {
            let codes = codebook.effective();
            let penalty = entropy_penalty(z.clone(), codes, self.switches.temperature);
            losses.entropy = Some(penalty);
        }
        let total = losses.total(weights);
        let part_of = |t: Tensor<2>| if share == 1.0 { t } else { t.mul_scalar(share) };
        let loss = part_of(total.clone());
        // Fixed codes without networks learn nothing, and have nothing to go back through.
        let (nets, codebook) = if loss.is_tracked() {
            let mut gradients = loss.backward();
            (nets.gradients(&mut gradients), codebook.gradients(&mut gradients))
        } else {
            (Vec::new(), Vec::new())
        };
        Part { nets, codebook, terms: part_of(losses.row(total)), z: z.inner(), index }
    }

    /// How the terms of the loss add up now.
    fn weights(&self) -> Weights {
        let by_gradient = self.switches.update == CodeUpdate::Gradient;
        let codebook = f64::from(u8::from(by_gradient));
        let (commitment, entropy) = (self.beta, self.switches.entropy);
        let of_codebook = Weights { recon: 1.0, codebook, commitment, entropy };
        match (&self.spec.fixed, self.spec.kind) {
            (Some(fixed), _) => fixed::weights(fixed, of_codebook),
            (None, ModelKind::Mlp) => of_codebook,
            // The error of reconstruction is that of quantization, and no encoder commits.
            (None, ModelKind::None) => {
                Weights { recon: 1.0 - codebook, codebook, commitment: 0.0, entropy }
            }
        }
    }

    /// Moves codes by averages, revival or anchors.
    fn keep_up(&mut self, step: u64, z: &Tensor<2>, index: &Tensor<1, Int>) {
        let tokens = self.spec.batch_tokens;
        let (_, codebook) = self.model.settled(&mut self.pending);
        let averages =
            self.averages.get_or_insert_with(|| Averages::new(&codebook.codes(), tokens));
        let mut stream = Stream::new(self.spec.seed, Purpose::Revive, step);
        let mut pick = |codes: usize| -> Vec<i32> {
            (0..codes).map(|_| stream.below(tokens) as i32).collect()
        };
        averages.step(codebook, &self.switches, z, index, &mut pick);
    }
}
