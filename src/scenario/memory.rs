//! Whether a run fits into memory, and which smaller number would make it fit.

use crate::scenario::{CodeUpdate, LaneSpec, TransformForm, Upkeep};

/// Bytes that the lanes need at their peak, from their sizes alone.
///
/// Counted are parameters with value, gradient and two moments, the effective codebook and its
/// copies for search and pictures, the activations of one batch, and the evaluation set.
pub fn memory_estimate(specs: &[LaneSpec]) -> u64 {
    let lane = |s: &LaneSpec| -> u64 {
        let (pixels, latent) = (s.pixels() as u64, (s.tokens * s.latent) as u64);
        let (hidden, codes) = (s.hidden as u64, (s.size as u64).saturating_mul(s.dim as u64));
        let nets = 2 * (pixels * hidden + hidden * latent) + (s.dim * s.dim) as u64;
        let samples = (s.batch_tokens / s.tokens) as u64;
        let batch = samples * (6 * pixels + 8 * hidden + 12 * latent);
        // Four of C where it learns (value, gradient, moments), four of E (device, search,
        // pictures and their predecessor), two of sums where codes are averages or kept in use, and
        // counts.
        let has_averages =
            s.switches.update == CodeUpdate::Ema || s.switches.upkeep != Upkeep::None;
        let copies = if s.learn_c { 8 } else { 5 } + if has_averages { 2 } else { 0 };
        // Four of N x K and their gradients where each encoding weighs all codes, and E's hidden layer
        // where a perceptron makes it.
        let weighed = if s.switches.entropy > 0.0 {
            (s.batch_tokens as u64).saturating_mul(8 * s.size as u64)
        } else {
            0
        };
        let is_bent = s.learn_w && s.switches.transform == TransformForm::Mlp;
        let copies = copies + if is_bent { 8 } else { 0 };
        let codebook =
            codes.saturating_mul(copies).saturating_add(weighed).saturating_add(8 * s.size as u64);
        let eval = (s.eval_tokens as u64 / s.tokens as u64) * pixels;
        let window = s.window_tokens as u64 + s.batch_tokens as u64 * 257;
        4 * (4 * nets + batch + eval + window).saturating_add(codebook)
    };
    specs.iter().map(lane).fold(0, u64::saturating_add)
}

/// Refuses lanes that need more than a machine with so many bytes of memory has; 0 is unknown.
pub(super) fn check(specs: &[LaneSpec], limit: u64) -> Result<(), String> {
    refuse_above(memory_estimate(specs), limit, specs)
}

fn refuse_above(need: u64, limit: u64, specs: &[LaneSpec]) -> Result<(), String> {
    let room = limit / 10 * 8;
    if limit == 0 || need <= room {
        return Ok(());
    }
    let way_out = way_out(specs, |smaller| memory_estimate(smaller) <= room);
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    Err(format!(
        "this run would need about {:.1} GB of memory and this machine has {:.1} GB; {way_out}",
        gigabytes(need),
        gigabytes(limit)
    ))
}

/// A number of a scenario on which sizes depend.
struct Knob {
    key: &'static str,
    /// Whether it is of tokens, of which a sample has all or none.
    is_of_samples: bool,
    /// The number; 0 for a lane that has no use for it.
    of: fn(&LaneSpec) -> usize,
    /// Makes it no more than this.
    cap: fn(&mut LaneSpec, usize),
}

const KNOBS: [Knob; 5] = [
    Knob {
        key: "codebook.size",
        is_of_samples: false,
        of: |s| if s.fixed.is_none() { s.size } else { 0 },
        cap: |s, most| {
            if s.fixed.is_none() {
                s.size = s.size.min(most);
            }
        },
    },
    Knob {
        key: "codebook.dim",
        is_of_samples: false,
        of: |s| if s.fixed.is_none() { s.latent } else { 0 },
        cap: |s, most| {
            if s.fixed.is_none() {
                (s.dim, s.latent) = (s.dim.min(most), s.latent.min(most));
            }
        },
    },
    Knob {
        key: "train.batch_tokens",
        is_of_samples: true,
        of: |s| s.batch_tokens,
        // Whole samples.
        cap: |s, most| {
            s.batch_tokens = s.batch_tokens.min((most / s.tokens).max(1) * s.tokens);
        },
    },
    Knob {
        key: "model.hidden",
        is_of_samples: false,
        of: |s| s.hidden,
        cap: |s, most| s.hidden = s.hidden.min(most),
    },
    Knob {
        key: "data.eval_tokens",
        is_of_samples: true,
        of: |s| s.eval_tokens,
        cap: |s, most| s.eval_tokens = s.eval_tokens.min(most.max(s.tokens)),
    },
];

