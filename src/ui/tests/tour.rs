//! The tour: its pages on runs that train, its keys, what it puts back, and the help of things.

use std::sync::Arc;

use super::closer::restarted;
use super::*;
use crate::engine::Run;
use crate::engine::device::{choose, cpu_only};
use crate::engine::views::Freshness;
use crate::lesson::tour::tour;
use crate::lesson::{Lesson, Mode, Waiting};
use crate::record::setting::Logged;
use crate::record::status::{Saving, TrainerState, Update};
use crate::scenario::{BeatKind, Guess, Scenario, demos, parse};
use crate::ui::layout::arrangement::{Part, TourSide};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::topics::Topic;
use crate::ui::widgets::helped;
use crate::words;
use crate::words::{Language, within};

/// A window with runs in the trainer's place that do what it asks.
struct Theatre {
    harness: Harness<'static, AppState>,
    run: Run,
    number: u64,
    mode: Mode,
    halts: Vec<u64>,
}

fn build(scenario: &Scenario, number: u64) -> Run {
    let compute = choose("cpu", &cpu_only()).unwrap().open().unwrap();
    Run::new(scenario.clone(), &compute, number, true).unwrap()
}

impl Theatre {
    fn new(name: &str) -> Self {
        let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
        let run = build(&scenario, 1);
        let mut state = AppState::new(name, scenario);
        state.set_mode(Mode::Lecture);
        let harness = harness(state, SMALL, Theme::Light);
        let mut theatre = Self { harness, run, number: 1, mode: Mode::Lecture, halts: Vec::new() };
        theatre.begin();
        theatre.publish(Activity::Waiting);
        theatre.harness.run_steps(1);
        theatre
    }

    fn begin(&mut self) {
        self.halts = Lesson::new(self.run.scenario(), self.mode).halts();
        let info = Box::new(self.run.info());
        self.harness.state_mut().run.absorb(Update::Started(info));
        self.harness.state_mut().follow_run();
    }

    /// Hands out what the trainer would.
    fn publish(&mut self, activity: Activity) {
        let (rows, events) = self.run.take_news().unwrap();
        let snapshot = Arc::new(self.run.snapshot(Freshness::Still).unwrap().unwrap());
        let known = &mut self.harness.state_mut().run;
        known.absorb(Update::Rows(rows));
        events.into_iter().for_each(|event| known.absorb(Update::Event(event)));
        known.absorb(Update::Keyframe(snapshot.clone()));
        known.take(snapshot);
        let pace = known.trainer.pace;
        known.absorb(Update::State(TrainerState::without_speed(activity, pace)));
    }

    fn train(&mut self, until: impl Fn(u64) -> bool) {
        while !until(self.run.step_count()) && self.run.step_count() < self.run.scenario().steps {
            self.run.step().unwrap();
            // A recorder keeps one every so many steps, and hands rows out before they are too many.
            if self.run.step_count().is_multiple_of(25) {
                self.publish(Activity::Running);
            }
        }
    }

    /// Does what the window asks of the trainer; what it asked.
    fn obey(&mut self) -> Vec<Command> {
        let commands = self.harness.state_mut().take_commands();
        for command in commands.clone() {
            match command {
                Command::HaltAt(halts) => self.halts = halts,
                Command::Tell(mode) => self.mode = mode,
                Command::Set { lane, setting } => {
                    self.run.set(lane, setting);
                    let step = self.run.step_count();
                    let log = Update::Logged(Logged { step, lane, setting });
                    self.harness.state_mut().run.absorb(log);
                    let activity = self.harness.state().run.trainer.activity;
                    self.publish(activity);
                }
                Command::Restart(scenario) => {
                    self.number += 1;
                    self.run = build(&scenario, self.number);
                    self.begin();
                    self.publish(Activity::Waiting);
                }
                Command::Visit(visit) => {
                    self.number += 1;
                    self.run = build(&visit.scenario, self.number);
                    self.begin();
                    for logged in visit.way.log {
                        self.train(|step| step >= logged.step);
                        self.run.set(logged.lane, logged.setting);
                        self.harness.state_mut().run.absorb(Update::Logged(logged));
                    }
                    self.train(|step| step >= visit.way.step);
                    self.publish(Activity::Paused);
                }
                Command::Play => {
                    let halts = self.halts.clone();
                    self.run.step().unwrap();
                    self.train(|step| halts.contains(&step));
                    let is_over = self.run.step_count() >= self.run.scenario().steps;
                    self.publish(if is_over { Activity::Ended } else { Activity::Waiting });
                }
                _ => {}
            }
        }
        commands
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.harness.run_steps(1);
    }

