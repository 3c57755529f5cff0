//! Options that several commands have.

use crate::cli::Refusal;

/// Whether a theme is the dark one.
pub fn parse_theme(text: &str) -> Result<bool, Refusal> {
    match text {
        "light" => Ok(false),
        "dark" => Ok(true),
        _ => Err(Refusal::bad_input(format!("--theme {text} is not known; use light or dark"))),
    }
}

/// Refuses a renderer that is not known.
pub fn check_renderer(text: &str) -> Result<(), Refusal> {
    if ["auto", "wgpu", "glow"].contains(&text) {
        return Ok(());
    }
    Err(Refusal::bad_input(format!("--renderer {text} is not known; use auto, wgpu or glow")))
}

/// Width and height in pixels.
pub fn parse_size(text: &str) -> Result<[u32; 2], Refusal> {
    let parsed = text.split_once('x').and_then(|(w, h)| Some([w.parse().ok()?, h.parse().ok()?]));
    match parsed {
        Some(size @ [w, h]) if (640..=8192).contains(&w) && (400..=8192).contains(&h) => Ok(size),
        _ => Err(Refusal::bad_input(format!(
            "--size {text} is not a size; use WIDTHxHEIGHT from 640x400 to 8192x8192, for example 1440x900"
        ))),
    }
}
