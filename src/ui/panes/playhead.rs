//! The pinned step: what the panels show of the past, its playback, and forks.

use egui::{Align, Button, DragValue, Layout, Rect, RichText, Stroke, Ui, UiBuilder, vec2};

use crate::record::status::Activity;
use crate::text::count;
use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};

/// Width of the strip beside the caption.
pub const WIDTH: f32 = 520.0;

/// A replay that takes longer than this is announced before it begins, in seconds.
const LONG_REPLAY: f64 = 3.0;

/// Recorded steps a second at which a recording is played back, unless another pace is chosen.
pub const RATE: f64 = 60.0;

/// A fork that was asked for and waits for an answer, because the way there is long.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ForkWish {
    /// The step.
    pub step: u64,
    /// Steps that are trained again to get there.
    pub steps: u64,
    /// Seconds that they take, where it is known how long one takes.
    pub seconds: Option<f64>,
}

/// A recording that is being played back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Playback {
    /// Recorded steps a second.
    pub rate: f64,
    /// Where it is, in steps.
    pub at: f64,
    /// Whether it begins again at its end.
    pub is_loop: bool,
}

impl AppState {
    /// The kept picture before the shown step; `many` goes back ten.
    pub fn pin_before(&mut self, many: bool) {
        for _ in 0..if many { 10 } else { 1 } {
            let shown = self.known.shown_step();
            // From the live picture the first step back is to the newest kept one.
            let Some(step) = self.known.record.before(shown).map(|f| f.step) else { return };
            self.pin(step);
        }
    }

    /// The kept picture after the shown step; after the last one, the run is followed again.
    pub fn pin_after(&mut self, many: bool) {
        for _ in 0..if many { 10 } else { 1 } {
            match self.known.record.after(self.known.shown_step()).map(|f| f.step) {
                Some(step) => self.pin(step),
                None => return self.follow(),
            }
        }
    }

    /// The first kept picture.
    pub fn pin_first(&mut self) {
        self.pin(0);
    }

    /// Follows the run again; saved runs stay at their last step.
    pub fn follow(&mut self) {
        self.playback = None;
        match self.aside {
            Some(_) => self.known.pin(u64::MAX),
            None => self.known.unpin(),
        }
    }

    /// Starts to play the recording back from the shown step, or from its start; or stops it.
    pub fn toggle_playback(&mut self) {
        self.playback = match self.playback {
            Some(_) => None,
            None => {
                let (first, last) = self.playback_range();
                let shown = self.known.shown_step();
                let is_at_end = !self.known.is_pinned || shown >= last || shown < first;
                let from = if is_at_end { first } else { shown };
                self.pin(from);
                let (rate, is_loop) = (self.playback_rate, self.loop_range.is_some());
                Some(Playback { rate, at: from as f64, is_loop })
            }
        };
    }

    /// First and last step of what is played back.
    fn playback_range(&self) -> (u64, u64) {
        let last = self.known.record.steps().next_back().unwrap_or(0);
        self.loop_range.map_or((0, last), |(from, to)| (from.min(last), to.min(last)))
    }

    /// Moves a playback on by `seconds`.
    pub fn advance_playback(&mut self, seconds: f64) {
        let Some(mut playback) = self.playback else { return };
        let (first, last) = self.playback_range();
        playback.at += seconds * playback.rate;
        if playback.at > last as f64 {
            if !playback.is_loop || last <= first {
                self.playback = None;
                self.pin(last);
                return;
            }
            playback.at = first as f64;
        }
        self.pin(playback.at as u64);
        self.playback = Some(playback);
    }

    /// Whether a fork of the shown step is possible.
    pub fn can_fork(&self) -> bool {
        self.known.saving.folder.is_some() && self.known.failure.is_none()
    }

    /// Asks for a fork of the shown step; a long way there is announced first, and so is one that
    /// nobody knows the speed of.
    pub fn ask_to_fork(&mut self) {
        if !self.can_fork() {
            self.known.notice = Some(
                "this run is not saved, so it cannot be forked; the status bar says why".into(),
            );
            return;
        }
        let step = self.known.shown_step();
        let wish = self.way_to(step);
        if wish.steps > 0 && wish.seconds.is_none_or(|seconds| seconds > LONG_REPLAY) {
            self.fork_wish = Some(wish);
        } else {
            self.fork(step);
        }
    }

