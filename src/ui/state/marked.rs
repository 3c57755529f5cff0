//! The lanes that keys and sliders act on.

use crate::scenario::LaneId;

/// Which lanes a slider writes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Both lanes.
    Both,
    /// One lane alone.
    One(LaneId),
}

/// The marked lanes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The lane that the keys W and C act on.
    pub side: LaneId,
    /// The lanes that sliders act on.
    pub target: Target,
}

impl Default for Marked {
    fn default() -> Self {
        Self { side: LaneId::A, target: Target::Both }
    }
}

impl Marked {
    /// The lane whose values the sliders show.
    pub fn shown(self) -> LaneId {
        match self.target {
            Target::Both => LaneId::A,
            Target::One(id) => id,
        }
    }
}
