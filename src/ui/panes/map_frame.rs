//! What stands around the marks of a code map: grid, names of the axes, notices, and what a code is in
//! words.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{
    Align, Align2, Color32, Painter as Brush, Pos2, Rect, Stroke, StrokeKind, Ui, pos2, vec2,
};

use crate::figure::camera::{Camera, Scale};
use crate::figure::scene::Side;
use crate::palette::Palette;
use crate::record::moves::Motion;
use crate::record::snapshot::LaneView;
use crate::record::usage::CountedIn;
use crate::text::{count, significant};
use crate::ui::state::terms::{StageTerms, WaitsFor};
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of a map below which there is no room for words in it.
pub(super) const LOW: f32 = 110.0;

/// Where most codes that are not in use share one small place, that place: hundreds of marks on top of
/// each other look like one.
pub(super) fn clump(view: &LaneView, scale: &Scale) -> Option<Pos2> {
    let idle: Vec<Pos2> = (0..view.codes.len())
        .filter(|&code| view.life(code).is_idle())
        .map(|code| scale.at(view.codes[code]))
        .collect();
    if idle.len() < 10 || idle.len() < view.codes.len() / 10 {
        return None;
    }
    let median = |f: fn(&Pos2) -> f32| {
        let mut all: Vec<f32> = idle.iter().map(f).collect();
        let middle = all.len() / 2;
        *all.select_nth_unstable_by(middle, f32::total_cmp).1
    };
    let middle = pos2(median(|p| p.x), median(|p| p.y));
    let near = idle.iter().filter(|p| p.distance(middle) < CLUMP).count();
    (near * 10 >= idle.len() * 8).then_some(middle)
}

/// Radius in points of a clump.
const CLUMP: f32 = 14.0;

pub(super) fn pointer_to_clump(ui: &Ui, plot: Rect, at: Pos2, text: String, p: &Palette) {
    let painter = ui.painter_at(plot);
    // Below and to the right, unless that is outside.
    // The name of an axis and who moved stand above, the name of the other axis below.
    let line = NAME.max(1.4 * tokens(ui).small);
    let room = plot.shrink2(vec2(space::S, line + space::XS));
    let galley = painter.layout(text, theme::bold(tokens(ui).small), p.text, room.width());
    let room = room.with_min_y(plot.top() + 2.0 * line + space::S);
    let x = (at.x + 26.0).min(room.right() - galley.size().x).max(room.left());
    let below = at.y + 30.0;
    let above = at.y - 30.0 - galley.size().y;
    let y = match below + galley.size().y < room.bottom() {
        true => below,
        false if above >= room.top() => above,
        // It would lie over what it points at.
        false => return,
    };
    let label = Rect::from_min_size(pos2(x, y), galley.size());
    let end = pos2(
        label.center().x.min(label.left() + 12.0),
        if y > at.y { label.top() } else { label.bottom() },
    );
    painter.line_segment([at, end], Stroke::new(line::HAIR, p.text));
    painter.rect(
        label.expand2(vec2(space::XS, 1.0)),
        radius::CONTROL,
        p.canvas,
        Stroke::new(line::HAIR, p.text),
        StrokeKind::Outside,
    );
    painter.galley(label.min, galley, p.text);
}

/// A sentence over the upper edge of a map.
pub(super) fn notice(ui: &Ui, plot: Rect, text: &str, p: &Palette) {
    let painter = ui.painter_at(plot);
    let galley = painter.layout(
        text.into(),
        theme::bold(tokens(ui).body),
        p.error,
        plot.width() - space::XL,
    );
    let at = pos2(plot.left() + space::M, plot.top() + NAME + space::S);
    painter.rect(
        Rect::from_min_size(at, galley.size()).expand(space::XS),
        radius::CONTROL,
        p.panel,
        Stroke::new(line::HAIR, p.error),
        StrokeKind::Inside,
    );
    painter.galley(at, galley, p.error);
}

/// Grid and ticks of the axes.
pub(super) fn grid(ui: &Ui, plot: Rect, [across, up]: &[Side; 2], p: &Palette) {
    let painter = ui.painter();
    let grid = Stroke::new(line::HAIR, p.grid);
    let font = theme::font(tokens(ui).small);
    for tick in &across.ticks {
        let x = across.at(tick);
        painter.vline(x, plot.y_range().shrink(1.0), grid);
        let galley = painter.layout_no_wrap(tick.label.clone(), font.clone(), p.weak);
        let reach = galley.size().x / 2.0;
        if x > plot.left() + space::S && x + reach < plot.right() {
            painter.galley(pos2(x - reach, plot.bottom() + 2.0), galley, p.weak);
        }
    }
    for tick in &up.ticks {
        let y = up.at(tick);
        painter.hline(plot.x_range().shrink(1.0), y, grid);
        if y > plot.top() + space::S && y < plot.bottom() - space::S {
            let at = pos2(plot.left() - space::XS, y);
            painter.text(at, Align2::RIGHT_CENTER, &tick.label, font.clone(), p.weak);
        }
    }
}

/// Height from which on a map has room for a sentence.
pub(super) const LABELLED: f32 = 150.0;

/// Width from which on a zoomed map says how to see all again.
const ROOMY: f32 = 400.0;

