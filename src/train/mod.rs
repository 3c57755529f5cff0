//! Training: the run of twin lanes, the thread that owns it, and what it hands out.

pub mod command;
pub mod snapshot;
