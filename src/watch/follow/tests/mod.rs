//! Folders and codebooks beside each other.

mod far;
#[cfg(unix)]
mod sshfs;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

use safetensors::Dtype;

use crate::patience::wait;
use crate::record::event::{Event, EventKind, Fact, Reading};
use crate::record::row::StepRow;
use crate::record::snapshot::Snapshot;
use crate::record::status::{RunInfo, Update};
use crate::record::watching::{Choices, Shown, Wishes};
use crate::scenario::LaneId;
use crate::session::command::Command;
use crate::session::feed::Feed;
use crate::watch::follow::{Sides, Watcher};
use crate::watch::made;

/// What a window would know.
#[derive(Default)]
struct Heard {
    infos: Vec<RunInfo>,
    rows: Vec<StepRow>,
    events: Vec<Event>,
    frames: Vec<Arc<Snapshot>>,
    choices: Vec<Choices>,
}

impl Heard {
    fn take(&mut self, update: Update) -> bool {
        match update {
            Update::Started(info) => {
                let infos = std::mem::take(&mut self.infos);
                *self = Self { infos, ..Self::default() };
                self.infos.push(*info);
            }
            Update::Rows(rows) => self.rows.extend(rows),
            Update::Event(event) => self.events.push(event),
            Update::Keyframe(frame) => self.frames.push(frame),
            Update::Choices(choices) => self.choices.push(*choices),
            _ => {}
        }
        true
    }

    /// Steps of the pictures with the lanes in each and the steps that these are of.
    fn steps(&self) -> Vec<(u64, Vec<(LaneId, u64)>)> {
        let lanes = |frame: &Arc<Snapshot>| frame.lanes.iter().map(|l| (l.id, l.step)).collect();
        self.frames.iter().map(|frame| (frame.step, lanes(frame))).collect()
    }

    fn readings(&self, id: LaneId) -> Vec<&Reading> {
        let own = self.events.iter().filter(|event| event.lane.unwrap_or(LaneId::A) == id);
        own.filter_map(|event| match &event.fact {
            Some(Fact::Read(reading)) => Some(&**reading),
            _ => None,
        })
        .collect()
    }
}

fn look(sides: &mut Sides, heard: &mut Heard) {
    assert!(sides.round(0, &|| true, &mut |update| heard.take(update)));
}

fn level(level: usize) -> Wishes {
    Wishes { level: Some(level), ..Wishes::default() }
}

#[test]
fn two_folders_are_the_lanes_of_one_series_each_as_far_as_it_is() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let paths: Vec<PathBuf> = [&a, &b].map(|folder| folder.path().to_path_buf()).into();
    let (mut sides, mut heard) = (Sides::new(&paths, &Shown::default(), 1), Heard::default());
    look(&mut sides, &mut heard);
    assert!(heard.frames.is_empty());
    made::residual(a.path(), &[100, 200]);
    made::residual(b.path(), &[150]);
    look(&mut sides, &mut heard);
    let (of_a, of_b) = (LaneId::A, LaneId::B);
    let both = |a, b| vec![(of_a, a), (of_b, b)];
    assert_eq!(
        heard.steps(),
        [(100, vec![(of_a, 100)]), (150, both(100, 150)), (200, both(200, 150))]
    );
    let info = heard.infos.last().unwrap();
    assert_eq!(info.scenario.lane_ids(), [of_a, of_b]);
    assert!(heard.frames.iter().all(|frame| frame.run == info.run));
    let rows: Vec<(u64, LaneId)> = heard.rows.iter().map(|row| (row.step, row.lane)).collect();
    assert_eq!(rows, [(100, of_a), (150, of_b), (200, of_a)]);
    assert_eq!([of_a, of_b].map(|id| heard.readings(id).len()), [2, 1]);
    assert_eq!(heard.choices.iter().map(|c| c.lane).collect::<Vec<_>>(), [of_a, of_b]);
    // Nothing is told twice, and what is newer goes on.
    let started = heard.infos.len();
    look(&mut sides, &mut heard);
    made::residual(b.path(), &[200]);
    look(&mut sides, &mut heard);
    assert_eq!((heard.frames.len(), heard.infos.len()), (4, started));
    assert_eq!(heard.steps()[3], (200, both(200, 200)));
    // What is older begins both anew.
    made::residual(b.path(), &[50]);
    look(&mut sides, &mut heard);
    assert_eq!(heard.infos.len(), started + 1);
    let steps: Vec<u64> = heard.frames.iter().map(|frame| frame.step).collect();
    assert_eq!(steps, [50, 100, 150, 200]);
    assert_eq!(heard.steps()[1], (100, both(100, 50)));
}

