//! The panel of controls: what learns, how the lanes differ, and the settings.

use egui::{
    Align, Button, ComboBox, DragValue, Layout, Rect, Response, RichText, ScrollArea, Slider,
    SliderClamping, Ui, UiBuilder, vec2,
};

use crate::scenario::differences::short;
use crate::scenario::{DataSet, Init, LaneId, LaneSpec};
use crate::ui::state::{AppState, Target};
use crate::ui::theme::{self, palette, size};
use crate::ui::{learn, remedies, tag};

/// Width of a setting's name.
const NAME: f32 = 92.0;

/// Height of the button at the foot of the panel.
const RESTART: f32 = 34.0;

/// Draws the panel into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    // The restart stands outside of what scrolls: it must be seen when it is armed.
    let (above, below) = rect.split_top_bottom_at_y(rect.bottom() - RESTART);
    restart(&mut ui.new_child(UiBuilder::new().max_rect(below).id_salt("restart")), state);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(above).id_salt("controls"));
    ScrollArea::vertical().id_salt("controls").auto_shrink(false).show(&mut ui, |ui| {
        ui.set_width(rect.width() - 8.0);
        learn::card(ui, state);
        ui.add_space(2.0);
        learn::differences_table(ui, state);
        ui.separator();
        settings(ui, state);
    });
}

fn settings(ui: &mut Ui, state: &mut AppState) {
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.spacing_mut().interact_size.y = 17.0;
    ui.spacing_mut().button_padding.y = 1.0;
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
    let Some(spec) = state.draft.lane(state.shown_lane()) else { return };
    let other = match state.target {
        Target::Both => state.draft.lane(LaneId::B),
        Target::One(_) => None,
    };
    let other = other.as_ref();
    remedies::preset(ui, state, &spec);
    if let Some(lr) = slider(ui, "learning rate", true, spec.lr, 1e-5..=0.1, other.map(|s| s.lr)) {
        state.set_lr(lr);
    }
    if let Some(beta) =
        slider(ui, "commitment β", true, spec.beta, 0.0..=8.0, other.map(|s| s.beta))
    {
        state.set_beta(beta);
    }
    // A grid brings its own number of codes, width and start.
    if spec.fixed.is_none() {
        codebook(ui, state, &spec, other);
    }
    powers(ui, "batch tokens", spec.batch_tokens, 6..=12, other.map(|s| s.batch_tokens), |n| {
        state.set_batch_tokens(n);
    });
    remedies::show(ui, state, &spec);
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
        let drag = DragValue::new(&mut seed).range(0..=i64::MAX as u64).speed(0.05);
        if ui.add(drag).accessible_name("seed").changed() {
            state.draft.seed = seed;
        }
    });
}

/// A setting's name at the left, its control, and whether it acts at once at the right.
pub fn row(ui: &mut Ui, name: &str, is_live: bool, control: impl FnOnce(&mut Ui)) {
    ui.horizontal(|ui| {
        ui.set_height(17.0);
        ui.spacing_mut().item_spacing.x = 3.0;
        let (rect, _) = ui.allocate_exact_size(vec2(NAME, 18.0), egui::Sense::hover());
        let font = theme::font(size::SMALL + 0.5);
        ui.painter().text(
            rect.left_center(),
            egui::Align2::LEFT_CENTER,
            name,
            font,
            palette(ui).text,
        );
        control(ui);
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| tag(ui, is_live));
    });
}

/// A field that shows a word and opens a list.
pub fn drop_down(ui: &mut Ui, name: &str, shown: &str, list: impl FnOnce(&mut Ui)) -> Response {
    ui.spacing_mut().icon_width = 8.0;
    ComboBox::from_id_salt(name)
        .selected_text(RichText::new(shown).size(size::SMALL + 0.5))
        .width(0.0)
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
        drop_down(ui, name, shown, |ui| {
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

/// What a slider of a pair of lanes says when the lanes differ.
fn differs(ui: &mut Ui, other: Option<String>, shown: &str) {
    if let Some(other) = other.filter(|o| o != shown) {
        let text = RichText::new(format!("B {other}")).size(10.5).color(palette(ui).weak);
        ui.label(text)
            .on_hover_text(format!("Lane B has {other}; moving this slider sets both lanes."));
    }
}

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
        ui.spacing_mut().slider_width = 66.0;
        ui.spacing_mut().interact_size.x = 44.0;
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
        ui.spacing_mut().slider_width = 66.0;
        ui.spacing_mut().interact_size.x = 44.0;
        let slider = Slider::new(&mut at, 0..=choices.len() - 1).show_value(false);
        let is_changed = ui.add(slider).accessible_name(name).changed();
        let mut typed = value;
        let field = DragValue::new(&mut typed)
            .range(1..=1_usize << 24)
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
    if matches!(spec.init, Init::Normal | Init::Features)
        && let Some(std) = slider(ui, "std of C", false, spec.std, 0.01..=4.0, None)
    {
        state.set_std(std);
    }
}

/// The button that trains the draft, and why it is there.
fn restart(ui: &mut Ui, state: &mut AppState) {
    let p = palette(ui);
    if let Err(why) = state.draft.validate() {
        ui.label(RichText::new(&why).size(10.5).color(p.error)).on_hover_text(why);
        return;
    }
    let is_armed = state.is_armed();
    let text = RichText::new("Restart with these settings").font(theme::bold(size::BODY));
    let mut button = Button::new(if is_armed { text.color(p.canvas) } else { text });
    if is_armed {
        button = button.fill(p.restart);
    }
    let size = vec2(ui.available_width(), 26.0);
    let hint = match is_armed {
        true => "From step 0, so that what is tagged \"restart\" acts (Ctrl+R)",
        false => "From step 0, with everything as it is set here (Ctrl+R)",
    };
    if ui.add_sized(size, button).on_hover_text(hint).clicked() {
        state.restart_as_set();
    }
}
