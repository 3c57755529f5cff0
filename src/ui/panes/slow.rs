//! One step of one token on a map: what it chose among, what pulled, and what moved.

use egui::{Align2, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Ui, Vec2, pos2, vec2};

use crate::figure::camera::{Camera, Scale};
use crate::figure::scene::MANY;
use crate::palette::Palette;
use crate::record::snapshot::LaneView;
use crate::record::token_step::{OnMap, TokenStep};
use crate::text::significant;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Side of the lens as a share of the lesser side of the map.
const LENS: f32 = 0.55;

/// How far the lens looks beyond what it is about.
const BEYOND: f32 = 1.45;

/// Length in points that the way of the code that went farthest is drawn with, and the greatest factor.
const LONG: f32 = 40.0;
const MOST_TIMES: f32 = 1e4;

/// Radius of a code, width of an arrow, length of a dash.
const CODE: f32 = 4.0;
const ARROW: f32 = 3.0;
const DASH: f32 = 4.0;

/// Half the width of the mark of a token.
const TOKEN: f32 = 5.0;

/// Draws what is known of the newest single step in a lens; what there is to say, a line each.
pub fn show(
    ui: &Ui,
    view: &LaneView,
    scale: &Scale,
    told: Option<&TokenStep>,
    p: &Palette,
) -> Vec<String> {
    let Some((told, map)) = told.and_then(|told| Some((told, told.on_map.as_ref()?))) else {
        return vec![words!("slow-press-right").into()];
    };
    let side = LENS * scale.plot.width().min(scale.plot.height());
    let corner = pos2(
        scale.plot.right() - side - space::S,
        scale.plot.top() + 3.0 * tokens(ui).small + space::L,
    );
    let lens = Rect::from_min_size(corner, Vec2::splat(side));
    let centre = view.axes.centre;
    let local = |[x, y]: [f32; 2]| [x - centre[0], y - centre[1]];
    let z = local(map.z[0]);
    let reach = |at: &[f32; 2]| (local(*at)[0] - z[0]).hypot(local(*at)[1] - z[1]);
    let extent = BEYOND * map.near.iter().map(reach).fold(0.0, f32::max).max(1e-6);
    let near = Scale::new(lens, [extent; 2], &Camera { zoom: 1.0, middle: z });
    let painter = ui.painter_at(lens);
    painter.rect(
        lens,
        radius::CONTROL,
        p.canvas,
        Stroke::new(line::THIN, p.text),
        StrokeKind::Inside,
    );
    // Where the lens looks.
    let looked = Rect::from_center_size(scale.at(z), Vec2::splat(2.0 * extent * scale.per_unit));
    let frame = Stroke::new(line::HAIR, p.text);
    ui.painter_at(scale.plot).rect_stroke(looked, radius::SMALL, frame, StrokeKind::Outside);
    codes(&painter, view, &near, p);
    let times = ways(&painter, view, map, &near, p);
    choice(&painter, told, map, |at| near.at(local(at)), (tokens(ui).small, p));
    let other = told.bystander.as_ref().map_or("–".into(), |code| significant(code.way()));
    let second = told.near.get(1).map_or("–".into(), |near| significant(near.distance));
    vec![
        words!(
            "slow-of-a-token",
            code = told.chosen.code,
            near = significant(told.near[0].distance),
            second = second,
            companions = told.companions
        ),
        words!(
            "slow-loss-of-the-token",
            own = significant(told.own.recon + told.own.quantization),
            all = significant(told.batch.recon + told.batch.quantization)
        ),
        words!(
            "slow-code-went",
            way = significant(told.chosen.way()),
            times = significant(f64::from(times)),
            other = other
        ),
    ]
}

/// The codes that lie in the lens.
fn codes(painter: &Painter, view: &LaneView, near: &Scale, p: &Palette) {
    // Of a large codebook the lens shows those that it is about alone.
    for (code, &at) in view.codes.iter().enumerate().take_while(|_| view.codes.len() <= MANY) {
        let at = near.at(at);
        if near.plot.contains(at) {
            let color = if view.life(code).is_idle() { p.dead } else { p.lane(view.id) };
            painter.circle_filled(at, CODE, color);
        }
    }
}

/// The ways of the chosen code and of the bystander, drawn longer by one factor, which is given.
fn ways(painter: &Painter, view: &LaneView, map: &OnMap, near: &Scale, p: &Palette) -> f32 {
    let centre = view.axes.centre;
    let at = |[x, y]: [f32; 2]| near.at([x - centre[0], y - centre[1]]);
    let ways: Vec<[Pos2; 2]> =
        std::iter::once(map.chosen).chain(map.bystander).map(|ends| ends.map(at)).collect();
    let longest = ways.iter().map(|[from, to]| from.distance(*to)).fold(0.0, f32::max);
    let times = (LONG / longest.max(LONG / MOST_TIMES)).max(1.0);
    for [from, to] in ways {
        let way = (to - from) * times;
        if way.length() > 1.0 {
            painter.arrow(from, way, Stroke::new(ARROW, p.text));
        }
    }
    times
}

/// The token, and the codes nearest to it with their distances.
fn choice(
    painter: &Painter,
    told: &TokenStep,
    map: &OnMap,
    at: impl Fn([f32; 2]) -> Pos2,
    (small, p): (f32, &Palette),
) {
    let z = at(map.z[0]);
    for (i, (&code, near)) in map.near.iter().zip(&told.near).enumerate().rev() {
        let code = at(code);
        if i == 0 {
            painter.line_segment([z, code], Stroke::new(line::CURVE, p.text));
        } else {
            painter.extend(Shape::dashed_line(
                &[z, code],
                Stroke::new(line::THIN, p.text),
                DASH,
                DASH,
            ));
        }
        painter.circle_stroke(code, 1.6 * CODE, Stroke::new(line::THIN, p.text));
        let text = format!("{}: {}", i + 1, significant(near.distance));
        let galley = painter.layout_no_wrap(text, theme::font(small), p.text);
        // On the side away from the token.
        let out = if code.y >= z.y { 1.0 } else { -1.0 };
        let place = Align2::CENTER_CENTER
            .anchor_size(code + vec2(0.0, (CODE + small) * out), galley.size());
        painter.rect_filled(
            place.expand2(vec2(space::XS, 0.0)),
            radius::SMALL,
            p.canvas.gamma_multiply(0.8),
        );
        painter.galley(place.min, galley, p.text);
    }
    let corners = [vec2(0.0, -TOKEN), vec2(TOKEN, 0.0), vec2(0.0, TOKEN), vec2(-TOKEN, 0.0)];
    let corners = corners.map(|corner| z + corner).to_vec();
    painter.add(Shape::convex_polygon(corners, p.canvas, Stroke::new(line::CURVE, p.text)));
}
