//! Pictures of a lane: codes on two axes, movement, spectrum, reconstructions.
//!
//! Axes, extents and movement change on a fixed grid of steps, so that the picture at a step does
//! not depend on when the window asked for earlier ones.

mod pictures;

use std::sync::Arc;
use std::time::{Duration, Instant};

use burn::tensor::{ExecutionError, Tensor, TensorData};

use crate::analysis::movement::distances;
use crate::analysis::pca::{Basis, View, principal_stds};
use crate::analysis::{spectrum, usage};
use crate::model::Codebook;
use crate::model::nearest::Search;
use crate::train::command::BasisMode;
use crate::train::lane::Lane;
use crate::train::run::RunError;
use crate::train::snapshot::{Axes, LaneView, Pictures, Usage};
use crate::train::state::{Misfit, TrackFacts, TrackState};
use pictures::HeldOut;

/// Tokens of the evaluation set whose encodings the code map shows; the same at every step.
const LATENTS: usize = 512;

/// Multiplications that one round of PCA may cost before the grid of steps becomes wider.
const PCA_WORK: usize = 1 << 23;

/// How old reconstructions on the screen may be while training goes on: they cost as much as a step,
/// and change slower than the eye follows.
const PICTURE_AGE: Duration = Duration::from_millis(200);

/// Times their own cost that the next reconstructions wait, so that with a large codebook they take
/// at most so small a part of the time.
const PICTURE_SHARE: u32 = 50;

/// The longest that they wait, whatever they cost: the first ones on a GPU wait for its kernels to be
/// compiled, which says nothing of the next ones.
const MOST_PICTURE_AGE: Duration = Duration::from_secs(4);

/// Samples that go through the perceptrons at once on the CPU. The backend shares larger products
/// out over all cores, where the lanes, which are shown side by side, get into each other's way.
const HOST_PASS: usize = 256;

/// Steps between two points of the grid when PCA is cheap.
const GRID: u64 = 25;

/// Steps between two sets of reconstructions in kept pictures; the others show the set before.
pub const KEPT_PICTURE_STEPS: u64 = 100;

/// Steps between two points of the grid for K codes of width d.
pub fn grid(size: usize, dim: usize) -> u64 {
    GRID * (size * dim * dim).div_ceil(PCA_WORK).max(1) as u64
}

