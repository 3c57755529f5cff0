//! Options that several commands have.

use crate::cli::Refusal;

/// Refuses a renderer that is not known.
pub fn check_renderer(text: &str) -> Result<(), Refusal> {
    if ["auto", "wgpu", "glow"].contains(&text) {
        return Ok(());
    }
    Err(Refusal::bad_input(format!("--renderer {text} is not known; use auto, wgpu or glow")))
}
