//! What was found in words.

use crate::record::event::Note;
use crate::record::judgement::Judgement;
use crate::text::{count, percent, shown, significant};
use crate::watch::check::found::{Check, Drift, Flagged, Spread, Together, Used};
use crate::watch::reader::External;
use crate::words;

/// Most levels that have a line.
const MOST_LEVELS: usize = 64;

/// Times by which codes may move more than their own length before that is suspicious.
const FAR: f64 = 2.0;

/// Share of the codes that may be worn to nothing.
const LITTLE: f64 = 1e-6;

/// What is suspicious and why.
pub fn suspicious(check: &Check, external: &External) -> Vec<String> {
    let mut all = Vec::new();
    for level in &check.levels {
        let name = shown(&level.name);
        match level.judgement {
            Some(judgement @ (Judgement::TotalCollapse | Judgement::Concentrated)) => {
                all.push(words!(
                    "check-suspicious-use",
                    name = name,
                    judgement = judgement.sentence(),
                    bound = judgement.bound()
                ));
            }
            Some(judgement @ Judgement::TooFewTokens { .. }) => {
                all.push(words!(
                    "check-suspicious-tokens",
                    name = name,
                    judgement = judgement.sentence()
                ));
            }
            _ => {}
        }
        if level.used.is_none() {
            all.push(words!("check-suspicious-unknown", name = name, why = &level.counted));
        }
    }
    // How it was read is no fault.
    let is_usual = |note: &Note| {
        matches!(note, Note::Turned | Note::CopyLeftAside | Note::BesideEachOther)
            || matches!(note, Note::LatentsAside { .. })
    };
    all.extend(external.notes.iter().filter(|note| !is_usual(note)).map(|note| note.words()));
    if !external.broken.is_empty() {
        let some: Vec<String> = external.broken.iter().take(8).map(ToString::to_string).collect();
        all.push(words!(
            "check-suspicious-broken",
            n = count(external.broken.len() as u64),
            codes = some.join(words!("list-separator"))
        ));
    }
    if check.drift.is_some_and(|drift| drift.codes > FAR) {
        all.push(words!("check-suspicious-drift").into());
    }
    let is_worn = |norm: Spread| norm.greatest > 0.0 && norm.least < LITTLE * norm.mean;
    if check.code_norm.is_some_and(is_worn) {
        all.push(words!("check-suspicious-zero").into());
    }
    all
}

/// All of it in lines of text.
pub fn lines(check: &Check) -> Vec<String> {
    let mut all = vec![words!(
        "check-file",
        file = shown(&check.file),
        step = count(check.step),
        files = count(check.files as u64)
    )];
    all.extend(check.older.iter().map(|older| older.sentence.clone()));
    all.push(check.sentence.clone());
    all.push(words!(
        "check-codes",
        array = shown(&check.array),
        size = count(check.size as u64),
        dim = count(check.dim as u64),
        lookup = check.lookup.told(check.lookup_known)
    ));
    all.extend(use_lines(check));
    all.extend(form_lines(check));
    all.extend(drift_lines(check));
    if let Some(turnover) = check.turnover {
        all.push(words!(
            "check-turnover",
            births = count(turnover.births as u64),
            deaths = count(turnover.deaths as u64)
        ));
    }
    // What is bad of them is suspicious.
    all.extend(check.flags.iter().filter(|flag| !flag.is_bad()).map(Flagged::told));
    for why in &check.suspicious {
        all.push(words!("check-suspicious", why = why));
    }
    for why in &check.unreadable {
        all.push(words!("check-unreadable", why = why));
    }
    all
}

