//! The loop of the trainer thread: commands between two steps, pace, what is handed out, what
//! happens when something breaks.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwapOption;
use crossbeam_channel::{RecvTimeoutError, Sender, TryRecvError, TrySendError};

use crate::catch_panic::caught;
use crate::engine::RunError;
use crate::engine::device::Choice;
use crate::engine::run::Run;
use crate::engine::views::Freshness;
use crate::give_up;
use crate::lesson::{Lesson, Mode};
use crate::record::close::Gaze;
use crate::record::notice::Notice;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Saving, TrainerState, Update};
use crate::scenario::Pace;
use crate::session::command::Command;
use crate::session::drive::advance;
use crate::session::recorder::{Budgets, Recorder};
use crate::session::visit::ReplayPlan;
use crate::session::worker::inbox::Inbox;
use crate::session::worker::meter::{Cost, Meter};
use crate::session::worker::turn::{Begin, Broken, Built, Next};

/// Least time between two pictures.
const PICTURE_INTERVAL: Duration = Duration::from_micros(15_000);

/// Least time between two pictures while the window has not taken the one before: a window that
/// draws slowly takes one a frame, and a hidden one needs none.
const UNSEEN_INTERVAL: Duration = Duration::from_millis(250);

/// The error where nobody saves any more.
const SAVER_ENDED: &str = "the thread that saves ended";

/// The token of a batch that is told of.
const TOLD: usize = 0;

pub(super) struct Worker {
    pub(super) inbox: Inbox,
    pub(super) outbox: Sender<Update>,
    pub(super) slot: Arc<ArcSwapOption<Snapshot>>,
    pub(super) wake: Box<dyn Fn() + Send>,
    pub(super) choice: Choice,
    pub(super) pace: Pace,
    pub(super) activity: Activity,
    pub(super) meter: Meter,
    /// What a step of the present run costs.
    pub(super) cost: Cost,
    pub(super) runs: u64,
    /// Where each run gets a folder of its own.
    pub(super) home: Option<PathBuf>,
    /// Whether the next run does.
    pub(super) keeps: bool,
    /// Whether old runs there make room for new ones.
    pub(super) makes_room: bool,
    /// Bytes that may be kept of a run.
    pub(super) budgets: Budgets,
    /// The folder of the present run.
    pub(super) folder: Option<PathBuf>,
    /// Where something of the present run is saved, even if it trains on unsaved.
    pub(super) saved: Option<PathBuf>,
    /// Settings made by hand in the present run.
    pub(super) log: Vec<Logged>,
    /// Steps trained, once the present run trains.
    pub(super) at: Option<u64>,
    /// Step of the newest checkpoint that the window knows of.
    pub(super) told_checkpoint: Option<u64>,
    /// The way of a visit that is going on.
    pub(super) way: Option<ReplayPlan>,
    /// The way that a run began with which goes on after its device failed on a visit.
    pub(super) rest: Option<ReplayPlan>,
    /// How stories are told.
    pub(super) mode: Mode,
    /// Steps after which the run waits.
    pub(super) halts: Vec<u64>,
    /// What the window looks at closely.
    pub(super) gaze: Gaze,
}

/// What a command leads to.
enum Obeyed {
    /// This run is left.
    Leave(Next),
    /// One step, whatever the activity.
    TrainOne,
    /// The pace counts from now on.
    PaceAnew,
    /// Nothing more.
    Done,
}

impl Worker {
    pub(super) fn live(mut self, first: Begin) {
        let mut begin = first;
        loop {
            self.runs += 1;
            self.at = None;
            let again = begin.clone();
            // A panic inside burn or wgpu must not leave a dead window.
            let broken = match caught(|| self.train(begin)) {
                Ok(Ok(Next::Shutdown)) => return,
                Ok(Ok(Next::Begin(next))) => {
                    self.rest = None;
                    begin = next;
                    continue;
                }
                Ok(Err(broken)) => broken,
                Err(why) => Broken::Panic(why),
            };
            match self.after(&broken, again) {
                Next::Begin(next) => begin = next,
                Next::Shutdown => return,
            }
        }
    }

    fn train(&mut self, begin: Begin) -> Result<Next, Broken> {
        let resume = self.activity;
        let before = self.folder.clone();
        self.set_activity(Activity::WarmingUp);
        let (mut run, mut recorder) = match self.build(begin) {
            Ok(Built::Ready(ready)) => *ready,
            Ok(Built::Left(next)) => return Ok(next),
            Err(Broken::Run(RunError::GivenUp)) => return Ok(self.given_up(before)),
            Err(broken) => return Err(broken),
        };
        self.publish(&mut run, &mut recorder, true)?;
        let next = self.trainer_loop(&mut run, &mut recorder, resume);
        // Whatever the reason: what was trained is saved, if the device still answers.
        if next.is_ok() {
            recorder.leave(&mut run, false)?;
        }
        if let Some(mut folder) = recorder.finish()? {
            folder.close()?;
        }
        match next {
            // Of a step that was given up nothing was handed out or saved.
            Err(Broken::Run(RunError::GivenUp)) => Ok(self.given_up(before)),
            next => next,
        }
    }

