//! The handout of a meeting: the story's questions first, with their answers folded, and the report
//! behind them.

use image::RgbaImage;

use crate::archive::Archive;
use crate::export::ExportError;
use crate::export::report::Page;
use crate::export::script::cues;
use crate::figure::svg::{data_uri, escape};
use crate::lesson::figures::{filled, said};
use crate::record::metric::value;
use crate::scenario::figures::Figure;
use crate::scenario::{Beat, BeatKind, ExpectStep, LaneId, Metric, Told};
use crate::text::count;
use crate::words;

/// The story's questions, each with its answer folded below it.
pub fn questions(page: &mut Page, archive: &Archive) {
    page.element("h1", "", words!("handout-title"));
    page.element("p", "about", words!("handout-guess-first"));
    page.raw("<ol class=\"questions\">");
    for cue in cues(archive) {
        let beat = &archive.scenario.beat[cue.beat];
        match beat.kind {
            BeatKind::Ask | BeatKind::Recall => question(page, archive, beat, cue.step),
            BeatKind::Do => {
                page.raw("<li>");
                page.element("p", "", &text(archive, &beat.text, cue.step));
                page.raw("</li>");
            }
            BeatKind::Say => {}
        }
    }
    page.raw("</ol>");
}

/// What was drawn before the room, folded: pictures of what it saw at some steps.
///
/// # Errors
/// A picture cannot be encoded.
pub fn drawn(page: &mut Page, pictures: &[(u64, RgbaImage)]) -> Result<(), ExportError> {
    if pictures.is_empty() {
        return Ok(());
    }
    let summary = escape(words!("handout-drawn"));
    page.raw(&format!("<details class=\"drawn\"><summary>{summary}</summary>"));
    for (step, picture) in pictures {
        let uri = data_uri(&picture.clone().into())?;
        let caption = escape(&words!("handout-drawn-at", step = count(*step)));
        page.raw(&format!(
            "<figure><img alt=\"{caption}\" src=\"{uri}\"/><figcaption>{caption}</figcaption></figure>"
        ));
    }
    page.raw("</details>");
    Ok(())
}

fn question(page: &mut Page, archive: &Archive, beat: &Beat, step: u64) {
    page.raw("<li>");
    page.element("p", "", &text(archive, &beat.text, step));
    if !beat.choices.is_empty() {
        page.raw("<ul>");
        for choice in &beat.choices {
            page.element("li", "", choice.text.spoken());
        }
        page.raw("</ul>");
    }
    page.raw(&format!("<details><summary>{}</summary>", escape(words!("handout-answer"))));
    for sentence in answers(archive, beat) {
        page.element("p", "answer", &sentence);
    }
    page.raw("</details></li>");
}

/// What is true, a sentence a lane.
fn answers(archive: &Archive, beat: &Beat) -> Vec<String> {
    let Some(of) = beat.of else { return Vec::new() };
    let until = match beat.until {
        Some(ExpectStep::At(step)) => step,
        _ => archive.scenario.steps,
    };
    let answer = |lane: LaneId| {
        let name = lane.name().to_uppercase();
        let Some(truth) = at(archive, lane, of.metric, until) else {
            return words!("handout-not-reached", lane = name, step = count(until));
        };
        let right = beat.choices.iter().find(|choice| choice.holds(truth));
        let truth = said(of.metric, truth);
        match right {
            Some(choice) => words!(
                "handout-choice-is",
                lane = name,
                choice = choice.text.spoken(),
                truth = truth,
                step = count(until)
            ),
            None => words!("handout-it-is", lane = name, truth = truth, step = count(until)),
        }
    };
    of.lanes(&archive.scenario).into_iter().map(answer).collect()
}

/// The value of a metric at a step.
fn at(archive: &Archive, lane: LaneId, metric: Metric, step: u64) -> Option<f64> {
    let from = archive.rows.partition_point(|row| row.step < step);
    let rows = archive.rows[from..].iter().take_while(|row| row.step == step);
    rows.filter(|row| row.lane == lane).find_map(|row| value(metric, row))
}

/// A text with the figures that were known where it stands.
fn text(archive: &Archive, told: &Told, step: u64) -> String {
    let codes = |lane| Some(archive.scenario.lane(lane)?.size);
    let known = |figure: Figure| {
        at(archive, figure.lane, figure.of.metric, figure.step.unwrap_or(step).min(step))
    };
    filled(told.spoken(), known, codes)
}
