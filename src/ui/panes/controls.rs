//! The panel of controls: what learns, how the lanes differ, and the settings; where files are watched,
//! what can be set in the training that writes them.

use egui::text::LayoutJob;
use egui::{
    Align2, Button, DragValue, Rect, RichText, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder,
    Vec2, WidgetInfo, vec2,
};

use crate::record::setting::Setting;
use crate::record::steer::Steering;
use crate::scenario::{DataSet, Init, LaneId, LaneSpec, Scenario};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::help::Row;
use crate::ui::panes::learn::LearnCtx;
use crate::ui::panes::steer::SteerCard;
use crate::ui::panes::{Pane, WindowCtx, learn, method};
use crate::ui::state::command::UiCommand;
use crate::ui::state::marked::{Marked, Target};
use crate::ui::state::settings::needs_restart;
use crate::ui::state::wish::{Change, Outbox, Wish};
use crate::ui::widgets::fields::{
    WIDE, choice_of_numbers, menu, numbers, only_if, powers, row, slider,
};
use crate::ui::widgets::text::act_mark;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// Height of what learns, and of the button at the foot of the panel.
const CARD: f32 = 160.0;
const RESTART: f32 = 38.0;

/// Height of the panel below which all of it scrolls, and below which the differences come last.
const LOW: f32 = 560.0;
const LOWEST: f32 = 420.0;

/// Height of the table of differences: a part of the panel, so that what stands below it never moves.
fn differences_height(panel: f32) -> f32 {
    (0.27 * panel).clamp(130.0, 190.0).round()
}

/// The panel.
#[derive(Default)]
pub struct ControlsPane {
    steer: SteerCard,
}

/// What can be set, and what trains.
pub struct ControlsCtx<'a> {
    learn: LearnCtx<'a>,
    running: &'a Scenario,
    /// Bytes of memory that a run may count on.
    memory: u64,
    /// Other programs' trainings that take commands, lane by lane.
    steering: &'a [Option<Box<Steering>>; 2],
}

impl Pane for ControlsPane {
    type Ctx<'a> = ControlsCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Controls
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> ControlsCtx<'a> {
        let learn = LearnCtx {
            shown: window.displayed(),
            history: &window.run.history,
            draft: window.draft,
            marked: window.marked,
            learns: window.learns,
            on_switch: (window.on_switch, window.run.can_keep_codes()),
        };
        ControlsCtx {
            learn,
            running: window.running,
            memory: window.host.machine_memory,
            steering: &window.run.steering,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: ControlsCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        if ctx.steering.iter().any(Option::is_some) {
            return self.steer.show(ui, ctx.steering, outbox);
        }
        // The restart stands outside of what scrolls: it must be seen when it is armed.
        let (above, below) = rect.split_top_bottom_at_y(rect.bottom() - RESTART);
        restart(
            &mut ui.new_child(UiBuilder::new().max_rect(below).id_salt("restart")),
            &ctx,
            outbox,
        );
        let ctx = &ctx.learn;
        let above = above.with_max_x(above.right() - space::S);
        let has_two = ctx.draft.lanes.b.is_some();
        if rect.height() < LOW {
            return all_in_one(ui, ctx, above, rect.height(), outbox);
        }
        let (card, rest) = above.split_top_bottom_at_y(above.top() + CARD);
        let card = UiBuilder::new().max_rect(card).id_salt("learn");
        learn::card(&mut ui.new_child(card), ctx, outbox);
        let height = if has_two { differences_height(rect.height()) } else { 0.0 };
        let (differences, list) = rest.split_top_bottom_at_y(rest.top() + height);
        if has_two {
            learn::differences_table(ui, ctx, differences);
        }
        let list = list.with_min_y(list.top() + space::XS).with_max_y(list.bottom() - space::XS);
        let mut ui = ui.new_child(UiBuilder::new().max_rect(list).id_salt("controls"));
        lanes(&mut ui, ctx, outbox);
        ScrollArea::vertical().id_salt("settings").auto_shrink(false).show(&mut ui, |ui| {
            ui.set_width(list.width() - 2.0);
            settings(ui, ctx.draft, ctx.marked, outbox);
        });
    }
}

