//! A story before a room: one text, two figures that the last row reads, two maps, bars and pictures.

pub mod keys;
mod overview;
pub mod speaker;
mod told;

use egui::emath::TSTransform;
use egui::epaint::shape_transform::adjust_colors;
use egui::layers::ShapeIdx;
use egui::{
    Align2, Color32, CursorIcon, Pos2, Rect, Role, Sense, Stroke, Ui, UiBuilder, Vec2, pos2, vec2,
};

use crate::palette::{Palette, contrasted};
use crate::record::pen::{Over, Stroke as PenStroke};
use crate::record::snapshot::LaneView;
use crate::scenario::{LaneId, method_name};
use crate::text::{count, percent};
use crate::ui::input::wishes;
use crate::ui::layout::audience::{Audience, RoomPart, RoomPlace};
use crate::ui::overlays::question;
use crate::ui::panes::{counted, spoken};
use crate::ui::state::AppState;
use crate::ui::state::presenter::{Notes, Tool};
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::ink;
use crate::ui::widgets::lit;
use crate::ui::widgets::text::first_that_fits;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Seconds after which a pointer that does not move is hidden.
const IDLE: f64 = 2.0;

/// How many times larger what is enlarged is.
const ZOOM: f32 = 2.0;

/// Draws the window for a room and acts on its keys.
pub fn audience(ui: &mut Ui, state: &mut AppState) {
    let full = ui.max_rect();
    let p = palette(ui);
    // However long the frame before took: it is the time of a meeting.
    let seconds = f64::from(ui.input(|i| i.unstable_dt));
    let has_moved = ui.input(|i| i.pointer.delta() != Vec2::ZERO || i.pointer.any_down());
    state.pass_presenting(seconds, has_moved);
    ui.ctx().request_repaint_after(std::time::Duration::from_millis(250));
    keys::handle(ui.ctx(), state);
    let Some(presenter) = state.presenter().cloned() else { return };
    if presenter.is_black {
        ui.painter().rect_filled(full, 0.0, Color32::BLACK);
        ui.ctx().set_cursor_icon(CursorIcon::None);
        return;
    }
    ui.painter().rect_filled(full, 0.0, p.panel);
    if presenter.is_overview {
        overview::show(ui, state, full);
        return;
    }
    let audience = state.audience(full, told::texts(ui, state, full));
    places(ui, state, &audience, p);
    // What is drawn into stays free.
    question::show(ui, state, audience.lanes);
    strokes(ui, state, full, p);
    veil(ui, presenter.brightness, full);
    if presenter.notes != Notes::Window {
        told::said(ui, state, full, p);
    }
    contrast(ui, presenter.contrast);
    if let Some(at) = presenter.zoom {
        enlarge(ui, full, at);
    }
    if presenter.idle > IDLE && presenter.tool.is_none() {
        ui.ctx().set_cursor_icon(CursorIcon::None);
    }
}

/// Draws all that the arrangement holds; what another run came to is covered where it would give an
/// answer away.
fn places(ui: &mut Ui, state: &mut AppState, audience: &Audience, p: &Palette) {
    let is_covered = state.run.lesson.covers_everything();
    let is_open = |place: &&RoomPlace| !is_covered || place.lane.is_none();
    for place in audience.places.iter().filter(is_open) {
        match place.row {
            RoomPart::Caption => told::caption(ui, state, place.rect, p),
            RoomPart::Change => told::change(ui, state, place.rect, p),
            RoomPart::Notes => told::notes(ui, state, place.rect, p),
            RoomPart::Progress => progress(ui, state, place.rect, p),
            RoomPart::Headline => {
                if let Some(view) = place.lane.and_then(|id| state.run.lane(id)) {
                    headline(ui, state, view, place.rect, p);
                }
            }
            RoomPart::Timeline | RoomPart::Pictures | RoomPart::Bars | RoomPart::Map => {}
        }
    }
    if is_covered {
        for column in &audience.columns {
            ui.painter().rect_filled(*column, radius::CARD, p.canvas);
        }
    }
    let mut outbox = Outbox::default();
    let lit = state.lit_words().to_vec();
    let (panes, ctx) = state.panes();
    panes.map.scales = [None; 2];
    for RoomPlace { row, lane, rect } in audience.places.iter().filter(is_open).copied() {
        let Some(pane) = row.pane(lane) else { continue };
        panes.recon.room = lane;
        let place = UiBuilder::new().max_rect(rect).id_salt((pane, lane));
        panes.of(pane).draw(&mut ui.new_child(place), &ctx, &mut outbox);
        if pane.is_meant(&lit) {
            lit::ring(ui, rect);
        }
    }
    panes.recon.room = None;
    wishes::grant(ui.ctx(), state, outbox);
}

