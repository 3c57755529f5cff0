//! The top bar: story, transport, pace, speed; and the caption below it.

use std::sync::Arc;

use egui::text::{LayoutJob, TextWrapping};
use egui::{
    Align, Align2, Button, Color32, FontId, Galley, Layout, Rect, RichText, Role, Stroke, Ui,
    UiBuilder, Vec2, WidgetInfo, pos2, vec2,
};

use crate::record::status::Activity;
use crate::scenario::Pace;
use crate::text::{count, lines, shown};
use crate::ui::panes::watched;
use crate::ui::state::AppState;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::{palette, size};

/// Least room for the title and the speed in which they stand beside each other.
const SIDE_BY_SIDE: f32 = 300.0;

/// Draws the bar into `rect`. Every control has its place whatever the run does: words that change
/// take the room that is left for them.
pub fn show(ui: &mut Ui, state: &mut AppState, rect: Rect) {
    let inner = rect.shrink2(vec2(8.0, 6.0));
    let is_live = !state.is_watching() && state.comparison.is_none();
    let mut left = ui.new_child(
        UiBuilder::new()
            .max_rect(inner)
            .layout(Layout::left_to_right(Align::Center))
            .id_salt("top"),
    );
    // The title comes first and is as wide as the rest leaves it, which is measured once.
    let id = ui.scope_id().with("room for the title");
    let room = ui.data(|d| d.get_temp::<f32>(id)).unwrap_or(SIDE_BY_SIDE);
    let is_wide = room >= SIDE_BY_SIDE;
    let title_width = if is_wide { (0.52 * room).min(340.0) } else { room };
    let start = left.cursor().left();
    let speed_at = if is_live {
        stories(&mut left, state, title_width, is_wide);
        left.separator();
        transport(&mut left, state);
        left.separator();
        paces(&mut left, state);
        left.separator();
        left.cursor().left()
    } else {
        start
    };
    let taken = if is_live { speed_at - start - title_width } else { 0.0 };
    let mut right = ui.new_child(
        UiBuilder::new()
            .max_rect(inner.with_min_x(speed_at))
            .layout(Layout::right_to_left(Align::Center))
            .id_salt("switches"),
    );
    switches(&mut right, state, is_live);
    let free = Rect::from_x_y_ranges(speed_at..=right.min_rect().left() - 8.0, inner.y_range());
    if state.is_watching() {
        watched::title(ui, state, free);
    } else if !is_live {
        // The live run waits: its transport would act on what is not shown.
        title(ui, state, free);
    } else if is_wide {
        speed(ui, state, free);
    }
    let measured = (right.min_rect().left() - 8.0 - start - taken).max(60.0);
    if is_live && (measured - room).abs() > 0.5 {
        ui.data_mut(|d| d.insert_temp(id, measured));
        ui.ctx().request_discard("the room for the title was measured");
    }
}

/// Themes, lists and hidden parts, from the right.
fn switches(ui: &mut Ui, state: &mut AppState, is_live: bool) {
    let hint = "Saved runs: go on with one, or look at two side by side (O)";
    if state.host.home.is_some() && ui.button("Runs").on_hover_text(hint).clicked() {
        state.toggle_shelf();
    }
    if ui.button("Keys ?").on_hover_text("List of keys (?)").clicked() {
        state.cards.is_help_open = !state.cards.is_help_open;
    }
    let is_dark = ui.visuals().dark_mode;
    let theme = Button::new(if is_dark { "Light" } else { "Dark" }).min_size(vec2(48.0, 0.0));
    if ui.add(theme).on_hover_text("Change the theme").clicked() {
        state.prefs.theme =
            if is_dark { egui::ThemePreference::Light } else { egui::ThemePreference::Dark };
        ui.ctx().set_theme(state.prefs.theme);
    }
    ui.toggle_value(&mut state.prefs.has_numbers, "Numbers")
        .on_hover_text("Show curves and numbers at the right");
    if is_live {
        ui.toggle_value(&mut state.prefs.has_controls, "Controls")
            .on_hover_text("Show the controls at the left");
    }
}

/// The title of what is looked at but not trained here, which may be as long as a path.
pub fn title(ui: &Ui, state: &AppState, rect: Rect) {
    let title = shown(&state.running().title);
    let galley = one_line(ui, &title, theme::bold(size::BODY), palette(ui).text, rect.width());
    let is_cut = galley.elided;
    let at = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size()).min;
    ui.painter().galley(at, galley, palette(ui).text);
    let response = ui.interact(rect, ui.scope_id().with("title"), egui::Sense::hover());
    if is_cut {
        response.on_hover_text(title);
    }
}

/// A line of text that ends in "…" where it is longer than the room.
fn one_line(ui: &Ui, text: &str, font: FontId, color: Color32, width: f32) -> Arc<Galley> {
    let mut job = LayoutJob::simple_singleline(text.into(), font, color);
    job.wrap = TextWrapping::truncate_at_width(width.max(1.0));
    ui.painter().layout_job(job)
}

