//! What the shell tells the window about itself and the machine.

use std::path::PathBuf;

use crate::words;
use crate::words::{Language, english};

/// What the shell tells the window about itself.
#[derive(Clone, Debug)]
pub struct Host {
    /// The language that the command line asks for, until another one is chosen.
    pub asked_language: Option<Language>,
    /// The language of the system.
    pub system_language: Language,
    /// "glow" or "wgpu", and why.
    pub renderer: String,
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

/// Why a renderer draws, as it is said at the start.
const REASONS: [fn() -> &'static str; 3] =
    [|| words!("device-asked-for"), || words!("renderer-on-the-gpu"), || words!("renderer-no-gpu")];

impl Host {
    /// What draws and why, in the language that is spoken; reports have it in English.
    pub fn spoken_renderer(&self) -> String {
        let told = self.renderer.strip_suffix(')').and_then(|told| told.split_once(" renderer ("));
        let Some((name, reason)) = told else { return self.renderer.clone() };
        let known = REASONS.into_iter().find(|known| english(known) == reason);
        let after = english(|| words!("renderer-did-not-start", name = ""));
        let reason = match (known, reason.strip_suffix(&after)) {
            (Some(known), _) => known().into(),
            (None, Some(other)) => words!("renderer-did-not-start", name = other),
            (None, None) => reason.to_string(),
        };
        words!("renderer", name = name, reason = reason)
    }
}

impl Default for Host {
    fn default() -> Self {
        Self {
            asked_language: None,
            system_language: Language::En,
            renderer: String::new(),
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
    use crate::record::status::DeviceLabel;
    use crate::words::within;

    #[test]
    fn devices_and_renderers_say_why_in_the_language_of_the_window() {
        let device = |reason: &str| DeviceLabel { name: "x".into(), reason: reason.into() };
        let renderer = |told: &str| Host { renderer: told.into(), ..Host::default() };
        let reasons = [
            "no graphics adapter was found",
            "the GPU found here",
            "asked for",
            "asked for by name",
            "opened anew after it failed",
            "only software Vulkan: llvmpipe",
            "Arc A770 failed",
        ];
        let renderers = [
            "glow renderer (no GPU: it draws faster in software)",
            "wgpu renderer (on the GPU)",
            "glow renderer (asked for)",
            "glow renderer (wgpu did not start)",
        ];
        for reason in reasons {
            assert_eq!(device(reason).spoken_reason(), reason);
            let ja = within(Language::Ja, || device(reason).spoken_reason());
            assert!(ja != reason && ja.chars().any(|c| c > '\u{3040}'), "{reason}: {ja}");
        }
        for told in renderers {
            assert_eq!(renderer(told).spoken_renderer(), told);
            let ja = within(Language::Ja, || renderer(told).spoken_renderer());
            assert!(ja != told && ja.chars().any(|c| c > '\u{3040}'), "{told}: {ja}");
        }
        // What others say stands as it is.
        assert_eq!(
            within(Language::Ja, || device("saved by torch").spoken_reason()),
            "saved by torch"
        );
        assert_eq!(renderer("").spoken_renderer(), "");
    }
}
