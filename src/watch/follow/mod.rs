//! Follows a folder in which another program saves codebooks.
//!
//! The folder is listed every half second. Files are handed out in the order of their steps; a file
//! that cannot be read may still be written and is tried again, and reported when it stays bad. A
//! file that comes out of order, or takes the place of one that was shown, begins the series anew.

mod folder;
mod listing;

use std::path::PathBuf;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded};

use crate::record::snapshot::Snapshot;
use crate::record::status::Update;
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::watch::rules::wishes::Wishes;
pub use folder::{Folder, scenario};
pub use listing::files_by_step;

/// Time between two looks at the folder.
const INTERVAL: Duration = Duration::from_millis(500);

/// Rounds for which a file may be unreadable before it is reported: two seconds.
const PATIENCE: u32 = 4;

/// Messages that may wait for the window: a third of them are pictures.
const UPDATES: usize = 48;

/// The window's end of the thread named "watcher".
pub struct Watcher {
    updates: Option<Receiver<Update>>,
    slot: Arc<ArcSwapOption<Snapshot>>,
    /// Dropped to end the thread.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Watcher {
    /// Starts the thread on a folder or a single file. `wake` is called after everything that is
    /// handed out.
    ///
    /// # Errors
    /// The operating system refuses a thread.
    pub fn spawn(
        path: PathBuf,
        wishes: Wishes,
        wake: impl Fn() + Send + 'static,
    ) -> std::io::Result<Self> {
        let (outbox, updates) = bounded(UPDATES);
        let (stop, stopped) = bounded(0);
        let slot = Arc::new(ArcSwapOption::empty());
        let newest = slot.clone();
        let watch = move || {
            let mut folder = Folder::new(path, wishes);
            loop {
                // The window is gone where nobody takes an update.
                let is_open = folder.round(PATIENCE, &mut |update| {
                    if let Update::Keyframe(snapshot) = &update {
                        newest.store(Some(snapshot.clone()));
                    }
                    let is_taken = outbox.send(update).is_ok();
                    wake();
                    is_taken
                });
                let waited = stopped.recv_timeout(INTERVAL);
                if !is_open || waited != Err(RecvTimeoutError::Timeout) {
                    return;
                }
            }
        };
        let thread = std::thread::Builder::new().name("watcher".into()).spawn(watch)?;
        Ok(Self { updates: Some(updates), slot, stop: Some(stop), thread: Some(thread) })
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
        self.stop = None;
        self.updates = None;
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

impl Feed for Watcher {
    /// Nobody here trains, so that a command is taken and has no effect.
    fn send(&self, _command: Command) -> bool {
        true
    }

    fn updates(&self) -> Vec<Update> {
        Self::updates(self).collect()
    }

    fn take_latest(&self) -> Option<Arc<Snapshot>> {
        Self::take_latest(self)
    }
}
