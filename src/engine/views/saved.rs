//! What the pictures of a lane remember, in a save.

use std::sync::Arc;

use burn::tensor::{Tensor, TensorData};

use super::Track;
use super::axes::aim_of;
use crate::engine::RunError;
use crate::engine::lane::Lane;
use crate::engine::state::Misfit;
use crate::math::pca::{Basis, View};
use crate::record::state::{TrackScalars, TrackState};

impl Track {
    /// What the pictures remember, to go on from there.
    pub fn save(&self) -> TrackState {
        TrackState {
            facts: TrackScalars {
                axes: self.basis.axes.clone(),
                explained: self.basis.explained,
                basis_step: self.basis_step,
                centre: self.view.centre,
                extent: self.view.extent,
                rise: Some(self.view.rise),
                unfit_since: self.unfit_since,
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
        self.latents = ((step, lane.switches.cloud()), lane.latents_host(step)?);
        let codes = TensorData::new(state.codes.clone(), [state.codes.len() / dim, dim]);
        let codes = Tensor::from_data(codes, &lane.reader.device);
        self.aimed_at = aim_of(lane, &codes, &self.latents.1)?;
        self.measure_codes(lane);
        self.basis = Basis { axes: facts.axes, explained: facts.explained };
        self.basis_step = facts.basis_step;
        let rise = facts.rise.unwrap_or(facts.extent);
        self.view = View { centre: facts.centre, extent: facts.extent, rise };
        self.unfit_since = facts.unfit_since;
        (self.codes, self.codes_step) = (state.codes, facts.codes_step);
        (self.movement, self.movement_steps) = (state.movement, facts.movement_steps);
        self.latent_stds = state.latent_stds;
        let held_out = self.held_out.as_ref();
        let pictures = state.pictures.zip(held_out);
        self.kept_pictures = pictures.map(|(p, own)| Arc::new(own.beside_own_inputs(&p)));
        (self.last, self.newest_pictures, self.newest_close) = (None, None, None);
        Ok(())
    }
}
