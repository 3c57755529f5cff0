//! Runs that are still written, here and in copies that are half there.

use std::collections::BTreeMap;
use std::fs::{File, copy, create_dir_all, read, write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::tempdir;

use super::{bits, compute, saved_in, scenario, train};
use crate::archive::{
    Archive, ArchiveError, Folder, Growing, Look, Prepared, Start, Writer, keyframe, names, writer,
};
use crate::engine::Run;
use crate::engine::views::Freshness;

/// Everything in a folder with its bytes and when it was written, by names.
pub(crate) fn all_of(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, SystemTime)> {
    let mut all = BTreeMap::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let written = path.metadata().unwrap().modified().unwrap();
        if path.is_dir() {
            all.extend(all_of(&path));
            all.insert(path, (Vec::new(), written));
        } else {
            all.insert(path.clone(), (read(&path).unwrap(), written));
        }
    }
    all
}

/// Looks until nothing is new, as a file system that knows times by the second alone needs it.
fn look(growing: &mut Growing) -> Look {
    let mut all = Look::default();
    for _ in 0..8 {
        let found = growing.look().unwrap();
        all.begins |= found.begins;
        all.is_saved |= found.is_saved;
        all.rows.extend(found.rows);
        all.events.extend(found.events);
        all.logged.extend(found.logged);
        all.waits = found.waits;
    }
    all
}

#[test]
fn a_run_grows_by_what_it_saves_and_ends_as_the_saved_one_and_nothing_is_written() {
    let place = tempdir().unwrap();
    let scenario = scenario("[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n");
    let mut run = Run::new(scenario.clone(), &compute(), 1, true).unwrap();
    let mut growing = Growing::new(place.path());
    assert!(matches!(growing.look(), Err(ArchiveError::NoRun(_))));
    let prepared = Prepared::new(place.path(), false, &scenario).unwrap();
    let mut folder = Folder::create(prepared, "x", &run.info(), 200).unwrap();
    assert!(matches!(growing.look(), Err(ArchiveError::NoRun(_))));
    let (mut rows, mut events, mut pictures) = (Vec::new(), Vec::new(), Vec::new());
    for part in 0..4_u64 {
        (0..25 * part.min(1)).for_each(|_| run.step().unwrap());
        let (more, happened) = run.take_news().unwrap();
        folder.rows(&more).unwrap();
        folder.events(&happened).unwrap();
        let picture = run.snapshot(Freshness::Kept).unwrap().unwrap();
        folder.keyframe(&picture, &[]).unwrap();
        if part > 0 {
            // What is written and not saved does not count.
            let found = look(&mut growing);
            assert!(!found.is_saved && found.rows.is_empty() && growing.due().is_empty());
        }
        folder.commit(&run.save().unwrap(), part == 3).unwrap();
        if part == 3 {
            folder.close().unwrap();
        }
        let before = all_of(place.path());
        let found = look(&mut growing);
        assert_eq!((found.begins, found.is_saved), (part == 0, true));
        assert!(found.waits.is_none(), "{:?}", found.waits);
        assert_eq!(bits(&found.rows), bits(&more));
        assert_eq!(growing.due(), [25 * part]);
        let read = growing.picture(25 * part).unwrap();
        assert_eq!(keyframe::to_bytes(&read).unwrap(), keyframe::to_bytes(&picture).unwrap());
        assert!(growing.due().is_empty() && growing.is_locked().unwrap());
        assert!(all_of(place.path()) == before);
        rows.extend(found.rows);
        events.extend(found.events);
        pictures.push(read.step);
    }
    drop(folder);
    let saved = Archive::open(place.path()).unwrap();
    assert_eq!((bits(&rows), events), (bits(&saved.rows), saved.events.clone()));
    assert_eq!(pictures, saved.keyframe_steps());
    assert!(!growing.is_locked().unwrap() && !growing.archive().unwrap().manifest.is_open);
}

#[test]
fn what_is_half_there_is_waited_for() {
    let (place, away) = (tempdir().unwrap(), tempdir().unwrap());
    let saved = saved_in(place.path());
    let from = |name: &str| read(place.path().join(name)).unwrap();
    let part = |name: &str, bytes: usize| write(away.path().join(name), &from(name)[..bytes]);
    let whole = |name: &str| copy(place.path().join(name), away.path().join(name)).unwrap();
    let mut growing = Growing::new(away.path());
    // As `rsync --inplace` writes: bytes come one after the other.
    let length = from(names::MANIFEST).len();
    for bytes in [0, 1, length / 2, length - 2] {
        part(names::MANIFEST, bytes).unwrap();
        assert!(growing.look().is_err(), "{bytes} of {length}");
    }
    whole(names::MANIFEST);
    assert!(growing.look().is_err(), "the scenario is not there");
    part(names::SCENARIO, 40).unwrap();
    assert!(growing.look().is_err(), "the scenario is half there");
    whole(names::SCENARIO);
    // Of a table the rows that are whole are taken, of which the last ends in the middle of a number.
    let found = growing.look().unwrap();
    assert!(found.begins && found.rows.is_empty() && found.waits.is_some());
    let mut rows = Vec::new();
    let length = from(names::METRICS).len();
    for bytes in [10, length / 3, length / 3 + 20, length / 2, length - 1] {
        part(names::METRICS, bytes).unwrap();
        let found = growing.look().unwrap();
        assert!(!found.begins && found.waits.is_some());
        rows.extend(found.rows);
    }
    assert!(rows.len() > saved.rows.len() / 3 && rows.len() < saved.rows.len());
    whole(names::METRICS);
    part(names::EVENTS, 5).unwrap();
    rows.extend(growing.look().unwrap().rows);
    assert_eq!(bits(&rows), bits(&saved.rows));
    whole(names::EVENTS);
    let found = growing.look().unwrap();
    assert_eq!(found.events, saved.events);
    assert!(found.waits.is_none());
    let due = growing.due();
    assert_eq!(due, [0, 25, 50, 75, 100]);
    assert!(growing.picture(0).is_err(), "there are no pictures yet");
    create_dir_all(away.path().join(names::KEYFRAMES)).unwrap();
    growing.look().unwrap();
    for step in due {
        let name = format!("{}/{step:010}.safetensors", names::KEYFRAMES);
        assert!(growing.picture(step).is_err());
        part(&name, from(&name).len() / 2).unwrap();
        assert!(growing.picture(step).is_err());
        assert_eq!(growing.due().first(), Some(&step));
        whole(&name);
        assert_eq!(growing.picture(step).unwrap().step, step);
    }
    assert!(growing.due().is_empty());
}

