//! How the program ends: a sentence, and the exit code that goes with it.

/// Bad input.
pub const BAD_INPUT: u8 = 2;

/// A failure while running.
pub const BROKEN: u8 = 3;

/// A sentence for the user and the exit code that goes with it.
pub struct Refusal {
    /// The sentence.
    pub sentence: String,
    /// 2 for bad input, 3 for a failure while running.
    pub code: u8,
}

impl Refusal {
    /// Bad input: exit code 2.
    pub fn bad_input(sentence: impl std::fmt::Display) -> Self {
        Self { sentence: sentence.to_string(), code: BAD_INPUT }
    }

    /// Failed while running: exit code 3.
    pub fn broken(sentence: impl std::fmt::Display) -> Self {
        Self { sentence: sentence.to_string(), code: BROKEN }
    }
}