/// The same in a low window: what does not fit is reached by scrolling.
fn all_in_one(ui: &mut Ui, ctx: &LearnCtx<'_>, rect: Rect, height: f32, outbox: &mut Outbox) {
    let rect = rect.with_max_y(rect.bottom() - space::XS);
    let mut ui = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("controls"));
    ScrollArea::vertical().id_salt("settings").auto_shrink(false).show(&mut ui, |ui| {
        ui.set_width(rect.width() - 2.0);
        // Its buttons stand closer than others.
        ui.scope(|ui| learn::card(ui, ctx, outbox));
        let differences = |ui: &mut Ui| {
            if ctx.draft.lanes.b.is_some() {
                let size = vec2(ui.available_width(), differences_height(height));
                let (place, _) = ui.allocate_exact_size(size, Sense::hover());
                learn::differences_table(ui, ctx, place);
            }
        };
        if height >= LOWEST {
            differences(ui);
        }
        lanes(ui, ctx, outbox);
        settings(ui, ctx.draft, ctx.marked, outbox);
        if height < LOWEST {
            ui.add_space(space::S);
            differences(ui);
        }
    });
}

/// Which lanes the settings below are of.
fn lanes(ui: &mut Ui, ctx: &LearnCtx<'_>, outbox: &mut Outbox) {
    let mut chosen = ctx.marked.target;
    ui.horizontal(|ui| {
        ui.label(RichText::new(words!("controls-settings-of")).font(theme::bold(tokens(ui).body)));
        let choices = [
            (Target::Both, words!("controls-both")),
            (Target::One(LaneId::A), "A"),
            (Target::One(LaneId::B), "B"),
        ];
        if ctx.draft.lanes.b.is_some() {
            ui.spacing_mut().item_spacing.x = space::XS;
            for (target, name) in choices {
                ui.selectable_value(&mut chosen, target, name);
            }
        } else {
            ui.label("A");
        }
    });
    if chosen != ctx.marked.target {
        outbox.ask(Wish::Mark(Marked { target: chosen, ..ctx.marked }));
    }
}

/// The same rows whatever is set: one that does not go with the rest is grey, and says why.
fn settings(ui: &mut Ui, draft: &Scenario, marked: Marked, outbox: &mut Outbox) {
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.spacing_mut().interact_size.y = 20.0;
    ui.spacing_mut().button_padding = vec2(space::XS, 1.0);
    let Some(spec) = draft.lane(marked.shown()) else { return };
    let other = match marked.target {
        Target::Both => draft.lane(LaneId::B),
        Target::One(_) => None,
    };
    let other = other.as_ref();
    let lane = draft.lane_table(marked.shown());
    method::preset(ui, lane.and_then(|lane| lane.preset), &spec, outbox);
    if let Some(lr) =
        slider(ui, Row::LearningRate.label(), spec.lr, 1e-5..=0.1, other.map(|s| s.lr))
    {
        outbox.set(Change::Live(Setting::Lr(lr)));
    }
    if let Some(beta) =
        slider(ui, Row::Commitment.label(), spec.beta, 0.0..=8.0, other.map(|s| s.beta))
    {
        outbox.set(Change::Live(Setting::Beta(beta)));
    }
    codebook(ui, &spec, other, outbox);
    powers(ui, Row::Batch.label(), spec.batch_tokens, 6..=12, other.map(|s| s.batch_tokens), |n| {
        outbox.set(Change::BatchTokens(n));
    });
    method::show(ui, &spec, outbox);
    let all = DataSet::ALL.map(|set| (set, set.name(), set.hint()));
    if let Some(set) = menu(ui, Row::Data.label(), spec.set, &all) {
        outbox.set(Change::Data(set));
    }
    row(ui, Row::Seed.label(), |ui| {
        let mut seed = draft.seed;
        numbers(ui, WIDE);
        let drag = DragValue::new(&mut seed).range(0..=i64::MAX as u64).speed(0.05);
        if ui.add(drag).accessible_name(words!("setting-seed")).changed() {
            outbox.set(Change::Seed(seed));
        }
    });
}

