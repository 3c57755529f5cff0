//! Saved runs: what comes back, and what is refused.

mod ever;
mod forged;
pub(crate) mod growing;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::archive::{
    Archive, ArchiveError, Folder, FolderError, Prepared, checkpoint, keyframe, newest_file,
};
use crate::engine::Run;
use crate::engine::device;
use crate::engine::device::Compute;
use crate::engine::views::Freshness;
use crate::record::event::{Event, EventKind, Fact};
use crate::record::pen::{Over, Stroke};
use crate::record::row::StepRow;
use crate::record::setting::Setting;
use crate::scenario::{OnSwitch, Preset, Scenario, parse};
use crate::session::recorder::{Budgets, Recorder};

fn compute() -> Compute {
    device::choose("cpu", &device::cpu_only()).unwrap().open().unwrap()
}

fn scenario(lanes: &str) -> Scenario {
    let text = format!(
        "title='x'\nsteps=200\n[codebook]\nsize=64\ndim=8\n[train]\nbatch_tokens=64\nwindow_tokens=512\neval_every=25\n[data]\neval_tokens=256\n{lanes}"
    );
    parse(&text, "x", &[]).unwrap()
}

/// A folder of a test that is removed at its end.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path =
            std::env::temp_dir().join(format!("vqscope-archive-{name}-{}", std::process::id()));
        std::fs::remove_dir_all(&path).ok();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

fn train(run: &mut Run, steps: u64) -> Vec<StepRow> {
    (0..steps).for_each(|_| run.step().unwrap());
    run.take_news().unwrap().0
}

fn bits(rows: &[StepRow]) -> Vec<String> {
    rows.iter().map(super::tables::metrics_line).collect()
}

/// The run goes on from its checkpoint as if it had never stopped: rows and pictures.
fn check_going_on(lanes: &str, hurry: impl Fn(&mut Run)) {
    let scenario = scenario(lanes);
    let compute = compute();
    let mut run = Run::new(scenario.clone(), &compute, 1, true).unwrap();
    train(&mut run, 33);
    hurry(&mut run);
    (0..7).for_each(|_| run.step().unwrap());
    let state = run.save().unwrap();
    let bytes = checkpoint::to_bytes(&state).unwrap();
    let back = checkpoint::from_bytes(Path::new("c"), &bytes).unwrap();
    // NaN is equal to nothing, so bytes are compared.
    assert_eq!(checkpoint::to_bytes(&back).unwrap(), bytes, "{lanes}");
    let mut again = Run::new(scenario, &compute, 1, true).unwrap();
    again.restore(back).unwrap();
    assert_eq!(bits(&train(&mut run, 45)), bits(&train(&mut again, 45)), "{lanes}");
    let picture = |run: &mut Run| {
        keyframe::to_bytes(&run.snapshot(Freshness::Kept).unwrap().unwrap()).unwrap()
    };
    assert_eq!(picture(&mut run), picture(&mut again), "{lanes}");
}

#[test]
fn every_method_goes_on_from_a_checkpoint_bit_for_bit() {
    for preset in Preset::ALL {
        let own = match preset {
            Preset::VqFc => "factor=4\n",
            Preset::VqWarmup => "warmup=50\n",
            _ => "",
        };
        let text = format!("[lanes.a]\npreset='{}'\n{own}", preset.name());
        check_going_on(&text, |_| {});
    }
}

#[test]
fn switches_made_by_hand_are_part_of_a_checkpoint() {
    let learn = |c, w, on_switch| Setting::Learn { c, w, on_switch };
    let switches = [
        vec![learn(false, true, OnSwitch::Fresh)],
        vec![learn(false, true, OnSwitch::Keep)],
        vec![learn(true, true, OnSwitch::Fresh), Setting::CodeRate(0.5)],
        vec![learn(false, true, OnSwitch::Fresh), learn(true, false, OnSwitch::Keep)],
        vec![Setting::Lr(1e-4), Setting::Beta(2.0)],
    ];
    for settings in switches {
        check_going_on("[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n", |run| {
            settings.iter().for_each(|s| run.set(None, *s));
        });
    }
}

