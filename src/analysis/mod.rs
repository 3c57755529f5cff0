//! Numbers about a codebook that need no tensor: usage, PCA, spectra, bounded series.

pub mod history;
pub mod usage;
