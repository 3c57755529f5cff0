//! Follows a folder in which another program saves codebooks.
//!
//! The folder is listed every half second. Files are handed out in the order of their steps; one that
//! is still being written waits until its size and time rest (`rest`), one that cannot be read is
//! tried again, and reported when it stays bad. A file that comes out of order, or takes the place of
//! one that was shown, begins the series anew.
//!
//! A folder may be one of another machine. Whatever is read there may take minutes or never come back:
//! the watcher alone waits for it, and the window sees how long (`pulse`) and closes without it.

mod folder;
mod followed;
#[cfg(test)]
pub mod held;
mod layer;
mod listing;
mod order;
mod pulse;
mod rest;
mod sides;
mod source;
mod story;
mod take;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::record::snapshot::Snapshot;
use crate::record::status::Update;
use crate::record::steer::Ask;
use crate::record::watching::{Shown, Waits};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::watch::steer::Hand;
pub use folder::Folder;
pub use followed::Followed;
use followed::Next;
pub use layer::Layer;
use layer::System;
pub use listing::{Older, Ordered, Placed, files_by_step, name_below};
use pulse::{Felt, Pulse};
pub use sides::Sides;
pub use story::scenario;

/// Rounds for which a file that was seen to change must rest before it is read, and for which one may be
/// unreadable before it is reported: two seconds.
const PATIENCE: u32 = 4;

/// Time for which a closing window waits for a reader: most come back at once, and one that a network keeps
/// is left behind.
const FAREWELL: Duration = Duration::from_secs(1);

/// Messages that may wait for the window: a third of them are pictures.
const UPDATES: usize = 48;

/// Wishes of the window that may wait.
const WISHES: usize = 16;

/// What tells the window that there is something new; gone with the window.
type Wake = Arc<Mutex<Option<Box<dyn Fn() + Send>>>>;

/// The window's end of the thread named "watcher".
pub struct Watcher {
    updates: Option<Receiver<Update>>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    pulse: Arc<Pulse>,
    wake: Wake,
    /// How the files are to be shown; dropped to end the thread.
    wishes: Option<Sender<Shown>>,
    /// What is asked of the trainings.
    asks: Option<Sender<(LaneId, Ask)>>,
    /// Breaks off when the thread is done.
    done: Receiver<()>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Starts the thread on folders or single files: one, or two beside each other. `wake` is called
    /// after everything that is handed out.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn spawn(
        paths: Vec<PathBuf>,
        shown: Shown,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        Self::through(Arc::new(System), paths, shown, wake)
    }

    /// The same on files that are reached through a layer.
    ///
    /// # Errors
    /// The same.
    pub fn through(
        layer: Arc<dyn Layer>,
        paths: Vec<PathBuf>,
        shown: Shown,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (outbox, updates) = bounded(UPDATES);
        let (wishes, inbox) = bounded::<Shown>(WISHES);
        let (asks, asked) = bounded::<(LaneId, Ask)>(WISHES);
        let (end, done) = bounded::<()>(0);
        let slot = Arc::new(ArcSwapOption::empty());
        let newest = slot.clone();
        let pulse = Arc::new(Pulse::default());
        let felt = pulse.clone();
        let wake: Wake = Arc::new(Mutex::new(Some(Box::new(wake))));
        let waking = wake.clone();
        let watch = move || {
            let _end = end;
            let layer = Arc::new(Felt::new(layer, felt.clone()));
            let mut followed = Followed::through(layer, &paths, &shown, &Hand::new_name());
            let mut hand_out = |update| {
                if let Update::Keyframe(snapshot) = &update {
                    newest.store(Some(Arc::clone(snapshot)));
                }
                let is_taken = outbox.send(update).is_ok();
                if let Some(wake) = &*waking.lock().unwrap_or_else(PoisonError::into_inner) {
                    wake();
                }
                is_taken
            };
            // What is wished now is read instead.
            let is_wanted = || inbox.is_empty() && !felt.is_gone();
            loop {
                let is_whole = followed
                    .round(PATIENCE, &is_wanted, &mut |update| hand_out(update) && is_wanted());
                felt.show(followed.written());
                if let Next::Gone = followed.obey(&inbox, &asked, is_whole, &mut hand_out) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("watcher".into()).spawn(watch)?;
        Ok(Self {
            updates: Some(updates),
            slot,
            pulse,
            wake,
            wishes: Some(wishes),
            asks: Some(asks),
            done,
            thread: Some(thread),
        })
    }

    /// How old what is shown is at a time.
    pub fn age_at(&self, now: SystemTime) -> Option<Duration> {
        self.pulse.age(now)
    }

    /// What is being read at a time, and for how long.
    pub fn waits_at(&self, now: SystemTime) -> Option<Waits> {
        self.pulse.waits(now)
    }

    /// Everything on the lossless way so far.
    pub fn updates(&self) -> impl Iterator<Item = Update> + '_ {
        self.updates.iter().flat_map(Receiver::try_iter)
    }

    /// The newest picture, once: `None` until there is a newer one.
    pub fn take_latest(&self) -> Option<Arc<Snapshot>> {
        self.slot.swap(None)
    }
}

impl Drop for Watcher {
    /// Ends the thread: it gives control back where a window had it. One that is kept waiting by what it reads
    /// ends when that comes back, and wakes no window any more.
    fn drop(&mut self) {
        self.pulse.leave();
        *self.wake.lock().unwrap_or_else(PoisonError::into_inner) = None;
        self.wishes = None;
        self.asks = None;
        self.updates = None;
        let is_done = self.done.recv_timeout(FAREWELL) == Err(RecvTimeoutError::Disconnected);
        if let Some(thread) = self.thread.take().filter(|_| is_done) {
            thread.join().ok();
        }
    }
}

impl Feed for Watcher {
    /// Nobody here trains: what is asked of another program's training is handed on, and a command of
    /// another kind is taken and has no effect.
    fn send(&self, command: Command) -> bool {
        match (command, &self.wishes, &self.asks) {
            (Command::Read(shown), Some(wishes), _) => wishes.try_send(*shown).is_ok(),
            (Command::Steer(lane, ask), _, Some(asks)) => asks.try_send((lane, ask)).is_ok(),
            _ => true,
        }
    }

    fn updates(&self) -> Vec<Update> {
        Self::updates(self).collect()
    }

    fn take_latest(&self) -> Option<Arc<Snapshot>> {
        Self::take_latest(self)
    }

    fn age(&self) -> Option<Duration> {
        self.age_at(SystemTime::now())
    }

    fn waits(&self) -> Option<Waits> {
        self.waits_at(SystemTime::now())
    }
}
