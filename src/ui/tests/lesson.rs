//! What a story asks: its cards, its keys, and that nothing gives an answer away.

use egui_kittest::kittest::NodeT as _;

use super::*;
use crate::lesson::Waiting;
use crate::lesson::answer::Answer;
use crate::record::event::Fact;
use crate::scenario::{BeatKind, demos};
use crate::ui::state::cards::TypedCommand;
use crate::words::Language;

const CHOICE: &str = "[[beat]]\nat='start'\nkind='ask'\nguess='choice'\nof='a.utilization'\n\
    text='How many of the {a.codes} codes of A will be in use at the end?'\n\
    choices=[{text='nearly all',min=0.9},{text='about half',min=0.3,max=0.9},{text='hardly any',max=0.3}]\n";

const NUMBER: &str = "[[beat]]\nat='start'\nkind='ask'\nguess='number'\nof='a.utilization'\n\
    text='Which share of its codes will A use at the end?'\n";

const CURVE: &str = "[[beat]]\nat='start'\nkind='ask'\nguess='curve'\nof='utilization'\n\
    text='How will the share of codes in use go, in A and in B?'\n";

const DO: &str = "[[beat]]\nat='start'\nkind='do'\ntext='Give A a matrix W: press W, or choose SimVQ.'\n\
    show=['control:learn_w']\ndone={lane='a',learn_w=true,learn_c=false}\n";

const RECALL: &str = "[[beat]]\nat='end'\nkind='recall'\nguess='number'\nof='a.utilization'\n\
    text='Which share of the codes of A is in use now?'\n";

/// A window on a lesson once it is laid out.
fn open(beats: &str) -> Harness<'static, AppState> {
    let mut harness = harness(fixture::lesson(beats), SMALL, Theme::Light);
    harness.run_steps(3);
    harness
}

/// Every name and value in the accessibility tree, in order.
fn names(harness: &Harness<'_, AppState>) -> Vec<String> {
    let nodes = harness.root().children_recursive();
    nodes
        .map(|node| {
            format!("{:?} {:?}", node.accesskit_node().label(), node.accesskit_node().value())
        })
        .collect()
}

#[test]
fn the_palette_lists_commands_settings_their_values_and_what_cannot_be() {
    let mut results = SnapshotResults::new();
    let open = |typed: &str, chosen| {
        let mut state = fixture::collapse();
        let typed = typed.into();
        state.cards.palette = Some(TypedCommand { typed, chosen, is_typed_for: false });
        state
    };
    draw(&mut results, "palette_1280x720_dark", open("lr 0.01", 0), SMALL, Theme::Dark);
    draw(&mut results, "palette_1440x900_light", open("re", 1), LARGE, Theme::Light);
    draw(&mut results, "palette_refused_1280x720_light", open("lr -1", 0), SMALL, Theme::Light);
    draw(&mut results, "palette_cold_1280x720_light", open("b init", 2), SMALL, Theme::Light);
    let mut state = open("手法", 3);
    state.prefs.language = Some(Language::Ja);
    draw(&mut results, "palette_cold_ja_1280x720_dark", state, SMALL, Theme::Dark);
    let mut state = open("init", 2);
    state.present(true);
    draw(&mut results, "present_palette_1280x720_light", state, SMALL, Theme::Light);
}

