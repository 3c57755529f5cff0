//! The row above the maps: how axes and bars are shown, and what the marks mean.

use egui::{
    Align, Layout, Mesh, RichText, ScrollArea, Sense, Shape, TextureId, Ui, UiBuilder, vec2,
};

use crate::figure::columns::UsageSource;
use crate::figure::layers::Layers;
use crate::record::event::{LevelUse, Reading};
use crate::record::judgement::Rule;
use crate::record::setting::BasisMode;
use crate::scenario::LaneId;
use crate::text::shown;
use crate::ui::input::commands::COMMANDS;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::{Pane, WindowCtx, counted};
use crate::ui::state::command::UiCommand;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::prefs::Counting;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::markers::{Marker, Markers};
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Width from which on the legend has all its words.
const WIDE: f32 = 780.0;

/// The row.
#[derive(Default)]
pub struct ToolsPane {
    markers: Markers,
}

/// How things are shown now, and of what the legend is.
pub struct ToolsCtx<'a> {
    shown: Displayed<'a>,
    axes: BasisMode,
    counting: Counting,
    counted_by: Option<Rule>,
    /// What is shown of the cause because somebody asked for it.
    layers: Layers,
    /// What was read of the files of each lane, where another program writes them.
    readings: Option<[Option<&'a Reading>; 2]>,
    /// Whether their arrays can be chosen.
    can_choose: bool,
}

impl Pane for ToolsPane {
    type Ctx<'a> = ToolsCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Tools
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> ToolsCtx<'a> {
        ToolsCtx {
            shown: window.displayed(),
            axes: window.prefs.basis,
            counting: window.prefs.counting(),
            counted_by: window.prefs.counted_by,
            layers: window.prefs.layers,
            readings: window.run.readings(),
            can_choose: window.run.choices.iter().any(Option::is_some),
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: ToolsCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let mut ui = ui.new_child(
            UiBuilder::new()
                .max_rect(rect)
                .layout(Layout::left_to_right(Align::Center))
                .id_salt("tools"),
        );
        let ui = &mut ui;
        let (is_wide, terms) = (rect.width() > WIDE, ctx.shown.stage.terms());
        // Those of a run that another process trains are as that one chose them.
        if terms.has_axes {
            axes(ui, ctx.axes, outbox);
        }
        bars(ui, &ctx, outbox);
        match ctx.readings {
            None => cause(ui, ctx.layers, outbox),
            Some(readings) => files(ui, &ctx, readings, outbox),
        }
        let texture = self.markers.texture(ui.ctx());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = space::XS;
            if terms.has_fixed_marks || ctx.shown.snapshot.is_some() {
                legend(ui, &ctx.shown, texture, is_wide);
            }
        });
    }
}

/// How the axes of the maps are chosen.
fn axes(ui: &mut Ui, now: BasisMode, outbox: &mut Outbox) {
    let bases = [
        (BasisMode::Live, words!("tools-axes-live"), words!("tools-pca-of-each-lane-s")),
        (BasisMode::Fixed, words!("tools-axes-fixed"), words!("tools-keep-the-axes-of-this")),
        (BasisMode::Shared, words!("tools-axes-shared"), words!("tools-one-pca-over-the-codes")),
    ];
    let name = bases.iter().find(|(mode, ..)| *mode == now).map_or("", |(_, name, _)| name);
    let menu = ui.menu_button(words!("tools-axes", mode = name), |ui| {
        for (mode, text, hint) in bases {
            if ui.selectable_label(now == mode, text).on_hover_text(hint).clicked() {
                outbox.ask(Wish::Axes(mode));
            }
        }
    });
    Topic::Axes.put(ui, menu.response.rect);
    menu.response.on_hover_text(words!("tools-how-the-axes-of-the-maps"));
}

