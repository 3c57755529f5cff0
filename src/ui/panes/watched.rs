//! What the window shows of files that another program writes: nothing here trains, so that there
//! are no controls, no reconstructions and no story.

use std::collections::BTreeSet;
use std::time::Duration;

use egui::{Align2, Rect, Role, Sense, Ui, WidgetInfo, pos2};

use crate::analysis::figures::{Better, Figure, Unit};
use crate::analysis::history::History;
use crate::palette::Palette;
use crate::record::event::{Counts, Event, EventKind, Fact, Reading};
use crate::record::judgement::Rule;
use crate::record::snapshot::LaneView;
use crate::record::watching::Waits;
use crate::scenario::LaneId;
use crate::text::{count, per_code, percent, sentence, shown as of_others, significant};
use crate::ui::panes::counted;
use crate::ui::panes::counted::Choice;
use crate::ui::state::displayed::Displayed;
use crate::ui::state::wish::Outbox;
use crate::ui::widgets::text::{Part, one_line, two_lines};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// Room for the newest step in the top bar.
const STEP: f32 = 150.0;

/// Time from which something that is being read is said not to answer.
const SLOW: Duration = Duration::from_secs(5);

/// The sentence on the file that is shown of a place where files are waited for.
pub fn caption(shown: &Displayed<'_>, history: &History, place: &str) -> String {
    let (step, events) = (shown.step, &history.events);
    let said = |kind| events.iter().rev().find(|e| e.kind == kind && e.step <= step);
    if shown.specs.len() > 1 && shown.snapshot.is_some() {
        return beside(history, step);
    }
    if shown.snapshot.is_some() {
        let Some(read) = said(EventKind::Caption) else { return String::new() };
        // What the detectors found with this file comes first.
        let flags = events.iter().filter(|e| e.kind.is_flag() && e.step == read.step);
        return flags.rev().fold(read.sentence(), |file, flag| {
            words!("watched-flag-and-file", flag = sentence(&flag.sentence()), file = file)
        });
    }
    match events.iter().rev().find(|e| e.kind == EventKind::Unreadable) {
        Some(event) => event.sentence(),
        None => words!("watched-waiting-for-the-first-file", story = place),
    }
}

/// What was found of each of two lanes at a step.
fn beside(history: &History, step: u64) -> String {
    let found = |id: LaneId| {
        let lane = id.name().to_uppercase();
        match history.reading(id, step) {
            Some(reading) => words!("watched-lane-caption", lane = lane, what = reading.short()),
            None => words!("watched-only-a", lane = lane),
        }
    };
    format!("{}    {}", found(LaneId::A), found(LaneId::B))
}

/// How old what is shown is, and what is waited for.
#[derive(Clone, Copy, Default)]
pub struct FileAge<'a> {
    /// Since the newest file was written.
    pub age: Option<Duration>,
    /// What is being read.
    pub waits: Option<&'a Waits>,
}

impl FileAge<'_> {
    /// What there is to say of it in a few words, and in sentences; whether it is bad news.
    fn told(self) -> (String, String, bool) {
        let written = self.age.map(|age| words!("watched-age-hint", age = long(age)));
        let written = written.unwrap_or_default();
        if let Some(waits) = self.waits.filter(|waits| waits.since >= SLOW) {
            let since = long(waits.since);
            let why = words!("watched-no-answer-hint", name = waits.name, age = since);
            let hint = [why, written].join(" ");
            return (words!("watched-no-answer", age = since), hint, true);
        }
        match self.age {
            Some(age) => (words!("watched-age", age = long(age)), written, false),
            None => (words!("top-watching").into(), String::new(), false),
        }
    }
}

/// A time in its largest unit.
pub fn long(time: Duration) -> String {
    match time.as_secs() {
        seconds @ 0..60 => words!("top-age-seconds", n = seconds),
        seconds @ 60..3600 => words!("top-age-minutes", n = seconds / 60),
        seconds => words!("top-age-hours", n = count(seconds / 3600)),
    }
}

/// The newest step and how old it is at the right end of the room for the title; what is left of it.
pub fn step(ui: &Ui, newest: Option<u64>, freshness: FileAge<'_>, rect: Rect) -> Rect {
    let p = palette(ui);
    // A path may be long, the step is not.
    let (path, beside) = rect.split_left_right_at_x(rect.right() - STEP);
    let step = newest.map(|step| words!("figure-step", step = count(step)));
    let step = step.unwrap_or_else(|| words!("watched-no-file-yet").into());
    let (age, hint, is_bad) = freshness.told();
    let color = if is_bad { p.restart } else { p.weak };
    let response = ui.interact(beside, ui.scope_id().with("age"), Sense::hover());
    let said = [step.as_str(), age.as_str()].join(words!("list-separator"));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, &said));
    two_lines(ui, beside, [(step, p.text), (age, color)]);
    if !hint.is_empty() {
        response.on_hover_text(hint);
    }
    path.with_max_x(path.right() - space::M)
}

