//! `vqscope run`: the same engine without a window, into a folder of files.

mod count;
mod failure;
pub mod summary;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use crate::analysis::verdict::{Judge, Verdict, left_story_after};
use crate::archive::{Archive, ArchiveError, Folder, FolderError, Prepared, Start, names};
use crate::catch_panic::{caught, one_line};
use crate::engine::device::{Choice, Compute};
use crate::engine::limits;
use crate::engine::views::Freshness;
use crate::engine::{Run, RunError};
use crate::give_up::{self, Question};
use crate::machine::instruction_set;
use crate::record::event::EventKind;
use crate::say;
use crate::scenario::{Scenario, check_steps};
use crate::session::drive::{At, drive};
use crate::session::model::{self, ModelError};
use crate::session::recorder::{Budgets, Recorder, SAVE_INTERVAL};

/// What to run and where to write it.
pub struct Order {
    /// Name of the scenario: a built-in one or a path.
    pub story: String,
    /// The scenario with all settings applied.
    pub scenario: Scenario,
    /// The folder for the files.
    pub out: PathBuf,
    /// The device.
    pub choice: Choice,
    /// Fewer (or more) steps than the scenario's own.
    pub steps: Option<u64>,
    /// What becomes of what is in the folder.
    pub folder: FolderUse,
    /// Whether the run is saved so that it can be opened and gone on with; if not, tables alone are
    /// written.
    pub keeps: bool,
    /// Bytes that may be kept of it.
    pub budgets: Budgets,
    /// Least time between two saves.
    pub save_every: Duration,
    /// Pictures a second that are built and dropped, to measure what they cost.
    pub snapshots: Option<f64>,
    /// Whether the final count over many held-out tokens is left out.
    pub no_final_count: bool,
    /// The bar that counts the steps of many runs; then nothing else is printed.
    pub part_of: Option<ProgressBar>,
}

impl Order {
    /// The scenario as it is into an empty folder, with everything that is saved of a run.
    pub fn new(story: &str, scenario: Scenario, out: &Path, choice: Choice) -> Self {
        Self {
            story: story.into(),
            scenario,
            out: out.into(),
            choice,
            steps: None,
            folder: FolderUse::New,
            keeps: true,
            budgets: Budgets::default(),
            save_every: SAVE_INTERVAL,
            snapshots: None,
            no_final_count: false,
            part_of: None,
        }
    }
}

/// What becomes of what is in a run's folder.
pub enum FolderUse {
    /// It must be empty.
    New,
    /// It is written over.
    Force,
    /// The run that was asked for there begins anew: it was stopped before its first save.
    Begin,
    /// The run that was saved there goes on.
    Resume(Box<Archive>),
}

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every expectation that was reached holds.
    Held,
    /// An expectation failed, or a lane diverged that was not expected to.
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
    /// The saved run cannot be opened.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// More steps are asked for than a run can have.
    #[error("{0}")]
    Steps(String),
    /// The run failed.
    #[error(transparent)]
    Run(#[from] RunError),
    /// The device failed.
    #[error("{device} failed ({why}); {way_on}")]
    Device {
        /// The device.
        device: String,
        /// What it says.
        why: String,
        /// How the run can go on.
        way_on: String,
    },
    /// The trainer panicked, or a thread could not be started.
    #[error("the trainer stopped unexpectedly ({0})")]
    Panic(String),
}

impl From<ModelError> for HeadlessError {
    fn from(error: ModelError) -> Self {
        match error {
            ModelError::Run(error) => Self::Run(error),
            ModelError::Archive(error) => Self::Archive(error),
        }
    }
}

impl From<std::io::Error> for HeadlessError {
    fn from(error: std::io::Error) -> Self {
        Self::Panic(error.to_string())
    }
}

/// An order that goes on with the run in a folder, `more` steps beyond what it was asked for.
///
/// A run that was stopped before its first save starts from step 0. Where nothing was to be saved,
/// there is nothing to go on with, and what is there stays as it is.
///
/// # Errors
/// Nothing of a run is there, it is damaged, or it would have too many steps.
pub fn resume(path: &Path, more: u64, choice: Choice) -> Result<Order, HeadlessError> {
    match Archive::open(path) {
        Ok(archive) => {
            // In the window a run may have gone on beyond what it was asked for.
            let manifest = &archive.manifest;
            let until = further(manifest.until.max(manifest.step), more)?;
            let (story, scenario) = (archive.manifest.story.clone(), archive.scenario.clone());
            let folder = FolderUse::Resume(Box::new(archive));
            Ok(Order { steps: Some(until), folder, ..Order::new(&story, scenario, path, choice) })
        }
        Err(ArchiveError::NoRun(_)) => {
            let Start { story, scenario, until } = Start::read(path)?;
            let steps = Some(further(until, more)?);
            let folder = FolderUse::Begin;
            Ok(Order { steps, folder, ..Order::new(&story, scenario, path, choice) })
        }
        Err(error) => Err(error.into()),
    }
}

