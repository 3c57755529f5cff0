//! The hand on the switch of another program's training: what can be set there, what the training says
//! of itself, and what a window knows of both.
//!
//! `docs/python.md` has the two files in which it stands, `status.json` of the training and
//! `control.json` of the window.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::text::{count, sentence, short};
use crate::words;

/// Something that can be set in a training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Key {
    /// Whether a linear layer is behind the codes.
    Simvq,
    /// Whether the codes learn.
    LearnC,
    /// Whether the layer behind the codes learns.
    LearnW,
    /// By what the learning rates are multiplied.
    LrFactor,
    /// Weight of the commitment loss.
    Commitment,
    /// Codes that nothing chose get encodings.
    Revive,
    /// Whether the training waits.
    Pause,
    /// A file of this step.
    Save,
}

/// What a key is set to.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Yes or no.
    Is(bool),
    /// A number.
    Number(f64),
}

/// Keys with their values.
pub type Keys = BTreeMap<Key, Value>;

/// Bounds of the factor of learning rates.
pub const LR_FACTOR: [f64; 2] = [0.01, 10.0];

/// Bounds of the weight of the commitment loss.
pub const COMMITMENT: [f64; 2] = [0.0, 100.0];

impl Key {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Simvq,
        Self::LearnC,
        Self::LearnW,
        Self::LrFactor,
        Self::Commitment,
        Self::Revive,
        Self::Pause,
        Self::Save,
    ];

    /// Its name in both files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Simvq => "simvq",
            Self::LearnC => "learn_c",
            Self::LearnW => "learn_w",
            Self::LrFactor => "lr_factor",
            Self::Commitment => "commitment",
            Self::Revive => "revive",
            Self::Pause => "pause",
            Self::Save => "save",
        }
    }

    /// The key of a name.
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|key| key.name() == name)
    }

    /// What a number may be; none where it is yes or no.
    fn bounds(self) -> Option<[f64; 2]> {
        match self {
            Self::LrFactor => Some(LR_FACTOR),
            Self::Commitment => Some(COMMITMENT),
            _ => None,
        }
    }

    /// Whether it can have a value, as the training will hold it too.
    ///
    /// # Errors
    /// What it can be.
    pub fn check(self, value: Value) -> Result<(), String> {
        let name = self.name();
        match (self.bounds(), value) {
            (Some([low, high]), Value::Number(x)) if (low..=high).contains(&x) => Ok(()),
            (Some([low, high]), _) => Err(format!("{name} lies between {low} and {high}")),
            (None, Value::Is(false)) if matches!(self, Self::Revive | Self::Save) => {
                Err(format!("{name} is true, or left out"))
            }
            (None, Value::Is(_)) => Ok(()),
            (None, Value::Number(_)) => Err(format!("{name} is true or false")),
        }
    }
}

/// A key and its value as they are typed, `learn_c=false`.
///
/// # Errors
/// One sentence: there is no such key, or it cannot have such a value.
pub fn read(text: &str) -> Result<(Key, Value), String> {
    let all = || Key::ALL.map(Key::name).join(", ");
    let Some((name, value)) = text.split_once('=') else {
        return Err(format!("{text} is no KEY=VALUE; keys are {}", all()));
    };
    let Some(key) = Key::of_name(name) else {
        return Err(format!("there is no key {name}; keys are {}", all()));
    };
    let value = match value {
        "true" => Value::Is(true),
        "false" => Value::Is(false),
        other => match other.parse() {
            Ok(number) => Value::Number(number),
            Err(_) if key.bounds().is_some() => Value::Number(f64::NAN),
            Err(_) => return Err(format!("{name} is true or false, not {other}")),
        },
    };
    key.check(value)?;
    Ok((key, value))
}