/// Says which keys alone would make lanes fit, each with the largest number that does: "the largest
/// codebook.size that fits is 4096 (now 65536), or codebook.dim 4 (now 64)".
pub fn way_out(specs: &[LaneSpec], fits: impl Fn(&[LaneSpec]) -> bool) -> String {
    let unit = specs.iter().map(|s| s.tokens).max().unwrap_or(1);
    // Keys, the largest numbers that fit, and those that were asked for.
    let mut ways: Vec<(&str, usize, usize)> = Vec::new();
    for knob in KNOBS {
        let now = specs.iter().map(knob.of).max().unwrap_or(0);
        let with = |most: usize| {
            let mut smaller = specs.to_vec();
            smaller.iter_mut().for_each(|s| (knob.cap)(s, most));
            fits(&smaller)
        };
        if now < 2 || !with(1) {
            continue;
        }
        // The largest that fits is at least `low` and below `high`.
        let (mut low, mut high) = (1, now);
        while high - low > 1 {
            let middle = low + (high - low) / 2;
            *(if with(middle) { &mut low } else { &mut high }) = middle;
        }
        if knob.is_of_samples {
            low = (low / unit).max(1) * unit;
        }
        ways.push((knob.key, low, now));
    }
    // What must shrink least comes first.
    let share = |&(_, most, now): &(&str, usize, usize)| most as f64 / now as f64;
    ways.sort_by(|a, b| share(b).total_cmp(&share(a)));
    let Some(&(key, most, now)) = ways.first() else {
        let keys = KNOBS.map(|knob| knob.key).join(", ");
        let fixed =
            if specs.iter().any(|s| s.fixed.is_some()) { " or the fixed codes" } else { "" };
        return format!("no single one of {keys} would do: make several{fixed} smaller");
    };
    let others = ways[1..].iter();
    let rest: String =
        others.map(|(key, most, now)| format!(", or {key} {most} (now {now})")).collect();
    format!("the largest {key} that fits is {most} (now {now}){rest}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Scenario;

    /// Lanes whatever the memory that they need.
    fn specs(text: &str) -> Vec<LaneSpec> {
        toml::from_str::<Scenario>(text).unwrap().lane_specs()
    }

    #[test]
    fn sizes_that_do_not_fit_are_refused_with_an_estimate() {
        let huge = "title='x'\n[codebook]\nsize=16777216\ndim=512\n[lanes.a]\n";
        let huge: Scenario = toml::from_str(huge).unwrap();
        let error = huge.validate_with(64_000_000_000).unwrap_err();
        assert!(error.contains("64.0 GB") && error.contains("codebook.size"), "{error}");
        assert_eq!(huge.validate_with(1 << 40), Ok(()));
        let small = specs("title='x'\n[lanes.a]\n");
        assert!(refuse_above(100, 100, &small).is_err() && refuse_above(80, 100, &small).is_ok());
        assert!(refuse_above(100, 0, &small).is_ok(), "a system that does not tell");
        // A twin at K 512 stays far below 200 MB.
        assert!(memory_estimate(&small) < 50_000_000);
    }

    #[test]
    fn every_number_that_is_named_fits_and_one_more_does_not() {
        let wide = specs("title='x'\n[codebook]\nsize=65536\ndim=64\n[lanes.a]\n[lanes.b]\n");
        let room = memory_estimate(&wide) / 3;
        let text = way_out(&wide, |s| memory_estimate(s) <= room);
        assert!(
            text.starts_with("the largest codebook.") && text.contains(", or codebook."),
            "{text}"
        );
        for (key, knob) in [("size", &KNOBS[0]), ("dim", &KNOBS[1])] {
            let number = text.split(&format!("codebook.{key} ")).nth(1).unwrap();
            let number: usize = number
                .trim_start_matches("that fits is ")
                .split(' ')
                .next()
                .and_then(|n| n.parse().ok())
                .unwrap();
            for (most, fits) in [(number, true), (number + 1, false)] {
                let mut smaller = wide.clone();
                smaller.iter_mut().for_each(|s| (knob.cap)(s, most));
                assert_eq!(memory_estimate(&smaller) <= room, fits, "{text}");
            }
        }
    }

    #[test]
    fn a_batch_that_is_too_large_is_not_blamed_on_the_codebook() {
        let text = "title='x'\n[train]\nbatch_tokens=4000000\n[data]\nset='digits'\n[lanes.a]\n";
        let large = specs(text);
        let room = memory_estimate(&large) / 2;
        let text = way_out(&large, |s| memory_estimate(s) <= room);
        assert!(text.starts_with("the largest train.batch_tokens that fits is "), "{text}");
        assert!(!text.contains("codebook.size"), "{text}");
        let number: usize =
            text.split("fits is ").nth(1).unwrap().split(' ').next().unwrap().parse().unwrap();
        assert!(number.is_multiple_of(large[0].tokens), "{text}");
    }

    #[test]
    fn fixed_codes_are_not_told_to_change_a_key_that_they_ignore() {
        let grid = specs("title='x'\n[lanes.a]\npreset='fsq'\nlevels=[32,32,32,32]\n");
        let room = memory_estimate(&grid) / 2;
        let text = way_out(&grid, |s| memory_estimate(s) <= room);
        assert!(text.contains("fixed codes") && !text.contains("fits is"), "{text}");
    }
}
