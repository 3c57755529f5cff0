//! What `vqscope watch --check` finds, as data.

use std::path::Path;

use serde::Serialize;

use crate::analysis::detect::files::Turnover;
use crate::record::event::{Event, EventKind, Fact, Known, Lookup, Tuples};
use crate::record::judgement::{Judgement, Rule};
use crate::text::{count, shown};
use crate::watch::follow::{Older, name_below};
use crate::words;

/// What was found.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    /// The newest file.
    pub file: String,
    /// Its step.
    pub step: u64,
    /// Files of the series.
    pub files: usize,
    /// Files of later steps that are of a run before it.
    pub older: Vec<OfRunBefore>,
    /// Files that cannot be read, and why.
    pub unreadable: Vec<String>,
    /// The array of codes.
    pub array: String,
    /// Number of codes, K.
    pub size: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// How the model looks for a code.
    pub lookup: Lookup,
    /// How that is known.
    pub lookup_known: Known,
    /// Use of every codebook of the file.
    pub levels: Vec<Used>,
    /// The one that the window draws.
    pub level: usize,
    /// Tuples of their codes, where the file holds indices of all of them.
    pub tuples: Option<Together>,
    /// Codes of that one in use by each meaning of the words.
    pub by_rule: Vec<ByRule>,
    /// Codes that are not finite.
    pub not_finite: Vec<usize>,
    /// Lengths of codes; none where no code is finite, as of encoder outputs.
    pub code_norm: Option<Spread>,
    /// Lengths of encoder outputs.
    pub latent_norm: Option<Spread>,
    /// Squared distance of the encoder outputs from their codes, relative to their variance.
    pub quantization_error: Option<f64>,
    /// Since the file before.
    pub drift: Option<Drift>,
    /// From each of the newest eight files of the series to the next, the one since the file before last.
    pub drifts: Vec<Drift>,
    /// Flags of the detectors over the newest eight files of the series.
    pub flags: Vec<Flagged>,
    /// Codes that came into use and went out of it since the file before, where both tell.
    pub turnover: Option<Turnover>,
    /// Standard deviations of the codes along their principal axes, the first 16.
    pub code_stds: Vec<f64>,
    /// Axes that hold 90 % of the variance of the codes; none where there are too many to tell.
    pub dimensions: Option<f64>,
    /// The sentence that the window shows.
    pub sentence: String,
    /// What is suspicious and why.
    pub suspicious: Vec<String>,
}

/// A file of a later step that was written before one of an earlier step.
#[derive(Clone, Debug, Serialize)]
pub struct OfRunBefore {
    /// Its name below the folder, as it can be shown.
    pub file: String,
    /// Its step.
    pub step: u64,
    /// The one that was written after it.
    pub newer: String,
    /// What the window says of it.
    pub sentence: String,
}

impl OfRunBefore {
    /// Of a file of a folder.
    pub fn new(folder: &Path, of: &Older) -> Self {
        let (step, path) = &of.file;
        let [file, newer] = [path, &of.newer].map(|path| shown(&name_below(folder, path)));
        let fact = Fact::Older { file: file.clone(), newer: newer.clone() };
        Self { file, step: *step, newer, sentence: Event::new(*step, None, fact).sentence() }
    }
}

/// A flag of a detector.
#[derive(Clone, Debug, Serialize)]
pub struct Flagged {
    /// The step of the file that raised it.
    pub step: u64,
    /// The word for it.
    pub flag: &'static str,
    /// What happened.
    pub sentence: String,
    #[serde(skip)]
    kind: EventKind,
}

impl Flagged {
    /// Of an event.
    pub fn new(event: &Event) -> Self {
        Self {
            step: event.step,
            flag: event.kind.name(),
            sentence: event.sentence(),
            kind: event.kind,
        }
    }

    /// Whether it is one of what goes wrong.
    pub fn is_bad(&self) -> bool {
        !matches!(self.kind, EventKind::Recovery | EventKind::Saturation)
    }

    /// With its step.
    pub fn told(&self) -> String {
        words!("check-flag", step = count(self.step), what = &self.sentence)
    }
}

/// Use of one codebook.
#[derive(Clone, Debug, Serialize)]
pub struct Used {
    /// What names it.
    pub name: String,
    /// K.
    pub size: usize,
    /// d.
    pub dim: usize,
    /// How its use was counted, or why it is not known.
    pub counted: String,
    /// Codes in use.
    pub used: Option<usize>,
    /// Share of the codes in use.
    pub utilization: Option<f64>,
    /// exp of the entropy of use.
    pub perplexity: Option<f64>,
    /// Tokens counted, where their number is known.
    pub tokens: Option<usize>,
    /// The share of the codes that so many tokens can show at most.
    pub ceiling: Option<f64>,
    /// What its use says.
    pub judgement: Option<Judgement>,
    /// Codes in use by each meaning of the words.
    pub by_rule: Vec<ByRule>,
    /// Mean length of its codes.
    pub norm: Option<f64>,
    /// Mean length of what is left of the file's encoder outputs after it.
    pub residual: Option<f64>,
}

/// Tuples of codes, one of each codebook, that tokens chose together.
#[derive(Clone, Debug, Serialize)]
pub struct Together {
    /// How many are distinct, of how many.
    #[serde(flatten)]
    pub tuples: Tuples,
    /// Share of the tokens that have one of their own: distinct tuples of all codebooks, a token.
    pub share: f64,
}

/// Codes in use by one meaning of the words.
#[derive(Clone, Debug, Serialize)]
pub struct ByRule {
    /// Which.
    pub rule: Rule,
    /// Codes in use; none where the file does not tell.
    pub used: Option<usize>,
    /// Their share.
    pub utilization: Option<f64>,
}

/// Least, mean and greatest.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Spread {
    /// The least.
    pub least: f64,
    /// The mean.
    pub mean: f64,
    /// The greatest.
    pub greatest: f64,
}

/// How far things went from one file to the next, in units of the mean length of a code.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Drift {
    /// The step of the one.
    pub since: u64,
    /// The step of the next.
    pub step: u64,
    /// Mean distance of a code from where it was.
    pub codes: f64,
    /// Distance of the mean encoder output from where it was.
    pub latents: Option<f64>,
    /// How many times as far as the codes that is; none where they did not move.
    pub ratio: Option<f64>,
}
