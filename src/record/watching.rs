//! Files of another program: what is asked of them, what could be asked, and which of their codebooks
//! stand beside each other.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::record::event::Lookup;
use crate::scenario::LaneId;

/// What the user says of a file's arrays; nothing is said where it is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Wishes {
    /// The array of codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub codebook: Option<String>,
    /// The array of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
    /// How the model looks for a code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// Whether the array holds one code a column.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transpose: Option<bool>,
    /// Which of several codebooks is drawn, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<usize>,
    /// Which of the numbers in the files' names is the step, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step_from: Option<usize>,
}

impl Wishes {
    /// These, and what they leave open as `other` says it.
    pub fn or(self, other: Self) -> Self {
        Self {
            codebook: self.codebook.or(other.codebook),
            usage: self.usage.or(other.usage),
            lookup: self.lookup.or(other.lookup),
            transpose: self.transpose.or(other.transpose),
            level: self.level.or(other.level),
            step_from: self.step_from.or(other.step_from),
        }
    }

    /// The same of another of several codebooks.
    pub fn at(&self, level: usize) -> Self {
        Self { level: Some(level), ..self.clone() }
    }
}

impl Choices {
    /// Whether something must be chosen before anything is shown.
    pub fn are_open(&self) -> bool {
        self.why.is_some() || self.are_steps_open
    }
}

/// What is shown of the files: one codebook, two beside each other, or all of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// How those of lane a are read.
    pub a: Wishes,
    /// How those of lane b are read, where there is one: other files, or another level of the same.
    pub b: Option<Wishes>,
    /// Whether every codebook of a file has a small map.
    pub is_all: bool,
}

/// An array that may be chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// Its name in the file.
    pub name: String,
    /// "64 x 8".
    pub shape: String,
}

/// A number in the names of a folder's files, of which one may be their step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameNumber {
    /// Which of the numbers, from 1, folders below the watched one included.
    pub which: usize,
    /// What it is in some of the files.
    pub values: Vec<u64>,
    /// Whether every file has one of its own.
    pub is_own: bool,
}

/// What of a file can be chosen, for whoever asks the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// The lane whose file it is.
    pub lane: LaneId,
    /// The file's name, as it can be shown.
    pub file: String,
    /// Why the rules leave a choice, in one sentence; nothing where they do not.
    pub why: Option<String>,
    /// Whether names of files leave it open which of their numbers is the step.
    pub are_steps_open: bool,
    /// Numbers of the names that may be it.
    pub steps: Vec<NameNumber>,
    /// Arrays that may be codes, those that look most like it first.
    pub codes: Vec<Candidate>,
    /// Arrays that may say how often each code was chosen.
    pub usage: Vec<Candidate>,
    /// What the user says.
    pub taken: Wishes,
    /// What is found where nothing is said.
    pub found: Wishes,
}

/// What a watcher of files waits for: a disk or a network that has not answered yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waits {
    /// The file or folder, as it can be shown.
    pub name: String,
    /// For how long.
    pub since: Duration,
}
