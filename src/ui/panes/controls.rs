//! The panel of controls: what learns, how the lanes differ, and the settings.

use egui::text::LayoutJob;
use egui::{
    Align, Align2, Button, ComboBox, DragValue, Label, Layout, Rect, Response, RichText, Role,
    ScrollArea, Slider, SliderClamping, Stroke, TextStyle, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};

use crate::scenario::differences::short;
use crate::scenario::{DataSet, Init, LaneId, LaneSpec};
use crate::ui::panes::{learn, method};
use crate::ui::state::{AppState, Target};
use crate::ui::widgets::text::tag;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};

/// Width of a setting's name, and of the word that says when it acts.
const NAME: f32 = 88.0;
const TAG: f32 = 38.0;

/// Height of a setting's row.
const ROW: f32 = 18.0;

/// Width of a field with words.
pub const WIDE: f32 = 136.0;

/// Height of what learns, and of the button at the foot of the panel.
const CARD: f32 = 152.0;
const RESTART: f32 = 34.0;

/// Height of the table of differences: a part of the panel, so that what stands below it never moves.
fn differences_height(panel: f32) -> f32 {
    (0.27 * panel).clamp(96.0, 190.0).round()
}

/// Draws the panel into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    // The restart stands outside of what scrolls: it must be seen when it is armed.
    let (above, below) = rect.split_top_bottom_at_y(rect.bottom() - RESTART);
    restart(&mut ui.new_child(UiBuilder::new().max_rect(below).id_salt("restart")), state);
    let above = above.with_max_x(above.right() - 8.0);
    let (card, rest) = above.split_top_bottom_at_y(above.top() + CARD);
    learn::card(&mut ui.new_child(UiBuilder::new().max_rect(card).id_salt("learn")), state);
    let has_differences = state.draft.lanes.b.is_some();
    let height = if has_differences { differences_height(rect.height()) } else { 0.0 };
    let (differences, list) = rest.split_top_bottom_at_y(rest.top() + height);
    if has_differences {
        learn::differences_table(ui, state, differences);
    }
    ui.painter().hline(list.x_range(), list.top(), Stroke::new(1.0, palette(ui).border));
    let list = list.with_min_y(list.top() + 4.0).with_max_y(list.bottom() - 4.0);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(list).id_salt("controls"));
    lanes(&mut ui, state);
    ScrollArea::vertical().id_salt("settings").auto_shrink(false).show(&mut ui, |ui| {
        ui.set_width(list.width() - 2.0);
        settings(ui, state);
    });
}

/// Which lanes the settings below are of.
fn lanes(ui: &mut Ui, state: &mut AppState) {
    ui.horizontal(|ui| {
        ui.label(RichText::new("Settings of").font(theme::bold(size::BODY)));
        let choices =
            [(Target::Both, "both"), (Target::One(LaneId::A), "A"), (Target::One(LaneId::B), "B")];
        if state.draft.lanes.b.is_some() {
            for (target, name) in choices {
                ui.selectable_value(&mut state.target, target, name);
            }
        } else {
            ui.label("A");
        }
    });
}

/// The same rows whatever is set: one that does not go with the rest is grey, and says why.
fn settings(ui: &mut Ui, state: &mut AppState) {
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.spacing_mut().interact_size.y = 17.0;
    ui.spacing_mut().button_padding = vec2(5.0, 1.0);
    let Some(spec) = state.draft.lane(state.shown_lane()) else { return };
    let other = match state.target {
        Target::Both => state.draft.lane(LaneId::B),
        Target::One(_) => None,
    };
    let other = other.as_ref();
    method::preset(ui, state, &spec);
    if let Some(lr) = slider(ui, "learning rate", true, spec.lr, 1e-5..=0.1, other.map(|s| s.lr)) {
        state.set_lr(lr);
    }
    if let Some(beta) =
        slider(ui, "commitment β", true, spec.beta, 0.0..=8.0, other.map(|s| s.beta))
    {
        state.set_beta(beta);
    }
    codebook(ui, state, &spec, other);
    powers(ui, "batch tokens", spec.batch_tokens, 6..=12, other.map(|s| s.batch_tokens), |n| {
        state.set_batch_tokens(n);
    });
    method::show(ui, state, &spec);
    row(ui, "data", false, |ui| {
        for set in DataSet::ALL {
            if ui
                .selectable_label(spec.set == set, RichText::new(set.name()).size(size::SMALL))
                .clicked()
            {
                state.set_data(set);
            }
        }
    });
    row(ui, "seed", false, |ui| {
        let mut seed = state.draft.seed;
        numbers(ui, WIDE);
        let drag = DragValue::new(&mut seed).range(0..=i64::MAX as u64).speed(0.05);
        if ui.add(drag).accessible_name("seed").changed() {
            state.draft.seed = seed;
        }
    });
}

