//! All codebooks of a file: their use, lengths, and what residual quantizers leave over.

use crate::record::event::{Counts, Known as LookupKnown, Lookup};
use crate::watch::array::Arrays;
use crate::watch::reader::effective;
use crate::watch::reader::effective::norm;
use crate::watch::reader::latents::{Latents, choose, code};
use crate::watch::reader::tuples::Chosen;
use crate::watch::reader::uses;
use crate::watch::rules::plan::{Listed, Plan};
use crate::watch::used::Known;

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
    /// Indices of all codebooks together.
    pub chosen: Option<&'a Chosen>,
    /// Whether what a map is drawn of is kept of each.
    pub is_all: bool,
}

/// Every codebook of a file, and the encoder outputs as the one at `drawn` is given them: of a residual
/// quantizer what the levels before it left over.
///
/// # Errors
/// An array of one of them does not fit or is damaged.
pub fn read(
    around: &Around<'_>,
    drawn: usize,
    latents: Option<Latents>,
) -> Result<(Vec<Level>, Option<Latents>), String> {
    let Around { arrays, listed, plan, .. } = *around;
    let numbers = plan.books.iter().map(|book| book.size.saturating_mul(book.dim));
    let is_small =
        numbers.fold(0_usize, usize::saturating_add) <= MOST_NUMBERS && plan.books.len() > 1;
    let is_residual = is_residual(plan);
    let mut left = latents.clone();
    let mut given = latents;
    let mut levels = Vec::new();
    for (at, book) in plan.books.iter().enumerate() {
        if at == drawn && is_residual {
            given.clone_from(&left);
        }
        let mut known = uses::in_file(arrays, listed, book, around.of_level(at))?;
        let (mut norm, mut residual, mut dim) = (None, None, book.dim);
        let mut kept = None;
        if is_small {
            let codes = effective::read(arrays, book)?;
            (norm, dim) = (Some(mean_norm(&codes.codes, codes.dim)), codes.dim);
            let own = left.as_mut().filter(|_| is_residual || plan.books.len() == 1);
            if let Some(latents) = own.filter(|latents| latents.rows.len() % codes.dim == 0) {
                if let Known::Nothing(why) = &known {
                    known =
                        uses::counted(why.clone(), &codes.codes, codes.dim, latents, book.lookup);
                }
                if let Some((chosen, _)) =
                    choose(&latents.rows, &codes.codes, codes.dim, book.lookup)
                {
                    for (row, at) in latents.rows.chunks_exact_mut(codes.dim).zip(&chosen) {
                        let code = code(&codes.codes, *at, codes.dim);
                        row.iter_mut().zip(code).for_each(|(z, e)| *z -= e);
                    }
                    residual = Some(mean_norm(&latents.rows, codes.dim));
                }
            }
            if around.is_all && at < MOST_DRAWN {
                let of_code = known.get().map_or(Vec::new(), |known| known.of_code.clone());
                kept = Some(Drawn { codes: codes.codes, of_code });
            }
        }
        let (used, perplexity, tokens) = match known.get() {
            Some(known) => (Some(known.used), Some(known.perplexity), known.tokens),
            None => (None, None, None),
        };
        levels.push(Level {
            label: book.label.clone(),
            size: book.size,
            dim,
            lookup: book.lookup,
            known: book.known,
            counts: known.counts().clone(),
            used,
            perplexity,
            tokens,
            norm,
            residual,
            drawn: kept,
        });
    }
    Ok((levels, given))
}

impl Around<'_> {
    /// The indices of one codebook among those of all, with their array.
    pub fn of_level(&self, at: usize) -> Option<(&str, &[f64])> {
        let chosen = self.chosen?;
        Some((chosen.array.as_str(), chosen.levels.get(at)?.as_slice()))
    }
}

/// Whether each level quantizes what the one before it left over: arrays of their own, of one width.
fn is_residual(plan: &Plan) -> bool {
    let Some(first) = plan.books.first() else { return false };
    plan.books.len() > 1 && plan.books.iter().all(|book| book.dim == first.dim && book.part.of == 1)
}

/// Mean length of the rows that are finite.
fn mean_norm(rows: &[f32], dim: usize) -> f64 {
    let norms = rows.chunks_exact(dim).map(norm).filter(|norm| norm.is_finite());
    let (sum, count) = norms.fold((0.0, 0_usize), |(sum, count), norm| (sum + norm, count + 1));
    sum / count.max(1) as f64
}
