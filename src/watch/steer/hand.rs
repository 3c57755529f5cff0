//! A hand on the switch of one training, as a window or a terminal has it.

use std::collections::BTreeSet;
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::files::OwnFolder;
use crate::files::output::failed;
use crate::record::event::{Event, Fact};
use crate::record::steer::{Ask, Grip, Keys, Outcome, Reply, State, Status, Steering, Value};
use crate::text::shown;
use crate::watch::steer::status;

/// Name of the file of commands.
const NAME: &str = "control.json";

/// Most bytes that a training reads of it.
const MOST_BYTES: usize = 4096;

/// Most marks that are kept for the time when a series begins anew.
const MARKS: usize = 2048;

/// The error where control is lost to another training.
const ANOTHER: &str = "another training writes here now; take control of that one, if it is yours";

/// The error where another command came first.
const FASTER: &str = "another window was faster; nothing was set";

/// A command as it is written.
#[derive(Serialize)]
struct Written<'a> {
    id: &'a str,
    number: u64,
    set: &'a Keys,
    #[serde(skip_serializing_if = "str::is_empty")]
    window: &'a str,
}

/// A hand on the switch of the training that writes into a folder. Nothing is written before control is
/// taken, and nothing but `control.json` then.
pub struct Hand {
    path: PathBuf,
    /// Under which it gives commands; empty where it is nobody's in particular.
    name: String,
    /// Under which a command lies until it is whole, so that no two hands write the same part.
    part: String,
    /// The id of the training that control was taken of.
    taken: Option<String>,
    /// Whether the training has answered since.
    has_answer: bool,
    /// The number and the keys of the command that is on its way.
    sent: Option<(u64, Keys)>,
    /// What follows it.
    next: Keys,
    trouble: Option<String>,
    /// The newest status as it was read.
    bytes: Option<Result<Vec<u8>, String>>,
    status: Option<Result<Status, String>>,
    /// Of which answers of which training marks were made: by number, and whether it is a pause that
    /// ended, which has the number of the command before.
    marked: (String, BTreeSet<(u64, bool)>),
    /// The newest marks, and how many of them nobody has yet.
    marks: Vec<Event>,
    fresh: usize,
}

impl Hand {
    /// One for a folder; `name` is that of a window, empty for a single command.
    pub fn new(path: &Path, name: &str) -> Self {
        Self {
            path: path.into(),
            name: name.into(),
            part: format!(".vqscope-{:08x}.part", random()),
            taken: None,
            has_answer: false,
            sent: None,
            next: Keys::new(),
            trouble: None,
            bytes: None,
            status: None,
            marked: (String::new(), BTreeSet::new()),
            marks: Vec::new(),
            fresh: 0,
        }
    }

    /// A name that no other window has.
    pub fn new_name() -> String {
        format!("window-{:08x}", random())
    }

    /// What there is to say; none where no training here takes commands.
    pub fn steering(&self) -> Option<Steering> {
        let mut waiting = self.sent.as_ref().map_or(Keys::new(), |(_, keys)| keys.clone());
        waiting.extend(self.next.iter().map(|(&key, &value)| (key, value)));
        Some(Steering {
            status: self.status.clone()?,
            window: self.name.clone(),
            folder: shown(&self.path.to_string_lossy()),
            grip: match (&self.taken, self.has_answer) {
                (None, _) => Grip::Free,
                (Some(_), false) => Grip::Reaching,
                (Some(_), true) => Grip::Held,
            },
            waiting,
            trouble: self.trouble.clone(),
        })
    }

    /// Whether an answer is waited for.
    pub fn waits(&self) -> bool {
        self.sent.is_some()
    }

    /// Marks of what was answered since the last call; all of them where the series began `anew`.
    pub fn marks(&mut self, anew: bool) -> Vec<Event> {
        let from = if anew { 0 } else { self.marks.len().saturating_sub(self.fresh) };
        self.fresh = 0;
        self.marks[from..].to_vec()
    }

    /// Does what a window asks; what can be said of it is in [`Self::steering`].
    pub fn ask(&mut self, ask: Ask) {
        self.look();
        match ask {
            Ask::Take => self.take(),
            Ask::Give => self.give(),
            Ask::Set(keys) => {
                if self.taken.is_some() {
                    self.next.extend(keys);
                    self.send_next();
                }
            }
        }
    }