/// What the pictures of a lane remember between steps.
pub struct Track {
    basis: Basis,
    basis_step: u64,
    view: View,
    /// E at the newest point of the grid, K x d.
    codes: Vec<f32>,
    codes_step: u64,
    /// What the axes are fitted to, rows of d numbers: E, or the encodings where nothing moves E,
    /// because a grid has no direction of its own.
    aimed_at: Vec<f32>,
    latent_stds: Vec<f32>,
    /// Encodings of the tokens that the map shows, and the step whose encoder made them.
    latents: (u64, Vec<f32>),
    movement: Vec<f32>,
    movement_steps: u64,
    pictures: HeldOut,
    /// Reconstructions of the newest kept picture.
    kept_pictures: Option<Arc<Pictures>>,
    last: Option<LaneView>,
    /// The newest reconstructions, and until when they are new enough for a window.
    newest_pictures: Option<(Instant, Arc<Pictures>)>,
}

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
    /// Axes of the initial codebook.
    ///
    /// # Errors
    /// What the device reports.
    pub fn new(lane: &Lane) -> Result<Self, ExecutionError> {
        let codes = lane.effective_host()?;
        let latents = lane.latents_host()?;
        let aimed_at = aim_of(lane, &codes, &latents);
        let basis = Basis::fit(&aimed_at, lane.spec.dim);
        let latent_stds = latent_stds(&latents, lane.spec.dim);
        let placed = basis.project(&latents);
        let view = View::of(basis.project(&codes).into_iter().chain(placed), None);
        Ok(Self {
            basis,
            basis_step: 0,
            view,
            codes,
            codes_step: 0,
            aimed_at,
            latent_stds,
            latents: (0, latents),
            movement: Vec::new(),
            movement_steps: 0,
            pictures: HeldOut::new(lane),
            kept_pictures: None,
            last: None,
            newest_pictures: None,
        })
    }

    /// A point of the grid: notes how far each code moved and takes E for the axes.
    ///
    /// # Errors
    /// What the device reports.
    pub fn note(&mut self, lane: &Lane, step: u64) -> Result<(), ExecutionError> {
        let codes = lane.effective_host()?;
        let dim = lane.spec.dim;
        self.movement = distances(&self.codes, &codes, dim);
        self.movement_steps = step - self.codes_step;
        let latents = self.latents(lane, step)?;
        let (aimed_at, stds) = (aim_of(lane, &codes, latents), latent_stds(latents, dim));
        (self.aimed_at, self.latent_stds) = (aimed_at, stds);
        self.codes = codes;
        self.codes_step = step;
        Ok(())
    }

    /// Encodings of the tokens that the map shows, M x d: computed once for a step, though axes,
    /// view and picture need them.
    fn latents(&mut self, lane: &Lane, step: u64) -> Result<&[f32], ExecutionError> {
        if self.latents.0 != step {
            self.latents = (step, lane.latents_host()?);
        }
        Ok(&self.latents.1)
    }

    /// What the axes are fitted to at the newest point of the grid, rows of d numbers.
    pub fn aimed_at(&self) -> &[f32] {
        &self.aimed_at
    }

    /// Whether axes can be fitted.
    pub fn has_finite_aim(&self) -> bool {
        self.aimed_at.iter().all(|x| x.is_finite())
    }

    /// Takes a new basis (the lanes' common one, or one of its own), turned to lie close to the one
    /// before, unless axes are fixed; and moves the view if it must. A lane that diverged keeps both.
    ///
    /// # Errors
    /// What the device reports.
    pub fn aim(
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
            let own = || Basis::fit(&self.aimed_at, lane.spec.dim);
            self.basis = common.cloned().unwrap_or_else(own).aligned_with(&self.basis);
            self.basis_step = step;
        }
        self.look(lane, step)
    }

    /// Moves the view if the codes or encodings left it.
    ///
    /// # Errors
    /// What the device reports.
    fn look(&mut self, lane: &Lane, step: u64) -> Result<(), ExecutionError> {
        self.latents(lane, step)?;
        let latents = self.basis.project(&self.latents.1);
        let points = self.basis.project(&self.codes).into_iter().chain(latents);
        self.view = View::of(points, Some(self.view));
        Ok(())
    }

    /// Leaves time out of the age of live reconstructions.
    pub fn leave_out(&mut self, time: Duration) {
        if let Some((until, _)) = &mut self.newest_pictures {
            *until += time;
        }
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
    pub fn share(&mut self, view: View, basis: &Basis) {
        self.view = view;
        self.basis = basis.clone();
    }

    /// What the panels show of the lane after `step` steps. A lane that diverged shows its last
    /// finite state.
    ///
    /// # Errors
    /// What the device reports.
    pub fn show(
        &mut self,
        lane: &Lane,
        step: u64,
        mode: BasisMode,
        freshness: Freshness,
    ) -> Result<LaneView, ExecutionError> {
        let codes = project(&lane.codebook, &self.basis)?;
        let finite = lane.diverged_at.is_none() && codes.iter().flatten().all(|x| x.is_finite());
        if !finite && let Some(last) = &self.last {
            return Ok(LaneView { diverged_at: lane.diverged_at, ..last.clone() });
        }
        self.latents(lane, step)?;
        let centre = self.view.centre;
        let centred = |points: Vec<[f32; 2]>| -> Vec<[f32; 2]> {
            points.into_iter().map(|p| [p[0] - centre[0], p[1] - centre[1]]).collect()
        };
        let singular_values = match lane.codebook.w() {
            Some(w) => lane.singular_values(&w)?,
            None => Vec::new(),
        };
        let known = match freshness {
            Freshness::Still => None,
            Freshness::Live => {
                let newest = self.newest_pictures.as_ref();
                newest.filter(|(until, _)| Instant::now() < *until).map(|(_, p)| p.clone())
            }
            Freshness::Kept => {
                let is_old = |p: u64| step / KEPT_PICTURE_STEPS > p / KEPT_PICTURE_STEPS;
                self.kept_pictures.clone().filter(|p| !is_old(p.step))
            }
        };
        let pictures = match known {
            Some(known) => known,
            None => {
                let start = Instant::now();
                let made = Arc::new(self.pictures.reconstructed(lane, step)?);
                let age = PICTURE_SHARE * start.elapsed();
                let until = start + age.clamp(PICTURE_AGE, MOST_PICTURE_AGE);
                self.newest_pictures = Some((until, made.clone()));
                made
            }
        };
        if freshness == Freshness::Kept {
            self.kept_pictures = Some(pictures.clone());
        }
        let (learn_c, learn_w) = lane.codebook.learns();
        let view = LaneView {
            id: lane.spec.id,
            step: lane.spec.steps.map_or(step, |last| step.min(last)),
            has_fixed_codes: lane.spec.fixed.is_some(),
            learn_c,
            learn_w,
            warms_up_until: lane.warms_up_until(),
            lr: lane.lr,
            beta: lane.beta,
            switches: lane.switches,
            codes: centred(codes),
            latents: centred(self.basis.project(&self.latents.1)),
            axes: Axes {
                explained: self.basis.explained.map(|e| e as f32),
                mode,
                step: self.basis_step,
                centre,
                extent: self.view.extent,
            },
            window_counts: lane.window.counts().to_vec(),
            eval_counts: lane.eval_counts.clone(),
            batch: lane.window.batch(),
            window: Usage {
                perplexity: usage::perplexity(lane.window.counts()),
                ..lane.window.usage()
            },
            eval: lane.eval,
            movement: self.movement.clone(),
            movement_steps: self.movement_steps,
            effective_rank_w: if singular_values.is_empty() {
                lane.spec.dim as f32
            } else {
                spectrum::effective_rank(&singular_values) as f32
            },
            latent_stds: self.latent_stds.clone(),
            singular_values: singular_values.into_iter().map(|s| s as f32).collect(),
            pictures: Some(pictures),
            diverged_at: lane.diverged_at,
        };
        self.last = Some(view.clone());
        Ok(view)
    }

    /// What the pictures remember, to go on from there.
    pub fn save(&self) -> TrackState {
        TrackState {
            facts: TrackFacts {
                axes: self.basis.axes.clone(),
                explained: self.basis.explained,
                basis_step: self.basis_step,
                centre: self.view.centre,
                extent: self.view.extent,
                codes_step: self.codes_step,
                movement_steps: self.movement_steps,
            },
            codes: self.codes.clone(),
            movement: self.movement.clone(),
            latent_stds: self.latent_stds.clone(),
            pictures: self.kept_pictures.clone(),
        }
    }

    /// Goes back to what was saved.
    ///
    /// # Errors
    /// What the device reports; or the state is of another scenario.
    pub fn restore(&mut self, lane: &Lane, state: TrackState, step: u64) -> Result<(), RunError> {
        let (dim, facts) = (lane.spec.dim, state.facts);
        let fits =
            state.codes.len() == self.codes.len() && facts.axes.iter().all(|a| a.len() == dim);
        if !fits {
            return Err(Misfit("its code map has another width".into()).into());
        }
        self.latents = (step, lane.latents_host()?);
        self.aimed_at = aim_of(lane, &state.codes, &self.latents.1);
        self.basis = Basis { axes: facts.axes, explained: facts.explained };
        self.basis_step = facts.basis_step;
        self.view = View { centre: facts.centre, extent: facts.extent };
        (self.codes, self.codes_step) = (state.codes, facts.codes_step);
        (self.movement, self.movement_steps) = (state.movement, facts.movement_steps);
        self.latent_stds = state.latent_stds;
        self.kept_pictures = state.pictures.map(|p| Arc::new(self.pictures.beside_own_inputs(&p)));
        (self.last, self.newest_pictures) = (None, None);
        Ok(())
    }
}