/// Use of every codebook, by every meaning of the words.
fn use_lines(check: &Check) -> Vec<String> {
    let mut all = Vec::new();
    let are_several = check.levels.len() > 1;
    for (at, level) in check.levels.iter().enumerate().take(MOST_LEVELS) {
        all.push(level_line(at, level));
        all.extend(are_several.then(|| level_by_rules(at, level)));
    }
    if check.levels.len() > MOST_LEVELS {
        let rest = check.levels.len() - MOST_LEVELS;
        all.push(words!("check-more-levels", n = count(rest as u64)));
    }
    if let Some(Together { tuples, .. }) = &check.tuples {
        let after = tuples.distinct.iter().take(MOST_LEVELS).map(|n| count(*n as u64));
        let after: Vec<String> = after.collect();
        all.push(words!(
            "check-tuples",
            array = shown(&tuples.array),
            tuples = tuples.words(),
            after = after.join(words!("list-separator"))
        ));
    }
    let alone = if are_several { &[][..] } else { &check.by_rule };
    for by in alone {
        let what = by.rule.words();
        all.push(match (by.used, by.utilization) {
            (Some(used), Some(share)) => {
                words!("check-rule", rule = what, used = count(used as u64), share = percent(share))
            }
            _ => words!("check-rule-unknown", rule = what),
        });
    }
    all
}

/// Lengths, error and spectrum.
fn form_lines(check: &Check) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(norm) = check.code_norm {
        all.push(words!(
            "check-norms",
            least = significant(norm.least),
            mean = significant(norm.mean),
            greatest = significant(norm.greatest)
        ));
    }
    if let Some(norm) = check.latent_norm {
        all.push(words!(
            "check-latent-norms",
            least = significant(norm.least),
            mean = significant(norm.mean),
            greatest = significant(norm.greatest)
        ));
    }
    if let Some(error) = check.quantization_error {
        all.push(words!("check-error", error = significant(error)));
    }
    if let Some(dimensions) = check.dimensions {
        let stds: Vec<String> =
            check.code_stds.iter().take(4).map(|&std| significant(std)).collect();
        all.push(words!(
            "check-spectrum",
            dimensions = count(dimensions as u64),
            dim = count(check.dim as u64),
            stds = stds.join(words!("list-separator"))
        ));
    }
    all
}

/// How far codes and latents went since the file before, and from file to file.
fn drift_lines(check: &Check) -> Vec<String> {
    let Some(last) = check.drift else { return Vec::new() };
    let number = |value: Option<f64>| value.map_or("–".into(), significant);
    let mut all =
        vec![words!("check-drift", since = count(last.since), codes = significant(last.codes))];
    if let Some(latents) = last.latents {
        all.push(words!(
            "check-drift-latents",
            latents = significant(latents),
            ratio = number(last.ratio)
        ));
    }
    let [first, .., _] = &check.drifts[..] else { return all };
    let series = |of: &dyn Fn(&Drift) -> String| {
        let each: Vec<String> = check.drifts.iter().map(of).collect();
        each.join(words!("list-separator"))
    };
    all.push(words!(
        "check-drift-series",
        since = count(first.since),
        steps = series(&|drift| count(drift.step)),
        codes = series(&|drift| significant(drift.codes))
    ));
    if check.drifts.iter().any(|drift| drift.latents.is_some()) {
        all.push(words!(
            "check-drift-series-latents",
            latents = series(&|drift| number(drift.latents)),
            ratios = series(&|drift| number(drift.ratio))
        ));
    }
    all
}

/// Use of one of several codebooks by each meaning that the file answers.
fn level_by_rules(at: usize, level: &Used) -> String {
    let told: Vec<String> = level
        .by_rule
        .iter()
        .filter_map(|by| {
            let (used, share) = (count(by.used? as u64), percent(by.utilization?));
            Some(words!("check-level-rule", rule = by.rule.words(), used = used, share = share))
        })
        .collect();
    let rules = told.join(words!("list-separator"));
    match told.len() {
        0 => words!("check-level-rules-unknown", level = at),
        n if n == level.by_rule.len() => words!("check-level-rules", level = at, rules = rules),
        _ => words!("check-level-rules-some", level = at, rules = rules),
    }
}

fn level_line(at: usize, level: &Used) -> String {
    let number = |value: Option<f64>| value.map_or("–".into(), significant);
    match (level.used, level.utilization) {
        (Some(used), Some(share)) => words!(
            "check-level",
            level = at,
            name = shown(&level.name),
            used = count(used as u64),
            size = count(level.size as u64),
            share = percent(share),
            perplexity = number(level.perplexity),
            norm = number(level.norm),
            residual = number(level.residual),
            how = &level.counted
        ),
        _ => words!(
            "check-level-unknown",
            level = at,
            name = shown(&level.name),
            size = count(level.size as u64),
            norm = number(level.norm),
            why = &level.counted
        ),
    }
}
