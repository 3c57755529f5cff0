//! What stands on the stage: a run that trains here, files of another program, or two saved runs.

/// What is looked at. Who draws asks what there is, not which of the three it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stage {
    /// A run that trains here.
    Live,
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

    /// Whether the program trained what is shown: there are losses, reconstructions and methods.
    /// Files of another program have codes, counts and perhaps latents.
    pub fn has_losses(self) -> bool {
        self != Self::Watching
    }

    /// Whether steps stay at their place: saved runs do not go on.
    pub fn is_saved(self) -> bool {
        self == Self::Compare
    }
}
