//! What was read of a file that another program wrote: which codes, how their use was counted, and
//! what follows from it.

use serde::{Deserialize, Serialize};

use crate::record::judgement::{Judgement, Rule, few_of_small};
use crate::text::{count, percent, shown};
use crate::words;

/// A codebook of a file and its use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The file's name, as it can be shown.
    pub file: String,
    /// Number of codes, K.
    pub size: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// Which of several codebooks it is, from 0.
    pub level: usize,
    /// How many the file holds.
    pub levels: usize,
    /// How the model looks for a code.
    pub lookup: Lookup,
    /// How that is known.
    pub known: Known,
    /// How use was counted.
    pub counts: Counts,
    /// Codes in use; 0 where that is not known.
    pub used: usize,
    /// Tokens counted, where their number is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tokens: Option<usize>,
    /// What their use says, where it is known.
    pub judgement: Option<Judgement>,
    /// Codes in use by each meaning of the words that the file can answer.
    pub by_rule: Vec<(Rule, usize)>,
    /// Every codebook of the file, where there are several.
    pub table: Vec<LevelUse>,
    /// Tuples of their codes, where the file holds indices of all of them.
    pub tuples: Option<Tuples>,
    /// How many codes are not finite numbers, and the first of them.
    pub broken: (usize, Vec<usize>),
    /// What should be said of the choice of arrays.
    pub notes: Vec<Note>,
}

/// Use of one of several codebooks.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LevelUse {
    /// What names it.
    pub name: String,
    /// K.
    pub size: usize,
    /// Codes in use, where that is known.
    pub used: Option<usize>,
    /// exp of the entropy of use.
    pub perplexity: Option<f64>,
    /// Mean length of what is left of the file's encoder outputs after it.
    pub residual: Option<f64>,
    /// How its use was counted, or why it is not known.
    pub counts: Counts,
    /// How the model looks for one of its codes.
    pub lookup: Lookup,
    /// How that is known.
    pub known: Known,
    /// Codes in use by each meaning of the words that the file can answer.
    pub by_rule: Vec<(Rule, usize)>,
}

impl LevelUse {
    /// Codes in use by a meaning of the words; without one as the file says. None where that is not known.
    pub fn used_by(&self, rule: Option<Rule>) -> Option<usize> {
        let Some(rule) = rule else { return self.used };
        self.by_rule.iter().find(|(known, _)| *known == rule).map(|(_, used)| *used)
    }

    /// The same as a share of its codes.
    pub fn share_by(&self, rule: Option<Rule>) -> Option<f64> {
        self.used_by(rule).map(|used| used as f64 / self.size.max(1) as f64)
    }
}

/// Tuples of codes that several codebooks chose together, one code of each.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tuples {
    /// The array of indices.
    pub array: String,
    /// Tokens that have a tuple.
    pub tokens: usize,
    /// Distinct tuples of the first codebook, of the first two, and so on.
    pub distinct: Vec<usize>,
    /// Tuples that there can be.
    pub possible: f64,
}

impl Tuples {
    /// Distinct tuples of all codebooks.
    pub fn all(&self) -> usize {
        self.distinct.last().copied().unwrap_or(0)
    }

    /// How many there are, and of how many.
    pub fn words(&self) -> String {
        words!(
            "reading-tuples",
            distinct = count(self.all() as u64),
            tokens = count(self.tokens as u64),
            share = percent(self.all() as f64 / self.tokens.max(1) as f64),
            possible = possible(self.possible)
        )
    }
}

/// A whole number that may be too long to be read.
fn possible(x: f64) -> String {
    if x < 1e9 { count(x as u64) } else { format!("{x:.1e}") }
}

/// How the uses of a file's codes were counted, with the array that says them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Counts of tokens.
    InFile {
        /// The array.
        array: String,
    },
    /// Moving averages of the counts of batches, or shares.
    Averages {
        /// The array.
        array: String,
        /// Codes that were put in the place of dead ones and hold the threshold since.
        replaced: usize,
    },
    /// Flags: used or not.
    Flags {
        /// The array.
        array: String,
    },
    /// Indices of chosen codes.
    Indices {
        /// The array.
        array: String,
        /// How many.
        count: usize,
    },
    /// Its latents are counted here.
    Here {
        /// How many.
        latents: usize,
        /// Of how many they are an even sample.
        of: usize,
    },
    /// Every code has the number that a buffer starts with: nothing ever counted.
    Never {
        /// The array.
        array: String,
        /// The number.
        value: f64,
    },
    /// Of no code the number is finite.
    NoNumber {
        /// The array.
        array: String,
    },
    /// More than half of what should be indices are none.
    NoIndices {
        /// The array.
        array: String,
        /// How many are none.
        n: usize,
        /// Of how many.
        of: usize,
    },
    /// No code is finite, so that latents choose none.
    NoCode,
    /// Codes are chosen by a linear layer, so that latents do not say which.
    Logits,
    /// The file holds neither counts nor latents.
    Unknown,
}

