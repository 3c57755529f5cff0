//! `vqscope watch`: codebooks that another program saves.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use crate::cli::OK;
use crate::cli::options::{Steps, check_renderer, language, steps};
use crate::engine::device;
use crate::exit::Refusal;
use crate::figure::look::Look;
use crate::figure::panel::Panel;
use crate::session::recorder::Budgets;
use crate::ui::host::order::{Moment, ShotOrder, Source, WindowOrder};
use crate::ui::host::{shell, shot};
use crate::watch::follow::scenario;
use crate::watch::reader;
use crate::watch::reader::names_file;

/// What is to be watched.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// A folder of .safetensors, .npz or .npy files, or one of them
    path: PathBuf,
    /// Draw the window into this file instead, without a display
    #[arg(long, value_name = "FILE.png")]
    shot: Option<PathBuf>,
    /// Width and height of that picture in pixels
    #[arg(long, default_value = "1440x900", value_name = "WxH", requires = "shot")]
    size: String,
    /// light or dark, for that picture
    #[arg(long, default_value = "light", requires = "shot")]
    theme: String,
    /// Language of the window, or of that picture: en or ja
    #[arg(long, value_name = "LANGUAGE")]
    lang: Option<String>,
    /// auto, wgpu or glow
    #[arg(long, default_value = "auto", conflicts_with = "shot")]
    renderer: String,
    /// Close the window by itself once this step is drawn
    #[arg(long, value_name = "STEP", requires = "report", conflicts_with = "shot")]
    exit_at: Option<Steps>,
    /// Write what the window measured of itself to this file when it closes
    #[arg(long, value_name = "FILE.json", conflicts_with = "shot")]
    report: Option<PathBuf>,
    /// Replace the picture or the report where it is there
    #[arg(long)]
    force: bool,
}

/// Opens the window on the files, or draws it.
pub fn run(args: WatchArgs, started: Instant) -> Result<u8, Refusal> {
    let WatchArgs { path, shot, size, theme, lang, renderer, exit_at, report, force } = args;
    let exit_at = steps("--exit-at", 0, exit_at).map_err(Refusal::bad_input)?;
    let language = language(lang.as_deref())?;
    // A folder may be made by the training that is about to start; a file is named once it is there.
    let is_there = path.exists();
    if !is_there && (shot.is_some() || names_file(&path)) {
        return Err(Refusal::bad_input(format!(
            "{} is not there; name a folder or a file of saved codebooks",
            path.display()
        )));
    }
    if is_there && !path.is_dir() {
        // Of a single file it is known at once whether there is anything to look at.
        reader::read(&path).map_err(Refusal::bad_input)?;
    }
    let story = path.display().to_string();
    let scenario = scenario(&path, [1, 1]);
    let source = Source::Watch(path);
    match shot {
        Some(out) => {
            let look =
                Look::new(&size, 1.0, &theme, Ok(Panel::Window)).map_err(Refusal::bad_input)?;
            shot::run(ShotOrder {
                language: language.unwrap_or_default(),
                story,
                scenario,
                link: None,
                source,
                at: Moment::Step(0),
                is_presented: false,
                look,
                out,
                is_forced: force,
            })?;
            Ok(OK)
        }
        None => {
            check_renderer(&renderer)?;
            let has_gpu = device::choose("gpu", &device::list()).is_ok();
            shell::run(WindowOrder {
                language,
                started,
                story,
                scenario,
                link: None,
                source,
                has_gpu,
                renderer,
                home: None,
                is_own_home: false,
                budgets: Budgets::default(),
                resume: None,
                present: None,
                tour: None,
                exit_at,
                report,
                is_forced: force,
            })
        }
    }
}
