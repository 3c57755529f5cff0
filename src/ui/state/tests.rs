//! What the methods of the state ask for.

use super::*;
use crate::record::setting::Setting;
use crate::scenario::{CodeUpdate, DataSet, Estimator, Init, LaneId, Preset, Upkeep, demos, parse};
use crate::ui::state::marked::Target;

fn state() -> AppState {
    AppState::new("collapse", parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap())
}

/// What trains is the draft as it is.
fn start(state: &mut AppState) {
    let info = crate::record::status::RunInfo {
        run: 1,
        scenario: state.draft.clone(),
        eval_tokens: vec![1, 1],
        device: Default::default(),
        origin: Default::default(),
    };
    state.run.absorb(crate::record::status::Update::Started(Box::new(info)));
}

#[test]
fn live_settings_go_out_and_arm_nothing() {
    let mut state = state();
    state.set(Setting::Lr(0.01));
    state.set(Setting::Lr(0.02));
    state.set(Setting::Beta(1.0));
    assert!(!state.is_armed() && state.is_changed());
    let commands = state.take_commands();
    let set = |setting| Command::Set { lane: None, setting };
    assert_eq!(commands, [set(Setting::Lr(0.02)), set(Setting::Beta(1.0))]);
    assert_eq!(state.draft.lane(LaneId::B).unwrap().lr, 0.02);
}

#[test]
fn cold_settings_send_nothing_until_the_restart() {
    let mut state = state();
    start(&mut state);
    state.set_size(1024);
    assert!(state.is_armed() && state.take_commands().is_empty());
    state.set_size(512);
    assert!(!state.is_armed());
    state.marked.target = Target::One(LaneId::B);
    state.set_dim(8);
    let dims = [LaneId::A, LaneId::B].map(|id| state.draft.lane(id).unwrap().dim);
    assert_eq!(dims, [16, 8]);
    state.restart_as_set();
    let commands = state.take_commands();
    let Command::Restart(scenario) = &commands[0] else { panic!("{commands:?}") };
    assert_eq!((scenario.seed, scenario.lane(LaneId::B).unwrap().dim), (0, 8));
}