fn aim_of(lane: &Lane, codes: &[f32], latents: &[f32]) -> Vec<f32> {
    if lane.spec.fixed.is_some() { latents.to_vec() } else { codes.to_vec() }
}

fn latent_stds(latents: &[f32], dim: usize) -> Vec<f32> {
    principal_stds(latents, dim).into_iter().map(|s| s as f32).collect()
}

impl Lane {
    /// E on the host, K x d.
    fn effective_host(&self) -> Result<Vec<f32>, ExecutionError> {
        host(&self.codebook.effective())
    }

    /// Encodings of the first tokens of the evaluation set, at most 512 x d.
    fn latents_host(&self) -> Result<Vec<f32>, ExecutionError> {
        let [samples, _] = self.eval_set.dims();
        let most = LATENTS.div_ceil(self.spec.tokens).min(samples);
        let shown = self.eval_set.clone().slice([0..most]);
        let mut latents = host(&self.encode_in_passes(&shown))?;
        latents.truncate(LATENTS * self.spec.dim);
        Ok(latents)
    }

    /// Encodings of many samples, without autodiff: B x D to N x d.
    fn encode_in_passes(&self, samples: &Tensor<2>) -> Tensor<2> {
        self.in_passes(samples, HOST_PASS, |x| self.encode(x))
    }

    /// What `work` makes of rows, on the CPU at most `pass` of them at a time.
    fn in_passes(
        &self,
        rows: &Tensor<2>,
        pass: usize,
        work: impl Fn(Tensor<2>) -> Tensor<2>,
    ) -> Tensor<2> {
        let [count, _] = rows.dims();
        if self.compute.search == Search::Device || count <= pass {
            return work(rows.clone());
        }
        let part = |start: usize| work(rows.clone().slice([start..(start + pass).min(count)]));
        Tensor::cat((0..count).step_by(pass).map(part).collect(), 0)
    }
}

/// Coordinates of the codes on two axes: a product on the device, so that K x 2 numbers and not
/// K x d come to the host for each picture.
fn project(codebook: &Codebook, basis: &Basis) -> Result<Vec<[f32; 2]>, ExecutionError> {
    let (codes, [_, dim]) = (codebook.codes(), codebook.dims());
    let axes = (0..2 * dim).map(|i| basis.axes[i % 2][i / 2] as f32).collect();
    let axes = Tensor::<2>::from_data(TensorData::new::<f32, _>(axes, [dim, 2]), &codes.device());
    let along = host(&codebook.projected(axes))?;
    Ok(along.as_chunks::<2>().0.to_vec())
}

/// CPU-GPU sync point.
fn host(t: &Tensor<2>) -> Result<Vec<f32>, ExecutionError> {
    Ok(t.try_to_data()?.convert::<f32>().try_into_vec::<f32>().unwrap_or_default())
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
