//! Reads one file of someone's own training into plain numbers.
//!
//! Of a file only those arrays are read that have a role, each after its kind and shape were held
//! against the role: what is too large for it is refused before its first number is read.

#[cfg(test)]
mod bombs;
mod chains;
mod effective;
pub mod latents;
mod levels;
mod role;
#[cfg(test)]
mod tests;
mod tuples;
mod uses;

use std::path::Path;
use std::rc::Rc;

use rawzip::FileReader;

use crate::files;
use crate::record::event::{Counts, Known as LookupKnown, Lookup, Note, Tuples};
use crate::record::watching::Choices;
use crate::text::shown;
use crate::watch::array::{Arrays, Source};
use crate::watch::rules::name::STEPS;
use crate::watch::rules::plan::{Listed, Part};
use crate::watch::rules::wishes::Wishes;
use crate::watch::rules::{choices, choose};
use crate::watch::shards;
use crate::watch::steps;
use crate::watch::used::Known;
pub use effective::{Matrix, norm};
use latents::Latents;
use levels::{Around, Levels};
pub use levels::{Drawn, Level};
use role::Role;
pub use role::{ROOM, need};

/// Endings of files that are read.
pub const ENDINGS: [&str; 9] =
    ["safetensors", "npz", "npy", "pt", "pth", "ckpt", "bin", "th", "tar"];

/// Bytes of the longest file that is looked into; of it only the arrays are read that are needed.
const MOST_BYTES: u64 = 1 << 36;

/// Part of all codes that has length 1 where a model keeps them there.
const UNIT: f64 = 1e-3;

/// Times by which codes and encoder outputs may differ in length before that is said.
const OTHER_SCALE: f64 = 1000.0;

/// What one file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct External {
    /// The step: the array `step`, or else what the file's name says, or else unknown.
    pub step: Option<u64>,
    /// Whether the file itself says its step.
    pub is_step_inside: bool,
    /// Number of codes, K.
    pub size: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// Effective codes E, K x d, row by row: what the encoder's outputs are compared with. A row may
    /// hold numbers that are not finite.
    pub codes: Vec<f32>,
    /// The matrix over the codes, where the file has one.
    pub w: Option<Matrix>,
    /// How often each code was chosen.
    pub uses: Known,
    /// Encoder outputs; of a residual quantizer those that this level is given.
    pub latents: Option<Latents>,
    /// How the model looks for a code, and how that is known.
    pub lookup: (Lookup, LookupKnown),
    /// Which of the codebooks of the file it is.
    pub level: usize,
    /// All of them.
    pub levels: Vec<Level>,
    /// Tuples of their codes, where the file holds indices of all of them.
    pub tuples: Option<Tuples>,
    /// Codes that are not finite.
    pub broken: Vec<usize>,
    /// What should be said of the choice of arrays.
    pub notes: Vec<Note>,
    /// The array of codes.
    pub array: String,
}

/// Reads a file, or the parts of a model.
///
/// E is `codebook`, or C·W + b in 64 bits.
///
/// # Errors
/// One sentence that names the file, the array, and what to do.
pub fn read(path: &Path, wishes: &Wishes) -> Result<External, String> {
    read_all(path, wishes, false)
}

/// The same with what maps of all its codebooks are drawn of, if `is_all`.
///
/// # Errors
/// The same.
pub fn read_all(path: &Path, wishes: &Wishes, is_all: bool) -> Result<External, String> {
    let file = shown(&path.display().to_string());
    let arrays = open(path)?;
    of_arrays(path, &arrays, wishes, is_all).map_err(|why| format!("{file} {why}"))
}

/// Opens a file, or all parts of the model whose first part or index it is.
///
/// # Errors
/// One sentence that names the file and what to do.
pub fn open(path: &Path) -> Result<Arrays, String> {
    match shards::parts(path)? {
        Some(parts) => {
            let parts = parts.iter().map(|part| open_one(part)).collect::<Result<Vec<_>, _>>()?;
            let file = shown(&path.display().to_string());
            Arrays::joined(parts).map_err(|why| format!("{file} {why}"))
        }
        None => open_one(path),
    }
}

/// What of a file can be chosen, and why something must be where the rules leave it open.
///
/// # Errors
/// It cannot be opened.
pub fn choices(path: &Path, wishes: &Wishes) -> Result<Choices, String> {
    let listed = open(path)?.listed();
    Ok(choices::of(&listed, wishes, choices::file_name(path)))
}

