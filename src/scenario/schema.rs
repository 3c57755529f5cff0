//! Every key of a scenario file: its type, its range and its default in words.
//!
//! The reader checks a file against this table before it is decoded, so that an error can name
//! the key, the line and the way out.

/// Most steps of a run; a GPU would train for weeks.
pub const MOST_STEPS: u64 = 100_000_000;

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any text.
    Text,
    /// true or false.
    Bool,
    /// A whole number within bounds.
    Int(i64, i64),
    /// A finite number, greater than the first bound if `true`, and at most the second.
    Number(f64, bool, f64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Steps per second or "unlimited".
    Pace,
    /// A step or "end".
    Step,
    /// Levels of a grid.
    Levels,
    /// A table with keys of its own.
    Table,
    /// A list of tables.
    Tables,
}

/// One key.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    /// Dotted path; `lanes.*` stands for `lanes.a` and `lanes.b`.
    pub path: &'static str,
    /// What its value may be.
    pub kind: Kind,
    /// The default, in words.
    pub default: &'static str,
}

const fn key(path: &'static str, kind: Kind, default: &'static str) -> Key {
    Key { path, kind, default }
}

const SETS: Kind = Kind::Word(&["photos", "digits", "fashion"]);
const INITS: Kind = Kind::Word(&["uniform", "normal", "kmeans", "features"]);
const PRESETS: Kind = Kind::Word(&[
    "vq",
    "simvq",
    "simvq-joint",
    "vq-revive",
    "vq-ema",
    "rotation",
    "vq-kmeans",
    "affine",
    "cvq",
    "fsq",
    "vq-warmup",
    "vq-fc",
    "vq-lc",
    "simvq-mlp",
    "lfq",
    "entropy",
]);
const TRANSFORMS: Kind = Kind::Word(&["full", "diagonal", "low-rank", "mlp"]);
const UPDATES: Kind = Kind::Word(&["gradient", "ema"]);
const UPKEEPS: Kind = Kind::Word(&["none", "revive", "cvq"]);
const ESTIMATORS: Kind = Kind::Word(&["straight-through", "rotation"]);
const SHARE: Kind = Kind::Number(0.0, false, 1.0);
const LANES: Kind = Kind::Word(&["a", "b"]);
const METRICS: Kind = Kind::Word(&[
    "utilization",
    "final_utilization",
    "utilization_window",
    "utilization_batch",
    "perplexity",
    "dead_codes",
    "recon_mse",
    "psnr",
    "quant_error",
    "effective_rank_w",
]);
const FLAGS: Kind = Kind::Word(&["collapse", "recovery", "saturation", "runaway", "diverged"]);
const STEPS: Kind = Kind::Int(1, MOST_STEPS as i64);
const STEP: Kind = Kind::Int(0, MOST_STEPS as i64);
const SEED: Kind = Kind::Int(0, i64::MAX);
const LR: Kind = Kind::Number(0.0, true, 1e3);
const BETA: Kind = Kind::Number(0.0, false, 1e6);
const STD: Kind = Kind::Number(0.0, true, 1e6);
const TOKENS: Kind = Kind::Int(1, 1 << 24);
const SIZE: Kind = Kind::Int(1, 1 << 24);
const DIM: Kind = Kind::Int(1, 512);

