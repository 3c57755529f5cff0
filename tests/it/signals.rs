//! Requests of the system to end: each ends a run with everything so far written, and has its own exit
//! code.

use std::path::Path;
use std::process::{Child, Command, Stdio};

use vqscope::archive::{Archive, shelf};

use crate::{Folder, program, wait};

/// A run that does not come to its end.
const ENDLESS: &str = "title='x'\nsteps=100000000\n[train]\nbatch_tokens=64\n[data]\neval_tokens=256\n\
    [codebook]\nsize=16\ndim=4\n[model]\nhidden=8\n[lanes.a]\n";

/// Whether these tests themselves were started under `nohup`, which no shell can undo.
fn is_under_nohup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|m| m & 1 == 1)
}

/// Starts the program so that a shell has done something before.
fn start(before: &str, arguments: &[&str]) -> Child {
    let mut command = Command::new("sh");
    if is_under_nohup() {
        command = Command::new("env");
        command.args(["--default-signal=HUP", "sh"]);
    }
    command
        .args(["-c", &format!("{before} exec \"$0\" \"$@\"")])
        .arg(program().get_program())
        .args(arguments)
        .args(["--device", "cpu"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn send(child: &Child, signal: &str) {
    let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
}

/// Steps of a run's newest save; 0 before the first.
fn saved(folder: &Path) -> u64 {
    Archive::open(folder).map_or(0, |archive| archive.manifest.step)
}

#[test]
fn each_request_ends_a_run_with_everything_written() {
    let folder = Folder::new("signals-run");
    let story = folder.write("story.toml", ENDLESS);
    let out = folder.0.join("out");
    let mut before = 0;
    // The second and third go on with what the one before left.
    for (signal, code) in [("-TERM", 143), ("-HUP", 129), ("-INT", 130)] {
        let place = out.display().to_string();
        let mut arguments = match before {
            0 => vec!["run", &story, "--out", &place],
            _ => vec!["run", "--resume", &place],
        };
        arguments.extend(["--save-every", "0"]);
        let mut child = start("", &arguments);
        wait("a save", &mut child, || saved(&out) > before + 10);
        send(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        let archive = Archive::open(&out).unwrap();
        assert!(!archive.manifest.is_open, "{signal}: it was closed");
        // The tables end with the newest save: nothing that was trained is lost.
        assert_eq!(archive.rows.last().map(|row| row.step), Some(archive.manifest.step));
        assert_eq!(archive.newest().unwrap().step, archive.manifest.step);
        before = archive.manifest.step;
    }
}

#[test]
fn a_run_under_nohup_outlives_its_terminal() {
    let folder = Folder::new("signals-nohup");
    let story = folder.write("story.toml", ENDLESS);
    let out = folder.0.join("out");
    let place = out.display().to_string();
    let mut child = start("trap '' HUP;", &["run", &story, "--out", &place, "--save-every", "0"]);
    wait("a save", &mut child, || saved(&out) > 0);
    send(&child, "-HUP");
    let before = saved(&out);
    wait("saves after it", &mut child, || saved(&out) > before + 10);
    send(&child, "-TERM");
    // The first request that counts gives the code.
    assert_eq!(child.wait().unwrap().code(), Some(143));
}

#[test]
fn a_sweep_that_is_told_to_end_leaves_no_half_run() {
    let folder = Folder::new("signals-sweep");
    let story = folder.write("story.toml", ENDLESS);
    for (signal, code) in [("-TERM", 143), ("-HUP", 129)] {
        let out = folder.path(signal);
        let mut child = start("", &["sweep", &story, "--seeds", "0-1", "--out", &out]);
        let part = Path::new(&out).join("runs/seed=0.part/metrics.csv");
        wait("the first run", &mut child, || part.exists());
        send(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        assert_eq!(std::fs::read_dir(Path::new(&out).join("runs")).unwrap().count(), 0);
        let table = std::fs::read_to_string(Path::new(&out).join("sweep.csv")).unwrap();
        assert_eq!(table.lines().count(), 1);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_window_that_is_told_to_end_saves_and_is_not_offered_as_one_that_was_cut_off() {
    use crate::environments::{Place, Screen};

    let Some(screen) = Screen::new() else { return };
    let place = Place::on("signals", screen);
    // A story that asks nothing, so that it trains with nobody there.
    let story = "title='plain'\nsteps=1000000\n[lanes.a]\n[lanes.b]\npreset='simvq'\n";
    let story = place.folder.write("plain.toml", story);
    let all = [("-TERM", 143), ("-INT", 130), ("-HUP", 129)];
    // A window that inherits it ignores the last one.
    for (signal, code) in all.into_iter().filter(|(_, code)| *code != 129 || !is_under_nohup()) {
        let home = place.folder.0.join(signal);
        let mut command = place.settle(program());
        command.args([story.as_str(), "--device", "cpu", "--runs"]).arg(&home);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let run = || {
            let mut entries = std::fs::read_dir(&home).into_iter().flatten().flatten();
            entries.next().map(|entry| entry.path())
        };
        wait("a save", &mut child, || run().is_some_and(|run| saved(&run) > 0));
        send(&child, signal);
        assert_eq!(child.wait().unwrap().code(), Some(code), "{signal}");
        let archive = Archive::open(&run().unwrap()).unwrap();
        assert!(!archive.manifest.is_open && archive.newest().unwrap().step > 0, "{signal}");
        assert_eq!(shelf::cut_off(&home), None, "{signal}");
    }
}
