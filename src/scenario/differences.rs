//! Every setting in which two lanes differ, worked out from what the lanes train with, and every key
//! in which two scenarios differ.

use std::collections::{BTreeMap, BTreeSet};

use toml::{Table, Value};

use crate::scenario::{
    Init, Lane, LaneSpec, Lookup, ModelKind, Optimizer, Preset, Scenario, Switches, TransformForm,
    setting,
};
use crate::words;

pub use crate::scenario::present::Present;
pub use crate::text::short;

/// One setting in which the lanes differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Key of the setting, or another name of it that is no sentence.
    pub key: &'static str,
    /// The setting, in words.
    pub setting: &'static str,
    /// Its value in lane a.
    pub a: String,
    /// Its value in lane b.
    pub b: String,
    /// Whether the name of the method says it.
    pub is_of_method: bool,
    /// Whether the lanes differ in it; not where one lane has no use for what is as usual in the
    /// other.
    pub differs: bool,
}

/// A row of the table: the key of a setting, its name, and its value in words.
type Row = (&'static str, fn() -> &'static str, fn(&Present<'_>) -> Told);

/// What there is to say of a setting in one lane.
enum Told {
    /// The lane has no use for it.
    Nothing,
    /// It is what it is unless somebody changes it.
    Usual(String),
    /// Its value.
    Value(String),
}

impl Told {
    fn or_nothing(is_used: bool, value: impl Into<String>) -> Self {
        if is_used { Self::Value(value.into()) } else { Self::Nothing }
    }
}

impl From<String> for Told {
    fn from(value: String) -> Self {
        Self::Value(value)
    }
}

impl From<&str> for Told {
    fn from(value: &str) -> Self {
        Self::Value(value.into())
    }
}

/// A lane has no use for the setting.
const NONE: &str = "–";

/// Settings of two lanes that are not equal, what learns first, initial values included.
pub fn differences(a: &Present<'_>, b: &Present<'_>) -> Vec<Difference> {
    settings(a, b).into_iter().filter(|row| row.differs).collect()
}

/// All settings of two lanes, equal or not, what learns first.
pub fn settings(a: &Present<'_>, b: &Present<'_>) -> Vec<Difference> {
    let told = |(key, setting, value): Row| (key, setting(), value(a), value(b));
    let hot = |row: &setting::Row| {
        let [a, b] = [a, b].map(|lane| match (row.words)(lane.learn_c, &lane.switches) {
            None => Told::Nothing,
            Some(words) if (row.is_usual)(&lane.switches) => Told::Usual(words),
            Some(words) => Told::Value(words),
        });
        (row.key, (row.name)(), a, b)
    };
    let method = METHOD.into_iter().map(told).map(|row| (true, row));
    let live = setting::ROWS.iter().map(hot);
    let rest = live.chain(REST.into_iter().map(told)).map(|row| (false, row));
    method
        .chain(rest)
        .map(|(is_of_method, (key, setting, a, b))| {
            // That one lane has no use for what is as usual in the other is told by the row that
            // says why.
            let is_idle = matches!(
                (&a, &b),
                (Told::Nothing, Told::Usual(_)) | (Told::Usual(_), Told::Nothing)
            );
            let [a, b] = [a, b].map(|told| match told {
                Told::Nothing => NONE.to_string(),
                Told::Usual(words) | Told::Value(words) => words,
            });
            Difference { key, setting, is_of_method, differs: a != b && !is_idle, a, b }
        })
        .collect()
}

/// What another method brings along.
const METHOD: [Row; 4] = [
    (
        "learn_c",
        || words!("setting-codes-c"),
        |p| {
            let is_moved =
                if p.learn_c { words!("setting-learn") } else { words!("setting-frozen") };
            Told::or_nothing(p.spec.fixed.is_none(), is_moved)
        },
    ),
    (
        "learn_w",
        || words!("setting-w-and-b"),
        |p| {
            let is_learned =
                if p.learn_w { words!("setting-learn") } else { words!("setting-fixed-w") };
            Told::or_nothing(p.spec.fixed.is_none(), is_learned)
        },
    ),
    (
        "codebook.init",
        || words!("setting-initial-c"),
        |p| match &p.spec.fixed {
            Some(fixed) => fixed.describe().into(),
            None => initial_c(p.spec).into(),
        },
    ),
    (
        "initial-w",
        || words!("setting-initial-w"),
        |p| Told::or_nothing(p.spec.fixed.is_none(), initial_w(p.spec)),
    ),
];

/// The rows below the switches that act live.
const REST: [Row; 17] = [
    (
        "codebook.warmup",
        || words!("setting-warm-up"),
        |p| match p.spec.warmup {
            0 => words!("setting-none").into(),
            steps => words!("setting-steps", steps = steps).into(),
        },
    ),
    (
        "lookup",
        || words!("setting-lookup"),
        |p| match p.switches.lookup {
            Lookup::L2 => words!("setting-distance").into(),
            Lookup::Cosine => words!("setting-angle").into(),
        },
    ),
    (
        "transform",
        || words!("setting-form-of-w"),
        |p| match form_of_w(&p.switches) {
            _ if !p.learn_w => Told::Nothing,
            form if p.switches.transform == TransformForm::Full && p.switches.has_bias => {
                Told::Usual(form)
            }
            form => form.into(),
        },
    ),
    ("codebook.size", || words!("setting-codes-k"), |p| p.spec.size.to_string().into()),
    ("codebook.dim", || words!("setting-width-d"), |p| p.spec.dim.to_string().into()),
    ("model.latent", || words!("setting-latent-width"), |p| p.spec.latent.to_string().into()),
    ("train.lr", || words!("setting-lr"), |p| short(p.lr).into()),
    ("train.beta", || words!("setting-beta"), |p| short(p.beta).into()),
    ("data.set", || words!("setting-data"), |p| p.spec.set.name().into()),
    (
        "model.kind",
        || words!("setting-networks"),
        |p| match p.spec.kind {
            ModelKind::Mlp => Told::Usual(words!("setting-perceptrons").into()),
            ModelKind::None => words!("setting-none").into(),
        },
    ),
    (
        "train.optimizer",
        || words!("setting-optimizer"),
        |p| match p.spec.optimizer {
            Optimizer::Adam => Told::Usual("Adam".into()),
            Optimizer::Sgd => "SGD".into(),
        },
    ),
    (
        "train.batch_tokens",
        || words!("setting-tokens-a-batch"),
        |p| p.spec.batch_tokens.to_string().into(),
    ),
    (
        "train.window_tokens",
        || words!("setting-window-tokens"),
        |p| p.spec.window_tokens.to_string().into(),
    ),
    (
        "model.hidden",
        || words!("setting-hidden-width"),
        |p| Told::or_nothing(p.spec.hidden > 0, p.spec.hidden.to_string()),
    ),
    ("model.tokens", || words!("setting-tokens-a-sample"), |p| p.spec.tokens.to_string().into()),
    ("seed", || words!("setting-seed"), |p| p.spec.seed.to_string().into()),
    (
        "steps",
        || words!("setting-last-step"),
        |p| p.spec.steps.map_or(words!("setting-of-the-run").into(), |n| n.to_string()).into(),
    ),
];

/// A key in which two scenarios differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChangedKey {
    /// Its path, such as `train.lr`.
    pub key: String,
    /// Its value in the first one, as TOML; none where it is not there.
    pub old: Option<String>,
    /// Its value in the second one.
    pub new: Option<String>,
}

/// Keys in which two scenarios differ, by name; a list is one value.
pub fn changed_keys(old: &Scenario, new: &Scenario) -> Vec<ChangedKey> {
    let [old, new] = [old, new].map(|scenario| {
        let mut flat = BTreeMap::new();
        let table = Table::try_from(scenario).expect("a scenario has only types that TOML knows");
        flatten(&table, "", &mut flat);
        flat
    });
    let all: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    all.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| ChangedKey {
            key: key.clone(),
            old: old.get(key).cloned(),
            new: new.get(key).cloned(),
        })
        .collect()
}

