//! Codes in use by two meanings of the words that take more tokens than the sliding window holds.

use std::collections::VecDeque;

use crate::record::counted::{DECAY, InUse, NEWEST, least_average};

/// A batch among the newest tokens.
struct Batch {
    step: u64,
    tokens: usize,
    /// Codes that were chosen last by it.
    last: usize,
}

/// Distinct codes of the newest 65,536 tokens, rounded up to whole batches.
#[derive(Default)]
pub struct Newest {
    batches: VecDeque<Batch>,
    tokens: usize,
    used: usize,
}

impl Newest {
    /// The batches of `tokens` tokens each up to `step`, of codes that were chosen last and first at
    /// these steps, 0 where they never were.
    pub fn of(chosen_at: &[u32], first_chosen_at: &[u32], step: u64, tokens: usize) -> Self {
        let mut own = Self::default();
        let known = if first_chosen_at.is_empty() { chosen_at } else { first_chosen_at };
        let Some(first) = known.iter().copied().filter(|&at| at > 0).min() else { return own };
        if tokens == 0 {
            return own;
        }
        let from = (step + 1).saturating_sub(NEWEST.div_ceil(tokens) as u64).max(u64::from(first));
        own.batches = (from..=step).map(|step| Batch { step, tokens, last: 0 }).collect();
        own.tokens = tokens * own.batches.len();
        for &at in chosen_at {
            if let Some(batch) = own.batch_of(u64::from(at)) {
                batch.last += 1;
                own.used += 1;
            }
        }
        own
    }

    fn batch_of(&mut self, step: u64) -> Option<&mut Batch> {
        let at = self.batches.binary_search_by_key(&step, |batch| batch.step).ok()?;
        self.batches.get_mut(at)
    }

    /// Takes the batch of a step, later than those before it, into account; a code that it chose was
    /// chosen last at each of the steps `before`, 0 where it never was.
    pub fn push(&mut self, step: u64, tokens: usize, before: impl Iterator<Item = u64>) {
        let mut last = 0;
        for before in before {
            last += 1;
            match self.batch_of(before) {
                Some(batch) => batch.last -= 1,
                None => self.used += 1,
            }
        }
        self.batches.push_back(Batch { step, tokens, last });
        self.tokens += tokens;
        while let Some(oldest) = self.batches.front()
            && self.tokens - oldest.tokens >= NEWEST
        {
            self.tokens -= oldest.tokens;
            self.used -= oldest.last;
            self.batches.pop_front();
        }
    }

    /// Codes in use; none before the first token.
    pub fn in_use(&self) -> Option<InUse> {
        (self.tokens > 0).then_some(InUse { used: self.used, tokens: Some(self.tokens) })
    }
}

/// Moving averages of the counts of batches, of which each weighs .99 of the one after it; of few
/// batches they are the mean with these weights, so that nothing is left of a start.
#[derive(Default)]
pub struct BatchAverages {
    /// One a code, K; empty before the first batch.
    means: Vec<f32>,
    batches: u64,
    used: usize,
}

impl BatchAverages {
    /// Those of a save after so many batches of `tokens` tokens.
    pub fn of(means: Vec<f32>, batches: u64, tokens: usize) -> Self {
        let least = least_average(tokens, means.len()) as f32;
        let used = means.iter().filter(|&&mean| mean >= least).count();
        Self { means, batches, used }
    }

    /// Takes a batch of `tokens` tokens into account that chose codes so often each, of `size` in all.
    pub fn push(&mut self, size: usize, tokens: usize, counts: &[(usize, u32)]) {
        self.batches += 1;
        self.means.resize(size, 0.0);
        let steps = i32::try_from(self.batches).unwrap_or(i32::MAX);
        let pull = ((1.0 - DECAY) / (1.0 - DECAY.powi(steps))) as f32;
        let least = least_average(tokens, size) as f32;
        self.used = 0;
        for mean in &mut self.means {
            *mean -= *mean * pull;
            self.used += usize::from(*mean >= least);
        }
        for &(code, count) in counts {
            let mean = &mut self.means[code];
            let was = *mean >= least;
            *mean += pull * count as f32;
            self.used += usize::from(!was && *mean >= least);
        }
    }

