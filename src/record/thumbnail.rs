//! Small pictures of a lane: where its codes lie, and how their use went.

use serde::{Deserialize, Serialize};

use crate::record::row::StepRow;
use crate::record::snapshot::LaneView;

/// Most codes of a lane in a picture.
const MOST_CODES: usize = 200;

/// Points of a curve, first and last step included.
pub const POINTS: usize = 41;

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

/// Where a place lies in a square view that reaches 1 to its sides and up and down.
pub fn coordinates(place: [u8; 2]) -> [f32; 2] {
    place.map(|x| 2.0 * f32::from(x) / 255.0 - 1.0)
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
