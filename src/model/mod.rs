//! The model: encoder, quantizer, decoder.

pub mod codebook;
pub mod fixed;
pub mod fsq;
pub mod initial;
pub mod kmeans;
pub mod lfq;
pub mod linear;
pub mod nearest;
pub mod nets;
pub mod quantize;
pub mod rows;
pub mod step;
pub mod transform;
pub mod upkeep;
pub mod weight;

pub use codebook::Codebook;
pub use nets::Nets;
pub use weight::Weight;
