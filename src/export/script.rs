//! The beats of a story in a film of its run: which stand where, and for how long.

use crate::archive::Archive;
use crate::lesson::{Now, condition, reading};
use crate::record::event::EventKind;
use crate::scenario::{At, BeatKind, LaneId, LaneSpec, Present, Scenario};

/// Seconds for which a question stands beside the time that reading it takes: somebody thinks.
const THOUGHT: f64 = 4.0;

/// A beat in a film.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cue {
    /// Steps trained where it stands.
    pub step: u64,
    /// Its number in the scenario.
    pub beat: usize,
    /// Seconds for which it stands there.
    pub seconds: f64,
}

/// The beats that a run has on its way, in the order of their steps: those whose conditions hold
/// there, and those of flags that were raised.
pub fn cues(archive: &Archive) -> Vec<Cue> {
    let (scenario, specs) = (&archive.scenario, archive.scenario.lane_specs());
    let last = archive.rows.last().map_or(0, |row| row.step);
    let mut cues = Vec::new();
    for (beat, own) in scenario.beat.iter().enumerate() {
        let step = match own.at {
            At::On { event, lane } => {
                let is_it = |e: &&crate::record::event::Event| {
                    e.kind == EventKind::from(event) && e.lane == Some(lane)
                };
                archive.events.iter().find(is_it).map(|event| event.step)
            }
            at => at.trained(scenario.steps),
        };
        let Some(step) = step.filter(|step| *step <= last) else { continue };
        let until = archive.events.partition_point(|event| event.step <= step);
        let lane = |id: LaneId| {
            let spec = specs.iter().find(|spec| spec.id == id)?;
            Some(present(spec, scenario, archive, step))
        };
        let lanes = [LaneId::A, LaneId::B].map(lane);
        let now = Now { step, lanes, events: &archive.events[..until], has_input: false };
        let is_done = own.done.as_ref().is_some_and(|done| condition::holds(done, &now));
        if own.when.as_ref().is_some_and(|when| !condition::holds(when, &now)) || is_done {
            continue;
        }
        let thought = if own.kind == BeatKind::Say { 0.0 } else { THOUGHT };
        cues.push(Cue { step, beat, seconds: reading::seconds(own.text.spoken()) + thought });
    }
    cues.sort_by_key(|cue| (cue.step, cue.beat));
    cues
}

/// What a lane trained with after so many steps: as it was built, with what the story and somebody's
/// hand changed until then.
fn present<'a>(
    spec: &'a LaneSpec,
    scenario: &Scenario,
    archive: &Archive,
    step: u64,
) -> Present<'a> {
    let mut lane = Present::from(spec);
    let is_its = |only: Option<LaneId>| only.is_none_or(|only| only == spec.id);
    let by_hand = archive.manifest.log.iter().filter(|l| l.step <= step && is_its(l.lane));
    let mut settings: Vec<_> = by_hand.map(|logged| (logged.step, logged.setting)).collect();
    let timed = scenario.change.iter().filter(|c| c.step.max(1) <= step + 1 && is_its(c.lane));
    for change in timed {
        let made = change.settings(spec.learn_c, spec.learn_w).into_iter();
        settings.extend(made.map(|setting| (change.step.max(1) - 1, setting)));
    }
    // What is set by hand acts before the story's own change at the same step.
    settings.sort_by_key(|(at, _)| *at);
    for (_, setting) in settings {
        // The trainer left out what a lane does not take, as this does.
        lane.apply(setting).ok();
    }
    lane
}
