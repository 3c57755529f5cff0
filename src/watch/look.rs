//! Turns files into what the window draws: the same snapshots and rows as a run gives.

use std::sync::Arc;

use crate::analysis::detect::files::{OfFiles, Seen};
use crate::math::movement::distances;
use crate::math::pca::{Basis, Points, View, principal_stds};
use crate::math::{spectrum, truncated};
use crate::record::counted::{ByRule, InUse, NEWEST};
use crate::record::event::{Event, LevelUse, Reading};
use crate::record::judgement::{Judgement, Rule};
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::snapshot::{Axes, LaneFacts, LaneView, Snapshot};
use crate::record::usage::{CountedIn, Usage};
use crate::scenario::LaneId;
use crate::text::shown;
use crate::watch::reader::latents::choose;
use crate::watch::reader::{Drawn, External, Level, Matrix, norm};
use crate::watch::used::Use;

/// Encoder outputs that the map shows at most.
const SHOWN: usize = 512;

/// Codes that are not finite, of which so many are named.
const NAMED: usize = 8;

/// Most rows or columns of a matrix whose spectrum is computed.
const MOST_SPECTRUM: usize = 1024;

/// What one file looks like.
pub struct Look {
    /// All panels.
    pub snapshot: Arc<Snapshot>,
    /// The point of the curves.
    pub row: StepRow,
    /// What was read, in words; the file's name is left to who knows it.
    pub reading: Reading,
    /// What the detectors make of the series with it.
    pub flags: Vec<Event>,
    /// What they were told.
    pub told: Told,
}

/// What detectors get to see of a file beside the uses of its codes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Told {
    /// Tokens counted, where their number is known.
    pub tokens: Option<usize>,
    /// RMS norm of its encoder outputs, where it has some.
    pub norm: Option<f64>,
}

/// Remembers of the file before what the next one is drawn against.
pub struct Looker {
    run: u64,
    last: Option<Last>,
    /// Axes of the small maps of the file before.
    small: Vec<Basis>,
    series: OfFiles,
}

struct Last {
    step: u64,
    basis: Basis,
    view: View,
    codes: Vec<f32>,
}

impl Looker {
    /// For the files of one series, which the window knows as run number `run`.
    pub fn new(run: u64) -> Self {
        Self { run, last: None, small: Vec::new(), series: OfFiles::default() }
    }

    /// Takes what is known of a file that is gone into account, as if it were the next of the series; the
    /// flags that it raises.
    pub fn pass(&mut self, step: u64, of_code: &[u32], told: Told) -> Vec<Event> {
        let Told { tokens, norm } = told;
        self.series.see(&Seen { step, of_code, tokens, norm }).0
    }

