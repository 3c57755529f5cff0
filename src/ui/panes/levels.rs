//! Every codebook of a watched file in a table, with a line over all files: the levels of a residual
//! quantizer, groups, heads, scales. A click chooses the one that is drawn.

use egui::{
    Align2, Color32, Rect, Role, ScrollArea, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::analysis::history::History;
use crate::figure::axis::Axis;
use crate::record::event::{LevelUse, Reading};
use crate::record::judgement::Rule;
use crate::scenario::LaneId;
use crate::text::{count, percent, sentence, shown as of_others, significant};
use crate::ui::panes::counted;
use crate::ui::panes::counted::Choice;
use crate::ui::state::command::UiCommand;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::plot::note;
use crate::ui::widgets::text::one_line;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// Most codebooks that have a row.
const MOST: usize = 256;

/// Height of a row.
const PITCH: f32 = 22.0;

/// Widths of the number of a level and of a figure.
const NUMBER: f32 = 26.0;
const FIGURE: f32 = 52.0;

/// Least width of a line over the files.
const LINE: f32 = 48.0;

/// Files from which on a line has no dots.
const DOTS: usize = 24;

/// A figure of a codebook.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Of {
    /// Share of the codes in use.
    #[default]
    Use,
    /// Perplexity.
    Perplexity,
    /// Mean length of what is left over.
    Left,
}

impl Of {
    const ALL: [Self; 3] = [Self::Use, Self::Perplexity, Self::Left];

    fn name(self) -> &'static str {
        match self {
            Self::Use => words!("levels-use"),
            Self::Perplexity => words!("levels-perplexity"),
            Self::Left => words!("levels-left"),
        }
    }

    fn hint(self) -> &'static str {
        match self {
            Self::Use => words!("levels-use-hint"),
            Self::Perplexity => words!("levels-perplexity-hint"),
            Self::Left => words!("levels-left-hint"),
        }
    }

    fn value(self, level: &LevelUse, rule: Option<Rule>) -> Option<f64> {
        match self {
            Self::Use => level.share_by(rule),
            Self::Perplexity => level.perplexity,
            Self::Left => level.residual,
        }
    }

    fn text(self, level: &LevelUse, rule: Option<Rule>) -> String {
        match (self, self.value(level, rule)) {
            (_, None) => "–".into(),
            (Self::Use, Some(share)) => percent(share),
            (_, Some(value)) => significant(value),
        }
    }
}

/// Whether the file that is shown at a step holds several codebooks.
pub fn are_several(history: &History, step: u64) -> bool {
    history.reading(LaneId::A, step).is_some_and(|reading| reading.table.len() > 1)
}

/// The table, and of what its lines are.
#[derive(Default)]
pub struct Levels {
    line: Of,
    /// The greatest value of each lane's lines, and of what it is.
    most: [Option<(MostOf, f64)>; 2],
}

/// What the greatest value of the lines depends on: which files there are, and which of their figures.
#[derive(Clone, Copy, Debug, PartialEq)]
struct MostOf {
    generation: u64,
    files: usize,
    line: Of,
}

/// A table as it is drawn.
struct Table<'a> {
    /// The lane whose files these are.
    id: LaneId,
    now: &'a Reading,
    /// How use is counted, and what there is to choose.
    choice: Choice<'a>,
    /// Lanes that draw a codebook of this table, with which.
    drawn: Vec<(LaneId, usize)>,
    /// What was read of each file, with its step.
    files: Vec<(u64, &'a Reading)>,
    /// The axis of the lines.
    axis: Axis,
    /// The step that is shown, and the last one.
    steps: [u64; 2],
}

