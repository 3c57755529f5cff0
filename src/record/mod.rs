//! What a run tells: plain data, no tensor and no file.
//!
//! The engine fills it, the archive keeps it, and everything that shows a run reads it. Whoever wants
//! to read a run needs this room and the description of a run ([`crate::scenario`]), nothing else.

pub mod answer;
pub mod close;
pub mod counted;
pub mod event;
pub mod judgement;
pub mod life;
pub mod metric;
pub mod motion;
pub mod moves;
pub mod notice;
pub mod pen;
pub mod reason;
pub mod setting;
pub mod snapshot;
pub mod state;
pub mod status;
pub mod steer;
pub mod thumbnail;
pub mod token_step;
pub mod transform;
pub mod usage;
pub mod watching;

pub use metric::row;
