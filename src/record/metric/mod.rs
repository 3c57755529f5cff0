//! What is measured: the metrics of an evaluation and the columns of `metrics.csv`, each in one table.
//!
//! A row of `evaluated!` is a field of [`Evaluation`], a column of the file, a figure of
//! `summary.json` and of sweeps, and, where it has words, a row of the table of numbers and a line
//! under the pointer on the timeline.

pub mod row;

use serde::{Deserialize, Serialize};

use crate::record::metric::row::StepRow;
use crate::record::usage::Usage;
use crate::scenario::{LaneId, Metric};
use crate::text::{percent, significant};
use crate::words;

/// Which values of a figure are the better ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// High ones.
    More,
    /// Low ones.
    Less,
    /// Neither.
    Neither,
}

/// A column of `metrics.csv`.
#[derive(Clone, Copy)]
pub struct Column {
    /// Its name in the first line.
    pub name: &'static str,
    /// The cell of a row; empty where there is nothing.
    pub text: fn(&StepRow) -> String,
    /// Its number, where it has one.
    pub number: fn(&StepRow) -> Option<f64>,
    /// Takes a cell; `None` for one that was never written. The evaluation of a row without one is
    /// left alone.
    pub read: fn(&str, &mut StepRow) -> Option<()>,
    /// Whether tables of earlier versions lack it.
    pub is_added: bool,
}

/// What a number counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Codes, as a fraction of all.
    ShareOfCodes,
    /// Codes.
    Codes,
    /// Tokens.
    Tokens,
    /// The mean squared error of a pixel.
    ErrorOfPixel,
    /// Decibels.
    Decibels,
    /// The variance of the encodings.
    VarianceOfEncodings,
    /// Dimensions.
    Dimensions,
    /// Nothing: it is a ratio.
    One,
}

impl Unit {
    /// Its name.
    pub fn words(self) -> &'static str {
        match self {
            Self::ShareOfCodes => words!("unit-fraction-of-the-codes"),
            Self::Codes => words!("unit-codes"),
            Self::Tokens => words!("unit-tokens"),
            Self::ErrorOfPixel => words!("unit-mean-squared-error-a-pixel"),
            Self::Decibels => "dB",
            Self::VarianceOfEncodings => words!("unit-of-the-variance-of-the-encodings"),
            Self::Dimensions => words!("unit-dimensions"),
            Self::One => "1",
        }
    }

    /// What stands in brackets behind the name of a figure that does not say it.
    pub fn beside_name(self) -> Option<&'static str> {
        match self {
            Self::ErrorOfPixel => Some(words!("unit-a-pixel")),
            Self::VarianceOfEncodings => Some(self.words()),
            _ => None,
        }
    }
}

/// Words of a metric for the table of numbers and for reports.
#[derive(Clone, Copy)]
pub struct Words {
    /// Its name.
    pub name: fn() -> &'static str,
    /// What the number counts.
    pub unit: Unit,
    /// What it is, in a sentence.
    pub hint: fn() -> &'static str,
    /// Which of its values are better.
    pub better: Better,
    /// Its number in words, of an evaluation that has it.
    pub text: fn(&Evaluation) -> String,
    /// Whether it says nothing before encodings are quantized.
    pub is_of_codes: bool,
}