/// The story's title over a line that says whether it is as it was written; in a narrow bar how far it
/// is stands there.
fn stories(ui: &mut Ui, state: &mut AppState, width: f32, is_wide: bool) {
    let p = palette(ui);
    let full = shown(&state.story.scenario.title);
    let response = ui.add_sized(vec2(width, 30.0), Button::new(""));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &full));
    let rect = response.rect.shrink2(vec2(8.0, 1.0));
    let sizes = [size::BODY, 12.0, 11.0];
    let title = sizes
        .into_iter()
        .map(|size| one_line(ui, &full, theme::bold(size), p.text, rect.width()))
        .find(|galley| !galley.elided)
        .unwrap_or_else(|| one_line(ui, &full, theme::bold(sizes[2]), p.text, rect.width()));
    let (second, color) = match state.is_changed() {
        _ if !is_wide => (format!("{}, {}", progress(state), pace(state)), p.weak),
        false => ("the story as it was written".into(), p.weak),
        true if state.has_other_seed_alone() => {
            (format!("the story with seed {}", state.draft.seed), p.weak)
        }
        true => ("changed by hand".into(), p.restart),
    };
    let second = one_line(ui, &second, theme::font(10.5), color, rect.width());
    let painter = ui.painter();
    painter.galley(pos2(rect.left(), rect.center().y - 14.5), title, p.text);
    painter.galley(pos2(rect.left(), rect.center().y + 0.5), second, color);
    if response.on_hover_text(format!("{full}\nAll stories, as cards (G)")).clicked() {
        state.cards.is_gallery_open = true;
    }
}

fn transport(ui: &mut Ui, state: &mut AppState) {
    let is_running = state.run.is_running();
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
    let now = state.run.trainer.pace;
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

/// How far the run is.
fn progress(state: &AppState) -> String {
    format!("step {} of {}", count(state.run.step()), count(state.running().steps))
}

/// How fast it trains, or why it does not.
fn pace(state: &AppState) -> String {
    let trainer = &state.run.trainer;
    let rate = trainer.steps_per_second;
    let visiting = state.visiting.as_ref();
    match trainer.activity {
        _ if state.run.failure.is_some() => "stopped".into(),
        Activity::WarmingUp | Activity::Running if visiting.is_some() => {
            let step = visiting.map_or(0, |v| v.step);
            format!("going to step {} (Space stops)", count(step))
        }
        Activity::WarmingUp if state.run.shows_run_before() => "building the run…".into(),
        Activity::WarmingUp => "warming up…".into(),
        Activity::Paused => "paused".into(),
        Activity::Ended => "end of the story: Play goes on".into(),
        Activity::Diverged => "every lane diverged".into(),
        Activity::Watching => "watching".into(),
        Activity::Replaying { done, of } => {
            format!("going back: {} of {} (Esc gives up)", count(done), count(of))
        }
        Activity::Running => match trainer.pace.per_second() {
            // Less than nine tenths of what was asked for is worth saying.
            Some(asked) if rate > 0.0 && rate < 0.9 * asked => {
                format!("asked {asked}, getting {rate:.0} steps/s")
            }
            _ if rate > 0.0 => format!("{rate:.0} steps/s"),
            _ => "training".into(),
        },
    }
}

/// Both, one above the other.
fn speed(ui: &Ui, state: &AppState, rect: Rect) {
    let p = palette(ui);
    two_lines(ui, rect, [(progress(state), p.text), (pace(state), p.weak)]);
}

/// A bold line over a smaller one, at the left of a place.
pub fn two_lines(ui: &Ui, rect: Rect, [upper, lower]: [(String, Color32); 2]) {
    let lines = [(upper, theme::bold(size::BODY), -15.0), (lower, theme::font(size::SMALL), 0.5)];
    for ((text, color), font, y) in lines {
        let galley = one_line(ui, &text, font, color, rect.width());
        ui.painter().galley(pos2(rect.left(), rect.center().y + y), galley, color);
    }
}

/// The sentence of the running story.
pub fn caption(ui: &mut Ui, state: &AppState, rect: Rect) {
    let p = palette(ui);
    ui.painter().rect_filled(rect, 0.0, p.canvas);
    ui.painter().hline(rect.x_range(), rect.top(), Stroke::new(1.0, p.border));
    ui.painter().hline(rect.x_range(), rect.bottom(), Stroke::new(1.0, p.border));
    let running = state.running();
    let story = running.caption_at(state.run.shown_step()).unwrap_or(&running.about);
    let text = if state.is_watching() { watched::caption(state) } else { lines(story) };
    let galley = caption_galley(ui, &text, rect.size() - vec2(24.0, 2.0));
    let start = rect.left_center() + vec2(12.0, 0.0);
    let at = Align2::LEFT_CENTER.anchor_size(start, galley.size()).min;
    ui.painter_at(rect).galley(at, galley, p.text);
    ui.interact(rect, ui.scope_id().with("caption"), egui::Sense::hover())
        .on_hover_text(lines(&running.about));
}

/// A caption in the largest type in which it fits into a place: one line or, in smaller type, two. What
/// is longer ends in "…"; the whole text is under the pointer.
fn caption_galley(ui: &Ui, text: &str, room: Vec2) -> Arc<Galley> {
    let color = palette(ui).text;
    let layout = |(size, rows): (f32, usize)| {
        let mut job = LayoutJob::simple(text.into(), theme::font(size), color, room.x);
        job.wrap.max_rows = rows;
        ui.painter().layout_job(job)
    };
    let looks = [(size::TITLE, 1), (14.5, 1), (size::BODY, 1), (size::BODY, 2), (12.0, 2)];
    let fits = |galley: &Arc<Galley>| !galley.elided && galley.size().y <= room.y;
    looks.into_iter().map(layout).find(fits).unwrap_or_else(|| layout((size::SMALL, 2)))
}
