//! Saved runs that are looked at, and runs that make room.

use crate::archive::tests::growing::all_of;
use crate::archive::{Archive, Asleep, shelf};
use crate::engine::tests::{VQ_AND_SIMVQ, choice, scenario};
use crate::headless::{self, Order};
use crate::record::event::EventKind;
use crate::record::setting::BasisMode;
use crate::record::status::{Activity, Update};
use crate::session::command::Command;
use crate::session::worker::tests::watched::Watched;
use crate::session::worker::tests::{Place, saving};
use crate::session::worker::{Begin, Start};

#[test]
fn looking_at_a_saved_run_writes_nothing_and_going_on_with_it_does() {
    let home = Place::new("looking");
    let folder = home.0.join("run");
    let order = Order::new("x", scenario(VQ_AND_SIMVQ), &folder, choice());
    headless::run(Order { steps: Some(60), ..order }, &Default::default()).unwrap();
    let before = all_of(&folder);
    let begin = || Begin::Resume(folder.clone());
    let open = || {
        let mut w = Watched::start(Start { begin: begin(), is_playing: false, ..saving(&home) });
        w.until("it waits", |w| w.activity() == Some(Activity::Paused));
        w
    };
    // Two may look at once, and from elsewhere.
    let (mut first, second) = (open(), open());
    first.send(Command::SetBasis(BasisMode::Fixed));
    first.send(Command::Pause);
    let viewed = |u: &Update| matches!(u, Update::Event(e) if e.kind == EventKind::View);
    first.until("the view is told", |w| w.updates.iter().any(viewed));
    drop(first);
    assert!(all_of(&folder) == before);
    // While one looks nobody else goes on with it.
    let go_on =
        || headless::run(headless::resume(&folder, 5, choice()).unwrap(), &Default::default());
    let refused = go_on().unwrap_err().to_string();
    assert!(refused.contains("is open in another vqscope"), "{refused}");
    assert!(all_of(&folder) == before);
    drop(second);
    let mut third = open();
    third.send(Command::SetBasis(BasisMode::Fixed));
    third.send(Command::StepOnce);
    third.until("a step", |w| w.last_step() == 61);
    drop(third);
    let archive = Archive::open(&folder).unwrap();
    assert_eq!((archive.manifest.step, archive.manifest.is_open), (61, false));
    // What was only looked at before it went on is noted too.
    assert!(archive.events.iter().any(|e| e.kind == EventKind::View && e.step == 60));
    go_on().unwrap();
}

#[test]
fn a_run_that_another_program_went_on_with_is_not_written_over() {
    let home = Place::new("changed");
    let folder = home.0.join("run");
    let order = Order::new("x", scenario(VQ_AND_SIMVQ), &folder, choice());
    headless::run(Order { steps: Some(20), ..order }, &Default::default()).unwrap();
    let archive = Archive::open(&folder).unwrap();
    let until = archive.manifest.until;
    let asleep = Asleep::new(&folder, archive.manifest, until).unwrap();
    // Some systems and some folders know no locks.
    std::fs::remove_file(folder.join("run.lock")).unwrap();
    headless::run(headless::resume(&folder, 5, choice()).unwrap(), &Default::default()).unwrap();
    let refused = asleep.wake().err().unwrap().to_string();
    assert!(refused.contains("was changed by another vqscope"), "{refused}");
    assert_eq!(Archive::open(&folder).unwrap().manifest.step, 25);
}

#[test]
fn only_the_newest_runs_of_a_window_stay_while_it_is_open() {
    let home = Place::new("many");
    let text = "[lanes.a]\n";
    let begin = Begin::Fresh(Box::new(scenario(text)));
    let mut w =
        Watched::start(Start { begin, is_playing: false, makes_room: true, ..saving(&home) });
    for run in 1..=shelf::MOST_RUNS + 3 {
        w.until("the run waits", |w| w.runs() == run && w.activity() == Some(Activity::Paused));
        if run == 1 {
            // The user's own things stay, whatever becomes of the run.
            shelf::set_kept(&w.folder(), true).unwrap();
        }
        if run == 2 {
            std::fs::write(w.folder().join("notes.txt"), "mine").unwrap();
        }
        w.send(Command::Restart(Box::new(scenario(text))));
        w.send(Command::Pause);
    }
    drop(w);
    let mut runs: Vec<_> = std::fs::read_dir(&home.0).unwrap().map(|e| e.unwrap().path()).collect();
    runs.sort();
    let are_runs = runs.iter().filter(|path| path.join("run.toml").exists()).count();
    // Those that may go, the one that is kept, and the one that was open.
    assert_eq!(are_runs, shelf::MOST_RUNS + 2);
    assert!(runs[0].join("run.toml").exists());
    let left: Vec<_> =
        std::fs::read_dir(&runs[1]).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(left, ["notes.txt"]);
}
