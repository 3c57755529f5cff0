//! A run that another program is still writing, from one look to the next.
//!
//! `run.toml` alone says what counts, as for whoever opens a saved run, and it is replaced by each
//! save. Where the folder is copied from elsewhere while it is written, its files may be of different
//! moments or half there: what is not whole yet is waited for. Nothing is written.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, SystemTime};

use crate::archive::home::{Home, names};
use crate::archive::open::{TABLES, check_sizes, scenario_of, text};
use crate::archive::{Archive, ArchiveError, Manifest, Start, disk, tables};
use crate::files::OwnFolder;
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::setting::Logged;
use crate::record::snapshot::Snapshot;
use crate::scenario::Scenario;

/// Age of a save beyond which a run that nobody here has locked is taken for one that was cut off,
/// and not for one that is trained elsewhere.
const YOUNG: Duration = Duration::from_secs(60);

/// Looks at a `run.toml` that seems unchanged for which it is read nevertheless: some file systems know
/// its time by the second alone.
const SETTLED: u32 = 4;

/// Whether a folder is written by another program.
#[derive(Debug)]
pub enum Writer {
    /// By none, as far as is known: it can be opened.
    None,
    /// By one on this machine or, perhaps, elsewhere; what it trains, and under which name.
    Another(String, Box<Scenario>),
}

/// Whether another program writes the run in a folder. On this machine its lock tells; elsewhere a run
/// that was not closed, and that was saved within the last minute by the clock of this machine.
///
/// # Errors
/// There is no run, or it is damaged.
pub fn writer(path: &Path) -> Result<Writer, ArchiveError> {
    let home = Home::open(path)?;
    let is_locked = disk::is_written(&home.run);
    let is_young =
        |name: &str| signature(&home.run.place(name)).is_some_and(|(_, at)| age(at) < YOUNG);
    let manifest = match Archive::manifest_in(&home) {
        Ok(manifest) => manifest,
        Err(ArchiveError::NoRun(_)) if is_locked || is_young(names::START) => {
            // Its first save is not there yet.
            let Start { story, scenario, .. } = Start::read(path)?;
            return Ok(Writer::Another(story, Box::new(scenario)));
        }
        Err(error) => return Err(error),
    };
    if is_locked || (manifest.is_open && is_young(names::MANIFEST)) {
        let scenario = scenario_of(&home, &manifest)?;
        return Ok(Writer::Another(manifest.story, Box::new(scenario)));
    }
    Ok(Writer::None)
}

/// Length and time of a file.
type Signature = (u64, Option<SystemTime>);

fn signature(place: &Path) -> Option<Signature> {
    let metadata = place.symlink_metadata().ok()?;
    Some((metadata.len(), metadata.modified().ok()))
}

/// How long ago a file was written, by the clock of this machine; nothing where that is ahead of it.
fn age(at: Option<SystemTime>) -> Duration {
    at.and_then(|at| at.elapsed().ok()).unwrap_or_default()
}

/// What of a table was taken.
#[derive(Clone, Default)]
struct Taken {
    /// Its first line, with the end.
    head: Vec<u8>,
    /// Its last row, by which it is known again.
    last: Vec<u8>,
    /// Bytes up to the end of the last row.
    bytes: u64,
    /// Whether another table was found in its place.
    is_another: bool,
}

/// What is new since the look before.
#[derive(Default)]
pub struct Look {
    /// Whether the series begins here: it is the first look at it, or what was seen before no longer
    /// counts.
    pub begins: bool,
    /// Whether the run was saved since.
    pub is_saved: bool,
    /// Rows, in order.
    pub rows: Vec<StepRow>,
    /// Events, in order.
    pub events: Vec<Event>,
    /// Settings made by hand.
    pub logged: Vec<Logged>,
    /// Why something of the save is not there yet.
    pub waits: Option<ArchiveError>,
}

/// A run that grows.
pub struct Growing {
    path: PathBuf,
    /// `run.toml` as it was read, and for how many looks it has stayed so.
    text: String,
    signature: Option<Signature>,
    looks: u32,
    archive: Option<Archive>,
    tables: [Taken; 2],
    logged: usize,
    /// Check sums of the pictures that were taken, by step.
    pictures: BTreeMap<u64, String>,
}

