//! The line under a share of codes that says how it was counted, and its choice.

use std::path::Path;

use egui::{Rect, Theme, vec2};
use egui_kittest::kittest::{NodeT as _, Queryable as _};
use egui_kittest::{Harness, SnapshotResults};

use crate::record::judgement::Rule;
use crate::record::snapshot::LaneView;
use crate::record::watching::Shown;
use crate::scenario::LaneId;
use crate::ui::host::shot::watched;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::counted::{in_use, wordings};
use crate::ui::tests::{SMALL, change_lane, draw_pane, harness, place, snap_part};
use crate::ui::{AppState, fixture};

/// The head of lane a.
const HEAD: PaneId = PaneId::Headline(LaneId::A);

/// The head of lane a with the menu that is open under it.
fn snap_menu(results: &mut SnapshotResults, name: &str, harness: &mut Harness<'_, AppState>) {
    let head = place(harness, HEAD);
    snap_part(results, name, harness, Rect::from_min_size(head.min, vec2(480.0, 290.0)));
}

/// What the head of lane a says to a screen reader.
fn head(state: AppState) -> String {
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    let node = harness.get_by_label_contains("Mark lane A");
    node.accesskit_node().label().unwrap()
}

fn counted_by(rule: Rule, change: impl Fn(&mut LaneView)) -> AppState {
    let mut state = fixture::collapse();
    state.prefs.counted_by = Some(rule);
    change_lane(&mut state, LaneId::A, change);
    state
}

#[test]
fn a_click_on_the_line_chooses_what_in_use_means() {
    let mut results = SnapshotResults::new();
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Light);
    harness.run_steps(2);
    let line = "as counted by: the sliding window of training tokens";
    harness.get_all_by_label(line).next().unwrap().click();
    harness.run_steps(3);
    snap_menu(&mut results, "counted_by_menu", &mut harness);
    // Each meaning with its share of lane a: 93 of 512 codes by the newest tokens.
    harness.get_by_label("distinct among the newest 65,536 tokens: 18 %").click();
    harness.run_steps(3);
    assert_eq!(harness.state().prefs.counted_by, Some(Rule::Newest));
    let head = harness.get_by_label_contains("Mark lane A").accesskit_node().label().unwrap();
    assert!(head.contains("93 of 512 codes in use, 18 %"), "{head}");
    assert!(
        harness
            .get_by_label_contains("Timeline")
            .accesskit_node()
            .label()
            .unwrap()
            .contains("18 %")
    );
}

#[test]
fn each_meaning_has_its_number_and_what_cannot_be_told_its_reason() {
    let all = [
        (Rule::Seen, "17 of"),
        (Rule::Newest, "93 of"),
        (Rule::Average, "11 of"),
        (Rule::Batch, "10 of"),
        (Rule::Distinct, "10 of"),
    ];
    for (rule, words) in all {
        let said = head(counted_by(rule, |_| {}));
        assert!(said.contains(words), "{rule:?}: {said}");
    }
    // An earlier version kept the batch and the full set alone.
    let before = |lane: &mut LaneView| lane.facts.by_rule = None;
    for (rule, words) in [
        (Rule::Seen, "17 of"),
        (Rule::Newest, "– of"),
        (Rule::Average, "– of"),
        (Rule::Distinct, "10 of"),
    ] {
        let said = head(counted_by(rule, before));
        assert!(said.contains(words), "{rule:?}: {said}");
    }
    let state = counted_by(Rule::Newest, before);
    let lane = state.run.lane(LaneId::A).unwrap();
    let line = &wordings(lane, Some(Rule::Newest), " · MSE 1")[0];
    assert_eq!(line, "an earlier version saved this step and did not count it · MSE 1");
    // Before quantization begins no code is in use by any meaning.
    let mut waiting = lane.clone();
    waiting.facts.warms_up_until = Some(500);
    assert!(Rule::ALL.iter().all(|&rule| in_use(&waiting, Some(rule)).is_none()));
}

#[test]
fn panes_by_other_meanings() {
    let mut results = SnapshotResults::new();
    let average = counted_by(Rule::Average, |_| {});
    draw_pane(&mut results, "counted_by_average_timeline", average, PaneId::Timeline, Theme::Dark);
    let average = counted_by(Rule::Average, |_| {});
    draw_pane(&mut results, "counted_by_average_head", average, HEAD, Theme::Dark);
    let not_saved = counted_by(Rule::Newest, |lane| lane.facts.by_rule = None);
    draw_pane(&mut results, "counted_by_not_saved_head", not_saved, HEAD, Theme::Light);
}

#[test]
fn what_a_file_cannot_answer_is_grey_with_the_reason() {
    let mut results = SnapshotResults::new();
    let path = Path::new("tests/reference/codebooks/series");
    let Ok(mut state) = watched(&[path.into()], Shown::default()) else { panic!("no series") };
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    harness.get_by_label("as counted by: the arrays of the file").click();
    harness.run_steps(3);
    let of = |words: &str| harness.get_by_label_contains(words).accesskit_node().is_disabled();
    assert!(!of("chosen at least once by all counted tokens: 6 %"));
    for words in
        ["distinct among the newest", "moving average of batches", "at least 0.01", "by one batch"]
    {
        assert!(of(words), "{words}");
    }
    harness.get_by_label_contains("distinct among the newest").hover();
    harness.run_steps(20);
    snap_menu(&mut results, "counted_by_of_a_file", &mut harness);
    // One that was chosen for other files is told to be unknown here.
    state = watched(&[path.into()], Shown::default()).ok().unwrap();
    state.prefs.counted_by = Some(Rule::Average);
    draw_pane(&mut results, "counted_by_unknown_of_a_file_head", state, HEAD, Theme::Dark);
}
