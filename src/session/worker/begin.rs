//! How a run begins: new, from a save, or as a fork of another.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::archive::{Archive, Asleep, Folder, FolderError, Manifest, Prepared, shelf};
use crate::engine::RunError;
use crate::engine::run::Run;
use crate::give_up;
use crate::record::event::Event;
use crate::record::notice::Notice;
use crate::record::row::StepRow;
use crate::record::status::{Activity, Origin, RunInfo, Saving, Update};
use crate::scenario::Scenario;
use crate::session::command::Command;
use crate::session::drive::{At, drive};
use crate::session::recorder::Recorder;
use crate::session::worker::meter::Cost;
use crate::session::worker::trainer_loop::Worker;
use crate::session::worker::turn::{Begin, Broken, Built, Next};

/// Time between two reports of a replay.
const REPLAY_REPORT: Duration = Duration::from_millis(100);

/// Rows in one message.
const ROWS: usize = 4096;

impl Worker {
    /// Builds a run and hands out what is known of it.
    pub(super) fn build(&mut self, begin: Begin) -> Result<Built, Broken> {
        log::info!("run {} begins: {begin}", self.runs);
        self.way = None;
        self.log.clear();
        self.saved = match &begin {
            Begin::Resume(path) => Some(path.clone()),
            _ => None,
        };
        if !matches!(begin, Begin::Fork { .. }) {
            // What fails from here on is no failure of the run before, and the speed of another
            // model says nothing of this one's.
            self.folder = None;
            self.cost = Cost::default();
        }
        let compute = self.choice.open().map_err(RunError::from)?;
        let question = self.inbox.question();
        match begin {
            Begin::Visit(visit) => {
                let built = self.build(Begin::Fresh(Box::new(visit.scenario)))?;
                self.way = Some(visit.way);
                Ok(built)
            }
            Begin::Fresh(scenario) => {
                let new = || Run::new(*scenario, &compute, self.runs, true);
                let mut run = give_up::within(&question, new)?;
                let info = run.info();
                self.send(Update::Started(Box::new(info.clone())));
                let folder = self.new_folder(&info.scenario, |prepared| {
                    Folder::create(prepared, &info.scenario.title, &info, info.scenario.steps)
                });
                let mut recorder = Recorder::new(folder, Some(self.budgets))?;
                let kept = give_up::within(&question, || {
                    let kept = recorder.begin(&mut run);
                    RunError::if_given_up().and(kept)
                });
                match kept {
                    Err(RunError::GivenUp) => {
                        self.discard(recorder);
                        return Err(RunError::GivenUp.into());
                    }
                    kept => self.kept(kept?),
                }
                Ok(Built::Ready(Box::new((run, recorder))))
            }
            Begin::Resume(path) => {
                let archive = Archive::open(&path)?;
                let new = || Run::new(archive.scenario.clone(), &compute, self.runs, true);
                let mut run = give_up::within(&question, new)?;
                run.restore(archive.newest()?)?;
                let log = archive.manifest.log.clone();
                self.log.clone_from(&log);
                let info = RunInfo { origin: Origin::Saved { log }, ..run.info() };
                let [rows, events] = archive.before_save;
                self.tell(&archive, info, &archive.rows[..rows], &archive.events[..events])?;
                let until = archive.manifest.until;
                let asleep = Asleep::new(&path, archive.manifest, until)?;
                self.folder = Some(path);
                self.say_saving(asleep.path(), asleep.manifest());
                let events = &archive.events[..events];
                let recorder = Recorder::looking(asleep, self.budgets, events);
                self.way.clone_from(&self.rest);
                Ok(Built::Ready(Box::new((run, recorder))))
            }
            Begin::Fork { from, step } => {
                let archive = Archive::open(&from)?;
                let new = || Run::new(archive.scenario.clone(), &compute, self.runs, true);
                let mut run = give_up::within(&question, new)?;
                run.restore(archive.checkpoint_before(step)?)?;
                let replay = || self.replay(&mut run, &archive, step);
                if let Some(next) = give_up::within(&question, replay)? {
                    return Ok(Built::Left(next));
                }
                let log = archive.manifest.log.iter().filter(|l| l.step < step).copied().collect();
                self.log.clone_from(&log);
                let origin = Origin::Fork { run: self.runs - 1, step: run.step_count(), log };
                let info = RunInfo { origin, ..run.info() };
                let (rows, events) = archive.before_fork(step);
                self.tell(&archive, info.clone(), &rows, &events)?;
                let folder = self.new_folder(&info.scenario, |prepared| {
                    Folder::fork(prepared, &archive, &info, step)
                });
                let mut recorder = Recorder::going_on(folder, Some(self.budgets), &events)?;
                self.kept(recorder.mark(&mut run)?);
                recorder.save(&mut run, false)?;
                Ok(Built::Ready(Box::new((run, recorder))))
            }
        }
    }

