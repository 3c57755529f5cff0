//! The cloud on a map: its outline, dragged by its middle, turned and scaled by its tip.

use egui::{Color32, CursorIcon, Pos2, Rect, Response, Shape, Stroke, Ui, Vec2, pos2};

use crate::figure::camera::Scale;
use crate::palette::Palette;
use crate::record::setting::Setting;
use crate::record::snapshot::LaneView;
use crate::scenario::{CLOUD_STDS, CloudPath, CloudPose, Switches};
use crate::ui::panes::topics::Topic;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::tokens::line;

/// Standard deviations that the outline is away from the middle.
pub const OUTLINE: f64 = 2.0;

/// Radius of a handle in points.
const HANDLE: f32 = 6.0;

/// How near the pointer must come to take one.
pub const REACH: f32 = 14.0;

/// Least and greatest factor of size that a hand sets.
const SCALES: std::ops::RangeInclusive<f64> = 0.05..=20.0;

/// What of the cloud is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Middle,
    Tip,
}

/// A drag of the cloud that is going on, if one is.
#[derive(Default)]
pub struct CloudDrag {
    held: Option<Part>,
    /// The handle under the pointer.
    lit: Option<Part>,
    /// From the pointer to the handle when it was taken.
    off: Vec2,
}

/// The cloud of a lane as its map shows it.
pub struct Shown<'a> {
    /// The way that it goes.
    pub path: CloudPath,
    /// The lane's view.
    pub view: &'a LaneView,
    /// How the map lies.
    pub scale: &'a Scale,
    /// Whether it can be dragged: not at a step that has passed.
    pub is_live: bool,
}

impl Shown<'_> {
    fn pose(&self) -> CloudPose {
        self.path.pose(self.view.step, &self.view.switches)
    }

    /// Where a point of the plane is on the screen.
    fn at(&self, point: [f64; 2]) -> Pos2 {
        let centre = self.view.axes.centre;
        self.scale.at([point[0] as f32 - centre[0], point[1] as f32 - centre[1]])
    }

    /// The point of the plane under a place on the screen.
    fn under(&self, at: Pos2) -> [f64; 2] {
        let (centre, point) = (self.view.axes.centre, self.scale.under(at));
        [0, 1].map(|i| f64::from(point[i]) + f64::from(centre[i]))
    }

    /// A point that lies so many standard deviations along and across the cloud.
    fn of(pose: CloudPose, [along, across]: [f64; 2]) -> [f64; 2] {
        let (sin, cos) = pose.angle.sin_cos();
        let [x, y] = [along * CLOUD_STDS[0] * pose.scale, across * CLOUD_STDS[1] * pose.scale];
        [pose.middle[0] + cos * x - sin * y, pose.middle[1] + sin * x + cos * y]
    }

    fn handle(&self, part: Part) -> Pos2 {
        let pose = self.pose();
        match part {
            Part::Middle => self.at(pose.middle),
            Part::Tip => self.at(Self::of(pose, [OUTLINE, 0.0])),
        }
    }

    /// The settings that bring a handle to a point of the plane.
    fn brought(&self, part: Part, to: [f64; 2]) -> Vec<Setting> {
        let way = self.path.pose(self.view.step, &Switches::default());
        // Few digits, so that links and logs are readable: a hundredth of the map's half at most.
        let unit = 10f64.powf((f64::from(self.view.axes.extent) / 500.0).log10().floor());
        let round = |x: f64, unit: f64| (x / unit).round() * unit;
        // Tenths have no exact number, and a file would show all digits.
        let short = |x: f64| significant_digits(x, 6);
        match part {
            Part::Middle => {
                let [x, y] = [0, 1].map(|i| short(round(to[i] - way.middle[i], unit)));
                vec![Setting::CloudX(x), Setting::CloudY(y)]
            }
            Part::Tip => {
                let middle = self.pose().middle;
                let [x, y] = [to[0] - middle[0], to[1] - middle[1]];
                let angle = (y.atan2(x) - way.angle).to_degrees();
                // Of all turns that look alike, the one nearest to none.
                let angle = angle - 360.0 * (angle / 360.0).round();
                let scale = x.hypot(y) / (OUTLINE * CLOUD_STDS[0] * way.scale);
                let scale = scale.clamp(*SCALES.start(), *SCALES.end());
                vec![
                    Setting::CloudAngle(short(round(angle, 0.5))),
                    Setting::CloudScale(short(round(scale, 0.01))),
                ]
            }
        }
    }
}

