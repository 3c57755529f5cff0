//! Numbers about a codebook that need no tensor: usage, PCA, spectra, bounded series.

pub mod detect;
pub mod eigen;
pub mod figures;
pub mod history;
pub mod life;
pub mod movement;
pub mod pca;
pub mod spectrum;
pub mod usage;
