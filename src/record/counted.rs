//! Codes in use by each meaning of the words.

use serde::{Deserialize, Serialize};

use crate::record::judgement::Rule;
use crate::record::usage::Usage;

/// Tokens of [`Rule::Newest`].
pub const NEWEST: usize = 65_536;

/// Decay of the averages of [`Rule::Average`].
pub const DECAY: f64 = 0.99;

/// Parts of the fair share N/K from which a code is in use by [`Rule::Average`] and [`Rule::Batch`].
pub const OF_AVERAGE: f64 = 0.08;
/// The same of one batch.
pub const OF_BATCH: f64 = 0.01;

/// Codes in use by one meaning of the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InUse {
    /// Codes.
    pub used: usize,
    /// Tokens by which they were, where their number is known; averages have none.
    #[serde(default)]
    pub tokens: Option<usize>,
}

impl InUse {
    /// What some tokens used.
    pub fn of(usage: &Usage) -> Self {
        Self { used: usage.used, tokens: Some(usage.tokens) }
    }
}

/// Codes in use by each meaning of the words; none where it cannot be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ByRule {
    seen: Option<InUse>,
    newest: Option<InUse>,
    average: Option<InUse>,
    batch: Option<InUse>,
    distinct: Option<InUse>,
}

impl ByRule {
    /// By one of them.
    pub fn get(&self, rule: Rule) -> Option<InUse> {
        match rule {
            Rule::Seen => self.seen,
            Rule::Newest => self.newest,
            Rule::Average => self.average,
            Rule::Batch => self.batch,
            Rule::Distinct => self.distinct,
        }
    }

    /// The same with another answer to one of them.
    pub fn with(mut self, rule: Rule, answer: Option<InUse>) -> Self {
        let place = match rule {
            Rule::Seen => &mut self.seen,
            Rule::Newest => &mut self.newest,
            Rule::Average => &mut self.average,
            Rule::Batch => &mut self.batch,
            Rule::Distinct => &mut self.distinct,
        };
        *place = answer;
        self
    }
}

/// Least average of the counts of batches of so many tokens with which a code is in use by
/// [`Rule::Average`]; `size` is K.
pub fn least_average(tokens: usize, size: usize) -> f64 {
    OF_AVERAGE * tokens as f64 / size.max(1) as f64
}

/// Least count of a batch of so many tokens with which a code is in use by [`Rule::Batch`].
pub fn least_of_batch(tokens: usize, size: usize) -> f64 {
    OF_BATCH * tokens as f64 / size.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_meaning_has_a_place_of_its_own_and_goes_around() {
        let mut all = ByRule::default();
        for (used, rule) in Rule::ALL.into_iter().enumerate() {
            all = all.with(rule, Some(InUse { used, tokens: (used > 2).then_some(9) }));
        }
        for (used, rule) in Rule::ALL.into_iter().enumerate() {
            assert_eq!(all.get(rule).unwrap().used, used);
        }
        let text = toml::to_string(&all).unwrap();
        assert_eq!(toml::from_str::<ByRule>(&text).unwrap(), all);
        assert_eq!(toml::from_str::<ByRule>("").unwrap(), ByRule::default());
    }
}
