//! Turns files into what the window draws: the same snapshots and rows as a run gives.

use std::sync::Arc;

use crate::math::movement::distances;
use crate::math::pca::{Basis, Points, View, principal_stds};
use crate::math::spectrum;
use crate::model::nearest::nearest_with_distance;
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::snapshot::{Axes, LaneFacts, LaneView, Snapshot};
use crate::record::usage;
use crate::record::usage::Usage;
use crate::scenario::LaneId;
use crate::watch::reader::External;

/// Encoder outputs that the map shows at most.
const SHOWN: usize = 512;

/// Where the counts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// From the file.
    InFile,
    /// From the file's latents, each at its nearest code.
    Here,
    /// The file tells nothing of use.
    Unknown,
}

/// What one file looks like.
pub struct Look {
    /// All panels.
    pub snapshot: Arc<Snapshot>,
    /// The point of the curves.
    pub row: StepRow,
    /// Where the counts come from.
    pub counted: Counted,
}

/// Remembers of the file before what the next one is drawn against.
pub struct Looker {
    run: u64,
    last: Option<Last>,
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
        Self { run, last: None }
    }

    /// The next file of the series. Files come in rising order of steps and have one K and d.
    ///
    /// Axes are those of the codes (PCA), turned to lie close to those of the file before. What a
    /// file does not tell is empty in the snapshot and not a number in the row.
    pub fn look(&mut self, step: u64, file: External) -> Look {
        let dim = file.dim;
        let last = self.last.take();
        let mut basis = Basis::fit(&file.codes, dim);
        if let Some(last) = &last {
            basis = basis.aligned_with(&last.basis);
        }
        let latents = file.latents.as_deref().unwrap_or_default();
        let (codes, outputs) = (basis.project(&file.codes), basis.project(latents));
        let points = Points { codes: &codes, encodings: &outputs, way: &[] };
        let view = View::of(points, last.as_ref().map(|l| l.view));
        let centred = |p: [f32; 2]| [p[0] - view.centre[0], p[1] - view.centre[1]];
        let every = outputs.len().div_ceil(SHOWN).max(1);

        let chosen =
            (!latents.is_empty()).then(|| nearest_with_distance(latents, &file.codes, dim));
        let (counts, counted) = match (&file.usage, &chosen) {
            (Some(_), _) => (file.usage.unwrap_or_default(), Counted::InFile),
            (None, Some((chosen, _))) => (tally(chosen, file.size), Counted::Here),
            (None, None) => (Vec::new(), Counted::Unknown),
        };
        let used = usage_of(&counts, file.size);
        let singular_values =
            file.w.as_ref().map_or(Vec::new(), |w| spectrum::singular_values(w, dim));
        let rank = match singular_values.is_empty() {
            true => f64::NAN,
            false => spectrum::effective_rank(&singular_values),
        };
        let is_known = counted != Counted::Unknown;
        let eval = is_known.then(|| Evaluation {
            quant_error: chosen.map_or(f64::NAN, |(_, far)| quant_error(latents, &far, dim)),
            effective_rank_w: rank,
            ..Evaluation::nan(step, used)
        });
        let known = |value: f64| if is_known { value } else { f64::NAN };
        let row = StepRow {
            utilization_batch: known(used.share()),
            utilization_window: known(used.share()),
            window_tokens: used.tokens,
            perplexity_batch: known(used.perplexity),
            batch_tokens: used.tokens,
            codes: used.size,
            eval,
            ..StepRow::nan(step, LaneId::A)
        };
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
            batch: used,
            window: used,
            eval,
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
            code_stds: single(principal_stds(&file.codes, dim)),
            latent_stds: match latents {
                [] => Vec::new(),
                _ => single(principal_stds(latents, dim)),
            },
            ..unknown
        };
        self.last = Some(Last { step, basis, view, codes: file.codes });
        let snapshot = Arc::new(Snapshot { run: self.run, step, lanes: vec![lane] });
        Look { snapshot, row, counted }
    }
}

/// Use of `size` codes with these counts, of which there are none where nothing is known.
fn usage_of(counts: &[u32], size: usize) -> Usage {
    Usage {
        used: usage::used(counts),
        tokens: counts.iter().map(|&n| n as usize).sum(),
        size,
        perplexity: usage::perplexity(counts),
    }
}

/// How often each of `size` codes was chosen.
fn tally(chosen: &[i32], size: usize) -> Vec<u32> {
    let mut counts = vec![0; size];
    chosen.iter().for_each(|&code| counts[code as usize] += 1);
    counts
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