/// The method of a lane and how much of its codebook is in use, for the last row.
fn headline(ui: &Ui, state: &AppState, view: &LaneView, rect: Rect, p: &Palette) {
    let (t, id) = (tokens(ui), view.id);
    let painter = ui.painter_at(rect);
    let badge = Rect::from_min_size(rect.min + vec2(0.0, space::XS), vec2(36.0, 36.0));
    painter.rect_filled(badge, radius::CARD, p.lane(id));
    let name = id.name().to_uppercase();
    painter.text(badge.center(), Align2::CENTER_CENTER, &name, theme::bold(t.body), p.on_lane);
    let fixed = state.run.spec(id).and_then(|spec| spec.fixed.as_ref());
    let method = match fixed {
        Some(fixed) => fixed.method(),
        None => method_name(view.learn_c, view.learn_w),
    };
    let at = badge.right_center() + vec2(space::M, 0.0);
    painter.text(at, Align2::LEFT_CENTER, method, theme::bold(t.title), p.text);
    let rule = state.prefs.counted_by;
    let found = counted::in_use(view, rule);
    let share = found.map_or("–".into(), |found| percent(counted::share(view, found)));
    let at = rect.right_center();
    let color = if found.is_some() { p.lane(id) } else { p.weak };
    let number = painter.text(at, Align2::RIGHT_CENTER, &share, theme::bold(t.number), color);
    let Some(found) = found else {
        return spoken::put(ui, rect, (id.name(), Role::Image), || {
            words!("spoken-headline-of-nothing", lane = name, method = method)
        });
    };
    let [used, size] = [found.used, view.window.size].map(|codes| count(codes as u64));
    let few = format!("{used} / {size}");
    let used = words!("present-codes-in-use", used = used, size = size);
    let counted = match rule {
        Some(rule) => counted::short(rule).to_string(),
        None => words!("present-last-tokens", tokens = count(view.window.tokens as u64)),
    };
    let wordings = [format!("{used} · {counted}"), used, few];
    let (at, anchor) = (rect.left_bottom(), Align2::LEFT_BOTTOM);
    let room = number.left() - space::S - at.x;
    first_that_fits(&painter, at, anchor, room, theme::font(t.body), p.text, &wordings);
    // All of it, also what found no room.
    spoken::put(ui, rect, (id.name(), Role::Image), || {
        words!(
            "spoken-headline",
            lane = name,
            method = method,
            share = share,
            counted = wordings[0]
        )
    });
}

/// How far the story is: a line with its beats, the step, and what waits.
fn progress(ui: &Ui, state: &AppState, rect: Rect, p: &Palette) {
    let t = tokens(ui);
    let (step, steps) = (state.run.shown_step(), state.running().steps.max(1));
    let said = words!("top-step-of", step = count(step), steps = count(steps));
    let painter = ui.painter_at(rect.expand(space::S));
    let galley = painter.layout_no_wrap(said, theme::font(t.small), p.weak);
    let track = rect.with_max_x(rect.right() - galley.size().x - space::L);
    painter.galley(
        pos2(track.right() + space::L, rect.center().y - galley.size().y / 2.0),
        galley,
        p.weak,
    );
    let y = rect.center().y;
    let x = |step: u64| track.left() + (step as f32 / steps as f32).min(1.0) * track.width();
    painter.hline(track.x_range(), y, Stroke::new(line::THIN, p.border));
    painter.hline(track.left()..=x(step), y, Stroke::new(4.0, p.text));
    let (mut told, mut beats) = (0, 0);
    for (number, at, _) in state.run.lesson.places() {
        let is_told = state.run.lesson.was_told(number);
        (told, beats) = (told + u64::from(is_told), beats + 1);
        painter.circle_filled(pos2(x(at), y), 5.0, if is_told { p.text } else { p.reference });
    }
    spoken::put(ui, rect, ("present-progress", Role::ProgressIndicator), || {
        words!(
            "spoken-progress",
            step = count(step),
            steps = count(steps),
            told = count(told),
            beats = count(beats)
        )
    });
}