/// All keys, tables before what is in them.
pub const KEYS: &[Key] = &[
    key("title", Kind::Text, "required"),
    key("about", Kind::Text, "empty"),
    key("seed", SEED, "0"),
    key("steps", STEPS, "1200"),
    key("pace", Kind::Pace, "60 steps per second"),
    key("data", Kind::Table, ""),
    key("data.set", SETS, "photos"),
    key("data.eval_tokens", TOKENS, "20480, or what is held out"),
    key("data.final_tokens", Kind::Int(0, 1 << 32), "0, no final count"),
    key("model", Kind::Table, ""),
    key("model.hidden", Kind::Int(1, 65_536), "128; 256 for fashion"),
    key("model.tokens", Kind::Int(1, 1024), "1 for photos, 4 for digits, 16 for fashion"),
    key("train", Kind::Table, ""),
    key("train.lr", LR, "0.003"),
    key("train.beta", BETA, "0.25"),
    key("train.batch_tokens", TOKENS, "512"),
    key("train.window_tokens", TOKENS, "20480"),
    key("train.eval_every", STEPS, "240"),
    key("codebook", Kind::Table, ""),
    key("codebook.size", SIZE, "512"),
    key("codebook.dim", DIM, "16"),
    key("codebook.init", INITS, "uniform where only C learns, else normal"),
    key("codebook.std", STD, "d^-1/2"),
    key("lanes", Kind::Table, "required"),
    key("lanes.*", Kind::Table, "a is required"),
    key("lanes.*.preset", PRESETS, "none"),
    key("lanes.*.learn_c", Kind::Bool, "the preset's, or true"),
    key("lanes.*.learn_w", Kind::Bool, "the preset's, or false"),
    key("lanes.*.levels", Kind::Levels, "the preset's, or none"),
    key("lanes.*.bits", Kind::Int(1, 24), "the preset's, or none"),
    key("lanes.*.factor", Kind::Int(0, 512), "the preset's, or 0"),
    key("lanes.*.lookup", Kind::Word(&["l2", "cosine"]), "the preset's, or l2"),
    key("lanes.*.warmup", STEP, "the preset's, or 0"),
    key("lanes.*.c_lr", SHARE, "1"),
    key("lanes.*.bias", Kind::Bool, "true"),
    key("lanes.*.transform", TRANSFORMS, "the preset's, or full"),
    key("lanes.*.rank", DIM, "4"),
    key("lanes.*.update", UPDATES, "the preset's, or gradient"),
    key("lanes.*.upkeep", UPKEEPS, "the preset's, or none"),
    key("lanes.*.entropy", BETA, "the preset's, or 0"),
    key("lanes.*.temperature", STD, "the preset's, or 0.1"),
    key("lanes.*.estimator", ESTIMATORS, "the preset's, or straight-through"),
    key("lanes.*.seed", SEED, "seed"),
    key("lanes.*.steps", STEPS, "the run's"),
    key("lanes.*.data", Kind::Table, ""),
    key("lanes.*.data.set", SETS, "data.set"),
    key("lanes.*.train", Kind::Table, ""),
    key("lanes.*.train.lr", LR, "train.lr"),
    key("lanes.*.train.beta", BETA, "train.beta"),
    key("lanes.*.train.batch_tokens", TOKENS, "train.batch_tokens"),
    key("lanes.*.codebook", Kind::Table, ""),
    key("lanes.*.codebook.size", SIZE, "codebook.size"),
    key("lanes.*.codebook.dim", DIM, "codebook.dim"),
    key("lanes.*.codebook.init", INITS, "codebook.init"),
    key("lanes.*.codebook.std", STD, "codebook.std"),
    key("change", Kind::Tables, "none"),
    key("change.step", STEP, "required"),
    key("change.caption", Kind::Text, "none"),
    key("change.lane", LANES, "both"),
    key("change.lr", LR, "unchanged"),
    key("change.beta", BETA, "unchanged"),
    key("change.learn_c", Kind::Bool, "unchanged"),
    key("change.learn_w", Kind::Bool, "unchanged"),
    key("change.c_lr", SHARE, "unchanged"),
    key("change.update", UPDATES, "unchanged"),
    key("change.upkeep", UPKEEPS, "unchanged"),
    key("change.entropy", BETA, "unchanged"),
    key("change.estimator", ESTIMATORS, "unchanged"),
    key("change.codebook", Kind::Word(&["fresh", "keep"]), "fresh"),
    key("expect", Kind::Tables, "none"),
    key("expect.lane", LANES, "required"),
    key("expect.metric", METRICS, "this or event is required"),
    key("expect.step", Kind::Step, "required with metric"),
    key("expect.min", Kind::Number(f64::MIN, false, f64::MAX), "no bound"),
    key("expect.max", Kind::Number(f64::MIN, false, f64::MAX), "no bound"),
    key("expect.less_than", LANES, "no comparison"),
    key("expect.more_than", LANES, "no comparison"),
    key("expect.times", STD, "1"),
    key("expect.event", FLAGS, "this or metric is required"),
    key("expect.before", STEPS, "the whole run"),
    key("expect.after", STEP, "the whole run"),
    key("expect.caption", Kind::Int(0, 100_000_000), "none"),
    key("expect.never", Kind::Bool, "false"),
];

