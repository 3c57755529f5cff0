//! The head of a lane: its method, and how much of its codebook is in use.

use egui::{Align2, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use crate::analysis::history::History;
use crate::record::event::Reading;
use crate::record::judgement::Rule;
use crate::record::snapshot::LaneView;
use crate::scenario::differences::form_name;
use crate::scenario::{
    CodeUpdate, Estimator, Fixed, LaneId, Lookup, TransformForm, Upkeep, method_name,
};
use crate::text::{count, percent, significant};
use crate::ui::layout::places::PaneId;
use crate::ui::panes::counted::Choice;
use crate::ui::panes::topics::Topic;
use crate::ui::panes::{FIRST, Pane, WindowCtx, counted, watched};
use crate::ui::state::displayed::Displayed;
use crate::ui::state::marked::Marked;
use crate::ui::state::wish::{Outbox, Wish};
use crate::ui::widgets::text::first_that_fits;
use crate::ui::widgets::theme;
use crate::ui::widgets::theme::palette;
use crate::ui::widgets::tokens::{line, radius, space, tokens};
use crate::words;

/// What else keeps the codebook in use, in words.
fn remedies(view: &LaneView) -> Option<String> {
    let now = view.switches;
    let form = (now.transform != TransformForm::Full && view.learn_w)
        .then(|| format!("W {}", form_name(now.transform, now.rank)));
    let all = [
        (now.update == CodeUpdate::Ema && view.learn_c).then_some(words!("method-averages")),
        (now.upkeep == Upkeep::Revive).then_some(words!("method-revival")),
        (now.upkeep == Upkeep::Cvq).then_some(words!("headline-cvq-anchors")),
        (now.entropy > 0.0).then_some(words!("headline-entropy-penalty")),
        (now.lookup == Lookup::Cosine).then_some(words!("headline-by-angle")),
        (now.estimator == Estimator::Rotation).then_some(words!("headline-rotated-gradient")),
        form.as_deref(),
    ];
    let all: Vec<&str> = all.into_iter().flatten().collect();
    (!all.is_empty()).then(|| all.join(words!("list-separator")))
}

/// The error of the newest evaluation, which says of which step it is where that is not the step of
/// the view.
fn error(view: &LaneView, before: Option<f64>) -> String {
    view.eval.map_or(String::new(), |e| {
        let mse = significant(e.recon_mse);
        let now = match e.step == view.step {
            true => words!("headline-mse", mse = mse),
            false => words!("headline-mse-step", mse = mse, step = count(e.step)),
        };
        match before {
            Some(before) => words!("headline-before", now = now, before = significant(before)),
            None => now,
        }
    })
}

/// The error of the run before a restart with other settings, at the step of the newest evaluation.
fn before(before: Option<&History>, view: &LaneView) -> Option<f64> {
    let errors = &before?.lane(view.id).recon_mse;
    let (at, last) = (view.eval?.step, errors.buckets().last()?.last);
    errors.at(at).filter(|_| at <= last).map(|bucket| bucket.mean)
}

/// Height below which a head has two lines.
const LOW: f32 = 60.0;

/// Width of a head below which its codes in use stand in smaller type, the same in both lanes.
const NARROW: f32 = 350.0;

/// The head of a lane.
pub struct HeadlinePane {
    /// The lane.
    pub lane: LaneId,
}

impl Default for HeadlinePane {
    fn default() -> Self {
        Self { lane: FIRST }
    }
}

/// What the heads say.
pub struct HeadlineCtx<'a> {
    shown: Displayed<'a>,
    /// What was read of the files of each lane, where another program writes them.
    readings: Option<[Option<&'a Reading>; 2]>,
    /// The run before a restart with other settings, unless it would give an answer away.
    before: Option<&'a History>,
    /// Whether C and W learn in each lane.
    learns: [Option<(bool, bool)>; 2],
    marked: Marked,
    /// What "in use" means.
    counted_by: Option<Rule>,
}

impl<'a> HeadlineCtx<'a> {
    /// The choice of how the share of a lane is counted.
    fn choice(&self, id: LaneId) -> Choice<'a> {
        Choice { stage: self.shown.stage, rule: self.counted_by, view: self.shown.lane(id) }
    }
}

impl Pane for HeadlinePane {
    type Ctx<'a> = HeadlineCtx<'a>;

    fn id(&self) -> PaneId {
        PaneId::Headline(self.lane)
    }

