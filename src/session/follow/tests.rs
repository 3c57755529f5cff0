//! A run that is followed: it grows, it is read-only, and it is gone on with once it is left.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crossbeam_channel::{Receiver, Sender, bounded};
use tempfile::{TempDir, tempdir};

use crate::archive::tests::growing::all_of;
use crate::archive::{Archive, Folder, Prepared, metrics_line, names};
use crate::engine::Run;
use crate::engine::tests::{VQ_AND_SIMVQ, choice, compute, scenario};
use crate::lesson::Mode;
use crate::patience::wait;
use crate::record::event::Event;
use crate::record::notice::Notice;
use crate::record::row::StepRow;
use crate::record::setting::Setting;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Origin, RunInfo, Update};
use crate::scenario::Pace;
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::session::follow::Follower;
use crate::session::recorder::{Budgets, Recorder};
use crate::session::worker::{Begin, Start};

/// The other process: a run that is trained to a step and saved there.
struct Other {
    place: PathBuf,
    run: Run,
    recorder: Recorder,
}

impl Other {
    fn new(place: &Path) -> Self {
        let mut run = Run::new(scenario(VQ_AND_SIMVQ), &compute(), 1, true).unwrap();
        let prepared = Prepared::new(place, false, run.scenario()).unwrap();
        let folder = Folder::create(prepared, "x", &run.info(), 300).unwrap();
        let recorder = Recorder::new(Some(folder), Some(Budgets::default())).unwrap();
        let mut recorder = recorder.saving_every(Duration::MAX).picturing_after(Duration::ZERO);
        recorder.begin(&mut run).unwrap();
        Self { place: place.into(), run, recorder }
    }

    fn to(&mut self, step: u64) {
        while self.run.step_count() < step {
            self.run.step().unwrap();
            self.recorder.after_step(&mut self.run).unwrap();
        }
        let (rows, events) = self.run.take_news().unwrap();
        self.recorder.news(&rows, &events);
        self.recorder.save(&mut self.run, false).unwrap();
        // What it saved before goes last.
        let states = self.place.join(names::CHECKPOINTS);
        let newest = format!("newest-{:010}-", self.run.step_count());
        wait("the save", || {
            let all = std::fs::read_dir(&states).unwrap().flatten();
            let all = all.map(|file| file.file_name().to_string_lossy().into_owned());
            let all: Vec<String> = all.filter(|name| name.starts_with("newest-")).collect();
            (all.len() == 1 && all[0].starts_with(&newest) && all[0].ends_with(".safetensors"))
                .then_some(())
        });
    }

    fn end(mut self) {
        self.recorder.leave(&mut self.run, true).unwrap();
        self.recorder.finish().unwrap().unwrap().close().unwrap();
    }
}

/// What the window has from it.
struct Window {
    follower: Follower,
    runs: Vec<RunInfo>,
    rows: Vec<StepRow>,
    events: Vec<Event>,
    pictures: Vec<u64>,
    newest: Option<Arc<Snapshot>>,
    notices: Vec<Notice>,
    activity: Option<Activity>,
}

fn start(home: Option<&TempDir>) -> Start {
    Start {
        begin: Begin::Fresh(Box::new(scenario(VQ_AND_SIMVQ))),
        choice: choice(),
        pace: Pace::LADDER[5],
        mode: Mode::Free,
        is_playing: false,
        home: home.map(|home| home.path().into()),
        makes_room: false,
        budgets: Budgets::default(),
        after_run: 0,
    }
}

impl Window {
    fn over(follower: Follower) -> Self {
        Self {
            follower,
            runs: Vec::new(),
            rows: Vec::new(),
            events: Vec::new(),
            pictures: Vec::new(),
            newest: None,
            notices: Vec::new(),
            activity: None,
        }
    }

    fn on(place: &Path, home: Option<&TempDir>) -> Self {
        Self::over(Follower::start(place.into(), start(home), || ()).unwrap())
    }

    /// Takes what there is.
    fn take(&mut self) {
        for update in self.follower.updates() {
            match update {
                Update::Started(info) => {
                    self.runs.push(*info);
                    self.rows.clear();
                    self.events.clear();
                    self.pictures.clear();
                }
                Update::Rows(rows) => self.rows.extend(rows),
                Update::Event(event) => self.events.push(event),
                Update::Keyframe(picture) => self.pictures.push(picture.step),
                Update::Notice(why) => self.notices.push(why),
                Update::State(state) => self.activity = Some(state.activity),
                Update::Failed(failure) => panic!("{}", failure.sentence),
                _ => {}
            }
        }
        self.newest = self.follower.take_latest().or(self.newest.take());
    }

    fn until(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        wait(what, || {
            self.take();
            is_true(self).then_some(())
        });
    }

    fn last(&self) -> u64 {
        self.rows.last().map_or(0, |row| row.step)
    }

    fn pictured(&self) -> u64 {
        self.newest.as_ref().map_or(0, |newest| newest.step)
    }
}

