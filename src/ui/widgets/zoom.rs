//! Zoom and shift of a map by wheel, pinch and drag.

use egui::{Response, Ui};

use crate::figure::camera::{Camera, Scale};

/// Takes the wheel (zoom around the pointer), a drag (shift) and a double click (back to all).
pub fn handle(camera: &mut Camera, ui: &Ui, response: &Response, scale: &Scale) {
    if response.double_clicked() {
        *camera = Camera::default();
        return;
    }
    if response.dragged() {
        camera.shift(response.drag_delta(), scale);
    }
    let Some(pointer) = response.hover_pos() else { return };
    let (wheel, pinch) = ui.input(|i| (i.smooth_scroll_delta().y, i.zoom_delta()));
    let factor = pinch * (wheel / 200.0).exp();
    if (factor - 1.0).abs() > 1e-4 {
        camera.zoom_at(factor, pointer, scale);
    }
}