    /// Lets the window and the trainer do all that follows from the last key.
    fn settle(&mut self) {
        for _ in 0..8 {
            self.harness.run_steps(1);
            self.obey();
        }
    }

    fn state(&self) -> &AppState {
        self.harness.state()
    }

    /// The page that is shown, counted from 0.
    fn page(&self) -> usize {
        let place = self.state().tour_place().expect("the tour is on");
        assert!(place.is_there, "{place:?}");
        place.page
    }
}

/// Reads a page: what it says, asks and waits for.
fn read(theatre: &mut Theatre, page: usize) -> String {
    assert_eq!(theatre.page(), page);
    let place = theatre.state().tour_place().unwrap();
    let beat = theatre.state().run.lesson.beats()[place.beat.unwrap()].clone();
    let text = theatre.state().told(&beat.text);
    assert!(!text.contains('\u{2013}') && !text.contains('{'), "a figure is missing: {text}");
    let ja = within(Language::Ja, || theatre.state().told(&beat.text));
    assert!(!ja.contains('\u{2013}') && !ja.contains('{'), "a figure is missing: {ja}");
    match (beat.kind, beat.guess) {
        (BeatKind::Ask, guess) => {
            assert_eq!(theatre.state().run.lesson.waits(), Some(Waiting::Guess));
            theatre.press(if guess == Some(Guess::Choice) { Key::Num1 } else { Key::Enter });
        }
        (BeatKind::Do, _) => {
            assert_eq!(theatre.state().run.lesson.waits(), Some(Waiting::Done));
            theatre.press(Key::W);
        }
        _ => {}
    }
    theatre.settle();
    // A page stays, whatever was answered, until somebody goes on.
    assert_eq!((theatre.page(), theatre.state().run.lesson.waits()), (page, None));
    text
}

#[test]
fn the_whole_tour_is_walked_with_keys_and_everything_comes_back() {
    let mut theatre = Theatre::new("collapse");
    let before = theatre.state().prefs.clone();
    theatre.press(Key::F1);
    theatre.settle();
    let pages = tour().pages.len();
    let mut texts = Vec::new();
    for page in 0..pages {
        texts.push(read(&mut theatre, page));
        theatre.press(Key::PageDown);
        theatre.settle();
    }
    texts.dedup();
    assert_eq!(texts.len(), pages);
    // What was given to A is what the text after it speaks of.
    let deed = tour().pages.iter().position(|page| page.beats.len() == 2).unwrap();
    assert!(texts[deed].contains("A has its matrix"), "{}", texts[deed]);
    let state = theatre.state();
    assert!(state.touring().is_none());
    assert_eq!((state.story.name.as_str(), state.run.step()), ("collapse", 0));
    assert_eq!(state.running(), &state.story.scenario);
    assert_eq!(state.prefs.with_view_of(&before), state.prefs);
    assert_eq!(state.prefs.tour.page, 0);
    assert_eq!(state.run.lesson.mode(), Mode::Lecture);
}

#[test]
fn without_the_deed_the_next_page_says_so() {
    let mut theatre = Theatre::new("collapse");
    let page = tour().pages.iter().position(|page| page.beats.len() == 2).unwrap();
    theatre.harness.state_mut().open_tour_at(page);
    theatre.settle();
    let text = read(&mut theatre, page);
    assert!(text.contains("A has no matrix yet"), "{text}");
}

