//! Files that may not be read and folders that may not be written into: one sentence that names them.

use std::os::unix::fs::PermissionsExt as _;

use crate::{Folder, code, has, stderr, vqscope};

/// Takes all rights, or that to write, and gives them back when dropped.
struct Locked<'a>(&'a str, u32);

impl<'a> Locked<'a> {
    fn new(path: &'a str, mode: u32) -> Self {
        let before = std::fs::metadata(path).unwrap().permissions().mode();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        Self(path, before)
    }
}

impl Drop for Locked<'_> {
    fn drop(&mut self) {
        std::fs::set_permissions(self.0, std::fs::Permissions::from_mode(self.1)).ok();
    }
}

/// Whether permissions hold for this user, which they do not for root.
fn holds(folder: &Folder) -> bool {
    let closed = folder.write("closed", "x");
    let _locked = Locked::new(&closed, 0o000);
    has("permissions", std::fs::read(&closed).is_err())
}

/// Asserts that the arguments are refused with exit code 2 and one sentence that holds `words`.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = vqscope(arguments);
    let said = stderr(&output);
    assert_eq!((code(&output), said.lines().count()), (2, 1), "{arguments:?}: {said}");
    for word in words {
        assert!(said.contains(word), "{arguments:?} should say {word:?}: {said}");
    }
}

/// Trains a few steps.
fn train(out: &str) {
    let output = vqscope(&["run", "collapse", "--device", "cpu", "--steps", "30", "--out", out]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}

#[test]
fn what_may_not_be_read_is_named() {
    let folder = Folder::new("unreadable");
    if !holds(&folder) {
        return;
    }
    let out = folder.path("out.html");
    let story = folder.write("story.toml", "title='x'\n[lanes.a]\n");
    let array = folder.write("codebook.npy", "x");
    let run = folder.path("run");
    train(&run);
    let manifest = folder.path("run/run.toml");
    let cases: [(&str, &[&str], &str); 8] = [
        (&story, &["run", &story, "--out", &out, "--device", "cpu"], "story.toml"),
        (&story, &[&story], "story.toml"),
        (&array, &["watch", &array, "--shot", &out], "codebook.npy"),
        (&manifest, &["run", "--resume", &run, "--device", "cpu"], "run.toml"),
        (&manifest, &[&run], "run.toml"),
        (&manifest, &["export", &run, "--html", &out], "run.toml"),
        (&run, &["run", "--resume", &run, "--device", "cpu"], "run"),
        (&run, &["export", &run, "--html", &out], "run"),
    ];
    for (locked, arguments, word) in cases {
        let _locked = Locked::new(locked, 0o000);
        refused(arguments, &[word, "ermission"]);
    }
    assert!(!std::path::Path::new(&out).exists());
}

#[test]
fn where_nothing_may_be_written_is_named_and_stays_as_it_was() {
    let folder = Folder::new("unwritable");
    if !holds(&folder) {
        return;
    }
    let run = folder.path("run");
    train(&run);
    let place = folder.path("locked");
    std::fs::create_dir(&place).unwrap();
    let inside = |name: &str| format!("{place}/{name}");
    let (out, png, html) = (inside("out"), inside("x.png"), inside("x.html"));
    let _locked = Locked::new(&place, 0o555);
    let train = ["run", "collapse", "--device", "cpu", "--steps", "3", "--out"];
    refused(&[&train[..], &[&out]].concat(), &["out", "ermission"]);
    refused(&["sweep", "collapse", "--device", "cpu", "--steps", "3", "--out", &out], &["out"]);
    let shot = ["shot", "collapse", "--at", "1", "--device", "cpu", "--out", &png];
    refused(&shot, &["x.png", "ermission"]);
    for (kind, file) in [("--png", &png), ("--html", &html)] {
        refused(&["export", &run, kind, file], &[file.as_str(), "ermission"]);
    }
    assert_eq!(std::fs::read_dir(&place).unwrap().count(), 0);
    // A run whose folder became read-only is looked at, and cannot go on.
    let _locked = Locked::new(&run, 0o555);
    let before = folder.read("run/run.toml");
    refused(&["run", "--resume", &run, "--more", "3", "--device", "cpu"], &["run", "ermission"]);
    assert_eq!(folder.read("run/run.toml"), before);
    let picture = folder.path("y.png");
    let output = vqscope(&["export", &run, "--png", &picture]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
}
