//! Series that stay bounded however long a run trains.
//!
//! A [`Series`] holds the values of the newest [`RECENT`] steps as they are, and beside them at most
//! [`CAPACITY`] buckets of equal width over all steps. When these are full, the width doubles and
//! neighbours merge into their minimum, mean and maximum, so a curve of a million steps is drawn from
//! as few points as one of 4,000, and no peak is lost from it.

use std::collections::VecDeque;

use crate::record::event::{Event, EventKind, Fact, Reading};
use crate::record::judgement::Rule;
use crate::record::metric::EVALUATED;
use crate::record::row::StepRow;
use crate::scenario::{LaneId, Metric};

/// Most buckets of one series.
pub const CAPACITY: usize = 4096;

/// Newest steps whose values are kept as they are.
pub const RECENT: u64 = 100_000;

/// Most events kept; the oldest go first.
const EVENTS: usize = 2048;

/// Values of neighbouring steps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bucket {
    /// First step with a value.
    pub first: u64,
    /// Last step with a value.
    pub last: u64,
    /// Least value.
    pub min: f64,
    /// Mean value.
    pub mean: f64,
    /// Greatest value.
    pub max: f64,
    /// Number of values.
    pub count: u64,
}

impl Bucket {
    fn absorb(&mut self, next: &Self) {
        let count = self.count + next.count;
        self.mean = (self.mean * self.count as f64 + next.mean * next.count as f64) / count as f64;
        self.min = self.min.min(next.min);
        self.max = self.max.max(next.max);
        self.last = next.last;
        self.count = count;
    }
}

/// The last step of neighbouring buckets and the mean of their values.
fn point(some: &[Bucket]) -> (u64, f64) {
    let count: u64 = some.iter().map(|b| b.count).sum();
    let sum: f64 = some.iter().map(|b| b.mean * b.count as f64).sum();
    (some[some.len() - 1].last, sum / count.max(1) as f64)
}

/// A curve over steps: the newest values, and all of them in at most [`CAPACITY`] buckets.
#[derive(Clone, Debug)]
pub struct Series {
    width: u64,
    buckets: Vec<Bucket>,
    /// Steps and values of the newest steps, in 32 bits: curves are drawn, not computed with.
    recent: VecDeque<(u32, f32)>,
}

impl Default for Series {
    fn default() -> Self {
        Self { width: 1, buckets: Vec::new(), recent: VecDeque::new() }
    }
}

impl Series {
    /// Adds the value of a step; steps come in rising order. A value that is not finite is left
    /// out.
    pub fn push(&mut self, step: u64, value: f64) {
        if !value.is_finite() {
            return;
        }
        while self.recent.front().is_some_and(|&(s, _)| u64::from(s) + RECENT <= step) {
            self.recent.pop_front();
        }
        // A run has at most 100,000,000 steps.
        self.recent.push_back((step as u32, value as f32));
        let new = Bucket { first: step, last: step, min: value, mean: value, max: value, count: 1 };
        self.add(new);
        if self.buckets.len() > CAPACITY {
            self.width *= 2;
            for bucket in std::mem::take(&mut self.buckets) {
                self.add(bucket);
            }
        }
    }

    fn add(&mut self, new: Bucket) {
        match self.buckets.last_mut() {
            Some(last) if last.first / self.width == new.first / self.width => last.absorb(&new),
            _ => self.buckets.push(new),
        }
    }

    /// The buckets in order of their steps.
    pub fn buckets(&self) -> &[Bucket] {
        &self.buckets
    }

    /// At most `most` points for a line: the last step of each and the mean of its values.
    pub fn points(&self, most: usize) -> impl Iterator<Item = (u64, f64)> {
        let stride = self.buckets.len().div_ceil(most.max(1)).max(1);
        self.buckets.chunks(stride).map(point)
    }

    /// The same as a line for each part between two of the rising steps `breaks`, which are never
    /// joined: what is after a break acts from the step behind it on.
    pub fn pieces(&self, most: usize, breaks: &[u64]) -> Vec<Vec<(u64, f64)>> {
        let part = |bucket: &Bucket| breaks.partition_point(|&at| at < bucket.last);
        let parts = self.buckets.chunk_by(|a, b| part(a) == part(b));
        let stride = self.buckets.len().div_ceil(most.max(1)).max(1);
        parts.map(|part| part.chunks(stride).map(point).collect()).collect()
    }

