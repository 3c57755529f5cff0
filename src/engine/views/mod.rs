//! Pictures of a lane: codes on two axes, movement, spectrum, reconstructions.
//!
//! Axes, extents and movement change on a fixed grid of steps, so that the picture at a step does
//! not depend on when the window asked for earlier ones.

mod axes;
mod close;
mod fresh;
mod passes;
mod pictures;
mod plane;
mod saved;

use std::sync::Arc;
use std::time::Instant;

use burn::tensor::ExecutionError;

use crate::engine::lane::Lane;
use crate::engine::moments::moments;
use crate::engine::read_back::{OnHost, host};
use crate::math::movement::distances;
use crate::math::pca::{Basis, Fit, Moments, Points, View};
use crate::math::spectrum;
use crate::model::nearest::Backend;
use crate::record::close::{Close, Gaze};
use crate::record::setting::BasisMode;
use crate::record::snapshot::{Axes, LaneFacts, LaneView, Pictures};
use crate::record::transform::TransformFacts;
use crate::record::usage::CountedIn;
use axes::{aim_of, basis_of, latent_stds, stds, way};
pub use fresh::Freshness;
use pictures::HeldOut;
use plane::{off_plane, project, tails};

/// Multiplications that one round of PCA may cost before the grid of steps becomes wider.
const PCA_WORK: usize = 1 << 23;

/// Width of codes up to which the spectrum of the encodings is worked out for each live picture.
const CHEAP_DIM: usize = 24;

/// Steps between two points of the grid when PCA is cheap.
const GRID: u64 = 25;

/// Steps between two points of the grid for K codes of width d.
pub fn grid(size: usize, dim: usize) -> u64 {
    GRID * (size * dim * dim).div_ceil(PCA_WORK).max(1) as u64
}

/// Steps for which codes or encodings may lie outside of the view before it moves.
const PATIENCE: u64 = 2 * GRID;

/// What the pictures of a lane remember between steps.
pub struct Track {
    basis: Basis,
    basis_step: u64,
    view: View,
    /// The step since which the view has not fitted.
    unfit_since: Option<u64>,
    /// E at the newest point of the grid, K x d.
    codes: Vec<f32>,
    codes_step: u64,
    /// Moments of what the axes are fitted to: E, or the encodings where nothing moves E, because a
    /// grid has no direction of its own.
    aimed_at: Moments,
    latent_stds: Vec<f32>,
    /// Standard deviations of E along its principal axes.
    code_stds: Vec<f32>,
    /// Encodings of the tokens that the map shows, and the moment whose encoder made them.
    latents: (Moment, Vec<f32>),
    /// Corners of the plane that samples pass on their way, where they move.
    way: Vec<[f32; 2]>,
    movement: Vec<f32>,
    movement_steps: u64,
    /// The pictures that it is shown with, where its samples make some.
    held_out: Option<HeldOut>,
    /// Reconstructions of the newest kept picture.
    kept_pictures: Option<Arc<Pictures>>,
    last: Option<LaneView>,
    /// The newest reconstructions, and until when they are new enough for a window.
    newest_pictures: Option<(Instant, Arc<Pictures>)>,
    /// What is looked at closely.
    gaze: Gaze,
    /// What there is to see of it, and until when that is new enough for a window.
    newest_close: Option<(Instant, Option<Arc<Close>>)>,
}

/// A step, and where the cloud lay then.
type Moment = (u64, [f64; 4]);

impl Track {
    /// Axes of the initial codebook.
    ///
    /// # Errors
    /// What the device reports.
    pub fn new(lane: &Lane) -> Result<Self, ExecutionError> {
        let effective = lane.codebook().effective();
        let codes = host(&effective)?;
        let latents = lane.latents_host(0)?;
        let aimed_at = aim_of(lane, &effective, &latents)?;
        let basis = basis_of(lane, &aimed_at);
        let latent_stds = latent_stds(&latents, lane.spec.dim);
        // Codes that nothing moves keep those that they begin with.
        let code_stds = match lane.spec.fixed {
            Some(_) => stds(&moments(&effective)?),
            None => stds(&aimed_at),
        };
        let way = way(lane, &basis)?;
        let points = Points {
            codes: &basis.project(&codes),
            encodings: &basis.project(&latents),
            way: &way,
        };
        // What fills little of it grows, unless it is known where it goes.
        let view = match View::FIRST.fit(points) {
            Fit::Good | Fit::TooWide if way.is_empty() => View::FIRST,
            _ => View::of(points, None),
        };
        Ok(Self {
            basis,
            basis_step: 0,
            view,
            unfit_since: None,
            codes,
            codes_step: 0,
            aimed_at,
            latent_stds,
            code_stds,
            latents: ((0, lane.switches.cloud()), latents),
            way,
            movement: Vec::new(),
            movement_steps: 0,
            held_out: HeldOut::new(lane),
            kept_pictures: None,
            last: None,
            newest_pictures: None,
            gaze: Gaze::default(),
            newest_close: None,
        })
    }

