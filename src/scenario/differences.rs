//! Every setting in which two lanes differ, worked out from what the lanes train with.

use crate::scenario::{Init, LaneSpec};

/// One setting in which the lanes differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The setting, in words.
    pub setting: &'static str,
    /// Its value in lane a.
    pub a: String,
    /// Its value in lane b.
    pub b: String,
}

/// Settings of two lanes that are not equal, what learns first, initial values included.
pub fn differences(a: &LaneSpec, b: &LaneSpec) -> Vec<Difference> {
    let rows: [(&'static str, fn(&LaneSpec) -> String); 15] = [
        ("codes C", |s| if s.learn_c { "learn" } else { "frozen" }.into()),
        ("matrix W and bias b", |s| if s.learn_w { "learn" } else { "fixed: W = I, b = 0" }.into()),
        ("initial C", initial_c),
        ("initial W and b", |s| {
            if s.learn_w {
                format!("uniform ±{}", short((s.dim as f64).powf(-0.5)))
            } else {
                "identity and 0".into()
            }
        }),
        ("codebook size K", |s| s.size.to_string()),
        ("code width d", |s| s.dim.to_string()),
        ("learning rate", |s| short(s.lr)),
        ("commitment weight β", |s| short(s.beta)),
        ("data", |s| s.set.name().into()),
        ("tokens a batch", |s| s.batch_tokens.to_string()),
        ("window tokens", |s| s.window_tokens.to_string()),
        ("hidden width", |s| s.hidden.to_string()),
        ("tokens a sample", |s| s.tokens.to_string()),
        ("seed", |s| s.seed.to_string()),
        ("last step", |s| s.steps.map_or("the run's".into(), |n| n.to_string())),
    ];
    rows.into_iter()
        .map(|(setting, value)| Difference { setting, a: value(a), b: value(b) })
        .filter(|row| row.a != row.b)
        .collect()
}

fn initial_c(spec: &LaneSpec) -> String {
    match spec.init {
        Init::Uniform => format!("uniform ±1/{}", spec.size),
        Init::Normal => format!("normal, std {}", short(spec.std)),
        Init::Kmeans => "k-means of the first encodings".into(),
    }
}

/// A number with at most three significant digits after leading zeros, without trailing zeros.
pub fn short(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if value.abs() < 1e-3 {
        return format!("{value:e}");
    }
    let text = format!("{value:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}