    /// Steps a bucket spans; 1 until the series is thinned.
    pub fn width(&self) -> u64 {
        self.width
    }

    /// The value at `step`, or the last one before it: exact among the newest steps, else the bucket
    /// that holds it.
    pub fn at(&self, step: u64) -> Option<Bucket> {
        let after = self.recent.partition_point(|&(s, _)| u64::from(s) <= step);
        if let Some(&(s, value)) = after.checked_sub(1).and_then(|i| self.recent.get(i)) {
            let (step, value) = (u64::from(s), f64::from(value));
            let (min, mean, max) = (value, value, value);
            return Some(Bucket { first: step, last: step, min, mean, max, count: 1 });
        }
        let after = self.buckets.partition_point(|b| b.first <= step);
        after.checked_sub(1).map(|i| self.buckets[i])
    }

    /// Steps and values of the newest steps, as they were.
    pub fn recent(&self) -> impl ExactSizeIterator<Item = (u64, f64)> + '_ {
        self.recent.iter().map(|&(step, value)| (u64::from(step), f64::from(value)))
    }
}

/// The curves of one lane.
#[derive(Clone, Debug, Default)]
pub struct LaneHistory {
    /// Share of codes used in the sliding window.
    pub utilization_window: Series,
    /// Share of codes used in the batch.
    pub utilization_batch: Series,
    /// Share of codes used by the newest 65,536 tokens.
    pub utilization_newest: Series,
    /// Share of codes in use by the moving averages of the counts of batches.
    pub utilization_average: Series,
    /// Share of codes with a hundredth of the fair share of the batch.
    pub utilization_fair: Series,
    /// Share of codes used on the evaluation set.
    pub utilization: Series,
    /// Perplexity on the evaluation set.
    pub perplexity: Series,
    /// Codes that are not used on the evaluation set.
    pub dead_codes: Series,
    /// Mean squared reconstruction error on the evaluation set.
    pub recon_mse: Series,
    /// Sum of the loss terms.
    pub loss: Series,
    /// Reconstruction loss of the batch.
    pub recon_loss: Series,
    /// Codebook loss.
    pub codebook_loss: Series,
    /// Commitment loss.
    pub commitment_loss: Series,
    /// Perplexity of the batch.
    pub perplexity_batch: Series,
    /// Codes born in 100 steps.
    pub births_100: Series,
    /// Codes that died in 100 steps.
    pub deaths_100: Series,
    /// Every metric at each evaluation, in the order of its table.
    evaluated: Vec<Series>,
}

impl LaneHistory {
    /// The curve of a metric of `[[expect]]`, where there is one.
    pub fn metric(&self, metric: Metric) -> Option<&Series> {
        match metric {
            Metric::Utilization => Some(&self.utilization),
            Metric::UtilizationWindow => Some(&self.utilization_window),
            Metric::UtilizationBatch => Some(&self.utilization_batch),
            Metric::UtilizationNewest => Some(&self.utilization_newest),
            Metric::UtilizationAverage => Some(&self.utilization_average),
            Metric::UtilizationFair => Some(&self.utilization_fair),
            Metric::Perplexity => Some(&self.perplexity),
            Metric::DeadCodes => Some(&self.dead_codes),
            metric => self.evaluated(metric.name()),
        }
    }

    /// The share of codes in use by a meaning of the words; without one as the window counts, or the
    /// file.
    pub fn counted_by(&self, rule: Option<Rule>) -> &Series {
        match rule {
            None => &self.utilization_window,
            Some(Rule::Seen) => &self.utilization,
            Some(Rule::Newest) => &self.utilization_newest,
            Some(Rule::Average) => &self.utilization_average,
            Some(Rule::Batch) => &self.utilization_fair,
            Some(Rule::Distinct) => &self.utilization_batch,
        }
    }

    /// A metric at each evaluation, if there is one of this name.
    pub fn evaluated(&self, name: &str) -> Option<&Series> {
        self.evaluated.get(EVALUATED.iter().position(|metric| metric.name == name)?)
    }
}

