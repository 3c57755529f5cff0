//! What the shell tells the window about itself and the machine.

use std::path::PathBuf;

use crate::words::Language;

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
    /// Frames drawn per second while training; 0 where nothing measures it.
    pub frames_per_second: f64,
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
            frames_per_second: 0.0,
        }
    }
}
