//! What stands on the stage: a run that trains here or in another process, files of another program, or
//! two saved runs.

/// What is looked at. Who draws asks what there is, not which of them it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// A run that trains here.
    Live,
    /// A run that another process trains.
    Following,
    /// Files that another program writes.
    Watching,
    /// Two saved runs side by side.
    Compare,
}

impl Stage {
    /// Whether something can be set, played and restarted.
    pub fn has_controls(self) -> bool {
        self == Self::Live
    }

    /// Whether a run can part from what is shown: only of two saved ones it would not be said of which.
    pub fn can_fork(self) -> bool {
        matches!(self, Self::Live | Self::Following)
    }

    /// Whether steps stay at their place: saved runs do not go on.
    pub fn is_saved(self) -> bool {
        self == Self::Compare
    }
}
