//! One step of one token on a map, in the stages that are gone through by hand: what is encoded, what it
//! chooses among, what that costs, what pulls, and where everything is afterwards.

use std::sync::Arc;

use egui::{
    Align2, Galley, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, StrokeKind, Ui,
    Vec2, WidgetInfo, pos2, vec2,
};

use crate::figure::camera::{Camera, Scale};
use crate::figure::scene::MANY;
use crate::palette::Palette;
use crate::record::snapshot::LaneView;
use crate::record::token_step::{OnMap, TokenStep};
use crate::text::{count, significant};
use crate::ui::panes::slow_words::{self, Pull};
use crate::ui::panes::spoken;
use crate::ui::state::command::UiCommand;
use crate::ui::state::slow_stage::SlowStage;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{is_room, line, radius, space, tokens};
use crate::words;

/// Side of the lens as a share of the lesser side of the map, and the least one that shows something.
const LENS: f32 = 0.55;
const LEAST: f32 = 48.0;

/// Side of a lens that has room for distances, and width of a map that has room for the button back; below
/// it the lines and the keys do.
const LABELLED: f32 = 80.0;
const ROOMY: f32 = 320.0;

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

/// Strength of a code that a stage is not about, and of the light of one that is pulled.
const FAINT: f32 = 0.3;
const LIGHT: f32 = 0.35;

/// Widest column of numbers, in points.
const COLUMN: f32 = 170.0;

/// A map, and what its newest single step did.
pub struct Slow<'a> {
    /// The view of the lane.
    pub view: &'a LaneView,
    /// How the map lies.
    pub scale: &'a Scale,
    /// What the step did with one token, where the step that is shown was made by itself.
    pub told: Option<&'a TokenStep>,
    /// The stage that is shown.
    pub stage: SlowStage,
    /// Whether a step can be made.
    pub can_step: bool,
}

/// What is drawn into a lens.
struct Lens<'a> {
    view: &'a LaneView,
    told: &'a TokenStep,
    map: &'a OnMap,
    stage: SlowStage,
    scale: Scale,
    painter: Painter,
    small: f32,
    p: &'a Palette,
}

/// Draws the stage in a lens; what there is to say, a line each.
pub fn show(ui: &Ui, slow: &Slow<'_>, p: &Palette, outbox: &mut Outbox) -> Vec<String> {
    let known = slow.told.and_then(|told| Some((told, told.on_map.as_ref()?)));
    let top = strip(ui, slow, known.is_some(), p, outbox);
    let Some((told, map)) = known else {
        return vec![words!("slow-press-right").into()];
    };
    let plot = slow.scale.plot;
    let mut lines = slow_words::lines(slow.stage, told, slow.view);
    if slow.view.codes.len() > MANY {
        lines.push(words!("slow-few-codes", from = count(MANY as u64 + 1)));
    }
    let mut said = lines.clone();
    let place = match slow.stage {
        SlowStage::After => {
            let place = both(ui, slow, (told, map), top, p);
            lines.push(slow_words::went(told, place.1));
            said.extend(slow_words::sides(told, slow_words::FEW).into_iter().flatten());
            said.extend(lines.clone());
            place.0
        }
        _ => {
            // What is written stands below it.
            let rows = lines.iter().map(|line| note(ui, plot, line, p).rows.len()).sum::<usize>();
            let words = rows as f32 * 1.7 * tokens(ui).small + 2.0 * space::L;
            let room = (plot.bottom() - top - words).max(LEAST);
            let side = room.min(LENS * plot.width().min(plot.height()));
            let corner = pos2(plot.right() - side - space::S, top);
            let rect = Rect::from_min_size(corner, Vec2::splat(side));
            lens(ui, slow, (told, map), rect, p).stage();
            rect
        }
    };
    spoken::put(ui, place, (slow.view.id.name(), Role::Image), || {
        words!(
            "spoken-slow",
            lane = slow.view.id.name().to_uppercase(),
            stage = stage_name(slow),
            lines = said.join("; ")
        )
    });
    lines
}

