//! Scalars in flight: what a step measured stays on the device until the next read-back.
//!
//! A step waits for no number. Each step leaves its losses and its code indices on the device,
//! tagged with its number; one read-back fetches all of them, and the host counts usage exactly.

use burn::tensor::{ExecutionError, Int, Tensor, Transaction};

use crate::analysis::detect::Cause;
use crate::engine::read_back::{floats, ints};
use crate::engine::window::Window;
use crate::model::step;
use crate::record::counted::InUse;
use crate::record::row::StepRow;
use crate::scenario::LaneId;

/// Most steps whose scalars stay on the device.
pub const MOST_IN_FLIGHT: usize = step::IN_FLIGHT;

/// What the steps of one lane left on the device.
#[derive(Default)]
pub struct PendingReadback {
    steps: Vec<u64>,
    /// Code indices that each step left; none without quantization.
    counts: Vec<usize>,
    /// A row of 5 for each step: total, recon, codebook, commitment, entropy; steps x 5 together.
    losses: Vec<Tensor<2>>,
    /// All code indices, step after step.
    indices: Vec<Tensor<1, Int>>,
    /// Learning rate of each step.
    rates: Vec<f64>,
    /// Numbers of the steps, counted within the flight, before which the codes became others.
    fresh: Vec<usize>,
}

/// Terms of the loss that a step leaves.
const TERMS: usize = 5;

/// Steps between two counts of births and deaths.
const TURNOVER_STEPS: u64 = 100;

/// What a read-back brought.
pub struct ReadBack {
    /// Rows of the steps with finite losses, in order.
    pub rows: Vec<StepRow>,
    /// The first step whose loss was not a finite number.
    pub divergence: Option<Cause>,
}

impl PendingReadback {
    /// Notes what a step left.
    pub fn push(&mut self, step: u64, lr: f64, losses: Tensor<2>, index: Option<Tensor<1, Int>>) {
        self.note(step, lr, index.as_ref().map_or(0, |index| index.dims()[0]));
        self.losses.push(losses);
        self.indices.extend(index);
    }

    /// Notes a step whose numbers follow by [`Self::add`] before those of a step after it.
    pub fn note(&mut self, step: u64, lr: f64, tokens: usize) {
        self.steps.push(step);
        self.rates.push(lr);
        self.counts.push(tokens);
    }

    /// The numbers of steps that were noted: losses (steps x 5) and indices, step after step.
    pub fn add(&mut self, losses: Tensor<2>, indices: Tensor<1, Int>) {
        self.losses.push(losses);
        self.indices.push(indices);
    }

    /// Notes that the codes are others from the next step on. The window forgets the steps before it
    /// once they have read, so that no row depends on when that is.
    pub fn codes_are_fresh(&mut self) {
        self.fresh.push(self.steps.len());
    }

    /// Whether a read-back is due.
    pub fn is_full(&self) -> bool {
        self.steps.len() >= MOST_IN_FLIGHT
    }

    /// Fetches everything and counts it into `window`.
    ///
    /// # Errors
    /// What the device reports for the kernels that ran since the last read-back.
    pub fn read_back(
        &mut self,
        lane: LaneId,
        window: &mut Window,
    ) -> Result<ReadBack, ExecutionError> {
        let mut read = ReadBack { rows: Vec::new(), divergence: None };
        let fresh = std::mem::take(&mut self.fresh);
        if self.steps.is_empty() {
            fresh.first().inspect(|_| window.clear());
            return Ok(read);
        }
        let losses = Tensor::cat(std::mem::take(&mut self.losses), 0);
        let indices = std::mem::take(&mut self.indices);
        let counts = std::mem::take(&mut self.counts);
        // CPU-GPU sync point: the only one of a training step's numbers.
        let mut reads = Transaction::default().register(losses);
        let has_indices = !indices.is_empty();
        if has_indices {
            reads = reads.register(Tensor::cat(indices, 0));
        }
        let mut data = reads.try_execute()?.into_iter();
        let losses = floats(data.next())?;
        // Where no lane chooses among codes, none were asked for.
        let indices = if has_indices { ints(data.next())? } else { Vec::new() };
        let steps = std::mem::take(&mut self.steps);
        let rates = std::mem::take(&mut self.rates);
        let (losses, _) = losses.as_chunks::<TERMS>();
        let mut rest = indices.as_slice();
        for (i, ((&step, &losses), count)) in steps.iter().zip(losses).zip(counts).enumerate() {
            let (index, after) = rest.split_at(count);
            rest = after;
            if losses.iter().any(|l| !l.is_finite()) {
                read.divergence = Some(Cause { step, losses, lr: rates[i] });
                return Ok(read);
            }
            if fresh.contains(&i) {
                window.clear();
            }
            window.push_step(step, index);
            let turnover =
                if step.is_multiple_of(TURNOVER_STEPS) { window.turnover() } else { None };
            let (batch, sliding) = (window.batch(), window.usage());
            let share = |found: InUse| found.used as f64 / sliding.size as f64;
            read.rows.push(StepRow {
                step,
                lane,
                loss: f64::from(losses[0]),
                recon_loss: f64::from(losses[1]),
                codebook_loss: f64::from(losses[2]),
                commitment_loss: f64::from(losses[3]),
                entropy_loss: f64::from(losses[4]),
                utilization_batch: batch.share(),
                utilization_window: sliding.share(),
                window_tokens: sliding.tokens,
                perplexity_batch: batch.perplexity,
                births_100: turnover.map(|t| t.births),
                deaths_100: turnover.map(|t| t.deaths),
                batch_tokens: batch.tokens,
                codes: sliding.size,
                utilization_newest: window.newest().map(share),
                newest_tokens: window.newest().and_then(|newest| newest.tokens),
                utilization_average: window.average().map(share),
                utilization_fair: window.fair().map(share),
                eval: None,
            });
        }
        if fresh.last().is_some_and(|&at| at >= steps.len()) {
            window.clear();
        }
        Ok(read)
    }
}
