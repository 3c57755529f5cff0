//! What differs between operating systems beyond single calls: a file for each that needs something
//! of its own.

pub mod awake;
#[cfg(not(target_os = "linux"))]
mod elsewhere;
#[cfg(target_os = "linux")]
mod linux;
pub mod signals;
#[cfg(unix)]
mod unix;
#[cfg(not(unix))]
mod windows;

#[cfg(not(target_os = "linux"))]
pub use elsewhere::{
    check_display, cure, has_reduced_motion, prepare, sync_whole, thread_time, try_other_display,
};
#[cfg(target_os = "linux")]
pub use linux::{
    check_display, cure, has_reduced_motion, prepare, sync_whole, thread_time, try_other_display,
};
#[cfg(unix)]
pub use unix::{as_any_file, is_same_file, make_private, sync_names, why_shared};
#[cfg(not(unix))]
pub use windows::{as_any_file, is_same_file, make_private, sync_names, why_shared};
