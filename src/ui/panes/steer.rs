//! The card of a training that another program runs and that takes commands: whether this window has
//! control, what learns, the settings, and what was answered.

use egui::{Button, Label, Rect, RichText, ScrollArea, Sense, Slider, SliderClamping, Ui, vec2};

use crate::palette::Palette;
use crate::record::steer::{
    Ask, COMMITMENT, Grip, Key, Keys, LR_FACTOR, Reply, State, Status, Steering, Value, told,
};
use crate::scenario::LaneId;
use crate::scenario::differences::short;
use crate::text::count;
use crate::ui::panes::learn;
use crate::ui::panes::topics::Topic;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::fields::{Heading, only_if, row, slim};
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// The card.
#[derive(Default)]
pub struct SteerCard {
    /// A number that is being moved and is asked for once it is let go of.
    moved: Option<(LaneId, Key, f64)>,
}

/// A training, and the lane as which its files are shown.
#[derive(Clone, Copy)]
struct Of<'a> {
    lane: LaneId,
    steering: &'a Steering,
}

impl Of<'_> {
    fn ask<const N: usize>(self, outbox: &mut Outbox, keys: [(Key, Value); N]) {
        outbox.ask(Wish::Steer(self.lane, Ask::Set(Keys::from(keys))));
    }
}

impl SteerCard {
    /// Draws it into all the room that `ui` has, for each training that takes commands.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        steering: &[Option<Box<Steering>>; 2],
        outbox: &mut Outbox,
    ) {
        let rect = ui.max_rect();
        Topic::Steer.put(ui, rect);
        let has_two = steering.iter().all(Option::is_some);
        ScrollArea::vertical().id_salt("steer").auto_shrink(false).show(ui, |ui| {
            ui.set_width(rect.width() - space::S);
            ui.spacing_mut().item_spacing.y = space::XS;
            for (lane, steering) in [LaneId::A, LaneId::B].into_iter().zip(steering) {
                let Some(steering) = steering else { continue };
                let title = match has_two {
                    true => words!("steer-title-of", lane = lane.name().to_uppercase()),
                    false => words!("steer-title").into(),
                };
                ui.label(RichText::new(title).font(theme::bold(tokens(ui).title)));
                let of = Of { lane, steering };
                ui.push_id(lane, |ui| self.training(ui, of, outbox));
            }
        });
    }

    fn training(&mut self, ui: &mut Ui, of: Of<'_>, outbox: &mut Outbox) {
        let p = palette(ui);
        match &of.steering.status {
            Err(why) => line(ui, why, p.error),
            Ok(status) => {
                control(ui, of, status, outbox);
                let is_held = of.steering.grip != Grip::Free;
                ui.add_enabled_ui(is_held, |ui| self.settings(ui, of, status, outbox));
                answers(ui, of.steering, status, p);
            }
        }
    }

    fn settings(&mut self, ui: &mut Ui, of: Of<'_>, status: &Status, outbox: &mut Outbox) {
        what_learns(ui, of, status, outbox);
        ui.spacing_mut().item_spacing.y = 1.0;
        let is_behind = status.values.get(&Key::Simvq) == Some(&Value::Is(true));
        let label = heading(words!("steer-simvq"), words!("steer-simvq-help"));
        only_if(ui, why_not(status, Key::Simvq), |ui| {
            row(ui, label, |ui| {
                let mut wanted = is_behind;
                if ui.checkbox(&mut wanted, words!("steer-simvq-behind")).changed() {
                    of.ask(outbox, [(Key::Simvq, Value::Is(wanted))]);
                }
            });
        });
        for (key, label, bounds) in [
            (Key::LrFactor, heading(words!("steer-lr"), words!("steer-lr-help")), LR_FACTOR),
            (
                Key::Commitment,
                heading(words!("setting-commitment"), words!("steer-commitment-help")),
                COMMITMENT,
            ),
        ] {
            only_if(ui, why_not(status, key), |ui| {
                self.number(ui, of, status, (key, label, bounds), outbox);
            });
        }
        ui.add_space(space::XS);
        buttons(ui, of, status, outbox);
    }

    /// A number; it is asked for once it stands, as each command keeps two files.
    fn number(
        &mut self,
        ui: &mut Ui,
        of: Of<'_>,
        status: &Status,
        (key, label, [low, high]): (Key, Heading, [f64; 2]),
        outbox: &mut Outbox,
    ) {
        let number = |keys: &Keys| match keys.get(&key) {
            Some(Value::Number(x)) => Some(*x),
            _ => None,
        };
        let known = number(&of.steering.waiting).or_else(|| number(&status.values)).unwrap_or(1.0);
        let is_it = |(lane, moved, _): &(LaneId, Key, f64)| (*lane, *moved) == (of.lane, key);
        let mut value = self.moved.filter(is_it).map_or(known, |(.., value)| value);
        let mut is_changed = false;
        row(ui, label, |ui| {
            slim(ui);
            let slider = Slider::new(&mut value, low..=high)
                .logarithmic(true)
                .smallest_positive(0.01)
                .clamping(SliderClamping::Always)
                .update_while_editing(false)
                .custom_formatter(|v, _| short((v * 1e6).round() / 1e6));
            is_changed = ui.add(slider).accessible_name(label.name).changed();
        });
        if is_changed {
            // Two digits behind the first, so that it can be said.
            let rounded = format!("{value:.2e}").parse().unwrap_or(value);
            self.moved = Some((of.lane, key, f64::clamp(rounded, low, high)));
        }
        let is_let_go = !ui.input(|i| i.pointer.any_down());
        if let Some((.., value)) = self.moved.filter(|moved| is_it(moved) && is_let_go) {
            self.moved = None;
            if value != known {
                of.ask(outbox, [(key, Value::Number(value))]);
            }
        }
    }
}

