//! What the window is made of: one pane a file.

pub mod controls;
pub mod curves;
pub mod events;
pub mod flags;
pub mod headline;
pub mod learn;
pub mod map;
pub mod method;
pub mod numbers;
pub mod playhead;
pub mod recon;
pub mod status;
pub mod timeline;
pub mod tools;
pub mod top;
pub mod usage;
pub mod use_map;
pub mod watched;
