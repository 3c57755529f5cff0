//! Several codebooks of one file in order, and what lies around each.

use crate::watch::rules::axes;
use crate::watch::rules::axes::{MOST, Shape, open_axes, turned};
use crate::watch::rules::codes::Found;
use crate::watch::rules::name::{LATENTS, Name, has, is_named_use, words};
use crate::watch::rules::plan::{Book, Known, Listed, Lookup, Map, Note, Part};
use crate::watch::rules::wishes::Wishes;

/// The codebooks of these arrays, in order.
///
/// # Errors
/// An array of codes cannot be one, or nothing tells which of its axes counts codes.
pub fn books(
    listed: &[Listed],
    found: &[Found<'_>],
    wishes: &Wishes,
    notes: &mut Vec<Note>,
) -> Result<Vec<Book>, String> {
    let mut order: Vec<&Found<'_>> = found.iter().collect();
    order.sort_by_cached_key(|f| {
        let name = Name::new(&f.array.name);
        let is_later = !name.parts.iter().any(|part| {
            let words = words(part);
            has(&words, &["first", "semantic", "coarse"])
        });
        (is_later, name.template().len(), name.template(), name.natural())
    });
    let mut note = |note: Note| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    let shared = shared_start(&order);
    let mut books = Vec::new();
    for f in order {
        let mut shape = Shape::of(f.array)?;
        let counts = counts_beside(listed, f.array, wishes);
        let latents = listed.iter().find(|array| LATENTS.contains(&array.name.as_str()));
        let told = turned(&shape, counts.map(Listed::core), latents, wishes);
        let leaf = Name::new(&f.array.name).leaf_words();
        let told = told.or_else(|| axes::by_form(&shape, f.array, wishes.codebook.is_some()));
        let told = told.or_else(|| axes::by_projection(listed, &shape, f.array));
        let Some(is_turned) = told else { return Err(open_axes(f.array, &shape)) };
        if is_turned {
            note(Note::Turned);
        } else if shape.rows < shape.columns {
            note(Note::FewerCodesThanWidth);
        }
        let has_logits =
            listed.iter().any(|array| Name::new(&array.name).leaf_words() == ["weight", "proj"]);
        if shape.heads == 1 && has(&leaf, &["codevectors"]) && has_logits && shape.rows % 2 == 0 {
            shape = Shape { heads: 2, rows: shape.rows / 2, ..shape };
            note(Note::TwoGroups);
        }
        let (size, dim) = shape.rows_and_columns(is_turned);
        for index in 0..shape.heads {
            let label = f.array.name.get(shared..).unwrap_or(&f.array.name);
            books.push(Book {
                label: shape.label(label.trim_end_matches(".weight"), index),
                codes: f.array.name.clone(),
                part: Part { index, of: shape.heads },
                is_turned,
                size,
                dim,
                over: f.over.map(|array| array.name.clone()),
                map: Map::None,
                usage: Vec::new(),
                lookup: Lookup::L2,
                known: Known::Assumed,
            });
        }
        if books.len() > MOST {
            return Err(format!(
                "holds more than {MOST} codebooks; name those to look at with --codebook"
            ));
        }
    }
    Ok(books)
}

/// Counts in the same module as an array of codes, or by our own name.
fn counts_beside<'a>(listed: &'a [Listed], codes: &Listed, wishes: &Wishes) -> Option<&'a Listed> {
    if let Some(name) = &wishes.usage {
        return listed.iter().find(|array| array.name == *name);
    }
    let name = Name::new(&codes.name);
    let before = name.before_leaf();
    let core = codes.core();
    let lengths = &core[core.len().saturating_sub(2)..];
    let mut beside = listed.iter().filter(|array| {
        let other = Name::new(&array.name);
        let counts = array.core();
        is_named_use(&array.name)
            && counts.last().is_some_and(|n| lengths.contains(n))
            && (array.name == "usage" || other.parts.starts_with(before))
    });
    beside.next()
}

/// Bytes with which the names of all begin, up to a dot.
fn shared_start(found: &[&Found<'_>]) -> usize {
    let Some(first) = found.first().map(|f| f.array.name.as_str()) else { return 0 };
    if found.len() == 1 {
        return 0;
    }
    let same = |end: usize| found.iter().all(|f| f.array.name.get(..end) == first.get(..end));
    let ends = first.char_indices().filter(|(_, c)| *c == '.' || *c == '/').map(|(at, _)| at + 1);
    ends.take_while(|end| same(*end)).last().unwrap_or(0)
}

/// An array around a codebook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near<'a> {
    /// The array.
    pub array: &'a Listed,
    /// How many modules up from that of the codes it stands.
    pub up: usize,
    /// Whether it stands in the module of the codes themselves (`embedding.cluster_size`).
    pub is_inner: bool,
    /// Whether another codebook is as near to it.
    pub is_shared: bool,
}

/// What lies around a codebook: every array that is not nearer to another one.
pub fn neighbours<'a>(listed: &'a [Listed], books: &[Book], at: usize) -> Vec<Near<'a>> {
    let own = &books[at];
    let own_name = Name::new(&own.codes);
    let others: Vec<Name<'_>> = books
        .iter()
        .filter(|book| book.codes != own.codes)
        .map(|book| Name::new(&book.codes))
        .collect();
    let depth = |a: &Name<'_>, b: &Name<'_>| -> usize {
        a.parts.iter().zip(&b.parts).take_while(|(a, b)| a == b).count()
    };
    let before = own_name.before_leaf().len();
    listed
        .iter()
        .filter(|array| array.name != own.codes)
        .filter_map(|array| {
            let name = Name::new(&array.name);
            if name.is_aside() || name.is_copy() && !own_name.is_copy() {
                return None;
            }
            let shared = depth(&name, &own_name);
            let nearest = others.iter().map(|other| depth(&name, other)).max();
            if nearest.is_some_and(|other| other > shared) {
                return None;
            }
            Some(Near {
                array,
                up: before.saturating_sub(shared),
                is_inner: shared > before,
                is_shared: nearest == Some(shared),
            })
        })
        .collect()
}
