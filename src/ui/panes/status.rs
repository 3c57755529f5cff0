//! The status bar: device, renderer, seed, memory.

use egui::{Align, Layout, Rect, RichText, Stroke, Ui, UiBuilder, vec2};

use crate::analysis::history::History;
use crate::palette::Palette;
use crate::record::status::{Activity, DeviceLabel, Saving};
use crate::text::{count, sentence, shown};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, WindowCtx, watched};
use crate::ui::state::frames::FrameStore;
use crate::ui::state::host::Host;
use crate::ui::state::stage::Stage;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::text::Part;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// Room for "…" and the line before it.
const REST: f32 = 34.0;

/// The bar: the machine at the right, and at the left as much of the run as there is room for; the
/// rest is under the pointer.
#[derive(Default)]
pub struct StatusPane;

/// What there is to say of the machine, and of how a run trains and is kept.
pub struct StatusCtx<'a> {
    stage: Stage,
    device: Option<&'a DeviceLabel>,
    activity: Activity,
    saving: &'a Saving,
    frames: &'a FrameStore,
    history: &'a History,
    /// Of a run of this program; another one's files have none.
    seed: Option<u64>,
    host: &'a Host,
    /// Something that could not be done.
    notice: Option<&'a str>,
    /// What was done last.
    toast: Option<&'a str>,
}

impl Pane for StatusPane {
    type Ctx<'a> = StatusCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Status
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> StatusCtx<'a> {
        let run = window.run;
        StatusCtx {
            stage: run.stage(),
            device: run.info.as_ref().map(|info| &info.device),
            activity: run.trainer.activity,
            saving: &run.saving,
            frames: &run.frames,
            history: &run.history,
            seed: run.stage().terms().has_methods.then_some(window.running.seed),
            host: window.host,
            notice: run.notice.as_deref(),
            toast: window.toast,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: StatusCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(line::HAIR, p.border));
        if let Some(text) = ctx.toast {
            return toast(ui, text, rect);
        }
        let inner = rect.shrink2(vec2(space::S, 2.0));
        let place =
            |rect, layout, salt| UiBuilder::new().max_rect(rect).layout(layout).id_salt(salt);
        let mut right = ui.new_child(place(inner, Layout::right_to_left(Align::Center), "machine"));
        machine(&mut right, ctx.host, ctx.activity);
        let room = inner.with_max_x(right.min_rect().left() - space::S);
        let mut left = ui.new_child(place(room, Layout::left_to_right(Align::Center), "status"));
        notice(&mut left, ctx.notice, outbox);
        line(&mut left, &parts(&ctx, p));
    }
}

/// What was done last, in the place of everything else.
fn toast(ui: &mut Ui, text: &str, rect: Rect) {
    let text = &*readable(ui, text, &theme::bold(tokens(ui).small));
    let job = RichText::new(text).font(theme::bold(tokens(ui).small)).color(palette(ui).text);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect.shrink2(vec2(space::S, 2.0))));
    // A sentence longer than the bar is whole under the pointer.
    let label = egui::Label::new(job).truncate().selectable(false);
    ui.add(label).on_hover_text(text);
}

/// What stands between two parts of the bar.
fn dot(ui: &mut Ui) {
    let color = palette(ui).weak;
    ui.label(RichText::new("·").size(tokens(ui).small).color(color));
}

/// Memory and frames, from the right.
fn machine(ui: &mut Ui, host: &Host, activity: Activity) {
    let weak = palette(ui).weak;
    let size = tokens(ui).small;
    let small = |text: String| RichText::new(text).size(size).color(weak);
    if let Some(bytes) = host.memory_bytes {
        ui.label(small(format!("{} MB", count(bytes / 1_000_000))))
            .on_hover_text(words!("status-memory-of-this-program"));
    }
    if host.frames_per_second > 0.0 && activity == Activity::Running {
        dot(ui);
        ui.label(small(words!(
            "status-frames-s",
            frames = format!("{:.0}", host.frames_per_second)
        )));
    }
}

