//! Detectors against rows made by hand: each flag once an episode, and no false alarm.

use super::*;
use crate::scenario::{LaneId, demos, parse};

fn spec(size: usize) -> LaneSpec {
    let text = demos::text("collapse").unwrap();
    let sets = [format!("codebook.size={size}")];
    parse(text, "collapse", &sets).unwrap().lane(LaneId::A).unwrap()
}

fn row(step: u64, share: f64, window_tokens: usize) -> StepRow {
    StepRow {
        utilization_batch: share,
        utilization_window: share,
        window_tokens,
        batch_tokens: 512,
        codes: 512,
        ..StepRow::nan(step, LaneId::A)
    }
}

/// Tokens of a full window.
const FULL: usize = 20_480;

/// Flags of a lane of 512 codes with a full window, whose share of codes in use is that of each part
/// for so many steps.
fn flags(parts: &[(u64, f64)]) -> Vec<(u64, EventKind)> {
    let mut detectors = Detectors::new(&spec(512));
    let shares = parts.iter().flat_map(|&(steps, share)| (0..steps).map(move |_| share));
    let seen =
        shares.enumerate().filter_map(|(i, share)| detectors.see(&row(i as u64 + 1, share, FULL)));
    seen.map(|e| (e.step, e.kind)).collect()
}

#[test]
fn a_collapse_is_flagged_once_its_steps_are_over_and_once_an_episode() {
    assert_eq!(flags(&[(99, 0.03)]), []);
    assert_eq!(flags(&[(500, 0.03)]), [(100, EventKind::Collapse)]);
    // A step that is not low begins it anew; the bound itself is not below it.
    assert_eq!(flags(&[(99, 0.03), (1, 0.10), (99, 0.03)]), []);
    // Neither a middling share nor a short high one ends the episode.
    assert_eq!(
        flags(&[(100, 0.03), (300, 0.3), (49, 0.6), (200, 0.03)]),
        [(100, EventKind::Collapse)]
    );
}

#[test]
fn a_low_share_that_rises_is_no_collapse() {
    let rises: Vec<(u64, f64)> = (0..90).map(|i| (2, 0.01 + 0.001 * f64::from(i))).collect();
    assert_eq!(flags(&rises), []);
    let falls: Vec<(u64, f64)> = rises.into_iter().rev().collect();
    assert_eq!(flags(&falls).len(), 1);
}

#[test]
fn recovery_follows_a_collapse_alone_and_a_second_collapse_is_flagged_again() {
    use EventKind::{Collapse, Recovery};
    assert_eq!(flags(&[(200, 0.6)]), []);
    let again = [(100, 0.03), (50, 0.5), (100, 0.6), (100, 0.02)];
    assert_eq!(flags(&again), [(100, Collapse), (150, Recovery), (350, Collapse)]);
}

#[test]
fn saturation_is_flagged_again_only_after_the_share_fell_for_long() {
    use EventKind::Saturation;
    assert_eq!(flags(&[(49, 0.96), (1, 0.94), (49, 0.96)]), []);
    assert_eq!(flags(&[(300, 0.96), (300, 0.9), (300, 0.96)]), [(50, Saturation)]);
    assert_eq!(flags(&[(60, 0.96), (49, 0.8), (60, 0.96)]), [(50, Saturation)]);
    let again = [(60, 0.96), (50, 0.8), (60, 0.96)];
    assert_eq!(flags(&again), [(50, Saturation), (160, Saturation)]);
}

#[test]
fn a_window_that_is_not_full_says_nothing_until_it_has_enough_tokens() {
    let seen = |tokens: usize, share: f64| {
        let mut detectors = Detectors::new(&spec(2048));
        (1..=200).filter_map(|step| detectors.see(&row(step, share, tokens))).count()
    };
    assert_eq!((seen(0, 0.0), seen(FULL - 1, 0.0), seen(FULL, 0.0)), (0, 0, 1));
    // With few codes it has enough of them early.
    let mut detectors = Detectors::new(&spec(64));
    let flag = (1..=50).find_map(|step| detectors.see(&row(step, 1.0, 40 * 64))).unwrap();
    assert_eq!((flag.step, flag.kind), (50, EventKind::Saturation));
    // A window emptied on the way begins the steps anew.
    let mut detectors = Detectors::new(&spec(512));
    let tokens = |step| if step == 60 { 512 } else { FULL };
    let flag = (1..=200).find_map(|step| detectors.see(&row(step, 0.01, tokens(step)))).unwrap();
    assert_eq!(flag.step, 160);
}

#[test]
fn shares_are_judged_by_what_the_window_could_show() {
    // 20,480 tokens can use 7.5 % of 262,144 codes at most.
    let mut detectors = Detectors::new(&spec(262_144));
    let ceiling = sampling_ceiling(262_144, FULL);
    assert!(ceiling < FEW);
    let flag = (1..=50).find_map(|step| detectors.see(&row(step, 0.96 * ceiling, FULL))).unwrap();
    assert_eq!(flag.kind, EventKind::Saturation);
    let flag = (51..=150).find_map(|step| detectors.see(&row(step, 0.09 * ceiling, FULL))).unwrap();
    assert_eq!(flag.kind, EventKind::Collapse);
}

#[test]
fn few_codes_raise_no_nonsense() {
    let seen = |size: usize, used: f64| -> Vec<EventKind> {
        let mut detectors = Detectors::new(&spec(size));
        let rows = (1..=300).map(|step| row(step, used / size as f64, FULL));
        rows.filter_map(|row| detectors.see(&row)).map(|e| e.kind).collect()
    };
    // One code is always in use. Of up to ten one alone is a collapse, and two are none: SimVQ uses four
    // of eight.
    assert_eq!(seen(1, 1.0), []);
    for size in 2..=11 {
        assert_eq!(seen(size, 1.0), [EventKind::Collapse], "{size}");
    }
    for (size, used) in [(10, 2.0), (8, 4.0), (4, 2.0), (20, 2.0)] {
        assert_eq!(seen(size, used), [], "{size}");
    }
    assert_eq!(seen(2, 2.0), [EventKind::Saturation]);
    // Above ten codes it is a tenth as ever.
    assert!((11..5000).all(|size| few(size) == 0.10));
}

