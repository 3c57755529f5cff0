//! `vqscope watch --check`: what the window would say of the newest file, as text or JSON, and whether a
//! bound is crossed; for the CI of someone's training.

mod bound;
mod found;
mod told;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::analysis::detect::files::{OfFiles, Seen, Turnover};
use crate::math::movement::distances;
use crate::math::spectrum::dimensions;
use crate::record::event::{Event, Tuples};
use crate::record::judgement::{Judgement, Rule};
use crate::record::usage::sampling_ceiling;
use crate::watch::follow::{Ordered, files_by_step};
use crate::watch::look::{Looker, Told, reading, told};
use crate::watch::reader::{External, Level, norm, read};
use crate::watch::rules::wishes::Wishes;

pub use bound::{Bound, crossed};
pub use found::{ByRule, Check, Drift, Flagged, OfRunBefore, Spread, Together, Used};
pub use told::lines;

/// Standard deviations that are told.
const STDS: usize = 16;

/// Looks at the newest file of a folder, or at a file. Of files of a run before the present one, which the
/// window marks, the newest is none.
///
/// # Errors
/// Nothing there can be read.
pub fn check(path: &Path, wishes: &Wishes) -> Result<Check, String> {
    let mut placed = files_by_step(path, wishes.step_from)?;
    let mut refused = Vec::new();
    let (ordered, newest) = loop {
        let ordered = placed.ordered();
        let Some((step, file)) = ordered.files.last().cloned() else { break (ordered, None) };
        let unread = match read(&file, wishes) {
            // What says that others are of a run before must be one that can be read.
            Ok(external) => match unread(&ordered, wishes) {
                None => {
                    let step = external.step.filter(|_| external.is_step_inside).unwrap_or(step);
                    break (ordered, Some((step, file, external)));
                }
                Some(unread) => unread,
            },
            Err(why) => (file, why),
        };
        placed.take_out(&unread.0);
        refused.push(unread.1);
    };
    let Ordered { mut files, older, without: mut unreadable } = ordered;
    unreadable.extend(refused);
    let count = files.len();
    files.pop();
    let Some((step, file, external)) = newest else {
        let nothing = format!(
            "{} holds no file of arrays; name the folder in which codebooks are saved",
            path.display()
        );
        return Err(unreadable.into_iter().next().unwrap_or(nothing));
    };
    let mut series = Series::default();
    let first = files.len().saturating_sub(MOST_FILES - 1);
    for (step, file) in files.drain(first..) {
        // What cannot be read says nothing of those that can.
        let Ok(older) = read(&file, wishes) else { continue };
        if [older.size, older.dim] == [external.size, external.dim] {
            series.see(step, &older);
            series.before = Some((step, older));
        }
    }
    let turnover = series.see(step, &external);
    let Series { flags, drifts, .. } = series;
    let mut check = of(step, &file, external, drifts, count, unreadable);
    check.older = older.iter().map(|file| OfRunBefore::new(path, file)).collect();
    check.flags = flags.into_iter().map(|event| Flagged::new(&event)).collect();
    check.turnover = turnover;
    check.suspicious.extend(check.flags.iter().filter(|flag| flag.is_bad()).map(Flagged::told));
    Ok(check)
}

/// A file that cannot be read and has pushed others into a run before, with the reason.
fn unread(ordered: &Ordered, wishes: &Wishes) -> Option<(PathBuf, String)> {
    let newer: BTreeSet<&PathBuf> = ordered.older.iter().map(|older| &older.newer).collect();
    newer.into_iter().find_map(|file| Some((file.clone(), read(file, wishes).err()?)))
}

/// Files of a series that detectors look at, the newest. Each is read whole, and what must last does so for
/// two in a row, or is held against the three before.
pub const MOST_FILES: usize = 8;

/// What is found over the files of a check.
#[derive(Default)]
struct Series {
    detectors: OfFiles,
    /// What they flagged.
    flags: Vec<Event>,
    /// How far codes and latents went from each file to the next.
    drifts: Vec<Drift>,
    /// The file before the next one, with its step.
    before: Option<(u64, External)>,
}

impl Series {
    /// Takes the next file into account; the codes that came into use and went out of it since the last.
    fn see(&mut self, step: u64, file: &External) -> Option<Turnover> {
        self.drifts.extend(self.before.take().and_then(|before| drift(before, step, file)));
        let of_code = file.uses.get().map_or(&[][..], |known| &known.of_code);
        let Told { tokens, norm } = told(file);
        let (flags, turnover) = self.detectors.see(&Seen { step, of_code, tokens, norm });
        self.flags.extend(flags);
        turnover
    }
}

