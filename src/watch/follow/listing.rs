//! Which files of a folder may hold a codebook, and the steps that their paths say.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::record::watching::NameNumber;
use crate::watch::follow::order;
use crate::watch::reader::{ending, names_file};
use crate::watch::{shards, steps};

/// Levels of folders below the watched one: `100k/dac/weights.pth`, `checkpoint-500/vqmodel/...`.
const MOST_LEVELS: usize = 3;

/// Most files and folders that are looked at.
const MOST_ENTRIES: usize = 100_000;

/// A file and its step.
pub type Stepped = (u64, PathBuf);

/// Changes whenever a file is written.
pub type Signature = (u64, Option<SystemTime>);

/// Length and time of a file.
fn signature(path: &Path) -> io::Result<Signature> {
    let metadata = std::fs::metadata(path)?;
    Ok((metadata.len(), metadata.modified().ok()))
}

/// Files that may hold a codebook, in the folder and in folders of steps below it. Of a model in parts
/// only the first is listed; links to regular files are followed, those to folders are not, and a file
/// that is here under its own name and as a link, or twice as a link, is listed once.
///
/// # Errors
/// The folder itself cannot be read.
pub fn files(folder: &Path) -> io::Result<BTreeMap<PathBuf, Signature>> {
    let mut found = BTreeMap::new();
    let mut entries = 0;
    below(folder, MOST_LEVELS, &mut entries, &mut found)?;
    Ok(each_once(found))
}

fn each_once(files: BTreeMap<PathBuf, Signature>) -> BTreeMap<PathBuf, Signature> {
    let is_link = |path: &PathBuf| path.symlink_metadata().is_ok_and(|m| m.is_symlink());
    let (links, real): (Vec<_>, Vec<_>) = files.into_iter().partition(|(path, _)| is_link(path));
    let (mut links, mut real): (_, BTreeMap<_, _>) = (links, real.into_iter().collect());
    if !links.is_empty() {
        // Of several to one file one that names a step: not `latest`.
        links.sort_by_key(|(path, _)| steps::of_name(path).is_none());
        let leads_to = |path: &PathBuf| path.canonicalize().ok();
        let mut known: BTreeSet<PathBuf> = real.keys().filter_map(leads_to).collect();
        let is_new = |(path, _): &(PathBuf, Signature)| {
            leads_to(path).is_some_and(|target| known.insert(target))
        };
        real.extend(links.into_iter().filter(is_new));
    }
    real
}

fn below(
    folder: &Path,
    levels: usize,
    entries: &mut usize,
    found: &mut BTreeMap<PathBuf, Signature>,
) -> io::Result<()> {
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder)? {
        *entries += 1;
        if *entries > MOST_ENTRIES {
            break;
        }
        let path = entry?.path();
        let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
        if path.is_dir() {
            if !is_link && !is_hidden(&path) {
                folders.push(path);
            }
        } else if names_file(&path) && path.is_file() && !is_of_training(&path) {
            files.push(path);
        }
    }
    // The same model in the form that came before.
    let has_new = files.iter().any(|path| ending(path) == "safetensors" && is_model(path));
    files.retain(|path| {
        let is_old = has_new && ending(path) == "bin" && is_model(path);
        !is_old && !shards::is_later_part(path)
    });
    for path in files {
        // What is gone again by now, or is renamed, is a matter of the next look.
        if let Ok(signature) = whole_signature(&path) {
            found.insert(path, signature);
        }
    }
    if levels > 0 {
        let names: Vec<PathBuf> = folders.clone();
        // A moving average of the model beside the model (`vqmodel_ema`).
        let is_copy = |path: &Path| {
            let name = path.file_name().map_or(String::new(), |n| n.to_string_lossy().into_owned());
            name.strip_suffix("_ema")
                .is_some_and(|plain| names.contains(&path.with_file_name(plain)))
        };
        for path in folders.into_iter().filter(|path| !is_copy(path)) {
            // One that cannot be read holds nothing for us.
            below(&path, levels - 1, entries, found).ok();
        }
    }
    Ok(())
}

/// Length and time of a file, or of all parts of a model: it changes when one of them does.
///
/// # Errors
/// The system refuses.
pub fn whole_signature(path: &Path) -> io::Result<Signature> {
    let Ok(Some(parts)) = shards::parts(path) else { return signature(path) };
    let mut all = (0_u64, None);
    for part in parts {
        let (length, time) = signature(&part)?;
        all = (all.0.saturating_add(length), all.1.max(time));
    }
    Ok(all)
}

fn stem(path: &Path) -> String {
    path.file_stem().map_or(String::new(), |stem| stem.to_string_lossy().to_lowercase())
}

/// Files that a trainer saves beside the model.
fn is_of_training(path: &Path) -> bool {
    let stem = stem(path);
    ["optimizer", "scheduler", "scaler", "rng_state", "random_states", "training_args"]
        .iter()
        .any(|name| stem.starts_with(name))
}

/// Names of a whole model in Hugging Face's libraries.
fn is_model(path: &Path) -> bool {
    let stem = stem(path);
    ["model", "pytorch_model", "diffusion_pytorch_model"].iter().any(|name| stem.starts_with(name))
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'))
}

/// The step that each file's path below the folder says, where it says one: `which` of its numbers, from 1,
/// where the user says so.
pub fn steps_of(
    folder: &Path,
    files: &BTreeMap<PathBuf, Signature>,
    which: Option<usize>,
) -> BTreeMap<PathBuf, u64> {
    let below = |path: &Path| path.strip_prefix(folder).unwrap_or(path).to_path_buf();
    let paths: Vec<(PathBuf, &PathBuf)> = files.keys().map(|path| (below(path), path)).collect();
    let steps = steps::of_names(paths.iter().map(|(below, _)| below.as_path()), which);
    paths
        .iter()
        .filter_map(|(below, path)| Some(((*path).clone(), *steps.get(below.as_path())?)))
        .collect()
}

