//! What a run measured, as charts: use, error and losses over steps, and bars of use.

use crate::analysis::history::{History, Series, changes};
use crate::archive::Archive;
use crate::figure::chart::{Chart, Line, Ruler};
use crate::figure::svg::{Ink, Mark};
use crate::record::event::{Event, EventKind};
use crate::record::row::StepRow;
use crate::record::snapshot::LaneView;
use crate::record::usage::{CountedIn, Usage, sampling_ceiling};
use crate::scenario::{LaneId, LaneSpec};
use crate::text::{count, per_code};
use crate::words;

/// Most points of a line.
const POINTS: usize = 300;

/// Most columns of a chart of bars.
const COLUMNS: usize = 512;

/// Dashes of the full set, of references, and of the third loss term.
const DASHED: &str = "5 3";
const DOTTED: &str = "1.5 3";

/// A run up to a step.
pub struct Story<'a> {
    /// The step.
    pub step: u64,
    /// What each lane was built from.
    pub specs: Vec<LaneSpec>,
    /// Rows up to the step.
    pub rows: Vec<&'a StepRow>,
    /// Events up to the step.
    pub events: Vec<&'a Event>,
    history: History,
}

impl<'a> Story<'a> {
    /// The run up to `step`, or to its end.
    pub fn new(archive: &'a Archive, step: u64) -> Self {
        let step = step.min(archive.rows.last().map_or(0, |row| row.step));
        let rows: Vec<&StepRow> = archive.rows.iter().filter(|r| r.step <= step).collect();
        let mut history = History::default();
        rows.iter().for_each(|row| history.push_row(row));
        Self {
            step,
            specs: archive.scenario.lane_specs(),
            rows,
            events: archive.events.iter().filter(|e| e.step <= step).collect(),
            history,
        }
    }

    /// Steps at which a setting changed or a lane diverged, once each.
    fn changes(&self) -> Vec<f64> {
        let is_mark = |e: &&&Event| matches!(e.kind, EventKind::Change | EventKind::Diverged);
        let mut steps: Vec<u64> = self.events.iter().filter(is_mark).map(|e| e.step).collect();
        steps.dedup();
        steps.into_iter().map(|step| step as f64).collect()
    }

    /// Whether a setting changed while the run trained.
    pub fn is_changed(&self) -> bool {
        self.events.iter().any(|e| e.kind == EventKind::Change)
    }

    fn chart(&self, title: &str, y: Ruler, lines: Vec<Line>) -> Chart {
        let last = self.step.max(1);
        Chart {
            title: title.into(),
            x: Ruler::steps(last),
            y,
            lines,
            changes: self.changes(),
            notes: Vec::new(),
        }
    }

    /// Codes in use over steps: by the window of training tokens and by the full set, with what
    /// chance would let the window use.
    pub fn utilization(&self, ink: &Ink) -> Chart {
        let mut lines: Vec<Line> = Vec::new();
        for spec in &self.specs {
            let ceiling = self.ceiling(spec);
            if lines.iter().all(|line| line.points != ceiling) {
                let name = match lines.is_empty() {
                    true => words!("chart-sampling-ceiling-of-the-window").into(),
                    false => words!("chart-the-same-of", lane = upper(spec.id)),
                };
                lines.push(Line {
                    dash: Some(DOTTED),
                    width: 1.2,
                    ..Line::new(name, ink.reference, ceiling)
                });
            }
        }
        for spec in &self.specs {
            let lane = self.history.lane(spec.id);
            let line = |what: &str, series: &Series| Line {
                mark: Some(Mark::of(spec.id)),
                ..Line::new(named(spec, what), ink.lane(spec.id), points(series))
            };
            // Before quantization begins no code is chosen, which is not a use of 0 %.
            let quantized = |mut line: Line| {
                line.points.retain(|&[step, _]| step > spec.warmup as f64);
                line
            };
            lines.push(quantized(line(words!("chart-window"), &lane.utilization_window)));
            let full = self.measured(
                spec.id,
                &lane.utilization,
                line(words!("chart-full-set"), &lane.utilization),
            );
            lines.push(quantized(Line { dash: Some(DASHED), ..full }));
        }
        self.chart(
            words!("chart-codes-in-use"),
            Ruler::shares(words!("chart-codes-in-use-2")),
            lines,
        )
    }

