//! The runs in a folder of runs: what a shelf shows of them, and which were cut off.

use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::archive::home::{Home, names};
use crate::archive::{Archive, ArchiveError, Folder, FolderError, disk, prepare};
use crate::record::metric::Evaluation;
use crate::record::snapshot::Snapshot;
use crate::record::thumbnail::ThumbnailLane;
use crate::scenario::{LaneId, Scenario, Switches};

/// Runs of windows that stay, the newest; those that somebody keeps do not count.
pub const MOST_RUNS: usize = 40;

/// A run on the shelf.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its folder.
    pub path: PathBuf,
    /// Name of the folder.
    pub name: String,
    /// The scenario as resolved.
    pub scenario: Scenario,
    /// Steps trained.
    pub step: u64,
    /// The run and step from which it was forked, in words.
    pub forked_from: Option<String>,
    /// Whether it stays whatever comes after it.
    pub is_kept: bool,
    /// A small picture of each lane.
    pub lanes: Vec<ThumbnailLane>,
    /// What each lane trained with at last, in order; none without a picture.
    pub now: Vec<Option<Now>>,
    /// The newest evaluation of each lane.
    pub evals: Vec<Option<Evaluation>>,
}

/// What a lane trained with when it was saved, after whatever the story or somebody changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Now {
    /// Whether C learned.
    pub learn_c: bool,
    /// Whether W and b learned.
    pub learn_w: bool,
    /// Learning rate.
    pub lr: f64,
    /// Weight of the commitment loss.
    pub beta: f64,
    /// All other switches of the method.
    pub switches: Switches,
}

/// A run whose window was closed without warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// Its folder.
    pub path: PathBuf,
    /// Title of its story.
    pub title: String,
    /// Steps saved.
    pub step: u64,
}

/// Folders of saved runs, the newest first.
fn folders(home: &Path) -> Vec<PathBuf> {
    let saved = |path: PathBuf| -> Option<(SystemTime, PathBuf)> {
        let manifest = path.join(names::MANIFEST);
        let modified = std::fs::metadata(manifest).and_then(|m| m.modified()).ok()?;
        Some((modified, path))
    };
    let entries = std::fs::read_dir(home).into_iter().flatten().flatten();
    let mut all: Vec<_> = entries.filter_map(|entry| saved(entry.path())).collect();
    all.sort_by(|a, b| b.cmp(a));
    all.into_iter().map(|(_, path)| path).collect()
}

/// The runs in `home`, the newest first, and what cannot be opened, in sentences.
pub fn list(home: &Path) -> (Vec<Entry>, Vec<String>) {
    let (mut entries, mut broken) = (Vec::new(), Vec::new());
    for path in folders(home) {
        match entry(&path) {
            Ok(entry) => entries.push(entry),
            Err(error) => broken.push(error.to_string()),
        }
    }
    (entries, broken)
}

fn entry(path: &Path) -> Result<Entry, ArchiveError> {
    let archive = Archive::open(path)?;
    let newest = archive.keyframe_steps().last().copied();
    let snapshot: Option<Snapshot> = newest.map(|step| archive.keyframe(step)).transpose()?;
    let ids = archive.scenario.lane_ids();
    let views = || snapshot.iter().flat_map(|s| &s.lanes);
    let now = |id: &LaneId| {
        let view = views().find(|view| view.id == *id)?;
        let (learn_c, learn_w, switches) = (view.learn_c, view.learn_w, view.switches);
        Some(Now { learn_c, learn_w, lr: view.lr, beta: view.beta, switches })
    };
    let now = ids.iter().map(now).collect();
    let lanes = views();
    let lanes = lanes.map(|view| ThumbnailLane::of(view, &archive.rows)).collect();
    let evals = ids
        .iter()
        .map(|&id| archive.rows.iter().rev().filter(|r| r.lane == id).find_map(|r| r.eval))
        .collect();
    let forked_from = archive.manifest.forked_from.as_ref();
    Ok(Entry {
        path: path.into(),
        name: path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default(),
        step: archive.manifest.step,
        forked_from: forked_from.map(|p| format!("{} at step {}", p.run, p.step)),
        is_kept: is_kept(path),
        scenario: archive.scenario,
        now,
        lanes,
        evals,
    })
}

/// The newest run in `home` that was open when its program died, if there is one.
pub fn cut_off(home: &Path) -> Option<CutOff> {
    let newest = folders(home).into_iter().find(|path| !is_locked(path))?;
    let home = Home::open(&newest).ok()?;
    let manifest = Archive::manifest_in(&home).ok()?;
    let scenario = Archive::scenario_alone(&newest).ok()?;
    let is_cut_off = manifest.is_open && manifest.step > 0;
    is_cut_off.then_some(CutOff {
        path: newest,
        title: scenario.title.to_string(),
        step: manifest.step,
    })
}

fn is_locked(path: &Path) -> bool {
    Home::open(path).is_ok_and(|home| disk::is_locked(&home.run))
}

fn is_kept(path: &Path) -> bool {
    path.join(names::KEEP).symlink_metadata().is_ok()
}

/// Notes that a run which was cut off is not to be offered again.
///
/// # Errors
/// It cannot be opened or written.
pub fn dismiss(path: &Path) -> Result<(), FolderError> {
    let archive = Archive::open(path)?;
    let until = archive.manifest.until;
    Folder::reopen(path, archive.manifest, until)?.close()
}

/// Marks a run so that it stays, or no longer does.
///
/// # Errors
/// The mark cannot be written.
pub fn set_kept(path: &Path, is_kept: bool) -> Result<(), FolderError> {
    let folder = Home::open(path)?.run;
    let place = folder.place(names::KEEP);
    if is_kept {
        folder.open_to_write(names::KEEP).map(drop).map_err(disk::refused(&place))
    } else {
        folder.remove(names::KEEP).map_err(disk::failed(&place))
    }
}

/// Removes the oldest runs beyond [`MOST_RUNS`]; those that are kept or open stay, and so does what
/// is reached through a link.
pub fn prune(home: &Path) {
    let is_here = |path: &PathBuf| path.symlink_metadata().is_ok_and(|m| m.is_dir());
    let goes = |path: &PathBuf| is_here(path) && !is_kept(path) && !is_locked(path);
    for path in folders(home).into_iter().filter(goes).skip(MOST_RUNS) {
        // One that cannot be removed stays; the next start tries again.
        match prepare::remove(&path) {
            Ok(()) => log::info!("removed the old run {}", path.display()),
            Err(why) => log::warn!("the old run {} stays: {why}", path.display()),
        }
    }
}

/// Removes a run that no program has open.
///
/// # Errors
/// Another program has it open, something in it is a link, or a file cannot be removed.
pub fn remove(path: &Path) -> Result<(), FolderError> {
    prepare::remove(path)
}
