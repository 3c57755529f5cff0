//! Encoder outputs and the codes that they choose.

use crate::model::nearest::nearest;
use crate::record::event::{Lookup, Note};
use crate::watch::array::Arrays;
use crate::watch::reader::effective::unit;
use crate::watch::reader::role::Role;
use crate::watch::rules::plan::{Book, Map, Plan};

/// Most encoder outputs of a file that are kept: an even sample of more.
pub const MOST_LATENTS: usize = 1 << 18;

/// Most numbers of encoder outputs that are kept.
const MOST_NUMBERS: usize = 1 << 24;

/// Most products of a search.
const MOST_PRODUCTS: usize = 1 << 35;

/// Encoder outputs that are always counted.
const LEAST: usize = 4096;

/// Encoder outputs of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Latents {
    /// Finite rows: all of them, or an even sample.
    pub rows: Vec<f32>,
    /// Width of one.
    pub dim: usize,
    /// How many the file holds, without those that were found not to be finite.
    pub of: usize,
}

/// The encoder outputs that the plan names, for a drawn codebook of K codes of width d. Where they are as wide
/// as no codebook they are left aside, as rows are that are not finite; notes say so. `are_beside` says that
/// some codebooks stand beside each other.
///
/// # Errors
/// They are damaged, too many, or none.
pub fn read(
    arrays: &Arrays,
    plan: &Plan,
    ([size, dim], are_beside): ([usize; 2], bool),
    notes: &mut Vec<Note>,
) -> Result<Option<Latents>, String> {
    let Some(name) = &plan.latents else { return Ok(None) };
    let role = Role::of(arrays, name)?;
    let width = role.width();
    // A matrix may give codes of any width.
    let may_be = |book: &Book| book.dim == width || matches!(book.map, Map::Layers(_));
    let aside = Note::LatentsAside { width, dim };
    if width != dim && !(plan.books.len() > 1 && plan.books.iter().any(may_be)) {
        notes.push(aside);
        return Ok(None);
    }
    // Those that stand beside each other are searched one after the other.
    let sizes = plan.books.iter().map(|book| book.size);
    let size = match are_beside {
        true => sizes.fold(0_usize, usize::saturating_add).max(size),
        false => size,
    };
    let found = finite(&role, size, notes)?;
    if width != dim {
        notes.push(aside);
    }
    Ok(found)
}

/// The encoder outputs of that name, which are those of one codebook of K codes alone.
///
/// # Errors
/// They are damaged, too many, or none.
pub fn own(
    arrays: &Arrays,
    name: &str,
    size: usize,
    notes: &mut Vec<Note>,
) -> Result<Option<Latents>, String> {
    finite(&Role::of(arrays, name)?, size, notes)
}

/// The rows that are finite, of which as many are read as are searched among K codes.
fn finite(role: &Role, size: usize, notes: &mut Vec<Note>) -> Result<Option<Latents>, String> {
    let width = role.width();
    let (rows, of, broken) = role.rows(width, most(size, width))?;
    if broken > 0 {
        notes.push(Note::LatentsNotFinite { n: broken, of: rows.len() / width.max(1) + broken });
    }
    Ok(Some(Latents { rows, dim: width, of: of - broken }).filter(|found| !found.rows.is_empty()))
}

/// How many rows of width d are searched among K codes.
pub fn most(size: usize, dim: usize) -> usize {
    let products = MOST_PRODUCTS / size.saturating_mul(dim).max(1);
    MOST_LATENTS.min(MOST_NUMBERS / dim.max(1)).min(products).max(LEAST)
}

/// The code that each row chooses, and its squared distance from it; nothing where codes are not
/// compared. `codes` may have rows that are not finite, which are never chosen.
pub fn choose(
    rows: &[f32],
    codes: &[f32],
    dim: usize,
    lookup: Lookup,
) -> Option<(Vec<i32>, Vec<f64>)> {
    let is_finite = |row: &[f32]| row.iter().all(|x| x.is_finite());
    let kept: Vec<i32> = codes
        .chunks_exact(dim)
        .enumerate()
        .filter(|(_, row)| is_finite(row))
        .map(|(at, _)| at as i32)
        .collect();
    let is_whole = kept.len() * dim == codes.len();
    let finite: Vec<f32> = match is_whole {
        true => Vec::new(),
        false => kept.iter().flat_map(|&at| code(codes, at, dim)).copied().collect(),
    };
    let among = if is_whole { codes } else { &finite };
    if among.is_empty() {
        return None;
    }
    let found = match lookup {
        Lookup::L2 => nearest(rows, among, dim),
        Lookup::Cosine => {
            let (mut rows, mut among) = (rows.to_vec(), among.to_vec());
            unit(&mut rows, dim);
            unit(&mut among, dim);
            nearest(&rows, &among, dim)
        }
        Lookup::Dot => {
            // Codes of one length, that is the same as the nearest: a further axis brings them there
            // (Bachrach et al. 2014).
            let squares: Vec<f64> = among
                .chunks_exact(dim)
                .map(|row| row.iter().map(|&x| f64::from(x).powi(2)).sum())
                .collect();
            let longest = squares.iter().copied().fold(0.0, f64::max);
            let codes = wider(among, dim, |at| (longest - squares[at]).max(0.0).sqrt() as f32);
            nearest(&wider(rows, dim, |_| 0.0), &codes, dim + 1)
        }
        Lookup::Logits => return None,
    };
    let chosen: Vec<i32> = found.into_iter().map(|at| kept[at as usize]).collect();
    let far = |(row, &at): (&[f32], &i32)| -> f64 {
        let code = code(codes, at, dim);
        row.iter().zip(code).map(|(&z, &e)| (f64::from(z) - f64::from(e)).powi(2)).sum()
    };
    let distances = rows.chunks_exact(dim).zip(&chosen).map(far).collect();
    Some((chosen, distances))
}

/// One code.
pub fn code(codes: &[f32], at: i32, dim: usize) -> &[f32] {
    &codes[at as usize * dim..][..dim]
}

/// Rows with one number more.
fn wider(rows: &[f32], dim: usize, last: impl Fn(usize) -> f32) -> Vec<f32> {
    let rows = rows.chunks_exact(dim).enumerate();
    rows.flat_map(|(at, row)| row.iter().copied().chain([last(at)])).collect()
}

/// How often each of `size` codes was chosen.
pub fn tally(chosen: &[i32], size: usize) -> Vec<u32> {
    let mut counts = vec![0; size];
    chosen.iter().for_each(|&code| counts[code as usize] += 1);
    counts
}
