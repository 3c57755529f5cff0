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
pub fn has(what: &str, is_there: bool) -> bool {
    if !is_there {
        let [all, adapter] = ["VQSCOPE_TEST_DEMANDS", "VQSCOPE_EXPECT_ADAPTER"]
            .map(|name| std::env::var(name).unwrap_or_default());
        assert!(!is_demanded(what, &all, &adapter), "{what} is demanded here");
        // Not by a macro, whose words the harness keeps to itself where a test passes.
        crate::say::error(format!("skipped: {what} is not here"));
    }
    is_there
}

/// Whether the words of `VQSCOPE_TEST_DEMANDS` name something, or `VQSCOPE_EXPECT_ADAPTER` is 1.
fn is_demanded(what: &str, all: &str, adapter: &str) -> bool {
    all.split(' ').any(|demanded| demanded == what) || (what == "adapter" && adapter == "1")
}

#[test]
fn what_is_demanded_is_not_skipped() {
    assert!(is_demanded("adapter", "Xvfb adapter", "") && is_demanded("adapter", "", "1"));
    assert!(!is_demanded("adapter", "adapters", "0") && !is_demanded("Xvfb", "", "1"));
    assert!(!has("thing that nobody demands", false) && has("adapter", true));
}

#[test]
fn what_is_skipped_is_said_where_the_test_passes() {
    let here = "patience::what_is_demanded_is_not_skipped";
    let mut tests = std::process::Command::new(std::env::current_exe().unwrap());
    let output = tests.args([here, "--exact"]).env_remove("RUST_TEST_NOCAPTURE").output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{said}");
    assert!(said.contains("skipped: thing that nobody demands is not here"), "{said}");
}