fn codebook(ui: &mut Ui, spec: &LaneSpec, other: Option<&LaneSpec>, outbox: &mut Outbox) {
    // A grid brings its own number of codes, width and start.
    only_if(ui, method::no_grid(spec), |ui| {
        powers(ui, Row::Codes.label(), spec.size, 4..=13, other.map(|s| s.size), |k| {
            outbox.set(Change::Size(k));
        });
        choice_of_numbers(
            ui,
            Row::Width.label(),
            spec.latent,
            &[2, 3, 4, 6, 8, 16, 32, 64],
            other.map(|s| s.latent),
            |d| outbox.set(Change::Dim(d)),
        );
        initial(ui, spec, outbox);
    });
    method::grid(ui, spec, outbox);
}

fn initial(ui: &mut Ui, spec: &LaneSpec, outbox: &mut Outbox) {
    let uniform = words!("setting-uniform", bound = "±1/K");
    let all = [
        (Init::Uniform, uniform.as_str(), words!("controls-uniform-between-1-k-and")),
        (
            Init::Normal,
            words!("controls-normal"),
            words!("controls-normal-with-the-standard-deviation"),
        ),
        (Init::Kmeans, words!("setting-k-means"), words!("controls-k-means-of-the-first")),
        (Init::Features, words!("controls-features"), words!("controls-k-means-of-the-images")),
    ];
    if let Some(init) = menu(ui, Row::Initial.label(), spec.init, &all) {
        outbox.set(Change::Init(init));
    }
    let has_std = matches!(spec.init, Init::Normal | Init::Features);
    let why = words!("controls-only-a-normal-start-or");
    only_if(ui, (!has_std).then_some(why), |ui| {
        if let Some(std) = slider(ui, Row::Std.label(), spec.std, 0.01..=4.0, None) {
            outbox.set(Change::Std(std));
        }
    });
}

/// The button that trains the draft, and why it is there.
fn restart(ui: &mut Ui, ctx: &ControlsCtx<'_>, outbox: &mut Outbox) {
    let p = palette(ui);
    let place = vec2(ui.available_width() - space::S, 30.0);
    if let Err(why) = ctx.learn.draft.validate_with(ctx.memory) {
        return cannot_train(ui, place, why);
    }
    let is_armed = needs_restart(ctx.learn.draft, ctx.running);
    let text = RichText::new(words!("controls-restart-with-these-settings"))
        .font(theme::bold(tokens(ui).body));
    let mut button = Button::new(if is_armed { text.color(p.canvas) } else { text });
    if is_armed {
        button = button.fill(p.restart);
    }
    let hint = match is_armed {
        true => words!("controls-from-step-0-so-that"),
        false => words!("controls-from-step-0-with-everything"),
    };
    let response = ui.add_sized(place, button).on_hover_text(hint);
    // The mark of the settings that wait for it.
    let at = response.rect.left_center() + vec2(space::L, 0.0);
    if is_armed {
        ui.painter().circle_stroke(at, space::XS - 1.0, Stroke::new(line::THIN, p.canvas));
    } else {
        act_mark(ui.painter(), at, false, p);
    }
    if response.clicked() {
        outbox.command(UiCommand::RestartAsSet);
    }
}

/// The button in its place, grey, with what is in its way.
fn cannot_train(ui: &mut Ui, place: Vec2, why: String) {
    let p = palette(ui);
    let response = ui.add_enabled_ui(false, |ui| ui.add_sized(place, Button::new(""))).inner;
    let name = words!("controls-restart-with-these-settings");
    response.widget_info(|| WidgetInfo::labeled(Role::Button, false, name));
    let rect = response.rect.shrink2(vec2(space::S, 0.0));
    let mut job =
        LayoutJob::simple(why.clone(), theme::font(tokens(ui).small), p.error, rect.width());
    job.wrap.max_rows = 2;
    let galley = ui.painter().layout_job(job);
    let at = Align2::CENTER_CENTER.anchor_size(rect.center(), galley.size()).min;
    ui.painter().galley(at, galley, p.error);
    response.on_disabled_hover_text(why);
}
