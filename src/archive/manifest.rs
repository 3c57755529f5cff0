//! `run.toml`: what is saved of a run.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::archive::{ArchiveError, facts, text};
use crate::record::reason::Reason;
use crate::record::setting::Logged;
use crate::record::status::DeviceLabel;
use crate::text::hex;

/// The format that this program writes, and the newest that it reads. From 3 on the columns of
/// `metrics.csv` are known by their names, so that more of them make no other format.
pub const FORMAT: u32 = 3;

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

    /// Holds what it says against what can be; its check sum is part of a file's name.
    fn check(&self, what: &str) -> Result<(), String> {
        facts::steps(what, self.step)?;
        let is_sum = |sum: &str| sum.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if self.sha256.len() == 16 && is_sum(&self.sha256) {
            return Ok(());
        }
        Err(format!("the sha256 of {what} {} is none", self.step))
    }
}

fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..8])
}

/// Sums up what is read through it.
pub struct Summed<R> {
    source: R,
    hash: Sha256,
}

impl<R: Read> Summed<R> {
    /// Nothing is read yet.
    pub fn new(source: R) -> Self {
        Self { source, hash: Sha256::new() }
    }

    /// Whether the bytes of the source, with the rest of them, are those of an entry.
    ///
    /// # Errors
    /// The rest cannot be read.
    pub fn sums_to(mut self, entry: &Kept) -> std::io::Result<bool> {
        std::io::copy(&mut self, &mut std::io::sink())?;
        Ok(hex(&self.hash.finalize()[..8]) == entry.sha256)
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let bytes = self.source.read(into)?;
        self.hash.update(&into[..bytes]);
        Ok(bytes)
    }
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
    pub device_reason: Reason,
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
        // The version comes first: a newer file may hold what is not known here.
        let Version { format } = text::parse(place, text)?;
        if format > FORMAT {
            return Err(ArchiveError::Newer { place: place.into(), found: format, known: FORMAT });
        }
        if let Some((content, sum)) = text.trim_end().rsplit_once(SUM)
            && sum != digest(content.as_bytes())
        {
            return Err(ArchiveError::damaged(place, NOT_AS_SAVED));
        }
        let manifest: Self = text::parse(place, text)?;
        manifest.check().map_err(|why| ArchiveError::damaged(place, why))?;
        Ok(manifest)
    }

    /// Holds every number against what a run can have.
    fn check(&self) -> Result<(), String> {
        let parted = self.forked_from.as_ref().map_or(0, |parent| parent.step);
        for (what, step) in [
            ("step", self.step),
            ("until", self.until),
            ("left", self.left.unwrap_or(0)),
            ("forked_from.step", parted),
        ] {
            facts::steps(what, step)?;
        }
        for (what, list) in [
            ("keyframe", self.keyframes.as_slice()),
            ("checkpoint", &self.checkpoints),
            ("newest", self.newest.as_slice()),
        ] {
            let mut steps = BTreeSet::new();
            for kept in list {
                kept.check(what)?;
                if !steps.insert(kept.step) {
                    return Err(format!("the {what} of step {} stands there twice", kept.step));
                }
            }
        }
        if self.resume_bytes.iter().zip(&self.bytes).any(|(resume, all)| resume > all) {
            return Err("resume_bytes are more than bytes".into());
        }
        if self.eval_tokens.len() > 2 || self.eval_tokens.iter().any(|&n| n > facts::MOST_TOKENS) {
            return Err(format!(
                "eval_tokens are {:?}",
                &self.eval_tokens[..self.eval_tokens.len().min(3)]
            ));
        }
        self.log.iter().try_for_each(facts::logged)
    }

    /// The text of `run.toml`.
    ///
    /// # Errors
    /// Something in it cannot be written as TOML.
    pub fn to_text(&self) -> Result<String, ArchiveError> {
        let content = toml::to_string(self).map_err(|e| ArchiveError::Internal(e.to_string()))?;
        Ok(Self::sealed(&content))
    }

    /// The lines of `run.toml` with their check sum behind them.
    pub fn sealed(content: &str) -> String {
        let sum = digest(content.as_bytes());
        format!("{content}{SUM}{sum}\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A manifest of a run of 100 steps.
    fn manifest() -> Manifest {
        let kept = |step| Kept::of(step, &[7; 70], 64);
        Manifest {
            format: FORMAT,
            program: "0.1.0".into(),
            story: "x".into(),
            scenario_sha256: "x".into(),
            device: "CPU".into(),
            device_reason: Reason::AskedFor,
            instruction_set: "x".into(),
            eval_tokens: vec![256, 256],
            step: 100,
            is_ended: false,
            is_open: false,
            until: 200,
            bytes: [9, 9],
            resume_bytes: [9, 7],
            left: None,
            forked_from: None,
            newest: Some(kept(100)),
            keyframes: vec![kept(0), kept(50)],
            checkpoints: vec![kept(0)],
            log: Vec::new(),
        }
    }

    #[test]
    fn forged_numbers_are_refused_by_their_names() {
        use crate::record::setting::{Logged, Setting};

        let read = |forge: &dyn Fn(&mut Manifest)| {
            let mut forged = manifest();
            forge(&mut forged);
            Manifest::parse(Path::new("run.toml"), &forged.to_text().unwrap())
        };
        assert_eq!(read(&|_| {}).unwrap(), manifest());
        type Forge<'a> = (&'a dyn Fn(&mut Manifest), &'a str);
        let cases: [Forge<'_>; 12] = [
            (&|m| m.step = 100_000_001, "step is 100000001 where 100000000"),
            (&|m| m.until = i64::MAX as u64, "until is 9223372036854775807"),
            (&|m| m.left = Some(1 << 40), "left is"),
            (
                &|m| m.forked_from = Some(Parent { run: "x".into(), step: 1 << 40 }),
                "forked_from.step is",
            ),
            (&|m| m.keyframes[1].step = 1 << 40, "keyframe is"),
            (&|m| m.keyframes[1].step = 0, "the keyframe of step 0 stands there twice"),
            (
                &|m| m.checkpoints[0].sha256 = "../../../../x123".into(),
                "the sha256 of checkpoint 0",
            ),
            (&|m| m.newest.as_mut().unwrap().sha256.clear(), "the sha256 of newest 100"),
            (&|m| m.resume_bytes[0] = 10, "resume_bytes"),
            (&|m| m.eval_tokens.push(1), "eval_tokens"),
            (
                &|m| m.log.push(Logged { step: 3, lane: None, setting: Setting::Lr(f64::NAN) }),
                "train.lr is NaN where it can be a number greater than 0",
            ),
            (
                &|m| m.log.push(Logged { step: 1 << 40, lane: None, setting: Setting::Beta(1.0) }),
                "a setting made by hand is",
            ),
        ];
        for (forge, words) in cases {
            let error = read(forge).unwrap_err().to_string();
            assert!(error.starts_with("run.toml is damaged") && error.contains(words), "{error}");
        }
    }

    #[test]
    fn what_counts_in_the_budget_is_the_arrays_where_they_are_known() {
        assert_eq!(Kept::of(3, &[0; 70], 64).size(), 64);
        // As format 1 has it.
        let old: Kept = toml::from_str("step = 3\nbytes = 70\nsha256 = 'x'").unwrap();
        assert_eq!((old.size(), old.arrays), (70, None));
    }
}
