//! What can be shown of the cause: on the code maps beside their marks, among the pictures, and in
//! panes of its own.

use emath::{Pos2, Vec2};
use serde::{Deserialize, Serialize};

use crate::figure::camera::Scale;
use crate::figure::scene::Marking;
use crate::record::moves::Motion;
use crate::record::snapshot::LaneView;

/// Which of them are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layers {
    /// Codes that moved in the newest step are lit.
    pub moved: bool,
    /// Which code wins where.
    pub cells: bool,
    /// What W makes of the unit circle.
    pub w: bool,
    /// What a single step did with one token.
    pub slow: bool,
    /// Encoder, nearest code, decoder, and where gradients go.
    pub pipeline: bool,
    /// Which code each part of a picture chose.
    pub place: bool,
    /// How the reconstructions of the lanes differ.
    pub difference: bool,
    /// Three sentences from the present numbers.
    pub sentences: bool,
    /// The life of one code, in the place of the numbers.
    pub inspector: bool,
    /// All codes in use, decoded, in the place of the curves.
    pub atlas: bool,
}

/// The switch of a layer.
pub type Switch = fn(&mut Layers) -> &mut bool;

impl Layers {
    /// Their names on the command line, each with its switch.
    pub const NAMES: [(&str, Switch); 10] = [
        ("moved", |layers| &mut layers.moved),
        ("cells", |layers| &mut layers.cells),
        ("w", |layers| &mut layers.w),
        ("slow", |layers| &mut layers.slow),
        ("pipeline", |layers| &mut layers.pipeline),
        ("place", |layers| &mut layers.place),
        ("difference", |layers| &mut layers.difference),
        ("sentences", |layers| &mut layers.sentences),
        ("inspector", |layers| &mut layers.inspector),
        ("atlas", |layers| &mut layers.atlas),
    ];

    /// These and others.
    pub fn with(mut self, mut other: Self) -> Self {
        for (_, switch) in Self::NAMES {
            *switch(&mut self) |= *switch(&mut other);
        }
        self
    }

    /// The layers of a list of names.
    ///
    /// # Errors
    /// A sentence about a name that is none.
    pub fn of_names(names: &[String]) -> Result<Self, String> {
        let mut layers = Self::default();
        for name in names {
            let Some((_, switch)) = Self::NAMES.iter().find(|(known, _)| known == name) else {
                let known = Self::NAMES.map(|(known, _)| known).join(", ");
                return Err(format!("there is no layer {name}; there are {known}"));
            };
            *switch(&mut layers) = true;
        }
        Ok(layers)
    }
}

/// How far the light of a code reaches beyond its mark, in points.
const GLOW: f32 = 3.5;

/// Shortest tail that is drawn, in points.
const SHORTEST: f32 = 0.75;

/// Which codes are lit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lit {
    /// Those that moved in the newest step.
    Moved,
    /// Those that are known not to be in use.
    Dead,
}

/// A code that is lit, as its light.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Light {
    /// Its middle in the points of the plot.
    pub at: Pos2,
    /// How far it reaches.
    pub radius: f32,
    /// Whether it is pale: the code moved and was not chosen in that step.
    pub is_pale: bool,
    /// Whether it shines because W moved, which the chosen codes pulled.
    pub is_shared: bool,
}

/// Lights of the codes that are lit, where that is known.
pub fn lights(view: &LaneView, scale: &Scale, lit: Lit) -> Vec<Light> {
    let marking = Marking::new(view, scale);
    let light = |code: usize| {
        let motion = match lit {
            // In a warm-up no code is chosen, and none is idle.
            Lit::Dead if view.warms_up_until.is_some() => return None,
            Lit::Dead => view.life(code).is_idle().then_some(None)?,
            Lit::Moved => Some(view.motion(code).filter(|motion| *motion != Motion::Still)?),
        };
        let mark = marking.code(code);
        let is_seen = scale.plot.expand(mark.radius + GLOW).contains(mark.at);
        let (is_pale, is_shared) =
            (motion == Some(Motion::Carried), motion == Some(Motion::Shared));
        is_seen.then_some(Light { at: mark.at, radius: mark.radius + GLOW, is_pale, is_shared })
    };
    (0..view.codes.len()).filter_map(light).collect()
}

