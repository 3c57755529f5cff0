//! How new the dear parts of a picture are: reconstructions, and what is looked at closely.

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::tensor::ExecutionError;

use super::Track;
use super::close::Map;
use crate::engine::lane::Lane;
use crate::record::close::{Close, Gaze};
use crate::record::snapshot::Pictures;

/// How old reconstructions on the screen may be while training goes on: they cost as much as a step,
/// and change slower than the eye follows.
const PICTURE_AGE: Duration = Duration::from_millis(200);

/// Times their own cost that the next reconstructions wait, so that with a large codebook they take
/// at most so small a part of the time.
const PICTURE_SHARE: u32 = 50;

/// The longest that they wait, whatever they cost: the first ones on a GPU wait for its kernels to be
/// compiled, which says nothing of the next ones.
const MOST_PICTURE_AGE: Duration = Duration::from_secs(4);

/// How new reconstructions must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Those of this very step.
    Still,
    /// They may be a fifth of a second old, or more where they cost much: for a window that is
    /// looked at live.
    Live,
    /// Made at steps that do not depend on the clock.
    Kept,
}

impl Track {
    /// Leaves time out of the age of live reconstructions.
    pub fn leave_out(&mut self, time: Duration) {
        if let Some((until, _)) = &mut self.newest_pictures {
            *until += time;
        }
        if let Some((until, _)) = &mut self.newest_close {
            *until += time;
        }
    }

    /// Reconstructions as new as they must be, where there are some.
    pub(super) fn pictures(
        &mut self,
        lane: &Lane,
        step: u64,
        freshness: Freshness,
        oldest: u64,
    ) -> Result<Option<Arc<Pictures>>, ExecutionError> {
        let Some(held_out) = &self.held_out else { return Ok(None) };
        let known = match freshness {
            Freshness::Still => None,
            Freshness::Live => {
                let newest = self.newest_pictures.as_ref();
                newest.filter(|(until, _)| Instant::now() < *until).map(|(_, p)| p.clone())
            }
            Freshness::Kept => self.kept_pictures.clone().filter(|p| p.step >= oldest),
        };
        let pictures = match known {
            Some(known) => known,
            None => {
                let start = Instant::now();
                let made = Arc::new(held_out.reconstructed(lane, step)?);
                self.newest_pictures = Some((good_until(start), made.clone()));
                made
            }
        };
        if freshness == Freshness::Kept {
            self.kept_pictures = Some(pictures.clone());
        }
        Ok(Some(pictures))
    }

    /// Looks closely at something else from now on.
    pub fn look_at(&mut self, gaze: Gaze) {
        self.gaze = gaze;
        self.newest_close = None;
    }

    /// What there is to see of what is looked at closely, as new as reconstructions are.
    pub(super) fn close(
        &mut self,
        lane: &Lane,
        step: u64,
        freshness: Freshness,
    ) -> Result<Option<Arc<Close>>, ExecutionError> {
        if freshness == Freshness::Kept || self.gaze == Gaze::default() {
            return Ok(None);
        }
        if let (Freshness::Live, Some((until, close))) = (freshness, &self.newest_close)
            && Instant::now() < *until
        {
            return Ok(close.clone());
        }
        let start = Instant::now();
        let map = Map { basis: &self.basis, centre: self.view.centre };
        let close = lane.close(&self.gaze, step, &self.latents.1, &map)?.map(Arc::new);
        self.newest_close = Some((good_until(start), close.clone()));
        Ok(close)
    }
}

/// Until when what was begun at `start` and is made by now is new enough for a window.
fn good_until(start: Instant) -> Instant {
    let age = PICTURE_SHARE * start.elapsed();
    start + age.clamp(PICTURE_AGE, MOST_PICTURE_AGE)
}
