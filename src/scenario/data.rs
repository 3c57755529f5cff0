//! Where the samples come from.

use serde::{Deserialize, Serialize};

use crate::scenario::is_usual;
use crate::words;

/// The set of samples and how much of it is held out for evaluation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Data {
    /// Name of a set.
    pub set: DataSet,
    /// Tokens in the full evaluation set, at most as many as the held-out part gives.
    pub eval_tokens: usize,
    /// Tokens of the final count, distinct ones of the held-out part, at most as many as it holds;
    /// 0 for none. A large codebook must be judged on many tokens for each code.
    #[serde(skip_serializing_if = "is_usual")]
    pub final_tokens: usize,
    /// How far the cloud moves to the right until the scenario's last step, turning by half a turn
    /// and doubling in size on its way; at 0 it stands still.
    #[serde(skip_serializing_if = "is_usual")]
    pub drift: f64,
    /// How far to the right of the origin the cloud starts.
    #[serde(skip_serializing_if = "is_usual")]
    pub shift: f64,
}

impl Default for Data {
    fn default() -> Self {
        let (drift, shift) = (0.0, 0.0);
        Self { set: DataSet::Photos, eval_tokens: 20_480, final_tokens: 0, drift, shift }
    }
}

/// Sets of samples: embedded images, and points that are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataSet {
    /// 8x8 patches cut from nine photographs; one token a patch.
    Photos,
    /// Handwritten digits, 8x8; four tokens a digit.
    Digits,
    /// Fashion-MNIST, 28x28; sixteen tokens an article.
    Fashion,
    /// Points of the plane, normally distributed around a middle that can move; one token a point.
    Cloud,
}

/// What else of the program must know of a set: a row of one table.
struct SetFacts {
    set: DataSet,
    name: &'static str,
    sample_size: [usize; 2],
    has_pictures: bool,
    is_light_on_black: bool,
    tokens: usize,
    hidden: usize,
    hint: fn() -> &'static str,
    words: fn() -> &'static str,
}

/// All sets in the order of their variants. A new one is a variant, a row here, and a file in `data/`.
const SETS: &[SetFacts; 4] = &[
    SetFacts {
        set: DataSet::Photos,
        name: "photos",
        sample_size: [8, 8],
        has_pictures: true,
        is_light_on_black: false,
        tokens: 1,
        hidden: 128,
        hint: || words!("controls-patches-of-photographs"),
        words: || words!("report-8x8-patches-of-photographs"),
    },
    SetFacts {
        set: DataSet::Digits,
        name: "digits",
        sample_size: [8, 8],
        has_pictures: true,
        is_light_on_black: true,
        tokens: 4,
        hidden: 128,
        hint: || words!("controls-handwritten-digits"),
        words: || words!("report-handwritten-digits"),
    },
    SetFacts {
        set: DataSet::Fashion,
        name: "fashion",
        sample_size: [28, 28],
        has_pictures: true,
        is_light_on_black: true,
        tokens: 16,
        hidden: 256,
        hint: || words!("controls-articles-of-clothing"),
        words: || words!("report-pictures-of-clothing"),
    },
    SetFacts {
        set: DataSet::Cloud,
        name: "cloud",
        sample_size: [1, 2],
        has_pictures: false,
        is_light_on_black: false,
        tokens: 1,
        hidden: 128,
        hint: || words!("controls-points-of-the-plane"),
        words: || words!("report-points-of-a-cloud"),
    },
];

impl DataSet {
    /// All sets in the order of the control.
    pub const ALL: [Self; SETS.len()] = {
        let mut all = [Self::Photos; SETS.len()];
        let mut at = 0;
        while at < all.len() {
            all[at] = SETS[at].set;
            at += 1;
        }
        all
    };

    /// Their words in the scenario file.
    pub const NAMES: [&'static str; SETS.len()] = {
        let mut names = [""; SETS.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = SETS[at].name;
            at += 1;
        }
        names
    };

    fn facts(self) -> &'static SetFacts {
        &SETS[self as usize]
    }

    /// The word in the scenario file.
    pub fn name(self) -> &'static str {
        self.facts().name
    }

    /// Numbers of one sample: height and width of a picture.
    pub fn sample_size(self) -> [usize; 2] {
        self.facts().sample_size
    }

    /// Whether samples make pictures for the eye.
    pub fn has_pictures(self) -> bool {
        self.facts().has_pictures
    }

    /// Whether what a sample shows is light on a black ground.
    pub fn is_light_on_black(self) -> bool {
        self.facts().is_light_on_black
    }

    /// Tokens of one sample when the scenario names none.
    pub fn default_tokens(self) -> usize {
        self.facts().tokens
    }

    /// Hidden units of a perceptron when the scenario names none.
    pub fn default_hidden(self) -> usize {
        self.facts().hidden
    }

    /// What is said of it where it is chosen.
    pub fn hint(self) -> &'static str {
        (self.facts().hint)()
    }

    /// What its samples are, in the middle of a sentence.
    pub fn words(self) -> &'static str {
        (self.facts().words)()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_set_has_its_own_row() {
        for (at, set) in DataSet::ALL.into_iter().enumerate() {
            assert_eq!((set as usize, set.facts().set), (at, set));
            // The word by which serde reads it.
            assert_eq!(toml::Value::try_from(set).unwrap().as_str(), Some(set.name()));
        }
    }
}
