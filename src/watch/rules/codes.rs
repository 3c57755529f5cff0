//! Which arrays of a file are codes.

use crate::text::shown;
use crate::watch::rules::name::{Name, has, is_named_use, is_quantizer, words};
use crate::watch::rules::plan::{Listed, Note, list};
use crate::watch::rules::wishes::Wishes;

/// From this score on an array is one of codes.
const SURE: i32 = 5;

/// From this score on it is where no other array reaches it.
const ALONE: i32 = 3;

/// Words of a leaf that say "codes".
const CODES: [&str; 12] = [
    "codebook",
    "codebooks",
    "codes",
    "code",
    "codevectors",
    "codevector",
    "codeword",
    "codewords",
    "centroids",
    "centroid",
    "prototypes",
    "dictionary",
];

/// Words of a leaf that codes share with other tables.
const TABLES: [&str; 8] =
    ["embed", "embeds", "embedding", "embeddings", "emb", "vectors", "table", "entries"];

/// Words of a leaf that is something else, whatever surrounds it.
const OTHERS: [&str; 37] = [
    "proj",
    "projection",
    "project",
    "transform",
    "conv",
    "linear",
    "fc",
    "mlp",
    "norm",
    "bn",
    "ln",
    "attn",
    "attention",
    "to",
    "bridge",
    "qbridge",
    "bias",
    "mean",
    "variance",
    "var",
    "std",
    "dw",
    "grad",
    "mask",
    "scale",
    "logit",
    "logits",
    "query",
    "key",
    "value",
    "rotary",
    "head",
    "indices",
    "usage",
    "latents",
    "gamma",
    "beta",
];

/// Words of tables that are embeddings of something else.
const TOKENS: [&str; 14] = [
    "token",
    "tokens",
    "word",
    "words",
    "pos",
    "position",
    "positional",
    "type",
    "class",
    "time",
    "text",
    "label",
    "speaker",
    "wte",
];

/// Words of running sums of latents, one row a code.
const SUMS: [&str; 3] = ["sum", "avg", "average"];

/// An array that is one of codes.
#[derive(Clone, Debug, PartialEq)]
pub struct Found<'a> {
    /// The array.
    pub array: &'a Listed,
    /// Counts by which its rows are divided.
    pub over: Option<&'a Listed>,
}

/// The codes of a file, in the order of the file's list.
///
/// # Errors
/// Nothing looks like codes, or several things do and nothing says which.
pub fn find<'a>(
    listed: &'a [Listed],
    wishes: &Wishes,
) -> Result<(Vec<Found<'a>>, Vec<Note>), String> {
    if let Some(name) = &wishes.codebook {
        return named(listed, name).map(|found| (found, Vec::new()));
    }
    let mut scored: Vec<(i32, Found<'a>)> =
        listed.iter().filter_map(|array| score(listed, array)).collect();
    // Running sums are codes only where the codes themselves are not there.
    let is_of_plain = |sums: &Found<'_>| {
        let owner = owner(&sums.array.name);
        let mut plain = scored.iter().filter(|(score, f)| f.over.is_none() && *score >= ALONE);
        plain.any(|(_, f)| {
            let table = f.array.name.strip_suffix(".weight").unwrap_or(&f.array.name);
            // In the same module, or in the one of the table itself.
            let inner = owner.trim_end_matches(['.', '/']);
            owner == self::owner(&f.array.name) || inner == table
        })
    };
    let doubled: Vec<bool> =
        scored.iter().map(|(_, f)| f.over.is_some() && is_of_plain(f)).collect();
    let mut at = 0..;
    scored.retain(|_| at.next().is_none_or(|at: usize| !doubled[at]));
    // A square matrix beside a table as wide as it is one over the table's rows.
    let is_over_rows = |found: &Found<'_>| {
        let [rows, columns] = found.array.core() else { return false };
        let module = Name::new(&found.array.name).before_leaf().join(".");
        rows == columns
            && scored.iter().any(|(_, other)| match other.array.core() {
                [more, width] => {
                    more > rows
                        && width == columns
                        && Name::new(&other.array.name).before_leaf().join(".") == module
                }
                _ => false,
            })
    };
    let over_rows: Vec<bool> = scored.iter().map(|(_, f)| is_over_rows(f)).collect();
    let mut at = 0..;
    scored.retain(|_| at.next().is_none_or(|at: usize| !over_rows[at]));
    let best = scored.iter().map(|(score, _)| *score).max().unwrap_or(0);
    let sure: Vec<Found<'a>> =
        scored.iter().filter(|(score, _)| *score >= SURE).map(|(_, f)| f.clone()).collect();
    let found = match sure.is_empty() {
        false => sure,
        true => {
            let top: Vec<_> = scored.iter().filter(|(score, _)| *score == best).collect();
            match top[..] {
                [(_, only)] if best >= ALONE => vec![only.clone()],
                _ => return Err(why_none(listed, &scored)),
            }
        }
    };
    Ok(without_copies(found))
}