    /// A line through what was measured at some steps alone, which does not lead over a change.
    fn measured(&self, id: LaneId, series: &Series, line: Line) -> Line {
        let changes = changes(self.events.iter().copied(), id);
        let points = series.pieces(POINTS, &changes).concat();
        let points = points.into_iter().map(|(step, mean)| [step as f64, mean]).collect();
        Line { points, breaks: changes.into_iter().map(|step| step as f64).collect(), ..line }
    }

    /// The sampling ceiling of a lane's window at each step.
    fn ceiling(&self, spec: &LaneSpec) -> Vec<[f64; 2]> {
        let own: Vec<&&StepRow> = self.rows.iter().filter(|r| r.lane == spec.id).collect();
        let stride = own.len().div_ceil(POINTS).max(1);
        let at =
            |row: &&&StepRow| [row.step as f64, sampling_ceiling(spec.size, row.window_tokens)];
        own.iter().step_by(stride).chain(own.last()).map(at).collect()
    }

    /// Reconstruction error over steps, logarithmic: of the full set, and thin of each batch.
    pub fn error(&self, ink: &Ink) -> Chart {
        let mut lines = Vec::new();
        for spec in &self.specs {
            let lane = self.history.lane(spec.id);
            let color = ink.lane(spec.id);
            let batch = points(&lane.recon_loss);
            lines.push(Line {
                width: 0.7,
                ..Line::new(named(spec, words!("chart-batch")), color, batch)
            });
            let full = Line {
                mark: Some(Mark::of(spec.id)),
                ..Line::new(named(spec, words!("chart-full-set")), color, Vec::new())
            };
            lines.push(self.measured(spec.id, &lane.recon_mse, full));
        }
        self.log_chart(
            words!("chart-reconstruction-error"),
            words!("chart-mean-squared-error-a-pixel"),
            lines,
        )
    }

    /// Terms of the loss over steps, logarithmic.
    pub fn losses(&self, ink: &Ink) -> Chart {
        let mut lines = Vec::new();
        for spec in &self.specs {
            let lane = self.history.lane(spec.id);
            let (codebook, commitment) =
                (points(&lane.codebook_loss), points(&lane.commitment_loss));
            // Without its weight the commitment loss is the same number, unless the switches say
            // otherwise; one line would hide the other.
            let terms = if codebook == commitment {
                vec![(words!("chart-codebook-and-commitment"), codebook, Some(DASHED))]
            } else {
                vec![
                    (words!("chart-codebook"), codebook, Some(DASHED)),
                    (words!("chart-commitment"), commitment, Some(DOTTED)),
                ]
            };
            let recon = (words!("chart-reconstruction"), points(&lane.recon_loss), None);
            for (what, mut points, dash) in std::iter::once(recon).chain(terms) {
                // A term that is exactly 0 is not there.
                points.retain(|p| p[1] > 0.0);
                if !points.is_empty() {
                    let line = Line::new(named(spec, what), ink.lane(spec.id), points);
                    lines.push(Line { dash, width: 1.3, mark: Some(Mark::of(spec.id)), ..line });
                }
            }
        }
        self.log_chart(
            words!("chart-loss-terms-of-each-batch"),
            words!("chart-loss-commitment-without-its-weight"),
            lines,
        )
    }

