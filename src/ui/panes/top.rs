//! The top bar: story, transport, pace, speed.

use std::time::Duration;

use egui::{
    Align, Align2, Button, ComboBox, Layout, Rect, RichText, Role, Ui, UiBuilder, WidgetInfo, vec2,
};

use crate::lesson::{Lesson, Waiting};
use crate::record::status::{Activity, TrainerState};
use crate::scenario::{Pace, Scenario};
use crate::text::{count, shown};
use crate::ui::layout::arrangement::{Arrangement, Part, SIDE, is_narrow};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::view_menu::{self, Looks};
use crate::ui::panes::watched::FileAge;
use crate::ui::panes::{Pane, WindowCtx, watched};
use crate::ui::state::command::UiCommand;
use crate::ui::state::stage::Stage;
use crate::ui::state::story::{Story, called};
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::icons::{self, Icon};
use crate::ui::widgets::text::{one_line, two_lines};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Least room for the title and the speed in which they stand beside each other.
const SIDE_BY_SIDE: f32 = 320.0;

/// Least width of the bar in which every pace has a button.
const LADDER: f32 = 1180.0;

/// Width of the list of paces, and of what plays and pauses.
const PACE: f32 = 96.0;
const PLAY: f32 = 84.0;

/// Room for how far a run is that is followed, and age from which on that is said in another colour.
const FOLLOWED: f32 = 300.0;
const QUIET: Duration = Duration::from_secs(60);

/// The bar. Every control has its place whatever the run does: words that change take the room that
/// is left for them.
#[derive(Default)]
pub struct TopPane;

/// The story, how far it is, and how the window looks.
pub struct TopCtx<'a> {
    stage: Stage,
    /// Whether something can be set at the left.
    has_controls: bool,
    story: &'a Story,
    /// What the next restart trains.
    draft: &'a Scenario,
    /// The scenario that trains.
    running: &'a Scenario,
    lesson: &'a Lesson,
    trainer: &'a TrainerState,
    is_running: bool,
    /// Whether the trainer could not go on.
    has_failed: bool,
    /// Whether the next run is being built while the one before is shown.
    is_building: bool,
    /// Whether kernels are compiled before the first step.
    compiles: bool,
    /// Steps trained, and of the newest picture.
    step: u64,
    pictured: Option<u64>,
    /// How old the newest of a run is that another process trains.
    age: Option<Duration>,
    /// How old files of another program are.
    freshness: Option<FileAge<'a>>,
    /// The step of a link that the run is on its way to.
    going_to: Option<u64>,
    /// Whether runs are saved.
    has_home: bool,
    arrangement: &'a Arrangement,
    looks: Looks,
}

