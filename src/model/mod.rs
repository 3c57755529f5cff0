//! The model: encoder, quantizer, decoder.

pub mod codebook;
pub mod fsq;
pub mod kmeans;
pub mod mlp;
pub mod nearest;
pub mod quantize;
pub mod upkeep;
pub mod weight;

pub use codebook::Codebook;
pub use mlp::Mlp;
pub use weight::Weight;
