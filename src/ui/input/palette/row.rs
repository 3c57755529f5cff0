//! A row of the palette, and how well typed letters mean a text.

use toml::Value;

use crate::scenario::LaneId;
use crate::ui::state::command::UiCommand;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Action {
    /// A command of the window.
    Command(UiCommand),
    /// A setting by its key, of lanes, all or one.
    Set(&'static str, Option<LaneId>, Value),
    /// More is typed.
    Type(String),
    /// Nothing can be done; the row says why.
    Refused,
}

/// A row of the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What it says.
    pub text: String,
    /// What stands at its end: its key, where it has one, what its value may be, or when it acts.
    pub note: String,
    /// What it does.
    pub action: Action,
}

/// How well a text is meant by some typed letters, which it must have in this order: the more of them
/// begin words or stand together, the better. Nothing where it does not have them.
pub fn score(typed: &str, text: &str) -> Option<u32> {
    let text: Vec<char> = text.to_lowercase().chars().collect();
    let (mut at, mut score, mut is_next) = (0, 0, false);
    for letter in typed.to_lowercase().chars().filter(|c| !c.is_whitespace()) {
        let found = text[at..].iter().position(|c| *c == letter)? + at;
        let begins_word = found == 0 || !text[found - 1].is_alphanumeric();
        score +=
            if begins_word { BEGINS } else { 1 } + if is_next && found == at { NEXT } else { 0 };
        (at, is_next) = (found + 1, true);
    }
    // Of two with the same letters the shorter one.
    Some(score * 100 + 100_u32.saturating_sub(text.len() as u32))
}

/// For a letter that begins a word, and for one that stands next to the one before.
const BEGINS: u32 = 8;
const NEXT: u32 = 4;

/// The score of letters that are taken as they are, such as those of a number.
pub fn exactly(typed: &str) -> u32 {
    100 * (BEGINS + NEXT) * typed.chars().count() as u32
}
