//! The command line: exit codes, bad input, files.

use vqscope::scenario::{Change, Link, read, to_toml};

use crate::{Folder, code, stderr, vqscope};

/// Asserts that the arguments are refused with exit code 2 and one sentence that holds `words`.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = vqscope(arguments);
    let text = stderr(&output);
    assert_eq!(code(&output), 2, "{arguments:?}: {text}");
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    for word in words {
        assert!(text.contains(word), "{arguments:?} should say {word:?}: {text}");
    }
}

#[test]
fn scenario_files_with_every_kind_of_mistake_are_refused_by_place() {
    let folder = Folder::new("mistakes");
    let lanes = "[lanes.a]\n";
    let long = format!("title='x'\n{lanes}# {}", "x".repeat(1 << 20));
    let cases: [(&str, &[u8], &[&str]); 17] = [
        (
            "unknown.toml",
            b"title='x'\n[train]\nlrr=1\n[lanes.a]\n",
            &["line 3", "train.lrr", "train.lr"],
        ),
        ("misplaced.toml", b"title='x'\nlr=0.1\n[lanes.a]\n", &["line 2", "lr", "train.lr"]),
        (
            "type.toml",
            b"title='x'\n[codebook]\nsize='many'\n[lanes.a]\n",
            &["line 3", "codebook.size", "whole number"],
        ),
        ("zero.toml", b"title='x'\n[codebook]\nsize=0\n[lanes.a]\n", &["codebook.size", "from 1"]),
        ("negative.toml", b"title='x'\n[codebook]\nsize=-5\n[lanes.a]\n", &["codebook.size", "-5"]),
        ("nan.toml", b"title='x'\n[train]\nlr=nan\n[lanes.a]\n", &["train.lr", "nan"]),
        ("infinite.toml", b"title='x'\n[train]\nbeta=inf\n[lanes.a]\n", &["train.beta", "inf"]),
        (
            "large.toml",
            b"title='x'\n[codebook]\nsize=16777216\ndim=512\n[lanes.a]\n",
            &["GB", "codebook.size"],
        ),
        ("empty.toml", b"", &["empty", "[lanes.a]"]),
        ("blank.toml", b"  \n\n", &["empty"]),
        ("binary.toml", &[0x89, b'P', b'N', b'G', 0xff, 0xfe, 0x00], &["byte 0", "not text"]),
        ("syntax.toml", b"title='x'\n[train\nlr=1\n", &["line 2", "not valid TOML"]),
        ("lanes.toml", b"title='x'\n", &["no lane", "[lanes.a]"]),
        ("title.toml", b"[lanes.a]\n", &["title"]),
        ("lane_c.toml", b"title='x'\n[lanes.a]\n[lanes.c]\n", &["lanes.c"]),
        (
            "expect.toml",
            b"title='x'\n[lanes.a]\n[[expect]]\nlane='a'\nmetric='use'\nstep=1\nmin=1\n",
            &["expect.metric", "utilization"],
        ),
        ("long.toml", long.as_bytes(), &["1 MiB"]),
    ];
    let out = folder.path("out");
    for (name, bytes, words) in cases {
        let path = folder.write(name, bytes);
        let words = [&[name], words].concat();
        refused(&["run", &path, "--out", &out, "--device", "cpu"], &words);
    }
    assert!(!std::path::Path::new(&out).exists(), "a refused scenario must not leave a folder");
}

