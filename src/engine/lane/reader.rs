//! Where a lane is read between its steps.

use burn::tensor::Device;

use crate::engine::device::Compute;
use crate::model::nearest::Backend;
use crate::scenario::{LaneSpec, Lookup, ModelKind};

/// Where a lane is read between steps: evaluated, projected, drawn.
#[derive(Clone)]
pub struct Reader {
    /// burn's device, without autodiff.
    pub device: Device,
    /// How nearest codes are searched there.
    pub search: Backend,
}

/// Numbers of a codebook (K·d) up to which a lane that trains on an adapter is read on the host: a few
/// thousand codes are evaluated there in the time of some steps, and no kernel but those of the steps
/// is compiled before the first picture.
const READ_ON_HOST: usize = 1 << 16;

impl Reader {
    /// That of a lane, by its settings alone.
    pub fn new(spec: &LaneSpec, compute: &Compute) -> Self {
        let is_plain = spec.kind == ModelKind::Mlp
            && spec.fixed.is_none()
            && spec.factor().is_none()
            && spec.switches.lookup != Lookup::Cosine;
        if is_plain && spec.size * spec.dim <= READ_ON_HOST {
            return Self { device: Device::flex(), search: Backend::Host };
        }
        Self { device: compute.device.clone(), search: compute.search }
    }
}
