//! `summary.json`: the final figures of a run.

use serde_json::{Value, json};

use crate::archive::scenario_hash;
use crate::headless::verdict::Verdict;
use crate::train::Run;
use crate::train::device::instruction_set;
use crate::train::snapshot::Usage;

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
                "eval_step": eval.map(|e| e.step),
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
        "scenario_hash": scenario_hash(scenario),
        "steps": run.step_count(),
        "steps_per_second": steps_per_second,
        "expect": verdicts,
        "lanes": lanes,
    });
    format!("{summary:#}\n")
}
