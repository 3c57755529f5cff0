//! All codebooks of a file: their use, lengths, and what residual quantizers leave over.

use crate::record::event::{Counts, Known as LookupKnown, Lookup, Note};
use crate::record::judgement::Rule;
use crate::record::usage::CountedIn;
use crate::watch::array::Arrays;
use crate::watch::reader::chains;
use crate::watch::reader::effective;
use crate::watch::reader::effective::{Effective, norm};
use crate::watch::reader::latents;
use crate::watch::reader::latents::{Latents, choose, code};
use crate::watch::reader::tuples::Chosen;
use crate::watch::reader::uses;
use crate::watch::rules::plan::{Book, Listed, Plan};
use crate::watch::used::{Known, Use};

/// Most numbers of all codebooks together that are read for the table.
const MOST_NUMBERS: usize = 1 << 26;

/// One codebook of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    /// What names it.
    pub label: String,
    /// K.
    pub size: usize,
    /// d.
    pub dim: usize,
    /// How the model looks for a code, and how that is known.
    pub lookup: Lookup,
    /// See above.
    pub known: LookupKnown,
    /// How its use was counted.
    pub counts: Counts,
    /// Codes in use; none where that is not known.
    pub used: Option<usize>,
    /// exp of the entropy of use.
    pub perplexity: Option<f64>,
    /// Tokens counted, where their number is known.
    pub tokens: Option<usize>,
    /// Codes in use by each meaning of the words that the file can answer.
    pub by_rule: Vec<(Rule, usize)>,
    /// Mean length of its codes; none where all together are too large to be read.
    pub norm: Option<f64>,
    /// Mean length of what is left of the file's encoder outputs after it.
    pub residual: Option<f64>,
    /// Its codes and their uses, where every codebook is to be drawn.
    pub drawn: Option<Drawn>,
}

/// What a map of a codebook is drawn of.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawn {
    /// Its codes, row by row.
    pub codes: Vec<f32>,
    /// Uses of each; empty where they are not known.
    pub of_code: Vec<u32>,
    /// What these are.
    pub counted_in: CountedIn,
}

/// Most codebooks that are drawn beside each other.
pub const MOST_DRAWN: usize = 64;

/// What all codebooks of a file are read with.
pub struct Around<'a> {
    /// The file's arrays.
    pub arrays: &'a Arrays,
    /// Their list.
    pub listed: &'a [Listed],
    /// Which of them are what.
    pub plan: &'a Plan,
    /// For each codebook the first one of its chain.
    pub starts: &'a [usize],
    /// Indices of all codebooks together.
    pub chosen: Option<&'a Chosen>,
    /// Whether what a map is drawn of is kept of each.
    pub is_all: bool,
}

/// Every codebook of a file.
pub struct Levels {
    /// Them, in order.
    pub all: Vec<Level>,
    /// The encoder outputs as the drawn one is given them: of a residual quantizer what the levels before it
    /// left over, of a head its own.
    pub given: Option<Latents>,
    /// Whether some of them stand beside each other and are given the same.
    pub share: bool,
    /// What there is to say of encoder outputs of their own.
    pub notes: Vec<Note>,
}

