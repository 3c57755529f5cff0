//! From a run to its state as plain numbers, and back.
//!
//! Random streams have no state but the step and the number of codebooks drawn, and a batch needs
//! nothing but its step, so parameters, moments, moving averages, the sliding window and a few facts
//! are all there is.

use burn::tensor::{ExecutionError, Tensor, TensorData};

use crate::engine::lane::Lane;
use crate::engine::read_back::host;
use crate::engine::window::Window;
use crate::model::Weight;
use crate::model::upkeep::Averages;
use crate::record::state::{LaneScalars, LaneState, Matrix, Parameter};
use crate::scenario::Init;

/// A saved state does not belong to the scenario that it is put into.
#[derive(Debug, thiserror::Error)]
#[error("the checkpoint does not fit its scenario ({0}); open the run again, or train it anew")]
pub struct Misfit(pub String);

/// A tensor on the host; a CPU-GPU sync point.
///
/// # Errors
/// What the device reports.
pub(super) fn matrix_of(tensor: &Tensor<2>) -> Result<Matrix, ExecutionError> {
    Ok(Matrix { shape: tensor.dims(), values: host(tensor)? })
}

fn to_tensor(matrix: Matrix, device: &burn::tensor::Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(matrix.values, matrix.shape), device)
}

impl Lane {
    /// Everything the lane needs to go on; call it when nothing is in flight.
    ///
    /// # Errors
    /// What the device reports.
    pub fn save(&mut self) -> Result<LaneState, ExecutionError> {
        let (learn_c, learn_w) = self.learns();
        // A start that comes from encodings is computed, not drawn: it is stored.
        let is_computed =
            self.spec.fixed.is_none() && matches!(self.spec.init, Init::Kmeans | Init::Features);
        let drawn = self.codebook_mut().drawn().filter(|&draw| draw > 0 || !is_computed);
        let facts = LaneScalars {
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
            averaged_batches: self.window.averages().1,
            detectors: self.detectors.clone(),
        };
        let averages = match &self.averages {
            None => None,
            Some(averages) => {
                let [counts, sums, shares] = averages.parts();
                Some([matrix_of(&counts)?, matrix_of(&sums)?, matrix_of(&shares)?])
            }
        };
        let mut parameters = Vec::new();
        for (name, weight) in self.weights_mut() {
            let value = match drawn {
                Some(_) if name == "codes" => None,
                _ => Some(matrix_of(&weight.value())?),
            };
            let moments = match weight.moments() {
                None => None,
                Some((time, first, second)) => {
                    Some((time, matrix_of(&first)?, matrix_of(&second)?))
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
            chosen_at: self.window.chosen_at().to_vec(),
            first_chosen_at: self.window.first_chosen_at().to_vec(),
            batch_averages: self.window.averages().0.to_vec(),
            eval_counts: self.eval_counts.clone(),
            track: None,
        })
    }

    /// Goes back to a state saved after `step` steps; `self` was built from the same spec.
    ///
    /// # Errors
    /// The state is of another scenario.
    pub fn restore(&mut self, state: LaneState, step: u64) -> Result<(), Misfit> {
        let facts = state.facts;
        let device = self.compute.device.clone();
        (self.lr, self.beta, self.switches) = (facts.lr, facts.beta, facts.switches);
        (self.quantizes, self.draws) = (facts.quantizes, facts.draws);
        (self.diverged_at, self.eval) = (facts.diverged_at, facts.eval);
        (self.eval_counts, self.detectors) = (state.eval_counts, facts.detectors);
        let seed = self.spec.seed;
        let switches = facts.switches;
        self.codebook_mut().reform(facts.learn_c, facts.learn_w, &switches, seed, facts.drawn);
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
        let [size, dim] = self.codebook_mut().dims();
        self.averages = match state.averages {
            None => None,
            Some(parts) => {
                let shapes = [[size, 1], [size, dim], [size, 1]];
                if parts.iter().zip(shapes).any(|(part, shape)| part.shape != shape) {
                    return Err(Misfit("its averages have another shape".into()));
                }
                let parts = parts.map(|part| to_tensor(part, &device));
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
        if ![0, size].contains(&state.first_chosen_at.len()) {
            return Err(Misfit("it knows the first uses of another number of codes".into()));
        }
        self.window.set_first_chosen_at(state.first_chosen_at);
        if ![0, size].contains(&state.chosen_at.len()) {
            return Err(Misfit("it knows the last uses of another number of codes".into()));
        }
        let tokens = self.spec.batch_samples() * self.spec.tokens;
        self.window.set_chosen_at(step, state.chosen_at, tokens);
        if ![0, size].contains(&state.batch_averages.len()) {
            return Err(Misfit("it has averages of another number of codes".into()));
        }
        self.window.set_averages(state.batch_averages, facts.averaged_batches, tokens);
        self.past.clear();
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
    let value = value.map_or_else(|| weight.value(), |value| to_tensor(value, device));
    let moments = moments
        .map(|(time, first, second)| (time, to_tensor(first, device), to_tensor(second, device)));
    weight.restore(value, moments);
    Ok(())
}
