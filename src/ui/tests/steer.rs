//! The card of a training that takes commands, as rendered pictures, and what its controls ask for.

use std::collections::BTreeMap;
use std::path::Path;

use egui::accesskit::Role;
use egui::{Rect, Theme, Ui, UiBuilder, vec2};
use egui_kittest::kittest::Queryable as _;
use egui_kittest::{Harness, SnapshotResults};

use crate::record::event::{Event, Fact};
use crate::record::status::Update;
use crate::record::steer::{
    Ask, Grip, Ignored, Key, Keys, Outcome, Reply, State, Status, Steering, Value,
};
use crate::record::watching::Shown;
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::ui::host::shot::watched;
use crate::ui::layout::places::PaneId;
use crate::ui::state::wish::Outbox;
use crate::ui::tests::{LARGE, LOW, SMALL, draw, harness};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::space;
use crate::ui::{AppState, Tab};
use crate::words::Language;

/// A window on files whose training takes commands.
fn steered(steering: Steering) -> AppState {
    let path = Path::new("tests/reference/codebooks/series");
    let mut state = match watched(&[path.into()], Shown::default()) {
        Ok(state) => state,
        Err(refusal) => panic!("{}", refusal.sentence),
    };
    for reply in steering.status.iter().flat_map(|status| &status.replies) {
        if !reply.is_greeting() {
            let fact = Fact::Steered(Box::new(reply.clone()));
            state.run.absorb(Update::Event(Event::new(reply.step, None, fact)));
        }
    }
    state.run.absorb(Update::Steering(LaneId::A, Some(Box::new(steering))));
    state
}

fn done(number: u64, step: u64, keys: Keys) -> Reply {
    let outcome = Outcome::Done { keys, revived: None, has_ended: false };
    Reply { number, step, window: "window-1".into(), outcome }
}

/// A training that was never commanded.
fn fresh() -> Status {
    Status {
        id: "a".repeat(32),
        step: 412,
        state: State::Training,
        off: None,
        number: 0,
        values: Keys::from([
            (Key::LearnC, Value::Is(true)),
            (Key::LrFactor, Value::Number(1.0)),
            (Key::Commitment, Value::Number(0.25)),
            (Key::Simvq, Value::Is(false)),
        ]),
        cannot: BTreeMap::from([(
            Key::LearnW,
            "there is no W; simvq puts one behind the codes".into(),
        )]),
        replies: Vec::new(),
        ignored: Vec::new(),
    }
}

/// One with a W behind its codes, which refused a command last.
fn commanded() -> Status {
    let mut status = fresh();
    status.cannot.clear();
    status.values.extend([
        (Key::LearnC, Value::Is(false)),
        (Key::LearnW, Value::Is(true)),
        (Key::Simvq, Value::Is(true)),
        (Key::LrFactor, Value::Number(0.5)),
    ]);
    status.replies = vec![
        done(1, 90, Keys::new()),
        done(2, 120, Keys::from([(Key::Simvq, Value::Is(true))])),
        done(3, 250, Keys::from([(Key::LrFactor, Value::Number(0.5))])),
        Reply {
            number: 4,
            step: 330,
            window: "window-1".into(),
            outcome: Outcome::Refused("revive needs indices= and latents= in this call".into()),
        },
    ];
    status.ignored = vec![Ignored { step: 340, why: "it is for another training".into() }];
    status.number = 4;
    status
}

fn known(status: Status, grip: Grip) -> Steering {
    let (window, folder) = ("window-1".into(), "codebooks".into());
    Steering { status: Ok(status), window, folder, grip, waiting: Keys::new(), trouble: None }
}

/// Every state of the card, and two of them.
pub fn cards() -> Vec<(&'static str, AppState)> {
    let mut waiting = known(commanded(), Grip::Held);
    waiting.waiting = Keys::from([(Key::Commitment, Value::Number(2.0))]);
    let mut other = known(commanded(), Grip::Free);
    other.window = "window-2".into();
    other.trouble = Some("another window was faster; nothing was set".into());
    let paused = Status { state: State::Paused, ..commanded() };
    let ended = Status { state: State::Ended, ..commanded() };
    let off = Status { off: Some("others may write into the folder".into()), ..fresh() };
    let mut two = steered(known(commanded(), Grip::Held));
    let beside = Steering { folder: "baseline".into(), ..known(fresh(), Grip::Free) };
    two.run.absorb(Update::Steering(LaneId::B, Some(Box::new(beside))));
    let why =
        "codebooks/status.json is no status of a training (expected value at line 1 column 1)";
    let broken = Steering { status: Err(why.into()), ..known(fresh(), Grip::Free) };
    vec![
        ("steer_offer", steered(known(fresh(), Grip::Free))),
        ("steer_reaching", steered(known(fresh(), Grip::Reaching))),
        ("steer_held", steered(waiting)),
        ("steer_other", steered(other)),
        ("steer_paused", steered(known(paused, Grip::Held))),
        ("steer_ended", steered(known(ended, Grip::Free))),
        ("steer_off", steered(known(off, Grip::Free))),
        ("steer_broken", steered(broken)),
        ("steer_two", two),
    ]
}

