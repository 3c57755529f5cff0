//! Sentences from the present numbers under the heads, each with what shows it.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Align2, Button, Galley, Rect, RichText, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use crate::analysis::why::{Sentence, Shown};
use crate::palette::Palette;
use crate::ui::layout::cause::{LONG_SENTENCE, SENTENCE};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::{Pane, WindowCtx};
use crate::ui::state::command::UiCommand;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::text::one_line;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{radius, space, tokens};
use crate::words;

/// Room for what is pressed at the end of a sentence.
const BUTTON: f32 = 76.0;
const CLOSE: f32 = 22.0;

/// The height of a sentence; one about a change by hand compares both lanes, and takes two lines.
pub fn height_of(sentence: &Sentence) -> f32 {
    if sentence.is_of_a_change() { LONG_SENTENCE } else { SENTENCE }
}

/// A sentence in a room of this width: in smaller type where it is long, and one about a change in two
/// lines.
fn fitting(ui: &Ui, sentence: &Sentence, room: f32, p: &Palette) -> Arc<Galley> {
    let (small, body) = (theme::font(tokens(ui).small), theme::font(tokens(ui).body));
    if !sentence.is_of_a_change() {
        let galley = one_line(ui, &sentence.text, body, p.text, room);
        return match galley.elided {
            true => one_line(ui, &sentence.text, small, p.text, room),
            false => galley,
        };
    }
    let mut job = LayoutJob::simple(sentence.text.clone(), small, p.text, room);
    job.wrap.max_rows = 2;
    ui.painter().layout_job(job)
}

/// The sentences.
#[derive(Default)]
pub struct SentencesPane;

impl Pane for SentencesPane {
    fn id(&self) -> PaneId {
        PaneId::Sentences
    }

    type Ctx<'a> = &'a [Sentence];

    fn ctx<'a>(window: &WindowCtx<'a>) -> &'a [Sentence] {
        window.sentences
    }

    fn ui(&mut self, ui: &mut Ui, sentences: &[Sentence], outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        ui.painter().rect_filled(rect, radius::CONTROL, p.canvas);
        let inner = rect.shrink2(vec2(space::S, space::XS));
        let mut top = inner.top();
        for (i, sentence) in sentences.iter().enumerate() {
            let bottom = top + height_of(sentence);
            let row = Rect::from_min_max(pos2(inner.left(), top), pos2(inner.right(), bottom));
            top = bottom;
            let end = if sentence.is_of_a_change() { BUTTON + CLOSE } else { BUTTON };
            let galley = fitting(ui, sentence, row.width() - end - space::S, p);
            let is_cut = galley.elided;
            let at = Align2::LEFT_CENTER.anchor_size(row.left_center(), galley.size());
            ui.painter().galley(at.min, galley, p.text);
            let text = row.with_max_x(row.right() - end);
            let sense = Sense::hover() | Sense::focusable_noninteractive();
            let response = ui.interact(text, ui.scope_id().with(("sentence", i)), sense);
            let said = sentence.text.clone();
            response.widget_info(move || WidgetInfo::labeled(Role::Label, true, said.clone()));
            theme::focus_ring(ui, &response);
            if is_cut {
                response.on_hover_text(&sentence.text);
            }
            match sentence.shown {
                Shown::Step(_) => Topic::Change.put(ui, row),
                Shown::Before => Topic::Before.put(ui, row),
                Shown::Code(..) | Shown::Difference => {}
            }
            buttons(ui, sentence, row.with_min_x(row.right() - end), outbox);
        }
    }
}

/// What shows what a sentence speaks of, and what puts a comparison away.
fn buttons(ui: &mut Ui, sentence: &Sentence, place: Rect, outbox: &mut Outbox) {
    let middle = pos2(place.left() + BUTTON / 2.0, place.center().y);
    let size = vec2(BUTTON, SENTENCE - 1.0);
    let name = RichText::new(words!("why-show-me")).size(tokens(ui).small);
    let button = Button::new(name).min_size(size);
    if ui.put(Rect::from_center_size(middle, size), button).clicked() {
        outbox.ask(Wish::Show(sentence.shown));
    }
    if !sentence.is_of_a_change() {
        return;
    }
    let middle = pos2(place.right() - CLOSE / 2.0, place.center().y);
    let place = Rect::from_center_size(middle, vec2(CLOSE, SENTENCE - 1.0));
    let name = words!("command-put-away-change");
    let close = ui.put(place, Button::new("×").frame(false)).on_hover_text(name);
    close.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
    if close.clicked() {
        outbox.command(UiCommand::PutAwayChange);
    }
}
