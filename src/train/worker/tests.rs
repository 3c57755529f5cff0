//! The trainer thread: commands, pace, forks, and what happens when something breaks.

mod failures;
mod forks;
mod visits;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::archive::{Archive, metrics_line, shelf};
use crate::headless::{self, Order};
use crate::scenario::{LaneId, Pace, Scenario};
use crate::train::Run;
use crate::train::command::{Command, Setting};
use crate::train::snapshot::{Activity, EventKind, Origin, Snapshot, StepRow, Update};
use crate::train::tests::{VQ_AND_SIMVQ, choice, scenario};
use crate::train::worker::{Begin, Start, Trainer};

/// A trainer with everything that it handed out so far.
struct Watched {
    trainer: Trainer,
    rows: Vec<StepRow>,
    updates: Vec<Update>,
    picture: Option<Arc<Snapshot>>,
}

impl Watched {
    fn new(scenario: Scenario, playing: bool) -> Self {
        Self::of(Trainer::spawn(scenario, choice(), playing, || {}).unwrap())
    }

    fn of(trainer: Trainer) -> Self {
        Self { trainer, rows: Vec::new(), updates: Vec::new(), picture: None }
    }

    /// A trainer whose runs are saved.
    fn saved(home: &Place) -> Self {
        let start = Start {
            pace: Pace::LADDER[5],
            begin: Begin::Fresh(Box::new(scenario(VQ_AND_SIMVQ))),
            choice: choice(),
            is_playing: true,
            home: Some(home.0.clone()),
            budgets: Default::default(),
        };
        Self::of(Trainer::start(start, || {}).unwrap())
    }

    /// The folder of the newest run.
    fn folder(&self) -> PathBuf {
        let of = |update: &Update| match update {
            Update::Saving(saving) => saving.folder.clone(),
            _ => None,
        };
        self.updates.iter().rev().find_map(of).unwrap()
    }

    /// Rows since the newest run began, as they are written.
    fn lines(&self) -> Vec<String> {
        self.rows.iter().map(metrics_line).collect()
    }

    fn send(&self, command: Command) {
        assert!(self.trainer.send(command));
    }

