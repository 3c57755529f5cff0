//! What an export needs of the run, found out before anything is drawn; and what needs no window.

use std::path::PathBuf;

use crate::archive::Archive;
use crate::export::plots::{self, Story};
use crate::export::{ExportError, ExportOrder, kept_steps, tables};
use crate::figure::panel::Panel;
use crate::figure::{chart, map, panel, svg};
use crate::files::output;
use crate::record::snapshot::{LaneView, Snapshot};
use crate::scenario::{LaneId, method_name};
use crate::text::count;

/// What was asked for, in terms of what was kept.
pub struct Plan {
    /// The step of pictures and of tables at a step.
    pub step: u64,
    /// Which step that is, in words.
    pub note: String,
    /// The step up to which curves go.
    pub until: u64,
    /// Steps of the maps in a report.
    pub maps: Vec<u64>,
    /// Steps of a film.
    pub film: Vec<u64>,
    /// Frames a second of a film.
    pub fps: f64,
}

impl Plan {
    /// Looks into what the run has kept.
    ///
    /// # Errors
    /// One sentence where something that was asked for is not there or cannot be written.
    pub fn new(order: &ExportOrder, archive: &Archive) -> Result<Self, String> {
        // The newest rows of a run that was cut off are in its newest state alone.
        let saved = archive.rows.last().map_or(0, |row| row.step).max(archive.manifest.step);
        let kept = archive.keyframe_steps();
        let asked = order.at.first().copied();
        if let Some(late) = order.at.iter().find(|&&step| step > saved) {
            return Err(format!(
                "--at {late} is after the end: the run is saved up to step {}",
                count(saved)
            ));
        }
        let is_table =
            |p: &Option<PathBuf>| p.is_some() && !tables::is_over_steps(order.look.panel);
        let step = if order.png.is_some() || is_table(&order.csv) || is_table(&order.svg) {
            kept_steps::at(&kept, asked)?
        } else {
            0
        };
        let note = match asked {
            Some(asked) if asked != step => {
                format!("step {} (the kept one before {})", count(step), count(asked))
            }
            _ => format!("step {}", count(step)),
        };
        let maps = match order.at.as_slice() {
            [] => kept_steps::spread(&kept),
            asked if order.html.is_some() || order.handout.is_some() => {
                let near = |&step: &u64| kept_steps::at(&kept, Some(step));
                let mut maps = asked.iter().map(near).collect::<Result<Vec<u64>, _>>()?;
                maps.sort_unstable();
                maps.dedup();
                maps
            }
            _ => Vec::new(),
        };
        let wanted = &order.film;
        let film = match order.has_film() {
            true => kept_steps::range(&kept, wanted.from, wanted.to, wanted.every.unwrap_or(1))?,
            false => Vec::new(),
        };
        // Single frames are all of them; a film is as long as somebody looks at a slide.
        let is_moving = order.gif.is_some() || order.video.is_some();
        let is_chosen = wanted.every.is_some() || wanted.fps.is_some() || wanted.has_beats;
        let (film, fps) = match is_moving && !is_chosen && order.frames.is_none() {
            true => kept_steps::paced(&film),
            false => (film, wanted.fps.unwrap_or(kept_steps::FPS)),
        };
        let plan = Self { step, note, until: asked.unwrap_or(saved), maps, film, fps };
        plan.check_places(order, archive)?;
        Ok(plan)
    }

    fn check_places(&self, order: &ExportOrder, archive: &Archive) -> Result<(), String> {
        let lanes = archive.scenario.lane_ids();
        if let Some(id) = order.look.panel.lane().filter(|id| !lanes.contains(id)) {
            return Err(format!(
                "--panel {} shows lane {}, which this run does not have",
                order.look.panel.name(),
                id.name()
            ));
        }
        if order.csv.is_some() && !tables::TABLES.contains(&order.look.panel) {
            return Err(tables::not_a_table(order.look.panel));
        }
        if order.svg.is_some() && !DRAWN.contains(&order.look.panel) {
            let (panel, all) = (order.look.panel.name(), panel::list(&DRAWN));
            return Err(format!("--panel {panel} is no plot; use --svg with {all}, or --png"));
        }
        let files: [(&Option<PathBuf>, &[&str]); 8] = [
            (&order.png, &["png"]),
            (&order.gif, &["gif"]),
            (&order.video, &["mp4", "webm"]),
            (&order.svg, &["svg"]),
            (&order.csv, &["csv"]),
            (&order.html, &["html", "htm"]),
            (&order.handout, &["html", "htm"]),
            (&order.model, &["safetensors"]),
        ];
        for (file, suffixes) in files {
            if let Some(file) = file {
                output::check(file, suffixes, order.is_forced)?;
            }
        }
        order.frames.as_deref().map_or(Ok(()), |f| output::prepare_folder(f, order.is_forced))
    }

