//! What the story asks, waits for and compares: a card over the lower edge of the pictures.

use egui::{Area, Button, Frame, Key, Modifiers, Order, Rect, RichText, Slider, Ui, vec2};

use crate::lesson::answer::{Answer, range};
use crate::lesson::figures::said;
use crate::lesson::{Lesson, Waiting};
use crate::scenario::{Beat, Guess, demos};
use crate::ui::panes::topics::Topic;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{is_room, line, space, tokens};
use crate::words;

/// Width of the card, and before a room.
const WIDTH: f32 = 520.0;
const ROOM: f32 = 900.0;

/// How wide the card is.
fn width(ui: &Ui) -> f32 {
    if is_room(ui) { ROOM } else { WIDTH }
}

/// Least height of a button.
const BUTTON: f32 = 28.0;

/// Keys of the choices.
const CHOICES: [Key; 4] = [Key::Num1, Key::Num2, Key::Num3, Key::Num4];

/// Acts on a key while the story asks for a guess; true if nothing else may.
pub fn takes(state: &mut AppState, key: Key, modifiers: Modifiers) -> bool {
    if state.run.lesson.waits() != Some(Waiting::Guess) || !modifiers.is_none() {
        return false;
    }
    let Some((_, beat)) = state.run.lesson.current() else { return false };
    let (is_choice, choices) = (beat.guess == Some(Guess::Choice), beat.choices.len());
    match CHOICES.iter().position(|own| *own == key) {
        Some(choice) if is_choice && choice < choices => {
            state.guess(Answer::Choice(choice));
            true
        }
        // Nobody who reaches for another choice means to change the pace.
        Some(_) if is_choice => true,
        _ if key == Key::Enter && !is_choice => {
            state.run.lesson.guess_draft();
            true
        }
        _ => false,
    }
}

/// The card, while there is something to ask for or to compare; `over` is where the pictures lie.
pub fn show(ui: &Ui, state: &mut AppState, over: Rect) {
    let lesson = &state.run.lesson;
    // The tour has it on its page.
    let is_on_page = state.touring().is_some() && state.presenter().is_none();
    let is_told = state.run.stage().has_controls() && state.card().is_none() && !is_on_page;
    let waits = lesson.waits();
    let compared = lesson.newest_truth().filter(|_| waits.is_none());
    let is_end = state.is_end_shown();
    if !is_told || (waits.is_none() && compared.is_none() && !is_end) {
        return;
    }
    let p = palette(ui);
    let at = over.center_bottom() - vec2(width(ui) / 2.0, space::S);
    Area::new(ui.scope_id().with("question"))
        .order(Order::Middle)
        .pivot(egui::Align2::LEFT_BOTTOM)
        .fixed_pos(at)
        .show(ui.ctx(), |ui| {
            let frame = Frame::window(ui.style()).inner_margin(space::L);
            frame.stroke(egui::Stroke::new(line::THIN, p.text)).show(ui, |ui| {
                ui.set_width(width(ui));
                match (waits, compared) {
                    (Some(Waiting::Guess), _) => question(ui, state),
                    (Some(Waiting::Done), _) => deed(ui, state),
                    (None, Some((number, sentence))) => comparison(ui, state, number, &sentence),
                    (None, None) => end(ui, state),
                }
            });
        });
}

/// What is asked for or was compared, without the text that asks, for a page of the tour.
pub fn below_text(ui: &mut Ui, state: &mut AppState) {
    let lesson = &state.run.lesson;
    let (waits, now) = (lesson.waits(), lesson.current());
    let now = now.map(|(number, beat)| (number, beat.clone()));
    match (waits, now, lesson.newest_truth()) {
        (Some(Waiting::Guess), Some((number, beat)), _) => answers(ui, state, number, &beat),
        (Some(Waiting::Done), ..) => drop(ui.horizontal(|ui| skip(ui, &mut state.run.lesson))),
        (None, _, Some((number, sentence))) => comparison(ui, state, number, &sentence),
        _ => {}
    }
}

fn heading(ui: &mut Ui, text: &str) {
    ui.label(RichText::new(text).font(theme::bold(tokens(ui).title)));
    ui.add_space(space::S);
}

fn question(ui: &mut Ui, state: &mut AppState) {
    let Some((number, beat)) = state.run.lesson.current() else { return };
    let (beat, text) = (beat.clone(), state.told(&beat.text));
    // A room reads it in large type above.
    if !is_room(ui) {
        heading(ui, &text);
    }
    answers(ui, state, number, &beat);
}

/// What a question is answered with.
fn answers(ui: &mut Ui, state: &mut AppState, number: usize, beat: &Beat) {
    if let Some(of) = beat.of {
        // Whoever asks what is guessed is told.
        Topic::of_metric(of.metric).put(ui, ui.available_rect_before_wrap());
    }
    match beat.guess {
        Some(Guess::Choice) => choices(ui, state, number, beat),
        Some(Guess::Number) => slider(ui, &mut state.run.lesson, beat),
        Some(Guess::Curve) => curves(ui, &mut state.run.lesson, beat),
        None => {}
    }
}

/// The button that takes the guess, and the one that goes on without.
fn ends(ui: &mut Ui, lesson: &mut Lesson, is_whole: bool) {
    let text = RichText::new(words!("lesson-guess")).font(theme::bold(tokens(ui).body));
    let button = Button::new(text).min_size(vec2(96.0, BUTTON));
    if ui.add_enabled(is_whole, button).on_hover_text(words!("lesson-guess-hint")).clicked() {
        lesson.guess_draft();
    }
    skip(ui, lesson);
}

