//! `vqscope run`: the same engine without a window, into a folder of files.

mod files;
mod verdict;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

use indicatif::{ProgressBar, ProgressStyle};

use crate::scenario::Scenario;
use crate::train::device::Choice;
use crate::train::snapshot::EventKind;
use crate::train::{Run, RunError};
use files::Folder;
pub use files::FolderError;
use verdict::Judge;

/// What to run and where to write it.
pub struct Order {
    /// The scenario with all settings applied.
    pub scenario: Scenario,
    /// The folder for the files.
    pub out: PathBuf,
    /// The device.
    pub choice: Choice,
    /// Fewer (or more) steps than the scenario's own.
    pub steps: Option<u64>,
    /// Whether a folder that is not empty may be written to.
    pub force: bool,
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every expectation that was reached holds.
    Held,
    /// An expectation failed, or a lane diverged.
    Failed,
    /// Interrupted; everything so far is written.
    Interrupted,
}

/// Why a run could not end.
#[derive(Debug, thiserror::Error)]
pub enum HeadlessError {
    /// The folder cannot be used.
    #[error(transparent)]
    Folder(#[from] FolderError),
    /// The run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The trainer panicked.
    #[error("the trainer stopped unexpectedly ({0})")]
    Panic(String),
}

/// Steps between two read-backs of scalars when no evaluation asks for one sooner.
const READ_BACK: u64 = 64;

/// Runs the order on a thread named "trainer" until its last step or until `stop` is set.
///
/// # Errors
/// The folder cannot be used, the device fails, or the engine panics.
pub fn run(order: Order, stop: &Arc<AtomicBool>) -> Result<Ending, HeadlessError> {
    let folder = Folder::prepare(&order.out, order.force)?;
    let stop = stop.clone();
    let thread = std::thread::Builder::new()
        .name("trainer".into())
        .spawn(move || train(&order, folder, &stop))
        .map_err(|e| HeadlessError::Panic(e.to_string()))?;
    match thread.join() {
        Ok(ending) => ending,
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map_or("no reason given", String::as_str);
            Err(HeadlessError::Panic(text.into()))
        }
    }
}

fn train(order: &Order, mut folder: Folder, stop: &AtomicBool) -> Result<Ending, HeadlessError> {
    let compute = order.choice.open().map_err(RunError::from)?;
    let scenario = &order.scenario;
    folder.write_scenario(scenario)?;
    let mut run = Run::new(scenario.clone(), &compute, 1, false)?;
    let mut judge = Judge::new(scenario);
    let last = order.steps.unwrap_or(scenario.steps);
    let bar = ProgressBar::new(last).with_style(
        ProgressStyle::with_template("{bar:40} step {pos} of {len}, {per_sec}, {msg}")
            .expect("a constant template"),
    );
    let start = Instant::now();
    let mut lane_steps = 0_u64;
    while run.step_count() < last && run.is_training() && !stop.load(Ordering::Relaxed) {
        lane_steps += run.lanes().iter().filter(|l| l.is_training(run.step_count())).count() as u64;
        run.step()?;
        let step = run.step_count();
        if step == last {
            run.evaluate()?;
        }
        if step.is_multiple_of(READ_BACK) || step == last {
            drain(&mut run, &mut folder, &mut judge, &bar)?;
        }
    }
    if run.step_count() < last {
        run.evaluate()?;
    }
    drain(&mut run, &mut folder, &mut judge, &bar)?;
    let seconds = start.elapsed().as_secs_f64();
    bar.finish_and_clear();
    let verdicts = judge.verdicts();
    folder.write_summary(&run, scenario, &verdicts, lane_steps as f64 / seconds.max(1e-9))?;
    verdicts.iter().for_each(|v| println!("{v}"));
    let diverged = run.lanes().iter().any(|lane| lane.diverged_at.is_some());
    Ok(if stop.load(Ordering::Relaxed) {
        Ending::Interrupted
    } else if diverged || verdicts.iter().any(verdict::Verdict::failed) {
        Ending::Failed
    } else {
        Ending::Held
    })
}

fn drain(
    run: &mut Run,
    folder: &mut Folder,
    judge: &mut Judge,
    bar: &ProgressBar,
) -> Result<(), HeadlessError> {
    let (rows, events) = run.take_news()?;
    for row in &rows {
        folder.write_row(row)?;
        judge.see(row);
        if row.eval.is_some() {
            bar.set_message(judge.progress());
        }
    }
    for event in events.iter().filter(|e| e.kind != EventKind::Caption) {
        bar.suspend(|| println!("step {}: {}", event.step, event.text));
    }
    bar.set_position(run.step_count());
    Ok(())
}