impl Levels {
    /// Draws the table of each lane's files at the cursor; one where both show the same.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        history: &History,
        shown: &Displayed<'_>,
        counted_by: Option<Rule>,
        outbox: &mut Outbox,
    ) {
        let step = shown.step;
        let [a, b] = [LaneId::A, LaneId::B].map(|id| history.reading(id, step));
        let is_same = a.zip(b).is_some_and(|(a, b)| a.file == b.file && a.table == b.table);
        let tables = [(LaneId::A, a), (LaneId::B, b.filter(|_| !is_same))];
        let height = ui.available_height();
        let number = tables.iter().filter(|(_, now)| now.is_some()).count().max(1);
        for (id, now) in tables {
            let Some(now) = now else { continue };
            let files = history.readings(id);
            let mut drawn = vec![(id, now.level)];
            drawn.extend(b.filter(|_| is_same).map(|b| (LaneId::B, b.level)));
            let most = self.most(id, &files, shown.generation);
            let axis = match self.line {
                Of::Use => Axis::shares(),
                Of::Perplexity | Of::Left => Axis::linear(0.0, most.max(1e-9)),
            };
            let steps = [step, history.step.max(1)];
            let choice = Choice { stage: shown.stage, rule: counted_by, view: shown.lane(id) };
            let table = Table { id, now, choice, drawn, files, axis, steps };
            ui.push_id(("levels", id), |ui| {
                // Two tables leave no room for what can be said of one.
                let room = height / number as f32 - space::S;
                self.table(ui, &table, (room, number == 1), outbox);
            });
        }
    }

    /// The greatest value of a lane's lines: found once for what is shown, and not once a frame.
    fn most(&mut self, id: LaneId, files: &[(u64, &Reading)], generation: u64) -> f64 {
        let of = MostOf { generation, files: files.len(), line: self.line };
        let known = &mut self.most[id.index()];
        if let Some((_, most)) = known.filter(|(known, _)| *known == of) {
            return most;
        }
        let values = files.iter().flat_map(|(_, file)| &file.table);
        // Shares have an axis of their own, however they are counted.
        let most = values.filter_map(|level| self.line.value(level, None)).fold(0.0, f64::max);
        *known = Some((of, most));
        most
    }

    fn table(
        &mut self,
        ui: &mut Ui,
        table: &Table<'_>,
        (height, has_notes): (f32, bool),
        outbox: &mut Outbox,
    ) {
        let bottom = ui.cursor().top() + height;
        self.head(ui, table);
        let notes = match table.now.tuples {
            _ if !has_notes => 0.0,
            Some(_) => 4.0,
            None => 2.0,
        };
        let foot = notes * (tokens(ui).small + space::S);
        let room = (bottom - ui.cursor().top() - foot).max(2.0 * PITCH);
        let rows = table.now.table.len().min(MOST);
        let area = ScrollArea::vertical().max_height(room).auto_shrink([false, true]);
        ui.scope(|ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            // Rows that are out of sight cost nothing.
            area.show_rows(ui, PITCH, rows, |ui, seen| {
                for (at, level) in
                    table.now.table.iter().enumerate().take(seen.end).skip(seen.start)
                {
                    self.row(ui, table, (at, level), outbox);
                }
            });
        });
        if !has_notes {
            return;
        }
        counted_line(ui, table, outbox);
        if let Some(tuples) = &table.now.tuples {
            let after: Vec<String> =
                tuples.distinct.iter().take(8).map(|n| count(*n as u64)).collect();
            let after = after.join(words!("list-separator"));
            let hint = words!("levels-tuples-hint", after = after);
            note(ui, tuples.words()).on_hover_text(hint);
        } else {
            note(ui, words!("levels-how-to-choose"));
        }
    }

    /// Names of the columns; a click on one makes it what the lines are of.
    fn head(&mut self, ui: &mut Ui, table: &Table<'_>) {
        let p = palette(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), PITCH), Sense::hover());
        let small = theme::font(tokens(ui).small);
        let columns = columns(rect);
        let name = match table.files.len() {
            1 => words!("watched-1-file").to_string(),
            n => words!("watched-files", n = n),
        };
        let galley = one_line(ui, &name, small.clone(), p.weak, columns.line.width());
        let at = pos2(columns.line.left(), rect.center().y - galley.size().y / 2.0);
        ui.painter().galley(at, galley, p.weak);
        for (of, place) in Of::ALL.into_iter().zip(columns.figures) {
            let response =
                ui.interact(place, ui.scope_id().with(("head", of as u8)), Sense::click());
            response.widget_info(|| WidgetInfo::labeled(Role::Button, true, of.name()));
            theme::focus_ring(ui, &response);
            let is_line = self.line == of;
            let color = if is_line { p.text } else { p.weak };
            let font = if is_line { theme::bold(tokens(ui).small) } else { small.clone() };
            let at = place.right_center();
            ui.painter().text(at, Align2::RIGHT_CENTER, of.name(), font, color);
            if response.clicked() {
                self.line = of;
            }
            response.on_hover_ui(|ui| {
                ui.set_max_width(ui.spacing().tooltip_width);
                ui.label(of.hint());
                if of == Of::Use {
                    ui.label(sentence(&counted_as(table.choice)));
                }
            });
        }
        let stroke = Stroke::new(line::HAIR, p.border);
        ui.painter().hline(rect.x_range(), rect.bottom() - 1.0, stroke);
    }

    fn row(
        &self,
        ui: &mut Ui,
        table: &Table<'_>,
        (at, level): (usize, &LevelUse),
        outbox: &mut Outbox,
    ) {
        let (p, rule) = (palette(ui), table.choice.rule);
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), PITCH), Sense::click());
        let drawn: Vec<LaneId> =
            table.drawn.iter().filter(|(_, drawn)| *drawn == at).map(|(id, _)| *id).collect();
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken(at, level, rule)));
        theme::focus_ring(ui, &response);
        if response.clicked() {
            let is_b = table.id == LaneId::B || ui.input(|i| i.modifiers.shift);
            let id = if is_b { LaneId::B } else { LaneId::A };
            outbox.command(UiCommand::Level(id, Some(at)));
        }
        let painter = ui.painter_at(rect);
        if response.hovered() || !drawn.is_empty() {
            let color = if drawn.is_empty() { p.control } else { p.selection };
            painter.rect_filled(rect, radius::SMALL, color);
        }
        for (i, id) in drawn.iter().enumerate() {
            let bar = Rect::from_min_size(
                rect.left_top() + vec2(4.0 * i as f32, 2.0),
                vec2(3.0, PITCH - 4.0),
            );
            painter.rect_filled(bar, 0.0, p.lane(*id));
        }
        let columns = columns(rect);
        let color = drawn.first().map_or(p.weak, |id| p.lane(*id));
        let number = pos2(columns.line.left() - space::XS, rect.center().y);
        let font = theme::bold(tokens(ui).body);
        painter.text(number, Align2::RIGHT_CENTER, count(at as u64), font, p.text);
        self.over_files(ui, table, at, columns.line, color);
        for (of, place) in Of::ALL.into_iter().zip(columns.figures) {
            let (at, font) = (place.right_center(), theme::font(tokens(ui).body));
            painter.text(at, Align2::RIGHT_CENTER, of.text(level, rule), font, p.text);
        }
        response.on_hover_ui(|ui| {
            ui.set_max_width(ui.spacing().tooltip_width);
            ui.label(words!(
                "levels-row-hint",
                name = of_others(&level.name),
                size = count(level.size as u64),
                what = spoken(at, level, rule)
            ));
            ui.label(sentence(&counted::of_level(level, rule)));
        });
    }

    /// The figure of a codebook over all files, with the one that is shown.
    fn over_files(&self, ui: &Ui, table: &Table<'_>, at: usize, place: Rect, color: Color32) {
        let p = palette(ui);
        let [now, last] = table.steps;
        let place = place.shrink2(vec2(2.0, 3.0));
        let x = |step: u64| place.left() + step as f32 / last as f32 * place.width();
        let painter = ui.painter();
        let base = Stroke::new(line::HAIR, p.grid);
        painter.hline(place.x_range(), place.bottom(), base);
        let points: Vec<egui::Pos2> = table
            .files
            .iter()
            .filter_map(|(step, file)| {
                let value = self.line.value(file.table.get(at)?, table.choice.rule)?;
                let y = place.bottom() - table.axis.place(value) as f32 * place.height();
                Some(pos2(x(*step), y))
            })
            .collect();
        if points.len() < DOTS {
            for at in &points {
                painter.circle_filled(*at, 1.5, color);
            }
        }
        painter.add(Shape::line(points, Stroke::new(line::THIN, color)));
        if now < last {
            painter.vline(x(now), place.y_range(), Stroke::new(line::HAIR, p.restart));
        }
    }
}