/// A setting's name at the left, its control, and whether it acts at once at the right.
pub fn row(ui: &mut Ui, name: &str, is_live: bool, control: impl FnOnce(&mut Ui)) {
    let width = ui.available_width();
    let (rect, _) = ui.allocate_exact_size(vec2(width, ROW), egui::Sense::hover());
    let font = theme::font(size::SMALL + 0.5);
    let (at, color) = (rect.left_center(), palette(ui).text);
    ui.painter().text(at, Align2::LEFT_CENTER, name, font, color);
    // Each in a place of its own, so that none moves when another grows.
    let place = Rect::from_x_y_ranges(rect.left() + NAME..=rect.right() - TAG, rect.y_range());
    let inside = |place, layout| UiBuilder::new().max_rect(place).layout(layout).id_salt(name);
    let mut inner = ui.new_child(inside(place, Layout::left_to_right(Align::Center)));
    inner.spacing_mut().item_spacing.x = 3.0;
    control(&mut inner);
    let place = rect.with_min_x(place.right());
    tag(&mut ui.new_child(inside(place, Layout::right_to_left(Align::Center))), is_live);
}

/// Rows that only go with some methods: grey where they do not, with the reason under the pointer.
pub fn only_if(ui: &mut Ui, why_not: Option<&str>, rows: impl FnOnce(&mut Ui)) {
    let response = ui.add_enabled_ui(why_not.is_none(), rows).response;
    if let Some(why) = why_not {
        ui.interact(response.rect, response.id.with("not here"), egui::Sense::hover())
            .on_hover_text(why);
    }
}

/// Why settings of a codebook that learns do nothing in a lane.
pub fn no_grid(spec: &LaneSpec) -> Option<&'static str> {
    spec.fixed.is_some().then_some("This lane has fixed codes: nothing moves them, or draws them.")
}

