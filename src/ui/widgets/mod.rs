//! Pieces that many panes are made of; they know nothing of the run.

pub mod fields;
pub mod fonts;
pub mod helped;
pub mod icons;
pub mod ink;
pub mod lit;
pub mod markers;
pub mod plot;
pub mod text;
pub mod theme;
pub mod tokens;
pub mod zoom;
