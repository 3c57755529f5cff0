//! Follows a folder in which another program saves codebooks.
//!
//! The folder is listed every half second. Files are handed out in the order of their steps; a file
//! that cannot be read may still be written and is tried again, and reported when it stays bad. A
//! file that comes out of order, or takes the place of one that was shown, begins the series anew.

mod folder;
mod listing;
mod sides;
mod story;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, Sender, bounded, select};

use crate::record::snapshot::Snapshot;
use crate::record::status::Update;
use crate::record::watching::Shown;
use crate::session::command::Command;
use crate::session::feed::Feed;
pub use folder::Folder;
pub use listing::files_by_step;
pub use sides::Sides;
pub use story::scenario;

/// Time between two looks at the folder.
const INTERVAL: Duration = Duration::from_millis(500);

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
        let slot = Arc::new(ArcSwapOption::empty());
        let newest = slot.clone();
        let watch = move || {
            let mut sides = Sides::new(&paths, &shown, 1);
            loop {
                // The window is gone where nobody takes an update.
                let is_open = sides.round(PATIENCE, &mut |update| {
                    if let Update::Keyframe(snapshot) = &update {
                        newest.store(Some(snapshot.clone()));
                    }
                    let is_taken = outbox.send(update).is_ok();
                    wake();
                    // What is wished now is read instead.
                    is_taken && inbox.is_empty()
                });
                let wished = select! {
                    recv(inbox) -> wished => Some(wished),
                    default(if is_open { INTERVAL } else { Duration::ZERO }) => None,
                };
                match wished {
                    // The newest of several wishes counts.
                    Some(Ok(first)) => {
                        let shown = inbox.try_iter().last().unwrap_or(first);
                        sides = Sides::new(&paths, &shown, sides.run() + 1);
                    }
                    Some(Err(_)) => return,
                    None if !is_open => return,
                    None => {}
                }
            }
        };
        let thread = std::thread::Builder::new().name("watcher".into()).spawn(watch)?;
        Ok(Self { updates: Some(updates), slot, wishes: Some(wishes), thread: Some(thread) })
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
        self.updates = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Feed for Watcher {
    /// Nobody here trains, so that a command of another kind is taken and has no effect.
    fn send(&self, command: Command) -> bool {
        match (command, &self.wishes) {
            (Command::Read(shown), Some(wishes)) => wishes.try_send(*shown).is_ok(),
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
