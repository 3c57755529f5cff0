//! What is left of a run that never began, or that was stopped before its first save.

use std::collections::BTreeMap;

use super::*;
use crate::engine::device;
use crate::engine::device::DeviceError;
use crate::record::setting::Logged;
use crate::scenario::link::Link;
use crate::scenario::{MOST_STEPS, parse};

const SCENARIO: &str = "title='x'\nsteps=20\n[codebook]\nsize=16\ndim=4\n[model]\nhidden=8\n[train]\nbatch_tokens=32\n[data]\neval_tokens=64\n[lanes.a]\n[[change]]\nstep=3\ncaption=\"two\\nlines\"\n";

fn choice() -> Choice {
    device::choose("cpu", &device::cpu_only()).unwrap()
}

fn order(out: &Path) -> Order {
    Order::new("x", parse(SCENARIO, "x", &[]).unwrap(), out, choice())
}

fn trained(order: Order) -> Ending {
    run(order, &Arc::default()).unwrap()
}

/// The files right in a folder, with their bytes.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|p| p.is_file()).map(|p| (p.clone(), std::fs::read(p).unwrap())).collect()
}

#[test]
fn a_run_that_does_not_fit_its_device_leaves_no_folder() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    let small = Compute { buffer_limit: Some(100), ..choice().open().unwrap() };
    let error = train(&order(&out), &small, &Arc::default()).unwrap_err();
    let is_refused =
        matches!(&error, HeadlessError::Run(RunError::Device(DeviceError::TooLarge(_))));
    assert!(is_refused && error.to_string().contains("--device cpu"), "{error}");
    assert!(!out.exists());
    // What the sentence advises works.
    assert_eq!(trained(order(&out)), Ending::Held);
    // Nor is what lies in a folder touched, whatever is forced.
    let before = files(&out);
    let forced = Order { folder: FolderUse::Force, ..order(&out) };
    assert!(train(&forced, &small, &Arc::default()).is_err());
    assert_eq!(files(&out), before);
}

#[test]
fn what_was_asked_for_outlives_a_stop_before_the_first_save() {
    let place = tempfile::tempdir().unwrap();
    let (out, whole) = (place.path().join("run"), place.path().join("whole"));
    let asked = |out: &Path| Order { steps: Some(12), ..order(out) };
    prepare(&asked(&out)).unwrap();
    let again = resume(&out, 3, choice()).unwrap();
    assert_eq!((again.steps, again.story.as_str()), (Some(15), "x"));
    assert!(again.scenario == asked(&out).scenario && again.keeps);
    // Stopped once more, in between the two files and while the tables were begun.
    std::fs::remove_file(out.join(names::SCENARIO)).unwrap();
    std::fs::write(out.join(names::METRICS), "step,la").unwrap();
    assert_eq!(trained(resume(&out, 0, choice()).unwrap()), Ending::Held);
    assert_eq!(trained(asked(&whole)), Ending::Held);
    for name in [names::SCENARIO, names::METRICS, names::EVENTS] {
        let read = |folder: &Path| std::fs::read_to_string(folder.join(name)).unwrap();
        assert_eq!(read(&out), read(&whole), "{name}");
    }
    assert!(!out.join(names::START).exists());
    let saved = Archive::open(&out).unwrap();
    assert_eq!((saved.manifest.until, saved.manifest.story.as_str()), (12, "x"));
    assert!(saved.events.iter().any(|e| e.text == "two\nlines"), "{:?}", saved.events);
}

#[test]
fn what_was_never_to_be_saved_is_not_gone_on_with() {
    let place = tempfile::tempdir().unwrap();
    let refused = |folder: &Path| {
        let before = files(folder);
        let error = resume(folder, 5, choice()).err().unwrap();
        let is_refused = matches!(&error, HeadlessError::Archive(ArchiveError::NotSaved(_)));
        assert!(is_refused && error.to_string().contains("--tables-only"), "{error}");
        assert_eq!(files(folder), before);
    };
    // Tables alone, of a run that has ended and of one that was stopped at once.
    let tables = place.path().join("tables");
    let alone = |out: &Path| Order { keeps: false, ..order(out) };
    assert_eq!(trained(alone(&tables)), Ending::Held);
    refused(&tables);
    let stopped = place.path().join("stopped");
    prepare(&alone(&stopped)).unwrap();
    refused(&stopped);
    // The same where a run that was to be saved had been asked for before.
    prepare(&Order { folder: FolderUse::Force, ..order(&stopped) }).unwrap();
    prepare(&Order { folder: FolderUse::Force, ..alone(&stopped) }).unwrap();
    refused(&stopped);
    // A user's own scenario.
    let own = place.path().join("own");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join(names::SCENARIO), SCENARIO).unwrap();
    refused(&own);
}