#[test]
fn a_run_that_goes_on_from_an_earlier_save_begins_anew() {
    let place = tempdir().unwrap();
    let saved = saved_in(place.path());
    let mut growing = Growing::new(place.path());
    assert_eq!(look(&mut growing).rows.len(), 200);
    // Its newest state brings its rows along, so that the table is cut.
    let mut run = Run::new(saved.scenario.clone(), &compute(), 1, true).unwrap();
    run.restore(saved.newest().unwrap()).unwrap();
    let mut folder = Folder::reopen(place.path(), saved.manifest, 200).unwrap();
    let found = look(&mut growing);
    assert!(found.begins && found.rows.is_empty());
    folder.rows(&train(&mut run, 5)).unwrap();
    folder.commit(&run.save().unwrap(), false).unwrap();
    let found = look(&mut growing);
    assert!(!found.begins);
    assert_eq!((found.rows.len(), found.rows.last().unwrap().step), (210, 105));
}

#[test]
fn another_table_in_the_place_of_one_begins_anew() {
    let (place, away) = (tempdir().unwrap(), tempdir().unwrap());
    let saved = saved_in(place.path());
    let mut growing = Growing::new(away.path());
    for name in [names::MANIFEST, names::SCENARIO, names::METRICS, names::EVENTS] {
        copy(place.path().join(name), away.path().join(name)).unwrap();
    }
    // A run of the same scenario whose numbers are others, of which the first part was taken.
    let table = read(place.path().join(names::METRICS)).unwrap();
    let half = table.len() / 2;
    let text = String::from_utf8(table[..half].to_vec()).unwrap();
    let other = text.replace("0.1", "0.2").replace("0.3", "0.4");
    assert!(other.len() == half && other != text);
    write(away.path().join(names::METRICS), other).unwrap();
    assert!(growing.look().unwrap().waits.is_some());
    write(away.path().join(names::METRICS), &table).unwrap();
    let found = growing.look().unwrap();
    assert!(found.rows.is_empty() && found.waits.is_some());
    let found = growing.look().unwrap();
    assert!(found.begins && found.waits.is_none());
    assert_eq!(bits(&found.rows), bits(&saved.rows));
}

#[test]
fn who_writes_a_run_is_told_by_its_lock_or_by_its_age() {
    let place = tempdir().unwrap();
    let manifest = place.path().join(names::MANIFEST);
    let old = || {
        let hour = Duration::from_secs(3600);
        let file = File::options().write(true).open(&manifest).unwrap();
        file.set_modified(SystemTime::now() - hour).unwrap();
    };
    let is_another = || matches!(writer(place.path()).unwrap(), Writer::Another(..));
    assert!(matches!(writer(place.path()), Err(ArchiveError::NoRun(_))));
    // What is asked for is there before the first save.
    let scenario = scenario("[lanes.a]\n");
    let start = Start { story: "x".into(), scenario: scenario.clone(), until: 200 };
    let prepared = Prepared::with_start(place.path(), false, &start).unwrap();
    let Writer::Another(story, told) = writer(place.path()).unwrap() else { panic!("nobody") };
    assert_eq!((story.as_str(), *told), ("x", scenario.clone()));
    let mut run = Run::new(scenario, &compute(), 1, true).unwrap();
    let mut folder = Folder::create(prepared, "x", &run.info(), 200).unwrap();
    folder.commit(&run.save().unwrap(), false).unwrap();
    old();
    assert!(is_another(), "it is locked, however old its save is");
    drop(folder);
    // It was cut off, an hour ago; or it is trained elsewhere, if it was saved just now.
    assert!(!is_another());
    let text = read(&manifest).unwrap();
    write(&manifest, &text).unwrap();
    assert!(is_another());
    // Half copied when it is opened, which cannot be told from damage.
    write(&manifest, &text[..50]).unwrap();
    assert!(matches!(writer(place.path()), Err(ArchiveError::Damaged { .. })));
    write(&manifest, &text).unwrap();
    let saved = Archive::open(place.path()).unwrap();
    Folder::reopen(place.path(), saved.manifest, 200).unwrap().close().unwrap();
    assert!(!is_another(), "it is closed");
}
