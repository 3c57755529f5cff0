//! What is known of a folder from one look at it to the next.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::record::event::{Event, EventKind, Fact, Reading};
use crate::record::row::StepRow;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, TrainerState, Update};
use crate::record::watching::{Choices, NameNumber};
use crate::text::{sentence, shown};
use crate::watch::follow::layer::Layer;
use crate::watch::follow::listing;
use crate::watch::follow::listing::{Signature, has_number, nameless, step_choices, steps_of};
use crate::watch::follow::order;
use crate::watch::follow::rest::Rest;
use crate::watch::follow::source::Source;
use crate::watch::follow::story::info;
use crate::watch::follow::take::Take;
use crate::watch::look::{Looker, Told};
use crate::watch::reader::External;
use crate::watch::rules::wishes::Wishes;

/// Numbers of files read in one round that are held in memory until their turn; the rest is read
/// twice.
const HELD: usize = 1 << 24;

/// Bytes of what was handed out that are kept for the time when its files are gone.
const SEEN: usize = 1 << 28;

/// What was read of a file that was handed out.
fn reading(event: &Event) -> Option<&Reading> {
    match &event.fact {
        Some(Fact::Read(reading)) => Some(reading),
        _ => None,
    }
}

/// A folder, or a single file.
pub struct Folder {
    source: Source,
    /// Which files are not being written.
    rest: Rest,
    /// When the newest file that was handed out was written.
    written: Option<SystemTime>,
    /// Whether the user was asked which arrays are meant.
    has_asked: bool,
    /// Codes of the newest file that are not finite.
    broken: usize,
    /// Steps that the names of the files say.
    steps: BTreeMap<PathBuf, u64>,
    /// Numbers of the names of the others of which one may be the step.
    step_choices: Vec<NameNumber>,
    /// Whether the folder holds one file, which needs no order.
    is_alone: bool,
    /// Whether it is a single file.
    is_file: bool,
    /// Counts how often the series began.
    run: u64,
    looker: Looker,
    files: BTreeMap<PathBuf, File>,
    /// Step, K and d of the newest file that was handed out.
    newest: Option<(u64, [usize; 2])>,
    /// Sentences about files that stay bad; the folder's own under its own path.
    reports: BTreeMap<PathBuf, Event>,
    /// What was handed out, for the time when its files are gone.
    seen: BTreeMap<u64, Seen>,
}

/// A file that was handed out.
struct Seen {
    path: PathBuf,
    row: StepRow,
    event: Event,
    snapshot: Arc<Snapshot>,
    told: Told,
}