/// The step that a file itself says, of which nothing else is read.
pub fn step(path: &Path) -> Option<u64> {
    let arrays = open(path).ok()?;
    let name = STEPS.into_iter().find(|name| arrays.head(name).is_ok())?;
    Role::of(&arrays, name).ok()?.step().ok()
}

fn open_one(path: &Path) -> Result<Arrays, String> {
    let file = shown(&path.display().to_string());
    let (opened, length) = files::open(path).map_err(|why| format!("{file} {why}"))?;
    if length > MOST_BYTES {
        return Err(format!(
            "{file} has {length} bytes, and files of at most {MOST_BYTES} are looked into; save the codebook without the rest of the model"
        ));
    }
    let source: Source = Rc::new(FileReader::from(opened));
    of_source(path, source, length).map_err(|why| format!("{file} {why}"))
}

/// The ending in small letters.
pub fn ending(path: &Path) -> String {
    path.extension().map_or(String::new(), |e| e.to_string_lossy().to_lowercase())
}

/// Whether a path is the name of a file that is read, whether or not it is there.
pub fn names_file(path: &Path) -> bool {
    ENDINGS.contains(&ending(path).as_str())
}

/// The arrays of a file of `length` bytes; its path says what it is. The sentence of an error stands
/// after the file's name.
pub(crate) fn of_source(path: &Path, source: Source, length: u64) -> Result<Arrays, String> {
    if length == 0 {
        return Err("is empty; save it again".into());
    }
    Arrays::open(&ending(path), source, length)
}

/// Reads what the arrays of a file hold, with what maps of all its codebooks are drawn of if `is_all`; the
/// sentence of an error stands after the file's name.
pub(crate) fn of_arrays(
    path: &Path,
    arrays: &Arrays,
    wishes: &Wishes,
    is_all: bool,
) -> Result<External, String> {
    let listed = arrays.listed();
    let mut plan = choose(&listed, wishes)?;
    for book in plan.books.iter_mut().filter(|book| book.known != LookupKnown::Said) {
        if let Some(lookup) = lookup_in_file(arrays, &listed, &book.codes)? {
            (book.lookup, book.known) = (lookup, LookupKnown::Beside);
        }
    }
    let plan = plan;
    let level = wishes.level.unwrap_or(0);
    let Some(book) = plan.books.get(level) else {
        let count = plan.books.len();
        let last = count - 1;
        return Err(format!("holds {count} codebooks; --level goes from 0 to {last}"));
    };
    let effective = effective::read(arrays, book)?;
    let (size, dim) = (book.size, effective.dim);
    let mut notes = plan.notes.clone();
    let broken: Vec<usize> = effective
        .codes
        .chunks_exact(dim)
        .enumerate()
        .filter(|(_, row)| row.iter().any(|x| !x.is_finite()))
        .map(|(at, _)| at)
        .collect();
    if effective.broken_here > 0 {
        notes.push(Note::MapNotFinite);
    }
    let lookup = match (book.lookup, book.known) {
        (found @ (Lookup::L2 | Lookup::Cosine), LookupKnown::Assumed | LookupKnown::Beside)
            if has_unit_length(&effective.codes, dim) =>
        {
            (found, LookupKnown::UnitLength)
        }
        known => known,
    };
    let starts = chains::starts(&plan.books, |name| levels::has(&listed, name));
    let asked = ([size, dim], chains::are_beside(&starts));
    let latents = latents::read(arrays, &plan, asked, &mut notes)?;
    // What was only guessed to be indices refuses no file.
    let chosen = match tuples::read(arrays, &plan, wishes.usage.is_some()) {
        Err(_) if wishes.usage.is_none() => None,
        read => read?,
    };
    let (plan, chosen) = (&plan, chosen.as_ref());
    let around = Around { arrays, listed: &listed, plan, starts: &starts, chosen, is_all };
    let has_latents = latents.is_some();
    let Levels { all: mut levels, given, share, notes: own } =
        levels::read(&around, level, latents)?;
    notes.extend(own);
    if has_latents && share {
        notes.push(Note::BesideEachOther);
    }
    if has_latents && given.is_none() {
        notes.push(Note::NotPassedOn);
    }
    let latents = given.filter(|latents| latents.dim == dim);
    // The width that is compared, which a matrix may have changed.
    levels.get_mut(level).into_iter().for_each(|level| level.dim = dim);
    let mut uses = uses::in_file(arrays, &listed, book, around.of_level(level))?;
    if let (Known::Nothing(why), Some(latents)) = (&uses, &latents) {
        if let Counts::NoIndices { n, of, .. } = *why {
            notes.push(Note::NotIndices { n, of });
        }
        uses = uses::counted(why.clone(), &effective.codes, dim, latents, lookup.0);
    }
    notes.extend(observed(&effective.codes, dim, latents.as_ref(), &uses));
    let step = match &plan.step {
        Some(name) => Some(Role::of(arrays, name)?.step()?),
        None => steps::of_name(path),
    };
    Ok(External {
        step,
        is_step_inside: plan.step.is_some(),
        size,
        dim,
        codes: effective.codes,
        w: effective.w,
        uses,
        latents,
        lookup,
        level,
        levels,
        tuples: chosen.and_then(|chosen| chosen.tuples(plan.books.iter().map(|book| book.size))),
        broken,
        notes,
        array: book.codes.clone(),
    })
}