/// Every array that could be codes, those that look most like it first.
pub fn likely(listed: &[Listed]) -> Vec<&Listed> {
    let is_matrix = |array: &&Listed| {
        let core = array.core();
        let has_rows = core.len() > 1 && core[core.len() - 2..].iter().all(|&n| n > 1);
        array.is_float
            && array.problem.is_none()
            && array.shape.len() <= 3
            && has_rows
            && !Name::new(&array.name).is_aside()
    };
    let mut all: Vec<(i32, &Listed)> = listed
        .iter()
        .filter(is_matrix)
        .map(|array| (score(listed, array).map_or(i32::MIN, |(score, _)| score), array))
        .collect();
    all.sort_by_key(|(score, _)| std::cmp::Reverse(*score));
    all.into_iter().map(|(_, array)| array).collect()
}

/// The array that the user names: its whole name, or an end of it that only one array has, or several
/// arrays with the numbers of their levels as `*`.
fn named<'a>(listed: &'a [Listed], name: &str) -> Result<Vec<Found<'a>>, String> {
    let fits = |array: &&Listed| {
        let is_end = array
            .name
            .strip_suffix(name)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.') || rest.ends_with('/'));
        is_end || name.contains('*') && matches_star(&array.name, name)
    };
    let exact: Vec<&Listed> = listed.iter().filter(|array| array.name == name).collect();
    let found =
        if exact.is_empty() { listed.iter().filter(fits).collect::<Vec<_>>() } else { exact };
    match found[..] {
        [] => Err(format!("holds no array `{}`; {}", shown(name), list(listed.iter()))),
        [_, _, ..] if !name.contains('*') => Err(format!(
            "holds {} arrays that end in `{}`: {}; give the whole name, or put * for the number to take all levels",
            found.len(),
            shown(name),
            list(found.iter().copied())
        )),
        _ => Ok(found
            .into_iter()
            .map(|array| Found {
                array,
                over: is_sums(array).then(|| divisor(listed, array)).flatten(),
            })
            .collect()),
    }
}

/// Whether a name is a pattern with numbers in place of its stars.
fn matches_star(name: &str, pattern: &str) -> bool {
    let mut rest = name;
    let mut pieces = pattern.split('*');
    let Some(tail) = pieces.next().and_then(|first| rest.strip_prefix(first)) else { return false };
    rest = tail;
    for piece in pieces {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        match after.strip_prefix(piece) {
            Some(tail) if after.len() < rest.len() => rest = tail,
            _ => return false,
        }
    }
    rest.is_empty()
}

/// What speaks for an array of codes; `None` where it cannot be one.
fn score<'a>(listed: &'a [Listed], array: &'a Listed) -> Option<(i32, Found<'a>)> {
    let core = array.core();
    let rows = match *core {
        [rows, columns] if rows > 1 && columns > 1 => rows,
        [_, rows, columns] if rows > 1 && columns > 1 && array.shape.len() == 3 => rows,
        // Codes of one number each.
        [rows] if array.shape == [rows, 1] => rows,
        _ => return None,
    };
    let name = Name::new(&array.name);
    if name.is_aside() || !array.is_float {
        return None;
    }
    let leaf = name.leaf_words();
    let is_sum = is_sums(array);
    if has(&leaf, &OTHERS) {
        return None;
    }
    if has(&leaf, &["ema"]) && !has(&leaf, &CODES) && !is_sum {
        return None;
    }
    // Of matrices in a quantizer that are no table only those of `k` are codes (Jukebox).
    let is_table = has(&leaf, &TABLES) || leaf == ["k"];
    let before = name.before_leaf();
    let near = &before[before.len().saturating_sub(4)..];
    let quantizer = near.iter().rposition(|part| is_quantizer(part));
    let is_inside =
        quantizer.is_some_and(|at| near[at + 1..].iter().all(|part| !has(&words(part), &PLACES)));
    let mut score = 0;
    score += if has(&leaf, &CODES) { 4 } else { 0 };
    score += if is_table { 2 } else { 0 };
    score += if is_inside || is_quantizer(name.leaf()) { 3 } else { 0 };
    score += if has(&leaf, &TOKENS) { -4 } else { 0 };
    score += if rows >= *core.last().unwrap_or(&1) { 1 } else { 0 };
    let over = divisor(listed, array);
    score += if over.is_some() || has_counts(listed, array) { 3 } else { 0 };
    if is_table && has_numbered_twin(listed, array, &name) {
        score += 2;
    }
    if is_sum {
        // Sums become codes only where counts stand beside them.
        let over = over?;
        return Some((score, Found { array, over: Some(over) }));
    }
    // Nothing but a shape, as of any linear layer.
    let has_sign = score >= 3 || is_table;
    has_sign.then_some((score, Found { array, over: None }))
}