fn of(
    step: u64,
    file: &Path,
    external: External,
    drifts: Vec<Drift>,
    files: usize,
    unreadable: Vec<String>,
) -> Check {
    let (size, dim) = (external.size, external.dim);
    let code_norm = spread(&external.codes, dim);
    let latent_norm = external.latents.as_ref().and_then(|latents| spread(&latents.rows, dim));
    let mut levels: Vec<Used> = external.levels.iter().map(used).collect();
    // The drawn one knows its lookup for sure once its codes are read.
    let known = external.uses.get();
    if let Some(level) = levels.get_mut(external.level) {
        level.counted = external.uses.counts().words(external.lookup.0, external.lookup.1);
        level.used = known.map(|known| known.used);
        level.utilization = known.map(|known| known.used as f64 / size as f64);
        level.perplexity = known.map(|known| known.perplexity).filter(|x| x.is_finite());
        level.tokens = known.and_then(|known| known.tokens);
        level.ceiling = level.tokens.map(|tokens| sampling_ceiling(size, tokens));
        level.judgement = reading(&external).judgement;
        level.norm = code_norm.map(|norm| norm.mean);
        level.by_rule = by_rule(known.map_or(&[][..], |known| &known.by_rule), size);
    }
    let mut sentence = reading(&external);
    sentence.file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let sentence = sentence.sentence();
    let mut check = Check {
        file: file.display().to_string(),
        step,
        files,
        older: Vec::new(),
        unreadable,
        array: external.array.clone(),
        size,
        dim,
        lookup: external.lookup.0,
        lookup_known: external.lookup.1,
        by_rule: levels.get(external.level).map_or(Vec::new(), |level| level.by_rule.clone()),
        levels,
        level: external.level,
        tuples: external.tuples.as_ref().map(together),
        not_finite: external.broken.clone(),
        code_norm,
        latent_norm,
        quantization_error: None,
        drift: drifts.last().copied().filter(|drift| drift.step == step),
        drifts,
        flags: Vec::new(),
        turnover: None,
        code_stds: Vec::new(),
        dimensions: None,
        sentence,
        suspicious: Vec::new(),
    };
    check.suspicious = told::suspicious(&check, &external);
    // The same number as the window's.
    let look = Looker::new(1).look(step, external);
    check.quantization_error =
        look.row.eval.map(|eval| eval.quant_error).filter(|error| error.is_finite());
    let stds = look.snapshot.lanes.first().map_or(&[][..], |lane| &lane.code_stds);
    let variances: Vec<f64> = stds.iter().map(|&std| f64::from(std).powi(2)).collect();
    check.dimensions = (stds.len() == dim)
        .then(|| dimensions(&variances, 0.9))
        .filter(|dimensions| dimensions.is_finite());
    check.code_stds = stds.iter().take(STDS).map(|&std| f64::from(std)).collect();
    check
}

/// Codes in use by each meaning of the words, of which a file answers some.
fn by_rule(told: &[(Rule, usize)], size: usize) -> Vec<ByRule> {
    let of = |rule| {
        let used = told.iter().find(|(known, _)| *known == rule).map(|(_, used)| *used);
        ByRule { rule, used, utilization: used.map(|used| used as f64 / size as f64) }
    };
    Rule::ALL.into_iter().map(of).collect()
}

fn together(tuples: &Tuples) -> Together {
    Together { share: tuples.all() as f64 / tuples.tokens.max(1) as f64, tuples: tuples.clone() }
}

fn used(level: &Level) -> Used {
    let ceiling = level.tokens.map(|tokens| sampling_ceiling(level.size, tokens));
    let judgement = level.used.and_then(|used| {
        Judgement::of(used, level.size, level.perplexity.unwrap_or(f64::NAN), level.tokens)
    });
    Used {
        name: level.label.clone(),
        size: level.size,
        dim: level.dim,
        counted: level.counts.words(level.lookup, level.known),
        used: level.used,
        utilization: level.used.map(|used| used as f64 / level.size as f64),
        perplexity: level.perplexity.filter(|x| x.is_finite()),
        tokens: level.tokens,
        ceiling,
        judgement,
        by_rule: by_rule(&level.by_rule, level.size),
        norm: level.norm,
        residual: level.residual,
    }
}

/// Lengths of the rows that are finite; nothing where none is.
fn spread(rows: &[f32], dim: usize) -> Option<Spread> {
    let norms: Vec<f64> =
        rows.chunks_exact(dim).map(norm).filter(|norm| norm.is_finite()).collect();
    (!norms.is_empty()).then(|| Spread {
        least: norms.iter().copied().fold(f64::INFINITY, f64::min),
        mean: norms.iter().sum::<f64>() / norms.len() as f64,
        greatest: norms.iter().copied().fold(0.0, f64::max),
    })
}

/// How far codes and latents went between two files; nothing where no code is finite in both.
fn drift((since, before): (u64, External), step: u64, now: &External) -> Option<Drift> {
    let far = distances(&before.codes, &now.codes, now.dim);
    let finite: Vec<f64> = far.into_iter().map(f64::from).filter(|far| far.is_finite()).collect();
    if finite.is_empty() {
        return None;
    }
    let norm = spread(&now.codes, now.dim)?.mean;
    let unit = if norm > 0.0 { norm } else { 1.0 };
    let codes = finite.iter().sum::<f64>() / finite.len() as f64 / unit;
    let mean = |external: &External| -> Option<Vec<f64>> {
        let rows = &external.latents.as_ref()?.rows;
        let count = (rows.len() / external.dim).max(1) as f64;
        let mut mean = vec![0.0; external.dim];
        for row in rows.chunks_exact(external.dim) {
            mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x) / count);
        }
        Some(mean)
    };
    let latents = mean(&before)
        .zip(mean(now))
        .map(|(a, b)| a.iter().zip(&b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt() / unit);
    let ratio = latents.map(|latents| latents / codes).filter(|ratio| ratio.is_finite());
    Some(Drift { since, step, codes, latents, ratio })
}

#[cfg(test)]
mod tests;