    /// Gives one command, without taking control for longer.
    ///
    /// # Errors
    /// One sentence: there is no training that takes commands, or it cannot be written.
    pub fn command(&mut self, keys: Keys) -> Result<(), String> {
        self.look();
        self.taken = Some(self.open()?.id.clone());
        self.next = keys;
        self.send_next();
        self.trouble.take().map_or(Ok(()), Err)
    }

    /// The answer to the command that [`Self::command`] gave, once it is there.
    ///
    /// # Errors
    /// One sentence: another training has begun in the folder, this one takes no commands any more, or its
    /// status cannot be read.
    pub fn answer(&mut self) -> Result<Option<Reply>, String> {
        let number = self.sent.as_ref().map(|(number, _)| *number);
        self.look();
        if let Some(why) = self.trouble.take() {
            return Err(why);
        }
        if number.is_none() || self.sent.is_some() {
            return Ok(None);
        }
        let mut replies = self.known().into_iter().flat_map(|status| &status.replies);
        match replies.find(|reply| Some(reply.number) == number) {
            Some(reply) => Ok(Some(reply.clone())),
            // It came to its end with the command unread.
            None => self.open().map(|_| None),
        }
    }

    fn known(&self) -> Option<&Status> {
        self.status.as_ref()?.as_ref().ok()
    }

    /// The newest status of a training that takes commands.
    ///
    /// # Errors
    /// One sentence: there is none, or it takes none, or its status cannot be used.
    pub fn open(&self) -> Result<&Status, String> {
        let place = shown(&self.path.to_string_lossy());
        let status = match &self.status {
            Some(Ok(status)) => status,
            Some(Err(why)) => return Err(why.clone()),
            None => {
                return Err(format!(
                    "no training takes commands in {place}; start it with vqscope.Watch(..., control=True)"
                ));
            }
        };
        match &status.off {
            Some(why) if why.is_empty() => Err("the training takes no commands".into()),
            Some(why) => Err(format!("the training takes no commands: {why}")),
            None if status.state == State::Ended => {
                Err("the training has come to its end, and nothing reads a command".into())
            }
            None => Ok(status),
        }
    }

    fn take(&mut self) {
        if self.taken.is_some() {
            return;
        }
        match self.open().map(|status| status.id.clone()) {
            Ok(id) => {
                (self.taken, self.has_answer, self.trouble) = (Some(id), false, None);
                self.next.clear();
                // A command that sets nothing tells the training and other windows who has control.
                self.send(Keys::new(), true);
            }
            Err(why) => self.trouble = Some(why),
        }
    }

    /// Gives control back. What was not written yet is forgotten.
    pub fn give(&mut self) {
        self.next.clear();
        if self.taken.is_some() && self.sent.is_none() && self.known().is_some_and(Status::is_open)
        {
            self.send(Keys::new(), false);
        }
        self.sent = None;
        self.taken = None;
    }

    fn lose(&mut self, why: Option<&str>) {
        (self.taken, self.sent) = (None, None);
        self.next.clear();
        self.trouble = why.map(Into::into);
    }

    fn send_next(&mut self) {
        // What cannot be sent while the status cannot be read waits for it.
        let can_send = self.sent.is_none() && self.taken.is_some() && self.known().is_some();
        if can_send && !self.next.is_empty() {
            let keys = std::mem::take(&mut self.next);
            self.send(keys, true);
        }
    }

    /// Writes a command, under the own name where it `is_own`.
    fn send(&mut self, keys: Keys, is_own: bool) {
        let Some(status) = self.known() else { return };
        let number = status.number + 1;
        let window = if is_own { self.name.as_str() } else { "" };
        let written = Written { id: &status.id, number, set: &keys, window };
        match write(&self.path, &self.part, &written) {
            Ok(()) => self.sent = Some((number, keys)),
            Err(why) => self.lose(Some(&why)),
        }
    }

    /// Reads the status; whether there is something else to say than before.
    pub fn look(&mut self) -> bool {
        let before = self.steering();
        // A folder that cannot be opened is no place of a training; who follows its files says why.
        let folder = OwnFolder::open(&self.path).ok();
        let bytes = folder.as_ref().and_then(status::bytes);
        if bytes != self.bytes {
            self.status = match &bytes {
                Some(Err(why)) => Some(Err(why.clone())),
                // Others write a file of this name, too.
                Some(Ok(bytes)) if status::is_ours(bytes) => Some(status::parse(bytes)),
                _ => None,
            };
            if let Some(Err(why)) = &mut self.status {
                *why = format!("{} {why}", shown(&self.path.join(status::NAME).to_string_lossy()));
            }
            self.bytes = bytes;
            self.meet();
        }
        self.send_next();
        self.steering() != before
    }

