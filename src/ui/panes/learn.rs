//! The card of the one switch: what learns in each lane, and everything else in which they differ.

use egui::{
    Align, Align2, Button, Color32, Label, Layout, Pos2, RadioButton, Rect, RichText, Role,
    ScrollArea, Sense, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::analysis::history::History;
use crate::record::event::{Event, EventKind};
use crate::scenario::differences::{Difference, Present, differences};
use crate::scenario::{LaneId, OnSwitch, Scenario, method_name};
use crate::ui::panes::topics::Topic;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::marked::Marked;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::lit;
use crate::ui::widgets::text::{one_line, tag};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of a row of the table of differences.
const ROW: f32 = 18.0;

/// Height of the cells of a lane, and of their head; width of the names of their rows.
pub const BLOCK: f32 = 99.0;
const HEAD: f32 = 22.0;
pub const NAMES: f32 = 56.0;

/// Name of one of the four cells, short enough for a button.
fn cell_name(learn_c: bool, learn_w: bool) -> &'static str {
    // One word: the long names do not fit.
    match (learn_c, learn_w) {
        (false, false) => words!("learn-fixed"),
        (true, true) => words!("learn-joint"),
        _ => method_name(learn_c, learn_w),
    }
}

/// What learns in each lane, and what can.
#[derive(Clone, Copy)]
pub struct LearnCtx<'a> {
    /// What is shown of the run.
    pub shown: Displayed<'a>,
    /// What was set by hand in the run.
    pub history: &'a History,
    /// What the next restart trains.
    pub draft: &'a Scenario,
    /// The lanes that keys and sliders act on.
    pub marked: Marked,
    /// Whether C and W learn in each lane.
    pub learns: [Option<(bool, bool)>; 2],
    /// What a new W does with the codes, and whether it can leave them where they are.
    pub on_switch: (OnSwitch, bool),
}

/// Draws the card at the cursor.
pub fn card(ui: &mut Ui, ctx: &LearnCtx<'_>, outbox: &mut Outbox) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(words!("learn-what-learns")).font(theme::bold(tokens(ui).title)));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let small = RichText::new(words!("learn-at-once")).size(tokens(ui).small);
            ui.label(small.color(p.weak)).on_hover_text(words!("fields-acts-at-the-next-step"));
            tag(ui, true);
        });
    });
    let lanes = ctx.draft.lane_ids();
    let names = NAMES;
    let width = (ui.available_width() - names) / 2.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), BLOCK), Sense::hover());
    lit::setting(ui, words!("learn-what-learns"), rect.expand(space::XS));
    names_of_rows(ui, rect.left_top());
    for (i, id) in lanes.into_iter().enumerate() {
        let block = Rect::from_min_size(
            pos2(rect.left() + names + i as f32 * width, rect.top()),
            vec2(width - space::XS, BLOCK),
        );
        lane_block(ui, ctx, id, block, outbox);
    }
    Topic::OnSwitch.put(ui, Rect::from_min_size(ui.cursor().min, vec2(ui.available_width(), ROW)));
    ui.horizontal(|ui| {
        let weak = p.weak;
        ui.label(RichText::new(words!("learn-a-new-w-gets")).size(tokens(ui).small).color(weak));
        let fresh = words!("learn-new-gaussian-c-new-w");
        let keep = words!("learn-c-becomes-the-present-codes");
        // A low-rank W cannot leave codes where they are.
        let (on_switch, can_keep) = ctx.on_switch;
        for (value, name, hint) in [
            (OnSwitch::Fresh, words!("learn-fresh-codes"), fresh),
            (OnSwitch::Keep, words!("learn-its-old-codes"), keep),
        ] {
            let text = RichText::new(name).size(tokens(ui).small);
            let button = RadioButton::new(on_switch == value, text);
            let is_possible = value == OnSwitch::Fresh || can_keep;
            let response = ui.add_enabled(is_possible, button);
            if response.clicked() {
                outbox.ask(Wish::OnSwitch(value));
            }
            response.on_hover_text(hint).on_disabled_hover_text(words!("learn-a-w-of-low-rank"));
        }
    });
}

/// The names of the rows of cells, at the left of a block of them.
pub fn names_of_rows(ui: &Ui, at: Pos2) {
    for (text, y) in [(words!("learn-w-learns"), 57.0), (words!("learn-w-fixed"), 85.0)] {
        let (font, color) = (theme::font(tokens(ui).small), palette(ui).weak);
        ui.painter().text(at + vec2(0.0, y), Align2::LEFT_CENTER, text, font, color);
    }
}

