//! `vqscope watch`: codebooks that another program saves.

use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::Args;

use crate::cli::OK;
use crate::cli::options::{Steps, check_renderer, language, steps};
use crate::engine::device;
use crate::exit::Refusal;
use crate::figure::look::Look;
use crate::figure::panel::Panel;
use crate::record::event::Lookup;
use crate::record::watching::{Shown, Wishes};
use crate::say;
use crate::session::recorder::Budgets;
use crate::ui::host::order::{Moment, ShotOrder, Source, Watch, WindowOrder};
use crate::ui::host::{shell, shot};
use crate::watch::check::{self, Bound};
use crate::watch::follow::scenario;
use crate::watch::reader;
use crate::watch::reader::names_file;
use crate::watch::rules::wishes;
use crate::words;

/// A bound is crossed.
const CROSSED: u8 = 1;

/// What is to be watched.
#[derive(Debug, Args)]
pub struct WatchArgs {
    /// A folder of .safetensors, .npz, .npy, .pt, .pth, .ckpt, .bin or .th files, or one of them; a second
    /// one is shown beside it, as A and B
    #[arg(required = true, num_args = 1..=2, value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The array of codes, by its name or the end of it; * for a number takes all levels
    #[arg(long, value_name = "NAME")]
    codebook: Option<String>,
    /// The array that says how often each code was chosen
    #[arg(long, value_name = "NAME")]
    usage: Option<String>,
    /// How the model looks for a code: l2, cosine or dot
    #[arg(long, value_name = "LOOKUP", value_parser = lookup)]
    lookup: Option<Lookup>,
    /// Whether the array holds one code a column
    #[arg(long, value_name = "yes|no", num_args = 0..=1, require_equals = true, default_missing_value = "yes", value_parser = yes_or_no)]
    transpose: Option<bool>,
    /// Which of several codebooks is drawn, from 0; two as A and B (0,3); or "all", side by side
    #[arg(long, value_name = "N", value_parser = level)]
    level: Option<Level>,
    /// Which number of the files' names is the step, counted from 1 (folders below PATH included), where
    /// several may be
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    step_from: Option<u16>,
    /// Write codebook, usage, lookup, transpose and level into vqscope.toml beside the files, from where
    /// they are taken next time
    #[arg(long)]
    remember: bool,
    /// Print what the window would say of the newest file, without a window; what was chosen in a window
    /// does not count here, so that it says the same on every machine
    #[arg(long, conflicts_with_all = ["shot", "report", "exit_at"])]
    check: bool,
    /// Print it as JSON
    #[arg(long, requires = "check")]
    json: bool,
    /// End with 1 where a bound is crossed: use<0.5, perplexity<0.1K, dead>10%, used<200, error>1, drift>2
    #[arg(long, value_name = "BOUND", requires = "check")]
    fail: Vec<String>,
    /// Draw the window into this file instead, without a display; what was chosen in a window does not
    /// count here
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

fn lookup(text: &str) -> Result<Lookup, String> {
    let all = [Lookup::L2, Lookup::Cosine, Lookup::Dot];
    let found = all.into_iter().find(|lookup| lookup.name() == text);
    found.ok_or_else(|| "it is l2, cosine or dot".into())
}

/// Which of several codebooks are shown.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Level {
    One(usize),
    Two(usize, usize),
    All,
}

fn level(text: &str) -> Result<Level, String> {
    let number = |text: &str| text.trim().parse::<usize>().ok();
    let found = match text.split_once(',') {
        _ if text == "all" => Some(Level::All),
        Some((a, b)) => number(a).zip(number(b)).map(|(a, b)| Level::Two(a, b)),
        None => number(text).map(Level::One),
    };
    found.ok_or_else(|| "it is a number from 0, two of them as in 0,3, or all".into())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err("it is yes or no".into()),
    }
}

/// What the command line says of the arrays, and of which codebooks are shown.
fn said(args: &WatchArgs) -> Shown {
    let wishes = |level| Wishes {
        codebook: args.codebook.clone(),
        usage: args.usage.clone(),
        lookup: args.lookup,
        transpose: args.transpose,
        level,
        step_from: args.step_from.map(usize::from),
    };
    let is_pair = args.paths.len() > 1;
    let (a, b) = match args.level {
        Some(Level::Two(a, b)) => (Some(a), Some(Some(b))),
        Some(Level::One(level)) => (Some(level), is_pair.then_some(Some(level))),
        Some(Level::All) | None => (None, is_pair.then_some(None)),
    };
    let is_all = args.level == Some(Level::All);
    Shown { a: wishes(a), b: b.map(wishes), is_all }
}

