//! Tests of the program from outside: one binary, because each one links everything.

#![allow(clippy::unwrap_used, clippy::print_stderr)]

#[cfg(unix)]
mod attacks;
mod bounds;
mod cli;
mod damaged;
mod demos;
mod docs;
#[cfg(target_os = "linux")]
mod environments;
mod export;
mod families;
mod invented;
mod languages;
mod layers;
mod lies;
#[cfg(unix)]
mod permissions;
mod prints;
mod runs;
mod saves;
mod sentences;
#[cfg(unix)]
mod signals;
mod sweep;
mod tokens;
mod watch;
mod words;

use std::path::PathBuf;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

/// A folder of its own for a test, empty, removed when dropped.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("vqscope-test-{}-{name}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }

    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

/// Bytes of memory that the program has in tests, whatever the machine has.
const MEMORY: &str = "16000000000";

/// The program, as it was built or as whoever runs the tests says: somebody else may not read the
/// folder in which it was built.
fn program() -> Command {
    let copied = std::env::var_os("VQSCOPE_TEST_PROGRAM");
    let mut command = Command::new(copied.unwrap_or_else(|| env!("CARGO_BIN_EXE_vqscope").into()));
    command.env("VQSCOPE_MEMORY", MEMORY);
    // No window opens by mistake.
    command.env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY").env_remove("WAYLAND_SOCKET");
    command
}

/// Whether a test finds what it needs beyond the program. Where it does not that is said, unless
/// whoever runs the tests demands that nothing is left out.
fn has(what: &str, is_there: bool) -> bool {
    if !is_there {
        let all = std::env::var("VQSCOPE_TEST_DEMANDS").unwrap_or_default();
        assert!(!all.split(' ').any(|demanded| demanded == what), "{what} is demanded here");
        // Not by a macro, whose words the harness keeps to itself where a test passes.
        vqscope::say::error(format!("skipped: {what} is not here"));
    }
    is_there
}

/// Runs the program with arguments, on the CPU device where it trains.
fn vqscope(arguments: &[&str]) -> Output {
    vqscope_with(arguments, &[])
}

fn vqscope_with(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    program().args(arguments).envs(environment.iter().copied()).output().unwrap()
}

/// Looks until something is true of what a program does; one that ends without it, or hangs, fails
/// the test.
fn wait(what: &str, child: &mut Child, is_true: impl Fn() -> bool) {
    assert!(goes_on_until(child, what, is_true), "it ended before {what}");
}

/// The same, but false where the program ends without it.
fn goes_on_until(child: &mut Child, what: &str, is_true: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    loop {
        let has_ended = child.try_wait().unwrap().is_some();
        if is_true() || has_ended {
            return is_true();
        }
        assert!(start.elapsed() < Duration::from_secs(20 * 60), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}
