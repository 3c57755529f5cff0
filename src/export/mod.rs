//! `vqscope export`: pictures, films, tables, the report and the weights of a saved run, without a
//! window.
//!
//! What is drawn by the window's own panels comes from a [`Stage`], which only `ui` can build; all
//! else is made here from the plain data of an [`Archive`]. Nothing that is written depends on the
//! clock: the same run gives the same bytes.

mod film;
pub mod kept_steps;
mod model;
mod plan;
mod plots;
mod report;
mod script;
mod tables;
mod video;

use std::path::{Path, PathBuf};

use image::RgbaImage;

use crate::archive::{Archive, ArchiveError};
pub use crate::export::model::Close;
use crate::export::plan::Plan;
use crate::text::{count, shown};

use crate::figure::look::Look;
use crate::figure::look::png;
use crate::files::output;
use crate::record::status::Update;
use crate::scenario::differences::{Present, differences};
use crate::scenario::{LaneSpec, Scenario, demos, parse};
use crate::session::train_to::Closely;

/// Draws a saved run as the window shows it.
pub trait Stage {
    /// Has all pictures that follow keep the axes that hold what is shown at these kept steps.
    ///
    /// # Errors
    /// The picture of a step is damaged.
    fn keep_axes(&mut self, steps: &[u64]) -> Result<(), ExportError>;

    /// The window, or a part of it, as it was after a kept step.
    ///
    /// # Errors
    /// What the graphics adapter reports, the step's picture is damaged, or the part is not there.
    fn frame(&mut self, step: u64) -> Result<RgbaImage, ExportError>;

    /// The same with a beat of the story, before its answer.
    ///
    /// # Errors
    /// As [`Self::frame`].
    fn beat(&mut self, step: u64, number: usize) -> Result<RgbaImage, ExportError>;

    /// Shows in pictures of its step what a picture of the run has of what is looked at closely.
    fn look_closely(&mut self, close: Close);

    /// Shows beside the run what a run of the same story before it told, as after a restart.
    fn show_before(&mut self, updates: Vec<Update>);

    /// What a room saw at a kept step, with what was drawn there.
    ///
    /// # Errors
    /// As [`Self::frame`].
    fn room(&mut self, step: u64) -> Result<RgbaImage, ExportError>;
}

/// Builds a stage for a run.
pub type OpenStage = for<'a> fn(&'a Archive, Look) -> Result<Box<dyn Stage + 'a>, String>;

/// The frames of a film.
#[derive(Clone, Debug)]
pub struct Film {
    /// First step.
    pub from: Option<u64>,
    /// Last step.
    pub to: Option<u64>,
    /// Least steps between two frames; without it and without `fps` a film takes six to ten seconds.
    pub every: Option<u64>,
    /// Frames a second.
    pub fps: Option<f64>,
    /// Whether it stops at the beats of the story.
    pub has_beats: bool,
}

/// What to export, and where to.
#[derive(Clone, Debug)]
pub struct ExportOrder {
    /// Folder of the run.
    pub run: PathBuf,
    /// A picture of one step.
    pub png: Option<PathBuf>,
    /// A folder for the frames of a film.
    pub frames: Option<PathBuf>,
    /// An animated GIF.
    pub gif: Option<PathBuf>,
    /// An MP4 or WebM film.
    pub video: Option<PathBuf>,
    /// Curves or bars for papers.
    pub svg: Option<PathBuf>,
    /// What a panel shows.
    pub csv: Option<PathBuf>,
    /// The report.
    pub html: Option<PathBuf>,
    /// The handout of a meeting.
    pub handout: Option<PathBuf>,
    /// All weights.
    pub model: Option<PathBuf>,
    /// Steps of pictures, tables, maps and weights; the last, or a choice, without.
    pub at: Vec<u64>,
    /// How pictures of the window look.
    pub look: Look,
    /// Frames of films.
    pub film: Film,
    /// Whether files that are there may be replaced.
    pub is_forced: bool,
}

/// Why an export could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// What was asked for cannot be.
    #[error("{0}")]
    BadInput(String),
    /// The run cannot be read.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Something failed while the export was made.
    #[error("{0}")]
    Broken(String),
}

