//! The card that says what a thing is: `?` with the pointer on it opens it, `?`, Esc or a click close it.

use egui::{Align2, Area, Frame, Order, Rect, RichText, Stroke, StrokeKind, Ui, pos2};

use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Width of the card.
const WIDTH: f32 = 340.0;

/// Draws the card while it is open.
pub fn show(ui: &Ui, state: &mut AppState) {
    let Some(thing) = state.cards.explained.clone() else { return };
    let p = palette(ui);
    let full = ui.ctx().content_rect();
    ui.painter().rect_stroke(
        thing.rect,
        radius::CONTROL,
        Stroke::new(line::FOCUS, p.focus),
        StrokeKind::Inside,
    );
    let (anchor, at) = place(thing.rect, full);
    let area = Area::new(ui.scope_id().with("explained")).order(Order::Foreground);
    let card =
        area.pivot(anchor).fixed_pos(at).constrain_to(full.shrink(space::S)).show(ui.ctx(), |ui| {
            Frame::window(ui.style()).inner_margin(space::M).show(ui, |ui| {
                ui.set_width(WIDTH);
                ui.label(RichText::new(&thing.name).font(theme::bold(tokens(ui).title)));
                ui.add_space(space::XS);
                ui.label(RichText::new(&thing.help).size(tokens(ui).body));
                ui.add_space(space::XS);
                let text = words!("explain-close");
                ui.label(RichText::new(text).size(tokens(ui).small).color(p.weak));
            });
        });
    let is_pressed = ui.input(|i| i.pointer.any_pressed());
    let is_inside =
        ui.input(|i| i.pointer.latest_pos()).is_some_and(|at| card.response.rect.contains(at));
    if is_pressed && !is_inside {
        state.cards.explained = None;
    }
}

/// A corner of the card and where it lies: below the thing, above it where there is more room, or on
/// it where it takes most of the window.
fn place(thing: Rect, full: Rect) -> (Align2, egui::Pos2) {
    let (below, above) = (full.bottom() - thing.bottom(), thing.top() - full.top());
    let gap = space::XS;
    match (below, above) {
        (below, above) if below.max(above) < 0.25 * full.height() => {
            (Align2::LEFT_TOP, thing.min + egui::vec2(space::S, space::S))
        }
        (below, above) if below >= above => {
            (Align2::LEFT_TOP, pos2(thing.left(), thing.bottom() + gap))
        }
        _ => (Align2::LEFT_BOTTOM, pos2(thing.left(), thing.top() - gap)),
    }
}
