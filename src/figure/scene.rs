//! What a code map shows: marks, and axes with their ticks, computed from a view and a camera alone.
//!
//! A map is painted three ways: to a mesh by the window, to pixels ([`crate::figure::raster`]) and to
//! SVG ([`crate::figure::map`]). All of them paint this, so that they cannot disagree.

use ecolor::Color32;
use emath::{Pos2, Rect};

use crate::figure::axis::{Axis, Tick, nice_step};
use crate::figure::camera::{Camera, Scale};
use crate::palette::{LIGHT, Palette};
use crate::record::life::Life;
use crate::record::setting::BasisMode;
use crate::record::snapshot::LaneView;
use crate::record::thumbnail::{ThumbnailLane, coordinates};
use crate::scenario::LaneId;
use crate::text::{count, percent};
use crate::words;

/// Codes from which on a map is a picture in pixels instead of shapes.
pub const MANY: usize = 8192;

/// Codes in use up to which each is a disc on a map of many.
const FEW: usize = 600;

/// Codes in use up to which each stands out, where there are so many times as many codes.
const RARE: usize = 32;
const RARE_AMONG: usize = 64;

/// Whether so few of so many codes are in use that each must stand out.
pub fn is_rare(used: usize, size: usize) -> bool {
    (1..=RARE).contains(&used) && used * RARE_AMONG <= size
}

/// Width of the rim around one of a few codes in use.
pub const RIM_WIDTH: f32 = 1.5;

/// Radius of the hole in a ring, as a share of the ring's.
pub const HOLE: f32 = 8.5 / 14.5;

/// Half the width of an arm of a cross, as a share of the cross's reach.
pub const ARM: f32 = 3.2 / 14.5;

/// Least distance in points between two ticks, whose labels stand beside each other.
const LABEL: f32 = 34.0;

/// How far outside of the plot a mark may lie and still reach into it.
const RIM: f32 = 8.0;

/// What a mark stands for, and with that its shape and its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An encoder output: a small dot.
    Output,
    /// A code in use, or one of which nothing is counted: a disc.
    Used,
    /// One of a few codes in use among many: a disc with a rim, above everything.
    Rare,
    /// A code that never was in use, or of which only that is known that it is not: a ring.
    Never,
    /// A code that fell out of use: a cross.
    FellOut,
}

impl Kind {
    /// That of a code.
    fn of(life: Life) -> Self {
        match life {
            Life::InUse | Life::Unknown => Self::Used,
            Life::Never | Life::NotInUse => Self::Never,
            Life::FellOut => Self::FellOut,
        }
    }
}

/// Colours of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Colors {
    /// Codes in use.
    pub alive: Color32,
    /// Codes that fell out of use.
    pub fallen: Color32,
    /// Codes that never were in use, and those of which only that is known that they are not.
    pub dead: Color32,
    /// Encoder outputs.
    pub latent: Color32,
    /// Around one of a few codes in use.
    pub rim: Color32,
}

impl Colors {
    /// Those of a lane in a theme, for a picture in pixels.
    pub fn of(p: &Palette, id: LaneId) -> Self {
        let (alive, fallen) = (p.lane(id), p.fallen(id));
        Self { alive, fallen, dead: p.dead, latent: p.text, rim: p.text }
    }

    /// Those of a lane in a theme, for marks that are shapes.
    pub fn of_shapes(p: &Palette, id: LaneId) -> Self {
        Self { latent: p.latent, ..Self::of(p, id) }
    }

    /// Those that do on a light and on a dark ground, as in a report.
    pub fn on_any_ground(id: LaneId) -> Self {
        let latent = LIGHT.weak.gamma_multiply(0.7);
        Self { latent, rim: LIGHT.weak, ..Self::of(&LIGHT, id) }
    }

    /// The colour of a mark.
    pub fn kind(&self, kind: Kind) -> Color32 {
        match kind {
            Kind::Output => self.latent,
            Kind::Used | Kind::Rare => self.alive,
            Kind::Never => self.dead,
            Kind::FellOut => self.fallen,
        }
    }
}

/// One mark of a map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Where its middle is, in the points of the plot.
    pub at: Pos2,
    /// How far it reaches from there, in points.
    pub radius: f32,
    /// What it stands for.
    pub kind: Kind,
}