#[test]
fn places_that_cannot_be_used_are_named() {
    let folder = Folder::new("places");
    refused(
        &["run", &folder.path("missing.toml"), "--out", &folder.path("o")],
        &["missing.toml", "no such file", "collapse"],
    );
    refused(
        &["run", &folder.0.display().to_string(), "--out", &folder.path("o")],
        &["directory", "scenario.toml"],
    );
    let file = folder.write("file", "mine");
    refused(
        &["run", "collapse", "--steps", "1", "--device", "cpu", "--out", &file],
        &["file, not a folder"],
    );
    refused(
        &["run", "collapse", "--steps", "1", "--device", "cpu", "--out", &format!("{file}/x")],
        &["cannot be written"],
    );
    let full = Folder::new("full");
    full.write("thesis.txt", "mine");
    let path = full.0.display().to_string();
    refused(
        &["run", "collapse", "--steps", "1", "--device", "cpu", "--out", &path],
        &["not empty", "--force"],
    );
    assert_eq!(full.read("thesis.txt"), "mine");
    assert_eq!(folder.read("file"), "mine");
}

#[test]
fn settings_on_the_command_line_are_checked_by_key() {
    let run = |set: &str| ["run", "collapse", "--out", "/nowhere", "--set", set].map(String::from);
    for (set, words) in [
        ("train.lr=nan", &["train.lr"][..]),
        ("train.lr=-1", &["train.lr", "greater than 0"]),
        ("codebook.size=2.5", &["codebook.size", "whole number"]),
        ("codebook.sise=2", &["codebook.sise", "codebook.size"]),
        ("codebook.init=magic", &["codebook.init", "kmeans"]),
        ("codebook=3", &["is a table"]),
        ("seed", &["KEY=VALUE"]),
        ("expect.min=3", &["in a list"]),
    ] {
        let arguments = run(set);
        refused(&arguments.each_ref().map(String::as_str), words);
    }
}

#[test]
fn devices_that_are_not_there_are_refused_with_what_is() {
    refused(
        &["run", "collapse", "--out", "/nowhere", "--device", "voodoo"],
        &["voodoo", "CPU (burn-flex)"],
    );
    let output = vqscope(&["devices"]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("CPU (burn-flex)") && text.contains("auto takes"), "{text}");
}

#[test]
fn a_window_without_a_display_says_so() {
    if cfg!(target_os = "linux") {
        refused(&["collapse", "--device", "cpu"], &["no window", "DISPLAY", "vqscope run"]);
    }
}

#[test]
fn pictures_are_refused_before_training() {
    let folder = Folder::new("shots");
    let shot = |out: &str, size: &str| {
        vec![
            "shot",
            "collapse",
            "--at",
            "100000000",
            "--device",
            "cpu",
            "--size",
            size,
            "--out",
            out,
        ]
        .into_iter()
        .map(String::from)
        .collect::<Vec<_>>()
    };
    for (out, size, words) in [
        (folder.path("no/x.png"), "1440x900", &["no folder"][..]),
        (folder.path("x.jpg"), "1440x900", &[".png"]),
        (folder.0.display().to_string(), "1440x900", &["is a folder"]),
        (folder.path("x.png"), "big", &["WIDTHxHEIGHT"]),
    ] {
        let arguments = shot(&out, size);
        refused(&arguments.iter().map(String::as_str).collect::<Vec<_>>(), words);
    }
}

