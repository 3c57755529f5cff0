//! The switches of a method: a named preset, and the five things that it sets.

use egui::{Button, DragValue, Grid, Label, RichText, Slider, SliderClamping, Ui, vec2};

use crate::record::setting::Setting;
use crate::scenario::{
    CodeUpdate, Estimator, Fixed, LaneSpec, Lookup, Preset, Switches, TransformForm, Upkeep,
};
use crate::ui::panes::help::Row;
use crate::ui::state::wish::{Change, Outbox};
use crate::ui::widgets::fields::{WIDE, drop_down, menu, only_if, row, slider, slim};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Width of the list of forms of W, beside which the bias and the rank have room.
const FORM: f32 = 84.0;

/// Why settings of a codebook that learns do nothing in a lane.
pub fn no_grid(spec: &LaneSpec) -> Option<&'static str> {
    spec.fixed.is_some().then_some(words!("method-this-lane-has-fixed-codes"))
}

/// Draws the switches at the cursor; `spec` is what they show.
pub fn show(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    live(ui, spec, outbox);
    only_if(ui, no_grid(spec), |ui| {
        form_of_w(ui, spec, outbox);
        lookup(ui, spec, outbox);
    });
    let steps = [100, 300, 600];
    let names = steps.map(|steps| words!("setting-steps", steps = steps));
    let hints = steps
        .map(|steps| words!("method-the-autoencoder-trains-without-quantization", steps = steps));
    let all = [
        (0, words!("setting-none"), words!("method-encodings-are-quantized-from-the")),
        (100, names[0].as_str(), hints[0].as_str()),
        (300, names[1].as_str(), hints[1].as_str()),
        (600, names[2].as_str(), hints[2].as_str()),
    ];
    if let Some(steps) = menu(ui, Row::WarmUp.label(), spec.warmup, &all) {
        outbox.set(Change::Warmup(steps));
    }
}

/// What acts at the next step.
fn live(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    only_if(ui, no_grid(spec), |ui| moves(ui, spec, outbox));
    // Of fixed codes the signs of some numbers have a use for it.
    let is_grid = matches!(spec.fixed, Some(Fixed::Levels(_)));
    let why = words!("method-a-grid-has-no-use");
    only_if(ui, is_grid.then_some(why), |ui| entropy(ui, spec, outbox));
    let is_usable =
        spec.learn_c && spec.switches.update == CodeUpdate::Gradient && spec.fixed.is_none();
    only_if(ui, (!is_usable).then_some(words!("method-c-does-not-learn-by")), |ui| {
        row(ui, Row::CodeRate.label(), |ui| {
            let mut c_lr = spec.switches.c_lr;
            slim(ui);
            let slider = Slider::new(&mut c_lr, 0.0..=1.0).max_decimals(2);
            let response = ui.add(slider).accessible_name(words!("method-rate-of-c"));
            if response.changed() {
                outbox.set(Change::Live(Setting::CodeRate((c_lr * 100.0).round() / 100.0)));
            }
        });
    });
}

/// How fast averages forget, where something keeps them.
fn decay(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let now = spec.switches;
    let has_averages = now.update == CodeUpdate::Ema || now.upkeep != Upkeep::None;
    let why = words!("method-nothing-here-keeps-moving-averages");
    only_if(ui, (!has_averages).then_some(why), |ui| {
        row(ui, Row::Decay.label(), |ui| {
            let mut decay = now.decay;
            slim(ui);
            let slider = Slider::new(&mut decay, 0.0..=0.999)
                .max_decimals(3)
                .clamping(SliderClamping::Edits);
            let response = ui.add(slider).accessible_name(words!("setting-decay"));
            if response.changed() {
                outbox.set(Change::Live(Setting::Decay((decay * 1e3).round() / 1e3)));
            }
        });
    });
}

