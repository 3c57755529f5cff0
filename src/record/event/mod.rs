//! What happened in a run, for the marks on its timeline.
//!
//! An event is data ([`Fact`]); its sentence is worked out where it is read, in the language that is
//! spoken there. Files have the English one beside the data. The sentences stand here because all who
//! show an event import this room, and the words are on the ground.

mod fact;
mod reading;
mod told;

use serde::{Deserialize, Serialize};

use crate::scenario::{Flag, LaneId};
use crate::words;

pub use fact::{Fact, Greatest, NotFinite, Share, Term};
pub use reading::{Counts, Known, LevelUse, Lookup, Note, Reading, Tuples};

/// Something worth a mark on the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Steps trained when it acted.
    pub step: u64,
    /// The lane, or all.
    pub lane: Option<LaneId>,
    /// What kind.
    pub kind: EventKind,
    /// One sentence in English, as files have it.
    pub text: String,
    /// The same as data; none in what an earlier version saved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fact: Option<Fact>,
}

impl Event {
    /// What happened after `step`, in words that follow from the data.
    pub fn new(step: u64, lane: Option<LaneId>, fact: Fact) -> Self {
        let kind = fact.kind();
        let mut event = Self { step, lane, kind, text: String::new(), fact: Some(fact) };
        event.text = words::english(|| event.sentence());
        event
    }

    /// What others put into words: a caption of the story, or what is wrong with a file.
    pub fn said(step: u64, lane: Option<LaneId>, kind: EventKind, text: impl Into<String>) -> Self {
        Self { step, lane, kind, text: text.into(), fact: None }
    }

    /// The step around which pictures are kept for it: its own, or the one that was drawn into.
    pub fn kept_step(&self) -> Option<u64> {
        match self.fact {
            Some(Fact::Drawn { step, .. }) => Some(step),
            _ => self.kind.keeps_pictures().then_some(self.step),
        }
    }

    /// What of it is about the lane `own`, told of the lane `other`, where two runs are shown side by
    /// side; none where it is about another lane alone.
    pub fn beside(mut self, own: LaneId, other: LaneId) -> Option<Self> {
        if self.lane.is_some_and(|lane| lane != own) {
            return None;
        }
        self.lane = Some(other);
        if let Some(fact) = self.fact.take() {
            self.fact = Some(fact.beside(own, other)?);
            self.text = words::english(|| self.sentence());
        }
        Some(self)
    }
}

/// Kinds of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// A setting changed, by the story or by hand.
    Change,
    /// The axes of the code maps are chosen in another way.
    View,
    /// The story says something new.
    Caption,
    /// A lane stopped because its loss was not finite.
    Diverged,
    /// Few codes of a lane are in use.
    Collapse,
    /// Many codes are in use again after a collapse.
    Recovery,
    /// Nearly all codes of a lane are in use.
    Saturation,
    /// The encodings of a lane have grown many times over.
    Runaway,
    /// A lane's pictures are no better than the mean picture of its training set.
    LearnsNothing,
    /// What the story asks was guessed.
    Guess,
    /// Something was drawn before a room.
    Pen,
    /// A file that another program wrote could not be read.
    Unreadable,
    /// Another program's training refused a command.
    Refused,
}

impl From<Flag> for EventKind {
    fn from(flag: Flag) -> Self {
        match flag {
            Flag::Collapse => Self::Collapse,
            Flag::Recovery => Self::Recovery,
            Flag::Saturation => Self::Saturation,
            Flag::Runaway => Self::Runaway,
            Flag::LearnsNothing => Self::LearnsNothing,
            Flag::Diverged => Self::Diverged,
        }
    }
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Change,
        Self::View,
        Self::Caption,
        Self::Diverged,
        Self::Collapse,
        Self::Recovery,
        Self::Saturation,
        Self::Runaway,
        Self::LearnsNothing,
        Self::Guess,
        Self::Pen,
        Self::Unreadable,
        Self::Refused,
    ];

    /// The word for it in `events.csv`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Change => "change",
            Self::View => "view",
            Self::Caption => "caption",
            Self::Diverged => "diverged",
            Self::Collapse => "collapse",
            Self::Recovery => "recovery",
            Self::Saturation => "saturation",
            Self::Runaway => "runaway",
            Self::LearnsNothing => "learns-nothing",
            Self::Guess => "guess",
            Self::Pen => "pen",
            Self::Unreadable => "unreadable",
            Self::Refused => "refused",
        }
    }

    /// Whether something was changed or seen in the run, other than what the story says, what a room
    /// does with it and how its maps are shown.
    pub fn is_mark(self) -> bool {
        !matches!(self, Self::Caption | Self::View | Self::Guess | Self::Pen)
    }

    /// Whether pictures around it are kept.
    fn keeps_pictures(self) -> bool {
        self.is_mark() || self == Self::Pen
    }

    /// Whether a detector raises it: a flag.
    pub fn is_flag(self) -> bool {
        self.is_mark() && !matches!(self, Self::Change | Self::Unreadable | Self::Refused)
    }

    /// The word for it as it is read.
    pub fn words(self) -> &'static str {
        match self {
            Self::Change => words!("event-kind-change"),
            Self::View => words!("event-kind-view"),
            Self::Caption => words!("event-kind-caption"),
            Self::Diverged => words!("event-kind-diverged"),
            Self::Collapse => words!("event-kind-collapse"),
            Self::Recovery => words!("event-kind-recovery"),
            Self::Saturation => words!("event-kind-saturation"),
            Self::Runaway => words!("event-kind-runaway"),
            Self::LearnsNothing => words!("event-kind-learns-nothing"),
            Self::Guess => words!("event-kind-guess"),
            Self::Pen => words!("event-kind-pen"),
            Self::Unreadable => words!("event-kind-unreadable"),
            Self::Refused => words!("event-kind-refused"),
        }
    }

    /// The kind that a word in `events.csv` names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
