//! Training: the run of twin lanes, the thread that owns it, and what it hands out.

mod abreast;
pub mod command;
pub mod device;
mod evaluate;
pub mod feed;
pub mod film;
mod flight;
pub mod guard;
pub mod lane;
pub mod limits;
mod probe;
pub mod recorder;
pub mod run;
pub mod schedule;
pub mod snapshot;
pub mod state;
#[cfg(test)]
mod tests;
pub mod views;
pub mod visit;
pub mod worker;

pub use run::{Run, RunError};
