//! What each command does.

use egui::{Context, ViewportCommand};

use crate::figure::panel::Panel;
use crate::scenario::LaneId;
use crate::ui::input::{links, pictures};
use crate::ui::layout::arrangement::Part;
use crate::ui::layout::panels;
use crate::ui::state::AppState;
use crate::ui::state::command::UiCommand;
use crate::ui::state::scale;
use crate::ui::widgets::helped;
use crate::words;

/// Does what a command says.
pub fn run(ctx: &Context, state: &mut AppState, command: UiCommand) {
    match command {
        UiCommand::Play => state.toggle_play(),
        UiCommand::Forward => state.forward(false),
        UiCommand::FarForward => state.forward(true),
        UiCommand::Step => drop(state.step_once()),
        UiCommand::StageOn => state.next_stage(),
        UiCommand::StageBack => state.stage_before(),
        UiCommand::Back => state.pin_before(false),
        UiCommand::FarBack => state.pin_before(true),
        UiCommand::First => state.pin_first(),
        UiCommand::Follow => state.follow(),
        UiCommand::BeatBack => state.beat_back(),
        UiCommand::BeatForward => state.beat_forward(),
        UiCommand::PlayBack => state.toggle_playback(),
        UiCommand::Fork => state.ask_to_fork(),
        UiCommand::Pace(pace) => state.set_pace(pace),
        UiCommand::Restart => state.restart_story(false),
        UiCommand::RestartAsSet => state.restart_as_set(),
        UiCommand::RestartWithNextSeed => state.restart_story(true),
        UiCommand::SwitchMethod => state.switch_method(),
        UiCommand::SwitchW => state.switch_w(),
        UiCommand::SwitchC => state.switch_c(),
        UiCommand::MarkOther => state.change_side(),
        UiCommand::Undo => state.undo(),
        UiCommand::Redo => state.redo(),
        UiCommand::CopyLink => links::copy(ctx, state),
        // What is to be opened comes with the key.
        UiCommand::OpenLink | UiCommand::NextControl => {}
        UiCommand::CopyPicture => pictures::copy(ctx, state),
        UiCommand::SavePanel => pictures::save(ctx, state, true),
        UiCommand::SaveWindow => pictures::save(ctx, state, false),
        UiCommand::EnlargeHere => enlarge_here(ctx, state),
        UiCommand::HideHere => hide_here(ctx, state),
        UiCommand::Show(part, is_shown) => state.prefs.arrangement.show(part, is_shown),
        UiCommand::ShowAll => state.prefs.arrangement.show_all(),
        UiCommand::LightMoved => state.prefs.layers.moved ^= true,
        UiCommand::ShowCells => state.prefs.layers.cells ^= true,
        UiCommand::ShowSlow => state.prefs.layers.slow ^= true,
        UiCommand::ShowW => state.prefs.layers.w ^= true,
        UiCommand::ShowPipeline => state.prefs.layers.pipeline ^= true,
        UiCommand::ShowPlace => state.prefs.layers.place ^= true,
        UiCommand::ShowDifference => state.prefs.layers.difference ^= true,
        UiCommand::ShowSentences => state.prefs.layers.sentences ^= true,
        UiCommand::ShowInspector => state.prefs.layers.inspector ^= true,
        UiCommand::ShowAtlas => state.prefs.layers.atlas ^= true,
        UiCommand::PutAwayChange => state.run.put_away_change(),
        UiCommand::LessonLink => state.show_lesson_link(),
        UiCommand::LevelBefore => state.next_level(LaneId::A, false),
        UiCommand::LevelAfter => state.next_level(LaneId::A, true),
        UiCommand::LevelBeforeOfB => state.next_level(LaneId::B, false),
        UiCommand::LevelAfterOfB => state.next_level(LaneId::B, true),
        UiCommand::AllLevels => state.toggle_all_levels(),
        UiCommand::Level(id, level) => state.show_level(id, level),
        UiCommand::Arrays => state.choose_arrays(),
        UiCommand::Gallery => state.cards.is_gallery_open = true,
        // What other runs came to would give an answer away.
        UiCommand::Shelf if state.run.lesson.covers_others() => {
            state.toast = Some(words!("lesson-guess-first").into());
        }
        UiCommand::Shelf => state.toggle_shelf(),
        UiCommand::Help => help(ctx, state),
        UiCommand::Keys => state.cards.is_help_open = !state.cards.is_help_open,
        UiCommand::Present => state.present(true),
        UiCommand::Tour if state.touring().is_some() => state.leave_tour(),
        UiCommand::Tour => state.open_tour(),
        UiCommand::Palette => state.cards.palette = Some(Default::default()),
        UiCommand::Close => close(ctx, state),
        UiCommand::BackToLive => state.back_to_live(),
        UiCommand::Language => state.choose_language(state.language().other()),
        UiCommand::Theme => {
            let is_dark = ctx.global_style().visuals.dark_mode;
            state.prefs.theme =
                if is_dark { egui::ThemePreference::Light } else { egui::ThemePreference::Dark };
            ctx.set_theme(state.prefs.theme);
        }
        UiCommand::Larger => rescale(ctx, state, scale::larger(state.prefs.scale)),
        UiCommand::Smaller => rescale(ctx, state, scale::smaller(state.prefs.scale)),
        UiCommand::UsualSize => rescale(ctx, state, scale::USUAL),
        UiCommand::FullScreen => {
            let is_full = ctx.input(|i| i.viewport().fullscreen == Some(true));
            ctx.send_viewport_cmd(ViewportCommand::Fullscreen(!is_full));
        }
    }
}

