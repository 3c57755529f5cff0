//! Options that several commands have.

use clap::Args;

use crate::cli::Refusal;
use crate::train::recorder::Budgets;

/// Room for what is kept of a run.
#[derive(Clone, Copy, Debug, Args)]
pub struct Room {
    /// Room for pictures of earlier steps, of both lanes together
    #[arg(long, value_name = "MB", default_value_t = 256, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pictures: u64,
    /// Room for checkpoints on disk, from which a run can be forked
    #[arg(long, value_name = "MB", default_value_t = 2048, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    checkpoints: u64,
}

impl Room {
    /// The same in bytes.
    pub fn budgets(self) -> Budgets {
        Budgets::of_megabytes(self.pictures, self.checkpoints)
    }
}

/// Refuses a renderer that is not known.
pub fn check_renderer(text: &str) -> Result<(), Refusal> {
    if ["auto", "wgpu", "glow"].contains(&text) {
        return Ok(());
    }
    Err(Refusal::bad_input(format!("--renderer {text} is not known; use auto, wgpu or glow")))
}
