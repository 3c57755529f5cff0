//! Threads that make pictures of large codebooks beside the window: "painter" the code maps, the counts
//! behind the bars, the squares of uses and how far codes moved; others what shows the cause.
//!
//! The window asks for a picture and goes on drawing the one before; what was asked for while the
//! painter was at work replaces what waits. Without the thread (tests, pictures in files) the picture
//! is made at once, so that what is drawn does not depend on time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::ArcSwapOption;
use crossbeam_channel::{Receiver, Sender, bounded};
use egui::{Color32, ColorImage, Context};

use crate::figure::camera::Scale;
use crate::figure::cells;
use crate::figure::columns::UsageSource;
use crate::figure::columns::{Bars, Columns};
use crate::figure::layers::Lit;
use crate::figure::movement::Movements;
use crate::figure::raster;
use crate::figure::raster::{Finder, Pixels};
use crate::figure::scene::Colors;
use crate::palette::Shade;
use crate::record::snapshot::Snapshot;
use crate::scenario::LaneId;

/// A picture of a lane, as all that it depends on beside the snapshot.
pub trait Picture: Copy + PartialEq + Send + Sync + 'static {
    /// What comes of it beside the pixels.
    type Facts: Send + Sync + 'static;
    /// Its pixels, where it has some.
    type Pixels: Send + Sync + 'static;

    /// Makes it; `None` where there is no such lane.
    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<(Self::Facts, Self::Pixels)>;
}

/// The code map of a large codebook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MapLook {
    /// Count of snapshots.
    pub generation: u64,
    /// Place, zoom and shift.
    pub scale: Scale,
    /// Pixels for a point.
    pub pixels_per_point: f32,
    /// Colours of the theme.
    pub colors: Colors,
}

impl Picture for MapLook {
    /// Finds the code under the pointer.
    type Facts = Finder;
    type Pixels = ColorImage;

    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<(Finder, ColorImage)> {
        let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
        let image = raster::map(view, &self.scale, self.pixels_per_point, self.colors);
        let finder = Finder::new(view, &self.scale);
        Some((finder, image_of(image)))
    }
}

/// The cells of a code map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellsLook {
    /// Count of snapshots.
    pub generation: u64,
    /// Place, zoom and shift.
    pub scale: Scale,
    /// Pixels for a point.
    pub pixels_per_point: f32,
    /// The theme.
    pub shade: Shade,
}

impl Picture for CellsLook {
    /// Pixels of a side of the square that has one colour, and the number of codes from which on it has
    /// more than one pixel.
    type Facts = [usize; 2];
    type Pixels = ColorImage;

    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<([usize; 2], ColorImage)> {
        let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
        let cells = cells::cells(view, &self.scale, self.pixels_per_point)?;
        let facts = [cells.step, cells.sampled_from];
        Some((facts, image_of(cells::paint(&cells, view, lane, self.shade.palette()))))
    }
}

/// Lights of codes of a large codebook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LightsLook {
    /// Count of snapshots.
    pub generation: u64,
    /// Place, zoom and shift.
    pub scale: Scale,
    /// Pixels for a point.
    pub pixels_per_point: f32,
    /// Of which codes.
    pub lit: Lit,
    /// Their colour.
    pub color: Color32,
    /// Strength of one that is not pale, and of one that is.
    pub strengths: [f32; 2],
}

impl Picture for LightsLook {
    type Facts = ();
    type Pixels = ColorImage;

    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<((), ColorImage)> {
        let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
        let Self { scale, pixels_per_point, lit, color, strengths, .. } = self;
        let image = raster::glow(view, (&scale, pixels_per_point), lit, color, strengths);
        Some(((), image_of(image)))
    }
}

/// The counts behind the usage bars of a large codebook.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BarsLook {
    /// Count of snapshots.
    pub generation: u64,
    /// How the bars are shown.
    pub bars: Bars,
}

