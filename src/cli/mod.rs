//! The command line.

mod args;
mod control;
mod export;
mod opening;
pub mod options;
mod shot;
mod watch;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::exit::{BAD_INPUT, Refusal};
use crate::platform::signals::Requests;
use crate::ui::host::order::{Presenting, Source, WindowOrder};
use crate::ui::host::shell;
use args::{Args, Job};
use clap::{CommandFactory as _, Parser as _};
use opening::{Opening, opening};
use options::{check_renderer, language, start_threads, steps};

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
use crate::words::english;

/// Everything held.
const OK: u8 = 0;
/// An expectation failed or a lane diverged.
const FAILED: u8 = 1;

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
        Some(Job::Present {
            scenario,
            round,
            notes,
            device,
            lang,
            renderer,
            no_save,
            room,
            exit_at,
        }) => {
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
            open_window(args, started, Some(Presenting { round, has_notes: notes }), None)
        }
        Some(Job::Tour { page, device, lang, renderer }) => {
            let page = page.map(options::page).transpose()?;
            let args = Args { device, lang, renderer, ..Args::of_nothing() };
            open_window(args, started, None, Some(page))
        }
        Some(Job::Watch(args)) => watch::run(args, started),
        Some(Job::Control(args)) => control::run(args),
        Some(Job::Devices) => {
            list_devices();
            Ok(OK)
        }
    }
}

/// Opens the window on a run of its own.
fn open_window(
    args: Args,
    started: Instant,
    present: Option<Presenting>,
    tour: Option<Option<usize>>,
) -> Result<u8, Refusal> {
    let story = args.scenario.unwrap_or_else(|| demos::FIRST.into());
    let Opening { story, scenario, link, resume, is_followed } = opening(&story, &args.sets)?;
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
        is_followed,
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
        let reason = english(|| choice.label.reason.text());
        say::line(format_args!("auto takes {}: {reason}", choice.label.name));
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
