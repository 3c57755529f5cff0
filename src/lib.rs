//! vqscope: watch a VQ codebook collapse, and SimVQ cure it, live in one window.

pub mod analysis;
pub mod cli;
pub mod data;
pub mod headless;
pub mod model;
pub mod rng;
pub mod scenario;
pub mod train;