/// Place and size of the marks of a view.
pub struct Marking<'a> {
    view: &'a LaneView,
    scale: &'a Scale,
    /// Uses of a code if all were used alike.
    fair: f32,
    /// Whether so few of many codes are in use that nobody would find them.
    is_rare: bool,
    /// What all radii are multiplied by: many codes need small marks, or they hide each other.
    small: f32,
}

impl<'a> Marking<'a> {
    /// How the marks of a view lie on a plot.
    pub fn new(view: &'a LaneView, scale: &'a Scale) -> Self {
        let size = view.codes.len().max(1) as f32;
        let small = if view.codes.len() > MANY { 1.0 } else { (512.0 / size).sqrt() };
        Self {
            view,
            scale,
            fair: (view.counted_in.whole(&view.window) as f32 / size).max(1.0),
            is_rare: is_rare(view.window.used, view.codes.len()),
            small: small.clamp(0.45, 1.0),
        }
    }

    /// The marks of the encoder outputs.
    pub fn outputs(&self) -> impl Iterator<Item = Mark> {
        let radius = if self.view.codes.len() > MANY { 1.0 } else { 1.4 };
        let mark = move |&at: &[f32; 2]| Mark { at: self.scale.at(at), radius, kind: Kind::Output };
        self.view.latents.iter().map(mark)
    }

    /// The mark of a code.
    pub fn code(&self, code: usize) -> Mark {
        let kind = match Kind::of(self.view.life(code)) {
            Kind::Used if self.is_rare => Kind::Rare,
            kind => kind,
        };
        Mark { at: self.scale.at(self.view.codes[code]), radius: self.radius(code, kind), kind }
    }

    fn radius(&self, code: usize, kind: Kind) -> f32 {
        // A few codes that serve everything are what a collapse looks like: they must be seen, each as
        // large as on the map of a small codebook. Of the others of a large one each is a point, and
        // many points make a cloud.
        let uses = self.view.window_counts.get(code).copied().unwrap_or(0);
        let is_point = self.view.window.used > FEW || uses == 0;
        // Area grows with use, within bounds: a code used ten times its share is twice as wide.
        let by_use = 3.2 * (uses as f32 / self.fair).powf(0.3);
        match kind {
            Kind::Rare => by_use.clamp(5.5, 8.0),
            _ if self.view.codes.len() > MANY && is_point => 1.0,
            Kind::Used => by_use.clamp(2.6, 8.0) * self.small,
            Kind::Output | Kind::Never | Kind::FellOut => 3.6 * self.small,
        }
    }
}

/// An axis of a map.
#[derive(Clone, Debug, PartialEq)]
pub struct Side {
    /// From one edge of the plot to the other, in the numbers of the codes.
    pub axis: Axis,
    /// Where its ends are in the plot: two x across, two y up.
    pub ends: [f32; 2],
    /// Its ticks within the plot.
    pub ticks: Vec<Tick>,
    /// "PC 1".
    pub name: String,
    /// "31 %" of the variance; nothing where the axes are not chosen by it.
    pub share: String,
    /// What the ticks are numbers of: nothing, or ", in 1e-7 from 0.2".
    pub unit: String,
}

impl Side {
    /// Where a tick lies: its x across, its y up.
    pub fn at(&self, tick: &Tick) -> f32 {
        let [low, high] = self.ends;
        low + self.axis.place(tick.value) as f32 * (high - low)
    }

    /// "PC 1 (31 % of variance), in 1e-7".
    pub fn title(&self) -> String {
        match self.share.as_str() {
            "" => format!("{}{}", self.name, self.unit),
            share => {
                words!("map-axis", name = self.name, share = share, unit = self.unit)
            }
        }
    }

    /// The same in fewer words: "PC 1 (31 %), in 1e-7".
    pub fn short_title(&self) -> String {
        match self.share.as_str() {
            "" => format!("{}{}", self.name, self.unit),
            share => {
                words!("map-axis-short", name = self.name, share = share, unit = self.unit)
            }
        }
    }
}

