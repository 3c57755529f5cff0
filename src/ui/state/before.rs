//! The run before a restart with other settings.

use crate::analysis::history::History;
use crate::scenario::differences::{Present, changed_keys, differences};
use crate::scenario::{LaneId, LaneSpec, Scenario};
use crate::words;

/// Settings of a restart that are named; the rest is counted.
const NAMED: usize = 2;

/// The run of the same story before this one, which began with other settings.
pub struct Before {
    /// Its curves.
    pub history: Box<History>,
    /// In what this one differs, in words.
    pub what: String,
}

impl Before {
    /// The run before a restart, where another setting was chosen for it; that of the restart before
    /// where nothing was.
    pub fn of(
        old: &Scenario,
        new: &Scenario,
        history: History,
        older: Option<Self>,
    ) -> Option<Self> {
        if old.title != new.title {
            return None;
        }
        let (then, now) = (old.lane_specs(), new.lane_specs());
        let what = differing(&then, &now);
        if what.is_empty() {
            // A story that was restarted as it is comes to the same.
            let is_same = changed_keys(old, new).is_empty();
            return older.filter(|_| is_same);
        }
        (history.step > 0).then(|| Self { history: Box::new(history), what })
    }
}

/// Settings in which lanes differ from those of the same name before: "codes K 512 → 64".
fn differing(then: &[LaneSpec], now: &[LaneSpec]) -> String {
    let mut all: Vec<(String, Vec<LaneId>)> = Vec::new();
    for spec in now {
        let Some(old) = then.iter().find(|old| old.id == spec.id) else { continue };
        for row in differences(&Present::from(old), &Present::from(spec)) {
            let text = words!("why-setting", setting = row.setting, from = row.a, to = row.b);
            match all.iter_mut().find(|(known, _)| *known == text) {
                Some((_, lanes)) => lanes.push(spec.id),
                None => all.push((text, vec![spec.id])),
            }
        }
    }
    let more = all.len().saturating_sub(NAMED);
    let mut named: Vec<String> = all
        .into_iter()
        .take(NAMED)
        .map(|(text, lanes)| match lanes[..] {
            [lane] if now.len() > 1 => format!("{}: {text}", lane.name().to_uppercase()),
            _ => text,
        })
        .collect();
    if more > 0 {
        named.push(words!("why-more-settings", more = more));
    }
    named.join(words!("list-separator"))
}
