//! The trainer thread: the one owner of the device and of every tensor.
//!
//! Commands come in over a bounded channel and act between two steps. Pictures leave through a
//! slot that keeps only the newest, scalars and events through a bounded channel that loses none:
//! when the window does not take them, the trainer waits.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, TryRecvError, TrySendError, bounded};

use crate::scenario::{Pace, Scenario};
use crate::train::command::Command;
use crate::train::device::Choice;
use crate::train::run::{Run, RunError};
use crate::train::snapshot::{Activity, Snapshot, TrainerState, Update};

/// Commands that may wait; a window cannot fill it between two steps.
const COMMANDS: usize = 256;

/// Messages of scalars and events that may wait for the window.
const UPDATES: usize = 1024;

/// Least time between two pictures.
const PICTURE_INTERVAL: Duration = Duration::from_micros(15_000);

/// Least time between two pictures while the window has not taken the one before: a window that
/// draws slowly takes one a frame, and a hidden one needs none.
const UNSEEN_INTERVAL: Duration = Duration::from_millis(250);

/// Time between two reports of the speed.
const STATE_INTERVAL: Duration = Duration::from_millis(500);

/// The window's end of the trainer thread.
pub struct Trainer {
    commands: Sender<Command>,
    updates: Receiver<Update>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    thread: Option<JoinHandle<()>>,
}

impl Trainer {
    /// Starts the thread. `wake` is called after everything that is handed out; `playing` says
    /// whether it trains at once.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn spawn(
        scenario: Scenario,
        choice: Choice,
        playing: bool,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (commands, inbox) = bounded(COMMANDS);
        let (outbox, updates) = bounded(UPDATES);
        let slot = Arc::new(ArcSwapOption::empty());
        let pace = scenario.pace;
        let worker = Worker {
            inbox,
            outbox,
            slot: slot.clone(),
            wake: Box::new(wake),
            choice,
            pace,
            activity: if playing { Activity::Running } else { Activity::Paused },
            meter: Meter::new(),
            runs: 0,
        };
        let thread = std::thread::Builder::new()
            .name("trainer".into())
            .spawn(move || worker.live(scenario))?;
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

struct Worker {
    inbox: Receiver<Command>,
    outbox: Sender<Update>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    wake: Box<dyn Fn() + Send>,
    choice: Choice,
    pace: Pace,
    activity: Activity,
    meter: Meter,
    runs: u64,
}

/// What a round of the loop ends with.
enum Next {
    Restart(Box<Scenario>),
    Shutdown,
}

impl Worker {
    fn live(mut self, first: Scenario) {
        let mut scenario = first;
        loop {
            self.runs += 1;
            // A panic inside burn or wgpu must not leave a dead window.
            let outcome = catch_unwind(AssertUnwindSafe(|| self.train(scenario.clone())));
            let failure = match outcome {
                Ok(Ok(Next::Shutdown)) => return,
                Ok(Ok(Next::Restart(next))) => {
                    scenario = *next;
                    continue;
                }
                Ok(Err(error)) => error.to_string(),
                Err(panic) => format!("the trainer stopped unexpectedly ({})", panic_text(&*panic)),
            };
            self.send(Update::Failed(failure));
            self.activity = Activity::Paused;
            match self.wait_for_restart() {
                Next::Restart(next) => scenario = *next,
                Next::Shutdown => return,
            }
            self.activity = Activity::Running;
        }
    }

    fn wait_for_restart(&self) -> Next {
        loop {
            match self.inbox.recv() {
                Ok(Command::Restart(next)) => return Next::Restart(next),
                Ok(Command::Shutdown) | Err(_) => return Next::Shutdown,
                Ok(_) => {}
            }
        }
    }

