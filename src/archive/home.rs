//! The folder of a run by its handle: what lies where, and which names in it are ours.

use std::path::{Path, PathBuf};

use crate::archive::{ArchiveError, Kept};
use crate::files::{OwnFolder, ReadError};

/// Names in the folder.
pub mod names {
    /// What is saved.
    pub const MANIFEST: &str = "run.toml";
    /// What was asked for, until the first save.
    pub const START: &str = "run-start.toml";
    /// The scenario as resolved.
    pub const SCENARIO: &str = "scenario.toml";
    /// A row for each lane and step.
    pub const METRICS: &str = "metrics.csv";
    /// Changes and what was noticed.
    pub const EVENTS: &str = "events.csv";
    /// Pictures of all views.
    pub const KEYFRAMES: &str = "keyframes";
    /// Everything needed to train on.
    pub const CHECKPOINTS: &str = "checkpoints";
    /// Final figures.
    pub const SUMMARY: &str = "summary.json";
    /// All parameters of the last step.
    pub const MODEL: &str = "model.safetensors";
    /// Locked while the run is open.
    pub const LOCK: &str = "run.lock";
    /// Marks a run that stays on the shelf.
    pub const KEEP: &str = "keep";

    /// Files in the folder itself.
    pub const FILES: [&str; 9] =
        [MANIFEST, START, SCENARIO, METRICS, EVENTS, SUMMARY, MODEL, LOCK, KEEP];
}

/// The two folders of files that have a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Steps {
    /// Pictures of all views.
    Keyframes,
    /// Everything needed to train on.
    Checkpoints,
}

impl Steps {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Keyframes, Self::Checkpoints];

    /// The folder's name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Keyframes => names::KEYFRAMES,
            Self::Checkpoints => names::CHECKPOINTS,
        }
    }
}

/// The file of a step.
pub fn file_of(step: u64) -> String {
    format!("{step:010}.safetensors")
}

/// The name of the newest checkpoint's file, which may lie at a step that the timeline does not keep.
/// It tells the bytes as well as the step: a second save at one step never takes the place of the
/// file that `run.toml` still names.
pub fn newest_name(entry: &Kept) -> String {
    let bytes = entry.sha256.get(..8).unwrap_or(&entry.sha256);
    format!("newest-{:010}-{bytes}.safetensors", entry.step)
}

/// The newest checkpoint's file of saves of format 1, which named it by its step alone.
pub fn newest_name_of_old(entry: &Kept) -> String {
    format!("newest-{:010}.safetensors", entry.step)
}

/// Whether a name in one of the folders of [`Steps`] is one that this program gives, with `ending`.
pub fn is_step_file(name: &str, ending: &str) -> bool {
    let Some((stem, found)) = name.rsplit_once('.') else { return false };
    let mut parts = stem.strip_prefix("newest-").unwrap_or(stem).split('-');
    let is_step = |step: &str| step.len() >= 10 && step.bytes().all(|b| b.is_ascii_digit());
    let is_sum = |sum: &str| sum.len() == 8 && sum.bytes().all(|b| b.is_ascii_hexdigit());
    found == ending
        && parts.next().is_some_and(is_step)
        && parts.next().is_none_or(|sum| stem.starts_with("newest-") && is_sum(sum))
        && parts.next().is_none()
}

/// The name under which a file is written.
pub fn part_of(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, _)) => format!("{stem}.part"),
        None => format!("{name}.part"),
    }
}

/// Whether a name in the run's own folder is that of a file that was never finished.
pub fn is_part(name: &str) -> bool {
    names::FILES.iter().any(|file| part_of(file) == name)
}

/// The folder of a run, and the two in it where they are there.
pub struct Home {
    /// The folder itself.
    pub run: OwnFolder,
    keyframes: Option<OwnFolder>,
    checkpoints: Option<OwnFolder>,
}

