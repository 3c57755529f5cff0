//! What the window is drawn on: a screen, a picture, a film, a test.

pub mod canvas;
#[cfg(test)]
pub mod laid_out;
pub mod meter;
pub mod order;
pub mod player;
pub mod shell;
pub mod shot;
