//! A saved run trained again to a step: all its weights, as `vqscope run` writes them at its end, and what
//! is looked at closely there.

use indicatif::{ProgressBar, ProgressStyle};

use crate::archive::{Archive, ArchiveError};
use crate::engine::{Run, RunError, device};
use crate::export::ExportError;
use crate::record::snapshot::Snapshot;
use crate::record::state::RunState;
use crate::record::status::Update;
use crate::record::token_step::TokenStep;
use crate::scenario::Scenario;
use crate::session::drive::{At, drive};
use crate::session::model::{self, ModelError};
use crate::session::train_to::{self, Closely, TOLD, look_closely};
use crate::session::visit::{ReplayPlan, Visit};
use crate::text::count;

/// The file of the weights after a step, or after the newest saved one, and which step that is.
///
/// The step need not be kept: from the checkpoint before it the run is trained again on the CPU,
/// with what was set by hand.
///
/// # Errors
/// Nothing before the step was kept, a checkpoint is damaged, or the run cannot be trained here.
pub fn write(archive: &Archive, step: Option<u64>) -> Result<(Vec<u8>, String), ExportError> {
    let (run, note) = at_step(archive, step.unwrap_or(archive.manifest.step), false)?;
    let bytes = model::to_bytes(&run).map_err(|error| match error {
        ModelError::Run(error) => failed(error),
        ModelError::Archive(error) => error.into(),
    })?;
    Ok((bytes, note))
}

/// A run as it was after a step, with what is looked at closely.
pub struct Close {
    /// Its picture.
    pub snapshot: Option<Snapshot>,
    /// What the step did with a token, in each lane that was asked.
    pub told: Vec<TokenStep>,
    /// Which step that is, and how it came about.
    pub note: String,
}

/// The run after a step with what is looked at closely: nothing of it is kept, so that the run is trained
/// to it as for its weights.
///
/// # Errors
/// As [`write()`].
pub fn close(archive: &Archive, step: u64, closely: Closely) -> Result<Close, ExportError> {
    // What a step did is told while it is made.
    let (mut run, note) = match closely.told && step > 0 {
        true => again(archive, archive.checkpoint_before(step - 1)?, step, (true, true))?,
        false => at_step(archive, step, true)?,
    };
    let told = run.take_told();
    Ok(Close { snapshot: look_closely(&mut run, closely).map_err(failed)?, told, note })
}

/// What a run of a story tells until a step: nothing of it is kept, so that it is trained, on the CPU.
///
/// # Errors
/// It cannot be trained here.
pub fn before(scenario: Scenario, step: u64) -> Result<Vec<Update>, ExportError> {
    let choice = device::choose("cpu", &device::cpu_only()).map_err(|e| failed(e.into()))?;
    let visit = Visit { scenario, way: ReplayPlan { step, ..ReplayPlan::default() } };
    let (updates, _) = train_to::train_to(visit, &choice, Closely::default()).map_err(failed)?;
    Ok(updates)
}

/// The run as it was after a step, with or without pictures, and how that came about.
fn at_step(archive: &Archive, step: u64, has_views: bool) -> Result<(Run, String), ExportError> {
    again(archive, state_before(archive, step)?, step, (has_views, false))
}

/// The same from a state before it, and whether its last step tells what it does.
fn again(
    archive: &Archive,
    state: RunState,
    step: u64,
    (has_views, is_told): (bool, bool),
) -> Result<(Run, String), ExportError> {
    let from = state.step;
    let choice = device::choose("cpu", &device::cpu_only()).map_err(|e| failed(e.into()))?;
    let compute = choice.open().map_err(|e| failed(e.into()))?;
    let mut run = Run::new(archive.scenario.clone(), &compute, 1, has_views).map_err(failed)?;
    run.restore(state).map_err(failed)?;
    train_to(&mut run, archive, step, is_told)?;
    let at = format!("step {}", count(run.step_count()));
    let note = match run.step_count() - from {
        0 => at,
        steps => {
            format!("{at} ({} steps trained again from the checkpoint before it)", count(steps))
        }
    };
    Ok((run, note))
}

