//! Names of our own: what a training loop saves for the program.

use crate::watch::rules::axes::{Shape, open_axes, turned};
use crate::watch::rules::name::{LATENTS, STEPS, is_named_indices};
use crate::watch::rules::plan::{
    Book, Known, Layer, Listed, Lookup, Map, Note, Part, Plan, Weight,
};
use crate::watch::rules::wishes::Wishes;

/// Names of arrays of use: counts of the newest batch or of all, indices, moving averages.
const USES: [&str; 4] = ["usage", "usage_total", "indices", "cluster_size"];

/// The part of an array of use that belongs to a part of the codes.
fn of_use(name: &str, part: Part) -> Part {
    if is_named_indices(name) { Part::WHOLE } else { part }
}

/// What files with our own names hold; `None` where the file does not use them.
///
/// # Errors
/// The names say two things at once.
pub fn plan(listed: &[Listed], wishes: &Wishes) -> Result<Option<Plan>, String> {
    let own = |name: &str| listed.iter().find(|array| array.name == name);
    let named = |name: &str| own(name).map(|array| array.name.clone());
    let (codebook, c) = (own("codebook"), own("C"));
    // An early SimVQ of vector-quantize-pytorch calls C `codebook`.
    if codebook.is_none() && c.is_none() || own("codebook_to_codes.weight").is_some() {
        return Ok(None);
    }
    let matrix = match (named("W"), named("linear.weight")) {
        (Some(_), Some(_)) => {
            return Err(
                "holds both `W` and `linear.weight`, its transpose in PyTorch; save one of them"
                    .into(),
            );
        }
        (w, weight) => w.map(Weight::AsW).or(weight.map(Weight::AsWeight)),
    };
    let bias = match (named("b"), named("linear.bias")) {
        (Some(_), Some(_)) => {
            return Err("holds both `b` and `linear.bias`; save one of them".into());
        }
        (b, bias) => b.or(bias),
    };
    let codes = match (codebook, c) {
        (Some(_), Some(_)) => {
            return Err("holds both `codebook` (the codes as they are compared with) and `C` (the codes before W); save one of them".into());
        }
        (Some(_), None) if matrix.is_some() || bias.is_some() => {
            return Err("holds `codebook` beside a matrix or a bias; `codebook` is what they have made already, so name the codes before them `C`".into());
        }
        (Some(codes), None) | (None, Some(codes)) => codes,
        (None, None) => return Ok(None),
    };
    let map = match (matrix, bias) {
        (None, Some(_)) => {
            return Err("holds a bias without a matrix; save `W` beside it, or the finished codes as `codebook`".into());
        }
        (None, None) => Map::None,
        (Some(weight), bias) => Map::Layers(vec![Layer { weight, bias }]),
    };
    let usage: Vec<String> = match &wishes.usage {
        Some(name) => vec![name.clone()],
        None => USES.iter().filter_map(|name| named(name)).collect(),
    };
    let counts = usage.iter().filter(|name| !is_named_indices(name));
    let usage_length =
        counts.filter_map(|name| own(name)).map(|array| array.core().to_vec()).next();
    let shape = Shape::of(codes)?;
    let mut notes = Vec::new();
    let latents = LATENTS.iter().find_map(|name| own(name));
    let told = turned(&shape, usage_length.as_deref(), latents, wishes);
    // Of a matrix over the codes and of heads the axes are known.
    let is_open = shape.rows < shape.columns && shape.heads == 1 && map == Map::None;
    if told.is_none() && is_open {
        return Err(open_axes(codes, &shape));
    }
    let is_turned = told.unwrap_or(false);
    if is_turned {
        notes.push(Note::Turned);
    }
    let (size, dim) = shape.rows_and_columns(is_turned);
    let lookup = wishes.lookup.map_or((Lookup::L2, Known::Assumed), |said| (said, Known::Said));
    let books = (0..shape.heads).map(|index| {
        let part = Part { index, of: shape.heads };
        Book {
            label: shape.label(&codes.name, index),
            codes: codes.name.clone(),
            part,
            is_turned,
            size,
            dim,
            over: None,
            map: map.clone(),
            usage: usage.iter().map(|name| (name.clone(), of_use(name, part))).collect(),
            lookup: lookup.0,
            known: lookup.1,
        }
    });
    Ok(Some(Plan {
        books: books.collect(),
        tuples: None,
        latents: latents.map(|array| array.name.clone()),
        step: STEPS.iter().find_map(|name| named(name)),
        notes,
    }))
}
