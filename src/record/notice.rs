//! What could not be done while a run goes on as it was.

use crate::words;

/// What could not be done, as data: its sentence is made where it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Another process trains the run, so that nothing can be set here.
    ReadOnly,
    /// What is not saved cannot be forked.
    NotSaved,
    /// The run was given up before it was ready, and none is there to go back to.
    GivenUp,
    /// An error, which keeps its own sentence.
    Error(String),
}

impl Notice {
    /// The sentence in the language that is spoken.
    pub fn sentence(&self) -> &str {
        match self {
            Self::ReadOnly => words!("following-read-only"),
            Self::NotSaved => words!("notice-not-saved"),
            Self::GivenUp => words!("notice-given-up"),
            Self::Error(sentence) => sentence,
        }
    }
}