/// Everything the timeline and the curves show.
#[derive(Clone, Debug, Default)]
pub struct History {
    /// Lanes a and b; b stays empty in a run of one lane.
    pub lanes: [LaneHistory; 2],
    /// Marks, oldest first.
    pub events: Vec<Event>,
    /// Newest step.
    pub step: u64,
}

impl History {
    /// What was read of the file of another program that a lane shows at a step.
    pub fn reading(&self, id: LaneId, step: u64) -> Option<&Reading> {
        let mut own = self
            .events
            .iter()
            .rev()
            .filter(|event| event.step <= step && event.lane.unwrap_or(LaneId::A) == id);
        own.find_map(|event| match &event.fact {
            Some(Fact::Read(reading)) => Some(&**reading),
            _ => None,
        })
    }

    /// The same of every file of a lane, with its step, in their order.
    pub fn readings(&self, id: LaneId) -> Vec<(u64, &Reading)> {
        let own = self.events.iter().filter(|event| event.lane.unwrap_or(LaneId::A) == id);
        let mut files: Vec<(u64, &Reading)> = own
            .filter_map(|event| match &event.fact {
                Some(Fact::Read(reading)) => Some((event.step, &**reading)),
                _ => None,
            })
            .collect();
        files.sort_by_key(|(step, _)| *step);
        files
    }

    /// Adds the scalars of one lane and step.
    pub fn push_row(&mut self, row: &StepRow) {
        let lane = &mut self.lanes[row.lane.index()];
        lane.loss.push(row.step, row.loss);
        lane.recon_loss.push(row.step, row.recon_loss);
        lane.codebook_loss.push(row.step, row.codebook_loss);
        lane.commitment_loss.push(row.step, row.commitment_loss);
        lane.utilization_batch.push(row.step, row.utilization_batch);
        lane.utilization_window.push(row.step, row.utilization_window);
        lane.perplexity_batch.push(row.step, row.perplexity_batch);
        let turnover =
            [(&mut lane.births_100, row.births_100), (&mut lane.deaths_100, row.deaths_100)];
        for (series, codes) in turnover {
            if let Some(codes) = codes {
                series.push(row.step, codes as f64);
            }
        }
        for (series, share) in [
            (&mut lane.utilization_newest, row.utilization_newest),
            (&mut lane.utilization_average, row.utilization_average),
            (&mut lane.utilization_fair, row.utilization_fair),
        ] {
            series.push(row.step, share.unwrap_or(f64::NAN));
        }
        if let Some(eval) = &row.eval {
            // A file of another program may not tell what all tokens used.
            if eval.usage.tokens > 0 || eval.usage.used > 0 {
                let dead = eval.usage.size.saturating_sub(eval.usage.used);
                lane.utilization.push(row.step, eval.usage.share());
                lane.perplexity.push(row.step, eval.usage.perplexity);
                lane.dead_codes.push(row.step, dead as f64);
            }
            lane.recon_mse.push(row.step, eval.recon_mse);
            lane.evaluated.resize_with(EVALUATED.len(), Series::default);
            for (series, metric) in lane.evaluated.iter_mut().zip(EVALUATED) {
                series.push(row.step, (metric.of)(eval));
            }
        }
        self.step = self.step.max(row.step);
    }

    /// Adds a mark; beyond 2,048 the oldest go.
    pub fn push_event(&mut self, event: Event) {
        self.events.push(event);
        if self.events.len() > EVENTS {
            self.events.remove(0);
        }
    }

    /// Steps after which a setting of a lane was changed, rising: lines between figures of before and
    /// of after would state what nobody measured.
    pub fn changes(&self, id: LaneId) -> Vec<u64> {
        changes(self.events.iter(), id)
    }

    /// The curves of a lane.
    pub fn lane(&self, id: LaneId) -> &LaneHistory {
        &self.lanes[id.index()]
    }
}

