//! The window laid out without a pixel being drawn, for what others saved.

use std::sync::Arc;

use egui_kittest::Harness;

use crate::archive::Archive;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, TrainerState, Update};
use crate::ui::widgets::theme;
use crate::ui::{AppState, Tab, window};

/// A window.
pub struct LaidOut(Harness<'static, AppState>);

impl Default for LaidOut {
    fn default() -> Self {
        Self::new()
    }
}

impl LaidOut {
    /// One that shows some run.
    pub fn new() -> Self {
        let builder = Harness::builder().with_size(egui::vec2(1280.0, 720.0));
        let builder = builder.with_context_setup(theme::install);
        Self(builder.build_ui_state(window, crate::ui::fixture::collapse()))
    }

    /// Shows a saved run at one of its steps, on every tab.
    pub fn show(&mut self, archive: &Archive, snapshot: Snapshot) {
        let mut state = AppState::new(&archive.manifest.story, archive.scenario.clone());
        state.run.absorb(Update::Started(Box::new(archive.info())));
        state.run.absorb(Update::Rows(archive.rows.clone()));
        let events = archive.events.iter().cloned();
        events.for_each(|event| state.run.absorb(Update::Event(event)));
        let snapshot = Arc::new(snapshot);
        state.run.absorb(Update::Keyframe(snapshot.clone()));
        state.run.take(snapshot);
        let pace = archive.scenario.pace;
        state.run.absorb(Update::State(TrainerState::without_speed(Activity::Paused, pace)));
        *self.0.state_mut() = state;
        for tab in [Tab::Losses, Tab::Spectrum, Tab::Movement, Tab::UseMap, Tab::Events] {
            self.0.state_mut().prefs.tab = tab;
            self.0.run_steps(1);
        }
    }
}