impl Kind {
    /// What a value must be, in words.
    pub fn describe(self) -> String {
        match self {
            Self::Text => "a text in quotes".into(),
            Self::Bool => "true or false".into(),
            Self::Int(low, high) if high == i64::MAX => format!("a whole number of at least {low}"),
            Self::Int(low, high) => format!("a whole number from {low} to {high}"),
            Self::Number(_, true, high) => format!("a number greater than 0 and at most {high}"),
            Self::Number(low, false, _) if low == f64::MIN => "a finite number".into(),
            Self::Number(low, false, high) => format!("a number from {low} to {high}"),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Pace => {
                "steps per second (greater than 0, at most 1000000) or \"unlimited\"".into()
            }
            Self::Step => format!("{} or \"end\"", STEPS.describe()),
            Self::Levels => {
                "a list of 1 to 16 whole numbers from 2 to 64, such as [8, 8, 8]".into()
            }
            Self::Table => "a table".into(),
            Self::Tables => "a list of tables, each under its own double brackets".into(),
        }
    }

    /// Whether a value is allowed.
    pub fn allows(self, value: &toml::Value) -> bool {
        let number = value.as_float().or(value.as_integer().map(|i| i as f64));
        match self {
            Self::Text => value.is_str(),
            Self::Bool => value.is_bool(),
            Self::Int(low, high) => value.as_integer().is_some_and(|i| (low..=high).contains(&i)),
            Self::Number(low, open, high) => number.is_some_and(|x| {
                x.is_finite() && x <= high && if open { x > low } else { x >= low }
            }),
            Self::Word(words) => value.as_str().is_some_and(|w| words.contains(&w)),
            Self::Pace => {
                value.as_str() == Some("unlimited") || number.is_some_and(|x| x > 0.0 && x <= 1e6)
            }
            Self::Step => value.as_str() == Some("end") || STEPS.allows(value),
            Self::Levels => value.as_array().is_some_and(|all| {
                let is_level =
                    |v: &toml::Value| v.as_integer().is_some_and(|l| (2..=64).contains(&l));
                (1..=16).contains(&all.len()) && all.iter().all(is_level)
            }),
            Self::Table => value.is_table(),
            Self::Tables => {
                value.as_array().is_some_and(|all| all.iter().all(toml::Value::is_table))
            }
        }
    }
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ")
}

/// The key of a dotted path, where `lanes.a` and `lanes.b` both match `lanes.*`.
pub fn find(path: &str) -> Option<&'static Key> {
    let general = generalize(path);
    KEYS.iter().find(|k| k.path == general)
}

fn generalize(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('.').collect();
    if parts.len() > 1 && parts[0] == "lanes" && ["a", "b"].contains(&parts[1]) {
        parts[1] = "*";
    }
    parts.join(".")
}

/// The known key most like an unknown one, for "did you mean".
pub fn nearest(path: &str) -> String {
    // No key is nearly as long.
    let general: String = generalize(path).chars().take(100).collect();
    let lane = if path.starts_with("lanes.b") { "b" } else { "a" };
    // A key forgotten its table ("lr" for "train.lr") is as near as a misspelt one.
    let score = |known: &str| {
        let last = known.rsplit('.').next().unwrap_or(known);
        let typed = general.rsplit('.').next().unwrap_or(&general);
        strsim::jaro_winkler(known, &general).max(0.98 * strsim::jaro_winkler(last, typed))
    };
    let best = KEYS
        .iter()
        .max_by(|a, b| {
            score(a.path)
                .total_cmp(&score(b.path))
                .then(b.path.len().cmp(&a.path.len()))
                .then(b.path.cmp(a.path))
        })
        .expect("the table of keys is not empty");
    best.path.replace('*', lane)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_keys_find_their_neighbours() {
        assert_eq!(nearest("train.lrr"), "train.lr");
        assert_eq!(nearest("codebook.sise"), "codebook.size");
        assert_eq!(nearest("lanes.b.learn_x"), "lanes.b.learn_c");
        assert_eq!(nearest("titel"), "title");
        assert_eq!(nearest("batch_tokens"), "train.batch_tokens");
    }

    #[test]
    fn ranges_refuse_what_is_not_a_number() {
        let number = find("train.lr").unwrap().kind;
        assert!(!number.allows(&toml::Value::Float(f64::NAN)));
        assert!(!number.allows(&toml::Value::Float(0.0)));
        assert!(!number.allows(&toml::Value::Float(f64::INFINITY)));
        assert!(number.allows(&toml::Value::Integer(1)));
        assert!(!find("codebook.size").unwrap().kind.allows(&toml::Value::Integer(0)));
        assert!(find("lanes.a.codebook.size").is_some() && find("lanes.c").is_none());
    }
}
