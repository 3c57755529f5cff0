//! A run to one step without a window, with the picture of that step.

use std::sync::Arc;

use crate::analysis::why::{Shown, sentences};
use crate::engine::device::Choice;
use crate::engine::views::Freshness;
use crate::engine::{Run, RunError};
use crate::record::close::Gaze;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, TrainerState, Update};
use crate::session::drive::{At, drive};
use crate::session::visit::Visit;

/// The token of a batch that is told of.
pub const TOLD: usize = 0;

/// What is looked at closely at the end of a visit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closely {
    /// All codes in use.
    pub atlas: bool,
    /// The life of the code that there is most to say of.
    pub code: bool,
    /// What its last step does with one token.
    pub told: bool,
}

impl Closely {
    /// The code of the first sentence on a picture, and all others where they are asked for.
    fn of(self, snapshot: &Snapshot) -> Gaze {
        let said = sentences(&snapshot.lanes).into_iter().find_map(|said| match said.shown {
            Shown::Code(lane, code) => Some((lane, code)),
            _ => None,
        });
        let code = said.filter(|_| self.code);
        Gaze { code, atlas: self.atlas, tokens: self.code || self.atlas, own: None }
    }
}

/// The picture of a run where it is, with what is looked at closely; none of a run without views.
///
/// # Errors
/// What the device reports.
pub fn look_closely(run: &mut Run, closely: Closely) -> Result<Option<Snapshot>, RunError> {
    let snapshot = run.snapshot(Freshness::Still)?;
    match &snapshot {
        Some(first) if closely.atlas || closely.code => {
            run.look_at(&closely.of(first));
            run.snapshot(Freshness::Still)
        }
        _ => Ok(snapshot),
    }
}

/// Makes a visit and hands out what the window would have been told, and the picture at its end.
///
/// Call it on the thread that is to own the device. A run whose lanes all diverge ends there.
///
/// # Errors
/// The device cannot be opened or fails.
pub fn train_to(
    visit: Visit,
    choice: &Choice,
    closely: Closely,
) -> Result<(Vec<Update>, Snapshot), RunError> {
    let compute = choice.open()?;
    let Visit { scenario, mut way } = visit;
    let (steps, pace) = (scenario.steps, scenario.pace);
    let mut run = Run::new(scenario, &compute, 1, true)?;
    let mut updates = vec![Update::Started(Box::new(run.info()))];
    let hand_out = |run: &mut Run, updates: &mut Vec<Update>| -> Result<(), RunError> {
        let (rows, events) = run.take_news()?;
        updates.push(Update::Rows(rows));
        updates.extend(events.into_iter().map(Update::Event));
        Ok(())
    };
    let last = way.step;
    let mut due = |run: &mut Run, updates: &mut Vec<Update>| -> Result<(), RunError> {
        let due = way.take_due(run.step_count());
        if due.is_kept {
            let kept = run.snapshot(Freshness::Still)?.map(Arc::new);
            updates.extend(kept.map(Update::Keyframe));
        }
        for logged in due.settings {
            run.set(logged.lane, logged.setting);
            updates.push(Update::Logged(logged));
        }
        due.axes.map_or(Ok(()), |mode| run.set_basis(mode))
    };
    drive(&mut run, last, |run, at| -> Result<bool, RunError> {
        match at {
            At::Before => {
                due(run, &mut updates)?;
                if closely.told && run.step_count() + 1 == last {
                    run.tell_next(TOLD);
                }
            }
            At::News => hand_out(run, &mut updates)?,
            At::After => {}
        }
        Ok(true)
    })?;
    if run.is_training() {
        due(&mut run, &mut updates)?;
    }
    if closely.told {
        updates.push(Update::Told(run.take_told()));
    }
    let snapshot = look_closely(&mut run, closely)?.expect("the run was built with views");
    hand_out(&mut run, &mut updates)?;
    let activity = if !run.is_training() {
        Activity::Diverged
    } else if run.step_count() == steps {
        Activity::Ended
    } else {
        Activity::Paused
    };
    // A picture has no speed: it would depend on the clock.
    updates.push(Update::State(TrainerState::without_speed(activity, pace)));
    Ok((updates, snapshot))
}
