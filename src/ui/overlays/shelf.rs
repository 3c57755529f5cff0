//! The shelf of saved runs: small pictures, settings that differ, final figures; any two can be
//! looked at side by side.

use egui::{
    Align, Button, FontId, Layout, Rect, RichText, ScrollArea, Sense, Stroke, StrokeKind, Ui, pos2,
    vec2,
};

use crate::archive::pair::{Pair, Side};
use crate::archive::shelf::{self, Entry, Now};
use crate::scenario::differences::{Present, differences};
use crate::scenario::{LaneId, LaneSpec, method_name};
use crate::text::{count, percent, sentence, shown, significant};
use crate::ui::overlays::gallery;
use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::state::AppState;
use crate::ui::state::shelf::Shelf;
use crate::ui::widgets::fonts::readable;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Height of a run's row.
const HEIGHT: f32 = 140.0;

/// What was clicked in a row.
enum Wish {
    Resume,
    Put(usize, LaneId),
    Keep(bool),
}

/// Draws the shelf while it is open, and the question about a run that was cut off.
pub fn show(ui: &Ui, state: &mut AppState) {
    cut_off(ui, state);
    let Some(shelf) = &mut state.cards.shelf else { return };
    shelf.look();
    if shelf.reading.is_some() {
        ui.ctx().request_repaint();
    }
    let room = ui.ctx().content_rect().size() - vec2(72.0, 60.0);
    modal::show(ui, state, Card::Shelf, room.x.min(980.0), |ui, state| {
        let Some(mut shelf) = state.cards.shelf.take() else { return };
        let mut is_open = true;
        heading(ui, state, &mut shelf, &mut is_open);
        let p = palette(ui);
        if shelf.reading.is_some() {
            ui.label(RichText::new(words!("card-reading")).color(p.weak));
        } else if shelf.entries.is_empty() {
            let text = words!("card-no-run-is-saved-yet");
            ui.label(RichText::new(text).color(p.weak));
        }
        for why in shelf.refusal.iter().chain(&shelf.broken) {
            ui.label(RichText::new(sentence(why)).color(p.error));
        }
        let height = room.y - 96.0;
        let list = ScrollArea::vertical().min_scrolled_height(height).max_height(height);
        list.auto_shrink([false, true]).show(ui, |ui| {
            let mut wish = None;
            for (i, entry) in shelf.entries.iter().enumerate() {
                if let Some(what) = row(ui, entry, &shelf.sides) {
                    wish = Some((i, what));
                }
            }
            if let Some((i, wish)) = wish {
                is_open &= act(state, &mut shelf, i, wish);
            }
        });
        if is_open {
            state.cards.shelf = Some(shelf);
        }
    });
}

/// Does what was clicked; false if the shelf closes for it.
fn act(state: &mut AppState, shelf: &mut Shelf, i: usize, wish: Wish) -> bool {
    let entry = &mut shelf.entries[i];
    match wish {
        Wish::Resume => {
            state.resume(&entry.path);
            return false;
        }
        Wish::Put(side, lane) => {
            shelf.refusal = None;
            shelf.sides[side] = Some(Side { path: entry.path.clone(), lane });
        }
        Wish::Keep(is_kept) => match shelf::set_kept(&entry.path, is_kept) {
            Ok(()) => entry.is_kept = is_kept,
            Err(error) => {
                shelf.refusal = Some(words!("card-the-mark-cannot-be-written", error = error));
            }
        },
    }
    true
}