/// A line about a map, in two rows where it is longer than the map is wide.
pub fn note(ui: &Ui, plot: Rect, text: &str, p: &Palette) -> Arc<Galley> {
    let font = theme::font(tokens(ui).small);
    ui.painter().layout(text.into(), font, p.text, plot.width() - 2.0 * space::S)
}

/// The stage by its number and its name.
fn stage_name(slow: &Slow<'_>) -> String {
    let name = slow_words::name(slow.stage, Pull::of(slow.view));
    words!("slow-stage", number = slow.stage as usize + 1, name = name)
}

/// The stage's name between the buttons that lead to the others; where what lies below it begins.
fn strip(ui: &Ui, slow: &Slow<'_>, is_known: bool, p: &Palette, outbox: &mut Outbox) -> f32 {
    let small = tokens(ui).small;
    let height = small + space::S;
    let plot = slow.scale.plot;
    let right = plot.right() - space::S;
    let row = Rect::from_min_max(
        pos2(plot.left(), plot.top() + space::XS),
        pos2(right, plot.top() + space::XS + height),
    );
    let bottom = row.bottom() + space::XS;
    let has_buttons = slow.can_step && !is_room(ui);
    let button = Vec2::splat(height);
    let lane = slow.view.id.name().to_uppercase();
    let mut end = row.right();
    if has_buttons {
        let place = Rect::from_min_size(pos2(end - height, row.top()), button);
        let name = words!("slow-next-stage", lane = lane);
        if arrow(ui, (place, 1.0), (name, true), p).clicked() {
            outbox.command(UiCommand::StageOn);
        }
        end = place.left() - space::XS;
    }
    if !is_known {
        return bottom;
    }
    let painter = ui.painter_at(plot);
    let galley = painter.layout_no_wrap(stage_name(slow), theme::bold(small), p.text);
    let place = Align2::RIGHT_CENTER.anchor_size(pos2(end, row.center().y), galley.size());
    painter.rect_filled(place.expand2(vec2(space::XS, 1.0)), radius::SMALL, p.canvas);
    painter.galley(place.min, galley, p.text);
    if has_buttons && plot.width() >= ROOMY {
        let corner = pos2(place.left() - space::XS - height, row.top());
        let name = words!("slow-stage-before", lane = lane);
        let is_there = slow.stage.before().is_some();
        let place = Rect::from_min_size(corner, button);
        if arrow(ui, (place, -1.0), (name, is_there), p).clicked() {
            outbox.command(UiCommand::StageBack);
        }
    }
    bottom
}

/// A button with an arrow to the right, or to the left.
fn arrow(
    ui: &Ui,
    (place, way): (Rect, f32),
    (name, is_enabled): (String, bool),
    p: &Palette,
) -> Response {
    let sense = if is_enabled { Sense::click() } else { Sense::hover() };
    let response = ui.interact(place, ui.scope_id().with(("slow-arrow", name.as_str())), sense);
    let ground = if response.hovered() && is_enabled { p.border } else { p.control };
    let painter = ui.painter();
    painter.rect_filled(place, radius::CONTROL, ground);
    let at = place.center();
    let corners = [vec2(-0.5 * way, -1.0), vec2(way, 0.0), vec2(-0.5 * way, 1.0)];
    let corners = corners.map(|corner| at + CODE * corner).to_vec();
    let color = if is_enabled { p.text } else { p.dead };
    painter.add(Shape::convex_polygon(corners, color, Stroke::NONE));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, is_enabled, name.clone()));
    theme::focus_ring(ui, &response);
    response
}

