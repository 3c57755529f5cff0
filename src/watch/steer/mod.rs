//! The hand on the switch of a training that saves its codebooks here: `status.json` is read, and
//! `control.json` written once control was taken.
//!
//! The training reads a command at its next call, and answers in its status. One command is on its way
//! at a time; what is asked meanwhile follows it as one command.

mod hand;
mod status;
#[cfg(test)]
mod tests;

pub use hand::Hand;
pub use status::parse;
