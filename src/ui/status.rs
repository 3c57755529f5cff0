//! The status bar: device, renderer, seed, memory.

use egui::{Align, Layout, Rect, RichText, Stroke, Ui, UiBuilder, vec2};

use crate::train::snapshot::Activity;
use crate::ui::state::AppState;
use crate::ui::text::{count, sentence};
use crate::ui::theme::{palette, size};
use crate::ui::watched;

/// Draws the bar into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let p = palette(ui);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.border));
    let mut ui = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink2(vec2(8.0, 2.0)))
            .layout(Layout::left_to_right(Align::Center))
            .id_salt("status"),
    );
    let ui = &mut ui;
    let text =
        |ui: &mut Ui, text: String| ui.label(RichText::new(text).size(size::SMALL).color(p.weak));
    if let Some(notice) = state.known.notice.as_deref().map(sentence) {
        let words = RichText::new(&notice).size(size::SMALL).color(p.restart);
        let label = ui.add(egui::Label::new(words).truncate().sense(egui::Sense::click()));
        if label.on_hover_text(format!("{notice}\n(click to close)")).clicked() {
            state.known.notice = None;
        }
        ui.separator();
    }
    if let Some(info) = &state.known.info {
        let hint = match state.is_watching() {
            true => "The files, and who writes them",
            false => "The device that trains, and why",
        };
        text(ui, format!("{} ({})", info.device.name, info.device.reason)).on_hover_text(hint);
        ui.separator();
    }
    if !state.host.renderer.is_empty() {
        text(ui, state.host.renderer.clone()).on_hover_text("What draws the window, and why");
        ui.separator();
    }
    if state.is_watching() {
        watched::files(ui, state);
    } else {
        text(ui, format!("seed {}", state.running().seed));
    }
    saving(ui, state);
    let width = state.known.history.lanes[0].loss.width();
    if width > 1 {
        ui.separator();
        let hint = "Curves are bounded: when a series is full, neighbours merge into their minimum, mean and maximum.";
        text(ui, format!("curves thinned to {width} steps a point")).on_hover_text(hint);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        if let Some(bytes) = state.host.memory_bytes {
            text(ui, format!("{} MB", count(bytes / 1_000_000)))
                .on_hover_text("Memory of this program");
        }
        if state.host.frames_per_second > 0.0 && state.known.trainer.activity == Activity::Running {
            ui.separator();
            text(ui, format!("{:.0} frames/s", state.host.frames_per_second));
        }
    });
}

/// How many checkpoints there are, and what room they have.
fn checkpoints(number: usize, room: u64) -> String {
    let number = count(number as u64);
    format!(
        "Checkpoints to fork from: {number}, in up to {} MB of this folder. When the room is full every second one goes.",
        count(room >> 20)
    )
}

/// Whether the run is saved, where, and how much of it is kept to look back at.
fn saving(ui: &mut Ui, state: &AppState) {
    let p = palette(ui);
    let small = |text: String| RichText::new(text).size(size::SMALL);
    let saving = &state.known.saving;
    if let Some(folder) = &saving.folder {
        ui.separator();
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned());
        let text = format!("saved as {}", name.unwrap_or_default());
        let hint = checkpoints(saving.checkpoints.len(), state.host.checkpoint_room);
        let hint = format!("{}\n{hint}", folder.display());
        ui.label(small(text).color(p.weak)).on_hover_text(hint);
    } else if let Some(why) = &saving.failure {
        ui.separator();
        ui.label(small("not saved".into()).color(p.error)).on_hover_text(why);
    }
    let record = &state.known.record;
    let (bytes, budget) = record.bytes();
    if bytes > 0 {
        ui.separator();
        let thinned = match record.thinned_to() {
            Some(steps) => format!(", every {} steps", count(steps)),
            None => String::new(),
        };
        let text = format!("pictures {} of {} MB{thinned}", bytes >> 20, budget >> 20);
        ui.label(small(text).color(p.weak)).on_hover_text(
            "Kept pictures of all views, for the timeline. When the room is full every second one goes; those around changes and flags stay while they take less than half of it.",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_of_checkpoints_is_said() {
        assert!(checkpoints(7, 3 << 30).contains("7, in up to 3,072 MB"));
    }
}
