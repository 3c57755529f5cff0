//! What all systems with the files of Unix have in common.

use std::fs::{File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

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

/// Lets a file be one that nobody but its owner reads or writes.
///
/// # Errors
/// The system refuses.
pub fn make_private(file: &File) -> io::Result<()> {
    file.set_permissions(Permissions::from_mode(0o600))
}

/// Why what lies in a folder may be another user's, and what to do; none where it cannot be. The
/// sentence stands after the folder's name.
pub fn why_shared(folder: &Metadata) -> Option<&'static str> {
    const OTHERS: u32 = 0o022;
    if folder.uid() != rustix::process::geteuid().as_raw() {
        Some("belongs to another user; run as that user")
    } else if folder.mode() & OTHERS != 0 {
        Some("can be written by others; take that away with chmod go-w")
    } else {
        None
    }
}

/// Whether what was asked twice is one file: of one device, under one number.
pub fn is_same_file(first: &Metadata, second: &Metadata) -> bool {
    (first.dev(), first.ino()) == (second.dev(), second.ino())
}