/// A run of 100 steps, saved.
fn saved(name: &str) -> (Place, Archive) {
    let place = Place::new(name);
    let archive = saved_in(&place.0);
    (place, archive)
}

/// The same in a folder that whoever asks removes.
pub(crate) fn saved_in(place: &Path) -> Archive {
    let scenario = scenario("[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n");
    let mut run = Run::new(scenario.clone(), &compute(), 1, true).unwrap();
    let prepared = Prepared::new(place, false, &scenario).unwrap();
    let folder = Folder::create(prepared, "x", &run.info(), 200).unwrap();
    let mut recorder = Recorder::new(Some(folder), Some(Budgets::default())).unwrap();
    recorder.begin(&mut run).unwrap();
    for _ in 0..100 {
        run.step().unwrap();
        recorder.after_step(&mut run).unwrap();
    }
    recorder.save(&mut run, false).unwrap();
    let (rows, events) = run.take_news().unwrap();
    recorder.news(&rows, &events);
    recorder.finish().unwrap().unwrap().close().unwrap();
    Archive::open(place).unwrap()
}

#[test]
fn a_saved_run_opens_with_its_rows_pictures_and_newest_state() {
    let (_place, archive) = saved("opens");
    assert_eq!(archive.rows.len(), 200);
    assert_eq!(archive.manifest.step, 100);
    assert!(!archive.manifest.is_open && !archive.manifest.is_ended);
    assert_eq!(archive.keyframe_steps(), [0, 25, 50, 75, 100]);
    let first = archive.keyframe(0).unwrap();
    let last = archive.keyframe(50).unwrap();
    assert_eq!((last.step, last.lanes.len(), last.lanes[1].codes.len()), (50, 2, 64));
    // The inputs of all reconstructions are the same ones.
    let pictures = |s: &crate::record::snapshot::Snapshot| s.lanes[0].pictures.clone().unwrap();
    assert_eq!(pictures(&last).step, 50);
    assert_eq!(pictures(&archive.keyframe(100).unwrap()).step, 100);
    assert!(Arc::ptr_eq(&pictures(&last).inputs, &pictures(&first).inputs));
    assert_eq!(archive.newest().unwrap().step, 100);
    assert_eq!(archive.checkpoint_before(99).unwrap().step, 0);
    assert!(matches!(archive.keyframe(51), Err(ArchiveError::NotKept { step: 51, .. })));
    // The rows before the save are still in the state, not in the table it is cut to.
    assert_eq!(archive.before_save, [0, 0]);
    assert_eq!(archive.newest().unwrap().rows.len(), 200);
}

#[test]
fn a_run_that_is_opened_again_and_killed_at_once_still_opens() {
    let (place, archive) = saved("killed");
    // With tables longer than what a state brings along.
    let mut folder = Folder::reopen(&place.0, archive.manifest.clone(), 200).unwrap();
    let mut run = Run::new(archive.scenario.clone(), &compute(), 1, true).unwrap();
    run.restore(archive.newest().unwrap()).unwrap();
    folder.rows(&train(&mut run, 5)).unwrap();
    folder.commit(&run.save().unwrap(), true).unwrap();
    folder.close().unwrap();
    drop(folder);
    let ended = Archive::open(&place.0).unwrap();
    let text = std::fs::read(place.0.join("metrics.csv")).unwrap();
    assert!(ended.manifest.is_ended && ended.rows.len() == 210);
    // Killed: what was opened is never committed. A file without its name is left over then, until
    // the run is opened the next time.
    let mut folder = Folder::reopen(&place.0, ended.manifest.clone(), 300).unwrap();
    folder.checkpoint(&run.save().unwrap(), &[]).unwrap();
    drop(folder);
    let parts = || {
        let files = std::fs::read_dir(place.0.join("checkpoints")).unwrap().flatten();
        files.filter(|file| file.path().extension().is_some_and(|e| e == "part")).count()
    };
    assert_eq!(parts(), 1);
    drop(Folder::reopen(&place.0, ended.manifest.clone(), 300).unwrap());
    assert_eq!(parts(), 0);
    let again = Archive::open(&place.0).unwrap();
    assert!(again.manifest.is_open && !again.manifest.is_ended);
    assert_eq!(again.newest().unwrap().step, ended.newest().unwrap().step);
    // What the newest state does not bring along is in the tables.
    let [rows, _] = again.before_save;
    assert_eq!(rows + again.newest().unwrap().rows.len(), ended.rows.len());
    assert!(text.starts_with(&std::fs::read(place.0.join("metrics.csv")).unwrap()));
}

