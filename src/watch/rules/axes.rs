//! Which axis of an array of codes counts codes.

use crate::text::shown;
use crate::watch::rules::name::{Name, has, is_of_codes, words};
use crate::watch::rules::plan::{Listed, list};
use crate::watch::rules::wishes::Wishes;

/// Most codebooks of one file.
pub const MOST: usize = 4096;

/// Heads, rows and columns of an array of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shape {
    /// Codebooks one after the other.
    pub heads: usize,
    /// Rows of each.
    pub rows: usize,
    /// Numbers in a row.
    pub columns: usize,
}

impl Shape {
    /// That of an array.
    ///
    /// # Errors
    /// It is no matrix, or holds no number.
    pub fn of(array: &Listed) -> Result<Self, String> {
        let of = |why: &str| {
            let name = shown(&array.name);
            format!("cannot be used: `{name}` is {}{why}", array.shape_in_words())
        };
        if let Some(why) = &array.problem {
            return Err(format!("cannot be used: `{}` {why}", shown(&array.name)));
        }
        let ones = array.shape.iter().take_while(|&&n| n == 1).count();
        let extra = array.shape.len().saturating_sub(2).min(ones);
        let shape = match array.shape[extra..] {
            _ if array.shape.contains(&0) => {
                return Err(of(", without a number; save K x d codes"));
            }
            [rows, columns] => Self { heads: 1, rows, columns },
            [heads, rows, columns] if heads <= MOST => Self { heads, rows, columns },
            // As of a convolution.
            [rows, columns, 1, 1] => Self { heads: 1, rows, columns },
            _ => return Err(of("; codes are a matrix, K x d")),
        };
        Ok(shape)
    }

    /// K and d.
    pub fn rows_and_columns(&self, is_turned: bool) -> (usize, usize) {
        if is_turned { (self.columns, self.rows) } else { (self.rows, self.columns) }
    }

    /// What names one of its heads.
    pub fn label(&self, name: &str, index: usize) -> String {
        if self.heads == 1 { name.into() } else { format!("{name}[{index}]") }
    }
}

/// Whether codes stand in columns: as the user, counts or encoder outputs say it; `None` where nothing
/// does.
pub fn turned(
    shape: &Shape,
    counts: Option<&[usize]>,
    latents: Option<&Listed>,
    wishes: &Wishes,
) -> Option<bool> {
    if wishes.transpose.is_some() {
        return wishes.transpose;
    }
    if shape.rows == shape.columns {
        return Some(false);
    }
    let which = |length: usize| match length {
        n if n == shape.rows => Some(false),
        n if n == shape.columns => Some(true),
        _ => None,
    };
    let by_counts = counts.and_then(|counts| counts.last().copied()).and_then(which);
    // A width that fits says which axis is d, so that the other one is K.
    let by_latents = latents.and_then(|array| array.core().last().copied()).and_then(which);
    by_counts.or(by_latents.map(|is_turned| !is_turned))
}

/// Whether codes stand in columns, as the form of their array says it: of more rows than columns rows are
/// codes, as they are in heads and in a PyTorch module's table (`x.weight`), unless the user took it for one
/// (`is_named`); `None` where it may be either.
pub fn by_form(shape: &Shape, codes: &Listed, is_named: bool) -> Option<bool> {
    let is_table = codes.name.ends_with(".weight") && !is_named;
    (shape.rows >= shape.columns || shape.heads > 1 || is_table).then_some(false)
}

/// Whether codes stand in columns, as the layers that lead into the quantizer, out of it and over its codes
/// say it: all of them that fit have the same one of its lengths for the width of a code.
pub fn by_projection(listed: &[Listed], shape: &Shape, codes: &Listed) -> Option<bool> {
    let name = Name::new(&codes.name);
    let owner = name.before_leaf();
    let above = &owner[..owner.len().saturating_sub(1)];
    let width = |array: &Listed| -> Option<usize> {
        let [out, within] = *array.core() else { return None };
        let other = Name::new(&array.name);
        if array.name == codes.name || other.is_aside() {
            return None;
        }
        // In the quantizer's module, or beside it.
        let modules = [owner, above].map(|module| match other.parts.starts_with(module) {
            true => other.parts.get(module.len()).map_or(Vec::new(), |part| words(part)),
            false => Vec::new(),
        });
        modules.iter().find_map(|words| match () {
            () if leads_in(words) => Some(out),
            () if leads_out(words) || is_of_codes(words) => Some(within),
            () => None,
        })
    };
    let fits = |n: &usize| *n == shape.rows || *n == shape.columns;
    let mut widths = listed.iter().filter_map(width).filter(fits);
    let first = widths.next()?;
    widths.all(|width| width == first).then_some(first == shape.rows)
}

/// Whether a module makes what the quantizer is given.
fn leads_in(words: &[String]) -> bool {
    let is_projection = has(words, &["proj", "project", "projection"]);
    is_projection && has(words, &["in", "input"])
        || *words == ["pre", "quant"]
        || *words == ["quant", "conv"]
}

/// Whether a module takes what the quantizer gives.
fn leads_out(words: &[String]) -> bool {
    let is_projection = has(words, &["proj", "project", "projection"]);
    is_projection && has(words, &["out", "output"])
        || words.starts_with(&["post".into(), "quant".into()])
}

/// The error that nothing says which axis of an array counts codes, and how to say it.
pub fn open_axes(array: &Listed, shape: &Shape) -> String {
    let Shape { rows, columns, .. } = *shape;
    format!(
        "holds {}, which may be {rows} codes of width {columns} or {columns} codes of width {rows}; say --transpose for the second, --transpose=no for the first",
        list(std::iter::once(array))
    )
}
