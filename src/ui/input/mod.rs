//! Keyboard, clipboard, and what panes ask for.

pub mod commands;
pub mod dropped;
pub mod keys;
pub mod links;
pub mod palette;
pub mod pictures;
pub mod wishes;