/// The values of a table and of the tables in it, as TOML, by path.
fn flatten(table: &Table, prefix: &str, flat: &mut BTreeMap<String, String>) {
    for (key, value) in table {
        let path = format!("{prefix}{key}");
        match value {
            Value::Table(inner) => flatten(inner, &format!("{path}."), flat),
            value => drop(flat.insert(path, value.to_string())),
        }
    }
}

/// "full, bias" and the like.
pub fn form_of_w(switches: &Switches) -> String {
    let form = form_name(switches.transform, switches.rank);
    if switches.has_bias { words!("setting-with-bias", form = form) } else { form }
}

/// A word for the form of W.
pub fn form_name(form: TransformForm, rank: usize) -> String {
    match form {
        TransformForm::Full => words!("setting-full").into(),
        TransformForm::Diagonal => words!("setting-diagonal").into(),
        TransformForm::LowRank => words!("setting-rank", rank = rank),
        TransformForm::Mlp => "MLP".into(),
    }
}

fn initial_w(spec: &LaneSpec) -> String {
    let bound = |fan_in: usize| format!("±{}", short((fan_in as f64).powf(-0.5)));
    if spec.fixed.is_some() {
        return NONE.into();
    }
    match (spec.learn_w, spec.switches.transform, spec.learn_c) {
        (false, ..) | (true, TransformForm::Diagonal, true) => words!("setting-i-and-0").into(),
        (true, TransformForm::Full, _) => words!("setting-uniform", bound = bound(spec.dim)),
        (true, TransformForm::Diagonal, false) => words!("setting-uniform", bound = "±1"),
        // Of both layers; their column is narrow.
        (true, TransformForm::LowRank, _) => {
            format!("{}, {}", bound(spec.dim), bound(spec.switches.rank))
        }
        (true, TransformForm::Mlp, _) => format!("{}, {}", bound(spec.dim), bound(4 * spec.dim)),
    }
}

