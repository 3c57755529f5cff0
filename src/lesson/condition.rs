//! Whether something is so: settings of a lane, or a flag that is up.

use crate::lesson::Now;
use crate::record::event::{Event, EventKind};
use crate::scenario::{Condition, Flag, LaneId, Present, Setting};

/// Whether a condition holds now.
pub fn holds(condition: &Condition, now: &Now<'_>) -> bool {
    let Some(lane) = &now.lanes[condition.lane.index()] else { return false };
    let has_flag = condition.flag.is_none_or(|flag| is_up(now.events, flag, condition.lane));
    let has_settings = condition.change().is_some_and(|change| {
        let settings = change.settings(lane.learn_c, lane.learn_w);
        settings.into_iter().all(|setting| has(lane, setting))
    });
    let has_cold = [("size", lane.spec.size), ("dim", lane.spec.dim)]
        .into_iter()
        .all(|(key, own)| condition.cold(key).is_none_or(|asked| asked == own));
    let has_input = condition.input.is_none_or(|input| input == now.has_input);
    (has_flag && has_settings && has_cold && has_input) != condition.not
}

/// Whether a flag of a lane is up: a collapse until it recovers, any other one from when it was
/// raised.
fn is_up(events: &[Event], flag: Flag, lane: LaneId) -> bool {
    let mut of_lane = events.iter().filter(|event| event.lane == Some(lane));
    match flag {
        Flag::Collapse => of_lane
            .rfind(|e| matches!(e.kind, EventKind::Collapse | EventKind::Recovery))
            .is_some_and(|event| event.kind == EventKind::Collapse),
        flag => of_lane.any(|event| event.kind == EventKind::from(flag)),
    }
}

/// Whether a lane trains with a setting.
fn has(lane: &Present<'_>, setting: Setting) -> bool {
    match setting {
        Setting::Lr(lr) => lane.lr == lr,
        Setting::Beta(beta) => lane.beta == beta,
        Setting::Learn { c, w, .. } => (lane.learn_c, lane.learn_w) == (c, w),
        setting => lane.switches.settings().contains(&setting),
    }
}
