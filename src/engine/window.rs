//! Code use over a sliding window of training tokens, and what is counted beside it.

use std::collections::VecDeque;

use crate::engine::counted::{BatchAverages, Newest};
use crate::record::counted::{ByRule, InUse, least_of_batch};
use crate::record::judgement::Rule;
use crate::record::metric::Evaluation;
use crate::record::usage;
use crate::record::usage::Usage;

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
    last_step: u64,
    newest: Newest,
    averages: BatchAverages,
    /// Codes of the newest batch with at least their part of the fair share.
    fair: usize,
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
            last_step: 0,
            newest: Newest::default(),
            averages: BatchAverages::default(),
            fair: 0,
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
    /// as it is. Batches have `tokens` tokens; the steps at which codes were chosen first are known.
    pub fn set_chosen_at(&mut self, step: u64, chosen_at: Vec<u32>, tokens: usize) {
        self.last_step = step;
        if !chosen_at.is_empty() {
            self.chosen_at = chosen_at;
        }
        self.newest = Newest::of(&self.chosen_at, &self.first_chosen_at, step, tokens);
    }

    /// Moving averages of the counts of batches, K or none, and of how many batches they are.
    pub fn averages(&self) -> (&[f32], u64) {
        self.averages.parts()
    }

    /// Goes back to saved [`Self::averages`] of batches of `tokens` tokens; where an earlier version
    /// saved the run, they begin anew.
    pub fn set_averages(&mut self, means: Vec<f32>, batches: u64, tokens: usize) {
        if !means.is_empty() && batches > 0 {
            self.averages = BatchAverages::of(means, batches, tokens);
        }
    }

    /// Codes in use by the newest 65,536 tokens, rounded up to whole batches; none before the first.
    pub fn newest(&self) -> Option<InUse> {
        self.newest.in_use()
    }

    /// Codes in use by the moving averages of the counts of batches.
    pub fn average(&self) -> Option<InUse> {
        self.averages.in_use()
    }

    /// Codes with at least a hundredth of the fair share of the newest batch.
    pub fn fair(&self) -> Option<InUse> {
        let tokens = self.batch.tokens;
        (tokens > 0).then_some(InUse { used: self.fair, tokens: Some(tokens) })
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
            at => self.last_step.saturating_sub(u64::from(at)) as f32,
        };
        self.chosen_at.iter().map(since).collect()
    }

    /// Adds the batch of a step, as [`Self::push`] does.
    pub fn push_step(&mut self, step: u64, index: &[i32]) {
        let counts = self.push(index);
        self.last_step = step;
        if !counts.is_empty() {
            let before = counts.iter().map(|&(code, _)| u64::from(self.chosen_at[code]));
            self.newest.push(step, index.len(), before);
            self.averages.push(self.counts.len(), index.len(), &counts);
        }
        // Steps fit by far: see `MOST_STEPS`.
        for (code, _) in counts {
            self.chosen_at[code] = step as u32;
            if let Some(first) = self.first_chosen_at.get_mut(code)
                && *first == 0
            {
                *first = step as u32;
            }
        }
    }

    /// Adds a batch and lets the oldest go once the rest fills the window; the codes of the batch with
    /// their uses.
    pub fn push(&mut self, index: &[i32]) -> Vec<(usize, u32)> {
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
        let of_batch: Vec<(usize, u32)> =
            used.into_iter().map(|code| (code, std::mem::take(&mut self.scratch[code]))).collect();
        let least = least_of_batch(index.len(), size);
        self.fair = of_batch.iter().filter(|&&(_, n)| f64::from(n) >= least).count();
        // Sorted, so that the sum of the entropy does not depend on the order of the tokens.
        let mut uses: Vec<u32> = of_batch.iter().map(|&(_, n)| n).collect();
        uses.sort_unstable();
        self.batch = Usage {
            used: of_batch.len(),
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
        of_batch
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

    /// The same as [`Self::usage`] with the perplexity.
    pub fn whole_usage(&self) -> Usage {
        Usage { perplexity: usage::perplexity(&self.counts), ..self.usage() }
    }

    /// Codes in use by each meaning of the words; those of the full set are of this evaluation.
    pub fn by_rule(&self, eval: Option<&Evaluation>) -> ByRule {
        let batch = Some(InUse::of(&self.batch)).filter(|_| self.batch.tokens > 0);
        ByRule::default()
            .with(Rule::Seen, eval.map(|eval| InUse::of(&eval.usage)))
            .with(Rule::Newest, self.newest())
            .with(Rule::Average, self.average())
            .with(Rule::Batch, self.fair())
            .with(Rule::Distinct, batch)
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
        (0..1000).for_each(|_| drop(window.push(&[])));
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
        again.set_chosen_at(6, window.chosen_at().to_vec(), 2);
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

    #[test]
    fn use_by_other_meanings_goes_on_after_a_save() {
        // 100 a code: a hundredth of the fair share is one use.
        let batch = |step: u64| -> Vec<i32> {
            (0..400_u64).map(|i| if i == 0 { 3 } else { (i * step % 3) as i32 }).collect()
        };
        let mut window = Window::new(4, 800);
        assert_eq!((window.newest(), window.average(), window.fair()), (None, None, None));
        // A warm-up chooses nothing.
        window.push_step(1, &[]);
        assert_eq!((window.newest(), window.average(), window.fair()), (None, None, None));
        (2..=9).for_each(|step| window.push_step(step, &batch(step)));
        let used = |found: Option<InUse>| found.map(|found| found.used);
        let all = |w: &Window| [used(w.newest()), used(w.average()), used(w.fair())];
        // Code 3 has one of 400 tokens: 1 of a fair share of 100, and less than 8.
        assert_eq!(all(&window), [Some(4), Some(3), Some(2)]);
        assert_eq!(window.newest().unwrap().tokens, Some(3200));
        let mut again = Window::new(4, 800);
        window.batches().for_each(|batch| drop(again.push(batch)));
        again.set_first_chosen_at(window.first_chosen_at().to_vec());
        again.set_chosen_at(9, window.chosen_at().to_vec(), 400);
        let (means, batches) = window.averages();
        again.set_averages(means.to_vec(), batches, 400);
        assert_eq!((all(&again), again.newest()), (all(&window), window.newest()));
        for step in 10..300 {
            window.push_step(step, &batch(step));
            again.push_step(step, &batch(step));
            assert_eq!((all(&again), again.newest()), (all(&window), window.newest()));
            assert_eq!(again.averages(), window.averages());
        }
        window.clear();
        assert_eq!((window.newest(), window.average(), window.fair()), (None, None, None));
    }
}
