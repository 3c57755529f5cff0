//! The row above the maps: how axes and bars are shown, and what the marks mean.

use egui::{Align, Layout, Mesh, RichText, Sense, Shape, TextureId, Ui, UiBuilder, vec2};

use crate::figure::columns::UsageSource;
use crate::record::setting::BasisMode;
use crate::ui::layout::places::PaneId;
use crate::ui::panes::{Pane, PaneCtx};
use crate::ui::state::run_model::RunModel;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::markers::{Marker, Markers};
use crate::ui::widgets::theme::{palette, size};
use crate::words;

/// The row.
#[derive(Default)]
pub struct ToolsPane {
    markers: Markers,
}

impl Pane for ToolsPane {
    fn id(&self) -> PaneId {
        PaneId::Tools
    }

    fn ui(&mut self, ui: &mut Ui, ctx: &PaneCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let mut ui = ui.new_child(
            UiBuilder::new()
                .max_rect(rect)
                .layout(Layout::left_to_right(Align::Center))
                .id_salt("tools"),
        );
        let ui = &mut ui;
        ui.spacing_mut().item_spacing.x = 2.0;
        ui.spacing_mut().button_padding.x = 5.0;
        let is_wide = rect.width() > 800.0;
        let is_own = ctx.run.stage().has_losses();
        if is_own {
            axes(ui, ctx.prefs.basis, is_wide, outbox);
        }
        name(ui, "bars");
        let mut prefs = ctx.prefs.clone();
        let window = words!("tools-uses-in-the-sliding-window");
        let full = words!("tools-uses-on-the-full-evaluation");
        // A file of another program has one row of counts.
        if is_own {
            ui.selectable_value(&mut prefs.usage_source, UsageSource::Window, small("window"))
                .on_hover_text(window);
            ui.selectable_value(
                &mut prefs.usage_source,
                UsageSource::FullSet,
                small(words!("tools-full-set")),
            )
            .on_hover_text(full);
            ui.add_space(4.0);
        }
        ui.selectable_value(&mut prefs.is_usage_sorted, true, small("sorted"))
            .on_hover_text(words!("tools-most-used-codes-first"));
        ui.selectable_value(&mut prefs.is_usage_sorted, false, small(words!("tools-by-index")))
            .on_hover_text(words!("tools-codes-in-their-order-in"));
        ui.add_space(4.0);
        ui.toggle_value(&mut prefs.is_usage_log, small("log"))
            .on_hover_text(words!("tools-logarithmic-bars"));
        outbox.prefs(ctx.prefs, prefs);
        let texture = self.markers.texture(ui.ctx());
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.spacing_mut().item_spacing.x = 4.0;
            legend(ui, ctx.run, texture, is_wide);
        });
    }
}

fn small(text: &str) -> RichText {
    RichText::new(text.to_string()).size(size::SMALL)
}

fn name(ui: &mut Ui, text: &str) {
    let color = palette(ui).weak;
    ui.label(small(text).color(color));
}

/// How the axes of the maps are chosen.
fn axes(ui: &mut Ui, now: BasisMode, is_wide: bool, outbox: &mut Outbox) {
    name(ui, if is_wide { words!("tools-map-axes") } else { "axes" });
    let bases = [
        (BasisMode::Live, "live", words!("tools-pca-of-each-lane-s")),
        (BasisMode::Fixed, "fixed", words!("tools-keep-the-axes-of-this")),
        (BasisMode::Shared, "shared", words!("tools-one-pca-over-the-codes")),
    ];
    for (mode, text, hint) in bases {
        if ui.selectable_label(now == mode, small(text)).on_hover_text(hint).clicked() {
            outbox.ask(Wish::Axes(mode));
        }
    }
    ui.add_space(8.0);
}

/// What the marks of the map mean, from the right.
fn legend(ui: &mut Ui, run: &RunModel, texture: TextureId, is_wide: bool) {
    let p = palette(ui);
    if !run.stage().has_losses() && run.snapshot.is_none() {
        return;
    }
    let mut entry = |text: &str, marks: &[(Marker, f32, egui::Color32)]| {
        ui.label(RichText::new(text).size(size::SMALL).color(p.weak));
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
    let lanes = run.specs.iter().map(|s| (Marker::Disc, 4.0, p.lane(s.id))).collect::<Vec<_>>();
    entry(
        if is_wide { words!("tools-encoder-outputs") } else { "outputs" },
        &[(Marker::Disc, 1.8, p.latent)],
    );
    let shown = run.snapshot.as_ref().and_then(|s| s.lanes.first());
    if shown.is_some_and(|lane| !lane.knows_use()) {
        entry("code", &lanes);
        return;
    }
    let is_past_known = shown.is_some_and(|lane| !lane.ever_used.is_empty());
    entry(
        if is_past_known { words!("tools-never-used") } else { words!("tools-not-in-use") },
        &[(Marker::Ring, 3.8, p.dead)],
    );
    if is_past_known {
        let fallen = run.specs.iter().map(|s| (Marker::Cross, 4.0, p.fallen(s.id)));
        entry(words!("tools-fell-out"), &fallen.collect::<Vec<_>>());
    }
    entry(if is_wide { words!("tools-codes-in-use") } else { words!("tools-in-use") }, &lanes);
}