    fn trainer_loop(
        &mut self,
        run: &mut Run,
        recorder: &mut Recorder,
        resume: Activity,
    ) -> Result<Next, Broken> {
        self.at = Some(run.step_count());
        // Kernels compile during the first step; the window keeps saying so.
        self.activity = Activity::WarmingUp;
        self.halts = Lesson::new(run.scenario(), self.mode).halts();
        run.look_at(&self.gaze);
        if self.way.is_none() {
            if resume == Activity::Paused {
                self.set_activity(Activity::Paused);
            } else if self.halts.contains(&run.step_count()) {
                self.set_activity(Activity::Waiting);
            }
        }
        let mut due = Instant::now();
        let mut pictured = Instant::now();
        let mut end_noted = run.step_count() >= run.scenario().steps;
        loop {
            self.visit(run, recorder)?;
            let command = match self.activity {
                Activity::Running | Activity::WarmingUp => self.next_command(due),
                _ => self.inbox.recv().map(Some).map_err(|_gone| ()),
            };
            let Ok(command) = command else { return Ok(Next::Shutdown) };
            let mut train_one = command.is_none();
            if let Some(command) = command {
                let before = self.activity;
                match self.obey(command, run, recorder)? {
                    Obeyed::Leave(next) => return Ok(next),
                    Obeyed::TrainOne => train_one = true,
                    Obeyed::PaceAnew => due = Instant::now(),
                    Obeyed::Done => {}
                }
                if !train_one && self.activity != Activity::Running {
                    self.publish(run, recorder, true)?;
                    // A pause is told after the rows of the steps before it.
                    if self.activity != before {
                        self.set_activity(self.activity);
                    }
                }
            }
            if !train_one {
                continue;
            }
            if self.activity == Activity::WarmingUp {
                // The first step of a large codebook, with its evaluation, takes as long as building.
                give_up::within(&self.inbox.question(), || self.step(run))?;
            } else {
                self.step(run)?;
            }
            let told = run.take_told();
            if !told.is_empty() {
                self.send(Update::Told(told));
            }
            let kept = recorder.after_step(run)?;
            self.kept(kept);
            if recorder.newest_checkpoint() != self.told_checkpoint {
                self.told_checkpoint = recorder.newest_checkpoint();
                let (folder, checkpoints) = (self.folder.clone(), recorder.checkpoint_steps());
                self.send(Update::Saving(Saving { folder, failure: None, checkpoints }));
            }
            if recorder.has_failed() {
                self.saver_failed(recorder);
            }
            if self.activity == Activity::WarmingUp {
                // CPU-GPU sync point: the first step is done once its numbers are here.
                self.publish(run, recorder, true)?;
                self.set_activity(Activity::Running);
                due = Instant::now();
            }
            self.meter.count();
            let stop = if !run.is_training() {
                Some(Activity::Diverged)
            } else if run.step_count() == run.scenario().steps && !end_noted {
                end_noted = true;
                // A visit ends at its own step, which may lie behind the story's last one.
                self.way.is_none().then_some(Activity::Ended)
            } else if self.way.is_none() && self.halts.contains(&run.step_count()) {
                Some(Activity::Waiting)
            } else {
                None
            };
            let is_still = stop.is_some() || self.activity != Activity::Running;
            let interval =
                if self.slot.load().is_none() { PICTURE_INTERVAL } else { UNSEEN_INTERVAL };
            if is_still || pictured.elapsed() >= interval {
                self.publish(run, recorder, is_still)?;
                pictured = Instant::now();
            }
            // Said after everything of the last step was handed out.
            if let Some(activity) = stop {
                self.set_activity(activity);
            }
            if self.meter.is_report_due() {
                self.report();
            }
            due = match self.pace.per_second().filter(|_| self.way.is_none()) {
                // A step that took too long is not caught up with a burst.
                Some(pace) => (due + Duration::from_secs_f64(1.0 / pace))
                    .max(Instant::now() - Duration::from_millis(100)),
                None => Instant::now(),
            };
        }
    }

