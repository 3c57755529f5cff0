//! The palette of commands: a field to type into, and what the letters may mean.

use egui::{Align2, Area, Frame, Key, Modifiers, Order, RichText, TextEdit, Ui, vec2};

use crate::ui::input::commands;
use crate::ui::input::palette::{Action, rows, set};
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Width of the palette.
const WIDTH: f32 = 560.0;

/// Where it hangs, below the caption.
const TOP: f32 = 92.0;

/// Draws the palette while it is open.
pub fn show(ui: &Ui, state: &mut AppState) {
    let Some(mut open) = state.cards.palette.take() else { return };
    let ctx = ui.ctx();
    let key = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if key(Key::Escape) {
        return;
    }
    let found = rows(state, &open.typed);
    let last = found.len().saturating_sub(1);
    if key(Key::ArrowDown) {
        open.chosen = (open.chosen + 1).min(last);
    }
    if key(Key::ArrowUp) {
        open.chosen = open.chosen.saturating_sub(1);
    }
    open.chosen = open.chosen.min(last);
    let mut taken = key(Key::Enter).then(|| found.get(open.chosen).cloned()).flatten();
    Area::new(ui.scope_id().with("palette"))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_TOP, vec2(0.0, TOP))
        .show(ctx, |ui| {
            Frame::window(ui.style()).inner_margin(space::M).show(ui, |ui| {
                ui.set_width(WIDTH);
                let before = open.typed.clone();
                let field = TextEdit::singleline(&mut open.typed)
                    .hint_text(words!("palette-hint"))
                    .font(theme::font(tokens(ui).title))
                    .desired_width(WIDTH);
                let response = ui.add(field);
                response.request_focus();
                if before != open.typed {
                    open.chosen = 0;
                }
                ui.add_space(space::S);
                let p = palette(ui);
                for (i, row) in found.iter().enumerate() {
                    let text = RichText::new(&row.text).font(theme::font(tokens(ui).body));
                    let clicked = ui
                        .horizontal(|ui| {
                            let clicked = ui.selectable_label(i == open.chosen, text).clicked();
                            let right = egui::Layout::right_to_left(egui::Align::Center);
                            ui.with_layout(right, |ui| {
                                ui.label(
                                    RichText::new(&row.key)
                                        .font(theme::font(tokens(ui).small))
                                        .color(p.weak),
                                );
                            });
                            clicked
                        })
                        .inner;
                    if clicked {
                        taken = Some(row.clone());
                    }
                }
                if found.is_empty() {
                    ui.label(RichText::new(words!("palette-nothing")).color(p.weak));
                }
            });
        });
    match taken {
        Some(row) => match row.action {
            Action::Command(command) => commands::run(ctx, state, command),
            action => set(state, &action),
        },
        None => state.cards.palette = Some(open),
    }
}