/// Steps of those events that change a setting of a lane, rising, each once.
pub fn changes<'a>(events: impl Iterator<Item = &'a Event>, id: LaneId) -> Vec<u64> {
    let of_lane = events.filter(|e| e.kind == EventKind::Change && e.lane.is_none_or(|l| l == id));
    let mut steps: Vec<u64> = of_lane.map(|e| e.step).collect();
    steps.sort_unstable();
    steps.dedup();
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::metric::Evaluation;
    use crate::record::usage::Usage;

    #[test]
    fn a_long_series_is_thinned_and_keeps_its_extremes() {
        let mut series = Series::default();
        for step in 1..=200_000_u64 {
            series.push(step, if step == 77_777 { 9.0 } else { 1.0 });
        }
        assert!(series.buckets().len() <= CAPACITY);
        assert_eq!(series.width(), 64);
        let peak = series.at(77_777).unwrap();
        assert_eq!(peak.max, 9.0);
        assert!(peak.first <= 77_777 && peak.last >= 77_777);
        // Among the newest steps every value is there as it was.
        let exact = series.at(150_001).unwrap();
        assert_eq!((exact.first, exact.last, exact.count), (150_001, 150_001, 1));
        assert_eq!(series.recent().len() as u64, RECENT);
        let count: u64 = series.buckets().iter().map(|b| b.count).sum();
        assert_eq!(count, 200_000);
        let mean = series.buckets().iter().map(|b| b.mean * b.count as f64).sum::<f64>();
        assert!((mean - 200_008.0).abs() < 1e-6);
    }

    #[test]
    fn steps_before_the_first_have_no_bucket_and_gaps_hold_the_last() {
        let mut series = Series::default();
        series.push(60, 0.5);
        series.push(120, 0.7);
        series.push(121, f64::NAN);
        assert!(series.at(59).is_none());
        assert_eq!(series.at(119).unwrap().mean, 0.5);
        // Recent values are kept in 32 bits.
        assert_eq!(series.at(500).unwrap().mean, f64::from(0.7_f32));
    }

    #[test]
    fn each_meaning_has_a_curve_and_a_file_that_does_not_tell_has_none() {
        let mut history = History::default();
        // What is not told is no code in use.
        let usage = |tokens: usize| Usage { used: tokens.min(4), tokens, size: 8, perplexity: 3.0 };
        let row = StepRow {
            utilization_window: 0.1,
            utilization_batch: 0.2,
            utilization_newest: Some(0.3),
            utilization_average: Some(0.4),
            utilization_fair: Some(0.6),
            eval: Some(Evaluation::nan(1, usage(9))),
            ..StepRow::nan(1, LaneId::A)
        };
        history.push_row(&row);
        let lane = history.lane(LaneId::A);
        let newest = |rule| lane.counted_by(rule).buckets().last().map(|bucket| bucket.mean);
        assert_eq!(newest(None), Some(0.1));
        let all = Rule::ALL.map(|rule| newest(Some(rule)).unwrap());
        assert_eq!(all, [0.5, 0.3, 0.4, 0.6, 0.2]);
        let unknown = Evaluation::nan(2, usage(0));
        history.push_row(&StepRow { eval: Some(unknown), ..StepRow::nan(2, LaneId::B) });
        let lane = history.lane(LaneId::B);
        assert!(Rule::ALL.iter().all(|&rule| lane.counted_by(Some(rule)).buckets().is_empty()));
        assert!(lane.dead_codes.buckets().is_empty());
    }

    #[test]
    fn a_line_never_leads_over_a_change() {
        let mut series = Series::default();
        [1, 4, 599, 600, 603].into_iter().for_each(|step| series.push(step, step as f64));
        let steps = |most, breaks: &[u64]| -> Vec<Vec<u64>> {
            let pieces = series.pieces(most, breaks);
            pieces.iter().map(|piece| piece.iter().map(|p| p.0).collect()).collect()
        };
        assert_eq!(steps(9, &[]), [vec![1, 4, 599, 600, 603]]);
        // A change after step 599 acts at step 600.
        assert_eq!(steps(9, &[0, 599]), [vec![1, 4, 599], vec![600, 603]]);
        assert_eq!(steps(9, &[2, 3, 700]), [vec![1], vec![4, 599, 600, 603]]);
        // Thinned, no mean is of both sides.
        assert_eq!(steps(1, &[599]), [vec![599], vec![603]]);
        let event = |step, lane, kind| Event::said(step, lane, kind, "");
        let events = [
            event(9, None, EventKind::Change),
            event(9, Some(LaneId::A), EventKind::Change),
            event(10, Some(LaneId::B), EventKind::Change),
            event(11, None, EventKind::Caption),
        ];
        assert_eq!(changes(events.iter(), LaneId::A), [9]);
        assert_eq!(changes(events.iter(), LaneId::B), [9, 10]);
    }
}