fn heading(name: &'static str, help: &'static str) -> Heading {
    Heading { name, is_live: true, help }
}

/// Why a key cannot be set in this training.
fn why_not(status: &Status, key: Key) -> Option<&str> {
    status.cannot.get(&key).map(String::as_str)
}

/// Lines of small type.
fn line(ui: &mut Ui, text: &str, color: egui::Color32) {
    let font = theme::font(tokens(ui).small);
    let text = RichText::new(readable(ui, text, &font)).font(font).color(color);
    ui.add(Label::new(text).wrap());
}

/// Who has control, and the button that takes it or gives it back.
fn control(ui: &mut Ui, of: Of<'_>, status: &Status, outbox: &mut Outbox) {
    let steering = of.steering;
    let p = palette(ui);
    let is_free = steering.grip == Grip::Free;
    let other = steering.other().filter(|_| is_free);
    let said = match (&status.off, status.state, steering.grip) {
        (Some(why), ..) if why.is_empty() => words!("steer-off-unsaid").into(),
        (Some(why), ..) => words!("steer-off", why = why),
        (None, State::Ended, _) => words!("steer-ended", step = count(status.step)),
        (None, _, Grip::Free) => match other {
            Some(step) => words!("steer-other", step = count(step)),
            None => words!("steer-offer", folder = steering.folder),
        },
        (None, _, Grip::Reaching) => words!("steer-reaching").into(),
        (None, State::Paused, Grip::Held) => words!("steer-paused").into(),
        (None, _, Grip::Held) => words!("steer-held").into(),
    };
    line(ui, &said, p.text);
    if let Some(why) = &steering.trouble {
        line(ui, why, p.error);
    }
    if !status.is_open() {
        return;
    }
    let (text, hint, wish) = match (is_free, other) {
        (true, None) => (words!("steer-take"), words!("steer-take-hint"), Ask::Take),
        (true, Some(_)) => (words!("steer-take-over"), words!("steer-take-hint"), Ask::Take),
        (false, _) => (words!("steer-give"), words!("steer-give-hint"), Ask::Give),
    };
    let text = RichText::new(text).font(theme::bold(tokens(ui).body));
    let size = vec2(ui.available_width(), 28.0);
    let button = match is_free {
        true => Button::new(text.color(p.on_lane)).fill(p.lane(of.lane)),
        false => Button::new(text),
    };
    if ui.add_sized(size, button).on_hover_text(hint).clicked() {
        outbox.ask(Wish::Steer(of.lane, wish));
    }
}