/// How a model finds the code of an encoder output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lookup {
    /// The least Euclidean distance.
    L2,
    /// The least angle: both sides are brought to length 1.
    Cosine,
    /// The largest product.
    Dot,
    /// The largest output of a linear layer: codes are never compared (Gumbel).
    Logits,
}

impl Lookup {
    /// The word for it on the command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::L2 => "l2",
            Self::Cosine => "cosine",
            Self::Dot => "dot",
            Self::Logits => "logits",
        }
    }
}

/// How the lookup is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// The user said so.
    Said,
    /// What lies beside the codes says so.
    Beside,
    /// All codes have length 1, where every lookup finds the same.
    UnitLength,
    /// Nothing says so: it is the usual one.
    Assumed,
}

/// Something about the choice that the user should know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Note {
    /// The file holds one code a column.
    Turned,
    /// There are fewer codes than numbers in one; rows were taken for codes.
    FewerCodesThanWidth,
    /// A second copy of the model (its moving average) was left aside.
    CopyLeftAside,
    /// The activation between the layers of a perceptron was taken for ReLU.
    Relu,
    /// A network over the codes could not be computed: they are shown as they are before it.
    BeforeMap,
    /// What counts was chosen by its shape alone.
    UsageByShape,
    /// All codes are equal.
    AllEqual,
    /// All codes are zero.
    AllZero,
    /// Counts are averages that still hold what they started with.
    Young,
    /// Indices beyond 256 are all even, or worse: they went through bfloat16.
    Comb,
    /// Some indices are beyond the last code.
    Beyond,
    /// Codes are of another scale than the encoder outputs.
    OtherScale,
    /// The number of groups in the array is the one of wav2vec 2.0, which the file does not tell.
    TwoGroups,
    /// Some codebooks stand beside each other, and each is given all encoder outputs.
    BesideEachOther,
    /// What levels before the drawn one leave over of the encoder outputs is not known.
    NotPassedOn,
    /// Encoder outputs have another width than the codes and were left aside.
    LatentsAside {
        /// Width of an encoder output.
        width: usize,
        /// Width of a code.
        dim: usize,
    },
    /// Some encoder outputs are not finite and were left out.
    LatentsNotFinite {
        /// How many.
        n: usize,
        /// Of how many that were looked at.
        of: usize,
    },
    /// Some numbers among the indices are none, and were left out.
    NotIndices {
        /// How many.
        n: usize,
        /// Of how many.
        of: usize,
    },
    /// Of some codes the use is not finite.
    UseNotFinite {
        /// How many.
        n: usize,
    },
    /// Codes that are finite in the file are not after what is done with them.
    MapNotFinite,
}

impl Reading {
    /// What was found, then where: the judgement, use and how it was counted, the file, and what should
    /// be known of the choice.
    pub fn sentence(&self) -> String {
        let how = self.counted();
        let mut text = match self.judgement {
            None if self.counts.tell_use() => words!(
                "reading-use-alone",
                used = count(self.used as u64),
                size = count(self.size as u64),
                how = how
            ),
            Some(judgement) => words!(
                "reading-use",
                judgement = judgement.sentence(),
                used = count(self.used as u64),
                size = count(self.size as u64),
                how = how
            ),
            None => words!("reading-no-use", size = count(self.size as u64), how = how),
        };
        let file = shown(&self.file);
        text += words!("reading-space");
        text += &match self.levels {
            0 | 1 => words!("reading-file", dim = count(self.dim as u64), file = file),
            levels => words!(
                "reading-file-level",
                level = self.level,
                last = levels - 1,
                dim = count(self.dim as u64),
                file = file
            ),
        };
        if let Some(tuples) = &self.tuples {
            text += words!("reading-space");
            text += &tuples.words();
        }
        if self.broken.0 > 0 {
            text += words!("reading-space");
            text += &self.broken_words();
        }
        let is_known = self.counts.tell_use();
        let few = few_of_small(self.used, self.size, self.tokens);
        if let Some(few) = few.filter(|_| is_known) {
            text += words!("reading-space");
            text += &few;
        }
        for note in &self.notes {
            text += words!("reading-space");
            text += &note.words();
        }
        text
    }

    /// What was found in a few words, for two files beside each other.
    pub fn short(&self) -> String {
        let size = count(self.size as u64);
        match self.judgement {
            None if self.counts.tell_use() => {
                words!("reading-short-alone", used = count(self.used as u64), size = size)
            }
            Some(judgement) => words!(
                "reading-short",
                judgement = judgement.sentence(),
                used = count(self.used as u64),
                size = size
            ),
            None => words!("reading-short-unknown", size = size),
        }
    }