/// What was remembered beside the files of each path; what is said now is written there if it is to be.
fn kept(args: &WatchArgs, said: &Shown) -> Result<Vec<Wishes>, Refusal> {
    let kept = args.paths.iter().map(|path| wishes::kept(path)).collect::<Result<Vec<_>, _>>();
    let kept = kept.map_err(Refusal::bad_input)?;
    if args.remember {
        let ([path], [before], None) = (&args.paths[..], &kept[..], &said.b) else {
            return Err(Refusal::bad_input(
                "--remember writes what is said of one codebook; say it of one path, with one --level",
            ));
        };
        if !path.exists() {
            return Err(Refusal::bad_input(format!(
                "{} is not there, so nothing can be remembered beside it",
                path.display()
            )));
        }
        let all = said.a.clone().or(before.clone());
        let place = wishes::keep(&all, path).map_err(Refusal::bad_input)?;
        say::error(format!("wrote {}", place.display()));
    }
    Ok(kept)
}

/// Prints what the newest file says; 1 where a bound is crossed.
fn check(args: &WatchArgs) -> Result<u8, Refusal> {
    let bounds = args.fail.iter().map(|text| Bound::parse(text)).collect::<Result<Vec<_>, _>>();
    let bounds = bounds.map_err(Refusal::bad_input)?;
    let language = language(args.lang.as_deref())?;
    let said = said(args);
    let ([path], None, false) = (&args.paths[..], &said.b, said.is_all) else {
        return Err(Refusal::bad_input(
            "--check looks at one path, and tells of every level; call it for each",
        ));
    };
    let kept = kept(args, &said)?.into_iter().next().unwrap_or_default();
    // What was chosen in a window would let the same command end otherwise on another machine.
    let wishes = said.a.or(kept);
    let found = words::within(language.unwrap_or_default(), || {
        let found = check::check(path, &wishes)?;
        let crossed = check::crossed(&found, &bounds)?;
        let lines = if args.json { Vec::new() } else { check::lines(&found) };
        Ok::<_, String>((found, crossed, lines))
    });
    let (found, crossed, lines) = found.map_err(Refusal::bad_input)?;
    if args.json {
        let json = serde_json::json!({ "found": found, "crossed": crossed });
        let text = serde_json::to_string_pretty(&json).map_err(Refusal::broken)?;
        text.lines().for_each(say::line);
    }
    lines.into_iter().for_each(say::line);
    crossed.iter().for_each(say::error);
    Ok(if crossed.is_empty() { OK } else { CROSSED })
}

/// Opens the window on the files, or draws it.
pub fn run(args: WatchArgs, started: Instant) -> Result<u8, Refusal> {
    if args.check {
        return check(&args);
    }
    let said = said(&args);
    let kept = kept(&args, &said)?;
    let WatchArgs { paths, shot, size, theme, lang, renderer, exit_at, report, force, .. } = args;
    let exit_at = steps("--exit-at", 0, exit_at).map_err(Refusal::bad_input)?;
    let language = language(lang.as_deref())?;
    let watch = Watch { paths, said, kept };
    let shown = watch.shown(None);
    for (path, wishes) in watch.paths.iter().zip([Some(&shown.a), shown.b.as_ref()]) {
        check_place(path, wishes.unwrap_or(&shown.a), shot.is_some())?;
    }
    let story = watch.name();
    let all: Vec<&Path> = watch.paths.iter().map(PathBuf::as_path).collect();
    let scenario = scenario(&all, [1, 1]);
    let source = Source::Watch(watch);
    match shot {
        Some(out) => {
            let look =
                Look::new(&size, 1.0, &theme, Ok(Panel::Window)).map_err(Refusal::bad_input)?;
            shot::run(ShotOrder {
                before: None,
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
                is_followed: false,
                present: None,
                tour: None,
                exit_at,
                report,
                is_forced: force,
            })
        }
    }
}

/// Refuses what is not there, and a single file in which there is nothing to look at.
fn check_place(path: &Path, wishes: &Wishes, is_drawn: bool) -> Result<(), Refusal> {
    // A folder may be made by the training that is about to start; a file is named once it is there.
    let is_there = path.exists();
    if !is_there && (is_drawn || names_file(path)) {
        return Err(Refusal::bad_input(format!(
            "{} is not there; name a folder or a file of saved codebooks",
            path.display()
        )));
    }
    if !is_there || path.is_dir() {
        return Ok(());
    }
    let Err(why) = reader::read(path, wishes) else { return Ok(()) };
    // Where arrays can be chosen, a window asks.
    let can_ask = !is_drawn
        && reader::choices(path, wishes).is_ok_and(|c| c.why.is_some() && !c.codes.is_empty());
    if can_ask { Ok(()) } else { Err(Refusal::bad_input(why)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_one_two_or_all() {
        assert_eq!(level("3"), Ok(Level::One(3)));
        assert_eq!(level("0, 7"), Ok(Level::Two(0, 7)));
        assert_eq!(level("all"), Ok(Level::All));
        for wrong in ["", "x", "1,", "1,2,3", "-1"] {
            assert!(level(wrong).unwrap_err().contains("0,3"), "{wrong}");
        }
    }
}