/// Which codes revival takes for dead.
fn revive_below(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let revives = spec.switches.upkeep == Upkeep::Revive;
    only_if(ui, (!revives).then_some(words!("method-nothing-revives-codes-here")), |ui| {
        row(ui, Row::ReviveBelow.label(), |ui| {
            let mut share = spec.switches.revive_below;
            slim(ui);
            let slider =
                Slider::new(&mut share, 0.01..=1.0).max_decimals(2).clamping(SliderClamping::Edits);
            let response = ui.add(slider).accessible_name(words!("method-revive-below"));
            if response.changed() {
                let share = ((share * 100.0).round() / 100.0).max(0.01);
                outbox.set(Change::Live(Setting::ReviveBelow(share)));
            }
        });
    });
}

/// What moves codes and keeps them in use, and what the encoder gets.
fn moves(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let now = spec.switches;
    let plain = (spec.learn_c, spec.learn_w);
    row(ui, Row::Update.label(), |ui| {
        for (update, name) in
            [CodeUpdate::Gradient, CodeUpdate::Ema].map(|update| (update, update.words()))
        {
            let after = Switches { update, ..now };
            if choice(ui, name, now.update == update, after, plain) {
                outbox.set(Change::Live(Setting::Update(update)));
            }
        }
    });
    row(ui, Row::Upkeep.label(), |ui| {
        for (upkeep, name) in [
            (Upkeep::None, words!("setting-none")),
            (Upkeep::Revive, words!("method-revival")),
            (Upkeep::Cvq, words!("method-cvq")),
        ] {
            let after = Switches { upkeep, ..now };
            if choice(ui, name, now.upkeep == upkeep, after, plain) {
                outbox.set(Change::Live(Setting::Upkeep(upkeep)));
            }
        }
    });
    decay(ui, spec, outbox);
    revive_below(ui, spec, outbox);
    row(ui, Row::Estimator.label(), |ui| {
        let all = [Estimator::StraightThrough, Estimator::Rotation].map(|one| (one, one.words()));
        for (estimator, name) in all {
            let after = Switches { estimator, ..now };
            if choice(ui, name, now.estimator == estimator, after, plain) {
                outbox.set(Change::Live(Setting::Estimator(estimator)));
            }
        }
    });
}

fn entropy(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let weight = spec.switches.entropy;
    if let Some(weight) = slider(ui, Row::Entropy.label(), weight, 0.0..=1.0, None) {
        outbox.set(Change::Live(Setting::Entropy(weight)));
    }
}

fn form_of_w(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let now = spec.switches;
    row(ui, Row::Transform.label(), |ui| {
        let all = [
            (
                TransformForm::Full,
                words!("setting-full"),
                words!("method-any-matrix-turns-stretches-and"),
            ),
            (
                TransformForm::Diagonal,
                words!("setting-diagonal"),
                words!("method-stretches-each-axis-on-its"),
            ),
            (
                TransformForm::LowRank,
                words!("method-low-rank"),
                words!("method-squeezes-all-codes-into-a"),
            ),
            (TransformForm::Mlp, "MLP", words!("method-a-perceptron-in-the-place")),
        ];
        let shown = all.iter().find(|(form, ..)| *form == now.transform).map_or("", |f| f.1);
        drop_down(ui, words!("method-form-of-w"), shown, FORM, |ui| {
            for (form, name, hint) in all {
                let button = Button::selectable(form == now.transform, name);
                if ui.add(button).on_hover_text(hint).clicked() {
                    outbox.set(Change::Transform(form));
                }
            }
        });
        let mut has_bias = now.has_bias;
        if ui
            .toggle_value(
                &mut has_bias,
                RichText::new(words!("method-bias")).size(tokens(ui).small),
            )
            .changed()
        {
            outbox.set(Change::Bias(has_bias));
        }
        if now.transform == TransformForm::LowRank {
            let mut rank = now.rank;
            ui.spacing_mut().interact_size.x = space::XL;
            let field = DragValue::new(&mut rank).range(1..=spec.dim).speed(0.05);
            if ui.add(field).accessible_name(words!("method-rank-of-w")).changed() {
                outbox.set(Change::Rank(rank));
            }
        }
    });
}