#[test]
fn questions_deeds_and_what_came_of_them() {
    let mut results = SnapshotResults::new();
    // The cards alone; and what is covered, and lit, while they ask.
    for (name, beats, theme) in [
        ("ask_choice", CHOICE, Theme::Light),
        ("ask_number", NUMBER, Theme::Light),
        ("do", DO, Theme::Dark),
    ] {
        draw_card(&mut results, &format!("card_{name}"), fixture::lesson(beats), theme);
    }
    draw(&mut results, "lesson_ask_curve", fixture::lesson(CURVE), SMALL, Theme::Light);
    let mut lit = harness(fixture::lesson(DO), SMALL, Theme::Dark);
    lit.run_steps(3);
    let controls = place(&lit, PaneId::Controls);
    snap_part(&mut results, "lesson_do_controls", &mut lit, controls);
    let mut state = fixture::lesson(CURVE);
    state.present(true);
    draw(&mut results, "present_ask_curve_1280x720_light", state, SMALL, Theme::Light);
    // A guess, and what happened.
    let mut harness = open(CURVE);
    for (from, point) in
        [(None, (0.0, 0.8)), (Some(0.0), (400.0, 0.3)), (Some(400.0), (1200.0, 0.1))]
    {
        let draft = harness.state_mut().run.lesson.draft_mut().unwrap();
        draft.now = 0;
        draft.curve().unwrap().draw(from, point);
        draft.now = 1;
        draft.curve().unwrap().draw(from, (point.0, 1.0 - point.1));
    }
    harness.run_steps(2);
    let drawn = place(&harness, PaneId::Timeline);
    snap_part(&mut results, "lesson_curve_drawn", &mut harness, drawn);
    harness.key_press(Key::Enter);
    harness.run_steps(1);
    fixture::trained(harness.state_mut(), 17);
    harness.run_steps(3);
    let curves = place(&harness, PaneId::Timeline);
    snap_part(&mut results, "lesson_compared", &mut harness, curves);
    // The card lies just above it.
    let card = |high: f32| {
        let below = egui::pos2(652.0, curves.top() - 12.0);
        egui::Rect::from_min_max(below - vec2(273.0, high), below + vec2(273.0, 0.0))
    };
    snap_part(&mut results, "lesson_compared_card", &mut harness, card(84.0));
    harness.key_press(Key::Escape);
    harness.run_steps(1);
    // The card of the end waits until everything was told.
    for _ in 0..8 {
        assert!(!harness.state().is_end_shown() || harness.state().run.lesson.is_told_out());
        harness.state_mut().run.lesson.read_on();
        harness.run_steps(1);
    }
    assert!(harness.state().is_end_shown());
    harness.run_steps(2);
    snap_part(&mut results, "lesson_end", &mut harness, card(118.0));
    harness.key_press(Key::Escape);
    harness.run_steps(2);
    assert!(!harness.state().is_end_shown());
}

#[test]
fn keys_choose_guess_and_go_on() {
    let mut harness = open(CHOICE);
    assert_eq!(harness.state().run.lesson.waits(), Some(Waiting::Guess));
    // Four is no choice, and no pace either while there are choices.
    harness.state_mut().take_commands();
    harness.key_press(Key::Num4);
    harness.key_press(Key::ArrowRight);
    harness.run_steps(1);
    assert!(harness.state_mut().take_commands().is_empty());
    assert!(harness.state().toast.is_some());
    harness.key_press(Key::Num3);
    harness.run_steps(2);
    assert_eq!(harness.state().run.lesson.answer(0), Some(&Answer::Choice(2)));
    assert_eq!(
        harness.state_mut().take_commands(),
        [
            Command::Note(Box::new(Fact::Guessed {
                beat: 0,
                answer: Some(Answer::Choice(2)),
                hands: Vec::new(),
            })),
            Command::HaltAt(vec![89, 239, 599]),
            Command::Play
        ]
    );
    let mut harness = open(NUMBER);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state().run.lesson.answer(0), Some(&Answer::Number(0.5)));
    // Space goes on without a guess.
    let mut harness = open(NUMBER);
    harness.key_press(Key::Space);
    harness.run_steps(2);
    assert_eq!(harness.state().run.lesson.answer(0), None);
    assert!(harness.state_mut().take_commands().contains(&Command::Play));
    // A curve is a guess once both lanes have one.
    let mut harness = open(CURVE);
    harness.key_press(Key::Enter);
    harness.run_steps(2);
    assert_eq!(harness.state().run.lesson.waits(), Some(Waiting::Guess));
}

#[test]
fn a_curve_is_drawn_with_the_mouse() {
    let mut harness = open(CURVE);
    let place = crate::ui::layout::panels::place(harness.state(), SMALL, Panel::Timeline).unwrap();
    let at = |x: f32, y: f32| place.min + vec2(x, y) * place.size();
    harness.drag_at(at(0.2, 0.2));
    harness.run_steps(1);
    harness.hover_at(at(0.5, 0.3));
    harness.run_steps(1);
    harness.drop_at(at(0.6, 0.4));
    harness.run_steps(2);
    let draft = harness.state().run.lesson.draft();
    assert!(draft.curves[0].points.len() >= 2, "{draft:?}");
    assert!(draft.curves[0].points.windows(2).all(|pair| pair[0].0 < pair[1].0));
    assert!(draft.curves[1].points.is_empty());
    // Nothing was pinned meanwhile.
    assert!(!harness.state().run.is_pinned);
}

