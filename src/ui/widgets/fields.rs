//! Rows of settings: a name, a control, and when it acts.

use egui::{
    Align, Align2, Button, ComboBox, DragValue, Label, Layout, Rect, Response, RichText, Slider,
    SliderClamping, Ui, UiBuilder, vec2,
};

use crate::scenario::differences::short;
use crate::ui::widgets::helped;
use crate::ui::widgets::lit;
use crate::ui::widgets::text::tag;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Width of a setting's name, and of the mark that says when it acts.
const NAME: f32 = 108.0;
const TAG: f32 = space::L;

/// Height of a setting's row.
const ROW: f32 = 23.0;

/// Width of a field with words.
pub const WIDE: f32 = 148.0;

/// Widths of a slider, and of the number beside it.
const SLIDER: f32 = 44.0;
const NUMBER: f32 = 54.0;

/// What the row of a setting says of it.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// Its name.
    pub name: &'static str,
    /// Whether it acts at the next step, or at the next restart.
    pub is_live: bool,
    /// What it does, for who rests the pointer on its name.
    pub help: &'static str,
}

/// A setting's name at the left, its control, and whether it acts at once at the right.
pub fn row(ui: &mut Ui, label: Heading, control: impl FnOnce(&mut Ui)) {
    let Heading { name, is_live, help } = label;
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), egui::Sense::hover());
    let font = theme::font(tokens(ui).body);
    let (at, color) = (rect.left_center(), palette(ui).text);
    ui.painter().text(at, Align2::LEFT_CENTER, name, font, color);
    let place = rect.with_max_x(rect.left() + NAME);
    let id = ui.scope_id().with(("name", name));
    ui.interact(place, id, egui::Sense::hover()).on_hover_text(help);
    helped::put(ui, rect, name, help);
    // Each in a place of its own, so that none moves when another grows.
    let place = Rect::from_x_y_ranges(rect.left() + NAME..=rect.right() - TAG, rect.y_range());
    let inside = |place, layout| UiBuilder::new().max_rect(place).layout(layout).id_salt(name);
    let mut inner = ui.new_child(inside(place, Layout::left_to_right(Align::Center)));
    inner.spacing_mut().item_spacing.x = space::XS;
    control(&mut inner);
    let place = rect.with_min_x(place.right());
    tag(&mut ui.new_child(inside(place, Layout::right_to_left(Align::Center))), is_live);
    lit::setting(ui, name, rect);
}

/// Rows that only go with some methods: grey where they do not, with the reason under the pointer.
pub fn only_if(ui: &mut Ui, why_not: Option<&str>, rows: impl FnOnce(&mut Ui)) {
    let response = ui.add_enabled_ui(why_not.is_none(), rows).response;
    if let Some(why) = why_not {
        ui.interact(response.rect, response.id.with("not-here"), egui::Sense::hover())
            .on_hover_text(why);
    }
}

/// A field that shows a word and opens a list, so wide or as wide as the row leaves room.
pub fn drop_down(
    ui: &mut Ui,
    name: &str,
    shown: &str,
    width: f32,
    list: impl FnOnce(&mut Ui),
) -> Response {
    ui.spacing_mut().icon_width = space::S;
    ComboBox::from_id_salt(name)
        .selected_text(RichText::new(shown).size(tokens(ui).body))
        .width(width.min(ui.available_width()))
        .truncate()
        .height(520.0)
        .show_ui(ui, list)
        .response
        .accessible_name(name)
}

/// A setting with a few named values: the present one, and all of them in a menu with what they do.
pub fn menu<T: Copy + PartialEq>(
    ui: &mut Ui,
    label: Heading,
    now: T,
    all: &[(T, &str, &str)],
) -> Option<T> {
    let mut chosen = None;
    let shown = all.iter().find(|(value, ..)| *value == now).map_or("…", |(_, word, _)| word);
    row(ui, label, |ui| {
        drop_down(ui, label.name, shown, WIDE, |ui| {
            for (value, word, hint) in all {
                let button = Button::selectable(*value == now, *word);
                if ui.add(button).on_hover_text(*hint).clicked() {
                    chosen = Some(*value);
                }
            }
        });
    });
    chosen.filter(|value| *value != now)
}

/// What a slider of a pair of lanes says when the lanes differ, in the room before the tag.
fn differs(ui: &mut Ui, other: Option<String>, shown: &str) {
    if let Some(other) = other.filter(|o| o != shown) {
        let text =
            RichText::new(format!("B {other}")).size(tokens(ui).small).color(palette(ui).weak);
        ui.add(Label::new(text).truncate())
            .on_hover_text(words!("fields-lane-b-has", other = other));
    }
}

/// A slider and its number, narrow enough for what the other lane has beside them.
pub fn slim(ui: &mut Ui) {
    ui.spacing_mut().slider_width = SLIDER;
    numbers(ui, NUMBER);
}

/// Fields of numbers of one width, whatever they say.
pub fn numbers(ui: &mut Ui, width: f32) {
    ui.spacing_mut().button_padding.x = space::XS;
    ui.spacing_mut().interact_size.x = width;
}

/// A logarithmic slider with its number; the new one, if it was moved.
pub fn slider(
    ui: &mut Ui,
    label: Heading,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    other: Option<f64>,
) -> Option<f64> {
    let mut new = value;
    let mut changed = false;
    row(ui, label, |ui| {
        slim(ui);
        let smallest = if *range.start() > 0.0 { *range.start() } else { 0.01 };
        let slider = Slider::new(&mut new, range)
            .logarithmic(true)
            .smallest_positive(smallest)
            .clamping(SliderClamping::Edits)
            .custom_formatter(|v, _| short((v * 1e6).round() / 1e6));
        changed = ui.add(slider).accessible_name(label.name).changed();
        differs(ui, other.map(short), &short(value));
    });
    let new = round(new);
    (changed && new != value).then_some(new)
}

/// Three significant digits, so that a slider gives numbers that one can say.
fn round(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

/// A slider over powers of two.
pub fn powers(
    ui: &mut Ui,
    label: Heading,
    value: usize,
    exponents: std::ops::RangeInclusive<u32>,
    other: Option<usize>,
    set: impl FnOnce(usize),
) {
    let choices: Vec<usize> = exponents.map(|e| 1 << e).collect();
    choice_of_numbers(ui, label, value, &choices, other, set);
}

/// A slider over a list of numbers; a value between them is shown and kept until it is moved.
pub fn choice_of_numbers(
    ui: &mut Ui,
    label: Heading,
    value: usize,
    choices: &[usize],
    other: Option<usize>,
    set: impl FnOnce(usize),
) {
    let place = choices.partition_point(|&c| c < value).min(choices.len() - 1);
    let mut at = place;
    let name = label.name;
    row(ui, label, |ui| {
        slim(ui);
        let slider = Slider::new(&mut at, 0..=choices.len() - 1).show_value(false);
        let is_changed = ui.add(slider).accessible_name(label.name).changed();
        let mut typed = value;
        let field = DragValue::new(&mut typed)
            // What is too large is not made smaller without a word: the button below says it.
            .range(0..=99_999_999_usize)
            // A value from a file is shown as it is, not as it should be.
            .clamp_existing_to_range(false)
            .speed(0.0)
            .update_while_editing(false);
        let is_typed = ui.add(field).accessible_name(words!("fields-typed", name = name)).changed();
        if is_changed && at != place {
            set(choices[at]);
        } else if is_typed && typed != value {
            set(typed);
        }
        differs(ui, other.map(|o| o.to_string()), &value.to_string());
    });
}
