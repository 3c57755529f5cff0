//! What makes the codes that encoder outputs are compared with out of the array of codes.

use crate::watch::rules::levels::Near;
use crate::watch::rules::name::{Name, has, is_of_codes, words};
use crate::watch::rules::plan::{Book, Layer, Map, Note, Weight};

/// What is done with the codes of a book.
pub fn find(around: &[Near<'_>], book: &Book, notes: &mut Vec<Note>) -> Map {
    let mut note = |note: Note| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    if let Some(affine) = affine(around) {
        return affine;
    }
    if let Some(map) = parametrized(around, book) {
        return map;
    }
    let own = Name::new(&book.codes);
    let leaf = own.leaf().to_lowercase();
    let mut modules: Vec<(&str, bool)> = Vec::new();
    for near in around.iter().filter(|near| near.up == 0 && !near.is_shared && !near.is_inner) {
        let Some(module) = module(&near.array.name, own.before_leaf().len()) else { continue };
        let (module_words, name) = (words(module), module.to_lowercase());
        if module_words.iter().any(|word| word.ends_with("bridge")) {
            let depth = own.before_leaf().len();
            let own_arrays = around.iter().filter(|near| {
                near.up == 0 && Name::new(&near.array.name).parts.get(depth) == Some(&module)
            });
            let only = layers(around, depth, module);
            // A single linear layer over each code; all else looks at several of them at once.
            let is_linear = only.len() == 1 && own_arrays.count() <= 2;
            if let Some(layers) = chain(around, only, book.dim, true).filter(|_| is_linear) {
                return Map::Layers(layers);
            }
            note(Note::BeforeMap);
            return Map::Unknown(module.into());
        }
        let is_of_codes = is_of_codes(&module_words);
        let is_mlp = name.starts_with(&leaf) && has(&module_words, &["mlp"]);
        let is_plain = has(&module_words, &["transform", "linear", "projection", "w", "proj"])
            && !has(&module_words, &["in", "out", "pre", "post", "input", "output", "project"]);
        let is_out = module_words == ["out", "proj"];
        if is_of_codes || is_plain || is_mlp || is_out {
            modules.push((module, is_out));
        }
    }
    modules.dedup();
    // Of a pair of projections the second one maps what was found back, not the codes.
    let has_in = around.iter().any(|near| {
        let module = module(&near.array.name, own.before_leaf().len()).unwrap_or_default();
        near.up == 0 && has(&words(module), &["in", "input", "pre"])
    });
    let mut candidates = modules.into_iter().filter(|(_, is_out)| !(*is_out && has_in));
    let Some((module, is_out)) = candidates.next() else { return Map::None };
    let layers = layers(around, own.before_leaf().len(), module);
    let Some(layers) = chain(around, layers, book.dim, is_out) else {
        // A layer with one output a code is the lookup, and not a map of the codes.
        return Map::None;
    };
    if layers.len() > 1 {
        note(Note::Relu);
    }
    match has(&words(module), &["mlp"]) && module.to_lowercase().starts_with(&leaf) {
        true => Map::Bits(layers),
        false => Map::Layers(layers),
    }
}

/// The matrix that torch's parametrize keeps beside the table it maps: `original` is C, the numbered
/// module below holds W of E = C·W + b as it is (not transposed) and b. The helper writes such.
fn parametrized(around: &[Near<'_>], book: &Book) -> Option<Map> {
    let start = book.codes.strip_suffix("original").filter(|s| s.ends_with("weight."))?;
    let find = |leaf: &str| {
        let name = format!("{start}0.{leaf}");
        around.iter().find(|near| near.array.name == name).map(|near| near.array.name.clone())
    };
    let weight = Weight::AsW(find("W")?);
    Some(Map::Layers(vec![Layer { weight, bias: find("b") }]))
}

/// The part of a name after those of the codes' own module.
fn module(name: &str, depth: usize) -> Option<&str> {
    let parts = Name::new(name).parts;
    (parts.len() > depth + 1 || parts.len() == depth + 1).then(|| parts[depth])
}

/// Layers of a module in the order of their numbers, each with its place.
fn layers(around: &[Near<'_>], depth: usize, module: &str) -> Vec<Layer> {
    let mut found: Vec<(Vec<(String, u64)>, Layer)> = Vec::new();
    let of_module = |near: &&Near<'_>| {
        near.up == 0 && Name::new(&near.array.name).parts.get(depth) == Some(&module)
    };
    for near in around.iter().filter(of_module) {
        let name = near.array.name.as_str();
        let there = |end: &str, with: &str| {
            let start = name.strip_suffix(end)?;
            let other = format!("{start}{with}");
            around.iter().any(|near| near.array.name == other).then_some(other)
        };
        let weight = if let Some(length) = there("weight_v", "weight_g") {
            Weight::Normed { length, direction: name.into() }
        } else if let Some(length) =
            there("parametrizations.weight.original1", "parametrizations.weight.original0")
        {
            Weight::Normed { length, direction: name.into() }
        } else if near.array.core().len() == 2
            && (name.ends_with("weight") || name.ends_with(module))
        {
            Weight::AsWeight(name.into())
        } else {
            continue;
        };
        let ends = ["parametrizations.weight.original1", "weight_v", "weight"];
        let bias = ends.iter().find_map(|end| there(end, "bias"));
        found.push((Name::new(name).natural(), Layer { weight, bias }));
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found.into_iter().map(|(_, layer)| layer).collect()
}

/// The layers if each takes what the one before it gives, beginning with `width` numbers; a projection
/// that may be one of outputs only where it keeps the width.
fn chain(
    around: &[Near<'_>],
    layers: Vec<Layer>,
    width: usize,
    is_out: bool,
) -> Option<Vec<Layer>> {
    let mut width_now = width;
    for layer in &layers {
        let (Weight::AsW(name) | Weight::AsWeight(name) | Weight::Normed { direction: name, .. }) =
            &layer.weight;
        let shape = around.iter().find(|near| near.array.name == *name)?.array.core().to_vec();
        let [out, within] = shape[..] else { return None };
        if within != width_now {
            return None;
        }
        width_now = out;
    }
    (!layers.is_empty() && (!is_out || width_now == width)).then_some(layers)
}

/// The four arrays of an affine map, where they are there.
fn affine(around: &[Near<'_>]) -> Option<Map> {
    let find = |leaf: &str| {
        let is = |near: &&Near<'_>| near.up == 0 && Name::new(&near.array.name).leaf() == leaf;
        around.iter().find(is).map(|near| near.array.name.clone())
    };
    Some(Map::Affine {
        mean: find("codebook_mean")?,
        variance: find("codebook_variance")?,
        batch_mean: find("batch_mean")?,
        batch_variance: find("batch_variance")?,
    })
}
