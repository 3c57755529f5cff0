//! What the program prints, and where it goes: nothing of a stranger's gives orders to a terminal, and
//! a reader that has gone or a full disk ends nothing.

use std::process::{Output, Stdio};

use vqscope::archive::Archive;
use vqscope::scenario::{Link, read};

use crate::{Folder, code, program, stderr, vqscope};

/// A short run with two lanes, whose captions and changes are told while it trains.
const STORY: &str = "title='x'\nsteps=80\n[train]\neval_every=20\nbatch_tokens=64\n[data]\neval_tokens=256\n\
    [codebook]\nsize=16\ndim=4\n[model]\nhidden=8\n[lanes.a]\n[lanes.b]\npreset='simvq'\n\
    [[change]]\nstep=10\nlr=0.001\n[[expect]]\nlane='a'\nmetric='recon_mse'\nstep='end'\nmin=0\n";

/// Orders to a terminal, a line that looks like one of the program's own, and text that runs backwards.
const ORDERS: &str = "\u{1b}]0;owned\u{7}\u{1b}[2J\r\nvqscope: all is well\u{202e}\u{9b}31m";

/// Runs the program with its output going to such places.
fn printing_to(arguments: &[&str], place: impl Fn() -> Stdio) -> i32 {
    let status = program().args(arguments).stdout(place()).stderr(place()).status();
    status.unwrap().code().unwrap_or(-1)
}

/// A pipe that nobody reads any more.
fn broken_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// A device that is always full, where the system has one.
fn full() -> Option<Stdio> {
    std::fs::OpenOptions::new().write(true).open("/dev/full").ok().map(Stdio::from)
}

/// Places that take nothing.
fn closed_places() -> Vec<fn() -> Stdio> {
    let mut places: Vec<fn() -> Stdio> = vec![broken_pipe];
    if full().is_some() {
        places.push(|| full().unwrap());
    } else if cfg!(target_os = "linux") {
        panic!("Linux has /dev/full");
    }
    places
}

#[test]
fn training_goes_on_where_nothing_can_be_printed() {
    let folder = Folder::new("prints-closed");
    let story = folder.write("story.toml", STORY);
    let run = |name: &str| {
        ["run", &story, "--device", "cpu", "--out", &folder.path(name)].map(String::from)
    };
    let whole = run("whole");
    let output = vqscope(&whole.each_ref().map(String::as_str));
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert!(!output.stdout.is_empty(), "something is printed where it can be");
    for (number, place) in closed_places().into_iter().enumerate() {
        let arguments = run(&format!("closed-{number}"));
        assert_eq!(printing_to(&arguments.each_ref().map(String::as_str), place), 0);
        let file = |name: &str| folder.read(&format!("closed-{number}/{name}"));
        assert_eq!(file("metrics.csv"), folder.read("whole/metrics.csv"));
        assert_eq!(file("events.csv"), folder.read("whole/events.csv"));
        let archive = Archive::open(&folder.0.join(format!("closed-{number}"))).unwrap();
        assert!(archive.manifest.step == 80 && !archive.manifest.is_open);
    }
}

#[test]
fn no_command_fails_because_its_words_are_not_read() {
    let folder = Folder::new("prints-commands");
    let story = folder.write("story.toml", STORY);
    let run = folder.path("run");
    assert_eq!(code(&vqscope(&["run", &story, "--device", "cpu", "--out", &run])), 0);
    for (number, place) in closed_places().into_iter().enumerate() {
        let [out, csv] = ["sweep", "x.csv"].map(|name| folder.path(&format!("{number}{name}")));
        let sweep = ["sweep", &story, "--seeds", "0-1", "--device", "cpu", "--out", &out];
        let export = ["export", &run, "--csv", &csv, "--panel", "curves"];
        let cases: [(&[&str], i32); 8] = [
            (&["devices"], 0),
            (&["--help"], 0),
            (&["help", "run"], 0),
            (&["--version"], 0),
            (&["run", "--nonsense"], 2),
            (&["run", "nowhere.toml", "--out", &out], 2),
            (&sweep, 0),
            (&export, 0),
        ];
        for (arguments, expected) in cases {
            assert_eq!(printing_to(arguments, place), expected, "{arguments:?}");
        }
        assert!(std::fs::read_to_string(&csv).unwrap().starts_with("step,lane,"));
    }
}

/// Asserts that the program ends with bad input and one line that is none of a stranger's.
fn one_line(output: &Output, what: &str) -> String {
    let text = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(code(output), 2, "{what}: {text:?}");
    assert!(output.stdout.is_empty(), "{what}: {:?}", String::from_utf8_lossy(&output.stdout));
    let line = text.strip_suffix('\n').unwrap();
    assert!(!line.contains(char::is_control), "{what}: {line:?}");
    assert!(!line.contains(['\u{202e}', '\u{2028}']), "{what}: {line:?}");
    assert!(line.starts_with("vqscope: ") && line.chars().count() <= 700, "{what}: {line}");
    line.to_string()
}

/// A text in quotes of TOML, with everything escaped that is no letter.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || " ;[:]".contains(c);
    let escaped = |c: char| if plain(c) { c.to_string() } else { format!("\\u{:04x}", c as u32) };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}