/// What could not be done, until a click.
fn notice(ui: &mut Ui, notice: Option<&str>, outbox: &mut Outbox) {
    let Some(notice) = notice.map(sentence) else { return };
    let notice = readable(ui, &notice, &theme::font(tokens(ui).small)).into_owned();
    let words = RichText::new(&notice).size(tokens(ui).small).color(palette(ui).restart);
    let label = egui::Label::new(words).truncate().sense(egui::Sense::click());
    let response = ui
        .scope(|ui| {
            ui.set_max_width((ui.available_width() - REST).max(0.0));
            ui.add(label)
        })
        .inner;
    if response.on_hover_text(format!("{notice}\n{}", words!("status-click-to-close"))).clicked() {
        outbox.ask(Wish::CloseNotice);
    }
    dot(ui);
}

/// Parts beside each other while there is room.
fn line(ui: &mut Ui, parts: &[Part]) {
    let end = ui.max_rect().right();
    for (n, part) in parts.iter().enumerate() {
        let is_last = n + 1 == parts.len();
        let font = theme::font(tokens(ui).small);
        let galley = ui.painter().layout_no_wrap(
            readable(ui, &part.text, &font).into_owned(),
            font,
            part.color,
        );
        let rest = if is_last { 0.0 } else { REST };
        if ui.cursor().left() + galley.size().x + rest > end {
            let words: Vec<&str> = parts[n..].iter().map(|part| part.text.as_str()).collect();
            let dots = RichText::new("…").size(tokens(ui).small).color(palette(ui).weak);
            ui.label(dots).on_hover_text(words.join("\n"));
            return;
        }
        let response = ui.label(galley);
        if !part.hint.is_empty() {
            response.on_hover_text(&part.hint);
        }
        if !is_last {
            dot(ui);
        }
    }
}

/// What there is to say of the run and of what draws it.
fn parts(ctx: &StatusCtx<'_>, p: &Palette) -> Vec<Part> {
    let mut all = Vec::new();
    if let Some(device) = ctx.device {
        let hint = (ctx.stage.terms().device)();
        let text = format!("{} ({})", device.spoken_name(), device.reason.text());
        all.push(Part::new(text, p.weak, hint));
    }
    if let Some(renderer) = &ctx.host.renderer {
        all.push(Part::new(renderer.text(), p.weak, words!("status-what-draws-the-window-and")));
    }
    match ctx.seed {
        Some(seed) => all.push(Part::new(words!("status-seed", seed = seed), p.weak, "")),
        None => all.extend(watched::files(ctx.history, p)),
    }
    all.extend(saving(ctx, p));
    let width = ctx.history.lanes[0].loss.width();
    if width > 1 {
        let hint = words!("status-curves-are-bounded-when-a");
        all.push(Part::new(
            words!("status-curves-thinned-to-steps-a", width = width),
            p.weak,
            hint,
        ));
    }
    all
}

/// How many checkpoints there are, and what room they have.
fn checkpoints(number: usize, room: u64) -> String {
    let number = count(number as u64);
    words!("status-checkpoints-to-fork-from-in", number = number, room = count(room >> 20))
}

/// Whether the run is saved, where, and how much of it is kept to look back at.
fn saving(ctx: &StatusCtx<'_>, p: &Palette) -> Vec<Part> {
    let mut all = Vec::new();
    let StatusCtx { saving, frames, host, .. } = ctx;
    if let Some(folder) = &saving.folder {
        let name = folder.file_name().map(|n| n.to_string_lossy().into_owned());
        let text = words!("status-saved-as", folder = shown(&name.unwrap_or_default()));
        let hint = checkpoints(saving.checkpoints.len(), host.checkpoint_room);
        let hint = format!("{}\n{hint}", shown(&folder.display().to_string()));
        all.push(Part::new(text, p.weak, hint));
    } else if let Some(why) = &saving.failure {
        all.push(Part::new(words!("status-not-saved"), p.error, sentence(why)));
    }
    let (bytes, budget) = frames.bytes();
    if bytes > 0 {
        let thinned = match frames.thinned_to() {
            Some(steps) => words!("status-every-steps", steps = count(steps)),
            None => String::new(),
        };
        let text = words!(
            "status-pictures-of-mb",
            megabytes = bytes >> 20,
            budget = budget >> 20,
            thinned = thinned
        );
        let hint = words!("status-kept-pictures-of-all-views");
        all.push(Part::new(text, p.weak, hint));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_room_of_checkpoints_is_said() {
        assert!(checkpoints(7, 3 << 30).contains("7, in up to 3,072 MB"));
    }
}
