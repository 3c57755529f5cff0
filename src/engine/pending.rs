//! Scalars in flight: what a step measured stays on the device until the next read-back.
//!
//! A step waits for no number. Each step leaves its losses and its code indices on the device,
//! tagged with its number; one read-back fetches all of them, and the host counts usage exactly.

use std::collections::VecDeque;

use burn::tensor::{ExecutionError, Int, Tensor, Transaction};

use crate::analysis::detect::Cause;
use crate::engine::read_back::{floats, ints};
use crate::model::step;
use crate::record::row::StepRow;
use crate::record::usage;
use crate::record::usage::Usage;
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
                eval: None,
            });
        }
        if fresh.last().is_some_and(|&at| at >= steps.len()) {
            window.clear();
        }
        Ok(read)
    }
}

/// Code use over a sliding window of training tokens.
pub struct Window {
    counts: Vec<u32>,
    used: usize,
    batches: VecDeque<Vec<i32>>,
    tokens: usize,
    most_tokens: usize,
    batch: Usage,
    /// Uses of each code in one batch, K; all 0 between two batches.
    scratch: Vec<u32>,
    /// Whether each code was in use at the newest [`Self::turnover`], K; empty before the first.
    census: Vec<bool>,
    /// Whether each code was ever chosen since it is there, K; empty where that is not known.
    ever: Vec<bool>,
    /// The step at which each code was chosen last, K; 0 where it never was, as far as is known.
    chosen_at: Vec<u32>,
    /// The step at which each code was chosen first, K; 0 where it never was; empty where an earlier
    /// version saved the run, which did not note it.
    first_chosen_at: Vec<u32>,
    /// The newest step that was counted.
    newest: u64,
}

/// Codes that came into use in the window, and codes that went out of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turnover {
    /// In use now, but not at the count before.
    pub births: usize,
    /// In use at the count before, but not now.
    pub deaths: usize,
}

impl Window {
    /// A window over the newest `tokens` tokens, rounded up to whole batches, of K codes.
    pub fn new(size: usize, tokens: usize) -> Self {
        Self {
            counts: vec![0; size],
            used: 0,
            batches: VecDeque::new(),
            tokens: 0,
            most_tokens: tokens,
            batch: Usage { size, ..Usage::default() },
            scratch: vec![0; size],
            census: Vec::new(),
            ever: vec![false; size],
            chosen_at: vec![0; size],
            first_chosen_at: vec![0; size],
            newest: 0,
        }
    }

    /// Compares the codes in use now with those at the call before, of which there are none at first;
    /// `None` while no token is counted.
    pub fn turnover(&mut self) -> Option<Turnover> {
        if self.tokens == 0 {
            return None;
        }
        self.census.resize(self.counts.len(), false);
        let mut turnover = Turnover { births: 0, deaths: 0 };
        for (was, &count) in self.census.iter_mut().zip(&self.counts) {
            let is = count > 0;
            turnover.births += usize::from(is && !*was);
            turnover.deaths += usize::from(*was && !is);
            *was = is;
        }
        Some(turnover)
    }

    /// Whether each code was in use at the newest count of births and deaths, K; empty before it.
    pub fn census(&self) -> &[bool] {
        &self.census
    }

    /// Goes back to a saved [`Self::census`].
    pub fn set_census(&mut self, census: Vec<bool>) {
        self.census = census;
    }

    /// Whether each code was ever chosen since it is there, K; empty where an earlier version saved the
    /// run, which did not note it.
    pub fn ever(&self) -> &[bool] {
        &self.ever
    }

    /// Goes back to a saved [`Self::ever`].
    pub fn set_ever(&mut self, ever: Vec<bool>) {
        self.ever = ever;
    }

    /// The step at which each code was chosen last, K; 0 where it never was, as far as is known.
    pub fn chosen_at(&self) -> &[u32] {
        &self.chosen_at
    }