    /// Waits for the command that gave up what was being built; `before` is the folder of the run
    /// before it, to which one can go back.
    pub(super) fn given_up(&mut self, before: Option<PathBuf>) -> Next {
        loop {
            match (self.inbox.recv(), &before) {
                (Err(_), _) => return Next::Shutdown,
                (Ok(Command::Cancel), Some(before)) => {
                    self.activity = Activity::Paused;
                    return Next::Begin(Begin::Resume(before.clone()));
                }
                (Ok(Command::Cancel), None) => {
                    self.send(Update::Notice(Notice::GivenUp));
                    self.set_activity(Activity::Paused);
                }
                (Ok(Command::SetPace(pace)), _) => self.pace = pace,
                (Ok(command), _) => {
                    if let Some(next) = self.leaves(command) {
                        return next;
                    }
                    // There is nothing to play.
                    if self.activity == Activity::Paused {
                        self.set_activity(Activity::Paused);
                    }
                }
            }
        }
    }

    /// Leaves nothing of a run that was given up before it was ready.
    fn discard(&mut self, recorder: Recorder) {
        // What could not be written is not to be there.
        drop(recorder.finish());
        self.saved = None;
        if let Some(folder) = self.folder.take() {
            // What cannot be removed lies on the shelf.
            shelf::remove(&folder).ok();
        }
    }

    /// Hands out what a run has behind it: rows and events of a saved run, and its pictures.
    fn tell(
        &self,
        archive: &Archive,
        info: RunInfo,
        rows: &[StepRow],
        events: &[Event],
    ) -> Result<(), Broken> {
        let is_fork = matches!(info.origin, Origin::Fork { .. });
        let number = info.run;
        self.send(Update::Started(Box::new(info)));
        for some in rows.chunks(ROWS) {
            self.send(Update::Rows(some.to_vec()));
        }
        for event in events {
            self.send(Update::Event(event.clone()));
        }
        // The window has the pictures of the run that it forked.
        if !is_fork {
            // What came after the newest save comes again.
            let saved = archive.manifest.step;
            for at in archive.keyframe_steps().into_iter().filter(|&at| at <= saved) {
                let mut keyframe = archive.keyframe(at)?;
                keyframe.run = number;
                self.send(Update::Keyframe(keyframe.into()));
            }
        }
        Ok(())
    }

    /// Trains to a step with the settings that were made by hand on the way; gives what else is to
    /// be done where it is left on the way. Rows are not handed out: the tables have them.
    fn replay(
        &mut self,
        run: &mut Run,
        archive: &Archive,
        step: u64,
    ) -> Result<Option<Next>, Broken> {
        let from = run.step_count();
        let mut reported = Instant::now();
        let (mut left, mut began) = (None, reported);
        drive(run, step, |run, at| -> Result<bool, Broken> {
            match at {
                At::Before => {
                    left = self.leaves_replay(archive);
                    run.set_due(&archive.manifest.log);
                    began = Instant::now();
                }
                At::News => drop(run.take_news()?),
                At::After => {
                    self.count_step(run, began.elapsed());
                    if reported.elapsed() >= REPLAY_REPORT {
                        reported = Instant::now();
                        let (done, of) = (run.step_count() - from, step - from);
                        self.activity = Activity::Replaying { done, of };
                        self.send_state(0.0);
                    }
                }
            }
            Ok(left.is_none())
        })?;
        if left.is_some() {
            return Ok(left);
        }
        run.take_news()?;
        Ok(None)
    }

    /// What a command on the way to another step begins in its place.
    fn leaves_replay(&mut self, archive: &Archive) -> Option<Next> {
        match self.inbox.try_recv() {
            Ok(Command::Cancel) => {
                self.activity = Activity::Paused;
                Some(Next::Begin(Begin::Resume(archive.path.clone())))
            }
            Ok(Command::SetPace(pace)) => {
                self.pace = pace;
                None
            }
            // Nothing else has a meaning on the way to another step.
            Ok(command) => self.leaves(command),
            Err(_) => None,
        }
    }

    /// Makes a folder for a run of a scenario; where that fails, the run trains unsaved.
    fn new_folder(
        &mut self,
        scenario: &Scenario,
        make: impl FnOnce(Prepared) -> Result<Folder, FolderError>,
    ) -> Option<Folder> {
        self.folder = None;
        if !self.keeps {
            self.send(Update::Saving(Saving::default()));
            return None;
        }
        let home = self.home.clone()?;
        let path = free_folder(&home, &scenario.title);
        let folder = Prepared::new(&path, false, scenario).and_then(make);
        match folder {
            Ok(folder) => {
                (self.folder, self.saved) = (Some(path.clone()), Some(path));
                self.say_saving(folder.path(), folder.manifest());
                if self.makes_room {
                    // This one is locked, and so is what other windows have open.
                    shelf::prune(&home);
                }
                Some(folder)
            }
            Err(error) => {
                let failure = Some(error.to_string());
                self.send(Update::Saving(Saving { failure, ..Saving::default() }));
                None
            }
        }
    }

    fn say_saving(&self, folder: &Path, manifest: &Manifest) {
        let checkpoints = manifest.checkpoints.iter().map(|k| k.step).collect();
        let folder = Some(folder.to_path_buf());
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