impl Pane for TopPane {
    type Ctx<'a> = TopCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Top
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> TopCtx<'a> {
        let (run, prefs, host) = (window.run, window.prefs, window.host);
        TopCtx {
            stage: run.stage(),
            has_controls: run.has_controls(),
            story: window.story,
            draft: window.draft,
            running: window.running,
            lesson: &run.lesson,
            trainer: &run.trainer,
            is_running: run.is_running(),
            has_failed: run.failure.is_some(),
            is_building: run.shows_run_before(),
            compiles: run.compiles(),
            step: run.step(),
            pictured: run.live.as_ref().map(|live| live.step),
            age: run.age,
            freshness: (!run.stage().terms().has_trainer)
                .then_some(FileAge { age: run.age, waits: run.waits.as_ref() }),
            going_to: window.going_to,
            has_home: host.home.is_some(),
            arrangement: &prefs.arrangement,
            looks: Looks {
                theme: prefs.theme,
                has_high_contrast: prefs.has_high_contrast,
                scale: prefs.scale,
                is_motion_reduced: prefs.motion.is_reduced(host.has_reduced_motion),
                told_as: run.stage().has_controls().then(|| run.lesson.mode()),
            },
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: TopCtx<'_>, outbox: &mut Outbox) {
        let (rect, ctx) = (ui.max_rect(), &ctx);
        let inner = rect.shrink2(vec2(space::S, space::XS));
        let stage = ctx.stage;
        let is_live = stage.has_controls();
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
            stories(&mut left, ctx, outbox, title_width, is_wide);
            left.add_space(space::S);
            transport(&mut left, ctx.is_running, outbox);
            left.add_space(space::S);
            paces(&mut left, ctx.trainer.pace, rect.width(), outbox);
            left.add_space(space::S);
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
        switches(&mut right, ctx, outbox);
        let free =
            Rect::from_x_y_ranges(speed_at..=right.min_rect().left() - space::S, inner.y_range());
        if !is_live {
            // Files have a step beside their path. Where a live run waits behind saved ones, its transport
            // would act on what is not shown.
            let room = match (stage, ctx.freshness) {
                (Stage::Following, _) => followed(ui, ctx, free),
                (_, Some(freshness)) => watched::step(ui, ctx.pictured, freshness, free),
                (_, None) => free,
            };
            title(ui, called(ctx.running, ctx.lesson), room);
        } else if is_wide {
            speed(ui, ctx, free);
        }
        let measured = (right.min_rect().left() - space::S - start - taken).max(60.0);
        if is_live && (measured - room).abs() > 0.5 {
            ui.data_mut(|d| d.insert_temp(id, measured));
            ui.ctx().request_discard("the room for the title was measured");
        }
    }
}

/// Themes, lists and hidden parts, from the right.
fn switches(ui: &mut Ui, ctx: &TopCtx<'_>, outbox: &mut Outbox) {
    let hint = words!("top-saved-runs-go-on-with");
    if ctx.has_home && helped(ui, words!("top-runs"), hint, Topic::Runs) {
        outbox.command(UiCommand::Shelf);
    }
    let hint = words!("top-list-of-keys");
    if helped(ui, words!("top-keys"), hint, Topic::Keys) {
        outbox.command(UiCommand::Keys);
    }
    let hint = words!("top-tour-hint");
    if ctx.stage.terms().has_trainer && helped(ui, words!("top-tour"), hint, Topic::TourButton) {
        outbox.command(UiCommand::Tour);
    }
    view_menu::show(ui, &ctx.looks, outbox);
    // As they are in a window of this size, where one side may have no room.
    let size = ui.ctx().content_rect().size();
    let shown = ctx.arrangement.within(size);
    let mut has_numbers = shown.shows_any(&SIDE);
    let numbers = ui.toggle_value(&mut has_numbers, words!("top-numbers"));
    Topic::SideNumbers.put(ui, numbers.rect);
    if numbers.on_hover_text(words!("top-show-curves-and-numbers-at")).changed() {
        for part in SIDE {
            outbox.command(UiCommand::Show(part, has_numbers));
        }
        if has_numbers && is_narrow(size) {
            outbox.command(UiCommand::Show(Part::Controls, false));
        }
    }
    if ctx.has_controls {
        let mut has_controls = shown.shows(Part::Controls);
        let controls = ui.toggle_value(&mut has_controls, words!("top-controls"));
        Topic::SideControls.put(ui, controls.rect);
        if controls.on_hover_text(words!("top-show-the-controls-at-the")).changed() {
            outbox.command(UiCommand::Show(Part::Controls, has_controls));
        }
    }
}

/// A button with what it is for; whether it was clicked.
fn helped(ui: &mut Ui, text: &str, hint: &str, topic: Topic) -> bool {
    let button = ui.button(text);
    topic.put(ui, button.rect);
    button.on_hover_text(hint).clicked()
}

/// The title of what is looked at but not trained here, which may be as long as a path.
fn title(ui: &Ui, title: &str, rect: Rect) {
    let title = shown(title);
    let galley = one_line(ui, &title, theme::bold(tokens(ui).body), palette(ui).text, rect.width());
    let is_cut = galley.elided;
    let at = Align2::LEFT_CENTER.anchor_size(rect.left_center(), galley.size()).min;
    ui.painter().galley(at, galley, palette(ui).text);
    let response = ui.interact(rect, ui.scope_id().with("title"), egui::Sense::hover());
    if is_cut {
        response.on_hover_text(title);
    }
}