#[test]
fn a_picture_is_the_same_for_the_same_scenario() {
    let folder = Folder::new("same");
    let picture = |name: &str| {
        let out = folder.path(name);
        let output = vqscope(&[
            "shot", "collapse", "--at", "25", "--device", "cpu", "--size", "1280x720", "--theme",
            "dark", "--out", &out,
        ]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        std::fs::read(out).unwrap()
    };
    let (first, second) = (picture("one.png"), picture("two.png"));
    assert!(first.starts_with(b"\x89PNG") && first == second);
}

#[test]
fn a_link_opens_wherever_a_scenario_does() {
    let folder = Folder::new("links");
    let scenario = read("collapse", &["train.lr=0.01".into()]).unwrap();
    let change = Change { step: 13, beta: Some(1.0), ..Default::default() };
    let link = Link {
        story: "collapse".into(),
        draft: scenario.clone(),
        scenario,
        by_hand: vec![change],
        step: 25,
        view: Default::default(),
    };
    let text = link.encode();
    // A picture of the link's own step, and the same from a file that says the same.
    let file = folder.write("same.toml", to_toml(&link.timed()));
    let run = |name: &str, out: &str| {
        let out = folder.path(out);
        let output = vqscope(&["run", name, "--steps", "25", "--device", "cpu", "--out", &out]);
        assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
        let file = |name: &str| std::fs::read(std::path::Path::new(&out).join(name)).unwrap();
        (file("metrics.csv"), file("scenario.toml"))
    };
    let (metrics, resolved) = run(&text, "link");
    assert_eq!((metrics, resolved.clone()), run(&file, "file"));
    assert!(String::from_utf8(resolved).unwrap().contains("beta = 1.0"));
    let picture = |arguments: &[&str], name: &str| {
        let out = folder.path(name);
        let all = [arguments, &["--device", "cpu", "--size", "1280x720", "--out", &out]].concat();
        let output = vqscope(&all);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        std::fs::read(out).unwrap()
    };
    // Without changes it is the picture that the story's name gives.
    let plain = read("collapse", &[]).unwrap();
    let plain = Link { draft: plain.clone(), scenario: plain, by_hand: Vec::new(), ..link };
    let of_name = picture(&["shot", "collapse", "--at", "25"], "name.png");
    assert_eq!(picture(&["shot", &plain.encode()], "plain.png"), of_name);
    assert_ne!(picture(&["shot", &text], "changed.png"), of_name);
    // One panel at twice the scale.
    let text = plain.encode();
    let twice = picture(&["shot", &text, "--scale", "2", "--panel", "timeline"], "twice.png");
    let twice = image::load_from_memory(&twice).unwrap();
    assert!(twice.width() > 2 * 1200 && (2 * 80..2 * 200).contains(&twice.height()));
    let out = folder.path("none.png");
    // A run before it stands beside one with another setting: the curves of the timeline are not alone.
    let set =
        ["shot", "collapse", "--at", "25", "--set", "codebook.size=64", "--panel", "timeline"];
    let alone = picture(&set, "alone.png");
    let compared = picture(&[&set[..], &["--cause", "before"]].concat(), "compared.png");
    assert_ne!(compared, alone);
    assert_eq!(picture(&[&set[..], &["--cause", "before"]].concat(), "again.png"), compared);
    let at = ["shot", "collapse", "--at", "2", "--out", &out, "--cause", "before"];
    refused(&at, &["--cause before", "--set"]);
    refused(&[&at[..], &["--set", "steps=1400"]].concat(), &["--cause before", "changes none"]);
    refused(&[&at[..7], &["befor"]].concat(), &["befor", "atlas, before"]);
    refused(&["shot", "collapse", "--out", &out], &["--at"]);
    let shot = ["shot", "collapse", "--at", "1", "--out", &out];
    refused(&[&shot[..], &["--panel", "mapps"]].concat(), &["--panel mapps", "map-a"]);
    refused(&["run", &text[..60], "--out", &folder.path("o")], &["link is damaged"]);
    refused(&["vqscope://9/AAAA"], &["version 9", "newer vqscope"]);
    refused(&["sweep", "vqscope://1/", "--out", &folder.path("o")], &["link is damaged"]);
}

#[test]
fn a_command_for_a_training_is_checked_before_anything_is_written() {
    let folder = Folder::new("steered");
    let place = &*folder.path("");
    refused(&["control", place], &["no training takes commands", "control=True"]);
    refused(&["control", place, "learn_c=false"], &["no training takes commands"]);
    refused(&["control", place, "learn_c=maybe"], &["learn_c is true or false"]);
    refused(&["control", place, "quit=true"], &["there is no key quit", "lr_factor"]);
    refused(&["control", place, "save=true", "save=true"], &["save stands there twice"]);
    refused(&["control", place, "save=true", "--wait=-1"], &["--wait", "0 or more"]);
    assert_eq!(std::fs::read_dir(place).unwrap().count(), 0);
}
