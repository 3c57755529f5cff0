//! A run that takes long to build: another wish leaves it at once.

use crate::archive::shelf;
use crate::engine::tests::scenario;
use crate::record::notice::Notice;
use crate::record::status::{Activity, Origin, Update};
use crate::scenario::{LaneId, Scenario};
use crate::session::command::Command;
use crate::session::worker::tests::watched::Watched;
use crate::session::worker::tests::{Place, saving};

/// A story whose codes are found by k-means among so many that it takes half a minute.
fn slow() -> Scenario {
    scenario("[lanes.a]\n[lanes.a.codebook]\nsize=262144\ninit='kmeans'\n")
}

impl Watched {
    /// Whether a step of a run was shown.
    fn trains(&self, run: u64) -> bool {
        self.picture.as_ref().is_some_and(|p| p.run == run && p.step > 0)
    }

    /// Codes of each run that began, in order.
    fn sizes(&self) -> Vec<usize> {
        let of = |update: &Update| match update {
            Update::Started(info) => info.scenario.lane(LaneId::A).map(|spec| spec.size),
            _ => None,
        };
        self.updates.iter().filter_map(of).collect()
    }
}

#[test]
fn another_restart_does_not_wait_for_a_run_that_is_being_built() {
    let home = Place::new("given-up");
    let mut w = Watched::start(saving(&home));
    w.until("the first run trains", |w| w.last_step() > 0);
    let small = scenario("[lanes.a]\n[lanes.a.codebook]\nsize=16\n");
    w.send_at_once([slow(), small].map(|next| Command::Restart(Box::new(next))));
    w.until("the small run trains", |w| w.trains(3));
    assert_eq!(w.sizes(), [64, 16], "nothing began of the run that was given up");
    drop(w);
    // Nor is anything left of it.
    let (entries, broken) = shelf::list(&home.0);
    assert_eq!((entries.len(), broken.len()), (2, 0));
    let sizes = entries.iter().map(|entry| entry.scenario.lane(LaneId::A).unwrap().size);
    assert!(sizes.max() < Some(1000));
}

#[test]
fn giving_up_brings_the_run_before_back() {
    let home = Place::new("given-up-back");
    let mut w = Watched::start(saving(&home));
    w.send(Command::Pause);
    w.until("the first run is paused", |w| w.activity() == Some(Activity::Paused));
    let before = w.last_step();
    w.send_at_once([Command::Restart(Box::new(slow())), Command::Cancel]);
    w.until("the first run is back", |w| {
        let is_saved = |u: &Update| match u {
            Update::Started(info) => matches!(info.origin, Origin::Saved { .. }),
            _ => false,
        };
        w.updates.iter().any(is_saved) && w.activity() == Some(Activity::Paused)
    });
    assert_eq!((w.runs(), w.last_step()), (2, before));
    w.send(Command::StepOnce);
    w.until("it goes on", |w| w.last_step() == before + 1);
}

#[test]
fn without_a_run_before_the_trainer_waits_for_the_next() {
    let mut w = Watched::new(slow(), true);
    w.send(Command::Cancel);
    let is_told = |u: &Update| matches!(u, Update::Notice(Notice::GivenUp));
    w.until("it is told", |w| w.updates.iter().any(is_told));
    assert_eq!(w.runs(), 0);
    w.send(Command::Restart(Box::new(scenario("[lanes.a]\n"))));
    w.until("the next run trains", |w| w.trains(2));
}

#[test]
fn the_end_does_not_wait_either() {
    let w = Watched::new(slow(), true);
    w.send(Command::Shutdown);
    // Dropping it waits for the thread: the test hangs where nobody asks.
    drop(w);
}