impl From<String> for ExportError {
    /// What nobody could know beforehand.
    fn from(why: String) -> Self {
        Self::Broken(why)
    }
}

/// Makes everything that was asked for, and says what was written, a line a file.
///
/// # Errors
/// The run cannot be read, a place cannot be written, what was asked for is not in the run, or a
/// tool fails. All that can be known beforehand is checked before anything is drawn.
pub fn run(order: &ExportOrder, open: OpenStage) -> Result<Vec<String>, ExportError> {
    let archive = Archive::open(&order.run)?;
    let plan = Plan::new(order, &archive).map_err(ExportError::BadInput)?;
    let written = match order.look.has_before {
        true => Some(as_written(&archive).map_err(ExportError::BadInput)?),
        false => None,
    };
    let mut lines = Vec::new();
    if let Some(file) = &order.csv {
        let text = plan.table(order, &archive)?;
        lines.push(put(file, text.as_bytes(), order)?);
    }
    if let Some(file) = &order.svg {
        let text = plan.plot(order, &archive)?;
        lines.push(put(file, text.as_bytes(), order)?);
    }
    if let Some(file) = &order.html {
        let text = report::write(&archive, &plan.maps)?;
        let maps: Vec<String> = plan.maps.iter().map(|&step| count(step)).collect();
        let line = put(file, text.as_bytes(), order)?;
        lines.push(format!("{line}, maps of the kept steps {}", maps.join("; ")));
    }
    if let Some(file) = &order.handout {
        let (drawn, note) = drawn(&archive, order.look, open)?;
        let text = report::handout(&archive, &plan.maps, &drawn)?;
        lines.push(put(file, text.as_bytes(), order)? + &note);
    }
    if let Some(file) = &order.model {
        let (bytes, note) = model::write(&archive, order.at.first().copied())?;
        let line = put(file, &bytes, order)?;
        lines.push(format!("{line}, {note}"));
    }
    if order.png.is_none() && !order.has_film() {
        return Ok(lines);
    }
    let mut stage = open(&archive, order.look).map_err(ExportError::BadInput)?;
    if let Some(written) = written {
        let last = archive.rows.last().map_or(0, |row| row.step);
        stage.show_before(model::before(written, last)?);
    }
    if let Some(file) = &order.png {
        let layers = order.look.layers;
        let closely = Closely { atlas: layers.atlas, code: layers.inspector, told: layers.slow };
        let mut note = plan.note.clone();
        if closely != Closely::default() {
            let close = model::close(&archive, plan.step, closely)?;
            note.clone_from(&close.note);
            stage.look_closely(close);
        }
        let image = stage.frame(plan.step)?;
        let line = put(file, &png(&image).map_err(ExportError::Broken)?, order)?;
        lines.push(format!("{line}, {note}"));
    }
    if order.has_film() {
        let cues = if order.film.has_beats { script::cues(&archive) } else { Vec::new() };
        let takes = film::takes(&plan.film, &archive.keyframe_steps(), &cues);
        let made = film::film(order, &takes, plan.fps, &mut *stage)?;
        lines.extend(made);
    }
    Ok(lines)
}

/// Pictures of what was drawn before a room, by steps, and a note where there is nothing to draw them
/// with: the handout is whole without them.
fn drawn(
    archive: &Archive,
    look: Look,
    open: OpenStage,
) -> Result<(Vec<(u64, RgbaImage)>, String), ExportError> {
    let steps = kept_steps::drawn(archive).steps();
    if steps.is_empty() {
        return Ok(Default::default());
    }
    let mut stage = match open(archive, look) {
        Ok(stage) => stage,
        Err(why) => return Ok((Vec::new(), format!(", without what was drawn: {why}"))),
    };
    let pictures = steps.into_iter().map(|step| Ok((step, stage.room(step)?)));
    Ok((pictures.collect::<Result<_, ExportError>>()?, String::new()))
}

