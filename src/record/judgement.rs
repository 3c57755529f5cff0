//! Whether a utilization is good: a sentence of judgement, and what "in use" means.

use serde::{Deserialize, Serialize};

use crate::record::usage::sampling_ceiling;
use crate::text::percent;
use crate::words;

/// Tokens a code below which nothing can be told.
pub const FEW_TOKENS: usize = 10;

/// Share of what so many tokens can show at most from which use is all of it.
pub const NEARLY_ALL: f64 = 0.99;

/// Perplexity/K from which use is even.
pub const EVEN: f64 = 0.25;

/// Perplexity/K from which use is uneven rather than concentrated.
pub const UNEVEN: f64 = 0.05;

/// Share of the codes in use below which a codebook has collapsed, of more than ten codes.
pub const FEW: f64 = 0.10;

/// Number of codes up to which a collapse is that one code alone is in use.
pub const FEW_CODES: usize = 10;

/// Share of what tokens could show of so many codes, below which these have collapsed: fewer than two of up
/// to ten codes, a tenth of more.
pub fn few(size: usize) -> f64 {
    if size <= FEW_CODES { 2.0 / size.max(1) as f64 } else { FEW }
}

/// Number of codes up to which few codes in use are told in a sentence and raise no flag.
pub const SMALL: usize = 64;

/// Share of what so many tokens can show below which codes of a small codebook in use are few.
pub const FEW_OF_SMALL: f64 = 0.6;

/// What there is to say of a small codebook of which few codes are in use: that need be no collapse.
/// None of one that is larger, of which more is used, or which has collapsed.
pub fn few_of_small(used: usize, size: usize, tokens: Option<usize>) -> Option<String> {
    let ceiling = tokens.map_or(1.0, |tokens| sampling_ceiling(size, tokens));
    let share = used as f64 / size.max(1) as f64;
    let is_few = share >= few(size) && size <= SMALL && share < FEW_OF_SMALL * ceiling;
    is_few.then(|| {
        words!(
            "judgement-few-of-small",
            used = used,
            size = size,
            share = percent(FEW_OF_SMALL),
            ceiling = percent(ceiling)
        )
    })
}

/// What the use of a codebook says.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Judgement {
    /// One code is in use.
    TotalCollapse,
    /// Fewer than ten tokens a code were counted.
    TooFewTokens {
        /// The share of the codes that so many tokens can show at most.
        ceiling: f64,
    },
    /// Use is at least 99 % of what so many tokens can show.
    AllThatCanShow {
        /// The share of the codes that so many tokens can show at most.
        ceiling: f64,
    },
    /// Perplexity is at least a quarter of K.
    Even,
    /// It is at least a twentieth.
    Uneven,
    /// It is less.
    Concentrated,
}

impl Judgement {
    /// The first that applies to `used` of `size` codes with this perplexity; `tokens` were counted,
    /// where their number is known. None where the perplexity would say it and is not a number: flags tell
    /// which codes are in use, and not how evenly.
    pub fn of(used: usize, size: usize, perplexity: f64, tokens: Option<usize>) -> Option<Self> {
        let ceiling = tokens.map(|tokens| sampling_ceiling(size, tokens));
        let share = used as f64 / size.max(1) as f64;
        Some(match (tokens, ceiling) {
            _ if used <= 1 && size > 1 => Self::TotalCollapse,
            (Some(tokens), Some(ceiling)) if tokens < FEW_TOKENS.saturating_mul(size) => {
                Self::TooFewTokens { ceiling }
            }
            (_, Some(ceiling)) if share >= NEARLY_ALL * ceiling => Self::AllThatCanShow { ceiling },
            _ if perplexity.is_nan() => return None,
            _ if perplexity >= EVEN * size as f64 => Self::Even,
            _ if perplexity >= UNEVEN * size as f64 => Self::Uneven,
            _ => Self::Concentrated,
        })
    }

    /// The judgement in words.
    pub fn sentence(self) -> String {
        match self {
            Self::TotalCollapse => words!("judgement-total-collapse").into(),
            Self::TooFewTokens { ceiling } => {
                words!("judgement-too-few-tokens", share = percent(ceiling))
            }
            Self::AllThatCanShow { .. } => words!("judgement-all-that-can-show").into(),
            Self::Even => words!("judgement-even").into(),
            Self::Uneven => words!("judgement-uneven").into(),
            Self::Concentrated => words!("judgement-concentrated").into(),
        }
    }