fn lookup(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let all = [
        (Lookup::L2, words!("setting-distance"), words!("method-the-code-at-the-least")),
        (Lookup::Cosine, words!("setting-angle"), words!("method-encodings-and-codes-have-length")),
    ];
    if let Some(lookup) = menu(ui, Row::Lookup.label(), spec.switches.lookup, &all) {
        outbox.set(Change::Lookup(lookup));
    }
    let widths: Vec<usize> = [2, 4, 8, 16, 32].into_iter().filter(|&w| w < spec.latent).collect();
    let names: Vec<String> =
        widths.iter().map(|w| words!("method-to-numbers", width = w)).collect();
    let hint = words!("method-two-linear-layers-project-encodings");
    let mut all = vec![(0, words!("method-no"), words!("method-encodings-are-looked-up-as"))];
    all.extend(widths.iter().zip(&names).map(|(&w, name)| (w, name.as_str(), hint)));
    let now = spec.factor().unwrap_or(0);
    if let Some(dim) = menu(ui, Row::Projected.label(), now, &all) {
        outbox.set(Change::Factor(dim));
    }
}

/// The grid that stands in the place of a number of codes.
pub fn grid(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let all = spec.fixed.as_ref().map(Fixed::others).unwrap_or_default();
    let shown = spec.fixed.as_ref().map_or(words!("method-no-grid").into(), Fixed::describe);
    let why = words!("method-the-codes-of-this-lane");
    only_if(ui, spec.fixed.is_none().then_some(why), |ui| {
        row(ui, Row::FixedCodes.label(), |ui| {
            drop_down(ui, words!("method-fixed-codes"), &shown, WIDE, |ui| {
                for other in &all {
                    let name =
                        words!("method-grid-codes", grid = other.describe(), codes = other.size());
                    if ui.selectable_label(spec.fixed.as_ref() == Some(other), name).clicked() {
                        outbox.set(Change::Fixed(other.clone()));
                    }
                }
            });
        });
    });
}

/// A word to choose; one that does not go with what learns cannot be chosen, and says why.
fn choice(ui: &mut Ui, name: &str, is_now: bool, after: Switches, (c, w): (bool, bool)) -> bool {
    let why = after.conflict(c, w);
    let button = Button::selectable(is_now, name);
    let response = ui.add_enabled(why.is_none(), button);
    let is_clicked = response.clicked();
    response.on_disabled_hover_text(why.unwrap_or_default());
    is_clicked && !is_now
}

/// The named method, and in what the lane has left it.
pub fn preset(ui: &mut Ui, preset: Option<Preset>, spec: &LaneSpec, outbox: &mut Outbox) {
    // What stands beside the preset has left it.
    let left = preset.map(|preset| preset.departures(spec)).unwrap_or_default();
    let name = match preset {
        Some(preset) if !left.is_empty() => words!("method-changed", preset = preset.name()),
        Some(preset) => preset.name().into(),
        None => words!("method-choose").into(),
    };
    row(ui, Row::Method.label(), |ui| {
        let response = drop_down(ui, words!("setting-method"), &name, WIDE, |ui| {
            Grid::new("presets").num_columns(2).spacing(vec2(space::M, space::XS)).show(ui, |ui| {
                for one in Preset::ALL {
                    let button = Button::selectable(preset == Some(one), one.name());
                    if ui.add(button).clicked() {
                        outbox.set(Change::Preset(one));
                    }
                    let about = RichText::new(one.about()).size(tokens(ui).body);
                    ui.add(Label::new(about).extend());
                    ui.end_row();
                }
            });
            let note = words!("method-sets-every-switch-below-what");
            ui.label(RichText::new(note).size(tokens(ui).small).color(palette(ui).weak));
        });
        let hint = preset.map_or(words!("method-a-published-method-is-a"), Preset::about);
        response.on_hover_text(hint);
    });
    // One line whatever it says, so that what stands below it stays in its place.
    let text = match preset {
        Some(preset) if !left.is_empty() => {
            words!(
                "method-unlike",
                preset = preset.name(),
                left = left.join(words!("list-separator"))
            )
        }
        Some(preset) => preset.about().into(),
        None => words!("method-each-switch-by-itself-a").into(),
    };
    let small = RichText::new(&text).size(tokens(ui).small).color(palette(ui).weak);
    ui.add(Label::new(small).truncate()).on_hover_text(text);
}
