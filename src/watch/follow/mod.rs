//! Follows a folder in which another program saves codebooks.
//!
//! The folder is listed every half second. Files are handed out in the order of their steps; a file
//! that cannot be read may still be written and is tried again, and reported when it stays bad. A
//! file that comes out of order, or takes the place of one that was shown, begins the series anew.

mod folder;
mod followed;
mod listing;
mod sides;
mod story;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, Sender, bounded};

use crate::record::snapshot::Snapshot;
use crate::record::status::Update;
use crate::record::steer::Ask;
use crate::record::watching::Shown;
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::watch::steer::Hand;
pub use folder::Folder;
pub use followed::Followed;
use followed::Next;
pub use listing::files_by_step;
pub use sides::Sides;
pub use story::scenario;

/// Rounds for which a file may be unreadable before it is reported: two seconds.
const PATIENCE: u32 = 4;

/// Messages that may wait for the window: a third of them are pictures.
const UPDATES: usize = 48;

/// Wishes of the window that may wait.
const WISHES: usize = 16;

/// The window's end of the thread named "watcher".
pub struct Watcher {
    updates: Option<Receiver<Update>>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    /// How the files are to be shown; dropped to end the thread.
    wishes: Option<Sender<Shown>>,
    /// What is asked of the trainings.
    asks: Option<Sender<(LaneId, Ask)>>,
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
        let (outbox, updates) = bounded(UPDATES);
        let (wishes, inbox) = bounded::<Shown>(WISHES);
        let (asks, asked) = bounded::<(LaneId, Ask)>(WISHES);
        let slot = Arc::new(ArcSwapOption::empty());
        let newest = slot.clone();
        let watch = move || {
            let mut followed = Followed::new(&paths, &shown, &Hand::new_name());
            let mut hand_out = |update| {
                if let Update::Keyframe(snapshot) = &update {
                    newest.store(Some(Arc::clone(snapshot)));
                }
                let is_taken = outbox.send(update).is_ok();
                wake();
                is_taken
            };
            loop {
                let is_whole = followed.round(PATIENCE, &mut |update| {
                    // What is wished now is read instead.
                    hand_out(update) && inbox.is_empty()
                });
                if let Next::Gone = followed.obey(&inbox, &asked, is_whole, &mut hand_out) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("watcher".into()).spawn(watch)?;
        Ok(Self {
            updates: Some(updates),
            slot,
            wishes: Some(wishes),
            asks: Some(asks),
            thread: Some(thread),
        })
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
    /// Ends the thread and waits for the file in progress.
    fn drop(&mut self) {
        self.wishes = None;
        self.asks = None;
        self.updates = None;
        if let Some(thread) = self.thread.take() {
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
}