#[test]
fn pages_are_dragged_to_looked_back_at_and_left_at_any_point() {
    let mut theatre = Theatre::new("collapse");
    // Something of the user's own.
    theatre.press(Key::PageDown);
    theatre.settle();
    theatre.harness.state_mut().set(Setting::Lr(0.002));
    theatre.harness.state_mut().prefs.arrangement.show(Part::Recon, false);
    theatre.settle();
    let (step, draft) = (theatre.state().run.step(), theatre.state().draft.clone());
    let lesson = format!("{:?}", theatre.state().run.lesson.current());
    let prefs = theatre.state().prefs.clone();
    theatre.harness.state_mut().open_tour_at(3);
    let asked = theatre.harness.state_mut().take_commands();
    assert!(asked.starts_with(&[Command::Keep(false), Command::Tell(Mode::Tour)]), "{asked:?}");
    asked.into_iter().for_each(|command| theatre.harness.state_mut().ask(command));
    theatre.settle();
    assert_eq!((theatre.page(), theatre.state().run.step()), (3, 50));
    assert!(theatre.state().prefs.arrangement.shows(Part::Recon));
    // What a start of the program would find is the view of before.
    let kept = theatre.state().kept_prefs();
    assert!(!kept.arrangement.shows(Part::Recon) && kept.tour.page == 3);
    // On to one that shows who moved, and back to one that was told.
    for _ in 0..2 {
        theatre.press(Key::PageDown);
        theatre.settle();
    }
    assert_eq!((theatre.page(), theatre.state().prefs.layers.moved), (5, true));
    theatre.press(Key::PageUp);
    theatre.settle();
    let place = theatre.state().tour_place().unwrap();
    assert!(place.is_back && place.page == 4 && theatre.state().run.is_pinned);
    assert_eq!(theatre.state().run.shown_step(), 50);
    assert!(!theatre.state().prefs.layers.moved);
    theatre.press(Key::PageDown);
    theatre.settle();
    assert!(theatre.page() == 5 && !theatre.state().run.is_pinned);
    // The list has all pages by their names.
    theatre.harness.get_by_label(words!("tour-pages")).click();
    theatre.harness.run_steps(2);
    let row = words!("tour-drag", page = 4, title = tour().pages[3].title);
    theatre.harness.get_by_label(&row).click();
    theatre.settle();
    let place = theatre.state().tour_place().unwrap();
    assert!(place.is_back && place.page == 3 && !theatre.state().touring().unwrap().is_list_open);
    // A page of another chapter, in a run of its own.
    let last = tour().pages.len() - 1;
    let slider = theatre.harness.get_by_label(words!("tour-slider")).rect();
    theatre.harness.drag_at(slider.left_center() + vec2(8.0, 0.0));
    theatre.harness.run_steps(1);
    theatre.harness.hover_at(slider.right_center() - vec2(2.0, 0.0));
    theatre.harness.run_steps(1);
    assert_eq!(theatre.state().touring().unwrap().dragged, Some(last));
    theatre.harness.drop_at(slider.right_center() - vec2(2.0, 0.0));
    theatre.settle();
    assert_eq!((theatre.page(), theatre.state().story.name.as_str()), (last, "calm"));
    theatre.press(Key::Escape);
    theatre.settle();
    let state = theatre.state();
    assert!(state.touring().is_none() && state.prefs.tour.page == last);
    assert_eq!((state.story.name.as_str(), state.run.step()), ("collapse", step));
    assert_eq!((&state.draft, state.run.log.len()), (&draft, 1));
    assert_eq!(format!("{:?}", state.run.lesson.current()), lesson);
    assert_eq!(state.prefs.with_view_of(&prefs), state.prefs);
    // What could be undone still can.
    theatre.harness.state_mut().undo();
    assert_eq!(theatre.state().draft.train.lr, 0.003);
    // Whoever comes back goes on at that page.
    theatre.press(Key::F1);
    theatre.settle();
    assert_eq!(theatre.page(), last);
}