/// A number with at most so many digits that count.
fn significant_digits(x: f64, digits: usize) -> f64 {
    format!("{x:.*e}", digits - 1).parse().unwrap_or(x)
}

impl CloudDrag {
    /// Asks for what a drag of a handle sets; true while the pointer is for the cloud, and not for the
    /// map.
    pub fn act(
        &mut self,
        ui: &Ui,
        response: &Response,
        shown: &Shown<'_>,
        outbox: &mut Outbox,
    ) -> bool {
        let near = |at: Pos2| {
            [Part::Tip, Part::Middle]
                .into_iter()
                .find(|part| shown.is_live && shown.handle(*part).distance(at) < REACH)
        };
        if response.drag_started()
            && let Some(pressed) = ui.input(|input| input.pointer.press_origin())
        {
            self.held = near(pressed);
            self.off = self.held.map_or(Vec2::ZERO, |part| shown.handle(part) - pressed);
        }
        if !response.dragged() || !shown.is_live {
            self.held = None;
        }
        let is_free = !response.dragged();
        let hovered = self.held.or_else(|| response.hover_pos().filter(|_| is_free).and_then(near));
        self.lit = hovered;
        if let (Some(part), Some(pointer)) = (self.held, response.interact_pointer_pos()) {
            let now = shown.view.switches.settings();
            let wanted = shown.brought(part, shown.under(pointer + self.off));
            for setting in wanted.into_iter().filter(|setting| !now.contains(setting)) {
                outbox.ask(Wish::SetAll(setting));
            }
        }
        if hovered.is_some() {
            let grabs = [CursorIcon::Grab, CursorIcon::Grabbing];
            ui.ctx().set_cursor_icon(grabs[usize::from(self.held.is_some())]);
        }
        hovered.is_some()
    }

    /// Draws the outline and its handles.
    pub fn draw(&self, ui: &Ui, shown: &Shown<'_>, p: &Palette) {
        draw(ui, shown, self.lit, p);
    }
}

fn draw(ui: &Ui, shown: &Shown<'_>, hovered: Option<Part>, p: &Palette) {
    let painter = ui.painter_at(shown.scale.plot.shrink(1.0));
    let pose = shown.pose();
    let round = (0..64).map(|i| {
        let (sin, cos) = (std::f64::consts::TAU * f64::from(i) / 64.0).sin_cos();
        shown.at(Shown::of(pose, [OUTLINE * cos, OUTLINE * sin]))
    });
    let round: Vec<Pos2> = round.collect();
    Topic::Cloud.put(ui, Rect::from_points(&round).intersect(shown.scale.plot));
    painter.add(Shape::closed_line(round, Stroke::new(line::THIN, p.text)));
    let [middle, tip] = [Part::Middle, Part::Tip].map(|part| shown.handle(part));
    painter.line_segment([middle, tip], Stroke::new(line::HAIR, p.text.gamma_multiply(0.5)));
    if !shown.is_live {
        return;
    }
    for (part, at) in [(Part::Middle, middle), (Part::Tip, tip)] {
        let fill = if hovered == Some(part) { p.text } else { p.canvas };
        painter.circle(at, HANDLE, fill, Stroke::new(line::THIN, p.text));
        if part == Part::Middle {
            let color = if hovered == Some(part) { p.canvas } else { p.text };
            cross(&painter, at, color);
        }
    }
}

fn cross(painter: &egui::Painter, at: Pos2, color: Color32) {
    let reach = HANDLE - 2.5;
    let stroke = Stroke::new(line::THIN, color);
    painter.line_segment([pos2(at.x - reach, at.y), pos2(at.x + reach, at.y)], stroke);
    painter.line_segment([pos2(at.x, at.y - reach), pos2(at.x, at.y + reach)], stroke);
}
