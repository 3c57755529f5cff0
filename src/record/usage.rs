//! How many codes are used, and how evenly.

use serde::{Deserialize, Serialize};

use crate::text::{count, fine_percent};

/// How many of K codes some tokens used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Codes used at least once.
    pub used: usize,
    /// Tokens counted; 0 where the numbers are not of tokens ([`CountedIn`]).
    pub tokens: usize,
    /// Number of codes, K.
    pub size: usize,
    /// Perplexity of the counts, exp of the entropy; 1 to K.
    pub perplexity: f64,
}

/// What the numbers of the uses of codes are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CountedIn {
    /// Tokens that chose them.
    #[default]
    Tokens,
    /// Millionths of all use: averages and shares tell no number of tokens. A code in use has at least one.
    Millionths,
    /// 1 for a code in use: flags tell no more.
    Flags,
}

/// Millionths of a whole.
pub const MILLION: f64 = 1e6;

impl CountedIn {
    /// Whether they are tokens, as of all that trains here.
    pub fn is_tokens(&self) -> bool {
        *self == Self::Tokens
    }

    /// What the numbers of all codes come to, where `usage` was counted.
    pub fn whole(self, usage: &Usage) -> f64 {
        match self {
            Self::Tokens => usage.tokens as f64,
            Self::Millionths => MILLION,
            Self::Flags => usage.used as f64,
        }
    }

    /// The number of one code as it is said: a count, a share, or whether it is in use.
    pub fn words(self, number: u32) -> String {
        match (self, number) {
            // Rounded up.
            (Self::Millionths, 1) => format!("≤ {}", fine_percent(1.0 / MILLION)),
            (Self::Millionths, _) => fine_percent(f64::from(number) / MILLION),
            _ => count(u64::from(number)),
        }
    }
}

impl Usage {
    /// Share of codes used, 0 to 1.
    pub fn share(&self) -> f64 {
        if self.size == 0 { 0.0 } else { self.used as f64 / self.size as f64 }
    }

    /// Expected share if every code were equally likely: 1-(1-1/K)^N.
    pub fn ceiling(&self) -> f64 {
        sampling_ceiling(self.size, self.tokens)
    }
}

/// Expected share of K equally likely codes that N tokens hit at least once: 1-(1-1/K)^N.
///
/// `size` is K, `tokens` is N. 0 when K is 0. Computed as -expm1(N·ln(1-1/K)), which stays exact
/// for large K.
pub fn sampling_ceiling(size: usize, tokens: usize) -> f64 {
    match size {
        0 => 0.0,
        1 => f64::from(u8::from(tokens > 0)),
        _ => -(tokens as f64 * (-1.0 / size as f64).ln_1p()).exp_m1(),
    }
}

/// Perplexity of code use, exp(-Σ p ln p) over the codes with p > 0; 1 to K, and 0 without a
/// token.
///
/// The usual definition (van den Oord et al. 2017 in its Sonnet implementation) adds 1e-10 inside
/// the logarithm; terms with p = 0 are left out here instead, which is its limit.
pub fn perplexity(counts: &[u32]) -> f64 {
    let total: u64 = counts.iter().map(|&n| u64::from(n)).sum();
    if total == 0 {
        return 0.0;
    }
    let entropy: f64 = counts
        .iter()
        .filter(|&&n| n > 0)
        .map(|&n| {
            let p = f64::from(n) / total as f64;
            -p * p.ln()
        })
        .sum();
    entropy.exp()
}

/// Number of codes with a count of at least one.
pub fn used(counts: &[u32]) -> usize {
    counts.iter().filter(|&&n| n > 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ceiling_of_as_many_tokens_as_codes_is_near_63_percent() {
        // 1-(1-1/512)^512 = 0.632480..., from Python's decimal module.
        assert!((sampling_ceiling(512, 512) - 0.632_480_108_745_5).abs() < 1e-9);
        assert!((sampling_ceiling(262_144, 262_144) - 0.632_121_260_503_8).abs() < 1e-9);
        assert_eq!(sampling_ceiling(1, 5), 1.0);
        assert_eq!(sampling_ceiling(512, 0), 0.0);
        assert_eq!(sampling_ceiling(0, 10), 0.0);
    }

    #[test]
    fn numbers_of_codes_are_said_as_what_they_are() {
        let usage = Usage { used: 3, tokens: 40, size: 8, perplexity: 2.5 };
        let all = [CountedIn::Tokens, CountedIn::Millionths, CountedIn::Flags];
        assert_eq!(all.map(|unit| unit.whole(&usage)), [40.0, 1e6, 3.0]);
        assert_eq!(all.map(|unit| unit.words(1950)), ["1,950", "0.195 %", "1,950"]);
        assert_eq!(CountedIn::Millionths.words(200_000), "20 %");
        assert_eq!(CountedIn::Millionths.words(1), "≤ 0.0001 %");
        assert_eq!(CountedIn::Millionths.words(0), "0 %");
    }

    #[test]
    fn perplexity_counts_equally_used_codes() {
        assert!((perplexity(&[3; 64]) - 64.0).abs() < 1e-9);
        assert!((perplexity(&[0, 9, 0]) - 1.0).abs() < 1e-12);
        // exp(-(.5 ln .5 + .25 ln .25 + .25 ln .25)) = 2^1.5
        assert!((perplexity(&[2, 1, 1, 0]) - 2.828_427_124_746_19).abs() < 1e-9);
        assert_eq!(perplexity(&[0, 0]), 0.0);
    }
}