    fn train(&mut self, scenario: Scenario) -> Result<Next, RunError> {
        let resume = self.activity;
        self.set_activity(Activity::WarmingUp);
        let compute = self.choice.open()?;
        let mut run = Run::new(scenario, &compute, self.runs, true)?;
        self.send(Update::Started(Box::new(run.info())));
        self.publish(&mut run, true)?;
        // Kernels compile during the first step; the window keeps saying so.
        let playing = resume != Activity::Paused;
        if !playing {
            self.set_activity(Activity::Paused);
        }
        let mut due = Instant::now();
        let mut pictured = Instant::now();
        let mut end_noted = false;
        loop {
            let command = match self.activity {
                Activity::Running | Activity::WarmingUp => self.next_command(due),
                _ => self.inbox.recv().map(Some).map_err(|_gone| ()),
            };
            let Ok(command) = command else { return Ok(Next::Shutdown) };
            let mut train_one = command.is_none();
            if let Some(command) = command {
                match command {
                    Command::Restart(next) => {
                        self.activity = Activity::Running;
                        return Ok(Next::Restart(next));
                    }
                    Command::Shutdown => return Ok(Next::Shutdown),
                    Command::Play => {
                        due = Instant::now();
                        self.meter = Meter::new();
                        let activity =
                            if run.is_training() { Activity::Running } else { Activity::Diverged };
                        self.set_activity(activity);
                    }
                    Command::Pause => self.set_activity(Activity::Paused),
                    Command::StepOnce => {
                        self.set_activity(Activity::Paused);
                        train_one = true;
                    }
                    Command::SetPace(pace) => {
                        self.pace = pace;
                        due = Instant::now();
                        self.meter = Meter::new();
                        self.report();
                    }
                    Command::Set { lane, setting } => run.set(lane, setting),
                    Command::SetBasis(mode) => run.set_basis(mode)?,
                }
                if !train_one && self.activity != Activity::Running {
                    self.publish(&mut run, true)?;
                }
            }
            if !train_one {
                continue;
            }
            run.step()?;
            if self.activity == Activity::WarmingUp {
                // CPU-GPU sync point: the first step is done once its numbers are here.
                self.publish(&mut run, true)?;
                self.set_activity(Activity::Running);
                due = Instant::now();
            }
            self.meter.count();
            let stop = if !run.is_training() {
                Some(Activity::Diverged)
            } else if run.step_count() == run.scenario().steps && !end_noted {
                end_noted = true;
                Some(Activity::Ended)
            } else {
                None
            };
            let is_still = stop.is_some() || self.activity != Activity::Running;
            let interval =
                if self.slot.load().is_none() { PICTURE_INTERVAL } else { UNSEEN_INTERVAL };
            if is_still || pictured.elapsed() >= interval {
                self.publish(&mut run, is_still)?;
                pictured = Instant::now();
            }
            // Said after everything of the last step was handed out.
            if let Some(activity) = stop {
                self.set_activity(activity);
            }
            if self.meter.is_report_due() {
                self.report();
            }
            due = match self.pace.per_second() {
                // A step that took too long is not caught up with a burst.
                Some(pace) => (due + Duration::from_secs_f64(1.0 / pace))
                    .max(Instant::now() - Duration::from_millis(100)),
                None => Instant::now(),
            };
        }
    }

    /// A command, or `None` when the next step is due; `Err` when the window is gone.
    fn next_command(&self, due: Instant) -> Result<Option<Command>, ()> {
        let received = if due > Instant::now() {
            self.inbox.recv_deadline(due).map_err(|e| e == RecvTimeoutError::Timeout)
        } else {
            self.inbox.try_recv().map_err(|e| e == TryRecvError::Empty)
        };
        match received {
            Ok(command) => Ok(Some(command)),
            Err(true) => Ok(None),
            Err(false) => Err(()),
        }
    }

    /// Hands out rows, events and a picture of the newest step.
    fn publish(&self, run: &mut Run, is_still: bool) -> Result<(), RunError> {
        let snapshot = run.snapshot(is_still)?;
        let (rows, events) = run.take_news()?;
        if !rows.is_empty() {
            self.send(Update::Rows(rows));
        }
        events.into_iter().for_each(|event| self.send(Update::Event(event)));
        if let Some(snapshot) = snapshot {
            self.slot.store(Some(Arc::new(snapshot)));
        }
        (self.wake)();
        Ok(())
    }

    fn set_activity(&mut self, activity: Activity) {
        self.activity = activity;
        if activity != Activity::Running {
            self.meter = Meter::new();
        }
        self.report();
    }

    fn report(&mut self) {
        let steps_per_second = self.meter.report();
        let state = TrainerState { activity: self.activity, pace: self.pace, steps_per_second };
        self.send(Update::State(state));
        (self.wake)();
    }

    /// Sends without loss: waits while the channel is full, unless the window is gone.
    fn send(&self, update: Update) {
        let mut update = update;
        while let Err(TrySendError::Full(back)) = self.outbox.try_send(update) {
            update = back;
            (self.wake)();
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "no reason given".into())
}

/// Steps per second.
struct Meter {
    since: Instant,
    steps: u32,
    rate: f64,
}

impl Meter {
    fn new() -> Self {
        Self { since: Instant::now(), steps: 0, rate: 0.0 }
    }

    fn count(&mut self) {
        self.steps += 1;
    }

    fn is_report_due(&self) -> bool {
        self.since.elapsed() >= STATE_INTERVAL
    }

    /// The rate since the last full interval.
    fn report(&mut self) -> f64 {
        let elapsed = self.since.elapsed();
        if elapsed >= STATE_INTERVAL {
            self.rate = f64::from(self.steps) / elapsed.as_secs_f64();
            self.steps = 0;
            self.since = Instant::now();
        }
        self.rate
    }
}
