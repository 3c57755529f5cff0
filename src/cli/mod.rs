//! The command line.

mod export;
mod opening;
pub mod options;
mod shot;
mod watch;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::exit::{BAD_INPUT, Refusal};
use crate::platform::signals::Requests;
use crate::ui::host::order::{Source, WindowOrder};
use crate::ui::host::shell;
use clap::{ArgAction, CommandFactory as _, Parser, Subcommand};
use opening::{Opening, opening};
use options::{Room, Steps, check_renderer, language, start_threads, steps};

use crate::catch_panic;
use crate::catch_panic::caught;
use crate::engine::device;
use crate::headless::{self, Ending, FolderUse, HeadlessError, Order};
use crate::machine;
use crate::model::nearest;
use crate::say;
use crate::scenario::{Scenario, demos, read};
use crate::session::ChosenDevice;
use crate::sweep::{self, Grid, SweepError, SweepOrder};
use crate::text::shown;

/// Everything held.
const OK: u8 = 0;
/// An expectation failed or a lane diverged.
const FAILED: u8 = 1;

/// Watch a VQ codebook collapse, and SimVQ cure it, live.
#[derive(Debug, Parser)]
#[command(version, about, args_conflicts_with_subcommands = true)]
struct Args {
    /// Tell on stderr what the program does; twice, in more detail
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    /// A built-in scenario, a TOML file, a link or the folder of a saved run; the built-in collapse
    /// story without one
    scenario: Option<String>,
    /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
    #[arg(long, default_value = "auto")]
    device: String,
    /// Set a key of the scenario, for example train.lr=0.001
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
    /// Language of the window: en or ja; that chosen in the window, or the system's, without it
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<String>,
    /// auto, wgpu or glow
    #[arg(long, default_value = "auto")]
    renderer: String,
    /// Folder in which each run of the window is saved; a folder of the user's data without it
    #[arg(long, value_name = "DIR", conflicts_with = "no_save")]
    runs: Option<PathBuf>,
    #[command(flatten)]
    room: Room,
    /// Save nothing: no run can be forked or gone on with
    #[arg(long)]
    no_save: bool,
    /// Close the window by itself after this step
    #[arg(long, value_name = "STEP")]
    exit_at: Option<Steps>,
    /// Write what the window measured of itself to this file when it closes
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
    /// Replace the report where it is there
    #[arg(long, requires = "report")]
    force: bool,
    #[command(subcommand)]
    command: Option<Job>,
}

#[derive(Debug, Subcommand)]
enum Job {
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
    /// Write pictures, films, tables, a report or the weights of a saved run, without a display
    Export(Box<export::ExportArgs>),
    /// List the devices that can train, and which one "auto" takes
    Devices,
}

/// The commands and their options, for whoever writes them down.
pub fn command() -> clap::Command {
    Args::command()
}

/// Parses the arguments and does what they ask.
pub fn main() -> ExitCode {
    let started = Instant::now();
    catch_panic::tell_all();
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(told) => return parser_says(told),
    };
    say::logs(args.verbose);
    let machine = machine::check(&nearest::kernel_names()).map_err(Refusal::bad_input);
    let done = machine
        .and_then(|()| start_threads())
        .and_then(|()| caught(|| dispatch(args, started)).unwrap_or_else(broken_off));
    match done {
        Ok(code) => ExitCode::from(code),
        Err(refusal) => {
            say::error(format_args!("vqscope: {}", refusal.sentence));
            ExitCode::from(refusal.code)
        }
    }
}

/// Says what the parser has to say: help, or a mistake with the words of the command line as they may
/// be shown.
fn parser_says(told: clap::Error) -> ExitCode {
    let words = std::env::args_os().map(|word| shown(&word.to_string_lossy()));
    let as_shown = told.use_stderr().then(|| Args::try_parse_from(words).err()).flatten();
    let told = as_shown.unwrap_or(told);
    say::parser(&told);
    ExitCode::from(if told.use_stderr() { BAD_INPUT } else { OK })
}

/// A panic that nobody expected.
fn broken_off<T>(why: String) -> Result<T, Refusal> {
    Err(Refusal::broken(format!(
        "the program broke off ({why}); what was saved is still there: start it again, and report this line if that does not help"
    )))
}

