//! The thread named "painter": makes pictures of large codebooks beside the window.
//!
//! The window asks for a picture and goes on drawing the one before; what was asked for while the
//! painter was at work replaces what waits. Without the thread (tests, pictures in files) the picture
//! is made at once, so that what is drawn does not depend on time.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

use egui::{ColorImage, Context};

use crate::scenario::LaneId;
use crate::train::snapshot::Snapshot;
use crate::ui::camera::Scale;
use crate::ui::columns::{Bars, Columns};
use crate::ui::raster::{self, Colors, Finder};

/// What a picture depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// Count of snapshots.
    pub generation: u64,
    /// Place, zoom and shift.
    pub scale: Scale,
    /// Pixels for a point.
    pub pixels_per_point: f32,
    /// Colours of the theme.
    pub colors: Colors,
    /// How the usage bars below are shown.
    pub bars: Bars,
}

/// A picture to make.
struct Job {
    lane: LaneId,
    look: Look,
    snapshot: Arc<Snapshot>,
}

/// A picture that was made.
pub struct Painted {
    /// What it was made for.
    pub look: Look,
    /// Finds the code under the pointer.
    pub finder: Finder,
    /// Counts behind the usage bars.
    pub columns: Arc<Columns>,
    /// The snapshot that it shows.
    pub snapshot: Arc<Snapshot>,
}

/// What waits, and what is done, a lane each.
#[derive(Default)]
struct Desk {
    waiting: [Option<Job>; 2],
    done: [Option<(Painted, ColorImage)>; 2],
    is_closed: bool,
}

/// The window's end of it.
#[derive(Default)]
pub struct Painter {
    desk: Option<Arc<(Mutex<Desk>, Condvar)>>,
    done: [Option<Painted>; 2],
    asked: [Option<Look>; 2],
}

impl Painter {
    /// Starts the thread; without it every picture is made at once. A system that gives no thread
    /// gets the same.
    pub fn start(&mut self, ctx: &Context) {
        let desk = Arc::new((Mutex::new(Desk::default()), Condvar::new()));
        let (theirs, ctx) = (desk.clone(), ctx.clone());
        let started =
            std::thread::Builder::new().name("painter".into()).spawn(move || work(&theirs, &ctx));
        self.desk = started.is_ok().then_some(desk);
    }

    /// Asks for a picture of a lane; the pixels of what was made since, which is then the newest.
    pub fn ask(
        &mut self,
        lane: LaneId,
        look: Look,
        snapshot: &Arc<Snapshot>,
    ) -> Option<ColorImage> {
        let i = lane.index();
        let is_new = self.asked[i] != Some(look);
        self.asked[i] = Some(look);
        let job = || Job { lane, look, snapshot: snapshot.clone() };
        let made = match &self.desk {
            Some(desk) => {
                let mut desk_now = desk.0.lock().unwrap_or_else(PoisonError::into_inner);
                if is_new {
                    desk_now.waiting[i] = Some(job());
                    desk.1.notify_one();
                }
                desk_now.done[i].take()
            }
            None => is_new.then(|| paint(job())).flatten(),
        };
        let (painted, image) = made?;
        self.done[i] = Some(painted);
        Some(image)
    }

    /// The newest picture of a lane.
    pub fn newest(&self, lane: LaneId) -> Option<&Painted> {
        self.done[lane.index()].as_ref()
    }
}

impl Drop for Painter {
    fn drop(&mut self) {
        if let Some(desk) = &self.desk {
            desk.0.lock().unwrap_or_else(PoisonError::into_inner).is_closed = true;
            desk.1.notify_one();
        }
    }
}

fn work(desk: &(Mutex<Desk>, Condvar), ctx: &Context) {
    let lock = || desk.0.lock().unwrap_or_else(PoisonError::into_inner);
    // Lanes in turn, so that one that is asked for all the time does not starve the other.
    let mut turn = 0;
    loop {
        let mut now = lock();
        let job = loop {
            if now.is_closed {
                return;
            }
            turn = 1 - turn;
            if let Some(job) = now.waiting[turn].take().or_else(|| now.waiting[1 - turn].take()) {
                break job;
            }
            now = desk.1.wait(now).unwrap_or_else(PoisonError::into_inner);
        };
        drop(now);
        let lane = job.lane;
        if let Some(painted) = paint(job) {
            lock().done[lane.index()] = Some(painted);
            ctx.request_repaint();
        }
    }
}

fn paint(job: Job) -> Option<(Painted, ColorImage)> {
    let Job { lane, look, snapshot } = job;
    let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
    let image = raster::map(view, &look.scale, look.pixels_per_point, look.colors);
    let finder = Finder::new(view, &look.scale);
    let (counts, _) = look.bars.source.counts(view);
    let columns = Arc::new(Columns::new(counts, look.bars));
    Some((Painted { look, finder, columns, snapshot }, image))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use egui::{Color32, Rect, pos2, vec2};

    use super::*;
    use crate::ui::camera::Camera;
    use crate::ui::fixture;
    use crate::ui::state::UsageSource;

    fn look(generation: u64) -> Look {
        let plot = Rect::from_min_size(pos2(0.0, 0.0), vec2(60.0, 40.0));
        let scale = Scale::new(plot, 3.0, &Camera::default());
        let color = Color32::RED;
        let colors = Colors { alive: color, dead: color, latent: color };
        let bars = Bars { width: 50, is_sorted: true, source: UsageSource::Window };
        Look { generation, scale, pixels_per_point: 1.0, colors, bars }
    }

    #[test]
    fn without_a_thread_a_picture_is_there_at_once_and_made_once() {
        let snapshot = fixture::collapse().known.snapshot.unwrap();
        let mut painter = Painter::default();
        assert!(painter.ask(LaneId::A, look(1), &snapshot).is_some());
        assert!(painter.ask(LaneId::A, look(1), &snapshot).is_none());
        assert!(painter.ask(LaneId::A, look(2), &snapshot).is_some());
    }

    #[test]
    fn the_thread_paints_what_was_asked_last() {
        let snapshot = fixture::collapse().known.snapshot.unwrap();
        let mut painter = Painter::default();
        painter.start(&Context::default());
        let start = Instant::now();
        while painter.ask(LaneId::B, look(7), &snapshot).is_none() {
            assert!(start.elapsed() < Duration::from_secs(30), "nothing was painted");
            std::thread::sleep(Duration::from_millis(1));
        }
        assert_eq!(painter.newest(LaneId::B).unwrap().look, look(7));
    }
}