    /// Goes back to a saved [`Self::chosen_at`] after so many steps; one that was not saved leaves it
    /// as it is.
    pub fn set_chosen_at(&mut self, step: u64, chosen_at: Vec<u32>) {
        self.newest = step;
        if !chosen_at.is_empty() {
            self.chosen_at = chosen_at;
        }
    }

    /// The step at which each code was chosen first, K; 0 where it never was; empty where that is not
    /// known.
    pub fn first_chosen_at(&self) -> &[u32] {
        &self.first_chosen_at
    }

    /// Goes back to a saved [`Self::first_chosen_at`].
    pub fn set_first_chosen_at(&mut self, first_chosen_at: Vec<u32>) {
        self.first_chosen_at = first_chosen_at;
    }

    /// How many steps before the newest one each code was chosen last, K; infinitely many where it never
    /// was, as far as is known.
    pub fn since_chosen(&self) -> Vec<f32> {
        let since = |&at: &u32| match at {
            0 => f32::INFINITY,
            at => self.newest.saturating_sub(u64::from(at)) as f32,
        };
        self.chosen_at.iter().map(since).collect()
    }

    /// Adds the batch of a step, as [`Self::push`] does.
    pub fn push_step(&mut self, step: u64, index: &[i32]) {
        self.push(index);
        self.newest = step;
        // Steps fit by far: see `MOST_STEPS`.
        for &code in index {
            self.chosen_at[code as usize] = step as u32;
            if let Some(first) = self.first_chosen_at.get_mut(code as usize)
                && *first == 0
            {
                *first = step as u32;
            }
        }
    }

    /// Adds a batch and lets the oldest go once the rest fills the window.
    pub fn push(&mut self, index: &[i32]) {
        let size = self.counts.len();
        let mut used = Vec::new();
        for &code in index {
            let (code, in_batch) = (code as usize, &mut self.scratch[code as usize]);
            if *in_batch == 0 {
                used.push(code);
            }
            *in_batch += 1;
            let count = &mut self.counts[code];
            if *count == 0 {
                self.used += 1;
                self.ever.get_mut(code).into_iter().for_each(|ever| *ever = true);
            }
            *count += 1;
        }
        // Sorted, so that the sum of the entropy does not depend on the order of the tokens.
        let mut uses: Vec<u32> =
            used.iter().map(|&code| std::mem::take(&mut self.scratch[code])).collect();
        uses.sort_unstable();
        self.batch = Usage {
            used: used.len(),
            tokens: index.len(),
            size,
            perplexity: usage::perplexity(&uses),
        };
        self.tokens += index.len();
        // A warm-up gives batches without a token; the newest of them says so, and the rest nothing.
        if self.batches.back().is_some_and(Vec::is_empty) {
            self.batches.pop_back();
        }
        self.batches.push_back(index.to_vec());
        while let Some(oldest) = self.batches.front()
            && self.tokens - oldest.len() >= self.most_tokens
        {
            for &code in oldest {
                let count = &mut self.counts[code as usize];
                *count -= 1;
                self.used -= usize::from(*count == 0);
            }
            self.tokens -= oldest.len();
            self.batches.pop_front();
        }
    }

    /// The batches in the window, oldest first; pushed again, they make the same window.
    pub fn batches(&self) -> impl ExactSizeIterator<Item = &[i32]> {
        self.batches.iter().map(Vec::as_slice)
    }

    /// Forgets everything, for a lane whose codes are new.
    pub fn clear(&mut self) {
        *self = Self::new(self.counts.len(), self.most_tokens);
    }

    /// Uses of each code, K.
    pub fn counts(&self) -> &[u32] {
        &self.counts
    }

    /// Usage of the newest batch.
    pub fn batch(&self) -> Usage {
        self.batch
    }

