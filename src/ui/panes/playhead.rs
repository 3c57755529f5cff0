//! The pinned step: what the panels show of the past, its playback, and a fork of it.

use egui::{Align, Button, DragValue, Layout, RichText, Ui, UiBuilder, vec2};

use crate::text::count;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, WindowCtx};
use crate::ui::state::command::UiCommand;
use crate::ui::state::playback::Player;
use crate::ui::state::stage::Stage;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::text::two_lines;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Sizes of its buttons and of the pace.
const BUTTON: f32 = 82.0;
const RATE: f32 = 104.0;
const HEIGHT: f32 = 26.0;

/// The strip at the right end of the caption's row.
#[derive(Default)]
pub struct PlayheadPane;

/// The step that is shown, the newest one, and what can be done between them.
pub struct PlayheadCtx<'a> {
    stage: Stage,
    shown: u64,
    live: u64,
    can_fork: bool,
    player: &'a Player,
}

impl Pane for PlayheadPane {
    fn id(&self) -> PaneId {
        PaneId::Playhead
    }

    type Ctx<'a> = PlayheadCtx<'a>;

    fn ctx<'a>(window: &WindowCtx<'a>) -> PlayheadCtx<'a> {
        let run = window.run;
        PlayheadCtx {
            stage: run.stage(),
            shown: run.shown_step(),
            live: run.step(),
            can_fork: run.can_fork(),
            player: window.player,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: PlayheadCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let p = palette(ui);
        ui.painter().rect_filled(rect, 0.0, p.canvas);
        let mut ui = ui.new_child(
            UiBuilder::new()
                .max_rect(rect.shrink2(vec2(space::S, space::XS)))
                .layout(Layout::right_to_left(Align::Center))
                .id_salt("playhead"),
        );
        let ui = &mut ui;
        let PlayheadCtx { stage, shown, live, can_fork, player } = ctx;
        let is_saved = stage.is_saved();
        let size = tokens(ui).body;
        // As wide as the wider word, so that nothing moves when it changes.
        let button = |text: &str| {
            Button::new(RichText::new(text).font(theme::bold(size))).min_size(vec2(BUTTON, HEIGHT))
        };
        if is_saved {
            if ui.add(button(words!("playhead-back-to-the-live-run"))).clicked() {
                outbox.command(UiCommand::BackToLive);
            }
        } else if ui
            .add(button(words!("playhead-live")))
            .on_hover_text(words!("playhead-follow-the-run-again-end"))
            .clicked()
        {
            outbox.command(UiCommand::Follow);
        }
        let hint = match can_fork {
            true => {
                words!("playhead-train-on-from-this-step")
            }
            false => words!("playhead-this-run-is-not-saved"),
        };
        // Who only looks cannot train on.
        if stage.can_fork()
            && ui
                .add_enabled(can_fork, button(words!("playhead-fork-here")))
                .on_hover_text(hint)
                .clicked()
        {
            outbox.command(UiCommand::Fork);
        }
        let is_playing = player.playback.is_some();
        let text = if is_playing { words!("playhead-stop") } else { words!("playhead-play-back") };
        let hint = words!("playhead-play-the-recording-from-here");
        if ui.add(button(text)).on_hover_text(hint).clicked() {
            outbox.command(UiCommand::PlayBack);
        }
        let mut rate = player.rate;
        let field = DragValue::new(&mut rate)
            .range(1.0..=100_000.0)
            .speed(1.0)
            .max_decimals(0)
            .suffix(words!("pace-suffix"));
        let hint = words!("playhead-pace-of-the-playback-in");
        if ui.add_sized(vec2(RATE, HEIGHT), field).on_hover_text(hint).changed() {
            outbox.ask(Wish::PlaybackRate(rate));
        }
        let behind = match is_saved {
            true => words!("playhead-of", steps = count(live)),
            false => words!("playhead-live-steps", steps = count(live.saturating_sub(shown))),
        };
        let what = if is_saved {
            words!("playhead-saved-runs-at-step")
        } else {
            words!("playhead-pinned-at-step")
        };
        let text = format!("{what} {}", count(shown));
        let place = rect.shrink2(vec2(space::L, 0.0)).with_max_x(ui.min_rect().left() - space::S);
        two_lines(ui, place, [(text, p.restart), (behind, p.weak)]);
    }
}