    /// The next file of the series. Files come in rising order of steps and have one K and d.
    ///
    /// Axes are those of the codes (PCA), turned to lie close to those of the file before. What a
    /// file does not tell is empty in the snapshot and not a number in the row.
    pub fn look(&mut self, step: u64, file: External) -> Look {
        let dim = file.dim;
        let last = self.last.take().filter(|last| last.codes.len() == file.codes.len());
        let finite = finite(&file.codes, dim, &file.broken);
        let (basis, code_stds) = axes(finite.as_deref().unwrap_or(&file.codes), dim);
        let basis = turned(basis, last.as_ref().map(|last| &last.basis), code_stds.is_empty());
        let latents = file.latents.as_ref().map_or(&[][..], |latents| &latents.rows);
        let (codes, outputs) = (basis.project(&file.codes), basis.project(latents));
        let points = Points { codes: &codes, encodings: &outputs, way: &[] };
        let view = View::of(points, last.as_ref().map(|l| l.view));
        let centred = |p: [f32; 2]| [p[0] - view.centre[0], p[1] - view.centre[1]];
        let every = outputs.len().div_ceil(SHOWN).max(1);
        let far = (!latents.is_empty())
            .then(|| choose(latents, &file.codes, dim, file.lookup.0))
            .flatten()
            .map(|(_, far)| far);
        let known = file.uses.get();
        let counts = known.map_or(Vec::new(), |known| known.of_code.clone());
        let used = known.map_or(Usage { size: file.size, ..Usage::default() }, |known| Usage {
            used: known.used,
            tokens: known.tokens.unwrap_or(0),
            size: file.size,
            perplexity: known.perplexity,
        });
        let singular_values = file.w.as_ref().map_or(Vec::new(), singular_values);
        let rank = match singular_values.is_empty() {
            true => f64::NAN,
            false => spectrum::effective_rank(&singular_values),
        };
        let eval = known.map(|_| Evaluation {
            quant_error: far.map_or(f64::NAN, |far| quant_error(latents, &far, dim)),
            effective_rank_w: rank,
            ..Evaluation::nan(step, used)
        });
        let mut row = row(step, used, &file, eval);
        let told = told(&file);
        let seen = Seen { step, of_code: &counts, tokens: told.tokens, norm: told.norm };
        let (flags, turnover) = self.series.see(&seen);
        row.births_100 = turnover.map(|turnover| turnover.births);
        row.deaths_100 = turnover.map(|turnover| turnover.deaths);
        let single = |values: Vec<f64>| values.into_iter().map(|s| s as f32).collect();
        let unknown = LaneView::unknown(LaneId::A, step);
        let facts = LaneFacts {
            learn_c: file.w.is_none(),
            learn_w: file.w.is_some(),
            axes: Axes {
                explained: basis.explained.map(|e| e as f32),
                centre: view.centre,
                extent: view.extent,
                rise: Some(view.rise),
                ..unknown.facts.axes
            },
            counted_in: known.map_or(CountedIn::Tokens, Use::counted_in),
            batch: used,
            window: used,
            eval,
            by_rule: Some(by_rule(&file)),
            movement_steps: last.as_ref().map_or(0, |last| step - last.step),
            effective_rank_w: rank as f32,
            ..unknown.facts
        };
        // A file tells of its own tokens alone, so that nothing is known of earlier ones.
        let lane = LaneView {
            facts,
            codes: codes.into_iter().map(centred).collect(),
            latents: outputs.into_iter().step_by(every).map(centred).collect(),
            window_counts: counts.clone(),
            eval_counts: counts,
            movement: last
                .as_ref()
                .map_or(Vec::new(), |last| distances(&last.codes, &file.codes, dim)),
            singular_values: single(singular_values),
            code_stds: single(code_stds),
            latent_stds: match latents {
                [] => Vec::new(),
                _ => single(axes(latents, dim).1),
            },
            ..unknown
        };
        let reading = reading(&file);
        let code_norms = match lane.knows_use() {
            true => Vec::new(),
            false => file.codes.chunks_exact(dim).map(|row| norm(row) as f32).collect(),
        };
        let lane = LaneView { code_norms, levels: self.small(&file.levels, step), ..lane };
        self.last = Some(Last { step, basis, view, codes: file.codes });
        let snapshot = Arc::new(Snapshot { run: self.run, step, lanes: vec![lane] });
        Look { snapshot, row, reading, flags, told }
    }
}

impl Looker {
    /// Small maps of all codebooks, where what they are drawn of was kept.
    fn small(&mut self, levels: &[Level], step: u64) -> Vec<LaneView> {
        let before = std::mem::take(&mut self.small);
        let mut all = Vec::new();
        for level in levels {
            let Some(drawn) = &level.drawn else { continue };
            let (view, basis) = small(level, drawn, step, before.get(all.len()));
            self.small.push(basis);
            all.push(view);
        }
        all
    }
}

/// What detectors get to see of a file.
pub fn told(file: &External) -> Told {
    let norm = file.latents.as_ref().and_then(|latents| {
        let squares: f64 = latents.rows.iter().map(|&x| f64::from(x).powi(2)).sum();
        let count = latents.rows.len() / file.dim.max(1);
        (count > 0).then(|| (squares / count as f64).sqrt())
    });
    Told { tokens: file.uses.get().and_then(|known| known.tokens), norm }
}

