//! What the window measures of itself: `--report FILE.json`, and the figures of the status bar.

use std::time::{Duration, Instant};

use serde_json::json;

/// Most frames whose times are kept; a longer run keeps the newest.
const FRAMES: usize = 100_000;

/// Time between two looks at the process's memory and the frame rate.
const LOOK: Duration = Duration::from_millis(1000);

/// Times and memory since the start of the program.
pub struct Meter {
    start: Instant,
    first_step: Option<(Instant, u64)>,
    last: Option<(Instant, u64)>,
    /// Milliseconds of layout a frame, since the first step was drawn.
    ui_ms: Vec<f32>,
    frames: u64,
    memory_start: Option<u64>,
    looked: Instant,
    frames_at_look: u64,
}

impl Meter {
    /// A meter of a program that started at `start`.
    pub fn new(start: Instant) -> Self {
        Self {
            start,
            first_step: None,
            last: None,
            ui_ms: Vec::new(),
            frames: 0,
            memory_start: memory_bytes(),
            looked: start,
            frames_at_look: 0,
        }
    }

    /// A frame was laid out in `took`; the newest picture in it is of `step`.
    pub fn frame(&mut self, took: Duration, step: u64) {
        let now = Instant::now();
        if step >= 1 && self.first_step.is_none() {
            self.first_step = Some((now, step));
        }
        if self.first_step.is_some() {
            self.frames += 1;
            if self.ui_ms.len() >= FRAMES {
                self.ui_ms.drain(..FRAMES / 2);
            }
            self.ui_ms.push(took.as_secs_f32() * 1e3);
            if self.last.is_none_or(|(_, s)| s != step) {
                self.last = Some((now, step));
            }
        }
    }

    /// Frames a second and memory in bytes, once a second.
    pub fn look(&mut self) -> Option<(f64, Option<u64>)> {
        let elapsed = self.looked.elapsed();
        if elapsed < LOOK {
            return None;
        }
        let rate = (self.frames - self.frames_at_look) as f64 / elapsed.as_secs_f64();
        self.looked = Instant::now();
        self.frames_at_look = self.frames;
        Some((rate, memory_bytes()))
    }

    /// The report: rates are counted from the first step drawn to the newest.
    pub fn report(&self, scenario: &str, device: &str, renderer: &str) -> serde_json::Value {
        let first_ms = self.first_step.map(|(at, _)| (at - self.start).as_secs_f64() * 1e3);
        let span = match (self.first_step, self.last) {
            (Some((t0, s0)), Some((t1, s1))) if t1 > t0 => Some(((t1 - t0).as_secs_f64(), s1 - s0)),
            _ => None,
        };
        let mut sorted = self.ui_ms.clone();
        sorted.sort_by(f32::total_cmp);
        let quantile = |q: f64| {
            sorted.get(((sorted.len() as f64 - 1.0).max(0.0) * q).round() as usize).copied()
        };
        json!({
            "scenario": scenario,
            "device": device,
            "renderer": renderer,
            "first_step_drawn_ms": first_ms,
            "steps": self.last.map(|(_, step)| step),
            "steps_per_second": span.map(|(seconds, steps)| steps as f64 / seconds),
            "frames_per_second": span.map(|(seconds, _)| self.frames as f64 / seconds),
            "ui_ms_median": quantile(0.5),
            "ui_ms_p99": quantile(0.99),
            "memory_start_bytes": self.memory_start,
            "memory_end_bytes": memory_bytes(),
        })
    }
}

/// Memory of the process that is in RAM, where the system tells.
pub fn memory_bytes() -> Option<u64> {
    memory_stats::memory_stats().map(|m| m.physical_mem as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_that_drew_no_step_has_no_rates() {
        let mut meter = Meter::new(Instant::now());
        meter.frame(Duration::from_millis(3), 0);
        let report = meter.report("s", "d", "r");
        assert!(report["first_step_drawn_ms"].is_null() && report["steps_per_second"].is_null());
        assert!(report["ui_ms_median"].is_null());
    }

    #[test]
    fn frames_are_counted_from_the_first_step_on() {
        let mut meter = Meter::new(Instant::now());
        meter.frame(Duration::from_millis(90), 0);
        for step in 1..=99_u64 {
            meter.frame(Duration::from_millis(if step == 50 { 40 } else { 2 }), step);
        }
        let report = meter.report("s", "d", "r");
        assert_eq!(report["steps"], 99);
        assert!((report["ui_ms_median"].as_f64().unwrap() - 2.0).abs() < 1e-3);
        assert!((report["ui_ms_p99"].as_f64().unwrap() - 2.0).abs() < 1e-3);
        assert!(report["first_step_drawn_ms"].as_f64().unwrap() >= 0.0);
    }
}
