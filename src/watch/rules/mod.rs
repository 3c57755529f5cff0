//! Which arrays of a file are a codebook, its use, and what is done with its codes: by rules over
//! names, shapes and neighbours, so that a layout that nobody has told of opens as well.
//!
//! 1. [`codes`] scores every matrix: how far its name, what surrounds it and a count beside it speak
//!    for an array of codes. [`levels`] puts those of residual quantizers, groups and heads in order, and
//!    [`axes`] says which of their axes counts codes.
//! 2. [`maps`] finds what makes the codes of it that encoder outputs are compared with.
//! 3. [`usage`] finds arrays that may say how often each code was chosen; what they mean follows
//!    from their numbers, when they are read.
//! 4. [`lookup`] says how the model looks for the nearest code.
//!
//! What the user says ([`Wishes`]) comes before every rule. Where rules leave a choice, the arrays
//! that look like codes are named with the flags that settle it.

pub mod axes;
pub mod choices;
pub mod codes;
pub mod levels;
pub mod lookup;
pub mod maps;
pub mod name;
pub mod own;
pub mod plan;
#[cfg(test)]
mod tests;
pub mod usage;
pub mod wishes;

use crate::watch::rules::name::{LATENTS, STEPS};
use crate::watch::rules::plan::{Listed, Note, Plan};
use crate::watch::rules::wishes::Wishes;

/// Looks for the arrays that matter.
///
/// # Errors
/// Why it cannot be told which array is the codebook, and what to do; without the file's name.
pub fn choose(listed: &[Listed], wishes: &Wishes) -> Result<Plan, String> {
    let find = |name: &str| listed.iter().find(|array| array.name == name);
    if wishes.codebook.is_none()
        && let Some(mut plan) = own::plan(listed, wishes)?
    {
        plan.tuples = usage::together(listed, &mut plan.books, wishes);
        return Ok(plan);
    }
    let (found, mut notes) = codes::find(listed, wishes)?;
    let mut books = levels::books(listed, &found, wishes, &mut notes)?;
    for at in 0..books.len() {
        let around = levels::neighbours(listed, &books, at);
        // How codes are looked for follows from what is done with them as well.
        books[at].map = maps::find(&around, &books[at], &mut notes);
        let usage = usage::find(listed, &around, &books[at], wishes)?;
        let (lookup, known) = lookup::find(&around, &books[at], wishes);
        let book = &mut books[at];
        if usage.is_by_shape && !notes.contains(&Note::UsageByShape) {
            notes.push(Note::UsageByShape);
        }
        book.usage = usage.arrays;
        (book.lookup, book.known) = (lookup, known);
    }
    let has_networks = listed.iter().any(|array| array.name.split('.').any(|part| part == "mlps"));
    if has_networks && books.len() > 1 && !notes.contains(&Note::BeforeMap) {
        // Codes of later levels come from networks that see the input (QINCo).
        notes.push(Note::BeforeMap);
    }
    // Of several levels those of the first, as the helper names them.
    let first = books.first().and_then(|book| book.codes.strip_suffix("codebook"));
    let level = first.filter(|start| start.starts_with("level."));
    let of_level = |name: &&str| find(&format!("{}{name}", level?));
    let latents = LATENTS.iter().find_map(|name| find(name));
    let latents = latents.or_else(|| LATENTS.iter().find_map(of_level));
    let latents = latents.map(|array| array.name.clone());
    let step = STEPS.iter().find_map(|name| find(name));
    let step = step.filter(|array| array.core().is_empty()).map(|array| array.name.clone());
    let tuples = usage::together(listed, &mut books, wishes);
    Ok(Plan { books, tuples, latents, step, notes })
}