#[test]
fn a_folder_at_which_another_program_works_is_left_alone() {
    let (place, archive) = saved("busy");
    let before = std::fs::read(place.0.join("run.toml")).unwrap();
    let working = Folder::reopen(&place.0, archive.manifest.clone(), 200).unwrap();
    let during = std::fs::read(place.0.join("run.toml")).unwrap();
    assert!(before != during);
    let refused = Prepared::new(&place.0, true, &archive.scenario).err().unwrap();
    assert!(matches!(refused, FolderError::Busy(_)), "{refused}");
    assert!(matches!(
        Folder::reopen(&place.0, archive.manifest.clone(), 200).err(),
        Some(FolderError::Busy(_))
    ));
    assert_eq!(std::fs::read(place.0.join("run.toml")).unwrap(), during);
    let whole = Archive::open(&place.0).unwrap();
    assert_eq!(
        (whole.keyframe_steps(), whole.newest().unwrap().step),
        (vec![0, 25, 50, 75, 100], 100)
    );
    drop(working);
    // Now it may be cleared, together with what was written at the end.
    std::fs::write(place.0.join("summary.json"), "{}").unwrap();
    drop(Prepared::new(&place.0, true, &archive.scenario).unwrap());
    assert!(!place.0.join("run.toml").exists() && !place.0.join("summary.json").exists());
}

#[test]
fn a_fork_takes_over_what_was_until_its_step() {
    let (place, mut archive) = saved("forked");
    let all = [
        (49, EventKind::Change),
        (50, EventKind::Collapse),
        // What acts at step 51 and later: the fork makes it itself, or not at all.
        (50, EventKind::Change),
        (50, EventKind::Caption),
        (50, EventKind::View),
        (51, EventKind::Recovery),
    ];
    let event = |(step, kind)| Event::said(step, None, kind, "x");
    archive.events = all.map(event).into();
    // Drawn long after, looking back at a step that the fork has and at one that it has not.
    for into in [50, 51] {
        let stroke = Some(Stroke::new(Over::Room, &[[0.5, 0.5]]));
        archive.events.push(Event::new(90, None, Fact::Drawn { step: into, stroke }));
    }
    let path = place.0.join("fork");
    let prepared = Prepared::new(&path, false, &archive.scenario).unwrap();
    let mut folder = Folder::fork(prepared, &archive, &archive.info(), 50).unwrap();
    folder.commit(&archive.newest().unwrap(), false).unwrap();
    let fork = Archive::open(&path).unwrap();
    assert_eq!(fork.rows, archive.rows[..100]);
    assert_eq!(fork.events[..2], archive.events[..2]);
    assert_eq!((fork.events.len(), fork.events[2].step), (3, 50));
    assert_eq!(fork.events[2].fact, archive.events[6].fact);
    assert_eq!(fork.keyframe_steps(), [0, 25, 50]);
    assert_eq!(
        fork.keyframe(50).unwrap().lanes[0].codes,
        archive.keyframe(50).unwrap().lanes[0].codes
    );
    assert_eq!(fork.manifest.forked_from.as_ref().map(|p| p.step), Some(50));
}

