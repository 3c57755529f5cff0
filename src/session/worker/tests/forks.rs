//! Forks at the very step of a change: what the fork has of it, and what it makes itself.

use crate::record::event::Event;
use crate::record::setting::Logged;
use crate::session::worker::tests::*;

/// A change of the story after 60 steps, and a caption after 90.
const STORY: &str =
    "[[change]]\nstep=61\nlane='b'\nlr=0.001\n[[change]]\nstep=91\ncaption='look'\n";

/// A setting made by hand after 40 steps.
const BY_HAND: Logged = Logged { step: 40, lane: Some(LaneId::A), setting: Setting::Lr(0.01) };

/// A run on its way to its last step.
fn parent(home: &Place) -> Watched {
    let scenario = Scenario { steps: 150, ..scenario(&format!("{VQ_AND_SIMVQ}{STORY}")) };
    let way = ReplayPlan { step: 150, log: vec![BY_HAND], ..ReplayPlan::default() };
    let begin = Begin::Visit(Box::new(Visit { scenario, way }));
    Watched::start(Start { begin, ..saving(home) })
}

impl Watched {
    /// Events since the newest run began.
    fn events(&self) -> Vec<Event> {
        let newest = self.updates.iter().rposition(|u| matches!(u, Update::Started(_))).unwrap();
        let event = |u: &Update| match u {
            Update::Event(event) => Some(event.clone()),
            _ => None,
        };
        self.updates[newest..].iter().filter_map(event).collect()
    }

    /// Forks at a step, does something by hand there, and trains to the end.
    fn fork(&mut self, step: u64, by_hand: Option<Logged>) {
        let runs = self.runs();
        self.rows.clear();
        self.send(Command::Fork { step });
        self.until("the fork waits at its step", |w| {
            w.runs() > runs && w.activity() == Some(Activity::Paused) && w.last_step() == step
        });
        if let Some(Logged { lane, setting, .. }) = by_hand {
            self.send(Command::Set { lane, setting });
        }
        self.send(Command::Play);
        self.until("the end", |w| w.activity() == Some(Activity::Ended));
    }
}

/// Steps and kinds of what no detector raised.
fn acted(events: &[Event]) -> Vec<(u64, EventKind)> {
    events.iter().filter(|e| !e.kind.is_flag()).map(|e| (e.step, e.kind)).collect()
}

#[test]
fn a_fork_at_the_step_of_a_change_has_it_once_or_not_at_all() {
    let home = Place::new("forks");
    let mut w = parent(&home);
    w.until("the end", |w| w.activity() == Some(Activity::Ended));
    let (rows, events, folder) = (w.lines(), w.events(), w.folder());
    let story = [(60, EventKind::Change), (90, EventKind::Caption)];
    assert_eq!(acted(&events), [&[(40, EventKind::Change)], &story[..]].concat());
    // At the story's change, at its caption, and at the change by hand, which is made once more.
    let mut repeated = Vec::new();
    for (step, by_hand) in [(60, None), (90, None), (40, Some(BY_HAND))] {
        w.fork(step, by_hand);
        assert!(w.lines() == rows, "a fork at step {step} went another way");
        assert_eq!(w.events(), events, "a fork at step {step}");
        repeated.push(w.folder());
    }
    // Where the change by hand is not made again nothing tells of it, and another future begins.
    w.fork(40, None);
    assert_eq!(acted(&w.events()), story);
    let lines = w.lines();
    assert!(lines[..80] == rows[..80] && lines != rows);
    let without = w.folder();
    drop(w);
    // The same stands in the files.
    let read = |folder: &PathBuf, name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    for fork in &repeated {
        for name in ["events.csv", "metrics.csv"] {
            assert!(read(fork, name) == read(&folder, name), "{name} of {}", fork.display());
        }
        assert_eq!(Archive::open(fork).unwrap().manifest.log, [BY_HAND]);
    }
    let archive = Archive::open(&without).unwrap();
    assert_eq!((acted(&archive.events), archive.manifest.log), (story.to_vec(), Vec::new()));
}
