//! A run on disk: what is saved of it, how, and how it is opened again.
//!
//! ```text
//! RUN/
//!   run.toml                what is saved: versions, device, saved step, lengths, files, commands
//!   run-start.toml          what was asked for, until the first save (`vqscope run`)
//!   scenario.toml           the scenario as resolved
//!   metrics.csv             a row for each lane and step
//!   events.csv              changes and what the detectors noticed
//!   summary.json            final figures, once the run has ended (`vqscope run`)
//!   model.safetensors       all parameters of the last step, for Python; both go once it trains on
//!   keyframes/STEP.safetensors     what all panels show at a step
//!   checkpoints/STEP.safetensors   everything needed to train on from a step, bit for bit
//! ```
//!
//! # Crash safety
//! Only `run.toml` says what counts, and its last line is its own check sum. A file that it names is
//! complete: it was written under another name, synced and renamed before `run.toml` was, which is
//! replaced in the same way. The tables of numbers only grow, and `run.toml` says how many of their
//! bytes count. So whatever moment the program dies in, the save before is whole. Before the first
//! save `run-start.toml`, the first file in the folder, says how to begin anew.
//!
//! # Names in a keyframe
//! For each lane, `a.` or `b.` before: `codes` (K x 2, on the axes), `latents` (at most 512 x 2),
//! `window_counts` and `eval_counts` (K), `ever_used` (K; 1 for a code that was ever in use, not
//! there where that is not known), `movement` (K), `singular_values` and `latent_stds` (d), `pictures`
//! and, at step 0, `inputs` (count x height x width), `indices` (count x samples down x across x tokens;
//! the codes of the pictures).
//!
//! # Names in a checkpoint
//! For each lane, `a.` or `b.` before: the parameters as `encoder.0.weight` (input x output),
//! `encoder.0.bias` (1 x output), `decoder...`, `factor...`, `codes` (K x d; left out where they can
//! be drawn again from the seed), `transform.0.weight`; Adam's moments as NAME`.m` and NAME`.v`; the
//! averages of EMA, revival and CVQ as `averages.counts`, `averages.sums`, `averages.shares`; the
//! sliding window as `window.indices` and `window.lengths`; the codes in use at the newest count of
//! births and deaths as `window.census`; those that were ever in use as `window.ever`, where
//! that is known; the steps of first and last choices as `window.first_chosen_at` and
//! `window.chosen_at`; `eval_counts` (K).

mod arrays;
mod asleep;
mod cadence;
mod checkpoint;
mod disk;
mod error;
mod facts;
mod folder;
mod growing;
mod home;
mod keyframe;
mod manifest;
mod open;
pub mod pair;
mod prepare;
mod saver;
mod shapes;
pub mod shelf;
mod start;
mod tables;
#[cfg(test)]
pub(crate) mod tests;
mod text;

pub use arrays::Arrays;
pub use asleep::Asleep;
pub use cadence::Cadence;
pub use error::{ArchiveError, FolderError};
pub use folder::Folder;
pub use growing::{Growing, Look, Writer, writer};
pub use home::names;
#[cfg(test)]
pub use home::newest_file;
pub use manifest::{Kept, Manifest};
pub use open::Archive;
pub use prepare::Prepared;
pub use saver::{Saver, Task};
pub use start::Start;
pub use tables::metrics_line;