/// How many files are shown, how many could not be read, and why.
pub fn files(history: &History, p: &Palette) -> Vec<Part> {
    let read: BTreeSet<(LaneId, &str)> = history.events.iter().filter_map(read_of).collect();
    let number = match read.len() {
        1 => words!("watched-1-file").into(),
        n => words!("watched-files", n = n),
    };
    let mut all = vec![Part::new(number, p.weak, "")];
    // One sentence a file.
    let bad: BTreeSet<String> = history
        .events
        .iter()
        .filter(|event| event.kind == EventKind::Unreadable)
        .map(Event::sentence)
        .collect();
    if !bad.is_empty() {
        let number = match bad.len() {
            1 => words!("watched-1-file-cannot-be-used").into(),
            n => words!("watched-files-cannot-be-used", n = n),
        };
        let why = bad.iter().map(|text| sentence(text)).collect::<Vec<_>>().join("\n");
        all.push(Part::new(number, p.error, why));
    }
    all
}

/// The file that an event tells of, with the lane that shows it.
fn read_of(event: &Event) -> Option<(LaneId, &str)> {
    match &event.fact {
        Some(Fact::Read(reading)) => Some((event.lane.unwrap_or(LaneId::A), &reading.file)),
        _ => None,
    }
}

/// What a lane shows: the form of its codes, beside another lane its file, and which of several codebooks.
fn title(shown: &Displayed<'_>, id: LaneId, read: Option<&Reading>, form: &str) -> String {
    let Some(reading) = read else { return form.into() };
    let first = if shown.specs.len() > 1 { of_others(&reading.file) } else { form.into() };
    let mut parts = vec![format!("{}{first}", shown.prefix(id, ": "))];
    if let Some(level) = reading.table.get(reading.level) {
        let name = of_others(&level.name);
        parts.push(words!("tools-level-named", level = reading.level, name = name));
    }
    parts.join(" · ")
}

/// How much of the codebook is in use.
pub fn headline(
    ui: &Ui,
    shown: &Displayed<'_>,
    choice: Choice<'_>,
    id: LaneId,
    read: Option<&Reading>,
    rect: Rect,
    outbox: &mut Outbox,
) {
    let p = palette(ui);
    let is_low = rect.height() < 60.0;
    let place = (!is_low).then(|| counted::line_of(rect));
    let Some(view) = choice.view else {
        place.inspect(|place| counted::under(ui, id, choice, *place, None, outbox));
        return;
    };
    let painter = ui.painter_at(rect);
    let left = rect.left() + space::XS;
    let form = if view.learn_w { words!("watched-codes-cw") } else { words!("watched-codebook") };
    let size = count(view.window.size as u64);
    let (share, codes, color) = match counted::in_use(view, choice.rule) {
        Some(found) => (
            percent(counted::share(view, found)),
            words!("watched-of-codes-used", used = count(found.used as u64), size = size),
            p.lane(id),
        ),
        None => ("–".into(), words!("events-codes", codes = size), p.weak),
    };
    let t = tokens(ui);
    let line = |y: f32, text: String, font, color| {
        painter.text(pos2(left, rect.top() + y), Align2::LEFT_CENTER, text, font, color);
    };
    let room = rect.width() - 2.0 * space::XS - if is_low { 90.0 } else { 130.0 };
    let title = title(shown, id, read, form);
    let title = one_line(ui, &title, theme::bold(t.title), p.text, room);
    painter.galley(pos2(left, rect.top() + 12.0 - title.size().y / 2.0), title, p.text);
    let size = if is_low { t.body } else { t.headline };
    line(if is_low { 33.0 } else { 37.0 }, codes, theme::bold(size), p.text);
    if let Some(read) = read {
        let mut hint = read.sentence();
        if let Some(judgement) = read.judgement {
            hint = format!("{hint}\n{}", judgement.bound());
        }
        ui.interact(rect, ui.scope_id().with("read"), Sense::hover())
            .on_hover_text(sentence(&hint));
    }
    if let Some(place) = place {
        let (font, room) = (theme::font(t.small), place.width() - space::L);
        let galley = one_line(ui, &how(view, read, choice), font, p.weak, room);
        let text = Align2::LEFT_CENTER.anchor_size(place.left_center(), galley.size());
        painter.galley(text.min, galley, p.weak);
        counted::under(ui, id, choice, place, Some(text.right_center()), outbox);
    }
    let at = pos2(rect.right() - space::XS, rect.top() - 2.0);
    let size = if is_low { t.figure } else { t.number };
    painter.text(at, Align2::RIGHT_TOP, share, theme::bold(size), color);
}