fn initial_c(spec: &LaneSpec) -> String {
    match spec.init {
        Init::Uniform => words!("setting-uniform", bound = format!("±1/{}", spec.size)),
        Init::Normal => words!("setting-normal", std = short(spec.std)),
        Init::Kmeans => words!("setting-k-means").into(),
        Init::Features => words!("setting-features", std = short(spec.std)),
    }
}

impl Preset {
    /// Every setting in which a lane has left this preset, as "name value"; empty where it has not.
    pub fn departures(self, spec: &LaneSpec) -> Vec<String> {
        let own = Lane { preset: Some(self), ..Lane::default() };
        let clean = LaneSpec::of_method(spec, &own);
        differences(&(&clean).into(), &spec.into())
            .into_iter()
            .map(|row| format!("{} {}", row.setting, row.b))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    fn settings(text: &str) -> Vec<&'static str> {
        let specs = parse(text, "x.toml", &[]).unwrap().lane_specs();
        differences(&(&specs[0]).into(), &(&specs[1]).into()).iter().map(|d| d.setting).collect()
    }

    #[test]
    fn what_learns_brings_its_initial_values_along() {
        let text = "title='x'\n[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n";
        assert_eq!(settings(text), ["codes C", "W and b", "initial C", "initial W, b"]);
    }

    #[test]
    fn equal_lanes_differ_in_nothing_and_overrides_are_found() {
        assert!(settings("title='x'\n[lanes.a]\n[lanes.b]\n").is_empty());
        let text = "title='x'\n[lanes.a]\n[lanes.b]\nseed=3\ntrain.lr=0.01\ntrain.beta=1.0\ncodebook.size=64\n";
        // The bound of a uniform start is 1/K, so K changes the initial codes as well.
        assert_eq!(
            settings(text),
            ["initial C", "codes K", "learning rate", "commitment β", "seed"]
        );
    }

    #[test]
    fn switches_of_a_method_show_where_they_are_not_the_usual_ones() {
        let text = "title='x'\n[lanes.a]\npreset='vq-revive'\n[lanes.b]\npreset='simvq'\ntransform='diagonal'\n";
        let all = settings(text);
        for row in ["codes move by", "upkeep", "form of W"] {
            assert!(all.contains(&row), "{row}: {all:?}");
        }
        assert!(!all.contains(&"rate of C"));
    }

    #[test]
    fn a_switch_shows_although_the_lanes_were_built_alike() {
        let specs = parse("title='x'\n[lanes.a]\n[lanes.b]\n", "x", &[]).unwrap().lane_specs();
        let now = Present { learn_w: true, ..(&specs[0]).into() };
        let rows = differences(&now, &(&specs[1]).into());
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].setting, rows[0].a.as_str()), ("W and b", "learn"));
    }

    #[test]
    fn keys_that_differ_are_named_with_both_values() {
        let old = parse("title='x'\n[lanes.a]\n", "x", &[]).unwrap();
        let mut new = old.clone();
        new.train.lr = 0.00301;
        new.lanes.a.learn_c = Some(true);
        let text = |text: &str| Some(text.to_string());
        let key = |key: &str, old, new| ChangedKey { key: key.into(), old, new };
        let expected = [
            key("lanes.a.learn_c", None, text("true")),
            key("train.lr", text("0.003"), text("0.00301")),
        ];
        assert_eq!(changed_keys(&old, &new), expected);
        assert!(changed_keys(&old, &old).is_empty());
    }
}
