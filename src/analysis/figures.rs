//! The table of figures of a lane: three ways to count use, and what use alone does not tell.

use crate::record::counted::NEWEST;
use crate::record::judgement::Rule;
use crate::record::life::Life;
use crate::record::metric::{EVALUATED, Evaluated, Evaluation, Words};
use crate::record::snapshot::LaneView;
use crate::record::usage::Usage;
use crate::text::{count, percent, significant};
use crate::words;

pub use crate::record::metric::{Better, Unit};

/// What tells something of a lane, if there is something to tell.
pub type Of<T> = Box<dyn Fn(&LaneView) -> Option<T>>;

/// A row of the table.
pub struct Figure {
    /// Its name, with the tokens that were counted.
    pub name: String,
    /// What the number counts.
    pub unit: Unit,
    /// What it is, in a sentence.
    pub hint: &'static str,
    /// Whether it is of the newest evaluation, which may be some steps old.
    pub is_of_full_set: bool,
    /// Which of its values are better.
    pub better: Better,
    /// Its number in a lane, if there is one.
    pub value: Of<f64>,
    /// The number in words; a lane may have words without a number.
    pub text: Of<String>,
    /// The counts behind a share of codes, whose sampling ceiling stands beside it.
    pub usage: Option<fn(&LaneView) -> Usage>,
}

/// A share of codes, 0 to 1; none during a warm-up, in which nothing is quantized.
fn share(lane: &LaneView, usage: Usage) -> Option<f64> {
    (lane.warms_up_until.is_none() && usage.tokens > 0).then(|| usage.share())
}

/// Use of the full set at the newest evaluation.
fn full(lane: &LaneView) -> Usage {
    lane.eval.map(|e| e.usage).unwrap_or_default()
}

/// The step after which the full set was counted whose figures stand beside a picture of these
/// lanes: "step 240", or "steps 240 and 120" where one of them ended sooner.
pub fn full_set_step(lanes: &[LaneView]) -> Option<String> {
    let mut steps: Vec<u64> = lanes.iter().filter_map(|l| Some(l.eval?.step)).collect();
    steps.dedup();
    match steps[..] {
        [] => None,
        [step] => Some(words!("figure-step", step = count(step))),
        _ => {
            let all: Vec<String> = steps.into_iter().map(count).collect();
            Some(words!("figure-steps", all = all.join(words!("list-and"))))
        }
    }
}

/// The newest evaluation with quantization.
fn quantized(lane: &LaneView) -> Option<Evaluation> {
    lane.eval.filter(|_| lane.warms_up_until.is_none())
}

/// All rows, named after the tokens that `lane` has counted.
pub fn figures(lane: &LaneView) -> Vec<Figure> {
    let tokens = |usage: Usage| count(usage.tokens as u64);
    let mut all = vec![
        Figure {
            name: words!("figure-used-batch", tokens = tokens(lane.batch)),
            unit: Unit::ShareOfCodes,
            hint: words!("figure-used-batch-hint"),
            is_of_full_set: false,
            better: Better::More,
            value: Box::new(|l| share(l, l.batch)),
            text: Box::new(|l| share(l, l.batch).map(percent)),
            usage: Some(|l| l.batch),
        },
        Figure {
            name: words!("figure-used-last", tokens = tokens(lane.window)),
            unit: Unit::ShareOfCodes,
            hint: words!("figure-used-last-hint"),
            is_of_full_set: false,
            better: Better::More,
            value: Box::new(|l| share(l, l.window)),
            text: Box::new(|l| share(l, l.window).map(percent)),
            usage: Some(|l| l.window),
        },
        Figure {
            name: words!("figure-used-full", tokens = tokens(full(lane))),
            unit: Unit::ShareOfCodes,
            hint: words!("figure-used-full-hint"),
            is_of_full_set: true,
            better: Better::More,
            value: Box::new(|l| share(l, full(l))),
            text: Box::new(|l| share(l, full(l)).map(percent)),
            usage: Some(full),
        },
    ];
    all.extend(idle());
    all.extend(of_full_set());
    all.extend(by_rule(lane));
    all
}