/// Squares of the plot along each side in which the way from the chosen codes is measured.
const SQUARES: usize = 24;

/// The share of the way through W at which the pull is at a light that shares it, where it starts.
const FIRST: f32 = 0.2;

/// When the pull of a step is at each light, as a share of its way: it starts at the chosen codes, at 0,
/// and runs through W to the code that is farthest from all of them, at 1. What W does not move waits
/// for nothing.
pub fn reached(lights: &[Light], scale: &Scale) -> Vec<f32> {
    let plot = scale.plot;
    let square = |at: Pos2| {
        let share = (at - plot.min) / plot.size();
        [share.x, share.y]
            .map(|share| (share * SQUARES as f32).clamp(0.0, (SQUARES - 1) as f32) as usize)
    };
    let mut sources = [[false; SQUARES]; SQUARES];
    for light in lights.iter().filter(|light| !light.is_shared) {
        let [x, y] = square(light.at);
        sources[y][x] = true;
    }
    let sources: Vec<[f32; 2]> = (0..SQUARES * SQUARES)
        .map(|i| [i % SQUARES, i / SQUARES])
        .filter(|&[x, y]| sources[y][x])
        .map(|at| at.map(|side| side as f32))
        .collect();
    // Measured once for each square, so that it costs the same whatever K is.
    let mut known = [[f32::NAN; SQUARES]; SQUARES];
    let mut far = |at: Pos2| {
        let [x, y] = square(at);
        let far = &mut known[y][x];
        if far.is_nan() {
            let from = |[a, b]: &[f32; 2]| (a - x as f32).hypot(b - y as f32);
            *far = sources.iter().map(from).fold(f32::INFINITY, f32::min);
        }
        // No chosen code is seen.
        if far.is_finite() { *far } else { 0.0 }
    };
    let all: Vec<f32> =
        lights.iter().map(|l| if l.is_shared { far(l.at) } else { f32::NAN }).collect();
    let farthest = all.iter().fold(0.0, |most: f32, far| most.max(*far)).max(1.0);
    let when = |far: f32| if far.is_nan() { 0.0 } else { FIRST + (1.0 - FIRST) * far / farthest };
    all.into_iter().map(when).collect()
}

/// The ways of codes over the last steps, from where they were to where they are, in the points of the
/// plot.
pub fn tails(view: &LaneView, scale: &Scale) -> Vec<[Pos2; 2]> {
    let ends = view.tails.iter().zip(&view.codes).map(|(&from, &to)| [from, to]);
    let placed = ends.map(|ends| ends.map(|end| scale.at(end)));
    let is_seen = |[from, to]: &[Pos2; 2]| {
        let way: Vec2 = *to - *from;
        way.length() > SHORTEST && (scale.plot.contains(*from) || scale.plot.contains(*to))
    };
    placed.filter(is_seen).collect()
}

/// The unit circle around the origin of the axes, and what W and b make of it, as closed lines in the
/// points of the plot; none where there is no W.
pub fn circles(view: &LaneView, scale: &Scale) -> Option<[Vec<Pos2>; 2]> {
    let transform = view.transform?;
    let centre = view.axes.centre;
    let at = |[x, y]: [f32; 2]| scale.at([x - centre[0], y - centre[1]]);
    let angles = || (0..96_u8).map(|i| std::f32::consts::TAU * f32::from(i) / 96.0);
    let unit = angles().map(|angle| at([angle.cos(), angle.sin()]));
    Some([unit.collect(), angles().map(|angle| at(transform.of_circle(angle))).collect()])
}

#[cfg(test)]
mod tests {
    use emath::{Rect, pos2};

    use super::*;
    use crate::figure::camera::Camera;
    use crate::record::motion::moved;
    use crate::scenario::LaneId;

    fn view() -> LaneView {
        let mut view = LaneView::unknown(LaneId::A, 9);
        view.axes.extent = 1.0;
        view.codes = vec![[0.0, 0.0], [0.5, 0.5], [-0.5, 0.5], [0.5, -0.5]];
        view.tails = vec![[-0.25, 0.0], [0.5, 0.5], [-0.5, 0.4], [0.5, -0.5]];
        view.window_counts = vec![9, 3, 1, 0];
        view.ever_used = vec![true, true, true, false];
        view.window.tokens = 13;
        view.step_movement = vec![0.5, 0.2, 0.1, 0.0];
        view.since_chosen = vec![0.0, 0.0, 5.0, f32::INFINITY];
        view.moved = moved(&view.step_movement, &view.since_chosen);
        view
    }

