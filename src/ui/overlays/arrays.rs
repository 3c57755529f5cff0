//! Which arrays of a watched file are meant: asked where the rules leave a choice, and open to be changed.

use egui::{Button, Label, RichText, ScrollArea, Ui, vec2};

use crate::record::event::Lookup;
use crate::record::watching::{Candidate, Choices, NameNumber, Wishes};
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
        let Choices { codes, usage, found, steps: numbers, .. } = &draft.choices;
        steps(ui, numbers, &mut draft.wishes.step_from);
        title(ui, words!("arrays-codes"));
        let what = found.codebook.as_deref().map(shown);
        list(ui, "codes", codes, &as_found(what), &mut draft.wishes.codebook);
        turned(ui, draft.codes().cloned().as_ref(), found.transpose, &mut draft.wishes);
        title(ui, words!("arrays-usage"));
        let what = found.usage.as_deref().map(shown);
        list(ui, "usage", usage, &as_found(what), &mut draft.wishes.usage);
        title(ui, words!("arrays-lookup"));
        lookup(ui, found.lookup, &mut draft.wishes);
        ui.add_space(space::M);
        let is_whole = is_whole(draft);
        ends(ui, state, is_whole);
    });
}

/// Whether enough is said to look at the file.
fn is_whole(ArraysDraft { choices, wishes }: &ArraysDraft) -> bool {
    let has_codes = choices.why.is_none() || wishes.codebook.is_some();
    has_codes && (!choices.are_steps_open || wishes.step_from.is_some())
}

/// Why it is asked, or of which file it is.
fn heading(ui: &mut Ui, choices: &Choices) {
    let title = match &choices.why {
        None if choices.are_steps_open => words!("arrays-step-title"),
        _ => words!("arrays-title"),
    };
    ui.label(RichText::new(title).font(theme::bold(tokens(ui).headline)));
    let text = match &choices.why {
        Some(why) => words!("arrays-why", file = choices.file, why = shown(why)),
        None if choices.are_steps_open => words!("arrays-steps-open", file = choices.file),
        None => words!("arrays-of", file = choices.file),
    };
    ui.add(Label::new(RichText::new(text).size(tokens(ui).body)).wrap());
}

fn title(ui: &mut Ui, text: &str) {
    ui.add_space(space::M);
    ui.label(RichText::new(text).font(theme::bold(tokens(ui).body)));
}

/// What the rules find, where it is known.
fn as_found(what: Option<String>) -> String {
    match what {
        Some(what) => words!("arrays-as-found-which", what = what),
        None => words!("arrays-as-found").into(),
    }
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

/// Which number of the files' names is the step, where several may be.
fn steps(ui: &mut Ui, numbers: &[NameNumber], chosen: &mut Option<usize>) {
    if numbers.is_empty() {
        return;
    }
    title(ui, words!("arrays-step"));
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.y = 2.0;
        if ui.selectable_label(chosen.is_none(), words!("arrays-as-found")).clicked() {
            *chosen = None;
        }
        for number in numbers {
            let values: Vec<String> = number.values.iter().map(ToString::to_string).collect();
            let values = values.join(words!("list-separator"));
            let text = words!("arrays-step-number", n = number.which, values = values);
            if ui.selectable_label(*chosen == Some(number.which), text).clicked() {
                *chosen = Some(number.which);
            }
        }
    });
}

/// Which axis of a matrix counts codes.
fn turned(ui: &mut Ui, codes: Option<&Candidate>, found: Option<bool>, wishes: &mut Wishes) {
    let Some(codes) = codes else { return };
    let lengths: Vec<&str> = codes.shape.split(" x ").collect();
    let [.., rows, columns] = lengths[..] else { return };
    ui.horizontal(|ui| {
        let way = |is_turned| match is_turned {
            false => words!("arrays-rows", size = rows, dim = columns),
            true => words!("arrays-columns", size = columns, dim = rows),
        };
        // What was found is of the array that was found.
        let found = found.filter(|_| wishes.codebook.is_none()).map(way);
        let ways = [(None, as_found(found)), (Some(false), way(false)), (Some(true), way(true))];
        for (way, text) in ways {
            if ui.selectable_label(wishes.transpose == way, text).clicked() {
                wishes.transpose = way;
            }
        }
    });
}

/// How a code is looked for.
fn lookup(ui: &mut Ui, found: Option<Lookup>, wishes: &mut Wishes) {
    ui.horizontal(|ui| {
        let none = [None].into_iter();
        let known = [Lookup::L2, Lookup::Cosine, Lookup::Dot].map(Some);
        for lookup in none.chain(known) {
            let text = match lookup {
                Some(lookup) => lookup.words().to_string(),
                None => as_found(found.map(|found| found.words().to_string())),
            };
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
