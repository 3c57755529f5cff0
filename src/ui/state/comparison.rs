//! Two saved lanes that are looked at side by side in the place of the live run, which waits.

use std::sync::Arc;

use crate::archive::pair::Pair;
use crate::record::status::{Activity, Update};
use crate::ui::state::AppState;
use crate::ui::state::frames::FrameStore;
use crate::ui::state::run_model::RunModel;

/// A comparison that is on.
pub struct Comparison {
    /// The live run, which waits.
    pub live: Box<RunModel>,
}

impl AppState {
    /// The live run, whatever is looked at.
    pub fn live_run(&mut self) -> &mut RunModel {
        match &mut self.comparison {
            Some(comparison) => &mut comparison.live,
            None => &mut self.run,
        }
    }

    /// Shows two saved lanes in the place of the live run, which waits.
    pub fn look_at(&mut self, pair: Pair) {
        // Its run would not be there any more when the saved ones are left.
        self.leave_tour();
        self.back_to_live();
        if self.run.is_running() {
            self.toggle_play();
        }
        // As many pictures as of the live run.
        let frames = FrameStore::new(self.run.frames.bytes().1);
        let mut saved = RunModel { frames, is_saved_pair: true, ..RunModel::default() };
        saved.absorb(Update::Started(Box::new(pair.info)));
        saved.specs = pair.specs;
        saved.absorb(Update::Rows(pair.rows));
        pair.events.into_iter().for_each(|event| saved.absorb(Update::Event(event)));
        let frames = pair.frames.into_iter().map(Arc::new);
        frames.for_each(|frame| saved.absorb(Update::Keyframe(frame)));
        saved.trainer.activity = Activity::Paused;
        saved.is_building = false;
        saved.pin(u64::MAX);
        // Textures and meshes are of another picture from here on.
        saved.generation = self.run.generation + 1;
        let live = Box::new(std::mem::replace(&mut self.run, saved));
        self.comparison = Some(Comparison { live });
    }

    /// Leaves the comparison of two saved runs.
    pub fn back_to_live(&mut self) {
        if let Some(Comparison { live }) = self.comparison.take() {
            let generation = self.run.generation;
            self.run = *live;
            self.run.generation = generation + 1;
            self.player.playback = None;
            self.player.loop_range = None;
        }
    }
}