    /// Codes in use; none before the first batch.
    pub fn in_use(&self) -> Option<InUse> {
        (self.batches > 0).then_some(InUse { used: self.used, tokens: None })
    }

    /// The averages, K, and of how many batches they are.
    pub fn parts(&self) -> (&[f32], u64) {
        (&self.means, self.batches)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The batch of a step: 1,024 tokens, of which each code of 64 gets what is left of the others.
    fn batch(step: u64) -> Vec<(usize, u32)> {
        let mut counts = [0_u32; 64];
        for token in 0..1024_u64 {
            // Codes 0 to 15 by turns; one of the others in every 16th batch.
            let rare = step.is_multiple_of(16) && token < 200;
            let code = if rare { 16 + step / 16 % 48 } else { token * (step + 7) % 16 };
            counts[code as usize] += 1;
        }
        let counts = counts.into_iter().enumerate();
        counts.filter(|(_, n)| *n > 0).collect()
    }

    #[test]
    fn averages_are_those_of_a_computation_elsewhere() {
        let mut averages = BatchAverages::default();
        assert_eq!(averages.in_use(), None);
        let mut used = Vec::new();
        for step in 1..=400 {
            averages.push(64, 1024, &batch(step));
            used.push(averages.in_use().unwrap().used);
        }
        // Python, in 64 bits, of the same batches: m += (n - m) * .01/(1 - .99**t), m >= .08*1024/64.
        assert_eq!([0, 1, 2, 7, 15, 63, 399].map(|i| used[i]), [2, 16, 16, 16, 17, 20, 19]);
        let total: f64 = averages.parts().0.iter().map(|&m| f64::from(m)).sum();
        assert!((total - 1024.0).abs() < 1e-2, "{total}");
        let all =
            [(0, 189.495_70), (1, 31.285_632), (16, 0.0), (17, 0.042_934_99), (41, 2.036_557_3)];
        for (code, mean) in all {
            let own = f64::from(averages.parts().0[code]);
            assert!((own - mean).abs() <= 1e-4 * mean, "{code}: {own}");
        }
        // What was saved goes on as if nothing had been.
        let (means, batches) = averages.parts();
        let mut again = BatchAverages::of(means.to_vec(), batches, 1024);
        assert_eq!(again.in_use(), averages.in_use());
        again.push(64, 1024, &batch(401));
        averages.push(64, 1024, &batch(401));
        assert_eq!(again.parts(), averages.parts());
        assert_eq!(again.in_use(), averages.in_use());
    }

    #[test]
    fn the_newest_tokens_are_counted_over_whole_batches_and_come_back() {
        let mut chosen_at = [0_u32; 64];
        let mut first = [0_u32; 64];
        let mut newest = Newest::default();
        assert_eq!(newest.in_use(), None);
        // 64 batches hold 65,536 tokens.
        for step in 3..=500_u64 {
            let counts = batch(step);
            newest.push(step, 1024, counts.iter().map(|&(code, _)| u64::from(chosen_at[code])));
            for (code, _) in counts {
                chosen_at[code] = step as u32;
                first[code] = if first[code] == 0 { step as u32 } else { first[code] };
            }
            let oldest = step.saturating_sub(63).max(3) as u32;
            let used = chosen_at.iter().filter(|&&at| at >= oldest).count();
            let tokens = Some(1024 * (step as usize - oldest as usize + 1));
            assert_eq!(newest.in_use(), Some(InUse { used, tokens }), "{step}");
            let again = Newest::of(&chosen_at, &first, step, 1024);
            assert_eq!(again.in_use(), newest.in_use());
        }
        let mut again = Newest::of(&chosen_at, &first, 500, 1024);
        let before = || batch(501).into_iter().map(|(code, _)| u64::from(chosen_at[code]));
        newest.push(501, 1024, before());
        again.push(501, 1024, before());
        assert_eq!(again.in_use(), newest.in_use());
    }

    #[test]
    fn one_batch_of_more_tokens_is_the_newest_alone() {
        let mut newest = Newest::default();
        newest.push(1, 100_000, [0, 0, 0].into_iter());
        newest.push(2, 100_000, [1].into_iter());
        assert_eq!(newest.in_use(), Some(InUse { used: 1, tokens: Some(100_000) }));
    }
}