/// A name under the pointer on the timeline, and what makes words of the number.
pub type Hover = (fn() -> &'static str, fn(f64) -> String);

/// A metric of the full evaluation set.
#[derive(Clone, Copy)]
pub struct Evaluated {
    /// Its name in files.
    pub name: &'static str,
    /// Its number; not a number where there is none.
    pub of: fn(&Evaluation) -> f64,
    /// Its words in the table of numbers and in reports, where it has a row there.
    pub words: Option<Words>,
    /// Its name under the pointer on the timeline and its number in words, where it stands there.
    pub hover: Option<Hover>,
    column: Column,
}

/// A number that may be none: what is not finite is written as nothing.
fn finite(x: f64) -> String {
    if x.is_finite() { x.to_string() } else { String::new() }
}

/// The number of such a cell.
fn or_nan(cell: &str) -> Option<f64> {
    if cell.is_empty() { Some(f64::NAN) } else { cell.parse().ok() }
}

fn nan() -> f64 {
    f64::NAN
}

/// Makes the evaluation and the table of its metrics.
macro_rules! evaluated {
    ($($(#[$doc:meta])* $name:ident: $words:expr, hover: $hover:expr, added: $is_added:literal;)*) => {
        /// Metrics on the full evaluation set. What a save of an earlier version does not have is not
        /// a number.
        #[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
        pub struct Evaluation {
            /// Step after which it was made.
            pub step: u64,
            /// Code use over the whole set.
            pub usage: Usage,
            $($(#[$doc])* #[serde(default = "nan")] pub $name: f64,)*
        }

        impl Evaluation {
            /// One of which nothing is known but the use of codes.
            pub fn nan(step: u64, usage: Usage) -> Self {
                Self { step, usage, $($name: f64::NAN,)* }
            }
        }

        /// The metrics of an evaluation.
        pub const EVALUATED: &[Evaluated] = &[$(Evaluated {
            name: stringify!($name),
            of: |eval| eval.$name,
            words: $words,
            hover: $hover,
            column: Column {
                name: stringify!($name),
                text: |row| row.eval.map_or(String::new(), |eval| finite(eval.$name)),
                number: |row| row.eval.map(|eval| eval.$name),
                read: |cell, row| {
                    let Some(eval) = &mut row.eval else { return Some(()) };
                    eval.$name = or_nan(cell)?;
                    Some(())
                },
                is_added: $is_added,
            },
        },)*];
    };
}

evaluated! {
    /// Mean squared error per pixel.
    recon_mse: Some(Words {
        name: || words!("metric-mse"),
        unit: Unit::ErrorOfPixel,
        hint: || words!("metric-mse-hint"),
        better: Better::Less,
        text: |eval| significant(eval.recon_mse),
        is_of_codes: false,
    }), hover: None, added: false;
    /// Peak signal-to-noise ratio of that error with peak 1, in dB.
    psnr: Some(Words {
        name: || words!("metric-psnr"),
        unit: Unit::Decibels,
        hint: || words!("metric-psnr-hint"),
        better: Better::More,
        text: |eval| format!("{:.1} dB", eval.psnr),
        is_of_codes: false,
    }), hover: None, added: false;
    /// Sum of |z-q|² over sum of |z-mean z|².
    quant_error: Some(Words {
        name: || words!("metric-quantization-error"),
        unit: Unit::VarianceOfEncodings,
        hint: || words!("metric-quantization-error-hint"),
        better: Better::Less,
        text: |eval| significant(eval.quant_error),
        is_of_codes: true,
    }), hover: None, added: false;
    // The table of numbers shows the rank of the step that is shown, not that of the evaluation.
    /// Effective rank of W; d while W is fixed at the identity, NaN where there is no matrix.
    effective_rank_w: None, hover: None, added: false;
    /// Root of the mean squared norm of the encodings, (Σ|z|²/N)^1/2.
    latent_norm: None, hover: None, added: false;
    /// Effective rank of E, all K codes less their mean.
    effective_rank_e: Some(Words {
        name: || words!("metric-rank-of-e"),
        unit: Unit::Dimensions,
        hint: || words!("metric-rank-of-e-hint"),
        better: Better::Neither,
        text: |eval| format!("{:.1}", eval.effective_rank_e),
        is_of_codes: false,
    }), hover: Some((|| words!("metric-rank-of-e"), |rank| format!("{rank:.1}"))), added: true;
    /// Least number of eigenvalues of the covariance of E that sum to 90 % of all.
    dimensions_90_e: Some(Words {
        name: || words!("metric-axes-of-e"),
        unit: Unit::Dimensions,
        hint: || words!("metric-axes-of-e-hint"),
        better: Better::Neither,
        text: |eval| format!("{}, {}", eval.dimensions_90_e, eval.dimensions_99_e),
        is_of_codes: false,
    }), hover: Some((|| words!("metric-dimensions-for-90"), |n| n.to_string())), added: true;
    // The table of numbers says it beside the other share.
    /// The same for 99 %.
    dimensions_99_e: None, hover: Some((|| words!("metric-for-99"), |n| n.to_string())), added: true;
    // The head of a lane says it of the newest step.
    /// Share of codes that moved in the step of the evaluation, 0 to 1: that went further in it than 1 %
    /// of the median way of those that were chosen.
    moved: None, hover: Some((|| words!("metric-moved"), percent)), added: true;
}

/// A column of a number that every row has.
macro_rules! number {
    ($name:ident) => {
        Column {
            name: stringify!($name),
            text: |row| row.$name.to_string(),
            number: |row| Some(row.$name as f64),
            read: |cell, row| {
                row.$name = cell.parse().ok()?;
                Some(())
            },
            is_added: false,
        }
    };
}

/// A column of a whole number that some rows have.
macro_rules! whole {
    ($name:ident) => {
        Column {
            name: stringify!($name),
            text: |row| row.$name.map_or(String::new(), |n| n.to_string()),
            number: |row| row.$name.map(|n| n as f64),
            read: |cell, row| {
                row.$name = if cell.is_empty() { None } else { Some(cell.parse().ok()?) };
                Some(())
            },
            is_added: false,
        }
    };
}

/// A column of a share of codes that some rows have, under the name of a rule.
macro_rules! counted {
    ($name:literal, $field:ident) => {
        Column {
            name: $name,
            text: |row| row.$field.map_or(String::new(), |n| n.to_string()),
            number: |row| row.$field.map(|n| n as f64),
            read: |cell, row| {
                row.$field = if cell.is_empty() { None } else { Some(cell.parse().ok()?) };
                Some(())
            },
            is_added: true,
        }
    };
}

/// A column of how an evaluation used codes, which is there wherever there is one.
macro_rules! used {
    ($name:literal, |$usage:ident| $of:expr, $cell:ident: $type:ty => $take:expr) => {
        Column {
            name: $name,
            text: |row| {
                row.eval.map_or(String::new(), |eval| {
                    let $usage = eval.usage;
                    $of.to_string()
                })
            },
            number: |row| {
                row.eval.map(|eval| {
                    let $usage = eval.usage;
                    $of as f64
                })
            },
            read: |cell, row| {
                let Some(eval) = &mut row.eval else { return Some(()) };
                let ($cell, $usage): ($type, &mut Usage) = (cell.parse().ok()?, &mut eval.usage);
                $take
            },
            is_added: false,
        }
    };
}

/// The column that says whether a row has an evaluation.
pub const IS_EVALUATED: &str = "utilization";

/// Columns up to the metrics of an evaluation.
const FIRST: &[Column] = &[
    number!(step),
    Column {
        name: "lane",
        text: |row| row.lane.name().into(),
        number: |_| None,
        read: |cell, row| {
            row.lane = LaneId::from_name(cell)?;
            Some(())
        },
        is_added: false,
    },
    number!(loss),
    number!(recon_loss),
    number!(codebook_loss),
    number!(commitment_loss),
    number!(entropy_loss),
    number!(utilization_batch),
    number!(utilization_window),
    number!(window_tokens),
    number!(perplexity_batch),
    // What follows from the counts beside it.
    used!("utilization", |usage| usage.share(), _share: f64 => { let _ = usage; Some(()) }),
    used!("eval_tokens", |usage| usage.tokens, tokens: usize => {
        usage.tokens = tokens;
        Some(())
    }),
    used!("perplexity", |usage| usage.perplexity, perplexity: f64 => {
        usage.perplexity = perplexity;
        Some(())
    }),
    used!("dead_codes", |usage| usage.size - usage.used, dead: usize => {
        usage.used = usage.size.checked_sub(dead)?;
        Some(())
    }),
];

/// Columns behind those of the metrics that the first version had.
const LAST: &[Column] = &[
    whole!(births_100),
    whole!(deaths_100),
    Column { is_added: true, ..number!(batch_tokens) },
    Column { is_added: true, ..number!(codes) },
];

/// Columns that came after the metrics that were added.
const NEWEST: &[Column] = &[
    counted!("utilization_newest_65536", utilization_newest),
    counted!("newest_65536_tokens", newest_tokens),
    counted!("utilization_average_08", utilization_average),
    counted!("utilization_batch_01", utilization_fair),
];

/// All columns in the order of `metrics.csv`; new ones come at its end.
pub fn columns() -> impl Iterator<Item = &'static Column> {
    let evaluated = |is_added| {
        let of = EVALUATED.iter().map(|evaluated| &evaluated.column);
        of.filter(move |column| column.is_added == is_added)
    };
    FIRST.iter().chain(evaluated(false)).chain(LAST).chain(evaluated(true)).chain(NEWEST)
}

/// The number of a metric in a row.
pub fn value(metric: Metric, row: &StepRow) -> Option<f64> {
    let column = columns().find(|column| column.name == metric.name())?;
    (column.number)(row).filter(|x| x.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_a_column_with_a_number_of_its_own() {
        let usage = Usage { used: 3, tokens: 40, size: 8, perplexity: 2.5 };
        let mut row =
            StepRow { eval: Some(Evaluation::nan(7, usage)), ..StepRow::nan(7, LaneId::A) };
        for (i, column) in columns().enumerate() {
            assert_eq!(columns().filter(|c| c.name == column.name).count(), 1, "{}", column.name);
            // What is not derived from other columns takes a number and gives it back.
            if !["step", "lane", "utilization"].contains(&column.name) {
                let number = if column.name == "dead_codes" { 4 } else { i + 1 };
                assert_eq!((column.read)(&number.to_string(), &mut row), Some(()));
                assert_eq!((column.number)(&row), Some(number as f64), "{}", column.name);
                assert_eq!((column.text)(&row), number.to_string());
                assert_eq!((column.read)("x", &mut row), None, "{}", column.name);
            }
        }
        let without = StepRow { eval: None, ..row };
        for &metric in Metric::ALL {
            // The final count is in no row.
            let is_in_row = metric != Metric::FinalUtilization;
            assert_eq!(value(metric, &row).is_some(), is_in_row, "{}", metric.name());
            let is_left = is_in_row && !metric.is_of_full_set();
            assert_eq!(value(metric, &without).is_some(), is_left, "{}", metric.name());
            if let Some(evaluated) = EVALUATED.iter().find(|e| e.name == metric.name()) {
                let mut row = StepRow { eval: Some(Evaluation::nan(7, usage)), ..without };
                assert_eq!(value(metric, &row), None);
                (evaluated.column.read)("1.5", &mut row).unwrap();
                assert_eq!(value(metric, &row), Some(1.5));
            }
        }
    }

    #[test]
    fn what_is_not_a_number_is_written_as_nothing() {
        let row = StepRow::nan(1, LaneId::B);
        let with = StepRow { eval: Some(Evaluation::nan(1, Usage::default())), ..row };
        for evaluated in EVALUATED {
            assert_eq!((evaluated.column.text)(&row), "");
            assert_eq!((evaluated.column.text)(&with), "");
            assert!((evaluated.of)(&with.eval.unwrap()).is_nan());
        }
    }
}