#[test]
fn the_card_in_each_of_its_states() {
    let mut results = SnapshotResults::new();
    let place = vec2(296.0, 470.0);
    let draw = move |ui: &mut Ui, states: &mut Vec<AppState>| {
        ui.painter().rect_filled(ui.max_rect(), 0.0, palette(ui).panel);
        for (n, state) in states.iter_mut().enumerate() {
            let at = ui.max_rect().min + vec2((n % 5) as f32, (n / 5) as f32) * place;
            let rect = Rect::from_min_size(at, place).shrink(space::XS);
            let (panes, ctx) = state.panes();
            let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(n));
            panes.of(PaneId::Controls).draw(&mut ui, &ctx, &mut Outbox::default());
        }
    };
    let mut harness = Harness::builder()
        .with_size(vec2(5.0, 2.0) * place + vec2(16.0, 16.0))
        .with_theme(Theme::Light)
        .with_context_setup(theme::install)
        .wgpu()
        .build_ui_state(draw, cards().into_iter().map(|(_, state)| state).collect());
    harness.run_steps(3);
    results.add(harness.try_snapshot("steer_cards"));
}

#[test]
fn the_window_of_a_training_that_takes_commands() {
    let mut results = SnapshotResults::new();
    let offer = || steered(known(fresh(), Grip::Free));
    let mut held = steered(known(commanded(), Grip::Held));
    held.prefs.tab = Tab::Events;
    draw(&mut results, "steer_1280x720_light", offer(), SMALL, Theme::Light);
    draw(&mut results, "steer_1440x900_dark", held, LARGE, Theme::Dark);
    draw(&mut results, "steer_960x540_light", offer(), LOW, Theme::Light);
    let mut held = steered(known(commanded(), Grip::Held));
    held.choose_language(Language::Ja);
    held.prefs.tab = Tab::Events;
    draw(&mut results, "steer_1280x720_ja", held, SMALL, Theme::Light);
}

#[test]
fn nothing_is_asked_before_the_button_was_pressed() {
    let mut harness = harness(steered(known(fresh(), Grip::Free)), SMALL, Theme::Light);
    harness.run_steps(2);
    for label in ["What learns: fixed codebook", "Pause", "Save a file", "behind the codes"] {
        harness.get_by_label(label).click();
        harness.run_steps(2);
    }
    assert!(harness.state_mut().take_commands().is_empty());
    harness.get_by_label("Take control").click();
    harness.run_steps(2);
    assert_eq!(harness.state_mut().take_commands(), [Command::Steer(LaneId::A, Ask::Take)]);
}

#[test]
fn the_controls_of_the_card_ask_for_what_they_say() {
    let set = |key, value| Command::Steer(LaneId::A, Ask::Set(Keys::from([(key, value)])));
    let press = |status: Status, label: &str| {
        let mut harness = harness(steered(known(status, Grip::Held)), SMALL, Theme::Light);
        harness.run_steps(2);
        harness.get_by_label(label).click();
        harness.run_steps(2);
        harness.state_mut().take_commands()
    };
    let yes = Value::Is(true);
    assert_eq!(press(fresh(), "Give control back"), [Command::Steer(LaneId::A, Ask::Give)]);
    assert_eq!(press(fresh(), "Revive"), [set(Key::Revive, yes)]);
    assert_eq!(press(fresh(), "Pause"), [set(Key::Pause, yes)]);
    assert_eq!(press(fresh(), "Save a file"), [set(Key::Save, yes)]);
    assert_eq!(press(fresh(), "behind the codes"), [set(Key::Simvq, yes)]);
    assert_eq!(press(commanded(), "behind the codes"), [set(Key::Simvq, Value::Is(false))]);
    let paused = Status { state: State::Paused, ..commanded() };
    assert_eq!(press(paused, "Go on"), [set(Key::Pause, Value::Is(false))]);

    // Cells ask for what differs; without a W those with one cannot be chosen.
    let fixed = "What learns: fixed codebook";
    assert_eq!(press(fresh(), fixed), [set(Key::LearnC, Value::Is(false))]);
    assert!(press(fresh(), "What learns: joint").is_empty());
    assert_eq!(press(commanded(), fixed), [set(Key::LearnW, Value::Is(false))]);
    let both = Keys::from([(Key::LearnC, yes), (Key::LearnW, Value::Is(false))]);
    assert_eq!(press(commanded(), "What learns: VQ"), [Command::Steer(LaneId::A, Ask::Set(both))]);
}

#[test]
fn a_number_is_asked_for_once_it_is_let_go_of() {
    let mut harness = harness(steered(known(fresh(), Grip::Held)), SMALL, Theme::Light);
    harness.run_steps(2);
    let slider = harness.get_by_role_and_label(Role::Slider, "learning rates ×").rect();
    let from = slider.center();
    harness.drag_at(from);
    harness.run_steps(2);
    harness.hover_at(from + vec2(12.0, 0.0));
    harness.run_steps(2);
    assert!(harness.state_mut().take_commands().is_empty(), "it is still held");
    harness.drop_at(from + vec2(12.0, 0.0));
    harness.run_steps(2);
    let commands = harness.state_mut().take_commands();
    let [Command::Steer(LaneId::A, Ask::Set(keys))] = &commands[..] else { panic!("{commands:?}") };
    let Some(Value::Number(factor)) = keys.get(&Key::LrFactor) else { panic!("{keys:?}") };
    assert!((0.01..=10.0).contains(factor) && *factor != 1.0 && keys.len() == 1);
}
