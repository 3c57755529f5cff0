//! The gallery: a card for each built-in story, with its title, a sentence, and how it ends.

use egui::text::LayoutJob;
use egui::{
    Align2, Button, Painter, Pos2, Rect, RichText, Role, ScrollArea, Sense, Shape, Stroke,
    StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use crate::figure::axis::Axis;
use crate::figure::scene::{Colors, Kind, Mark, small_map};
use crate::gallery::thumbnail;
use crate::palette::Palette;
use crate::record::thumbnail::ThumbnailLane;
use crate::scenario::{LaneId, demos};
use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::panes::track::Track;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of a card.
const HEIGHT: f32 = 122.0;

/// Height of a line of what one sees.
const LINE: f32 = 16.0;

/// Width of the window from which on a sentence stands beside the title.
const ROOMY: f32 = 1100.0;

/// Least width of a card.
const WIDTH: f32 = 372.0;

/// Side of a small map.
const MAP: f32 = 62.0;

/// Width of the picture of a run.
pub const PICTURE_WIDTH: f32 = 2.0 * MAP + 6.0;

/// Draws the gallery while it is open.
pub fn show(ui: &Ui, state: &mut AppState) {
    let room = ui.ctx().content_rect().size() - vec2(72.0, 60.0);
    let columns = ((room.x - 40.0) / (WIDTH + space::S)).floor().clamp(1.0, 3.0);
    let width = columns * (WIDTH + space::S) + 8.0;
    modal::show(ui, state, Card::Gallery, width, |ui, state| {
        heading(ui, state);
        let height = room.y - 76.0;
        let list = ScrollArea::vertical().min_scrolled_height(height).max_height(height);
        list.auto_shrink([false, true]).show(ui, |ui| {
            let asks = state.run.lesson.covers_others();
            for (chapter, names) in demos::CHAPTERS {
                ui.add_space(space::S);
                if !asks {
                    ui.label(RichText::new(chapter()).font(theme::bold(tokens(ui).title)));
                }
                for row in names.chunks(columns as usize) {
                    ui.horizontal(|ui| {
                        ui.spacing_mut().item_spacing.x = space::S;
                        row.iter().for_each(|name| card(ui, state, name));
                    });
                }
            }
        });
    });
}

fn heading(ui: &mut Ui, state: &mut AppState) {
    ui.horizontal(|ui| {
        ui.label(RichText::new(words!("card-stories")).font(theme::bold(tokens(ui).headline)));
        let p = palette(ui);
        if ui.ctx().content_rect().width() > ROOMY {
            let text = match state.run.lesson.covers_others() {
                true => words!("card-covered"),
                false => words!("card-each-trains-from-its-first"),
            };
            ui.label(RichText::new(text).color(p.weak));
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            if ui
                .button(words!("card-close"))
                .on_hover_text(words!("card-close-the-gallery-esc"))
                .clicked()
            {
                state.cards.is_gallery_open = false;
            }
            if ui
                .button(words!("card-copy-link"))
                .on_hover_text(words!("card-copy-a-link-to-this"))
                .clicked()
            {
                crate::ui::input::links::copy(ui.ctx(), state);
                state.cards.is_gallery_open = false;
            }
            if ui.button(words!("card-tour")).on_hover_text(words!("top-tour-hint")).clicked() {
                state.open_tour();
            }
            let back = Button::new(words!("card-back-to-the-story-s"));
            if ui.add_enabled(state.is_changed(), back).clicked() {
                state.back_to_the_story();
                state.cards.is_gallery_open = false;
            }
        });
    });
}

