//! A folder whose files are ours, reached by its handle.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use cap_fs_ext::{
    DirExt as _, FollowSymlinks, MetadataExt as _, OpenOptionsFollowExt as _,
    OpenOptionsMaybeDirExt as _, OpenOptionsSyncExt as _,
};
use cap_std::ambient_authority;
use cap_std::fs::{Dir, OpenOptions};

use crate::files::{ReadError, checked, read_opened};
use crate::platform;

/// A folder whose files are ours. It may be reached through a link; within it none is followed, and
/// what becomes of its path later does not matter: files are opened in the folder that was opened.
pub struct OwnFolder {
    path: PathBuf,
    dir: Dir,
}

/// What a name in a folder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A link to anything.
    Link,
    /// A pipe, a device, a socket.
    Other,
}

impl OwnFolder {
    /// Opens a folder.
    ///
    /// # Errors
    /// It is not there, is no folder, or the system refuses.
    pub fn open(path: &Path) -> io::Result<Self> {
        let dir = Dir::open_ambient_dir(path, ambient_authority())?;
        Ok(Self { path: path.into(), dir })
    }

    /// Opens a folder that is made where it is not there, with all above it.
    ///
    /// # Errors
    /// The system refuses.
    pub fn create(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        Self::open(path)
    }

    /// The path under which it was opened.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A file's path, for sentences.
    pub fn place(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// A folder in it.
    ///
    /// # Errors
    /// It is not there, is a link or no folder, or the system refuses.
    pub fn sub(&self, name: &str) -> Result<Self, ReadError> {
        let dir = self.dir.open_dir_nofollow(name).map_err(|e| self.why(name, e))?;
        Ok(Self { path: self.path.join(name), dir })
    }

    /// A folder in it, which is made where it is not there.
    ///
    /// # Errors
    /// As [`Self::sub`].
    pub fn make_sub(&self, name: &str) -> Result<Self, ReadError> {
        match self.dir.create_dir(name) {
            Err(e) if e.kind() != io::ErrorKind::AlreadyExists => Err(e.into()),
            _ => self.sub(name),
        }
    }

    /// What a name stands for; `None` where there is nothing.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        let metadata = self.dir.symlink_metadata(name).ok()?;
        let kind = metadata.file_type();
        Some(if kind.is_symlink() {
            Kind::Link
        } else if kind.is_dir() {
            Kind::Folder
        } else if kind.is_file() {
            Kind::File
        } else {
            Kind::Other
        })
    }

    /// Whether a name stands for a regular file.
    pub fn has_file(&self, name: &str) -> bool {
        self.kind(name) == Some(Kind::File)
    }

    /// All names, in no order.
    ///
    /// # Errors
    /// The system refuses.
    pub fn names(&self) -> io::Result<Vec<OsString>> {
        self.dir.entries()?.map(|entry| entry.map(|entry| entry.file_name())).collect()
    }

    /// A name that is a link, if there is one.
    ///
    /// # Errors
    /// The system refuses.
    pub fn first_link(&self) -> io::Result<Option<OsString>> {
        for entry in self.dir.entries()? {
            let entry = entry?;
            if entry.file_type()?.is_symlink() {
                return Ok(Some(entry.file_name()));
            }
        }
        Ok(None)
    }

    /// Opens a regular file, to read it; gives its length too.
    ///
    /// # Errors
    /// It is not there, is a link or no file, or the system refuses.
    pub fn open_file(&self, name: &str) -> Result<(File, u64), ReadError> {
        let mut options = OpenOptions::new();
        options.read(true).nonblock(true);
        self.open_with(name, options)
    }

    /// Reads a regular file of at most `most` bytes.
    ///
    /// # Errors
    /// As [`Self::open_file`], or it is longer.
    pub fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, ReadError> {
        let (file, length) = self.open_file(name)?;
        read_opened(&file, length, most)
    }

