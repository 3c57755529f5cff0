//! `vqscope sweep`: a grid of runs over settings and seeds, into one table and one picture.
//!
//! Every run is a folder under `runs/`, written beside its place and moved there when it is whole,
//! so a sweep that was stopped goes on where it was: what is there is done. The table and the
//! picture are made anew from those folders after each run.

mod grid;
mod picture;
pub(crate) mod table;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use indicatif::{ProgressBar, ProgressStyle};

use crate::archive::{names, shelf};
use crate::engine::device::Choice;
use crate::files::{self, Over, OwnFolder, ReadError};
use crate::headless::{self, Ending, HeadlessError, Order};

pub use grid::{Cell, Grid};

/// What to sweep and where to write it.
pub struct SweepOrder {
    /// All runs.
    pub grid: Grid,
    /// The folder for runs, table and picture.
    pub out: PathBuf,
    /// The device.
    pub choice: Choice,
    /// Fewer (or more) steps than the scenario's own.
    pub steps: Option<u64>,
}

impl SweepOrder {
    fn steps_of(&self, cell: &Cell) -> u64 {
        self.steps.unwrap_or(cell.scenario.steps)
    }
}

/// Why a sweep cannot start or go on; one sentence each.
#[derive(Debug, thiserror::Error)]
pub enum SweepError {
    /// A setting, a list of seeds, or a scenario is wrong.
    #[error("{0}")]
    BadInput(String),
    /// A run failed.
    #[error("{cell}: {error}")]
    Run {
        /// The run.
        cell: String,
        /// Why.
        error: HeadlessError,
    },
    /// A file cannot be written or read.
    #[error(
        "{place} cannot be used ({error}); check the disk and the permissions, or name another folder with --out"
    )]
    File {
        /// The file or folder.
        place: PathBuf,
        /// Why.
        error: std::io::Error,
    },
}

/// How a sweep ended.
pub struct SweepEnd {
    /// Runs that were there already.
    pub found: usize,
    /// Runs trained now.
    pub trained: usize,
    /// Whether it was stopped before the last run.
    pub is_interrupted: bool,
}

/// Trains every run of the grid that is not there yet, in the grid's order.
///
/// # Errors
/// The folder holds something else, a file cannot be written, or the device fails.
pub fn run(order: &SweepOrder, stop: &Arc<AtomicBool>) -> Result<SweepEnd, SweepError> {
    let runs = order.out.join("runs");
    prepare(&order.out, &runs)?;
    let cells = order.grid.cells();
    let steps = |cells: &[&Cell]| cells.iter().map(|c| order.steps_of(c)).sum::<u64>();
    let mut missing = Vec::new();
    for cell in cells {
        if !table::is_done(&runs, cell, order.steps_of(cell))? {
            missing.push(cell);
        }
    }
    // Before anything trains: a run's folder whose summary is gone makes room for it.
    for cell in &missing {
        make_room(&runs.join(&cell.name))?;
    }
    let found = cells.len() - missing.len();
    let style = "{bar:40} step {pos} of {len}, {eta} to go, {msg}";
    let bar = ProgressBar::new(steps(&missing))
        .with_style(ProgressStyle::with_template(style).expect("a constant template"));
    let mut trained = 0;
    for (number, cell) in missing.iter().enumerate() {
        bar.set_message(format!("run {} of {}: {}", found + number + 1, cells.len(), cell.name));
        if train(cell, order, &runs, &bar, stop)? == Ending::Interrupted {
            break;
        }
        trained += 1;
        write_results(order, &runs)?;
    }
    bar.finish_and_clear();
    write_results(order, &runs)?;
    let is_interrupted = stop.load(Ordering::Relaxed) && found + trained < cells.len();
    Ok(SweepEnd { found, trained, is_interrupted })
}

