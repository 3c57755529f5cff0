//! Tests of the program from outside: one binary, because each one links everything.

#![allow(clippy::unwrap_used)]

mod cli;
mod demos;
mod export;
mod runs;
mod saves;
mod sweep;
mod watch;

use std::path::PathBuf;
use std::process::{Command, Output};

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

/// Runs the program with arguments, on the CPU device where it trains.
fn vqscope(arguments: &[&str]) -> Output {
    vqscope_with(arguments, &[])
}

fn vqscope_with(arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_vqscope"))
        .args(arguments)
        .envs(environment.iter().copied())
        // Where it is not set, the graphics driver grumbles on stderr.
        .env("XDG_RUNTIME_DIR", std::env::temp_dir())
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}
