//! How many codes are used, and how evenly.

use serde::{Deserialize, Serialize};

/// How many of K codes some tokens used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    /// Codes used at least once.
    pub used: usize,
    /// Tokens counted.
    pub tokens: usize,
    /// Number of codes, K.
    pub size: usize,
    /// Perplexity of the counts, exp of the entropy; 1 to K.
    pub perplexity: f64,
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
    fn perplexity_counts_equally_used_codes() {
        assert!((perplexity(&[3; 64]) - 64.0).abs() < 1e-9);
        assert!((perplexity(&[0, 9, 0]) - 1.0).abs() < 1e-12);
        // exp(-(.5 ln .5 + .25 ln .25 + .25 ln .25)) = 2^1.5
        assert!((perplexity(&[2, 1, 1, 0]) - 2.828_427_124_746_19).abs() < 1e-9);
        assert_eq!(perplexity(&[0, 0]), 0.0);
    }
}
