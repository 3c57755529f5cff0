//! Axes of a film: what they must hold in all of its pictures, so that they stand still.

use crate::analysis::history::History;
use crate::figure::columns::UsageSource;
use crate::record::snapshot::{Axes, Snapshot};
use crate::scenario::LaneId;

/// What the axes of a film must hold.
#[derive(Default)]
pub struct FilmAxes {
    /// All that is measured until its last step.
    pub history: History,
    /// Most uses of a code, counted in the window and on the full set.
    most: [u32; 2],
    /// How far the maps reach to their sides and up and down.
    reach: [[f32; 2]; 2],
}

impl FilmAxes {
    /// Axes of a film until whose end this is measured.
    pub fn new(history: History) -> Self {
        Self { history, ..Self::default() }
    }

    /// Takes in one of its pictures.
    pub fn add(&mut self, snapshot: &Snapshot) {
        for lane in &snapshot.lanes {
            for source in [UsageSource::Window, UsageSource::FullSet] {
                let most = source.counts(lane).0.iter().copied().max().unwrap_or(0);
                let known = &mut self.most[source as usize];
                *known = most.max(*known);
            }
            let known = &mut self.reach[lane.id.index()];
            let both = known.iter_mut().zip(lane.axes.reach());
            both.for_each(|(known, reach)| *known = known.max(reach));
        }
    }

    /// Most uses of a code in the film.
    pub fn most(&self, source: UsageSource) -> u32 {
        self.most[source as usize]
    }

    /// Has the map of a lane reach as far as in every other picture of the film.
    pub fn widen(&self, id: LaneId, axes: &mut Axes) {
        let [across, up] = self.reach[id.index()];
        let [own_across, own_up] = axes.reach();
        axes.extent = across.max(own_across);
        axes.rise = Some(up.max(own_up));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixture;

    #[test]
    fn axes_hold_the_most_of_all_pictures() {
        let mut near = fixture::collapse().run.snapshot.unwrap().as_ref().clone();
        let mut far = near.clone();
        near.lanes[0].axes.extent = 2.0;
        near.lanes[0].axes.rise = Some(1.5);
        far.lanes[0].axes.extent = 3.0;
        far.lanes[0].axes.rise = Some(0.5);
        far.lanes[1].window_counts[7] = 123_456;
        let mut film = FilmAxes::default();
        film.add(&near);
        film.add(&far);
        for snapshot in [&mut near, &mut far] {
            film.widen(LaneId::A, &mut snapshot.lanes[0].axes);
            assert_eq!(snapshot.lanes[0].axes.reach(), [3.0, 1.5]);
        }
        assert_eq!(film.most(UsageSource::Window), 123_456);
        assert!(film.most(UsageSource::FullSet) < 123_456);
    }
}
