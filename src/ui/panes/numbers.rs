//! The table of numbers: figures of both lanes beside each other.

use egui::{Align2, Color32, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::analysis::figures::{Figure, figures, full_set_step};
use crate::record::event::Reading;
use crate::record::snapshot::LaneView;
use crate::record::usage::Usage;
use crate::text::{count, per_code, percent};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::{Pane, WindowCtx, watched};
use crate::ui::state::displayed::Displayed;
use crate::ui::state::terms::StageTerms;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::text::{first_that_fits, fitting, one_line};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, space, tokens};
use crate::words;

/// The sampling ceiling, one for both lanes where their numbers of codes and tokens are equal.
fn ceilings(lanes: &[LaneView], usage: fn(&LaneView) -> Usage) -> String {
    let counted = lanes.iter().map(usage).filter(|u| u.tokens > 0);
    let mut all: Vec<String> = counted.map(|u| percent(u.ceiling())).collect();
    all.dedup();
    // One "%" for both.
    let last = all.pop().unwrap_or_default();
    let before = all.iter().map(|ceiling| format!("{}, ", ceiling.trim_end_matches(" %")));
    before.collect::<String>() + &last
}

/// Room for the ceilings, and for the figure of a lane.
const CEILING: f32 = 48.0;
const FIGURE: f32 = 60.0;

/// Least and greatest height of a row.
const PITCH: std::ops::RangeInclusive<f32> = 16.0..=26.0;

/// Height of a row from which on its name has the type of the figures.
const ROOMY: f32 = 22.0;

/// Paints a text in the first size in which it fits into a width; what is longer ends in "…".
fn cell(
    ui: &Ui,
    at: egui::Pos2,
    anchor: Align2,
    text: &str,
    sizes: &[f32],
    width: f32,
    color: Color32,
) {
    let painter = ui.painter();
    let galley = fitting(painter, text, sizes, width, color).unwrap_or_else(|| {
        let least = sizes.last().copied().unwrap_or(tokens(ui).small);
        one_line(ui, text, theme::font(least), color, width)
    });
    painter.galley(anchor.anchor_size(at, galley.size()).min, galley, color);
}

/// The table.
#[derive(Default)]
pub struct NumbersPane;

/// What the numbers are of.
pub struct NumbersCtx<'a> {
    shown: Displayed<'a>,
    /// What was read of the files of each lane, where another program writes them.
    readings: Option<[Option<&'a Reading>; 2]>,
}

impl Pane for NumbersPane {
    fn id(&self) -> PaneId {
        PaneId::Numbers
    }

    type Ctx<'a> = NumbersCtx<'a>;

    fn ctx<'a>(window: &WindowCtx<'a>) -> NumbersCtx<'a> {
        NumbersCtx { shown: window.displayed(), readings: window.run.readings() }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: NumbersCtx<'_>, _outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let Some(snapshot) = ctx.shown.snapshot else { return };
        let Some(first) = snapshot.lanes.first() else { return };
        // A lane in its warm-up has counted nothing yet.
        let counting = snapshot.lanes.iter().find(|l| l.warms_up_until.is_none()).unwrap_or(first);
        let rows = ctx.readings.map_or_else(|| figures(counting), watched::rows);
        let number = (rows.len() + 1) as f32;
        let room = rect.height() - space::XS;
        // A low window shows as many rows as there is room for, and none in half.
        let shown = number.min((room / *PITCH.start()).floor().max(1.0));
        let pitch = (room / shown).clamp(*PITCH.start(), *PITCH.end());
        ScrollArea::vertical().id_salt("numbers").auto_shrink(false).show(ui, |ui| {
            let size = vec2(rect.width(), number * pitch + space::XS);
            let (place, _) = ui.allocate_exact_size(size, Sense::hover());
            table(ui, ctx.shown.stage.terms(), &snapshot.lanes, counting, &rows, place, pitch);
        });
    }
}