/// What is shown of the cause, each with its key.
fn cause(ui: &mut Ui, layers: Layers, outbox: &mut Outbox) {
    ui.menu_button(words!("tools-cause"), |ui| {
        let all = [
            (layers.sentences, UiCommand::ShowSentences),
            (layers.pipeline, UiCommand::ShowPipeline),
            (layers.moved, UiCommand::LightMoved),
            (layers.cells, UiCommand::ShowCells),
            (layers.w, UiCommand::ShowW),
            (layers.slow, UiCommand::ShowSlow),
            (layers.place, UiCommand::ShowPlace),
            (layers.difference, UiCommand::ShowDifference),
            (layers.inspector, UiCommand::ShowInspector),
            (layers.atlas, UiCommand::ShowAtlas),
        ];
        for (is_shown, command) in all {
            let Some(entry) = COMMANDS.iter().find(|entry| entry.command == command) else {
                continue;
            };
            let text = words!("tools-with-key", text = (entry.text)(), key = (entry.key)());
            if ui.selectable_label(is_shown, text).on_hover_text((entry.help)()).clicked() {
                outbox.command(command);
            }
        }
    })
    .response
    .on_hover_text(words!("tools-what-shows-the-cause"));
}

/// Which codebooks of the watched files are drawn, and which arrays they are.
fn files(ui: &mut Ui, ctx: &ToolsCtx<'_>, [a, b]: [Option<&Reading>; 2], outbox: &mut Outbox) {
    if let Some(a) = a.filter(|a| a.table.len() > 1) {
        let text = words!("tools-level", level = a.level);
        let hint = words!("tools-level-hint");
        levels(ui, (&text, hint), &a.table, (LaneId::A, Some(a.level)), outbox);
        let of_b = b.map_or(words!("tools-level-none").into(), |b| b.level.to_string());
        let table = b.map_or(&a.table, |b| &b.table);
        let text = words!("tools-level-of-b", level = of_b);
        let hint = words!("tools-level-of-b-hint");
        if table.len() > 1 {
            levels(ui, (&text, hint), table, (LaneId::B, b.map(|b| b.level)), outbox);
        }
        let are_all = ctx.shown.lane(LaneId::A).is_some_and(|lane| !lane.levels.is_empty());
        if b.is_none() {
            command(ui, words!("tools-all-levels"), are_all, UiCommand::AllLevels, outbox);
        }
    }
    if ctx.can_choose {
        command(ui, words!("tools-arrays"), false, UiCommand::Arrays, outbox);
    }
}

/// A button of a command, with its key under the pointer.
fn command(ui: &mut Ui, text: &str, is_on: bool, command: UiCommand, outbox: &mut Outbox) {
    let entry = COMMANDS.iter().find(|entry| entry.command == command);
    let hint = entry.map_or(String::new(), |entry| {
        words!("tools-with-key", text = (entry.help)(), key = (entry.key)())
    });
    if ui.selectable_label(is_on, text).on_hover_text(hint).clicked() {
        outbox.command(command);
    }
}

/// A list of codebooks, of which a lane draws one; lane b perhaps none.
fn levels(
    ui: &mut Ui,
    (text, hint): (&str, &str),
    table: &[LevelUse],
    (id, now): (LaneId, Option<usize>),
    outbox: &mut Outbox,
) {
    let menu = ui.menu_button(text, |ui| {
        ScrollArea::vertical().max_height(360.0).show(ui, |ui| {
            if id == LaneId::B
                && ui.selectable_label(now.is_none(), words!("tools-level-none")).clicked()
            {
                outbox.command(UiCommand::Level(id, None));
            }
            for (at, level) in table.iter().enumerate() {
                let name = words!("tools-level-named", level = at, name = shown(&level.name));
                if ui.selectable_label(now == Some(at), name).clicked() {
                    outbox.command(UiCommand::Level(id, Some(at)));
                }
            }
        });
    });
    Topic::Levels.put(ui, menu.response.rect);
    menu.response.on_hover_text(hint);
}

