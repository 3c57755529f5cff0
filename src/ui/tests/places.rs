//! Controls stay where they are whatever the run does or somebody sets.

use std::collections::BTreeMap;

use egui::accesskit::Role;
use egui::{Context, Pos2, RawInput, Rect, Vec2};

use super::*;
use crate::record::event::{Event as Mark, EventKind};
use crate::record::setting::Setting;
use crate::record::status::Update;
use crate::ui::fixture;

/// Roles of what can be operated.
const CONTROLS: [Role; 9] = [
    Role::Button,
    Role::CheckBox,
    Role::RadioButton,
    Role::Slider,
    Role::SpinButton,
    Role::ComboBox,
    Role::TextInput,
    Role::Link,
    Role::Switch,
];

/// Where the controls of a window stand, in whole points, and what they are called.
fn places(state: &mut AppState, size: Vec2) -> BTreeMap<[i64; 4], String> {
    let ctx = Context::default();
    theme::install(&ctx);
    ctx.all_styles_mut(|style| style.animation_time = 0.0);
    ctx.enable_accesskit();
    let mut places = BTreeMap::new();
    for pass in 0..4 {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, size)),
            time: Some(f64::from(pass)),
            ..RawInput::default()
        };
        let output = ctx.run_ui(input, |ui| window(ui, state));
        let update = output.platform_output.accesskit_update.unwrap();
        let controls = update.nodes.iter().filter(|(_, node)| CONTROLS.contains(&node.role()));
        places = controls
            .filter_map(|(_, node)| {
                let at = node.bounds()?;
                let place = [at.x0, at.y0, at.x1, at.y1].map(|x| x.round() as i64);
                // Marks of the story's texts stand on the timeline where their steps are.
                let is_mark = place[2] - place[0] == 14 && place[3] - place[1] == 14;
                if is_mark && node.role() == Role::Button {
                    return None;
                }
                Some((place, node.label().unwrap_or_default().to_string()))
            })
            .collect();
    }
    places
}

fn mark(state: &mut AppState, id: LaneId, kind: EventKind) {
    let text = "it is told in a long sentence that takes all the room there is, and more";
    state.run.absorb(Update::Event(Mark::said(207, Some(id), kind, text)));
}

/// Changes of state, by the run and by hand.
const CHANGES: [(&str, Change); 24] = [
    ("a rate of learning", |s| s.set(Setting::Lr(1.25e-5))),
    ("a rate of learning of one lane", |s| {
        s.marked.target = Target::One(LaneId::B);
        s.set(Setting::Lr(0.01));
        s.marked.target = Target::Both;
    }),
    ("codes that wait for a restart", |s| {
        s.marked.target = Target::One(LaneId::B);
        s.set_size(2048);
        s.marked.target = Target::Both;
    }),
    ("settings that cannot train", |s| {
        s.set_data(crate::scenario::DataSet::Digits);
        s.set_batch_tokens(510);
    }),
    ("another start", |s| s.set_init(crate::scenario::Init::Normal)),
    ("another form of W", |s| s.set_transform(crate::scenario::TransformForm::LowRank)),
    ("a method", |s| s.set_preset(Preset::VqEma)),
    ("a method that was left", |s| {
        s.set_preset(Preset::VqEma);
        s.set(Setting::Upkeep(crate::scenario::Upkeep::Revive));
    }),
    ("a grid", |s| {
        s.marked.target = Target::One(LaneId::A);
        s.set_preset(Preset::Fsq);
    }),
    ("what learns", |s| s.switch_method()),
    ("a seed", |s| s.draft.seed = 123_456_789),
    ("equal twins", |s| {
        let a = s.draft.lanes.a.clone();
        s.draft.lanes.b = Some(a);
        s.run.specs = s.draft.lane_specs();
    }),
    ("many differences", |s| {
        s.marked.target = Target::One(LaneId::B);
        s.set_size(64);
        s.set_dim(8);
        s.set(Setting::Beta(3.0));
        s.set_batch_tokens(1024);
        s.marked.target = Target::Both;
        s.run.specs = s.draft.lane_specs();
    }),
    ("a change of the story", |s| mark(s, LaneId::A, EventKind::Change)),
    ("changes of both lanes", |s| {
        mark(s, LaneId::A, EventKind::Change);
        mark(s, LaneId::B, EventKind::Change);
    }),
    ("a flag", |s| mark(s, LaneId::B, EventKind::Collapse)),
    ("a pause", |s| s.run.trainer.activity = Activity::Paused),
    ("the end", |s| s.run.trainer.activity = Activity::Ended),
    ("a slow run", |s| s.run.trainer.steps_per_second = 3.0),
    ("a notice", |s| s.run.notice = Some("a sentence ".repeat(40))),
    ("what was said", |s| s.toast = Some("a sentence ".repeat(40))),
    ("a failure that was laid aside", |s| {
        let sentence = "the device failed".into();
        s.run.failure = Some(Failure { sentence, way_on: None });
        s.cards.is_failure_closed = true;
    }),
    ("another title", |s| {
        s.story.scenario.title = "a title ".repeat(20).into();
        s.draft.title = s.story.scenario.title.clone();
    }),
    ("before the first step", |s| *s = AppState::new("collapse", s.story.scenario.clone())),
];

#[test]
fn controls_stay_in_their_places_whatever_changes() {
    for size in [SMALL, LARGE] {
        let before = places(&mut fixture::collapse(), size);
        assert!(before.len() > 40, "{before:?}");
        for (name, change) in CHANGES {
            let mut state = fixture::collapse();
            change(&mut state);
            let after = places(&mut state, size);
            let gone: Vec<_> = before.iter().filter(|(at, _)| !after.contains_key(*at)).collect();
            assert!(gone.is_empty(), "{name}, {size}: moved or gone: {gone:?}\nnow: {after:?}");
        }
    }
}

#[test]
fn the_controls_of_a_pinned_step_stay_in_their_places() {
    for size in [SMALL, LARGE] {
        let mut state = super::time::recorded();
        state.pin(100);
        let before = places(&mut state, size);
        state.pin(280);
        state.toggle_playback();
        state.run.history.step = 12_345_678;
        let after = places(&mut state, size);
        let gone: Vec<_> = before.iter().filter(|(at, _)| !after.contains_key(*at)).collect();
        assert!(gone.is_empty(), "{size}: {gone:?}\nnow: {after:?}");
    }
}
