//! Every key of a scenario file: its type, its range and its default in words.
//!
//! The reader checks a file against this table before it is decoded, so that an error can name
//! the key, the line and the way out.

use crate::scenario::DataSet;
use crate::scenario::kind::{BETA, LR, PLACE, STD, STEP, STEPS, key};
use crate::scenario::metric::Metric;
use crate::scenario::setting::{CHANGE_KEYS, LANE_KEYS};
use crate::scenario::view::{ENLARGED, PARTS as WINDOW_PARTS};
use crate::words;

pub use crate::scenario::kind::{Key, Kind};

const SETS: Kind = Kind::Word(&DataSet::NAMES);
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
const LANES: Kind = Kind::Word(&["a", "b"]);
const METRICS: Kind = Kind::Word(Metric::WORDS);
const FLAGS: Kind =
    Kind::Word(&["collapse", "recovery", "saturation", "runaway", "learns-nothing", "diverged"]);
const SEED: Kind = Kind::Int(0, i64::MAX);
const TOKENS: Kind = Kind::Int(1, 1 << 24);
const SIZE: Kind = Kind::Int(1, 1 << 24);
const DIM: Kind = Kind::Int(1, 512);

/// All keys, tables before what is in them.
pub const KEYS: &[Key] = &ALL;

const ALL: [Key; PARTS[0].len()
    + PARTS[1].len()
    + PARTS[2].len()
    + PARTS[3].len()
    + PARTS[4].len()
    + PARTS[5].len()] = joined(PARTS);

/// The rows of hot settings stand in their own table.
const PARTS: [&[Key]; 6] =
    [UP_TO_LANES, LANE_KEYS, UP_TO_CHANGES, CHANGE_KEYS, UP_TO_BEATS, FROM_BEATS];

const fn joined<const N: usize>(parts: [&[Key]; 6]) -> [Key; N] {
    let mut all = [key("", Kind::Text, ""); N];
    let (mut at, mut part) = (0, 0);
    while part < parts.len() {
        let mut i = 0;
        while i < parts[part].len() {
            all[at] = parts[part][i];
            at += 1;
            i += 1;
        }
        part += 1;
    }
    all
}

const UP_TO_LANES: &[Key] = &[
    key("title", Kind::Told, "required"),
    key("about", Kind::Told, "empty"),
    key("seed", SEED, "0").named(|| words!("setting-seed")),
    key("steps", STEPS, "1200").named(|| words!("setting-last-step")),
    key("pace", Kind::Pace, "60 steps per second").named(|| words!("setting-pace")),
    key("data", Kind::Table, ""),
    key("data.set", SETS, "photos").named(|| words!("setting-data")),
    key("data.eval_tokens", TOKENS, "20480, or what is held out")
        .named(|| words!("setting-eval-tokens")),
    key("data.final_tokens", Kind::Int(0, 1 << 32), "0, no final count")
        .named(|| words!("setting-final-tokens")),
    key("data.drift", PLACE, "0").named(|| words!("setting-drift")),
    key("data.shift", PLACE, "0").named(|| words!("setting-shift")),
    key("model", Kind::Table, ""),
    key("model.kind", Kind::Word(&["mlp", "none"]), "mlp").named(|| words!("setting-networks")),
    key("model.hidden", Kind::Int(1, 65_536), "128; 256 for fashion")
        .named(|| words!("setting-hidden-width")),
    key("model.tokens", Kind::Int(1, 1024), "1 for photos and cloud, 4 for digits, 16 for fashion")
        .named(|| words!("setting-tokens-a-sample")),
    key("train", Kind::Table, ""),
    key("train.optimizer", Kind::Word(&["adam", "sgd"]), "adam")
        .named(|| words!("setting-optimizer")),
    key("train.lr", LR, "0.003").named(|| words!("setting-lr")),
    key("train.beta", BETA, "0.25").named(|| words!("setting-beta")),
    key("train.batch_tokens", TOKENS, "512").named(|| words!("setting-tokens-a-batch")),
    key("train.window_tokens", TOKENS, "20480").named(|| words!("setting-window-tokens")),
    key("train.eval_every", STEPS, "240").named(|| words!("setting-eval-every")),
    key("codebook", Kind::Table, ""),
    key("codebook.size", SIZE, "512").named(|| words!("setting-codes-k")),
    key("codebook.dim", DIM, "16").named(|| words!("setting-width-d")),
    key("codebook.init", INITS, "uniform where only C learns, else normal")
        .named(|| words!("setting-initial-c")),
    key("codebook.std", STD, "d^-1/2").named(|| words!("controls-std-of-c")),
    key("lanes", Kind::Table, "required"),
    key("lanes.*", Kind::Table, "a is required"),
    key("lanes.*.preset", PRESETS, "none").named(|| words!("setting-method")),
    key("lanes.*.learn_c", Kind::Bool, "the preset's, or true").named(|| words!("setting-learn-c")),
    key("lanes.*.learn_w", Kind::Bool, "the preset's, or false")
        .named(|| words!("setting-learn-w")),
    key("lanes.*.levels", Kind::Levels, "the preset's, or none").named(|| words!("setting-levels")),
    key("lanes.*.bits", Kind::Int(1, 24), "the preset's, or none").named(|| words!("setting-bits")),
    key("lanes.*.factor", Kind::Int(0, 512), "the preset's, or 0")
        .named(|| words!("setting-projected")),
    key("lanes.*.lookup", Kind::Word(&["l2", "cosine"]), "the preset's, or l2")
        .named(|| words!("setting-lookup")),
    key("lanes.*.warmup", STEP, "the preset's, or 0").named(|| words!("setting-warm-up")),
    key("lanes.*.bias", Kind::Bool, "true").named(|| words!("method-bias")),
    key("lanes.*.transform", TRANSFORMS, "the preset's, or full")
        .named(|| words!("setting-form-of-w")),
    key("lanes.*.rank", DIM, "4").named(|| words!("method-rank-of-w")),
    key("lanes.*.temperature", STD, "the preset's, or 0.1").named(|| words!("setting-temperature")),
];

