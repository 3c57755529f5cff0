//! vqscope: watch a VQ codebook collapse, and SimVQ cure it, live in one window.
//!
//! # Architecture
//!
//! One named thread, the *trainer*, owns the device and every tensor. The window never waits for
//! it: commands go in over a bounded channel, plain data comes out two ways.
//!
//! ```text
//!    scenario file, --set ──► Scenario ──► LaneSpec a, LaneSpec b
//!                                              │
//!  ┌ trainer thread ───────────────────────────▼───────────────────────────┐
//!  │ Worker: commands between two steps, pace, panic guard                 │
//!  │   Run: lanes in lock-step, evaluation and pictures at fixed steps     │
//!  │     Lane: encoder ─► nearest code ─► q = C[idx]·W + b ─► decoder      │
//!  │       Flight: losses and indices stay on the device until read back   │
//!  └──────▲──────────────────────────┬──────────────────────┬──────────────┘
//!      Command                  Arc<Snapshot>            Update
//!   (bounded channel)      (slot, the newest wins)   (bounded, loses none)
//!  ┌──────┴──────────────────────────▼──────────────────────▼──────────────┐
//!  │ ui::AppState: Known (what is known of the run), draft, Prefs, outbox  │
//!  │   ui::window(&mut Ui, &mut AppState)                                  │
//!  │ drawn by eframe (ui::shell), without a display (ui::shot), in tests   │
//!  └───────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Codebooks of more than 8,192 codes are drawn by a second thread, the *painter*, which turns a
//! snapshot and a view into pixels, as the *use painter* does with squares of uses; they see plain
//! data alone. The *saver* writes what the recorder beside the run decides to keep: keyframes,
//! checkpoints, tables ([`archive`]). A run that is opened, gone on with or forked starts from there.
//! The *watcher* stands in the trainer's place where another program trains ([`external`]).
//!
//! | module | what it is for |
//! |---|---|
//! | [`scenario`] | the one description of a run: file format, defaults, checks, built-in stories, links |
//! | [`data`] | embedded images, split so that training and evaluation share no pixel |
//! | [`model`] | the codebook E = C·W + b or a fixed grid, nearest-code search, losses and gradients, what else moves codes, encoder and decoder |
//! | [`train`] | steps, lanes, evaluation, pictures, the trainer thread, devices |
//! | [`analysis`] | usage, PCA, spectra, bounded series: numbers that need no tensor |
//! | [`archive`] | runs on disk: keyframes, checkpoints, tables, saved so that a crash damages nothing |
//! | [`external`] | `vqscope watch`: codebooks of someone else's training, read and followed |
//! | [`files`] | files of the user's and of strangers: bounded reading, whole writing, folders without links |
//! | [`gallery`] | small pictures of the built-in stories' ends |
//! | [`give_up`] | work that can be given up before it is done |
//! | [`headless`] | `vqscope run`: the same engine into a folder of files |
//! | [`sweep`] | `vqscope sweep`: many such runs over settings and seeds, into one table and one picture |
//! | [`export`] | `vqscope export`: pictures, films, tables and the report of a saved run |
//! | [`machine`] | memory and kernels of the machine, or of another one that is pretended |
//! | [`text`] | numbers in words, and how texts of others are shown |
//! | [`say`] | the one place that prints |
//! | [`platform`] | displays, libraries and packages of one operating system |
//! | [`ui`] | the window; the only part that knows egui, and it never sees a tensor |
//! | [`rng`] | the only source of randomness: seeded streams that are uploaded |
//!
//! Three rules keep runs honest and repeatable. Nothing in a series depends on the clock:
//! evaluation, the axes of the maps and recorded pictures happen at fixed steps. Nothing draws
//! random numbers but [`rng`]. What is frozen is never made a leaf of the backward pass, so neither
//! a gradient nor the optimizer can reach it.

pub mod analysis;
pub mod archive;
pub mod catch_panic;
pub mod cli;
pub mod data;
pub mod engine;
pub mod exit;
pub mod export;
pub mod figure;
pub mod files;
#[cfg(test)]
mod fuzz;
pub mod gallery;
pub mod give_up;
pub mod headless;
pub mod machine;
pub mod math;
pub mod model;
pub mod palette;
#[cfg(test)]
mod patience;
pub mod platform;
pub mod record;
pub mod rng;
pub mod say;
pub mod scenario;
pub mod session;
pub mod sweep;
pub mod text;
pub mod ui;
pub mod watch;