fn dispatch(args: Args, started: Instant) -> Result<u8, Refusal> {
    match args.command {
        None => open_window(args, started, None, None),
        Some(Job::Run {
            scenario: name,
            out,
            resume,
            more,
            device,
            steps: asked,
            seed,
            mut sets,
            snapshots,
            no_final_count,
            room,
            save_every,
            tables_only,
            force,
        }) => {
            if snapshots.is_some_and(|rate| !(rate > 0.0 && rate <= 1000.0)) {
                return Err(Refusal::bad_input(
                    "--snapshots must be more than 0 and at most 1000 pictures a second",
                ));
            }
            let save_every = Duration::try_from_secs_f64(save_every).map_err(|why| {
                Refusal::bad_input(format!("--save-every: {why}; use seconds, 0 or more"))
            })?;
            let order = match (resume, name, out) {
                (Some(folder), ..) => {
                    let more = steps("--more", 0, more).map_err(Refusal::bad_input)?;
                    headless::resume(&folder, more.unwrap_or(0), choose(&device)?)
                        .map_err(run_refusal)?
                }
                (None, Some(name), Some(out)) => {
                    sets.extend(seed.map(|seed| format!("seed={seed}")));
                    let steps = steps("--steps", 1, asked).map_err(Refusal::bad_input)?;
                    let scenario = scenario(&name, &sets)?;
                    let folder = if force { FolderUse::Force } else { FolderUse::New };
                    let order = Order::new(&name, scenario, &out, choose(&device)?);
                    Order { steps, folder, keeps: !tables_only, ..order }
                }
                // The parser asks for both.
                _ => return Err(Refusal::bad_input("name a scenario and a folder with --out")),
            };
            let budgets = room.budgets();
            run(Order { snapshots, no_final_count, save_every, budgets, ..order })
        }
        Some(Job::Sweep { scenario, vary, seeds, out, device, steps: asked, sets }) => {
            let steps = steps("--steps", 1, asked).map_err(Refusal::bad_input)?;
            let grid = Grid::new(&scenario, &sets, &vary, seeds.as_deref()).map_err(refusal)?;
            sweep(&SweepOrder { grid, out, choice: choose(&device)?, steps })
        }
        Some(Job::Shot(args)) => shot::run(*args),
        Some(Job::Export(args)) => {
            export::command(*args)?;
            Ok(OK)
        }
        Some(Job::Present { scenario, round, device, lang, renderer, no_save, room, exit_at }) => {
            if let Some(missing) = round.iter().find(|name| demos::text(name).is_none()) {
                let all: Vec<&str> = demos::names().collect();
                return Err(Refusal::bad_input(format!(
                    "--loop {} is no built-in story; use some of {}",
                    shown(missing),
                    all.join(", ")
                )));
            }
            let args = Args {
                scenario: scenario.or_else(|| round.first().cloned()),
                device,
                lang,
                renderer,
                room,
                no_save,
                exit_at,
                ..Args::of_nothing()
            };
            open_window(args, started, Some(round), None)
        }
        Some(Job::Tour { page, device, lang, renderer }) => {
            let page = page.map(options::page).transpose()?;
            let args = Args { device, lang, renderer, ..Args::of_nothing() };
            open_window(args, started, None, Some(page))
        }
        Some(Job::Watch(args)) => watch::run(args, started),
        Some(Job::Devices) => {
            list_devices();
            Ok(OK)
        }
    }
}

