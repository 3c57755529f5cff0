//! Figures in the texts of a story: put in where the text is shown, never typed.

use crate::scenario::{LaneId, Of};

/// A part of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Piece<'a> {
    /// As it stands there.
    Text(&'a str),
    /// The value of a metric.
    Figure(Figure),
    /// The number of codes of a lane, K.
    Codes(LaneId),
}

/// A metric of a lane, at the step that is shown or at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figure {
    /// The metric.
    pub of: Of,
    /// The lane.
    pub lane: LaneId,
    /// The step; the one that is shown without it.
    pub step: Option<u64>,
}

/// The parts of a text: `{a.utilization}`, `{b.recon_mse@60}` and `{a.codes}` are figures.
///
/// # Errors
/// What is wrong with a figure, for a sentence that begins with where the text stands.
pub fn pieces(text: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(open) = rest.find('{') {
        if open > 0 {
            pieces.push(Piece::Text(&rest[..open]));
        }
        let inside = &rest[open + 1..];
        let Some(close) = inside.find('}') else {
            return Err("has a { without a }; a figure is written {a.utilization}".into());
        };
        pieces.push(figure(&inside[..close])?);
        rest = &inside[close + 1..];
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest));
    }
    Ok(pieces)
}

fn figure<'a>(text: &str) -> Result<Piece<'a>, String> {
    let (name, step) = match text.split_once('@') {
        Some((name, step)) => {
            let number = step.parse().map_err(|_not_a_number| {
                "has a figure whose step is no whole number; write {a.utilization@60}"
            })?;
            (name, Some(number))
        }
        None => (text, None),
    };
    if let (Some((lane, "codes")), None) = (name.split_once('.'), step)
        && let Some(lane) = LaneId::from_name(lane)
    {
        return Ok(Piece::Codes(lane));
    }
    let of = Of::parse(name).map_err(|why| format!("has a figure that {why}"))?;
    let lane = of.lane.ok_or("has a figure without a lane; write {a.utilization}")?;
    Ok(Piece::Figure(Figure { of, lane, step }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Metric;

    #[test]
    fn figures_are_found_between_braces() {
        let of = Of { lane: Some(LaneId::A), metric: Metric::Utilization };
        let figure = |step| Piece::Figure(Figure { of, lane: LaneId::A, step });
        assert_eq!(
            pieces("A: {a.utilization} of {b.codes}, {a.utilization@60} before").unwrap(),
            [
                Piece::Text("A: "),
                figure(None),
                Piece::Text(" of "),
                Piece::Codes(LaneId::B),
                Piece::Text(", "),
                figure(Some(60)),
                Piece::Text(" before")
            ]
        );
        assert_eq!(pieces("").unwrap(), []);
        for (text, words) in [
            ("{a.utilisation}", "did you mean a.utilization?"),
            ("{utilization}", "without a lane"),
            ("{c.psnr}", "neither a nor b"),
            ("{a.psnr", "without a }"),
            ("{a.psnr@x}", "no whole number"),
        ] {
            let why = pieces(text).unwrap_err();
            assert!(why.contains(words), "{text}: {why}");
        }
    }
}
