//! What the rules decide: which arrays are read, and for what.

pub use crate::record::event::{Known, Lookup, Note};
use crate::text::shown;

/// Most arrays that an error names.
const NAMED: usize = 6;

/// The weight of a linear layer, and which way round it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Weight {
    /// W of E = C·W + b, input x output.
    AsW(String),
    /// As `torch.nn.Linear` has it, output x input.
    AsWeight(String),
    /// The same by direction and length: the weight is `length` · `direction` / |`direction`|, row by
    /// row (weight norm).
    Normed {
        /// One number a row.
        length: String,
        /// Output x input.
        direction: String,
    },
}

/// A linear layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Its weight.
    pub weight: Weight,
    /// Its bias.
    pub bias: Option<String>,
}

/// What is done with codes before they are compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Map {
    /// Nothing.
    None,
    /// Linear layers one after the other, with ReLU between them.
    Layers(Vec<Layer>),
    /// The same over rows of 0 and 1.
    Bits(Vec<Layer>),
    /// E = (C - mean) · sqrt(batch variance / variance) + batch mean.
    Affine {
        /// Mean of the codes.
        mean: String,
        /// Their variance.
        variance: String,
        /// Mean of the encoder outputs.
        batch_mean: String,
        /// Their variance.
        batch_variance: String,
    },
    /// A network that is not computed here.
    Unknown(String),
}

/// What is known of an array before a number of it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its name, with every prefix.
    pub name: String,
    /// Lengths of its axes, the slowest first.
    pub shape: Vec<usize>,
    /// Whether its numbers are floats.
    pub is_float: bool,
    /// Whether its numbers are flags of one byte.
    pub is_flags: bool,
    /// Why it is not read, where it is not.
    pub problem: Option<String>,
}

impl Listed {
    /// The shape without axes of length 1 at its ends.
    pub fn core(&self) -> &[usize] {
        let first = self.shape.iter().position(|&n| n != 1).unwrap_or(self.shape.len());
        let last = self.shape.iter().rposition(|&n| n != 1).map_or(first, |last| last + 1);
        &self.shape[first..last]
    }

    /// "64 x 8", as errors have it.
    pub fn shape_in_words(&self) -> String {
        let lengths: Vec<String> = self.shape.iter().map(ToString::to_string).collect();
        if lengths.is_empty() { "a single number".into() } else { lengths.join(" x ") }
    }
}

/// Which part of an array the codes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Which one, from 0.
    pub index: usize,
    /// Into how many equal ones the array is cut, one after the other.
    pub of: usize,
}

impl Part {
    /// All of it.
    pub const WHOLE: Self = Self { index: 0, of: 1 };
}

/// One codebook of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Book {
    /// What names it among others: the name of its array without what all share.
    pub label: String,
    /// The array of codes, or of their sums.
    pub codes: String,
    /// Which part of it.
    pub part: Part,
    /// Whether it lies there with one code a column.
    pub is_turned: bool,
    /// Number of codes, K.
    pub size: usize,
    /// Width of a row in the file, d.
    pub dim: usize,
    /// Counts by which the sums in the array are divided, code by code.
    pub over: Option<String>,
    /// What is done with the codes before they are compared.
    pub map: Map,
    /// Arrays that may hold its use, the likeliest first, each with the part of it.
    pub usage: Vec<(String, Part)>,
    /// How the model looks for a code.
    pub lookup: Lookup,
    /// How that is known.
    pub known: Known,
}

/// Indices that were chosen together, one of each codebook for a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Together {
    /// The array.
    pub array: String,
    /// Which of its axes, those of length 1 at its ends aside, counts codebooks.
    pub axis: usize,
}

/// What of a file is read, and for what.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Its codebooks in order: at least one.
    pub books: Vec<Book>,
    /// Indices of all of them together.
    pub tuples: Option<Together>,
    /// Encoder outputs.
    pub latents: Option<String>,
    /// The step.
    pub step: Option<String>,
    /// What should be said of the choice.
    pub notes: Vec<Note>,
}

/// Arrays in the words of an error, some of them.
pub fn list<'a>(arrays: impl Iterator<Item = &'a Listed>) -> String {
    let all: Vec<String> = arrays
        .map(|array| format!("`{}` ({})", shown(&array.name), array.shape_in_words()))
        .collect();
    match all.len() {
        0 => "it holds no array".into(),
        n if n > NAMED => format!("{} and {} more", all[..NAMED].join(", "), n - NAMED),
        _ => all.join(", "),
    }
}
