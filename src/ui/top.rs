//! The top bar: story, transport, pace, speed; and the caption below it.

use egui::text::LayoutJob;
use egui::{Align, Align2, Button, Label, Layout, Rect, RichText, Stroke, Ui, UiBuilder, vec2};

use crate::scenario::Pace;
use crate::train::snapshot::Activity;
use crate::ui::fitting;
use crate::ui::state::AppState;
use crate::ui::text::{count, lines, shown};
use crate::ui::theme::{self, palette, size};
use crate::ui::watched;

/// Room for what stands beside a title: the state of a watched folder, and the switches.
const BESIDE_TITLE: f32 = 520.0;

/// Draws the bar into `rect`.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let inner = rect.shrink2(vec2(8.0, 6.0));
    let mut ui = ui.new_child(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::left_to_right(Align::Center))
            .id_salt("top"),
    );
    let ui = &mut ui;
    if state.is_watching() {
        watched::title(ui, state);
    } else if state.aside.is_some() {
        // The live run waits: its transport would act on what is not shown.
        title(ui, state);
    } else {
        stories(ui, state);
        ui.separator();
        transport(ui, state);
        ui.separator();
        paces(ui, state);
        ui.separator();
        speed(ui, state);
    }
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let hint = "Saved runs: go on with one, or look at two side by side (O)";
        if state.home.is_some() && ui.button("Runs").on_hover_text(hint).clicked() {
            state.toggle_shelf();
        }
        if ui.button("Keys ?").on_hover_text("List of keys (?)").clicked() {
            state.is_help_open = !state.is_help_open;
        }
        let is_dark = ui.visuals().dark_mode;
        if ui
            .button(if is_dark { "Light" } else { "Dark" })
            .on_hover_text("Change the theme")
            .clicked()
        {
            state.prefs.theme =
                if is_dark { egui::ThemePreference::Light } else { egui::ThemePreference::Dark };
            ui.ctx().set_theme(state.prefs.theme);
        }
        ui.toggle_value(&mut state.prefs.has_numbers, "Numbers")
            .on_hover_text("Show curves and numbers at the right");
        if !state.is_watching() && state.aside.is_none() {
            ui.toggle_value(&mut state.prefs.has_controls, "Controls")
                .on_hover_text("Show the controls at the left");
        }
    });
}

/// The title of what is looked at but not trained here, which may be as long as a path.
pub fn title(ui: &mut Ui, state: &AppState) {
    let title = RichText::new(shown(&state.running().title)).font(theme::bold(size::BODY));
    ui.scope(|ui| {
        ui.set_max_width((ui.available_width() - BESIDE_TITLE).max(0.0));
        ui.add(Label::new(title).truncate());
    });
}

fn stories(ui: &mut Ui, state: &mut AppState) {
    let title = shown(&state.original.title);
    let title = if state.is_changed() { format!("{title} (changed)") } else { title };
    let text = RichText::new(title).font(theme::bold(size::BODY));
    let button = Button::new(text).min_size(vec2(0.0, 26.0));
    let response = ui.add(button);
    if response.on_hover_text("All stories, as cards (G)").clicked() {
        state.is_gallery_open = true;
    }
}

fn transport(ui: &mut Ui, state: &mut AppState) {
    let is_running = state.known.is_running();
    let button =
        |text: &str| Button::new(RichText::new(text.to_string()).font(theme::bold(size::BODY)));
    let text = if is_running { "Pause" } else { "Play" };
    // As wide as the wider word, so that nothing moves when it changes.
    if ui
        .add(button(text).min_size(vec2(58.0, 26.0)))
        .on_hover_text("Play or pause (Space)")
        .clicked()
    {
        state.toggle_play();
    }
    if ui
        .add(button("Step").min_size(vec2(0.0, 26.0)))
        .on_hover_text("Train one step (right arrow)")
        .clicked()
    {
        state.step_once();
    }
    if ui
        .add(button("Restart").min_size(vec2(0.0, 26.0)))
        .on_hover_text(
            "The story anew as it was written (R), with the next seed (Shift+R), or with the settings of the controls (Ctrl+R)",
        )
        .clicked()
    {
        state.restart_story(false);
    }
}

fn paces(ui: &mut Ui, state: &mut AppState) {
    ui.spacing_mut().item_spacing.x = 2.0;
    let now = state.known.trainer.pace;
    for (i, pace) in Pace::LADDER.into_iter().enumerate() {
        let name = match pace.per_second() {
            Some(steps) => format!("{steps}"),
            None => "max".into(),
        };
        let response = ui.selectable_label(pace == now, name);
        if response.on_hover_text(format!("{} (key {})", pace.describe(), i + 1)).clicked() {
            state.set_pace(pace);
        }
    }
    ui.label(RichText::new("steps/s").color(palette(ui).weak));
    ui.spacing_mut().item_spacing.x = 6.0;
}

fn speed(ui: &mut Ui, state: &AppState) {
    let p = palette(ui);
    let trainer = &state.known.trainer;
    let steps = format!("step {} of {}", count(state.known.step()), count(state.running().steps));
    ui.label(RichText::new(steps).font(theme::bold(size::BODY)));
    let rate = trainer.steps_per_second;
    let visiting = state.visiting.as_ref();
    let text = match trainer.activity {
        _ if state.known.failure.is_some() => "stopped".into(),
        Activity::WarmingUp | Activity::Running if visiting.is_some() => {
            let step = visiting.map_or(0, |v| v.step);
            format!("going to step {} (Space stops)", count(step))
        }
        Activity::WarmingUp => "warming up…".into(),
        Activity::Paused => "paused".into(),
        Activity::Ended => "end of the story: Play goes on".into(),
        Activity::Diverged => "every lane diverged".into(),
        Activity::Watching => "watching".into(),
        Activity::Replaying { done, of } => {
            format!("going back: {} of {} steps (Esc gives up)", count(done), count(of))
        }
        Activity::Running => match trainer.pace.per_second() {
            // Less than nine tenths of what was asked for is worth saying.
            Some(asked) if rate > 0.0 && rate < 0.9 * asked => {
                format!("asked {asked}, getting {rate:.0} steps/s")
            }
            _ if rate > 0.0 => format!("{rate:.0} steps/s"),
            _ => "training".into(),
        },
    };
    ui.label(RichText::new(text).color(p.weak));
}

/// The sentence of the running story.
pub fn caption(ui: &mut Ui, state: &AppState, rect: Rect) {
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.canvas);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.border));
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, p.border));
    let running = state.running();
    let story = running.caption_at(state.known.shown_step()).unwrap_or(&running.about);
    let text = if state.is_watching() { watched::caption(state) } else { lines(story) };
    let width = rect.width() - 24.0;
    let sizes = [size::TITLE, 14.5, size::BODY];
    let galley = fitting(ui.painter(), &text, sizes, width, p.text).unwrap_or_else(|| {
        // Two lines of small type hold twice as much; the whole text is under the pointer.
        let mut job = LayoutJob::simple(text, theme::font(size::SMALL), p.text, width);
        job.wrap.max_rows = 2;
        ui.painter().layout_job(job)
    });
    let start = rect.left_center() + vec2(12.0, 0.0);
    let at = Align2::LEFT_CENTER.anchor_size(start, galley.size()).min;
    ui.painter_at(rect).galley(at, galley, p.text);
    ui.interact(rect, ui.scope_id().with("caption"), egui::Sense::hover())
        .on_hover_text(lines(&running.about));
}
