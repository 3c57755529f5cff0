//! Systems on which there is always one display, and libraries come with the system.

/// Settles the environment for libraries; called before anything else.
pub fn prepare() {}

/// Whether there is a display to open a window on.
///
/// # Errors
/// One sentence: why not, and what to do.
pub fn check_display() -> Result<(), String> {
    Ok(())
}

/// Goes over to another display where the window could not be opened; returns where there is none.
pub fn try_other_display() {}

/// Whether the user asks for less motion, where it is known.
pub fn has_reduced_motion() -> bool {
    false
}

/// Processor time of this thread so far, where it is known.
pub fn thread_time() -> Option<std::time::Duration> {
    None
}

/// What to do about a window that could not be opened for this reason, where it is known.
pub fn cure(_why: &str) -> Option<String> {
    None
}

/// Whether everything on the disk of a folder was synced in one call, which no other system has.
///
/// # Errors
/// None.
pub fn sync_whole(_open: impl FnOnce() -> std::io::Result<std::fs::File>) -> std::io::Result<bool> {
    Ok(false)
}
