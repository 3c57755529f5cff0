//! The bound of steps, wherever they come from: a file, a link, the command line, a saved run.

use crate::scenario::schema::Kind;

/// Most steps of a run; a GPU would train for weeks.
pub const MOST_STEPS: u64 = 100_000_000;

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
    if (least..=MOST_STEPS).contains(&steps) {
        return Ok(steps);
    }
    Err(format!("{what} must be {}, not {steps}", describe_steps(least)))
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
        assert!(check_steps("--at", 0, u64::MAX).is_err_and(|e| e.starts_with("--at must be a")));
    }
}
