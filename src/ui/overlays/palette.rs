//! The palette of commands: a field to type into, and what the letters may mean.

use egui::text::{CCursor, CCursorRange};
use egui::{
    Align, Align2, Area, Frame, Key, Layout, Modifiers, Order, RichText, ScrollArea, TextEdit, Ui,
    vec2,
};

use crate::ui::input::commands;
use crate::ui::input::palette::{Action, Row, rows, set};
use crate::ui::state::AppState;
use crate::ui::state::cards::TypedCommand;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{is_room, space, tokens};
use crate::words;

/// Width of the palette, and before a room.
const WIDTH: f32 = 600.0;
const ROOM: f32 = 1000.0;

/// Where it hangs, below the caption, and before a room.
const TOP: f32 = 92.0;
const ROOM_TOP: f32 = 112.0;

/// Most rows that are seen at once.
const SEEN: f32 = 9.0;

/// Draws the palette while it is open.
pub fn show(ui: &Ui, state: &mut AppState) {
    let Some(mut open) = state.cards.palette.take() else { return };
    let ctx = ui.ctx();
    let key = |key| ctx.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    if key(Key::Escape) {
        return;
    }
    let found = rows(state, &open.typed);
    let last = found.len().saturating_sub(1);
    let mut is_moved = false;
    if key(Key::ArrowDown) {
        (open.chosen, is_moved) = ((open.chosen + 1).min(last), true);
    }
    if key(Key::ArrowUp) {
        (open.chosen, is_moved) = (open.chosen.saturating_sub(1), true);
    }
    open.chosen = open.chosen.min(last);
    let mut taken = key(Key::Enter).then_some(open.chosen);
    let (width, top) = if is_room(ui) { (ROOM, ROOM_TOP) } else { (WIDTH, TOP) };
    // A window may be narrower than it is before a room.
    let width = width.min(ctx.content_rect().width() - 4.0 * space::L);
    Area::new(ui.scope_id().with("palette"))
        .order(Order::Foreground)
        .anchor(Align2::CENTER_TOP, vec2(0.0, top))
        .show(ctx, |ui| {
            Frame::window(ui.style()).inner_margin(space::M).show(ui, |ui| {
                ui.set_width(width);
                field(ui, &mut open);
                ui.add_space(space::S);
                let font = theme::font(tokens(ui).body);
                let text = ui.fonts_mut(|fonts| fonts.row_height(&font));
                let spacing = ui.spacing();
                let inner = text + 2.0 * spacing.button_padding.y;
                let line = inner.max(spacing.interact_size.y) + spacing.item_spacing.y;
                ScrollArea::vertical().max_height(SEEN * line).show(ui, |ui| {
                    ui.set_width(width);
                    for (i, row) in found.iter().enumerate() {
                        let is_chosen = i == open.chosen;
                        if one(ui, row, is_chosen, is_chosen && is_moved) {
                            taken = Some(i);
                        }
                    }
                });
                if found.is_empty() {
                    ui.label(RichText::new(words!("palette-nothing")).color(palette(ui).weak));
                }
            });
        });
    let taken = taken.and_then(|taken| found.get(taken)).map(|row| row.action.clone());
    match taken {
        Some(Action::Command(command)) => commands::run(ctx, state, command),
        Some(action @ Action::Set(..)) => set(state, &action),
        Some(Action::Type(typed)) => {
            state.cards.palette = Some(TypedCommand { typed, chosen: 0, is_typed_for: true });
        }
        Some(Action::Refused) | None => state.cards.palette = Some(open),
    }
}

/// The field to type into.
fn field(ui: &mut Ui, open: &mut TypedCommand) {
    let before = open.typed.clone();
    let mut output = TextEdit::singleline(&mut open.typed)
        .hint_text(words!("palette-hint"))
        .font(theme::font(tokens(ui).title))
        .desired_width(f32::INFINITY)
        .show(ui);
    if std::mem::take(&mut open.is_typed_for) {
        // What was typed for somebody is typed on behind it.
        let end = CCursor::new(open.typed.chars().count());
        output.state.cursor.set_char_range(Some(CCursorRange::one(end)));
        output.state.store(ui.ctx(), output.response.id);
    }
    output.response.request_focus();
    if before != open.typed {
        open.chosen = 0;
    }
}

/// A row; whether it was clicked.
fn one(ui: &mut Ui, row: &Row, is_chosen: bool, is_sought: bool) -> bool {
    let (p, t) = (palette(ui), tokens(ui));
    let text = RichText::new(&row.text).font(theme::font(t.body));
    if row.action == Action::Refused {
        ui.label(RichText::new(words!("palette-refused")).font(theme::bold(t.body)));
        ui.label(text.color(p.text));
        return false;
    }
    let inner = ui.horizontal(|ui| {
        let response = ui.selectable_label(is_chosen, text);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let note = RichText::new(&row.note).font(theme::font(t.small)).color(p.weak);
            ui.add(egui::Label::new(note).truncate());
        });
        response
    });
    if is_sought {
        inner.inner.scroll_to_me(None);
    }
    inner.inner.clicked()
}
