//! Two saved lanes side by side: a run put together from lanes of two others.

use std::path::PathBuf;

use crate::archive::{Archive, ArchiveError};
use crate::scenario::{LaneId, LaneSpec, Lanes, Scenario};
use crate::train::snapshot::{Event, LaneView, RunInfo, Snapshot, StepRow};

/// A lane of a saved run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Side {
    /// Its folder.
    pub path: PathBuf,
    /// The lane.
    pub lane: LaneId,
}

/// Lanes of two saved runs as a run of two lanes.
pub struct Pair {
    /// What the window is told of it.
    pub info: RunInfo,
    /// What each lane was built from, as A and B.
    pub specs: Vec<LaneSpec>,
    /// Rows of both, in order of their steps.
    pub rows: Vec<StepRow>,
    /// Events of both, in order of their steps.
    pub events: Vec<Event>,
    /// Pictures at every step that one of them kept; each lane shows its newest one before.
    pub frames: Vec<Snapshot>,
}

/// Number of a run that is put together; the trainer counts from 1.
const RUN: u64 = 0;

impl Pair {
    /// Opens both lanes.
    ///
    /// # Errors
    /// One of the runs cannot be opened.
    pub fn open(a: &Side, b: &Side) -> Result<Self, ArchiveError> {
        let archives = [Archive::open(&a.path)?, Archive::open(&b.path)?];
        let lanes = [(a, LaneId::A), (b, LaneId::B)];
        let mut specs = Vec::new();
        let (mut rows, mut events) = (Vec::new(), Vec::new());
        let mut views: [Vec<LaneView>; 2] = [Vec::new(), Vec::new()];
        let mut eval_tokens = Vec::new();
        for (i, (archive, (side, id))) in archives.iter().zip(lanes).enumerate() {
            let missing = || {
                let why = format!("it has no lane {}", side.lane.name());
                ArchiveError::damaged(&archive.path, why)
            };
            let spec = archive.scenario.lane(side.lane).ok_or_else(missing)?;
            specs.push(LaneSpec { id, ..spec });
            let own = archive.rows.iter().filter(|r| r.lane == side.lane);
            rows.extend(own.map(|r| StepRow { lane: id, ..*r }));
            let is_own = |e: &&Event| e.lane.is_none_or(|lane| lane == side.lane);
            events.extend(
                archive.events.iter().filter(is_own).map(|e| Event { lane: Some(id), ..e.clone() }),
            );
            for step in archive.keyframe_steps() {
                let lanes = archive.keyframe(step)?.lanes;
                let own = lanes.into_iter().find(|l| l.id == side.lane);
                // A lane that had ended goes on showing its last step.
                views[i].extend(own.map(|view| LaneView { id, step, ..view }));
            }
            let tokens = &archive.manifest.eval_tokens;
            eval_tokens.push(tokens.get(side.lane.index()).copied().unwrap_or(0));
        }
        rows.sort_by_key(|r| (r.step, r.lane));
        events.sort_by_key(|e| e.step);
        let scenario = scenario(&archives, a, b);
        let info = RunInfo { run: RUN, scenario, eval_tokens, ..archives[0].info() };
        Ok(Self { info, specs, rows, events, frames: frames(&views) })
    }
}

/// At every kept step of one lane both lanes, each as it was then.
fn frames(views: &[Vec<LaneView>; 2]) -> Vec<Snapshot> {
    let mut steps: Vec<u64> = views.iter().flatten().map(|v| v.step).collect();
    steps.sort_unstable();
    steps.dedup();
    let at = |lane: &[LaneView], step: u64| {
        let after = lane.partition_point(|v| v.step <= step);
        lane.get(after.max(1) - 1).cloned()
    };
    let frame = |step| Snapshot {
        run: RUN,
        step,
        lanes: views.iter().filter_map(|lane| at(lane, step)).collect(),
    };
    steps.into_iter().map(frame).collect()
}

/// A scenario with the tables of both lanes. What a lane took from the rest of its own scenario is
/// in [`Pair::specs`], which stand above it.
fn scenario(archives: &[Archive; 2], a: &Side, b: &Side) -> Scenario {
    let title = |side: &Side| {
        let name = side.path.file_name().map(|n| n.to_string_lossy().into_owned());
        format!("{}, lane {}", name.unwrap_or_default(), side.lane.name())
    };
    let lane = |archive: &Archive, side: &Side| archive.scenario.lane_table(side.lane).cloned();
    let steps = archives.iter().map(|archive| archive.scenario.steps).max().unwrap_or(1);
    Scenario {
        title: format!("{} beside {}", title(a), title(b)),
        about: format!("A: {}. B: {}. One playhead moves both.", title(a), title(b)),
        steps,
        lanes: Lanes { a: lane(&archives[0], a).unwrap_or_default(), b: lane(&archives[1], b) },
        change: Vec::new(),
        expect: Vec::new(),
        ..archives[0].scenario.clone()
    }
}