    /// What a new status means for the command that is on its way, and for who has control.
    fn meet(&mut self) {
        self.mark();
        let Some(taken) = self.taken.clone() else { return };
        let Some(Ok(status)) = self.status.clone() else {
            // It may be written anew: a file that is not there is not an end.
            return;
        };
        if status.id != taken {
            return self.lose(Some(ANOTHER));
        }
        // A training that has not read our command yet still names who had control before.
        let mut is_settled = self.sent.is_none();
        if let Some((number, keys)) = self.sent.clone().filter(|(n, _)| *n <= status.number) {
            self.sent = None;
            is_settled = true;
            let reply = status.replies.iter().find(|reply| reply.number == number);
            // A window's name is its own; of two terminals each knows its command by what it sets, or by
            // the key that was refused.
            let is_ours = |reply: &Reply| {
                let is_same = match &reply.outcome {
                    Outcome::Done { keys: done, .. } => are_same(done, &keys),
                    Outcome::Refused(why) => keys.keys().any(|key| why.starts_with(key.name())),
                };
                reply.window == self.name && (is_same || !self.name.is_empty())
            };
            match reply {
                Some(reply) if is_ours(reply) => self.has_answer = true,
                // A single command came first under the same number: ours goes out again.
                Some(reply) if reply.window.is_empty() => {
                    is_settled = false;
                    // A greeting has no keys by which it would.
                    if keys.is_empty() && status.is_open() {
                        self.send(Keys::new(), true);
                    }
                    let later = std::mem::replace(&mut self.next, keys);
                    self.next.extend(later);
                }
                _ => return self.lose(Some(FASTER)),
            }
        }
        let is_others = |(name, _): (&str, u64)| name != self.name;
        if is_settled && !self.name.is_empty() && status.holder().is_some_and(is_others) {
            return self.lose(None);
        }
        if !status.is_open() {
            self.lose(None);
        }
    }

    /// Marks what was answered since the last look.
    fn mark(&mut self) {
        let Some(Ok(status)) = &self.status else { return };
        if self.marked.0 != status.id {
            self.marked = (status.id.clone(), BTreeSet::new());
        }
        let said = |reply: &Reply| (reply.number, reply.has_ended());
        // What the training says no more is not said again.
        let kept: BTreeSet<(u64, bool)> = status.replies.iter().map(said).collect();
        let known = std::mem::replace(&mut self.marked.1, kept);
        for reply in status.replies.iter().filter(|reply| !known.contains(&said(reply))) {
            if !reply.is_greeting() {
                let fact = Fact::Steered(Box::new(reply.clone()));
                self.marks.push(Event::new(reply.step, None, fact));
                self.fresh += 1;
            }
        }
        let beyond = self.marks.len().saturating_sub(MARKS);
        self.marks.drain(..beyond);
        self.fresh = self.fresh.min(self.marks.len());
    }
}

/// Whether keys are those that were written: numbers on their way through two readers of JSON may
/// differ in the last bit.
fn are_same(done: &Keys, asked: &Keys) -> bool {
    let is_same = |a: &Value, b: &Value| match (a, b) {
        (Value::Number(a), Value::Number(b)) => (a - b).abs() <= 1e-9 * b.abs(),
        (a, b) => a == b,
    };
    done.len() == asked.len()
        && done.iter().zip(asked).all(|((a, x), (b, y))| a == b && is_same(x, y))
}

/// A number that no other process has, which nothing of a run depends on.
fn random() -> u32 {
    RandomState::new().build_hasher().finish() as u32
}

/// Writes a command into a folder that no other user can write.
fn write(path: &Path, part: &str, command: &Written<'_>) -> Result<(), String> {
    let place = path.join(NAME);
    let refused = |error: &std::io::Error| failed(&place, error);
    let folder = OwnFolder::open(path).map_err(|e| refused(&e))?;
    if let Some(why) = folder.why_shared().map_err(|e| refused(&e))? {
        return Err(format!(
            "{} {why}: commands in it could be another user's",
            shown(&path.to_string_lossy())
        ));
    }
    let bytes = serde_json::to_vec(command).map_err(|e| refused(&e.into()))?;
    if bytes.len() > MOST_BYTES {
        return Err(format!("a command of {} bytes is too long; set fewer keys", bytes.len()));
    }
    folder.write_private(NAME, part, &bytes).map_err(|e| refused(&e))
}
