//! How watched files are reached. What blocks does so here: a folder of another machine whose network is
//! gone keeps whoever reads it waiting, and the window must not be among them.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::record::watching::{Choices, Wishes};
use crate::watch::follow::listing;
use crate::watch::follow::listing::Signature;
use crate::watch::reader::{External, choices, names_file, read_all};

/// Files as the system has them, or as a test would have them.
pub trait Layer: Send + Sync {
    /// Files at a path that may hold a codebook; `None` where nothing is there yet that may become a
    /// folder.
    ///
    /// # Errors
    /// The system refuses.
    fn list(&self, path: &Path) -> io::Result<Option<BTreeMap<PathBuf, Signature>>>;

    /// Length and time of a file, as it is listed.
    ///
    /// # Errors
    /// The system refuses.
    fn signature(&self, path: &Path) -> io::Result<Signature>;

    /// The file's arrays, as of [`read_all`].
    ///
    /// # Errors
    /// One sentence: the file cannot be read.
    fn read(&self, path: &Path, wishes: &Wishes, is_all: bool) -> Result<External, String>;

    /// What can be chosen of the file, as of [`choices`].
    ///
    /// # Errors
    /// It cannot be opened.
    fn choices(&self, path: &Path, wishes: &Wishes) -> Result<Choices, String>;

    /// Does something else with the files of a path.
    fn touch(&self, _path: &Path, act: &mut dyn FnMut()) {
        act();
    }

    /// What a clock on the wall says.
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }
}

/// The system's files.
pub struct System;

impl Layer for System {
    fn list(&self, path: &Path) -> io::Result<Option<BTreeMap<PathBuf, Signature>>> {
        if !path.is_dir() {
            if !path.exists() && !names_file(path) {
                return Ok(None);
            }
            let signature = self.signature(path)?;
            return Ok(Some(BTreeMap::from([(path.to_path_buf(), signature)])));
        }
        listing::files(path).map(Some)
    }

    fn signature(&self, path: &Path) -> io::Result<Signature> {
        listing::whole_signature(path)
    }

    fn read(&self, path: &Path, wishes: &Wishes, is_all: bool) -> Result<External, String> {
        read_all(path, wishes, is_all)
    }

    fn choices(&self, path: &Path, wishes: &Wishes) -> Result<Choices, String> {
        choices(path, wishes)
    }
}