    /// Which codes are not finite; some of them where there are many.
    fn broken_words(&self) -> String {
        let (number, first) = &self.broken;
        let named: Vec<String> = first.iter().map(ToString::to_string).collect();
        let codes = named.join(words!("list-separator"));
        let size = count(self.size as u64);
        match first.len() == *number {
            true => words!("reading-broken", n = count(*number as u64), size = size, codes = codes),
            false => {
                words!("reading-broken-many", n = count(*number as u64), size = size, codes = codes)
            }
        }
    }

    /// How use was counted, with the array that says it.
    pub fn counted(&self) -> String {
        self.counts.words(self.lookup, self.known)
    }
}

impl Lookup {
    /// How codes are looked for, in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::L2 => words!("lookup-l2"),
            Self::Cosine => words!("lookup-cosine"),
            Self::Dot => words!("lookup-dot"),
            Self::Logits => words!("lookup-logits"),
        }
    }

    /// The same, and that it was assumed where it was.
    pub fn told(self, known: Known) -> String {
        match known {
            Known::Assumed => words!("lookup-assumed", lookup = self.words()),
            _ => self.words().into(),
        }
    }
}

impl Counts {
    /// Whether they say which codes are in use.
    pub fn tell_use(&self) -> bool {
        let is_unknown = matches!(self, Self::NoNumber { .. } | Self::NoIndices { .. });
        let is_unknown = is_unknown || matches!(self, Self::NoCode | Self::Unknown);
        !is_unknown && !matches!(self, Self::Never { .. } | Self::Logits)
    }

    /// How use was counted, or why it is not known.
    pub fn words(&self, lookup: Lookup, known: Known) -> String {
        let lookup = lookup.told(known);
        match self {
            Self::InFile { array } => words!("counts-in-file", array = shown(array)),
            Self::Averages { array, replaced: 0 } => {
                words!("counts-averages", array = shown(array))
            }
            Self::Averages { array, replaced } => words!(
                "counts-averages-replaced",
                array = shown(array),
                replaced = count(*replaced as u64)
            ),
            Self::Flags { array } => words!("counts-flags", array = shown(array)),
            Self::Indices { array, count: n } => {
                words!("counts-indices", array = shown(array), n = count(*n as u64))
            }
            Self::Here { latents, of } if latents == of => {
                words!("counts-here", latents = count(*latents as u64), lookup = lookup)
            }
            Self::Here { latents, of } => words!(
                "counts-here-sample",
                latents = count(*latents as u64),
                of = count(*of as u64),
                lookup = lookup
            ),
            Self::Never { array, value } => {
                words!("counts-never", array = shown(array), value = format!("{value}"))
            }
            Self::NoNumber { array } => words!("counts-no-number", array = shown(array)),
            Self::NoIndices { array, n, of } => words!(
                "counts-no-indices",
                array = shown(array),
                n = count(*n as u64),
                of = count(*of as u64)
            ),
            Self::NoCode => words!("counts-no-code").into(),
            Self::Logits => words!("counts-logits").into(),
            Self::Unknown => words!("counts-unknown").into(),
        }
    }
}

impl Note {
    /// The sentence.
    pub fn words(self) -> String {
        let plain = match self {
            Self::Turned => words!("note-turned"),
            Self::FewerCodesThanWidth => words!("note-fewer-codes-than-width"),
            Self::CopyLeftAside => words!("note-copy-left-aside"),
            Self::Relu => words!("note-relu"),
            Self::BeforeMap => words!("note-before-map"),
            Self::UsageByShape => words!("note-usage-by-shape"),
            Self::AllEqual => words!("note-all-equal"),
            Self::AllZero => words!("note-all-zero"),
            Self::Young => words!("note-young"),
            Self::Comb => words!("note-comb"),
            Self::Beyond => words!("note-beyond"),
            Self::OtherScale => words!("note-other-scale"),
            Self::TwoGroups => words!("note-two-groups"),
            Self::BesideEachOther => words!("note-beside-each-other"),
            Self::NotPassedOn => words!("note-not-passed-on"),
            Self::MapNotFinite => words!("note-map-not-finite"),
            Self::LatentsAside { width, dim } => {
                let (width, dim) = (count(width as u64), count(dim as u64));
                return words!("note-latents-aside", width = width, dim = dim);
            }
            Self::LatentsNotFinite { n, of } => {
                let (n, of) = (count(n as u64), count(of as u64));
                return words!("note-latents-not-finite", n = n, of = of);
            }
            Self::NotIndices { n, of } => {
                let (n, of) = (count(n as u64), count(of as u64));
                return words!("note-not-indices", n = n, of = of);
            }
            Self::UseNotFinite { n } => {
                return words!("note-use-not-finite", n = count(n as u64));
            }
        };
        plain.into()
    }
}