const UP_TO_CHANGES: &[Key] = &[
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
    key("change.caption", Kind::Told, "none"),
    key("change.lane", LANES, "both"),
    key("change.lr", LR, "unchanged"),
    key("change.beta", BETA, "unchanged"),
    key("change.learn_c", Kind::Bool, "unchanged"),
    key("change.learn_w", Kind::Bool, "unchanged"),
];

const UP_TO_BEATS: &[Key] = &[
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
    key("expect.caption", Kind::Said, "none"),
    key("expect.never", Kind::Bool, "false"),
];

const FIGURE: Kind = Kind::Number(f64::MIN, false, f64::MAX);

const FROM_BEATS: &[Key] = &[
    key("beat", Kind::Tables, "none"),
    key("beat.at", Kind::At, "required"),
    key("beat.at.event", FLAGS, "required in its place"),
    key("beat.at.lane", LANES, "required in its place"),
    key("beat.kind", Kind::Word(&["say", "ask", "do", "recall"]), "required"),
    key("beat.text", Kind::Told, "required"),
    key("beat.note", Kind::Told, "none"),
    key("beat.show", Kind::Texts, "nothing"),
    key("beat.when", Kind::Table, "always"),
    key("beat.when.lane", LANES, "required in its place"),
    key("beat.when.flag", FLAGS, "none"),
    key("beat.when.not", Kind::Bool, "false"),
    key("beat.when.input", Kind::Bool, "none"),
    key("beat.when.size", SIZE, "none"),
    key("beat.when.dim", DIM, "none"),
    key("beat.when.lr", LR, "none"),
    key("beat.when.beta", BETA, "none"),
    key("beat.when.learn_c", Kind::Bool, "none"),
    key("beat.when.learn_w", Kind::Bool, "none"),
    key("beat.done", Kind::Table, "required with do; the keys of beat.when"),
    key("beat.guess", Kind::Word(&["choice", "number", "curve"]), "required with ask and recall"),
    key("beat.of", Kind::Text, "required with ask and recall"),
    key("beat.until", Kind::Step, "end"),
    key("beat.choices", Kind::Tables, "two to four with guess = \"choice\""),
    key("beat.choices.text", Kind::Told, "required"),
    key("beat.choices.min", FIGURE, "no bound"),
    key("beat.choices.max", FIGURE, "no bound"),
    key("beat.low", FIGURE, "0"),
    key("beat.high", FIGURE, "1"),
    key("view", Kind::Table, "none"),
    key("view.hidden", Kind::Words(WINDOW_PARTS), "nothing"),
    key("view.enlarged", Kind::Word(ENLARGED), "none"),
];

/// The key of a dotted path, where `lanes.a` and `lanes.b` both match `lanes.*`.
pub fn find(path: &str) -> Option<&'static Key> {
    let general = generalize(path);
    let of = |path: &str| KEYS.iter().find(|k| k.path == path);
    of(&general).or_else(|| {
        // A text in one of its languages is a text.
        let told = general.strip_suffix(".en").or(general.strip_suffix(".ja"));
        told.and_then(of).filter(|key| key.kind == Kind::Told).or_else(|| {
            // A condition names settings by the keys of timed changes.
            let setting = general.strip_prefix("beat.when.")?;
            CHANGE_KEYS.iter().find(|key| key.path.strip_prefix("change.") == Some(setting))
        })
    })
}

fn generalize(path: &str) -> String {
    let mut parts: Vec<&str> = path.split('.').collect();
    if parts.len() > 1 && parts[0] == "lanes" && ["a", "b"].contains(&parts[1]) {
        parts[1] = "*";
    }
    // What a beat waits for has the keys of what it stands under.
    if parts.len() > 2 && parts[..2] == ["beat", "done"] {
        parts[1] = "when";
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
