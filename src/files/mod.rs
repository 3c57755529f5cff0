//! Files of the user's and of strangers: what is read is a regular file of bounded length, and what
//! is written is whole under its name or not there, and never something else's.
//!
//! [`open`], [`read`] and [`write()`] take any path. [`OwnFolder`] is for a folder whose files are
//! ours, such as a saved run: it is reached by its handle, and nothing in it may be a link.

pub mod output;
mod own;

use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use cap_fs_ext::OpenOptionsSyncExt as _;
use cap_std::ambient_authority;
use cap_std::fs::OpenOptions;

use crate::platform;

pub use own::OwnFolder;

/// Why a file is not read. The sentences stand after the file's name.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The system refuses.
    #[error("cannot be read ({0}); check the path and the permissions")]
    Io(#[from] io::Error),
    /// A folder, a pipe, a device or a socket.
    #[error("is {0}, not a regular file; name a file")]
    NotRegular(&'static str),
    /// A link where none is followed.
    #[error(
        "is a link, and links within a folder that vqscope keeps are not followed; put the file itself there, or name another folder"
    )]
    Link,
    /// Another file took its place while it was opened, again and again.
    #[error(
        "is replaced by another file again and again while it is opened; try again once nothing writes there"
    )]
    Replaced,
    /// It is longer than such a file can be.
    #[error("has {bytes} bytes, and at most {most} are read of such a file; name another one")]
    TooLong {
        /// Its length.
        bytes: u64,
        /// The most that is read.
        most: u64,
    },
}

impl ReadError {
    /// Whether there is nothing under the name.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Io(error) if error.kind() == io::ErrorKind::NotFound)
    }
}

/// Times that a path is looked at anew where another file took its place meanwhile.
const LOOKS: usize = 8;

/// Opens a regular file, to read it; gives its length too. A link to one is followed; a pipe or a
/// device is refused and never waited for. What is opened is what was found to be one: where the system
/// does not tell one file from another (Windows), it is asked once more what was opened.
///
/// # Errors
/// It is no regular file, or the system refuses.
pub fn open(path: &Path) -> Result<(File, u64), ReadError> {
    open_after(path, &mut || {})
}

/// The same; something happens `between` the look at the path and its opening.
fn open_after(path: &Path, between: &mut dyn FnMut()) -> Result<(File, u64), ReadError> {
    for _ in 0..LOOKS {
        // Some devices do something when they are opened, so it is asked before as well.
        let found = std::fs::metadata(path)?;
        regular(&found)?;
        between();
        let mut options = OpenOptions::new();
        // Whatever has taken its place since, nobody waits for a pipe's other end.
        options.read(true).nonblock(true);
        let file = cap_std::fs::File::open_ambient_with(path, &options, ambient_authority())?;
        let (file, length) = checked(file.into_std())?;
        // A training that saves its file anew is looked at once more.
        if platform::is_same_file(&found, &file.metadata()?) {
            return Ok((file, length));
        }
    }
    Err(ReadError::Replaced)
}

/// Reads a regular file of at most `most` bytes.
///
/// # Errors
/// As [`open`], or it is longer.
pub fn read(path: &Path, most: u64) -> Result<Vec<u8>, ReadError> {
    let (file, length) = open(path)?;
    read_opened(&file, length, most)
}

/// An opened file and its length, if it is a regular file.
fn checked(file: File) -> Result<(File, u64), ReadError> {
    let metadata = file.metadata()?;
    regular(&metadata)?;
    Ok((file, metadata.len()))
}

fn read_opened(file: &File, length: u64, most: u64) -> Result<Vec<u8>, ReadError> {
    if length > most {
        return Err(ReadError::TooLong { bytes: length, most });
    }
    let mut bytes = Vec::with_capacity(length as usize);
    // It may grow meanwhile.
    file.take(most.saturating_add(1)).read_to_end(&mut bytes)?;
    let bytes_read = bytes.len() as u64;
    if bytes_read > most {
        return Err(ReadError::TooLong { bytes: bytes_read, most });
    }
    Ok(bytes)
}

fn regular(metadata: &std::fs::Metadata) -> Result<(), ReadError> {
    if metadata.is_file() {
        Ok(())
    } else if metadata.is_dir() {
        Err(ReadError::NotRegular("a folder"))
    } else {
        Err(ReadError::NotRegular("a pipe, a device or a socket"))
    }
}

/// What becomes of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    /// It stays, and writing fails.
    Refuse,
    /// The new one takes its place.
    Replace,
}

impl Over {
    /// Replaces where the user said so.
    pub fn if_forced(is_forced: bool) -> Self {
        if is_forced { Self::Replace } else { Self::Refuse }
    }
}

/// Writes a file beside its place and gives it its name once it is whole: on a full disk what was
/// there stays, and nothing else does. A link in its place is replaced, not followed.
///
/// # Errors
/// The system refuses, or something is there that may not be replaced.
pub fn write(path: &Path, bytes: &[u8], over: Over) -> io::Result<()> {
    let mut beside = Beside::new(path)?;
    beside.write_all(bytes)?;
    beside.keep(over)
}

/// A file that is written beside its place; without [`Beside::keep`] it goes again.
pub struct Beside {
    file: tempfile::NamedTempFile,
    place: PathBuf,
}

impl Beside {
    /// A new file in the folder of `place`.
    ///
    /// # Errors
    /// The system refuses.
    pub fn new(place: &Path) -> io::Result<Self> {
        let folder = place.parent().filter(|p| !p.as_os_str().is_empty());
        let mut new = tempfile::Builder::new();
        new.prefix(".vqscope-").suffix(".part");
        // As any file of the user's, not as a private one; the system takes off what it must.
        platform::as_any_file(&mut new);
        let file = new.tempfile_in(folder.unwrap_or(Path::new(".")))?;
        Ok(Self { file, place: place.into() })
    }

    /// Where it is until it has its name.
    pub fn path(&self) -> &Path {
        self.file.path()
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// The system refuses, or something is there that may not be replaced.
    pub fn keep(self, over: Over) -> io::Result<()> {
        if let Ok(before) = std::fs::symlink_metadata(&self.place)
            && before.is_file()
        {
            // Who may read what was there may read what takes its place, and nobody else.
            self.file.as_file().set_permissions(before.permissions())?;
        }
        self.file.as_file().sync_all()?;
        let kept = match over {
            Over::Refuse => self.file.persist_noclobber(&self.place),
            Over::Replace => self.file.persist(&self.place),
        };
        kept.map(drop).map_err(|failed| failed.error)
    }
}

impl io::Write for Beside {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests;
