//! A link's step that the run is on its way to.

use crate::record::status::Activity;
use crate::ui::state::AppState;

/// A visit that is on its way, and what it shows at its end.
#[derive(Clone, Debug, PartialEq)]
pub struct Visiting {
    /// Where it ends, in steps trained.
    pub step: u64,
    /// The step that is pinned there.
    pub pinned: Option<u64>,
    /// The run before it.
    pub before: Option<u64>,
}

impl AppState {
    /// Pins what a link pinned, once the run is where the link says.
    pub fn arrive(&mut self) {
        let Some(visiting) = &self.visiting else { return };
        let is_old = self.run.info.as_ref().map(|info| info.run) == visiting.before;
        let is_on = matches!(
            self.run.trainer.activity,
            Activity::WarmingUp | Activity::Running | Activity::Replaying { .. }
        );
        if is_old || is_on {
            return;
        }
        if let Some(step) = visiting.pinned.filter(|_| self.run.step() >= visiting.step) {
            self.pin(step);
        }
        self.visiting = None;
    }
}