    /// Does what the window asks between two steps.
    fn obey(
        &mut self,
        command: Command,
        run: &mut Run,
        recorder: &mut Recorder,
    ) -> Result<Obeyed, Broken> {
        match command {
            Command::Fork { step } => {
                if let Some(from) = self.folder.clone() {
                    self.activity = Activity::Paused;
                    self.publish(run, recorder, true)?;
                    return Ok(Obeyed::Leave(Next::Begin(Begin::Fork { from, step })));
                }
                self.send(Update::Notice(Notice::NotSaved));
            }
            Command::Cancel => {}
            Command::Play => {
                self.meter = Meter::new();
                let activity =
                    if run.is_training() { Activity::Running } else { Activity::Diverged };
                self.set_activity(activity);
                return Ok(Obeyed::PaceAnew);
            }
            Command::Pause => {
                self.way = None;
                self.activity = Activity::Paused;
            }
            Command::Wait => {
                if matches!(self.activity, Activity::Running | Activity::WarmingUp) {
                    self.activity = Activity::Waiting;
                }
            }
            Command::HaltAt(steps) => self.halts = steps,
            Command::StepOnce => {
                self.way = None;
                self.set_activity(Activity::Paused);
                // Whoever steps once wants to see what a step does.
                run.tell_next(TOLD);
                return Ok(Obeyed::TrainOne);
            }
            Command::SetPace(pace) => {
                self.pace = pace;
                self.meter = Meter::new();
                self.report();
                return Ok(Obeyed::PaceAnew);
            }
            Command::Set { lane, setting } => {
                let logged = Logged { step: run.step_count(), lane, setting };
                self.set(run, recorder, logged)?;
            }
            Command::Note(fact) => self.note(run, recorder, *fact)?,
            Command::Draw(fact, into) => {
                self.keep_drawn(recorder, &into.0);
                self.note(run, recorder, *fact)?;
            }
            Command::SetBasis(mode) => run.set_basis(mode)?,
            Command::LookAt(gaze) => {
                run.look_at(&gaze);
                self.gaze = *gaze;
            }
            command => return Ok(self.leaves(command).map_or(Obeyed::Done, Obeyed::Leave)),
        }
        Ok(Obeyed::Done)
    }

    /// What a command begins in the place of the present run, if it does.
    pub(super) fn leaves(&mut self, command: Command) -> Option<Next> {
        let (begin, activity) = match command {
            Command::Restart(next) => (Begin::Fresh(next), Activity::Running),
            Command::Visit(visit) => (Begin::Visit(visit), Activity::Running),
            Command::Resume(folder) => (Begin::Resume(folder), Activity::Paused),
            Command::Shutdown => return Some(Next::Shutdown),
            // What holds from the next run on is heard whatever goes on.
            Command::Tell(mode) => {
                self.mode = mode;
                return None;
            }
            Command::Keep(keeps) => {
                self.keeps = keeps;
                return None;
            }
            _ => return None,
        };
        self.activity = activity;
        Some(Next::Begin(begin))
    }

    /// The run trains on unsaved; the window says why.
    fn saver_failed(&mut self, recorder: &mut Recorder) {
        let failure = match recorder.stop_saving() {
            Some(error) => error.to_string(),
            None => SAVER_ENDED.into(),
        };
        self.folder = None;
        let saving = Saving { folder: None, failure: Some(failure), checkpoints: Vec::new() };
        self.send(Update::Saving(saving));
    }

    /// Hands a keyframe out.
    pub(super) fn kept(&self, keyframe: Option<Arc<Snapshot>>) {
        if let Some(keyframe) = keyframe {
            self.send(Update::Keyframe(keyframe));
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
    pub(super) fn publish(
        &self,
        run: &mut Run,
        recorder: &mut Recorder,
        is_still: bool,
    ) -> Result<(), RunError> {
        let freshness = if is_still { Freshness::Still } else { Freshness::Live };
        let snapshot = run.snapshot(freshness)?;
        let (rows, events) = run.take_news()?;
        recorder.news(&rows, &events);
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

    pub(super) fn set_activity(&mut self, activity: Activity) {
        self.activity = activity;
        if activity != Activity::Running {
            self.meter = Meter::new();
        }
        self.report();
    }

    fn report(&mut self) {
        let steps_per_second = self.meter.report();
        self.send_state(steps_per_second);
    }

    /// Hands out what the trainer does and how fast it is.
    pub(super) fn send_state(&self, steps_per_second: f64) {
        self.send(Update::State(TrainerState {
            activity: self.activity,
            pace: self.pace,
            steps_per_second,
            seconds_per_step: self.cost.per_step(),
        }));
        (self.wake)();
    }

    /// Trains a step and counts what it costs.
    pub(super) fn step(&mut self, run: &mut Run) -> Result<(), RunError> {
        let start = Instant::now();
        advance(run)?;
        self.count_step(run, start.elapsed());
        Ok(())
    }

    /// Notes a step that was trained, and the time that it took.
    pub(super) fn count_step(&mut self, run: &Run, took: Duration) {
        self.at = Some(run.step_count());
        self.cost.add(took);
    }

    /// Sends without loss: waits while the channel is full, unless the window is gone.
    pub(super) fn send(&self, update: Update) {
        let mut update = update;
        while let Err(TrySendError::Full(back)) = self.outbox.try_send(update) {
            update = back;
            (self.wake)();
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}