impl Picture for BarsLook {
    type Facts = Arc<Columns>;
    type Pixels = ();

    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<(Arc<Columns>, ())> {
        let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
        let (counts, _) = self.bars.source.counts(view);
        Some((Arc::new(Columns::new(counts, self.bars)), ()))
    }
}

/// How far the codes of a large codebook moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MovementLook {
    /// Count of snapshots.
    pub generation: u64,
}

impl Picture for MovementLook {
    type Facts = Arc<Movements>;
    type Pixels = ();

    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<(Arc<Movements>, ())> {
        let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
        Some((Arc::new(Movements::new(&view.movement)), ()))
    }
}

/// Uses of all codes as a square.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Square {
    /// Count of snapshots.
    pub generation: u64,
    /// Pixels of a side.
    pub side: usize,
    /// Which uses.
    pub source: UsageSource,
    /// The lane's colour.
    pub color: Color32,
}

impl Picture for Square {
    type Facts = ();
    type Pixels = ColorImage;

    fn paint(self, lane: LaneId, snapshot: &Snapshot) -> Option<((), ColorImage)> {
        let view = snapshot.lanes.iter().find(|view| view.id == lane)?;
        // One scale for all lanes, so that their squares can be compared.
        let all = snapshot.lanes.iter().flat_map(|l| self.source.counts(l).0);
        let most = all.copied().max().unwrap_or(0);
        let (counts, _) = self.source.counts(view);
        Some(((), image_of(raster::usage_square(counts, most, self.side, self.color))))
    }
}

/// Pixels as egui takes them.
fn image_of(made: Pixels) -> ColorImage {
    ColorImage::new(made.size, made.pixels)
}

/// A picture to make.
struct Job<P> {
    lane: LaneId,
    look: P,
    snapshot: Arc<Snapshot>,
}

/// A picture that was made.
pub struct Painted<P: Picture> {
    /// What it was made for.
    pub look: P,
    /// What came of it beside the pixels.
    pub facts: P::Facts,
    /// The snapshot that it shows.
    pub snapshot: Arc<Snapshot>,
}

/// What waits, and what is done: a slot for each lane, in which the newest wins.
struct Desk<P: Picture> {
    /// Whether a thread ever came to it.
    is_served: AtomicBool,
    waiting: [ArcSwapOption<Job<P>>; 2],
    done: [ArcSwapOption<Made<P>>; 2],
}

/// A picture that was made, with its pixels.
type Made<P> = (Painted<P>, <P as Picture>::Pixels);

impl<P: Picture> Default for Desk<P> {
    fn default() -> Self {
        let (waiting, done) = (Default::default(), Default::default());
        Self { is_served: AtomicBool::new(false), waiting, done }
    }
}

/// A desk as a thread sees it, whatever is painted on it.
trait Waits: Send + Sync {
    /// A thread came to it.
    fn serve(&self);

    /// Paints what waits for a lane; whether something did.
    fn paint(&self, lane: LaneId) -> bool;
}

impl<P: Picture> Waits for Desk<P> {
    fn serve(&self) {
        self.is_served.store(true, Ordering::Relaxed);
    }

    fn paint(&self, lane: LaneId) -> bool {
        let Some(job) = self.waiting[lane.index()].swap(None) else { return false };
        if let Some(made) = paint(&job) {
            self.done[lane.index()].store(Some(Arc::new(made)));
        }
        true
    }
}

/// A thread that paints for one painter or several. One that serves several takes no more than one core
/// from the window and the trainer, whatever it is asked for.
pub struct Workshop {
    desks: Vec<Arc<dyn Waits>>,
    bell: Sender<()>,
    rings: Receiver<()>,
}

impl Default for Workshop {
    fn default() -> Self {
        // One ring is enough, however much waits.
        let (bell, rings) = bounded(1);
        Self { desks: Vec::new(), bell, rings }
    }
}

impl Workshop {
    /// Starts the thread under a name. It ends with the last painter that it serves.
    pub fn open(self, name: &str, ctx: &Context) {
        let Self { desks, bell, rings } = self;
        drop(bell);
        let ctx = ctx.clone();
        let thread = std::thread::Builder::new().name(name.into());
        // Painters to whose desk no thread came paint for themselves.
        let _ = thread.spawn(move || work(&desks, &rings, &ctx));
    }
}

