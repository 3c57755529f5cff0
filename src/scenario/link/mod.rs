//! A link: one line of text that holds a story with its changed settings, a step and a view.
//!
//! `vqscope://1/` and then, in base64 for addresses (RFC 4648, section 5, without padding), the
//! first four bytes of the SHA-256 of version and rest, and the rest: TOML, deflated (RFC 1951). Of
//! a built-in story only what differs from it is written, so that a link stays short; any other
//! scenario is written as a whole.
//!
//! What the window looks like is a table that only the window reads: a run does not depend on it,
//! and the command line, which opens links as well, has no window.

mod before;
#[cfg(test)]
mod tests;

use std::io::{Read, Write};
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use toml::{Table, Value};

use crate::scenario::hash::training_hash;
use crate::scenario::load::{MOST_BYTES, ScenarioError};
use crate::scenario::{Change, LaneId, Scenario, check, check_steps, demos, parse, to_toml};
use crate::text::gives_orders;

/// What every link starts with.
pub const SCHEME: &str = "vqscope://";

/// The form of links that is written and read.
const VERSION: u32 = 1;

/// Longest link that is read, in bytes; a link is a few hundred.
const MOST_TEXT: usize = 1 << 16;

/// Bytes of the checksum.
const CHECKSUM: usize = 4;

/// What errors call a link: its text is no name.
const NAME: &str = "the link";

/// What a link holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Name of the built-in story, or the name of the scenario's file without its folders.
    pub story: String,
    /// What trains from step 0 on.
    pub scenario: Scenario,
    /// What the next restart trains: the settings as the controls show them.
    pub draft: Scenario,
    /// Settings made by hand, each as a change before the step at which it acted, in order.
    pub by_hand: Vec<Change>,
    /// Steps trained.
    pub step: u64,
    /// What the window looks like.
    pub view: Table,
}

/// A link as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Payload {
    story: String,
    /// The start of the SHA-256 of what the built-in story trains; without it the scenario stands in
    /// `run`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    of: Option<String>,
    step: u64,
    #[serde(default, skip_serializing_if = "Edit::is_empty")]
    run: Edit,
    #[serde(default, skip_serializing_if = "Edit::is_empty")]
    draft: Edit,
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    view: Table,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    hand: Vec<Change>,
}

/// What makes one table out of another.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    /// Paths of the keys that go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    out: Vec<String>,
    /// Keys that come or change.
    #[serde(default, skip_serializing_if = "Table::is_empty")]
    set: Table,
}

/// Whether a text means to be a link rather than the name of a story or a file.
pub fn is_link(text: &str) -> bool {
    text.trim_start().starts_with(SCHEME)
}