#[test]
fn two_codes_recover_from_one_when_both_are_in_use() {
    let mut detectors = Detectors::new(&spec(2));
    let used = |step| if step <= 300 { 0.5 } else { 1.0 };
    let seen = (1..=400).filter_map(|step| detectors.see(&row(step, used(step), FULL)));
    let seen: Vec<(u64, EventKind)> = seen.map(|event| (event.step, event.kind)).collect();
    let saturated = (351, EventKind::Saturation);
    assert_eq!(seen, [(100, EventKind::Collapse), (350, EventKind::Recovery), saturated]);
}

#[test]
fn a_lane_no_better_than_the_mean_picture_learns_nothing() {
    let seen = |errors: &[(u64, f64)]| -> Vec<u64> {
        let mut detectors = Detectors::new(&spec(512));
        let flags =
            errors.iter().filter_map(|&(step, error)| detectors.see_error(step, error, 0.04));
        flags.map(|event| event.step).collect()
    };
    // The error itself is not below it; before step 200 nothing is flagged.
    assert_eq!(
        seen(&[(1, 0.3), (20, 0.04), (100, 9.0), (199, 9.0), (200, 9.0), (240, 9.0)]),
        [200]
    );
    assert!(seen(&[(240, 0.05), (480, 0.05)]).is_empty());
    // Three in a row, and one that is better begins anew.
    let broken = [(1, 1.0), (240, 1.0), (480, 0.039), (720, 1.0), (960, 1.0), (1200, 1.0)];
    assert_eq!(seen(&broken), [1200]);
    // It is ready again below nine tenths.
    let rows = |between: f64| -> Vec<(u64, f64)> {
        (1..=9).map(|i| (240 * i, if i == 5 { between } else { 1.0 })).collect()
    };
    assert_eq!(seen(&rows(0.037)), [720]);
    assert_eq!(seen(&rows(0.0359)), [720, 1920]);
    // What is not finite is for the divergence to say.
    assert!(seen(&[(240, f64::NAN), (480, f64::INFINITY), (720, 1.0), (960, 1.0)]).is_empty());
}

#[test]
fn a_runaway_is_growth_within_its_steps_and_flagged_once_an_episode() {
    let seen = |norms: &[(u64, f64)]| -> Vec<u64> {
        let mut detectors = Detectors::new(&spec(512));
        norms
            .iter()
            .filter_map(|&(step, norm)| detectors.see_norm(step, norm))
            .map(|e| e.step)
            .collect()
    };
    assert!(seen(&[(1, 0.3), (60, 3.0), (120, 5.9)]).is_empty());
    assert_eq!(seen(&[(1, 0.3), (60, 3.0), (120, 6.1), (180, 20.0), (240, 60.0)]), [120]);
    // As much growth in more steps is none.
    assert!(seen(&[(1, 0.3), (200, 2.0), (302, 6.1)]).is_empty());
    assert_eq!(seen(&[(1, 0.3), (200, 2.0), (301, 6.1)]), [301]);
    // Calm for a while, then away again.
    let again: Vec<(u64, f64)> = (0..20)
        .map(|i| (60 * i + 1, if i < 8 { 1.0 } else { 30.0 } * if i < 16 { 1.0 } else { 40.0 }))
        .collect();
    assert_eq!(seen(&again), [481, 961]);
    assert!(seen(&[(1, 1.0), (60, f64::INFINITY), (61, f64::NAN)]).is_empty());
    assert!(seen(&[(1, 0.0), (60, 0.0)]).is_empty());
}

#[test]
fn a_divergence_names_the_terms_the_rate_and_the_greatest_norm() {
    let mut detectors = Detectors::new(&spec(512));
    detectors.see_norm(60, 7.5e4);
    detectors.see_norm(120, 2.0);
    let text = |losses: [f32; 5]| detectors.divergence(Cause { step: 130, losses, lr: 0.3 }).text;
    let (nan, infinite) = (f32::NAN, f32::INFINITY);
    let all = text([nan, nan, infinite, 1.0, 0.0]);
    for words in [
        "A diverged at step 130: the codebook loss is infinite, the reconstruction loss is not a number;",
        "learning rate was 0.3",
        "7.50e4 at step 60",
    ] {
        assert!(all.contains(words), "{all}");
    }
    assert!(text([infinite, 3e38, 1.0, 1.0, 0.0]).contains("the sum of the loss is infinite"));
    let untrained = Detectors::new(&spec(512));
    let event = untrained.divergence(Cause { step: 1, losses: [nan; 5], lr: 0.3 });
    assert!(!event.text.contains("norm"), "{}", event.text);
}

#[test]
fn detectors_that_were_saved_go_on_as_if_nothing_had_been() {
    let shares = |i: u64| if i % 400 < 200 { 0.03 } else { 0.97 };
    let mut whole = Detectors::new(&spec(512));
    let mut parts = whole.clone();
    for step in 1..=1000 {
        let text = serde_json::to_string(&parts).unwrap();
        parts = serde_json::from_str(&text).unwrap();
        let row = row(step, shares(step), FULL);
        assert_eq!(whole.see(&row), parts.see(&row));
        assert_eq!(whole.see_norm(step, step as f64), parts.see_norm(step, step as f64));
        assert_eq!(whole, parts);
    }
}
