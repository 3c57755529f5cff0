//! Which kept steps an export shows.

use crate::archive::Archive;
use crate::record::pen::Drawn;
use crate::text::count;

/// What was drawn before a room, each stroke at the kept step at or before its own.
pub fn drawn(archive: &Archive) -> Drawn {
    let mut drawn = Drawn::default();
    let facts = archive.events.iter().filter_map(|event| event.fact.as_ref());
    facts.for_each(|fact| fact.draw_into(&mut drawn));
    let kept = archive.keyframe_steps();
    drawn.moved(|step| at(&kept, Some(step)).ok())
}

/// The kept step at or before `asked`; the last one where no step is asked for.
///
/// # Errors
/// A sentence where no step so early was kept.
pub fn at(kept: &[u64], asked: Option<u64>) -> Result<u64, String> {
    let (Some(&first), Some(&last)) = (kept.first(), kept.last()) else {
        return Err(NONE_KEPT.into());
    };
    let Some(asked) = asked else { return Ok(last) };
    kept.iter().copied().rfind(|&step| step <= asked).ok_or_else(|| {
        format!("--at {asked} comes before the first kept step; use {} or later", count(first))
    })
}

/// Kept steps from `from` to `to`, both included, at least `every` apart; the last one in the range
/// is always there, so that a film ends where it was asked to.
///
/// # Errors
/// A sentence where the range is empty, or nothing was kept in it.
pub fn range(
    kept: &[u64],
    from: Option<u64>,
    to: Option<u64>,
    every: u64,
) -> Result<Vec<u64>, String> {
    let (Some(&first), Some(&last)) = (kept.first(), kept.last()) else {
        return Err(NONE_KEPT.into());
    };
    let (from, to) = (from.unwrap_or(first), to.unwrap_or(last));
    if from > to {
        return Err(format!("--from {from} lies after --to {to}; exchange them"));
    }
    let within: Vec<u64> = kept.iter().copied().filter(|s| (from..=to).contains(s)).collect();
    let Some(&end) = within.last() else {
        return Err(format!(
            "no step from {} to {} was kept; kept steps reach from {} to {}",
            count(from),
            count(to),
            count(first),
            count(last)
        ));
    };
    let mut chosen: Vec<u64> = Vec::new();
    for step in within {
        if chosen.last().is_none_or(|before| step - before >= every.max(1)) {
            chosen.push(step);
        }
    }
    if chosen.last() != Some(&end) {
        chosen.push(end);
    }
    Ok(chosen)
}

/// Frames a second of a film.
pub const FPS: f64 = 20.0;

/// Seconds that a film for a slide takes: at least and at most.
const LEAST_SECONDS: f64 = 6.0;
const MOST_SECONDS: f64 = 8.0;

/// Steps of a film of six to eight seconds, and its frames a second: some are left out where there are
/// many, the last one never, and few stand longer.
pub fn paced(steps: &[u64]) -> (Vec<u64>, f64) {
    let most = (MOST_SECONDS * FPS) as usize;
    let stride = steps.len().div_ceil(most).max(1);
    let last = steps.len().saturating_sub(1);
    let kept = steps.iter().enumerate().filter(|(i, _)| i % stride == 0 || *i == last);
    let kept: Vec<u64> = kept.map(|(_, step)| *step).collect();
    let fps = (kept.len() as f64 / LEAST_SECONDS).clamp(1.0, FPS);
    (kept, fps)
}

/// Steps for the maps of a report: the first, the last, and three early ones between, because most
/// of what happens to a codebook happens early.
pub fn spread(kept: &[u64]) -> Vec<u64> {
    let Some(&last) = kept.last() else { return Vec::new() };
    let near = |share: f64| {
        let aim = share * last as f64;
        let distance = |step: &u64| (*step as f64 - aim).abs();
        kept.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b)))
    };
    let mut steps: Vec<u64> =
        [0.0, 1.0 / 12.0, 0.25, 0.5, 1.0].into_iter().filter_map(near).collect();
    steps.dedup();
    steps
}

const NONE_KEPT: &str = "the run keeps no pictures of its panels; train it again with `vqscope run`, or export --csv and --svg of curves or timeline";

#[cfg(test)]
mod tests {
    use super::*;

    const KEPT: [u64; 6] = [0, 10, 20, 30, 40, 55];

    #[test]
    fn a_film_for_a_slide_takes_six_to_ten_seconds_whatever_was_kept() {
        for n in [6_u64, 7, 61, 119, 120, 160, 161, 500, 4001] {
            let steps: Vec<u64> = (0..n).collect();
            let (kept, fps) = paced(&steps);
            let seconds = kept.len() as f64 / fps;
            assert!((4.0..=10.0).contains(&seconds), "{n}: {} at {fps}", kept.len());
            assert_eq!((kept[0], kept[kept.len() - 1]), (0, n - 1));
        }
        assert_eq!(paced(&[5]), (vec![5], 1.0));
    }

    #[test]
    fn a_step_is_the_kept_one_at_or_before() {
        assert_eq!(at(&KEPT, None), Ok(55));
        assert_eq!(at(&KEPT, Some(29)), Ok(20));
        assert_eq!(at(&KEPT, Some(60)), Ok(55));
        assert!(at(&KEPT[2..], Some(5)).unwrap_err().contains("use 20 or later"));
        assert!(at(&[], None).unwrap_err().contains("keeps no pictures"));
    }

    #[test]
    fn a_range_keeps_its_distance_and_its_end() {
        assert_eq!(range(&KEPT, None, None, 1), Ok(KEPT.to_vec()));
        assert_eq!(range(&KEPT, Some(5), Some(50), 20), Ok(vec![10, 30, 40]));
        assert_eq!(range(&KEPT, None, None, 1000), Ok(vec![0, 55]));
        assert!(range(&KEPT, Some(41), Some(54), 1).unwrap_err().contains("from 41 to 54"));
        assert!(range(&KEPT, Some(9), Some(3), 1).unwrap_err().contains("exchange"));
    }

    #[test]
    fn a_report_shows_the_first_step_the_last_and_early_ones() {
        let kept: Vec<u64> = (0..=120).map(|i| i * 10).collect();
        assert_eq!(spread(&kept), [0, 100, 300, 600, 1200]);
        assert_eq!(spread(&[0, 7]), [0, 7]);
        assert!(spread(&[]).is_empty());
    }
}
