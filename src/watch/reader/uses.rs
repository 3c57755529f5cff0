//! How often each code of a book was chosen: as arrays of the file say, or as its encoder outputs do.

use crate::record::event::{Counts, Lookup};
use crate::record::judgement::Rule;
use crate::watch::array::Arrays;
use crate::watch::reader::latents::{Latents, choose, tally};
use crate::watch::reader::role::Role;
use crate::watch::rules::name::{Name, has, is_named_indices};
use crate::watch::rules::plan::{Book, Listed};
use crate::watch::used::{self, Known, Use};

/// What the arrays of use say: the first that was ever counted into, and the others where they answer
/// what it does not; `chosen` are indices of this codebook among those of all, with their array.
pub fn in_file(
    arrays: &Arrays,
    listed: &[Listed],
    book: &Book,
    chosen: Option<(&str, &[f64])>,
) -> Result<Known, String> {
    // Of the codebooks that are not drawn nothing else is looked at.
    Role::of(arrays, &book.codes)?.check_codes(book.size)?;
    let mut nothing = Counts::Unknown;
    let mut known: Option<Box<Use>> = None;
    let has_total = book.usage.iter().any(|(name, _)| is_total(name));
    let (mut averages, mut batch) = (None, None);
    let mut no_index = (0, 0);
    for (name, part) in &book.usage {
        let role = Role::of(arrays, name)?;
        let is_flags = listed.iter().any(|array| array.name == *name && array.is_flags);
        let is_indices = is_named_indices(name);
        if !is_indices {
            let length = book.size.saturating_mul(part.of);
            role.expect_count(length, "one count for each code")?;
        }
        let values = role.numbers(*part)?;
        let found = match is_indices {
            true => used::of_indices(name, &values, book.size, true),
            false => used::of_values(name, &values, is_flags).map_err(|why| role.wrong(&why))?,
        };
        add(&mut no_index, &found);
        match found {
            Known::Use(mut found) => {
                // Beside a sum of all, other counts are those of one batch.
                if has_total && !is_total(name) && matches!(found.counts, Counts::InFile { .. }) {
                    found.by_rule = used::by_rule(&found.of_code, &[Rule::Batch, Rule::Distinct]);
                    batch = found.tokens;
                }
                if matches!(found.counts, Counts::Averages { .. }) {
                    averages = Some(values);
                }
                match &mut known {
                    None => known = Some(found),
                    Some(known) => known.take_rules(&found),
                }
            }
            Known::Nothing(why) if nothing == Counts::Unknown => nothing = why,
            Known::Nothing(_) => {}
        }
    }
    if let Some((name, indices)) = chosen {
        // A level that uses code 0 alone is no buffer of which nothing was written.
        let found = used::of_indices(name, indices, book.size, false);
        add(&mut no_index, &found);
        match (found, &mut known) {
            (Known::Use(found), Some(known)) => known.take_rules(&found),
            (Known::Use(found), None) => known = Some(found),
            (Known::Nothing(why), _) if nothing == Counts::Unknown => nothing = why,
            (Known::Nothing(_), _) => {}
        }
    }
    // Where the tokens of a batch are known, the averages are held against those.
    if let (Some(averages), Some(tokens), Some(known)) = (averages, batch, &mut known) {
        let used = used::above_average(&averages, tokens);
        known.by_rule.retain(|(rule, _)| *rule != Rule::Average);
        known.by_rule.push((Rule::Average, used));
    }
    // Whichever array it is that tells the use.
    known.iter_mut().for_each(|known| known.no_index = no_index);
    Ok(known.map_or(Known::Nothing(nothing), Known::Use))
}

/// Adds the numbers of an array of indices that are none, and of how many.
fn add((none, of): &mut (usize, usize), found: &Known) {
    let (n, all) = match found {
        Known::Use(found) => found.no_index,
        Known::Nothing(Counts::NoIndices { n, of, .. }) => (*n, *of),
        Known::Nothing(_) => (0, 0),
    };
    (*none, *of) = (*none + n, *of + all);
}

/// Whether a name is one of sums over all that was ever counted.
fn is_total(name: &str) -> bool {
    has(&Name::new(name).leaf_words(), &["total"])
}

/// The use that encoder outputs make of codes; `why` nothing else tells it.
pub fn counted(why: Counts, codes: &[f32], dim: usize, latents: &Latents, lookup: Lookup) -> Known {
    let Some((chosen, _)) = choose(&latents.rows, codes, dim, lookup) else {
        return Known::Nothing(match lookup {
            Lookup::Logits => Counts::Logits,
            // None of them is a number.
            _ if !codes.is_empty() => Counts::NoCode,
            _ => why,
        });
    };
    let counts = Counts::Here { latents: chosen.len(), of: latents.of };
    let of_code = tally(&chosen, codes.len() / dim);
    let rules = [Rule::Seen, Rule::Batch, Rule::Distinct];
    Known::Use(Box::new(used::of_counts(counts, of_code, &rules)))
}