#[test]
fn the_slower_of_two_trainings_begins_nothing_anew() {
    let (a, b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let paths: Vec<PathBuf> = [&a, &b].map(|folder| folder.path().to_path_buf()).into();
    let (mut sides, mut heard) = (Sides::new(&paths, &Shown::default(), 1), Heard::default());
    made::residual(a.path(), &[100, 200, 300]);
    made::residual(b.path(), &[100]);
    look(&mut sides, &mut heard);
    let (runs, frames) = (heard.infos.len(), heard.frames.len());
    // Later steps come again, with what is known by now.
    made::residual(b.path(), &[200]);
    look(&mut sides, &mut heard);
    let both = |a, b| vec![(LaneId::A, a), (LaneId::B, b)];
    assert_eq!(heard.infos.len(), runs);
    assert_eq!(heard.steps()[frames..], [(200, both(200, 200)), (300, both(300, 200))]);
    assert_eq!(heard.readings(LaneId::B).len(), 2);
    // Nor does a file that cannot be used, of whatever step.
    std::fs::write(b.path().join("codes_000150.safetensors"), b"nothing").unwrap();
    look(&mut sides, &mut heard);
    look(&mut sides, &mut heard);
    let bad = heard.events.iter().filter(|event| event.kind == EventKind::Unreadable);
    assert_eq!((heard.infos.len(), bad.count()), (runs, 1));
}

#[test]
fn two_series_are_not_read_to_their_end_once_something_else_is_wanted() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[10, 20, 30]);
    let shown = Shown { a: level(0), b: Some(level(2)), is_all: false };
    let mut sides = Sides::new(&[folder.path().into()], &shown, 1);
    let asked = std::cell::Cell::new(0);
    let is_wanted = || {
        asked.set(asked.get() + 1);
        asked.get() < 4
    };
    assert!(!sides.round(0, &is_wanted, &mut |_| panic!("nothing is handed out")));
    assert!(asked.get() < 10, "{}", asked.get());
}

#[test]
fn the_moment_at_which_numbers_broke_stays_where_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let write = |step: u64, x: f32| {
        let numbers = [x, 1.0, 2.0, 3.0, 4.0, 5.0];
        let codes = ("codebook".to_string(), Dtype::F32, vec![3, 2], made::f32s(&numbers));
        made::save(&folder.path().join(format!("codes_{step:03}.safetensors")), &[codes]);
    };
    let broke = |heard: &Heard| -> Vec<u64> {
        let broke = |event: &&Event| matches!(event.fact, Some(Fact::Broke { .. }));
        heard.events.iter().filter(broke).map(|event| event.step).collect()
    };
    for (step, x) in [(10, 0.0), (20, f32::NAN), (30, f32::NAN)] {
        write(step, x);
    }
    let paths = [folder.path().to_path_buf()];
    let (mut sides, mut heard) = (Sides::new(&paths, &Shown::default(), 1), Heard::default());
    look(&mut sides, &mut heard);
    assert_eq!(broke(&heard), [20]);
    // The training keeps its newest file alone, and one of an earlier step begins the series anew.
    for step in [10, 20] {
        std::fs::remove_file(folder.path().join(format!("codes_{step:03}.safetensors"))).unwrap();
    }
    write(5, 0.0);
    look(&mut sides, &mut heard);
    assert_eq!((broke(&heard), heard.infos.len()), (vec![20], 2));
}

#[test]
fn two_codebooks_of_one_file_stand_beside_each_other() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[10]);
    let shown = Shown { a: level(0), b: Some(level(2)), is_all: false };
    let mut sides = Sides::new(&[folder.path().into()], &shown, 5);
    let mut heard = Heard::default();
    look(&mut sides, &mut heard);
    let used = |id| heard.frames[0].lanes.iter().find(|l| l.id == id).map(|l| l.window.used);
    assert_eq!((used(LaneId::A), used(LaneId::B)), (Some(48), Some(1)));
    assert!(heard.infos.last().unwrap().run >= 5);
    let [a, b] = [LaneId::A, LaneId::B].map(|id| heard.readings(id)[0]);
    assert_eq!((a.level, b.level, a.table == b.table), (0, 2, true));
}