/// The last step of a run that goes on by `more` steps.
fn further(until: u64, more: u64) -> Result<u64, HeadlessError> {
    let what = format!("the last step of this run with --more {more}");
    check_steps(&what, 0, until.saturating_add(more)).map_err(HeadlessError::Steps)
}

/// Runs the order on a thread named "trainer" until its last step or until `stop` is set.
///
/// # Errors
/// The folder cannot be used, the device fails, or the engine panics.
pub fn run(order: Order, stop: &Arc<AtomicBool>) -> Result<Ending, HeadlessError> {
    let stop = stop.clone();
    let work = move || {
        let trained = caught(|| {
            let compute = order.choice.open().map_err(RunError::from)?;
            train(&order, &compute, &stop)
        });
        match trained {
            // cubecl panics where an allocation fails.
            Err(why) if order.choice.is_adapter() => Err(failure::of_device(&order, why)),
            Err(why) => Err(HeadlessError::Panic(why)),
            Ok(Err(HeadlessError::Run(RunError::Execution(e)))) if order.choice.is_adapter() => {
                Err(failure::of_device(&order, one_line(e.reason())))
            }
            Ok(ending) => ending,
        }
    };
    let thread = std::thread::Builder::new().name("trainer".into()).spawn(work)?;
    thread.join().unwrap_or_else(|_| Err(HeadlessError::Panic("no reason given".into())))
}

/// Makes the folder ready, and notes in it what is asked for where that is to be saved.
fn prepare(order: &Order) -> Result<Option<Prepared>, FolderError> {
    let (out, scenario) = (&order.out, &order.scenario);
    let is_forced = matches!(order.folder, FolderUse::Force);
    let until = order.steps.unwrap_or(scenario.steps);
    let start = || Start { story: order.story.clone(), scenario: scenario.clone(), until };
    match order.folder {
        FolderUse::New | FolderUse::Force if order.keeps => {
            Prepared::with_start(out, is_forced, &start())
        }
        FolderUse::New | FolderUse::Force => Prepared::new(out, is_forced, scenario),
        FolderUse::Begin => Prepared::noted(out, &start()),
        FolderUse::Resume(_) => return Ok(None),
    }
    .map(Some)
}

fn train(
    order: &Order,
    compute: &Compute,
    stop: &Arc<AtomicBool>,
) -> Result<Ending, HeadlessError> {
    let scenario = &order.scenario;
    // Refused before anything is written: the same folder then serves for another device.
    limits::check(&scenario.lane_specs(), compute).map_err(RunError::from)?;
    log::info!("{} into {}", order.story, order.out.display());
    let prepared = prepare(order)?;
    let has_views = order.keeps || order.snapshots.is_some();
    let mut run = {
        let stop = stop.clone();
        let is_stopped = Question::new(move || stop.load(Ordering::Relaxed));
        match give_up::within(&is_stopped, || Run::new(scenario.clone(), compute, 1, has_views)) {
            Err(RunError::GivenUp) => return Ok(Ending::Interrupted),
            run => run?,
        }
    };
    let picture_every = order.snapshots.map(|rate| Duration::from_secs_f64(1.0 / rate));
    let mut judge = Judge::new(scenario);
    let log = match &order.folder {
        FolderUse::Resume(archive) => archive.manifest.log.as_slice(),
        _ => &[],
    };
    judge.leave_story(left_story_after(&order.story, log));
    let last = order.steps.unwrap_or(scenario.steps);
    let mut recorder = recorder(order, prepared, &mut run, &mut judge, last)?;
    let progress = Progress::new(order.part_of.as_ref(), last);
    let start = Instant::now();
    let mut pictured = start;
    let mut lane_steps = 0_u64;
    let is_stopped = || stop.load(Ordering::Relaxed);
    drive(&mut run, last, |run, at| -> Result<bool, HeadlessError> {
        match at {
            At::Before if is_stopped() || recorder.has_failed() => return Ok(false),
            At::Before => {
                let at = run.step_count();
                lane_steps += run.lanes().iter().filter(|l| l.is_training(at)).count() as u64;
            }
            At::After => {
                if picture_every.is_some_and(|interval| pictured.elapsed() >= interval) {
                    drop(run.snapshot(Freshness::Live)?);
                    pictured = Instant::now();
                }
                recorder.after_step(run)?;
            }
            At::News => drain(run, &mut recorder, &mut judge, &progress)?,
        }
        Ok(true)
    })?;
    let is_ended = run.step_count() >= last || !run.is_training();
    // Saved before the evaluation that only an end has, so that a run which goes on from here has
    // the same rows as one that never stopped.
    recorder.leave(&mut run, is_ended)?;
    if !is_stopped() {
        run.evaluate()?;
    }
    drain(&mut run, &mut recorder, &mut judge, &progress)?;
    let seconds = start.elapsed().as_secs_f64();
    progress.finish();
    let finals = count::final_count(order, &run, &mut judge, stop)?;
    let verdicts = judge.verdicts();
    if let Some(mut folder) = recorder.finish()? {
        let rate = lane_steps as f64 / seconds.max(1e-9);
        let summary = summary::summary(&run, &verdicts, &finals, rate);
        folder.write(names::SUMMARY, summary.as_bytes())?;
        if order.keeps {
            folder.write(names::MODEL, &model::to_bytes(&run)?)?;
        }
        folder.close()?;
    }
    if order.part_of.is_none() {
        verdicts.iter().for_each(say::line);
    }
    let diverged = run
        .lanes()
        .iter()
        .any(|lane| lane.diverged_at.is_some() && !judge.expected_divergence(lane.spec.id));
    Ok(if is_stopped() {
        Ending::Interrupted
    } else if diverged || verdicts.iter().any(Verdict::failed) {
        Ending::Failed
    } else {
        Ending::Held
    })
}

