//! Folders of another machine: files that are still being written, and a network that does not answer.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use safetensors::Dtype;

use crate::patience::{has, wait};
use crate::record::event::EventKind;
use crate::record::status::Update;
use crate::record::watching::{Shown, Waits, Wishes};
use crate::scenario::LaneId;
use crate::watch::follow::held::{Held, write};
use crate::watch::follow::tests::Heard;
use crate::watch::follow::{Folder, PATIENCE, Watcher};
use crate::watch::made;

const HOUR: Duration = Duration::from_secs(3600);

/// A file of 1,024 codes of width 64 with the counts `uses` all over, and its bytes.
fn file(path: &Path, uses: u8) -> Vec<u8> {
    file_of(path, uses, 1024)
}

fn file_of(path: &Path, uses: u8, size: usize) -> Vec<u8> {
    let codes = [f32::from(uses) + 0.5, 1.0].repeat(size * 32);
    let counts = i64::from(uses).to_le_bytes().repeat(size);
    let arrays = [
        ("codebook".to_string(), Dtype::F32, vec![size, 64], made::f32s(&codes)),
        ("usage".into(), Dtype::I64, vec![size], counts),
    ];
    made::save(path, &arrays);
    std::fs::read(path).unwrap()
}

/// A folder, what a window hears of it, and whether all that it was shown is whole.
struct Far {
    place: tempfile::TempDir,
    folder: Folder,
    heard: Heard,
    /// Counts of the pictures that were handed out, in their order.
    shown: Vec<u32>,
}

impl Far {
    /// By a clock of the test's own.
    fn new() -> Self {
        let far = Self::of_now();
        Self { folder: far.folder.through(Arc::new(Held::default())), ..far }
    }

    /// By the clock of the system.
    fn of_now() -> Self {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().into(), Wishes::default());
        Self { place, folder, heard: Heard::default(), shown: Vec::new() }
    }

    fn path(&self) -> PathBuf {
        self.place.path().join("codebook_000100.safetensors")
    }

    fn look(&mut self) {
        let Self { folder, heard, shown, .. } = self;
        assert!(folder.round(PATIENCE, &mut |update| {
            if let Update::Keyframe(frame) = &update {
                let counts = &frame.lanes[0].window_counts;
                assert!(counts.iter().all(|n| *n == counts[0]), "a half was shown");
                shown.push(counts[0]);
            }
            heard.take(update)
        }));
        let bad = self.heard.events.iter().find(|e| e.kind == EventKind::Unreadable);
        assert!(bad.is_none(), "{bad:?}");
    }

    fn looks(&mut self, number: u32) -> &[u32] {
        (0..number).for_each(|_| self.look());
        &self.shown
    }
}

#[test]
fn a_file_that_grows_is_shown_once_it_is_whole_and_not_called_damaged_before() {
    let mut far = Far::new();
    let path = far.path();
    let whole = file(&path, 3);
    // It grows for longer than a damaged file is waited for, and stops on its way.
    for part in 0..40_u64 {
        let rest = Duration::from_millis(200 * (40 - part));
        write(&path, &whole[..whole.len() * part as usize / 40], rest);
        assert!(far.looks(1).is_empty());
    }
    assert!(far.looks(3 * PATIENCE).is_empty());
    write(&path, &whole, Duration::ZERO);
    assert!(far.looks(PATIENCE).is_empty());
    assert_eq!(far.looks(1), [3]);
    assert_eq!(far.looks(9), [3]);
}

#[test]
fn a_file_that_is_full_length_from_the_start_is_shown_when_it_rests() {
    let mut far = Far::new();
    let path = far.path();
    let whole = file(&path, 3);
    let head = whole.len() - 1024 * (64 * 4 + 8);
    for part in 0..40_usize {
        let at = head + (whole.len() - head) * part / 40;
        let zeros = vec![0; whole.len() - at];
        let rest = Duration::from_millis(200 * (40 - part as u64));
        write(&path, &[&whole[..at], &zeros].concat(), rest);
        assert!(far.looks(1).is_empty(), "{part}");
    }
    // The name of the one before, and its time, as rsync -t gives it at the end.
    write(&path, &whole, HOUR);
    assert_eq!(far.looks(PATIENCE + 1), [3]);
}