fn heading(ui: &mut Ui, state: &mut AppState, shelf: &mut Shelf, is_open: &mut bool) {
    let p = palette(ui);
    ui.horizontal(|ui| {
        ui.label(RichText::new(words!("card-saved-runs")).font(theme::bold(tokens(ui).headline)));
        let text = match state.host.is_own_home {
            true => {
                words!("card-the-newest-stay-keep-makes", most = shelf::MOST_RUNS)
            }
            false => words!("card-nothing-is-removed-from-this").into(),
        };
        ui.label(RichText::new(text).color(p.weak));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            if ui
                .button(words!("card-close"))
                .on_hover_text(words!("card-close-the-shelf-esc"))
                .clicked()
            {
                *is_open = false;
            }
            let text =
                RichText::new(words!("card-show-a-beside-b")).font(theme::bold(tokens(ui).body));
            let both = shelf.sides.iter().all(Option::is_some);
            let hint = words!("card-two-saved-lanes-side-by");
            if ui.add_enabled(both, Button::new(text)).on_hover_text(hint).clicked()
                && let [Some(a), Some(b)] = &shelf.sides
            {
                match Pair::open(a, b, state.run.frames.bytes().1) {
                    Ok(pair) => {
                        state.look_at(pair);
                        *is_open = false;
                    }
                    Err(error) => shelf.refusal = Some(error.to_string()),
                }
            }
        });
    });
    ui.add_space(space::S);
}

fn row(ui: &mut Ui, entry: &Entry, sides: &[Option<Side>; 2]) -> Option<Wish> {
    let p = palette(ui);
    let mut wish = None;
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    ui.painter().rect(
        rect,
        radius::CARD,
        p.canvas,
        Stroke::new(line::HAIR, p.border),
        StrokeKind::Inside,
    );
    gallery::picture(ui.painter(), rect.left_top() + vec2(10.0, 11.0), &entry.lanes, p);
    let left = rect.left() + gallery::PICTURE_WIDTH + 24.0;
    let text = Rect::from_min_max(
        pos2(left, rect.top() + 8.0),
        pos2(rect.right() - 190.0, rect.bottom() - 6.0),
    );
    let painter = ui.painter_at(text);
    let mut y = text.top();
    let t = tokens(ui);
    let mut line = |words: String, font: FontId, color| {
        let words = sentence(&words);
        let words = readable(ui, &words, &font).into_owned();
        let galley = painter.layout(words, font, color, text.width());
        let height = galley.size().y;
        painter.galley(pos2(text.left(), y), galley, color);
        y += height + 3.0;
    };
    line(format!("{}: {}", entry.name, entry.scenario.title.spoken()), theme::bold(t.body), p.text);
    let mut facts = words!("card-steps-seed", step = count(entry.step), seed = entry.scenario.seed);
    if let Some(parent) = &entry.forked_from {
        facts += &words!("card-forked-from", parent = parent);
    }
    line(facts, theme::font(t.small), p.weak);
    line(settings(entry), theme::font(t.small), p.text);
    for (i, (spec, eval)) in entry.scenario.lane_specs().iter().zip(&entry.evals).enumerate() {
        let name = spec.id.name().to_uppercase();
        let method = method(spec, entry.now.get(i).and_then(Option::as_ref));
        let words = match eval {
            Some(e) => words!(
                "card-of-the-codes-used-on",
                name = name,
                method = method,
                share = percent(e.usage.share()),
                recon_mse = significant(e.recon_mse),
                step = count(e.step)
            ),
            None => words!("card-not-evaluated-yet", name = name, method = method),
        };
        line(words, theme::font(t.body), p.lane(spec.id));
    }
    let buttons =
        Rect::from_min_max(pos2(text.right() + 8.0, text.top()), rect.max - vec2(8.0, 8.0));
    let mut ui = ui.new_child(
        egui::UiBuilder::new()
            .max_rect(buttons)
            .id_salt(&entry.name)
            .layout(Layout::top_down(Align::Min)),
    );
    ui.horizontal(|ui| {
        let hint = words!("card-train-on-from-the-newest");
        if ui.button(words!("card-go-on-with-it")).on_hover_text(hint).clicked() {
            wish = Some(Wish::Resume);
        }
        let mut is_kept = entry.is_kept;
        let hint = words!("card-a-run-that-is-kept");
        if ui.toggle_value(&mut is_kept, words!("card-keep")).on_hover_text(hint).clicked() {
            wish = Some(Wish::Keep(is_kept));
        }
    });
    for id in entry.scenario.lane_ids() {
        ui.horizontal(|ui| {
            ui.label(words!("card-lane-to", lane = id.name()));
            for (side, name) in ["A", "B"].into_iter().enumerate() {
                let own = Side { path: entry.path.clone(), lane: id };
                let is_chosen = sides[side].as_ref() == Some(&own);
                let label = ui.selectable_label(is_chosen, name);
                let hint = words!("card-put-lane-of-this-run", lane = id.name(), name = name);
                if label.on_hover_text(hint).clicked() {
                    wish = Some(Wish::Put(side, id));
                }
            }
        });
    }
    wish
}