#[test]
fn a_deed_is_done_however_it_was_done() {
    let mut harness = open(DO);
    assert_eq!(harness.state().run.lesson.waits(), Some(Waiting::Done));
    harness.state_mut().take_commands();
    harness.key_press(Key::W);
    harness.run_steps(1);
    let commands = harness.state_mut().take_commands();
    assert!(matches!(commands[..], [Command::Set { lane: Some(LaneId::A), .. }]), "{commands:?}");
    // The trainer has done it.
    change_lane(harness.state_mut(), LaneId::A, |lane| {
        (lane.learn_c, lane.learn_w) = (false, true);
    });
    harness.run_steps(2);
    assert_eq!(harness.state().run.lesson.waits(), None);
    assert!(harness.state_mut().take_commands().contains(&Command::Play));
}

/// Two windows must show the same, to the pixel and to the screen reader.
fn are_alike(mut one: Harness<'static, AppState>, mut other: Harness<'static, AppState>) {
    for pointer in [egui::pos2(300.0, 650.0), egui::pos2(640.0, 55.0), egui::pos2(450.0, 300.0)] {
        for harness in [&mut one, &mut other] {
            harness.hover_at(pointer);
            // Long enough for what stands under the pointer.
            harness.run_steps(60);
        }
        assert_eq!(names(&one), names(&other));
        assert_eq!(one.state().window_title(), other.state().window_title());
        assert!(one.render().unwrap() == other.render().unwrap(), "pixels differ");
    }
}

#[test]
fn nothing_gives_an_answer_away() {
    // What was seen is recalled: two runs that ended in different ways.
    let recalled = |used| {
        let mut state = fixture::lesson(RECALL);
        fixture::trained(&mut state, used);
        let mut harness = harness(state, SMALL, Theme::Light);
        harness.run_steps(3);
        // The texts before are read.
        for _ in 0..8 {
            harness.state_mut().run.lesson.read_on();
            harness.run_steps(1);
        }
        let (_, beat) = harness.state().run.lesson.current().unwrap();
        assert_eq!(beat.kind, BeatKind::Recall);
        harness
    };
    are_alike(recalled(17), recalled(470));
    // What comes is asked: the runs before, what the stories are called and what they are about say
    // different things, wherever they would stand.
    let asked = |beats, used: usize, show: fn(&mut AppState)| {
        let mut state = fixture::lesson(beats);
        let mut before = fixture::lesson(beats);
        fixture::trained(&mut before, used);
        state.run.parent = Some((Box::new(before.run.history), 0));
        let answer = format!("A ends with {used} codes");
        let running = &mut state.run.info.as_mut().unwrap().scenario;
        for scenario in [running, &mut state.story.scenario, &mut state.draft] {
            (scenario.title, scenario.about) = (answer.as_str().into(), answer.as_str().into());
        }
        show(&mut state);
        let mut harness = harness(state, SMALL, Theme::Light);
        harness.run_steps(3);
        assert_eq!(harness.state().run.lesson.waits(), Some(Waiting::Guess));
        harness
    };
    let shown: [fn(&mut AppState); 4] = [
        |_| {},
        |state| state.cards.is_gallery_open = true,
        |state| state.present(true),
        |state| {
            state.present(true);
            state.presenter_mut().unwrap().is_overview = true;
        },
    ];
    for beats in [NUMBER, CHOICE, CURVE] {
        for show in shown {
            are_alike(asked(beats, 17, show), asked(beats, 470, show));
        }
    }
    // Cards of stories have no title, and no more than a number, until the guess is in.
    let mut gallery = asked(NUMBER, 17, shown[1]);
    let has = |harness: &Harness<'_, AppState>, text: &str| {
        names(harness).iter().any(|name| name.contains(text))
    };
    assert!(!has(&gallery, "so most are never chosen"));
    let titles: Vec<&str> = demos::names().filter_map(demos::title).collect();
    assert!(!titles.iter().any(|title| has(&gallery, title)) && has(&gallery, "Story 2"));
    gallery.state_mut().guess(Answer::Number(0.5));
    gallery.run_steps(2);
    assert!(titles.iter().any(|title| has(&gallery, title)) && !has(&gallery, "Story 2"));
    assert_eq!(gallery.state().window_title(), "vqscope - A ends with 17 codes");
    // The same windows differ once the guess is in.
    let (mut one, mut other) = (recalled(17), recalled(470));
    for harness in [&mut one, &mut other] {
        harness.key_press(Key::Enter);
        harness.run_steps(2);
    }
    assert_ne!(names(&one), names(&other));
}
