//! Linear algebra on plain numbers: eigenvalues, principal axes, spectra, movement.

pub mod eigen;
pub mod movement;
pub mod pca;
pub mod spectrum;
mod tridiagonal;
pub mod truncated;
