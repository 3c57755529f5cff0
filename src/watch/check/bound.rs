//! Bounds such as `use<0.5` and `perplexity<0.1K`.

use crate::text::{shown, significant};
use crate::watch::check::found::{Check, Used};

/// What a bound is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Use,
    Used,
    Dead,
    Perplexity,
    Error,
    Drift,
}

/// The words for it.
const WHATS: [(&str, What); 7] = [
    ("use", What::Use),
    ("utilization", What::Use),
    ("used", What::Used),
    ("dead", What::Dead),
    ("perplexity", What::Perplexity),
    ("error", What::Error),
    ("drift", What::Drift),
];

/// A bound that must not be crossed.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// As it was typed.
    text: String,
    what: What,
    /// Whether it is crossed below the value, and not above it.
    is_below: bool,
    /// Whether it is crossed at the value as well.
    is_at: bool,
    value: f64,
    /// Whether the value is a part of K.
    is_of_size: bool,
}

impl Bound {
    /// Reads `use<0.5`, `used<200`, `dead>10%`, `perplexity<0.1K`, `error>=1`.
    ///
    /// # Errors
    /// It is none of these.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || {
            format!(
                "--fail {} is no bound; write use<0.5, used<200, dead>10%, perplexity<0.1K, error>1 or drift>2",
                shown(text)
            )
        };
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let at = squeezed.find(['<', '>']).ok_or_else(wrong)?;
        let (name, rest) = squeezed.split_at(at);
        let what = WHATS.iter().find(|(word, _)| *word == name).ok_or_else(wrong)?.1;
        let is_below = rest.starts_with('<');
        let rest = &rest[1..];
        let (is_at, rest) = rest.strip_prefix('=').map_or((false, rest), |rest| (true, rest));
        let (rest, is_of_size) =
            rest.strip_suffix(['K', 'k']).map_or((rest, false), |rest| (rest, true));
        let (rest, scale) = rest.strip_suffix('%').map_or((rest, 1.0), |rest| (rest, 0.01));
        let value = rest.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or_else(wrong)?;
        let value = value * scale;
        if is_of_size && !matches!(what, What::Perplexity | What::Used) {
            return Err(wrong());
        }
        Ok(Self { text: text.into(), what, is_below, is_at, value, is_of_size })
    }

    fn value_of(&self, check: &Check, level: &Used) -> Option<f64> {
        match self.what {
            What::Use => level.utilization,
            What::Used => level.used.map(|used| used as f64),
            What::Dead => level.utilization.map(|share| 1.0 - share),
            What::Perplexity => level.perplexity,
            What::Error => check.quantization_error,
            What::Drift => check.drift.map(|drift| drift.codes),
        }
    }

    fn is_crossed_by(&self, value: f64, size: usize) -> bool {
        let bound = if self.is_of_size { self.value * size as f64 } else { self.value };
        match (self.is_below, self.is_at) {
            (true, false) => value < bound,
            (true, true) => value <= bound,
            (false, false) => value > bound,
            (false, true) => value >= bound,
        }
    }
}

/// The bounds that are crossed, each in a sentence with what was found; of several codebooks any may
/// cross it.
///
/// # Errors
/// A bound on what the file does not tell.
pub fn crossed(check: &Check, bounds: &[Bound]) -> Result<Vec<String>, String> {
    let mut all = Vec::new();
    for bound in bounds {
        let is_of_level = !matches!(bound.what, What::Error | What::Drift);
        let levels = match is_of_level {
            true => &check.levels[..],
            false => check.levels.get(check.level).map_or(&[][..], std::slice::from_ref),
        };
        for level in levels {
            let Some(value) = bound.value_of(check, level) else {
                return Err(format!(
                    "--fail {} cannot be told of {}, {}: {}",
                    shown(&bound.text),
                    shown(&check.file),
                    shown(&level.name),
                    level.counted
                ));
            };
            if bound.is_crossed_by(value, level.size) {
                all.push(format!(
                    "{} is crossed: it is {} of {}",
                    shown(&bound.text),
                    significant(value),
                    shown(&level.name)
                ));
            }
        }
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_as_they_are_written() {
        let crossed =
            |text: &str, value, size| Bound::parse(text).unwrap().is_crossed_by(value, size);
        assert!(crossed("use<0.5", 0.49, 512) && !crossed("use<0.5", 0.5, 512));
        assert!(crossed("use <= 50%", 0.5, 512) && !crossed("use<=50%", 0.51, 512));
        assert!(crossed("perplexity<0.1K", 51.0, 512) && !crossed("perplexity<0.1K", 51.3, 512));
        assert!(crossed("dead>10%", 0.2, 8) && crossed("error>=1", 1.0, 8));
        for wrong in ["use", "use=3", "uses<1", "use<0.1K", "use<", "use<x", "<3", "use<inf"] {
            assert!(Bound::parse(wrong).unwrap_err().contains("is no bound"), "{wrong}");
        }
    }
}