/// Use by meanings of the words that public code has beside those above.
fn by_rule(lane: &LaneView) -> [Figure; 3] {
    type Number = fn(&LaneView) -> Option<f64>;
    type Text = fn(&LaneView) -> Option<String>;
    let row = |name: String, hint, value: Number, text: Text| Figure {
        name,
        unit: Unit::ShareOfCodes,
        hint,
        is_of_full_set: false,
        better: Better::More,
        value: Box::new(value),
        text: Box::new(text),
        usage: None,
    };
    let newest = lane.in_use(Rule::Newest).and_then(|found| found.tokens).unwrap_or(NEWEST);
    [
        row(
            words!("figure-used-newest", tokens = count(newest as u64)),
            words!("figure-used-newest-hint"),
            |l| share_by(l, Rule::Newest),
            |l| share_by(l, Rule::Newest).map(percent),
        ),
        row(
            words!("figure-used-average").into(),
            words!("figure-used-average-hint"),
            |l| share_by(l, Rule::Average),
            |l| share_by(l, Rule::Average).map(percent),
        ),
        row(
            words!("figure-used-fair").into(),
            words!("figure-used-fair-hint"),
            |l| share_by(l, Rule::Batch),
            |l| share_by(l, Rule::Batch).map(percent),
        ),
    ]
}

/// The share of the codes that is in use by a meaning of the words.
fn share_by(lane: &LaneView, rule: Rule) -> Option<f64> {
    lane.in_use(rule).map(|found| found.used as f64 / lane.window.size.max(1) as f64)
}

/// The codes that are not in use in the sliding window, in two kinds.
fn idle() -> [Figure; 2] {
    type Number = fn(&LaneView) -> Option<f64>;
    type Text = fn(&LaneView) -> Option<String>;
    let row = |life: Life, hint, value: Number, text: Text| Figure {
        name: life.words().into(),
        unit: Unit::Codes,
        hint,
        is_of_full_set: false,
        better: Better::Less,
        value: Box::new(value),
        text: Box::new(text),
        usage: None,
    };
    [
        row(
            Life::FellOut,
            words!("figure-fell-out-hint"),
            |l| l.idle().map(|idle| idle.fell_out as f64),
            |l| l.idle().map(|idle| count(idle.fell_out as u64)),
        ),
        row(
            Life::Never,
            words!("figure-never-hint"),
            |l| l.idle().map(|idle| idle.never as f64),
            |l| l.idle().map(|idle| count(idle.never as u64)),
        ),
    ]
}

/// The rows below the shares of codes.
fn of_full_set() -> Vec<Figure> {
    let mut all = vec![
        Figure {
            name: words!("figure-unused").into(),
            unit: Unit::Codes,
            hint: words!("figure-unused-hint"),
            is_of_full_set: true,
            better: Better::Less,
            value: Box::new(|l| quantized(l).map(|e| (e.usage.size - e.usage.used) as f64)),
            text: Box::new(|l| quantized(l).map(|e| count((e.usage.size - e.usage.used) as u64))),
            usage: None,
        },
        Figure {
            name: words!("figure-perplexity").into(),
            unit: Unit::Codes,
            hint: words!("figure-perplexity-hint"),
            is_of_full_set: true,
            better: Better::More,
            value: Box::new(|l| quantized(l).map(|e| e.usage.perplexity)),
            text: Box::new(|l| quantized(l).map(|e| significant(e.usage.perplexity))),
            usage: None,
        },
    ];
    all.extend(EVALUATED.iter().filter_map(|metric| Some(evaluated(metric, metric.words?))));
    all.push(Figure {
        name: words!("figure-rank-of-w").into(),
        unit: Unit::Dimensions,
        hint: words!("figure-rank-of-w-hint"),
        is_of_full_set: false,
        better: Better::Neither,
        value: Box::new(|l| (!l.singular_values.is_empty()).then(|| f64::from(l.effective_rank_w))),
        text: Box::new(|l| match (l.singular_values.is_empty(), l.has_fixed_codes || l.learn_w) {
            // Nothing stands in the place of W, or something that is no matrix.
            (true, true) => None,
            (true, false) => Some("I".into()),
            (false, _) => Some(format!("{:.1}", l.effective_rank_w)),
        }),
        usage: None,
    });
    all
}

/// The row of a metric that has words for it.
fn evaluated(metric: &'static Evaluated, words: Words) -> Figure {
    // What an earlier version did not measure is no number.
    let measured = move |lane: &LaneView| {
        let eval = if words.is_of_codes { quantized(lane) } else { lane.eval };
        eval.filter(|eval| !(metric.of)(eval).is_nan())
    };
    Figure {
        name: (words.name)().into(),
        unit: words.unit,
        hint: (words.hint)(),
        is_of_full_set: true,
        better: words.better,
        value: Box::new(move |lane| measured(lane).map(|eval| (metric.of)(&eval))),
        text: Box::new(move |lane| measured(lane).map(|eval| (words.text)(&eval))),
        usage: None,
    }
}