    /// Codes used in the window and its tokens; the perplexity is left at 0, since it costs a
    /// pass over K codes.
    pub fn usage(&self) -> Usage {
        Usage { used: self.used, tokens: self.tokens, size: self.counts.len(), perplexity: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warm_up_of_any_length_leaves_one_batch() {
        let mut window = Window::new(8, 4);
        (0..1000).for_each(|_| window.push(&[]));
        assert_eq!((window.batches().len(), window.batch().tokens), (1, 0));
        window.push(&[1, 2]);
        assert_eq!((window.batches().len(), window.usage().tokens), (1, 2));
    }

    #[test]
    fn the_window_forgets_whole_batches() {
        let mut window = Window::new(8, 4);
        window.push(&[0, 1]);
        window.push(&[2, 2]);
        assert_eq!((window.usage().used, window.usage().tokens), (3, 4));
        window.push(&[3, 3]);
        assert_eq!((window.usage().used, window.usage().tokens), (2, 4));
        assert_eq!(window.counts(), [0, 0, 2, 2, 0, 0, 0, 0]);
        assert_eq!(window.batch().used, 1);
        assert!((window.batch().perplexity - 1.0).abs() < 1e-12);
        window.clear();
        assert_eq!(window.usage().tokens, 0);
    }

    #[test]
    fn births_and_deaths_are_counted_from_one_count_to_the_next() {
        let mut window = Window::new(8, 4);
        assert_eq!(window.turnover(), None);
        window.push(&[0, 1]);
        window.push(&[2, 2]);
        assert_eq!(window.turnover(), Some(Turnover { births: 3, deaths: 0 }));
        window.push(&[3, 4]);
        window.push(&[3, 0]);
        // In use are 0, 3 and 4: 0 lived on.
        assert_eq!(window.turnover(), Some(Turnover { births: 2, deaths: 2 }));
        assert_eq!(window.turnover(), Some(Turnover { births: 0, deaths: 0 }));
        window.clear();
        assert_eq!(window.turnover(), None);
        window.push(&[3, 3]);
        assert_eq!(window.turnover(), Some(Turnover { births: 1, deaths: 0 }));
    }

    #[test]
    fn a_code_that_left_the_window_was_in_use_and_fresh_codes_never_were() {
        let mut window = Window::new(4, 2);
        window.push(&[0, 1]);
        window.push(&[3, 3]);
        assert_eq!(window.counts(), [0, 0, 0, 2]);
        assert_eq!(window.ever(), [true, true, false, true]);
        // What an earlier version saved does not tell; fresh codes are known again.
        window.set_ever(Vec::new());
        window.push(&[2, 2]);
        assert!(window.ever().is_empty());
        window.clear();
        assert_eq!(window.ever(), [false; 4]);
    }

    #[test]
    fn the_steps_since_a_code_was_chosen_are_counted_beyond_the_window() {
        let never = f32::INFINITY;
        let mut window = Window::new(4, 2);
        window.push_step(1, &[0, 1]);
        window.push_step(2, &[1, 1]);
        (3..=6).for_each(|step| window.push_step(step, &[2, 2]));
        assert_eq!(window.since_chosen(), [5.0, 4.0, 0.0, never]);
        let mut again = Window::new(4, 2);
        again.push(&[2, 2]);
        again.set_chosen_at(6, window.chosen_at().to_vec());
        assert_eq!(again.since_chosen(), window.since_chosen());
        assert_eq!(window.first_chosen_at(), [1, 1, 3, 0]);
        // A step without quantization chooses nothing.
        window.push_step(7, &[]);
        assert_eq!(window.since_chosen(), [6.0, 5.0, 1.0, never]);
        window.clear();
        assert_eq!(window.since_chosen(), [never; 4]);
    }

    #[test]
    fn a_window_smaller_than_a_batch_holds_one_batch() {
        let mut window = Window::new(4, 1);
        window.push(&[0, 1]);
        window.push(&[2, 2]);
        assert_eq!((window.usage().used, window.usage().tokens), (1, 2));
    }
}