/// How it was counted, with the array that says it; what does not fit is under the pointer.
fn how(view: &LaneView, read: Option<&Reading>, choice: Choice<'_>) -> String {
    if let Some(rule) = choice.rule {
        return match view.in_use(rule) {
            Some(_) => words!("counted-as", rule = rule.words()),
            None => (choice.stage.terms().rule_not_told)(view, rule).into(),
        };
    }
    let Some(read) = read else { return words!("watched-no-counts").into() };
    if !is_of_tokens(read) || !view.knows_use() {
        return read.counted();
    }
    let (usage, counted) = (view.window, read.counted());
    let tokens = words!(
        "watched-by-tokens-a-code",
        tokens = count(usage.tokens as u64),
        size = per_code(usage.tokens, usage.size)
    );
    [counted, tokens].join(" · ")
}

/// A row whose numbers are of the files as a whole: of each lane's.
fn fixed(name: String, unit: Unit, hint: &'static str, values: [f64; 2]) -> Figure {
    let value = move |lane: &LaneView| Some(values[lane.id.index()]).filter(|x| x.is_finite());
    Figure {
        name,
        unit,
        hint,
        is_of_full_set: false,
        better: Better::Neither,
        value: Box::new(value),
        text: Box::new(move |lane| value(lane).map(percent)),
        usage: None,
    }
}

/// Use by each meaning of the words.
fn of_files(readings: [Option<&Reading>; 2]) -> Vec<Figure> {
    let share = |reading: &Reading, rule: Rule| {
        let (_, used) = reading.by_rule.iter().find(|(known, _)| *known == rule)?;
        Some(*used as f64 / reading.size.max(1) as f64)
    };
    let mut all = Vec::new();
    for rule in Rule::ALL {
        let values = readings.map(|reading| reading.and_then(|reading| share(reading, rule)));
        let hint = match values.iter().any(Option::is_some) {
            true => rule.words(),
            false => words!("watched-rule-not-told"),
        };
        let values = values.map(|value| value.unwrap_or(f64::NAN));
        all.push(fixed(counted::short(rule).into(), Unit::ShareOfCodes, hint, values));
    }
    all
}

/// Rows of the table of numbers, of what was read of each lane's file.
pub fn rows(readings: [Option<&Reading>; 2]) -> Vec<Figure> {
    type Number = fn(&LaneView) -> Option<f64>;
    type Text = fn(&LaneView) -> Option<String>;
    let row = |name: &str, unit, hint, value: Number, text: Text| Figure {
        name: name.into(),
        unit,
        hint,
        is_of_full_set: false,
        better: Better::Neither,
        value: Box::new(value),
        text: Box::new(text),
        usage: None,
    };
    let mut all = vec![
        row(
            words!("watched-codes-used"),
            Unit::ShareOfCodes,
            words!("watched-share-of-the-codes-with"),
            |l| l.eval.map(|e| e.usage.share()),
            |l| l.eval.map(|e| percent(e.usage.share())),
        ),
        row(
            words!("watched-codes-not-in-use"),
            Unit::Codes,
            words!("watched-k-minus-the-codes-with"),
            |l| l.eval.map(|e| (e.usage.size - e.usage.used) as f64),
            |l| l.eval.map(|e| count((e.usage.size - e.usage.used) as u64)),
        ),
        row(
            words!("watched-tokens-counted"),
            Unit::Tokens,
            words!("watched-sum-of-the-counts-of"),
            |l| tokens_of(l).map(|tokens| tokens as f64),
            |l| tokens_of(l).map(|tokens| count(tokens as u64)),
        ),
        row(
            words!("watched-perplexity"),
            Unit::Codes,
            words!("watched-number-of-equally-used-codes"),
            |l| l.eval.map(|e| e.usage.perplexity).filter(|x| x.is_finite()),
            |l| l.eval.map(|e| significant(e.usage.perplexity)),
        ),
        row(
            words!("watched-quantization-error"),
            Unit::One,
            words!("watched-squared-distance-of-the-file"),
            quant_error,
            |l| quant_error(l).map(significant),
        ),
        row(
            words!("watched-effective-rank-of-w"),
            Unit::One,
            words!("watched-exp-of-the-entropy-of"),
            rank,
            |l| rank(l).map(|rank| format!("{rank:.1}")),
        ),
    ];
    // A ceiling is one of tokens, which averages and flags do not tell.
    if readings.iter().flatten().all(|reading| is_of_tokens(reading)) {
        all[0].usage = Some(|l| l.window);
    }
    if readings.iter().any(Option::is_some) {
        all.extend(of_files(readings));
    }
    all
}

/// Whether use was counted in tokens.
fn is_of_tokens(read: &Reading) -> bool {
    !matches!(read.counts, Counts::Averages { .. } | Counts::Flags { .. })
}

/// Tokens that were counted, where the file tells their number.
fn tokens_of(lane: &LaneView) -> Option<usize> {
    lane.eval.map(|e| e.usage.tokens).filter(|tokens| *tokens > 0)
}

fn quant_error(lane: &LaneView) -> Option<f64> {
    lane.eval.map(|e| e.quant_error).filter(|error| error.is_finite())
}

fn rank(lane: &LaneView) -> Option<f64> {
    (!lane.singular_values.is_empty()).then_some(f64::from(lane.effective_rank_w))
}