/// The four cells of C and W of the watched codebook.
fn what_learns(ui: &mut Ui, of: Of<'_>, status: &Status, outbox: &mut Outbox) {
    let size = vec2(ui.available_width(), learn::BLOCK - TOP_OF_CELLS);
    let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
    // The room of the head that lanes of an own run have.
    let rect = rect.with_min_y(rect.top() - TOP_OF_CELLS);
    Topic::WhatLearns.put(ui, rect);
    learn::names_of_rows(ui, rect.left_top());
    let block = rect.with_min_x(rect.left() + learn::NAMES);
    let now = status.learns();
    let differs = |c: bool, w: bool| {
        let now = now.unwrap_or((c, w));
        [(Key::LearnC, c, now.0), (Key::LearnW, w, now.1)].into_iter().filter(|(_, a, b)| a != b)
    };
    let clicked = ui.scope(|ui| {
        let color = palette(ui).lane(of.lane);
        learn::cells(ui, block, words!("learn-what-learns"), color, now, |c, w| {
            if now.is_none() {
                return why_not(status, Key::LearnC).map(Into::into);
            }
            differs(c, w).find_map(|(key, ..)| why_not(status, key)).map(Into::into)
        })
    });
    if let Some((c, w)) = clicked.inner {
        let keys = differs(c, w).map(|(key, wanted, _)| (key, Value::Is(wanted)));
        outbox.ask(Wish::Steer(of.lane, Ask::Set(keys.collect())));
    }
}

/// Room above the names of the columns of cells.
const TOP_OF_CELLS: f32 = 20.0;

/// What is done once: codes revived, a pause, a file.
fn buttons(ui: &mut Ui, of: Of<'_>, status: &Status, outbox: &mut Outbox) {
    let is_paused = status.state == State::Paused;
    let pause = match is_paused {
        true => (words!("steer-on"), words!("steer-on-hint")),
        false => (words!("steer-pause"), words!("steer-pause-hint")),
    };
    let all = [
        (Key::Revive, (words!("steer-revive"), words!("steer-revive-hint")), true),
        (Key::Pause, pause, !is_paused),
        (Key::Save, (words!("steer-save"), words!("steer-save-hint")), true),
    ];
    let gap = space::XS;
    let width = (ui.available_width() - 2.0 * gap) / 3.0;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 26.0), Sense::hover());
    for (n, (key, (text, hint), value)) in all.into_iter().enumerate() {
        let left = rect.left() + n as f32 * (width + gap);
        let place = Rect::from_x_y_ranges(left..=left + width, rect.y_range());
        ui.scope(|ui| {
            ui.spacing_mut().button_padding.x = 0.0;
            let why = why_not(status, key);
            if why.is_some() {
                ui.disable();
            }
            let response = ui.put(place, Button::new(text).min_size(place.size()));
            let response = response.on_hover_text(hint).on_disabled_hover_text(why.unwrap_or(hint));
            if response.clicked() {
                of.ask(outbox, [(key, Value::Is(value))]);
            }
        });
    }
}

/// What is on its way, what was answered last, and what was no command.
fn answers(ui: &mut Ui, steering: &Steering, status: &Status, p: &Palette) {
    ui.add_space(space::XS);
    if !steering.waiting.is_empty() {
        line(ui, &words!("steer-waiting", what = told(&steering.waiting, None)), p.weak);
    }
    let at = |step, what: &str| words!("events-at-step", step = count(step), what = what);
    if let Some(reply) = status.replies.iter().rfind(|reply: &&Reply| !reply.is_greeting()) {
        let color = if reply.is_refused() { p.error } else { p.text };
        line(ui, &at(reply.step, &reply.told()), color);
    }
    if let Some(ignored) = status.ignored.last() {
        line(ui, &at(ignored.step, &words!("steer-ignored", why = ignored.why)), p.weak);
    }
}