/// The story's title over a line that says whether it is as it was written; in a narrow bar how far it
/// is stands there.
fn stories(ui: &mut Ui, ctx: &TopCtx<'_>, outbox: &mut Outbox, width: f32, is_wide: bool) {
    let p = palette(ui);
    let full = shown(called(&ctx.story.scenario, ctx.lesson));
    let height = ui.available_height();
    let response = ui.add_sized(vec2(width, height), Button::new(""));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &full));
    Topic::Stories.put(ui, response.rect);
    let rect = response.rect.shrink2(vec2(space::S, 0.0));
    let (second, color) = match ctx.story.is_changed(ctx.draft) {
        _ if !is_wide => (format!("{}, {}", progress(ctx), pace(ctx)), p.weak),
        false => (words!("top-the-story-as-it-was").into(), p.weak),
        true if ctx.story.has_other_seed_alone(ctx.draft) => {
            (words!("top-the-story-with-seed", seed = ctx.draft.seed), p.weak)
        }
        true => (words!("top-changed-by-hand").into(), p.restart),
    };
    two_lines(ui, rect, [(full.clone(), p.text), (second, color)]);
    if response.on_hover_text(format!("{full}\n{}", words!("top-all-stories"))).clicked() {
        outbox.command(UiCommand::Gallery);
    }
}

fn transport(ui: &mut Ui, is_running: bool, outbox: &mut Outbox) {
    let (icon, text) = match is_running {
        true => (Icon::Pause, words!("top-pause")),
        false => (Icon::Play, words!("top-play")),
    };
    // As wide as the wider word, so that nothing moves when it changes.
    let all = [
        (icon, text, words!("top-play-or-pause-space"), UiCommand::Play, PLAY, Topic::Play),
        (
            Icon::Step,
            words!("top-step"),
            words!("top-train-one-step-right-arrow"),
            UiCommand::Step,
            0.0,
            Topic::Step,
        ),
        (
            Icon::Restart,
            words!("top-restart"),
            words!("top-the-story-anew-as-it"),
            UiCommand::Restart,
            0.0,
            Topic::Restart,
        ),
    ];
    for (icon, text, hint, command, width, topic) in all {
        let button = icons::button(ui, icon, text, width);
        topic.put(ui, button.rect);
        if button.on_hover_text(hint).clicked() {
            outbox.command(command);
        }
    }
}

/// The ladder of paces; in a bar that is so narrow a list.
fn paces(ui: &mut Ui, now: Pace, bar: f32, outbox: &mut Outbox) {
    let name = |pace: Pace| match pace.per_second() {
        Some(steps) => format!("{steps}"),
        None => words!("top-max").into(),
    };
    let mut one = |ui: &mut Ui, i: usize, pace: Pace| {
        let response = ui.selectable_label(pace == now, name(pace));
        Topic::Pace.put(ui, response.rect);
        if response
            .on_hover_text(words!("top-pace-key", pace = pace.describe(), key = i + 1))
            .clicked()
        {
            outbox.command(UiCommand::Pace(pace));
        }
    };
    let ladder = Pace::LADDER.into_iter().enumerate();
    if bar < LADDER {
        let shown = match now.per_second() {
            Some(steps) => words!("top-rate", rate = steps),
            None => words!("top-max").into(),
        };
        ComboBox::from_id_salt("pace")
            .selected_text(shown)
            .width(PACE)
            .show_ui(ui, |ui| ladder.for_each(|(i, pace)| one(ui, i, pace)))
            .response
            .accessible_name(words!("top-steps-a-second"));
        return;
    }
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = space::XS;
        ui.spacing_mut().button_padding.x = space::XS;
        ladder.for_each(|(i, pace)| one(ui, i, pace));
        ui.label(RichText::new(words!("top-steps-s")).color(palette(ui).weak));
    });
}

