//! The system's files behind a network that can be cut, for tests.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use crate::record::watching::{Choices, Wishes};
use crate::watch::follow::layer::{Layer, System};
use crate::watch::follow::listing::Signature;
use crate::watch::reader::External;

/// Whether the network is cut, and how many wait for it.
#[derive(Default)]
struct Cut {
    is_cut: bool,
    waiting: usize,
}

/// A layer that answers while it is not cut, and has a clock of its own.
#[derive(Default)]
pub struct Held {
    state: Mutex<Cut>,
    changed: Condvar,
}

impl Held {
    /// What its clock says.
    pub const NOW: Duration = Duration::from_secs(1_800_000_000);

    /// From here on nothing is answered, or everything again.
    pub fn cut(&self, is_cut: bool) {
        self.state.lock().unwrap().is_cut = is_cut;
        self.changed.notify_all();
    }

    /// Whether somebody waits for an answer.
    pub fn is_waited_for(&self) -> bool {
        self.state.lock().unwrap().waiting > 0
    }

    fn pass(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.waiting += 1;
        state = self.changed.wait_while(state, |state| state.is_cut).unwrap();
        state.waiting -= 1;
    }
}

impl Layer for Held {
    fn list(&self, path: &Path) -> io::Result<Option<BTreeMap<PathBuf, Signature>>> {
        self.pass();
        System.list(path)
    }

    fn signature(&self, path: &Path) -> io::Result<Signature> {
        self.pass();
        System.signature(path)
    }

    fn read(&self, path: &Path, wishes: &Wishes, is_all: bool) -> Result<External, String> {
        self.pass();
        System.read(path, wishes, is_all)
    }

    fn choices(&self, path: &Path, wishes: &Wishes) -> Result<Choices, String> {
        self.pass();
        System.choices(path, wishes)
    }

    fn touch(&self, _path: &Path, act: &mut dyn FnMut()) {
        self.pass();
        act();
    }

    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Self::NOW
    }
}

/// Writes a file as it was written so long before that clock's now.
pub fn write(path: &Path, bytes: &[u8], before: Duration) {
    std::fs::write(path, bytes).unwrap();
    let time = SystemTime::UNIX_EPOCH + Held::NOW - before;
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}
