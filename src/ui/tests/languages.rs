//! The language of the window, and letters that its fonts lack.

use super::*;
use crate::record::event::{Event, Fact};
use crate::record::status::Update;
use crate::words;
use crate::words::{Language, english, spoken};

/// Whether a text with these letters is on the screen.
fn shows(harness: &Harness<'_, AppState>, text: &str) -> bool {
    harness.query_all_by_label_contains(text).next().is_some()
}

#[test]
fn the_language_is_switched_while_the_window_runs() {
    let mut state = fixture::collapse();
    state.prefs.tab = Tab::Events;
    let (lanes, from) = (vec![LaneId::A], vec![Setting::Lr(0.001)]);
    let fact = Fact::Set { lanes, from, to: Setting::Lr(0.02) };
    let event = Event::new(200, Some(LaneId::A), fact);
    state.run.absorb(Update::Event(event.clone()));
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(3);
    assert!(shows(&harness, "learning rate 0.02") && shows(&harness, "What learns"));
    harness.get_by_label("View").click();
    harness.run_steps(3);
    harness.get_by_label("\u{65e5}\u{672c}\u{8a9e}").click();
    harness.run_steps(3);
    assert_eq!(harness.state().prefs.language, Some(Language::Ja));
    assert_eq!(spoken(), Language::Ja);
    // What happened before is told anew; what files have of it stays.
    let told = event.sentence();
    assert!(told.contains("0.02") && told != event.text, "{told}");
    assert!(shows(&harness, &told) && !shows(&harness, "learning rate 0.02"));
    assert!(!shows(&harness, "What learns"));
    assert_eq!(english(|| event.sentence()), "A: learning rate 0.02");
    if harness.query_by_label("English").is_none() {
        // The menu closes with a click.
        let view = words::within(Language::Ja, || words!("top-view"));
        harness.get_by_label(view).click();
        harness.run_steps(3);
    }
    harness.get_by_label("English").click();
    harness.run_steps(3);
    assert!(shows(&harness, "learning rate 0.02") && spoken() == Language::En);
}

#[test]
fn the_window_and_its_keys_in_japanese() {
    let mut results = SnapshotResults::new();
    let japanese = |mut state: AppState| {
        state.prefs.language = Some(Language::Ja);
        state
    };
    let small = japanese(fixture::collapse());
    draw(&mut results, "japanese_1280x720", small, SMALL, Theme::Light);
    let large = japanese(fixture::collapse());
    draw(&mut results, "japanese_1440x900_dark", large, LARGE, Theme::Dark);
    let mut keys = japanese(fixture::collapse());
    keys.cards.is_help_open = true;
    draw(&mut results, "japanese_help", keys, SMALL, Theme::Light);
}

#[test]
fn what_is_asked_for_comes_before_what_was_chosen_and_that_before_the_system() {
    let mut state = fixture::collapse();
    assert_eq!(state.language(), Language::En);
    state.host.system_language = Language::Ja;
    assert_eq!(state.language(), Language::Ja);
    state.prefs.language = Some(Language::En);
    assert_eq!(state.language(), Language::En);
    state.host.asked_language = Some(Language::Ja);
    assert_eq!(state.language(), Language::Ja);
    // What is chosen in the window holds from then on.
    state.choose_language(Language::En);
    assert_eq!((state.language(), state.prefs.language), (Language::En, Some(Language::En)));
}

#[test]
fn letters_that_no_font_has_are_named_and_never_drawn_as_boxes() {
    // Where a letter were drawn that no font has, egui would panic here.
    let mut state = fixture::collapse();
    let title = "\u{d55c}\u{ae00} codes";
    state.story.scenario.title = title.into();
    let mut info = state.run.info.clone().unwrap();
    info.scenario.title = title.into();
    info.scenario.change.clear();
    info.scenario.about = format!("About {title}").into();
    state.run.info = Some(info);
    state.run.notice = Some(format!("{title} cannot be read"));
    state.toast = Some(title.into());
    let mut harness = harness(state, LARGE, Theme::Light);
    harness.run_steps(2);
    harness.state_mut().toast = None;
    harness.run_steps(2);
    assert!(shows(&harness, "\\u{d55c}\\u{ae00} codes cannot be read"));
}
