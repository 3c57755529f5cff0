//! Says that the pictures are of the run before, while another one is being built.

use egui::{Align2, Button, Frame, Id, Rect, RichText, Ui, UiBuilder, vec2};

use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Seconds for which a run may be built without a word: most are there before the eye has seen it.
const QUIET: f64 = 0.3;

/// How much of the pictures is seen through the veil over them.
const VEIL: f32 = 0.75;

/// Size of the card.
const CARD: egui::Vec2 = vec2(360.0, 110.0);

/// Draws the card and a veil over the pictures, which lie in `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let since = Id::unique(words!("card-building-since"));
    if !state.run.shows_run_before() {
        ui.data_mut(|data| data.remove::<f64>(since));
        return;
    }
    let now = ui.input(|input| input.time);
    let waited = now - ui.data_mut(|data| *data.get_temp_mut_or(since, now));
    if waited < QUIET {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(QUIET - waited));
        return;
    }
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.panel.gamma_multiply(VEIL));
    let card = Align2::CENTER_CENTER.align_size_within_rect(CARD, rect);
    let card = UiBuilder::new().max_rect(card).id_salt("building");
    let mut ui = ui.new_child(card);
    Frame::window(ui.style()).inner_margin(space::L).show(&mut ui, |ui| {
        ui.set_width(CARD.x - 32.0);
        ui.label(
            RichText::new(words!("card-the-next-run-is-being"))
                .font(theme::bold(tokens(ui).headline)),
        );
        ui.label(words!("card-until-it-is-there-the"));
        let hint = words!("card-goes-back-to-the-run");
        let button = Button::new(words!("card-give-up-esc"));
        if ui.add(button).on_hover_text(hint).clicked() {
            state.give_up_building();
        }
    });
}
