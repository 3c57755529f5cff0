//! What must hold at a step.

use serde::{Deserialize, Serialize};

use crate::scenario::{LaneId, Metric};

/// A line that must hold: a metric of a lane at a step within bounds, or less or more than that of the
/// other lane; or a flag that a detector must raise, or must not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The lane.
    pub lane: LaneId,
    /// The metric; this or the flag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metric: Option<Metric>,
    /// The flag; this or the metric.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<Flag>,
    /// The step of the metric, or "end".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<ExpectStep>,
    /// Least value that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Greatest value that passes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The lane whose value it must be less than.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub less_than: Option<LaneId>,
    /// The lane whose value it must be more than.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub more_than: Option<LaneId>,
    /// How many times that lane's value; once without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<f64>,
    /// The flag counts at steps less than this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<u64>,
    /// The flag counts at steps greater than this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// The step of the text that states what is expected here, 0 for the start, or "end".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caption: Option<ExpectStep>,
    /// Whether the flag must not be raised between the two.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub never: bool,
}

impl Expect {
    /// The lane whose value the metric is compared with.
    pub fn compared_with(&self) -> Option<LaneId> {
        self.less_than.or(self.more_than)
    }
}

/// Flags of the detectors that an expectation can name; the same words as in `events.csv`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Flag {
    /// Few codes are in use.
    Collapse,
    /// Many codes are in use again.
    Recovery,
    /// Nearly all codes are in use.
    Saturation,
    /// The encodings have grown many times over.
    Runaway,
    /// Pictures are no better than the mean picture of the training set.
    #[serde(rename = "learns-nothing")]
    LearnsNothing,
    /// The loss is not a finite number.
    Diverged,
}

/// A step number or the word "end": the scenario's own last step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ExpectStep {
    /// This step.
    At(u64),
    /// The scenario's last step.
    End(End),
}

/// The word "end".
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum End {
    /// The scenario's last step.
    End,
}
