//! Folders that fill while they are watched.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::patience::wait;
use crate::record::counted::InUse;
use crate::record::event::{Event, EventKind};
use crate::record::judgement::Rule;
use crate::record::row::StepRow;
use crate::record::snapshot::Snapshot;
use crate::record::status::{RunInfo, Update};
use crate::record::watching::{Choices, Shown};
use crate::watch::check::check;
use crate::watch::follow::{Folder, Watcher};
use crate::watch::rules::wishes::Wishes;
use crate::watch::tests::{FILES, series_file};

/// What a window would know of a folder.
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
                self.infos.push(*info);
                self.rows.clear();
                self.events.clear();
                self.frames.clear();
            }
            Update::Rows(rows) => self.rows.extend(rows),
            Update::Event(event) => self.events.push(event),
            Update::Keyframe(frame) => self.frames.push(frame),
            Update::Choices(choices) => self.choices.push(*choices),
            _ => {}
        }
        true
    }

    fn steps(&self) -> Vec<u64> {
        assert_eq!(self.rows.len(), self.frames.len());
        self.rows.iter().map(|row| row.step).collect()
    }

    fn bad(&self) -> Vec<&str> {
        let bad = self.events.iter().filter(|e| e.kind == EventKind::Unreadable);
        bad.map(|e| e.text.as_str()).collect()
    }
}

/// A folder with a window's ear on it.
struct Watched {
    place: tempfile::TempDir,
    folder: Folder,
    heard: Heard,
    /// Looks for which what changes is waited for.
    patience: u32,
}

impl Watched {
    fn new() -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().into(), Wishes::default());
        Self { place, folder, heard: Heard::default(), patience: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.place.path().join(name)
    }

    fn copy(&self, step: u64, name: &str) {
        std::fs::copy(series_file(step), self.path(name)).unwrap();
    }

    fn round(&mut self) -> &Heard {
        let Self { folder, heard, patience, .. } = self;
        assert!(folder.round(*patience, &mut |update| heard.take(update)));
        heard
    }
}

#[test]
fn files_appear_in_the_order_of_their_steps() {
    let mut watched = Watched::new();
    assert!(watched.round().infos.is_empty());
    // Names in another order than the steps; what does not end as it must is left alone.
    watched.copy(200, "a.safetensors");
    watched.copy(0, "b.safetensors");
    std::fs::write(watched.path("notes.txt"), "lr 0.1").unwrap();
    let heard = watched.round();
    assert_eq!(heard.steps(), [0, 200]);
    let info = &heard.infos[0];
    assert_eq!((info.scenario.codebook.size, info.scenario.codebook.dim), (64, 8));
    assert!(info.device.spoken_name().starts_with("watching "), "{:?}", info.device);
    watched.copy(300, "c.safetensors");
    let heard = watched.round();
    assert_eq!((heard.steps(), heard.infos.len()), (vec![0, 200, 300], 1));
    assert_eq!(heard.frames[2].lanes[0].movement_steps, 100);
    assert_eq!(watched.round().steps().len(), 3);
    // A step in between begins the series anew, in order.
    watched.copy(100, "d.safetensors");
    let heard = watched.round();
    assert_eq!((heard.steps(), heard.infos.len()), (vec![0, 100, 200, 300], 2));
    assert_eq!(heard.frames[0].run, heard.infos[1].run);
    assert!(heard.bad().is_empty());
}

#[test]
fn a_folder_that_is_not_there_yet_is_waited_for() {
    let mut watched = Watched::new();
    let late = watched.path("codebooks");
    watched.folder = Folder::new(late.clone(), Wishes::default());
    for _ in 0..3 {
        let bad = watched.round().bad();
        assert!(
            bad.len() == 1 && bad[0].contains("codebooks is not there yet: waiting"),
            "{bad:?}"
        );
    }
    // There, and empty: nothing is said any more.
    std::fs::create_dir(&late).unwrap();
    assert!(watched.round().events.is_empty());
    watched.copy(100, "codebooks/codebook_000100.safetensors");
    let heard = watched.round();
    assert_eq!((heard.steps(), heard.bad().len()), (vec![100], 0));
    assert_eq!(heard.infos.last().unwrap().scenario.codebook.size, 64);
    // The name of a file is one, whether or not it is there.
    let mut folder = Folder::new(watched.path("none.npz"), Wishes::default());
    let mut heard = Heard::default();
    assert!(folder.round(0, &mut |update| heard.take(update)));
    assert!(heard.bad()[0].contains("none.npz cannot be read"), "{:?}", heard.bad());
}