/// The point of the curves: use as the file counts it, and by each meaning of the words that it can
/// answer.
fn row(step: u64, used: Usage, file: &External, eval: Option<Evaluation>) -> StepRow {
    let or_nan = |value: f64| if file.uses.get().is_some() { value } else { f64::NAN };
    let by_rule = by_rule(file);
    let share = |rule| by_rule.get(rule).map(|found| found.used as f64 / file.size.max(1) as f64);
    // Of the full set is what all counted tokens used; without it there is none.
    let unknown = Usage { size: file.size, perplexity: f64::NAN, ..Usage::default() };
    let of_all =
        by_rule.get(Rule::Seen).map_or(unknown, |found| Usage { used: found.used, ..used });
    StepRow {
        utilization_batch: share(Rule::Distinct).unwrap_or(f64::NAN),
        utilization_window: or_nan(used.share()),
        window_tokens: used.tokens,
        perplexity_batch: or_nan(used.perplexity),
        batch_tokens: used.tokens,
        codes: used.size,
        utilization_newest: share(Rule::Newest),
        newest_tokens: by_rule.get(Rule::Newest).and_then(|found| found.tokens),
        utilization_average: share(Rule::Average),
        utilization_fair: share(Rule::Batch),
        eval: eval.map(|eval| Evaluation { usage: of_all, ..eval }),
        ..StepRow::nan(step, LaneId::A)
    }
}

/// Codes in use by each meaning of the words.
fn by_rule(file: &External) -> ByRule {
    let Some(known) = file.uses.get() else { return ByRule::default() };
    known.by_rule.iter().fold(ByRule::default(), |all, &(rule, used)| {
        let tokens = match rule {
            Rule::Seen => known.tokens,
            Rule::Newest => known.tokens.map(|tokens| tokens.min(NEWEST)),
            _ => None,
        };
        all.with(rule, Some(InUse { used, tokens }))
    })
}

/// What was read, as data of an event.
pub fn reading(file: &External) -> Reading {
    let known = file.uses.get();
    Reading {
        file: String::new(),
        size: file.size,
        dim: file.dim,
        level: file.level,
        levels: file.levels.len(),
        lookup: file.lookup.0,
        known: file.lookup.1,
        counts: file.uses.counts().clone(),
        used: known.map_or(0, |known| known.used),
        tokens: known.and_then(|known| known.tokens),
        judgement: known
            .and_then(|known| Judgement::of(known.used, file.size, known.perplexity, known.tokens)),
        by_rule: known.map_or(Vec::new(), |known| known.by_rule.clone()),
        table: table(file),
        tuples: file.tuples.clone(),
        broken: (file.broken.len(), file.broken.iter().take(NAMED).copied().collect()),
        notes: file.notes.clone(),
    }
}

/// A codebook on axes of its own, turned to lie close to those `before`, for a small map.
fn small(level: &Level, drawn: &Drawn, step: u64, before: Option<&Basis>) -> (LaneView, Basis) {
    let (codes, dim) = (&drawn.codes, level.dim);
    let is_broken = |row: &[f32]| row.iter().any(|x| !x.is_finite());
    let broken: Vec<usize> = codes
        .chunks_exact(dim)
        .enumerate()
        .filter(|(_, row)| is_broken(row))
        .map(|(at, _)| at)
        .collect();
    let finite = finite(codes, dim, &broken);
    let (basis, stds) = axes(finite.as_deref().unwrap_or(codes), dim);
    let basis = turned(basis, before, stds.is_empty());
    let codes = basis.project(codes);
    let view = View::of(Points { codes: &codes, encodings: &[], way: &[] }, None);
    let unknown = LaneView::unknown(LaneId::A, step);
    let facts = LaneFacts {
        axes: Axes {
            explained: basis.explained.map(|e| e as f32),
            centre: view.centre,
            extent: view.extent,
            rise: Some(view.rise),
            ..unknown.facts.axes
        },
        counted_in: drawn.counted_in,
        window: Usage {
            used: level.used.unwrap_or(0),
            tokens: level.tokens.unwrap_or(0),
            size: level.size,
            perplexity: level.perplexity.unwrap_or(f64::NAN),
        },
        ..unknown.facts
    };
    let centred = |p: [f32; 2]| [p[0] - view.centre[0], p[1] - view.centre[1]];
    let codes = codes.into_iter().map(centred).collect();
    (LaneView { facts, codes, window_counts: drawn.of_code.clone(), ..unknown }, basis)
}

