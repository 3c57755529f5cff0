//! Files that are dropped on the window: a picture becomes an input of the user's own.

use egui::{Align2, Id, LayerId, Order, Stroke, StrokeKind, Ui};

use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Takes files that were dropped, the first of several, which it says, and says what becomes of one that is held over
/// the window.
pub fn handle(ui: &Ui, state: &mut AppState) {
    let (paths, is_held) = ui.input(|i| {
        let dropped = i.raw.dropped_files.iter().map(|file| file.path().to_path_buf());
        (dropped.collect::<Vec<_>>(), !i.raw.hovered_files.is_empty())
    });
    if !paths.is_empty() {
        let own = ui.ctx().clone();
        state.drop_files(paths, move || own.request_repaint());
    }
    state.take_dropped();
    if is_held {
        say(ui);
    }
}

/// Says what can be dropped here.
fn say(ui: &Ui) {
    let (p, full) = (palette(ui), ui.ctx().content_rect());
    let painter = ui.ctx().layer_painter(LayerId::new(Order::Tooltip, Id::unique("held-over")));
    let font = theme::bold(tokens(ui).title);
    let width = full.width() / 2.0;
    let galley = painter.layout(words!("own-drop-here").into(), font, p.text, width);
    let place = Align2::CENTER_CENTER.anchor_size(full.center(), galley.size());
    let stroke = Stroke::new(line::CURVE, p.text);
    painter.rect(place.expand(space::L), radius::CARD, p.canvas, stroke, StrokeKind::Outside);
    painter.galley(place.min, galley, p.text);
}