fn skip(ui: &mut Ui, lesson: &mut Lesson) {
    if ui.button(words!("lesson-skip")).on_hover_text(words!("lesson-skip-hint")).clicked() {
        lesson.skip();
    }
}

fn choices(ui: &mut Ui, state: &mut AppState, number: usize, beat: &Beat) {
    let mut chosen = None;
    for (i, choice) in beat.choices.iter().enumerate() {
        let text = format!("{}   {}", i + 1, choice.text.spoken());
        let hands = state.run.lesson.hands(number).map_or(0, |hands| hands[i]);
        ui.horizontal(|ui| {
            let button = Button::new(RichText::new(text).size(tokens(ui).body));
            let width = ui.available_width() - if hands > 0 { 64.0 } else { 0.0 };
            if ui.add(button.min_size(vec2(width, BUTTON))).clicked() {
                chosen = Some(i);
            }
            if hands > 0 {
                ui.label(words!("lesson-hands", hands = hands));
            }
        });
    }
    ui.add_space(space::XS);
    ui.horizontal(|ui| skip(ui, &mut state.run.lesson));
    if let Some(choice) = chosen {
        state.guess(Answer::Choice(choice));
    }
}

fn slider(ui: &mut Ui, lesson: &mut Lesson, beat: &Beat) {
    let (Some(of), (low, high)) = (beat.of, range(beat)) else { return };
    let Some(draft) = lesson.draft_mut() else { return };
    ui.spacing_mut().slider_width = ui.available_width() - 110.0;
    let slider = Slider::new(&mut draft.number, low..=high)
        .custom_formatter(move |value, _| said(of.metric, value))
        .custom_parser(|text| {
            let (digits, is_share) = match text.trim().strip_suffix('%') {
                Some(digits) => (digits.trim(), true),
                None => (text.trim(), false),
            };
            digits.parse::<f64>().ok().map(|x| if is_share { x / 100.0 } else { x })
        });
    ui.add(slider).accessible_name(words!("lesson-your-guess"));
    ui.add_space(space::S);
    ui.horizontal(|ui| ends(ui, lesson, true));
}

fn curves(ui: &mut Ui, lesson: &mut Lesson, beat: &Beat) {
    let p = palette(ui);
    let Some(draft) = lesson.draft_mut() else { return };
    ui.label(words!("lesson-draw"));
    ui.add_space(space::XS);
    let is_whole = draft.answer(beat).is_some();
    ui.horizontal(|ui| {
        for i in 0..draft.curves.len() {
            let lane = draft.curves[i].lane;
            let text = words!("lesson-curve-of", lane = lane.name().to_uppercase());
            let text = RichText::new(text).font(theme::bold(tokens(ui).body)).color(p.lane(lane));
            if ui.selectable_label(draft.now == i, text).clicked() {
                draft.now = i;
            }
        }
        if ui.button(words!("lesson-again")).clicked()
            && let Some(curve) = draft.curve()
        {
            curve.points.clear();
        }
    });
    ui.add_space(space::XS);
    ui.horizontal(|ui| ends(ui, lesson, is_whole));
}

fn deed(ui: &mut Ui, state: &mut AppState) {
    let Some((_, beat)) = state.run.lesson.current() else { return };
    let text = state.told(&beat.text.clone());
    if !is_room(ui) {
        heading(ui, &text);
    }
    ui.horizontal(|ui| skip(ui, &mut state.run.lesson));
}

fn comparison(ui: &mut Ui, state: &mut AppState, number: usize, sentence: &str) {
    heading(ui, sentence);
    let until = state.run.lesson.until(&state.run.lesson.beats()[number]);
    ui.horizontal(|ui| {
        let text = words!("lesson-look-at-step", step = crate::text::count(until));
        if ui.button(text).clicked() {
            state.pin_event(until);
        }
        if ui.button(words!("lesson-put-away")).clicked() {
            state.run.lesson.put_away();
        }
    });
}

/// What came of the guesses, what can be done now, and where it goes on.
fn end(ui: &mut Ui, state: &mut AppState) {
    let outcome = state.run.lesson.result();
    let title = match outcome.of {
        0 => words!("lesson-end").to_string(),
        of => words!("lesson-right", right = outcome.right, of = of),
    };
    heading(ui, &title);
    if let Some(text) = state.run.caption() {
        ui.label(RichText::new(text).size(tokens(ui).body));
    }
    if let Some(number) = outcome.surprise {
        let sentence = state.run.lesson.compared(number).unwrap_or_default();
        let until = state.run.lesson.until(&state.run.lesson.beats()[number]);
        ui.add_space(space::XS);
        ui.label(words!("lesson-surprise", sentence = sentence));
        let text = words!("lesson-look-at-step", step = crate::text::count(until));
        if ui.button(text).clicked() {
            state.pin_event(until);
        }
    }
    ui.add_space(space::S);
    ui.horizontal(|ui| {
        let next = state.next_story();
        let title = demos::title(next).unwrap_or(next);
        let text = RichText::new(words!("lesson-next-story", title = title));
        let button = Button::new(text.font(theme::bold(tokens(ui).body)));
        if ui.add(button.min_size(vec2(0.0, BUTTON))).clicked() {
            state.load(next);
        }
        if ui.button(words!("lesson-put-away")).clicked() {
            state.cards.end_closed = state.run.info.as_ref().map(|info| info.run);
        }
    });
}