#[test]
fn a_file_that_is_being_written_is_waited_for_and_one_that_stays_bad_is_named() {
    let mut watched = Watched::new();
    watched.patience = 2;
    let whole = std::fs::read(series_file(0)).unwrap();
    let path = watched.path("codebook_000000.safetensors");
    for length in [0, 100, 5000, whole.len() - 1] {
        std::fs::write(&path, &whole[..length]).unwrap();
        let heard = watched.round();
        assert!(heard.bad().is_empty() && heard.infos.is_empty(), "{length}");
    }
    std::fs::write(&path, &whole).unwrap();
    for _ in 0..2 {
        assert!(watched.round().infos.is_empty());
    }
    assert_eq!(watched.round().steps(), [0]);
    // One that does not change any more: it had just been written, and is waited for longer.
    let bad = watched.path("codebook_000050.safetensors");
    std::fs::write(&bad, &whole[..5000]).unwrap();
    for _ in 0..11 {
        assert!(watched.round().bad().is_empty());
    }
    for _ in 0..3 {
        let heard = watched.round();
        assert_eq!(heard.bad().len(), 1, "said once");
        assert!(heard.bad()[0].contains("codebook_000050.safetensors is not a whole"));
        assert_eq!(heard.events.last().unwrap().step, 50);
    }
    // Repaired, it takes its place and the mark goes.
    watched.copy(100, "codebook_000050.safetensors");
    for _ in 0..2 {
        assert_eq!(watched.round().bad().len(), 1);
    }
    let heard = watched.round();
    assert_eq!((heard.steps(), heard.bad().len(), heard.infos.len()), (vec![0, 100], 0, 2));
}

#[test]
fn files_that_do_not_belong_together_are_refused_and_the_rest_goes_on() {
    let mut watched = Watched::new();
    watched.copy(0, "a.safetensors");
    watched.copy(0, "b.safetensors");
    let bare = Path::new(FILES).join("forms/bare_14.npy");
    std::fs::copy(&bare, watched.path("nameless.npy")).unwrap();
    let mut other = npy_header("(3, 2)");
    other.extend([0; 24]);
    std::fs::write(watched.path("other_7.npy"), other).unwrap();
    for _ in 0..3 {
        watched.round();
    }
    let heard = &watched.heard;
    assert_eq!(heard.steps(), [0]);
    let mut bad = heard.bad();
    bad.sort_unstable();
    assert_eq!(bad.len(), 3, "{bad:?}");
    assert!(bad[0].contains("b.safetensors has the same step as another file"), "{bad:?}");
    assert!(bad[1].contains("nameless.npy names no step"), "{bad:?}");
    assert!(bad[2].contains("other_7.npy holds 3 codes of width 2 where"), "{bad:?}");
    // A training that begins anew in the same file.
    watched.copy(300, "a.safetensors");
    assert_eq!(watched.round().steps(), [0, 300]);
}

fn npy_header(shape: &str) -> Vec<u8> {
    let header = format!("{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file
}

#[test]
fn a_single_file_needs_no_step_and_shows_each_state_of_it() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("latest.npy");
    let write = |x: f32| {
        let mut file = npy_header("(2, 1)");
        file.extend([x, 2.0].iter().flat_map(|x| x.to_le_bytes()));
        std::fs::write(&path, file).unwrap();
    };
    write(1.0);
    let (mut folder, mut heard) = (Folder::new(path.clone(), Wishes::default()), Heard::default());
    assert!(folder.round(0, &mut |update| heard.take(update)));
    assert_eq!(heard.steps(), [0]);
    assert!(heard.events[0].text.contains("no counts, and no latents"), "{:?}", heard.events);
    // Longer, so that it differs whatever the clock of the file system tells.
    let mut other = npy_header("(3, 1)");
    other.extend([0; 12]);
    std::fs::write(&path, other).unwrap();
    assert!(folder.round(0, &mut |update| heard.take(update)));
    let [size, runs] = [heard.frames[0].lanes[0].codes.len(), heard.infos.len()];
    assert_eq!((size, runs), (3, 2));
    std::fs::remove_file(&path).unwrap();
    assert!(folder.round(0, &mut |update| heard.take(update)));
    assert!(heard.bad()[0].contains("latest.npy cannot be read"));
}

