//! Steps per second, as the window shows them.

use std::time::{Duration, Instant};

/// Time between two reports of the speed.
const STATE_INTERVAL: Duration = Duration::from_millis(500);

/// Steps per second.
pub struct Meter {
    since: Instant,
    steps: u32,
    rate: f64,
}

impl Meter {
    pub fn new() -> Self {
        Self { since: Instant::now(), steps: 0, rate: 0.0 }
    }

    pub fn count(&mut self) {
        self.steps += 1;
    }

    pub fn is_report_due(&self) -> bool {
        self.since.elapsed() >= STATE_INTERVAL
    }

    /// The rate since the last full interval.
    pub fn report(&mut self) -> f64 {
        let elapsed = self.since.elapsed();
        if elapsed >= STATE_INTERVAL {
            self.rate = f64::from(self.steps) / elapsed.as_secs_f64();
            self.steps = 0;
            self.since = Instant::now();
        }
        self.rate
    }
}
