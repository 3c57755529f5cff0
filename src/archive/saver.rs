//! The thread that writes a run's folder, so that training does not wait for the disk.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crossbeam_channel::{Receiver, Sender, bounded};

use crate::archive::{Folder, FolderError};
use crate::platform;
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::record::state::RunState;

/// Tasks that may wait. When the disk is slower than training, training waits for it.
const TASKS: usize = 64;

/// Something to write; tasks are done in their order.
pub enum Task {
    /// Rows of `metrics.csv`.
    Rows(Vec<StepRow>),
    /// Lines of `events.csv`.
    Events(Vec<Event>),
    /// A setting made by hand.
    Log(Logged),
    /// A keyframe, and the steps of those that go for it.
    Keyframe(Arc<Snapshot>, Vec<u64>),
    /// A keyframe of the step at which the run is left, and the steps of those that go for it.
    Left(Arc<Snapshot>, Vec<u64>),
    /// A checkpoint of the timeline, and the steps of those that go for it.
    Checkpoint(Box<RunState>, Vec<u64>),
    /// A save.
    Commit {
        /// The state from which the run goes on.
        newest: Box<RunState>,
        /// Whether the run came to its end.
        is_ended: bool,
    },
}

/// The near end of the thread "saver".
pub struct Saver {
    tasks: Option<Sender<Task>>,
    thread: Option<JoinHandle<Result<Folder, FolderError>>>,
    /// Nanoseconds of work that the newest save took.
    cost: Arc<AtomicU64>,
    /// Whether a task was not taken.
    is_refusing: AtomicBool,
}

impl Saver {
    /// Starts the thread on a folder.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn start(folder: Folder) -> std::io::Result<Self> {
        let (tasks, inbox) = bounded(TASKS);
        let cost = Arc::new(AtomicU64::new(0));
        let own = cost.clone();
        let thread = std::thread::Builder::new()
            .name("saver".into())
            .spawn(move || work(folder, &inbox, &own))?;
        Ok(Self {
            tasks: Some(tasks),
            thread: Some(thread),
            cost,
            is_refusing: AtomicBool::new(false),
        })
    }

    /// Hands a task over; false once the thread has failed, whose reason [`Self::finish`] gives.
    pub fn send(&self, task: Task) -> bool {
        let is_taken = self.tasks.as_ref().is_some_and(|tasks| tasks.send(task).is_ok());
        self.is_refusing.fetch_or(!is_taken, Ordering::Relaxed);
        is_taken
    }

    /// Work that the newest save took on the thread.
    pub fn cost(&self) -> Duration {
        Duration::from_nanos(self.cost.load(Ordering::Relaxed))
    }

    /// Whether the thread has stopped because something could not be written.
    pub fn has_failed(&self) -> bool {
        // One that takes nothing any more is about to end.
        self.is_refusing.load(Ordering::Relaxed)
            || self.thread.as_ref().is_some_and(JoinHandle::is_finished)
    }

    /// Waits for all tasks and gives the folder back.
    ///
    /// # Errors
    /// A task failed; what was saved before it counts.
    pub fn finish(mut self) -> Result<Folder, FolderError> {
        self.tasks = None;
        let thread = self.thread.take().expect("finished once");
        thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

impl Drop for Saver {
    fn drop(&mut self) {
        self.tasks = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// A moment from which work is counted: processor time where the system tells it, because a thread
/// that waits for the disk takes nothing from training.
struct Spent {
    clock: Instant,
    thread: Option<Duration>,
}

impl Spent {
    fn now() -> Self {
        Self { clock: Instant::now(), thread: platform::thread_time() }
    }

    fn since(&self) -> Duration {
        let thread = self.thread.zip(platform::thread_time());
        thread.map_or_else(|| self.clock.elapsed(), |(start, now)| now.saturating_sub(start))
    }
}

fn work(
    mut folder: Folder,
    inbox: &Receiver<Task>,
    cost: &AtomicU64,
) -> Result<Folder, FolderError> {
    for task in inbox {
        match task {
            Task::Rows(rows) => folder.rows(&rows)?,
            Task::Events(events) => folder.events(&events)?,
            Task::Log(logged) => folder.log(logged),
            Task::Keyframe(snapshot, gone) => folder.keyframe(&snapshot, &gone)?,
            Task::Left(snapshot, gone) => folder.leave(&snapshot, &gone)?,
            Task::Checkpoint(state, gone) => folder.checkpoint(&state, &gone)?,
            Task::Commit { newest, is_ended } => {
                let start = Spent::now();
                folder.commit(&newest, is_ended)?;
                cost.store(start.since().as_nanos() as u64, Ordering::Relaxed);
            }
        }
    }
    Ok(folder)
}