/// Both axes of a plot, across and up, with the same distance between ticks.
pub fn axes(view: &LaneView, scale: &Scale) -> [Side; 2] {
    let size = [scale.plot.width(), scale.plot.height()].map(|w| f64::from(w / scale.per_unit));
    // Six of them in the lower direction, but no closer than their labels have room.
    let least = f64::from(LABEL / scale.per_unit);
    let step = nice_step(size[0].min(size[1]).max(6.0 * least), 6);
    let plot = scale.plot;
    let ends = [[plot.left(), plot.right()], [plot.bottom(), plot.top()]];
    [0, 1].map(|i| {
        let middle = f64::from(view.axes.centre[i]) + f64::from(scale.middle[i]);
        let axis = Axis::linear(middle - size[i] / 2.0, middle + size[i] / 2.0);
        let marks = axis.marks(step);
        Side {
            axis,
            ends: ends[i],
            ticks: marks.ticks().collect(),
            name: match view.axes.are_coordinates {
                true => ["x", "y"][i].into(),
                false => format!("PC {}", i + 1),
            },
            share: match view.axes.are_coordinates {
                true => String::new(),
                false => percent(f64::from(view.axes.explained[i])),
            },
            unit: marks.unit(),
        }
    })
}

/// Which axes those of a view are, to stand after the name of the first; nothing where they are the
/// usual ones.
pub fn which_axes(view: &LaneView) -> String {
    match view.axes.mode {
        _ if view.axes.are_coordinates => String::new(),
        // Fixed codes have no direction of their own.
        BasisMode::Live if view.has_fixed_codes => words!("map-axes-of-the-outputs").into(),
        BasisMode::Live => String::new(),
        BasisMode::Fixed => words!("map-axes-of-step", step = count(view.axes.step)),
        BasisMode::Shared => words!("map-axes-of-both-lanes").into(),
    }
}

/// A code map, ready to be painted.
#[derive(Clone, Debug, PartialEq)]
pub struct CodeMap {
    /// The plot, and how it lies over the view.
    pub scale: Scale,
    /// All marks that can be seen, the lowest first.
    pub marks: Vec<Mark>,
    /// The axes across and up.
    pub axes: [Side; 2],
}

impl CodeMap {
    /// The map of a view on a plot.
    pub fn new(view: &LaneView, scale: &Scale) -> Self {
        let marking = Marking::new(view, scale);
        let codes: Vec<Mark> = (0..view.codes.len()).map(|code| marking.code(code)).collect();
        // What is hollow is on top: a clump of idle codes must not vanish under one in use.
        let layers = [Kind::Used, Kind::Never, Kind::FellOut, Kind::Rare]
            .into_iter()
            .flat_map(|kind| codes.iter().filter(move |mark| mark.kind == kind).copied());
        let keep = scale.plot.expand(RIM);
        let marks = marking.outputs().chain(layers).filter(|mark| keep.contains(mark.at)).collect();
        Self { scale: *scale, marks, axes: axes(view, scale) }
    }
}

/// Codes in use up to which each is large on a small map.
const FEW_OF_SMALL: usize = 40;

/// The marks of a small map, as large as they can be seen on one; the lowest first, as on a large one.
pub fn small_map(lane: &ThumbnailLane, plot: Rect) -> Vec<Mark> {
    let scale = Scale::new(plot, [1.0; 2], &Camera::default());
    let radius = if lane.alive.len() < FEW_OF_SMALL { 2.4 } else { 1.2 };
    let of = |places: &[[u8; 2]], radius, kind| -> Vec<Mark> {
        let mark = |place: &[u8; 2]| Mark { at: scale.at(coordinates(*place)), radius, kind };
        places.iter().map(mark).collect()
    };
    [of(&lane.alive, radius, Kind::Used), of(&lane.dead, 1.4, Kind::Never)].concat()
}

#[cfg(test)]
mod tests {
    use emath::{pos2, vec2};

    use super::*;
    use crate::ui::fixture;

    fn view() -> LaneView {
        let mut view = fixture::collapse().run.lane(LaneId::B).unwrap().clone();
        view.latents = vec![[0.1, 0.1]];
        view.codes = vec![[0.0, 0.0], [0.5, 0.2], [-0.5, 0.2], [0.2, -0.4], [90.0, 0.0]];
        view.window_counts = vec![0, 100, 0, 1, 7];
        view.ever_used = vec![false, true, true, true, true];
        (view.window.tokens, view.window.used) = (108, 3);
        view
    }