/// Numbers of the paths below the folder of which one may be the step, of files without one.
pub fn step_choices<'a>(folder: &Path, open: impl Iterator<Item = &'a PathBuf>) -> Vec<NameNumber> {
    steps::choices(open.map(|path| path.strip_prefix(folder).unwrap_or(path)))
}

/// The files of a folder that have a step, and why others have none.
pub struct Placed {
    /// By step and path, each with its time.
    files: Vec<(u64, PathBuf, Option<SystemTime>)>,
    without: Vec<String>,
}

impl Placed {
    /// Takes out a file that cannot be read: it says nothing of the others' order.
    pub fn take_out(&mut self, path: &Path) {
        self.files.retain(|(_, file, _)| file != path);
    }

    /// The files in the order in which a window has them.
    pub fn ordered(&self) -> Ordered {
        let mut without = self.without.clone();
        let mut placed: Vec<&(u64, PathBuf, Option<SystemTime>)> = self.files.iter().collect();
        // Of several files of one step the first counts.
        placed.dedup_by(|later, first| {
            let is_twin = later.0 == first.0;
            without.extend(is_twin.then(|| twin(&later.1)));
            is_twin
        });
        let times: Vec<Option<SystemTime>> = placed.iter().map(|(_, _, time)| *time).collect();
        let stepped = |at: usize| (placed[at].0, placed[at].1.clone());
        let before = order::of_runs_before(&times);
        let is_present = |at: &usize| before.iter().all(|(older, _)| older != at);
        let files = (0..placed.len()).filter(is_present).map(stepped).collect();
        let newer = |(older, newer): &(usize, usize)| Older {
            file: stepped(*older),
            newer: placed[*newer].1.clone(),
        };
        Ordered { files, older: before.iter().map(newer).collect(), without }
    }
}

/// The files of a folder in their order.
pub struct Ordered {
    /// Those of the present run, by their steps.
    pub files: Vec<Stepped>,
    /// Those of a run before it, by their steps.
    pub older: Vec<Older>,
    /// Why others have no place among them.
    pub without: Vec<String>,
}

/// A file that the present run has not come to again.
pub struct Older {
    /// The file and its step.
    pub file: Stepped,
    /// One of an earlier step that was written after it.
    pub newer: PathBuf,
}

/// The files of a folder with their steps, which the user may have said where to find (`which`); of a path to
/// a file that file alone.
///
/// # Errors
/// The folder is not there, or cannot be read.
pub fn files_by_step(path: &Path, which: Option<usize>) -> Result<Placed, String> {
    let alone = |step, file| Placed { files: vec![(step, file, None)], without: Vec::new() };
    if !path.is_dir() {
        return Ok(alone(0, path.to_path_buf()));
    }
    let files = files(path).map_err(|error| {
        format!("{} cannot be read ({error}); check the path and the permissions", path.display())
    })?;
    let steps = steps_of(path, &files, which);
    if let (1, Some(only)) = (files.len(), files.keys().next()) {
        return Ok(alone(steps.get(only).copied().unwrap_or(0), only.clone()));
    }
    let mut placed: Vec<(u64, PathBuf, Option<SystemTime>)> = Vec::new();
    let mut open = Vec::new();
    for (file, (_, time)) in files {
        match step_inside(&file).or_else(|| steps.get(&file).copied()) {
            Some(step) => placed.push((step, file, time)),
            None => open.push(file),
        }
    }
    placed.sort();
    let choices = step_choices(path, open.iter());
    let without = open.iter().map(|file| nameless(path, file, &choices)).collect();
    Ok(Placed { files: placed, without })
}

/// Whether one of the numbers of which one may be the step is in the path of a file below the folder.
pub fn has_number(folder: &Path, file: &Path, choices: &[NameNumber]) -> bool {
    let numbers = steps::numbers_of(file.strip_prefix(folder).unwrap_or(file));
    choices.iter().any(|number| number.which <= numbers.len())
}

/// The error of a file of a folder without a step, which has no place among others; `choices` are the numbers
/// of which one may be it.
pub fn nameless(folder: &Path, file: &Path, choices: &[NameNumber]) -> String {
    let is_open = has_number(folder, file, choices);
    let file = file.display();
    let way = "save an array `step` in it, or put the step into its name, as in codebook_000100.safetensors";
    if !is_open {
        return format!("{file} names no step, and the times of files are no order; {way}");
    }
    let choice = |number: &NameNumber| {
        let values: Vec<String> = number.values.iter().map(ToString::to_string).collect();
        format!("--step-from {} for {}", number.which, values.join(", "))
    };
    let all: Vec<String> = choices.iter().map(choice).collect();
    format!(
        "{file} has several numbers in its name, of which any may be the step; say which ({}), or {way}",
        all.join("; ")
    )
}

/// The error of a second file of a step, which has none.
pub fn twin(file: &Path) -> String {
    format!(
        "{} has the same step as another file; give each file a step of its own",
        file.display()
    )
}

/// A file's name below the folder.
pub fn name_below(folder: &Path, path: &Path) -> String {
    let below = path.strip_prefix(folder).ok().filter(|below| *below != Path::new(""));
    let name = below.or_else(|| path.file_name().map(Path::new)).unwrap_or(path);
    name.display().to_string()
}

/// The step that a file itself says.
fn step_inside(path: &Path) -> Option<u64> {
    crate::watch::reader::step(path)
}