#[test]
fn what_was_written_at_the_end_stays_until_a_later_step_is_saved() {
    let (place, archive) = saved("finals");
    let finals = ["summary.json", "model.safetensors"].map(|name| place.0.join(name));
    finals.iter().for_each(|file| std::fs::write(file, "x").unwrap());
    let are_there = || finals.each_ref().map(|file| file.exists());
    let mut run = Run::new(archive.scenario.clone(), &compute(), 1, true).unwrap();
    run.restore(archive.newest().unwrap()).unwrap();
    // Looked at, and left as it was.
    let mut folder = Folder::reopen(&place.0, archive.manifest, 200).unwrap();
    folder.commit(&run.save().unwrap(), false).unwrap();
    folder.close().unwrap();
    drop(folder);
    assert_eq!(are_there(), [true; 2]);
    // Gone on with: not yet when a kill would throw away what was trained, but with the save.
    let manifest = Archive::open(&place.0).unwrap().manifest;
    let mut folder = Folder::reopen(&place.0, manifest, 200).unwrap();
    folder.rows(&train(&mut run, 5)).unwrap();
    assert_eq!(are_there(), [true; 2]);
    folder.commit(&run.save().unwrap(), false).unwrap();
    assert_eq!(are_there(), [false; 2]);
}

#[test]
fn an_event_of_many_lines_is_one_event() {
    let (place, archive) = saved("lines");
    let mut folder = Folder::reopen(&place.0, archive.manifest.clone(), 200).unwrap();
    let text = "one\ntwo, \"three\"\n";
    let caption = Event::said(100, None, EventKind::Caption, text);
    folder.events(std::slice::from_ref(&caption)).unwrap();
    folder.commit(&archive.newest().unwrap(), false).unwrap();
    // Behind the save, as at the end of a run.
    folder.events(std::slice::from_ref(&caption)).unwrap();
    folder.close().unwrap();
    let again = Archive::open(&place.0).unwrap();
    assert_eq!(again.events, [caption.clone(), caption]);
    assert_eq!(again.before_save, [0, 1]);
}

#[test]
fn a_table_of_an_earlier_version_goes_on_in_its_own_columns() {
    use super::tables::{Columns, rows_within};

    let (place, archive) = saved("columns");
    let table = place.0.join("metrics.csv");
    let text = std::fs::read_to_string(&table).unwrap();
    let mut manifest = archive.manifest.clone();
    manifest.format = 1;
    let rows = rows_within(&text, manifest.resume_bytes[0]);
    // Without the columns that were added to the first ones.
    let first = |line: &str| line.split(',').take(22).collect::<Vec<_>>().join(",");
    let old: Vec<String> = text.lines().map(first).collect();
    assert!(old[0].ends_with(",deaths_100") && Columns::of(&old[0]).is_some());
    manifest.resume_bytes[0] = old[..=rows].iter().map(|line| line.len() as u64 + 1).sum();
    std::fs::write(&table, old.join("\n") + "\n").unwrap();
    let mut folder = Folder::reopen(&place.0, manifest, 1000).unwrap();
    folder.rows(&archive.rows[..2]).unwrap();
    folder.close().unwrap();
    let text = std::fs::read_to_string(&table).unwrap();
    assert_eq!(text.lines().count(), 1 + rows + 2);
    assert_eq!(text.lines().next(), Some(old[0].as_str()));
    let columns = |line: &str| line.split(',').count();
    assert!(text.lines().all(|line| columns(line) == columns(&old[0])), "{text}");
    let again = Archive::open(&place.0).unwrap();
    // What it has no columns for is not there when it is read again.
    let own = Columns::of(&old[0]).unwrap();
    let lines = |rows: &[StepRow]| rows.iter().map(|row| own.line(row)).collect::<Vec<_>>();
    assert_eq!(lines(&again.rows[rows..]), lines(&archive.rows[..2]));
    assert!(again.rows[rows..].iter().all(|row| row.codes == archive.rows[0].codes));
    // What is written from then on is told apart from what an earlier version reads.
    assert_eq!(again.manifest.format, super::manifest::FORMAT);
}

