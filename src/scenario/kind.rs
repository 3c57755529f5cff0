//! What the value of a key may be: its type and its bounds.

/// Most steps of a run; a GPU would train for weeks.
pub const MOST_STEPS: u64 = 100_000_000;

/// What a value may be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Any text.
    Text,
    /// A text, in English or in both languages.
    Told,
    /// Texts of one line.
    Texts,
    /// Where a beat stands: a step, "start", "end", or a flag of a lane.
    At,
    /// true or false.
    Bool,
    /// A whole number within bounds.
    Int(i64, i64),
    /// A finite number, greater than the first bound if `true`, and at most the second.
    Number(f64, bool, f64),
    /// A number of at least 0 and less than this.
    Below(f64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// Some of these words.
    Words(&'static [&'static str]),
    /// Steps per second or "unlimited".
    Pace,
    /// A step or "end".
    Step,
    /// Where something is said: a step from 0 on, or "end".
    Said,
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
    /// Its name in the window, where it is a setting that lanes share or that a lane alone has.
    pub name: Option<fn() -> &'static str>,
}

/// A row of a table of keys.
pub const fn key(path: &'static str, kind: Kind, default: &'static str) -> Key {
    Key { path, kind, default, name: None }
}

impl Key {
    /// The same with a name.
    pub const fn named(self, name: fn() -> &'static str) -> Self {
        Self { name: Some(name), ..self }
    }
}

/// A share, 0 to 1.
pub const SHARE: Kind = Kind::Number(0.0, false, 1.0);
/// A learning rate.
pub const LR: Kind = Kind::Number(0.0, true, 1e3);
/// A weight of a loss term.
pub const BETA: Kind = Kind::Number(0.0, false, 1e6);
/// A place or a distance along an axis.
pub const PLACE: Kind = Kind::Number(-1e6, false, 1e6);
/// A number greater than 0.
pub const STD: Kind = Kind::Number(0.0, true, 1e6);
/// A number of steps, from 1 on.
pub const STEPS: Kind = Kind::Int(1, MOST_STEPS as i64);
/// A step, from 0 on.
pub const STEP: Kind = Kind::Int(0, MOST_STEPS as i64);
/// How C is updated.
pub const UPDATES: Kind = Kind::Word(&["gradient", "ema"]);
/// How codes are kept in use.
pub const UPKEEPS: Kind = Kind::Word(&["none", "revive", "cvq"]);
/// What gradient the encoder gets.
pub const ESTIMATORS: Kind = Kind::Word(&["straight-through", "rotation"]);

impl Kind {
    /// What a value must be, in words.
    pub fn describe(self) -> String {
        match self {
            Self::Text => "a text in quotes".into(),
            Self::Told => "a text in quotes, or { en = \"…\", ja = \"…\" }".into(),
            Self::Texts => "a list of at most 16 texts in quotes".into(),
            Self::At => format!(
                "{}, \"start\", \"end\" or {{ event = \"…\", lane = \"…\" }}",
                STEP.describe()
            ),
            Self::Bool => "true or false".into(),
            Self::Int(low, high) if high == i64::MAX => format!("a whole number of at least {low}"),
            Self::Int(low, high) => format!("a whole number from {low} to {high}"),
            Self::Number(_, true, high) => format!("a number greater than 0 and at most {high}"),
            Self::Number(low, false, _) if low == f64::MIN => "a finite number".into(),
            Self::Number(low, false, high) => format!("a number from {low} to {high}"),
            Self::Below(high) => format!("a number of at least 0 and less than {high}"),
            Self::Word(words) => format!("one of {}", quoted(words)),
            Self::Words(words) => format!("a list of some of {}", quoted(words)),
            Self::Pace => {
                "steps per second (greater than 0, at most 1000000) or \"unlimited\"".into()
            }
            Self::Said => format!("{} or \"end\"", STEP.describe()),
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
            Self::Told => value.is_str() || has_keys(value, &["en", "ja"]),
            Self::Texts => value
                .as_array()
                .is_some_and(|all| all.len() <= 16 && all.iter().all(toml::Value::is_str)),
            Self::At => {
                matches!(value.as_str(), Some("start" | "end"))
                    || STEP.allows(value)
                    || has_keys(value, &["event", "lane"])
            }
            Self::Bool => value.is_bool(),
            Self::Int(low, high) => value.as_integer().is_some_and(|i| (low..=high).contains(&i)),
            Self::Number(low, open, high) => number.is_some_and(|x| {
                x.is_finite() && x <= high && if open { x > low } else { x >= low }
            }),
            Self::Below(high) => number.is_some_and(|x| (0.0..high).contains(&x)),
            Self::Word(words) => value.as_str().is_some_and(|w| words.contains(&w)),
            Self::Words(words) => value.as_array().is_some_and(|all| {
                all.iter().all(|word| word.as_str().is_some_and(|w| words.contains(&w)))
            }),
            Self::Pace => {
                value.as_str() == Some("unlimited") || number.is_some_and(|x| x > 0.0 && x <= 1e6)
            }
            Self::Said => value.as_str() == Some("end") || STEP.allows(value),
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

/// Whether a value is a table with all of these keys; what else is in it is checked with its own path.
fn has_keys(value: &toml::Value, keys: &[&str]) -> bool {
    value.as_table().is_some_and(|table| keys.iter().all(|key| table.contains_key(*key)))
}

fn quoted(words: &[&str]) -> String {
    words.iter().map(|w| format!("\"{w}\"")).collect::<Vec<_>>().join(", ")
}
