//! How a run begins: new, from a save, or as a fork of another.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::archive::{Archive, Folder, FolderError};
use crate::scenario::Scenario;
use crate::train::command::Command;
use crate::train::recorder::Recorder;
use crate::train::run::{Run, RunError};
use crate::train::snapshot::{Activity, Origin, RunInfo, Saving, TrainerState, Update};
use crate::train::visit::Visit;
use crate::train::worker::rounds::{Broken, Worker};

/// Time between two reports of a replay.
const REPLAY_REPORT: Duration = Duration::from_millis(100);

/// Steps between two read-backs during a replay.
const READ_BACK: u64 = 64;

/// Rows in one message.
const ROWS: usize = 4096;

/// What a run begins with.
#[derive(Clone, Debug)]
pub enum Begin {
    /// A scenario, at step 0.
    Fresh(Box<Scenario>),
    /// A scenario, and the way to a step of it.
    Visit(Box<Visit>),
    /// The newest save in a folder.
    Resume(PathBuf),
    /// A step of the run that was saved in a folder.
    Fork {
        /// The folder.
        from: PathBuf,
        /// Steps trained.
        step: u64,
    },
}

impl Begin {
    /// The scenario, where there is no folder that holds it.
    pub(super) fn scenario(&self) -> Option<Box<Scenario>> {
        match self {
            Self::Fresh(scenario) => Some(scenario.clone()),
            Self::Visit(visit) => Some(Box::new(visit.scenario.clone())),
            _ => None,
        }
    }
}

impl Worker {
    /// Builds a run and hands out what is known of it; `None` if a replay was given up.
    pub(super) fn build(&mut self, begin: Begin) -> Result<Option<(Run, Recorder)>, Broken> {
        let compute = self.choice.open().map_err(RunError::from)?;
        self.way = None;
        match begin {
            Begin::Visit(visit) => {
                let built = self.build(Begin::Fresh(Box::new(visit.scenario)))?;
                self.way = Some(visit.way);
                Ok(built)
            }
            Begin::Fresh(scenario) => {
                let mut run = Run::new(*scenario, &compute, self.runs, true)?;
                let info = run.info();
                self.send(Update::Started(Box::new(info.clone())));
                let folder = self.new_folder(&info.scenario, |path| {
                    Folder::create(path, &info.scenario.title, &info, info.scenario.steps)
                });
                let mut recorder = Recorder::new(folder, Some(self.budgets))?;
                self.kept(recorder.begin(&mut run)?);
                Ok(Some((run, recorder)))
            }
            Begin::Resume(path) => {
                let archive = Archive::open(&path)?;
                let mut run = Run::new(archive.scenario.clone(), &compute, self.runs, true)?;
                run.restore(archive.newest()?)?;
                let log = archive.manifest.log.clone();
                let info = RunInfo { origin: Origin::Saved { log }, ..run.info() };
                self.tell(&archive, info, u64::MAX, archive.resume_rows)?;
                let until = archive.manifest.until;
                let folder = Folder::reopen(&path, archive.manifest, until)?;
                self.folder = Some(path);
                self.say_saving(&folder);
                let recorder = Recorder::new(Some(folder), Some(self.budgets))?;
                Ok(Some((run, recorder)))
            }
            Begin::Fork { from, step } => {
                let archive = Archive::open(&from)?;
                let mut run = Run::new(archive.scenario.clone(), &compute, self.runs, true)?;
                run.restore(archive.checkpoint_before(step)?)?;
                if !self.replay(&mut run, &archive, step)? {
                    return Ok(None);
                }
                let log = archive.manifest.log.iter().filter(|l| l.step < step).copied().collect();
                let origin = Origin::Fork { run: self.runs - 1, step: run.step_count(), log };
                let info = RunInfo { origin, ..run.info() };
                let rows = archive.rows.iter().filter(|r| r.step <= step).count();
                self.tell(&archive, info.clone(), step, rows)?;
                let folder = self
                    .new_folder(&info.scenario, |path| Folder::fork(path, &archive, &info, step));
                let mut recorder = Recorder::new(folder, Some(self.budgets))?;
                self.kept(recorder.mark(&mut run)?);
                recorder.save(&mut run, false)?;
                Ok(Some((run, recorder)))
            }
        }
    }

