//! vqscope: watch a VQ codebook collapse, and SimVQ cure it, live in one window.

pub mod analysis;
pub mod scenario;
pub mod train;
