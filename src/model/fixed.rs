//! Codes that nothing moves, and what each kind of them asks of the model.
//!
//! A further kind is a file with its formulas, a variant of [`Fixed`], and an arm of each function here.

use burn::tensor::Device;

use crate::model::fsq::{self, Fsq};
use crate::model::quantize::Weights;
use crate::model::{Weight, lfq};
use crate::scenario::Fixed;

/// All codes, K x d.
pub fn codes(fixed: &Fixed, device: &Device) -> Weight {
    match fixed {
        Fixed::Levels(levels) => fsq::grid(levels, device),
        Fixed::Bits(bits) => lfq::corners(*bits, device),
    }
}

/// The box into which encodings are brought before the lookup, where there is one.
pub fn boundary(fixed: &Fixed, device: &Device) -> Option<Fsq> {
    match fixed {
        Fixed::Levels(levels) => Some(Fsq::new(levels, device)),
        Fixed::Bits(_) => None,
    }
}

/// How the terms of the loss add up, of those that a codebook would have.
pub fn weights(fixed: &Fixed, of_codebook: Weights) -> Weights {
    match fixed {
        // A grid needs no loss of its own: nothing pulls it, and the box holds the encodings.
        Fixed::Levels(_) => Weights::default(),
        Fixed::Bits(_) => {
            let Weights { commitment, entropy, .. } = of_codebook;
            Weights { commitment, entropy, ..Weights::default() }
        }
    }
}
