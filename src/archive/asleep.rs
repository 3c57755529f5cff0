//! A saved run that is looked at: nothing of it is written until it goes on.

use std::fs::File;
use std::path::{Path, PathBuf};

use crate::archive::home::Home;
use crate::archive::{Archive, Folder, FolderError, Manifest, disk};

/// A saved run that is looked at. Others may look at it too, and nobody changes it meanwhile.
pub struct Asleep {
    path: PathBuf,
    manifest: Manifest,
    until: u64,
    look: Option<File>,
}

impl Asleep {
    /// The run in a folder, as `manifest` says; should it go on, it is to reach step `until`.
    ///
    /// # Errors
    /// Another program changes it, or the folder cannot be opened.
    pub fn new(path: &Path, manifest: Manifest, until: u64) -> Result<Self, FolderError> {
        let look = disk::look(&Home::open(path)?.run)?;
        Ok(Self { path: path.into(), manifest, until, look })
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is saved.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The folder, to go on with the run there.
    ///
    /// # Errors
    /// Another program looks at it or has changed it since, or it cannot be written.
    pub fn wake(self) -> Result<Folder, FolderError> {
        let Self { path, manifest, until, look } = self;
        drop(look);
        let home = Home::open(&path)?;
        let lock = disk::lock(&home.run)?;
        if Archive::manifest_in(&home)? != manifest {
            return Err(FolderError::Changed(path));
        }
        Folder::go_on(home, lock, manifest, until)
    }
}
