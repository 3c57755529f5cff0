//! Zoom and shift of a map by wheel, pinch and drag.

use egui::{EventFilter, Key, Response, Ui, vec2};

use crate::figure::camera::{Camera, Scale};

/// How far an arrow shifts a map, as a share of its height, and what plus zooms by.
const SHIFT: f32 = 0.1;
const STEP: f32 = 1.25;

/// Takes the keys of a map that has the focus: plus and minus zoom around its middle, arrows shift, 0
/// shows all again.
pub fn keys(camera: &mut Camera, ui: &Ui, response: &Response, scale: &Scale) {
    if !response.has_focus() {
        return;
    }
    let arrows =
        EventFilter { horizontal_arrows: true, vertical_arrows: true, ..EventFilter::default() };
    ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, arrows));
    let pressed = |key: Key| {
        ui.input(
            |input| if input.modifiers.is_none() { input.num_presses(key) as f32 } else { 0.0 },
        )
    };
    let zooms = pressed(Key::Plus) + pressed(Key::Equals) - pressed(Key::Minus);
    if zooms != 0.0 {
        camera.zoom_at(STEP.powf(zooms), scale.plot.center(), scale);
    }
    let across = pressed(Key::ArrowLeft) - pressed(Key::ArrowRight);
    let down = pressed(Key::ArrowUp) - pressed(Key::ArrowDown);
    if (across, down) != (0.0, 0.0) {
        camera.shift(vec2(across, down) * (SHIFT * scale.plot.height()), scale);
    }
    if pressed(Key::Num0) > 0.0 {
        *camera = Camera::default();
    }
}

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
