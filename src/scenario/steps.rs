//! The bound of steps, wherever they come from: a file, a link, the command line, a saved run.

use crate::scenario::kind::{Kind, MOST_STEPS};
use crate::text::shown;

/// What a number of steps must be, in words.
pub fn describe_steps(least: u64) -> String {
    Kind::Int(least as i64, MOST_STEPS as i64).describe()
}

/// A number of steps from `least` on, if a run can have it; `what` is what it stands for, such as
/// `--steps`.
///
/// # Errors
/// One sentence, the same wherever the number comes from.
pub fn check_steps(what: &str, least: u64, steps: u64) -> Result<u64, String> {
    read_steps(what, least, &steps.to_string())
}

/// As [`check_steps`], of a number as it is written.
///
/// # Errors
/// The same sentence.
pub fn read_steps(what: &str, least: u64, text: &str) -> Result<u64, String> {
    let steps = text.trim().parse().ok().filter(|steps| (least..=MOST_STEPS).contains(steps));
    steps.ok_or_else(|| format!("{what} must be {}, not {}", describe_steps(least), shown(text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_is_that_of_a_scenario_file() {
        assert_eq!(check_steps("steps", 1, 1), Ok(1));
        assert_eq!(check_steps("steps", 1, MOST_STEPS), Ok(MOST_STEPS));
        for steps in [0, MOST_STEPS + 1, i64::MAX as u64] {
            let text = format!("title='x'\nsteps={steps}\n[lanes.a]\n");
            let of_file = crate::scenario::parse(&text, "x.toml", &[]).unwrap_err().to_string();
            let sentence = check_steps("steps", 1, steps).unwrap_err();
            assert_eq!(of_file, format!("x.toml line 2: {sentence}"));
        }
        for text in ["", "-1", "1.5", "many", "99999999999999999999999"] {
            let sentence = read_steps("--at", 0, text).unwrap_err();
            assert_eq!(
                sentence,
                format!("--at must be a whole number from 0 to 100000000, not {text}")
            );
        }
        assert!(check_steps("--at", 0, u64::MAX).is_err_and(|e| e.starts_with("--at must be a")));
    }
}
