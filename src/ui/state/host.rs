//! What the shell tells the window about itself and the machine.

use std::path::PathBuf;

use crate::words;
use crate::words::Language;

/// What the shell tells the window about itself.
#[derive(Clone, Debug)]
pub struct Host {
    /// The language that the command line asks for, until another one is chosen.
    pub asked_language: Option<Language>,
    /// The language of the system.
    pub system_language: Language,
    /// What draws the window, and why.
    pub renderer: Option<Renderer>,
    /// Whether the shell clears the window with the panels' colour, so that nobody else must.
    pub has_background: bool,
    /// The folder in which each run is saved.
    pub home: Option<PathBuf>,
    /// Whether that is the program's own folder, in which old runs make room for new ones.
    pub is_own_home: bool,
    /// Where pictures are saved; empty for the folder in which the program was started.
    pub pictures: PathBuf,
    /// Bytes of checkpoints that may be kept of a run.
    pub checkpoint_room: u64,
    /// Memory of the machine in bytes; 0 where it is not known.
    pub machine_memory: u64,
    /// Memory of the process in bytes.
    pub memory_bytes: Option<u64>,
    /// Whether the system asks for less motion.
    pub has_reduced_motion: bool,
    /// Whether the tour may be offered: a window that somebody opened to look at it.
    pub offers_tour: bool,
    /// Frames drawn per second while training; 0 where nothing measures it.
    pub frames_per_second: f64,
}

/// What draws the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renderer {
    /// "glow" or "wgpu".
    pub name: String,
    /// Why this one.
    pub reason: Why,
}

/// Why a renderer draws the window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It was asked for.
    AskedFor,
    /// There is a GPU.
    OnTheGpu,
    /// There is none, and it is the faster one in software.
    NoGpu,
    /// The other one, whose name this is, did not start.
    DidNotStart(String),
}

impl Renderer {
    /// What draws and why, in the language that is spoken.
    pub fn text(&self) -> String {
        let reason = match &self.reason {
            Why::AskedFor => words!("device-asked-for").into(),
            Why::OnTheGpu => words!("renderer-on-the-gpu").into(),
            Why::NoGpu => words!("renderer-no-gpu").into(),
            Why::DidNotStart(name) => words!("renderer-did-not-start", name = name),
        };
        words!("renderer", name = self.name, reason = reason)
    }
}

impl Default for Host {
    fn default() -> Self {
        Self {
            asked_language: None,
            system_language: Language::En,
            renderer: None,
            has_background: false,
            home: None,
            is_own_home: true,
            pictures: PathBuf::new(),
            checkpoint_room: 0,
            machine_memory: 0,
            memory_bytes: None,
            has_reduced_motion: false,
            offers_tour: false,
            frames_per_second: 0.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::within;

    #[test]
    fn a_renderer_says_why_in_the_language_of_the_window() {
        for (name, reason, text) in [
            ("glow", Why::NoGpu, "glow renderer (no GPU: it draws faster in software)"),
            ("wgpu", Why::OnTheGpu, "wgpu renderer (on the GPU)"),
            ("glow", Why::AskedFor, "glow renderer (asked for)"),
            ("glow", Why::DidNotStart("wgpu".into()), "glow renderer (wgpu did not start)"),
        ] {
            let renderer = Renderer { name: name.into(), reason };
            assert_eq!(renderer.text(), text);
            let ja = within(Language::Ja, || renderer.text());
            assert!(ja != text && ja.chars().any(|c| c > '\u{3040}'), "{text}: {ja}");
        }
    }
}