#[test]
fn a_run_that_is_saved_comes_back_from_its_save_and_another_story_ends_the_tour() {
    let mut state = fixture::collapse();
    let folder = std::path::PathBuf::from("/home/somebody/collapse-0001");
    let saving = Saving { folder: Some(folder.clone()), ..Saving::default() };
    state.run.absorb(Update::Saving(saving));
    state.open_tour_at(0);
    state.take_commands();
    state.leave_tour();
    let commands = state.take_commands();
    let at = |wanted: &Command| commands.iter().position(|command| command == wanted);
    let (keeps, back) = (at(&Command::Keep(true)), at(&Command::Resume(folder)));
    assert!(keeps.is_some() && keeps < back, "{commands:?}");
    let mut state = fixture::collapse();
    state.prefs.tab = Tab::Movement;
    state.open_tour_at(2);
    assert_eq!(state.tour_side(), Some(TourSide::Right));
    state.load("digits");
    assert!(state.touring().is_none());
    assert_eq!((state.story.name.as_str(), state.prefs.tab), ("digits", Tab::Movement));
    assert!(state.take_commands().contains(&Command::Keep(true)));
}

#[test]
fn the_tour_is_offered_once_and_a_button_opens_it() {
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Light);
    harness.run_steps(2);
    assert!(harness.query_by_label(words!("tour-offer-close")).is_none());
    harness.state_mut().host.offers_tour = true;
    harness.run_steps(2);
    harness.get_by_label(words!("tour-offer-close")).click();
    harness.run_steps(2);
    assert!(harness.query_by_label(words!("tour-offer-close")).is_none());
    assert!(harness.state().prefs.tour.is_offer_closed && harness.state().touring().is_none());
    harness.get_by_label(words!("top-tour")).click();
    harness.run_steps(2);
    assert!(harness.state().touring().is_some());
    // Whoever opened it needs no offer any more.
    let mut state = fixture::collapse();
    state.host.offers_tour = true;
    assert!(state.is_tour_offered());
    state.open_tour();
    state.leave_tour();
    assert!(!state.is_tour_offered());
}

#[test]
fn every_word_of_the_tour_is_known() {
    for page in &tour().pages {
        assert!(crate::figure::layers::Layers::of_names(&page.layers).is_ok(), "{}", page.title);
        let tab = page.tab.as_deref();
        assert!(tab.is_none_or(|tab| Tab::of_name(tab).is_some()), "{}", page.title);
    }
}

#[test]
fn two_pages_in_both_languages() {
    let mut results = SnapshotResults::new();
    for (language, name) in [(Language::En, "en"), (Language::Ja, "ja")] {
        for (page, theme, size) in [(3, Theme::Light, SMALL), (9, Theme::Dark, LARGE)] {
            let mut state = fixture::tour(page);
            state.prefs.language = Some(language);
            let (w, h) = (size.x, size.y);
            draw(&mut results, &format!("tour_{}_{name}_{w}x{h}", page + 1), state, size, theme);
        }
    }
    let mut state = fixture::collapse();
    state.host.offers_tour = true;
    draw(&mut results, "tour_offer_1280x720", state, SMALL, Theme::Light);
}