/// A folder that is new, empty, or a sweep's.
fn prepare(out: &Path, runs: &Path) -> Result<(), SweepError> {
    let failed = |place: &Path, error| SweepError::File { place: place.into(), error };
    if out.is_file() {
        return Err(SweepError::BadInput(format!(
            "{} is a file, not a folder; name another place with --out",
            out.display()
        )));
    }
    std::fs::create_dir_all(out).map_err(|e| failed(out, e))?;
    let mut entries = std::fs::read_dir(out).map_err(|e| failed(out, e))?;
    if !runs.is_dir() && entries.next().is_some() {
        return Err(SweepError::BadInput(format!(
            "{} is not empty and holds no sweep; name another folder with --out",
            out.display()
        )));
    }
    refuse_links(out)?;
    std::fs::create_dir_all(runs).map_err(|e| failed(runs, e))?;
    refuse_links(runs)?;
    // The runs in it, done or half done.
    for name in OwnFolder::open(runs).and_then(|runs| runs.names()).map_err(|e| failed(runs, e))? {
        let run = runs.join(name);
        if run.is_dir() {
            refuse_links(&run)?;
        }
    }
    Ok(())
}

/// Refuses a folder that has a link in it, by the link's name; the folder itself may be one.
fn refuse_links(folder: &Path) -> Result<(), SweepError> {
    let link = OwnFolder::open(folder).and_then(|own| own.first_link());
    let link = link.map_err(|error| SweepError::File { place: folder.into(), error })?;
    match link {
        None => Ok(()),
        Some(name) => {
            let place = folder.join(name);
            Err(SweepError::BadInput(format!("{} {}", place.display(), ReadError::Link)))
        }
    }
}

/// Removes what is left of a run without its summary; where anything else is in its folder, nothing.
fn make_room(place: &Path) -> Result<(), SweepError> {
    const OWN: [&str; 6] = [
        names::SCENARIO,
        names::METRICS,
        names::EVENTS,
        names::LOCK,
        names::KEYFRAMES,
        names::CHECKPOINTS,
    ];
    let failed = |error| SweepError::File { place: place.into(), error };
    let foreign = |what: &str| {
        SweepError::BadInput(format!(
            "{} has no summary.json, so its run is to be trained again, but holds {what}, which is of no run; move it elsewhere",
            place.display()
        ))
    };
    let entries = match std::fs::read_dir(place) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        entries => entries.map_err(failed)?,
    };
    for entry in entries {
        let name = entry.map_err(failed)?.file_name();
        if !OWN.iter().any(|own| name == *own) {
            return Err(foreign(&name.display().to_string()));
        }
    }
    shelf::remove(place).map_err(|error| SweepError::BadInput(error.to_string()))?;
    if place.exists() { Err(foreign("more than its files")) } else { Ok(()) }
}

/// Trains one run beside its place and moves it there when it is whole.
fn train(
    cell: &Cell,
    order: &SweepOrder,
    runs: &Path,
    bar: &ProgressBar,
    stop: &Arc<AtomicBool>,
) -> Result<Ending, SweepError> {
    let part = runs.join(format!("{}.part", cell.name));
    let failed = |error| SweepError::File { place: part.clone(), error };
    if part.exists() {
        // Of a sweep that was stopped in the middle of this run.
        std::fs::remove_dir_all(&part).map_err(failed)?;
    }
    // A grid of many runs keeps their tables alone.
    let run = Order {
        steps: order.steps,
        keeps: false,
        part_of: Some(bar.clone()),
        ..Order::new(&cell.name, cell.scenario.clone(), &part, order.choice.clone())
    };
    let ending = headless::run(run, stop)
        .map_err(|error| SweepError::Run { cell: cell.name.clone(), error })?;
    if ending == Ending::Interrupted {
        std::fs::remove_dir_all(&part).map_err(failed)?;
    } else {
        std::fs::rename(&part, runs.join(&cell.name)).map_err(failed)?;
    }
    Ok(ending)
}

/// Writes `sweep.csv` and `sweep.svg` from what is done.
fn write_results(order: &SweepOrder, runs: &Path) -> Result<(), SweepError> {
    let rows = table::read(runs, &order.grid)?;
    replace(&order.out.join("sweep.csv"), &table::csv(&order.grid, &rows))?;
    replace(&order.out.join("sweep.svg"), &picture::draw(&order.grid, &rows))
}

/// Writes a file beside its place and moves it there, so that the old one stays whole until then.
fn replace(place: &Path, text: &str) -> Result<(), SweepError> {
    files::write(place, text.as_bytes(), Over::Replace)
        .map_err(|error| SweepError::File { place: place.into(), error })
}
