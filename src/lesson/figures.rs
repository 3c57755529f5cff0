//! Figures of a run in the texts of its story.

use crate::scenario::figures::{Figure, Piece, pieces};
use crate::scenario::{LaneId, Metric};
use crate::text::{count, percent, significant};

/// The value of a metric in words.
pub fn said(metric: Metric, value: f64) -> String {
    match metric {
        metric if metric.is_share() => percent(value),
        Metric::DeadCodes | Metric::Dimensions90E | Metric::Dimensions99E => {
            count(value.max(0.0).round() as u64)
        }
        Metric::Psnr => format!("{value:.1} dB"),
        _ => significant(value),
    }
}

/// A text with its figures put in; what is not known yet is a dash.
pub fn filled(
    text: &str,
    value: impl Fn(Figure) -> Option<f64>,
    codes: impl Fn(LaneId) -> Option<usize>,
) -> String {
    // A text that was never checked, such as that of another program's file, stands as it is.
    let Ok(pieces) = pieces(text) else { return text.into() };
    let word = |piece: Piece<'_>| match piece {
        Piece::Text(text) => text.into(),
        Piece::Codes(lane) => codes(lane).map_or("–".into(), |n| count(n as u64)),
        Piece::Figure(figure) => {
            value(figure).map_or("–".into(), |value| said(figure.of.metric, value))
        }
    };
    pieces.into_iter().map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_stand_in_texts_as_they_do_elsewhere() {
        let value = |figure: Figure| (figure.step == Some(60)).then_some(0.034);
        let text = "{a.utilization@60} of {a.codes}, {b.utilization}";
        assert_eq!(filled(text, value, |_| Some(8192)), "3 % of 8,192, –");
        assert_eq!(filled("{", value, |_| None), "{");
        assert_eq!(said(Metric::ReconMse, 0.00367), "0.00367");
        assert_eq!(said(Metric::DeadCodes, 497.0), "497");
    }
}
