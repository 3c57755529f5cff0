//! `summary.json`: the final figures of a run.
//!
//! Its key `sha256` is the check sum of the whole text with zeros in the place of the sum, so that a
//! changed digit does not go unseen into a table of many runs.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::analysis::verdict::Verdict;
use crate::engine::Run;
use crate::machine::instruction_set;
use crate::record::counted::InUse;
use crate::record::metric::EVALUATED;
use crate::record::usage::Usage;
use crate::scenario::hash::scenario_hash;
use crate::text::hex;
use crate::words::english;

/// The text of `summary.json`.
pub fn summary(
    run: &Run,
    verdicts: &[Verdict],
    finals: &[Option<Usage>],
    steps_per_second: f64,
) -> String {
    let scenario = run.scenario();
    let lanes: serde_json::Map<String, Value> = run
        .lanes()
        .iter()
        .enumerate()
        .map(|(number, lane)| {
            let eval = lane.eval;
            let counted = finals.get(number).copied().flatten();
            let share = |found: Option<InUse>| {
                found.map(|found| found.used as f64 / lane.spec.size.max(1) as f64)
            };
            let mut value = json!({
                "utilization": eval.map(|e| e.usage.share()),
                "final_utilization": counted.map(|u| u.share()),
                "final_tokens": counted.map(|u| u.tokens),
                "final_tokens_per_code": counted.map(|u| u.tokens as f64 / u.size as f64),
                "final_perplexity": counted.map(|u| u.perplexity),
                "utilization_window": lane.window.usage().share(),
                "window_tokens": lane.window.usage().tokens,
                "utilization_batch": lane.window.batch().share(),
                "batch_tokens": lane.window.batch().tokens,
                "utilization_newest_65536": share(lane.window.newest()),
                "newest_65536_tokens": lane.window.newest().and_then(|found| found.tokens),
                "utilization_average_08": share(lane.window.average()),
                "utilization_batch_01": share(lane.window.fair()),
                "eval_step": eval.map(|e| e.step),
                "eval_tokens": eval.map(|e| e.usage.tokens),
                "perplexity": eval.map(|e| e.usage.perplexity),
                "dead_codes": eval.map(|e| e.usage.size - e.usage.used),
                "diverged_at": lane.diverged_at,
            });
            for metric in EVALUATED {
                let number = eval.map(|eval| (metric.of)(&eval)).filter(|x| x.is_finite());
                value[metric.name] = number.into();
            }
            (lane.spec.id.name().to_string(), value)
        })
        .collect();
    let info = run.info();
    sealed(json!({
        "title": scenario.title,
        "version": env!("CARGO_PKG_VERSION"),
        "device": info.device.name,
        "device_reason": english(|| info.device.reason.text()),
        "instruction_set": instruction_set(),
        "seed": scenario.seed,
        "scenario_hash": scenario_hash(scenario),
        "steps": run.step_count(),
        "steps_per_second": steps_per_second,
        "expect": verdicts,
        "lanes": lanes,
    }))
}

/// The text of figures, with their check sum.
pub fn sealed(mut figures: Value) -> String {
    figures[KEY] = UNSEALED.into();
    seal(&format!("{figures:#}\n"))
}

/// Name of the check sum.
const KEY: &str = "sha256";

/// What stands in its place while it is taken.
const UNSEALED: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The key and its value as they stand in the text; no text in quotes can hold quotes unescaped.
fn entry(sum: &str) -> String {
    format!("\"{KEY}\": \"{sum}\"")
}

/// A text with its check sum.
fn seal(unsealed: &str) -> String {
    unsealed.replacen(&entry(UNSEALED), &entry(&hex(Sha256::digest(unsealed))), 1)
}

/// Whether a text of `summary.json` is as it was written.
pub fn is_whole(text: &str) -> bool {
    let head = entry("");
    let head = &head[..head.len() - 1];
    let Some((before, rest)) = text.split_once(head) else { return false };
    let Some(after) = rest.get(UNSEALED.len()..) else { return false };
    seal(&[before, head, UNSEALED, after].concat()) == text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_changed_character_goes_unseen() {
        let value = json!({ "title": "\"sha256\": \"é", "steps": 40, KEY: UNSEALED });
        let whole = seal(&format!("{value:#}\n"));
        assert!(is_whole(&whole) && !whole.contains(UNSEALED), "{whole}");
        let read: Value = serde_json::from_str(&whole).unwrap();
        assert_eq!(read[KEY].as_str().map(str::len), Some(64));
        for (at, _) in whole.char_indices() {
            let mut bytes = whole.clone().into_bytes();
            bytes[at] = if bytes[at] == b'1' { b'2' } else { b'1' };
            let changed = String::from_utf8_lossy(&bytes);
            assert!(!is_whole(&changed), "byte {at}");
            assert!(!is_whole(&whole[..at]), "up to byte {at}");
        }
        assert!(!is_whole(&whole.replace("sha256", "sha1")) && !is_whole(""));
    }
}
