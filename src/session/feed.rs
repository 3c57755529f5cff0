//! Where the window gets its pictures and curves from.

use std::sync::Arc;
use std::time::Duration;

use crate::record::snapshot::Snapshot;
use crate::record::status::Update;
use crate::record::watching::Waits;
use crate::session::command::Command;
use crate::session::worker::Trainer;

/// Something that hands out a run while it goes on: a trainer, or a watcher of files that another
/// program writes.
pub trait Feed {
    /// Hands a command over without waiting; false if it must be offered again.
    fn send(&self, command: Command) -> bool;

    /// Everything on the lossless way so far.
    fn updates(&self) -> Vec<Update>;

    /// The newest picture, once: `None` until there is a newer one.
    fn take_latest(&self) -> Option<Arc<Snapshot>>;

    /// How old what it shows is, where somebody else makes it and that is known.
    fn age(&self) -> Option<Duration> {
        None
    }

    /// What of somebody else's it is reading, where it is.
    fn waits(&self) -> Option<Waits> {
        None
    }
}

impl Feed for Trainer {
    fn send(&self, command: Command) -> bool {
        Self::send(self, command)
    }

    fn updates(&self) -> Vec<Update> {
        Self::updates(self).collect()
    }

    fn take_latest(&self) -> Option<Arc<Snapshot>> {
        Self::take_latest(self)
    }
}
