//! What happened, as data.

use serde::{Deserialize, Serialize};

use crate::record::answer::Answer;
use crate::record::event::EventKind;
use crate::record::event::reading::Reading;
use crate::record::pen::{Drawn, Stroke};
use crate::record::setting::{BasisMode, Setting};
use crate::record::steer::Reply;
use crate::scenario::{LaneId, MOST_STEPS};

/// Bounds of what a story asks, far above what one has.
const MOST_BEATS: usize = 10_000;
const MOST_CHOICES: usize = 16;

/// What happened, as data. In `events.csv` it is one cell of JSON.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// A setting was made by the story or by hand.
    Set {
        /// The lanes that took it.
        lanes: Vec<LaneId>,
        /// What it was in each of them before.
        from: Vec<Setting>,
        /// What it is from the next step on.
        to: Setting,
    },
    /// The warm-up of a lane is over: from the next step on it quantizes.
    Quantizes {
        /// The lane.
        lane: LaneId,
    },
    /// The axes of the code maps are chosen in another way.
    Axes {
        /// How.
        mode: BasisMode,
    },
    /// Few codes have been in use for long.
    Collapse(Share),
    /// After a collapse, many codes have been in use for long.
    Recovery(Share),
    /// Nearly all codes have been in use for long.
    Saturation(Share),
    /// The encodings have grown many times over.
    Runaway {
        /// The lane.
        lane: LaneId,
        /// RMS norm of the encodings now.
        norm: f64,
        /// The least one of the steps before.
        least: f64,
        /// The step at which it was that.
        since: u64,
        /// Whether it is one of a series of files, of whose encoder outputs the norm is.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        of_files: bool,
    },
    /// The error of several evaluations in a row was not below that of the training set's mean picture.
    LearnsNothing {
        /// The lane.
        lane: LaneId,
        /// The error now.
        error: f64,
        /// That of the mean picture.
        mean: f64,
    },
    /// The loss of the event's step is not a finite number.
    Diverged {
        /// The lane.
        lane: LaneId,
        /// What of the loss is not finite, causes first.
        broken: Vec<(Term, NotFinite)>,
        /// Learning rate of the step.
        lr: f64,
        /// The greatest RMS norm of the encodings, if any was measured.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        greatest: Option<Greatest>,
    },
    /// What a story asks was guessed, or hands were counted for it.
    Guessed {
        /// Which of its beats, counted from 0 in the order of the story.
        beat: usize,
        /// The guess; none while hands are counted and nobody guessed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        answer: Option<Answer>,
        /// Hands for each choice.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        hands: Vec<u32>,
    },
    /// Something was drawn before a room, or what was drawn was wiped.
    Drawn {
        /// The step that was shown.
        step: u64,
        /// The stroke; without one all of them are wiped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stroke: Option<Stroke>,
    },
    /// A file of another program's training was read.
    Read(Box<Reading>),
    /// Codes of another program's training are not finite from a file on.
    Broke {
        /// How many.
        codes: usize,
        /// K.
        size: usize,
    },
    /// A file of another program was written before one of an earlier step.
    Older {
        /// Its name, as it can be shown.
        file: String,
        /// The other one's.
        newer: String,
    },
    /// A command was done or refused by another program's training.
    Steered(Box<Reply>),
}

/// A share of the codes that has lasted, and how many are in use now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// The lane.
    pub lane: LaneId,
    /// Steps in a row for which it has lasted, or files.
    pub steps: u64,
    /// The share of the codes that the window could show at most, below or from which that is.
    pub threshold: f64,
    /// Codes in use in the sliding window now.
    pub used: usize,
    /// K.
    pub size: usize,
    /// Whether it is one of a series of files of another program.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub of_files: bool,
}

/// The greatest of a norm.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Greatest {
    /// The norm.
    pub norm: f64,
    /// The step of it.
    pub step: u64,
}

/// A term of the loss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Term {
    /// The sum of all.
    Sum,
    /// The reconstruction loss.
    Reconstruction,
    /// The codebook loss.
    Codebook,
    /// The commitment loss.
    Commitment,
    /// The entropy penalty.
    Entropy,
}

/// How a number is not finite.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotFinite {
    /// It is infinite.
    Infinite,
    /// It is not a number.
    Nan,
}