    fn scale(view: &LaneView, camera: &Camera) -> Scale {
        let plot = Rect::from_min_size(pos2(30.0, 20.0), vec2(240.0, 180.0));
        Scale::new(plot, [view.axes.extent.max(1.0); 2], camera)
    }

    #[test]
    fn marks_lie_on_each_other_in_the_order_of_their_kinds_and_grow_with_use() {
        let view = view();
        let map = CodeMap::new(&view, &scale(&view, &Camera::default()));
        let kinds: Vec<Kind> = map.marks.iter().map(|mark| mark.kind).collect();
        // The code far outside is not there.
        assert_eq!(kinds, [Kind::Output, Kind::Used, Kind::Used, Kind::Never, Kind::FellOut]);
        assert!(map.marks[1].radius > map.marks[2].radius, "{:?}", map.marks);
        assert_eq!(map.marks[3].at, map.scale.at([0.0, 0.0]));
        let near = Camera { zoom: 2.0, middle: [0.5, 0.2] };
        let near = CodeMap::new(&view, &scale(&view, &near));
        let used = near.marks.iter().find(|mark| mark.kind == Kind::Used).unwrap();
        assert!((used.at - near.scale.plot.center()).length() < 1e-3 && used.radius > 2.0);
    }

    #[test]
    fn few_codes_in_use_among_many_lie_above_all_and_are_large() {
        let mut view = view();
        view.codes = vec![[0.0, 0.0]; 8192];
        view.window_counts = vec![0; 8192];
        view.ever_used = vec![true; 8192];
        view.window_counts[4000] = 3;
        (view.window.tokens, view.window.used, view.window.size) = (3, 1, 8192);
        let map = CodeMap::new(&view, &scale(&view, &Camera::default()));
        let last = map.marks.last().unwrap();
        assert_eq!(last.kind, Kind::Rare);
        assert!(map.marks[..8191].iter().all(|mark| mark.radius < last.radius / 2.0));
        // A usual number of them is as usual.
        view.window.used = 200;
        let map = CodeMap::new(&view, &scale(&view, &Camera::default()));
        assert!(map.marks.iter().all(|mark| mark.kind != Kind::Rare));
    }

    #[test]
    fn a_small_map_lies_as_the_large_one() {
        let mut view = view();
        (view.axes.extent, view.axes.rise) = (0.5, None);
        view.codes.truncate(4);
        view.latents.clear();
        let lane = ThumbnailLane::of(&view, &[]);
        let plot = Rect::from_min_size(pos2(10.0, 20.0), vec2(60.0, 60.0));
        let small = small_map(&lane, plot);
        let large = CodeMap::new(&view, &Scale::new(plot, view.axes.reach(), &Camera::default()));
        assert_eq!(small.len(), 4);
        for mark in &large.marks {
            let near = |other: &&Mark| (other.at - mark.at).length() < 0.5;
            assert!(small.iter().find(near).is_some(), "{mark:?} {small:?}");
        }
        let kinds: Vec<Kind> = small.iter().map(|mark| mark.kind).collect();
        assert_eq!(kinds, [Kind::Used, Kind::Used, Kind::Never, Kind::Never]);
    }

    #[test]
    fn ticks_lie_where_their_numbers_are() {
        let mut view = view();
        view.axes.centre = [0.3, -7.0];
        for camera in [Camera::default(), Camera { zoom: 3.0, middle: [0.2, 0.1] }] {
            let map = CodeMap::new(&view, &scale(&view, &camera));
            for (i, side) in map.axes.iter().enumerate() {
                assert!(side.ticks.len() > 1, "{side:?}");
                for tick in &side.ticks {
                    let mut local = [0.0; 2];
                    local[i] = tick.value as f32 - view.axes.centre[i];
                    let at = map.scale.at(local);
                    let wanted = [at.x, at.y][i];
                    assert!((side.at(tick) - wanted).abs() < 0.01, "{tick:?}");
                }
            }
        }
    }
}
