//! What the window can know of a watcher without asking it: it may be kept waiting by a network.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use crate::record::watching::{Choices, Waits, Wishes};
use crate::text::shown;
use crate::watch::follow::layer::Layer;
use crate::watch::follow::listing::Signature;
use crate::watch::reader::External;

/// What the watcher does.
#[derive(Default)]
struct Doing {
    /// What it reads, and since when.
    reads: Option<(PathBuf, SystemTime)>,
    /// When the oldest of what is shown was written.
    written: Option<SystemTime>,
}

/// Shared by the watcher and the window.
#[derive(Default)]
pub struct Pulse {
    doing: Mutex<Doing>,
    is_gone: AtomicBool,
}

impl Pulse {
    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes when what is shown was written.
    pub fn show(&self, written: Option<SystemTime>) {
        self.doing().written = written;
    }

    /// Notes that the window is gone.
    pub fn leave(&self) {
        self.is_gone.store(true, Ordering::Release);
    }

    /// Whether the window is gone.
    pub fn is_gone(&self) -> bool {
        self.is_gone.load(Ordering::Acquire)
    }

    /// How old what is shown is.
    pub fn age(&self, now: SystemTime) -> Option<Duration> {
        let written = self.doing().written?;
        Some(now.duration_since(written).unwrap_or_default())
    }

    /// What is being read, and for how long.
    pub fn waits(&self, now: SystemTime) -> Option<Waits> {
        let (path, since) = self.doing().reads.clone()?;
        let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
        Some(Waits { name: shown(&name), since: now.duration_since(since).unwrap_or_default() })
    }
}

/// A layer of which is known what it does.
pub struct Felt {
    layer: Arc<dyn Layer>,
    pulse: Arc<Pulse>,
}

impl Felt {
    /// One that tells a pulse.
    pub fn new(layer: Arc<dyn Layer>, pulse: Arc<Pulse>) -> Self {
        Self { layer, pulse }
    }

    fn during<T>(&self, path: &Path, act: impl FnOnce(&dyn Layer) -> T) -> T {
        /// Also where a reader panics.
        struct Done<'a>(&'a Pulse);
        impl Drop for Done<'_> {
            fn drop(&mut self) {
                self.0.doing().reads = None;
            }
        }
        self.pulse.doing().reads = Some((path.to_path_buf(), self.layer.now()));
        let _done = Done(&self.pulse);
        act(&*self.layer)
    }
}

impl Layer for Felt {
    fn list(&self, path: &Path) -> io::Result<Option<BTreeMap<PathBuf, Signature>>> {
        self.during(path, |layer| layer.list(path))
    }

    fn signature(&self, path: &Path) -> io::Result<Signature> {
        self.during(path, |layer| layer.signature(path))
    }

    fn read(&self, path: &Path, wishes: &Wishes, is_all: bool) -> Result<External, String> {
        self.during(path, |layer| layer.read(path, wishes, is_all))
    }

    fn choices(&self, path: &Path, wishes: &Wishes) -> Result<Choices, String> {
        self.during(path, |layer| layer.choices(path, wishes))
    }

    fn touch(&self, path: &Path, act: &mut dyn FnMut()) {
        self.during(path, |layer| layer.touch(path, act));
    }

    fn now(&self) -> SystemTime {
        self.layer.now()
    }
}