impl NotFinite {
    /// How a number is not finite, if it is not.
    pub fn of(x: f32) -> Option<Self> {
        match x {
            x if x.is_nan() => Some(Self::Nan),
            x if x.is_infinite() => Some(Self::Infinite),
            _ => None,
        }
    }
}

impl Fact {
    /// The kind of event that this is.
    pub fn kind(&self) -> EventKind {
        match self {
            Self::Set { .. } | Self::Quantizes { .. } | Self::Older { .. } | Self::Broke { .. } => {
                EventKind::Change
            }
            Self::Axes { .. } => EventKind::View,
            Self::Collapse(_) => EventKind::Collapse,
            Self::Recovery(_) => EventKind::Recovery,
            Self::Saturation(_) => EventKind::Saturation,
            Self::Runaway { .. } => EventKind::Runaway,
            Self::LearnsNothing { .. } => EventKind::LearnsNothing,
            Self::Diverged { .. } => EventKind::Diverged,
            Self::Guessed { .. } => EventKind::Guess,
            Self::Drawn { .. } => EventKind::Pen,
            Self::Read(_) => EventKind::Caption,
            Self::Steered(reply) if reply.is_refused() => EventKind::Refused,
            Self::Steered(_) => EventKind::Change,
        }
    }

    /// Takes it into what was drawn in a run, if it is about that.
    pub fn draw_into(&self, drawn: &mut Drawn) {
        if let Self::Drawn { step, stroke } = self {
            drawn.take(*step, stroke.clone());
        }
    }

    /// What of it is about the lane `own`, told of the lane `other`, where two runs are shown side by
    /// side; none where it is about another lane alone.
    pub fn beside(mut self, own: LaneId, other: LaneId) -> Option<Self> {
        match &mut self {
            Self::Set { lanes, from, .. } => {
                let at = lanes.iter().position(|&lane| lane == own)?;
                *from = vec![*from.get(at)?];
                *lanes = vec![other];
            }
            Self::Quantizes { lane }
            | Self::Runaway { lane, .. }
            | Self::LearnsNothing { lane, .. }
            | Self::Diverged { lane, .. }
            | Self::Collapse(Share { lane, .. })
            | Self::Recovery(Share { lane, .. })
            | Self::Saturation(Share { lane, .. }) => {
                if *lane != own {
                    return None;
                }
                *lane = other;
            }
            // Guesses and strokes are about a story, and two runs side by side have none.
            Self::Guessed { .. } | Self::Drawn { .. } => return None,
            Self::Axes { .. } | Self::Read(_) | Self::Older { .. } | Self::Broke { .. } => {}
            Self::Steered(_) => {}
        }
        Some(self)
    }

    /// Whether its numbers are such as a run can have; settings apart, which have rules of their own.
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Set { lanes, from, .. } => {
                let is_pair = matches!(lanes[..], [LaneId::A, LaneId::B]);
                (lanes.len() == 1 || is_pair) && from.len() == lanes.len()
            }
            Self::Quantizes { .. } | Self::Axes { .. } | Self::Older { .. } => true,
            Self::Read(reading) => reading.used <= reading.size,
            Self::Broke { codes, size } => codes <= size,
            Self::Steered(reply) => reply.step <= MOST_STEPS,
            Self::Guessed { beat, answer, hands } => {
                *beat < MOST_BEATS
                    && hands.len() < MOST_CHOICES
                    && answer.as_ref().is_none_or(Answer::is_sound)
            }
            Self::Drawn { step, stroke } => {
                *step <= MOST_STEPS && stroke.as_ref().is_none_or(Stroke::is_sound)
            }
            Self::Collapse(share) | Self::Recovery(share) | Self::Saturation(share) => {
                share.steps <= MOST_STEPS
                    && (0.0..=1.0).contains(&share.threshold)
                    && share.used <= share.size
            }
            Self::Runaway { norm, least, since, .. } => {
                norm.is_finite() && least.is_finite() && *since <= MOST_STEPS
            }
            Self::LearnsNothing { error, mean, .. } => error.is_finite() && mean.is_finite(),
            Self::Diverged { broken, lr, greatest, .. } => {
                let is_sound = |g: &Greatest| g.norm.is_finite() && g.step <= MOST_STEPS;
                broken.len() <= 5 && lr.is_finite() && greatest.as_ref().is_none_or(is_sound)
            }
        }
    }
}