    /// A point of the grid: notes how far each code moved and takes E for the axes.
    ///
    /// # Errors
    /// What the device reports.
    pub fn record(&mut self, lane: &Lane, step: u64) -> Result<(), ExecutionError> {
        let effective = lane.codebook().effective();
        let codes = host(&effective)?;
        let dim = lane.spec.dim;
        self.movement = distances(&self.codes, &codes, dim);
        self.movement_steps = step - self.codes_step;
        let latents = self.latents(lane, step)?;
        let (aimed_at, stds) = (aim_of(lane, &effective, latents)?, latent_stds(latents, dim));
        (self.aimed_at, self.latent_stds) = (aimed_at, stds);
        self.measure_codes(lane);
        self.codes = codes;
        self.codes_step = step;
        Ok(())
    }

    /// Takes the spread of E from what the axes are fitted to, where that is E.
    fn measure_codes(&mut self, lane: &Lane) {
        if lane.spec.fixed.is_none() {
            self.code_stds = stds(&self.aimed_at);
        }
    }

    /// Encodings of the tokens that the map shows, M x d: computed once for a step, though axes,
    /// view and picture need them.
    fn latents(&mut self, lane: &Lane, step: u64) -> Result<&[f32], ExecutionError> {
        let moment = (step, lane.switches.cloud());
        if self.latents.0 != moment {
            self.latents = (moment, lane.latents_host(step)?);
        }
        Ok(&self.latents.1)
    }

    /// Moments of what the axes are fitted to at the newest point of the grid.
    pub fn aimed_at(&self) -> &Moments {
        &self.aimed_at
    }

    /// Whether axes can be fitted.
    pub fn has_finite_aim(&self) -> bool {
        self.aimed_at.is_finite()
    }

    /// Takes a new basis (the lanes' common one, or one of its own), turned to lie close to the one
    /// before, unless axes are fixed; and moves the view if it must. A lane that diverged keeps both.
    ///
    /// # Errors
    /// What the device reports.
    pub fn fit_axes(
        &mut self,
        lane: &Lane,
        mode: BasisMode,
        common: Option<&Basis>,
        step: u64,
    ) -> Result<(), ExecutionError> {
        if !self.has_finite_aim() || lane.diverged_at.is_some() {
            return Ok(());
        }
        if mode != BasisMode::Fixed {
            self.basis = match common.filter(|_| !lane.spec.is_plane()) {
                Some(common) => common.clone().aligned_with(&self.basis),
                None if lane.spec.is_plane() => basis_of(lane, &self.aimed_at),
                None => basis_of(lane, &self.aimed_at).aligned_with(&self.basis),
            };
            self.basis_step = step;
        }
        self.fit_view(lane, step)
    }

    /// Moves the view if the codes or encodings left it for good: those of the first steps swing far
    /// out and come back, and a map whose axes jump with them cannot be followed.
    ///
    /// # Errors
    /// What the device reports.
    fn fit_view(&mut self, lane: &Lane, step: u64) -> Result<(), ExecutionError> {
        self.latents(lane, step)?;
        let points = Points {
            codes: &self.basis.project(&self.codes),
            encodings: &self.basis.project(&self.latents.1),
            way: &self.way,
        };
        let patience = match self.view.fit(points) {
            Fit::Good => {
                self.unfit_since = None;
                return Ok(());
            }
            Fit::FarTooNarrow => 0,
            Fit::TooNarrow => PATIENCE,
            Fit::TooWide => 4 * PATIENCE,
        };
        let since = *self.unfit_since.get_or_insert(step);
        if step - since >= patience {
            self.view = View::around(points).unwrap_or(self.view);
            self.unfit_since = None;
        }
        Ok(())
    }

    /// The view of this lane, for lanes that share one.
    pub fn view(&self) -> View {
        self.view
    }

    /// The axes of this lane.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// Takes another lane's view together with its axes.
    pub fn adopt(&mut self, view: View, basis: &Basis) {
        self.view = view;
        self.basis = basis.clone();
    }

