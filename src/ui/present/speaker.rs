//! What the speaker sees: this beat and the next one, notes, the clock and the time that is left.

use egui::{Color32, DragValue, FontId, Grid, RichText, ScrollArea, Ui, UiBuilder};

use crate::palette::Palette;
use crate::text::lines;
use crate::ui::input::wishes;
use crate::ui::layout::places::PaneId;
use crate::ui::overlays::toast;
use crate::ui::present::keys;
use crate::ui::state::AppState;
use crate::ui::state::presenter::Pacing;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{PRESENTER, WINDOW, space};
use crate::words;

/// Width of the controls.
const CONTROLS: f32 = 290.0;

/// Draws the speaker's view into all the room that `ui` has.
pub fn show(ui: &mut Ui, state: &mut AppState) {
    if state.presenter().is_none() {
        return;
    }
    // The room's window has larger type, and all windows one style.
    theme::set_type(ui.ctx(), &WINDOW);
    ui.reset_style();
    let p = palette(ui);
    let full = ui.max_rect();
    ui.painter().rect_filled(full, 0.0, p.panel);
    let (left, right) = full.split_left_right_at_x(full.right() - CONTROLS);
    let place = |rect, name| UiBuilder::new().max_rect(rect).id_salt(name);
    told(&mut ui.new_child(place(left, "speaker-told")), state, p);
    controls(&mut ui.new_child(place(right.shrink(space::S), "speaker-controls")), state);
    theme::set_type(ui.ctx(), &PRESENTER);
}

/// Acts on the keys that are pressed in the speaker's own window.
pub fn keys(ui: &Ui, state: &mut AppState) {
    toast::forget(ui.ctx(), state);
    keys::handle(ui.ctx(), state);
    // A slider that is dragged here is held in no other window.
    wishes::note_changes(ui, state);
}

/// All controls, and what the presenter's keys switch most.
fn controls(ui: &mut Ui, state: &mut AppState) {
    ui.horizontal_wrapped(|ui| {
        let is_on = state.run.is_running();
        let play = if is_on { words!("present-pause") } else { words!("present-play") };
        if ui.button(play).clicked() {
            state.toggle_play();
        }
        if ui.button(words!("present-beat-before")).clicked() {
            state.beat_back();
        }
        if ui.button(words!("present-beat-next")).clicked() {
            state.beat_forward();
        }
        if ui.button(words!("present-back-to-story")).clicked() {
            state.back_to_where_it_was_left();
        }
        let Some(presenter) = state.presenter_mut() else { return };
        ui.toggle_value(&mut presenter.is_black, words!("present-black"));
    });
    ui.separator();
    let mut outbox = Outbox::default();
    let (panes, ctx) = state.panes();
    let place = UiBuilder::new().max_rect(ui.available_rect_before_wrap());
    panes.of(PaneId::Controls).draw(&mut ui.new_child(place), &ctx, &mut outbox);
    wishes::grant(ui.ctx(), state, outbox);
}

/// The clock, this beat and the next one, notes and keys.
fn told(ui: &mut Ui, state: &mut AppState, p: &Palette) {
    let Some(mut presenter) = state.presenter().cloned() else { return };
    let lesson = &state.run.lesson;
    let now = lesson.current().map(|(number, _)| number);
    let next = state.run.next_beat();
    let (word, color) = match presenter.pacing(lesson.share_behind()) {
        Pacing::InTime => (words!("present-in-time"), p.live),
        Pacing::Hurry => (words!("present-hurry"), p.error),
        Pacing::SlowDown => (words!("present-slow-down"), p.restart),
    };
    let say = |ui: &mut Ui, text: &str, font: FontId, color: Color32| {
        ui.label(RichText::new(text).font(font).color(color));
    };
    egui::Frame::NONE.inner_margin(space::L).show(ui, |ui| {
        ui.horizontal(|ui| {
            let clock = minutes(presenter.elapsed);
            say(ui, &clock, theme::bold(PRESENTER.title), p.text);
            ui.add_space(space::L);
            let left = words!("present-left", time = minutes(presenter.left()));
            say(ui, &left, theme::bold(PRESENTER.title), color);
            say(ui, word, theme::font(PRESENTER.body), color);
        });
        ui.horizontal(|ui| {
            // How long there is, and the clock from the beginning.
            ui.label(RichText::new(words!("present-minutes")).font(theme::font(WINDOW.body)));
            let field = DragValue::new(&mut presenter.minutes).range(1.0..=300.0).speed(0.2);
            ui.add(field.max_decimals(0)).accessible_name(words!("present-minutes"));
            let again = RichText::new(words!("present-clock-again")).font(theme::font(WINDOW.body));
            if ui.button(again).clicked() {
                presenter.elapsed = 0.0;
            }
        });
        if let Some(own) = state.presenter_mut() {
            (own.minutes, own.elapsed) = (presenter.minutes, presenter.elapsed);
        }
        if let Some(said) = state.said() {
            let font = theme::font(WINDOW.title);
            let said = readable(ui, said, &font).into_owned();
            say(ui, &said, font, p.restart);
        }
        ui.add_space(space::M);
        ScrollArea::vertical().show(ui, |ui| {
            if let Some(number) = now {
                let beat = state.run.lesson.beats()[number].clone();
                let text = lines(&state.told(&beat.text));
                say(ui, &text, theme::bold(WINDOW.headline), p.text);
                ui.add_space(space::S);
                if let Some(note) = &beat.note {
                    say(ui, &lines(&state.told(note)), theme::font(WINDOW.headline), p.text);
                }
                if let Some(hands) = state.run.lesson.hands(number) {
                    let hands: Vec<String> = hands.iter().map(ToString::to_string).collect();
                    let text = words!("present-hands-so-far", hands = hands.join(", "));
                    say(ui, &text, theme::font(WINDOW.title), p.weak);
                }
            }
            ui.add_space(space::L);
            if let Some(number) = next {
                say(ui, words!("present-next"), theme::bold(WINDOW.title), p.weak);
                let text = lines(&state.told(&state.run.lesson.beats()[number].text.clone()));
                say(ui, &text, theme::font(WINDOW.title), p.weak);
            }
            ui.add_space(space::L);
            Grid::new("presenter-keys").num_columns(2).show(ui, |ui| {
                for (key, what) in keys::list() {
                    say(ui, key, theme::bold(WINDOW.body), p.text);
                    say(ui, what, theme::font(WINDOW.body), p.text);
                    ui.end_row();
                }
            });
        });
    });
}

/// Minutes and seconds, with a sign where they are over.
fn minutes(seconds: f64) -> String {
    let whole = seconds.abs() as u64;
    let sign = if seconds < 0.0 { "-" } else { "" };
    format!("{sign}{}:{:02}", whole / 60, whole % 60)
}
