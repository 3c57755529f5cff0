//! Who moved in the newest step.

use burn::tensor::{ExecutionError, Tensor};

use crate::engine::lane::Lane;
use crate::engine::read_back::host;
use crate::model::nearest::distance;
use crate::record::motion::{Moved, moved};

impl Lane {
    /// How far each code went in the newest step, K, and who moved; `codes` is E now. Nothing before
    /// the first step that quantizes, and after codes were replaced.
    ///
    /// # Errors
    /// What the device reports.
    pub fn step_movement(
        &self,
        codes: &Tensor<2>,
    ) -> Result<Option<(Vec<f32>, Moved)>, ExecutionError> {
        let Some(before) = self.past.newest() else { return Ok(None) };
        // K numbers, and not K x d.
        let ways = host(&distance(codes.clone(), before.clone()).sqrt())?;
        let moved = moved(&ways, &self.window.since_chosen());
        Ok(moved.map(|moved| (ways, moved)))
    }
}