/// Height of a name of an axis in its corner.
const NAME: f32 = 20.0;

/// Names of the axes over what the map shows: that across at the right, that up at the top in so wide a
/// room.
pub(super) fn names(
    ui: &Ui,
    (plot, up_room): (Rect, f32),
    [across, up]: &[Side; 2],
    which: &str,
    p: &Palette,
) {
    let painter = ui.painter_at(plot);
    let font = theme::font(tokens(ui).small);
    let inset = vec2(space::S, space::XS);
    let corners = [
        (across, which, (plot.right_bottom() - inset, Align2::RIGHT_BOTTOM), plot.width()),
        (up, "", (plot.left_top() + inset, Align2::LEFT_TOP), up_room),
    ];
    for (side, which, (corner, anchor), room) in corners {
        // In a narrow map there is less to say.
        let wordings = [
            format!("{}{which}", side.title()),
            format!("{}{which}", side.short_title()),
            side.short_title(),
            side.name.clone(),
        ];
        let galleys = wordings.map(|text| painter.layout_no_wrap(text, font.clone(), p.weak));
        let fits = |galley: &&Arc<egui::Galley>| galley.size().x <= room - 2.0 * space::S;
        let galley = galleys.iter().find(fits).unwrap_or(&galleys[3]).clone();
        let place = anchor.anchor_size(corner, galley.size());
        on_ground(&painter, place, galley, p.weak, p);
    }
}

/// A text over what a map shows, on a ground on which it can be read.
pub(super) fn on_ground(
    painter: &Brush,
    at: Rect,
    galley: Arc<egui::Galley>,
    color: Color32,
    p: &Palette,
) {
    let ground = at.expand2(vec2(space::XS, 1.0));
    painter.rect_filled(ground, radius::SMALL, p.canvas.gamma_multiply(0.85));
    painter.galley(at.min, galley, color);
}

/// What stands in the place of a map that is not there yet.
pub(super) fn waiting(ui: &Ui, plot: Rect, waits_for: WaitsFor, p: &Palette) {
    let text = match waits_for {
        WaitsFor::FirstStep => words!("map-warming-up"),
        WaitsFor::Kernels => words!("map-compiling-kernels"),
        WaitsFor::FirstFile => words!("map-waiting-for-the-first-file"),
        WaitsFor::FirstSave => words!("map-waiting-for-the-first-save"),
    };
    let (font, width) = (theme::font(tokens(ui).title), plot.width() - 2.0 * space::L);
    let painter = ui.painter_at(plot);
    let mut job = LayoutJob::simple(text.into(), font, p.weak, width);
    job.halign = Align::Center;
    let galley = painter.layout_job(job);
    let top = plot.center() - vec2(0.0, galley.size().y / 2.0);
    painter.galley(top, galley, p.weak);
}

/// How near a map is looked at.
pub(super) fn zoomed(ui: &Ui, plot: Rect, camera: Camera, p: &Palette) {
    let painter = ui.painter_at(plot);
    // Beside the name of the axis up, which a narrow map leaves little room.
    let at = plot.right_top() + vec2(-space::S, space::XS);
    let zoom = significant(f64::from(camera.zoom));
    let text = match plot.width() < ROOMY {
        true => words!("map-zoom", zoom = zoom),
        false => words!("map-double-click-for-all", zoom = zoom),
    };
    let galley = painter.layout_no_wrap(text, theme::font(tokens(ui).small), p.text);
    let place = Align2::RIGHT_TOP.anchor_size(at, galley.size());
    on_ground(&painter, place, galley, p.text, p);
}

/// What a code did in the newest step, in words.
pub(super) fn motion_words(motion: Motion) -> &'static str {
    match motion {
        Motion::Chosen => words!("map-code-moved-chosen"),
        Motion::Shared => words!("map-code-moved-shared"),
        Motion::Carried => words!("map-code-moved-carried"),
        Motion::Still => words!("map-code-stood-still"),
    }
}

/// What is known of a code, in words.
pub(super) fn describe(view: &LaneView, code: usize, terms: &StageTerms) -> String {
    let uses = view.window_counts.get(code).copied().unwrap_or(0);
    let life = view.life(code).words();
    let (uses, tokens) = (view.counted_in.words(uses), count(view.window.tokens as u64));
    let mut text = match view.counted_in {
        _ if !view.knows_use() => words!("map-code", code = code),
        CountedIn::Millionths => {
            words!("map-code-of-shares", code = code, life = life, share = uses)
        }
        CountedIn::Flags => words!("map-code-of-flags", code = code, life = life),
        _ => (terms.uses)(code, life, &uses, &tokens),
    };
    if let (Some(&moved), true) = (view.movement.get(code), view.movement_steps > 0) {
        let steps = view.movement_steps;
        let distance = significant(f64::from(moved));
        text += &format!("\n{}", words!("map-moved", distance = distance, steps = steps));
    }
    if let Some(motion) = view.motion(code) {
        text = format!("{text}\n{}", motion_words(motion));
        let since = match view.steps_since_chosen(code) {
            Some(0) => None,
            Some(steps) => Some(words!("map-code-chosen-ago", steps = steps)),
            None => Some(words!("map-code-never-chosen").into()),
        };
        text.extend(since.map(|since: String| format!(", {since}")));
    }
    text
}
