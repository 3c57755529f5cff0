//! What a map shows of what is pointed at: one code among the others, colours of codes, an input of the
//! user's own.

use egui::{Align2, Painter, Pos2, Shape, Stroke, pos2, vec2};

use crate::figure::camera::Scale;
use crate::figure::hue::Hues;
use crate::figure::scene::{MANY, Marking};
use crate::palette::Palette;
use crate::record::snapshot::LaneView;
use crate::ui::state::closely::CodeOf;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line, radius, space};
use crate::words;

/// How much of the ground lies over what is not pointed at.
const VEIL: f32 = 0.6;

/// Half the side of the mark of a token of the user's own.
const TOKEN: f32 = 6.0;

/// How near a token must be to the pointer, which codes around it lie nearer to.
const TOKEN_REACH: f32 = 6.0;

/// The radius of a token of the code that is lit.
const TOKEN_DOT: f32 = 1.8;

/// The token under the pointer, where it is known which code it chose and no code is nearer: its number
/// among those of the map, and its code with the place of the token.
pub fn token_at(
    view: &LaneView,
    scale: &Scale,
    pointer: Pos2,
    code: Option<(usize, Pos2)>,
) -> Option<(usize, (usize, Pos2))> {
    let reach = code.map_or(TOKEN_REACH, |(_, at)| TOKEN_REACH.min(at.distance(pointer)));
    let (number, code, at) = tokens(view, scale)
        .filter(|(.., at)| at.distance(pointer) < reach)
        .min_by(|(.., a), (.., b)| a.distance(pointer).total_cmp(&b.distance(pointer)))?;
    Some((number, (code, at)))
}

/// The tokens of a map of which it is known which code they chose: number, code, place.
fn tokens<'a>(
    view: &'a LaneView,
    scale: &'a Scale,
) -> impl Iterator<Item = (usize, usize, Pos2)> + 'a {
    let chosen = view.close.as_ref().map_or(&[][..], |close| &close.tokens);
    let all = view.latents.iter().zip(chosen).enumerate();
    all.map(|(number, (&z, &code))| (number, code as usize, scale.at(z)))
}

/// A map as its marks see it.
pub struct Dots<'a> {
    /// The lane.
    pub view: &'a LaneView,
    /// How the map lies.
    pub scale: &'a Scale,
    /// Whether the window is dark.
    pub is_dark: bool,
}

impl Dots<'_> {
    /// Gives each code in use the colour that it has in the pictures.
    pub fn hues(&self, painter: &Painter) {
        let (view, hues) = (self.view, Hues::of(self.view, self.is_dark));
        // Of a large codebook the map is a picture.
        if view.codes.len() > MANY {
            return;
        }
        let marking = Marking::new(view, self.scale);
        let used = (0..view.codes.len()).filter(|&code| view.window_counts.get(code) > Some(&0));
        painter.extend(used.map(|code| {
            let mark = marking.code(code);
            Shape::circle_filled(mark.at, mark.radius, hues.code(code))
        }));
    }

    /// Lights a code of this lane and veils the others, which stay; where it is one of the other lane all
    /// are veiled.
    pub fn lit(&self, painter: &Painter, (lane, code): CodeOf, p: &Palette) {
        let plot = self.scale.plot.shrink(1.0);
        painter.rect_filled(plot, radius::SMALL, p.canvas.gamma_multiply(VEIL));
        if lane != self.view.id {
            return;
        }
        let Some(&at) = self.view.codes.get(code) else { return };
        // The tokens that chose it, among those of the map.
        for (_, _, at) in tokens(self.view, self.scale).filter(|(_, chosen, _)| *chosen == code) {
            painter.circle_filled(at, TOKEN_DOT, p.text);
        }
        let at = self.scale.at(at);
        let inside = plot.shrink(8.0);
        if !plot.contains(at) {
            // It lies outside of what is shown: an arrow at the edge says where.
            let edge = inside.clamp(at);
            let way = (at - edge).normalized() * 10.0;
            painter.arrow(edge - way, way, Stroke::new(line::CURVE, p.lane(lane)));
            return;
        }
        painter.circle_filled(at, 5.0, p.lane(lane));
        painter.circle_stroke(at, 9.0, Stroke::new(line::CURVE, p.text));
    }

    /// Where the tokens of the user's own input lie, each joined to its code.
    pub fn own(&self, painter: &Painter, small: f32, p: &Palette) {
        let own = self.view.close.as_ref().and_then(|close| close.own.as_ref());
        let Some(own) = own else { return };
        for (i, token) in own.tokens.iter().enumerate() {
            let at = self.scale.at(token.at);
            let code = token.near.first().and_then(|near| self.view.codes.get(near.code));
            if let Some(&code) = code {
                let way = [at, self.scale.at(code)];
                painter.line_segment(way, Stroke::new(line::THIN, p.text));
            }
            painter.add(Shape::convex_polygon(
                diamond(at),
                p.canvas,
                Stroke::new(line::CURVE, p.text),
            ));
            if i == 0 {
                let font = theme::font(small);
                let text = words!("own-on-map").to_string();
                let galley = painter.layout_no_wrap(text, font, p.text);
                let anchor = at + vec2(TOKEN + space::XS, 0.0);
                let place = Align2::LEFT_CENTER.anchor_size(anchor, galley.size());
                painter.rect_filled(place, radius::SMALL, p.canvas.gamma_multiply(0.85));
                painter.galley(place.min, galley, p.text);
            }
        }
    }
}

fn diamond(at: Pos2) -> Vec<Pos2> {
    let Pos2 { x, y } = at;
    vec![pos2(x, y - TOKEN), pos2(x + TOKEN, y), pos2(x, y + TOKEN), pos2(x - TOKEN, y)]
}