    /// Waits until something is true of what was handed out; a trainer that hangs fails the test.
    fn until(&mut self, what: &str, is_true: impl Fn(&Self) -> bool) {
        let start = Instant::now();
        while !is_true(self) {
            assert!(
                start.elapsed() < Duration::from_secs(60),
                "waited in vain until {what}: {} updates, step {}",
                self.updates.len(),
                self.last_step()
            );
            self.picture = self.trainer.take_latest().or(self.picture.take());
            for update in self.trainer.updates() {
                match update {
                    Update::Rows(rows) => self.rows.extend(rows),
                    other => self.updates.push(other),
                }
            }
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    fn activity(&self) -> Option<Activity> {
        self.updates.iter().rev().find_map(|u| match u {
            Update::State(state) => Some(state.activity),
            _ => None,
        })
    }

    /// What a step costs, as the trainer said last.
    fn seconds_per_step(&self) -> Option<f64> {
        let newest = self.updates.iter().rev().find_map(|u| match u {
            Update::State(state) => Some(state.seconds_per_step),
            _ => None,
        });
        newest.flatten()
    }

    fn runs(&self) -> usize {
        self.updates.iter().filter(|u| matches!(u, Update::Started(_))).count()
    }

    fn last_step(&self) -> u64 {
        self.rows.last().map_or(0, |r| r.step)
    }
}

#[test]
fn the_trainer_steps_pauses_and_restarts() {
    let mut w = Watched::new(scenario(VQ_AND_SIMVQ), false);
    w.until("it is paused before the first step", |w| w.activity() == Some(Activity::Paused));
    assert!(w.rows.is_empty());
    w.send(Command::StepOnce);
    w.until("one step is done", |w| w.last_step() == 1);
    w.send(Command::Set { lane: Some(LaneId::B), setting: Setting::Lr(0.5) });
    w.send(Command::StepOnce);
    w.until("two steps are done", |w| w.last_step() == 2);
    w.until("the picture of step 2", |w| w.picture.as_ref().is_some_and(|p| p.step == 2));
    let lr = |w: &Watched, lane: usize| w.picture.as_ref().unwrap().lanes[lane].lr;
    assert_eq!((lr(&w, 0), lr(&w, 1)), (0.003, 0.5));
    assert!(
        w.updates
            .iter()
            .any(|u| matches!(u, Update::Event(e) if e.step == 1 && e.kind == EventKind::Change))
    );
    w.send(Command::Restart(Box::new(scenario("[lanes.a]\n"))));
    w.until("the second run trains", |w| {
        w.runs() == 2 && w.rows.iter().filter(|r| r.step == 1).count() == 3
    });
    // Late pictures of the first run are told from those of the second.
    w.until("a picture of the second run", |w| w.picture.as_ref().is_some_and(|p| p.run == 2));
}

#[test]
fn rows_are_lossless_at_full_speed_and_the_run_pauses_at_its_end() {
    let mut scenario = scenario(VQ_AND_SIMVQ);
    scenario.pace = Pace::LADDER[5];
    let mut w = Watched::new(scenario, true);
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let steps: Vec<u64> = w.rows.iter().filter(|r| r.lane == LaneId::A).map(|r| r.step).collect();
    assert_eq!(steps, (1..=300).collect::<Vec<_>>());
    let evaluated: Vec<u64> =
        w.rows.iter().filter(|r| r.lane == LaneId::B && r.eval.is_some()).map(|r| r.step).collect();
    assert_eq!(evaluated, [1, 50, 100, 150, 200, 250, 300]);
    w.send(Command::Play);
    w.until("it goes on after the end", |w| w.last_step() > 320);
}

#[test]
fn a_panic_ends_in_a_sentence_and_a_restart_goes_on() {
    // No reader lets a codebook of no codes through; it makes the engine panic.
    let mut broken = scenario(VQ_AND_SIMVQ);
    broken.codebook.size = 0;
    let mut w = Watched::new(broken, true);
    w.until("the failure is told", |w| w.updates.iter().any(|u| matches!(u, Update::Failed(_))));
    w.send(Command::Pause);
    w.send(Command::Restart(Box::new(scenario(VQ_AND_SIMVQ))));
    w.until("the next run trains", |w| w.last_step() >= 1);
}

/// A folder of a test that is removed at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("vqscope-worker-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

#[test]
fn a_fork_with_nothing_changed_repeats_the_run_and_one_with_a_change_does_not() {
    let home = Place::new("fork");
    let mut w = Watched::saved(&home);
    w.until("150 steps", |w| w.last_step() >= 150);
    w.send(Command::Set { lane: Some(LaneId::A), setting: Setting::Lr(0.01) });
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let changed_at = w.updates.iter().find_map(|u| match u {
        Update::Logged(logged) => Some(logged.step),
        _ => None,
    });
    let changed_at = changed_at.unwrap();
    let original = w.lines();
    // Behind the change, between two checkpoints: the change is replayed.
    for step in [changed_at + 37, changed_at + 1] {
        let runs = w.runs();
        w.rows.clear();
        w.send(Command::Fork { step });
        w.until("the fork waits at its step", |w| {
            w.runs() > runs && w.activity() == Some(Activity::Paused) && w.last_step() == step
        });
        w.until("its picture", |w| w.picture.as_ref().is_some_and(|p| p.step == step));
        w.send(Command::Play);
        w.until("the end again", |w| w.last_step() == 300);
        assert!(w.lines() == original, "a fork at step {step} went another way");
        let archive = Archive::open(&w.folder()).unwrap();
        assert_eq!(archive.manifest.forked_from.as_ref().map(|p| p.step), Some(step));
    }
    // Before the change: the future is another one.
    w.rows.clear();
    w.send(Command::Fork { step: changed_at - 20 });
    w.until("the fork waits", |w| w.last_step() == changed_at - 20);
    assert_eq!(w.lines(), original[..2 * (changed_at as usize - 20)]);
    w.send(Command::Play);
    w.until("the end", |w| w.last_step() == 300);
    assert!(w.lines() != original);
    // All of it can be opened, none of it is open any more.
    drop(w);
    let (entries, broken) = shelf::list(&home.0);
    assert_eq!((entries.len(), broken.len()), (4, 0), "{broken:?}");
    assert!(shelf::cut_off(&home.0).is_none());
}

#[test]
fn the_way_to_a_fork_can_be_left_for_another_run_and_for_the_door() {
    let home = Place::new("left");
    let mut w = Watched::saved(&home);
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let parent = w.folder();
    // The last checkpoint before this step lies 199 steps back.
    w.send(Command::Fork { step: 199 });
    w.send(Command::Restart(Box::new(scenario("[lanes.a]\n"))));
    let is_new = |u: &&Update| matches!(u, Update::Started(info) if info.run == 3);
    w.until("the new run trains", |w| {
        w.updates.iter().any(|u| is_new(&u)) && w.rows.last().is_some_and(|r| r.step == 300)
    });
    let forks = w.updates.iter().filter(
        |u| matches!(u, Update::Started(info) if matches!(info.origin, Origin::Fork { .. })),
    );
    assert_eq!(forks.count(), 0);
    // Esc leads back to the run from which the way began.
    w.send(Command::Resume(parent.clone()));
    w.until("the parent waits", |w| w.folder() == parent && w.activity() == Some(Activity::Paused));
    let runs = w.runs();
    w.send(Command::Fork { step: 199 });
    w.send(Command::Cancel);
    w.until("it waits again", |w| w.runs() == runs + 1 && w.activity() == Some(Activity::Paused));
    assert_eq!(w.folder(), parent);
    // A window that closes does not wait for the rest of the way, and the trainer does not either.
    w.send(Command::Fork { step: 199 });
    let (ended, end) = std::sync::mpsc::channel();
    let leaves = move || {
        drop(w);
        ended.send(()).ok();
    };
    std::thread::Builder::new().name("door".into()).spawn(leaves).unwrap();
    assert!(end.recv_timeout(Duration::from_secs(60)).is_ok(), "the trainer did not end");
    let (entries, broken) = shelf::list(&home.0);
    assert_eq!((entries.len(), broken.len()), (2, 0), "{broken:?}");
    assert!(shelf::cut_off(&home.0).is_none());
}

#[test]
fn a_run_goes_on_where_it_was_saved() {
    let home = Place::new("resume");
    let mut w = Watched::saved(&home);
    w.until("some steps", |w| w.last_step() >= 60);
    w.send(Command::Pause);
    w.until("it is paused", |w| w.activity() == Some(Activity::Paused));
    let (folder, before) = (w.folder(), w.lines());
    drop(w);
    let begin = Begin::Resume(folder.clone());
    let start = Start {
        pace: Pace::LADDER[5],
        begin,
        choice: choice(),
        is_playing: false,
        home: Some(home.0.clone()),
        budgets: Default::default(),
    };
    let mut w = Watched::of(Trainer::start(start, || {}).unwrap());
    w.until("it waits where it was", |w| w.activity() == Some(Activity::Paused));
    assert!(w.lines() == before);
    assert_eq!(w.seconds_per_step(), None);
    w.send(Command::StepOnce);
    let next = w.last_step() + 1;
    w.until("one more step", |w| w.last_step() == next);
    assert_eq!(w.folder(), folder);
    // What a step costs is told with the next state, whatever the pace.
    w.send(Command::SetPace(Pace::LADDER[0]));
    w.until("its cost", |w| w.seconds_per_step().is_some_and(|seconds| seconds > 0.0));
}

#[test]
fn a_run_that_ended_without_a_window_is_handed_out_once() {
    let home = Place::new("ended");
    let folder = home.0.join("run");
    // A change near the end, after the last numbers were read back.
    let text = format!("{VQ_AND_SIMVQ}[[change]]\nstep=297\nlr=0.001\n");
    let order = Order::new("x", scenario(&text), &folder, choice());
    headless::run(order, &Default::default()).unwrap();
    let archive = Archive::open(&folder).unwrap();
    // The change stands in the table and in the state that was saved last.
    assert!(archive.before_save[1] < archive.events.len());
    let mut w = Watched::saved(&home);
    w.send(Command::Resume(folder));
    w.until("it is open", |w| w.runs() == 2 && w.activity() == Some(Activity::Paused));
    let newest = w.updates.iter().rposition(|u| matches!(u, Update::Started(_))).unwrap();
    let events: Vec<_> = w.updates[newest..]
        .iter()
        .filter_map(|u| if let Update::Event(event) = u { Some(event) } else { None })
        .collect();
    assert!(events.iter().any(|e| e.step == 296), "{events:?}");
    assert!(events.iter().copied().eq(&archive.events), "{events:?}");
}