    /// What the panels show of the lane after `step` steps. A lane that diverged shows its last
    /// finite state. With the freshness comes the oldest step whose reconstructions a kept picture
    /// may show.
    ///
    /// # Errors
    /// What the device reports.
    pub fn show(
        &mut self,
        lane: &Lane,
        step: u64,
        mode: BasisMode,
        (freshness, oldest): (Freshness, u64),
    ) -> Result<LaneView, ExecutionError> {
        // A lane that has ended shows its last step.
        let step = lane.spec.steps.map_or(step, |last| step.min(last));
        let codes = project(lane.codebook(), &self.basis)?;
        let finite = lane.diverged_at.is_none() && codes.iter().flatten().all(|x| x.is_finite());
        if !finite && let Some(last) = &self.last {
            let mut view = last.clone();
            view.diverged_at = lane.diverged_at;
            return Ok(view);
        }
        self.latents(lane, step)?;
        let centre = self.view.centre;
        let centred = |points: Vec<[f32; 2]>| -> Vec<[f32; 2]> {
            points.into_iter().map(|p| [p[0] - centre[0], p[1] - centre[1]]).collect()
        };
        let (singular_values, transform) = match lane.codebook().w() {
            Some(w) => {
                let w = host(&w)?;
                let b = lane.codebook().b().map_or(Ok(Vec::new()), |b| host(&b))?;
                let facts = TransformFacts::new(&w, &b, &self.basis.axes);
                (spectrum::singular_values(&w, lane.spec.dim), Some(facts))
            }
            None => (Vec::new(), None),
        };
        let pictures = self.pictures(lane, step, freshness, oldest.min(step))?;
        let close = self.close(lane, step, freshness)?;
        let effective = lane.codebook().effective();
        // Passes over what lies there already cost less than tensors of as many numbers.
        let is_host = lane.reader.search == Backend::Host;
        let on_host = OnHost::of(&effective).filter(|_| is_host);
        let on_host = on_host.as_ref().and_then(OnHost::numbers);
        let since_chosen = lane.window.since_chosen();
        let stepped = lane.step_movement(&effective, on_host, &since_chosen)?;
        let (step_movement, moved) = stepped.unzip();
        // What the steps before were is not in a save, and kept pictures must not tell whether a run
        // goes on from one.
        let (tail_steps, tails) = match freshness {
            Freshness::Kept => (0, Vec::new()),
            _ => tails(lane, &self.basis)?,
        };
        let off_plane =
            off_plane(lane, (&effective, on_host), &self.basis, &codes, &self.latents.1)?;
        let dim = lane.spec.dim;
        // Of a wide codebook they are those of the newest point of the grid in a live picture.
        let latent_stds = match freshness {
            Freshness::Live if dim > CHEAP_DIM => self.latent_stds.clone(),
            _ => latent_stds(&self.latents.1, dim),
        };
        let (learn_c, learn_w) = lane.learns();
        let view = LaneView {
            facts: LaneFacts {
                id: lane.spec.id,
                step,
                has_fixed_codes: lane.spec.fixed.is_some(),
                learn_c,
                learn_w,
                warms_up_until: lane.warms_up_until(),
                lr: lane.lr,
                beta: lane.beta,
                switches: lane.switches,
                axes: Axes {
                    explained: self.basis.explained.map(|e| e as f32),
                    mode,
                    step: self.basis_step,
                    centre,
                    extent: self.view.extent,
                    are_coordinates: lane.spec.is_plane(),
                    rise: Some(self.view.rise),
                },
                counted_in: CountedIn::Tokens,
                batch: lane.window.batch(),
                window: lane.window.whole_usage(),
                eval: lane.eval,
                by_rule: Some(lane.window.by_rule(lane.eval.as_ref())),
                movement_steps: self.movement_steps,
                moved,
                tail_steps,
                transform,
                effective_rank_w: if singular_values.is_empty() {
                    lane.spec.dim as f32
                } else {
                    spectrum::effective_rank(&singular_values) as f32
                },
                diverged_at: lane.diverged_at,
            },
            codes: centred(codes),
            latents: centred(self.basis.project(&self.latents.1)),
            window_counts: lane.window.counts().to_vec(),
            ever_used: lane.window.ever().to_vec(),
            eval_counts: lane.eval_counts.clone(),
            movement: self.movement.clone(),
            step_movement: step_movement.unwrap_or_default(),
            since_chosen,
            tails: centred(tails),
            off_plane,
            latent_stds,
            code_stds: self.code_stds.clone(),
            singular_values: singular_values.into_iter().map(|s| s as f32).collect(),
            pictures,
            close,
            ..LaneView::unknown(lane.spec.id, step)
        };
        self.last = Some(view.clone());
        Ok(view)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grid_widens_with_the_work() {
        assert_eq!(grid(512, 16), 25);
        assert_eq!(grid(65_536, 64), 800);
    }
}
