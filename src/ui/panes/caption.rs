//! The sentence of the running story, below the top bar.

use std::sync::Arc;

use egui::text::LayoutJob;
use egui::{Align2, Galley, Role, Ui, Vec2, WidgetInfo, vec2};

use crate::text::lines;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, WindowCtx, watched};
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{Tokens, space, tokens};

/// The sentence of the running story.
#[derive(Default)]
pub struct CaptionPane;

/// What is said, and what the story is about.
pub struct CaptionCtx {
    text: String,
    about: String,
}

impl Pane for CaptionPane {
    fn id(&self) -> PaneId {
        PaneId::Caption
    }

    type Ctx<'a> = CaptionCtx;

    fn ctx<'a>(window: &WindowCtx<'a>) -> CaptionCtx {
        let (run, running) = (window.run, window.running);
        let text = if let Some(title) = window.page {
            title.to_string()
        } else if run.stage().terms().has_trainer {
            let written = || running.caption_at(run.shown_step()).unwrap_or(running.about.spoken());
            lines(&run.caption().unwrap_or_else(|| written().to_string()))
        } else {
            watched::caption(&window.displayed(), &run.history, &window.story.name)
        };
        // What a story is about says how it ends.
        let about =
            if run.lesson.covers_others() { String::new() } else { lines(running.about.spoken()) };
        CaptionCtx { text, about }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: CaptionCtx, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        ui.painter().rect_filled(rect, 0.0, p.canvas);
        let CaptionCtx { text, about } = ctx;
        let galley = caption_galley(ui, &text, rect.size() - vec2(2.0 * space::L, 0.0));
        let start = rect.left_center() + vec2(space::L, 0.0);
        let at = Align2::LEFT_CENTER.anchor_size(start, galley.size()).min;
        ui.painter_at(rect).galley(at, galley, p.text);
        let response = ui.interact(rect, ui.scope_id().with("caption"), egui::Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &text));
        response.on_hover_text(about);
    }
}

/// A caption in the largest type in which it fits into a place: one line or, in smaller type, two. What
/// is longer ends in "…"; the whole text is under the pointer.
fn caption_galley(ui: &Ui, text: &str, room: Vec2) -> Arc<Galley> {
    let text = readable(ui, text, &theme::font(tokens(ui).body));
    let color = palette(ui).text;
    let layout = |(size, rows): (f32, usize)| {
        let mut job = LayoutJob::simple(text.to_string(), theme::font(size), color, room.x);
        job.wrap.max_rows = rows;
        ui.painter().layout_job(job)
    };
    let Tokens { small, body, title, .. } = *tokens(ui);
    let looks = [(title, 1), (body, 1), (body, 2)];
    let fits = |galley: &Arc<Galley>| !galley.elided && galley.size().y <= room.y;
    looks.into_iter().map(layout).find(fits).unwrap_or_else(|| layout((small, 2)))
}
