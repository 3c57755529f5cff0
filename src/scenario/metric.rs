//! Metrics that an expectation can name: the same words as in `metrics.csv` and `summary.json`.

use serde::{Deserialize, Serialize};

/// Makes the metrics and the list of their words.
macro_rules! metrics {
    ($($(#[$doc:meta])* $metric:ident = $word:literal,)*) => {
        /// Metrics that an expectation can name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum Metric {
            $($(#[$doc])* #[serde(rename = $word)] $metric,)*
        }

        impl Metric {
            /// Every metric.
            pub const ALL: &[Self] = &[$(Self::$metric,)*];

            /// Their words.
            pub const WORDS: &[&str] = &[$($word,)*];

            /// Its word in files.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$metric => $word,)*
                }
            }
        }
    };
}

metrics! {
    /// Share of codes used on the full evaluation set, 0 to 1.
    Utilization = "utilization",
    /// Share of codes used in the final count over many held-out tokens, 0 to 1; at "end" only.
    FinalUtilization = "final_utilization",
    /// Share of codes used in the sliding window of training tokens, 0 to 1.
    UtilizationWindow = "utilization_window",
    /// Share of codes used in this step's batch, 0 to 1.
    UtilizationBatch = "utilization_batch",
    /// Share of codes used by the newest 65,536 training tokens, 0 to 1.
    UtilizationNewest = "utilization_newest_65536",
    /// Share of codes whose moving average (.99) of the counts of batches is at least .08·N/K, 0 to 1.
    UtilizationAverage = "utilization_average_08",
    /// Share of codes with at least .01·N/K of this step's batch, 0 to 1.
    UtilizationFair = "utilization_batch_01",
    /// Perplexity of code use on the evaluation set, 1 to K.
    Perplexity = "perplexity",
    /// Codes never used on the evaluation set.
    DeadCodes = "dead_codes",
    /// Mean squared error per pixel on the evaluation set.
    ReconMse = "recon_mse",
    /// Peak signal-to-noise ratio of that error, in dB.
    Psnr = "psnr",
    /// Quantization error relative to the variance of the encodings.
    QuantError = "quant_error",
    /// Effective rank of W.
    EffectiveRankW = "effective_rank_w",
    /// Effective rank of E.
    EffectiveRankE = "effective_rank_e",
    /// Dimensions that hold 90 % of the variance of E.
    Dimensions90E = "dimensions_90_e",
    /// Dimensions that hold 99 % of the variance of E.
    Dimensions99E = "dimensions_99_e",
    /// Share of codes that moved in the step of the evaluation, 0 to 1.
    Moved = "moved",
}

impl Metric {
    /// Whether it is a share of the codes, 0 to 1.
    pub fn is_share(self) -> bool {
        matches!(
            self,
            Self::Utilization
                | Self::FinalUtilization
                | Self::UtilizationWindow
                | Self::UtilizationBatch
                | Self::UtilizationNewest
                | Self::UtilizationAverage
                | Self::UtilizationFair
                | Self::Moved
        )
    }

    /// Whether it takes an evaluation; the window and the batch are counted at every step, and the
    /// final count is a count of its own.
    pub fn is_of_full_set(self) -> bool {
        !matches!(
            self,
            Self::UtilizationWindow
                | Self::UtilizationBatch
                | Self::UtilizationNewest
                | Self::UtilizationAverage
                | Self::UtilizationFair
                | Self::FinalUtilization
        )
    }
}
