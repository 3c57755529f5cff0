//! What is looked at closely: pipeline, sentences, codes in pictures, one code, all codes, an input of
//! one's own, and the run before.

use std::sync::Arc;

use egui::{Key, Theme};
use egui_kittest::kittest::Queryable;
use egui_kittest::{Harness, SnapshotResults};

use crate::figure::layers::Layers;
use crate::record::status::{Origin, Update};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::train_to::Closely;
use crate::ui::AppState;
use crate::ui::fixture;
use crate::ui::layout::places::PaneId;
use crate::ui::state::prefs::Tab;
use crate::ui::tests::{LARGE, SMALL, draw, draw_pane, harness, place, snap_part};

fn layers(names: &[&str]) -> Layers {
    Layers::of_names(&names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}

/// A run in which codes of A fell out of use, looked at closely.
fn falls() -> AppState {
    fixture::closely(
        "falls",
        &["data.eval_tokens=512"],
        120,
        Closely { atlas: true, code: true, told: false },
    )
}

#[test]
fn what_is_looked_at_closely() {
    let mut results = SnapshotResults::new();
    for (name, pane, shown) in [
        ("inspector", PaneId::Inspector, &["inspector"][..]),
        ("atlas", PaneId::Atlas, &["atlas"]),
        ("w_over_time", PaneId::Curves, &["w"]),
        ("places", PaneId::Recon, &["place"]),
        ("difference", PaneId::Recon, &["difference"]),
        ("lit_map", PaneId::Map(LaneId::A), &["inspector"]),
        ("hued_map", PaneId::Map(LaneId::B), &["place"]),
    ] {
        let mut state = falls();
        if name == "w_over_time" {
            for step in [1, 30, 60, 90] {
                let earlier = fixture::played("falls", &["data.eval_tokens=512"], step);
                state.run.frames.keep(earlier.run.live.unwrap());
            }
        }
        state.prefs.layers = layers(shown);
        state.prefs.tab = Tab::Spectrum;
        draw_pane(&mut results, &format!("closer_{name}"), state, pane, Theme::Light);
    }
    let all = &["pipeline", "sentences", "place", "inspector", "atlas"];
    let mut state = falls();
    state.prefs.layers = layers(all);
    draw(&mut results, "closer_all_1440x900_light", state, LARGE, Theme::Light);
    let mut state = falls();
    state.prefs.layers = layers(all);
    draw(&mut results, "closer_all_1280x720_dark", state, SMALL, Theme::Dark);
}

/// The same story again with other settings, at the same step.
pub fn restarted() -> AppState {
    let mut state = fixture::played("falls", &["data.eval_tokens=512"], 120);
    let sets = ["data.eval_tokens=512", "codebook.size=64"];
    let again = fixture::played("falls", &sets, 60);
    let (mut info, live) = (again.run.info.unwrap(), again.run.live.unwrap());
    info.run = 2;
    state.run.absorb(Update::Started(Box::new(info)));
    for lane in [LaneId::A, LaneId::B] {
        state.run.history.lanes[lane.index()] = again.run.history.lane(lane).clone();
    }
    state.run.history.step = 60;
    let mut snapshot = (*live).clone();
    snapshot.run = 2;
    state.run.take(Arc::new(snapshot));
    state
}

#[test]
fn the_run_before_another_setting_stays_until_it_is_put_away() {
    let mut results = SnapshotResults::new();
    for (name, pane) in [("timeline", PaneId::Timeline), ("head", PaneId::Headline(LaneId::A))] {
        draw_pane(&mut results, &format!("before_{name}"), restarted(), pane, Theme::Light);
    }
    let mut harness = harness(restarted(), SMALL, Theme::Light);
    harness.run_steps(3);
    let sentences = place(&harness, PaneId::Sentences);
    snap_part(&mut results, "before_sentences", &mut harness, sentences);
    let said = |state: &AppState| state.sentences().to_vec();
    let [told] = &said(harness.state())[..] else { panic!("{:?}", said(harness.state())) };
    assert!(told.text.starts_with("codes K 512 → 64, from the start. At step 60: A "), "{told:?}");
    assert_eq!(harness.query_all_by_label_contains(", before 0.").count(), 2);
    harness.key_press(Key::B);
    harness.run_steps(3);
    assert!(said(harness.state()).is_empty() && harness.state().run.before.is_none());
    assert_eq!(harness.query_all_by_label_contains(", before 0.").count(), 0);
}

#[test]
fn a_room_reads_what_another_setting_changed() {
    let mut results = SnapshotResults::new();
    let presented = || {
        let mut state = restarted();
        state.present(true);
        state
    };
    draw(&mut results, "before_present_1280x720_light", presented(), SMALL, Theme::Light);
    let mut harness = harness(presented(), SMALL, Theme::Light);
    harness.run_steps(3);
    let read = |harness: &Harness<AppState>| {
        harness.query_all_by_label_contains("codes K 512 → 64, from the start.").count()
    };
    assert_eq!(read(&harness), 1);
    // Esc puts it away, and does not end the meeting.
    harness.key_press(Key::Escape);
    harness.run_steps(3);
    assert_eq!(read(&harness), 0);
    assert!(harness.state().presenter().is_some());
}

#[test]
fn a_restart_as_it_was_and_another_story_leave_no_run_before() {
    let mut state = fixture::played("falls", &["data.eval_tokens=512"], 20);
    let again = |state: &mut AppState, mut info: crate::record::status::RunInfo| {
        info.run += 1;
        info.origin = Origin::New;
        state.run.absorb(Update::Started(Box::new(info)));
    };
    let info = state.run.info.clone().unwrap();
    again(&mut state, info);
    assert!(state.run.before.is_none());
    let mut state = restarted();
    let other = fixture::played("collapse", &["data.eval_tokens=512"], 1).run.info.unwrap();
    again(&mut state, other);
    assert!(state.run.before.is_none());
}

#[test]
fn a_code_that_is_clicked_stays_lit_and_the_trainer_is_asked_for_its_life() {
    let mut harness = harness(falls(), LARGE, Theme::Light);
    harness.run_steps(2);
    harness.state_mut().take_commands();
    let pinned = harness.state().closely().pinned.unwrap();
    // Its twin in the other lane.
    let other = if pinned.0 == LaneId::A { "in B" } else { "in A" };
    harness.get_by_label(other).click();
    harness.run_steps(2);
    let now = harness.state().closely().pinned.unwrap();
    assert_eq!((now.0 != pinned.0, now.1), (true, pinned.1));
    let asked = harness.state_mut().take_commands();
    let gaze = asked.iter().find_map(|command| match command {
        Command::LookAt(gaze) => Some(gaze.code),
        _ => None,
    });
    assert_eq!(gaze, Some(Some(now)));
    harness.get_by_label("let it go").click();
    harness.run_steps(2);
    assert_eq!(harness.state().closely().pinned, None);
    // Esc does the same.
    harness.state_mut().pin_code(Some(now));
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert_eq!(harness.state().closely().pinned, None);
}

#[test]
fn tokens_of_the_map_are_told_with_the_codes_that_they_chose() {
    // In the plane the map shows every distance as it is.
    let state = fixture::closely("cloud", &[], 60, Closely { code: true, ..Closely::default() });
    for view in &state.run.snapshot.as_ref().unwrap().lanes {
        let chosen = &view.close.as_ref().unwrap().tokens;
        assert!(chosen.len() == view.latents.len() && chosen.len() > 100, "{}", chosen.len());
        assert!(chosen.iter().any(|code| *code != chosen[0]));
        let far = |z: &[f32; 2], e: &[f32; 2]| {
            (0..2).map(|j| f64::from(z[j] - e[j]).powi(2)).sum::<f64>()
        };
        for (z, &code) in view.latents.iter().zip(chosen) {
            let least = view.codes.iter().map(|e| far(z, e)).fold(f64::INFINITY, f64::min);
            assert!(far(z, &view.codes[code as usize]) <= least + 1e-5, "{z:?} {code}");
        }
    }
}

#[test]
fn a_token_that_is_pointed_at_on_the_map_lights_its_code_everywhere() {
    let mut state = falls();
    state.pin_code(None);
    state.prefs.layers = layers(&["place"]);
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(3);
    let asked = harness.state_mut().take_commands();
    let is_asked = |command: &Command| matches!(command, Command::LookAt(gaze) if gaze.tokens);
    assert!(asked.iter().any(is_asked), "{asked:?}");
    let view = harness.state().run.lane(LaneId::B).unwrap().clone();
    let scale = harness.state().panes.map.scales[LaneId::B.index()].unwrap();
    let chosen = &view.close.as_ref().unwrap().tokens;
    // One that no code hides.
    let codes: Vec<_> = view.codes.iter().map(|&code| scale.at(code)).collect();
    let is_bare = |z: &usize| {
        let at = scale.at(view.latents[*z]);
        codes.iter().all(|code| code.distance(at) > 3.0) && scale.plot.shrink(20.0).contains(at)
    };
    let token = (0..chosen.len()).find(is_bare).unwrap();
    let before = harness.render().unwrap();
    harness.hover_at(scale.at(view.latents[token]));
    harness.run_steps(3);
    let code = (LaneId::B, chosen[token] as usize);
    assert_eq!(harness.state().closely().hovered, Some(code));
    assert_eq!(harness.state().closely().lit(layers(&["place"])), Some(code));
    assert_ne!(before, harness.render().unwrap());
    let map = place(&harness, PaneId::Map(LaneId::B));
    let mut results = SnapshotResults::new();
    snap_part(&mut results, "closer_token", &mut harness, map);
}

#[test]
fn what_a_sentence_speaks_of_is_shown() {
    let mut state = falls();
    state.pin_code(None);
    let kept = state.closely().pinned;
    state.pin_code(kept);
    state.prefs.layers = layers(&["sentences"]);
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(3);
    assert_eq!(harness.state().sentences().len(), 3);
    let buttons: Vec<_> = harness.get_all_by_label("show me").collect();
    assert_eq!(buttons.len(), 3);
    buttons[2].click();
    harness.run_steps(2);
    assert!(harness.state().prefs.layers.difference);
    let first = harness.get_all_by_label("show me").next().unwrap();
    first.click();
    harness.run_steps(2);
    assert!(harness.state().prefs.layers.inspector);
    assert!(harness.state().closely().pinned.is_some());
}

/// A file that is dropped on the window.
#[derive(Debug)]
struct Fallen(std::path::PathBuf);

impl egui::DroppedFile for Fallen {
    fn path(&self) -> &std::path::Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads it itself".into())
    }
}

