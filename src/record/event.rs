//! What happened in a run, for the marks on its timeline.

use serde::{Deserialize, Serialize};

use crate::scenario::LaneId;

/// Something worth a mark on the timeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Steps trained when it acted.
    pub step: u64,
    /// The lane, or all.
    pub lane: Option<LaneId>,
    /// What kind.
    pub kind: EventKind,
    /// One sentence.
    pub text: String,
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
    /// A file that another program wrote could not be read.
    Unreadable,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Change,
        Self::View,
        Self::Caption,
        Self::Diverged,
        Self::Collapse,
        Self::Recovery,
        Self::Saturation,
        Self::Runaway,
        Self::Unreadable,
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
            Self::Unreadable => "unreadable",
        }
    }

    /// Whether something was changed or seen in the run, other than what the story says and how its maps
    /// are shown.
    pub fn is_mark(self) -> bool {
        !matches!(self, Self::Caption | Self::View)
    }

    /// Whether a detector raises it: a flag.
    pub fn is_flag(self) -> bool {
        !matches!(self, Self::Change | Self::View | Self::Caption | Self::Unreadable)
    }

    /// The kind that a word in `events.csv` names.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}
