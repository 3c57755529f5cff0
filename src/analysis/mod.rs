//! What follows from a record: detectors, figures of a run, bounded series, verdicts of stories.

pub mod detect;
pub mod figures;
pub mod history;
pub mod verdict;
pub mod why;
