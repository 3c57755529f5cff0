//! Steps per second, as the window shows them, and what a step costs by itself.

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

/// Time that steps take by themselves, however long the trainer waits between them.
#[derive(Default)]
pub struct Cost {
    /// The first step, which may compile kernels: it counts only while it is alone.
    first: Option<Duration>,
    spent: Duration,
    steps: u32,
}

impl Cost {
    /// Counts a step.
    pub fn add(&mut self, spent: Duration) {
        if self.first.is_none() {
            self.first = Some(spent);
            return;
        }
        self.spent += spent;
        self.steps += 1;
    }

    /// Seconds a step, if one was counted.
    pub fn per_step(&self) -> Option<f64> {
        match self.steps {
            0 => self.first.map(|first| first.as_secs_f64()),
            steps => Some(self.spent.as_secs_f64() / f64::from(steps)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_costs_its_own_time_and_the_first_counts_while_it_is_alone() {
        let mut cost = Cost::default();
        assert_eq!(cost.per_step(), None);
        cost.add(Duration::from_secs(12));
        assert_eq!(cost.per_step(), Some(12.0));
        [1, 3, 2].into_iter().for_each(|seconds| cost.add(Duration::from_secs(seconds)));
        assert_eq!(cost.per_step(), Some(2.0));
    }
}
