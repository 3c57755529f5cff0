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
//!  │       PendingReadback: losses and indices stay on the device until read back   │
//!  └──────▲──────────────────────────┬──────────────────────┬──────────────┘
//!      Command                  Arc<Snapshot>            Update
//!   (bounded channel)      (slot, the newest wins)   (bounded, loses none)
//!  ┌──────┴──────────────────────────▼──────────────────────▼──────────────┐
//!  │ ui::AppState: RunModel (what is known of the run), draft, Prefs       │
//!  │   ui::window: an arrangement of panes, which put wishes into an outbox│
//!  │ drawn by eframe (host::shell), into files (host::shot), in tests      │
//!  └───────────────────────────────────────────────────────────────────────┘
//! ```
//!
//! Codebooks of more than 8,192 codes are drawn by a second thread, the *painter*, which turns a
//! snapshot and a view into pixels, as the *use painter* does with squares of uses; they see plain
//! data alone. The *saver* writes what the recorder beside the run decides to keep: keyframes,
//! checkpoints, tables ([`archive`]). A run that is opened, gone on with or forked starts from there.
//! The *watcher* stands in the trainer's place where another program trains ([`watch`]).
//!
//! A room imports downwards only, and no files import each other in a circle; a test
//! (`tests/it/layers.rs`) holds this table against the code:
//!
//! | room | why it stands there | may import |
//! |---|---|---|
//! | [`scenario`] | the one description of a run: whoever writes, sends or reads one needs nothing else |  |
//! | [`math`] | linear algebra on plain numbers, which know neither a run nor a device |  |
//! | [`palette`] | every colour once, for window, pictures and pages: it names lanes | [`scenario`] |
//! | [`record`] | what a run tells, as plain data and in sentences: below all that fills, keeps or shows it | [`scenario`] |
//! | [`data`] | embedded images: a scenario names them, a model trains on them | [`scenario`] |
//! | [`analysis`] | what follows from a record: below the engine, whose steps its detectors watch | [`record`] [`scenario`] |
//! | [`lesson`] | what a story asks and waits for, without a window and without a clock: below the trainer, which stops for it | [`record`] [`scenario`] |
//! | [`figure`] | pictures of a record without a window: window, report and films draw the same ones | [`palette`] [`record`] [`scenario`] |
//! | [`model`] | quantizers, networks and the search: tensors, which know of no run | [`data`] [`math`] [`scenario`] |
//! | [`engine`] | steps of a run: it fills the record, and knows neither files nor threads nor windows | [`analysis`] [`data`] [`math`] [`model`] [`record`] [`scenario`] |
//! | [`archive`] | a run on disk: beside the engine, so that a reader of runs compiles without a trainer | [`analysis`] [`data`] [`record`] [`scenario`] |
//! | [`session`] | a run that is lived: the thread that owns the device, and what is kept while it trains | [`analysis`] [`archive`] [`engine`] [`lesson`] [`record`] [`scenario`] |
//! | [`gallery`] | thumbnails of the built-in stories: recorded as every run is stepped, shown by the window | [`engine`] [`record`] [`scenario`] [`session`] |
//! | [`watch`] | codebooks of other programs, which stand in a session's place and are searched as ours | [`analysis`] [`math`] [`model`] [`record`] [`scenario`] [`session`] |
//! | [`headless`] | `vqscope run`: a session without a window | [`analysis`] [`archive`] [`engine`] [`record`] [`scenario`] [`session`] |
//! | [`export`] | `vqscope export`: what a saved run becomes outside | [`analysis`] [`archive`] [`engine`] [`figure`] [`lesson`] [`palette`] [`record`] [`scenario`] [`session`] |
//! | [`sweep`] | `vqscope sweep`: many headless runs in one table and one picture | [`analysis`] [`archive`] [`engine`] [`figure`] [`headless`] [`palette`] [`record`] [`scenario`] |
//! | [`ui`] | the window, the only room that knows egui: it never sees the engine, only what it tells | [`analysis`] [`archive`] [`export`] [`figure`] [`gallery`] [`lesson`] [`math`] [`palette`] [`record`] [`scenario`] [`session`] [`watch`] |
//! | [`cli`] | the command line: on top, so that nothing waits for how it is called | [`analysis`] [`archive`] [`engine`] [`export`] [`figure`] [`headless`] [`lesson`] [`model`] [`record`] [`scenario`] [`session`] [`sweep`] [`ui`] [`watch`] |
//!
//! All of them stand on the ground: [`rng`] is the only source of randomness, seeded streams that are
//! uploaded; [`files`] reads bounded and writes whole; [`text`] puts numbers and texts of others into
//! words, and [`mod@words`] has the sentences of window and report by key and language; [`say`] is the one place
//! that prints and [`exit`] how the program ends; [`catch_panic`], [`give_up`], [`machine`] and
//! [`platform`] deal with what breaks, takes long, or differs from machine to machine.
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
pub mod lesson;
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
pub mod words;
