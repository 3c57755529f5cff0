//! Small pictures of the built-in stories: where the codes lie at the end, and how their use went.
//!
//! They are recorded by training each story once (`cargo test --release --test it thumbnails --
//! --ignored`) and kept in `assets/gallery.json` together with the hash of the scenario that they
//! show; a test refuses pictures of another scenario.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::engine::device::Compute;
use crate::engine::views::Freshness;
use crate::engine::{Run, RunError};
use crate::record::thumbnail::ThumbnailLane;
use crate::scenario::Scenario;
use crate::scenario::hash::training_hash;
use crate::session::drive::{At, drive};

/// The picture of a story.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thumbnail {
    /// SHA-256 of the scenario as resolved.
    pub scenario: String,
    /// One for each lane, in order.
    pub lanes: Vec<ThumbnailLane>,
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
    let mut rows = Vec::new();
    drive(&mut run, last, |run, at| -> Result<bool, RunError> {
        if at == At::News {
            rows.extend(run.take_news()?.0);
        }
        Ok(true)
    })?;
    rows.extend(run.take_news()?.0);
    let views = run.snapshot(Freshness::Still)?.map(|s| s.lanes).unwrap_or_default();
    let lanes = views.iter().map(|view| ThumbnailLane::of(view, &rows)).collect();
    Ok(Thumbnail { scenario: training_hash(scenario), lanes })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::thumbnail::POINTS;
    use crate::scenario::{demos, parse};

    #[test]
    fn every_story_has_the_picture_of_its_own_scenario() {
        for name in demos::names() {
            let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
            let picture = thumbnail(name);
            let picture = picture.unwrap_or_else(|| panic!("{name} has no thumbnail"));
            assert_eq!(
                picture.scenario,
                training_hash(&scenario),
                "{name} has changed; record the thumbnails anew"
            );
            assert_eq!(picture.lanes.len(), scenario.lane_ids().len(), "{name}");
            for lane in &picture.lanes {
                assert!(!lane.alive.is_empty() && lane.utilization.len() == POINTS, "{name}");
            }
        }
    }
}
