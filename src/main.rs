//! The program: parse the command line, then window or headless.

use std::process::ExitCode;

use vqscope::cli::{self, Frontend};

fn main() -> ExitCode {
    env_logger::Builder::from_env(env_logger::Env::default().default_filter_or("off")).init();
    cli::main(&Frontend { window: |_| Err(cli::Refusal::broken("no window yet")), shot: |_| Err(cli::Refusal::broken("no shot yet")) })
}