impl Growing {
    /// Nothing is looked at yet.
    pub fn new(path: &Path) -> Self {
        Self {
            path: path.into(),
            text: String::new(),
            signature: None,
            looks: 0,
            archive: None,
            tables: Default::default(),
            logged: 0,
            pictures: BTreeMap::new(),
        }
    }

    /// What was saved when it was last looked at, without rows and events.
    pub fn archive(&self) -> Option<&Archive> {
        self.archive.as_ref()
    }

    /// How long ago the newest save was written, by the clock of this machine.
    pub fn age(&self) -> Duration {
        age(self.signature.and_then(|(_, at)| at))
    }

    /// Whether another program on this machine writes it.
    ///
    /// # Errors
    /// The folder cannot be opened.
    pub fn is_locked(&self) -> std::io::Result<bool> {
        Ok(disk::is_written(&OwnFolder::open(&self.path)?))
    }

    /// Looks once.
    ///
    /// # Errors
    /// There is no save yet, or `run.toml` or what begins the series is not whole: the next look may
    /// find it so.
    pub fn look(&mut self) -> Result<Look, ArchiveError> {
        let mut look = Look::default();
        let signature = signature(&self.path.join(names::MANIFEST));
        let is_same = signature.is_some() && signature == self.signature;
        let is_settled = is_same && self.looks >= SETTLED && self.is_whole();
        if !is_settled {
            let home = Home::open(&self.path)?;
            let text = Archive::manifest_text(&home)?;
            if is_same && text == self.text {
                self.looks += 1;
                // A folder in it may have come since.
                if let Some(archive) = &mut self.archive {
                    archive.home = home;
                }
            } else {
                self.take_manifest(home, &text, &mut look)?;
                (self.text, self.signature, self.looks) = (text, signature, 0);
            }
            self.take_tables(&mut look);
        }
        Ok(look)
    }

    /// Whether all that counts was taken.
    fn is_whole(&self) -> bool {
        let Some(archive) = &self.archive else { return false };
        let mut tables = self.tables.iter().zip(archive.manifest.bytes);
        tables.all(|(taken, bytes)| taken.bytes >= bytes) && self.due().is_empty()
    }

    /// Takes another `run.toml`; begins anew where it is no later save of the same series.
    fn take_manifest(
        &mut self,
        home: Home,
        text: &str,
        look: &mut Look,
    ) -> Result<(), ArchiveError> {
        let manifest = Manifest::parse(&home.run.place(names::MANIFEST), text)?;
        look.is_saved = true;
        look.begins = !self.archive.as_ref().is_some_and(|archive| {
            let before = &archive.manifest;
            let is_shorter = |(taken, bytes): (&Taken, &u64)| taken.bytes > *bytes;
            before.scenario_sha256 == manifest.scenario_sha256
                && before.step <= manifest.step
                && manifest.log.starts_with(&before.log)
                && !self.tables.iter().zip(&manifest.bytes).any(is_shorter)
        });
        let kept = self.archive.take().filter(|_| !look.begins);
        let (scenario, inputs) = match kept {
            Some(Archive { scenario, inputs, .. }) => {
                check_sizes(&manifest, &scenario)
                    .map_err(|why| ArchiveError::damaged(&home.run.place(names::MANIFEST), why))?;
                (scenario, inputs)
            }
            None => {
                (self.tables, self.logged) = Default::default();
                self.pictures.clear();
                (scenario_of(&home, &manifest)?, Mutex::new([None, None]))
            }
        };
        look.logged = manifest.log[self.logged..].to_vec();
        self.logged = manifest.log.len();
        self.archive = Some(Archive {
            path: self.path.clone(),
            home,
            manifest,
            scenario,
            rows: Vec::new(),
            events: Vec::new(),
            before_save: [0, 0],
            inputs,
        });
        Ok(())
    }

