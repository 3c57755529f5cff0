//! How a utilization was counted: the line that stands under it, and the choice "as counted by".

use egui::{Button, Popup, Pos2, Rect, RichText, Role, Sense, Shape, Stroke, Ui, WidgetInfo, vec2};

use crate::lesson::Lesson;
use crate::lesson::answer::Answer;
use crate::record::counted::InUse;
use crate::record::event::LevelUse;
use crate::record::judgement::{Judgement, Rule, few_of_small};
use crate::record::snapshot::LaneView;
use crate::scenario::LaneId;
use crate::text::{count, per_code, percent};
use crate::ui::panes::topics::Topic;
use crate::ui::state::stage::Stage;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{space, tokens};
use crate::words;

/// How far below the upper edge of a head the line lies.
const LINE: f32 = 57.0;

/// Codes in use by the meaning that was chosen; without a choice as the run's window counts, or the
/// file. None where that cannot be told.
pub fn in_use(view: &LaneView, rule: Option<Rule>) -> Option<InUse> {
    match rule {
        Some(rule) => view.in_use(rule),
        None => {
            let is_known = view.warms_up_until.is_none() && view.knows_use() && is_counted(view);
            is_known.then(|| InUse::of(&view.window))
        }
    }
}

/// Whether anything was counted yet: before the first step no code is in use, and none is dead.
fn is_counted(view: &LaneView) -> bool {
    view.window.tokens > 0 || view.window.used > 0
}

/// The share of the codes that is in use.
pub fn share(view: &LaneView, found: InUse) -> f64 {
    found.used as f64 / view.window.size.max(1) as f64
}

/// The meaning by which the timeline counts: the chosen one, unless a curve was guessed or is asked for,
/// which is one of the window.
pub fn of_curve(lesson: &Lesson, rule: Option<Rule>) -> Option<Rule> {
    let is_curve = |number| matches!(lesson.answer(number), Some(Answer::Curves(_)));
    let is_guessed = lesson.is_drawn() || (0..lesson.beats().len()).any(is_curve);
    rule.filter(|_| !is_guessed)
}

/// A meaning of "in use" in as few words as a row has room for.
pub fn short(rule: Rule) -> &'static str {
    match rule {
        Rule::Seen => words!("watched-rule-seen"),
        Rule::Newest => words!("watched-rule-newest"),
        Rule::Average => words!("watched-rule-average"),
        Rule::Batch => words!("watched-rule-batch"),
        Rule::Distinct => words!("watched-rule-distinct"),
    }
}

/// What a meaning is called where it is chosen; without one as the window counts, or the file.
pub fn name(rule: Option<Rule>, stage: Stage) -> &'static str {
    match rule {
        Some(rule) => rule.words(),
        None => (stage.terms().counted)(),
    }
}

/// How the use of one of several codebooks of a file was counted, or why it is not known.
pub fn of_level(level: &LevelUse, rule: Option<Rule>) -> String {
    match rule {
        Some(rule) if level.used_by(Some(rule)).is_some() => {
            words!("counted-as", rule = rule.words())
        }
        Some(_) => words!("watched-rule-not-told").into(),
        None => level.counts.words(level.lookup, level.known),
    }
}

/// What the use of a lane says, by the tokens of its window.
pub fn judgement(view: &LaneView) -> Option<Judgement> {
    let usage = view.window;
    let is_told = view.warms_up_until.is_none() && usage.tokens > 0;
    if !is_told {
        return None;
    }
    Judgement::of(usage.used, usage.size, usage.perplexity, Some(usage.tokens))
}

/// The line under the share of a lane that trains here, in as many words as there is room for: what use
/// says, how it was counted, and what stands behind that.
pub fn wordings(view: &LaneView, rule: Option<Rule>, behind: &str) -> Vec<String> {
    if let Some(rule) = rule {
        let how = match view.in_use(rule) {
            Some(_) => rule.words(),
            None => (Stage::Live.terms().rule_not_told)(view, rule),
        };
        return vec![format!("{how}{behind}"), how.into(), short(rule).into()];
    }
    if !is_counted(view) {
        let how = words!("usage-counted-after-the-first-step");
        return vec![format!("{how}{behind}"), how.into()];
    }
    let tokens = count(view.window.tokens as u64);
    let each = per_code(view.window.tokens, view.window.size);
    let mut all = vec![
        words!(
            "headline-of-the-last-training-tokens",
            tokens = tokens,
            each = each,
            error = behind
        ),
        words!("headline-of-the-last-tokens", tokens = tokens, each = each, error = behind),
        words!("headline-tokens", tokens = tokens, each = each, error = behind),
    ];
    if let Some(judgement) = judgement(view) {
        let few = words!("headline-tokens-a-code", each = each, error = behind);
        let judged =
            |text: &String| words!("counted-judged", judgement = judgement.name(), counted = text);
        let judged: Vec<String> = all.iter().chain([&few]).map(judged).collect();
        all.splice(0..0, judged);
    }
    all
}