fn card(ui: &mut Ui, state: &mut AppState, name: &str) {
    let (Some(title), Some(about)) = (demos::title(name), demos::about(name)) else { return };
    let p = palette(ui);
    // How a story ends would give an answer away, and many a title says it.
    let is_open = !state.run.lesson.covers_others();
    let number = demos::names().position(|own| own == name).unwrap_or_default() + 1;
    let covered = words!("card-story-number", number = number);
    let title = if is_open { title } else { covered.as_str() };
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, HEIGHT), Sense::click());
    let is_now = state.story.name == name;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_now, title));
    let is_marked = response.hovered() || response.has_focus();
    let edge = if is_now || is_marked {
        Stroke::new(line::THIN, p.text)
    } else {
        Stroke::new(line::HAIR, p.border)
    };
    let fill = if is_marked { p.panel } else { p.canvas };
    ui.painter().rect(rect, radius::CARD, fill, edge, StrokeKind::Inside);
    let painter = ui.painter_at(rect.shrink(2.0));
    let left = rect.left() + 10.0;
    if let Some(known) = thumbnail(name).filter(|_| is_open) {
        picture(&painter, pos2(left, rect.top() + 10.0), &known.lanes, p);
    }
    let text = left + PICTURE_WIDTH + 12.0;
    let room = rect.right() - 10.0 - text;
    let title = painter.layout(title.into(), theme::bold(tokens(ui).body), p.text, room);
    let below = rect.top() + 8.0 + title.size().y + 3.0;
    painter.galley(pos2(text, rect.top() + 8.0), title, p.text);
    // As much of what one sees as the card holds; all of it is under the pointer.
    let font = theme::font(tokens(ui).small);
    let about = if is_open { about } else { "" };
    let mut job = LayoutJob::simple(about.into(), font, p.weak, room);
    job.wrap.max_rows = ((rect.bottom() - 22.0 - below) / LINE).floor().max(1.0) as usize;
    let sentence = painter.layout_job(job);
    painter.galley(pos2(text, below), sentence, p.weak);
    if is_now {
        let at = pos2(rect.right() - 9.0, rect.bottom() - 7.0);
        painter.text(
            at,
            Align2::RIGHT_BOTTOM,
            words!("card-now-playing"),
            theme::font(tokens(ui).small),
            p.weak,
        );
    }
    if !about.is_empty() {
        response.clone().on_hover_text(about);
    }
    if response.clicked() {
        state.load(name);
        state.cards.is_gallery_open = false;
    }
}

/// Maps of the lanes and, below them, their utilization.
pub fn picture(painter: &Painter, corner: Pos2, lanes: &[ThumbnailLane], p: &Palette) {
    let all = Rect::from_min_size(corner, vec2(PICTURE_WIDTH, 98.0));
    for (i, (lane, id)) in lanes.iter().zip([LaneId::A, LaneId::B]).enumerate() {
        let corner = all.min + vec2(i as f32 * (MAP + 6.0), 0.0);
        map(painter, Rect::from_min_size(corner, vec2(MAP, MAP)), lane, id, p);
    }
    let strip = Rect::from_min_max(pos2(all.left(), all.top() + MAP + 6.0), all.max);
    curves(painter, strip, lanes, p);
}

fn map(painter: &Painter, rect: Rect, lane: &ThumbnailLane, id: LaneId, p: &Palette) {
    painter.rect(
        rect,
        radius::SMALL,
        p.canvas,
        Stroke::new(line::HAIR, p.border),
        StrokeKind::Inside,
    );
    let colors = Colors::of_shapes(p, id);
    for Mark { at, radius, kind } in small_map(lane, rect.shrink(3.0)) {
        match kind {
            Kind::Used => painter.circle_filled(at, radius, colors.kind(kind)),
            _ => painter.circle_stroke(at, radius, Stroke::new(line::HAIR, colors.kind(kind))),
        };
    }
}

/// Utilization over the steps of the story, 0 to 100 %.
fn curves(painter: &Painter, rect: Rect, lanes: &[ThumbnailLane], p: &Palette) {
    painter.rect(
        rect,
        radius::SMALL,
        p.canvas,
        Stroke::new(line::HAIR, p.border),
        StrokeKind::Inside,
    );
    let plot = rect.shrink2(vec2(2.0, 3.0));
    for (lane, id) in lanes.iter().zip([LaneId::A, LaneId::B]) {
        let steps = Axis::numbers(lane.utilization.len().saturating_sub(1) as f64);
        let track = Track { plot, steps, values: Axis::shares() };
        let at = |(i, &percent): (usize, &u8)| {
            pos2(track.x(i as f64), track.y(f64::from(percent.min(100)) / 100.0))
        };
        let points: Vec<Pos2> = lane.utilization.iter().enumerate().map(at).collect();
        painter.add(Shape::line(points, Stroke::new(line::THIN, p.lane(id))));
    }
}