/// What keeps the run; a run that goes on is brought to its save, and the judge sees what was before.
fn recorder(
    order: &Order,
    prepared: Option<Prepared>,
    run: &mut Run,
    judge: &mut Judge,
    until: u64,
) -> Result<Recorder, HeadlessError> {
    let budgets = order.keeps.then_some(order.budgets);
    if let FolderUse::Resume(archive) = &order.folder {
        run.restore(archive.newest()?)?;
        let [rows, events] = archive.before_save;
        archive.rows[..rows].iter().for_each(|row| judge.see(row));
        archive.events[..events].iter().for_each(|event| judge.see_event(event));
        let (now, saved) = (&run.info().device.name, &archive.manifest);
        if *now != saved.device || instruction_set() != saved.instruction_set {
            say::line(format_args!(
                "saved on {} ({}), goes on on {now} ({}): the figures will agree nearly, not byte for byte",
                saved.device,
                saved.instruction_set,
                instruction_set()
            ));
        }
        let folder = Folder::reopen(&order.out, archive.manifest.clone(), until)?;
        let recorder = Recorder::going_on(Some(folder), budgets, &archive.events[..events])?;
        return Ok(recorder.saving_every(order.save_every));
    }
    let create = |prepared| Folder::create(prepared, &order.story, &run.info(), until);
    let folder = prepared.map(create).transpose()?;
    let mut recorder = Recorder::new(folder, budgets)?.saving_every(order.save_every);
    recorder.begin(run)?;
    Ok(recorder)
}

/// The bar of one run, or a share in the bar of many.
struct Progress {
    bar: ProgressBar,
    /// Steps on the bar before this run, where it is the bar of many.
    before: Option<u64>,
}

impl Progress {
    fn new(part_of: Option<&ProgressBar>, last: u64) -> Self {
        if let Some(bar) = part_of {
            return Self { bar: bar.clone(), before: Some(bar.position()) };
        }
        let style = ProgressStyle::with_template("{bar:40} step {pos} of {len}, {per_sec}, {msg}")
            .expect("a constant template");
        Self { bar: ProgressBar::new(last).with_style(style), before: None }
    }

    fn show(&self, step: u64, figures: Option<String>, news: &[String]) {
        self.bar.set_position(self.before.unwrap_or(0) + step);
        if self.before.is_some() {
            return;
        }
        if let Some(figures) = figures {
            self.bar.set_message(figures);
        }
        news.iter().for_each(|line| self.bar.suspend(|| say::line(line)));
    }

    fn finish(&self) {
        if self.before.is_none() {
            self.bar.finish_and_clear();
        }
    }
}

fn drain(
    run: &mut Run,
    recorder: &mut Recorder,
    judge: &mut Judge,
    progress: &Progress,
) -> Result<(), HeadlessError> {
    let (rows, events) = run.take_news()?;
    recorder.news(&rows, &events);
    events.iter().for_each(|event| judge.see_event(event));
    let mut figures = None;
    for row in &rows {
        judge.see(row);
        if row.eval.is_some() {
            figures = Some(judge.progress());
        }
    }
    let news: Vec<String> = events
        .iter()
        .filter(|e| e.kind != EventKind::Caption)
        .map(|event| format!("step {}: {}", event.step, event.text))
        .collect();
    progress.show(run.step_count(), figures, &news);
    Ok(())
}