/// The newest state that was saved and is not after a step. The very newest one may have settings
/// that were made by hand after its step and counts for that step alone.
fn state_before(archive: &Archive, step: u64) -> Result<RunState, ArchiveError> {
    match &archive.manifest.newest {
        Some(newest) if newest.step == step => archive.newest(),
        _ => archive.checkpoint_before(step),
    }
}

fn train_to(run: &mut Run, archive: &Archive, step: u64, is_told: bool) -> Result<(), ExportError> {
    let style = ProgressStyle::with_template("{bar:40} step {pos} of {len}, {eta} to go")
        .map_err(|e| ExportError::Broken(e.to_string()))?;
    let bar = ProgressBar::new(step - run.step_count()).with_style(style);
    let trained = drive(run, step, |run, at| -> Result<bool, RunError> {
        match at {
            At::Before => {
                run.set_due(&archive.manifest.log);
                if is_told && run.step_count() + 1 == step {
                    run.tell_next(TOLD);
                }
            }
            At::After => bar.inc(1),
            At::News => drop(run.take_news()?),
        }
        Ok(true)
    });
    trained.map_err(failed)?;
    bar.finish_and_clear();
    run.take_news().map_err(failed)?;
    Ok(())
}

fn failed(error: RunError) -> ExportError {
    match error {
        RunError::Misfit(_) => ExportError::BadInput(error.to_string()),
        _ => ExportError::Broken(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tests::saved_in;
    use crate::archive::{Folder, newest_file};
    use crate::record::setting::{Logged, Setting};
    use crate::scenario::LaneId;

    /// The model of a run of the same scenario that trains to a step without being saved.
    fn trained(archive: &Archive, step: u64) -> Vec<u8> {
        let compute = device::choose("cpu", &device::cpu_only()).unwrap().open().unwrap();
        let mut run = Run::new(archive.scenario.clone(), &compute, 1, false).unwrap();
        for at in 0..step {
            let due = archive.manifest.log.iter().filter(|logged| logged.step == at);
            due.for_each(|logged| run.set(logged.lane, logged.setting));
            run.step().unwrap();
        }
        run.take_news().unwrap();
        model::to_bytes(&run).unwrap()
    }

    #[test]
    fn a_run_that_was_cut_off_gives_the_model_of_any_step() {
        let place = tempfile::tempdir().unwrap();
        let manifest = saved_in(place.path()).manifest;
        // Opened once more, and never closed.
        drop(Folder::reopen(place.path(), manifest, 200).unwrap());
        let mut archive = Archive::open(place.path()).unwrap();
        assert!(archive.manifest.is_open);
        let (bytes, note) = write(&archive, None).unwrap();
        assert!(bytes == trained(&archive, 100));
        assert_eq!(note, "step 100");
        // Between two checkpoints, behind a setting made by hand.
        let setting = Setting::Lr(0.01);
        archive.manifest.log = vec![Logged { step: 20, lane: Some(LaneId::A), setting }];
        let (bytes, note) = write(&archive, Some(33)).unwrap();
        assert!(bytes == trained(&archive, 33));
        assert_eq!(note, "step 33 (33 steps trained again from the checkpoint before it)");
        archive.manifest.log.clear();
        assert!(bytes != trained(&archive, 33));
    }

    #[test]
    fn what_is_damaged_or_was_not_kept_is_named() {
        let place = tempfile::tempdir().unwrap();
        let mut archive = saved_in(place.path());
        let newest = newest_file(place.path(), archive.manifest.newest.as_ref().unwrap());
        std::fs::write(&newest, "x").unwrap();
        let refusal = write(&archive, None).unwrap_err().to_string();
        assert!(refusal.contains("newest-0000000100") && refusal.contains("damaged"), "{refusal}");
        archive.manifest.checkpoints.clear();
        let refusal = write(&archive, Some(33)).unwrap_err().to_string();
        assert!(refusal.contains("keeps no checkpoint of step 33"), "{refusal}");
    }
}
