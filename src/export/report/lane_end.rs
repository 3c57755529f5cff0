//! A lane at the end of a run, with the figures of its last rows.

use serde_json::Value;

use crate::archive::Archive;
use crate::export::plots::upper;
use crate::export::report::judged;
use crate::record::row::StepRow;
use crate::record::snapshot::LaneView;
use crate::record::usage::Usage;
use crate::scenario::{LaneSpec, Preset, method_name};
use crate::words;

/// A lane at the end of the run.
pub struct LaneEnd {
    /// What it was built from.
    pub spec: LaneSpec,
    /// Its method in words, at the start and at the end where they differ.
    pub method: String,
    /// What the panels showed, with the figures of the last row.
    pub view: LaneView,
    /// The final count over many held-out tokens, if one was made.
    pub counted: Option<Usage>,
}

impl LaneEnd {
    /// The end of a lane of which `kept` is the last picture; `finals` are the figures of the summary.
    pub fn new(archive: &Archive, spec: LaneSpec, kept: &LaneView, finals: &Value) -> Self {
        let mut view = kept.clone();
        let own = || archive.rows.iter().rev().filter(|row| row.lane == spec.id);
        if let Some(row) = own().next() {
            let usage = |share: f64, tokens: usize, before: Usage| Usage {
                used: (share * spec.size as f64).round() as usize,
                tokens,
                size: spec.size,
                ..before
            };
            view.batch = usage(row.utilization_batch, view.batch.tokens, view.batch);
            view.window = usage(row.utilization_window, row.window_tokens, view.window);
        }
        // The last evaluation comes after the last kept picture.
        view.eval = own().find_map(|row: &StepRow| row.eval).or(view.eval);
        view.by_rule = own().next().and_then(|row| judged::by_rule(row, view.eval, spec.size));
        let now = match &spec.fixed {
            Some(fixed) => fixed.method(),
            None => method_name(view.learn_c, view.learn_w),
        };
        let before = spec.method();
        let preset = archive.scenario.lane_table(spec.id).and_then(|lane| lane.preset);
        let preset = preset.map(Preset::name).filter(|name| !name.eq_ignore_ascii_case(before));
        let preset = preset.map(|name| format!(" ({name})")).unwrap_or_default();
        let method = if now == before {
            format!("{now}{preset}")
        } else {
            words!("report-at-the-end", before = before, preset = preset, now = now)
        };
        let own = &finals["lanes"][spec.id.name()];
        let counted = own["final_utilization"].as_f64().and_then(|share| {
            Some(Usage {
                used: (share * spec.size as f64).round() as usize,
                tokens: own["final_tokens"].as_u64()? as usize,
                size: spec.size,
                perplexity: own["final_perplexity"].as_f64()?,
            })
        });
        Self { spec, method, view, counted }
    }

    /// "B".
    pub fn letter(&self) -> String {
        upper(self.spec.id)
    }

    /// "B (SimVQ)".
    pub fn name(&self) -> String {
        format!("{} ({})", self.letter(), self.method)
    }

    /// The count by which codes in use are judged: the final one, else that of the full set.
    pub fn judged(&self) -> Option<Usage> {
        let full = self.view.eval.filter(|_| self.view.warms_up_until.is_none());
        self.counted.or(full.map(|e| e.usage)).filter(|u| u.tokens > 0)
    }

    /// The error of the newest evaluation.
    pub fn mse(&self) -> Option<f64> {
        self.view.eval.map(|e| e.recon_mse).filter(|mse| mse.is_finite())
    }
}
