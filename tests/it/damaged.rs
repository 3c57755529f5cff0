//! Damaged input is exit code 2 in every command, with a sentence that names the file.

use std::path::Path;

use vqscope::archive::Archive;

use crate::{Folder, code, stderr, vqscope};

const STORY: &str = "title='x'\nsteps=60\n[train]\neval_every=20\nbatch_tokens=64\n[data]\neval_tokens=256\n\
    [codebook]\nsize=16\ndim=4\n[model]\nhidden=8\n[lanes.a]\n[[change]]\nstep=10\ncaption='here'\n";

/// Copies a folder with everything in it.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let place = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &place);
        } else {
            std::fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// The one file of a folder whose name begins so.
fn file(folder: &Path, start: &str) -> String {
    let names = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name());
    let mut names = names.map(|name| name.into_string().unwrap());
    names.find(|name| name.starts_with(start)).unwrap()
}

/// What the commands say of a run in which one file was damaged.
fn check(run: &Path, name: &str, commands: &[&[&str]]) {
    for command in commands {
        let place = run.display().to_string();
        let arguments: Vec<&str> =
            command.iter().map(|&word| if word == "RUN" { place.as_str() } else { word }).collect();
        let output = vqscope(&arguments);
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{name}, {command:?}: {text}");
        assert_eq!(text.trim().lines().count(), 1, "{name}, {command:?}: {text}");
        let file = name.rsplit('/').next().unwrap();
        assert!(text.contains(file), "{name}, {command:?}: {text}");
    }
}

#[test]
fn every_command_names_the_file_of_a_run_that_is_damaged() {
    let folder = Folder::new("damaged");
    let story = folder.write("story.toml", STORY);
    let whole = folder.path("whole");
    let output = vqscope(&["run", &story, "--device", "cpu", "--out", &whole]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let whole = Path::new(&whole);
    let newest = format!("checkpoints/{}", file(&whole.join("checkpoints"), "newest"));
    let last = Archive::open(whole).unwrap().keyframe_steps().pop().unwrap();
    let keyframe = format!("keyframes/{last:010}.safetensors");
    let [csv, png, html, model, gif] =
        ["x.csv", "x.png", "x.html", "x.safetensors", "x.gif"].map(|name| folder.path(name));
    let resume: &[&str] = &["run", "--resume", "RUN", "--more", "5", "--device", "cpu"];
    let window: &[&str] = &["RUN"];
    let curves: &[&str] = &["export", "RUN", "--csv", &csv, "--panel", "curves"];
    let numbers: &[&str] = &["export", "RUN", "--csv", &csv, "--panel", "numbers"];
    let report: &[&str] = &["export", "RUN", "--html", &html];
    let weights: &[&str] = &["export", "RUN", "--model", &model];
    let picture: &[&str] = &["export", "RUN", "--png", &png];
    let film: &[&str] = &["export", "RUN", "--gif", &gif];
    let all = [resume, window, curves, numbers, report, weights];
    for (name, commands) in [
        ("run.toml", &all[..]),
        ("scenario.toml", &all),
        ("metrics.csv", &all),
        ("events.csv", &all),
        (&newest, &[resume, weights]),
        (&keyframe, &[numbers, report, picture, film]),
    ] {
        let bytes = std::fs::read(whole.join(name)).unwrap();
        let mut flipped = bytes.clone();
        let middle = flipped.len() / 2;
        flipped[middle] ^= 0x80;
        for (how, damage) in [("cut", &bytes[..middle]), ("flipped", &flipped), ("empty", &[])] {
            let run = folder.0.join(format!("{}-{how}", name.replace('/', "-")));
            copy(whole, &run);
            std::fs::write(run.join(name), damage).unwrap();
            check(&run, name, commands);
        }
    }
    for made in [csv, png, html, model, gif] {
        assert!(!Path::new(&made).exists(), "{made} was made of a damaged run");
    }
}