/// The window's end of it.
pub struct Painter<P: Picture> {
    /// The desk, and the bell that wakes the thread.
    desk: Option<(Arc<Desk<P>>, Sender<()>)>,
    done: [Option<Painted<P>>; 2],
    asked: [Option<P>; 2],
}

impl<P: Picture> Default for Painter<P> {
    fn default() -> Self {
        Self { desk: None, done: [None, None], asked: [None; 2] }
    }
}

impl<P: Picture> Painter<P> {
    /// Has its pictures made by a thread of its own from now on; without one every picture is made at
    /// once. A system that gives no thread gets the same.
    pub fn start(&mut self, name: &str, ctx: &Context) {
        let mut workshop = Workshop::default();
        self.join(&mut workshop);
        workshop.open(name, ctx);
    }

    /// Has its pictures made by a thread that is not started yet.
    pub fn join(&mut self, workshop: &mut Workshop) {
        let desk = Arc::new(Desk::default());
        workshop.desks.push(desk.clone());
        self.desk = Some((desk, workshop.bell.clone()));
    }

    /// Asks for a picture of a lane; the pixels of what was made since, which is then the newest.
    pub fn ask(&mut self, lane: LaneId, look: P, snapshot: &Arc<Snapshot>) -> Option<P::Pixels> {
        let i = lane.index();
        let is_new = self.asked[i] != Some(look);
        self.asked[i] = Some(look);
        let job = || Job { lane, look, snapshot: snapshot.clone() };
        let made = match &self.desk {
            Some((desk, bell)) => {
                if is_new {
                    desk.waiting[i].store(Some(Arc::new(job())));
                    // A bell that rings already wakes the thread for this one, too.
                    let is_alone = bell.try_send(()).is_err_and(|why| why.is_disconnected());
                    // What ended a thread is not done again in the window's.
                    if is_alone && !desk.is_served.load(Ordering::Relaxed) {
                        desk.paint(lane);
                    }
                }
                desk.done[i].swap(None).and_then(Arc::into_inner)
            }
            None => is_new.then(|| paint(&job())).flatten(),
        };
        let (painted, image) = made?;
        self.done[i] = Some(painted);
        Some(image)
    }

    /// The newest picture of a lane.
    pub fn newest(&self, lane: LaneId) -> Option<&Painted<P>> {
        self.done[lane.index()].as_ref()
    }
}

fn work(desks: &[Arc<dyn Waits>], rings: &Receiver<()>, ctx: &Context) {
    desks.iter().for_each(|desk| desk.serve());
    while rings.recv().is_ok() {
        // Desks and lanes in turn, so that one that is asked for all the time does not starve another.
        loop {
            let mut is_idle = true;
            for desk in desks {
                for lane in [LaneId::A, LaneId::B] {
                    if desk.paint(lane) {
                        ctx.request_repaint();
                        is_idle = false;
                    }
                }
            }
            if is_idle {
                break;
            }
        }
    }
}

fn paint<P: Picture>(job: &Job<P>) -> Option<Made<P>> {
    let Job { lane, look, snapshot } = job;
    let (facts, image) = look.paint(*lane, snapshot)?;
    Some((Painted { look: *look, facts, snapshot: snapshot.clone() }, image))
}

#[cfg(test)]
mod tests {
    use egui::{Rect, pos2, vec2};

    use super::*;
    use crate::figure::camera::Camera;
    use crate::patience::wait;
    use crate::ui::fixture;

    fn look(generation: u64) -> MapLook {
        let plot = Rect::from_min_size(pos2(0.0, 0.0), vec2(60.0, 40.0));
        let scale = Scale::new(plot, [3.0; 2], &Camera::default());
        let color = Color32::RED;
        let colors = Colors { alive: color, fallen: color, dead: color, latent: color, rim: color };
        MapLook { generation, scale, pixels_per_point: 1.0, colors }
    }

