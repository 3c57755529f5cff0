//! Keyboard and clipboard.

pub mod keys;
pub mod links;
pub mod pictures;
