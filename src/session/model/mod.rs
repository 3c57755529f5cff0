//! `model.safetensors`: all weights of a run's last step, complete, for Python and others.
//!
//! Each lane's arrays have `a.` or `b.` before their names. Weights are as `Lane::parameters` names
//! them, [input, output], so that a layer is x·weight + bias. `probe.x` (B x D), `probe.z` (N x d),
//! `probe.index` (N) and `probe.x_hat` (B x D) are a few inputs with what the program made of them.

use serde::{Deserialize, Serialize};

use crate::archive::{ArchiveError, Arrays};
use crate::engine::{Run, RunError};
use crate::scenario::{Fixed, Lookup, ModelKind, TransformForm};

/// Why there is no file of weights.
#[derive(Debug, thiserror::Error)]
pub enum ModelError {
    /// The device fails.
    #[error(transparent)]
    Run(#[from] RunError),
    /// They cannot be put into a file.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}

/// What of a model is no array.
#[derive(Debug, Serialize, Deserialize)]
pub struct About {
    /// Steps trained.
    pub step: u64,
    /// One a lane.
    pub lanes: Vec<LaneAbout>,
}

/// What is needed to rebuild one lane.
#[derive(Debug, Serialize, Deserialize)]
pub struct LaneAbout {
    /// "a" or "b".
    pub name: String,
    /// Tokens a sample.
    pub tokens: usize,
    /// Which networks stand around the codes.
    #[serde(default)]
    pub kind: ModelKind,
    /// Width of a token as the encoder gives it.
    pub latent: usize,
    /// Width of a code, d.
    pub dim: usize,
    /// Number of codes, K.
    pub size: usize,
    /// Whether W and b are there.
    pub learn_w: bool,
    /// Form of W.
    pub transform: TransformForm,
    /// How an encoding finds its code.
    pub lookup: Lookup,
    /// Levels of a fixed grid (FSQ), which bounds the encodings.
    pub levels: Option<Vec<usize>>,
    /// Width of LFQ's signs.
    pub bits: Option<usize>,
}

/// The file of a run's weights as they are now.
///
/// # Errors
/// What the device reports, or the description cannot be put into words.
pub fn to_bytes(run: &Run) -> Result<Vec<u8>, ModelError> {
    let mut arrays = Arrays::default();
    let mut lanes = Vec::new();
    for lane in run.lanes() {
        let spec = &lane.spec;
        let name = |what: &str| format!("{}.{what}", spec.id.name());
        let (weights, probe) = lane.model(run.step_count()).map_err(RunError::from)?;
        for (own, matrix) in weights {
            arrays.put_f32(name(&own), &matrix.shape, matrix.values);
        }
        for (what, matrix) in [("x", probe.x), ("z", probe.z), ("x_hat", probe.x_hat)] {
            arrays.put_f32(name(&format!("probe.{what}")), &matrix.shape, matrix.values);
        }
        arrays.put_i32(name("probe.index"), &[probe.index.len()], probe.index);
        let (levels, bits) = spec.fixed.as_ref().map(Fixed::keys).unwrap_or_default();
        lanes.push(LaneAbout {
            name: spec.id.name().into(),
            tokens: spec.tokens,
            kind: spec.kind,
            latent: spec.latent,
            dim: spec.dim,
            size: spec.size,
            learn_w: lane.learns().1,
            transform: lane.switches.transform,
            lookup: lane.switches.lookup,
            levels,
            bits,
        });
    }
    Ok(arrays.to_bytes(&About { step: run.step_count(), lanes })?)
}

#[cfg(test)]
mod tests;
