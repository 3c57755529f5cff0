//! How a model looks for the nearest code, as what lies beside the codes says it.

use crate::watch::rules::levels::Near;
use crate::watch::rules::name::{Name, has, is_named_indices};
use crate::watch::rules::plan::{Book, Known, Lookup, Map};
use crate::watch::rules::wishes::Wishes;

/// How codes of a book are looked for, and how that is known.
pub fn find(around: &[Near<'_>], book: &Book, wishes: &Wishes) -> (Lookup, Known) {
    if let Some(said) = wishes.lookup {
        return (said, Known::Said);
    }
    let near: Vec<(&Near<'_>, Vec<String>)> = around
        .iter()
        .filter(|near| near.up <= 1)
        .map(|near| (near, Name::new(&near.array.name).leaf_words()))
        .collect();
    let any = |is: &dyn Fn(&Near<'_>, &[String]) -> bool| near.iter().any(|(n, w)| is(n, w));
    // A linear layer with one output a code: the largest wins.
    let all = book.size * book.part.of;
    let has_logits = any(&|near, words| {
        has(words, &["proj", "logits", "logit"])
            && !has(words, &["in", "out", "input", "output"])
            && near.array.core().len() == 2
            && near.array.core().first() == Some(&all)
            && near.array.core() != [book.dim, book.dim]
    });
    if has_logits {
        return (Lookup::Logits, Known::Beside);
    }
    // Factorized codes (ViT-VQGAN, DAC): projected onto few axes, and compared by angle there.
    let is_linear = |near: &Near<'_>| near.array.shape.len() == 2;
    let has_in = any(&|near, words| {
        near.up == 0 && words.starts_with(&["in".into(), "proj".into()])
            || is_linear(near) && *words == ["pre", "quant"]
            || is_inside(near, "in_proj")
    });
    // Names by which libraries say so, and buffers that only models with such a lookup have.
    let has_sign = any(&|near, words| {
        is_named_indices(&near.array.name) && *words == ["codebook", "used"]
            || *words == ["embed", "prob"]
            || has(words, &["cosine", "qbridge"])
            || near.array.name.split('.').any(|part| part == "qbridge")
    });
    // A k-means start in the table's module beside a count of the quantizer's own (BEiT-2).
    let has_inner = around.iter().any(|n| n.is_inner && n.array.name.ends_with("cluster_size"));
    let has_outer =
        around.iter().any(|n| !n.is_inner && n.up == 0 && n.array.name.ends_with("cluster_size"));
    if has_in || has_sign || has_inner && has_outer || matches!(book.map, Map::Bits(_)) {
        return (Lookup::Cosine, Known::Beside);
    }
    // Averages that a library keeps for a codebook with Euclidean distance; one for the angle keeps its
    // codes at length 1, where both find the same.
    let has_averages = book.over.is_some()
        || any(&|near, words| near.up == 0 && has(words, &["avg", "average", "dw", "sum"]));
    let is_mapped = !matches!(book.map, Map::None);
    let known = if has_averages || is_mapped { Known::Beside } else { Known::Assumed };
    (Lookup::L2, known)
}

/// Whether an array belongs to a module of this name in the codes' own.
fn is_inside(near: &Near<'_>, module: &str) -> bool {
    near.up == 0 && near.array.name.split('.').any(|part| part == module)
}