    /// The table that was asked for.
    ///
    /// # Errors
    /// A picture of the run is damaged.
    pub fn table(&self, order: &ExportOrder, archive: &Archive) -> Result<String, ExportError> {
        let panel = order.look.panel;
        if tables::is_over_steps(panel) {
            return Ok(tables::over_steps(panel, &Story::new(archive, self.until)));
        }
        tables::at_step(panel, &archive.keyframe(self.step)?).map_err(ExportError::BadInput)
    }

    /// The plot that was asked for.
    ///
    /// # Errors
    /// A picture of the run is damaged.
    pub fn plot(&self, order: &ExportOrder, archive: &Archive) -> Result<String, ExportError> {
        let (panel, ink) = (order.look.panel, &svg::PAPER);
        let methods = archive.scenario.lane_specs();
        let methods = methods.iter().map(|spec| named(spec.id, spec.method()));
        let methods: Vec<String> = methods.collect();
        let title = &format!("{} · {}", &*archive.scenario.title, methods.join(" · "));
        let story = || Story::new(archive, self.until);
        match panel {
            Panel::Curves => {
                let story = story();
                let charts = [story.losses(ink), story.utilization(ink), story.error(ink)];
                Ok(chart::document(&charts, ink, title))
            }
            Panel::Timeline => {
                let story = story();
                Ok(chart::document(&[story.utilization(ink), story.error(ink)], ink, title))
            }
            Panel::Map(id) => {
                let snapshot = archive.keyframe(self.step)?;
                let view = tables::lane(&snapshot, panel, id).map_err(ExportError::BadInput)?;
                let name = named(id, present(archive, view));
                let name = format!("{name}, step {}", count(self.step));
                let drawn = kept_steps::drawn(archive);
                let strokes: Vec<_> = drawn.over_map(self.step, id).collect();
                Ok(map::draw(view, ink, &name, (460.0, order.look.layers, &strokes), true))
            }
            Panel::Usage(id) => {
                let snapshot = archive.keyframe(self.step)?;
                let view = tables::lane(&snapshot, panel, id).map_err(ExportError::BadInput)?;
                let bars = bars(&snapshot, view, present(archive, view), ink);
                Ok(chart::document(&[bars], ink, title))
            }
            Panel::Window | Panel::Maps | Panel::Recon | Panel::Numbers => {
                Err(ExportError::BadInput(tables::not_a_table(panel)))
            }
        }
    }
}

/// Panels that are drawn as SVG.
const DRAWN: [Panel; 6] = {
    use crate::scenario::LaneId::{A, B};
    [Panel::Curves, Panel::Timeline, Panel::Map(A), Panel::Map(B), Panel::Usage(A), Panel::Usage(B)]
};

/// "A SimVQ".
fn named(id: LaneId, method: &str) -> String {
    format!("{} {method}", plots::upper(id))
}

/// The method of a lane at the step of a view.
fn present(archive: &Archive, view: &LaneView) -> &'static str {
    match archive.scenario.lane(view.id).and_then(|spec| spec.fixed) {
        Some(fixed) => fixed.method(),
        None => method_name(view.learn_c, view.learn_w),
    }
}

/// The usage bars of a lane at one step.
fn bars(snapshot: &Snapshot, view: &LaneView, method: &str, ink: &svg::Ink) -> chart::Chart {
    let most = snapshot.lanes.iter().flat_map(|l| l.window_counts.iter().copied()).max();
    let bars = [plots::Bars {
        name: plots::window_name(snapshot.step, view),
        counts: &view.window_counts,
        usage: view.window,
    }];
    let title = format!("Use of the codes of lane {} ({method})", plots::upper(view.id));
    plots::usage(&title, ink.lane(view.id), ink, &bars, most.unwrap_or(0))
}