impl Home {
    /// Opens the folder of a run to look at it.
    ///
    /// # Errors
    /// There is none, something in it is a link, or the system refuses.
    pub fn open(path: &Path) -> Result<Self, ArchiveError> {
        let refused = |place: PathBuf| move |error: ReadError| ArchiveError::Read { place, error };
        let run = OwnFolder::open(path).map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => {
                ArchiveError::NoRun(path.into())
            }
            _ => ArchiveError::Read { place: path.into(), error: error.into() },
        })?;
        let sub = |steps: Steps| match run.sub(steps.name()) {
            Ok(sub) => Ok(Some(sub)),
            Err(error) if error.is_missing() => Ok(None),
            Err(error) => Err(refused(run.place(steps.name()))(error)),
        };
        let (keyframes, checkpoints) = (sub(Steps::Keyframes)?, sub(Steps::Checkpoints)?);
        for folder in [Some(&run), keyframes.as_ref(), checkpoints.as_ref()].into_iter().flatten() {
            let link = folder.first_link();
            let link = link.map_err(|e| refused(folder.path().into())(e.into()))?;
            if let Some(name) = link {
                return Err(refused(folder.path().join(name))(ReadError::Link));
            }
        }
        Ok(Self { run, keyframes, checkpoints })
    }

    /// Makes the two folders where they are not there.
    ///
    /// # Errors
    /// One of them is a link or a file, or the system refuses.
    pub fn complete(&mut self) -> Result<(), ArchiveError> {
        for steps in Steps::ALL {
            let made = self.run.make_sub(steps.name());
            let place = self.run.place(steps.name());
            let made = made.map_err(|error| ArchiveError::Read { place, error })?;
            match steps {
                Steps::Keyframes => self.keyframes = Some(made),
                Steps::Checkpoints => self.checkpoints = Some(made),
            }
        }
        Ok(())
    }

    /// One of the two folders.
    ///
    /// # Errors
    /// It is not there.
    pub fn steps(&self, steps: Steps) -> Result<&OwnFolder, ArchiveError> {
        let folder = match steps {
            Steps::Keyframes => &self.keyframes,
            Steps::Checkpoints => &self.checkpoints,
        };
        folder.as_ref().ok_or_else(|| ArchiveError::Read {
            place: self.run.place(steps.name()),
            error: std::io::Error::from(std::io::ErrorKind::NotFound).into(),
        })
    }

    /// The two folders, where they are there.
    pub fn all_steps(&self) -> impl Iterator<Item = &OwnFolder> {
        [&self.keyframes, &self.checkpoints].into_iter().flatten()
    }

    /// Where the newest checkpoint lies.
    pub fn newest(&self, entry: &Kept) -> String {
        let name = newest_name(entry);
        match &self.checkpoints {
            Some(folder) if !folder.has_file(&name) => newest_name_of_old(entry),
            _ => name,
        }
    }
}

/// The newest checkpoint's file.
#[cfg(test)]
pub fn newest_file(path: &Path, entry: &Kept) -> PathBuf {
    path.join(names::CHECKPOINTS).join(Home::open(path).unwrap().newest(entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_our_own_pattern_are_ours() {
        let ours = [
            "0000000025.safetensors",
            "12345678901.safetensors",
            "newest-0000000100.safetensors",
            "newest-0000000100-0123abcd.safetensors",
        ];
        assert!(ours.iter().all(|name| is_step_file(name, "safetensors")));
        let others = [
            "25.safetensors",
            "notes.safetensors",
            "0000000025-0123abcd.safetensors",
            "newest-0000000100-0123abcd-1.safetensors",
            "0000000025.npy",
            "0000000025",
            "000000002x.safetensors",
        ];
        assert!(!others.iter().any(|name| is_step_file(name, "safetensors")));
        assert!(is_step_file("0000000025.part", "part"));
        assert!(is_part("run.part") && is_part("run-start.part") && is_part("model.part"));
        assert!(!is_part("thesis.part") && !is_part("run.toml"));
    }
}
