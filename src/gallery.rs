//! Small pictures of the built-in stories: where the codes lie at the end, and how their use went.
//!
//! They are recorded by training each story once (`cargo test --release --test it thumbnails --
//! --ignored`) and kept in `assets/gallery.json` together with the hash of the scenario that they
//! show; a test refuses pictures of another scenario.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::archive::scenario_hash;
use crate::scenario::Scenario;
use crate::train::device::Compute;
use crate::train::snapshot::{LaneView, StepRow};
use crate::train::views::Freshness;
use crate::train::{Run, RunError};

/// Most codes of a lane in a picture.
const MOST_CODES: usize = 200;

/// Points of a curve, first and last step included.
const POINTS: usize = 41;

/// The picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// SHA-256 of the scenario as resolved.
    pub scenario: String,
    /// One for each lane, in order.
    pub lanes: Vec<ThumbnailLane>,
}

/// One lane of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ThumbnailLane {
    /// Places of codes on the map, 0 to 255 from left to right and from bottom to top, in use.
    pub alive: Vec<[u8; 2]>,
    /// The same of codes that are not in use.
    pub dead: Vec<[u8; 2]>,
    /// Window utilization in percent, evenly from the first step to the last.
    pub utilization: Vec<u8>,
}

/// The picture of a built-in story.
pub fn thumbnail(name: &str) -> Option<&'static Thumbnail> {
    static ALL: OnceLock<BTreeMap<String, Thumbnail>> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        serde_json::from_str(include_str!("../assets/gallery.json")).unwrap_or_default()
    });
    all.get(name)
}

/// Steps after which the picture of a story with a large codebook is taken; its end is minutes away.
const LARGE_STEPS: u64 = 300;

/// Trains a story to its end, or one with a large codebook for its first steps, and records its
/// picture.
///
/// # Errors
/// What the device reports.
pub fn record(scenario: &Scenario, compute: &Compute) -> Result<Thumbnail, RunError> {
    let mut run = Run::new(scenario.clone(), compute, 1, true)?;
    let is_large = scenario.data.final_tokens > 0;
    let last = if is_large { scenario.steps.min(LARGE_STEPS) } else { scenario.steps };
    while run.step_count() < last && run.is_training() {
        run.step()?;
    }
    let (rows, _) = run.take_news()?;
    let views = run.snapshot(Freshness::Still)?.map(|s| s.lanes).unwrap_or_default();
    let lanes = views.iter().map(|view| ThumbnailLane::of(view, &rows)).collect();
    Ok(Thumbnail { scenario: scenario_hash(scenario), lanes })
}

impl ThumbnailLane {
    /// The small picture of a lane's view and of its rows among those of a run.
    pub fn of(view: &LaneView, rows: &[StepRow]) -> Self {
        let own: Vec<u8> = rows
            .iter()
            .filter(|r| r.lane == view.id)
            .map(|r| (100.0 * r.utilization_window).round() as u8)
            .collect();
        let last = own.len().saturating_sub(1);
        let utilization =
            (0..POINTS).filter_map(|i| own.get(i * last / (POINTS - 1)).copied()).collect();
        let (alive, dead) = places(view);
        Self { alive, dead, utilization }
    }
}

/// Places of some of the codes, in use and not, in the proportion of all.
fn places(view: &LaneView) -> (Vec<[u8; 2]>, Vec<[u8; 2]>) {
    let stride = view.codes.len().div_ceil(MOST_CODES).max(1);
    let place = |at: [f32; 2]| {
        at.map(|x| (127.5 + 127.5 * x / view.axes.extent.max(1e-9)).clamp(0.0, 255.0) as u8)
    };
    let (mut alive, mut dead) = (Vec::new(), Vec::new());
    for is_alive in [true, false] {
        let of_kind = (0..view.codes.len())
            .filter(|&code| (view.window_counts[code] > 0) == is_alive)
            .step_by(stride);
        let target = if is_alive { &mut alive } else { &mut dead };
        target.extend(of_kind.map(|code| place(view.codes[code])));
    }
    (alive, dead)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{demos, parse};

    #[test]
    fn every_story_has_the_picture_of_its_own_scenario() {
        for name in demos::names() {
            let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
            let picture = thumbnail(name);
            let picture = picture.unwrap_or_else(|| panic!("{name} has no thumbnail"));
            assert_eq!(
                picture.scenario,
                scenario_hash(&scenario),
                "{name} has changed; record the thumbnails anew"
            );
            assert_eq!(picture.lanes.len(), scenario.lane_ids().len(), "{name}");
            for lane in &picture.lanes {
                assert!(!lane.alive.is_empty() && lane.utilization.len() == POINTS, "{name}");
            }
        }
    }
}
