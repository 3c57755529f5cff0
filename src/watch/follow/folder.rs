//! What is known of a folder from one look at it to the next.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::catch_unwind;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::record::event::{Counts, Event, EventKind, Fact};
use crate::record::status::{Activity, DeviceLabel, Origin, RunInfo, TrainerState, Update};
use crate::scenario::{Codebook, Data, Lane, Lanes, Model, Pace, Scenario, Train};
use crate::text::{sentence, shown};
use crate::watch::look::{Counted, Looker};
use crate::watch::reader::{External, LATENTS, names_file, read, step_of_name};

/// Numbers of files read in one round that are held in memory until their turn; the rest is read
/// twice.
const HELD: usize = 1 << 24;

/// Takes an update; false where nobody wants another.
type Take<'a> = &'a mut dyn FnMut(Update) -> bool;

/// A folder, or a single file.
pub struct Folder {
    path: PathBuf,
    /// Counts how often the series began.
    run: u64,
    looker: Looker,
    files: BTreeMap<PathBuf, File>,
    /// Step, K and d of the newest file that was handed out.
    newest: Option<(u64, [usize; 2])>,
    /// Sentences about files that stay bad; the folder's own under its own path.
    reports: BTreeMap<PathBuf, Event>,
}

/// One file, as it was when it was looked at.
struct File {
    signature: Signature,
    state: State,
}

/// Changes whenever a file is written.
type Signature = (u64, Option<SystemTime>);

enum State {
    /// Handed out at this step.
    Shown(u64),
    /// Could not be read so many times in a row.
    Failed(u32),
    /// Reported; not tried again until it changes.
    Reported,
    /// Has the step of another file; not tried again until it changes.
    Twin,
}

/// A file that is to be handed out.
struct Fresh {
    step: u64,
    path: PathBuf,
    signature: Signature,
    held: Option<External>,
}

impl Folder {
    /// Nothing is looked at yet.
    pub fn new(path: PathBuf) -> Self {
        Self {
            path,
            run: 1,
            looker: Looker::new(1),
            files: BTreeMap::new(),
            newest: None,
            reports: BTreeMap::new(),
        }
    }