/// The lens on a map, and where it looks.
fn lens<'a>(
    ui: &Ui,
    slow: &Slow<'a>,
    (told, map): (&'a TokenStep, &'a OnMap),
    rect: Rect,
    p: &'a Palette,
) -> Lens<'a> {
    let Slow { view, scale, stage, .. } = *slow;
    let centre = view.axes.centre;
    let local = |[x, y]: [f32; 2]| [x - centre[0], y - centre[1]];
    let z = local(map.z[0]);
    let reach = |at: &[f32; 2]| (local(*at)[0] - z[0]).hypot(local(*at)[1] - z[1]);
    let extent = BEYOND * map.near.iter().map(reach).fold(0.0, f32::max).max(1e-6);
    let near = Scale::new(rect, [extent; 2], &Camera { zoom: 1.0, middle: z });
    let painter = ui.painter_at(rect);
    let border = Stroke::new(line::THIN, p.text);
    painter.rect(rect, radius::CONTROL, p.canvas, border, StrokeKind::Inside);
    // Where the lens looks.
    let looked = Rect::from_center_size(scale.at(z), Vec2::splat(2.0 * extent * scale.per_unit));
    let frame = Stroke::new(line::HAIR, p.text);
    ui.painter_at(scale.plot).rect_stroke(looked, radius::SMALL, frame, StrokeKind::Outside);
    Lens { view, told, map, stage, scale: near, painter, small: tokens(ui).small, p }
}

/// Two lenses side by side, before and after the step, with the numbers of each below it; where they
/// stand, and how many times longer ways are drawn where there is room for lenses.
fn both(
    ui: &Ui,
    slow: &Slow<'_>,
    of: (&TokenStep, &OnMap),
    top: f32,
    p: &Palette,
) -> (Rect, Option<f32>) {
    let (plot, small) = (slow.scale.plot, tokens(ui).small);
    let row = 1.35 * small;
    let width = ((plot.width() - 3.0 * space::S) / 2.0).min(COLUMN * small / 12.0);
    // Who moved has a line at the left of the map, how far they went one below.
    let top = top + row;
    let below = note(ui, plot, &slow_words::went(of.0, Some(MOST_TIMES)), p).rows.len() as f32;
    let height = plot.bottom() - top - (2.0 + below) * row;
    let sides = columns(ui, of.0, [width - 2.0 * space::XS, height / row]);
    let words = sides[0].len() as f32 * row;
    let room = height - words - space::M;
    let side = room.min(width).min(LENS * plot.height().min(plot.width()));
    let mut times = None;
    let mut whole = Rect::NOTHING;
    for (i, lines) in sides.iter().enumerate() {
        let left = plot.right() - (2 - i) as f32 * (width + space::S);
        let mut y = top;
        if side >= LEAST {
            let rect = Rect::from_min_size(pos2(left, top), Vec2::splat(side));
            let lens = lens(ui, slow, of, rect, p);
            times = Some(lens.side(i));
            y = rect.bottom() + space::XS;
        }
        let column = Rect::from_min_size(pos2(left, y), vec2(width, words));
        let painter = ui.painter_at(column.intersect(plot));
        painter.rect_filled(column, radius::SMALL, p.canvas.gamma_multiply(0.85));
        for (line, text) in lines.iter().enumerate() {
            let at = pos2(left + space::XS, y + line as f32 * row);
            let font = if line == 0 { theme::bold(small) } else { theme::font(small) };
            painter.text(at, Align2::LEFT_TOP, text, font, p.text);
        }
        whole = whole.union(column.with_min_y(top));
    }
    (whole.intersect(plot), times)
}