    /// The way to a step from the checkpoint before it.
    fn way_to(&self, step: u64) -> ForkWish {
        let checkpoints = &self.known.saving.checkpoints;
        let from = checkpoints.iter().rev().find(|&&c| c <= step).copied().unwrap_or(0);
        let steps = step - from;
        let seconds = self.known.trainer.seconds_per_step.map(|each| each * steps as f64);
        ForkWish { step, steps, seconds }
    }
}

/// Draws the strip at the right end of the caption's row.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.canvas);
    for y in [rect.top(), rect.bottom()] {
        ui.painter().hline(rect.x_range(), y, Stroke::new(1.0, p.border));
    }
    let mut ui = ui.new_child(
        UiBuilder::new()
            .max_rect(rect.shrink2(vec2(8.0, 4.0)))
            .layout(Layout::right_to_left(Align::Center))
            .id_salt("playhead"),
    );
    let ui = &mut ui;
    let is_aside = state.aside.is_some();
    // As wide as the wider word, so that nothing moves when it changes.
    let button = |text: &str| {
        Button::new(RichText::new(text).font(theme::bold(size::BODY))).min_size(vec2(78.0, 24.0))
    };
    if is_aside {
        if ui.add(button("Back to the live run")).clicked() {
            state.back_to_live();
            return;
        }
    } else if ui.add(button("Live")).on_hover_text("Follow the run again (End)").clicked() {
        state.follow();
    }
    let hint = match state.can_fork() {
        true => "Train on from this step as a run of its own, beside the curves of this one (F)",
        false => "This run is not saved, so it cannot be forked; the status bar says why",
    };
    // Who watches cannot train on.
    if !is_aside
        && !state.is_watching()
        && ui.add_enabled(state.can_fork(), button("Fork here")).on_hover_text(hint).clicked()
    {
        state.ask_to_fork();
    }
    let is_playing = state.playback.is_some();
    let text = if is_playing { "Stop" } else { "Play back" };
    let hint = "Play the recording from here (P); drag with Shift on the timeline to loop a part";
    if ui.add(button(text)).on_hover_text(hint).clicked() {
        state.toggle_playback();
    }
    let rate = DragValue::new(&mut state.playback_rate)
        .range(1.0..=100_000.0)
        .speed(1.0)
        .max_decimals(0)
        .suffix(" steps/s");
    let hint = "Pace of the playback in recorded steps a second: drag, or click and type";
    if ui.add_sized(vec2(100.0, 24.0), rate).on_hover_text(hint).changed()
        && let Some(playback) = &mut state.playback
    {
        playback.rate = state.playback_rate;
    }
    let (shown, live) = (state.known.shown_step(), state.known.step());
    let behind = match is_aside {
        true => format!("of {}", count(live)),
        false => format!("live +{} steps", count(live.saturating_sub(shown))),
    };
    let what = if is_aside { "saved runs at step" } else { "pinned at step" };
    let text = format!("{what} {}", count(shown));
    let place = rect.shrink2(vec2(12.0, 0.0)).with_max_x(ui.min_rect().left() - 8.0);
    crate::ui::panes::top::two_lines(ui, place, [(text, p.restart), (behind, p.weak)]);
}

/// Announces a long way back, and offers to give it up while it is on.
pub fn cards(ui: &Ui, state: &mut AppState) {
    if let Activity::Replaying { done, of } = state.known.trainer.activity {
        let share = done as f32 / of.max(1) as f32;
        modal::show(ui, state, Card::Replay, 380.0, |ui, state| {
            ui.label(format!("Going back: {} of {} steps", count(done), count(of)));
            ui.add(egui::ProgressBar::new(share).desired_width(360.0));
            if ui.button("Give up (Esc)").clicked() {
                state.close_card(Card::Replay);
            }
        });
    }
    let Some(ForkWish { step, steps, seconds }) = state.fork_wish else { return };
    let text = match seconds {
        Some(seconds) => format!(
            "Step {} lies behind the checkpoint before it: training there again takes about {seconds:.0} s.",
            count(step)
        ),
        None => format!(
            "Step {} lies {} steps behind the checkpoint before it: they are trained again. How long that takes is known once this run has trained a step.",
            count(step),
            count(steps)
        ),
    };
    modal::show(ui, state, Card::Fork, 380.0, |ui, state| {
        ui.label(RichText::new("Fork").font(theme::bold(size::HEADLINE)));
        ui.label(text);
        ui.horizontal(|ui| {
            if ui.button("Go there").clicked() {
                state.fork_wish = None;
                state.fork(step);
            }
            if ui.button("Stay here (Esc)").clicked() {
                state.close_card(Card::Fork);
            }
        });
    });
}
