//! `run-start.toml`: what was asked for of a run, until its first save says so.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::archive::home::{Home, names};
use crate::archive::manifest::FORMAT;
use crate::archive::open::text;
use crate::archive::{Archive, ArchiveError, text as bounded};
use crate::scenario::{Scenario, parse, to_toml};

/// What was asked for of a run that has saved nothing yet.
#[derive(Clone, Debug, PartialEq)]
pub struct Start {
    /// Name of the story: a built-in one or a path.
    pub story: String,
    /// The scenario as resolved.
    pub scenario: Scenario,
    /// Step that the run is to reach.
    pub until: u64,
}

/// Bytes of the file that are read at most: a scenario and a few words.
const MOST_BYTES: u64 = 1 << 22;

/// The content of the file. The scenario is in it as well as beside it, so that this one file is
/// enough to begin anew.
#[derive(Serialize, Deserialize)]
struct Content {
    format: u32,
    story: String,
    until: u64,
    scenario: String,
}

impl Start {
    /// Reads what was asked for in a folder that holds no saved run.
    ///
    /// # Errors
    /// Nothing was, or the file is damaged or of a newer format.
    pub fn read(path: &Path) -> Result<Self, ArchiveError> {
        let home = Home::open(path)?;
        let place = path.join(names::START);
        let bytes = match home.run.read(names::START, MOST_BYTES) {
            Ok(bytes) => bytes,
            Err(error) if error.is_missing() => {
                // Tables alone, or a scenario of the user's: nothing that may be written over.
                return Err(match Archive::scenario_alone(path) {
                    Ok(_) => ArchiveError::NotSaved(path.into()),
                    Err(error) => error,
                });
            }
            Err(error) => return Err(ArchiveError::Read { place, error }),
        };
        let text = text(&place, bytes)?;
        let content: Content = bounded::parse(&place, &text)?;
        if content.format > FORMAT {
            return Err(ArchiveError::Newer { place, found: content.format, known: FORMAT });
        }
        let scenario = parse(&content.scenario, "its scenario", &[])
            .map_err(|e| ArchiveError::damaged(&place, e.to_string()))?;
        Ok(Self { story: content.story, scenario, until: content.until })
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Something in it cannot be written as TOML.
    pub fn to_text(&self) -> Result<String, ArchiveError> {
        let content = Content {
            format: FORMAT,
            story: self.story.clone(),
            until: self.until,
            scenario: to_toml(&self.scenario),
        };
        toml::to_string(&content).map_err(|e| ArchiveError::Internal(e.to_string()))
    }
}