#[test]
fn a_run_that_is_stopped_while_it_is_built_can_be_begun_again() {
    let place = tempfile::tempdir().unwrap();
    let (out, whole) = (place.path().join("run"), place.path().join("whole"));
    let stop = Arc::new(AtomicBool::new(true));
    assert_eq!(run(order(&out), &stop).unwrap(), Ending::Interrupted);
    assert!(out.join(names::START).exists() && !out.join(names::MANIFEST).exists());
    assert_eq!(trained(resume(&out, 0, choice()).unwrap()), Ending::Held);
    assert_eq!(trained(order(&whole)), Ending::Held);
    let rows = |folder: &Path| std::fs::read_to_string(folder.join(names::METRICS)).unwrap();
    assert_eq!(rows(&out), rows(&whole));
}

#[test]
fn more_steps_than_a_run_can_have_are_refused() {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    assert_eq!(trained(order(&out)), Ending::Held);
    let until = Archive::open(&out).unwrap().manifest.until;
    let most = MOST_STEPS - until;
    assert_eq!(resume(&out, most, choice()).unwrap().steps, Some(MOST_STEPS));
    for more in [most + 1, u64::MAX] {
        let error = resume(&out, more, choice()).err().unwrap();
        assert!(matches!(error, HeadlessError::Steps(_)), "{error}");
        assert!(error.to_string().contains(&format!("--more {more} must be")), "{error}");
    }
}

#[test]
fn a_run_that_was_changed_by_hand_is_not_judged_by_what_was_expected_of_its_story() {
    use crate::record::setting::Setting;

    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("run");
    // The first lies before the change and holds, the second behind it and cannot hold.
    let text = format!(
        "{SCENARIO}[[expect]]\nlane='a'\nmetric='recon_mse'\nstep=5\nmin=0\n[[expect]]\nlane='a'\nmetric='recon_mse'\nstep='end'\nmin=9\n"
    );
    let scenario = parse(&text, "x", &[]).unwrap();
    let asked = |steps| Order { steps, ..Order::new("x", scenario.clone(), &out, choice()) };
    assert_eq!(trained(asked(Some(12))), Ending::Held);
    let archive = Archive::open(&out).unwrap();
    let newest = archive.newest().unwrap();
    let mut folder = Folder::reopen(&out, archive.manifest, 20).unwrap();
    folder.log(Logged { step: 12, lane: None, setting: Setting::Lr(0.1) });
    folder.commit(&newest, false).unwrap();
    folder.close().unwrap();
    drop(folder);
    assert_eq!(trained(resume(&out, 0, choice()).unwrap()), Ending::Held);
    let summary = std::fs::read_to_string(out.join(names::SUMMARY)).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!((&summary["steps"], &summary["expect"][0]["verdict"]), (&20.into(), &"held".into()));
    let left = &summary["expect"][1];
    assert_eq!((&left["verdict"], &left["left_story_after"]), (&"left_story".into(), &12.into()));
    // The same run without a change has failed.
    let whole = Order { folder: FolderUse::Force, ..asked(None) };
    assert_eq!(trained(whole), Ending::Failed);
}

#[test]
fn a_link_with_settings_made_by_hand_leaves_its_story_there() {
    use crate::scenario::{Change, demos};

    let scenario = parse(demos::text("collapse").unwrap(), "collapse", &[]).unwrap();
    let at = |step| Change { step, lr: Some(0.1), ..Change::default() };
    let link = |by_hand| Link {
        story: "collapse".into(),
        scenario: scenario.clone(),
        draft: scenario.clone(),
        by_hand,
        step: 300,
        view: Default::default(),
    };
    assert_eq!(left_story_after(&link(Vec::new()).encode(), &[]), None);
    assert_eq!(left_story_after(&link(vec![at(101), at(200)]).encode(), &[]), Some(100));
    assert_eq!(left_story_after("collapse", &[]), None);
}
