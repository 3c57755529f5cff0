//! A visit as the trainer makes it: what is due at each step, and the end of the way; and what is noted
//! in a run beside its steps.

use std::sync::Arc;

use crate::engine::{Run, RunError};
use crate::record::event::Fact;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Update};
use crate::session::recorder::Recorder;
use crate::session::worker::trainer_loop::Worker;

impl Worker {
    /// Does what is due at this step of a visit; at its end, hands out the picture and pauses.
    pub(super) fn visit(&mut self, run: &mut Run, recorder: &mut Recorder) -> Result<(), RunError> {
        let Some(mut way) = self.way.take() else { return Ok(()) };
        // Where every lane diverged there is no way on.
        if !run.is_training() {
            return Ok(());
        }
        let due = way.take_due(run.step_count());
        if due.is_kept {
            self.kept(recorder.mark(run)?);
        }
        for logged in due.settings {
            self.set(run, recorder, logged)?;
        }
        if let Some(mode) = due.axes {
            run.set_basis(mode)?;
        }
        if run.step_count() < way.step {
            self.way = Some(way);
            return Ok(());
        }
        self.publish(run, recorder, true)?;
        let is_at_end = run.step_count() == run.scenario().steps;
        self.set_activity(if is_at_end { Activity::Ended } else { Activity::Paused });
        Ok(())
    }

    /// A setting made by hand, which acts at the next step.
    pub(super) fn set(
        &mut self,
        run: &mut Run,
        recorder: &mut Recorder,
        logged: Logged,
    ) -> Result<(), RunError> {
        // What all panels show before the change is kept.
        self.kept(recorder.mark_setting(run, logged)?);
        run.set(logged.lane, logged.setting);
        recorder.log(logged);
        self.log.push(logged);
        self.send(Update::Logged(logged));
        Ok(())
    }

    /// Keeps the picture of this run that was drawn into: a live one is not kept otherwise, and training
    /// has gone on behind it.
    pub(super) fn keep_drawn(&self, recorder: &mut Recorder, into: &Arc<Snapshot>) {
        // What another run showed is kept there.
        if into.run == self.runs {
            self.kept(recorder.keep_drawn(into));
        }
    }

    /// Keeps what a meeting does with the run. Where it draws into the newest picture, that is kept, and a
    /// saved run that was only looked at is written on.
    pub(super) fn note(
        &mut self,
        run: &mut Run,
        recorder: &mut Recorder,
        fact: Fact,
    ) -> Result<(), RunError> {
        if let Fact::Drawn { step, .. } = fact {
            recorder.write_on();
            if step == run.step_count() {
                self.kept(recorder.mark(run)?);
            }
        }
        run.note(fact);
        Ok(())
    }
}
