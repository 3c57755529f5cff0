//! The program: parse the command line, then window or headless.

use std::process::ExitCode;

use vqscope::cli;

/// A step makes and drops buffers of many megabytes; the system's allocator gives their pages back
/// and fetches them again each time, which took a third of a step with 65,536 codes.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    vqscope::platform::prepare();
    cli::main()
}
