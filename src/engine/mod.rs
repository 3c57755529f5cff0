//! Training: twin lanes in lock-step, their evaluation and pictures, the device that computes them.

mod counted;
pub mod device;
mod error;
mod evaluate;
pub mod lane;
pub mod limits;
mod moments;
mod motion;
mod parallel;
mod past;
mod pending;
mod probe;
mod read_back;
pub mod run;
pub mod schedule;
mod slow;
pub mod state;
#[cfg(test)]
pub(crate) mod tests;
pub mod views;
mod window;

pub use error::RunError;
pub use run::Run;
