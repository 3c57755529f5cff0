//! What all systems with the files of Unix have in common.

use std::fs::{File, Permissions};
use std::io;
use std::os::unix::fs::PermissionsExt as _;

/// Lets a new temporary file be one that others may read, as far as the user's mask allows.
pub fn as_any_file(new: &mut tempfile::Builder<'_, '_>) {
    new.permissions(Permissions::from_mode(0o666));
}

/// Puts the names in a folder on the disk.
///
/// # Errors
/// The system refuses to open or to sync it.
pub fn sync_names(open: impl FnOnce() -> io::Result<File>) -> io::Result<()> {
    open()?.sync_all()
}