/// What the bars count, and how they stand.
fn bars(ui: &mut Ui, ctx: &ToolsCtx<'_>, outbox: &mut Outbox) {
    let (now, stage) = (ctx.counting, ctx.shown.stage);
    // A file of another program has one row of counts.
    let (mut wanted, has_sources) = (now, stage.terms().has_full_set);
    let sources = [
        (UsageSource::Window, words!("tools-window"), words!("tools-uses-in-the-sliding-window")),
        (
            UsageSource::FullSet,
            words!("tools-full-set"),
            words!("tools-uses-on-the-full-evaluation"),
        ),
    ];
    let orders = [
        (true, words!("tools-sorted"), words!("tools-most-used-codes-first")),
        (false, words!("tools-by-index"), words!("tools-codes-in-their-order-in")),
    ];
    let mut how = Vec::new();
    if has_sources {
        how.extend(sources.iter().filter(|s| s.0 == now.source).map(|s| s.1));
    }
    how.extend(orders.iter().filter(|o| o.0 == now.is_sorted).map(|o| o.1));
    how.extend(now.is_log.then_some(words!("tools-log")));
    let text = words!("tools-bars", how = how.join(", "));
    let menu = ui.menu_button(text, |ui| {
        if has_sources {
            for (source, name, hint) in sources {
                ui.selectable_value(&mut wanted.source, source, name).on_hover_text(hint);
            }
            ui.separator();
        }
        for (order, name, hint) in orders {
            ui.selectable_value(&mut wanted.is_sorted, order, name).on_hover_text(hint);
        }
        ui.separator();
        ui.toggle_value(&mut wanted.is_log, words!("tools-log"))
            .on_hover_text(words!("tools-logarithmic-bars"));
        if let Some(view) = ctx.shown.snapshot.and_then(|snapshot| snapshot.lanes.first()) {
            ui.separator();
            counted::menu(ui, stage, ctx.counted_by, view, outbox);
        }
    });
    Topic::Bars.put(ui, menu.response.rect);
    menu.response.on_hover_text(words!("tools-what-the-bars-count"));
    if wanted != now {
        outbox.ask(Wish::Count(wanted));
    }
}

/// What the marks of the map mean, from the right.
fn legend(ui: &mut Ui, shown: &Displayed<'_>, texture: TextureId, is_wide: bool) {
    let p = palette(ui);
    let small = tokens(ui).small;
    let mut entry = |text: &str, marks: &[(Marker, f32, egui::Color32)]| {
        ui.label(RichText::new(text).size(small).color(p.weak));
        let (rect, _) =
            ui.allocate_exact_size(vec2(10.0 * marks.len() as f32, 12.0), Sense::hover());
        let mut mesh = Mesh::with_texture(texture);
        for (i, &(marker, radius, color)) in marks.iter().enumerate() {
            marker.add(
                &mut mesh,
                rect.left_center() + vec2(5.0 + 10.0 * i as f32, 0.0),
                radius,
                color,
            );
        }
        ui.painter().add(Shape::mesh(mesh));
    };
    let lanes = shown.specs.iter().map(|s| (Marker::Disc, 4.0, p.lane(s.id))).collect::<Vec<_>>();
    entry(
        if is_wide { words!("tools-encoder-outputs") } else { words!("tools-outputs") },
        &[(Marker::Disc, 1.8, p.latent)],
    );
    let first = shown.snapshot.and_then(|s| s.lanes.first());
    if first.is_some_and(|lane| !lane.knows_use()) {
        entry(words!("tools-code"), &lanes);
        return;
    }
    let is_past_known = first.is_some_and(|lane| !lane.ever_used.is_empty());
    entry(
        if is_past_known { words!("tools-never-used") } else { words!("tools-not-in-use") },
        &[(Marker::Ring, 3.8, p.dead)],
    );
    if is_past_known {
        let fallen = shown.specs.iter().map(|s| (Marker::Cross, 4.0, p.fallen(s.id)));
        entry(words!("tools-fell-out"), &fallen.collect::<Vec<_>>());
    }
    entry(if is_wide { words!("tools-codes-in-use") } else { words!("tools-in-use") }, &lanes);
}
