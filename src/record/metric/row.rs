//! What is measured after every step.

use serde::{Deserialize, Serialize};

use crate::record::metric::Evaluation;
use crate::scenario::LaneId;

/// Scalars of one lane and one step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct StepRow {
    /// The step, from 1.
    pub step: u64,
    /// The lane.
    pub lane: LaneId,
    /// Sum of the loss terms with their weights.
    pub loss: f64,
    /// Mean squared reconstruction error of the batch.
    pub recon_loss: f64,
    /// Codebook loss, mean((q-sg z)²).
    pub codebook_loss: f64,
    /// Commitment loss without its weight, mean((sg q-z)²).
    pub commitment_loss: f64,
    /// Entropy penalty without its weight, -ln K to 0; 0 where there is none.
    pub entropy_loss: f64,
    /// Share of codes used in the batch.
    pub utilization_batch: f64,
    /// Share of codes used in the sliding window.
    pub utilization_window: f64,
    /// Tokens in the sliding window so far.
    pub window_tokens: usize,
    /// Perplexity of the batch.
    pub perplexity_batch: f64,
    /// Codes in use in the window now, but not 100 steps before; at multiples of 100 steps.
    pub births_100: Option<usize>,
    /// Codes in use in the window 100 steps before, but not now; at multiples of 100 steps.
    pub deaths_100: Option<usize>,
    /// Tokens of the batch; with [`Self::codes`] they say how many a code that is.
    #[serde(default)]
    pub batch_tokens: usize,
    /// K; 0 in a row of a state saved by an earlier version, until a run takes it.
    #[serde(default)]
    pub codes: usize,
    /// Share of codes used by the newest 65,536 training tokens, rounded up to whole batches; none
    /// before the first, and where it is not known, as in what an earlier version saved.
    #[serde(default)]
    pub utilization_newest: Option<f64>,
    /// How many of them there are so far.
    #[serde(default)]
    pub newest_tokens: Option<usize>,
    /// Share of codes whose moving average (.99) of the counts of batches is at least .08·N/K.
    #[serde(default)]
    pub utilization_average: Option<f64>,
    /// Share of codes with at least .01·N/K of the batch.
    #[serde(default)]
    pub utilization_fair: Option<f64>,
    /// Metrics on the evaluation set if it was evaluated after this step.
    pub eval: Option<Evaluation>,
}

impl StepRow {
    /// A row in which nothing is known but its step and lane.
    pub fn nan(step: u64, lane: LaneId) -> Self {
        Self {
            step,
            lane,
            loss: f64::NAN,
            recon_loss: f64::NAN,
            codebook_loss: f64::NAN,
            commitment_loss: f64::NAN,
            entropy_loss: f64::NAN,
            utilization_batch: f64::NAN,
            utilization_window: f64::NAN,
            window_tokens: 0,
            perplexity_batch: f64::NAN,
            births_100: None,
            deaths_100: None,
            batch_tokens: 0,
            codes: 0,
            utilization_newest: None,
            newest_tokens: None,
            utilization_average: None,
            utilization_fair: None,
            eval: None,
        }
    }
}
