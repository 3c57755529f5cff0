//! `vqscope shot`: the window as a picture, without a display.

use std::path::PathBuf;

use clap::Args;

use crate::cli::OK;
use crate::cli::choose;
use crate::cli::opening::{Opening, opening};
use crate::cli::options::{Steps, language, page, steps};
use crate::exit::Refusal;
use crate::figure::look::Look;
use crate::figure::panel::Panel;
use crate::lesson::tour::tour;
use crate::scenario::{Scenario, link};
use crate::session::ChosenDevice;
use crate::ui::host::order::{Moment, ShotOrder, Source};
use crate::ui::host::shot;

/// Options of `vqscope shot`.
#[derive(Debug, Args)]
pub struct ShotArgs {
    /// A built-in scenario, a TOML file or a link
    #[arg(required_unless_present = "tour")]
    scenario: Option<String>,
    /// A page of the tour instead, counted from 1: trained to where it stands
    #[arg(long, value_name = "N", conflicts_with_all = ["scenario", "at", "beat", "present", "sets"])]
    tour: Option<usize>,
    /// The step; a link's own without
    #[arg(long, value_name = "STEP")]
    at: Option<Steps>,
    /// The beat of the story instead, counted from 1 in the order of the file: trained to where it
    /// stands, and shown before its answer
    #[arg(long, value_name = "N", conflicts_with = "at")]
    beat: Option<usize>,
    /// As a room sees it: large type and nothing to set
    #[arg(long, conflicts_with = "panel")]
    present: bool,
    /// Width and height in pixels
    #[arg(long, default_value = "1440x900", value_name = "WxH")]
    size: String,
    /// light or dark
    #[arg(long, default_value = "light")]
    theme: String,
    /// Language of the picture: en or ja
    #[arg(long, default_value = "en", value_name = "LANGUAGE")]
    lang: String,
    /// Pixels for a point, 0.5 to 4; the size is in points
    #[arg(long, default_value_t = 1.0, value_name = "X")]
    scale: f32,
    /// window, maps, map-a, map-b, usage-a, usage-b, recon, curves, numbers or timeline
    #[arg(long, default_value = "window", value_name = "NAME")]
    panel: String,
    /// What shows the cause: moved, cells, w, slow, pipeline, place, difference, sentences, inspector,
    /// atlas, before, or some of them with commas between; before is the run without what --set
    /// changes, as dashes and beside the figures
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    cause: Vec<String>,
    /// The picture
    #[arg(long, value_name = "FILE.png")]
    out: PathBuf,
    /// Replace the picture where it is there
    #[arg(long)]
    force: bool,
    /// auto, gpu, cpu, or part of a name that `vqscope devices` prints
    #[arg(long, default_value = "auto")]
    device: String,
    /// Set a key of the scenario, for example train.lr=0.001
    #[arg(long = "set", value_name = "KEY=VALUE")]
    sets: Vec<String>,
}

/// The run of a page of the tour.
fn of_page(page: usize) -> Opening {
    let chapter = &tour().chapters[tour().pages[page].chapter];
    let (story, scenario) = (chapter.story.clone(), chapter.scenario.clone());
    Opening { story, scenario, link: None, resume: None, is_followed: false }
}

/// The story without what is set on the command line.
fn unchanged(name: Option<&str>, sets: &[String]) -> Result<Scenario, Refusal> {
    let name = name.filter(|name| !link::is_link(name));
    match name.filter(|_| !sets.is_empty()) {
        Some(name) => Ok(opening(name, &[])?.scenario),
        None => Err(Refusal::bad_input(
            "--cause before compares a story with what --set changes in it; name a story, and what to change with --set",
        )),
    }
}

/// Draws the picture.
///
/// # Errors
/// What was asked for cannot be drawn.
pub fn run(args: ShotArgs) -> Result<u8, Refusal> {
    let at = steps("--at", 0, args.at).map_err(Refusal::bad_input)?;
    let page = args.tour.map(page).transpose()?;
    let Opening { story, scenario, link, .. } = match (page, &args.scenario) {
        (Some(page), _) => of_page(page),
        (None, name) => {
            // The parser asks for one of the two.
            let name = name.as_deref().unwrap_or_default();
            opening(name, &args.sets)?.untrained(name)?
        }
    };
    let at = match (args.beat, at.or(link.as_ref().map(|link| link.step))) {
        (Some(number), _) => {
            let beats = scenario.beat.len();
            if !(1..=beats).contains(&number) {
                return Err(Refusal::bad_input(format!(
                    "--beat {number} is not there; {story} has {beats} beats, the first is 1"
                )));
            }
            Moment::Beat(number - 1)
        }
        _ if page.is_some() => Moment::Page(page.unwrap_or_default()),
        (None, Some(step)) => Moment::Step(step),
        (None, None) => {
            return Err(Refusal::bad_input(
                "name the step with --at, or a beat with --beat; only a link has its own",
            ));
        }
    };
    let look = Look::new(&args.size, args.scale, &args.theme, Panel::parse(&args.panel))
        .and_then(|look| look.showing(&args.cause))
        .map_err(Refusal::bad_input)?;
    let before = match look.has_before {
        true => Some(unchanged(args.scenario.as_deref(), &args.sets)?),
        false => None,
    };
    let source = Source::Train(ChosenDevice(choose(&args.device)?));
    let language = language(Some(&args.lang))?.unwrap_or_default();
    let (out, is_forced) = (args.out, args.force);
    let is_presented = args.present;
    let order = ShotOrder {
        language,
        story,
        scenario,
        link,
        source,
        before,
        at,
        is_presented,
        look,
        out,
        is_forced,
    };
    shot::run(order)?;
    Ok(OK)
}
