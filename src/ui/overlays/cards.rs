//! Cards over the window: the list of keys, and what went wrong.

use egui::{Align2, Button, Context, Grid, RichText, Ui, Window, vec2};

use crate::record::status::{Activity, WayOn};
use crate::session::command::GoOn;
use crate::text::{count, significant};
use crate::ui::input::commands;
use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::state::AppState;
use crate::ui::state::playback::ForkWish;
use crate::ui::state::way_out::BACK;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};
use crate::words;

/// The list of keys, while it is open.
pub fn help(ctx: &Context, state: &mut AppState) {
    let mut is_open = state.cards.is_help_open;
    Window::new("Keys")
        .open(&mut is_open)
        .collapsible(false)
        .resizable(false)
        .anchor(Align2::CENTER_CENTER, vec2(0.0, 0.0))
        .show(ctx, |ui| {
            Grid::new("keys").num_columns(2).spacing(vec2(24.0, 3.0)).show(ui, |ui| {
                for (key, what) in commands::keys(state.run.stage()) {
                    ui.label(RichText::new(key).font(theme::bold(size::BODY)));
                    ui.label(what);
                    ui.end_row();
                }
            });
        });
    state.cards.is_help_open = is_open;
}

/// Why the trainer could not go on, with a way out.
pub fn failure(ui: &Ui, state: &mut AppState) {
    let Some(failure) = state.run.failure.clone() else { return };
    modal::show(ui, state, Card::Failure, 460.0, |ui, state| {
        let title =
            RichText::new(words!("card-training-stopped")).font(theme::bold(size::HEADLINE));
        ui.label(title.color(palette(ui).error));
        ui.add_space(6.0);
        ui.label(RichText::new(failure.sentence).size(size::BODY + 1.0));
        ui.add_space(10.0);
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
    let text =
        RichText::new(words!("card-restart-with-these-settings")).font(theme::bold(size::BODY));
    if ui.add(Button::new(text).min_size(vec2(0.0, 26.0))).clicked() {
        state.restart_as_set();
    }
    let Some(folder) = state.run.saving.folder.clone() else { return };
    let text = RichText::new(words!("card-go-on-from-the-newest")).font(theme::bold(size::BODY));
    let button = Button::new(text).min_size(vec2(0.0, 26.0));
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
        let text = RichText::new(text).font(theme::bold(size::BODY));
        if ui.add(Button::new(text).wrap().min_size(vec2(0.0, 26.0))).clicked() {
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
        ui.label(RichText::new("Fork").font(theme::bold(size::HEADLINE)));
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
        ui.label(title.font(theme::bold(size::HEADLINE)).color(p.error));
        ui.add_space(6.0);
        ui.label(RichText::new(&diverged.event.text).size(size::BODY + 1.0));
        ui.add_space(10.0);
        let button = |text: String| {
            let text = RichText::new(text).font(theme::bold(size::BODY));
            Button::new(text).min_size(vec2(0.0, 26.0))
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
