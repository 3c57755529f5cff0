//! What follows when a run breaks off: one sentence and, where the device failed, the choice of
//! where the run goes on.

use crate::archive::Archive;
use crate::catch_panic::one_line;
use crate::engine::RunError;
use crate::engine::device::DeviceError;
use crate::record::setting::Logged;
use crate::record::status::{Activity, Failure, Update, WayOn};
use crate::session::command::{Command, GoOn};
use crate::session::visit::ReplayPlan;
use crate::session::worker::trainer_loop::Worker;
use crate::session::worker::turn::{Begin, Broken, Next};
use crate::text::count;

impl Broken {
    /// What the device says, where it may be the device that failed.
    fn of_device(&self) -> Option<String> {
        match self {
            // cubecl panics where an allocation fails.
            Self::Panic(why) => Some(why.clone()),
            Self::Run(RunError::Execution(error)) => Some(one_line(error.reason())),
            Self::Run(RunError::Device(DeviceError::Refused { reason, .. })) => {
                Some(one_line(reason))
            }
            _ => None,
        }
    }
}

/// What a run goes on with whose device failed.
struct Onward {
    begin: Begin,
    /// What is left of the way to a step that was visited.
    rest: Option<ReplayPlan>,
}

impl Worker {
    /// Tells why a run broke off and waits for what comes after it; `again` is what the run began
    /// with. A run whose device failed can go on, where somebody says so.
    pub(super) fn after(&mut self, broken: &Broken, again: Begin) -> Next {
        log::warn!("the run broke off: {broken}");
        let of_device = broken.of_device().filter(|_| self.choice.is_adapter());
        let way_on = of_device.as_ref().and_then(|why| self.way_on(why, again));
        let (failure, onward) = match way_on {
            Some((failure, onward)) => (failure, Some(onward)),
            None => (Failure { sentence: broken.to_string(), way_on: None }, None),
        };
        self.send(Update::Failed(failure));
        (self.wake)();
        // Only now: a driver that hangs must not keep the sentence back.
        if of_device.is_some() {
            self.choice = self.choice.anew();
        }
        self.activity = Activity::Paused;
        self.rest = None;
        loop {
            match (self.inbox.recv(), &onward) {
                (Err(_), _) => return Next::Shutdown,
                (Ok(Command::GoOn(on)), Some(Onward { begin, rest })) => {
                    if on == GoOn::Cpu {
                        self.choice = self.choice.cpu_instead();
                    }
                    // A fork waits for what is done by hand.
                    let is_fork = matches!(begin, Begin::Fork { .. });
                    self.activity = if is_fork { Activity::Paused } else { Activity::Running };
                    self.rest.clone_from(rest);
                    return Next::Begin(begin.clone());
                }
                (Ok(command), _) => {
                    if let Some(next) = self.leaves(command) {
                        return next;
                    }
                }
            }
        }
    }

    /// Where the present run can go on: at its newest save, or where it began if nothing is saved;
    /// nowhere if the save that it was to go on from cannot be read.
    fn way_on(&self, why: &str, again: Begin) -> Option<(Failure, Onward)> {
        let way = match &again {
            Begin::Visit(visit) => Some(visit.way.clone()),
            _ => self.rest.clone(),
        };
        // Unless it was at the end of the way.
        let way = way.filter(|_| self.way.is_some() || self.at.is_none()).unwrap_or_default();
        let saved = self.saved.as_ref().and_then(|folder| Archive::open(folder).ok());
        let (begin, step, made) = match (saved, again) {
            (Some(Archive { path, manifest, .. }), _) => {
                (Begin::Resume(path), Some(manifest.step), manifest.log)
            }
            (None, Begin::Resume(_)) => return None,
            (None, Begin::Fork { from, step }) => {
                let made = self.log.iter().filter(|l| l.step < step).copied().collect();
                (Begin::Fork { from, step }, Some(step), made)
            }
            (None, again) => (again, None, Vec::new()),
        };
        let comes = |logged: &&Logged| made.contains(logged) || way.log.contains(logged);
        let lost = self.log.iter().filter(|logged| !comes(logged)).count();
        let rest = match (&begin, step) {
            (Begin::Resume(_), Some(step)) if way != ReplayPlan::default() => {
                Some(way.left(step, &made))
            }
            _ => None,
        };
        let way_on = WayOn { device: self.choice.label.name.clone(), step, lost };
        let sentence = sentence(self.at, why, &way_on);
        Some((Failure { sentence, way_on: Some(way_on) }, Onward { begin, rest }))
    }
}

/// The error: which device failed, after how many steps and why; from which step the run can go on, and what
/// it then lacks.
fn sentence(at: Option<u64>, why: &str, way_on: &WayOn) -> String {
    let WayOn { device, step, lost } = way_on;
    let when = match at {
        Some(at) => format!("after step {}", count(at)),
        None => "while the run was made ready".into(),
    };
    let from = match step {
        Some(step) => format!("the run can go on from step {}", count(*step)),
        None => "nothing of the run is saved, so that it can only start over from step 0".into(),
    };
    let without = match lost {
        0 => String::new(),
        1 => ", without the setting that was made by hand since".into(),
        _ => format!(", without the {lost} settings that were made by hand since"),
    };
    format!("{device} failed {when} ({why}); {from}{without}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_says_what_is_kept_and_what_is_lost() {
        let way_on = |step, lost| WayOn { device: "Arc A770".into(), step, lost };
        assert_eq!(
            sentence(Some(12_345), "out of memory", &way_on(Some(12_000), 2)),
            "Arc A770 failed after step 12,345 (out of memory); the run can go on from step 12,000, without the 2 settings that were made by hand since"
        );
        assert_eq!(
            sentence(None, "it is not there any more", &way_on(None, 0)),
            "Arc A770 failed while the run was made ready (it is not there any more); nothing of the run is saved, so that it can only start over from step 0"
        );
    }
}
