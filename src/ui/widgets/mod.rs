//! Pieces that many panes are made of; they know nothing of the run.

pub mod text;
pub mod theme;
pub mod zoom;
