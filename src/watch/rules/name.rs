//! Words of the names of arrays.

/// Names of encoder outputs.
pub const LATENTS: [&str; 3] = ["latents", "encodings", "z_e"];

/// Names of the step.
pub const STEPS: [&str; 4] = ["step", "global_step", "iteration", "iter"];

/// A name cut into parts at dots and slashes, and each part into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name<'a> {
    /// Its parts.
    pub parts: Vec<&'a str>,
}

/// Parts that say how a model was wrapped or what a file is, and nothing of the array.
const WRAPPERS: [&str; 12] = [
    "module",
    "_orig_mod",
    "state_dict",
    "model",
    "generator",
    "net",
    "params",
    "params_ema",
    "online_model",
    "ema_model",
    "ema",
    "_forward_module",
];

/// Parts below which lies a copy of what stands elsewhere in the file, or nothing of the model.
const ASIDE: [&str; 19] = [
    "model_ema",
    "optimizer",
    "optimizers",
    "optimizer_states",
    "optimizer_state_dict",
    "optim",
    "opt",
    "lr_scheduler",
    "lr_schedulers",
    "scheduler",
    "loss",
    "discriminator",
    "disc",
    "perceptual_loss",
    "lpips",
    "exp_avg",
    "exp_avg_sq",
    "momentum_buffer",
    "teacher",
];

/// Words of names of counts, averages, shares, flags and indices.
const USE: [&str; 26] = [
    "usage",
    "usages",
    "use",
    "uses",
    "used",
    "count",
    "counts",
    "counter",
    "hit",
    "hits",
    "hist",
    "histogram",
    "freq",
    "frequency",
    "frequencies",
    "prob",
    "probs",
    "probability",
    "occupancy",
    "population",
    "assignments",
    "assigned",
    "indices",
    "index",
    "utilization",
    "activity",
];

/// Words that make a name one of something else.
const NOT_USE: [&str; 13] = [
    "embed_avg",
    "bias",
    "weight",
    "sum",
    "dw",
    "mean",
    "variance",
    "var",
    "std",
    "steps",
    "updates",
    "init",
    "batches",
];

/// Wrappers of a moving average of the whole model.
const COPIES: [&str; 3] = ["ema_model", "ema", "params_ema"];

impl<'a> Name<'a> {
    /// Cuts a name.
    pub fn new(name: &'a str) -> Self {
        Self { parts: name.split(['.', '/', ':']).filter(|part| !part.is_empty()).collect() }
    }

    /// The last part; of `x.weight`, the one before it.
    pub fn leaf(&self) -> &'a str {
        let last = self.parts.last().copied().unwrap_or_default();
        // `average` is how Haiku keeps a moving average.
        let is_weight = matches!(last, "weight" | "weights" | "w" | "value" | "average");
        match self.parts.len().checked_sub(2) {
            Some(owner) if is_weight => self.parts[owner],
            _ => last,
        }
    }

    /// The words of the leaf.
    pub fn leaf_words(&self) -> Vec<String> {
        words(self.leaf())
    }

    /// The parts before the leaf.
    pub fn before_leaf(&self) -> &[&'a str] {
        let last = self.parts.len().saturating_sub(1);
        let is_weight = self.parts.last().is_some_and(|last| *last != self.leaf());
        &self.parts[..last - usize::from(is_weight && last > 0)]
    }

    /// Whether it lies in what is no part of the model, or in a copy without dots.
    pub fn is_aside(&self) -> bool {
        self.parts.iter().any(|part| ASIDE.contains(part))
    }

    /// Whether it lies in a moving average of the whole model.
    pub fn is_copy(&self) -> bool {
        self.parts.iter().any(|part| COPIES.contains(part))
    }

    /// The name without wrappers.
    pub fn bare(&self) -> String {
        let parts: Vec<&str> =
            self.parts.iter().copied().filter(|part| !WRAPPERS.contains(part)).collect();
        parts.join(".")
    }

    /// The bare name with every number in it as `#`.
    pub fn template(&self) -> String {
        let mut out = String::new();
        for c in self.bare().chars() {
            match c.is_ascii_digit() {
                true if out.ends_with('#') => {}
                true => out.push('#'),
                false => out.push(c),
            }
        }
        out
    }

    /// How the whole name sorts where numbers count as numbers.
    pub fn natural(&self) -> Vec<(String, u64)> {
        let natural = |part: &&str| {
            let word = part.trim_end_matches(|c: char| c.is_ascii_digit());
            (word.to_string(), part[word.len()..].parse().unwrap_or(0))
        };
        self.parts.iter().map(natural).collect()
    }
}

/// The words of a part in small letters: cut at underscores, and where small letters meet capitals.
pub fn words(part: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut was_small = false;
    for c in part.chars() {
        if c == '_' || c == '-' || was_small && c.is_uppercase() {
            all.push(String::new());
        }
        if c != '_' && c != '-' {
            all.last_mut().into_iter().for_each(|word| word.extend(c.to_lowercase()));
        }
        was_small = c.is_lowercase();
    }
    all.retain(|word| !word.is_empty());
    all
}

/// Whether one of the words is one of these.
pub fn has(words: &[String], of: &[&str]) -> bool {
    words.iter().any(|word| of.contains(&word.as_str()))
}

/// Whether a part of a name says that it is a quantizer.
pub fn is_quantizer(part: &str) -> bool {
    let small = part.to_lowercase();
    let squeezed: String = small.chars().filter(|c| *c != '_').collect();
    ["quantiz", "quantis", "codebook", "codevector", "codeword", "bottleneck"]
        .iter()
        .any(|word| squeezed.contains(word))
        || words(part).iter().any(|word| {
            let word = word.trim_end_matches(|c: char| c.is_ascii_digit());
            matches!(
                word,
                "vq" | "vqs" | "rq" | "rqs" | "rvq" | "rvqs" | "vqvae" | "vqgan" | "grvq"
            )
        })
}

/// Whether the words of a module say that it is one over codes.
pub fn is_of_codes(words: &[String]) -> bool {
    has(words, &["code", "codes", "codebook", "embedding", "embed"])
        && has(words, &["transform", "proj", "projection", "mlp", "linear", "map", "net", "to"])
}

/// Whether a name is one of use.
pub fn is_named_use(name: &str) -> bool {
    let leaf = Name::new(name).leaf_words();
    let is_size = has(&leaf, &["size"]) && has(&leaf, &["cluster", "clusters", "ema"]);
    (is_size || has(&leaf, &USE) || leaf == ["n"] || leaf == ["ema", "n"]) && !has(&leaf, &NOT_USE)
}

/// Whether a name is one of indices: codes that were chosen, one after the other.
pub fn is_named_indices(name: &str) -> bool {
    let leaf = Name::new(name).leaf_words();
    has(&leaf, &["indices", "index", "tokens"]) || leaf == ["codebook", "used"]
}

/// Whether a name may be one of tuples of codes, where its numbers are whole: `codes` and `ids` are, too.
pub fn is_named_tuples(name: &str) -> bool {
    let leaf = Name::new(name).leaf_words();
    is_named_indices(name) || has(&leaf, &["codes", "ids", "sids", "tuples"])
}
