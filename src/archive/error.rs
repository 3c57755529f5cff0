//! Why a saved run cannot be opened, and why a folder cannot be written.

use std::path::{Path, PathBuf};

use crate::files::ReadError;

/// Why a saved run cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum ArchiveError {
    /// There is no run.
    #[error(
        "{0} holds no saved run (it has no run.toml); name a folder that `vqscope run --out` or a window wrote"
    )]
    NoRun(PathBuf),
    /// There is a scenario, perhaps with tables, but no run that was saved.
    #[error(
        "{0} has a scenario.toml but no saved run (no run.toml; --tables-only and sweeps write none), so nothing can go on there; train it anew with `vqscope run {0}/scenario.toml --out DIR`"
    )]
    NotSaved(PathBuf),
    /// The file system refuses, or it is a link or no file.
    #[error("{place} {error}")]
    Read {
        /// The file.
        place: PathBuf,
        /// Why.
        error: ReadError,
    },
    /// The content is not what was written.
    #[error(
        "{place} is damaged ({why}); open another save, or train the run again from its scenario.toml"
    )]
    Damaged {
        /// The file.
        place: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// Written by a later program.
    #[error(
        "{place} was saved by a newer vqscope (format {found}, this program reads up to {known}); open it with that version"
    )]
    Newer {
        /// The file.
        place: PathBuf,
        /// Its format.
        found: u32,
        /// The newest that is known here.
        known: u32,
    },
    /// Nothing of this step was kept.
    #[error("{place} keeps no {what} of step {step}; kept steps are listed in its run.toml")]
    NotKept {
        /// The folder.
        place: PathBuf,
        /// "keyframe" or "checkpoint".
        what: &'static str,
        /// The step.
        step: u64,
    },
    /// A description cannot be put into words.
    #[error("this run cannot be saved ({0}); please report its scenario")]
    Internal(String),
}

impl ArchiveError {
    /// `why` may tell what stands in a file of somebody else.
    pub(crate) fn damaged(place: &Path, why: impl Into<String>) -> Self {
        Self::Damaged { place: place.into(), why: crate::text::shown(&why.into()) }
    }
}

/// The folder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// There is something in it.
    #[error(
        "{0} is not empty; name another folder with --out, go on with the run there by --resume, or add --force to write over it"
    )]
    NotEmpty(PathBuf),
    /// It is a file.
    #[error("{0} is a file, not a folder; name another place with --out")]
    IsFile(PathBuf),
    /// Writing fails.
    #[error(
        "{place} cannot be written ({error}); check the disk and the permissions, or name another place with --out"
    )]
    Write {
        /// The file or folder.
        place: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// Another program has the run open.
    #[error("{0} is open in another vqscope; close it there first, or name another folder")]
    Busy(PathBuf),
    /// Another program has gone on with the run meanwhile.
    #[error("{0} was changed by another vqscope since it was opened here; open it again")]
    Changed(PathBuf),
    /// What is there cannot be gone on with.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
}