    /// Sentences about what could not be read.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        self.reports.values().map(|event| event.text.as_str())
    }

    /// Looks once and hands out what is new, in the order of steps; false where nobody takes it. A
    /// file that was unreadable more than `patience` times in a row is reported.
    pub fn round(&mut self, patience: u32, take: Take<'_>) -> bool {
        let listing = match self.list() {
            Ok(listing) => listing,
            Err(why) => return self.report(self.path.clone(), why, take),
        };
        // What waited for the folder now waits for its first file.
        if self.reports.remove(&self.path).is_some()
            && self.newest.is_none()
            && !self.begin([1, 1], take)
        {
            return false;
        }
        self.files.retain(|path, _| listing.contains_key(path));
        self.reports.retain(|path, _| listing.contains_key(path));
        let mut fresh: Vec<Fresh> = Vec::new();
        let mut room = HELD;
        let mut was_reported = false;
        for (path, signature) in listing {
            let known = self.files.get(&path).filter(|file| file.signature == signature);
            let failures = match known.map(|file| &file.state) {
                Some(State::Shown(_) | State::Reported | State::Twin) => continue,
                Some(State::Failed(failures)) => *failures,
                None => 0,
            };
            match self.step_and_file(&path) {
                Ok((step, external)) => {
                    // A mark on the timeline goes only with the whole series.
                    let was_bad = |file: &File| matches!(file.state, State::Reported);
                    if self.files.get(&path).is_some_and(was_bad) {
                        self.reports.remove(&path);
                        was_reported = true;
                    }
                    let latents = external.latents.as_ref().map_or(0, Vec::len);
                    let numbers = external.codes.len() + external.size + latents;
                    let held = (numbers <= room).then_some(external);
                    room = room.saturating_sub(numbers);
                    fresh.push(Fresh { step, path, signature, held });
                }
                Err(why) => {
                    let is_final = failures >= patience;
                    let state =
                        if is_final { State::Reported } else { State::Failed(failures + 1) };
                    self.files.insert(path.clone(), File { signature, state });
                    if is_final && !self.report(path, why, take) {
                        return false;
                    }
                }
            }
        }
        let (twins, mut fresh): (Vec<Fresh>, _) = fresh.into_iter().partition(|f| self.is_twin(f));
        if !twins.into_iter().all(|twin| self.set_aside(twin, take)) {
            return false;
        }
        let is_late = |file: &Fresh| self.newest.is_some_and(|(step, _)| file.step <= step);
        if self.newest.is_some() && (was_reported || fresh.iter().any(is_late)) {
            self.begin_anew(&mut fresh);
        }
        fresh.sort_by(|a, b| (a.step, &a.path).cmp(&(b.step, &b.path)));
        fresh.into_iter().all(|file| self.hand_out(file, take))
    }

    /// Files that may hold a codebook.
    fn list(&self) -> Result<BTreeMap<PathBuf, Signature>, String> {
        let place = self.path.display();
        if !self.path.exists() && self.newest.is_none() && !names_file(&self.path) {
            return Err(format!("{place} is not there yet: waiting for this folder to be made"));
        }
        let unreadable =
            |error| format!("{place} cannot be read ({error}); check the path and the permissions");
        let signature = |path: &Path| -> std::io::Result<Signature> {
            let metadata = std::fs::metadata(path)?;
            Ok((metadata.len(), metadata.modified().ok()))
        };
        if !self.path.is_dir() {
            let signature = signature(&self.path).map_err(unreadable)?;
            return Ok(BTreeMap::from([(self.path.clone(), signature)]));
        }
        let mut files = BTreeMap::new();
        for entry in std::fs::read_dir(&self.path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            // What is gone again by now, or is renamed, is a matter of the next look.
            if names_file(&path)
                && path.is_file()
                && let Ok(signature) = signature(&path)
            {
                files.insert(path, signature);
            }
        }
        // A file that is here under its own name and as a link, or twice as a link, counts once.
        let is_link = |path: &PathBuf| path.symlink_metadata().is_ok_and(|m| m.is_symlink());
        let (links, mut real): (BTreeMap<_, _>, BTreeMap<_, _>) =
            files.into_iter().partition(|(path, _)| is_link(path));
        if !links.is_empty() {
            let leads_to = |path: &PathBuf| path.canonicalize().ok();
            let mut known: BTreeSet<PathBuf> = real.keys().filter_map(leads_to).collect();
            let is_new = |(path, _): &(PathBuf, Signature)| {
                leads_to(path).is_some_and(|target| known.insert(target))
            };
            real.extend(links.into_iter().filter(is_new));
        }
        Ok(real)
    }

    fn step_and_file(&self, path: &Path) -> Result<(u64, External), String> {
        let name = path.display();
        // The libraries that read archives are not proof against every damage.
        let external = catch_unwind(|| read(path))
            .unwrap_or_else(|_panic| Err(format!("{name} is damaged; save it again")))?;
        let step = match external.step {
            Some(step) => step,
            // A file alone needs no order.
            None if !self.path.is_dir() => 0,
            None => {
                return Err(format!(
                    "{name} names no step, and the times of files are no order; save an array `step` in it, or put the step into its name, as in codebook_000100.safetensors"
                ));
            }
        };
        Ok((step, external))
    }

    /// Whether another file that was shown has the same step.
    fn is_twin(&self, fresh: &Fresh) -> bool {
        self.files.iter().any(|(path, file)| {
            *path != fresh.path && matches!(file.state, State::Shown(step) if step == fresh.step)
        })
    }

    fn set_aside(&mut self, twin: Fresh, take: Take<'_>) -> bool {
        let why = format!(
            "{} has the same step as another file; give each file a step of its own",
            twin.path.display()
        );
        let file = File { signature: twin.signature, state: State::Twin };
        self.files.insert(twin.path.clone(), file);
        self.report(twin.path, why, take)
    }

    /// Adds all files that were shown before to those that are to be handed out.
    fn begin_anew(&mut self, fresh: &mut Vec<Fresh>) {
        self.run += 1;
        self.looker = Looker::new(self.run);
        self.newest = None;
        for (path, file) in &self.files {
            let State::Shown(step) = file.state else { continue };
            if fresh.iter().all(|f| f.path != *path) {
                let (path, signature) = (path.clone(), file.signature);
                fresh.push(Fresh { step, path, signature, held: None });
            }
        }
    }

    fn hand_out(&mut self, fresh: Fresh, take: Take<'_>) -> bool {
        let Fresh { step, path, signature, held } = fresh;
        let name = path.display().to_string();
        let external = match held.map_or_else(|| self.step_and_file(&path).map(|f| f.1), Ok) {
            Ok(external) => external,
            Err(_) => {
                // It changed since it was listed: the next look decides.
                self.files.remove(&path);
                return true;
            }
        };
        let shape = [external.size, external.dim];
        if self.newest.is_some_and(|(before, _)| before == step) {
            return self.set_aside(Fresh { step, path, signature, held: None }, take);
        }
        if let Some((_, [size, dim])) = self.newest.filter(|(_, before)| *before != shape) {
            let why = format!(
                "{name} holds {} codes of width {} where the files before it hold {size} of width {dim}; keep each training in a folder of its own",
                shape[0], shape[1]
            );
            self.files.insert(path.clone(), File { signature, state: State::Reported });
            return self.report(path, why, take);
        }
        self.files.insert(path.clone(), File { signature, state: State::Shown(step) });
        if self.newest.is_none() && !self.begin(shape, take) {
            return false;
        }
        self.newest = Some((step, shape));
        let latents = external.latents.as_ref().map_or(0, |latents| latents.len() / shape[1]);
        log::debug!("step {step} is {name}");
        let look = self.looker.look(step, external);
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let [size, dim] = shape;
        let counts = match look.counted {
            Counted::InFile => Counts::InFile,
            Counted::Here => Counts::Here { latents, is_part: latents == LATENTS },
            Counted::Unknown => Counts::Unknown,
        };
        let fact = Fact::Read { file: shown(&file), size, dim, counts };
        let event = Event::new(step, None, fact);
        take(Update::Rows(vec![look.row]))
            && take(Update::Event(event))
            && take(Update::Keyframe(look.snapshot))
    }

    /// Says what the series is, and what of the folder could not be read so far.
    fn begin(&self, shape: [usize; 2], take: Take<'_>) -> bool {
        let scenario = scenario(&self.path, shape);
        let pace = scenario.pace;
        let device = DeviceLabel {
            name: format!("watching {}", self.path.display()),
            reason: "trained by another program".into(),
        };
        let info =
            RunInfo { run: self.run, scenario, eval_tokens: vec![0], device, origin: Origin::New };
        let state = TrainerState::without_speed(Activity::Watching, pace);
        take(Update::Started(Box::new(info)))
            && take(Update::State(state))
            && self.reports.values().all(|event| take(Update::Event(event.clone())))
    }

    /// Reports what stays bad, once.
    fn report(&mut self, path: PathBuf, why: String, take: Take<'_>) -> bool {
        if self.reports.get(&path).is_some_and(|known| known.text == why) {
            return true;
        }
        let why = sentence(&why);
        log::warn!("{}: {why}", path.display());
        let step = step_of_name(&path).or(self.newest.map(|(step, _)| step)).unwrap_or(0);
        let event = Event::said(step, None, EventKind::Unreadable, why);
        self.reports.insert(path, event.clone());
        take(Update::Event(event))
    }
}

/// The series as a run of one lane, for panels that ask what trains.
pub fn scenario(path: &Path, [size, dim]: [usize; 2]) -> Scenario {
    // "." has a name only when it is spelled out.
    let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
    let name =
        whole.file_name().map_or(whole.display().to_string(), |n| n.to_string_lossy().into());
    Scenario {
        title: shown(&name).into(),
        about: format!(
            "Codebooks of another program's training, in {}.",
            shown(&path.display().to_string())
        )
        .into(),
        seed: 0,
        // The timeline is as long as the series.
        steps: 1,
        pace: Pace::default(),
        data: Data::default(),
        model: Model::default(),
        train: Train::default(),
        codebook: Codebook { size, dim, ..Codebook::default() },
        lanes: Lanes { a: Lane::default(), b: None },
        change: Vec::new(),
        expect: Vec::new(),
        beat: Vec::new(),
    }
}