/// The method of a lane, and what became of it on the way: "VQ, then SimVQ".
fn method(spec: &LaneSpec, now: Option<&Now>) -> String {
    match now.map(|now| method_name(now.learn_c, now.learn_w)) {
        Some(now) if spec.fixed.is_none() && now != spec.method() => {
            words!("card-method-then", first = spec.method(), now = now)
        }
        _ => spec.method().into(),
    }
}

/// What a lane trained with at last.
fn present<'a>(spec: &'a LaneSpec, now: Option<&Now>) -> Present<'a> {
    let first = Present::from(spec);
    let Some(&Now { learn_c, learn_w, lr, beta, switches }) = now else { return first };
    Present { learn_c, learn_w, lr, beta, switches, ..first }
}

/// In what the lanes of a run differ at its end, in one line.
fn settings(entry: &Entry) -> String {
    let specs = entry.scenario.lane_specs();
    let now = |i: usize| entry.now.get(i).and_then(Option::as_ref);
    match &specs[..] {
        [a, b] => {
            let all = differences(&present(a, now(0)), &present(b, now(1)));
            let words: Vec<String> =
                all.iter().map(|d| format!("{} {} / {}", d.setting, d.a, d.b)).collect();
            if words.is_empty() {
                words!("card-both-lanes-are-equal").into()
            } else {
                words.join(words!("list-semicolon"))
            }
        }
        [a] => words!("card-one-lane-k-d", size = count(a.size as u64), dim = a.dim),
        _ => String::new(),
    }
}

/// Whether to go on with a run whose window was closed without warning.
fn cut_off(ui: &Ui, state: &mut AppState) {
    let Some(run) = state.cards.cut_off.clone() else { return };
    modal::show(ui, state, Card::CutOff, 380.0, |ui, state| {
        ui.label(
            RichText::new(words!("card-go-on-where-it-stopped"))
                .font(theme::bold(tokens(ui).headline)),
        );
        ui.label(words!(
            "card-the-window-was-closed-without",
            title = shown(&run.title),
            step = count(run.step)
        ));
        ui.horizontal(|ui| {
            let text = RichText::new(words!("card-go-on")).font(theme::bold(tokens(ui).body));
            if ui.add(Button::new(text)).clicked() {
                state.answer_cut_off(true);
            }
            let hint = words!("card-the-run-stays-on-the");
            if ui.button(words!("card-leave-it-esc")).on_hover_text(hint).clicked() {
                state.close_card(Card::CutOff);
            }
        });
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{demos, parse};

    #[test]
    fn a_rescued_lane_is_called_what_it_became() {
        let scenario = parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap();
        let [a, b] = [LaneId::A, LaneId::B].map(|id| scenario.lane(id).unwrap());
        let now = |spec: &LaneSpec, learn_c, learn_w| Now {
            learn_c,
            learn_w,
            lr: spec.lr,
            beta: spec.beta,
            switches: spec.switches,
        };
        assert_eq!(method(&a, Some(&now(&a, false, true))), "VQ, then SimVQ");
        assert_eq!(method(&b, Some(&now(&b, false, true))), "SimVQ");
        assert_eq!(method(&a, None), "VQ");
        // What learns is no difference any more; where the codes started still is.
        let now = [Some(now(&a, false, true)), Some(now(&b, false, true))].to_vec();
        let entry = Entry {
            path: "x".into(),
            name: "x".into(),
            scenario,
            step: 1,
            forked_from: None,
            is_kept: false,
            now,
            lanes: Vec::new(),
            evals: vec![None, None],
        };
        let text = settings(&entry);
        assert!(!text.contains("codes C") && text.contains("initial C"), "{text}");
    }
}
