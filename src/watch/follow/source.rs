//! Where files are, and how they are read.

use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::record::watching::{Choices, Wishes};
use crate::watch::follow::layer::{Layer, System};
use crate::watch::follow::listing;
use crate::watch::follow::listing::Signature;
use crate::watch::reader::External;

/// A folder or a single file, and what is said of it.
pub struct Source {
    /// The path.
    pub path: PathBuf,
    /// How it is reached.
    pub layer: Arc<dyn Layer>,
    /// Whether every codebook of a file is to be seen.
    pub is_all: bool,
    /// What the user says of the arrays.
    pub wishes: Wishes,
}

impl Source {
    /// A path of the system.
    pub fn new(path: PathBuf, wishes: Wishes) -> Self {
        Self { path, layer: Arc::new(System), is_all: false, wishes }
    }

    /// Files that may hold a codebook; `has_begun` where some were there already.
    ///
    /// # Errors
    /// One sentence: it cannot be read, or is waited for.
    pub fn list(&self, has_begun: bool) -> Result<BTreeMap<PathBuf, Signature>, String> {
        let place = self.path.display();
        let unreadable =
            |error| format!("{place} cannot be read ({error}); check the path and the permissions");
        match self.layer.list(&self.path).map_err(unreadable)? {
            Some(files) => Ok(files),
            None if has_begun => Err(unreadable(io::ErrorKind::NotFound.into())),
            None => Err(format!("{place} is not there yet: waiting for this folder to be made")),
        }
    }

    /// What a file holds; none where it is not any more, or changed while it was read.
    ///
    /// # Errors
    /// One sentence: it cannot be read.
    pub fn read(&self, path: &Path, signature: Signature) -> Result<Option<External>, String> {
        // The libraries that read archives are not proof against every damage.
        let read = AssertUnwindSafe(|| self.layer.read(path, &self.wishes, self.is_all));
        let external = catch_unwind(read)
            .unwrap_or_else(|_panic| Err(format!("{} is damaged; save it again", path.display())));
        if self.is_still(path, signature) { external.map(Some) } else { Ok(None) }
    }

    /// Whether a file is as it was listed.
    pub fn is_still(&self, path: &Path, signature: Signature) -> bool {
        self.layer.signature(path).is_ok_and(|now| now == signature)
    }

    /// What of a file can be chosen.
    pub fn choices(&self, path: &Path) -> Option<Choices> {
        let choices = AssertUnwindSafe(|| self.layer.choices(path, &self.wishes));
        catch_unwind(choices).ok().and_then(Result::ok)
    }

    /// A file's name below the folder.
    pub fn name_of(&self, path: &Path) -> String {
        listing::name_below(&self.path, path)
    }
}