    fn ctx<'a>(window: &WindowCtx<'a>) -> HeadlineCtx<'a> {
        let run = window.run;
        let before = run.before.as_ref().filter(|_| !run.lesson.covers_others());
        HeadlineCtx {
            shown: window.displayed(),
            readings: run.readings(),
            before: before.map(|before| &*before.history),
            learns: window.learns,
            marked: window.marked,
            counted_by: window.prefs.counted_by,
        }
    }

    fn ui(&mut self, ui: &mut Ui, ctx: HeadlineCtx<'_>, outbox: &mut Outbox) {
        let rect = ui.max_rect();
        let id = self.lane;
        match ctx.readings.map(|readings| readings[id.index()]) {
            None => own(ui, &ctx, id, rect, outbox),
            Some(read) => watched::headline(ui, &ctx.shown, ctx.choice(id), id, read, rect, outbox),
        }
    }
}

/// The head of a lane that trained here.
fn own(ui: &Ui, ctx: &HeadlineCtx<'_>, id: LaneId, rect: Rect, outbox: &mut Outbox) {
    mark(ui, ctx, id, rect, outbox);
    let p = palette(ui);
    let color = p.lane(id);
    let painter = ui.painter_at(rect);
    let (learn_c, learn_w) = ctx.learns[id.index()].unwrap_or((true, false));
    let t = tokens(ui);
    // A low window has room for two lines, where the figure is smaller.
    let is_low = rect.height() < LOW;
    let left = rect.left() + space::XS;
    let badge = Rect::from_min_size(pos2(left, rect.top() + 2.0), vec2(20.0, 20.0));
    painter.rect_filled(badge, radius::CONTROL, color);
    painter.text(
        badge.center(),
        Align2::CENTER_CENTER,
        id.name().to_uppercase(),
        theme::bold(t.body),
        p.on_lane,
    );
    let fixed = ctx.shown.spec(id).and_then(|spec| spec.fixed.as_ref());
    let name = match fixed {
        Some(fixed) => fixed.method(),
        None => method_name(learn_c, learn_w),
    };
    let method = painter.layout_no_wrap(name.into(), theme::bold(t.title), p.text);
    let at = pos2(badge.right() + space::S, badge.center().y - method.size().y / 2.0);
    let next = at.x + method.size().x + space::S;
    painter.galley(at, method, p.text);
    let parts = what_learns(learn_c, learn_w);
    let line = (!is_low).then(|| counted::line_of(rect));
    let Some(view) = ctx.shown.lane(id) else {
        line.inspect(|line| counted::under(ui, id, ctx.choice(id), *line, None, outbox));
        return;
    };
    let wordings = match (fixed, remedies(view)) {
        _ if view.warms_up_until.is_some() => vec![words!("headline-warm-up").into()],
        (Some(Fixed::Levels(_)), _) => {
            let grid = fixed.map(Fixed::describe).unwrap_or_default();
            vec![words!("headline-nothing-but-a", grid = grid), grid]
        }
        (Some(fixed), Some(remedies)) => {
            let what = fixed.describe();
            vec![words!("headline-with", what = what, remedies = remedies), what]
        }
        (Some(fixed), None) => vec![fixed.describe()],
        (None, Some(remedies)) => vec![format!("{parts} · {remedies}"), remedies],
        // All of the codes in use leave little room.
        (None, None) => vec![parts.into(), String::new()],
    };
    let is_warming_up = view.warms_up_until.is_some();
    let rule = ctx.counted_by;
    let found = counted::in_use(view, rule);
    let share = found.map_or("–".into(), |found| percent(counted::share(view, found)));
    let number_color = if found.is_some() || is_warming_up { color } else { p.weak };
    let size = if is_low { t.figure } else { t.number };
    let number = painter.layout_no_wrap(share, theme::bold(size), number_color);
    let number_left = rect.right() - space::XS - number.size().x;
    let place = Rect::from_min_size(pos2(number_left, rect.top()), number.size());
    Topic::UtilizationWindow.put(ui, place.intersect(rect));
    painter.galley(pos2(number_left, rect.top() - 2.0), number, number_color);
    let words =
        ui.painter_at(Rect::from_min_max(rect.min, pos2(number_left - space::S, rect.bottom())));
    let at = pos2(next, badge.center().y);
    let room = number_left - space::S - next;
    let (anchor, font) = (Align2::LEFT_CENTER, theme::font(t.body));
    // What finds no room is told by the card of what learns.
    let wordings = [wordings, vec![String::new()]].concat();
    first_that_fits(&words, at, anchor, room, font, p.weak, &wordings);
    let codes = count(view.window.size as u64);
    let error = error(view, before(ctx.before, view));
    let mut wordings = match found.map(|found| count(found.used as u64)) {
        _ if is_warming_up => vec![words!("headline-codes-that-wait", codes = codes)],
        Some(used) => vec![
            words!("headline-of-codes-in-use", used = used, codes = codes),
            words!("headline-of-in-use", used = used, codes = codes),
        ],
        None => vec![words!("events-codes", codes = codes)],
    };
    let room = number_left - space::S - left;
    if is_low {
        let with_error: Vec<String> =
            wordings.iter().map(|text| format!("{text}{error}")).collect();
        wordings.splice(0..0, with_error);
        let (at, font) = (pos2(left, rect.top() + 33.0), theme::bold(t.body));
        first_that_fits(&words, at, anchor, room, font, p.text, &wordings);
    } else {
        let size = if rect.width() < NARROW { t.title } else { t.headline };
        let (at, font) = (pos2(left, rect.top() + 37.0), theme::bold(size));
        first_that_fits(&words, at, anchor, room, font, p.text, &wordings);
    }
    if let Some(line) = line {
        let (font, room) = (theme::font(t.small), line.width() - space::L);
        let wordings = how(view, rule, &error);
        let text =
            first_that_fits(&painter, line.left_center(), anchor, room, font, p.weak, &wordings);
        counted::under(ui, id, ctx.choice(id), line, Some(text.right_center()), outbox);
    }
    if ctx.marked.side == id && ctx.shown.specs.len() > 1 {
        painter.hline(
            rect.x_range().shrink(1.0),
            rect.bottom() - 1.5,
            Stroke::new(line::CURVE, color),
        );
    }
}

