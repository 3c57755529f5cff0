//! Which arrays may say how often each code was chosen.

use crate::text::shown;
use crate::watch::rules::levels::Near;
use crate::watch::rules::name::{Name, has, is_named_indices, is_named_tuples, is_named_use};
use crate::watch::rules::plan::{Book, Listed, Part, Together, list};
use crate::watch::rules::wishes::Wishes;

/// Words of arrays whose meaning is known to be none of use, for those that have no name of use.
const OTHERS: [&str; 15] = [
    "bias",
    "gamma",
    "beta",
    "mean",
    "variance",
    "var",
    "std",
    "scale",
    "norm",
    "step",
    "mask",
    "inited",
    "initted",
    "initialized",
    "shift",
];

/// What was found.
pub struct Usage {
    /// Arrays that may hold it, the likeliest first.
    pub arrays: Vec<(String, Part)>,
    /// Whether nothing but its shape speaks for the first.
    pub is_by_shape: bool,
}

/// Which part of an array belongs to a codebook; `None` where its shape does not fit.
fn part(array: &Listed, book: &Book) -> Option<Part> {
    let core = array.core();
    let of = |index: usize, of: usize| Some(Part { index, of });
    match *core {
        [length] if length == book.size => of(0, 1),
        // Heads that share one array.
        [heads, length] if heads == book.part.of && length == book.size => {
            of(book.part.index, heads)
        }
        [length] if length == book.part.of * book.size => of(book.part.index, book.part.of),
        _ if is_named_indices(&array.name) && !core.is_empty() => of(0, 1),
        _ => None,
    }
}

/// Indices of all codebooks of a file together, M x levels or with the levels on another axis; none of the
/// codebooks has them for itself then.
pub fn together(listed: &[Listed], books: &mut [Book], wishes: &Wishes) -> Option<Together> {
    let levels = books.len();
    if levels < 2 {
        return None;
    }
    let axis = |array: &Listed| -> Option<usize> {
        let core = array.core();
        let mut fitting = (0..core.len()).rev().filter(|&axis| core[axis] == levels);
        let (first, other) = (fitting.next()?, fitting.next());
        // The last axis where it fits, else the only one.
        let is_sure = first + 1 == core.len() || other.is_none();
        (core.len() > 1 && is_sure).then_some(first)
    };
    let is_meant = |array: &&Listed| match &wishes.usage {
        Some(name) => array.name == *name && is_named_tuples(name),
        None if array.is_float => is_named_indices(&array.name),
        None => is_named_tuples(&array.name) && !array.is_flags,
    };
    let found = listed
        .iter()
        .filter(is_meant)
        .find_map(|array| Some(Together { array: array.name.clone(), axis: axis(array)? }))?;
    for book in books {
        book.usage.retain(|(name, _)| *name != found.array);
    }
    Some(found)
}

/// Arrays that may say how the codes of a book are used.
///
/// # Errors
/// The one that the user names is not there, or does not fit.
pub fn find(
    listed: &[Listed],
    around: &[Near<'_>],
    book: &Book,
    wishes: &Wishes,
) -> Result<Usage, String> {
    if let Some(name) = &wishes.usage {
        let all = listed.iter();
        let Some(array) = all.clone().find(|array| array.name == *name) else {
            let names = list(all);
            return Err(format!("holds no array `{}`; {names}", shown(name)));
        };
        // Of several codebooks each has its own.
        let is_own = book.part.of > 1 || around.iter().any(|n| n.array == array);
        let arrays = match part(array, book) {
            Some(part) if is_own => vec![(name.clone(), part)],
            Some(_) => Vec::new(),
            None => vec![(name.clone(), Part::WHOLE)],
        };
        return Ok(Usage { arrays, is_by_shape: false });
    }
    let mut named: Vec<(&Near<'_>, Part)> = around
        .iter()
        .filter(|near| {
            is_named_use(&near.array.name) && book.over.as_ref() != Some(&near.array.name)
        })
        .filter(|near| !near.is_shared || book.part.of > 1)
        .filter_map(|near| part(near.array, book).map(|part| (near, part)))
        .collect();
    // An outer array of a quantizer is its own; one in the table's module may be of its start alone.
    named.sort_by_key(|(near, _)| (near.up, near.is_inner, near.array.name.len()));
    let mut arrays: Vec<(String, Part)> =
        named.into_iter().map(|(near, part)| (near.array.name.clone(), part)).collect();
    if let Some(over) = &book.over {
        arrays.push((over.clone(), Part::WHOLE));
    }
    if !arrays.is_empty() {
        return Ok(Usage { arrays, is_by_shape: false });
    }
    // One array of as many numbers as codes in the same module, with a name that says nothing else.
    let by_shape: Vec<&Near<'_>> = around
        .iter()
        .filter(|near| near.up == 0 && !near.is_shared && near.array.core() == [book.size])
        .filter(|near| !has(&Name::new(&near.array.name).leaf_words(), &OTHERS))
        .filter(|near| !near.array.name.ends_with("weight") && !near.array.name.ends_with("bias"))
        .collect();
    Ok(match by_shape[..] {
        [only] => Usage { arrays: vec![(only.array.name.clone(), Part::WHOLE)], is_by_shape: true },
        _ => Usage { arrays: Vec::new(), is_by_shape: false },
    })
}
