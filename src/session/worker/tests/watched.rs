//! A trainer as tests see it: what it handed out, and waits for what it does.

use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

use crossbeam_channel::{Receiver, bounded};

use crate::archive::metrics_line;
use crate::engine::tests::choice;
use crate::patience::{LAST_RESORT, LOOK};
use crate::record::row::StepRow;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Update};
use crate::scenario::Scenario;
use crate::session::command::Command;
use crate::session::recorder::Budgets;
use crate::session::worker::{Begin, Start, Trainer};

/// A trainer with everything that it handed out so far.
pub struct Watched {
    trainer: Trainer,
    pub rows: Vec<StepRow>,
    pub updates: Vec<Update>,
    pub picture: Option<Arc<Snapshot>>,
    /// Told after everything that is handed out.
    woken: Receiver<()>,
    gate: Arc<Gate>,
}

/// Where the trainer waits, while it is closed, after everything that it hands out.
#[derive(Default)]
struct Gate {
    is_closed: Mutex<bool>,
    changed: Condvar,
}

impl Gate {
    fn pass(&self) {
        let is_closed = self.is_closed.lock().unwrap_or_else(PoisonError::into_inner);
        drop(self.changed.wait_while(is_closed, |is_closed| *is_closed));
    }

    fn set(&self, is_closed: bool) {
        *self.is_closed.lock().unwrap_or_else(PoisonError::into_inner) = is_closed;
        self.changed.notify_all();
    }
}

impl Watched {
    pub fn start(start: Start) -> Self {
        let (waker, woken) = bounded(1);
        let gate = Arc::new(Gate::default());
        let own = gate.clone();
        let wake = move || {
            // One that was not looked at yet says the same.
            waker.try_send(()).ok();
            own.pass();
        };
        let trainer = Trainer::start(start, wake).unwrap();
        Self { trainer, rows: Vec::new(), updates: Vec::new(), picture: None, woken, gate }
    }

    /// A trainer of a scenario that is saved nowhere.
    pub fn new(scenario: Scenario, is_playing: bool) -> Self {
        Self::start(Start {
            pace: scenario.pace,
            begin: Begin::Fresh(Box::new(scenario)),
            mode: crate::lesson::Mode::Free,
            choice: choice(),
            is_playing,
            home: None,
            makes_room: false,
            budgets: Budgets::default(),
            after_run: 0,
        })
    }

    /// The folder of the newest run.
    pub fn folder(&self) -> PathBuf {
        let of = |update: &Update| match update {
            Update::Saving(saving) => saving.folder.clone(),
            _ => None,
        };
        self.updates.iter().rev().find_map(of).unwrap()
    }

    /// Rows since the newest run began, as they are written.
    pub fn lines(&self) -> Vec<String> {
        self.rows.iter().map(metrics_line).collect()
    }

    pub fn send(&self, command: Command) {
        assert!(self.trainer.send(command));
    }

    /// Sends commands of which the last one is there before the trainer does more for the first one
    /// than hand out what it has.
    pub fn send_at_once<const N: usize>(&self, commands: [Command; N]) {
        self.gate.set(true);
        let are_sent = commands.map(|command| self.trainer.send(command));
        self.gate.set(false);
        assert_eq!(are_sent, [true; N]);
    }

    /// Waits until something is true of what was handed out; a trainer that hangs fails the test.
    pub fn until(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_true(self) {
            assert!(
                start.elapsed() < LAST_RESORT,
                "waited in vain until {what}: {} updates, step {}",
                self.updates.len(),
                self.last_step()
            );
            self.picture = self.trainer.take_latest().or(self.picture.take());
            for update in self.trainer.updates() {
                match update {
                    Update::Rows(rows) => self.rows.extend(rows),
                    other => self.updates.push(other),
                }
            }
            if !is_true(self) {
                // What is true of a file is told by nobody.
                self.woken.recv_timeout(LOOK).ok();
            }
        }
    }

    pub fn activity(&self) -> Option<Activity> {
        self.updates.iter().rev().find_map(|u| match u {
            Update::State(state) => Some(state.activity),
            _ => None,
        })
    }

    /// What a step costs, as the trainer said last.
    pub fn seconds_per_step(&self) -> Option<f64> {
        let newest = self.updates.iter().rev().find_map(|u| match u {
            Update::State(state) => Some(state.seconds_per_step),
            _ => None,
        });
        newest.flatten()
    }

    pub fn runs(&self) -> usize {
        self.updates.iter().filter(|u| matches!(u, Update::Started(_))).count()
    }

    pub fn last_step(&self) -> u64 {
        self.rows.last().map_or(0, |r| r.step)
    }
}