/// Every codebook of a file that has several.
fn table(file: &External) -> Vec<LevelUse> {
    let levels = if file.levels.len() > 1 { &file.levels[..] } else { &[] };
    let all = levels.iter().map(|level| LevelUse {
        name: shown(&level.label),
        size: level.size,
        used: level.used,
        perplexity: level.perplexity.filter(|x| x.is_finite()),
        residual: level.residual,
        counts: level.counts.clone(),
        lookup: level.lookup,
        known: level.known,
        by_rule: level.by_rule.clone(),
    });
    let mut all: Vec<LevelUse> = all.collect();
    // The drawn one knows its lookup for sure once its codes are read.
    if let Some(level) = all.get_mut(file.level) {
        (level.lookup, level.known) = file.lookup;
    }
    all
}

/// Rows that are finite; none where all are.
fn finite(codes: &[f32], dim: usize, broken: &[usize]) -> Option<Vec<f32>> {
    (!broken.is_empty()).then(|| {
        let rows = codes.chunks_exact(dim);
        rows.filter(|row| row.iter().all(|x| x.is_finite())).flatten().copied().collect()
    })
}

/// Axes turned to lie close to those `before`; of no points these stay.
fn turned(basis: Basis, before: Option<&Basis>, is_of_nothing: bool) -> Basis {
    match before.filter(|before| before.axes[0].len() == basis.axes[0].len()) {
        Some(before) if is_of_nothing => before.clone(),
        Some(before) => basis.aligned_with(before),
        None => basis,
    }
}

/// The axes of most variance, and the standard deviations along all of them, or along the first where
/// there are too many; of no points, as of codes that are all not finite, the first two columns.
fn axes(points: &[f32], dim: usize) -> (Basis, Vec<f64>) {
    if points.is_empty() {
        let axis = |at: usize| (0..dim).map(|i| f64::from(u8::from(i == at))).collect();
        return (Basis { axes: [axis(0), axis(1)], explained: [0.0; 2] }, Vec::new());
    }
    match truncated::is_for(points.len() / dim, dim) {
        true => truncated::axes(points, dim),
        false => (Basis::fit(points, dim), principal_stds(points, dim)),
    }
}

/// Singular values of a matrix, largest first; none of one that is too large, or not finite.
fn singular_values(w: &Matrix) -> Vec<f64> {
    let Matrix { rows, columns, values } = w;
    match rows.min(columns) {
        &least if least > MOST_SPECTRUM => Vec::new(),
        _ if values.iter().any(|x| !x.is_finite()) => Vec::new(),
        least if least == columns => spectrum::singular_values(values, *columns),
        _ => {
            let turned: Vec<f32> =
                (0..rows * columns).map(|i| values[i % rows * columns + i / rows]).collect();
            spectrum::singular_values(&turned, *rows)
        }
    }
}

/// Σ|z-q|² / Σ|z-z̄|² over encoder outputs (M x `dim`) with their squared distances from the codes
/// that they chose (M); not a number where all outputs are equal.
fn quant_error(latents: &[f32], distances: &[f64], dim: usize) -> f64 {
    let rows = latents.chunks_exact(dim);
    let mut mean = vec![0.0_f64; dim];
    for row in rows.clone() {
        mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x) / distances.len() as f64);
    }
    let from_mean = |row: &[f32]| -> f64 {
        row.iter().zip(&mean).map(|(&z, m)| (f64::from(z) - m).powi(2)).sum()
    };
    let spread: f64 = rows.map(from_mean).sum();
    if spread > 0.0 { distances.iter().sum::<f64>() / spread } else { f64::NAN }
}
