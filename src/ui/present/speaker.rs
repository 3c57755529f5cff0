//! What the speaker sees: this beat and the next one, notes, the clock and the time that is left.

use egui::{Color32, FontId, Grid, RichText, ScrollArea, Ui};

use crate::text::lines;
use crate::ui::present::keys;
use crate::ui::state::AppState;
use crate::ui::state::presenter::Pacing;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{PRESENTER, WINDOW, space};
use crate::words;

/// Draws the speaker's view into all the room that `ui` has.
pub fn show(ui: &mut Ui, state: &mut AppState) {
    let Some(presenter) = state.presenter().cloned() else { return };
    let p = palette(ui);
    ui.painter().rect_filled(ui.max_rect(), 0.0, p.panel);
    let lesson = &state.run.lesson;
    let rows = lesson.in_order();
    let told = rows.iter().filter(|(number, _)| lesson.was_told(*number)).count();
    let now = lesson.current().map(|(number, _)| number);
    let next = now
        .and_then(|now| rows.iter().position(|(number, _)| *number == now))
        .map_or(0, |at| at + 1);
    let share = told as f64 / rows.len().max(1) as f64;
    let (word, color) = match presenter.pacing(share) {
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
            if let Some(&(number, _)) = rows.get(next) {
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