/// A row as it is said: "fell out of use: A 12, B 12".
fn spoken(row: &Figure, lanes: &[LaneView]) -> String {
    let figure = |lane: &LaneView| {
        let text = (row.text)(lane).unwrap_or_else(|| "–".into());
        format!("{} {text}", lane.id.name().to_uppercase())
    };
    let figures: Vec<String> = lanes.iter().map(figure).collect();
    words!("spoken-number", name = row.name, figures = figures.join(", "))
}

/// Draws the rows, each so high.
fn table(
    ui: &Ui,
    terms: &StageTerms,
    all: &[LaneView],
    counting: &LaneView,
    rows: &[Figure],
    rect: Rect,
    pitch: f32,
) {
    let (p, t) = (palette(ui), tokens(ui));
    let painter = ui.painter().clone();
    let lanes = all.len();
    // Columns from the right: ceiling, lane b, lane a.
    let column = |i: usize| match i {
        0 => rect.right() - space::S,
        _ => rect.right() - space::S - CEILING - FIGURE * (i - 1) as f32,
    };
    let head = rect.top() + pitch / 2.0;
    let small = theme::font(t.small);
    painter.text(
        pos2(column(0), head),
        Align2::RIGHT_CENTER,
        words!("report-ceiling"),
        small.clone(),
        p.weak,
    );
    let at = pos2(column(0) - CEILING, rect.top());
    Topic::Ceiling.put(ui, Rect::from_min_size(at, vec2(CEILING + space::S, pitch)));
    // Of which step the figures of the full set are: the newest evaluation may be older.
    if let Some(step) = full_set_step(all).filter(|_| terms.has_full_set) {
        let wordings = [words!("numbers-full-set-of", step = step), step];
        let (at, anchor) = (pos2(rect.left() + 2.0, head), Align2::LEFT_CENTER);
        let room = column(lanes) - space::L - at.x;
        first_that_fits(&painter, at, anchor, room, small, p.weak, &wordings);
    }
    for (i, lane) in all.iter().enumerate() {
        let name = match terms.names_one_lane || lanes > 1 {
            true => lane.id.name().to_uppercase(),
            false => words!("numbers-file").into(),
        };
        painter.text(
            pos2(column(lanes - i), head),
            Align2::RIGHT_CENTER,
            name,
            theme::bold(t.body),
            p.lane(lane.id),
        );
    }
    painter.hline(rect.x_range(), rect.top() + pitch, Stroke::new(line::HAIR, p.border));
    let names: &[f32] = if pitch < ROOMY { &[t.small] } else { &[t.body, t.small] };
    let figures = [t.body, t.small];
    for (n, row) in rows.iter().enumerate() {
        let y = rect.top() + (n + 1) as f32 * pitch + pitch / 2.0 + 1.0;
        let (at, room) = (pos2(rect.left() + 2.0, y), column(lanes) - FIGURE - rect.left() - 2.0);
        cell(ui, at, Align2::LEFT_CENTER, &row.name, names, room, p.text);
        for (i, lane) in all.iter().enumerate() {
            let text = (row.text)(lane).unwrap_or_else(|| "–".into());
            let (at, room) = (pos2(column(lanes - i), y), FIGURE - space::XS);
            cell(ui, at, Align2::RIGHT_CENTER, &text, &figures, room, p.text);
        }
        let mut hint = row.hint.to_string();
        if let Some(usage) = row.usage {
            let (at, text) = (pos2(column(0), y), ceilings(all, usage));
            let room = CEILING - space::XS;
            cell(ui, at, Align2::RIGHT_CENTER, &text, &[t.small], room, p.weak);
            let usage = usage(counting);
            let more = words!(
                "numbers-with-equal-codes",
                tokens = count(usage.tokens as u64),
                each = per_code(usage.tokens, usage.size),
                share = percent(usage.ceiling())
            );
            hint += &format!("\n{more}");
        }
        let line = Rect::from_min_max(
            pos2(rect.left(), y - pitch / 2.0),
            pos2(rect.right(), y + pitch / 2.0),
        );
        let response = ui.interact(line, ui.scope_id().with(("number", n)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, spoken(row, all)));
        if let Some(topic) = Topic::of_figure(row.hint) {
            topic.put(ui, line);
        }
        response.on_hover_text(hint);
    }
}