/// Every codebook of a file, of which the one at `drawn` is drawn.
///
/// # Errors
/// An array of one of them does not fit or is damaged.
pub fn read(around: &Around<'_>, drawn: usize, latents: Option<Latents>) -> Result<Levels, String> {
    let Around { arrays, listed, plan, starts, .. } = *around;
    let numbers = plan.books.iter().map(|book| book.size.saturating_mul(book.dim));
    let is_small =
        numbers.fold(0_usize, usize::saturating_add) <= MOST_NUMBERS && plan.books.len() > 1;
    let (mut share, mut notes) = (false, Vec::new());
    // What the chain is given, and what is left of it.
    let (mut whole, mut left, mut given) = (None, None, None);
    let mut all = Vec::new();
    for (at, book) in plan.books.iter().enumerate() {
        let is_start = starts[at] == at;
        let is_alone = is_start && starts.get(at + 1) != Some(&at);
        if is_start {
            let own = chains::own_latents(book).filter(|name| at > 0 && has(listed, name));
            whole = match &own {
                Some(name) => latents::own(arrays, name, book.size, &mut notes)?,
                None => latents.clone(),
            };
            share |= at > 0 && own.is_none();
            left = if is_alone { None } else { whole.clone() };
        }
        if at == drawn {
            // The first of a chain is given all.
            given.clone_from(if is_start { &whole } else { &left });
        }
        let known = uses::in_file(arrays, listed, book, around.of_level(at))?;
        let mut level = Level::of(book, &known);
        // What levels before the drawn one leave over is needed, however large they are.
        let is_before = at < drawn && starts[drawn] == starts[at] && whole.is_some();
        if !is_small && !is_before {
            all.push(level);
            continue;
        }
        let codes = effective::read(arrays, book)?;
        (level.norm, level.dim) = (mean_norm(&codes.codes, codes.dim), codes.dim);
        let own = if is_alone { whole.as_ref() } else { left.as_ref() };
        let own = own.filter(|latents| latents.dim == codes.dim);
        let known = match (known, own) {
            (Known::Nothing(why), Some(own)) => {
                uses::counted(why, &codes.codes, codes.dim, own, book.lookup)
            }
            (known, _) => known,
        };
        level.tell(&known);
        if !is_alone {
            left = left.take().and_then(|own| over(own, &codes, book.lookup));
            level.residual = left.as_ref().and_then(|left| mean_norm(&left.rows, left.dim));
        }
        if around.is_all && at < MOST_DRAWN && is_small {
            let of_code = known.get().map_or(Vec::new(), |known| known.of_code.clone());
            let counted_in = known.get().map_or(CountedIn::Tokens, Use::counted_in);
            level.drawn = Some(Drawn { codes: codes.codes, of_code, counted_in });
        }
        all.push(level);
    }
    Ok(Levels { all, given, share, notes })
}

/// Whether a file holds an array of that name.
pub fn has(listed: &[Listed], name: &str) -> bool {
    listed.iter().any(|array| array.name == name)
}

/// What a codebook leaves over of encoder outputs; nothing is known where they have another width, or codes
/// are not compared.
fn over(mut own: Latents, codes: &Effective, lookup: Lookup) -> Option<Latents> {
    if own.dim != codes.dim {
        return None;
    }
    let (chosen, _) = choose(&own.rows, &codes.codes, codes.dim, lookup)?;
    for (row, at) in own.rows.chunks_exact_mut(codes.dim).zip(&chosen) {
        let code = code(&codes.codes, *at, codes.dim);
        row.iter_mut().zip(code).for_each(|(z, e)| *z -= e);
    }
    Some(own)
}

impl Level {
    /// A codebook and its use, before its codes are read.
    fn of(book: &Book, known: &Known) -> Self {
        let mut level = Self {
            label: book.label.clone(),
            size: book.size,
            dim: book.dim,
            lookup: book.lookup,
            known: book.known,
            counts: Counts::Unknown,
            used: None,
            perplexity: None,
            tokens: None,
            by_rule: Vec::new(),
            norm: None,
            residual: None,
            drawn: None,
        };
        level.tell(known);
        level
    }

    /// Takes what is known of its use.
    fn tell(&mut self, known: &Known) {
        let found = known.get();
        self.counts = known.counts().clone();
        self.used = found.map(|known| known.used);
        self.perplexity = found.map(|known| known.perplexity);
        self.tokens = found.and_then(|known| known.tokens);
        self.by_rule = found.map_or(Vec::new(), |known| known.by_rule.clone());
    }
}

impl Around<'_> {
    /// The indices of one codebook among those of all, with their array.
    pub fn of_level(&self, at: usize) -> Option<(&str, &[f64])> {
        let chosen = self.chosen?;
        Some((chosen.array.as_str(), chosen.levels.get(at)?.as_slice()))
    }
}

/// Mean length of the rows that are finite; nothing where none is.
fn mean_norm(rows: &[f32], dim: usize) -> Option<f64> {
    let norms = rows.chunks_exact(dim).map(norm).filter(|norm| norm.is_finite());
    let (sum, count) = norms.fold((0.0, 0_usize), |(sum, count), norm| (sum + norm, count + 1));
    (count > 0).then(|| sum / count as f64)
}