/// What stands below the lenses: with as many numbers as the width of a column takes, and without the
/// vectors where it has not so many rows.
fn columns(ui: &Ui, told: &TokenStep, [width, rows]: [f32; 2]) -> [Vec<String>; 2] {
    let font = theme::font(tokens(ui).small);
    let wide = |line: &String| {
        let galley = ui.painter().layout_no_wrap(line.clone(), font.clone(), egui::Color32::WHITE);
        galley.size().x > width
    };
    let mut all = (1..=slow_words::FEW).rev().map(|few| slow_words::sides(told, few));
    let fitting = all.clone().find(|sides| !sides.iter().flatten().any(wide));
    let sides = fitting.or(all.next_back()).unwrap_or_default();
    let left_out = sides[0].len().saturating_sub((rows.max(0.0) as usize).max(2));
    sides.map(|mut lines| {
        lines.drain(1..=left_out.min(2));
        lines
    })
}

impl Lens<'_> {
    fn at(&self, [x, y]: [f32; 2]) -> Pos2 {
        let centre = self.view.axes.centre;
        self.scale.at([x - centre[0], y - centre[1]])
    }

    /// What a stage is about.
    fn stage(&self) {
        let pull = Pull::of(self.view);
        match self.stage {
            SlowStage::Encode | SlowStage::Loss | SlowStage::After => self.codes(FAINT),
            SlowStage::Choose => self.codes(1.0),
            SlowStage::Pull => {
                let strength = if pull.reaches_all() { 1.0 } else { FAINT };
                self.codes(strength);
            }
        }
        let chosen = self.at(self.map.chosen[0]);
        match self.stage {
            SlowStage::Encode | SlowStage::After => {}
            SlowStage::Choose => self.choice(self.map.near.len()),
            SlowStage::Loss => {
                self.code(self.map.chosen[0]);
                self.choice(1);
            }
            SlowStage::Pull => {
                self.pull(pull);
                self.code(self.map.chosen[0]);
                self.choice(1);
            }
        }
        self.token(self.map.z[0]);
        if self.stage == SlowStage::Pull && pull != Pull::None {
            let [x, y] = self.map.pulled;
            let way = LONG * vec2(x, -y);
            if way.length() > 1.0 {
                self.painter.arrow(chosen, way, Stroke::new(ARROW, self.p.text));
            }
        }
    }

    /// The token and its code before the step, or after it with the ways there; how many times longer
    /// these are drawn.
    fn side(&self, after: usize) -> f32 {
        self.codes(FAINT);
        let (z, chosen) = (self.map.z[after], self.map.chosen[after]);
        let line = Stroke::new(line::CURVE, self.p.text);
        self.painter.line_segment([self.at(z), self.at(chosen)], line);
        self.code(chosen);
        if let Some(other) = self.map.bystander {
            self.code(other[after]);
        }
        let times = if after == 1 { self.ways() } else { 1.0 };
        self.token(z);
        times
    }

    /// The codes that lie in the lens, as they are on the map; those that the step is about are drawn
    /// over them where they were.
    fn codes(&self, strength: f32) {
        // Of a large codebook the lens shows those that it is about alone.
        let view = self.view;
        for (code, &at) in view.codes.iter().enumerate().take_while(|_| view.codes.len() <= MANY) {
            // They are told from the middle of the axes.
            let at = self.scale.at(at);
            if self.scale.plot.contains(at) {
                let idle = view.life(code).is_idle();
                let color = if idle { self.p.dead } else { self.p.lane(view.id) };
                self.painter.circle_filled(at, CODE, color.gamma_multiply(strength));
            }
        }
    }

    /// A code that the stage is about.
    fn code(&self, at: [f32; 2]) {
        self.painter.circle_filled(self.at(at), CODE, self.p.lane(self.view.id));
    }

    /// What the pull reaches is lit: the chosen code, and where W is shared all that lie in the lens,
    /// each at the end of a line that comes from the chosen one.
    fn pull(&self, pull: Pull) {
        let (from, color) = (self.at(self.map.chosen[0]), self.p.lane(self.view.id));
        let light = color.gamma_multiply(LIGHT);
        if pull.reaches_all() && self.view.codes.len() <= MANY {
            let inside = self.view.codes.iter().map(|&code| self.scale.at(code));
            for at in inside.filter(|at| self.scale.plot.contains(*at)) {
                self.painter.line_segment([from, at], Stroke::new(line::HAIR, light));
                self.painter.circle_filled(at, 2.0 * CODE, light);
            }
        }
        if pull != Pull::None {
            self.painter.circle_filled(from, 2.0 * CODE, light);
        }
    }

    /// The ways of the chosen code and of the bystander, drawn longer by one factor, which is given.
    fn ways(&self) -> f32 {
        let ways: Vec<[Pos2; 2]> = std::iter::once(self.map.chosen)
            .chain(self.map.bystander)
            .map(|ends| ends.map(|end| self.at(end)))
            .collect();
        let longest = ways.iter().map(|[from, to]| from.distance(*to)).fold(0.0, f32::max);
        let times = (LONG / longest.max(LONG / MOST_TIMES)).max(1.0);
        for [from, to] in ways {
            let way = (to - from) * times;
            if way.length() > 1.0 {
                self.painter.arrow(from, way, Stroke::new(ARROW, self.p.text));
            }
        }
        times
    }

    /// So many of the codes nearest to the token, with their distances.
    fn choice(&self, most: usize) {
        let (z, p, painter) = (self.at(self.map.z[0]), self.p, &self.painter);
        let all = self.map.near.iter().zip(&self.told.near);
        let mut taken: Vec<Rect> = Vec::new();
        for (i, (&code, near)) in all.enumerate().take(most).rev() {
            let code = self.at(code);
            if i == 0 {
                painter.line_segment([z, code], Stroke::new(line::CURVE, p.text));
            } else {
                let thin = Stroke::new(line::THIN, p.text);
                painter.extend(Shape::dashed_line(&[z, code], thin, DASH, DASH));
            }
            painter.circle_stroke(code, 1.6 * CODE, Stroke::new(line::THIN, p.text));
            if self.scale.plot.width() < LABELLED {
                continue;
            }
            let text = format!("{}: {}", i + 1, significant(near.distance));
            let galley = painter.layout_no_wrap(text, theme::font(self.small), p.text);
            // On the side away from the token.
            let out = if code.y >= z.y { 1.0 } else { -1.0 };
            let beyond = |(row, side): (f32, f32)| {
                let way = (CODE + self.small + row * (galley.size().y + 1.0)) * side;
                Align2::CENTER_CENTER.anchor_size(code + vec2(0.0, way), galley.size())
            };
            // Codes that lie together have their distances one beyond the other, within the lens.
            let ways = [0.0, 1.0, 2.0].map(|row| [(row, out), (row, -out)]);
            let is_free = |place: &Rect| {
                let frame = self.scale.plot.shrink(1.0);
                frame.contains_rect(*place) && !taken.iter().any(|other| other.intersects(*place))
            };
            let found = ways.into_iter().flatten().map(beyond).find(is_free);
            let place = found.unwrap_or_else(|| beyond((0.0, out)));
            taken.push(place);
            let ground = p.canvas.gamma_multiply(0.8);
            painter.rect_filled(place.expand2(vec2(space::XS, 0.0)), radius::SMALL, ground);
            painter.galley(place.min, galley, p.text);
        }
    }

    /// The token, lit while it is what a stage is about.
    fn token(&self, at: [f32; 2]) {
        let (z, p) = (self.at(at), self.p);
        if self.stage == SlowStage::Encode {
            self.painter.circle_filled(z, 3.0 * TOKEN, p.text.gamma_multiply(LIGHT));
        }
        let corners = [vec2(0.0, -TOKEN), vec2(TOKEN, 0.0), vec2(0.0, TOKEN), vec2(-TOKEN, 0.0)];
        let corners = corners.map(|corner| z + corner).to_vec();
        let line = Stroke::new(line::CURVE, p.text);
        self.painter.add(Shape::convex_polygon(corners, p.canvas, line));
    }
}
