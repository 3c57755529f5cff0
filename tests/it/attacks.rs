//! What strangers put into a folder: links, pipes, devices. Nothing outside it is read for long,
//! written or removed.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::{Folder, code, program, stderr, vqscope};

/// A saved run of a few steps, made once.
fn saved() -> &'static Folder {
    static SAVED: OnceLock<Folder> = OnceLock::new();
    SAVED.get_or_init(|| {
        let folder = Folder::new("attacked");
        let run = folder.path("run");
        let arguments =
            ["run", "collapse", "--device", "cpu", "--steps", "30", "--no-final-count", "--out"];
        let output = vqscope(&[&arguments[..], &[&run]].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        folder
    })
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        if path.is_dir() {
            copy(&path, &to.join(name));
        } else {
            fs::copy(&path, to.join(name)).unwrap();
        }
    }
}

/// Files below a folder with their bytes, by names; links by where they lead.
fn all_of(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let kind = path.symlink_metadata().unwrap().file_type();
        if kind.is_dir() {
            all.extend(all_of(&path));
        } else if kind.is_file() {
            all.push((path.clone(), fs::read(&path).unwrap()));
        } else if kind.is_symlink() {
            all.push((
                path.clone(),
                fs::read_link(&path).unwrap().into_os_string().into_encoded_bytes(),
            ));
        }
    }
    all.sort();
    all
}

/// The program refuses in one sentence that holds all words.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = vqscope(arguments);
    let sentence = stderr(&output);
    assert_eq!((code(&output), sentence.lines().count()), (2, 1), "{arguments:?}: {sentence}");
    let holds = |word: &&str| sentence.contains(word);
    assert!(words.iter().all(holds), "{arguments:?}: {sentence}");
}

#[test]
fn a_run_with_a_link_in_it_is_refused_by_name_and_nothing_is_written_through_it() {
    let folder = Folder::new("links-in-run");
    let canary = folder.write("canary", "mine");
    let links = [
        "run.part",
        "summary.part",
        "model.part",
        "run.lock",
        "keep",
        "metrics.csv",
        "events.csv",
        "keyframes/0000000050.part",
        "checkpoints/newest-0000000030.part",
        "anything",
    ];
    for (i, link) in links.into_iter().enumerate() {
        let run = folder.0.join(format!("run-{i}"));
        copy(&saved().0.join("run"), &run);
        fs::remove_file(run.join(link)).ok();
        symlink(&canary, run.join(link)).unwrap();
        let before = all_of(&run);
        let path = run.display().to_string();
        let words = [link.rsplit('/').next().unwrap(), "is a link"];
        refused(&[&path], &words);
        refused(&["run", "--resume", &path, "--more", "5", "--device", "cpu"], &words);
        refused(
            &["run", "collapse", "--device", "cpu", "--steps", "3", "--force", "--out", &path],
            &words,
        );
        refused(&["export", &path, "--csv", &folder.path("x.csv"), "--panel", "curves"], &words);
        assert!(all_of(&run) == before, "{link}");
        assert_eq!(folder.read("canary"), "mine", "{link}");
    }
}

#[test]
fn a_new_run_never_goes_through_a_link() {
    let folder = Folder::new("links-in-out");
    let canary = folder.write("canary", "mine");
    for link in ["scenario.part", "run-start.part", "run.part", "run.lock", "metrics.csv"] {
        let out = folder.0.join(format!("out-{link}"));
        fs::create_dir(&out).unwrap();
        symlink(&canary, out.join(link)).unwrap();
        let path = out.display().to_string();
        for force in [&[][..], &["--force"]] {
            let arguments = ["run", "collapse", "--device", "cpu", "--steps", "3", "--out", &path];
            refused(&[&arguments[..], force].concat(), &[link, "is a link"]);
            refused(&[&arguments[..], &["--tables-only"], force].concat(), &[link, "is a link"]);
        }
        assert_eq!(folder.read("canary"), "mine", "{link}");
        assert_eq!(fs::read_dir(&out).unwrap().count(), 1, "{link}");
    }
}

