//! The story as it was read.

use crate::scenario::Scenario;

/// A story.
pub struct Story {
    /// Its name: a built-in one or a path.
    pub name: String,
    /// What it says.
    pub scenario: Scenario,
}

impl Story {
    /// Whether a draft says something else.
    pub fn is_changed(&self, draft: &Scenario) -> bool {
        *draft != self.scenario
    }

    /// Whether nothing but the seed of a draft differs.
    pub fn has_other_seed_alone(&self, draft: &Scenario) -> bool {
        Scenario { seed: self.scenario.seed, ..draft.clone() } == self.scenario
    }
}
