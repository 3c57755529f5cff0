//! Which codebooks of a file quantize what another one left over, as their names say it.

use crate::watch::rules::name::{Name, has, words};
use crate::watch::rules::plan::Book;

/// Words of modules whose members stand beside each other: each is given something of its own.
const BESIDE: [&str; 18] = [
    "block",
    "blocks",
    "branch",
    "branches",
    "group",
    "groups",
    "head",
    "heads",
    "part",
    "parts",
    "resolution",
    "resolutions",
    "rqs",
    "rvqs",
    "scale",
    "scales",
    "slice",
    "slices",
];

/// Encoder outputs that a codebook has beside it, as `vqscope.Watch` saves those of a head or a group.
pub fn own_latents(book: &Book) -> Option<String> {
    let last = ["codebook", "C"].into_iter();
    let start = last.filter_map(|last| book.codes.strip_suffix(last)).next()?;
    start.starts_with("level.").then(|| format!("{start}latents"))
}

/// Whether some codebooks, of which each has the first one of its chain here, stand beside each other.
pub fn are_beside(starts: &[usize]) -> bool {
    starts.iter().any(|start| *start > 0)
}

/// For each codebook the first one of its chain: of a residual quantizer the levels follow each other. One
/// that stands beside the others is the first and only one of its own, and a file that `has` encoder outputs
/// of a codebook begins a chain with it.
pub fn starts(books: &[Book], has: impl Fn(&str) -> bool) -> Vec<usize> {
    let mut starts: Vec<usize> = Vec::with_capacity(books.len());
    for (at, book) in books.iter().enumerate() {
        let is_given = own_latents(book).is_some_and(|name| has(&name));
        let before = at.checked_sub(1).filter(|_| !is_given);
        let before = before.filter(|&before| follows(&books[before], book));
        starts.push(before.map_or(at, |before| starts[before]));
    }
    starts
}

/// Whether two codebooks are arrays of their own and of one width, whose names are the same but for the
/// last number, which is one more.
fn follows(before: &Book, after: &Book) -> bool {
    let is_alike = before.dim == after.dim && before.part.of == 1 && after.part.of == 1;
    let (one, next) = (Name::new(&before.codes), Name::new(&after.codes));
    let Some(at) = one.parts.iter().rposition(|part| number(part).is_some()) else { return false };
    if !is_alike || one.parts.len() != next.parts.len() {
        return false;
    }
    let is_same = |i: &usize| one.parts[*i] == next.parts[*i];
    let (Some((word, n)), Some((other, m))) = (number(one.parts[at]), number(next.parts[at]))
    else {
        return false;
    };
    // `blocks.3` is one of the blocks, and `block_3` as well.
    let module = match (word, at.checked_sub(1)) {
        ("", Some(owner)) => one.parts[owner],
        _ => word,
    };
    word == other
        && n.checked_add(1) == Some(m)
        && (0..one.parts.len()).filter(|i| *i != at).all(|i| is_same(&i))
        && !has(&words(module), &BESIDE)
}

/// A part of a name that ends in a number, with what stands before it.
fn number(part: &str) -> Option<(&str, u64)> {
    let word = part.trim_end_matches(|c: char| c.is_ascii_digit());
    Some((word, part[word.len()..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::watch::rules::plan::{Known, Lookup, Map, Part};

    fn book(codes: &str) -> Book {
        Book {
            label: codes.into(),
            codes: codes.into(),
            part: Part::WHOLE,
            is_turned: false,
            size: 8,
            dim: 4,
            over: None,
            map: Map::None,
            usage: Vec::new(),
            lookup: Lookup::L2,
            known: Known::Assumed,
        }
    }

    fn of(names: &[&str]) -> Vec<usize> {
        starts(&names.iter().map(|name| book(name)).collect::<Vec<_>>(), |_| false)
    }

    #[test]
    fn levels_of_a_residual_quantizer_follow_each_other_and_others_stand_beside() {
        assert_eq!(of(&["layers.0._codebook.embed", "layers.1._codebook.embed"]), [0, 0]);
        assert_eq!(of(&["level.0.codebook", "level.1.codebook", "level.2.codebook"]), [0, 0, 0]);
        assert_eq!(of(&["q.embed9", "q.embed10", "q.embed12"]), [0, 0, 2]);
        // Heads, of which each has encoder outputs of its own.
        let heads = ["level.0.codebook", "level.1.codebook", "level.2.C"].map(book);
        assert_eq!(starts(&heads, |name| name == "level.1.latents"), [0, 1, 2]);
        let levels = ["level.0.codebook", "level.1.codebook", "level.2.codebook"].map(book);
        assert_eq!(starts(&levels, |name| name == "level.0.latents"), [0, 0, 0]);
        assert_eq!(starts(&levels, |name| name == "level.1.latents"), [0, 1, 1]);
        // Groups, each with levels of its own, also where each has one alone.
        let group = |g, n| format!("rvqs.{g}.layers.{n}._codebook.embed");
        let names = [group(0, 0), group(0, 1), group(1, 0), group(1, 1)];
        assert_eq!(of(&names.each_ref().map(String::as_str)), [0, 0, 2, 2]);
        let names = [group(0, 0), group(1, 0)];
        assert_eq!(of(&names.each_ref().map(String::as_str)), [0, 1]);
        // Scales of Jukebox, and the two quantizers of Mimi.
        let names = ["bottleneck.level_blocks.0.k", "bottleneck.level_blocks.1.k"];
        assert_eq!(of(&names), [0, 1]);
        let mimi = |which, n| format!("quantizer.rvq_{which}.vq.layers.{n}._codebook");
        let names = [mimi("first", 0), mimi("rest", 0), mimi("rest", 1)];
        assert_eq!(of(&names.each_ref().map(String::as_str)), [0, 1, 1]);
        assert_eq!(of(&["quantize.embedding.weight", "pixel_quantize.embedding.weight"]), [0, 1]);
        // Heads of one array, and levels of different widths.
        let heads = [0, 1].map(|index| Book { part: Part { index, of: 2 }, ..book("codebook") });
        assert_eq!(starts(&heads, |_| false), [0, 1]);
        let wide = Book { dim: 9, ..book("layers.1.embed") };
        assert_eq!(starts(&[book("layers.0.embed"), wide], |_| false), [0, 1]);
    }
}