/// Where the parts of a row lie.
struct Columns {
    line: Rect,
    figures: [Rect; 3],
}

fn columns(row: Rect) -> Columns {
    let figure = |i: usize| {
        let right = row.right() - space::XS - i as f32 * FIGURE;
        row.with_max_x(right).with_min_x(right - FIGURE)
    };
    let left = row.left() + NUMBER + space::S;
    let right = (figure(2).left() - space::XS).max(left + LINE);
    Columns {
        line: row.with_min_x(left).with_max_x(right),
        figures: [figure(2), figure(1), figure(0)],
    }
}

fn counted_as(choice: Choice<'_>) -> String {
    words!("counted-as", rule = counted::name(choice.rule, choice.stage))
}

/// How the use of all was counted, with the choice; how that of one was stands at its row.
fn counted_line(ui: &mut Ui, table: &Table<'_>, outbox: &mut Outbox) {
    let (p, t, choice) = (palette(ui), tokens(ui), table.choice);
    let size = vec2(ui.available_width(), t.small + space::S);
    let (place, _) = ui.allocate_exact_size(size, Sense::hover());
    let galley =
        one_line(ui, &counted_as(choice), theme::font(t.small), p.weak, place.width() - space::L);
    let text = Align2::LEFT_CENTER.anchor_size(place.left_center(), galley.size());
    ui.painter().galley(text.min, galley, p.weak);
    counted::under(ui, table.id, choice, place, Some(text.right_center()), outbox);
}

/// A row as it is said: "level 3: use 50 %, perplexity 12, left over 0.4".
fn spoken(at: usize, level: &LevelUse, rule: Option<Rule>) -> String {
    let figure = |of: Of| format!("{} {}", of.name(), of.text(level, rule));
    let figures = Of::ALL.map(figure).join(words!("list-separator"));
    words!("levels-spoken", level = at, figures = figures)
}
