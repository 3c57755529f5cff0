//! Which arrays of a watched file are meant: asked where the rules leave a choice, and open to be changed.

use egui::{Button, Label, RichText, ScrollArea, Ui, vec2};

use crate::record::event::Lookup;
use crate::record::watching::{Candidate, Choices, Wishes};
use crate::text::shown;
use crate::ui::overlays::modal;
use crate::ui::overlays::modal::Card;
use crate::ui::state::AppState;
use crate::ui::state::watching::ArraysDraft;
use crate::ui::widgets::theme;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Width of the card, and greatest height of each of its lists.
const WIDTH: f32 = 620.0;
const LIST: f32 = 168.0;

/// Least height of the buttons.
const BUTTON: f32 = 28.0;

/// The card, while it is open.
pub fn show(ui: &Ui, state: &mut AppState) {
    if state.cards.arrays.is_none() {
        return;
    }
    modal::show(ui, state, Card::Arrays, WIDTH, |ui, state| {
        let Some(draft) = &mut state.cards.arrays else { return };
        heading(ui, &draft.choices);
        let Choices { codes, usage, .. } = &draft.choices;
        title(ui, words!("arrays-codes"));
        list(ui, "codes", codes, words!("arrays-as-found"), &mut draft.wishes.codebook);
        turned(ui, draft.codes().cloned().as_ref(), &mut draft.wishes);
        title(ui, words!("arrays-usage"));
        list(ui, "usage", usage, words!("arrays-as-found"), &mut draft.wishes.usage);
        title(ui, words!("arrays-lookup"));
        lookup(ui, &mut draft.wishes);
        ui.add_space(space::M);
        let is_whole = is_whole(draft);
        ends(ui, state, is_whole);
    });
}

/// Whether enough is said to look at the file.
fn is_whole(draft: &ArraysDraft) -> bool {
    draft.choices.why.is_none() || draft.wishes.codebook.is_some()
}

/// Why it is asked, or of which file it is.
fn heading(ui: &mut Ui, choices: &Choices) {
    let text = RichText::new(words!("arrays-title")).font(theme::bold(tokens(ui).headline));
    ui.label(text);
    let text = match &choices.why {
        Some(why) => words!("arrays-why", file = choices.file, why = shown(why)),
        None => words!("arrays-of", file = choices.file),
    };
    ui.add(Label::new(RichText::new(text).size(tokens(ui).body)).wrap());
}

fn title(ui: &mut Ui, text: &str) {
    ui.add_space(space::M);
    ui.label(RichText::new(text).font(theme::bold(tokens(ui).body)));
}

/// Arrays of which one is chosen, or what the rules find.
fn list(
    ui: &mut Ui,
    name: &str,
    arrays: &[Candidate],
    as_found: &str,
    chosen: &mut Option<String>,
) {
    let area = ScrollArea::vertical().id_salt(name).max_height(LIST).auto_shrink([false, true]);
    area.show(ui, |ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        if ui.selectable_label(chosen.is_none(), as_found).clicked() {
            *chosen = None;
        }
        for array in arrays {
            let is_chosen = chosen.as_ref() == Some(&array.name);
            let text =
                words!("arrays-array", name = shown(&array.name), shape = shown(&array.shape));
            if ui.selectable_label(is_chosen, text).clicked() {
                *chosen = Some(array.name.clone());
            }
        }
    });
}

/// Which axis of a matrix counts codes.
fn turned(ui: &mut Ui, codes: Option<&Candidate>, wishes: &mut Wishes) {
    let Some(codes) = codes else { return };
    let lengths: Vec<&str> = codes.shape.split(" x ").collect();
    let [.., rows, columns] = lengths[..] else { return };
    ui.horizontal(|ui| {
        let ways = [
            (None, words!("arrays-as-found").to_string()),
            (Some(false), words!("arrays-rows", size = rows, dim = columns)),
            (Some(true), words!("arrays-columns", size = columns, dim = rows)),
        ];
        for (way, text) in ways {
            if ui.selectable_label(wishes.transpose == way, text).clicked() {
                wishes.transpose = way;
            }
        }
    });
}

/// How a code is looked for.
fn lookup(ui: &mut Ui, wishes: &mut Wishes) {
    ui.horizontal(|ui| {
        let found = [None].into_iter();
        let known = [Lookup::L2, Lookup::Cosine, Lookup::Dot].map(Some);
        for lookup in found.chain(known) {
            let text = lookup.map_or(words!("arrays-as-found"), Lookup::words);
            if ui.selectable_label(wishes.lookup == lookup, text).clicked() {
                wishes.lookup = lookup;
            }
        }
    });
}

fn ends(ui: &mut Ui, state: &mut AppState, is_whole: bool) {
    ui.horizontal(|ui| {
        let text = RichText::new(words!("arrays-take")).font(theme::bold(tokens(ui).body));
        let button = Button::new(text).min_size(vec2(0.0, BUTTON));
        let hint = words!("arrays-take-hint");
        if ui.add_enabled(is_whole, button).on_hover_text(hint).clicked() {
            state.take_arrays();
        }
        if ui.button(words!("arrays-leave")).clicked() {
            state.close_card(Card::Arrays);
        }
    });
}