impl Args {
    /// Those of a window that nothing is asked of; renderer and device are empty.
    fn of_nothing() -> Self {
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

/// Opens the window on a run of its own.
fn open_window(
    args: Args,
    started: Instant,
    present: Option<Vec<String>>,
    tour: Option<Option<usize>>,
) -> Result<u8, Refusal> {
    let story = args.scenario.unwrap_or_else(|| demos::FIRST.into());
    let Opening { story, scenario, link, resume } = opening(&story, &args.sets)?;
    let is_own_home = args.runs.is_none();
    let home = args.runs.or_else(|| dirs::data_local_dir().map(|d| d.join("vqscope/runs")));
    check_renderer(&args.renderer)?;
    let exit_at = steps("--exit-at", 0, args.exit_at).map_err(Refusal::bad_input)?;
    // Whether a GPU is there decides what draws the window as well as what trains.
    let devices = device::list();
    shell::run(WindowOrder {
        language: language(args.lang.as_deref())?,
        started,
        story,
        scenario,
        link,
        source: Source::Train(ChosenDevice(
            device::choose(&args.device, &devices).map_err(Refusal::bad_input)?,
        )),
        has_gpu: device::choose("gpu", &devices).is_ok(),
        renderer: args.renderer,
        home: home.filter(|_| !args.no_save),
        is_own_home,
        budgets: args.room.budgets(),
        resume,
        present,
        tour,
        exit_at,
        report: args.report,
        is_forced: args.force,
    })
}

/// Prints the devices that can train, and which one "auto" takes.
fn list_devices() {
    let devices = device::list();
    for listed in &devices {
        say::line(format_args!("{} ({}; {})", listed.name, listed.kind, listed.detail));
    }
    if let Ok(choice) = device::choose("auto", &devices) {
        say::line(format_args!("auto takes {}: {}", choice.label.name, choice.label.reason));
    }
}

fn scenario(name: &str, sets: &[String]) -> Result<Scenario, Refusal> {
    read(name, sets).map_err(Refusal::bad_input)
}

fn choose(asked: &str) -> Result<device::Choice, Refusal> {
    // Asking for the CPU by name must not touch a graphics driver.
    let devices = if asked == "cpu" { device::cpu_only() } else { device::list() };
    device::choose(asked, &devices).map_err(Refusal::bad_input)
}

fn run(order: Order) -> Result<u8, Refusal> {
    let requests = Requests::listen()?;
    match headless::run(order, requests.stop()) {
        Ok(Ending::Held) => Ok(OK),
        Ok(Ending::Failed) => Ok(FAILED),
        Ok(Ending::Interrupted) => Ok(requests.exit_code().unwrap_or(OK)),
        Err(error) => Err(run_refusal(error)),
    }
}

fn run_refusal(error: HeadlessError) -> Refusal {
    match error {
        HeadlessError::Folder(_) | HeadlessError::Archive(_) | HeadlessError::Steps(_) => {
            Refusal::bad_input(error)
        }
        HeadlessError::Run(error) => Refusal::from(error),
        HeadlessError::Device { .. } | HeadlessError::Panic(_) => Refusal::broken(error),
    }
}

fn sweep(order: &SweepOrder) -> Result<u8, Refusal> {
    let requests = Requests::listen()?;
    let end = sweep::run(order, requests.stop()).map_err(refusal)?;
    let (found, trained) = (end.found, end.trained);
    say::line(format_args!(
        "{trained} runs trained, {found} were there; {}",
        order.out.join("sweep.csv").display()
    ));
    Ok(requests.exit_code().filter(|_| end.is_interrupted).unwrap_or(OK))
}

fn refusal(error: SweepError) -> Refusal {
    let sentence = error.to_string();
    let code = match error {
        SweepError::BadInput(_) | SweepError::File { .. } => BAD_INPUT,
        SweepError::Run { error, .. } => run_refusal(error).code,
    };
    Refusal { sentence, code }
}

#[cfg(test)]
mod tests {
    use burn::tensor::ExecutionError;

    use super::*;
    use crate::engine::RunError;
    use crate::engine::device::DeviceError;
    use crate::exit::BROKEN;

    #[test]
    fn a_device_that_does_not_serve_is_bad_input_and_one_that_fails_later_is_not() {
        let refused = || HeadlessError::from(RunError::from(DeviceError::NoGpu("none".into())));
        let failed = || RunError::from(ExecutionError::WithContext { reason: "lost".into() });
        let of_sweep = |error| refusal(SweepError::Run { cell: "seed=0".into(), error }).code;
        assert_eq!((run_refusal(refused()).code, of_sweep(refused())), (BAD_INPUT, BAD_INPUT));
        let (run, of_sweep) = (run_refusal(failed().into()).code, of_sweep(failed().into()));
        assert_eq!((run, of_sweep), (BROKEN, BROKEN));
    }
}