#[test]
fn all_codebooks_have_small_maps_where_they_are_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[10, 20]);
    let paths = [folder.path().to_path_buf()];
    let of = |is_all| {
        let mut heard = Heard::default();
        let shown = Shown { is_all, ..Shown::default() };
        look(&mut Sides::new(&paths, &shown, 1), &mut heard);
        heard.frames.iter().map(|frame| frame.lanes[0].levels.clone()).collect::<Vec<_>>()
    };
    assert!(of(false).iter().all(Vec::is_empty));
    let all = of(true);
    let used = |levels: &[crate::record::snapshot::LaneView]| -> Vec<(usize, usize)> {
        levels.iter().map(|level| (level.codes.len(), level.window.used)).collect()
    };
    assert_eq!(used(&all[0]), [(48, 48), (48, 48), (48, 1)]);
    assert_eq!(used(&all[1]), [(48, 48), (48, 24), (48, 1)]);
}

#[test]
fn a_table_of_all_codebooks_and_tuples_of_their_codes_are_read() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[10, 20]);
    let mut heard = Heard::default();
    look(&mut Sides::new(&[folder.path().into()], &Shown::default(), 1), &mut heard);
    let readings = heard.readings(LaneId::A);
    let used: Vec<Vec<usize>> =
        readings.iter().map(|r| r.table.iter().map(|l| l.used.unwrap()).collect()).collect();
    assert_eq!(used, [[48, 48, 1], [48, 24, 1]]);
    // Each level leaves something over.
    assert!(readings[0].table.iter().all(|level| level.residual.is_some_and(|left| left > 0.0)));
    // Token t chose 5t mod 48, 7t + t/48 mod 24, and 0.
    let tuples = readings[1].tuples.as_ref().unwrap();
    let pairs: BTreeSet<_> = (0..256).map(|t| (5 * t % 48, (7 * t + t / 48) % 24)).collect();
    assert_eq!(tuples.distinct, [48, pairs.len(), pairs.len()]);
    assert!(pairs.len() > 48);
    assert_eq!(tuples.tokens, 256);
    assert!((tuples.possible - 48.0_f64.powi(3)).abs() < 1e-6);
    assert!(readings[1].sentence().contains("possible"));
}

#[test]
fn the_watcher_reads_anew_what_is_to_be_shown_in_another_way() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[10, 20]);
    let watcher = Watcher::spawn(vec![folder.path().into()], Shown::default(), || {}).unwrap();
    let mut heard = Heard::default();
    let mut until = |what: &str, is_there: &dyn Fn(&Heard) -> bool| {
        wait(what, || {
            watcher.updates().for_each(|update| assert!(heard.take(update)));
            is_there(&heard).then_some(())
        });
    };
    until("both files", &|heard| heard.readings(LaneId::A).len() == 2);
    let shown = Shown { a: level(2), ..Shown::default() };
    assert!(watcher.send(Command::Read(Box::new(shown))));
    until("both of the last level", &|heard| {
        let readings = heard.readings(LaneId::A);
        readings.len() == 2 && readings.iter().all(|reading| reading.level == 2)
    });
    assert_eq!(heard.infos.len(), 2);
    assert_ne!(heard.infos[0].run, heard.infos[1].run);
}

#[test]
fn what_the_rules_leave_open_is_asked_once() {
    let folder = tempfile::tempdir().unwrap();
    let array = |name: &str, shape: &[usize]| {
        let count: usize = shape.iter().product();
        let numbers: Vec<f32> = (0..count).map(|i| i as f32).collect();
        (name.to_string(), Dtype::F32, shape.to_vec(), made::f32s(&numbers))
    };
    let arrays = [array("things.a", &[30, 4]), array("things.b", &[30, 4])];
    made::save(&folder.path().join("x_5.safetensors"), &arrays);
    let paths = [folder.path().to_path_buf()];
    let (mut sides, mut heard) = (Sides::new(&paths, &Shown::default(), 1), Heard::default());
    look(&mut sides, &mut heard);
    look(&mut sides, &mut heard);
    let asked: Vec<&Choices> = heard.choices.iter().filter(|c| c.why.is_some()).collect();
    assert_eq!(asked.len(), 1, "{:?}", heard.choices);
    assert_eq!(asked[0].file, "x_5.safetensors");
    let names: Vec<&str> = asked[0].codes.iter().map(|array| array.name.as_str()).collect();
    assert_eq!(names, ["things.a", "things.b"]);
    // Once it is said, it is shown.
    let a = Wishes { codebook: Some("things.b".into()), ..Wishes::default() };
    look(&mut Sides::new(&paths, &Shown { a, ..Shown::default() }, 2), &mut heard);
    assert_eq!(heard.frames[0].lanes[0].codes.len(), 30);
    assert!(heard.choices.iter().all(|choices| choices.why.is_none()));
}