#[test]
fn the_watcher_hands_out_what_appears_and_ends_with_the_window() {
    let watched = Watched::new();
    let watcher =
        Watcher::spawn(vec![watched.place.path().into()], Shown::default(), || {}).unwrap();
    let mut heard = Heard::default();
    for (i, step) in [0, 100, 200].into_iter().enumerate() {
        watched.copy(step, &format!("{step}.safetensors"));
        wait("its row", || {
            watcher.updates().for_each(|update| assert!(heard.take(update)));
            (heard.rows.len() > i).then_some(())
        });
    }
    assert_eq!(heard.steps(), [0, 100, 200]);
    assert_eq!(watcher.take_latest().unwrap().step, 200);
    assert!(watcher.take_latest().is_none());
    drop(watcher);
}

#[test]
fn detectors_see_the_series_and_births_and_deaths_are_counted_from_file_to_file() {
    let mut watched = Watched::new();
    let write = |watched: &Watched, step: u64, used: usize| {
        let codes: Vec<f32> = (0..64 * 2).map(|i| i as f32).collect();
        let usage: Vec<i64> = (0..64).map(|code| if code < used { 200 } else { 0 }).collect();
        let usage: Vec<u8> = usage.iter().flat_map(|n| n.to_le_bytes()).collect();
        let header = r#"{"codebook":{"dtype":"F32","shape":[64,2],"data_offsets":[0,512]},"usage":{"dtype":"I64","shape":[64],"data_offsets":[512,1024]}}"#;
        let mut file = (header.len() as u64).to_le_bytes().to_vec();
        file.extend(header.bytes());
        file.extend(codes.iter().flat_map(|x| x.to_le_bytes()));
        file.extend(usage);
        std::fs::write(watched.path(&format!("codebook_{step}.safetensors")), file).unwrap();
    };
    for (step, used) in [(1000, 40), (2000, 6), (3000, 5)] {
        write(&watched, step, used);
    }
    let flags = |heard: &Heard| -> Vec<(u64, EventKind)> {
        let flags = heard.events.iter().filter(|event| event.kind.is_flag());
        flags.map(|event| (event.step, event.kind)).collect()
    };
    assert_eq!(flags(watched.round()), [(3000, EventKind::Collapse)]);
    let heard = &watched.heard;
    let turnover: Vec<_> = heard.rows.iter().map(|row| (row.births_100, row.deaths_100)).collect();
    assert_eq!(turnover, [(None, None), (Some(0), Some(34)), (Some(0), Some(1))]);
    // A total says it of all batches; what one batch used is not told.
    let row = heard.rows[0];
    assert_eq!((row.utilization_newest, row.utilization_average), (None, None));
    assert!(row.utilization_batch.is_nan() && row.eval.unwrap().usage.used == 40);
    let by_rule = heard.frames[0].lanes[0].by_rule.unwrap();
    assert_eq!(by_rule.get(Rule::Seen), Some(InUse { used: 40, tokens: Some(8000) }));
    assert_eq!(by_rule.get(Rule::Average), None);
    // What was seen of files that are gone counts when the series begins anew.
    for step in [1000, 2000] {
        std::fs::remove_file(watched.path(&format!("codebook_{step}.safetensors"))).unwrap();
    }
    write(&watched, 2500, 6);
    assert_eq!(flags(watched.round()), [(2500, EventKind::Collapse)]);
    assert_eq!(watched.heard.steps(), [1000, 2000, 2500, 3000]);
    let found = check(watched.place.path(), &Wishes::default()).unwrap();
    // Of the two that are left the second has fewer.
    let told: Vec<_> = found.flags.iter().map(|flag| (flag.step, flag.flag)).collect();
    assert_eq!(told, [(3000, "collapse")]);
    assert!(found.suspicious.iter().any(|why| why.contains("The codebook has collapsed")));
    let turnover = found.turnover.unwrap();
    assert_eq!((turnover.births, turnover.deaths), (0, 1));
}

/// A file of the series without a step inside, so that its name says it.
fn without_step(step: u64) -> Vec<u8> {
    let mut bytes = std::fs::read(series_file(step)).unwrap();
    let at = bytes.windows(6).position(|bytes| bytes == b"\"step\"").unwrap();
    bytes[at..at + 6].copy_from_slice(b"\"stop\"");
    bytes
}