/// Keys and values in a line of words: "C frozen; learning rates × 0.5".
pub fn told(keys: &Keys, revived: Option<u64>) -> String {
    let one = |(&key, &value): (&Key, &Value)| match (key, value) {
        (Key::Simvq, Value::Is(true)) => words!("steer-told-simvq").into(),
        (Key::Simvq, _) => words!("steer-told-no-simvq").into(),
        (Key::LearnC, Value::Is(true)) => words!("learn-c-learns").into(),
        (Key::LearnC, _) => words!("learn-c-frozen").into(),
        (Key::LearnW, Value::Is(true)) => words!("learn-w-learns").into(),
        (Key::LearnW, _) => words!("learn-w-fixed").into(),
        (Key::LrFactor, value) => words!("steer-told-lr", factor = number(value)),
        (Key::Commitment, value) => words!("steer-told-commitment", weight = number(value)),
        (Key::Revive, _) => match revived {
            Some(codes) => words!("steer-told-revived", codes = count(codes)),
            None => words!("steer-told-revive").into(),
        },
        (Key::Pause, Value::Is(true)) => words!("steer-told-pause").into(),
        (Key::Pause, _) => words!("steer-told-on").into(),
        (Key::Save, _) => words!("steer-told-save").into(),
    };
    let all: Vec<String> = keys.iter().map(one).collect();
    all.join(words!("list-separator"))
}

fn number(value: Value) -> String {
    match value {
        Value::Number(x) => short(x),
        Value::Is(is) => is.to_string(),
    }
}

/// What became of a command.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The command's number.
    pub number: u64,
    /// The step at which it was done or refused.
    pub step: u64,
    /// The window that gave it; empty where none says so.
    pub window: String,
    /// What was done, or why nothing was.
    pub outcome: Outcome,
}

/// What was done, or why nothing was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All of it was done.
    Done {
        /// What was set.
        keys: Keys,
        /// How many codes were revived.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revived: Option<u64>,
        /// Whether it is a pause that ended by itself.
        #[serde(default)]
        has_ended: bool,
    },
    /// None of it was, for this reason.
    Refused(String),
}

impl Reply {
    /// Whether it sets nothing: a window took control, or gave it back.
    pub fn is_greeting(&self) -> bool {
        matches!(&self.outcome, Outcome::Done { keys, .. } if keys.is_empty())
    }

    /// Whether it is a pause that ended by itself, under the number of the command before.
    pub fn has_ended(&self) -> bool {
        matches!(self.outcome, Outcome::Done { has_ended: true, .. })
    }

    /// Whether the command was refused.
    pub fn is_refused(&self) -> bool {
        matches!(self.outcome, Outcome::Refused(_))
    }

    /// What became of it, in words.
    pub fn told(&self) -> String {
        match &self.outcome {
            Outcome::Refused(why) => words!("steer-refused", why = sentence(why)),
            Outcome::Done { has_ended: true, .. } => words!("steer-pause-ended").into(),
            Outcome::Done { keys, revived, .. } => told(keys, *revived),
        }
    }
}

/// What was no command for this training.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ignored {
    /// The step at which it was met.
    pub step: u64,
    /// Why it was none.
    pub why: String,
}

/// What a training does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It trains.
    Training,
    /// It waits for a command.
    Paused,
    /// Its process came to its end.
    Ended,
}

/// What a training says of itself: its `status.json`.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// Which training it is.
    pub id: String,
    /// The newest step known.
    pub step: u64,
    /// What it does.
    pub state: State,
    /// Why it takes no commands, empty where it does not say so; none where it takes them.
    pub off: Option<String>,
    /// The number of the newest command that was for it.
    pub number: u64,
    /// The keys that can be set, with their values now.
    pub values: Keys,
    /// Why the others cannot.
    pub cannot: BTreeMap<Key, String>,
    /// What became of the newest commands, oldest first.
    pub replies: Vec<Reply>,
    /// The newest things that were no command for it, oldest first.
    pub ignored: Vec<Ignored>,
}

impl Status {
    /// Whether it takes commands now.
    pub fn is_open(&self) -> bool {
        self.off.is_none() && self.state != State::Ended
    }

    /// The window that has control, and the step of its newest command; none where no window has.
    ///
    /// A command from a terminal takes no control away; one that sets nothing and names no window does.
    pub fn holder(&self) -> Option<(&str, u64)> {
        let is_of_control = |reply: &&Reply| !reply.window.is_empty() || reply.is_greeting();
        let newest = self.replies.iter().filter(is_of_control).rfind(|reply| !reply.has_ended())?;
        (!newest.window.is_empty()).then_some((newest.window.as_str(), newest.step))
    }