#[test]
fn a_picture_that_is_dropped_is_encoded_and_a_file_that_is_none_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let half = image::RgbaImage::from_fn(64, 64, |x, _| {
        image::Rgba([if x < 32 { 0 } else { 255 }, 0, 0, 255].map(|c: u8| c.max(30)))
    });
    let picture = file("half.png", &crate::figure::look::png(&half).unwrap());
    let notes = file("notes.txt", b"no picture");
    let mut harness = harness(falls(), LARGE, Theme::Light);
    harness.run_steps(2);
    harness.state_mut().take_commands();
    harness.input_mut().hovered_files.push(egui::HoveredFile::default());
    harness.run_steps(1);
    harness.input_mut().hovered_files.clear();
    harness.input_mut().dropped_files.push(Arc::new(Fallen(picture.clone())));
    let own = crate::patience::wait("the picture to be read", || {
        harness.run_steps(1);
        harness.state().closely().own.clone()
    });
    assert_eq!((own.len(), own[0], own[0] < own[7]), (64, 30, true));
    assert!(harness.state().prefs.layers.inspector);
    assert!(harness.state().toast.as_ref().unwrap().contains("half.png"));
    harness.run_steps(1);
    let asked = harness.state_mut().take_commands();
    let is_asked = |command: &Command| matches!(command, Command::LookAt(gaze) if gaze.own.as_ref() == Some(&own));
    assert!(asked.iter().any(is_asked), "{asked:?}");
    harness.input_mut().dropped_files.push(Arc::new(Fallen(notes.clone())));
    let why = crate::patience::wait("the file to be read", || {
        harness.run_steps(1);
        harness.state().run.notice.clone()
    });
    assert!(why.starts_with("notes.txt is no picture"), "{why}");
    // Of several the first is taken, and how many there were is said.
    for file in [&picture, &notes] {
        harness.input_mut().dropped_files.push(Arc::new(Fallen(file.clone())));
    }
    harness.run_steps(1);
    let said = harness.state().run.notice.clone().unwrap();
    assert!(said.starts_with("2 files") && said.contains("half.png"), "{said}");
    // Points of the plane are no pictures.
    let mut cloud = fixture::played("cloud", &[], 1);
    cloud.drop_file("half.png".into(), || ());
    assert!(cloud.run.notice.unwrap().contains("half.png is not encoded"));
}