/// The story of a run as it is written, where its own settings are others.
fn as_written(archive: &Archive) -> Result<Scenario, String> {
    let story = &archive.manifest.story;
    let text = demos::text(story).ok_or_else(|| {
        format!(
            "--cause before compares with a built-in story as it is written, and {} is none; leave before out",
            shown(story)
        )
    })?;
    let written = parse(text, story, &[]).map_err(|error| error.to_string())?;
    let (then, now) = (written.lane_specs(), archive.scenario.lane_specs());
    let mut pairs = then.iter().zip(&now);
    let is_same = |(then, now): (&LaneSpec, &LaneSpec)| {
        differences(&Present::from(then), &Present::from(now)).is_empty()
    };
    if pairs.all(is_same) {
        return Err(format!(
            "--cause before shows what other settings change, and this run has those of {story} as it is written; leave before out"
        ));
    }
    Ok(written)
}

fn put(file: &Path, bytes: &[u8], order: &ExportOrder) -> Result<String, ExportError> {
    output::write(file, bytes, order.is_forced).map_err(ExportError::BadInput)?;
    Ok(written(file, bytes.len() as u64))
}

fn written(file: &Path, bytes: u64) -> String {
    format!("{}: {} kB", file.display(), count(bytes.div_ceil(1000)))
}

impl ExportOrder {
    fn has_film(&self) -> bool {
        self.frames.is_some() || self.gif.is_some() || self.video.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::tests::saved_in;
    use crate::figure::panel::Panel;
    use crate::record::event::{Event, Fact};
    use crate::record::pen::{Over, Stroke};
    use crate::scenario::LaneId;

    /// Draws every step in its own grey.
    struct Grey;

    impl Stage for Grey {
        fn keep_axes(&mut self, _steps: &[u64]) -> Result<(), ExportError> {
            Ok(())
        }

        fn frame(&mut self, step: u64) -> Result<RgbaImage, ExportError> {
            Ok(RgbaImage::from_pixel(4, 3, image::Rgba([step as u8; 4])))
        }

        fn beat(&mut self, step: u64, _number: usize) -> Result<RgbaImage, ExportError> {
            self.frame(step)
        }

        fn look_closely(&mut self, _close: Close) {}

        fn show_before(&mut self, _updates: Vec<Update>) {}

        fn room(&mut self, step: u64) -> Result<RgbaImage, ExportError> {
            self.frame(step)
        }
    }

    #[test]
    fn a_handout_has_what_was_drawn_folded_and_its_maps_have_the_strokes() {
        let place = tempfile::tempdir().unwrap();
        let mut archive = saved_in(place.path());
        let look = Look::new("1280x720", 1.0, "light", Panel::parse("window")).unwrap();
        let none = drawn(&archive, look, |_, _| panic!("there is nothing to draw")).unwrap();
        assert_eq!(none, (Vec::new(), String::new()));
        let plain = report::handout(&archive, &[50], &none.0).unwrap();
        assert!(!plain.contains("class=\"drawn\""));
        let stroke = Some(Stroke::new(Over::Map(LaneId::B), &[[0.1, 0.1], [0.4, 0.3]]));
        archive.events.push(Event::new(60, None, Fact::Drawn { step: 60, stroke }));
        let (pictures, note) = drawn(&archive, look, |_, _| Ok(Box::new(Grey))).unwrap();
        assert_eq!((pictures.len(), pictures[0].0, note.as_str()), (1, 50, ""));
        let page = report::handout(&archive, &[50], &pictures).unwrap();
        let at = |words: &str| page.find(words).unwrap_or_else(|| panic!("no {words} in it"));
        assert!(at("<details class=\"drawn\">") < at("<img alt=\"step 50\""));
        assert!(at("<img alt=\"step 50\"") < at("<details class=\"report\">"));
        let strokes = |page: &str| page.matches("stroke=\"var(--bad)\"").count();
        assert_eq!(strokes(&page), strokes(&plain) + 1);
        // Where nothing can draw, the handout is there without them, and says so.
        let (pictures, note) = drawn(&archive, look, |_, _| Err("no adapter".into())).unwrap();
        assert!(pictures.is_empty() && note.ends_with("without what was drawn: no adapter"));
    }
}
