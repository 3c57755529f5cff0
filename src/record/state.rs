//! Everything that a run needs to go on as if it had never stopped, as plain numbers.

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::record::event::Event;
use crate::record::metric::Evaluation;
use crate::record::row::StepRow;
use crate::record::setting::BasisMode;
use crate::record::snapshot::Pictures;
use crate::scenario::{LaneId, Switches};

/// A run between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// Steps trained.
    pub step: u64,
    /// How the axes of the code maps are chosen.
    pub basis_mode: BasisMode,
    /// What decides about evaluations and reconstructions.
    pub schedule: Schedule,
    /// Rows that were not handed out yet.
    pub rows: Vec<StepRow>,
    /// Events that were not handed out yet.
    pub events: Vec<Event>,
    /// One state a lane, in order.
    pub lanes: Vec<LaneState>,
}

/// A matrix on the host, row by row.
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    /// Rows and columns.
    pub shape: [usize; 2],
    /// All numbers.
    pub values: Vec<f32>,
}

/// A parameter with its optimizer state.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, as in `Lane::parameters`.
    pub name: String,
    /// Its value; `None` for a C that is drawn again from the seed.
    pub value: Option<Matrix>,
    /// Steps of Adam, first and second moments, where it has learned.
    pub moments: Option<(usize, Matrix, Matrix)>,
}

/// What of a lane is no array.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneScalars {
    /// Which lane.
    pub id: LaneId,
    /// Learning rate now.
    pub lr: f64,
    /// Weight of the commitment loss now.
    pub beta: f64,
    /// Whether C learns.
    pub learn_c: bool,
    /// Whether W and b learn.
    pub learn_w: bool,
    /// All other switches of the method now.
    pub switches: Switches,
    /// Whether encodings are quantized by now.
    pub quantizes: bool,
    /// Fresh codebooks drawn so far.
    pub draws: u64,
    /// Number of the draw that C still is.
    pub drawn: Option<u64>,
    /// First step whose loss was not finite.
    pub diverged_at: Option<u64>,
    /// The newest evaluation.
    pub eval: Option<Evaluation>,
    /// Batches of which [`LaneState::batch_averages`] are; 0 in a state saved by an earlier version.
    #[serde(default)]
    pub averaged_batches: u64,
    /// What the detectors remember.
    pub detectors: Detectors,
}

/// A lane between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneState {
    /// What is no array.
    pub facts: LaneScalars,
    /// Every weight.
    pub parameters: Vec<Parameter>,
    /// N_k, m_k and P_k, where something keeps them.
    pub averages: Option<[Matrix; 3]>,
    /// Code indices of the batches in the sliding window, oldest first.
    pub window: Vec<Vec<i32>>,
    /// Whether each code was in use at the newest count of births and deaths, K; empty before it.
    pub census: Vec<bool>,
    /// Whether each code was ever in use since it is there, K; empty where that is not known.
    pub ever: Vec<bool>,
    /// The step at which each code was chosen last, K, 0 where it never was; empty where that is not
    /// known.
    pub chosen_at: Vec<u32>,
    /// The step at which each code was chosen first, K, 0 where it never was; empty where that is not
    /// known.
    pub first_chosen_at: Vec<u32>,
    /// Moving averages of the counts of batches, K; empty where they are not known.
    pub batch_averages: Vec<f32>,
    /// Uses of each code at the newest evaluation, K.
    pub eval_counts: Vec<u32>,
    /// What its pictures remember between steps, where it has pictures.
    pub track: Option<TrackState>,
}

/// What the pictures of a lane remember between steps.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackState {
    /// What is no array.
    pub facts: TrackScalars,
    /// E at the newest point of the record, K x d.
    pub codes: Vec<f32>,
    /// Distance that each code moved between the newest two points, K.
    pub movement: Vec<f32>,
    /// Standard deviations of the encodings along their principal axes.
    pub latent_stds: Vec<f32>,
    /// The reconstructions of the newest kept picture.
    pub pictures: Option<Arc<Pictures>>,
}

/// What of a [`TrackState`] is no array.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrackScalars {
    /// The two axes, d numbers each.
    pub axes: [Vec<f64>; 2],
    /// Share of the variance along each.
    pub explained: [f64; 2],
    /// Step whose codebook gave the axes.
    pub basis_step: u64,
    /// Middle of the view.
    pub centre: [f32; 2],
    /// Half its width.
    pub extent: f32,
    /// Half its height; saves of earlier versions have square views.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rise: Option<f32>,
    /// The step since which the view has not fitted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unfit_since: Option<u64>,
    /// Step of the newest point of the record.
    pub codes_step: u64,
    /// Steps that the movement spans.
    pub movement_steps: u64,
}

impl RunState {
    /// Bytes of its arrays.
    pub fn bytes(&self) -> usize {
        let matrix = |m: &Matrix| 4 * m.values.len();
        let lane = |lane: &LaneState| -> usize {
            let parameters = lane.parameters.iter().map(|p| {
                let moments = p.moments.as_ref().map_or(0, |(_, m, v)| matrix(m) + matrix(v));
                p.value.as_ref().map_or(0, matrix) + moments
            });
            let averages = lane.averages.iter().flatten().map(matrix);
            let window: usize = lane.window.iter().map(|batch| 4 * batch.len()).sum();
            let track = lane.track.iter().map(|t| {
                let grey: usize = t.pictures.iter().flat_map(|p| &p.outputs).map(Vec::len).sum();
                4 * (t.codes.len() + t.movement.len() + t.latent_stds.len()) + grey
            });
            let arrays: usize = parameters.chain(averages).chain(track).sum();
            arrays
                + window
                + lane.census.len()
                + lane.ever.len()
                + 4 * (lane.eval_counts.len() + lane.chosen_at.len())
                + 4 * (lane.first_chosen_at.len() + lane.batch_averages.len())
        };
        self.lanes.iter().map(lane).sum()
    }
}

/// What of a run's past decides about its evaluations and pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// Steps trained at the newest change of a setting.
    pub(crate) changed: Option<u64>,
    /// The same of the first of the changes that belong together.
    pub(crate) change_began: Option<u64>,
    /// Evaluations beside the regular ones so far.
    pub(crate) extra: u64,
    /// Step of the newest of them.
    pub(crate) newest_extra: Option<u64>,
}

/// The detectors of one lane, with what they remember.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Detectors {
    pub(crate) lane: LaneId,
    pub(crate) size: usize,
    pub(crate) window_tokens: usize,
    /// Shares of the newest steps in a row that were below `analysis::detect::FEW`, at most `analysis::detect::LASTING_LOW`.
    pub(crate) low: VecDeque<f64>,
    pub(crate) recovery: Lasting,
    pub(crate) saturation: Lasting,
    pub(crate) desaturation: Lasting,
    pub(crate) is_collapsed: bool,
    pub(crate) is_saturated: bool,
    pub(crate) is_running_away: bool,
    /// Step and RMS norm of the evaluations within the newest `analysis::detect::GROWTH_STEPS` steps.
    pub(crate) norms: VecDeque<(u64, f64)>,
    /// Step and greatest finite RMS norm so far.
    pub(crate) greatest: Option<(u64, f64)>,
    /// Evaluations in a row whose error was not below that of the training set's mean picture.
    #[serde(default)]
    pub(crate) no_better: u64,
    #[serde(default)]
    pub(crate) learns_nothing: bool,
}

/// A condition and the steps in a row for which it has held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Lasting(pub(crate) u64);