/// All that there is to say of a use: the judgement with its bound, what few codes are, how it was
/// counted.
fn hint(view: &LaneView, rule: Option<Rule>, stage: Stage) -> String {
    let mut lines = Vec::new();
    if let Some(judgement) = judgement(view).filter(|_| stage.terms().judges_shares) {
        lines.push(format!("{}: {}", judgement.sentence(), judgement.bound()));
        let usage = view.window;
        lines.extend(few_of_small(usage.used, usage.size, Some(usage.tokens)));
    }
    lines.push(words!("counted-as", rule = name(rule, stage)));
    lines.join("\n")
}

/// What there is to choose for a lane.
#[derive(Clone, Copy)]
pub struct Choice<'a> {
    /// What is looked at.
    pub stage: Stage,
    /// The meaning that is chosen.
    pub rule: Option<Rule>,
    /// The lane; none before there is something to see of it.
    pub view: Option<&'a LaneView>,
}

/// Makes the line under a share the choice of how it is counted: all of its `place`, which stays where it
/// is while the words change; they end at `end`, where there is something to say.
pub fn under(
    ui: &Ui,
    id: LaneId,
    choice: Choice<'_>,
    place: Rect,
    end: Option<Pos2>,
    outbox: &mut Outbox,
) {
    let Choice { stage, rule, view } = choice;
    let p = palette(ui);
    let response = ui.interact(place, ui.scope_id().with(("counted", id)), Sense::click());
    let said = words!("counted-as", rule = name(rule, stage));
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, &said));
    theme::focus_ring(ui, &response);
    let (Some(view), Some(end)) = (view, end) else { return };
    Topic::CountedBy.put(ui, place);
    // A sign that there is a choice, as lists have it.
    let at = end + vec2(space::S, 0.0);
    let (across, down) = (space::XS, 0.5 * space::XS);
    let points = vec![at + vec2(-across, -down), at + vec2(across, -down), at + vec2(0.0, across)];
    let color = if response.hovered() || response.has_focus() { p.text } else { p.weak };
    ui.painter().add(Shape::convex_polygon(points, color, Stroke::NONE));
    Popup::menu(&response).show(|ui| menu(ui, stage, rule, view, outbox));
    response.on_hover_text(hint(view, rule, stage));
}

/// The place of the line under a share, in a head that has room for it.
pub fn line_of(head: Rect) -> Rect {
    let middle = head.top() + LINE;
    Rect::from_x_y_ranges(
        head.left() + space::XS..=head.right() - space::XS,
        middle - space::S..=middle + space::S,
    )
}

/// The meanings to choose from, each with the share by it; grey where it cannot be told, with the reason
/// under the pointer.
pub fn menu(ui: &mut Ui, stage: Stage, now: Option<Rule>, view: &LaneView, outbox: &mut Outbox) {
    let title = RichText::new(words!("counted-title")).size(tokens(ui).small);
    ui.label(title.color(palette(ui).weak));
    for rule in std::iter::once(None).chain(Rule::ALL.map(Some)) {
        let found = in_use(view, rule);
        let text = match found {
            Some(found) => words!(
                "counted-with-share",
                rule = name(rule, stage),
                share = percent(share(view, found))
            ),
            None => name(rule, stage).into(),
        };
        let is_told = found.is_some() || rule.is_none();
        let response = ui.add_enabled(is_told, Button::selectable(now == rule, text));
        if response.clicked() {
            outbox.ask(Wish::CountedBy(rule));
            ui.close();
        }
        if let Some(rule) = rule.filter(|_| !is_told) {
            response.on_disabled_hover_text((stage.terms().rule_not_told)(view, rule));
        }
    }
}
