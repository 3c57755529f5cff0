//! Options that several commands have.

use clap::Args;

use crate::exit::Refusal;
use crate::lesson::tour::tour;
use crate::scenario::read_steps;
use crate::session::recorder::Budgets;
use crate::text::shown;
use crate::words::Language;

/// A page of the tour that is counted from 1, counted from 0.
///
/// # Errors
/// There is no such page.
pub fn page(number: usize) -> Result<usize, Refusal> {
    let pages = tour().pages.len();
    if (1..=pages).contains(&number) {
        return Ok(number - 1);
    }
    Err(Refusal::bad_input(format!(
        "there is no page {number} of the tour; it has {pages} pages, the first is 1"
    )))
}

/// Megabytes of pictures and of checkpoints that are kept without another wish.
const PICTURES: u64 = 256;
const CHECKPOINTS: u64 = 2048;

/// Room for what is kept of a run.
#[derive(Clone, Copy, Debug, Args)]
pub struct Room {
    /// Room for pictures of earlier steps, of both lanes together
    #[arg(long, value_name = "MB", default_value_t = PICTURES, value_parser = clap::value_parser!(u64).range(1..=1 << 20))]
    pictures: u64,
    /// Room for checkpoints on disk, from which a run can be forked
    #[arg(long, value_name = "MB", default_value_t = CHECKPOINTS, value_parser = clap::value_parser!(u64).range(1..=1 << 24))]
    checkpoints: u64,
}

impl Default for Room {
    fn default() -> Self {
        Self { pictures: PICTURES, checkpoints: CHECKPOINTS }
    }
}

impl Room {
    /// The same in bytes.
    pub fn budgets(self) -> Budgets {
        Budgets::of_megabytes(self.pictures, self.checkpoints)
    }
}

/// A number of steps as it is typed.
#[derive(Clone, Debug)]
pub struct Steps(String);

impl From<&str> for Steps {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Steps {
    /// The number, from `least` on, of the option that is called `name`.
    ///
    /// # Errors
    /// The sentence that tells the bounds of steps everywhere.
    pub fn of(&self, name: &str, least: u64) -> Result<u64, String> {
        read_steps(name, least, &self.0)
    }
}

/// The number of an option that may be left out, as of [`Steps::of`].
///
/// # Errors
/// As of [`Steps::of`].
pub fn steps(name: &str, least: u64, typed: Option<Steps>) -> Result<Option<u64>, String> {
    typed.map(|typed| typed.of(name, least)).transpose()
}

/// Most threads that may be asked for; more are a slip of the pen, and each takes memory.
const MOST_THREADS: usize = 1024;

/// The variable that says how many threads train on the CPU.
const THREADS: &str = "RAYON_NUM_THREADS";

/// Starts as many threads as the environment asks for; without such a wish they start when they are
/// needed, one a core.
pub fn start_threads() -> Result<(), Refusal> {
    let Some(asked) = std::env::var_os(THREADS) else { return Ok(()) };
    let threads = threads(&asked.to_string_lossy()).map_err(Refusal::bad_input)?;
    rayon::ThreadPoolBuilder::new().num_threads(threads).build_global().map_err(|why| {
        Refusal::bad_input(format!(
            "{THREADS} is {threads}, and so many threads cannot be started ({why}); use fewer"
        ))
    })
}

/// The number of threads of a text; 0 for one a core.
fn threads(text: &str) -> Result<usize, String> {
    let number = if text.trim().is_empty() { Some(0) } else { text.trim().parse().ok() };
    number.filter(|&threads| threads <= MOST_THREADS).ok_or_else(|| {
        format!(
            "{THREADS} must be a whole number from 0 (one thread a core) to {MOST_THREADS}, not {}",
            shown(text)
        )
    })
}

/// The language that is asked for, if one is.
pub fn language(name: Option<&str>) -> Result<Option<Language>, Refusal> {
    let language = name.map(|name| Language::parse("--lang", name)).transpose();
    language.map_err(Refusal::bad_input)
}

/// Refuses a renderer that is not known.
pub fn check_renderer(text: &str) -> Result<(), Refusal> {
    if ["auto", "wgpu", "glow"].contains(&text) {
        return Ok(());
    }
    Err(Refusal::bad_input(format!("--renderer {text} is not known; use auto, wgpu or glow")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absurd_number_of_threads_is_refused() {
        assert_eq!(["", "0", " 3 ", "1024"].map(|text| threads(text).unwrap()), [0, 0, 3, 1024]);
        for text in ["1025", "-1", "many", "99999999999999999999", "1\u{1b}[2J"] {
            let sentence = threads(text).unwrap_err();
            assert!(sentence.contains("RAYON_NUM_THREADS must be") && !sentence.contains('\u{1b}'));
        }
    }
}