    /// Hands out a saved run until `step`: its first `rows` rows, its events, settings and pictures.
    fn tell(&self, archive: &Archive, info: RunInfo, step: u64, rows: usize) -> Result<(), Broken> {
        let is_fork = matches!(info.origin, Origin::Fork { .. });
        let number = info.run;
        self.send(Update::Started(Box::new(info)));
        for some in archive.rows[..rows].chunks(ROWS) {
            self.send(Update::Rows(some.to_vec()));
        }
        for event in archive.events.iter().filter(|e| e.step <= step) {
            self.send(Update::Event(event.clone()));
        }
        // The window has the pictures of the run that it forked.
        if !is_fork {
            for at in archive.keyframe_steps() {
                let mut keyframe = archive.keyframe(at)?;
                keyframe.run = number;
                self.send(Update::Keyframe(keyframe.into()));
            }
        }
        Ok(())
    }

    /// Trains to a step with the settings that were made by hand on the way; false if it was given
    /// up. Rows are not handed out: the tables have them.
    fn replay(&mut self, run: &mut Run, archive: &Archive, step: u64) -> Result<bool, Broken> {
        let from = run.step_count();
        let mut reported = Instant::now();
        while run.step_count() < step && run.is_training() {
            match self.inbox.try_recv() {
                Ok(Command::Cancel | Command::Shutdown) => return Ok(false),
                Ok(Command::SetPace(pace)) => self.pace = pace,
                // Nothing else has a meaning on the way to another step.
                _ => {}
            }
            let at = run.step_count();
            for logged in archive.manifest.log.iter().filter(|l| l.step == at) {
                run.set(logged.lane, logged.setting);
            }
            run.step()?;
            if run.step_count().is_multiple_of(READ_BACK) {
                run.take_news()?;
            }
            if reported.elapsed() >= REPLAY_REPORT {
                reported = Instant::now();
                let (done, of) = (run.step_count() - from, step - from);
                self.activity = Activity::Replaying { done, of };
                let state = TrainerState {
                    activity: self.activity,
                    pace: self.pace,
                    steps_per_second: 0.0,
                };
                self.send(Update::State(state));
                (self.wake)();
            }
        }
        run.take_news()?;
        Ok(true)
    }

    /// Makes a folder for a run of a scenario; where that fails, the run trains unsaved.
    fn new_folder(
        &mut self,
        scenario: &Scenario,
        make: impl FnOnce(&Path) -> Result<Folder, FolderError>,
    ) -> Option<Folder> {
        self.folder = None;
        let home = self.home.clone()?;
        let path = free_folder(&home, &scenario.title);
        let folder = Folder::prepare(&path, false, scenario).and_then(|()| make(&path));
        match folder {
            Ok(folder) => {
                self.folder = Some(path);
                self.say_saving(&folder);
                Some(folder)
            }
            Err(error) => {
                let failure = Some(error.to_string());
                self.send(Update::Saving(Saving { failure, ..Saving::default() }));
                None
            }
        }
    }

    fn say_saving(&self, folder: &Folder) {
        let checkpoints = folder.manifest().checkpoints.iter().map(|k| k.step).collect();
        let folder = Some(folder.path().to_path_buf());
        self.send(Update::Saving(Saving { folder, failure: None, checkpoints }));
    }
}

/// The first folder that is not there yet: the story's name and a number.
fn free_folder(home: &Path, title: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let name: String = title.chars().map(plain).take(40).collect();
    let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
    let name = if parts.is_empty() { "run".into() } else { parts.join("-") };
    let numbered = |number: u64| home.join(format!("{name}-{number:04}"));
    (1..).map(numbered).find(|path| !path.exists()).unwrap_or_else(|| home.join(name))
}
