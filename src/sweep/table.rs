//! What the runs of a sweep came to, read back from their folders.

use std::path::Path;

use serde_json::Value;

use crate::files;
use crate::headless::summary::is_whole;
use crate::record::metric::EVALUATED;
use crate::scenario::hash::scenario_hash;
use crate::sweep::{Cell, Grid, SweepError};
use crate::text::csv::{self, Table};

/// One lane of one run.
pub struct Row {
    /// Number of the run's cell.
    pub cell: usize,
    /// "a" or "b".
    pub lane: String,
    /// "VQ", "SimVQ" and so on.
    pub method: &'static str,
    /// Number of codes, K.
    pub codes: usize,
    /// Figures of `summary.json`; what is not a number there is not here.
    pub summary: Value,
}

impl Row {
    /// A figure by its name in `summary.json`, if it is a number.
    pub fn figure(&self, name: &str) -> Option<f64> {
        self.summary[name].as_f64()
    }

    /// Tokens of the full evaluation set for each code.
    pub fn tokens_per_code(&self) -> Option<f64> {
        Some(self.figure("eval_tokens")? / self.codes as f64)
    }
}

/// Longest summary that is read; one is a few kilobytes.
const MOST_BYTES: u64 = 1 << 20;

/// Figures in the table, by their names in `summary.json`.
const FIGURES: [&str; 11] = [
    "utilization",
    "eval_tokens",
    "perplexity",
    "dead_codes",
    "recon_mse",
    "psnr",
    "quant_error",
    "effective_rank_w",
    "final_utilization",
    "final_tokens",
    "diverged_at",
];

/// Metrics that came later; their columns stand at the end.
fn later() -> impl Iterator<Item = &'static str> {
    EVALUATED.iter().map(|metric| metric.name).filter(|name| !FIGURES.contains(name))
}

/// Whether a cell's run is there and whole.
///
/// # Errors
/// There is a run of this name over another scenario or of another length, or a file cannot be read.
pub fn is_done(runs: &Path, cell: &Cell, steps: u64) -> Result<bool, SweepError> {
    let Some(summary) = summary(runs, cell)? else { return Ok(false) };
    if summary["scenario_hash"] == scenario_hash(&cell.scenario) {
        let trained = summary["steps"].as_u64().unwrap_or(0);
        let mut lanes = summary["lanes"].as_object().into_iter().flat_map(|all| all.values());
        // A run ends early where every lane diverged.
        if trained == steps || (trained < steps && lanes.all(|l| l["diverged_at"].is_u64())) {
            return Ok(true);
        }
        return Err(SweepError::BadInput(format!(
            "{} is a run of {trained} steps and this sweep asks for {steps}; name another folder with --out",
            runs.join(&cell.name).display()
        )));
    }
    Err(SweepError::BadInput(format!(
        "{} is a run over another scenario than this sweep's; name another folder with --out",
        runs.join(&cell.name).display()
    )))
}

fn summary(runs: &Path, cell: &Cell) -> Result<Option<Value>, SweepError> {
    let place = runs.join(&cell.name).join("summary.json");
    let damaged = |why: &str| {
        SweepError::BadInput(format!(
            "{} is damaged ({why}); remove this file, and the run is trained again",
            place.display()
        ))
    };
    let bytes = match files::read(&place, MOST_BYTES) {
        Ok(bytes) => bytes,
        Err(error) if error.is_missing() => return Ok(None),
        Err(error) => return Err(SweepError::BadInput(format!("{} {error}", place.display()))),
    };
    let text = String::from_utf8(bytes)
        .map_err(|e| damaged(&format!("byte {} is not text", e.utf8_error().valid_up_to())))?;
    let summary: Value = serde_json::from_str(&text).map_err(|e| damaged(&e.to_string()))?;
    if !is_whole(&text) {
        return Err(damaged("its check sum does not fit its figures"));
    }
    Ok(Some(summary))
}

/// All lanes of all runs that are done, in the grid's order.
///
/// # Errors
/// A summary cannot be read.
pub fn read(runs: &Path, grid: &Grid) -> Result<Vec<Row>, SweepError> {
    let mut rows = Vec::new();
    for (number, cell) in grid.cells().iter().enumerate() {
        let Some(summary) = summary(runs, cell)? else { continue };
        for spec in cell.scenario.lane_specs() {
            let lane = spec.id.name();
            let mut own = summary["lanes"][lane].clone();
            let Some(figures) = own.as_object_mut() else {
                let place = runs.join(&cell.name).join("summary.json");
                return Err(SweepError::BadInput(format!(
                    "{} is damaged (it has no figures of lane {lane}); remove this file, and the run is trained again",
                    place.display()
                )));
            };
            figures.insert("expect".into(), verdict(&summary, lane).into());
            rows.push(Row {
                cell: number,
                lane: lane.into(),
                method: spec.method(),
                codes: spec.size,
                summary: own,
            });
        }
    }
    Ok(rows)
}

/// "held", "failed", "not reached", or nothing where a lane has no expectation.
fn verdict(summary: &Value, lane: &str) -> &'static str {
    let all = summary["expect"].as_array().map(Vec::as_slice).unwrap_or_default();
    let own: Vec<&str> =
        all.iter().filter(|e| e["lane"] == lane).filter_map(|e| e["verdict"].as_str()).collect();
    match own.as_slice() {
        [] => "",
        own if own.contains(&"failed") => "failed",
        own if own.contains(&"not_reached") => "not reached",
        _ => "held",
    }
}

/// The table as CSV: a row a lane and run.
pub fn csv(grid: &Grid, rows: &[Row]) -> String {
    let mut table = Table::default();
    let keys = grid.axes.iter().map(|axis| csv::word(&axis.key));
    let fixed = ["seed", "lane", "codes"].into_iter().chain(FIGURES);
    let fixed = fixed.chain(["tokens_per_code", "expect"]).chain(later());
    table.row(keys.chain(fixed.map(String::from)));
    for row in rows {
        let cell = &grid.cells()[row.cell];
        let values = grid.axes.iter().zip(&cell.at).map(|(axis, &i)| csv::word(&axis.values[i]));
        let number =
            |name: &str| row.summary[name].as_number().map_or(String::new(), ToString::to_string);
        let per_code = row.tokens_per_code().map(|n| n.to_string());
        table.row(
            values
                .chain([cell.seed.to_string(), row.lane.clone(), row.codes.to_string()])
                .chain(FIGURES.map(number))
                .chain([
                    per_code.unwrap_or_default(),
                    row.summary["expect"].as_str().unwrap_or_default().into(),
                ])
                .chain(later().map(number)),
        );
    }
    table.text()
}
