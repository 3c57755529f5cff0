//! What the command line takes.

use std::path::PathBuf;

use clap::{ArgAction, Parser, Subcommand};

use crate::cli::options::{Room, Steps};
use crate::cli::{control, export, shot, watch};

/// Watch a VQ codebook collapse, and SimVQ cure it, live.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
pub struct Args {
    /// Tell on stderr what the program does; twice, in more detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// A built-in scenario, a TOML file, a link or the folder of a saved run; the built-in story
    /// falls without one
    pub scenario: Option<String>,
    /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
    #[arg(long, default_value = "auto")]
    pub device: String,
    /// Set a key of the scenario, for example train.lr=0.001
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub sets: Vec<String>,
    /// Language of the window: en or ja; that chosen in the window, or the system's, without it
    #[arg(long, value_name = "LANGUAGE")]
    pub lang: Option<String>,
    /// auto, wgpu or glow
    #[arg(long, default_value = "auto")]
    pub renderer: String,
    /// Folder in which each run of the window is saved; a folder of the user's data without it
    #[arg(long, value_name = "DIR", conflicts_with = "no_save")]
    pub runs: Option<PathBuf>,
    #[command(flatten)]
    pub room: Room,
    /// Save nothing: no run can be forked or gone on with
    #[arg(long)]
    pub no_save: bool,
    /// Close the window by itself after this step
    #[arg(long, value_name = "STEP")]
    pub exit_at: Option<Steps>,
    /// Write what the window measured of itself to this file when it closes
    #[arg(long, value_name = "FILE.json")]
    pub report: Option<PathBuf>,
    /// Replace the report where it is there
    #[arg(long, requires = "report")]
    pub force: bool,
    #[command(subcommand)]
    pub command: Option<Job>,
}

#[derive(Debug, Subcommand)]
pub enum Job {
    /// Train without a window and save the run: tables, pictures of all views, checkpoints
    Run {
        /// A built-in scenario, a TOML file or a link
        #[arg(required_unless_present = "resume")]
        scenario: Option<String>,
        /// Folder for the files
        #[arg(long, value_name = "DIR", required_unless_present = "resume")]
        out: Option<PathBuf>,
        /// Go on with the run that was saved in this folder
        #[arg(long, value_name = "DIR", conflicts_with_all = ["scenario", "out", "steps", "seed", "sets", "force"])]
        resume: Option<PathBuf>,
        /// Train so many steps beyond those that the saved run was asked for
        #[arg(long, value_name = "N", requires = "resume")]
        more: Option<Steps>,
        /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
        #[arg(long, default_value = "auto")]
        device: String,
        /// Train so many steps instead of the scenario's own number
        #[arg(long, value_name = "N")]
        steps: Option<Steps>,
        /// Seed instead of the scenario's own
        #[arg(long, value_name = "N")]
        seed: Option<u64>,
        /// Set a key of the scenario, for example train.lr=0.001
        #[arg(long = "set", value_name = "KEY=VALUE")]
        sets: Vec<String>,
        /// Build so many pictures a second as for the window, and drop them, to measure their cost
        #[arg(long, value_name = "RATE")]
        snapshots: Option<f64>,
        /// Leave out the final count over many held-out tokens
        #[arg(long)]
        no_final_count: bool,
        #[command(flatten)]
        room: Room,
        /// Least time between two saves
        #[arg(long, value_name = "SECONDS", default_value_t = 2.0, conflicts_with = "tables_only")]
        save_every: f64,
        /// Write metrics.csv, events.csv and summary.json alone: no keyframes, no checkpoints
        #[arg(long, conflicts_with = "resume")]
        tables_only: bool,
        /// Write into a folder that is not empty
        #[arg(long)]
        force: bool,
    },
    /// Train a grid of settings and seeds, and write one table and one picture
    Sweep {
        /// A built-in scenario, a TOML file or a link
        scenario: String,
        /// Values of a key, for example codebook.size=64,256; several make a grid
        #[arg(long = "vary", value_name = "KEY=V1,V2")]
        vary: Vec<String>,
        /// Seeds, both ends included, for example 0-2; the scenario's own without
        #[arg(long, value_name = "FIRST-LAST")]
        seeds: Option<String>,
        /// Folder for runs, sweep.csv and sweep.svg; a sweep that was stopped there goes on
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
        #[arg(long, default_value = "auto")]
        device: String,
        /// Train so many steps instead of the scenario's own number
        #[arg(long, value_name = "N")]
        steps: Option<Steps>,
        /// Set a key for all runs, for example train.lr=0.001
        #[arg(long = "set", value_name = "KEY=VALUE")]
        sets: Vec<String>,
    },
    /// Draw the window at a step into a PNG file, without a display
    Shot(Box<shot::ShotArgs>),
    /// Show a story to a room: large type, its own keys, notes for the speaker
    Present {
        /// A built-in scenario, a TOML file, a link or the folder of a saved run
        #[arg(required_unless_present = "round")]
        scenario: Option<String>,
        /// Go through these built-in stories unattended, over and over
        #[arg(
            long = "loop",
            value_name = "STORY,STORY",
            value_delimiter = ',',
            conflicts_with = "scenario"
        )]
        round: Vec<String>,
        /// Open the speaker's window at once: on the other screen, where there are two
        #[arg(long)]
        notes: bool,
        /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
        #[arg(long, default_value = "auto")]
        device: String,
        /// Language of the window: en or ja; that chosen in the window, or the system's, without it
        #[arg(long, value_name = "LANGUAGE")]
        lang: Option<String>,
        /// auto, wgpu or glow
        #[arg(long, default_value = "auto")]
        renderer: String,
        /// Save nothing: no run can be forked or gone on with
        #[arg(long)]
        no_save: bool,
        #[command(flatten)]
        room: Room,
        /// Close the window by itself after this step
        #[arg(long, value_name = "STEP")]
        exit_at: Option<Steps>,
    },
    /// Open the tour: pages on the running program, from what a codebook is to what to choose
    Tour {
        /// The page, counted from 1; that at which the tour was left without it
        #[arg(long, value_name = "N")]
        page: Option<usize>,
        /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
        #[arg(long, default_value = "auto")]
        device: String,
        /// Language of the window: en or ja; that chosen in the window, or the system's, without it
        #[arg(long, value_name = "LANGUAGE")]
        lang: Option<String>,
        /// auto, wgpu or glow
        #[arg(long, default_value = "auto")]
        renderer: String,
    },
    /// Look at codebooks that another program saves, and follow its training
    Watch(watch::WatchArgs),
    /// Set something in a training that runs under vqscope.Watch(..., control=True)
    Control(control::ControlArgs),
    /// Write pictures, films, tables, a report or the weights of a saved run, without a display
    Export(Box<export::ExportArgs>),
    /// List the devices that can train, and which one "auto" takes
    Devices,
}

impl Args {
    /// Those of a window that nothing is asked of; renderer and device are empty.
    pub fn of_nothing() -> Self {
        Self {
            verbose: 0,
            scenario: None,
            device: String::new(),
            sets: Vec::new(),
            lang: None,
            renderer: String::new(),
            runs: None,
            room: Room::default(),
            no_save: false,
            exit_at: None,
            report: None,
            force: false,
            command: None,
        }
    }
}
