//! Cards over the window: the list of keys, and what went wrong.

use egui::{Align2, Button, Context, Grid, Label, RichText, ScrollArea, Ui, Window, vec2};

use crate::record::status::{Activity, WayOn};
use crate::session::command::GoOn;
use crate::text::{count, significant};
use crate::ui::input::commands;
use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::present;
use crate::ui::state::AppState;
use crate::ui::state::playback::ForkWish;
use crate::ui::state::way_out::BACK;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Least height of the buttons of a card.
const BUTTON: f32 = 28.0;

/// Width of the window from which on the list of keys has two columns, of a column, and height of what
/// stands around the list.
const TWO_COLUMNS: f32 = 1200.0;
const HELP: f32 = 540.0;
const HELP_FRAME: f32 = 96.0;

/// The list of keys, while it is open.
pub fn help(ctx: &Context, state: &mut AppState) {
    let mut is_open = state.cards.is_help_open;
    Window::new(words!("card-keys"))
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0))
        .show(ctx, |ui| {
            let lines: Vec<_> = match state.presenter() {
                Some(_) => present::keys::list().collect(),
                None => commands::keys(state.run.stage()).collect(),
            };
            let room = ctx.content_rect().size();
            // Beside each other where there is room, so that a low window shows all of them.
            let columns = if room.x > TWO_COLUMNS { 2 } else { 1 };
            let height = room.y - HELP_FRAME;
            ScrollArea::vertical().min_scrolled_height(height).max_height(height).show(ui, |ui| {
                ui.set_width(columns as f32 * (HELP + space::XL));
                ui.horizontal_top(|ui| {
                    ui.spacing_mut().item_spacing.x = space::XL;
                    for (i, part) in lines.chunks(lines.len().div_ceil(columns)).enumerate() {
                        keys(ui, i, part);
                    }
                });
            });
        });
    state.cards.is_help_open = is_open;
}

/// Some lines of the list.
fn keys(ui: &mut Ui, number: usize, lines: &[(&str, &str)]) {
    ui.vertical(|ui| {
        ui.set_width(HELP);
        let grid = Grid::new(("keys", number)).num_columns(2);
        grid.spacing(vec2(space::L, space::XS)).show(ui, |ui| {
            for (key, what) in lines {
                ui.label(RichText::new(*key).font(theme::bold(tokens(ui).body)));
                ui.add(Label::new(*what).wrap());
                ui.end_row();
            }
        });
    });
}

/// Why the trainer could not go on, with a way out.
pub fn failure(ui: &Ui, state: &mut AppState) {
    let Some(failure) = state.run.failure.clone() else { return };
    modal::show(ui, state, Card::Failure, 460.0, |ui, state| {
        let title =
            RichText::new(words!("card-training-stopped")).font(theme::bold(tokens(ui).headline));
        ui.label(title.color(palette(ui).error));
        ui.add_space(space::S);
        ui.label(RichText::new(failure.sentence).size(tokens(ui).body));
        ui.add_space(space::M);
        if let Some(way_on) = &failure.way_on {
            go_on(ui, state, way_on);
        } else {
            ui.horizontal(|ui| restart_or_resume(ui, state));
        }
        let hint = words!("card-look-at-what-was-trained");
        if ui.button(words!("card-look-at-it-esc")).on_hover_text(hint).clicked() {
            state.close_card(Card::Failure);
        }
    });
}

fn restart_or_resume(ui: &mut Ui, state: &mut AppState) {
    let text = RichText::new(words!("card-restart-with-these-settings"))
        .font(theme::bold(tokens(ui).body));
    if ui.add(Button::new(text).min_size(vec2(0.0, BUTTON))).clicked() {
        state.restart_as_set();
    }
    let Some(folder) = state.run.saving.folder.clone() else { return };
    let text =
        RichText::new(words!("card-go-on-from-the-newest")).font(theme::bold(tokens(ui).body));
    let button = Button::new(text).min_size(vec2(0.0, BUTTON));
    if ui.add(button).on_hover_text(words!("card-what-was-trained-until-then")).clicked() {
        state.run.failure = None;
        state.resume(&folder);
    }
}