/// The 2 x 2 cells of one lane.
fn lane_block(ui: &mut Ui, ctx: &LearnCtx<'_>, id: LaneId, block: Rect, outbox: &mut Outbox) {
    let p = palette(ui);
    let color = p.lane(id);
    let is_side = ctx.marked.side == id;
    let name = id.name().to_uppercase();
    let head = Rect::from_min_size(block.min, vec2(block.width(), HEAD));
    let response = ui.interact(head, ui.scope_id().with(("side", id)), Sense::click());
    response.widget_info(|| {
        WidgetInfo::selected(
            Role::RadioButton,
            true,
            is_side,
            words!("learn-keys-act-on", name = name),
        )
    });
    if response.clicked() {
        outbox.ask(Wish::Mark(Marked { side: id, ..ctx.marked }));
    }
    let has_focus = response.has_focus();
    response.on_hover_text(words!("learn-the-keys-w-and-c", name = name));
    if is_side {
        ui.painter().rect_filled(head, radius::CONTROL, color);
    } else {
        ui.painter().rect_stroke(
            head,
            radius::CONTROL,
            Stroke::new(line::HAIR, p.border),
            StrokeKind::Inside,
        );
    }
    let text = if is_side { p.on_lane } else { color };
    ui.painter().text(
        head.center(),
        Align2::CENTER_CENTER,
        &name,
        theme::bold(tokens(ui).body),
        text,
    );
    if has_focus {
        let stroke = Stroke::new(line::FOCUS, p.focus);
        ui.painter().rect_stroke(head, radius::CONTROL, stroke, StrokeKind::Outside);
    }
    Topic::WhatLearns.put(ui, block);
    let is_grid = ctx.shown.spec(id).is_some_and(|spec| spec.fixed.is_some());
    let now = ctx.learns[id.index()];
    let why_not =
        |_: bool, _: bool| is_grid.then(|| words!("learn-this-lane-has-fixed-codes").into());
    if let Some((c, w)) = cells(ui, block, &name, color, now, why_not) {
        outbox.ask(Wish::Learn { lane: id, c, w });
    }
}

/// The four cells of whether C and W learn, below the names of their columns; the one that was clicked.
/// `name` is that of the lane, for whoever hears it; of a cell that cannot be chosen `why_not` is said.
pub fn cells(
    ui: &mut Ui,
    block: Rect,
    name: &str,
    color: Color32,
    now: Option<(bool, bool)>,
    why_not: impl Fn(bool, bool) -> Option<String>,
) -> Option<(bool, bool)> {
    let p = palette(ui);
    let half = block.width() / 2.0;
    let mut clicked = None;
    for (column, learn_c) in [false, true].into_iter().enumerate() {
        let x = block.left() + column as f32 * half;
        let title = if learn_c { words!("learn-c-learns") } else { words!("learn-c-frozen") };
        ui.painter().text(
            pos2(x + half / 2.0, block.top() + 32.0),
            Align2::CENTER_CENTER,
            title,
            theme::font(tokens(ui).small),
            p.weak,
        );
        for (row, learn_w) in [true, false].into_iter().enumerate() {
            let at = Rect::from_min_size(
                pos2(x + 1.0, block.top() + 44.0 + 28.0 * row as f32),
                vec2(half - 2.0, 26.0),
            );
            let is_now = now == Some((learn_c, learn_w));
            let why_not = why_not(learn_c, learn_w);
            let cell = cell_name(learn_c, learn_w);
            let text = RichText::new(cell).font(if is_now {
                theme::bold(tokens(ui).body)
            } else {
                theme::font(tokens(ui).body)
            });
            let text = if is_now { text.color(p.on_lane) } else { text };
            let mut button = Button::new(text).min_size(at.size());
            if is_now {
                button = button.fill(color);
            }
            ui.spacing_mut().button_padding.x = 0.0;
            if why_not.is_some() {
                button = button.sense(Sense::hover());
            }
            let response = ui.put(at, button);
            let label = format!("{name}: {}", method_name(learn_c, learn_w));
            response.widget_info(|| WidgetInfo::selected(Role::RadioButton, true, is_now, &label));
            if response.clicked() && !is_now {
                clicked = Some((learn_c, learn_w));
            }
            match why_not {
                Some(why) => response.on_hover_text(why),
                None => response.on_hover_text(explain(learn_c, learn_w)),
            };
        }
    }
    clicked
}

