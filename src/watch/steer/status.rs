//! `status.json`, which a stranger may have written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::files::OwnFolder;
use crate::record::steer::{Ignored, Key, Keys, Outcome, Reply, State, Status, Value};
use crate::text::shown;

/// Name of the file.
pub const NAME: &str = "status.json";

/// Most bytes of it: a hundred answers and a thousand names of files are a tenth of that.
const MOST_BYTES: u64 = 1 << 20;

/// The version of the list of keys that is understood.
const VERSION: u64 = 1;

/// Largest number and step, up to which every reader of JSON counts in ones.
const LAST_NUMBER: u64 = 1 << 53;

/// Most answers, and most things that were ignored, that are looked at: the newest.
const MOST_REPLIES: usize = 1000;

/// Most characters of an identity and of a window's name.
const MOST_NAME: usize = 64;

/// A value of any version of the list.
#[derive(Deserialize)]
#[serde(untagged)]
enum Any {
    Known(Value),
    Other(IgnoredAny),
}

#[derive(Deserialize)]
struct Raw {
    vqscope: u64,
    id: String,
    step: u64,
    state: String,
    control: bool,
    #[serde(default)]
    why: String,
    number: u64,
    #[serde(default)]
    values: BTreeMap<String, Any>,
    #[serde(default)]
    cannot: BTreeMap<String, String>,
    #[serde(default)]
    answers: Vec<RawReply>,
    #[serde(default)]
    ignored: Vec<Ignored>,
}

#[derive(Deserialize)]
struct RawReply {
    number: u64,
    step: u64,
    #[serde(default)]
    window: String,
    #[serde(default)]
    refused: Option<String>,
    #[serde(default)]
    set: BTreeMap<String, Any>,
    #[serde(default)]
    revived: Option<u64>,
    #[serde(default)]
    ended: Option<IgnoredAny>,
}

/// The bytes of the status in a folder; none where there is no such file.
///
/// # Errors
/// It is a link, no regular file or too long, or the system refuses: a sentence to stand after the
/// file's name.
pub fn bytes(folder: &OwnFolder) -> Option<Result<Vec<u8>, String>> {
    match folder.read(NAME, MOST_BYTES) {
        Err(why) if why.is_missing() => None,
        read => Some(read.map_err(|why| why.to_string())),
    }
}

/// Whether it is of a training with the helper, whole or broken.
pub fn is_ours(bytes: &[u8]) -> bool {
    const MARK: &[u8] = b"\"vqscope\"";
    bytes.windows(MARK.len()).any(|part| part == MARK)
}

/// A status as it is written.
///
/// # Errors
/// What is wrong with it, to stand after the file's name.
pub fn parse(bytes: &[u8]) -> Result<Status, String> {
    let raw: Raw = serde_json::from_slice(bytes)
        .map_err(|why| format!("is no status of a training ({})", shown(&why.to_string())))?;
    if raw.vqscope != VERSION {
        return Err(format!(
            "is of version {} and this program understands {VERSION}; install the same version of vqscope on both sides",
            raw.vqscope
        ));
    }
    let is_name = |text: &str| {
        text.len() <= MOST_NAME && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    if raw.id.is_empty() || !is_name(&raw.id) {
        return Err("has an id that is none; start the training again".into());
    }
    if raw.number >= LAST_NUMBER || raw.step > LAST_NUMBER {
        return Err("counts beyond all bounds; start the training again".into());
    }
    let state = match raw.state.as_str() {
        "training" => State::Training,
        "paused" => State::Paused,
        "ended" => State::Ended,
        other => return Err(format!("names a state {} that is not known", shown(other))),
    };
    let off = match (raw.control, raw.why) {
        (true, _) => None,
        (false, why) => Some(shown(&why)),
    };
    // Of a later version there may be more of them.
    let cannot = raw.cannot.into_iter();
    let cannot = cannot.filter_map(|(name, why)| Some((Key::of_name(&name)?, shown(&why))));
    let mut replies: Vec<Reply> = newest(raw.answers)
        .filter(|reply| reply.number <= raw.number && reply.step <= LAST_NUMBER)
        .map(|reply| reply.read(is_name))
        .collect();
    replies.sort_by_key(|reply| reply.number);
    Ok(Status {
        id: raw.id,
        step: raw.step,
        state,
        off,
        number: raw.number,
        values: known(raw.values),
        cannot: cannot.collect(),
        replies,
        ignored: newest(raw.ignored)
            .filter(|ignored| ignored.step <= LAST_NUMBER)
            .map(|ignored| Ignored { why: shown(&ignored.why), ..ignored })
            .collect(),
    })
}

/// The newest of many.
fn newest<T>(all: Vec<T>) -> impl Iterator<Item = T> {
    let beyond = all.len().saturating_sub(MOST_REPLIES);
    all.into_iter().skip(beyond)
}

/// Keys that are known, with values that they can have.
fn known(all: BTreeMap<String, Any>) -> Keys {
    let one = |(name, value): (String, Any)| match (Key::of_name(&name)?, value) {
        (key, Any::Known(value)) => key.check(value).is_ok().then_some((key, value)),
        (_, Any::Other(_)) => None,
    };
    all.into_iter().filter_map(one).collect()
}

impl RawReply {
    fn read(self, is_name: impl Fn(&str) -> bool) -> Reply {
        let outcome = match self.refused {
            Some(why) => Outcome::Refused(shown(&why)),
            None => Outcome::Done {
                keys: known(self.set),
                revived: self.revived,
                has_ended: self.ended.is_some(),
            },
        };
        let window = if is_name(&self.window) { self.window } else { "another".into() };
        Reply { number: self.number, step: self.step, window, outcome }
    }
}