/// A kill between the file of a second save at one step and its `run.toml`.
#[test]
fn a_second_save_at_one_step_leaves_the_first_whole_until_it_counts() {
    let (place, archive) = saved("second");
    let mut state = archive.newest().unwrap();
    let before = newest_file(&place.0, archive.manifest.newest.as_ref().unwrap());
    let old = std::fs::read(&before).unwrap();
    state.rows.clear();
    state.basis_mode = crate::record::setting::BasisMode::Fixed;
    let mut folder = Folder::reopen(&place.0, archive.manifest, 1000).unwrap();
    let manifest = std::fs::read(place.0.join("run.toml")).unwrap();
    folder.commit(&state, false).unwrap();
    drop(folder);
    let again = Archive::open(&place.0).unwrap();
    let after = newest_file(&place.0, again.manifest.newest.as_ref().unwrap());
    assert_ne!(before, after);
    assert_eq!(again.newest().unwrap().basis_mode, state.basis_mode);
    assert!(!before.exists(), "nothing names it any more");
    std::fs::write(&before, old).unwrap();
    std::fs::write(place.0.join("run.toml"), manifest).unwrap();
    Archive::open(&place.0).unwrap().newest().unwrap();
    // Saves of format 1 named the file by its step alone.
    std::fs::rename(&before, place.0.join(format!("checkpoints/newest-{:010}.safetensors", 100)))
        .unwrap();
    Archive::open(&place.0).unwrap().newest().unwrap();
}

#[test]
fn every_damage_is_a_sentence_that_names_the_file() {
    let (place, archive) = saved("damaged");
    let file = |name: &str| place.0.join(name);
    let newest = newest_file(&place.0, archive.manifest.newest.as_ref().unwrap());
    let newest = newest.strip_prefix(&place.0).unwrap().to_str().unwrap().to_owned();
    let all = [
        "run.toml",
        "scenario.toml",
        "metrics.csv",
        "events.csv",
        "keyframes/0000000050.safetensors",
        "checkpoints/0000000000.safetensors",
        newest.as_str(),
    ];
    let read_all = || -> Result<(), ArchiveError> {
        let archive = Archive::open(&place.0)?;
        for step in archive.keyframe_steps() {
            archive.keyframe(step)?;
        }
        archive.checkpoint_before(0)?;
        archive.newest().map(drop)
    };
    read_all().unwrap();
    for name in all {
        let good = std::fs::read(file(name)).unwrap();
        let mut hurt = vec![Vec::new(), good[..good.len() / 2].to_vec()];
        for at in (0..6).map(|sixth| sixth * good.len() / 6) {
            let mut bytes = good.clone();
            bytes[at] ^= 0x5a;
            hurt.push(bytes);
        }
        for bytes in hurt {
            std::fs::write(file(name), &bytes).unwrap();
            // The tables hold no check sum: a changed digit is a changed number.
            if let Err(error) = read_all() {
                let words = error.to_string();
                let own = name.rsplit('/').next().unwrap();
                assert!(words.contains(own), "{name}: {words}");
            } else {
                assert!(name.ends_with(".csv") && bytes.len() == good.len(), "{name}");
            }
        }
        std::fs::remove_file(file(name)).unwrap();
        assert!(read_all().is_err(), "{name}");
        std::fs::write(file(name), &good).unwrap();
    }
    read_all().unwrap();
    let manifest = std::fs::read_to_string(file("run.toml")).unwrap();
    std::fs::write(
        file("run.toml"),
        manifest.replace(&format!("format = {}", super::manifest::FORMAT), "format = 99"),
    )
    .unwrap();
    let newer = Archive::open(&place.0).err().unwrap().to_string();
    assert!(newer.contains("newer vqscope") && newer.contains("99"), "{newer}");
    drop(archive);
}

#[test]
fn a_checkpoint_of_another_scenario_is_refused() {
    let compute = compute();
    let mut run = Run::new(scenario("[lanes.a]\n"), &compute, 1, false).unwrap();
    let state = run.save().unwrap();
    let others =
        ["[lanes.a]\n[lanes.b]\n", "[lanes.a]\ncodebook={dim=4}\n", "[lanes.a]\nfactor=4\n"];
    for other in others {
        let mut run = Run::new(scenario(other), &compute, 1, false).unwrap();
        let error = run.restore(state.clone()).unwrap_err().to_string();
        assert!(error.contains("does not fit its scenario"), "{error}");
    }
}
