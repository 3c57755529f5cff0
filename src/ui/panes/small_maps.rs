//! Small maps of all codebooks of a watched file: the levels of a residual quantizer side by side.

use std::sync::Arc;

use egui::{
    Align2, Mesh, Rect, Role, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::figure::camera::{Camera, Scale};
use crate::figure::scene::{CodeMap, Colors};
use crate::palette::Shade;
use crate::record::event::{LevelUse, Reading};
use crate::record::judgement::Rule;
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::{count, percent, shown as of_others, significant};
use crate::ui::cache::mesh::Cached;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::counted;
use crate::ui::panes::map::mesh;
use crate::ui::panes::{Pane, WindowCtx};
use crate::ui::state::command::UiCommand;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::markers::Markers;
use crate::ui::widgets::text::one_line;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Room above a map for its number and its use.
const TITLE: f32 = 18.0;

/// Codes of a small map that are drawn: an even sample of more.
const MOST_CODES: usize = 2048;

/// What the marks of a small map depend on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MeshKey {
    generation: u64,
    plot: Rect,
    shade: Shade,
}

/// The maps.
#[derive(Default)]
pub struct SmallMapsPane {
    meshes: Vec<Cached<MeshKey>>,
    markers: Markers,
}

/// The file that is shown.
pub struct SmallMapsCtx<'a> {
    shown: Displayed<'a>,
    reading: Option<&'a Reading>,
    counted_by: Option<Rule>,
}

impl Pane for SmallMapsPane {
    type Ctx<'a> = SmallMapsCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Levels
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> SmallMapsCtx<'a> {
        SmallMapsCtx {
            shown: window.displayed(),
            reading: window.run.reading(LaneId::A),
            counted_by: window.prefs.counted_by,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: SmallMapsCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        let SmallMapsCtx { shown, reading, counted_by } = ctx;
        let levels = shown.lane(LaneId::A).map_or(&[][..], |lane| &lane.levels);
        if levels.is_empty() {
            ui.painter().rect_filled(rect, radius::SMALL, p.canvas);
            let (at, font) = (rect.center(), theme::font(tokens(ui).body));
            let text = match shown.snapshot {
                Some(_) => words!("levels-too-large"),
                None => words!("map-waiting-for-the-first-file"),
            };
            ui.painter().text(at, Align2::CENTER_CENTER, text, font, p.weak);
            return;
        }
        self.meshes.resize_with(levels.len(), Cached::default);
        let table = reading.map_or(&[][..], |reading| &reading.table);
        let drawn = reading.map(|reading| reading.level);
        let (across, size) = grid(levels.len(), rect);
        for (at, view) in levels.iter().enumerate() {
            let corner = vec2((at % across) as f32, (at / across) as f32);
            let corner = rect.min + corner * (size + vec2(space::S, space::S));
            let place = Rect::from_min_size(corner, size);
            let used = table.get(at).map(|level| (level, counted_by));
            title(ui, at, used, place);
            self.cell(ui, shown.generation, (at, view), place, drawn == Some(at));
            let response = ui.interact(place, ui.scope_id().with(("level", at)), Sense::click());
            let text = used.map_or(String::new(), |used| said(at, used));
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &text));
            theme::focus_ring(ui, &response);
            if response.clicked() {
                outbox.command(UiCommand::Level(LaneId::A, Some(at)));
            }
            response.on_hover_text(words!("levels-cell-hint", what = text));
        }
    }
}

impl SmallMapsPane {
    fn cell(
        &mut self,
        ui: &Ui,
        generation: u64,
        (at, view): (usize, &LaneView),
        place: Rect,
        is_drawn: bool,
    ) {
        let p = palette(ui);
        let plot = place.with_min_y(place.top() + TITLE);
        let painter = ui.painter_at(place.expand(2.0));
        painter.rect_filled(plot, radius::SMALL, p.canvas);
        let shade = theme::shade(ui);
        let texture = self.markers.texture(ui.ctx());
        let key = MeshKey { generation, plot, shade };
        let make = || -> Mesh {
            let inner = plot.shrink(3.0);
            let scale = Scale::new(inner, view.axes.reach(), &Camera::default());
            let some = sample(view);
            let map = CodeMap::new(&some, &scale);
            mesh(&map, Colors::of_shapes(p, LaneId::A), texture)
        };
        let marks: Arc<Mesh> = self.meshes[at].get(key, make);
        ui.painter_at(plot.shrink(1.0)).add(Shape::Mesh(marks));
        if is_drawn {
            let stroke = Stroke::new(line::CURVE, p.lane(LaneId::A));
            painter.rect_stroke(plot, radius::SMALL, stroke, StrokeKind::Inside);
        }
    }
}

