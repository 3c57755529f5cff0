//! Saved runs as a user has them: interrupted, killed, gone on with.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use vqscope::archive::{Archive, ArchiveError};
use vqscope::rng::{Purpose, Stream};

use crate::{Folder, code, goes_on_until, program, stderr, vqscope};

/// Kills while saving; each leaves a run that opens.
const KILLS: usize = 50;

/// A long run of small models.
const SMALL: &str = "title='small'\nsteps=6000\n[codebook]\nsize=64\ndim=8\n[model]\nhidden=16\n[train]\nbatch_tokens=64\nwindow_tokens=1024\n[data]\neval_tokens=512\n[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n[[change]]\nstep=700\nlr=0.001\n";

/// Starts a run that saves all the time.
fn start(scenario: &str, out: &Path, is_new: bool) -> Child {
    let mut command = program();
    command.args(["run", "--device", "cpu", "--save-every", "0.01"]);
    match is_new {
        true => command.arg(scenario).arg("--out").arg(out),
        false => command.arg("--resume").arg(out),
    };
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// Reads everything that is saved of a run and gives the step of its newest state.
fn check(archive: &Archive) -> u64 {
    let state = archive.newest().unwrap();
    assert_eq!(state.step, archive.manifest.step);
    for step in archive.keyframe_steps() {
        archive.keyframe(step).unwrap();
    }
    if let Some(newest) = archive.manifest.checkpoints.iter().map(|k| k.step).max() {
        assert_eq!(archive.checkpoint_before(u64::MAX).unwrap().step, newest);
    }
    state.step
}

#[test]
fn a_run_that_is_killed_again_and_again_opens_every_time_and_ends_as_one_that_was_not() {
    let (files, killed) = (Folder::new("whole"), Folder::new("killed"));
    let scenario = files.write("small.toml", SMALL);
    let whole = files.0.join("run");
    assert!(start(&scenario, &whole, true).wait().unwrap().success());
    let mut waits = Stream::new(5, Purpose::Batch, 0);
    let mut opened = 0;
    let mut is_new = true;
    // Step of the newest save.
    let mut saved = None;
    for kill in 0..KILLS {
        let manifest = || std::fs::read(killed.0.join("run.toml")).ok();
        let mut before = manifest();
        let mut child = start(&scenario, &killed.0, is_new);
        // At random moments of starting, saving and training: after so many saves, and a little later.
        for _ in 0..kill % 4 {
            if !goes_on_until(&mut child, "its next save", || manifest() != before) {
                break;
            }
            before = manifest();
        }
        std::thread::sleep(Duration::from_millis(waits.below(60) as u64));
        child.kill().unwrap();
        child.wait().unwrap();
        match Archive::open(&killed.0) {
            Ok(archive) if archive.manifest.newest.is_some() => {
                let step = check(&archive);
                assert!(Some(step) >= saved, "kill {kill} went back from {saved:?} to {step}");
                saved = Some(step);
                opened += 1;
            }
            Ok(_) => assert!(saved.is_none(), "kill {kill}: the save of {saved:?} is gone"),
            Err(error) => {
                let is_before = matches!(error, ArchiveError::NoRun(_)) && saved.is_none();
                assert!(is_before, "kill {kill}, after the save of {saved:?}: {error}");
            }
        }
        is_new = ["run.toml", "run-start.toml"].iter().all(|name| !killed.0.join(name).exists());
    }
    assert!(opened > KILLS / 2, "only {opened} of {KILLS} kills came after the first save");
    assert!(start(&scenario, &killed.0, is_new).wait().unwrap().success());
    assert!(files.read("run/metrics.csv") == killed.read("metrics.csv"));
    assert!(files.read("run/events.csv") == killed.read("events.csv"));
}

#[test]
fn a_run_can_be_taken_further_than_it_was_asked_for() {
    let (whole, further) = (Folder::new("further-whole"), Folder::new("further"));
    let run = |out: &Folder, steps: &str| {
        let out = out.0.display().to_string();
        let arguments = ["run", "collapse", "--device", "cpu", "--steps", steps, "--out", &out];
        let output = vqscope(&arguments);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    run(&whole, "160");
    run(&further, "70");
    // Where it ends there is a picture.
    let steps = |folder: &Folder| Archive::open(&folder.0).unwrap().keyframe_steps();
    assert_eq!((steps(&whole).last(), steps(&further).last()), (Some(&160), Some(&70)));
    let folder = further.0.display().to_string();
    let output = vqscope(&["run", "--resume", &folder, "--more", "90", "--device", "cpu"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    // The evaluation at step 70 was made because the run ended there: it is not in the longer one.
    assert!(whole.read("metrics.csv") == further.read("metrics.csv"));
    // Both keep the same pictures, byte for byte.
    for step in steps(&whole) {
        let name = format!("keyframes/{step:010}.safetensors");
        let read = |folder: &Folder| std::fs::read(folder.0.join(&name)).unwrap();
        assert!(read(&whole) == read(&further), "{name}");
    }
    let newest = Archive::open(&further.0).unwrap().manifest;
    assert_eq!((newest.step, newest.until, newest.is_ended), (160, 160, true));
    // A saved run has its settings; others are refused, not left out in silence.
    let output = vqscope(&[&folder, "--set", "train.lr=0.1", "--device", "cpu"]);
    let sentence = stderr(&output);
    assert_eq!((code(&output), sentence.lines().count()), (2, 1), "{sentence}");
    assert!(sentence.contains("--set train.lr=0.1") && sentence.contains("scenario.toml"));
}

#[test]
fn a_folder_without_a_run_is_refused_in_one_sentence() {
    let folder = Folder::new("no-run");
    let path = folder.0.display().to_string();
    let refused = |arguments: &[&str], words: &str| {
        let output = vqscope(arguments);
        let sentence = stderr(&output);
        assert_eq!((code(&output), sentence.lines().count()), (2, 1), "{sentence}");
        assert!(sentence.contains(words), "{sentence}");
    };
    refused(&["run", "--resume", &path], "holds no saved run");
    refused(&[&path], "holds no saved run");
    folder.write("run.toml", "format = 7\n");
    refused(&["run", "--resume", &path], "newer vqscope");
    refused(&[&path], "newer vqscope");
    assert_eq!(code(&vqscope(&["run", "collapse", "--out", &path, "--more", "3"])), 2);
    // Tables alone are no saved run, and stay as they are.
    let tables = folder.path("tables");
    let run = ["run", "collapse", "--device", "cpu", "--steps", "3", "--out", &tables];
    assert_eq!(code(&vqscope(&[&run[..], &["--tables-only"]].concat())), 0);
    let read = || ["tables/metrics.csv", "tables/summary.json"].map(|name| folder.read(name));
    let before = read();
    refused(&["run", "--resume", &tables, "--device", "cpu"], "--tables-only and sweeps");
    assert_eq!(read(), before);
}

/// Copies a folder with all that is in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let (entry, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if entry.is_dir() {
            copy(&entry, &to);
        } else {
            std::fs::copy(&entry, &to).unwrap();
        }
    }
}

/// Saved by version 0.1.0, whose tables and keyframes had less in them.
#[test]
fn runs_of_an_earlier_version_open_and_go_on() {
    for story in ["collapse", "digits", "revival"] {
        let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/runs").join(story);
        let files = Folder::new(&format!("of-before-{story}"));
        copy(&kept, &files.0.join("run"));
        let archive = Archive::open(&files.0.join("run")).unwrap();
        let (rows, lanes) = (archive.rows.len(), archive.scenario.lane_ids().len());
        assert_eq!((check(&archive), rows), (30, 30 * lanes), "{story}");
        // What the earlier version did not know is at its usual value, or is not known.
        let frame = archive.keyframe(25).unwrap();
        assert!(frame.lanes.iter().all(|lane| lane.codes.len() == 64 && lane.knows_use()));
        drop(archive);
        let before = files.read("run/metrics.csv");
        let run = files.path("run");
        let done = vqscope(&["run", "--resume", &run, "--more", "30", "--device", "cpu"]);
        assert_eq!(code(&done), 0, "{story}: {}", stderr(&done));
        let after = files.read("run/metrics.csv");
        assert!(after.starts_with(&before), "{story}: a row of before was changed");
        let columns: Vec<usize> = after.lines().map(|line| line.split(',').count()).collect();
        assert!(columns.iter().all(|&n| n == columns[0]), "{story}: rows of two kinds");
        let archive = Archive::open(&files.0.join("run")).unwrap();
        assert_eq!((check(&archive), archive.rows.len()), (60, 60 * lanes), "{story}");
    }
}
