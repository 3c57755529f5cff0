//! The trainer thread: commands, pace, forks, and what happens when something breaks.

mod failures;
mod forks;
mod given_up;
mod guesses;
mod looking;
mod visits;
mod watched;

use std::path::PathBuf;

use crate::archive::{Archive, metrics_line, shelf};
use crate::engine::Run;
use crate::engine::tests::{VQ_AND_SIMVQ, choice, scenario};
use crate::headless::{self, Order};
use crate::record::event::EventKind;
use crate::record::row::StepRow;
use crate::record::setting::Setting;
use crate::record::snapshot::Snapshot;
use crate::record::status::{Activity, Origin, Update};
use crate::scenario::{LaneId, Pace, Scenario};
use crate::session::command::Command;
use crate::session::visit::{ReplayPlan, Visit};
use crate::session::worker::tests::watched::Watched;
use crate::session::worker::{Begin, Start};

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
    assert_eq!(evaluated, [1, 20, 50, 100, 150, 200, 250, 300]);
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

/// A start whose runs are saved.
fn saving(home: &Place) -> Start {
    Start {
        pace: Pace::LADDER[5],
        begin: Begin::Fresh(Box::new(scenario(VQ_AND_SIMVQ))),
        mode: crate::lesson::Mode::Free,
        choice: choice(),
        is_playing: true,
        home: Some(home.0.clone()),
        makes_room: false,
        budgets: Default::default(),
        after_run: 0,
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
    let changed_at = 150;
    let way = ReplayPlan { step: changed_at, ..ReplayPlan::default() };
    let visit = Visit { scenario: scenario(VQ_AND_SIMVQ), way };
    let mut w = Watched::start(Start { begin: Begin::Visit(Box::new(visit)), ..saving(&home) });
    w.until("it waits there", |w| w.activity() == Some(Activity::Paused));
    w.send(Command::Set { lane: Some(LaneId::A), setting: Setting::Lr(0.01) });
    w.send(Command::Play);
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let original = w.lines();
    let mut forks = Vec::new();
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
        forks.push((w.folder(), step));
    }
    // Before the change: the future is another one.
    w.rows.clear();
    w.send(Command::Fork { step: changed_at - 20 });
    w.until("the fork waits", |w| w.last_step() == changed_at - 20);
    assert_eq!(w.lines(), original[..2 * (changed_at as usize - 20)]);
    w.send(Command::Play);
    w.until("the end", |w| w.last_step() == 300);
    assert!(w.lines() != original);
    // Everything is written once the trainer has ended: all of it can be opened, none of it is open
    // any more.
    drop(w);
    for (folder, step) in forks {
        let archive = Archive::open(&folder).unwrap();
        assert_eq!(archive.manifest.forked_from.as_ref().map(|p| p.step), Some(step));
    }
    let (entries, broken) = shelf::list(&home.0);
    assert_eq!((entries.len(), broken.len()), (4, 0), "{broken:?}");
    assert!(shelf::cut_off(&home.0).is_none());
}

#[test]
fn the_way_to_a_fork_can_be_left_for_another_run_and_for_the_door() {
    let home = Place::new("left");
    let mut w = Watched::start(saving(&home));
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let parent = w.folder();
    // The last checkpoint before this step lies 199 steps back; what comes next is there before the
    // first of them is done.
    w.send_at_once([
        Command::Fork { step: 199 },
        Command::Restart(Box::new(scenario("[lanes.a]\n"))),
    ]);
    let is_new = |u: &&Update| matches!(u, Update::Started(info) if info.run == 3);
    w.until("the new run trains", |w| {
        // 300 rows of both lanes of the first run, and as many of one lane.
        w.updates.iter().any(|u| is_new(&u)) && w.rows.len() == 900
    });
    let forks = w.updates.iter().filter(
        |u| matches!(u, Update::Started(info) if matches!(info.origin, Origin::Fork { .. })),
    );
    assert_eq!(forks.count(), 0);
    // Esc leads back to the run from which the way began.
    w.send(Command::Resume(parent.clone()));
    w.until("the parent waits", |w| w.folder() == parent && w.activity() == Some(Activity::Paused));
    let runs = w.runs();
    w.send_at_once([Command::Fork { step: 199 }, Command::Cancel]);
    w.until("it waits again", |w| w.runs() == runs + 1 && w.activity() == Some(Activity::Paused));
    assert_eq!(w.folder(), parent);
    // A window that closes does not wait for the rest of the way: there is no third run.
    w.send_at_once([Command::Fork { step: 199 }, Command::Shutdown]);
    drop(w);
    let (entries, broken) = shelf::list(&home.0);
    assert_eq!((entries.len(), broken.len()), (2, 0), "{broken:?}");
    assert!(shelf::cut_off(&home.0).is_none());
}

#[test]
fn a_run_goes_on_where_it_was_saved() {
    let home = Place::new("resume");
    let mut w = Watched::start(saving(&home));
    w.until("some steps", |w| w.last_step() >= 60);
    w.send(Command::Pause);
    w.until("it is paused", |w| w.activity() == Some(Activity::Paused));
    let (folder, before) = (w.folder(), w.lines());
    drop(w);
    let begin = Begin::Resume(folder.clone());
    let mut w = Watched::start(Start { begin, is_playing: false, ..saving(&home) });
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
    let mut w = Watched::start(saving(&home));
    w.until("the first run trains", |w| w.last_step() > 0);
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
