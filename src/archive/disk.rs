//! Files that are whole under their names at any moment, tables that grow, and the lock of a folder.

use std::fs::File;
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::archive::home::{names, part_of};
use crate::archive::{ArchiveError, FolderError};
use crate::files::{OwnFolder, ReadError};

/// What to say of a place that cannot be written.
pub fn failed(place: &Path) -> impl Fn(std::io::Error) -> FolderError + '_ {
    move |error| FolderError::Write { place: place.into(), error }
}

/// What to say of a file that cannot be opened to write into it.
pub fn refused(place: &Path) -> impl Fn(ReadError) -> FolderError + '_ {
    move |error| match error {
        ReadError::Io(error) => FolderError::Write { place: place.into(), error },
        error => ArchiveError::Read { place: place.into(), error }.into(),
    }
}

/// Writes a file under another name, syncs it and gives it its name.
///
/// # Errors
/// Writing fails.
pub fn write_whole(folder: &OwnFolder, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
    write_part(folder, name, bytes)?;
    sync_part(folder, name)?;
    give_name(folder, name)
}

/// Syncs a file that was written under another name.
///
/// # Errors
/// The system refuses it.
pub fn sync_part(folder: &OwnFolder, name: &str) -> Result<(), FolderError> {
    let part = part_of(name);
    folder.sync(&part).map_err(refused(&folder.place(&part)))
}

/// Syncs all that was written in the file system of a folder, where the system can.
///
/// # Errors
/// The system refuses it.
pub fn sync_whole(folder: &OwnFolder) -> Result<bool, FolderError> {
    folder.sync_whole().map_err(failed(folder.path()))
}

/// Writes a file under another name; it need not be on the disk before [`give_name`].
///
/// # Errors
/// Writing fails.
pub fn write_part(folder: &OwnFolder, name: &str, bytes: &[u8]) -> Result<(), FolderError> {
    let part = part_of(name);
    folder.write_new(&part, bytes).map_err(failed(&folder.place(&part)))
}

/// Gives a file its name that was written under another one, and synced.
///
/// # Errors
/// The system refuses it.
pub fn give_name(folder: &OwnFolder, name: &str) -> Result<(), FolderError> {
    folder.rename(&part_of(name), name).map_err(failed(&folder.place(name)))
}

/// Puts the names in a folder on the disk, where the system knows such a thing.
///
/// # Errors
/// The system refuses it.
pub fn sync_names(folder: &OwnFolder) -> Result<(), FolderError> {
    folder.sync_names().map_err(failed(folder.path()))
}

/// Removes files whose names `is_ours`.
///
/// # Errors
/// The folder cannot be read, or a file cannot be removed.
pub fn remove_ours(folder: &OwnFolder, is_ours: impl Fn(&str) -> bool) -> Result<(), FolderError> {
    for name in folder.names().map_err(failed(folder.path()))? {
        if let Some(name) = name.to_str().filter(|name| is_ours(name)) {
            folder.remove(name).map_err(failed(&folder.place(name)))?;
        }
    }
    Ok(())
}

/// Locks a run's folder against other programs, as long as what is given back lives.
///
/// # Errors
/// Another program has it locked, or the file cannot be made.
pub fn lock(folder: &OwnFolder) -> Result<File, FolderError> {
    let lock = folder.open_to_write(names::LOCK);
    let lock = lock.map_err(refused(&folder.place(names::LOCK)))?;
    if lock.try_lock().is_err() {
        return Err(FolderError::Busy(folder.path().into()));
    }
    Ok(lock)
}

/// Lets others look at a run too, and nobody change it, as long as what is given back lives; nothing
/// is written for it.
///
/// # Errors
/// Another program changes it.
pub fn look(folder: &OwnFolder) -> Result<Option<File>, FolderError> {
    // Without the file nobody has it open; without the right to open it neither can be known.
    let Ok((lock, _)) = folder.open_file(names::LOCK) else { return Ok(None) };
    if lock.try_lock_shared().is_err() {
        return Err(FolderError::Busy(folder.path().into()));
    }
    Ok(Some(lock))
}

/// Whether another program changes a run, or looks at it.
pub fn is_locked(folder: &OwnFolder) -> bool {
    folder.open_file(names::LOCK).is_ok_and(|(lock, _)| lock.try_lock().is_err())
}

/// Whether another program writes a run; who looks at it does not count. From afar that cannot be
/// known: file systems of other machines know no locks, or keep them to themselves.
pub fn is_written(folder: &OwnFolder) -> bool {
    let lock = folder.open_file(names::LOCK);
    lock.is_ok_and(|(lock, _)| lock.try_lock_shared().is_err())
}

/// A table that grows.
pub struct Table {
    place: PathBuf,
    file: BufWriter<File>,
    bytes: u64,
}

/// The first line of a table, without its end; nothing of a new one.
///
/// # Errors
/// It cannot be read.
pub fn first_line(folder: &OwnFolder, name: &str) -> Result<String, FolderError> {
    let place = folder.place(name);
    let (file, _) = folder.open_file(name).map_err(refused(&place))?;
    let mut line = Vec::new();
    BufReader::new(std::io::Read::take(file, LONGEST_HEAD))
        .read_until(b'\n', &mut line)
        .map_err(failed(&place))?;
    Ok(String::from_utf8_lossy(&line).trim_end().into())
}

/// Bytes of a table's first line that are read at most.
const LONGEST_HEAD: u64 = 1 << 16;

impl Table {
    /// A table of which `bytes` count; what follows them is cut off.
    ///
    /// # Errors
    /// It cannot be opened or cut.
    pub fn open(folder: &OwnFolder, name: &str, bytes: u64) -> Result<Self, FolderError> {
        let place = folder.place(name);
        // A copy that shares the file, as some backups do, must not change with it.
        folder.make_sole(name, &part_of(name)).map_err(refused(&place))?;
        let mut file = folder.open_to_write(name).map_err(refused(&place))?;
        let cut = file.set_len(bytes).and_then(|()| file.seek(SeekFrom::Start(bytes)));
        cut.map_err(failed(&place))?;
        Ok(Self { file: BufWriter::new(file), bytes, place })
    }

    /// Adds a line.
    ///
    /// # Errors
    /// Writing fails.
    pub fn line(&mut self, line: &str) -> Result<(), FolderError> {
        self.bytes += line.len() as u64 + 1;
        writeln!(self.file, "{line}").map_err(failed(&self.place))
    }

    /// Hands everything to the system and gives the table's length in bytes.
    ///
    /// # Errors
    /// Writing fails.
    pub fn flush(&mut self) -> Result<u64, FolderError> {
        self.file.flush().map_err(failed(&self.place))?;
        Ok(self.bytes)
    }

    /// Puts everything that was handed to the system on the disk.
    ///
    /// # Errors
    /// Writing fails.
    pub fn sync(&self) -> Result<(), FolderError> {
        self.file.get_ref().sync_data().map_err(failed(&self.place))
    }
}