/// Most letters of the name of a lookup.
const MOST_LETTERS: usize = 16;

/// How codes are looked for, where the file itself says it in letters (ASCII) beside them; `None` where it
/// does not, or names a way in which codes are not compared.
fn lookup_in_file(
    arrays: &Arrays,
    listed: &[Listed],
    codes: &str,
) -> Result<Option<Lookup>, String> {
    let start = codes.rfind('.').map_or("", |at| &codes[..=at]);
    let name = format!("{start}lookup");
    let is_word = |array: &&Listed| {
        array.name == name && array.core().len() == 1 && array.core()[0] <= MOST_LETTERS
    };
    if !listed.iter().any(|array| is_word(&array)) {
        return Ok(None);
    }
    let letters = Role::of(arrays, &name)?.numbers(Part::WHOLE)?;
    let word: String = letters.into_iter().map(|letter| char::from(letter as u8)).collect();
    Ok(match word.as_str() {
        "l2" => Some(Lookup::L2),
        "cosine" => Some(Lookup::Cosine),
        "dot" => Some(Lookup::Dot),
        "gumbel" => Some(Lookup::Logits),
        _ => None,
    })
}

/// The use that the encoder outputs of a file make of its codes, whatever else it says of use.
pub fn counted(file: &External) -> Known {
    let nothing = Counts::Unknown;
    match &file.latents {
        Some(latents) => uses::counted(nothing, &file.codes, file.dim, latents, file.lookup.0),
        None => Known::Nothing(nothing),
    }
}

/// Whether all finite codes have length 1.
fn has_unit_length(codes: &[f32], dim: usize) -> bool {
    let norms = codes.chunks_exact(dim).map(norm).filter(|norm| norm.is_finite());
    let mut has_any = false;
    let is_unit = norms.into_iter().all(|norm| {
        has_any = true;
        (norm - 1.0).abs() < UNIT
    });
    has_any && is_unit
}

/// What the numbers themselves say that the user should know.
fn observed(codes: &[f32], dim: usize, latents: Option<&Latents>, uses: &Known) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut rows = codes.chunks_exact(dim).filter(|row| row.iter().all(|x| x.is_finite()));
    let first = rows.next();
    if let Some(first) = first.filter(|first| codes.len() > dim && rows.all(|row| row == *first)) {
        let is_zero = first.iter().all(|&x| x == 0.0);
        notes.push(if is_zero { Note::AllZero } else { Note::AllEqual });
    }
    if let Some(known) = uses.get() {
        if known.is_young {
            notes.push(Note::Young);
        }
        if known.is_comb {
            notes.push(Note::Comb);
        }
        if known.beyond > 0 {
            notes.push(Note::Beyond);
        }
        if let (n @ 1.., of) = known.no_index {
            notes.push(Note::NotIndices { n, of });
        }
        if known.unknown > 0 {
            notes.push(Note::UseNotFinite { n: known.unknown });
        }
    }
    let mean = |rows: &[f32]| -> f64 {
        let norms = rows.chunks_exact(dim).map(norm).filter(|norm| norm.is_finite());
        let (sum, count) = norms.fold((0.0, 0_usize), |(sum, count), norm| (sum + norm, count + 1));
        sum / count.max(1) as f64
    };
    if let (Some(latents), Some(_)) = (latents, first) {
        let (of_codes, of_latents) = (mean(codes), mean(&latents.rows));
        let ratio = (of_codes / of_latents).max(of_latents / of_codes);
        if ratio > OTHER_SCALE {
            notes.push(Note::OtherScale);
        }
    }
    notes
}
