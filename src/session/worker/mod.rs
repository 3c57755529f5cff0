//! The trainer thread: the one owner of the device and of every tensor.
//!
//! Commands come in over a bounded channel and act between two steps. Pictures leave through a
//! slot that keeps only the newest, scalars and events through a bounded channel that loses none:
//! when the window does not take them, the trainer waits.

mod begin;
mod failure;
mod inbox;
mod meter;
#[cfg(test)]
mod tests;
mod trainer_loop;
mod turn;
mod visit;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, bounded};

use crate::engine::device::Choice;
use crate::lesson::Mode;
use crate::record::close::Gaze;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Update};
use crate::scenario::{Pace, Scenario};
use crate::session::command::Command;
use crate::session::recorder::Budgets;
use inbox::Wishes;
use meter::{Cost, Meter};
use trainer_loop::Worker;
pub use turn::Begin;

/// Commands that may wait; a window cannot fill it between two steps.
const COMMANDS: usize = 256;

/// Messages of scalars and events that may wait for the window.
const UPDATES: usize = 1024;

/// The window's end of the trainer thread.
pub struct Trainer {
    commands: Wishes,
    updates: Receiver<Update>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    thread: Option<JoinHandle<()>>,
}

/// What the trainer starts with.
#[derive(Clone)]
pub struct Start {
    /// The first run.
    pub begin: Begin,
    /// The device.
    pub choice: Choice,
    /// Steps per second.
    pub pace: Pace,
    /// How the story is told: where it waits.
    pub mode: Mode,
    /// Whether it trains at once.
    pub is_playing: bool,
    /// The folder in which each run gets a folder of its own; without it nothing is saved, and no
    /// run can be forked.
    pub home: Option<PathBuf>,
    /// Whether old runs there make room for new ones.
    pub makes_room: bool,
    /// Bytes that may be kept of a run.
    pub budgets: Budgets,
    /// Number of the run that was shown before the first one here; 0 for none.
    pub after_run: u64,
}

impl Trainer {
    /// Starts the thread on a scenario that is saved nowhere. `wake` is called after everything that
    /// is handed out; `playing` says whether it trains at once.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn spawn(
        scenario: Scenario,
        choice: Choice,
        playing: bool,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let start = Start {
            pace: scenario.pace,
            begin: Begin::Fresh(Box::new(scenario)),
            choice,
            mode: Mode::Free,
            is_playing: playing,
            home: None,
            makes_room: false,
            budgets: Budgets::default(),
            after_run: 0,
        };
        Self::start(start, wake)
    }

    /// Starts the thread. `wake` is called after everything that is handed out.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn start(start: Start, wake: impl Fn() + Send + 'static) -> std::io::Result<Self> {
        let (commands, inbox) = inbox::channel(COMMANDS);
        let (outbox, updates) = bounded(UPDATES);
        let slot = Arc::new(ArcSwapOption::empty());
        let worker = Worker {
            inbox,
            outbox,
            slot: slot.clone(),
            wake: Box::new(wake),
            choice: start.choice,
            pace: start.pace,
            activity: if start.is_playing { Activity::Running } else { Activity::Paused },
            meter: Meter::new(),
            cost: Cost::default(),
            runs: start.after_run,
            home: start.home,
            keeps: true,
            makes_room: start.makes_room,
            budgets: start.budgets,
            folder: None,
            saved: None,
            log: Vec::new(),
            at: None,
            told_checkpoint: None,
            way: None,
            rest: None,
            mode: start.mode,
            halts: Vec::new(),
            gaze: Gaze::default(),
        };
        let begin = start.begin;
        let thread =
            std::thread::Builder::new().name("trainer".into()).spawn(move || worker.live(begin))?;
        Ok(Self { commands, updates, slot, thread: Some(thread) })
    }

    /// Hands a command over without waiting; false if the thread has ended or is far behind.
    pub fn send(&self, command: Command) -> bool {
        self.commands.try_send(command).is_ok()
    }

    /// Everything on the lossless way so far.
    pub fn updates(&self) -> impl Iterator<Item = Update> + '_ {
        self.updates.try_iter()
    }

    /// The newest picture, once: `None` until there is a newer one.
    pub fn take_latest(&self) -> Option<Arc<Snapshot>> {
        self.slot.swap(None)
    }
}

impl Drop for Trainer {
    /// Ends the thread and waits for the step in progress.
    fn drop(&mut self) {
        // A trainer that waits for room must find some, and one far behind must find the command.
        while self.commands.try_send(Command::Shutdown).is_err_and(|e| e.is_full()) {
            self.updates.try_iter().for_each(drop);
            std::thread::sleep(Duration::from_millis(1));
        }
        if let Some(thread) = self.thread.take() {
            while !thread.is_finished() {
                self.updates.try_iter().for_each(drop);
                std::thread::sleep(Duration::from_millis(1));
            }
            thread.join().ok();
        }
    }
}