    /// Opens a file to write into it, which is made where it is not there; what it holds stays.
    ///
    /// # Errors
    /// It is a link or no file, or the system refuses.
    pub fn open_to_write(&self, name: &str) -> Result<File, ReadError> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).nonblock(true);
        self.open_with(name, options).map(|(file, _)| file)
    }

    fn open_with(&self, name: &str, mut options: OpenOptions) -> Result<(File, u64), ReadError> {
        match self.dir.symlink_metadata(name) {
            Ok(metadata) if metadata.is_symlink() => return Err(ReadError::Link),
            Ok(metadata) if !metadata.is_file() => {
                let is_folder = metadata.is_dir();
                let what = if is_folder { "a folder" } else { "a pipe, a device or a socket" };
                return Err(ReadError::NotRegular(what));
            }
            // Opening it says what is wrong.
            _ => {}
        }
        options.follow(FollowSymlinks::No);
        let file = self.dir.open_with(name, &options).map_err(|e| self.why(name, e))?;
        checked(file.into_std())
    }

    /// Writes a new file; what has its name, if only as a link, goes first.
    ///
    /// # Errors
    /// The system refuses; then no such file is left.
    pub fn write_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.remove(name)?;
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).follow(FollowSymlinks::No);
        let mut file = self.dir.open_with(name, &options)?;
        file.write_all(bytes).inspect_err(|_full| drop(self.remove(name)))
    }

    /// Why what lies in it may be another user's, and what to do; none where it cannot be. The sentence
    /// stands after the folder's name.
    ///
    /// # Errors
    /// The system refuses.
    pub fn why_shared(&self) -> io::Result<Option<&'static str>> {
        let folder = self.dir.try_clone()?.into_std_file();
        Ok(platform::why_shared(&folder.metadata()?))
    }

    /// Writes a file that nobody but its owner may read or write: as `part` first, so that it is whole
    /// under its name or not there. What has the name, if only as a link, is replaced.
    ///
    /// # Errors
    /// The system refuses; what had the name stays, and no `part` is left.
    pub fn write_private(&self, name: &str, part: &str, bytes: &[u8]) -> io::Result<()> {
        self.write_new(part, &[])?;
        let written = self.open_to_write(part).map_err(io::Error::other).and_then(|mut file| {
            platform::make_private(&file)?;
            file.write_all(bytes)?;
            file.sync_all()?;
            self.rename(part, name)
        });
        written.inspect_err(|_refused| drop(self.remove(part)))
    }

    /// Gives a file that has another name elsewhere bytes of its own, written as `part` first.
    ///
    /// # Errors
    /// It is a link or no file, or the system refuses.
    pub fn make_sole(&self, name: &str, part: &str) -> Result<(), ReadError> {
        let (mut file, _) = match self.open_file(name) {
            Err(error) if error.is_missing() => return Ok(()),
            opened => opened?,
        };
        if self.dir.symlink_metadata(name)?.nlink() < 2 {
            return Ok(());
        }
        self.write_new(part, &[])?;
        let copied = self.open_to_write(part).and_then(|mut copy| {
            io::copy(&mut file, &mut copy)?;
            copy.sync_all()?;
            Ok(self.rename(part, name)?)
        });
        copied.inspect_err(|_full| drop(self.remove(part)))
    }

    /// Puts a file that was written on the disk.
    ///
    /// # Errors
    /// The system refuses.
    pub fn sync(&self, name: &str) -> Result<(), ReadError> {
        let mut options = OpenOptions::new();
        options.write(true).nonblock(true);
        let (file, _) = self.open_with(name, options)?;
        Ok(file.sync_all()?)
    }

    /// Puts all that was written in its file system on the disk at once, where the system can: false
    /// where it cannot. Many files take as long as one.
    ///
    /// # Errors
    /// The system refuses.
    pub fn sync_whole(&self) -> io::Result<bool> {
        platform::sync_whole(|| self.to_sync())
    }

    /// Puts the names in the folder on the disk, where the system knows such a thing.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn sync_names(&self) -> io::Result<()> {
        platform::sync_names(|| self.to_sync())
    }

    /// The folder as something that can be synced, which a handle that only names it cannot.
    fn to_sync(&self) -> io::Result<File> {
        let mut options = OpenOptions::new();
        options.read(true).maybe_dir(true);
        self.dir.open_with(".", &options).map(cap_std::fs::File::into_std)
    }

    /// Gives a file another name in the same folder; what has it goes.
    ///
    /// # Errors
    /// The system refuses.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        self.dir.rename(from, &self.dir, to)
    }

    /// Lets `to` have the same file as `name` of another such folder: as a second name of it, or as
    /// a copy where the system has none.
    ///
    /// # Errors
    /// It is a link or no file, `to` is there, or the system refuses.
    pub fn share(&self, other: &Self, name: &str, to: &str) -> Result<(), ReadError> {
        let (mut file, _) = other.open_file(name)?;
        if other.dir.hard_link(name, &self.dir, to).is_ok() {
            return Ok(());
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true).follow(FollowSymlinks::No);
        let mut copy = self.dir.open_with(to, &options)?;
        io::copy(&mut file, &mut copy)?;
        Ok(copy.sync_all()?)
    }

    /// Removes a file or a link, if there is one.
    ///
    /// # Errors
    /// It is a folder, or the system refuses.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match self.dir.remove_file_or_symlink(name) {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }

    /// A folder in it is removed if nothing is left in it.
    pub fn remove_empty(&self, name: &str) {
        // What somebody else put there stays, and the folder with it.
        self.dir.remove_dir(name).ok();
    }

    fn why(&self, name: &str, error: io::Error) -> ReadError {
        match self.kind(name) {
            Some(Kind::Link) => ReadError::Link,
            _ => ReadError::Io(error),
        }
    }
}