fn explain(learn_c: bool, learn_w: bool) -> &'static str {
    match (learn_c, learn_w) {
        (true, false) => words!("learn-plain-vq-each-chosen-code"),
        (false, true) => {
            words!("learn-simvq-the-codes-c-are")
        }
        (true, true) => words!("learn-joint-the-codes-c-and"),
        (false, false) => words!("learn-a-fixed-codebook-only-encoder"),
    }
}

/// Every setting in which the lanes differ, in a place of its own: what does not fit is reached by
/// scrolling, so that nothing below ever moves.
pub fn differences_table(ui: &mut Ui, ctx: &LearnCtx<'_>, rect: Rect) {
    // Before the first run is built, what it will be built from.
    let specs = [LaneId::A, LaneId::B].map(|id| ctx.draft.lane(id));
    let drafted = |id: LaneId| specs[id.index()].as_ref().map(Present::from);
    let present = |id: LaneId| ctx.shown.present(id).or_else(|| drafted(id));
    let (Some(a), Some(b)) = (present(LaneId::A), present(LaneId::B)) else { return };
    let rows = differences(&a, &b);
    let own = own_changes(ctx.history);
    let title = if rows.is_empty() && own.is_empty() {
        words!("learn-a-and-b-are-equal")
    } else {
        words!("learn-a-and-b-differ-in")
    };
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("differences"));
    ui.spacing_mut().item_spacing.y = 1.0;
    let bold = theme::bold(tokens(&ui).body);
    ui.label(RichText::new(title).font(bold));
    ScrollArea::vertical().id_salt("differences").auto_shrink(false).show(&mut ui, |ui| {
        ui.set_width(rect.width() - 2.0);
        rows.iter().for_each(|row| difference(ui, row));
        for (id, event) in &own {
            own_change(ui, *id, event);
        }
        all_else(ui, &a, &b);
    });
}

/// A setting and its two values.
fn difference(ui: &mut Ui, row: &Difference) {
    const NAME: f32 = 84.0;
    let p = palette(ui);
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, ROW), Sense::hover());
    let half = (width - NAME) / 2.0;
    let cell = |x: f32, w: f32, text: &str, color| {
        let at = Rect::from_min_size(pos2(rect.left() + x, rect.top()), vec2(w, ROW));
        let galley = one_line(ui, text, theme::font(tokens(ui).small), color, w);
        let start = Align2::LEFT_CENTER.anchor_size(at.left_center(), galley.size()).min;
        ui.painter().galley(start, galley, color);
    };
    cell(0.0, NAME - space::XS, row.setting, p.weak);
    cell(NAME, half - space::XS, &row.a, p.lane(LaneId::A));
    cell(NAME + half, half, &row.b, p.lane(LaneId::B));
    response.on_hover_text(format!("{}: A {}, B {}", row.setting, row.a, row.b));
}

/// A change that one lane alone had, in one line.
fn own_change(ui: &mut Ui, id: LaneId, event: &Event) {
    let text = words!(
        "learn-from-step",
        lane = id.name().to_uppercase(),
        step = event.step + 1,
        text = event.what()
    );
    let small = RichText::new(&text).size(tokens(ui).small).color(palette(ui).lane(id));
    ui.add(Label::new(small).truncate()).on_hover_text(text);
}

/// What the lanes have in common.
fn all_else(ui: &mut Ui, a: &Present<'_>, b: &Present<'_>) {
    let same_width = a.spec.latent * a.spec.tokens == b.spec.latent * b.spec.tokens;
    let is_projected = a.spec.factor().is_some() != b.spec.factor().is_some();
    let (note, more) = match (same_width, is_projected) {
        (true, false) => (words!("learn-all-else-is-equal"), ""),
        (true, true) => (words!("learn-all-else-is-equal-but"), words!("learn-these-project")),
        (false, _) => {
            (words!("learn-all-else-is-equal-but-2"), words!("learn-their-widths-differ"))
        }
    };
    let common = words!("learn-data-batches-and-the-initial");
    ui.label(RichText::new(note).size(tokens(ui).small).color(palette(ui).weak))
        .on_hover_text([more, common].join("\n").trim_start());
}

/// The newest change that one lane alone had on the way, lane by lane.
fn own_changes(history: &History) -> Vec<(LaneId, &Event)> {
    let of = |id: LaneId| {
        let is_own = |e: &&Event| e.kind == EventKind::Change && e.lane == Some(id);
        Some((id, history.events.iter().rfind(is_own)?))
    };
    [LaneId::A, LaneId::B].into_iter().filter_map(of).collect()
}
