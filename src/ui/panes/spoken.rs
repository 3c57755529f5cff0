//! What a screen reader says of pictures: each has a name and a sentence with its figures.

use egui::{Rect, Response, Role, Sense, Ui, WidgetInfo};

use crate::analysis::history::LaneHistory;
use crate::record::life::Life;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::record::usage::{CountedIn, Usage};
use crate::text::{count, percent, significant};
use crate::ui::panes::course::Course;
use crate::ui::state::stage::Stage;
use crate::ui::widgets::theme;
use crate::words;

/// Gives a picture its sentence; it is worked out where somebody listens.
pub fn say(response: &Response, sentence: impl Fn() -> String) {
    response.widget_info(|| WidgetInfo::labeled(Role::Image, true, sentence()));
}

/// Gives something painted that nobody operates a name and a sentence; Tab reaches it, and it has a ring
/// while it has the focus.
pub fn put(ui: &Ui, rect: Rect, (id, role): (&str, Role), sentence: impl Fn() -> String) {
    let response =
        ui.interact(rect, ui.scope_id().with(("spoken", id)), Sense::focusable_noninteractive());
    response.widget_info(|| WidgetInfo::labeled(role, true, sentence()));
    theme::focus_ring(ui, &response);
}

/// Gives a plot its sentence, and a ring while it has the focus.
pub fn say_of_plot(ui: &Ui, response: &Response, sentence: &str) {
    say(response, || sentence.into());
    theme::focus_ring(ui, response);
}

/// The codes of a map: how many are in use, fell out of use, never were.
pub fn map(view: &LaneView, stage: Stage) -> String {
    let lane = (stage.terms().lane)(view.id);
    let (outputs, codes) = (count(view.latents.len() as u64), count(view.codes.len() as u64));
    if !view.knows_use() {
        return words!("spoken-map-of-codes-alone", lane = lane, codes = codes, outputs = outputs);
    }
    let lives = |life: Life| {
        let all = (0..view.codes.len()).filter(|code| view.life(*code) == life);
        count(all.count() as u64)
    };
    if view.ever_used.is_empty() {
        return words!(
            "spoken-map-of-a-file",
            lane = lane,
            used = lives(Life::InUse),
            codes = codes,
            outputs = outputs
        );
    }
    words!(
        "spoken-map",
        lane = lane,
        used = lives(Life::InUse),
        codes = codes,
        fallen = lives(Life::FellOut),
        never = lives(Life::Never),
        outputs = outputs
    )
}

/// The bars: by how many tokens how many codes were used, and the most used of them.
pub fn bars(view: &LaneView, usage: Usage, counts: &[u32], stage: Stage) -> String {
    let lane = (stage.terms().lane)(view.id);
    if counts.is_empty() || view.counted_in.is_tokens() && usage.tokens == 0 {
        return words!("spoken-bars-of-nothing", lane = lane);
    }
    let (used, codes) = (count(usage.used as u64), count(usage.size as u64));
    let most = view.counted_in.words(counts.iter().copied().max().unwrap_or(0));
    match view.counted_in {
        CountedIn::Tokens => words!(
            "spoken-bars",
            lane = lane,
            used = used,
            codes = codes,
            tokens = count(usage.tokens as u64),
            most = most
        ),
        CountedIn::Millionths => {
            words!("spoken-bars-of-shares", lane = lane, used = used, codes = codes, most = most)
        }
        CountedIn::Flags => {
            words!("spoken-bars-of-flags", lane = lane, used = used, codes = codes)
        }
    }
}

/// The reconstructions: how many pictures, and the error of each lane.
pub fn recon(snapshot: &Snapshot) -> String {
    let pictures = snapshot.lanes.iter().find_map(|lane| lane.pictures.as_ref());
    let number = pictures.map_or(0, |pictures| pictures.inputs.len());
    let error = |view: &LaneView| {
        let mse = view.eval.map_or("–".into(), |eval| significant(eval.recon_mse));
        words!("spoken-error", lane = view.id.name().to_uppercase(), mse = mse)
    };
    let errors: Vec<String> = snapshot.lanes.iter().map(error).collect();
    words!("spoken-recon", number = count(number as u64), errors = errors.join(", "))
}

/// The timeline: how far the run is of its story, and the newest values of each lane.
pub fn timeline(run: &Course<'_>) -> String {
    let terms = run.shown.stage.terms();
    let newest = |lane: &LaneHistory| {
        let used = lane.counted_by(run.rule).buckets().last();
        let used = used.map_or("–".into(), |bucket| percent(bucket.mean));
        let below =
            (terms.below)(lane).buckets().last().map_or("–".into(), |b| significant(b.mean));
        (used, below)
    };
    let lanes = run.shown.specs.iter().map(|spec| {
        let (used, below) = newest(run.history.lane(spec.id));
        (terms.newest)(spec.id, &used, &below)
    });
    words!(
        "spoken-timeline",
        step = count(run.shown.step),
        steps = count(run.of_story.max(run.history.step)),
        lanes = lanes.collect::<Vec<_>>().join("; ")
    )
}
