//! The arguments of `vqscope export`.

use std::path::PathBuf;

use clap::Args;

use crate::cli::options::{Steps, language, steps};
use crate::exit::Refusal;
use crate::export::{self, ExportError, ExportOrder, Film};
use crate::figure::look::Look;
use crate::figure::panel::Panel;
use crate::say;
use crate::ui::host::player;
use crate::words::within;

/// What `vqscope export` is asked for.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Folder of a saved run
    run: PathBuf,
    /// Picture of the window, or of --panel, at a step
    #[arg(long, value_name = "FILE.png")]
    png: Option<PathBuf>,
    /// One picture for each kept step of a range
    #[arg(long, value_name = "DIR")]
    frames: Option<PathBuf>,
    /// The same as an animated GIF
    #[arg(long, value_name = "FILE.gif")]
    gif: Option<PathBuf>,
    /// The same as MP4, or as WebM by its suffix; needs the program ffmpeg
    #[arg(long, value_name = "FILE.mp4")]
    mp4: Option<PathBuf>,
    /// Curves, timeline, bars or map for papers: --panel says which
    #[arg(long, value_name = "FILE.svg", requires = "panel")]
    svg: Option<PathBuf>,
    /// What a panel shows as numbers: --panel says which
    #[arg(long, value_name = "FILE.csv", requires = "panel")]
    csv: Option<PathBuf>,
    /// Report in one file that opens without a network
    #[arg(long, value_name = "FILE.html")]
    html: Option<PathBuf>,
    /// The same for a meeting: the story's questions first, their answers and the report folded
    #[arg(long, value_name = "FILE.html")]
    handout: Option<PathBuf>,
    /// All weights at a step, for Python: what `vqscope run` writes at its end
    #[arg(long, value_name = "FILE.safetensors")]
    model: Option<PathBuf>,
    /// Step of pictures and tables, or steps of the maps in a report, of which the kept one before
    /// counts; step of the weights, which are trained again where it was not kept
    #[arg(long, value_name = "STEP", value_delimiter = ',')]
    at: Vec<Steps>,
    /// window, maps, map-a, map-b, usage-a, usage-b, recon, curves, numbers or timeline
    #[arg(long, value_name = "NAME")]
    panel: Option<String>,
    /// What shows the cause in pictures and films: moved, cells, w, slow, pipeline, place, difference,
    /// sentences, inspector, atlas, before, or some of them with commas between; of slow, inspector and
    /// atlas nothing is kept, and for --png the run is trained to the step again; before is the built-in
    /// story as it is written, trained on the CPU, as dashes and beside the figures
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    cause: Vec<String>,
    /// Pixels for a point, 0.5 to 4; 1 for the window, and so many that a panel is 1280 pixels wide
    /// without
    #[arg(long, value_name = "X")]
    scale: Option<f32>,
    /// Width and height of the window in points; 1280x720 for a film and 1440x900 for a picture without
    #[arg(long, value_name = "WxH")]
    size: Option<String>,
    /// light or dark
    #[arg(long, default_value = "light")]
    theme: String,
    /// Language of pictures, films and the report: en or ja; tables are English
    #[arg(long, default_value = "en", value_name = "LANGUAGE")]
    lang: String,
    /// First step of a film
    #[arg(long, value_name = "STEP")]
    from: Option<Steps>,
    /// Last step of a film
    #[arg(long, value_name = "STEP")]
    to: Option<Steps>,
    /// Least steps between two frames; without it and --fps a film takes six to ten seconds
    #[arg(long, value_name = "STEPS")]
    every: Option<Steps>,
    /// Frames a second of a film, 1 to 50; 20 without
    #[arg(long, value_name = "N")]
    fps: Option<f64>,
    /// Have the film stop at the beats of the story: its texts and its questions, as long as they take
    /// to read
    #[arg(long)]
    beats: bool,
    /// Replace files that are there
    #[arg(long)]
    force: bool,
}

impl ExportArgs {
    /// The order that the arguments make.
    ///
    /// # Errors
    /// One sentence where they do not go together.
    pub fn order(self) -> Result<ExportOrder, String> {
        let panel = self.panel.as_deref().map_or(Ok(Panel::Window), Panel::parse)?;
        let stills = [&self.png, &self.svg, &self.csv, &self.model];
        let is_still = stills.into_iter().any(Option::is_some);
        let is_film = self.frames.is_some() || self.gif.is_some() || self.mp4.is_some();
        let at: Vec<u64> =
            self.at.iter().map(|typed| typed.of("--at", 0)).collect::<Result<_, _>>()?;
        let from = steps("--from", 0, self.from)?;
        let to = steps("--to", 0, self.to)?;
        let every = steps("--every", 1, self.every)?;
        let is_chosen = from.or(to).or(every).is_some() || self.fps.is_some() || self.beats;
        let others = [&self.gif, &self.mp4, &self.html, &self.handout, &self.frames];
        let mut files: Vec<&PathBuf> = stills.into_iter().chain(others).flatten().collect();
        let asked = files.len();
        files.sort_unstable();
        files.dedup();
        let has_page = self.html.is_some() || self.handout.is_some();
        if !is_still && !is_film && !has_page {
            Err("nothing to export; name a file with --png, --gif, --mp4, --frames, --svg, --csv, --html, --handout or --model".into())
        } else if files.len() < asked {
            Err("two exports name the same file; give each a name of its own".into())
        } else if is_chosen && !is_film {
            Err("--from, --to, --every, --fps and --beats choose frames; name a film with --gif, --mp4 or --frames".into())
        } else if at.len() > 1 && is_still {
            Err("--png, --svg, --csv and --model show one step; give --at one step, or export --html by itself".into())
        } else if !at.is_empty() && !is_still && !has_page {
            Err("--at chooses the step of a picture; a film takes --from and --to".into())
        } else if let Some(fps) = self.fps.filter(|fps| !(1.0..=50.0).contains(fps)) {
            Err(format!("--fps {fps} is not possible; use 1 to 50"))
        } else {
            let usual = if is_film && self.png.is_none() { "1280x720" } else { "1440x900" };
            let size = self.size.as_deref().unwrap_or(usual);
            let scale = self.scale.unwrap_or(1.0);
            let look = Look::new(size, scale, &self.theme, Ok(panel))?.showing(&self.cause)?;
            let look = Look { is_for_slide: self.scale.is_none(), ..look };
            Ok(ExportOrder {
                run: self.run,
                png: self.png,
                frames: self.frames,
                gif: self.gif,
                video: self.mp4,
                svg: self.svg,
                csv: self.csv,
                html: self.html,
                handout: self.handout,
                model: self.model,
                at,
                look,
                film: Film { from, to, every, fps: self.fps, has_beats: self.beats },
                is_forced: self.force,
            })
        }
    }
}

/// Does what the arguments ask for and prints a line for each file.
///
/// # Errors
/// A sentence, with the exit code that goes with it.
pub fn command(args: ExportArgs) -> Result<(), Refusal> {
    let language = language(Some(&args.lang))?.unwrap_or_default();
    let order = args.order().map_err(Refusal::bad_input)?;
    let lines = within(language, || export::run(&order, player::open));
    let lines = lines.map_err(|error| match error {
        ExportError::Broken(_) => Refusal::broken(error),
        ExportError::BadInput(_) | ExportError::Archive(_) => Refusal::bad_input(error),
    })?;
    lines.iter().for_each(say::line);
    Ok(())
}
