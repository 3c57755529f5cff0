//! Pictures of a run: axes, what is looked at closely, and all lanes after a step.

use std::time::Duration;

use crate::engine::RunError;
use crate::engine::parallel::{side_by_side, wake_pool};
use crate::engine::run::Run;
use crate::engine::views::{Freshness, Track, grid};
use crate::math::pca::Basis;
use crate::record::close::Gaze;
use crate::record::event::{Event, Fact};
use crate::record::setting::BasisMode;
use crate::record::snapshot::Snapshot;

impl Run {
    /// Changes how the axes of the code maps are chosen.
    ///
    /// # Errors
    /// What the device reports.
    pub fn set_basis(&mut self, mode: BasisMode) -> Result<(), RunError> {
        self.basis_mode = mode;
        self.events.push(Event::new(self.step, None, Fact::Axes { mode }));
        if mode != BasisMode::Fixed {
            self.aim_views(self.step)?;
        }
        Ok(())
    }

    pub(super) fn note_views(&mut self) -> Result<(), RunError> {
        let step = self.step;
        let widest = self.lanes.iter().map(|l| grid(l.spec.size, l.spec.dim)).max().unwrap_or(1);
        if !step.is_multiple_of(widest) {
            return Ok(());
        }
        wake_pool(self.compute.search);
        // Divergence must be known before codes that may not be finite are taken for axes.
        self.read_back()?;
        let mode = self.basis_mode;
        if let Some(tracks) = &mut self.tracks {
            let mut pairs: Vec<_> = tracks.iter_mut().zip(&self.lanes).collect();
            let noted = side_by_side(self.compute.search, &mut pairs, |(track, lane)| {
                if lane.diverged_at.is_some() {
                    return Ok(());
                }
                track.record(lane, step)?;
                // Together, because waking the other core costs as much as the axes.
                if mode == BasisMode::Shared {
                    Ok(())
                } else {
                    track.fit_axes(lane, mode, None, step)
                }
            });
            noted.into_iter().collect::<Result<(), _>>()?;
        }
        if mode == BasisMode::Shared {
            self.aim_views(step)?;
        }
        // Pictures that are kept are made at these steps.
        wake_pool(self.compute.search);
        Ok(())
    }

    fn aim_views(&mut self, step: u64) -> Result<(), RunError> {
        let Some(tracks) = &mut self.tracks else { return Ok(()) };
        let dim = self.lanes[0].spec.dim;
        let one_width = self.lanes.iter().all(|l| l.spec.dim == dim);
        let mode = self.basis_mode;
        let shared =
            mode == BasisMode::Shared && one_width && tracks.iter().all(Track::has_finite_aim);
        let all = || tracks.iter().map(|t| t.aimed_at().clone()).reduce(|all, own| all.with(&own));
        let pooled = if shared { all().as_ref().map(Basis::of) } else { None };
        let mut pairs: Vec<_> = tracks.iter_mut().zip(&self.lanes).collect();
        let aimed = side_by_side(self.compute.search, &mut pairs, |(track, lane)| {
            track.fit_axes(lane, mode, pooled.as_ref(), step)
        });
        aimed.into_iter().collect::<Result<(), _>>()?;
        if pooled.is_some()
            && let [first, rest @ ..] = tracks.as_mut_slice()
        {
            let views = std::iter::once(&*first).chain(rest.iter()).map(Track::view);
            let widest = views.reduce(|a, b| if b.extent > a.extent { b } else { a });
            let (view, basis) = (widest.unwrap_or(first.view()), first.basis().clone());
            first.adopt(view, &basis);
            rest.iter_mut().for_each(|t| t.adopt(view, &basis));
        }
        Ok(())
    }

    /// Pictures of all lanes after the newest step; `None` for a run without views. While a run goes
    /// on, reconstructions may be older than it and say so; `freshness` says how new they must be.
    ///
    /// # Errors
    /// What the device reports.
    pub fn snapshot(&mut self, freshness: Freshness) -> Result<Option<Snapshot>, RunError> {
        wake_pool(self.compute.search);
        self.read_back()?;
        let Some(tracks) = &mut self.tracks else { return Ok(None) };
        let (step, mode) = (self.step, self.basis_mode);
        let oldest = self.schedule.oldest_pictures(step, &self.scenario);
        let mut pairs: Vec<_> = tracks.iter_mut().zip(&self.lanes).collect();
        let views = side_by_side(self.compute.search, &mut pairs, |(track, lane)| {
            track.show(lane, step, mode, (freshness, oldest))
        });
        let lanes = views.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(Some(Snapshot { run: self.number, step: self.step, lanes }))
    }

    /// Looks closely at something from now on: live pictures show it, and nothing else depends on it.
    pub fn look_at(&mut self, gaze: &Gaze) {
        self.tracks.iter_mut().flatten().for_each(|track| track.look_at(gaze.clone()));
    }

    /// Leaves time out of the age of live reconstructions in which the run did not train, because
    /// others had their turn.
    pub fn leave_out(&mut self, time: Duration) {
        self.tracks.iter_mut().flatten().for_each(|track| track.leave_out(time));
    }
}
