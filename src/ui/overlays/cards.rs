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
        let title = RichText::new("Training stopped").font(theme::bold(size::HEADLINE));
        ui.label(title.color(palette(ui).error));
        ui.add_space(6.0);
        ui.label(RichText::new(failure.sentence).size(size::BODY + 1.0));
        ui.add_space(10.0);
        if let Some(way_on) = &failure.way_on {
            go_on(ui, state, way_on);
        } else {
            ui.horizontal(|ui| restart_or_resume(ui, state));
        }
        let hint = "Look at what was trained; Play or Step brings this card back";
        if ui.button("Look at it (Esc)").on_hover_text(hint).clicked() {
            state.close_card(Card::Failure);
        }
    });
}

fn restart_or_resume(ui: &mut Ui, state: &mut AppState) {
    let text = RichText::new("Restart with these settings").font(theme::bold(size::BODY));
    if ui.add(Button::new(text).min_size(vec2(0.0, 26.0))).clicked() {
        state.restart_as_set();
    }
    let Some(folder) = state.run.saving.folder.clone() else { return };
    let text = RichText::new("Go on from the newest save").font(theme::bold(size::BODY));
    let button = Button::new(text).min_size(vec2(0.0, 26.0));
    if ui.add(button).on_hover_text("What was trained until then is saved").clicked() {
        state.run.failure = None;
        state.resume(&folder);
    }
}

/// Where a run goes on whose device failed.
fn go_on(ui: &mut Ui, state: &mut AppState, way_on: &WayOn) {
    let device = &way_on.device;
    let [cpu, anew] = match way_on.step.map(count) {
        Some(step) => [
            format!("Go on on the CPU from step {step}"),
            format!("Open {device} anew and go on from step {step}"),
        ],
        None => ["Start over on the CPU".into(), format!("Open {device} anew and start over")],
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
            ui.label(format!("Going back: {} of {} steps", count(done), count(of)));
            ui.add(egui::ProgressBar::new(share).desired_width(360.0));
            if ui.button("Give up (Esc)").clicked() {
                state.close_card(Card::Replay);
            }
        });
    }
    let Some(ForkWish { step, steps, seconds }) = state.cards.fork_wish else { return };
    let text = match seconds {
        Some(seconds) => format!(
            "Step {} lies behind the checkpoint before it: training there again takes about {seconds:.0} s.",
            count(step)
        ),
        None => format!(
            "Step {} lies {} steps behind the checkpoint before it: they are trained again. How long that takes is known once this run has trained a step.",
            count(step),
            count(steps)
        ),
    };
    modal::show(ui, state, Card::Fork, 380.0, |ui, state| {
        ui.label(RichText::new("Fork").font(theme::bold(size::HEADLINE)));
        ui.label(text);
        ui.horizontal(|ui| {
            if ui.button("Go there").clicked() {
                state.cards.fork_wish = None;
                state.fork(step);
            }
            if ui.button("Stay here (Esc)").clicked() {
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
        let title = RichText::new(format!("Lane {lane} diverged"));
        ui.label(title.font(theme::bold(size::HEADLINE)).color(p.error));
        ui.add_space(6.0);
        ui.label(RichText::new(&diverged.event.text).size(size::BODY + 1.0));
        ui.add_space(10.0);
        let button = |text: String| {
            let text = RichText::new(text).font(theme::bold(size::BODY));
            Button::new(text).min_size(vec2(0.0, 26.0))
        };
        let text = match diverged.event.step > BACK {
            true => format!("Back {BACK} steps with a third of the learning rate"),
            false => "Back to the start with a third of the learning rate".into(),
        };
        let hint = format!(
            "A fork at step {}: lane {lane} goes on with {} in the place of {}",
            count(diverged.step),
            significant(diverged.smaller()),
            significant(diverged.lr)
        );
        let back = ui.add_enabled(state.run.can_fork(), button(text)).on_hover_text(hint);
        let why = "This run is not saved, so it cannot be forked; the status bar says why";
        if back.on_disabled_hover_text(why).clicked() {
            state.back_before_divergence();
        }
        ui.horizontal(|ui| {
            if ui
                .add(button("Restart with these settings".into()))
                .on_hover_text("From step 0, as it is set now")
                .clicked()
            {
                state.close_divergence();
                state.restart_as_set();
            }
            if ui.add(button("Look at it (Esc)".into())).clicked() {
                state.close_divergence();
            }
        });
    });
}
