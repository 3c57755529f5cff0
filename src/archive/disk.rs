//! Files that are whole under their names at any moment, tables that grow, and the lock of a folder.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, BufWriter, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use crate::archive::FolderError;
use crate::archive::folder::names;

/// What to say of a place that cannot be written.
pub fn failed(place: &Path) -> impl Fn(std::io::Error) -> FolderError + '_ {
    move |error| FolderError::Write { place: place.into(), error }
}

/// The name under which a file is written.
fn part_of(place: &Path) -> PathBuf {
    place.with_extension("part")
}

/// Writes a file under another name, syncs it and gives it its name.
///
/// # Errors
/// Writing fails.
pub fn write_whole(place: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    write_part(place, bytes)?;
    give_name(place)
}

/// Writes a file under another name; it need not be on the disk before [`give_name`].
///
/// # Errors
/// Writing fails.
pub fn write_part(place: &Path, bytes: &[u8]) -> Result<(), FolderError> {
    let part = part_of(place);
    fs::write(&part, bytes).map_err(failed(&part))
}

/// Syncs a file that was written under another name and gives it its name.
///
/// # Errors
/// The system refuses it.
pub fn give_name(place: &Path) -> Result<(), FolderError> {
    let part = part_of(place);
    let file = File::options().write(true).open(&part);
    file.and_then(|file| file.sync_all()).map_err(failed(&part))?;
    fs::rename(&part, place).map_err(failed(place))
}

/// Puts the names in a folder on the disk, where the system knows such a thing.
///
/// # Errors
/// The system refuses it.
pub fn sync_names(folder: &Path) -> Result<(), FolderError> {
    #[cfg(unix)]
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(failed(folder))?;
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Removes files that never got their names, because the program that wrote them died.
///
/// # Errors
/// One of them cannot be removed.
pub fn remove_parts(folder: &Path) -> Result<(), FolderError> {
    for entry in fs::read_dir(folder).map_err(failed(folder))?.flatten() {
        let file = entry.path();
        if file.extension().is_some_and(|e| e == "part") {
            fs::remove_file(&file).map_err(failed(&file))?;
        }
    }
    Ok(())
}

/// Locks a run's folder against other programs, as long as what is given back lives.
///
/// # Errors
/// Another program has it locked, or the file cannot be made.
pub fn lock(path: &Path) -> Result<File, FolderError> {
    let place = path.join(names::LOCK);
    let lock = File::options().create(true).truncate(false).write(true).open(&place);
    let lock = lock.map_err(failed(&place))?;
    if lock.try_lock().is_err() {
        return Err(FolderError::Busy(path.into()));
    }
    Ok(lock)
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
pub fn first_line(place: &Path) -> Result<String, FolderError> {
    let mut line = Vec::new();
    let file = File::open(place).map_err(failed(place))?;
    BufReader::new(file).read_until(b'\n', &mut line).map_err(failed(place))?;
    Ok(String::from_utf8_lossy(&line).trim_end().into())
}

impl Table {
    /// A table of which `bytes` count; what follows them is cut off.
    ///
    /// # Errors
    /// It cannot be opened or cut.
    pub fn open(place: PathBuf, bytes: u64) -> Result<Self, FolderError> {
        let open = || {
            let mut file = File::options().create(true).truncate(false).write(true).open(&place)?;
            file.set_len(bytes)?;
            file.seek(SeekFrom::Start(bytes))?;
            Ok(file)
        };
        let file = open().map_err(failed(&place))?;
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

    /// Puts everything on the disk and gives the table's length in bytes.
    ///
    /// # Errors
    /// Writing fails.
    pub fn sync(&mut self) -> Result<u64, FolderError> {
        let synced = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        synced.map_err(failed(&self.place))?;
        Ok(self.bytes)
    }
}
