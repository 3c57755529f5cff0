//! The count of used codes after the last step, over many distinct held-out tokens.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::{HeadlessError, Order};
use crate::analysis::verdict::Judge;
use crate::engine::{Run, RunError};
use crate::record::usage::Usage;
use crate::say;

/// Counts each lane's code use over many distinct held-out tokens, where the scenario asks for it
/// and its last step was reached; says so where it is left out.
pub fn final_count(
    order: &Order,
    run: &Run,
    judge: &mut Judge,
    stop: &AtomicBool,
) -> Result<Vec<Option<Usage>>, HeadlessError> {
    let wanted = order.scenario.data.final_tokens;
    let is_at_end = run.step_count() >= order.scenario.steps;
    if wanted == 0 || !is_at_end || order.no_final_count || stop.load(Ordering::Relaxed) {
        if wanted > 0 && order.part_of.is_none() {
            let why =
                if is_at_end { "it was told not to" } else { "the last step was not reached" };
            say::line(format_args!("no final count over {wanted} tokens: {why}"));
        }
        return Ok(Vec::new());
    }
    let mut finals = Vec::new();
    for lane in run.lanes() {
        if lane.diverged_at.is_some() || lane.warms_up_until().is_some() {
            finals.push(None);
            continue;
        }
        let name = lane.spec.id.name();
        let most = lane.data.held_out_len() * lane.spec.tokens;
        let bar = match order.part_of {
            Some(_) => ProgressBar::hidden(),
            None => ProgressBar::new(wanted.min(most) as u64),
        };
        let style = format!(
            "{{bar:40}} final count of lane {name}: {{pos}} of {{len}} tokens, {{eta}} to go"
        );
        let bar =
            bar.with_style(ProgressStyle::with_template(&style).expect("a constant template"));
        let mut estimate = Estimate::default();
        let mut progress = |counted: usize| {
            if let Some(seconds) = estimate.seconds_left(counted, wanted.min(most), Instant::now())
            {
                // Told once, and also where no bar is drawn.
                bar.suspend(|| {
                    let left = rough(seconds);
                    say::error(format_args!("final count of lane {name}: about {left} to go"));
                });
            }
            bar.set_position(counted as u64);
            !stop.load(Ordering::Relaxed)
        };
        let usage =
            lane.count_held_out(run.step_count(), wanted, &mut progress).map_err(RunError::from)?;
        bar.finish_and_clear();
        if let Some(usage) = usage {
            judge.see_final(lane.spec.id, usage.share());
            if order.part_of.is_none() {
                let per_code = usage.tokens as f64 / usage.size as f64;
                say::line(format_args!(
                    "final count of lane {name}: {:.1} % of {} codes used by {} held-out tokens, {per_code:.1} a code",
                    100.0 * usage.share(),
                    usage.size,
                    usage.tokens
                ));
            }
        }
        finals.push(usage);
    }
    Ok(finals)
}

/// Time that is watched before the rest of a count is estimated.
const WATCHED: Duration = Duration::from_secs(1);

/// Estimates the rest of a count once, from its pace.
#[derive(Default)]
struct Estimate {
    /// When the first pass was over, which may have waited for kernels to be compiled, and its tokens.
    first: Option<(Instant, usize)>,
    is_told: bool,
}

impl Estimate {
    /// Seconds left of a count of `all` tokens, the first time that they can be told; never for a
    /// count that is over sooner.
    fn seconds_left(&mut self, counted: usize, all: usize, now: Instant) -> Option<f64> {
        let (start, before) = *self.first.get_or_insert((now, counted));
        let watched = now - start;
        if self.is_told || watched < WATCHED || counted >= all {
            return None;
        }
        self.is_told = true;
        Some(watched.as_secs_f64() * (all - counted) as f64 / (counted - before).max(1) as f64)
    }
}

/// "40 s", "3 minutes": as exact as an estimate can be.
fn rough(seconds: f64) -> String {
    match seconds {
        s if s < 90.0 => format!("{:.0} s", s.ceil()),
        s => format!("{:.0} minutes", s / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_estimated_once_from_the_pace_after_the_first_pass() {
        let start = Instant::now();
        let after = |seconds: f64| start + Duration::from_secs_f64(seconds);
        let mut estimate = Estimate::default();
        // The first pass took 9 s, which tells nothing of the next ones: 100 tokens a second.
        assert_eq!(estimate.seconds_left(100, 10_000, after(9.0)), None);
        assert_eq!(estimate.seconds_left(150, 10_000, after(9.5)), None);
        let left = estimate.seconds_left(300, 10_000, after(11.0)).unwrap();
        assert!((left - 97.0).abs() < 1e-9, "{left}");
        assert_eq!(estimate.seconds_left(400, 10_000, after(12.0)), None, "told once");
        let mut short = Estimate::default();
        assert_eq!(short.seconds_left(100, 200, start), None);
        assert_eq!(short.seconds_left(200, 200, after(5.0)), None, "over");
    }

    #[test]
    fn durations_are_told_roughly() {
        assert_eq!(rough(0.4), "1 s");
        assert_eq!(rough(89.2), "90 s");
        assert_eq!(rough(200.0), "3 minutes");
    }
}
