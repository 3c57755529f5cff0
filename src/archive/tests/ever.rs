//! Which codes were ever in use: kept to the byte by saves, and not known in those of earlier versions.

use super::*;
use crate::archive::Arrays;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;

/// A run in which codes have fallen out of use, and others never were in use.
fn run() -> Run {
    let mut run = Run::new(scenario("[lanes.a]\n"), &compute(), 1, true).unwrap();
    train(&mut run, 60);
    run
}

fn view(run: &mut Run) -> LaneView {
    let snapshot = run.snapshot(Freshness::Kept).unwrap().unwrap();
    snapshot.lanes.into_iter().find(|lane| lane.id == LaneId::A).unwrap()
}

/// Codes in use, fallen out of use, never used.
fn census(view: &LaneView) -> [usize; 3] {
    let mut census = [0; 3];
    for (&uses, &ever) in view.window_counts.iter().zip(&view.ever_used) {
        assert!(ever || uses == 0, "a code in use was used");
        census[usize::from(uses == 0) + usize::from(!ever)] += 1;
    }
    census
}

#[test]
fn codes_that_fell_out_of_use_stay_apart_from_those_never_used() {
    let mut run = run();
    let seen = view(&mut run);
    let known = census(&seen);
    assert!(known.iter().sum::<usize>() == 64 && known.iter().all(|&n| n > 0), "{known:?}");
    // In a kept picture, and in a run that goes on.
    let frame = run.snapshot(Freshness::Kept).unwrap().unwrap();
    let bytes = keyframe::to_bytes(&frame).unwrap();
    let (kept, _) = keyframe::from_bytes(Path::new("k"), &bytes, 1, &mut [None, None]).unwrap();
    assert_eq!(kept.lanes[0].ever_used, seen.ever_used);
    let state = run.save().unwrap();
    let bytes = checkpoint::to_bytes(&state).unwrap();
    let mut again = Run::new(scenario("[lanes.a]\n"), &compute(), 1, true).unwrap();
    again.restore(checkpoint::from_bytes(Path::new("c"), &bytes).unwrap()).unwrap();
    assert_eq!(view(&mut again).ever_used, seen.ever_used);
    train(&mut run, 40);
    train(&mut again, 40);
    assert_eq!(view(&mut again).ever_used, view(&mut run).ever_used);
    // Fresh codes have no past.
    run.set(None, Setting::Learn { c: false, w: true, on_switch: OnSwitch::Fresh });
    run.take_news().unwrap();
    assert_eq!(view(&mut run).ever_used, [false; 64]);
}

#[test]
fn a_save_of_an_earlier_version_does_not_know_and_goes_on() {
    let mut run = run();
    let bytes = checkpoint::to_bytes(&run.save().unwrap()).unwrap();
    let (mut arrays, about) = Arrays::from_bytes::<toml::Table>(Path::new("c"), &bytes).unwrap();
    assert!(arrays.take_u8(Path::new("c"), "a.window.ever").unwrap().is_some());
    let bytes = arrays.to_bytes(&about).unwrap();
    let mut old = Run::new(scenario("[lanes.a]\n"), &compute(), 1, true).unwrap();
    old.restore(checkpoint::from_bytes(Path::new("c"), &bytes).unwrap()).unwrap();
    assert!(view(&mut old).ever_used.is_empty());
    assert_eq!(bits(&train(&mut old, 40)), bits(&train(&mut run, 40)));
    let frame = old.snapshot(Freshness::Kept).unwrap().unwrap();
    let bytes = keyframe::to_bytes(&frame).unwrap();
    let (kept, _) = keyframe::from_bytes(Path::new("k"), &bytes, 1, &mut [None, None]).unwrap();
    assert!(kept.lanes[0].ever_used.is_empty());
    // Another number of codes is refused.
    let mut state = run.save().unwrap();
    state.lanes[0].ever.pop();
    let mut other = Run::new(scenario("[lanes.a]\n"), &compute(), 1, true).unwrap();
    assert!(other.restore(state).is_err());
}
