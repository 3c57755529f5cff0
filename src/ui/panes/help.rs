//! What each setting of the panel is called, when it acts, and what it does: the words of its row, of
//! what stands under the pointer, and of the documents.

use crate::ui::widgets::fields::Heading;
use crate::words;

/// A row of the panel of settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A published method.
    Method,
    /// Learning rate.
    LearningRate,
    /// Weight of the commitment loss.
    Commitment,
    /// Number of codes.
    Codes,
    /// Numbers a code.
    Width,
    /// Where codes start.
    Initial,
    /// Standard deviation of that.
    Std,
    /// A grid in the place of a codebook.
    FixedCodes,
    /// Tokens a batch.
    Batch,
    /// What moves codes.
    Update,
    /// What keeps them in use.
    Upkeep,
    /// Decay of moving averages.
    Decay,
    /// Which codes are dead.
    ReviveBelow,
    /// What the encoder gets.
    Estimator,
    /// Weight of the entropy penalty.
    Entropy,
    /// Learning rate of C.
    CodeRate,
    /// Form of W.
    Transform,
    /// How the code is found.
    Lookup,
    /// Width of the lookup.
    Projected,
    /// Steps without quantization.
    WarmUp,
    /// Images.
    Data,
    /// Seed.
    Seed,
}

impl Row {
    /// All rows, from above.
    pub const ALL: [Self; 22] = [
        Self::Method,
        Self::LearningRate,
        Self::Commitment,
        Self::Codes,
        Self::Width,
        Self::Initial,
        Self::Std,
        Self::FixedCodes,
        Self::Batch,
        Self::Update,
        Self::Upkeep,
        Self::Decay,
        Self::ReviveBelow,
        Self::Estimator,
        Self::Entropy,
        Self::CodeRate,
        Self::Transform,
        Self::Lookup,
        Self::Projected,
        Self::WarmUp,
        Self::Data,
        Self::Seed,
    ];

    /// The key by which pages of the tour name it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::LearningRate => "learning-rate",
            Self::Commitment => "commitment",
            Self::Codes => "codes-k",
            Self::Width => "width-d",
            Self::Initial => "initial-c",
            Self::Std => "std-of-c",
            Self::FixedCodes => "fixed-codes",
            Self::Batch => "batch-tokens",
            Self::Update => "codes-move-by",
            Self::Upkeep => "upkeep",
            Self::Decay => "decay",
            Self::ReviveBelow => "revive-below",
            Self::Estimator => "estimator",
            Self::Entropy => "entropy",
            Self::CodeRate => "rate-of-c",
            Self::Transform => "form-of-w",
            Self::Lookup => "nearest-by",
            Self::Projected => "projected",
            Self::WarmUp => "warm-up",
            Self::Data => "data",
            Self::Seed => "seed",
        }
    }

    /// Its name, when it acts, and what it does.
    pub fn label(self) -> Heading {
        let (name, is_live, help) = match self {
            Self::Method => (words!("setting-method"), false, words!("help-method")),
            Self::LearningRate => {
                (words!("controls-learning-rate"), true, words!("help-learning-rate"))
            }
            Self::Commitment => (words!("setting-commitment"), true, words!("help-commitment")),
            Self::Codes => (words!("setting-codes"), false, words!("help-codes")),
            Self::Width => (words!("setting-width"), false, words!("help-width")),
            Self::Initial => (words!("setting-initial"), false, words!("help-initial")),
            Self::Std => (words!("controls-std-of-c"), false, words!("help-std")),
            Self::FixedCodes => (words!("method-fixed-codes"), false, words!("help-fixed-codes")),
            Self::Batch => (words!("controls-batch-tokens"), false, words!("help-batch")),
            Self::Update => (words!("method-codes-move-by"), true, words!("help-update")),
            Self::Upkeep => (words!("setting-upkeep"), true, words!("help-upkeep")),
            Self::Decay => (words!("setting-decay"), true, words!("help-decay")),
            Self::ReviveBelow => (words!("method-revive-below"), true, words!("help-revive-below")),
            Self::Estimator => (words!("method-to-the-encoder"), true, words!("help-estimator")),
            Self::Entropy => (words!("method-entropy-penalty"), true, words!("help-entropy")),
            Self::CodeRate => (words!("method-rate-of-c"), true, words!("help-code-rate")),
            Self::Transform => (words!("method-form-of-w"), false, words!("help-transform")),
            Self::Lookup => (words!("method-nearest-by"), false, words!("help-lookup")),
            Self::Projected => (words!("setting-projected"), false, words!("help-projected")),
            Self::WarmUp => (words!("setting-warm-up"), false, words!("help-warm-up")),
            Self::Data => (words!("setting-data"), false, words!("help-data")),
            Self::Seed => (words!("setting-seed"), false, words!("help-seed")),
        };
        Heading { name, is_live, help }
    }
}

/// The name under which the panel has the setting of a key of scenarios: what a story lights with
/// `control:KEY`.
pub fn of_key(key: &str) -> Option<&'static str> {
    let row = match key {
        "learn_c" | "learn_w" => return Some(words!("learn-what-learns")),
        "lr" => Row::LearningRate,
        "beta" => Row::Commitment,
        "size" => Row::Codes,
        "dim" => Row::Width,
        "update" => Row::Update,
        "upkeep" => Row::Upkeep,
        "decay" => Row::Decay,
        "revive_below" => Row::ReviveBelow,
        "entropy" => Row::Entropy,
        "estimator" => Row::Estimator,
        "c_lr" => Row::CodeRate,
        "preset" => Row::Method,
        "set" => Row::Data,
        _ => return None,
    };
    Some(row.label().name)
}

/// Every setting of the panel, for the documents: its name, whether it acts at the next step, and what
/// it does.
pub fn settings() -> Vec<(&'static str, bool, &'static str)> {
    Row::ALL.map(Row::label).map(|label| (label.name, label.is_live, label.help)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_control_that_a_story_may_light_is_there() {
        for key in crate::scenario::CONTROLS {
            assert!(of_key(key).is_some(), "{key}");
        }
        assert_eq!(of_key("steps"), None);
    }

    #[test]
    fn every_setting_is_helped_with_two_sentences_of_its_own() {
        for row in Row::ALL {
            let Heading { name, help, .. } = row.label();
            let sentences = help.matches(". ").count() + usize::from(help.ends_with('.'));
            assert_eq!(sentences, 2, "{name}: {help}");
            assert!(Row::ALL.iter().filter(|other| other.label().help == help).count() == 1);
        }
    }
}