/// Where a run goes on whose device failed.
fn go_on(ui: &mut Ui, state: &mut AppState, way_on: &WayOn) {
    let device = &way_on.device;
    let [cpu, anew] = match way_on.step.map(count) {
        Some(step) => [
            words!("card-go-on-on-the-cpu", step = step),
            words!("card-open-anew-and-go-on", device = device, step = step),
        ],
        None => [
            words!("card-start-over-on-the-cpu").into(),
            words!("card-open-anew-and-start-over", device = device),
        ],
    };
    for (text, on) in [(cpu, GoOn::Cpu), (anew, GoOn::Anew)] {
        let text = RichText::new(text).font(theme::bold(tokens(ui).body));
        if ui.add(Button::new(text).wrap().min_size(vec2(0.0, BUTTON))).clicked() {
            state.go_on(on);
        }
    }
}

/// Announces a long way back, and offers to give it up while it is on.
pub fn way_back(ui: &Ui, state: &mut AppState) {
    if let Activity::Replaying { done, of } = state.run.trainer.activity {
        let share = done as f32 / of.max(1) as f32;
        modal::show(ui, state, Card::Replay, 380.0, |ui, state| {
            ui.label(words!("card-going-back-of-steps", done = count(done), of = count(of)));
            ui.add(egui::ProgressBar::new(share).desired_width(360.0));
            if ui.button(words!("card-give-up-esc")).clicked() {
                state.close_card(Card::Replay);
            }
        });
    }
    let Some(ForkWish { step, steps, seconds }) = state.cards.fork_wish else { return };
    let text = match seconds {
        Some(seconds) => words!(
            "card-step-lies-behind-the-checkpoint",
            step = count(step),
            seconds = format_args!("{:.0}", seconds)
        ),
        None => words!("card-step-lies-steps-behind-the", step = count(step), steps = count(steps)),
    };
    modal::show(ui, state, Card::Fork, 380.0, |ui, state| {
        ui.label(RichText::new(words!("card-fork")).font(theme::bold(tokens(ui).headline)));
        ui.label(text);
        ui.horizontal(|ui| {
            if ui.button(words!("card-go-there")).clicked() {
                state.cards.fork_wish = None;
                state.fork(step);
            }
            if ui.button(words!("card-stay-here-esc")).clicked() {
                state.close_card(Card::Fork);
            }
        });
    });
}

/// The cause of a divergence, with two ways out.
pub fn diverged(ui: &Ui, state: &mut AppState) {
    let Some(diverged) = state.diverged() else { return };
    let (p, lane) = (palette(ui), diverged.lane.name().to_uppercase());
    modal::show(ui, state, Card::Diverged, 460.0, |ui, state| {
        let title = RichText::new(words!("card-lane-diverged", lane = lane));
        ui.label(title.font(theme::bold(tokens(ui).headline)).color(p.error));
        ui.add_space(space::S);
        ui.label(RichText::new(diverged.event.sentence()).size(tokens(ui).body));
        ui.add_space(space::M);
        let body = tokens(ui).body;
        let button = |text: String| {
            let text = RichText::new(text).font(theme::bold(body));
            Button::new(text).min_size(vec2(0.0, BUTTON))
        };
        let text = match diverged.event.step > BACK {
            true => words!("card-back-steps-with-a-third", steps = BACK),
            false => words!("card-back-to-the-start-with").into(),
        };
        let hint = words!(
            "card-a-fork-at-step-lane",
            step = count(diverged.step),
            lane = lane,
            smaller = significant(diverged.smaller()),
            lr = significant(diverged.lr)
        );
        let back = ui.add_enabled(state.run.can_fork(), button(text)).on_hover_text(hint);
        let why = words!("card-this-run-is-not-saved");
        if back.on_disabled_hover_text(why).clicked() {
            state.back_before_divergence();
        }
        ui.horizontal(|ui| {
            if ui
                .add(button(words!("card-restart-with-these-settings").into()))
                .on_hover_text(words!("card-from-step-0-as-it"))
                .clicked()
            {
                state.close_divergence();
                state.restart_as_set();
            }
            if ui.add(button(words!("card-look-at-it-esc").into())).clicked() {
                state.close_divergence();
            }
        });
    });
}
