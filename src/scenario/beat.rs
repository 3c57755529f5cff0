//! Beats: what a story says, asks, waits for and recalls, and where.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use toml::Value;

use crate::scenario::nearest::nearest_word;
use crate::scenario::{ExpectStep, Flag, LaneId, Metric, Scenario, Told};

/// A beat of a story.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Beat {
    /// Where it stands.
    pub at: At,
    /// What happens.
    pub kind: BeatKind,
    /// What it says, or asks. `{a.utilization}` stands for a figure of the step that is shown, and
    /// `{a.utilization@60}` for that of a step.
    pub text: Told,
    /// What the speaker's window says beside it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Told>,
    /// What is lit while it stands there.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub show: Vec<String>,
    /// What must be so; a beat of which it is not is passed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What `do` waits for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<Condition>,
    /// How `ask` and `recall` are answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub guess: Option<Guess>,
    /// The metric that is guessed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    /// The step whose value is guessed, or up to which its curve is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<ExpectStep>,
    /// The answers of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<Choice>,
    /// Least number of the slider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// Greatest number of the slider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
}

impl Beat {
    /// A beat that says something and nothing else.
    pub fn say(at: At, text: Told) -> Self {
        Self {
            at,
            kind: BeatKind::Say,
            text,
            note: None,
            show: Vec::new(),
            when: None,
            done: None,
            guess: None,
            of: None,
            until: None,
            choices: Vec::new(),
            low: None,
            high: None,
        }
    }
}

/// Where a beat stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub enum At {
    /// Before this step trains, as a timed change acts; 0 and 1 mean the start.
    Step(u64),
    /// Before the first step, or after the last one.
    Edge(Edge),
    /// Where a detector raises a flag of a lane.
    On {
        /// The flag.
        event: Flag,
        /// The lane.
        lane: LaneId,
    },
}

/// The words "start" and "end".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Edge {
    /// Before the first step.
    Start,
    /// After the last step.
    End,
}

impl At {
    /// How many steps are trained where it stands in a run of so many steps; none where that is not
    /// known before.
    pub fn trained(self, steps: u64) -> Option<u64> {
        match self {
            Self::Step(step) => Some(step.saturating_sub(1)),
            Self::Edge(Edge::Start) => Some(0),
            Self::Edge(Edge::End) => Some(steps),
            Self::On { .. } => None,
        }
    }
}

/// What happens at a beat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum BeatKind {
    /// A sentence; training goes on.
    Say,
    /// Training waits for a guess.
    Ask,
    /// Training waits until something is so.
    Do,
    /// A question about what was seen.
    Recall,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Guess {
    /// By one of two to four buttons.
    Choice,
    /// By a number on a slider.
    Number,
    /// By a curve that is drawn.
    Curve,
}

/// An answer of a choice: the one that is right has the true value between its bounds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What it says.
    pub text: Told,
    /// Least value for which it is right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Value from which it is right no longer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

impl Choice {
    /// Whether it is right for a value.
    pub fn holds(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value < max)
    }
}

/// A metric of a lane, or of both where a curve is drawn for each: `"a.utilization"`,
/// `"utilization"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Of {
    /// The lane; both without it.
    pub lane: Option<LaneId>,
    /// The metric.
    pub metric: Metric,
}

impl fmt::Display for Of {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(lane) = self.lane {
            write!(f, "{}.", lane.name())?;
        }
        f.write_str(self.metric.name())
    }
}

impl From<Of> for String {
    fn from(of: Of) -> Self {
        of.to_string()
    }
}

impl TryFrom<String> for Of {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text)
    }
}

impl Of {
    /// The metric that a text names.
    ///
    /// # Errors
    /// A sentence with the nearest name.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (lane, word) = match text.split_once('.') {
            Some((lane, word)) => match LaneId::from_name(lane) {
                Some(lane) => (Some(lane), word),
                None => return Err("begins with a lane that is neither a nor b".into()),
            },
            None => (None, text),
        };
        match Metric::ALL.iter().find(|metric| metric.name() == word) {
            Some(&metric) => Ok(Self { lane, metric }),
            None => Err(format!(
                "names no metric of [[expect]]; did you mean {}{}?",
                lane.map_or(String::new(), |lane| format!("{}.", lane.name())),
                nearest_word(word, Metric::WORDS.iter().copied())
            )),
        }
    }

    /// The lanes that it is about, of a scenario.
    pub fn lanes(self, scenario: &Scenario) -> Vec<LaneId> {
        let all = scenario.lane_ids().into_iter();
        all.filter(|&id| self.lane.is_none_or(|lane| lane == id)).collect()
    }
}

/// What must be so of a lane: values of settings, a flag that is up, or an input of the user's own that
/// it encodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// The lane.
    pub lane: LaneId,
    /// The flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flag: Option<Flag>,
    /// Whether it encodes an input of the user's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<bool>,
    /// Whether it must not be so.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub not: bool,
    /// Keys of settings with their values.
    #[serde(flatten)]
    pub settings: BTreeMap<String, Value>,
}
