//! What is pointed at and looked at closely: one code, all of them, an input of one's own.

use std::sync::Arc;

use crate::figure::layers::Layers;
use crate::record::close::Gaze;
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::ui::state::AppState;

/// A code of a lane.
pub type CodeOf = (LaneId, usize);

/// What is pointed at, and what the trainer was asked to look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Closely {
    /// The code under the pointer, wherever it lies.
    pub hovered: Option<CodeOf>,
    /// The code that stays lit.
    pub pinned: Option<CodeOf>,
    /// A sample of the user's own, grey, row by row.
    pub own: Option<Arc<Vec<u8>>>,
    /// What the trainer knows of it.
    asked: Gaze,
}

impl Closely {
    /// The code that is lit while these are shown: the one under the pointer, or the one that stays.
    pub fn lit(&self, layers: Layers) -> Option<CodeOf> {
        self.hovered.filter(|_| follows(layers)).or(self.pinned.filter(|_| layers.inspector))
    }
}

/// Whether what is pointed at lights up everywhere.
fn follows(layers: Layers) -> bool {
    layers.place || layers.inspector || layers.atlas
}

impl AppState {
    /// What is shown of the cause: what was asked for, and what the story's text speaks of while it stands
    /// there.
    pub fn layers(&self) -> Layers {
        let mut told = Layers::default();
        for word in self.lit_words() {
            let name = match word.as_str() {
                "codes:moved" | "codes:chosen" => Some("moved"),
                word => word.strip_prefix("cause:"),
            };
            let found = Layers::NAMES.iter().find(|(known, _)| Some(*known) == name);
            found.into_iter().for_each(|(_, switch)| *switch(&mut told) = true);
        }
        self.prefs.layers.with(told)
    }

    /// What is pointed at.
    pub fn closely(&self) -> &Closely {
        &self.closely
    }

    /// Points at a code, or at none; whether that is another one than before.
    pub fn hover(&mut self, code: Option<CodeOf>) -> bool {
        let is_new = self.closely.hovered != code;
        self.closely.hovered = code;
        is_new
    }

    /// A code stays lit and its life is told; the same one again, or none, and no code does.
    pub fn pin_code(&mut self, code: Option<CodeOf>) {
        let same = self.closely.pinned == code;
        self.closely.pinned = code.filter(|_| !same);
        self.prefs.layers.inspector |= self.closely.pinned.is_some();
    }

    /// Pins the code whose life a picture tells that was made for it.
    pub fn pin_what_is_looked_at(&mut self) {
        let lanes = self.run.snapshot.iter().flat_map(|snapshot| &snapshot.lanes);
        let told = lanes.filter_map(|lane| Some((lane.id, lane.close.as_ref()?.code.as_ref()?)));
        let found = told.map(|(lane, life)| (lane, life.tile.code)).next();
        if found.is_some() {
            self.pin_code(found);
        }
    }

    /// Encodes a sample of the user's own in both lanes from now on, or none.
    pub fn encode_own(&mut self, sample: Option<Vec<u8>>) {
        self.closely.own = sample.map(Arc::new);
    }

    /// Asks the trainer for what the panes show of it, where that is something else than before.
    pub fn look_closely(&mut self) {
        let set = self.running().data.set;
        let pixels: usize = set.sample_size().iter().product();
        let (layers, closely) = (self.layers(), &self.closely);
        let gaze = Gaze {
            code: closely.pinned.filter(|_| layers.inspector),
            atlas: layers.atlas,
            tokens: follows(layers),
            own: closely.own.clone().filter(|own| set.has_pictures() && own.len() == pixels),
        };
        if gaze != self.closely.asked && self.run.stage().has_controls() {
            self.closely.asked = gaze.clone();
            self.ask(Command::LookAt(Box::new(gaze)));
        }
    }
}
