//! The folder of a run: `scenario.toml`, `metrics.csv`, `summary.json`.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::headless::verdict::Verdict;
use crate::scenario::{Scenario, to_toml};
use crate::train::Run;
use crate::train::device::instruction_set;
use crate::train::snapshot::{StepRow, Usage};

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is something in it.
    #[error(
        "{0} is not empty; name another folder with --out, or add --force to write over an earlier run there"
    )]
    NotEmpty(PathBuf),
    /// It is a file.
    #[error("{0} is a file, not a folder; name another place with --out")]
    IsFile(PathBuf),
    /// Writing fails.
    #[error(
        "{place} cannot be written ({error}); check the disk and the permissions, or name another place with --out"
    )]
    Write {
        /// The file or folder.
        place: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

const HEADER: &str = "step,lane,loss,recon_loss,codebook_loss,commitment_loss,entropy_loss,utilization_batch,utilization_window,window_tokens,perplexity_batch,utilization,eval_tokens,perplexity,dead_codes,recon_mse,psnr,quant_error,effective_rank_w";

/// A folder that is being written.
pub struct Folder {
    path: PathBuf,
    metrics: BufWriter<File>,
}

impl Folder {
    /// Makes the folder if it is not there, and starts `metrics.csv`.
    ///
    /// # Errors
    /// It is not empty and `force` is false, it is a file, or it cannot be written.
    pub fn prepare(path: &Path, force: bool) -> Result<Self, FolderError> {
        let failed = |place: &Path, error| FolderError::Write { place: place.into(), error };
        if path.is_file() {
            return Err(FolderError::IsFile(path.into()));
        }
        std::fs::create_dir_all(path).map_err(|e| failed(path, e))?;
        let mut entries = std::fs::read_dir(path).map_err(|e| failed(path, e))?;
        if !force && entries.next().is_some() {
            return Err(FolderError::NotEmpty(path.into()));
        }
        let place = path.join("metrics.csv");
        let file = File::create(&place).map_err(|e| failed(&place, e))?;
        let mut folder = Self { path: path.into(), metrics: BufWriter::new(file) };
        folder.line(HEADER)?;
        Ok(folder)
    }

    fn line(&mut self, line: &str) -> Result<(), FolderError> {
        let place = self.path.join("metrics.csv");
        writeln!(self.metrics, "{line}").map_err(|error| FolderError::Write { place, error })
    }

    /// Adds a row to `metrics.csv`.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write_row(&mut self, row: &StepRow) -> Result<(), FolderError> {
        let train = format!(
            "{},{},{},{},{},{},{},{},{},{},{}",
            row.step,
            row.lane.name(),
            row.loss,
            row.recon_loss,
            row.codebook_loss,
            row.commitment_loss,
            row.entropy_loss,
            row.utilization_batch,
            row.utilization_window,
            row.window_tokens,
            row.perplexity_batch
        );
        let eval = row.eval.map_or(",,,,,,,".to_string(), |e| {
            let finite = |x: f64| if x.is_finite() { x.to_string() } else { String::new() };
            format!(
                "{},{},{},{},{},{},{},{}",
                e.usage.share(),
                e.usage.tokens,
                e.usage.perplexity,
                e.usage.size - e.usage.used,
                finite(e.recon_mse),
                finite(e.psnr),
                finite(e.quant_error),
                finite(e.effective_rank_w)
            )
        });
        self.line(&format!("{train},{eval}"))
    }

    /// Writes `scenario.toml`; running it again gives the same run.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write_scenario(&self, scenario: &Scenario) -> Result<(), FolderError> {
        self.write("scenario.toml", &to_toml(scenario))
    }

    /// Writes `summary.json` and completes `metrics.csv`.
    ///
    /// # Errors
    /// Writing fails.
    pub fn write_summary(
        &mut self,
        run: &Run,
        scenario: &Scenario,
        verdicts: &[Verdict],
        finals: &[Option<Usage>],
        steps_per_second: f64,
    ) -> Result<(), FolderError> {
        let place = self.path.join("metrics.csv");
        self.metrics.flush().map_err(|error| FolderError::Write { place, error })?;
        let lanes: serde_json::Map<String, Value> = run
            .lanes()
            .iter()
            .enumerate()
            .map(|(number, lane)| {
                let eval = lane.eval;
                let counted = finals.get(number).copied().flatten();
                let finite = |x: Option<f64>| x.filter(|x| x.is_finite());
                let value = json!({
                    "utilization": eval.map(|e| e.usage.share()),
                    "final_utilization": counted.map(|u| u.share()),
                    "final_tokens": counted.map(|u| u.tokens),
                    "final_tokens_per_code": counted.map(|u| u.tokens as f64 / u.size as f64),
                    "final_perplexity": counted.map(|u| u.perplexity),
                    "utilization_window": lane.window.usage().share(),
                    "window_tokens": lane.window.usage().tokens,
                    "utilization_batch": lane.window.batch().share(),
                    "batch_tokens": lane.window.batch().tokens,
                    "eval_tokens": eval.map(|e| e.usage.tokens),
                    "perplexity": eval.map(|e| e.usage.perplexity),
                    "dead_codes": eval.map(|e| e.usage.size - e.usage.used),
                    "recon_mse": finite(eval.map(|e| e.recon_mse)),
                    "psnr": finite(eval.map(|e| e.psnr)),
                    "quant_error": finite(eval.map(|e| e.quant_error)),
                    "effective_rank_w": finite(eval.map(|e| e.effective_rank_w)),
                    "diverged_at": lane.diverged_at,
                });
                (lane.spec.id.name().to_string(), value)
            })
            .collect();
        let info = run.info();
        let summary = json!({
            "title": scenario.title,
            "version": env!("CARGO_PKG_VERSION"),
            "device": info.device.name,
            "device_reason": info.device.reason,
            "instruction_set": instruction_set(),
            "seed": scenario.seed,
            "scenario_hash": hash(scenario),
            "steps": run.step_count(),
            "steps_per_second": steps_per_second,
            "expect": verdicts,
            "lanes": lanes,
        });
        self.write("summary.json", &format!("{summary:#}\n"))
    }

    fn write(&self, name: &str, text: &str) -> Result<(), FolderError> {
        let place = self.path.join(name);
        std::fs::write(&place, text).map_err(|error| FolderError::Write { place, error })
    }
}

/// SHA-256 of the resolved scenario's text, in hexadecimal.
pub fn hash(scenario: &Scenario) -> String {
    Sha256::digest(to_toml(scenario).as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}