/// How far the run is.
fn progress(ctx: &TopCtx<'_>) -> String {
    words!("top-step-of", step = count(ctx.step), steps = count(ctx.running.steps))
}

/// How fast it trains, or why it does not.
fn pace(ctx: &TopCtx<'_>) -> String {
    let trainer = ctx.trainer;
    let rate = trainer.steps_per_second;
    match trainer.activity {
        _ if ctx.has_failed => words!("top-stopped").into(),
        Activity::WarmingUp | Activity::Running if ctx.going_to.is_some() => {
            let step = ctx.going_to.unwrap_or_default();
            words!("top-going-to-step-space-stops", step = count(step))
        }
        Activity::WarmingUp if ctx.is_building => words!("top-building-the-run").into(),
        Activity::WarmingUp if ctx.compiles => words!("top-compiling-kernels").into(),
        Activity::WarmingUp => words!("top-warming-up").into(),
        Activity::Paused => words!("top-paused").into(),
        Activity::Waiting => match ctx.lesson.waits() {
            Some(Waiting::Guess) => words!("top-waits-for-your-guess").into(),
            Some(Waiting::Done) => words!("top-waits-for-you").into(),
            None => words!("top-waits-for-the-reader").into(),
        },
        Activity::Ended => words!("top-end-of-the-story-play").into(),
        Activity::Diverged => words!("top-every-lane-diverged").into(),
        Activity::Watching => words!("top-watching").into(),
        Activity::Following => saved(ctx.age),
        Activity::Replaying { done, of } => {
            words!("top-going-back-of-esc-gives", done = count(done), of = count(of))
        }
        Activity::Running => match trainer.pace.per_second() {
            // Less than nine tenths of what was asked for is worth saying.
            Some(asked) if rate > 0.0 && rate < 0.9 * asked => {
                words!(
                    "top-asked-getting-steps-s",
                    asked = asked,
                    rate = format_args!("{:.0}", rate)
                )
            }
            _ if rate > 0.0 => words!("top-rate", rate = format!("{rate:.0}")),
            _ => words!("top-training").into(),
        },
    }
}

/// Who trains a run that is followed, and how old what is shown of it is.
fn saved(age: Option<Duration>) -> String {
    let Some(age) = age else { return words!("top-followed-waits").into() };
    let told = watched::long(age);
    match age < QUIET {
        true => words!("top-followed-saved", age = told),
        false => words!("top-followed-quiet", age = told),
    }
}

/// How far a run is that is followed and how old that is, at the right end of the room for the title;
/// what is left of it.
fn followed(ui: &Ui, ctx: &TopCtx<'_>, rect: Rect) -> Rect {
    let p = palette(ui);
    let (title, beside) = rect.split_left_right_at_x(rect.right() - FOLLOWED.min(rect.width()));
    let is_quiet = ctx.age.is_some_and(|age| age >= QUIET);
    let progress = match ctx.trainer.steps_per_second {
        rate if rate > 0.0 => {
            let rate = words!("top-rate", rate = format!("{rate:.0}"));
            words!("top-progress-and-rate", progress = progress(ctx), rate = rate)
        }
        _ => progress(ctx),
    };
    let said = [progress, saved(ctx.age)];
    let response = ui.interact(beside, ui.scope_id().with("followed"), egui::Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.join(", ")));
    let [progress, saved] = said;
    let color = if is_quiet { p.restart } else { p.weak };
    two_lines(ui, beside, [(progress, p.text), (saved, color)]);
    response.on_hover_text(words!("following-read-only"));
    title.with_max_x(title.right() - space::M)
}

/// Both, one above the other.
fn speed(ui: &Ui, ctx: &TopCtx<'_>, rect: Rect) {
    let p = palette(ui);
    let said = [progress(ctx), pace(ctx)];
    let response = ui.interact(rect, ui.scope_id().with("speed"), egui::Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.join(", ")));
    let [progress, pace] = said;
    two_lines(ui, rect, [(progress, p.text), (pace, p.weak)]);
}
