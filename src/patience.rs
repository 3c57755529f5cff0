//! How tests wait for other threads and programs: for what these do, never for a time; and what they
//! do where something is missing.

use std::time::{Duration, Instant};

/// What has not happened by then never will: far more than the slowest machine needs, and reached only
/// by something that hangs.
pub const LAST_RESORT: Duration = Duration::from_secs(20 * 60);

/// Time between two looks where nothing tells that there is something new.
pub const LOOK: Duration = Duration::from_millis(10);

/// Looks until something is there and returns it; `what` is said where it never comes.
pub fn wait<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let start = Instant::now();
    loop {
        if let Some(there) = look() {
            return there;
        }
        assert!(start.elapsed() < LAST_RESORT, "waited in vain for {what}");
        std::thread::sleep(LOOK);
    }
}

/// Whether a test finds what it needs beyond the program. Where it does not that is said, unless
/// whoever runs the tests demands that nothing is left out.
#[allow(clippy::print_stderr, reason = "it is for whoever runs the tests")]
pub fn has(what: &str, is_there: bool) -> bool {
    if !is_there {
        let all = std::env::var("VQSCOPE_TEST_DEMANDS").unwrap_or_default();
        assert!(!all.split(' ').any(|demanded| demanded == what), "{what} is demanded here");
        eprintln!("skipped: {what} is not here");
    }
    is_there
}