#[test]
fn where_several_numbers_may_be_the_step_the_user_says_which() {
    let mut watched = Watched::new();
    for (step, name) in [(100, "run1_20.safetensors"), (200, "run3_40.safetensors")] {
        std::fs::write(watched.path(name), without_step(step)).unwrap();
    }
    watched.copy(0, "best.safetensors");
    std::fs::write(watched.path("last.safetensors"), without_step(300)).unwrap();
    // The file with a step in it is shown; it is asked of the others, and each is named with the way.
    let heard = watched.round();
    assert_eq!(heard.steps(), [0]);
    let words = "several numbers in its name, of which any may be the step; say which (--step-from 1 for 1, 3; --step-from 2 for 20, 40)";
    let said: Vec<bool> = heard.bad().iter().map(|why| why.contains(words)).collect();
    assert_eq!(said, [false, true, true], "{:?}", heard.bad());
    let asked = heard.choices.iter().find(|choices| choices.are_open()).unwrap();
    let numbers: Vec<_> =
        asked.steps.iter().map(|n| (n.which, n.values.clone(), n.is_own)).collect();
    assert_eq!(numbers, [(1, vec![1, 3], true), (2, vec![20, 40], true)]);
    assert!(asked.why.is_none() && asked.are_steps_open);
    let said = |step_from| Wishes { step_from, ..Wishes::default() };
    for (which, steps) in [(Some(1), [0, 1, 3]), (Some(2), [0, 20, 40])] {
        watched.folder = Folder::new(watched.place.path().into(), said(which));
        watched.heard = Heard::default();
        let heard = watched.round();
        assert_eq!((heard.steps().as_slice(), heard.bad().len()), (&steps[..], 1));
        let check = check(watched.place.path(), &said(which)).unwrap();
        assert_eq!((check.step, check.unreadable.len()), (steps[2], 1), "{:?}", check.unreadable);
    }
    let check = check(watched.place.path(), &said(None)).unwrap();
    assert!(check.unreadable.iter().any(|why| why.contains(words)), "{:?}", check.unreadable);
}

#[test]
fn what_was_seen_stays_when_a_training_deletes_it_and_goes_on_from_an_earlier_step() {
    let mut watched = Watched::new();
    let whole = without_step(100);
    let write = |watched: &Watched, step: u64, seconds: u64| {
        let path = watched.path(&format!("checkpoint-{step}/model.safetensors"));
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &whole).unwrap();
        let time = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    };
    for step in [1000, 2000, 3000, 4000, 5000] {
        write(&watched, step, step);
    }
    assert_eq!(watched.round().steps(), [1000, 2000, 3000, 4000, 5000]);
    for step in [1000, 2000, 3000] {
        std::fs::remove_dir_all(watched.path(&format!("checkpoint-{step}"))).unwrap();
    }
    write(&watched, 6000, 6000);
    assert_eq!(watched.round().steps(), [1000, 2000, 3000, 4000, 5000, 6000]);
    // Gone on from 5000, it comes to 5500 later than it had come to 6000.
    write(&watched, 5500, 7000);
    let heard = watched.round();
    assert_eq!(heard.steps(), [1000, 2000, 3000, 4000, 5000, 5500, 6000]);
    let older: Vec<&Event> =
        heard.events.iter().filter(|event| event.kind == EventKind::Change).collect();
    assert!(older.len() == 1 && older[0].step == 6000, "{older:?}");
    assert!(
        older[0]
            .text
            .contains("checkpoint-6000/model.safetensors was written before checkpoint-5500")
    );
    assert!(heard.frames.iter().all(|frame| frame.run == heard.infos.last().unwrap().run));
    assert!(heard.bad().is_empty(), "{:?}", heard.bad());
    // A window that is opened then says the same, of the files that are left.
    watched.folder = Folder::new(watched.place.path().into(), Wishes::default());
    let heard = watched.round();
    assert_eq!(heard.steps(), [4000, 5000, 5500, 6000]);
    let older = heard.events.iter().filter(|event| event.kind == EventKind::Change);
    assert_eq!(older.map(|event| event.step).collect::<Vec<_>>(), [6000]);
}
