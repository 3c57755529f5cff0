//! A link to the present beat, as a code that the cameras of a room read.

use egui::{Color32, Label, Rect, RichText, Role, Sense, Ui, WidgetInfo, vec2};
use qrcode::{Color, EcLevel, QrCode};

use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Side of the code in points, and modules that stay white around it (ISO/IEC 18004, 9.1).
const SIDE: f32 = 400.0;
const QUIET: usize = 4;

/// The card, while it is open.
pub fn show(ui: &Ui, state: &mut AppState) {
    let Some(link) = state.cards.lesson_link.clone() else { return };
    modal::show(ui, state, Card::LessonLink, SIDE, |ui, state| {
        let title =
            RichText::new(words!("lesson-link-title")).font(theme::bold(tokens(ui).headline));
        ui.label(title);
        // The least of its checks: a link of some hundred letters makes a code that is read from afar.
        match QrCode::with_error_correction_level(&link, EcLevel::L) {
            Ok(code) => paint(ui, &code),
            // A scenario of one's own may be too long for a code.
            Err(_) => drop(ui.label(words!("lesson-link-too-long"))),
        }
        ui.add_space(space::S);
        ui.add(Label::new(RichText::new(words!("lesson-link-how")).size(tokens(ui).body)).wrap());
        ui.horizontal(|ui| {
            if ui.button(words!("lesson-link-copy")).clicked() {
                ui.ctx().copy_text(link.clone());
                state.toast = Some(words!("lesson-link-copied").into());
            }
            if ui.button(words!("lesson-link-close")).clicked() {
                state.cards.lesson_link = None;
            }
        });
    });
}

/// Black modules on white whatever the theme is: cameras expect them so.
fn paint(ui: &mut Ui, code: &QrCode) {
    let modules = code.width();
    let (rect, response) = ui.allocate_exact_size(vec2(SIDE, SIDE), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, words!("lesson-link-code")));
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0.0, Color32::WHITE);
    let side = SIDE / (modules + 2 * QUIET) as f32;
    for (i, color) in code.to_colors().into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = ((i % modules + QUIET) as f32, (i / modules + QUIET) as f32);
            let at = rect.min + vec2(x, y) * side;
            // A hair more, so that no line shines through between two modules.
            painter.rect_filled(
                Rect::from_min_size(at, vec2(side, side)).expand(0.05),
                0.0,
                Color32::BLACK,
            );
        }
    }
}