/// What the pen has drawn over the whole picture at the step that is shown, what it draws now, and the
/// dot; maps have their own strokes.
fn strokes(ui: &Ui, state: &mut AppState, full: Rect, p: &Palette) {
    pen(ui, state, full);
    let Some(presenter) = state.presenter() else { return };
    let painter = ui.painter();
    let at = |points: &[[f32; 2]]| -> Vec<Pos2> {
        points.iter().map(|[x, y]| full.min + vec2(*x, *y) * full.size()).collect()
    };
    let drawn = state.run.strokes().map(|(_, stroke)| stroke);
    for stroke in drawn.filter(|stroke| stroke.over == Over::Room) {
        ink::draw(painter, at(&stroke.points), true, p);
    }
    if !presenter.pen.is_empty() {
        ink::draw(painter, at(&presenter.pen), true, p);
    }
    if presenter.tool == Some(Tool::Dot)
        && let Some(at) = ui.input(|i| i.pointer.latest_pos())
    {
        painter.circle_filled(under(presenter.zoom, full, at), 10.0, p.error.gamma_multiply(0.8));
        ui.ctx().set_cursor_icon(CursorIcon::None);
    }
}

/// Draws while the pointer is held down; what lies on one map whole stays on its places, whatever shows
/// it.
fn pen(ui: &Ui, state: &mut AppState, full: Rect) {
    if state.presenter().is_none_or(|presenter| presenter.tool != Some(Tool::Pen)) {
        return;
    }
    let response = ui.interact(full, ui.scope_id().with("pen"), Sense::drag());
    ui.ctx().set_cursor_icon(CursorIcon::Crosshair);
    if response.drag_started() {
        state.begin_stroke();
    }
    let Some(presenter) = state.presenter_mut() else { return };
    if let Some(at) = response.interact_pointer_pos() {
        let at = (under(presenter.zoom, full, at) - full.min) / full.size();
        if presenter.pen.last() != Some(&[at.x, at.y]) {
            presenter.pen.push([at.x, at.y]);
        }
    }
    if response.dragged() || presenter.pen.is_empty() {
        return;
    }
    let points = std::mem::take(&mut presenter.pen);
    let places: Vec<Pos2> =
        points.iter().map(|[x, y]| full.min + vec2(*x, *y) * full.size()).collect();
    let scales = state.panes.map.scales;
    let lanes = [LaneId::A, LaneId::B].into_iter();
    let mut maps = lanes.filter_map(|id| Some((id, scales[id.index()]?)));
    let stroke = match maps.find(|(_, scale)| places.iter().all(|at| scale.plot.contains(*at))) {
        Some((id, scale)) => {
            let points: Vec<[f32; 2]> = places.iter().map(|&at| scale.under(at)).collect();
            PenStroke::new(Over::Map(id), &points)
        }
        None => PenStroke::new(Over::Room, &points),
    };
    state.draw(stroke);
}

/// The place that a place on the screen shows, where everything may be enlarged.
fn under(zoom: Option<[f32; 2]>, full: Rect, at: Pos2) -> Pos2 {
    zoom.map_or(at, |zoom| enlarged(full, zoom).inverse() * at)
}

/// Makes all of it lighter or darker, for bad projectors.
fn veil(ui: &Ui, brightness: f32, full: Rect) {
    let light = if brightness > 0.0 { Color32::WHITE } else { Color32::BLACK };
    if brightness != 0.0 {
        ui.painter().rect_filled(full, 0.0, light.gamma_multiply(brightness.abs()));
    }
}

/// Moves the colours of what was painted apart, or together, for bad projectors; pictures, which are
/// textures, are only ever made darker.
fn contrast(ui: &Ui, more: f32) {
    if more == 0.0 {
        return;
    }
    let apart = move |color: &mut Color32| {
        if *color != Color32::PLACEHOLDER {
            *color = contrasted(*color, 1.0 + more);
        }
    };
    ui.ctx().graphics_mut(|graphics| {
        let list = graphics.entry(ui.layer_id());
        let number = list.all_entries().len();
        for i in 0..number {
            list.mutate_shape(ShapeIdx(i), |shape| adjust_colors(&mut shape.shape, apart));
        }
    });
}

/// Enlarges everything around a place.
fn enlarge(ui: &Ui, full: Rect, at: [f32; 2]) {
    ui.ctx().transform_layer_shapes(ui.layer_id(), enlarged(full, at));
}

/// How what is enlarged around a place lies on the screen.
fn enlarged(full: Rect, [x, y]: [f32; 2]) -> TSTransform {
    let at = full.min + vec2(x, y) * full.size();
    TSTransform::new(at.to_vec2() * (1.0 - ZOOM), ZOOM)
}

/// The lane that W acts on before a room.
const LANE: LaneId = LaneId::A;
