//! A window that cannot be opened, or breaks off, in sentences.

use crate::exit::Refusal;
use crate::platform;
use crate::ui::host::order::WindowOrder;

/// How winit's errors begin that concern the display and not what draws on it.
pub const NO_EVENTS: &str = "winit EventLoopError";

/// What winit says of a second attempt after a panic in the first, of which alone is to be told.
pub const ONCE: &str = "can't be recreated";

/// No window could be opened.
pub fn no_window(why: &str) -> Refusal {
    let cure = platform::cure(why).map(|cure| cure + "; or ").unwrap_or_default();
    let why = why.trim_start_matches(NO_EVENTS).trim_start_matches(": ");
    Refusal::bad_input(format!(
        "no window can be opened here ({why}); {cure}start vqscope on a desktop, or use `vqscope run` or `vqscope shot`, which need no display"
    ))
}

/// The window was open.
pub fn broken(order: &WindowOrder, why: &str) -> Refusal {
    let saved = match &order.home {
        Some(home) => format!("what was trained is saved in {}", home.display()),
        None => "nothing of the run is saved".into(),
    };
    Refusal::broken(format!(
        "the window broke off ({why}); {saved}; start vqscope again, with --renderer wgpu or glow if it happens again"
    ))
}

/// What an error says without what concerns its programmers: graphics libraries print whole tables
/// after it, and winit the place in its source where it was noticed.
pub fn gist(error: &str) -> String {
    const PLACE: &str = "os error at ";
    let mut text = error.to_string();
    if let Some((before, after)) = error.split_once(PLACE)
        && let Some((_place, reason)) = after.split_once(": ")
    {
        text = format!("{before}{reason}");
    }
    let end =
        [". ", " {", "\n"].iter().filter_map(|stop| text.find(stop)).min().unwrap_or(text.len());
    text[..end].trim_end_matches([':', '.']).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_what_concerns_its_reader() {
        for (error, kept) in [
            (
                "winit EventLoopError: os error at /home/x/.cargo/registry/src/y/mod.rs:779: Failed to open connection to X server",
                "winit EventLoopError: Failed to open connection to X server",
            ),
            (
                "Found no glutin configs matching the template: ConfigTemplate { color: 8 }. Error: x",
                "Found no glutin configs matching the template: ConfigTemplate",
            ),
            (
                "Library libxkbcommon.so could not be loaded.",
                "Library libxkbcommon.so could not be loaded",
            ),
        ] {
            assert_eq!(gist(error), kept);
        }
    }
}