    /// Perplexity of each batch over steps: how many equally used codes would be as hard to guess.
    pub fn perplexity(&self, ink: &Ink) -> Chart {
        let line = |spec: &LaneSpec| Line {
            mark: Some(Mark::of(spec.id)),
            width: 1.3,
            ..Line::new(
                named(spec, words!("chart-batch")),
                ink.lane(spec.id),
                points(&self.history.lane(spec.id).perplexity_batch),
            )
        };
        let lines = self.specs.iter().map(line).collect();
        self.log_chart(words!("chart-perplexity-of-each-batch"), words!("unit-codes"), lines)
    }

    fn log_chart(&self, title: &str, y: &str, lines: Vec<Line>) -> Chart {
        let values = lines.iter().flat_map(|l| l.points.iter().map(|p| p[1]));
        self.chart(title, Ruler::log(y, values), lines)
    }
}

/// "A: window".
fn named(spec: &LaneSpec, what: &str) -> String {
    format!("{}: {what}", upper(spec.id))
}

/// "A" or "B".
pub fn upper(id: LaneId) -> String {
    id.name().to_uppercase()
}

fn points(series: &Series) -> Vec<[f64; 2]> {
    series.points(POINTS).map(|(step, mean)| [step as f64, mean]).collect()
}

/// Uses of all codes, most used first.
pub struct Bars<'a> {
    /// What they are counts of.
    pub name: String,
    /// Uses of each code, K.
    pub counts: &'a [u32],
    /// What was counted.
    pub usage: Usage,
}

/// Bars of use on a logarithmic scale, the last one filled, those before as dashed outlines; up to
/// `most` uses on the axis, so that lanes can be compared.
pub fn usage(title: &str, color: &str, ink: &Ink, bars: &[Bars<'_>], most: u32) -> Chart {
    let size = bars.iter().map(|b| b.counts.len()).max().unwrap_or(0);
    let mut lines: Vec<Line> = Vec::new();
    for (i, bar) in bars.iter().enumerate() {
        let mut sorted = bar.counts.to_vec();
        sorted.sort_unstable_by(|a, b| b.cmp(a));
        let columns = sorted.len().clamp(1, COLUMNS);
        let at = |column: usize| column * sorted.len() / columns;
        let points = (0..columns.min(sorted.len())).flat_map(|column| {
            let (from, to) = (at(column), at(column + 1));
            let uses = f64::from(sorted[f64::midpoint(from as f64, to as f64) as usize]);
            [[from as f64, uses], [to as f64, uses]]
        });
        let line = Line::new(bar.name.clone(), color, points.collect());
        let is_last = i + 1 == bars.len();
        lines.push(if is_last {
            Line { fill: Some(0.3), width: 1.4, ..line }
        } else {
            Line { dash: Some(DASHED), width: 1.2, ..line }
        });
    }
    if let Some(last) = bars.last().filter(|b| b.usage.tokens > 0) {
        let fair = last.usage.tokens as f64 / last.usage.size.max(1) as f64;
        let name = words!("chart-fair-share", size = per_code(last.usage.tokens, last.usage.size));
        let points = vec![[0.0, fair], [size as f64, fair]];
        lines.push(Line {
            dash: Some(DOTTED),
            width: 1.2,
            ..Line::new(name, ink.reference, points)
        });
    }
    Chart {
        title: title.into(),
        x: Ruler::numbers(words!("chart-codes-most-used-first"), size as f64),
        y: Ruler::counts(words!("chart-uses-log-scale"), most),
        lines,
        changes: Vec::new(),
        notes: Vec::new(),
    }
}

/// "step 600: last 20,480 training tokens", or what else the numbers are.
pub fn window_name(step: u64, view: &LaneView) -> String {
    let step = count(step);
    match view.counted_in {
        CountedIn::Tokens => words!(
            "chart-step-last-training-tokens",
            step = step,
            tokens = count(view.window.tokens as u64)
        ),
        CountedIn::Millionths => words!("chart-step-millionths", step = step),
        CountedIn::Flags => words!("chart-step-flags", step = step),
    }
}
