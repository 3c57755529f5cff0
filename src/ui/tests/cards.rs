//! Cards over the window: nothing acts behind one, and Esc closes it and nothing else.

use egui::Event;

use super::*;
use crate::archive::shelf::CutOff;
use crate::record::event::{Event as Mark, EventKind};
use crate::record::setting::Setting;
use crate::record::status::Update;
use crate::record::watching::{Choices, Wishes};
use crate::ui::overlays::modal::Card;
use crate::ui::state::playback::ForkWish;
use crate::ui::state::shelf::Shelf;

/// A window with a card open.
fn open(card: Card) -> AppState {
    let mut state = fixture::collapse();
    add(&mut state, card);
    assert_eq!(state.card(), Some(card));
    state
}

fn add(state: &mut AppState, card: Card) {
    match card {
        Card::Failure => {
            let failure = Failure { sentence: "the device failed".into(), way_on: None };
            state.run.absorb(Update::Failed(failure));
        }
        Card::Replay => state.run.trainer.activity = Activity::Replaying { done: 3, of: 90 },
        Card::CutOff => {
            // A folder that is not there cannot be told that nobody goes on with it; the card goes.
            let (path, title) = ("no such folder".into(), "Collapse".into());
            state.cards.cut_off = Some(CutOff { path, title, step: 812 });
        }
        Card::Diverged => state.run.absorb(Update::Event(Mark::said(
            207,
            Some(LaneId::A),
            EventKind::Diverged,
            "A diverged",
        ))),
        Card::Fork => {
            state.cards.fork_wish = Some(ForkWish { step: 150, steps: 50, seconds: Some(12.0) });
        }
        Card::Gallery => state.cards.is_gallery_open = true,
        Card::Shelf => state.cards.shelf = Some(Shelf::of(Vec::new(), Vec::new())),
        Card::LessonLink => state.cards.lesson_link = Some("vqscope://1/x".into()),
        Card::Arrays => {
            state.run.choices[0] = Some(Choices {
                lane: LaneId::A,
                file: "a.pt".into(),
                why: None,
                are_steps_open: false,
                steps: Vec::new(),
                codes: Vec::new(),
                usage: Vec::new(),
                taken: Wishes::default(),
                found: Wishes::default(),
            });
            state.choose_arrays();
        }
    }
}

const ALL: [Card; 9] = [
    Card::Failure,
    Card::Replay,
    Card::CutOff,
    Card::Diverged,
    Card::Fork,
    Card::Gallery,
    Card::Shelf,
    Card::LessonLink,
    Card::Arrays,
];

/// The key that opens a card closes it as well.
fn own_key(card: Card) -> Option<Key> {
    match card {
        Card::Gallery => Some(Key::G),
        Card::Shelf => Some(Key::O),
        Card::LessonLink => Some(Key::Q),
        Card::Arrays => Some(Key::J),
        _ => None,
    }
}

#[test]
fn no_key_acts_behind_a_card() {
    let none = Modifiers::NONE;
    let plain = [
        Key::Space,
        Key::ArrowRight,
        Key::ArrowLeft,
        Key::Home,
        Key::End,
        Key::P,
        Key::F,
        Key::Num1,
        Key::Num6,
        Key::R,
        Key::W,
        Key::C,
        Key::X,
        Key::E,
        Key::G,
        Key::O,
        Key::Questionmark,
    ];
    for card in ALL {
        let mut state = open(card);
        // Something to undo.
        state.note_changes(false);
        state.set(Setting::Lr(0.01));
        state.note_changes(false);
        state.take_commands();
        let (draft, link) = (state.draft.clone(), fixture::one_lane().link().unwrap());
        let mut harness = harness(state, SMALL, Theme::Dark);
        harness.run_steps(2);
        let keys = plain.into_iter().filter(|key| own_key(card) != Some(*key));
        let keys = keys.flat_map(|key| [(key, none), (key, Modifiers::SHIFT)]);
        let with_command = [Key::R, Key::Z, Key::Y].map(|key| (key, Modifiers::COMMAND));
        for (key, modifiers) in keys.chain(with_command) {
            harness.key_press_modifiers(modifiers, key);
            harness.run_steps(1);
            assert_eq!(harness.state().card(), Some(card), "{key:?}");
        }
        harness.event(Event::Paste(link));
        harness.run_steps(1);
        assert!(harness.state_mut().take_commands().is_empty(), "{card:?}");
        let state = harness.state();
        assert_eq!(state.draft, draft, "{card:?}");
        assert!(
            !state.cards.is_help_open
                && !state.run.is_pinned
                && state.prefs.arrangement.enlarged.is_none()
        );
        assert_eq!((state.marked.side, state.player.playback), (LaneId::A, None), "{card:?}");
    }
}

#[test]
fn esc_closes_each_card_and_nothing_else() {
    for card in ALL {
        let mut state = open(card);
        state.prefs.arrangement.enlarged = Some(Panel::Curves);
        let (commands, state) = press_in(state, &[(Key::Escape, Modifiers::NONE)]);
        match card {
            // The way is given up once the trainer says so.
            Card::Replay => assert_eq!(commands, [Command::Cancel]),
            _ => assert_eq!((state.card(), commands.len()), (None, 0), "{card:?}"),
        }
        assert_eq!(state.prefs.arrangement.enlarged, Some(Panel::Curves), "{card:?}");
    }
}

#[test]
fn one_card_lies_over_another_and_each_closes_by_itself() {
    let mut state = open(Card::Gallery);
    add(&mut state, Card::Diverged);
    let esc = (Key::Escape, Modifiers::NONE);
    let (_, state) = press_in(state, &[esc]);
    assert_eq!(state.card(), Some(Card::Gallery));
    let (_, state) = press_in(state, &[esc]);
    assert_eq!(state.card(), None);
    for (card, key) in [(Card::Gallery, Key::G), (Card::Shelf, Key::O)] {
        let (_, state) = press_in(open(card), &[(key, Modifiers::NONE)]);
        assert_eq!(state.card(), None, "{key:?}");
    }
}

#[test]
fn the_card_of_a_failure_can_be_laid_aside_and_comes_back_with_play() {
    let esc = (Key::Escape, Modifiers::NONE);
    let (_, state) = press_in(open(Card::Failure), &[esc]);
    assert!(state.card().is_none() && state.run.failure.is_some());
    for key in [Key::Space, Key::ArrowRight] {
        let mut state = open(Card::Failure);
        state.cards.is_failure_closed = true;
        let (commands, state) = press_in(state, &[(key, Modifiers::NONE)]);
        assert_eq!((state.card(), commands.len()), (Some(Card::Failure), 0), "{key:?}");
    }
    // The next failure has its card again.
    let mut state = state;
    state.restart_as_set();
    let (_, mut state) = press_in(state, &[]);
    add(&mut state, Card::Failure);
    assert_eq!(state.card(), Some(Card::Failure));
}