impl Link {
    /// The link as text.
    pub fn encode(&self) -> String {
        let built_in = demos::text(&self.story).and_then(|text| parse(text, NAME, &[]).ok());
        let file = Path::new(&self.story).file_name().map(|name| name.to_string_lossy().into());
        let run = table(&self.scenario);
        let payload = Payload {
            story: file.unwrap_or_default(),
            of: built_in.as_ref().map(fingerprint),
            step: self.step,
            run: Edit::between(&built_in.as_ref().map(table).unwrap_or_default(), &run),
            draft: Edit::between(&run, &table(&self.draft)),
            view: self.view.clone(),
            hand: self.by_hand.clone(),
        };
        let text = toml::to_string(&payload).expect("a link has only types that TOML knows");
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(text.as_bytes()).expect("memory takes every byte");
        let packed = encoder.finish().expect("memory takes every byte");
        let bytes = [&checksum(&packed)[..], &packed].concat();
        format!("{SCHEME}{VERSION}/{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a link; `sets` are `KEY=VALUE` texts as in `--set`, for the run and the draft.
    ///
    /// # Errors
    /// One sentence: the text is no link, it is damaged, of a newer form or of another version of
    /// its story, or its scenario cannot train here.
    pub fn decode(text: &str, sets: &[String]) -> Result<Self, ScenarioError> {
        let payload = unpack(text.trim()).map_err(error)?;
        if payload.story.chars().any(gives_orders) {
            return Err(error("is damaged: its story's name has a control character in it"));
        }
        check_steps("step", 0, payload.step).map_err(|why| error(format!("is damaged: {why}")))?;
        let base = match &payload.of {
            None => Table::new(),
            Some(hash) => table(&story(&payload.story, hash)?),
        };
        let run = payload.run.apply(base).map_err(error)?;
        let draft = payload.draft.apply(run.clone()).map_err(error)?;
        let read = |table: &Table| parse(&toml_of(table), NAME, sets);
        let link = Self {
            story: payload.story,
            scenario: read(&run)?,
            draft: read(&draft)?,
            by_hand: payload.hand,
            step: payload.step,
            view: payload.view,
        };
        // The values of settings made by hand are checked where timed changes are.
        parse(&to_toml(&link.timed()), NAME, &[])?;
        Ok(link)
    }

    /// The scenario with what was set by hand as timed changes: it trains to the same numbers.
    pub fn timed(&self) -> Scenario {
        let mut scenario = self.scenario.clone();
        let specs = scenario.lane_specs();
        // What is set by hand acts before the changes of the story at the same step.
        let mut all = Vec::new();
        for change in &self.by_hand {
            let takes: Vec<LaneId> = specs
                .iter()
                .filter(|spec| change.lane.is_none_or(|id| id == spec.id))
                .filter(|spec| check::check_change(spec, change).is_ok())
                .map(|spec| spec.id)
                .collect();
            // Where one of two lanes refuses a change for both, as the trainer does, the other
            // takes it alone.
            if change.lane.is_none() && takes.len() == specs.len() {
                all.push(change.clone());
            } else {
                all.extend(takes.iter().map(|&id| Change { lane: Some(id), ..change.clone() }));
            }
        }
        all.append(&mut scenario.change);
        all.sort_by_key(|change| change.step.max(1));
        scenario.change = all;
        scenario
    }
}

impl Edit {
    fn is_empty(&self) -> bool {
        self.out.is_empty() && self.set.is_empty()
    }

    fn between(old: &Table, new: &Table) -> Self {
        let mut edit = Self::default();
        edit.set = edit.difference(old, new, "");
        edit
    }

    fn difference(&mut self, old: &Table, new: &Table, prefix: &str) -> Table {
        let path = |key: &str| format!("{prefix}{key}");
        self.out.extend(old.keys().filter(|key| !new.contains_key(*key)).map(|key| path(key)));
        let mut set = Table::new();
        for (key, value) in new {
            match (old.get(key), value) {
                (Some(was), value) if was == value => {}
                (Some(Value::Table(was)), Value::Table(inner)) => {
                    let inner = self.difference(was, inner, &format!("{}.", path(key)));
                    if !inner.is_empty() {
                        set.insert(key.clone(), Value::Table(inner));
                    }
                }
                _ => drop(set.insert(key.clone(), value.clone())),
            }
        }
        set
    }

    /// The table with the edit made.
    fn apply(&self, mut table: Table) -> Result<Table, &'static str> {
        for path in &self.out {
            let (parents, key) = path.rsplit_once('.').unwrap_or(("", path));
            let mut inner = &mut table;
            for part in parents.split('.').filter(|part| !part.is_empty()) {
                let next = inner.get_mut(part).and_then(Value::as_table_mut);
                inner = next.ok_or(DAMAGED)?;
            }
            inner.remove(key).ok_or(DAMAGED)?;
        }
        merge(&mut table, &self.set);
        Ok(table)
    }
}

fn merge(table: &mut Table, over: &Table) {
    for (key, value) in over {
        match (table.get_mut(key), value) {
            (Some(Value::Table(inner)), Value::Table(over)) => merge(inner, over),
            _ => drop(table.insert(key.clone(), value.clone())),
        }
    }
}

const DAMAGED: &str = "is damaged: characters are missing or changed; copy it again as a whole";

fn error(what: impl std::fmt::Display) -> ScenarioError {
    ScenarioError::Told(format!("{NAME} {what}"))
}

/// Undoes what [`Link::encode`] wraps around the payload.
fn unpack(text: &str) -> Result<Payload, String> {
    let Some(rest) = text.strip_prefix(SCHEME) else {
        return Err(format!("does not start with {SCHEME}; copy one from vqscope with Ctrl+C"));
    };
    if text.len() > MOST_TEXT {
        return Err(format!(
            "is longer than {MOST_TEXT} bytes, which no link is; save the run and pass its folder on instead"
        ));
    }
    let (version, body) = rest.split_once('/').ok_or(DAMAGED)?;
    let is_number = version.bytes().all(|b| b.is_ascii_digit());
    match version.parse::<u32>() {
        Ok(VERSION) if version == VERSION.to_string() => {}
        Ok(newer) if is_number && newer > VERSION => {
            return Err(format!(
                "is of version {newer} and this vqscope reads version {VERSION}; open it with a newer vqscope"
            ));
        }
        _ => return Err(DAMAGED.into()),
    }
    let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_not_base64| DAMAGED)?;
    let (sum, packed) = bytes.split_at_checked(CHECKSUM).ok_or(DAMAGED)?;
    if sum != checksum(packed) {
        return Err(DAMAGED.into());
    }
    let mut text = String::new();
    let mut unpacked = DeflateDecoder::new(packed).take(MOST_BYTES + 1);
    unpacked.read_to_string(&mut text).map_err(|_not_deflate| DAMAGED)?;
    if text.len() as u64 > MOST_BYTES {
        return Err(
            "unfolds to more than 1 MiB, which no scenario is; ask for a link that vqscope made"
                .into(),
        );
    }
    toml::from_str(&text).map_err(|e| {
        let what = e.message().lines().collect::<Vec<_>>().join(" ");
        format!("was not made by vqscope ({what}); ask for a link that was")
    })
}

/// The built-in story of a name, if it is still the one that a link was made of.
fn story(name: &str, hash: &str) -> Result<Scenario, ScenarioError> {
    let Some(text) = demos::text(name) else {
        return Err(error(format!(
            "is of the story {name}, which is not built into this vqscope; open it with the version that made it"
        )));
    };
    let story = parse(text, name, &[])?;
    let own = fingerprint(&story);
    if own == hash || before::is_of(name, hash, &own) {
        return Ok(story);
    }
    Err(error(format!(
        "is of the story {name} as another version of vqscope has it; open it with the version that made it"
    )))
}

fn checksum(packed: &[u8]) -> [u8; CHECKSUM] {
    let hash = Sha256::new().chain_update(VERSION.to_le_bytes()).chain_update(packed).finalize();
    let mut first = [0; CHECKSUM];
    first.copy_from_slice(&hash[..CHECKSUM]);
    first
}

/// The first four bytes of the SHA-256 of what a scenario trains, in hexadecimal digits. A story that
/// is told in other words is still the one that a link was made of.
fn fingerprint(scenario: &Scenario) -> String {
    training_hash(scenario)[..8].into()
}

fn table(scenario: &Scenario) -> Table {
    Table::try_from(scenario).expect("a scenario has only types that TOML knows")
}

fn toml_of(table: &Table) -> String {
    toml::to_string(table).expect("a table is TOML")
}
