//! Which array of a file is what: names of our own, and those of some libraries.

use crate::text::shown;

/// Names by which a library's state dict holds a codebook. A name in a file may have any prefix
/// that ends with a dot.
pub struct Family {
    /// Whose names they are.
    pub library: &'static str,
    /// The codes, K x d.
    pub codes: &'static str,
    /// Weight of the linear layer over the codes, as `torch.nn.Linear` has it.
    pub weight: Option<&'static str>,
    /// Its bias.
    pub bias: Option<&'static str>,
    /// Whether the codes alone, without that layer, are not these names.
    pub needs_weight: bool,
    /// Uses of each code, K.
    pub usage: Option<&'static str>,
}

/// The libraries whose names are known.
pub const FAMILIES: [Family; 4] = [
    Family {
        library: "the authors' SimVQ, taming-transformers",
        codes: "quantize.embedding.weight",
        weight: Some("quantize.embedding_proj.weight"),
        bias: Some("quantize.embedding_proj.bias"),
        needs_weight: false,
        usage: None,
    },
    Family {
        library: "vector-quantize-pytorch, VectorQuantize",
        codes: "_codebook.embed",
        weight: None,
        bias: None,
        needs_weight: false,
        usage: Some("_codebook.cluster_size"),
    },
    Family {
        library: "vector-quantize-pytorch, SimVQ",
        codes: "frozen_codebook",
        weight: Some("code_transform.weight"),
        bias: Some("code_transform.bias"),
        needs_weight: true,
        usage: None,
    },
    Family {
        library: "vector-quantize-pytorch, the first SimVQ",
        codes: "codebook",
        weight: Some("codebook_to_codes.weight"),
        bias: None,
        needs_weight: true,
        usage: None,
    },
];

/// A matrix over the codes, and which way round it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matrix {
    /// W of E = C·W + b, input x output.
    AsW(String),
    /// The weight of a linear layer, output x input: the transpose of W.
    AsWeight(String),
}

/// Names of the arrays that matter in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// The codes: E itself, or C where there is a matrix.
    pub codes: String,
    /// The matrix over them.
    pub matrix: Option<Matrix>,
    /// The bias of that matrix.
    pub bias: Option<String>,
    /// Uses of each code.
    pub usage: Option<String>,
    /// Encoder outputs.
    pub latents: Option<String>,
    /// The step.
    pub step: Option<String>,
}

/// Looks for the arrays that matter.
///
/// # Errors
/// Why the names do not tell which array is the codebook, and what to do; without the file's name.
pub fn choose(names: &[String]) -> Result<Chosen, String> {
    let own = |name: &str| names.iter().find(|n| *n == name).cloned();
    let (usage, latents, step) = (own("usage"), own("latents"), own("step"));
    for family in &FAMILIES {
        let Some(found) = of_family(names, family)? else { continue };
        // Names of our own say more than a library's.
        if own("C").is_some() || own("codebook").is_some_and(|name| name != found.codes) {
            break;
        }
        let usage = usage.or(found.usage);
        return Ok(Chosen { usage, latents, step, ..found });
    }
    let matrix = match (own("W"), own("linear.weight")) {
        (Some(_), Some(_)) => {
            return Err(
                "holds both `W` and `linear.weight`, its transpose in PyTorch; save one of them"
                    .into(),
            );
        }
        (w, weight) => w.map(Matrix::AsW).or(weight.map(Matrix::AsWeight)),
    };
    let bias = match (own("b"), own("linear.bias")) {
        (Some(_), Some(_)) => {
            return Err("holds both `b` and `linear.bias`; save one of them".into());
        }
        (b, bias) => b.or(bias),
    };
    let codes = match (own("codebook"), own("C")) {
        (Some(_), Some(_)) => {
            return Err("holds both `codebook` (the codes as they are compared with) and `C` (the codes before W); save one of them".into());
        }
        (Some(_), None) if matrix.is_some() || bias.is_some() => {
            return Err("holds `codebook` beside a matrix or a bias; `codebook` is what they have made already, so name the codes before them `C`".into());
        }
        (Some(codes), None) | (None, Some(codes)) => codes,
        (None, None) => return Err(without_codes(names)),
    };
    if matrix.is_none() && bias.is_some() {
        return Err("holds a bias without a matrix; save `W` beside it, or the finished codes as `codebook`".into());
    }
    Ok(Chosen { codes, matrix, bias, usage, latents, step })
}

