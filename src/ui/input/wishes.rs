//! What panes asked for in a frame is done once all of them are drawn.

use egui::{Context, Ui};

use crate::record::setting::Setting;
use crate::session::command::Command;
use crate::ui::input::commands;
use crate::ui::state::AppState;
use crate::ui::state::wish::{Change, Outbox, Wish};

/// Takes changes of the draft in this window for the way back, once all of a frame was done.
pub fn note_changes(ui: &Ui, state: &mut AppState) {
    let is_held = ui.input(|i| i.pointer.any_down() || i.pointer.any_released());
    state.note_changes(is_held || ui.memory(|m| m.focused().is_some()));
}

/// Does what panes asked for.
pub fn grant(ctx: &Context, state: &mut AppState, outbox: Outbox) {
    let (hovers, wishes): (Vec<Wish>, Vec<Wish>) =
        outbox.take().into_iter().partition(|wish| matches!(wish, Wish::Hover(_)));
    let hovered = hovers.into_iter().find_map(|wish| match wish {
        Wish::Hover(code) => Some(code),
        _ => None,
    });
    if state.hover(hovered) {
        ctx.request_repaint();
    }
    if !wishes.is_empty() {
        // What was drawn before it was done is drawn again.
        ctx.request_repaint();
    }
    for wish in wishes {
        match wish {
            Wish::Do(command) => commands::run(ctx, state, command),
            Wish::Set(change) => set(state, change),
            Wish::SetAll(setting) => state.set_all(setting),
            Wish::Learn { lane, c, w } => state.set_learn(lane, c, w),
            Wish::OnSwitch(on_switch) => state.prefs.on_switch = on_switch,
            Wish::Mark(marked) => state.marked = marked,
            Wish::Count(counting) => state.prefs.count(counting),
            Wish::CountedBy(rule) => state.prefs.counted_by = rule,
            Wish::Tab(tab) => state.prefs.tab = tab,
            Wish::Theme(theme) => {
                ctx.set_theme(theme);
                state.prefs.theme = theme;
            }
            Wish::Contrast(is_high) => state.prefs.has_high_contrast = is_high,
            Wish::Motion(motion) => state.prefs.motion = motion,
            Wish::Axes(mode) => state.set_basis(mode),
            Wish::Look(step) => state.look(step),
            Wish::LookAtEvent(step) => state.pin_event(step),
            Wish::Loop(from, to) => state.player.loop_range = Some((from, to)),
            Wish::PlaybackRate(rate) => state.set_playback_rate(rate),
            Wish::Tell(mode) => state.set_mode(mode),
            Wish::Draw { from, point } => {
                let curve = state.run.lesson.draft_mut().and_then(|draft| draft.curve());
                curve.into_iter().for_each(|curve| curve.draw(from, point));
            }
            Wish::Hover(_) => {}
            Wish::Pin(code) => state.pin_code(code),
            Wish::Own(sample) => state.encode_own(sample),
            Wish::Show(shown) => state.show_what_is_said(shown),
            Wish::Steer(lane, ask) => state.ask(Command::Steer(lane, ask)),
            Wish::CloseNotice => state.run.notice = None,
        }
    }
}

/// Sets what a control set.
fn set(state: &mut AppState, change: Change) {
    match change {
        Change::Live(setting) => live(state, setting),
        Change::Preset(preset) => state.set_preset(preset),
        Change::Size(size) => state.set_size(size),
        Change::Dim(dim) => state.set_dim(dim),
        Change::Init(init) => state.set_init(init),
        Change::Std(std) => state.set_std(std),
        Change::BatchTokens(tokens) => state.set_batch_tokens(tokens),
        Change::Data(set) => state.set_data(set),
        Change::Seed(seed) => state.draft.seed = seed,
        Change::Lookup(lookup) => state.set_lookup(lookup),
        Change::Factor(dim) => state.set_factor(dim),
        Change::Warmup(steps) => state.set_warmup(steps),
        Change::Fixed(fixed) => state.set_fixed(&fixed),
        Change::Rank(rank) => state.set_rank(rank),
        Change::Transform(form) => state.set_transform(form),
        Change::Bias(has_bias) => state.set_bias(has_bias),
    }
}

/// Sets what acts at the next step.
fn live(state: &mut AppState, setting: Setting) {
    match setting {
        Setting::Learn { c, w, .. } => {
            state.target_lanes().into_iter().for_each(|lane| state.set_learn(lane, c, w));
        }
        setting => state.set(setting),
    }
}