/// Shows everything at another scale, and keeps it.
fn rescale(ctx: &Context, state: &mut AppState, to: f32) {
    state.prefs.scale = to;
    ctx.set_zoom_factor(to);
    let percent = format!("{:.0}", 100.0 * to);
    state.toast = Some(words!("notice-everything-at-percent", percent = percent));
}

/// Explains what is under the pointer; the list of keys opens where nothing is.
fn help(ctx: &Context, state: &mut AppState) {
    if state.cards.explained.take().is_some() {
        return;
    }
    let pointer = ctx.input(|i| i.pointer.latest_pos());
    let thing = pointer.and_then(|at| helped::at(ctx, at));
    match thing.filter(|_| !state.cards.is_help_open && state.card().is_none()) {
        Some(thing) => state.cards.explained = Some(thing),
        None => state.cards.is_help_open = !state.cards.is_help_open,
    }
}

/// Closes what is open, the nearest first.
fn close(ctx: &Context, state: &mut AppState) {
    // A list that hangs open goes first, and by itself.
    if ctx.any_popup_open() {
        return;
    }
    if state.cards.explained.take().is_some() {
        // It goes alone.
    } else if state.cards.is_help_open {
        state.cards.is_help_open = false;
    } else if state.touring().is_some() {
        state.leave_tour();
    } else if state.run.lesson.newest_truth().is_some() {
        state.run.lesson.put_away();
    } else if state.is_end_shown() {
        state.cards.end_closed = state.run.info.as_ref().map(|info| info.run);
    } else if state.run.shows_run_before() {
        state.give_up_building();
    } else if state.prefs.arrangement.enlarged.is_some() {
        state.prefs.arrangement.enlarged = None;
    } else if state.closely().pinned.is_some() {
        state.pin_code(None);
    }
}

/// The panel under the pointer.
fn under_pointer(ctx: &Context, state: &AppState) -> Option<Panel> {
    let full = ctx.content_rect();
    let pointer = ctx.input(|i| i.pointer.latest_pos())?;
    panels::at(state, full.size(), pointer - full.min.to_vec2()).map(|(panel, _)| panel)
}

/// Enlarges the panel under the pointer, or shows all again.
fn enlarge_here(ctx: &Context, state: &mut AppState) {
    let found = under_pointer(ctx, state);
    if found.is_none() && state.prefs.arrangement.enlarged.is_none() {
        state.run.notice = Some(words!("notice-no-panel-is-under-the-2").into());
    }
    state.enlarge(found);
}

/// Hides the pane under the pointer.
fn hide_here(ctx: &Context, state: &mut AppState) {
    let Some(part) = under_pointer(ctx, state).and_then(Part::of) else {
        let why = words!("notice-no-pane-that-can-be");
        state.run.notice = Some(why.into());
        return;
    };
    state.prefs.arrangement.enlarged = None;
    state.prefs.arrangement.show(part, false);
    state.toast = Some(part.hidden().into());
}