    /// The same in a word, for a line.
    pub fn name(self) -> &'static str {
        match self {
            Self::TotalCollapse => words!("judgement-name-total-collapse"),
            Self::TooFewTokens { .. } => words!("judgement-name-too-few-tokens"),
            Self::AllThatCanShow { .. } => words!("judgement-name-all-that-can-show"),
            Self::Even => words!("judgement-name-even"),
            Self::Uneven => words!("judgement-name-uneven"),
            Self::Concentrated => words!("judgement-name-concentrated"),
        }
    }

    /// From which bound on it is so.
    pub fn bound(self) -> &'static str {
        match self {
            Self::TotalCollapse => words!("judgement-bound-total-collapse"),
            Self::TooFewTokens { .. } => words!("judgement-bound-too-few-tokens"),
            Self::AllThatCanShow { .. } => words!("judgement-bound-all-that-can-show"),
            Self::Even => words!("judgement-bound-even"),
            Self::Uneven => words!("judgement-bound-uneven"),
            Self::Concentrated => words!("judgement-bound-concentrated"),
        }
    }
}

/// What "in use" means: public code has five answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Chosen at least once by all counted tokens (SimVQ: the whole validation set).
    Seen,
    /// Distinct among the newest 65,536 tokens (LlamaGen, FVQ).
    Newest,
    /// A moving average (.99) of the counts of batches of at least .08·N/K (VAR).
    Average,
    /// At least .01·N/K of one batch (UniTok).
    Batch,
    /// Chosen at least once by one batch (examples of libraries).
    Distinct,
}

impl Rule {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Seen, Self::Newest, Self::Average, Self::Batch, Self::Distinct];

    /// The word for it in JSON and in bounds.
    pub fn name(self) -> &'static str {
        match self {
            Self::Seen => "seen",
            Self::Newest => "newest_65536",
            Self::Average => "average_08",
            Self::Batch => "batch_01",
            Self::Distinct => "batch_distinct",
        }
    }

    /// What it counts.
    pub fn words(self) -> &'static str {
        match self {
            Self::Seen => words!("rule-seen"),
            Self::Newest => words!("rule-newest"),
            Self::Average => words!("rule-average"),
            Self::Batch => words!("rule-batch"),
            Self::Distinct => words!("rule-distinct"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_codes_of_a_small_codebook_are_worth_a_sentence() {
        // SimVQ uses 4 of 8, of which 320 tokens can show all: less than 60 %.
        assert!(few_of_small(4, 8, Some(320)).unwrap().contains("4 of 8"));
        assert_eq!(few_of_small(5, 8, Some(320)), None);
        // 1-(1-1/64)^32 = 39.6 % is the ceiling of 32 tokens (Python): 15 codes are 59 % of it, 16 are 63 %.
        assert!(few_of_small(15, 64, Some(32)).is_some());
        assert_eq!(few_of_small(16, 64, Some(32)), None);
        // One code is a collapse, and more than 64 codes have flags.
        assert_eq!(few_of_small(1, 8, Some(320)), None);
        assert_eq!((few_of_small(6, 64, None), few_of_small(7, 64, None).is_some()), (None, true));
        assert_eq!(few_of_small(20, 65, Some(6500)), None);
    }

    #[test]
    fn the_first_judgement_that_applies_is_taken() {
        let name =
            |used, size, perplexity, tokens| match Judgement::of(used, size, perplexity, tokens)
                .unwrap()
            {
                Judgement::TotalCollapse => "collapse",
                Judgement::TooFewTokens { .. } => "few",
                Judgement::AllThatCanShow { .. } => "all",
                Judgement::Even => "even",
                Judgement::Uneven => "uneven",
                Judgement::Concentrated => "concentrated",
            };
        assert_eq!(name(1, 512, 1.0, Some(100)), "collapse");
        assert_eq!(name(1, 512, 1.0, None), "collapse");
        assert_eq!(name(60, 512, 50.0, Some(100)), "few");
        assert_eq!(name(60, 512, 50.0, Some(5119)), "few");
        assert_eq!(name(512, 512, 50.0, Some(5120)), "all");
        assert_eq!(name(500, 512, 128.0, Some(51_200)), "even");
        assert_eq!(name(500, 512, 127.9, Some(51_200)), "uneven");
        assert_eq!(name(500, 512, 25.6, None), "uneven");
        assert_eq!(name(500, 512, 25.5, None), "concentrated");
        // A ring of 65,536 draws cannot show more of 16,384 codes than 98.2 %.
        let Some(Judgement::TooFewTokens { ceiling }) =
            Judgement::of(16_000, 16_384, 1e4, Some(65_536))
        else {
            panic!("4 tokens a code")
        };
        assert!((ceiling - 0.981_7).abs() < 1e-3, "{ceiling}");
    }

    #[test]
    fn flags_tell_a_collapse_and_not_how_even_use_is() {
        assert_eq!(Judgement::of(60, 64, f64::NAN, None), None);
        assert_eq!(Judgement::of(1, 64, f64::NAN, None), Some(Judgement::TotalCollapse));
    }
}
