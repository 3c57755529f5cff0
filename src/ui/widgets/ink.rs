//! A stroke of the pen.

use egui::{Painter, Pos2, Shape, Stroke};

use crate::palette::Palette;
use crate::ui::widgets::tokens::line;

/// Draws a stroke through points, or a dot where there is one; wider for a room.
pub fn draw(painter: &Painter, way: Vec<Pos2>, is_room: bool, p: &Palette) {
    let width = if is_room { line::PEN } else { line::CURVE };
    match way[..] {
        [dot] => drop(painter.circle_filled(dot, width, p.error)),
        _ => drop(painter.add(Shape::line(way, Stroke::new(width, p.error)))),
    }
}
