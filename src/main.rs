//! The program: parse the command line, then window or headless.

use std::process::ExitCode;

use vqscope::cli::{self, Frontend};
use vqscope::ui::{shell, shot};

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("off")).init();
    cli::main(&Frontend { window: shell::run, shot: shot::run })
}