    /// Takes the rows that count and are whole.
    fn take_tables(&mut self, look: &mut Look) {
        let Some(archive) = &self.archive else { return };
        let [rows, events] = &mut self.tables;
        let read = rows.more(archive, 0, |place, text| {
            look.rows = tables::read_metrics(place, text, &archive.scenario)?;
            look.rows.sort_by_key(|row| row.step);
            Ok(())
        });
        let read = read.and(events.more(archive, 1, |place, text| {
            look.events = tables::read_events(place, text)?;
            look.events.sort_by_key(|event| event.step);
            Ok(())
        }));
        look.waits = read.err();
        if self.tables.iter().any(|taken| taken.is_another) {
            // The next look begins anew.
            (self.archive, self.signature) = (None, None);
        }
    }

    /// Steps of the pictures that were not taken yet, rising; the one at which the run was left or
    /// last saved, which goes with the next one, is not among them.
    pub fn due(&self) -> Vec<u64> {
        let Some(archive) = &self.archive else { return Vec::new() };
        let manifest = &archive.manifest;
        let is_due = |step: u64, sum: &String| {
            Some(step) != manifest.left && self.pictures.get(&step) != Some(sum)
        };
        let due = manifest.keyframes.iter().filter(|kept| is_due(kept.step, &kept.sha256));
        let mut due: Vec<u64> = due.map(|kept| kept.step).collect();
        due.sort_unstable();
        due
    }

    /// The picture of a step, which counts as taken then.
    ///
    /// # Errors
    /// It is not there, or not whole: the next look may find it so.
    pub fn picture(&mut self, step: u64) -> Result<Snapshot, ArchiveError> {
        let Some(archive) = &self.archive else {
            return Err(ArchiveError::NoRun(self.path.clone()));
        };
        let picture = archive.keyframe(step)?;
        let kept = archive.manifest.keyframes.iter().find(|kept| kept.step == step);
        self.pictures.extend(kept.map(|kept| (step, kept.sha256.clone())));
        Ok(picture)
    }
}

impl Taken {
    /// Reads what of a table counts and was not taken yet, up to its last whole row; it counts as
    /// taken if `read` can make something of it.
    fn more(
        &mut self,
        archive: &Archive,
        table: usize,
        read: impl FnOnce(&Path, &str) -> Result<(), ArchiveError>,
    ) -> Result<(), ArchiveError> {
        let (name, counted) = (TABLES[table], archive.manifest.bytes[table]);
        if self.bytes >= counted {
            return Ok(());
        }
        let place = archive.path.join(name);
        let failed = |error| ArchiveError::Read { place: place.clone(), error };
        let (mut file, _) = archive.home.run.open_file(name).map_err(failed)?;
        let known = [(0, &self.head), (self.bytes - self.last.len() as u64, &self.last)];
        for (at, known) in known {
            let mut found = vec![0; known.len()];
            file.seek(SeekFrom::Start(at)).map_err(|e| failed(e.into()))?;
            // One that is being copied may be shorter for a while.
            file.read_exact(&mut found).map_err(|e| failed(e.into()))?;
            if found != *known {
                self.is_another = true;
                return Err(ArchiveError::damaged(&place, "it is another table than before"));
            }
        }
        let mut part = Vec::new();
        let more = file.take(counted - self.bytes).read_to_end(&mut part);
        more.map_err(|e| failed(e.into()))?;
        part.truncate(tables::whole(&part));
        let bytes = part.len() as u64;
        if bytes > 0 {
            let first = part.iter().position(|&byte| byte == b'\n').map_or(0, |at| at + 1);
            let is_first = self.bytes == 0;
            let head = if is_first { part[..first].to_vec() } else { self.head.clone() };
            let rows = part.split_off(if is_first { first } else { 0 });
            read(&place, &text(&place, [&head[..], &rows].concat())?)?;
            let rows = if rows.is_empty() { &head } else { &rows };
            let start = tables::whole(&rows[..rows.len() - 1]);
            self.last = rows[start..].to_vec();
            (self.head, self.bytes) = (head, self.bytes + bytes);
        }
        if self.bytes < counted {
            let why = format!("it has {} of {counted} bytes", self.bytes);
            return Err(ArchiveError::damaged(&place, why));
        }
        Ok(())
    }
}