#[test]
fn a_question_mark_explains_what_is_under_the_pointer() {
    let mut results = SnapshotResults::new();
    let mut harness = harness(fixture::collapse(), SMALL, Theme::Light);
    harness.run_steps(3);
    // Every pane of the window, and figures, tabs and controls in it.
    let things = helped::all(&harness.ctx);
    let has = |topic: Topic| things.iter().any(|thing| thing.name == topic.name());
    for (id, _) in harness.state().places(SMALL) {
        assert!(has(Topic::of_pane(id)), "{id:?}");
    }
    for topic in [
        Topic::UtilizationWindow,
        Topic::Utilization,
        Topic::Perplexity,
        Topic::Mse,
        Topic::Ceiling,
        Topic::FairShare,
        Topic::RankOfW,
        Topic::RankOfE,
        Topic::WhatLearns,
        Topic::OnSwitch,
        Topic::Axes,
        Topic::Bars,
        Topic::Play,
        Topic::Step,
        Topic::Restart,
        Topic::Pace,
        Topic::Stories,
        Topic::View,
        Topic::Keys,
        Topic::TourButton,
        Topic::Losses,
    ] {
        assert!(has(topic), "{topic:?}");
    }
    assert!(things.iter().any(|thing| thing.name == words!("controls-learning-rate")));
    let places = harness.state().places(SMALL);
    let map = places.iter().find(|(id, _)| *id == PaneId::Map(LaneId::B)).unwrap().1;
    harness.hover_at(map.center());
    harness.run_steps(1);
    harness.key_press(Key::Questionmark);
    harness.run_steps(2);
    let explained = harness.state().cards.explained.clone().unwrap();
    assert_eq!(explained.name, Topic::Maps.name());
    // But for the frame that the harness draws around what it shows.
    assert!(map.expand(16.0).contains_rect(explained.rect));
    let below = egui::Rect::from_min_size(map.min, vec2(540.0, 440.0));
    snap_part(&mut results, "explained_map", &mut harness, below);
    // The same key closes it, and so does Esc; nothing else is closed by that.
    harness.key_press(Key::Questionmark);
    harness.run_steps(1);
    assert_eq!(harness.state().cards.explained, None);
    harness.key_press(Key::Questionmark);
    harness.run_steps(1);
    harness.state_mut().prefs.arrangement.enlarged = Some(Panel::Map(LaneId::B));
    harness.key_press(Key::Escape);
    harness.run_steps(1);
    assert_eq!(harness.state().cards.explained, None);
    assert!(harness.state().prefs.arrangement.enlarged.is_some());
    // Where nothing is, the list of keys opens as ever.
    harness.remove_cursor();
    harness.run_steps(1);
    harness.key_press(Key::Questionmark);
    harness.run_steps(1);
    assert!(harness.state().cards.is_help_open && harness.state().cards.explained.is_none());
}

#[test]
fn what_is_not_always_there_is_explained_where_it_is() {
    let mut own = fixture::played("falls", &["data.eval_tokens=512"], 3);
    own.prefs.layers.inspector = true;
    for (state, topic) in [
        (flags::flagged(), Topic::Flags),
        (fixture::played("cloud", &[], 3), Topic::Cloud),
        (own, Topic::OwnInput),
        (restarted(), Topic::Before),
    ] {
        let mut harness = harness(state, SMALL, Theme::Light);
        harness.run_steps(3);
        let thing = helped::all(&harness.ctx).into_iter().find(|t| t.name == topic.name());
        let at = thing.unwrap_or_else(|| panic!("{topic:?}")).rect.center();
        assert_eq!(helped::at(&harness.ctx, at).unwrap().name, topic.name());
    }
}

#[test]
fn pages_after_a_question_have_no_title_while_it_waits() {
    let mut state = fixture::tour(4);
    state.touring_mut().unwrap().is_list_open = true;
    let mut harness = harness(state, SMALL, Theme::Light);
    harness.run_steps(3);
    assert_eq!(harness.state().run.lesson.waits(), Some(Waiting::Guess));
    let row = |page: usize| words!("tour-drag", page = page + 1, title = tour().pages[page].title);
    assert!(harness.query_by_label(&row(4)).is_some());
    assert!(harness.query_by_label(&row(5)).is_none());
    harness.state_mut().run.lesson.skip();
    harness.run_steps(2);
    assert!(harness.query_by_label(&row(5)).is_some());
}