#[test]
fn a_file_that_is_written_over_is_the_old_one_until_the_new_one_rests() {
    let mut far = Far::new();
    let path = far.path();
    let (new, old) = (file(&path, 5), file(&path, 3));
    // One that was written long ago is shown at once.
    write(&path, &old, HOUR);
    assert_eq!(far.looks(1), [3]);
    for part in 1..20_usize {
        let at = new.len() * part / 20;
        let rest = Duration::from_secs(20 - part as u64);
        write(&path, &[&new[..at], &old[at..]].concat(), rest);
        assert_eq!(far.looks(1), [3]);
    }
    // Meanwhile the series begins anew with the old one, as it was read.
    let other = far.place.path().join("codebook_000050.safetensors");
    let bytes = file(&other, 7);
    write(&other, &bytes, HOUR);
    assert_eq!(far.looks(1), [3, 7, 3]);
    write(&path, &new, Duration::ZERO);
    assert_eq!(far.looks(PATIENCE), [3, 7, 3]);
    assert_eq!(far.looks(1), [3, 7, 3, 7, 5]);
    assert_eq!(far.heard.frames.len(), 2);
}

#[test]
fn rsync_in_place_is_followed_to_its_end() {
    if !has("rsync", Command::new("rsync").arg("--version").output().is_ok()) {
        return;
    }
    let source = tempfile::tempdir().unwrap();
    let from = source.path().join("codebook_000100.safetensors");
    let mut far = Far::of_now();
    let path = far.path();
    let mut looked = Vec::new();
    for uses in [3, 5] {
        // It writes a quarter of a million bytes at a time.
        file_of(&from, uses, 8192);
        // A copy has the time of what it is a copy of.
        let time = SystemTime::now() - HOUR + Duration::from_secs(uses.into());
        std::fs::File::options().write(true).open(&from).unwrap().set_modified(time).unwrap();
        let mut rsync = Command::new("rsync")
            .args(["--inplace", "--times", "--ignore-times", "--no-whole-file", "--bwlimit=2000"])
            .args([&from, &path])
            .spawn()
            .unwrap();
        // A look for each time that it wrote: as long as the network flows none finds the file at rest.
        let mut looks = 0;
        let mut last = None;
        while rsync.try_wait().unwrap().is_none() {
            let now =
                std::fs::metadata(&path).ok().and_then(|m| Some((m.len(), m.modified().ok()?)));
            if now != last {
                (last, looks) = (now, looks + 1);
                far.look();
            }
        }
        assert!(rsync.wait().unwrap().success());
        looked.push(looks);
        far.looks(PATIENCE + 2);
    }
    assert_eq!(far.shown, [3, 5]);
    assert!(looked.iter().all(|looks| *looks > 2), "{looked:?}");
}

#[test]
fn a_folder_that_does_not_answer_is_said_and_left_behind() {
    let place = tempfile::tempdir().unwrap();
    let path = place.path().join("codebook_000100.safetensors");
    let bytes = file(&path, 3);
    write(&path, &bytes, Duration::from_secs(120));
    let held = Arc::new(Held::default());
    let paths = vec![place.path().to_path_buf()];
    let watcher = Watcher::through(held.clone(), paths, Shown::default(), || {}).unwrap();
    let now = SystemTime::UNIX_EPOCH + Held::NOW;
    let minute = Duration::from_secs(60);
    let mut heard = Heard::default();
    wait("the file", || {
        watcher.updates().for_each(|update| assert!(heard.take(update)));
        watcher.age_at(now).filter(|_| heard.frames.len() == 1)
    });
    assert_eq!(heard.readings(LaneId::A).len(), 1);
    assert_eq!(watcher.age_at(now), Some(2 * minute));
    held.cut(true);
    wait("the watcher to ask", || held.is_waited_for().then_some(()));
    // A minute later by the clock.
    let name = place.path().file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(watcher.waits_at(now + minute), Some(Waits { name, since: minute }));
    assert_eq!(watcher.age_at(now + minute), Some(3 * minute));
    drop(watcher);
    assert!(held.is_waited_for(), "closing did not wait for it");
    held.cut(false);
    wait("the watcher to end", || (Arc::strong_count(&held) == 1).then_some(()));
}
