//! What one lane trains with, worked out from the scenario.

use crate::scenario::{
    CloudPath, DataSet, Fixed, Init, Lane, LaneId, ModelKind, Optimizer, Scenario, Switches,
    method_name,
};

/// Everything that one lane trains with, defaults and overrides resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneSpec {
    /// Which lane.
    pub id: LaneId,
    /// Seed of initial values and of the batches.
    pub seed: u64,
    /// Last step of this lane if it stops before the run.
    pub steps: Option<u64>,
    /// Set of samples.
    pub set: DataSet,
    /// The way of the cloud, for a set that has one.
    pub path: CloudPath,
    /// Tokens of the evaluation set asked for.
    pub eval_tokens: usize,
    /// Which networks.
    pub kind: ModelKind,
    /// Width of the hidden layers; 0 where there are none.
    pub hidden: usize,
    /// Tokens a sample.
    pub tokens: usize,
    /// What makes a step of a gradient.
    pub optimizer: Optimizer,
    /// Learning rate.
    pub lr: f64,
    /// Weight of the commitment loss.
    pub beta: f64,
    /// Tokens a batch.
    pub batch_tokens: usize,
    /// Tokens of the sliding window.
    pub window_tokens: usize,
    /// K.
    pub size: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// Width of a token as the encoder gives it; d, unless it is projected before the lookup.
    pub latent: usize,
    /// Initial C.
    pub init: Init,
    /// Standard deviation of a normal initial C.
    pub std: f64,
    /// Whether C learns at the start.
    pub learn_c: bool,
    /// Whether W and b learn at the start.
    pub learn_w: bool,
    /// All other switches of the method at the start.
    pub switches: Switches,
    /// Codes that nothing moves (FSQ, LFQ) in the place of a codebook.
    pub fixed: Option<Fixed>,
    /// Steps without quantization before the first one with it.
    pub warmup: u64,
}

impl LaneSpec {
    /// Samples a batch: `batch_tokens / tokens`.
    pub fn batch_samples(&self) -> usize {
        self.batch_tokens / self.tokens
    }

    /// Numbers of one sample, D.
    pub fn pixels(&self) -> usize {
        self.set.sample_size().iter().product()
    }

    /// Whether samples, encodings and codes are points of one plane, which a map shows as it is.
    pub fn is_plane(&self) -> bool {
        self.kind == ModelKind::None && self.dim == 2
    }

    /// "VQ", "SimVQ", "joint", "fixed codebook", "FSQ" or "LFQ".
    pub fn method(&self) -> &'static str {
        match &self.fixed {
            Some(fixed) => fixed.method(),
            None => method_name(self.learn_c, self.learn_w),
        }
    }

    /// The same lane with the method of another table, for comparing a lane to a preset.
    pub(super) fn of_method(spec: &Self, lane: &Lane) -> Self {
        let method = lane.method();
        let dim = method.fixed.as_ref().map(Fixed::dim).or(method.factor).unwrap_or(spec.latent);
        Self {
            size: method.fixed.as_ref().map_or(spec.size, Fixed::size),
            dim,
            latent: method.fixed.as_ref().map_or(spec.latent, Fixed::dim),
            init: method.init,
            std: method.std.unwrap_or(spec.std),
            learn_c: method.learn_c,
            learn_w: method.learn_w,
            switches: method.switches.with_cloud_of(&spec.switches),
            warmup: method.warmup,
            fixed: method.fixed,
            ..spec.clone()
        }
    }

    /// Width to which tokens are projected before the lookup, where they are.
    pub fn factor(&self) -> Option<usize> {
        (self.latent != self.dim).then_some(self.dim)
    }
}

impl Scenario {
    /// What a lane trains with, or `None` for a lane that is not there.
    pub fn lane(&self, id: LaneId) -> Option<LaneSpec> {
        let lane = self.lane_table(id)?;
        let set = lane.data.as_ref().and_then(|d| d.set).unwrap_or(self.data.set);
        let train = lane.train.clone().unwrap_or_default();
        let codebook = lane.codebook.clone().unwrap_or_default();
        let method = lane.method();
        // Fixed codes bring their own width and number.
        let fixed = method.fixed.as_ref();
        let latent = fixed.map(Fixed::dim).or(codebook.dim).unwrap_or(self.codebook.dim);
        let dim = method.factor.unwrap_or(latent);
        let plain_vq = method.learn_c && !method.learn_w;
        let preset_init = lane.preset.map(|_| method.init);
        let default_init = if plain_vq { Init::Uniform } else { Init::Normal };
        Some(LaneSpec {
            id,
            seed: lane.seed.unwrap_or(self.seed),
            steps: lane.steps,
            set,
            path: CloudPath { drift: self.data.drift, shift: self.data.shift, steps: self.steps },
            eval_tokens: self.data.eval_tokens,
            kind: self.model.kind,
            hidden: match self.model.kind {
                ModelKind::Mlp => self.model.hidden.unwrap_or(set.default_hidden()),
                ModelKind::None => 0,
            },
            tokens: self.model.tokens.unwrap_or(set.default_tokens()),
            optimizer: self.train.optimizer,
            lr: train.lr.unwrap_or(self.train.lr),
            beta: train.beta.unwrap_or(self.train.beta),
            batch_tokens: train.batch_tokens.unwrap_or(self.train.batch_tokens),
            window_tokens: self.train.window_tokens,
            size: fixed.map(Fixed::size).or(codebook.size).unwrap_or(self.codebook.size),
            dim,
            latent,
            init: codebook.init.or(preset_init).or(self.codebook.init).unwrap_or(default_init),
            std: codebook
                .std
                .or(method.std)
                .or(self.codebook.std)
                .unwrap_or((dim as f64).powf(-0.5)),
            learn_c: method.learn_c,
            learn_w: method.learn_w,
            switches: method.switches,
            warmup: method.warmup,
            fixed: method.fixed,
        })
    }

    /// All lanes resolved, in order.
    pub fn lane_specs(&self) -> Vec<LaneSpec> {
        self.lane_ids().into_iter().filter_map(|id| self.lane(id)).collect()
    }
}