/// A field that shows a word and opens a list, so wide or as wide as the row leaves room.
pub fn drop_down(
    ui: &mut Ui,
    name: &str,
    shown: &str,
    width: f32,
    list: impl FnOnce(&mut Ui),
) -> Response {
    ui.spacing_mut().icon_width = 8.0;
    ComboBox::from_id_salt(name)
        .selected_text(RichText::new(shown).size(size::SMALL + 0.5))
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
    name: &str,
    is_live: bool,
    now: T,
    all: &[(T, &str, &str)],
) -> Option<T> {
    let mut chosen = None;
    let shown = all.iter().find(|(value, ..)| *value == now).map_or("…", |(_, word, _)| word);
    row(ui, name, is_live, |ui| {
        drop_down(ui, name, shown, WIDE, |ui| {
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
        let text = RichText::new(format!("B {other}")).size(10.5).color(palette(ui).weak);
        ui.add(Label::new(text).truncate())
            .on_hover_text(format!("Lane B has {other}; moving this slider sets both lanes."));
    }
}

/// A slider and its number, narrow enough for what the other lane has beside them.
pub fn slim(ui: &mut Ui) {
    ui.spacing_mut().slider_width = 48.0;
    numbers(ui, 50.0);
}

/// Fields of numbers of one width, whatever they say.
fn numbers(ui: &mut Ui, width: f32) {
    ui.style_mut().drag_value_text_style = TextStyle::Small;
    ui.spacing_mut().button_padding.x = 3.0;
    ui.spacing_mut().interact_size.x = width;
}

/// A logarithmic slider with its number; the new one, if it was moved.
pub fn slider(
    ui: &mut Ui,
    name: &str,
    is_live: bool,
    value: f64,
    range: std::ops::RangeInclusive<f64>,
    other: Option<f64>,
) -> Option<f64> {
    let mut new = value;
    let mut changed = false;
    row(ui, name, is_live, |ui| {
        slim(ui);
        let smallest = if *range.start() > 0.0 { *range.start() } else { 0.01 };
        let slider = Slider::new(&mut new, range)
            .logarithmic(true)
            .smallest_positive(smallest)
            .clamping(SliderClamping::Edits)
            .custom_formatter(|v, _| short((v * 1e6).round() / 1e6));
        changed = ui.add(slider).accessible_name(name).changed();
        differs(ui, other.map(short), &short(value));
    });
    let new = round(new);
    (changed && new != value).then_some(new)
}

/// Three significant digits, so that a slider gives numbers that one can say.
fn round(value: f64) -> f64 {
    format!("{value:.2e}").parse().unwrap_or(value)
}

fn powers(
    ui: &mut Ui,
    name: &str,
    value: usize,
    exponents: std::ops::RangeInclusive<u32>,
    other: Option<usize>,
    set: impl FnOnce(usize),
) {
    let choices: Vec<usize> = exponents.map(|e| 1 << e).collect();
    choice_of_numbers(ui, name, value, &choices, other, set);
}

/// A slider over a list of numbers; a value between them is shown and kept until it is moved.
fn choice_of_numbers(
    ui: &mut Ui,
    name: &str,
    value: usize,
    choices: &[usize],
    other: Option<usize>,
    set: impl FnOnce(usize),
) {
    let place = choices.partition_point(|&c| c < value).min(choices.len() - 1);
    let mut at = place;
    row(ui, name, false, |ui| {
        slim(ui);
        let slider = Slider::new(&mut at, 0..=choices.len() - 1).show_value(false);
        let is_changed = ui.add(slider).accessible_name(name).changed();
        let mut typed = value;
        let field = DragValue::new(&mut typed)
            // What is too large is not made smaller without a word: the button below says it.
            .range(0..=99_999_999_usize)
            // A value from a file is shown as it is, not as it should be.
            .clamp_existing_to_range(false)
            .speed(0.0)
            .update_while_editing(false);
        let is_typed = ui.add(field).accessible_name(format!("{name}, typed")).changed();
        if is_changed && at != place {
            set(choices[at]);
        } else if is_typed && typed != value {
            set(typed);
        }
        differs(ui, other.map(|o| o.to_string()), &value.to_string());
    });
}

fn codebook(ui: &mut Ui, state: &mut AppState, spec: &LaneSpec, other: Option<&LaneSpec>) {
    // A grid brings its own number of codes, width and start.
    only_if(ui, no_grid(spec), |ui| {
        powers(ui, "codes K", spec.size, 4..=13, other.map(|s| s.size), |k| state.set_size(k));
        choice_of_numbers(
            ui,
            "width d",
            spec.latent,
            &[2, 3, 4, 6, 8, 16, 32, 64],
            other.map(|s| s.latent),
            |d| state.set_dim(d),
        );
        initial(ui, state, spec);
    });
    method::grid(ui, state, spec);
}

fn initial(ui: &mut Ui, state: &mut AppState, spec: &LaneSpec) {
    let all = [
        (
            Init::Uniform,
            "uniform ±1/K",
            "Uniform between -1/K and 1/K, as in the first VQ-VAE codes",
        ),
        (Init::Normal, "normal", "Normal with the standard deviation below"),
        (Init::Kmeans, "k-means", "k-means of the first encodings; after a warm-up, of those then"),
        (
            Init::Features,
            "features",
            "k-means of the images themselves, scaled like a normal start",
        ),
    ];
    if let Some(init) = menu(ui, "initial C", false, spec.init, &all) {
        state.set_init(init);
    }
    let has_std = matches!(spec.init, Init::Normal | Init::Features);
    let why = "Only a normal start, or one from features, has a standard deviation.";
    only_if(ui, (!has_std).then_some(why), |ui| {
        if let Some(std) = slider(ui, "std of C", false, spec.std, 0.01..=4.0, None) {
            state.set_std(std);
        }
    });
}

/// The button that trains the draft, and why it is there.
fn restart(ui: &mut Ui, state: &mut AppState) {
    let p = palette(ui);
    let place = vec2(ui.available_width() - 8.0, 28.0);
    if let Err(why) = state.check_draft() {
        return cannot_train(ui, place, why);
    }
    let is_armed = state.is_armed();
    let text = RichText::new("Restart with these settings").font(theme::bold(size::BODY));
    let mut button = Button::new(if is_armed { text.color(p.canvas) } else { text });
    if is_armed {
        button = button.fill(p.restart);
    }
    let hint = match is_armed {
        true => "From step 0, so that what is tagged \"restart\" acts (Ctrl+R)",
        false => "From step 0, with everything as it is set here (Ctrl+R)",
    };
    if ui.add_sized(place, button).on_hover_text(hint).clicked() {
        state.restart_as_set();
    }
}

/// The button in its place, grey, with what is in its way.
fn cannot_train(ui: &mut Ui, place: Vec2, why: String) {
    let p = palette(ui);
    let response = ui.add_enabled_ui(false, |ui| ui.add_sized(place, Button::new(""))).inner;
    let name = "Restart with these settings";
    response.widget_info(|| WidgetInfo::labeled(Role::Button, false, name));
    let rect = response.rect.shrink2(vec2(6.0, 0.0));
    let mut job = LayoutJob::simple(why.clone(), theme::font(10.0), p.error, rect.width());
    job.wrap.max_rows = 2;
    let galley = ui.painter().layout_job(job);
    let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size()).min;
    ui.painter().galley(at, galley, p.error);
    response.on_disabled_hover_text(why);
}