    #[test]
    fn what_moved_is_lit_and_momentum_is_paler() {
        let plot = Rect::from_min_size(pos2(10.0, 10.0), Vec2::splat(200.0));
        let scale = Scale::new(plot, [1.0; 2], &Camera::default());
        let all = lights(&view(), &scale, Lit::Moved);
        let found: Vec<_> = all.iter().map(|light| (light.at, light.is_pale)).collect();
        let at = [[0.0, 0.0], [0.5, 0.5], [-0.5, 0.5]].map(|code| scale.at(code));
        assert_eq!(found, [(at[0], false), (at[1], false), (at[2], true)]);
        assert_eq!(
            tails(&view(), &scale),
            [[scale.at([-0.25, 0.0]), at[0]], [scale.at([-0.5, 0.4]), at[2]]]
        );
        // What is not known is not lit.
        let unknown = LaneView { step_movement: Vec::new(), ..view() };
        assert!(lights(&unknown, &scale, Lit::Moved).is_empty());
    }

    #[test]
    fn codes_that_are_not_in_use_are_lit_where_that_is_known() {
        let plot = Rect::from_min_size(pos2(10.0, 10.0), Vec2::splat(200.0));
        let scale = Scale::new(plot, [1.0; 2], &Camera::default());
        let places = |view: &LaneView| -> Vec<Pos2> {
            lights(view, &scale, Lit::Dead).iter().map(|light| light.at).collect()
        };
        // One that never was in use, and one that was.
        assert_eq!(places(&view()), [scale.at([0.5, -0.5])]);
        let fell = LaneView { window_counts: vec![9, 0, 1, 0], ..view() };
        assert_eq!(places(&fell), [scale.at([0.5, 0.5]), scale.at([0.5, -0.5])]);
        let unknown = LaneView { window_counts: Vec::new(), ..view() };
        assert!(places(&unknown).is_empty());
    }

    #[test]
    fn the_pull_starts_at_the_chosen_codes_and_runs_through_w_to_the_farthest() {
        let plot = Rect::from_min_size(pos2(10.0, 10.0), Vec2::splat(240.0));
        let scale = Scale::new(plot, [1.0; 2], &Camera::default());
        let mut view = view();
        // Two were chosen, at one corner; the others lie ever farther from it.
        view.codes = vec![[-0.9, -0.9], [-0.9, -0.8], [-0.4, -0.4], [0.2, 0.2], [0.9, 0.9]];
        view.since_chosen = vec![0.0, 0.0, 3.0, 9.0, f32::INFINITY];
        view.step_movement = vec![0.2; 5];
        view.ever_used = vec![true; 5];
        view.window_counts = vec![1; 5];
        view.moved = moved(&view.step_movement, &view.since_chosen);
        view.facts.learn_w = true;
        let when = reached(&lights(&view, &scale, Lit::Moved), &scale);
        assert_eq!((when.len(), when[0], when[1], when[4]), (5, 0.0, 0.0, 1.0));
        assert!(when[1..].is_sorted() && when[2] > 0.2 && when[3] > when[2], "{when:?}");
        // Without a W what still moves is carried by what it has: nothing runs.
        view.facts.learn_w = false;
        assert_eq!(reached(&lights(&view, &scale, Lit::Moved), &scale), [0.0; 5]);
        assert!(reached(&[], &scale).is_empty());
    }

    #[test]
    fn a_story_may_show_every_layer() {
        assert_eq!(crate::scenario::CAUSES, Layers::NAMES.map(|(name, _)| name));
    }

    #[test]
    fn layers_are_named() {
        let names = |all: &[&str]| all.iter().map(ToString::to_string).collect::<Vec<_>>();
        let both = Layers::of_names(&names(&["moved", "cells"])).unwrap();
        assert_eq!(both, Layers { moved: true, cells: true, ..Layers::default() });
        let error = Layers::of_names(&names(&["moves"])).unwrap_err();
        assert!(
            error.contains("moves") && error.contains("moved, cells, w, slow, pipeline"),
            "{error}"
        );
    }
}