/// One file, as it was when it was looked at.
struct File {
    signature: Signature,
    state: State,
}

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
    pub fn new(path: PathBuf, wishes: Wishes) -> Self {
        Self {
            source: Source::new(path, wishes),
            rest: Rest::default(),
            written: None,
            has_asked: false,
            broken: 0,
            steps: BTreeMap::new(),
            step_choices: Vec::new(),
            is_alone: false,
            is_file: false,
            run: 1,
            looker: Looker::new(1),
            files: BTreeMap::new(),
            newest: None,
            reports: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// The same, whose files are reached through a layer.
    pub fn through(self, layer: Arc<dyn Layer>) -> Self {
        Self { source: Source { layer, ..self.source }, ..self }
    }

    /// The same, with small maps of every codebook of a file if `is_all`.
    pub fn with_all(self, is_all: bool) -> Self {
        Self { source: Source { is_all, ..self.source }, ..self }
    }

    /// The same, whose series are numbered from `run` on.
    pub fn from_run(self, run: u64) -> Self {
        Self { run, looker: Looker::new(run), ..self }
    }

    /// The number of the present series.
    pub fn run(&self) -> u64 {
        self.run
    }

    /// When the newest file that was handed out was written, by this machine's clock or before.
    pub fn written(&self) -> Option<SystemTime> {
        self.written
    }

    /// Sentences about what could not be read.
    pub fn reports(&self) -> impl Iterator<Item = &str> {
        self.reports.values().map(|event| event.text.as_str())
    }

    /// Looks once and hands out what is new, in the order of steps; false where nobody takes it. What is
    /// still being written waits until it rests, as `patience` says in looks; a file that was unreadable
    /// more often in a row is reported.
    pub fn round(&mut self, patience: u32, take: Take<'_>) -> bool {
        let listing = match self.source.list(self.newest.is_some()) {
            Ok(listing) => listing,
            Err(why) => return self.report(self.source.path.clone(), why, take),
        };
        // What waited for the folder now waits for its first file.
        if self.reports.remove(&self.source.path).is_some()
            && self.newest.is_none()
            && !self.begin([1, 1], take)
        {
            return false;
        }
        self.rest.look(&listing, self.source.layer.now());
        self.steps = steps_of(&self.source.path, &listing, self.source.wishes.step_from);
        let open = listing.keys().filter(|path| !self.steps.contains_key(*path));
        self.step_choices = step_choices(&self.source.path, open);
        self.is_alone = listing.len() == 1;
        self.is_file = listing.contains_key(&self.source.path);
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
            if !self.rest.is_quiet(&path, patience) {
                continue;
            }
            match self.step_and_file(&path, signature) {
                // The next look decides.
                Ok(None) => {}
                Ok(Some((step, external))) => {
                    // A mark on the timeline goes only with the whole series.
                    let was_bad = |file: &File| matches!(file.state, State::Reported);
                    if self.files.get(&path).is_some_and(was_bad) {
                        self.reports.remove(&path);
                        was_reported = true;
                    }
                    let latents = external.latents.as_ref().map_or(0, |latents| latents.rows.len());
                    let numbers = external.codes.len() + external.size + latents;
                    let held = (numbers <= room).then_some(external);
                    room = room.saturating_sub(numbers);
                    fresh.push(Fresh { step, path, signature, held });
                }
                Err(why) => {
                    let is_final = failures >= self.rest.patience(&path, patience);
                    let state =
                        if is_final { State::Reported } else { State::Failed(failures + 1) };
                    self.files.insert(path.clone(), File { signature, state });
                    if is_final && (!self.ask(&path, take) || !self.report(path, why, take)) {
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
        // Where a series begins all that there is of it is here.
        let older = if self.newest.is_none() { self.older(&fresh) } else { Vec::new() };
        fresh.sort_by(|a, b| (a.step, &a.path).cmp(&(b.step, &b.path)));
        fresh.into_iter().all(|file| self.hand_out(file, take))
            && older.into_iter().all(|event| take(Update::Event(event)))
    }

    /// What a file holds, and its step; none where it changed while it was read.
    fn step_and_file(
        &self,
        path: &Path,
        signature: Signature,
    ) -> Result<Option<(u64, External)>, String> {
        let Some(external) = self.source.read(path, signature)? else { return Ok(None) };
        let named = self.steps.get(path).copied();
        let step = match (external.step.filter(|_| external.is_step_inside), named) {
            (Some(step), _) | (None, Some(step)) => step,
            // A file alone needs no order.
            (None, None) if self.is_file => external.step.unwrap_or(0),
            (None, None) if self.is_alone => 0,
            (None, None) => {
                return Err(nameless(&self.source.path, path, &self.step_choices));
            }
        };
        Ok(Some((step, external)))
    }

    /// Whether another file that was shown has the same step.
    fn is_twin(&self, fresh: &Fresh) -> bool {
        self.files.iter().any(|(path, file)| {
            *path != fresh.path && matches!(file.state, State::Shown(step) if step == fresh.step)
        })
    }

    fn set_aside(&mut self, twin: Fresh, take: Take<'_>) -> bool {
        let why = listing::twin(&twin.path);
        let file = File { signature: twin.signature, state: State::Twin };
        self.files.insert(twin.path.clone(), file);
        self.report(twin.path, why, take)
    }

    /// Adds all files that were shown before to those that are to be handed out.
    fn begin_anew(&mut self, fresh: &mut Vec<Fresh>) {
        self.run += 1;
        self.looker = Looker::new(self.run);
        self.newest = None;
        self.broken = 0;
        for (path, file) in &self.files {
            let State::Shown(step) = file.state else { continue };
            if fresh.iter().all(|f| f.path != *path) {
                let (path, signature) = (path.clone(), file.signature);
                fresh.push(Fresh { step, path, signature, held: None });
            }
        }
        // A training that keeps its newest files alone: what was seen stays.
        for (&step, seen) in &self.seen {
            let is_gone = !self.files.contains_key(&seen.path);
            if is_gone && fresh.iter().all(|f| f.step != step && f.path != seen.path) {
                let path = seen.path.clone();
                fresh.push(Fresh { step, path, signature: (0, None), held: None });
            }
        }
    }

    /// Files of a run before the present one, each as an event at its step.
    fn older(&self, fresh: &[Fresh]) -> Vec<Event> {
        let mut by_step: Vec<&Fresh> = fresh.iter().collect();
        by_step.sort_by_key(|file| (file.step, &file.path));
        // The second file of a step has no place; it is set aside as it is handed out.
        by_step.dedup_by_key(|file| file.step);
        let times: Vec<Option<SystemTime>> = by_step.iter().map(|f| f.signature.1).collect();
        let event = |(older, newer): (usize, usize)| {
            let (older, newer) = (by_step[older], by_step[newer]);
            let [file, newer] = [older, newer].map(|file| shown(&self.source.name_of(&file.path)));
            Event::new(older.step, None, Fact::Older { file, newer })
        };
        order::of_runs_before(&times).into_iter().map(event).collect()
    }

    /// Hands out again what was seen of a file that is gone.
    fn again(&mut self, step: u64, take: Take<'_>) -> bool {
        let Some(seen) = self.seen.get(&step) else { return true };
        let (row, event, told) = (seen.row, seen.event.clone(), seen.told);
        let snapshot = Snapshot { run: self.run, ..(*seen.snapshot).clone() };
        let lane = snapshot.lanes.first();
        let shape = [lane.map_or(0, |l| l.codes.len()), reading(&event).map_or(0, |r| r.dim)];
        if self.newest.is_none() && !self.begin(shape, take) {
            return false;
        }
        self.newest = Some((step, shape));
        let of_code = lane.map_or(&[][..], |lane| &lane.window_counts);
        let flags = self.looker.pass(step, of_code, told);
        let broke = self.broke(&event);
        take(Update::Rows(vec![row]))
            && take(Update::Event(event))
            && broke.is_none_or(|broke| take(Update::Event(broke)))
            && flags.into_iter().all(|flag| take(Update::Event(flag)))
            && take(Update::Keyframe(Arc::new(snapshot)))
    }

    /// The moment at which a training left the finite numbers, if that is this file.
    fn broke(&mut self, event: &Event) -> Option<Event> {
        let reading = reading(event)?;
        let (codes, size) = (reading.broken.0, reading.size);
        let before = std::mem::replace(&mut self.broken, codes);
        let fact = Fact::Broke { codes, size };
        (codes > 0 && before == 0).then(|| Event::new(event.step, None, fact))
    }

    fn hand_out(&mut self, fresh: Fresh, take: Take<'_>) -> bool {
        let Fresh { step, path, signature, held } = fresh;
        if held.is_none() && !self.source.is_still(&path, signature) {
            return self.again(step, take);
        }
        let name = path.display().to_string();
        let read = || self.step_and_file(&path, signature).ok().flatten().map(|file| file.1);
        let external = match held.or_else(read) {
            Some(external) => external,
            None => {
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
            let why = has_other_codes(&name, shape, [size, dim]);
            self.files.insert(path.clone(), File { signature, state: State::Reported });
            return self.report(path, why, take);
        }
        self.files.insert(path.clone(), File { signature, state: State::Shown(step) });
        if self.newest.is_none() {
            // What can be chosen of the first file is what can be of all.
            let mut choices = self.choices(&path);
            if let Some(choices) = choices.as_mut().filter(|_| external.is_step_inside) {
                // Names have no say then.
                choices.steps.clear();
            }
            let is_taken = self.begin(shape, take)
                && choices.is_none_or(|choices| take(Update::Choices(Box::new(choices))));
            if !is_taken {
                return false;
            }
        }
        self.newest = Some((step, shape));
        log::debug!("step {step} is {name}");
        let look = self.looker.look(step, external);
        let file = shown(&self.source.name_of(&path));
        let fact = Fact::Read(Box::new(Reading { file, ..look.reading }));
        let event = Event::new(step, None, fact);
        let broke = self.broke(&event);
        // The clock of the machine that wrote it may be ahead.
        self.written = signature.1.map(|time| time.min(self.source.layer.now()));
        let (row, snapshot) = (look.row, look.snapshot.clone());
        let told = look.told;
        self.seen.insert(step, Seen { path, row, event: event.clone(), snapshot, told });
        self.forget();
        take(Update::Rows(vec![look.row]))
            && take(Update::Event(event))
            && broke.is_none_or(|broke| take(Update::Event(broke)))
            && look.flags.into_iter().all(|flag| take(Update::Event(flag)))
            && take(Update::Keyframe(look.snapshot))
    }

    /// Keeps so much of what was handed out as there is room for, the newest.
    fn forget(&mut self) {
        let mut bytes: usize = self.seen.values().map(|seen| seen.snapshot.bytes()).sum();
        while bytes > SEEN {
            let Some((_, seen)) = self.seen.pop_first() else { return };
            bytes -= seen.snapshot.bytes();
        }
    }

    /// Says what the series is, and what of the folder could not be read so far.
    fn begin(&self, shape: [usize; 2], take: Take<'_>) -> bool {
        let info = info(&[&self.source.path], shape, self.run);
        let state = TrainerState::without_speed(Activity::Watching, info.scenario.pace);
        take(Update::Started(Box::new(info)))
            && take(Update::State(state))
            && self.reports.values().all(|event| take(Update::Event(event.clone())))
    }

    /// What of a file can be chosen, and which number of the names may be the step.
    fn choices(&self, path: &Path) -> Option<Choices> {
        let steps = self.step_choices.clone();
        Some(Choices { steps, ..self.source.choices(path)? })
    }

    /// Asks which arrays of a file are meant, or which number of its name is the step, once, where rules leave
    /// a choice and nothing is shown yet.
    fn ask(&mut self, path: &Path, take: Take<'_>) -> bool {
        if self.newest.is_some() || self.has_asked {
            return true;
        }
        let Some(mut choices) = self.choices(path) else { return true };
        let is_stepless = !self.is_alone && !self.steps.contains_key(path);
        choices.are_steps_open = is_stepless
            && choices.why.is_none()
            && has_number(&self.source.path, path, &choices.steps);
        if !choices.are_open() || choices.codes.is_empty() {
            return true;
        }
        self.has_asked = true;
        take(Update::Choices(Box::new(choices)))
    }

    /// Reports what stays bad, once.
    fn report(&mut self, path: PathBuf, why: String, take: Take<'_>) -> bool {
        if self.reports.get(&path).is_some_and(|known| known.text == why) {
            return true;
        }
        let why = sentence(&why);
        log::warn!("{}: {why}", path.display());
        let step =
            self.steps.get(&path).copied().or(self.newest.map(|(step, _)| step)).unwrap_or(0);
        let event = Event::said(step, None, EventKind::Unreadable, why);
        self.reports.insert(path, event.clone());
        take(Update::Event(event))
    }
}

/// The error of a file with other numbers of codes and of their axes than those before it.
fn has_other_codes(name: &str, [size, dim]: [usize; 2], before: [usize; 2]) -> String {
    format!(
        "{name} holds {size} codes of width {dim} where the files before it hold {} of width {}; keep each training in a folder of its own",
        before[0], before[1]
    )
}
