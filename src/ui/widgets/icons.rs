//! Signs beside the words of the transport, drawn as shapes: no font need have them.

use egui::{
    Align2, Button, Color32, Pos2, Rect, Response, RichText, Role, Sense, Shape, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line, radius, space, tokens};

/// A sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    /// A triangle.
    Play,
    /// Two bars.
    Pause,
    /// A triangle before a bar.
    Step,
    /// An arrow that goes round.
    Restart,
}

impl Icon {
    /// Its shapes within a square.
    fn shapes(self, square: Rect, color: Color32) -> Vec<Shape> {
        let (c, r) = (square.center(), square.width() / 2.0);
        let at = |x: f32, y: f32| c + vec2(x, y) * r;
        let filled = |points: Vec<Pos2>| Shape::convex_polygon(points, color, Stroke::NONE);
        let bar = |x0: f32, x1: f32| {
            Shape::rect_filled(Rect::from_min_max(at(x0, -0.8), at(x1, 0.8)), 0.0, color)
        };
        match self {
            Self::Play => vec![filled(vec![at(-0.6, -0.85), at(0.85, 0.0), at(-0.6, 0.85)])],
            Self::Pause => vec![bar(-0.65, -0.15), bar(0.15, 0.65)],
            Self::Step => {
                vec![filled(vec![at(-0.8, -0.8), at(0.35, 0.0), at(-0.8, 0.8)]), bar(0.45, 0.8)]
            }
            Self::Restart => {
                // Against the clock, back to the upper left.
                let (start, sweep, reach) = (-130.0_f32, 300.0, 0.7);
                let turn = |share: f32| (start + share * sweep).to_radians();
                let on = |angle: f32, reach: f32| at(reach * angle.cos(), reach * angle.sin());
                let arc = (0..=24).map(|i| on(turn(i as f32 / 24.0), reach)).collect();
                let angle = turn(0.0);
                let tip = on(angle, reach) + vec2(angle.sin(), -angle.cos()) * (0.6 * r);
                let head = vec![on(angle, reach - 0.45), tip, on(angle, reach + 0.45)];
                vec![Shape::line(arc, Stroke::new(line::CURVE, color)), filled(head)]
            }
        }
    }
}

/// A button with a sign and a word, at least so wide.
pub fn button(ui: &mut Ui, icon: Icon, text: &str, width: f32) -> Response {
    let font = theme::bold(tokens(ui).body);
    let galley = ui.painter().layout_no_wrap(text.into(), font, Color32::PLACEHOLDER);
    let side = (0.8 * tokens(ui).body).round();
    let inner = side + space::S + galley.size().x;
    let size = vec2((inner + 2.0 * space::S).max(width), ui.spacing().interact_size.y + space::XS);
    let (rect, response) = ui.allocate_exact_size(size, Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), text));
    let visuals = *ui.style().interact(&response);
    let painter = ui.painter();
    let (fill, stroke) = (visuals.weak_bg_fill, visuals.bg_stroke);
    painter.rect(rect, radius::CONTROL, fill, stroke, StrokeKind::Inside);
    let place = Align2::CENTER_CENTER.align_size_within_rect(vec2(inner, size.y), rect);
    let square =
        Rect::from_center_size(pos2(place.left() + side / 2.0, rect.center().y), vec2(side, side));
    painter.extend(icon.shapes(square, visuals.text_color()));
    let at = pos2(square.right() + space::S, rect.center().y - galley.size().y / 2.0);
    painter.galley(at, galley, visuals.text_color());
    response
}

/// A button with a strong word.
pub fn strong(ui: &Ui, text: impl Into<String>) -> Button<'static> {
    let text = RichText::new(text).font(theme::bold(tokens(ui).body));
    Button::new(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_stays_in_its_square_but_for_the_width_of_its_line() {
        let square = Rect::from_min_size(pos2(10.0, 20.0), vec2(12.0, 12.0));
        for icon in [Icon::Play, Icon::Pause, Icon::Step, Icon::Restart] {
            for shape in icon.shapes(square, Color32::WHITE) {
                let drawn = shape.visual_bounding_rect();
                assert!(square.expand(line::CURVE).contains_rect(drawn), "{icon:?}: {drawn:?}");
            }
        }
    }
}
