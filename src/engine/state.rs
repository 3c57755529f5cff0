//! Everything that a run needs to go on as if it had never stopped, as plain numbers.
//!
//! Random streams have no state but the step and the number of codebooks drawn, and a batch needs
//! nothing but its step, so parameters, moments, moving averages, the sliding window and a few facts
//! are all there is.

use std::sync::Arc;

use burn::tensor::{ExecutionError, Tensor, TensorData};
use serde::{Deserialize, Serialize};

use crate::analysis::detect::Detectors;
use crate::engine::lane::Lane;
use crate::engine::pending::Window;
use crate::engine::schedule::Schedule;
use crate::model::Weight;
use crate::model::upkeep::Averages;
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::setting::BasisMode;
use crate::record::snapshot::Pictures;
use crate::record::usage::Evaluation;
use crate::scenario::{Init, LaneId, Switches};

/// A saved state does not belong to the scenario that it is put into.
#[derive(Debug, thiserror::Error)]
#[error("the checkpoint does not fit its scenario ({0}); open the run again, or train it anew")]
pub struct Misfit(pub String);

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
pub struct LaneFacts {
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
    /// What the detectors remember.
    pub detectors: Detectors,
}

/// A lane between two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneState {
    /// What is no array.
    pub facts: LaneFacts,
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
    /// Uses of each code at the newest evaluation, K.
    pub eval_counts: Vec<u32>,
    /// What its pictures remember between steps, where it has pictures.
    pub track: Option<TrackState>,
}

/// What the pictures of a lane remember between steps.
#[derive(Clone, Debug, PartialEq)]
pub struct TrackState {
    /// What is no array.
    pub facts: TrackFacts,
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
pub struct TrackFacts {
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
            arrays + window + lane.census.len() + lane.ever.len() + 4 * lane.eval_counts.len()
        };
        self.lanes.iter().map(lane).sum()
    }
}

impl Matrix {
    /// CPU-GPU sync point.
    pub(crate) fn of(tensor: &Tensor<2>) -> Result<Self, ExecutionError> {
        let data = tensor.clone().try_into_data()?.convert::<f32>();
        let values = data.try_into_vec().unwrap_or_default();
        Ok(Self { shape: tensor.dims(), values })
    }

    fn into_tensor(self, device: &burn::tensor::Device) -> Tensor<2> {
        Tensor::from_data(TensorData::new(self.values, self.shape), device)
    }
}

impl Lane {
    /// Everything the lane needs to go on; call it when nothing is in flight.
    ///
    /// # Errors
    /// What the device reports.
    pub fn save(&mut self) -> Result<LaneState, ExecutionError> {
        let (learn_c, learn_w) = self.codebook.learns();
        // A start that comes from encodings is computed, not drawn: it is stored.
        let is_computed =
            self.spec.fixed.is_none() && matches!(self.spec.init, Init::Kmeans | Init::Features);
        let drawn = self.codebook.drawn().filter(|&draw| draw > 0 || !is_computed);
        let facts = LaneFacts {
            id: self.spec.id,
            lr: self.lr,
            beta: self.beta,
            learn_c,
            learn_w,
            switches: self.switches,
            quantizes: self.quantizes,
            draws: self.draws,
            drawn,
            diverged_at: self.diverged_at,
            eval: self.eval,
            detectors: self.detectors.clone(),
        };
        let averages = match &self.averages {
            None => None,
            Some(averages) => {
                let [counts, sums, shares] = averages.parts();
                Some([Matrix::of(&counts)?, Matrix::of(&sums)?, Matrix::of(&shares)?])
            }
        };
        let mut parameters = Vec::new();
        for (name, weight) in self.weights_mut() {
            let value = match drawn {
                Some(_) if name == "codes" => None,
                _ => Some(Matrix::of(&weight.value())?),
            };
            let moments = match weight.moments() {
                None => None,
                Some((time, first, second)) => {
                    Some((time, Matrix::of(&first)?, Matrix::of(&second)?))
                }
            };
            parameters.push(Parameter { name, value, moments });
        }
        Ok(LaneState {
            facts,
            parameters,
            averages,
            window: self.window.batches().map(<[i32]>::to_vec).collect(),
            census: self.window.census().to_vec(),
            ever: self.window.ever().to_vec(),
            eval_counts: self.eval_counts.clone(),
            track: None,
        })
    }

    /// Goes back to a saved state; `self` was built from the same spec.
    ///
    /// # Errors
    /// The state is of another scenario.
    pub fn restore(&mut self, state: LaneState) -> Result<(), Misfit> {
        let facts = state.facts;
        let device = self.compute.device.clone();
        (self.lr, self.beta, self.switches) = (facts.lr, facts.beta, facts.switches);
        (self.quantizes, self.draws) = (facts.quantizes, facts.draws);
        (self.diverged_at, self.eval) = (facts.diverged_at, facts.eval);
        (self.eval_counts, self.detectors) = (state.eval_counts, facts.detectors);
        let seed = self.spec.seed;
        let switches = facts.switches;
        self.codebook.reform(facts.learn_c, facts.learn_w, &switches, seed, facts.drawn);
        let mut saved = state.parameters;
        for (name, weight) in self.weights_mut() {
            let place = saved
                .iter()
                .position(|p| p.name == name)
                .ok_or_else(|| Misfit(format!("it has no {name}")))?;
            let Parameter { value, moments, .. } = saved.swap_remove(place);
            restore(&name, weight, value, moments, &device)?;
        }
        if let Some(rest) = saved.first() {
            return Err(Misfit(format!("nothing here is called {}", rest.name)));
        }
        let [size, dim] = self.codebook.dims();
        self.averages = match state.averages {
            None => None,
            Some(parts) => {
                let shapes = [[size, 1], [size, dim], [size, 1]];
                if parts.iter().zip(shapes).any(|(part, shape)| part.shape != shape) {
                    return Err(Misfit("its averages have another shape".into()));
                }
                let parts = parts.map(|part| part.into_tensor(&device));
                Some(Averages::from_parts(parts, self.spec.batch_tokens))
            }
        };
        self.window = Window::new(size, self.spec.window_tokens);
        for batch in &state.window {
            if batch.iter().any(|&code| code < 0 || code as usize >= size) {
                return Err(Misfit("its window names codes that are not there".into()));
            }
            self.window.push(batch);
        }
        if ![0, size].contains(&state.census.len()) {
            return Err(Misfit("its census is of another number of codes".into()));
        }
        self.window.set_census(state.census);
        if ![0, size].contains(&state.ever.len()) {
            return Err(Misfit("it knows the past of another number of codes".into()));
        }
        self.window.set_ever(state.ever);
        Ok(())
    }
}

fn restore(
    name: &str,
    weight: &mut Weight,
    value: Option<Matrix>,
    moments: Option<(usize, Matrix, Matrix)>,
    device: &burn::tensor::Device,
) -> Result<(), Misfit> {
    let shape = weight.value().dims();
    let parts = moments.iter().flat_map(|(_, first, second)| [first, second]).chain(&value);
    if let Some(other) = parts.into_iter().find(|part| part.shape != shape) {
        let ([r, c], [rows, columns]) = (other.shape, shape);
        return Err(Misfit(format!("{name} is {r} x {c} there and {rows} x {columns} here")));
    }
    let value = value.map_or_else(|| weight.value(), |value| value.into_tensor(device));
    let moments = moments
        .map(|(time, first, second)| (time, first.into_tensor(device), second.into_tensor(device)));
    weight.restore(value, moments);
    Ok(())
}