/// What a family's names give; `None` where the file does not use them.
fn of_family(names: &[String], family: &Family) -> Result<Option<Chosen>, String> {
    let ends = |name: &str, suffix: &str| {
        name.strip_suffix(suffix).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    };
    let find = |suffix: Option<&'static str>| -> Vec<&String> {
        suffix.map_or(Vec::new(), |suffix| names.iter().filter(|n| ends(n, suffix)).collect())
    };
    let codes = find(Some(family.codes));
    let weights = find(family.weight);
    if codes.is_empty() || family.needs_weight && weights.is_empty() {
        return Ok(None);
    }
    if let [first, second, ..] = codes[..] {
        let (first, second) = (shown(first), shown(second));
        return Err(format!(
            "holds {} codebooks (`{first}`, `{second}`...); save the one to look at as `codebook`",
            codes.len()
        ));
    }
    // With one codebook there is one of each; more would belong to something else.
    let one = |found: Vec<&String>| (found.len() == 1).then(|| found[0].clone());
    Ok(Some(Chosen {
        codes: codes[0].clone(),
        matrix: one(weights).map(Matrix::AsWeight),
        bias: one(find(family.bias)),
        usage: one(find(family.usage)),
        latents: None,
        step: None,
    }))
}

fn without_codes(names: &[String]) -> String {
    let known: Vec<String> = FAMILIES.iter().map(|f| format!("`{}`", f.codes)).collect();
    let there = match names {
        [] => "it is empty".into(),
        [first, rest @ ..] => match rest.len() {
            0 => format!("it holds `{}`", shown(first)),
            n => format!("it holds `{}` and {n} more", shown(first)),
        },
    };
    format!(
        "holds no codebook by a name that is known (`codebook`, or `C`, or {} in a state dict): {there}; save the codes, K x d, as `codebook`",
        known[..3].join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(names: &[&str]) -> Result<Chosen, String> {
        choose(&names.iter().map(ToString::to_string).collect::<Vec<_>>())
    }

    #[test]
    fn names_of_our_own_are_found() {
        let all = of(&["C", "W", "b", "usage", "latents", "step", "loss"]).unwrap();
        assert_eq!(all.matrix, Some(Matrix::AsW("W".into())));
        assert_eq!((all.codes.as_str(), all.bias.as_deref()), ("C", Some("b")));
        let layer = of(&["C", "linear.weight", "linear.bias"]).unwrap();
        assert_eq!(layer.matrix, Some(Matrix::AsWeight("linear.weight".into())));
        assert_eq!(of(&["codebook"]).unwrap().matrix, None);
    }

    #[test]
    fn state_dicts_of_libraries_are_found_under_any_prefix() {
        let simvq = of(&[
            "decoder.0.weight",
            "quantize.embedding.weight",
            "quantize.embedding_proj.bias",
            "quantize.embedding_proj.weight",
            "step",
        ])
        .unwrap();
        assert_eq!(simvq.matrix, Some(Matrix::AsWeight("quantize.embedding_proj.weight".into())));
        assert_eq!(simvq.step.as_deref(), Some("step"));
        let vq = of(&["vq._codebook.cluster_size", "vq._codebook.embed", "vq._codebook.embed_avg"]);
        assert_eq!(vq.unwrap().usage.as_deref(), Some("vq._codebook.cluster_size"));
        let new = of(&["code_transform.weight", "frozen_codebook"]).unwrap();
        assert_eq!(new.matrix, Some(Matrix::AsWeight("code_transform.weight".into())));
        // The same word with and without a layer: C of a library, or E of our own.
        let old = of(&["codebook", "codebook_to_codes.weight"]).unwrap();
        assert_eq!(old.matrix, Some(Matrix::AsWeight("codebook_to_codes.weight".into())));
        // A state dict to which someone added the finished codes.
        assert_eq!(of(&["codebook", "quantize.embedding.weight"]).unwrap().codes, "codebook");
    }

    #[test]
    fn what_could_mean_two_things_is_refused() {
        for (names, words) in [
            (&["layers.0._codebook.embed", "layers.1._codebook.embed"][..], "2 codebooks"),
            (&["C", "codebook"], "both `codebook`"),
            (&["codebook", "W"], "`C`"),
            (&["C", "W", "linear.weight"], "transpose"),
            (&["C", "W", "b", "linear.bias"], "both `b`"),
            (&["C", "b"], "without a matrix"),
            (&["encoder.weight", "encoder.bias"], "`encoder.weight` and 1 more"),
            (&[], "empty"),
        ] {
            let error = of(names).unwrap_err();
            assert!(error.contains(words), "{names:?}: {error}");
        }
    }
}