/// What is asked to be trained.
fn restarted(state: &mut AppState) -> Scenario {
    match state.take_commands().into_iter().next() {
        Some(Command::Restart(scenario)) => *scenario,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_restarted_story_is_the_one_that_was_written() {
    let mut state = state();
    start(&mut state);
    state.note_changes(false);
    // A rescue by hand, and a setting that waits for a restart.
    state.switch_method();
    state.set_size(1024);
    state.note_changes(false);
    state.take_commands();
    state.restart_story(false);
    state.note_changes(false);
    let story = state.story.scenario.clone();
    assert_eq!(restarted(&mut state), story);
    assert!(!state.is_changed() && state.toast.as_ref().is_some_and(|s| s.contains("Ctrl+Z")));
    // The settings are not lost.
    state.undo();
    assert_eq!(state.draft.lane(LaneId::A).map(|a| (a.learn_w, a.size)), Some((true, 1024)));
    // With those of the controls, if that is what one wants.
    state.restart_as_set();
    assert_eq!(restarted(&mut state), state.draft);
    // One seed after the other, and back to that of the story.
    for seed in [1, 2] {
        state.restart_story(true);
        start(&mut state);
        assert_eq!(restarted(&mut state), Scenario { seed, ..story.clone() });
    }
    state.restart_story(false);
    assert_eq!(restarted(&mut state), story);
}

#[test]
fn a_draft_that_cannot_train_is_not_started() {
    let mut state = state();
    state.set_data(DataSet::Digits);
    state.set_batch_tokens(510);
    state.restart_as_set();
    assert!(state.take_commands().is_empty());
    state.set_batch_tokens(512);
    state.restart_as_set();
    assert!(matches!(state.take_commands()[0], Command::Restart(_)));
}

#[test]
fn keys_switch_the_chosen_side() {
    let mut state = state();
    state.switch_method();
    assert_eq!(state.learns(LaneId::A), Some((false, true)));
    state.switch_method();
    assert_eq!(state.learns(LaneId::A), Some((true, false)));
    state.change_side();
    state.switch_c();
    assert_eq!(state.learns(LaneId::B), Some((true, true)));
    state.switch_w();
    assert_eq!(state.learns(LaneId::B), Some((true, false)));
    state.back_to_the_story();
    assert!(!state.is_changed());
}

#[test]
fn switches_of_the_method_go_out_live_and_presets_wait_for_the_restart() {
    let mut state = state();
    start(&mut state);
    state.marked.target = Target::One(LaneId::A);
    state.set(Setting::Upkeep(Upkeep::Revive));
    state.set(Setting::Estimator(Estimator::Rotation));
    assert!(!state.is_armed());
    let set = |setting| Command::Set { lane: Some(LaneId::A), setting };
    let expected =
        [set(Setting::Upkeep(Upkeep::Revive)), set(Setting::Estimator(Estimator::Rotation))];
    assert_eq!(state.take_commands(), expected);
    // A W between codes and encodings ends the upkeep, in the draft as in the trainer.
    state.set_learn(LaneId::A, false, true);
    assert_eq!(state.draft.lane(LaneId::A).unwrap().switches.upkeep, Upkeep::None);
    state.take_commands();
    state.set_preset(Preset::Fsq);
    assert!(state.is_armed() && state.take_commands().is_empty());
    let spec = state.draft.lane(LaneId::A).unwrap();
    assert_eq!((spec.size, spec.dim, spec.method()), (512, 3, "FSQ"));
    state.draft.validate().unwrap();
}

#[test]
fn a_start_chosen_by_hand_stands_above_a_preset() {
    let mut state = state();
    state.set_preset(Preset::VqRevive);
    state.set_init(Init::Kmeans);
    for id in [LaneId::A, LaneId::B] {
        assert_eq!(state.draft.lane(id).unwrap().init, Init::Kmeans);
    }
}

#[test]
fn a_switch_for_both_lanes_leaves_alone_the_lane_that_it_does_not_go_with() {
    let mut state = state();
    start(&mut state);
    // A is plain VQ, B is SimVQ, whose codes stand behind a W.
    state.set(Setting::Upkeep(Upkeep::Revive));
    let upkeep = |state: &AppState, id| state.draft.lane(id).unwrap().switches.upkeep;
    assert_eq!(upkeep(&state, LaneId::A), Upkeep::Revive);
    assert_eq!(upkeep(&state, LaneId::B), Upkeep::None);
    state.draft.validate().unwrap();
    state.marked.target = Target::One(LaneId::B);
    state.set_preset(Preset::Fsq);
    state.marked.target = Target::Both;
    state.set(Setting::Entropy(0.1));
    state.set(Setting::Estimator(Estimator::Rotation));
    state.set_learn(LaneId::B, true, false);
    let b = state.draft.lane(LaneId::B).unwrap();
    assert_eq!((b.method(), b.switches.entropy, b.learn_c), ("FSQ", 0.0, false));
    assert_eq!(state.draft.lane(LaneId::A).unwrap().switches.entropy, 0.1);
    state.draft.validate().unwrap();
}

#[test]
fn a_preset_of_live_switches_sends_only_what_changes() {
    let mut state = state();
    start(&mut state);
    state.marked.target = Target::One(LaneId::A);
    state.set_preset(Preset::VqRevive);
    let set = |setting| Command::Set { lane: Some(LaneId::A), setting };
    let expected = [set(Setting::Update(CodeUpdate::Ema)), set(Setting::Upkeep(Upkeep::Revive))];
    assert!(!state.is_armed());
    assert_eq!(state.take_commands(), expected);
}

#[test]
fn a_story_is_shown_as_it_wants_and_the_readers_own_arrangement_comes_back() {
    use crate::scenario::View;
    use crate::ui::layout::arrangement::Part;
    let mut state = state();
    state.prefs.arrangement.show(Part::Recon, false);
    let own = state.prefs.arrangement.clone();
    let shown = |state: &AppState| Part::ALL.map(|part| state.prefs.arrangement.shows(part));
    let alone = View { hidden: vec!["controls".into(), "curves".into()], enlarged: None };
    state.story.scenario.view = Some(alone.clone());
    state.arrange();
    assert_eq!(shown(&state), [false, true, true, true, false, true, true]);
    // What is kept between starts is the reader's, twice over as well.
    state.arrange();
    assert_eq!(state.kept_prefs().arrangement, own);
    state.load("rescue");
    assert_eq!(state.prefs.arrangement, own);
    // What the reader chose while it was shown so is the reader's.
    state.story.scenario.view = Some(alone);
    state.arrange();
    state.prefs.arrangement.show(Part::Curves, true);
    let chosen = state.prefs.arrangement.clone();
    assert_eq!(state.kept_prefs().arrangement, chosen);
    state.load("collapse");
    assert_eq!(state.prefs.arrangement, chosen);
    // A panel that was enlarged there makes nothing else the reader's choice.
    let alone = View { hidden: vec!["controls".into()], enlarged: None };
    state.story.scenario.view = Some(alone);
    state.arrange();
    state.prefs.arrangement.enlarged = Some(crate::figure::panel::Panel::Timeline);
    assert_eq!(state.kept_prefs().arrangement, chosen);
}

#[test]
fn a_saved_run_of_the_story_that_is_shown_leaves_its_panes_as_the_reader_has_them() {
    use crate::record::status::{Origin, RunInfo, Update};
    use crate::scenario::View;
    use crate::ui::layout::arrangement::Part;
    let mut state = state();
    start(&mut state);
    state.story.scenario.view = Some(View { hidden: vec!["curves".into()], enlarged: None });
    state.arrange();
    state.prefs.arrangement.show(Part::Curves, true);
    let saved = |state: &mut AppState, run: u64, scenario: Scenario| {
        let old = state.run.info.clone().unwrap();
        let origin = Origin::Saved { log: Vec::new() };
        state.run.absorb(Update::Started(Box::new(RunInfo { run, scenario, origin, ..old })));
        state.follow_run();
    };
    // As after the tour, whose end brings the run of before back from its save.
    let story = state.story.scenario.clone();
    saved(&mut state, 2, story.clone());
    assert!(state.prefs.arrangement.shows(Part::Curves));
    // Another one is shown as it wants.
    saved(&mut state, 3, Scenario { seed: 7, ..story });
    assert!(!state.prefs.arrangement.shows(Part::Curves));
}

#[test]
fn every_story_leads_on_to_another_one() {
    let after = |name: &str| {
        let mut state = state();
        state.story.name = name.into();
        state.next_story()
    };
    // What the texts of these stories say of the next one.
    for (name, next) in [
        ("falls", "collapse"),
        ("collapse", "rescue"),
        ("rescue", "no_rescue"),
        ("digits", "fashion"),
        ("fashion", "bigger"),
        ("bigger", "bigger_vq"),
    ] {
        assert_eq!(after(name), next);
    }
    assert!(demos::names().all(|name| after(name) != name));
    let last = demos::names().last().unwrap();
    assert_eq!((after(last), after("own.toml")), (demos::FIRST, demos::FIRST));
}