    /// Whether C and W learn; none where the codes are not those of the training.
    pub fn learns(&self) -> Option<(bool, bool)> {
        let is = |key| match self.values.get(&key) {
            Some(Value::Is(is)) => Some(*is),
            _ => None,
        };
        match (is(Key::LearnC), is(Key::LearnW)) {
            (None, None) => None,
            // A key that cannot be set stands for something that does not learn.
            (c, w) => Some((c.unwrap_or(false), w.unwrap_or(false))),
        }
    }
}

/// How far a window has control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grip {
    /// It was not taken: nothing is written.
    Free,
    /// It was asked for and not answered yet.
    Reaching,
    /// The training has answered: commands are written.
    Held,
}

/// What a window knows of a training that can be steered.
#[derive(Clone, Debug, PartialEq)]
pub struct Steering {
    /// What the training says of itself; one sentence where that cannot be used.
    pub status: Result<Status, String>,
    /// The window's own name in commands.
    pub window: String,
    /// The folder into which the training writes, as it can be shown.
    pub folder: String,
    /// How far the window has control.
    pub grip: Grip,
    /// What was asked and not answered yet.
    pub waiting: Keys,
    /// Why control was not taken or was lost, or what could not be written.
    pub trouble: Option<String>,
}

impl Steering {
    /// The step of the newest command, where it is another window's.
    pub fn other(&self) -> Option<u64> {
        let (name, step) = self.status.as_ref().ok()?.holder()?;
        (name != self.window).then_some(step)
    }
}

/// What a window asks of the hand on a training.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// To take control: from here on `control.json` is written.
    Take,
    /// To give it back.
    Give,
    /// To set something.
    Set(Keys),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_typed_and_wrong_ones_say_what_they_can_be() {
        assert_eq!(read("learn_c=false"), Ok((Key::LearnC, Value::Is(false))));
        assert_eq!(read("lr_factor=0.5"), Ok((Key::LrFactor, Value::Number(0.5))));
        assert_eq!(read("commitment=1e2"), Ok((Key::Commitment, Value::Number(100.0))));
        for (text, said) in [
            ("learn_c", "learn_c is no KEY=VALUE; keys are simvq, learn_c"),
            ("learn=true", "there is no key learn; keys are simvq"),
            ("learn_c=1", "learn_c is true or false"),
            ("learn_c=no", "learn_c is true or false, not no"),
            ("save=false", "save is true, or left out"),
            ("lr_factor=0.001", "lr_factor lies between 0.01 and 10"),
            ("lr_factor=true", "lr_factor lies between 0.01 and 10"),
            ("lr_factor=nan", "lr_factor lies between 0.01 and 10"),
            ("commitment=", "commitment lies between 0 and 100"),
            ("commitment=-1", "commitment lies between 0 and 100"),
        ] {
            let why = read(text).unwrap_err();
            assert!(why.starts_with(said), "{text}: {why}");
        }
    }

    #[test]
    fn the_files_have_the_names_that_keys_have() {
        let keys = Keys::from([
            (Key::LearnC, Value::Is(false)),
            (Key::Simvq, Value::Is(true)),
            (Key::LrFactor, Value::Number(0.5)),
        ]);
        let text = serde_json::to_string(&keys).unwrap();
        assert_eq!(text, r#"{"simvq":true,"learn_c":false,"lr_factor":0.5}"#);
        assert_eq!(serde_json::from_str::<Keys>(&text).unwrap(), keys);
        for key in Key::ALL {
            assert_eq!(serde_json::to_string(&key).unwrap(), format!("\"{}\"", key.name()));
        }
    }

    #[test]
    fn what_was_done_is_told_in_words() {
        let keys = Keys::from([
            (Key::LearnC, Value::Is(false)),
            (Key::LrFactor, Value::Number(0.5)),
            (Key::Revive, Value::Is(true)),
        ]);
        let done = Outcome::Done { keys, revived: Some(1200), has_ended: false };
        let reply = Reply { number: 3, step: 40, window: "w".into(), outcome: done };
        assert_eq!(reply.told(), "C frozen, learning rates × 0.5, 1,200 codes revived");
        let why = Outcome::Refused("pass optimizer= to Watch\u{1b}[2J".into());
        let refused = Reply { outcome: why, ..reply };
        assert!(refused.is_refused() && !refused.is_greeting());
        assert!(refused.told().starts_with("refused: pass optimizer= to Watch"));
        assert!(!refused.told().contains('\u{1b}'));
    }
}
