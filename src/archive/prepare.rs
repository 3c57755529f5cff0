//! Room for a run in a folder, before the run is there.

use std::fs::File;
use std::path::Path;

use crate::archive::disk::{self, failed};
use crate::archive::home::{Home, is_part, is_step_file, names};
use crate::archive::{FolderError, Start};
use crate::files::OwnFolder;
use crate::scenario::{Scenario, to_toml};

/// A folder with room for a run, which no other program takes as long as this lives.
pub struct Prepared {
    pub(super) home: Home,
    pub(super) lock: File,
}

impl Prepared {
    /// Makes a folder for a run of a scenario, whose text is all that is in it then.
    ///
    /// # Errors
    /// It is not empty and `force` is false, it is a file, something in it is a link, another program
    /// has it, or it cannot be written.
    pub fn new(path: &Path, force: bool, scenario: &Scenario) -> Result<Self, FolderError> {
        let prepared = vacate(path, force)?;
        write_scenario(&prepared.home.run, scenario)?;
        Ok(prepared)
    }

    /// As [`Self::new`], and notes before all else what was asked for: a run that is stopped
    /// before its first save can begin anew from that.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with_start(path: &Path, force: bool, start: &Start) -> Result<Self, FolderError> {
        let prepared = vacate(path, force)?;
        write_start(&prepared.home.run, start)?;
        Ok(prepared)
    }

    /// Notes what was asked for in a folder where that stands already, perhaps with another last
    /// step.
    ///
    /// # Errors
    /// Another program has it, or it cannot be written.
    pub fn noted(path: &Path, start: &Start) -> Result<Self, FolderError> {
        let home = Home::open(path)?;
        let lock = disk::lock(&home.run)?;
        write_start(&home.run, start)?;
        Ok(Self { home, lock })
    }
}

fn write_start(folder: &OwnFolder, start: &Start) -> Result<(), FolderError> {
    disk::write_whole(folder, names::START, start.to_text()?.as_bytes())?;
    write_scenario(folder, &start.scenario)?;
    disk::sync_names(folder)
}

fn write_scenario(folder: &OwnFolder, scenario: &Scenario) -> Result<(), FolderError> {
    disk::write_whole(folder, names::SCENARIO, to_toml(scenario).as_bytes())
}

/// Makes a folder, and room in it where `force` says so.
fn vacate(path: &Path, force: bool) -> Result<Prepared, FolderError> {
    if path.is_file() {
        return Err(FolderError::IsFile(path.into()));
    }
    OwnFolder::create(path).map_err(failed(path))?;
    let home = Home::open(path)?;
    // Asked before a lock is made: a folder of the user's gets no file of ours.
    check_empty(&home, force)?;
    let lock = disk::lock(&home.run)?;
    check_empty(&home, force)?;
    clear(&home)?;
    Ok(Prepared { home, lock })
}

/// Refuses a folder that is not empty, unless `force` says so. What was never finished is nothing of
/// the user's.
fn check_empty(home: &Home, force: bool) -> Result<(), FolderError> {
    let path = home.run.path();
    let entries = home.run.names().map_err(failed(path))?;
    let is_ours = |name: &str| is_part(name) || name == names::LOCK;
    if force || entries.iter().all(|name| name.to_str().is_some_and(is_ours)) {
        Ok(())
    } else if disk::is_locked(&home.run) {
        Err(FolderError::Busy(path.into()))
    } else {
        Err(FolderError::NotEmpty(path.into()))
    }
}

/// Removes what an earlier run saved; `run.toml` first, so that a half cleared folder is no run.
fn clear(home: &Home) -> Result<(), FolderError> {
    let folder = &home.run;
    let is_run = folder.has_file(names::MANIFEST);
    let remove = |name: &str| folder.remove(name).map_err(failed(&folder.place(name)));
    // Nothing can begin anew from it while the rest is still there.
    remove(names::START)?;
    remove(names::MANIFEST)?;
    remove(names::SUMMARY)?;
    if is_run {
        remove(names::MODEL)?;
        remove_steps(home)?;
    }
    Ok(())
}

fn remove_steps(home: &Home) -> Result<(), FolderError> {
    let is_ours = |name: &str| is_step_file(name, "safetensors") || is_step_file(name, "part");
    home.all_steps().try_for_each(|folder| disk::remove_ours(folder, is_ours))
}

/// Removes a saved run that no other program has open, and its folder if nothing else is in it.
///
/// # Errors
/// Another program has it open, something in it is a link, or a file cannot be removed.
pub fn remove(path: &Path) -> Result<(), FolderError> {
    let home = Home::open(path)?;
    let lock = disk::lock(&home.run)?;
    clear(&home)?;
    disk::remove_ours(&home.run, |name| is_part(name) || names::FILES.contains(&name))?;
    for folder in [names::KEYFRAMES, names::CHECKPOINTS] {
        home.run.remove_empty(folder);
    }
    drop((lock, home));
    // What the user put there stays, and the folder with it.
    std::fs::remove_dir(path).ok();
    Ok(())
}
