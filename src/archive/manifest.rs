//! `run.toml`: what is saved of a run.

use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::archive::ArchiveError;
use crate::train::command::Logged;
use crate::train::snapshot::DeviceLabel;

/// The format that this program writes, and the newest that it reads.
pub const FORMAT: u32 = 2;

/// What is wrong with a file whose check sum is another one.
pub const NOT_AS_SAVED: &str = "its bytes are not those that were saved";

/// What stands before the check sum in the last line of `run.toml`, which older saves do not have:
/// without it a changed check sum of another file would speak against that file.
const SUM: &str = "# sha256 of the lines above: ";

/// A file of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// The step.
    pub step: u64,
    /// Its length in bytes.
    pub bytes: u64,
    /// Bytes of its arrays, which are known before it is written: they count in the budget. Saves
    /// of format 1 do not say them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arrays: Option<u64>,
    /// The start of its SHA-256, 16 hexadecimal digits.
    pub sha256: String,
}

impl Kept {
    /// The entry of a file's bytes, `arrays` of them in arrays.
    pub fn of(step: u64, bytes: &[u8], arrays: usize) -> Self {
        let arrays = Some(arrays as u64);
        Self { step, bytes: bytes.len() as u64, arrays, sha256: digest(bytes) }
    }

    /// Bytes that count in the budget.
    pub fn size(&self) -> u64 {
        self.arrays.unwrap_or(self.bytes)
    }

    /// Whether bytes are those that were written.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes.len() as u64 && self.sha256 == digest(bytes)
    }
}

fn digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The content of `run.toml`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Version of the format.
    pub format: u32,
    /// Version of the program that wrote it.
    pub program: String,
    /// Name of the story: a built-in one or a path.
    pub story: String,
    /// SHA-256 of `scenario.toml`.
    pub scenario_sha256: String,
    /// The device that trained.
    pub device: String,
    /// Why that one.
    pub device_reason: String,
    /// Instruction set of the CPU; a run repeats byte for byte on the same one.
    pub instruction_set: String,
    /// Tokens of the full evaluation set of each lane.
    pub eval_tokens: Vec<usize>,
    /// Steps trained at this save.
    pub step: u64,
    /// Whether the run came to the end that it was asked for.
    pub is_ended: bool,
    /// Whether a window was open on it: then it was closed without warning.
    pub is_open: bool,
    /// Step that the run was asked to reach.
    pub until: u64,
    /// Bytes of `metrics.csv` and of `events.csv` that count.
    pub bytes: [u64; 2],
    /// The same before the rows that the newest checkpoint still holds: a run that goes on from it
    /// cuts the tables there.
    pub resume_bytes: [u64; 2],
    /// Step of the keyframe that is there only because the run was left at it, until the next one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left: Option<u64>,
    /// The run that this one was forked from, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forked_from: Option<Parent>,
    /// Steps of the newest checkpoint, from which the run goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub newest: Option<Kept>,
    /// Pictures of all views.
    #[serde(default)]
    pub keyframes: Vec<Kept>,
    /// Checkpoints along the timeline.
    #[serde(default)]
    pub checkpoints: Vec<Kept>,
    /// Settings made by hand, in order.
    #[serde(default)]
    pub log: Vec<Logged>,
}

/// Where a fork began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// Folder name of the run before.
    pub run: String,
    /// The step at which they part.
    pub step: u64,
}

impl Manifest {
    /// The device in words.
    pub fn device_label(&self) -> DeviceLabel {
        DeviceLabel { name: self.device.clone(), reason: self.device_reason.clone() }
    }

    /// Reads the text of `run.toml`.
    ///
    /// # Errors
    /// It is damaged, or of a newer format.
    pub fn parse(place: &Path, text: &str) -> Result<Self, ArchiveError> {
        #[derive(Deserialize)]
        struct Version {
            format: u32,
        }
        let damaged = |e: &toml::de::Error| ArchiveError::damaged(place, e.message());
        // The version comes first: a newer file may hold what is not known here.
        let Version { format } = toml::from_str(text).map_err(|e| damaged(&e))?;
        if format > FORMAT {
            return Err(ArchiveError::Newer { place: place.into(), found: format, known: FORMAT });
        }
        if let Some((content, sum)) = text.trim_end().rsplit_once(SUM)
            && sum != digest(content.as_bytes())
        {
            return Err(ArchiveError::damaged(place, NOT_AS_SAVED));
        }
        toml::from_str(text).map_err(|e| damaged(&e))
    }

    /// The text of `run.toml`.
    ///
    /// # Errors
    /// Something in it cannot be written as TOML.
    pub fn to_text(&self) -> Result<String, ArchiveError> {
        let content = toml::to_string(self).map_err(|e| ArchiveError::Internal(e.to_string()))?;
        let sum = digest(content.as_bytes());
        Ok(format!("{content}{SUM}{sum}\n"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_in_the_budget_is_the_arrays_where_they_are_known() {
        assert_eq!(Kept::of(3, &[0; 70], 64).size(), 64);
        // As format 1 has it.
        let old: Kept = toml::from_str("step = 3\nbytes = 70\nsha256 = 'x'").unwrap();
        assert_eq!((old.size(), old.arrays), (70, None));
    }
}