    #[test]
    fn without_a_thread_a_picture_is_there_at_once_and_made_once() {
        let snapshot = fixture::collapse().run.snapshot.unwrap();
        let mut painter = Painter::default();
        assert!(painter.ask(LaneId::A, look(1), &snapshot).is_some());
        assert!(painter.ask(LaneId::A, look(1), &snapshot).is_none());
        assert!(painter.ask(LaneId::A, look(2), &snapshot).is_some());
    }

    #[test]
    fn the_thread_paints_what_was_asked_last() {
        let snapshot = fixture::collapse().run.snapshot.unwrap();
        let mut painter = Painter::default();
        painter.start("painter", &Context::default());
        wait("the picture", || painter.ask(LaneId::B, look(7), &snapshot));
        assert_eq!(painter.newest(LaneId::B).unwrap().look, look(7));
    }

    #[test]
    fn whatever_was_asked_before_the_last_of_both_lanes_is_painted_and_the_thread_ends() {
        let snapshot = fixture::collapse().run.snapshot.unwrap();
        let mut painter = Painter::default();
        painter.start("painter", &Context::default());
        for generation in 1..=40 {
            for lane in [LaneId::A, LaneId::B] {
                painter.ask(lane, look(generation), &snapshot);
            }
        }
        for lane in [LaneId::A, LaneId::B] {
            wait("the last picture", || {
                painter.ask(lane, look(40), &snapshot);
                painter.newest(lane).filter(|painted| painted.look == look(40)).map(|_| ())
            });
        }
        let theirs = Arc::downgrade(&painter.desk.as_ref().unwrap().0);
        drop(painter);
        wait("the end of the thread", || theirs.upgrade().is_none().then_some(()));
    }

    #[test]
    fn painters_that_share_a_thread_all_get_their_pictures() {
        let snapshot = fixture::collapse().run.snapshot.unwrap();
        let (mut maps, mut squares) = (Painter::default(), Painter::default());
        let mut workshop = Workshop::default();
        maps.join(&mut workshop);
        squares.join(&mut workshop);
        workshop.open("painter", &Context::default());
        let source = UsageSource::Window;
        let square = Square { generation: 1, side: 23, source, color: Color32::WHITE };
        wait("both pictures", || {
            maps.ask(LaneId::A, look(1), &snapshot);
            squares.ask(LaneId::B, square, &snapshot);
            (maps.newest(LaneId::A).is_some() && squares.newest(LaneId::B).is_some()).then_some(())
        });
        drop(maps);
        // The other one is served on.
        squares.ask(LaneId::A, square, &snapshot);
        wait("the next picture", || {
            squares.ask(LaneId::A, square, &snapshot);
            squares.newest(LaneId::A).map(|_| ())
        });
    }

    #[test]
    fn where_there_is_no_thread_a_picture_is_made_at_once() {
        let snapshot = fixture::collapse().run.snapshot.unwrap();
        let mut painter = Painter::default();
        // A workshop that never opens.
        painter.join(&mut Workshop::default());
        assert!(painter.ask(LaneId::A, look(1), &snapshot).is_some());
    }

    #[test]
    fn squares_of_two_lanes_share_one_scale() {
        let snapshot = fixture::collapse().run.snapshot.unwrap();
        let source = UsageSource::Window;
        let square = Square { generation: 1, side: 23, source, color: Color32::WHITE };
        let mut painter = Painter::default();
        let [a, b] = [LaneId::A, LaneId::B]
            .map(|lane| painter.ask(lane, square, &snapshot).expect("it is made at once"));
        let brightest = |image: &ColorImage| image.pixels.iter().map(Color32::a).max().unwrap();
        // A pixel a code; of the few codes of the collapsed lane some are used most of all.
        assert!(a.size == [23, 23] && brightest(&a) > brightest(&b));
        assert!(painter.ask(LaneId::A, square, &snapshot).is_none());
    }
}