/// The number of a level at the left, its use and how that was counted at the right.
fn title(ui: &Ui, at: usize, used: Option<(&LevelUse, Option<Rule>)>, place: Rect) {
    let p = palette(ui);
    let (small, bold) = (theme::font(tokens(ui).small), theme::bold(tokens(ui).small));
    let left = place.left_top() + vec2(2.0, TITLE / 2.0);
    let number = ui.painter().text(left, Align2::LEFT_CENTER, count(at as u64), bold, p.text);
    let Some((level, rule)) = used else { return };
    let share = level.share_by(rule).map_or("–".into(), percent);
    let how = counted::of_level(level, rule);
    let text = words!("levels-share-counted", share = share, how = how);
    let room = place.right() - number.right() - space::S;
    let galley = one_line(ui, &text, small, p.lane(LaneId::A), room);
    let at = pos2(place.right() - galley.size().x - 2.0, left.y - galley.size().y / 2.0);
    ui.painter().galley(at, galley, p.text);
}

/// An even sample of the codes of a large codebook.
fn sample(view: &LaneView) -> LaneView {
    let every = view.codes.len().div_ceil(MOST_CODES).max(1);
    LaneView {
        facts: view.facts,
        codes: view.codes.iter().step_by(every).copied().collect(),
        window_counts: view.window_counts.iter().step_by(every).copied().collect(),
        ..LaneView::unknown(LaneId::A, view.step)
    }
}

/// How many cells lie side by side, and how large one is, for `number` of them in a place: as near to
/// squares as there are.
fn grid(number: usize, rect: Rect) -> (usize, egui::Vec2) {
    let size = |across: usize| {
        let down = number.div_ceil(across);
        let width = (rect.width() + space::S) / across as f32 - space::S;
        let height = (rect.height() + space::S) / down as f32 - space::S;
        vec2(width, height)
    };
    let side = |across: &usize| {
        let size = size(*across);
        size.x.min(size.y - TITLE)
    };
    let best = (1..=number.max(1)).max_by(|a, b| side(a).total_cmp(&side(b)).then(b.cmp(a)));
    let across = best.unwrap_or(1);
    (across, size(across))
}

/// A cell as it is said.
fn said(at: usize, (level, rule): (&LevelUse, Option<Rule>)) -> String {
    let use_of = level.used_by(rule).map_or("–".into(), |used| {
        words!("watched-of-codes-used", used = count(used as u64), size = count(level.size as u64))
    });
    let perplexity = level.perplexity.map_or("–".into(), significant);
    let name = of_others(&level.name);
    words!(
        "levels-cell",
        level = at,
        name = name,
        used = use_of,
        how = counted::of_level(level, rule),
        perplexity = perplexity
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_as_near_to_squares_as_there_are() {
        let rect = |w: f32, h: f32| Rect::from_min_size(pos2(0.0, 0.0), vec2(w, h));
        assert_eq!(grid(8, rect(800.0, 400.0)).0, 4);
        assert_eq!(grid(8, rect(400.0, 800.0)).0, 2);
        assert_eq!(grid(1, rect(400.0, 800.0)).0, 1);
        let (across, size) = grid(32, rect(700.0, 500.0));
        assert!(across * (500.0 / (size.y + 8.0)) as usize + across >= 32, "{across} {size:?}");
    }

    #[test]
    fn a_large_codebook_is_sampled_evenly() {
        let mut view = LaneView::unknown(LaneId::A, 0);
        view.codes = vec![[0.0, 0.0]; 10_000];
        view.window_counts = (0..10_000).collect();
        let some = sample(&view);
        assert_eq!(some.codes.len(), 2000);
        assert_eq!(some.window_counts[1], 5);
    }
}