/// What of C and W learns, in words.
fn what_learns(learn_c: bool, learn_w: bool) -> &'static str {
    match (learn_c, learn_w) {
        (true, true) => words!("headline-c-learns-w-learns"),
        (true, false) => words!("headline-c-learns-w-fixed"),
        (false, true) => words!("headline-c-frozen-w-learns"),
        (false, false) => words!("headline-c-frozen-w-fixed"),
    }
}

/// How the share was counted, in as many words as there is room for.
fn how(view: &LaneView, rule: Option<Rule>, error: &str) -> Vec<String> {
    if let Some(last) = view.warms_up_until {
        let last = count(last);
        return vec![words!("headline-no-quantization-until-step", last = last, error = error)];
    }
    let mut all = counted::wordings(view, rule, error);
    // Beside the run before there is room for the error alone.
    all.push(error.trim_start_matches([' ', '·']).into());
    all
}

/// A click marks the lane, before there is anything to say of it as well.
fn mark(ui: &Ui, ctx: &HeadlineCtx<'_>, id: LaneId, rect: Rect, outbox: &mut Outbox) {
    let response = ui.interact(rect, ui.scope_id().with(("headline", id)), Sense::click());
    response.widget_info(|| WidgetInfo::labeled(Role::Button, true, spoken(ctx, id)));
    theme::focus_ring(ui, &response);
    if response.clicked() {
        outbox.ask(Wish::Mark(Marked { side: id, ..ctx.marked }));
    }
}

/// What a screen reader says of the head: what a click does, and its figures.
fn spoken(ctx: &HeadlineCtx<'_>, id: LaneId) -> String {
    let lane = id.name().to_uppercase();
    let Some(view) = ctx.shown.lane(id) else { return words!("headline-mark-lane", lane = lane) };
    let (learn_c, learn_w) = ctx.learns[id.index()].unwrap_or((true, false));
    let fixed = ctx.shown.spec(id).and_then(|spec| spec.fixed.as_ref());
    let method = fixed.map_or(method_name(learn_c, learn_w), Fixed::method);
    let found = counted::in_use(view, ctx.counted_by);
    words!(
        "headline-mark-lane-with",
        lane = lane,
        method = method,
        used = found.map_or("–".into(), |found| count(found.used as u64)),
        codes = count(view.window.size as u64),
        share = found.map_or("–".into(), |found| percent(counted::share(view, found)))
    ) + &error(view, before(ctx.before, view))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::fixture;

    #[test]
    fn an_error_of_an_earlier_step_says_so() {
        let live = fixture::collapse().run.live.unwrap();
        let mut view = live.lanes[0].clone();
        assert_eq!(error(&view, None), " · MSE 0.00825");
        assert_eq!(error(&view, Some(0.01)), " · MSE 0.00825, before 0.0100");
        view.step = 1296;
        if let Some(eval) = &mut view.eval {
            eval.step = 1200;
        }
        assert_eq!(error(&view, None), " · MSE 0.00825 (step 1,200)");
        view.eval = None;
        assert_eq!(error(&view, None), "");
    }
}