#[test]
fn words_of_scenarios_and_links_are_shown_escaped() {
    let folder = Folder::new("prints-words");
    let out = folder.path("out");
    let quoted = quoted(ORDERS);
    let long = "é".repeat(200_000);
    let files = [
        format!("title={quoted}\n[lanes.a]\n"),
        format!("title='x'\nabout={quoted}\n[lanes.a]\n"),
        format!("title='x'\n[lanes.a]\n[[change]]\nstep=1\ncaption={quoted}\n"),
        format!("title='x'\n{quoted}=1\n[lanes.a]\n"),
        format!("title='x'\n[lanes.a]\npreset={quoted}\n"),
        format!("title='x'\n[lanes.a]\npreset='{long}'\n"),
        format!("title='x'\n'{long}'=1\n[lanes.a]\n"),
        format!("title='x'\n[lanes.a{ORDERS}]\n"),
    ];
    for (number, text) in files.iter().enumerate() {
        let file = folder.write("story.toml", text);
        for command in ["run", "sweep"] {
            let output = vqscope(&[command, &file, "--device", "cpu", "--out", &out]);
            let line = one_line(&output, &format!("file {number}"));
            assert!(line.contains("story.toml"), "{line}");
        }
    }
    // A NUL in a title of a link ended the window.
    let mut scenario = read("collapse", &[]).unwrap();
    scenario.title = "a\0b".into();
    let link = |story: &str, scenario: &vqscope::scenario::Scenario| {
        let (by_hand, view) = (Vec::new(), Default::default());
        let (draft, scenario) = (scenario.clone(), scenario.clone());
        Link { story: story.into(), draft, scenario, by_hand, step: 3, view }.encode()
    };
    let plain = read("collapse", &[]).unwrap();
    let links = [link("collapse", &scenario), link("own", &scenario), link(ORDERS, &plain)];
    for link in &links {
        for arguments in [&[link.as_str()][..], &["shot", link, "--out", "x.png"]] {
            let line = one_line(&vqscope(arguments), link);
            assert!(line.contains("control character"), "{line}");
        }
    }
    let set = format!("title={quoted}");
    let arguments = ["run", "collapse", "--set", &set, "--out", &out];
    assert!(one_line(&vqscope(&arguments), "--set").contains("control character"));
    assert!(!std::path::Path::new(&out).exists());
}

/// A `.npy` file with this header.
fn npy(header: &str) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY\x02\x00".to_vec();
    bytes.extend((header.len() as u32).to_le_bytes());
    bytes.extend(header.as_bytes());
    bytes.extend([0; 64]);
    bytes
}

/// A `.safetensors` file with one array of this name.
fn safetensors(name: &str, kind: &str) -> Vec<u8> {
    let header =
        serde_json::json!({ name: {"dtype": kind, "shape": [2, 2], "data_offsets": [0, 16]} });
    let header = header.to_string();
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header.as_bytes());
    bytes.extend([0; 16]);
    bytes
}

#[test]
fn names_of_arrays_and_files_are_shown_escaped() {
    let folder = Folder::new("prints-arrays");
    let long = "n".repeat(100_000);
    let header = |descr: &str| {
        format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': (2, 2), }}\n")
    };
    let mut files = vec![
        ("a.npy".to_string(), npy(&header(ORDERS))),
        ("b.npy".into(), npy(&header(&long))),
        ("c.npy".into(), npy(ORDERS)),
        ("d.safetensors".into(), safetensors(ORDERS, "F32")),
        ("e.safetensors".into(), safetensors(&long, "F32")),
        ("f.safetensors".into(), safetensors("codebook", ORDERS)),
    ];
    if cfg!(unix) {
        files.push((format!("{ORDERS}.npy"), b"no array".to_vec()));
    }
    for (name, bytes) in files {
        let file = folder.write(&name, bytes);
        one_line(&vqscope(&["watch", &file, "--check"]), &name.escape_debug().to_string());
    }
    let name = folder.path(&format!("{ORDERS}.toml"));
    let output = vqscope(&["run", &name, "--out", &folder.path("out")]);
    assert!(one_line(&output, "a name").contains("no such file"));
    let output = vqscope(&["export", &name, "--csv", "x.csv", "--panel", "curves"]);
    one_line(&output, "a folder");
}

#[test]
fn words_of_the_command_line_are_shown_escaped_in_the_parsers_own_lines() {
    for arguments in [
        &["run", ORDERS, ORDERS][..],
        &[ORDERS, ORDERS],
        &["run", "x", "--out", "y", &format!("--{ORDERS}")],
        &["run", "x", "--out", "y", "--seed", ORDERS],
        &["run", "x", "--out", "y", "--seed", &"7".repeat(100_000)],
    ] {
        let output = vqscope(arguments);
        let text = String::from_utf8(output.stderr.clone()).unwrap();
        assert_eq!(code(&output), 2, "{text:?}");
        assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        assert!(!text.lines().any(|line| line.starts_with("vqscope: all is well")), "{text}");
        assert!(!text.contains('\u{202e}') && text.len() < 4000, "{text}");
    }
}

#[test]
fn what_the_program_does_is_told_where_somebody_asks() {
    let folder = Folder::new("prints-logs");
    let story = folder.write("story.toml", STORY);
    let said = |name: &str, more: &[&str], asked: Option<&str>| {
        let mut run = program();
        run.args(["run", &story, "--device", "cpu", "--out", &folder.path(name)]).args(more);
        match asked {
            Some(asked) => run.env("RUST_LOG", asked),
            None => run.env_remove("RUST_LOG"),
        };
        let output = run.output().unwrap();
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        stderr(&output)
    };
    let (info, debug) = ("[INFO vqscope::engine::device] opening CPU", "[DEBUG vqscope::archive");
    let none = said("none", &[], None);
    assert!(!none.contains("[INFO") && !none.contains("[DEBUG"), "{none}");
    let some = said("some", &["-v"], None);
    assert!(some.contains(info) && !some.contains("[DEBUG"), "{some}");
    let more = said("more", &["-vv"], None);
    assert!(more.contains(info) && more.contains(debug), "{more}");
    // What the environment asks for is more exact.
    let asked = said("asked", &["-v"], Some("vqscope::archive=debug"));
    assert!(asked.contains(debug) && !asked.contains("[INFO"), "{asked}");
}
