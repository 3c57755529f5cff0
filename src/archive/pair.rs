//! Two saved lanes side by side: a run put together from lanes of two others.

use std::path::PathBuf;

use crate::archive::{Archive, ArchiveError, Kept};
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::status::RunInfo;
use crate::scenario::{LaneId, LaneSpec, Lanes, Scenario};

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
    /// Pictures at the steps that one of them kept, evenly thinned to fit; each lane shows its newest
    /// one before.
    pub frames: Vec<Snapshot>,
}

/// Number of a run that is put together; the trainer counts from 1.
const RUN: u64 = 0;

impl Pair {
    /// Opens both lanes, with pictures of at most about `room` bytes: what does not fit is not read.
    ///
    /// # Errors
    /// One of the runs cannot be opened.
    pub fn open(a: &Side, b: &Side, room: u64) -> Result<Self, ArchiveError> {
        let archives = [Archive::open(&a.path)?, Archive::open(&b.path)?];
        let lanes = [(a, LaneId::A), (b, LaneId::B)];
        let mut specs = Vec::new();
        let (mut rows, mut events) = (Vec::new(), Vec::new());
        let mut eval_tokens = Vec::new();
        for (archive, (side, id)) in archives.iter().zip(lanes) {
            let missing = || {
                let why = format!("it has no lane {}", side.lane.name());
                ArchiveError::damaged(&archive.path, why)
            };
            let spec = archive.scenario.lane(side.lane).ok_or_else(missing)?;
            specs.push(LaneSpec { id, ..spec });
            let own = archive.rows.iter().filter(|r| r.lane == side.lane);
            rows.extend(own.map(|r| StepRow { lane: id, ..*r }));
            let all = archive.events.iter().cloned();
            events.extend(all.filter_map(|event| event.beside(side.lane, id)));
            let tokens = &archive.manifest.eval_tokens;
            eval_tokens.push(tokens.get(side.lane.index()).copied().unwrap_or(0));
        }
        rows.sort_by_key(|r| (r.step, r.lane));
        events.sort_by_key(|e| e.step);
        let scenario = scenario(&archives, a, b);
        let info = RunInfo { run: RUN, scenario, eval_tokens, ..archives[0].info() };
        let frames = frames(&archives, [a, b], room)?;
        Ok(Self { info, specs, rows, events, frames })
    }
}

/// At the kept steps of one lane both lanes, each as it was then.
fn frames(
    archives: &[Archive; 2],
    sides: [&Side; 2],
    room: u64,
) -> Result<Vec<Snapshot>, ArchiveError> {
    let kept = [0, 1].map(|i| archives[i].keyframe_steps());
    // About the part of one lane in the largest picture of its run.
    let bytes = |archive: &Archive| {
        let largest = archive.manifest.keyframes.iter().map(Kept::size).max().unwrap_or(0);
        largest / archive.scenario.lane_ids().len().max(1) as u64
    };
    let steps = thinned(&kept, archives.iter().map(bytes).sum(), room);
    let mut newest: [Option<LaneView>; 2] = [None, None];
    let mut frames = Vec::with_capacity(steps.len());
    for step in steps {
        for (i, id) in [LaneId::A, LaneId::B].into_iter().enumerate() {
            let after = kept[i].partition_point(|&own| own <= step);
            let Some(&own) = kept[i].get(after.max(1) - 1) else { continue };
            if newest[i].as_ref().is_none_or(|view| view.step != own) {
                let lanes = archives[i].keyframe(own)?.lanes;
                let view = lanes.into_iter().find(|l| l.id == sides[i].lane);
                // A lane that had ended goes on showing its last step.
                newest[i] = view.map(|mut view| {
                    (view.id, view.step) = (id, own);
                    view
                });
            }
        }
        frames.push(Snapshot { run: RUN, step, lanes: newest.iter().flatten().cloned().collect() });
    }
    Ok(frames)
}

/// Steps that either lane kept, rising: every n-th of them, and the last, where pictures of `bytes`
/// bytes each do not all fit into `room`.
fn thinned(kept: &[Vec<u64>; 2], bytes: u64, room: u64) -> Vec<u64> {
    let mut steps: Vec<u64> = kept.iter().flatten().copied().collect();
    steps.sort_unstable();
    steps.dedup();
    let every = (steps.len() as u64).saturating_mul(bytes).div_ceil(room.max(1)).max(1);
    let last = steps.last().copied();
    let fits = |(i, step): (usize, u64)| {
        ((i as u64).is_multiple_of(every) || Some(step) == last).then_some(step)
    };
    steps.into_iter().enumerate().filter_map(fits).collect()
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
        title: format!("{} beside {}", title(a), title(b)).into(),
        about: format!("A: {}. B: {}. One playhead moves both.", title(a), title(b)).into(),
        steps,
        lanes: Lanes { a: lane(&archives[0], a).unwrap_or_default(), b: lane(&archives[1], b) },
        change: Vec::new(),
        expect: Vec::new(),
        ..archives[0].scenario.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::thinned;

    #[test]
    fn steps_of_both_lanes_are_thinned_to_what_fits() {
        let kept = [vec![0, 25, 50, 75], vec![0, 30, 60, 75, 90]];
        assert_eq!(thinned(&kept, 10, 1000), [0, 25, 30, 50, 60, 75, 90]);
        assert_eq!(thinned(&kept, 10, 30), [0, 50, 90]);
        assert_eq!(thinned(&kept, 10, 0), [0, 90]);
        assert!(thinned(&[Vec::new(), Vec::new()], 0, 0).is_empty());
    }
}
