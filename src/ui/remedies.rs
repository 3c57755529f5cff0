//! The switches of a method: a named preset, and the five things that it sets.

use egui::{Button, Grid, Label, RichText, Slider, Ui, vec2};

use crate::scenario::{CodeUpdate, Estimator, LaneSpec, Preset, Switches, TransformForm, Upkeep};
use crate::ui::controls::row;
use crate::ui::state::AppState;
use crate::ui::theme::{palette, size};

/// Draws the switches at the cursor; `spec` is what they show.
pub fn show(ui: &mut Ui, state: &mut AppState, spec: &LaneSpec) {
    preset(ui, state, spec);
    if spec.levels.is_some() {
        return;
    }
    let now = spec.switches;
    let plain = (spec.learn_c, spec.learn_w);
    row(ui, "codes move by", true, |ui| {
        for (update, name) in [(CodeUpdate::Gradient, "gradient"), (CodeUpdate::Ema, "averages")] {
            let after = Switches { update, ..now };
            if choice(ui, name, now.update == update, after, plain) {
                state.set_update(update);
            }
        }
    });
    row(ui, "upkeep", true, |ui| {
        for (upkeep, name) in
            [(Upkeep::None, "none"), (Upkeep::Revive, "revival"), (Upkeep::Cvq, "CVQ")]
        {
            let after = Switches { upkeep, ..now };
            if choice(ui, name, now.upkeep == upkeep, after, plain) {
                state.set_upkeep(upkeep);
            }
        }
    });
    row(ui, "to the encoder", true, |ui| {
        let all = [(Estimator::StraightThrough, "straight"), (Estimator::Rotation, "rotated")];
        for (estimator, name) in all {
            let after = Switches { estimator, ..now };
            if choice(ui, name, now.estimator == estimator, after, plain) {
                state.set_estimator(estimator);
            }
        }
    });
    row(ui, "rate of C", true, |ui| {
        let mut c_lr = now.c_lr;
        ui.spacing_mut().slider_width = 66.0;
        ui.spacing_mut().interact_size.x = 44.0;
        let is_usable = spec.learn_c && now.update == CodeUpdate::Gradient;
        let slider = Slider::new(&mut c_lr, 0.0..=1.0).max_decimals(2);
        let response = ui.add_enabled(is_usable, slider).accessible_name("rate of C");
        let response = response.on_disabled_hover_text("C does not learn by a gradient here");
        if response.on_hover_text("Learning rate of C as a share of the lane's").changed() {
            state.set_c_lr((c_lr * 100.0).round() / 100.0);
        }
    });
    row(ui, "form of W", false, |ui| {
        for (form, name) in [(TransformForm::Full, "full"), (TransformForm::Diagonal, "diagonal")] {
            let text = RichText::new(name).size(size::SMALL);
            if ui.selectable_label(now.transform == form, text).clicked() {
                state.set_transform(form);
            }
        }
        let mut has_bias = now.has_bias;
        if ui.toggle_value(&mut has_bias, RichText::new("bias").size(size::SMALL)).changed() {
            state.set_bias(has_bias);
        }
    });
}

/// A word to choose; one that does not go with what learns cannot be chosen, and says why.
fn choice(ui: &mut Ui, name: &str, is_now: bool, after: Switches, (c, w): (bool, bool)) -> bool {
    let why = after.conflict(c, w);
    let button = Button::selectable(is_now, RichText::new(name).size(size::SMALL));
    let response = ui.add_enabled(why.is_none(), button);
    let is_clicked = response.clicked();
    response.on_disabled_hover_text(why.unwrap_or_default());
    is_clicked && !is_now
}

fn preset(ui: &mut Ui, state: &mut AppState, spec: &LaneSpec) {
    let lane = state.draft.lane_table(state.shown_lane());
    let preset = lane.and_then(|lane| lane.preset);
    // What stands beside the preset has left it.
    let is_left = preset.is_some_and(|preset| {
        let (c, w, init, switches) = preset.switches();
        (c, w, init, switches) != (spec.learn_c, spec.learn_w, spec.init, spec.switches)
    });
    let name = match preset {
        Some(preset) if is_left => format!("{}, changed", preset.name()),
        Some(preset) => preset.name().into(),
        None => "choose…".into(),
    };
    row(ui, "method", false, |ui| {
        let response = ui.menu_button(RichText::new(name).size(size::SMALL + 0.5), |ui| {
            Grid::new("presets").num_columns(2).spacing(vec2(10.0, 3.0)).show(ui, |ui| {
                for preset in Preset::ALL {
                    let button = Button::selectable(lane_has(state, preset), preset.name());
                    if ui.add(button).clicked() {
                        state.set_preset(preset);
                        ui.close();
                    }
                    let about = RichText::new(preset.about()).size(size::SMALL + 0.5);
                    ui.add(Label::new(about).extend());
                    ui.end_row();
                }
            });
            let note =
                "Sets every switch below, what learns and the initial codes, at the next restart.";
            ui.label(RichText::new(note).size(size::SMALL).color(palette(ui).weak));
        });
        response.response.on_hover_text("A published method is a setting of these switches");
    });
}

fn lane_has(state: &AppState, preset: Preset) -> bool {
    state.draft.lane_table(state.shown_lane()).is_some_and(|lane| lane.preset == Some(preset))
}