#[test]
fn folders_of_a_run_that_are_links_stay_untouched() {
    let folder = Folder::new("linked-folders");
    fs::create_dir(folder.0.join("thesis")).unwrap();
    for name in ["chapter.part", "0000000025.part", "0000000025.safetensors"] {
        folder.write(&format!("thesis/{name}"), "mine");
    }
    let thesis = all_of(&folder.0.join("thesis"));
    for kind in ["keyframes", "checkpoints"] {
        let run = folder.0.join(kind);
        copy(&saved().0.join("run"), &run);
        fs::remove_dir_all(run.join(kind)).unwrap();
        symlink(folder.0.join("thesis"), run.join(kind)).unwrap();
        let path = run.display().to_string();
        refused(
            &["run", "--resume", &path, "--more", "5", "--device", "cpu"],
            &[kind, "is a link"],
        );
        refused(
            &["run", "collapse", "--device", "cpu", "--steps", "3", "--force", "--out", &path],
            &[kind],
        );
        assert!(all_of(&folder.0.join("thesis")) == thesis);
    }
    // The folder itself may be reached through one.
    let run = folder.0.join("run");
    copy(&saved().0.join("run"), &run);
    symlink(&run, folder.0.join("way")).unwrap();
    let output =
        vqscope(&["run", "--resume", &folder.path("way"), "--more", "5", "--device", "cpu"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn a_sweep_with_a_link_in_it_is_refused_by_name() {
    let folder = Folder::new("links-in-sweep");
    let canary = folder.write("canary", "mine");
    let sweep = |out: &str| {
        let arguments = ["sweep", "collapse", "--steps", "2", "--seeds", "0-0", "--device", "cpu"];
        [&arguments[..], &["--out", out]].concat().into_iter().map(String::from).collect::<Vec<_>>()
    };
    let done = folder.path("done");
    let output = vqscope(&sweep(&done).iter().map(String::as_str).collect::<Vec<_>>());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let cell = fs::read_dir(Path::new(&done).join("runs")).unwrap().next().unwrap().unwrap();
    let cell = format!("runs/{}", cell.file_name().display());
    let links =
        ["sweep.part", "sweep.csv", "runs/other.part", &format!("{cell}/metrics.csv"), &cell];
    for (i, link) in links.into_iter().enumerate() {
        let out = folder.0.join(format!("sweep-{i}"));
        copy(Path::new(&done), &out);
        let place = out.join(link);
        fs::remove_file(&place).or_else(|_| fs::remove_dir_all(&place)).ok();
        let target = if link == cell { folder.0.join("done") } else { PathBuf::from(&canary) };
        symlink(target, &place).unwrap();
        let out = out.display().to_string();
        let name = link.rsplit('/').next().unwrap();
        refused(&sweep(&out).iter().map(String::as_str).collect::<Vec<_>>(), &[name, "is a link"]);
        assert_eq!(folder.read("canary"), "mine", "{link}");
    }
}

#[test]
fn a_watched_folder_is_only_read_and_a_link_in_it_counts_once() {
    let folder = Folder::new("links-in-watched");
    let codes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/codebooks/series");
    let watched = folder.0.join("watched");
    copy(&codes, &watched);
    // As many programs keep their newest file, and once more; one leads nowhere, one to a device.
    let newest = "codebook_000400.safetensors";
    symlink(newest, watched.join("latest_500.safetensors")).unwrap();
    symlink(watched.join(newest), watched.join("best_600.safetensors")).unwrap();
    symlink("gone.npy", watched.join("gone_700.npy")).unwrap();
    symlink("/dev/zero", watched.join("zero_800.npy")).unwrap();
    // One whose file lies elsewhere is as good as a file.
    let elsewhere = folder.0.join("elsewhere.safetensors");
    fs::rename(watched.join("codebook_000300.safetensors"), &elsewhere).unwrap();
    symlink(&elsewhere, watched.join("codebook_000300.safetensors")).unwrap();
    let before = all_of(&watched);
    let (picture, plain) = (folder.path("watched.png"), folder.path("plain.png"));
    let shot = |codes: &Path, out: &str| {
        let codes = codes.display().to_string();
        let output = vqscope(&["watch", &codes, "--shot", out]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
    };
    shot(&watched, &picture);
    assert!(all_of(&watched) == before);
    // The same files without the links make the same picture.
    for link in ["latest_500.safetensors", "best_600.safetensors", "gone_700.npy", "zero_800.npy"] {
        fs::remove_file(watched.join(link)).unwrap();
    }
    shot(&watched, &plain);
    assert!(fs::read(&picture).unwrap() == fs::read(&plain).unwrap());
}

#[test]
fn pipes_devices_and_endless_links_are_refused_at_once() {
    let folder = Folder::new("pipes");
    let pipe = |name: &str| {
        let path = folder.path(name);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        path
    };
    let out = folder.path("out");
    let not_a_file = "a pipe, a device or a socket";
    for ending in ["npy", "npz", "safetensors"] {
        refused(&["watch", &pipe(&format!("pipe.{ending}"))], &[ending, not_a_file]);
        let zero = folder.path(&format!("zero.{ending}"));
        symlink("/dev/zero", &zero).unwrap();
        refused(&["watch", &zero], &[ending, not_a_file]);
        let round = folder.path(&format!("round.{ending}"));
        symlink(&round, &round).unwrap();
        refused(&["watch", &round], &[ending]);
    }
    refused(
        &["run", &pipe("pipe.toml"), "--out", &out, "--device", "cpu"],
        &["pipe.toml", not_a_file],
    );
    refused(&["run", "/dev/zero", "--out", &out, "--device", "cpu"], &["/dev/zero", not_a_file]);
    refused(
        &["run", "collapse", "--out", "/dev/null", "--device", "cpu", "--steps", "1"],
        &["/dev/null"],
    );
    let all = ["run.toml", "scenario.toml", "metrics.csv", "events.csv", "run.lock"];
    for name in all {
        let run = folder.0.join(format!("run-{name}"));
        copy(&saved().0.join("run"), &run);
        fs::remove_file(run.join(name)).ok();
        pipe(&format!("run-{name}/{name}"));
        let path = run.display().to_string();
        refused(&["run", "--resume", &path, "--more", "5", "--device", "cpu"], &[name, not_a_file]);
    }
}

/// A limit on the length of a file stands for a full disk: it takes no rights and no file system.
fn with_little_room(arguments: &[&str]) -> std::process::Output {
    let own = program();
    let given = own.get_envs().filter_map(|(name, value)| Some((name, value?)));
    Command::new("sh")
        .envs(given)
        // What is too long is then an error of the write, as on a full disk.
        .args(["-c", "trap '' XFSZ; ulimit -f 4; exec \"$@\"", "sh"])
        .arg(own.get_program())
        .args(arguments)
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

#[test]
fn where_there_is_no_room_what_was_there_stays_and_nothing_else_does() {
    let run = saved().path("run");
    let folder = Folder::new("no-room");
    for is_there in [true, false] {
        for (name, way) in [
            ("keep.csv", &["export", &run, "--panel", "curves", "--csv"][..]),
            ("keep.html", &["export", &run, "--html"]),
            ("keep.png", &["export", &run, "--png"]),
            ("keep.gif", &["export", &run, "--panel", "map-b", "--gif"]),
            ("keep.safetensors", &["export", &run, "--model"]),
            ("shot.png", &["shot", "collapse", "--at", "2", "--device", "cpu", "--out"]),
        ] {
            let path = folder.path(name);
            if is_there {
                fs::write(&path, "mine").unwrap();
            }
            let output = with_little_room(&[way, &[&path, "--force"]].concat());
            let sentence = stderr(&output);
            assert!(code(&output) >= 2 && sentence.contains(name), "{name}: {sentence}");
            assert!(sentence.contains("cannot be written"), "{name}: {sentence}");
            if is_there {
                assert_eq!(folder.read(name), "mine");
                fs::remove_file(&path).unwrap();
            }
            assert_eq!(fs::read_dir(&folder.0).unwrap().count(), 0, "{name}");
        }
    }
}

#[test]
fn pictures_and_reports_are_replaced_only_with_force() {
    let folder = Folder::new("replaced");
    let picture = folder.write("mine.png", "mine");
    let shot = ["shot", "collapse", "--at", "2", "--device", "cpu", "--out", &picture];
    refused(&shot, &["mine.png", "--force"]);
    let codes = "tests/reference/codebooks/series";
    let codes = Path::new(env!("CARGO_MANIFEST_DIR")).join(codes).display().to_string();
    refused(&["watch", &codes, "--shot", &picture], &["mine.png", "--force"]);
    refused(&["collapse", "--report", &picture, "--device", "cpu"], &["mine.png", "--force"]);
    assert_eq!(folder.read("mine.png"), "mine");
    let output = vqscope(&["watch", &codes, "--shot", &picture, "--force"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(fs::read(&picture).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn of_two_runs_into_one_folder_one_is_told_that_it_is_open() {
    let folder = Folder::new("both");
    let out = folder.path("out");
    let run = ["run", "collapse", "--device", "cpu", "--steps", "1000000", "--out", &out];
    let mut first =
        program().args(run).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // From its first file on the folder is taken.
    while !Path::new(&out).join("run-start.toml").exists() {
        std::thread::yield_now();
        assert!(first.try_wait().unwrap().is_none());
    }
    for force in [&[][..], &["--force"]] {
        refused(&[&run[..], force].concat(), &["is open in another vqscope"]);
    }
    first.kill().unwrap();
    first.wait().unwrap();
}
