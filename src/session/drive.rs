//! The one way to train a run to a step, for a run without a window, replays, films and models.
//!
//! The trainer thread takes its steps one by one, between commands and the pace, by [`advance`].

use crate::engine::{Run, RunError};

/// Steps between two read-backs of scalars where no evaluation asks for one sooner.
pub const READ_BACK: u64 = 64;

/// Where on its way a drive asks or tells whoever drives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// Before a step: what is due is done now.
    Before,
    /// After a step.
    After,
    /// Numbers are to be read back now, so that they do not pile up on the device.
    News,
}

/// Trains one step; whether numbers are to be read back after it.
///
/// # Errors
/// What the device reports, or the step is given up.
pub fn advance(run: &mut Run) -> Result<bool, RunError> {
    run.step()?;
    Ok(run.step_count().is_multiple_of(READ_BACK))
}

/// Trains until a step is reached or every lane diverged; `company` is asked before each step whether
/// to go on, and told after it. What is left to read back at the end is for the caller.
///
/// # Errors
/// What the device or the company reports.
pub fn drive<E: From<RunError>>(
    run: &mut Run,
    last: u64,
    mut company: impl FnMut(&mut Run, At) -> Result<bool, E>,
) -> Result<(), E> {
    while run.step_count() < last && run.is_training() && company(run, At::Before)? {
        let has_news = advance(run)?;
        company(run, At::After)?;
        if has_news && run.step_count() < last {
            company(run, At::News)?;
        }
    }
    Ok(())
}
