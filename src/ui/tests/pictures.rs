//! Pictures at the keyboard.

use std::path::Path;

use egui::{OutputCommand, pos2};

use super::*;
use crate::figure::panel::Panel;
use crate::patience;
use crate::ui::layout::panels;

/// A window that saves pictures into a folder.
fn window_in(folder: &Path) -> Harness<'static, AppState> {
    let mut state = fixture::collapse();
    state.host.pictures = folder.into();
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(2);
    harness
}

/// Frames until the window says something; a thread writes the file.
fn wait(harness: &mut Harness<'_, AppState>) -> String {
    patience::wait("the word that it is saved", || {
        harness.step();
        let state = harness.state();
        assert_eq!(state.run.notice, None);
        state.toast.clone()
    })
}

#[test]
fn s_saves_the_panel_under_the_pointer_and_shift_s_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = window_in(folder.path());
    harness.key_press_modifiers(Modifiers::SHIFT, Key::S);
    let said = wait(&mut harness);
    let path = folder.path().join("vqscope-collapse-step300.png");
    assert!(said.contains(&path.display().to_string()) && said.contains("1280 x 720"), "{said}");
    let window = image::open(&path).unwrap().to_rgba8();
    assert_eq!(window.dimensions(), (1280, 720));
    let map = panels::place(harness.state(), SMALL, Panel::Map(LaneId::B)).unwrap();
    harness.hover_at(map.center());
    harness.key_press(Key::S);
    harness.state_mut().toast = None;
    let said = wait(&mut harness);
    assert!(said.contains("vqscope-collapse-step300-map-b.png"), "{said}");
    let part = image::open(folder.path().join("vqscope-collapse-step300-map-b.png")).unwrap();
    let part = part.to_rgba8();
    // With its margin of 4 points.
    let side = |from: f32, to: f32| ((to + 4.0).round() - (from - 4.0).round()) as u32;
    let (width, height) = (side(map.left(), map.right()), side(map.top(), map.bottom()));
    // A line above says the step and the method.
    assert_eq!(part.width(), width);
    assert!(part.height() > height && part.height() < height + 40, "{}", part.height());
    // Lane b's colour is in it, and lane a's is not.
    let has = |lane| {
        let color = crate::palette::LIGHT.lane(lane).to_array();
        part.pixels().any(|pixel| pixel.0 == color)
    };
    assert!(has(LaneId::B) && !has(LaneId::A));
}

#[test]
fn where_no_panel_is_under_the_pointer_nothing_is_saved() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = window_in(folder.path());
    harness.hover_at(pos2(640.0, 20.0));
    harness.key_press(Key::S);
    harness.run_steps(3);
    assert!(harness.state().run.notice.as_ref().unwrap().contains("no panel"));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn ctrl_shift_c_copies_a_picture_and_no_link() {
    let folder = tempfile::tempdir().unwrap();
    let mut harness = window_in(folder.path());
    // Alone, because each further event draws a frame of its own.
    harness.event(egui::Event::Key {
        key: Key::C,
        physical_key: None,
        pressed: true,
        repeat: false,
        modifiers: Modifiers::COMMAND | Modifiers::SHIFT,
    });
    harness.step();
    harness.step();
    let commands = &harness.output().platform_output.commands;
    let copied = commands.iter().find_map(|command| match command {
        OutputCommand::CopyImage(image) => Some(image.size),
        _ => None,
    });
    assert_eq!(commands.len(), 1, "{commands:?}");
    assert_eq!(copied, Some([1280, 720]));
    assert!(wait(&mut harness).contains("copied a picture"));
    assert!(harness.state_mut().take_commands().is_empty());
}