fn lines(rows: &[StepRow]) -> Vec<String> {
    rows.iter().map(metrics_line).collect()
}

#[test]
fn a_run_of_another_process_grows_here_and_is_gone_on_with_once_it_ends() {
    let place = tempdir().unwrap();
    let folder = place.path().join("run");
    let mut other = Other::new(&folder);
    let mut window = Window::on(&folder, None);
    window.until("the first save", |w| w.pictures == [0]);
    assert_eq!((window.runs.len(), window.activity), (1, Some(Activity::Following)));
    other.to(60);
    window.until("step 60", |w| w.last() == 60 && w.pictured() == 60);
    assert_eq!(window.pictures, [0, 25, 50]);
    // Nothing that would train is done, nor is anything written.
    let before = all_of(&folder);
    let refused =
        [Command::Play, Command::StepOnce, Command::Set { lane: None, setting: Setting::Lr(0.5) }];
    refused.into_iter().for_each(|command| assert!(window.follower.send(command)));
    window.until("it is refused", |w| w.notices == [const { Notice::ReadOnly }; 3]);
    assert!(all_of(&folder) == before && window.runs.len() == 1);
    assert!(window.follower.age().is_some());
    other.to(137);
    window.until("step 137", |w| w.last() == 137 && w.pictured() == 137);
    assert_eq!(window.pictures, [0, 25, 50, 75, 100, 125]);
    let grown = (lines(&window.rows), window.events.clone());
    other.end();
    window.until("it can go on here", |w| w.activity == Some(Activity::Paused));
    let saved = Archive::open(&folder).unwrap();
    assert_eq!(grown, (lines(&saved.rows), saved.events.clone()));
    assert_eq!(window.runs.iter().map(|info| info.run).collect::<Vec<_>>(), [1, 2]);
    assert!(window.follower.age().is_none());
    window.follower.send(Command::StepOnce);
    window.until("a step more", |w| w.last() == 138);
}

#[test]
fn a_run_whose_process_is_gone_can_be_gone_on_with() {
    let place = tempdir().unwrap();
    let mut other = Other::new(place.path());
    other.to(30);
    let mut window = Window::on(place.path(), None);
    window.until("it is followed", |w| w.last() == 30);
    // Killed: `run.toml` still says that it is open, and nobody holds the lock.
    let Other { recorder, .. } = other;
    drop(recorder.finish().unwrap());
    window.until("it can go on here", |w| w.activity == Some(Activity::Paused));
    assert_eq!(window.last(), 30);
}

#[test]
fn a_fork_of_a_run_that_another_process_trains_trains_here() {
    let (place, home) = (tempdir().unwrap(), tempdir().unwrap());
    let mut other = Other::new(place.path());
    other.to(60);
    let mut window = Window::on(place.path(), Some(&home));
    window.until("it is followed", |w| w.pictures.last() == Some(&50));
    let before = all_of(place.path());
    window.follower.send(Command::Fork { step: 50 });
    window.until("the fork waits", |w| w.activity == Some(Activity::Paused));
    let is_its = |origin: &Origin| matches!(origin, Origin::Fork { run: 1, step: 50, .. });
    assert!(is_its(&window.runs[1].origin) && window.last() == 50);
    window.follower.send(Command::StepOnce);
    window.until("a step of it", |w| w.last() == 51);
    drop(window);
    // The other process goes on, and its folder is its own.
    assert!(all_of(place.path()) == before);
    other.to(70);
    other.end();
    let archive = Archive::open(place.path()).unwrap();
    assert_eq!((archive.manifest.step, archive.rows.last().unwrap().step), (70, 70));
}

/// A disk that answers when it is told to.
fn disk() -> (impl FnMut() + Send + 'static, Receiver<()>, Sender<()>) {
    let (asked, is_asked) = bounded(1);
    let (answer, answered) = bounded(0);
    let before = move || {
        asked.send(()).ok();
        answered.recv().ok();
    };
    (before, is_asked, answer)
}

#[test]
fn a_disk_that_does_not_answer_holds_nothing_up() {
    let place = tempdir().unwrap();
    let mut other = Other::new(place.path());
    other.to(30);
    let (before, is_asked, answer) = disk();
    let follower =
        Follower::looking_after(place.path().into(), start(None), before, || ()).unwrap();
    let mut window = Window::over(follower);
    is_asked.recv().unwrap();
    // Not even once.
    window.take();
    assert!(window.follower.age().is_none() && window.rows.is_empty());
    answer.send(()).unwrap();
    is_asked.recv().unwrap();
    window.until("what was there before", |w| w.last() == 30);
    // From here on it says nothing any more: the age grows, and what is asked is answered.
    let age = window.follower.age().unwrap();
    wait("the age to grow", || (window.follower.age().unwrap() > age).then_some(()));
    assert!(window.follower.send(Command::Play));
    window.take();
    assert_eq!(window.notices, [Notice::ReadOnly]);
    drop(window);
    // It was closed while the disk was still asked.
    drop(answer);
}
