//! Where an export is written: checked before any work is done, and never over what is there.

use std::path::Path;

use crate::files::{self, Over};

/// Checks that a file can be made: its suffix, its folder, and that it is not there yet.
///
/// # Errors
/// One sentence that names the file and what to do.
pub fn check(file: &Path, suffixes: &[&str], is_forced: bool) -> Result<(), String> {
    let name = file.display();
    check_place(file, is_forced)?;
    let suffix = file.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase);
    if !suffix.is_some_and(|s| suffixes.contains(&s.as_str())) {
        let all: Vec<String> = suffixes.iter().map(|s| format!(".{s}")).collect();
        return Err(format!("{name} does not end in {}; name another file", all.join(" or ")));
    }
    Ok(())
}

/// Checks that a file of any name can be made: its folder, and that it is not there yet.
///
/// # Errors
/// One sentence that names the file and what to do.
pub fn check_place(file: &Path, is_forced: bool) -> Result<(), String> {
    let name = file.display();
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // What is there is asked of the name itself: a link to nothing is there too.
    let before = file.symlink_metadata();
    if file.is_dir() {
        Err(format!("{name} is a folder; name a file in it"))
    } else if !folder.is_dir() {
        Err(format!(
            "{name} cannot be written: there is no folder {}; make it first, or name another place",
            folder.display()
        ))
    } else if before.as_ref().is_ok_and(|m| !m.is_file() && !m.is_symlink()) {
        Err(format!("{name} is a pipe, a device or a socket; name a file"))
    } else if before.is_ok() && !is_forced {
        Err(format!("{name} is there already; name another file, or add --force to replace it"))
    } else {
        Ok(())
    }
}

/// Checks that a folder for many files can be used; it is made if it is not there.
///
/// # Errors
/// One sentence that names the folder and what to do.
pub fn prepare_folder(folder: &Path, is_forced: bool) -> Result<(), String> {
    let name = folder.display();
    if folder.is_file() {
        return Err(format!("{name} is a file; name a folder for the frames"));
    }
    std::fs::create_dir_all(folder).map_err(|e| failed(folder, &e))?;
    let mut entries = std::fs::read_dir(folder).map_err(|e| failed(folder, &e))?;
    if entries.next().is_some() && !is_forced {
        return Err(format!(
            "{name} is not empty; name another folder, or add --force to replace frames there"
        ));
    }
    Ok(())
}

/// Writes a file that was checked: whole, or not at all.
///
/// # Errors
/// It has come into being since, or the disk refuses; what was there stays.
pub fn write(file: &Path, bytes: &[u8], is_forced: bool) -> Result<(), String> {
    files::write(file, bytes, Over::if_forced(is_forced)).map_err(|e| failed(file, &e))
}

/// What to say of a place that cannot be written.
pub fn failed(place: &Path, error: &std::io::Error) -> String {
    format!(
        "{} cannot be written ({error}); check the disk and the permissions, or name another place",
        place.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_written_over_without_being_told_to() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("thesis.csv");
        assert_eq!(check(&file, &["csv"], false), Ok(()));
        write(&file, b"mine", false).unwrap();
        assert!(check(&file, &["csv"], false).unwrap_err().contains("--force"));
        assert!(write(&file, b"theirs", false).unwrap_err().contains("cannot be written"));
        assert_eq!(std::fs::read(&file).unwrap(), b"mine");
        write(&file, b"no", true).unwrap();
        assert_eq!(std::fs::read(&file).unwrap(), b"no");
        assert!(prepare_folder(folder.path(), false).unwrap_err().contains("not empty"));
        assert!(prepare_folder(&file, true).unwrap_err().contains("is a file"));
    }

    #[test]
    fn suffixes_and_folders_are_checked() {
        let refused = |file: &str| check(Path::new(file), &["mp4", "webm"], true).unwrap_err();
        assert!(refused("x.avi").contains(".mp4 or .webm"));
        assert!(refused("x").contains("does not end in"));
        assert!(refused("no-such-folder/x.mp4").contains("no folder no-such-folder"));
        assert_eq!(check(Path::new("x.WebM"), &["mp4", "webm"], true), Ok(()));
    }
}