/// Parts of a network in which a matrix is none of the quantizer around it.
const PLACES: [&str; 10] = [
    "encoder",
    "decoder",
    "attn",
    "attention",
    "mlp",
    "mlps",
    "ffn",
    "transformer",
    "bridge",
    "qbridge",
];

fn is_sums(array: &Listed) -> bool {
    has(&Name::new(&array.name).leaf_words(), &SUMS)
}

/// The path before the leaf of a name.
fn owner(name: &str) -> &str {
    let leaf = Name::new(name).leaf().len();
    let name = name.strip_suffix(".weight").unwrap_or(name);
    &name[..name.len().saturating_sub(leaf)]
}

/// The counts beside an array of sums.
fn divisor<'a>(listed: &'a [Listed], array: &Listed) -> Option<&'a Listed> {
    if !is_sums(array) {
        return None;
    }
    let (owner, rows) = (owner(&array.name), array.core().first().copied()?);
    listed.iter().find(|other| {
        self::owner(&other.name) == owner
            && other.core() == [rows]
            && is_named_use(&other.name)
            && other.is_float
    })
}

/// Whether counts of as many codes stand beside an array.
fn has_counts(listed: &[Listed], array: &Listed) -> bool {
    let core = array.core();
    let owner = owner(&array.name);
    listed.iter().any(|other| {
        let counts = other.core();
        self::owner(&other.name) == owner
            && is_named_use(&other.name)
            && match *core {
                [heads, rows, _] => counts == [heads, rows],
                [rows, columns] => counts == [rows] || counts == [columns],
                _ => counts == core,
            }
    })
}

/// Whether the same name with another number stands in the file.
fn has_numbered_twin(listed: &[Listed], array: &Listed, name: &Name<'_>) -> bool {
    let template = name.template();
    template.contains('#')
        && listed.iter().any(|other| {
            other.name != array.name
                && other.core().last() == array.core().last()
                && Name::new(&other.name).template() == template
        })
}

/// One of each where the file holds the model twice: that which trains, not its moving average.
fn without_copies(mut found: Vec<Found<'_>>) -> (Vec<Found<'_>>, Vec<Note>) {
    let bare: Vec<(String, bool)> = found
        .iter()
        .map(|f| Name::new(&f.array.name))
        .map(|name| (name.bare(), name.is_copy()))
        .collect();
    let before = found.len();
    let mut at = 0..;
    found.retain(|_| {
        let at: usize = at.next().unwrap_or_default();
        let (name, is_copy) = &bare[at];
        let has_better = bare.iter().any(|(other, copy)| other == name && !copy);
        let is_first = bare[..at].iter().all(|(other, _)| other != name);
        if *is_copy && has_better { false } else { is_first || !is_copy }
    });
    // The same model under two wrappers of which none is an average.
    let mut seen: Vec<String> = Vec::new();
    found.retain(|f| {
        let bare = Name::new(&f.array.name).bare();
        let is_new = !seen.contains(&bare);
        seen.push(bare);
        is_new
    });
    let notes = if found.len() < before { vec![Note::CopyLeftAside] } else { Vec::new() };
    (found, notes)
}

/// The error where nothing is taken for codes.
fn why_none(listed: &[Listed], scored: &[(i32, Found<'_>)]) -> String {
    let way = "name it with --codebook NAME, or save it, K x d, as `codebook`";
    let likely: Vec<&Listed> = scored.iter().map(|(_, found)| found.array).collect();
    if !likely.is_empty() {
        let first = likely[0].name.as_str();
        return format!(
            "holds more than one array that may be the codes, or none that surely is: {}; say which with --codebook {}",
            list(likely.iter().copied()),
            shown(first)
        );
    }
    let is_free = |array: &Listed| {
        let name = Name::new(&array.name);
        let is_projection = has(&name.leaf_words(), &["project", "proj"]);
        is_projection
            && name.parts.iter().any(|part| part.starts_with("project") || is_quantizer(part))
    };
    if listed.iter().any(is_free) {
        return format!(
            "holds projections into a quantizer and no table of codes, as FSQ and LFQ do, whose codes follow from rounding and are in no file; for another quantizer {way}"
        );
    }
    let matrices: Vec<&Listed> = listed.iter().filter(|array| array.core().len() == 2).collect();
    match (listed, &matrices[..]) {
        ([], _) => format!("holds no codebook: it is empty; {way}"),
        ([first, rest @ ..], []) => match rest.len() {
            0 => format!("holds no codebook: it holds `{}`; {way}", shown(&first.name)),
            n => {
                format!("holds no codebook: it holds `{}` and {n} more; {way}", shown(&first.name))
            }
        },
        (_, matrices) => format!(
            "holds no array that looks like codes by name or neighbours; its matrices are {}; {way}",
            list(matrices.iter().copied())
        ),
    }
}
