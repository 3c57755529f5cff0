//! Room for a run in a folder, before the run is there.

use std::fs;
use std::path::Path;

use crate::archive::disk::{self, failed};
use crate::archive::{Folder, FolderError, Start, names};
use crate::scenario::{Scenario, to_toml};

impl Folder {
    /// Makes a folder for a run of a scenario, whose text is all that is in it then.
    ///
    /// # Errors
    /// It is not empty and `force` is false, it is a file, or it cannot be written.
    pub fn prepare(path: &Path, force: bool, scenario: &Scenario) -> Result<(), FolderError> {
        Self::vacate(path, force)?;
        write_scenario(path, scenario)
    }

    /// As [`Self::prepare`], and notes before all else what was asked for: a run that is stopped
    /// before its first save can begin anew from that.
    ///
    /// # Errors
    /// As [`Self::prepare`].
    pub fn prepare_start(path: &Path, force: bool, start: &Start) -> Result<(), FolderError> {
        Self::vacate(path, force)?;
        Self::note_start(path, start)
    }

    /// Notes what was asked for in a folder where that stands already, perhaps with another last
    /// step.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn note_start(path: &Path, start: &Start) -> Result<(), FolderError> {
        disk::write_whole(&path.join(names::START), start.to_text()?.as_bytes())?;
        write_scenario(path, &start.scenario)?;
        disk::sync_names(path)
    }

    /// Makes a folder, and room in it where `force` says so.
    fn vacate(path: &Path, force: bool) -> Result<(), FolderError> {
        if path.is_file() {
            return Err(FolderError::IsFile(path.into()));
        }
        fs::create_dir_all(path).map_err(failed(path))?;
        // A file that was never finished is nothing of the user's.
        let is_finished =
            |entry: &fs::DirEntry| entry.path().extension().is_none_or(|e| e != "part");
        let entries = fs::read_dir(path).map_err(failed(path))?;
        if entries.flatten().any(|entry| is_finished(&entry)) {
            if !force {
                return Err(FolderError::NotEmpty(path.into()));
            }
            Self::clear(path)?;
        }
        Ok(())
    }

    /// Removes what an earlier run saved; `run.toml` first, so that a half cleared folder is no run.
    fn clear(path: &Path) -> Result<(), FolderError> {
        let [manifest, start, lock, summary, model] =
            [names::MANIFEST, names::START, names::LOCK, names::SUMMARY, names::MODEL]
                .map(|name| path.join(name));
        let is_run = manifest.is_file();
        // Not the run of a program that is at work on it.
        let _lock = (is_run || lock.is_file()).then(|| disk::lock(path)).transpose()?;
        // Nothing can begin anew from it while the rest is still there.
        remove_if_there(&start)?;
        remove_if_there(&manifest)?;
        remove_if_there(&summary)?;
        if !is_run {
            return Ok(());
        }
        remove_if_there(&model)?;
        for kind in [names::KEYFRAMES, names::CHECKPOINTS] {
            let place = path.join(kind);
            for entry in fs::read_dir(&place).into_iter().flatten().flatten() {
                let file = entry.path();
                if file.extension().is_some_and(|e| e == "safetensors" || e == "part") {
                    fs::remove_file(&file).map_err(failed(&file))?;
                }
            }
        }
        Ok(())
    }
}

fn write_scenario(path: &Path, scenario: &Scenario) -> Result<(), FolderError> {
    disk::write_whole(&path.join(names::SCENARIO), to_toml(scenario).as_bytes())
}

fn remove_if_there(file: &Path) -> Result<(), FolderError> {
    if file.is_file() { fs::remove_file(file).map_err(failed(file)) } else { Ok(()) }
}
