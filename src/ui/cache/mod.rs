//! What is drawn once for a snapshot and a view, and shown many times.

pub mod mesh;
pub mod painter;
pub mod rows;
pub mod texture;
pub mod thumbnails;
