//! Who moved in the newest step.

use burn::tensor::{ExecutionError, Tensor};

use crate::engine::lane::Lane;
use crate::engine::read_back::{OnHost, host};
use crate::math::movement::distances;
use crate::model::nearest::distance;
use crate::record::motion::{Moved, moved};

impl Lane {
    /// How far each code went in the newest step, K, and who moved; `codes` is E now. Nothing before
    /// the first step that quantizes, and after codes were replaced. `on_host` are the same codes on the
    /// host, where they are there, `since_chosen` how many steps ago each was chosen, K.
    ///
    /// # Errors
    /// What the device reports.
    pub fn step_movement(
        &self,
        codes: &Tensor<2>,
        on_host: Option<&[f32]>,
        since_chosen: &[f32],
    ) -> Result<Option<(Vec<f32>, Moved)>, ExecutionError> {
        let Some(before) = self.past.newest() else { return Ok(None) };
        // A lane may be read on the host that trains elsewhere.
        let is_elsewhere = on_host.is_none() && codes.device() != before.device();
        let read = is_elsewhere.then(|| host(codes)).transpose()?;
        let ways = match on_host.or(read.as_deref()) {
            Some(now) => match OnHost::of(before).as_ref().and_then(OnHost::numbers) {
                Some(before) => distances(before, now, self.spec.dim),
                None => distances(&host(before)?, now, self.spec.dim),
            },
            // K numbers come from a device, and not K x d.
            None => host(&distance(codes.clone(), before.clone()).sqrt())?,
        };
        let moved = moved(&ways, since_chosen);
        Ok(moved.map(|moved| (ways, moved)))
    }
}
