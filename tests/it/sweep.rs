//! `vqscope sweep` from outside: one table, one picture, and no run twice.

use std::process::Stdio;

use crate::{Folder, code, program, stderr, vqscope, wait};

const STORY: &str = "title='x'\nsteps=40\n[train]\neval_every=20\nbatch_tokens=64\n[data]\n\
    eval_tokens=256\n[lanes.a]\n[lanes.b]\npreset='simvq'\n";

fn sweep(folder: &Folder, more: &[&str]) -> std::process::Output {
    let (story, out) = (folder.write("story.toml", STORY), folder.path("out"));
    let mut arguments = vec!["sweep", &story, "--out", &out, "--device", "cpu"];
    arguments.extend(more);
    vqscope(&arguments)
}

#[test]
fn a_sweep_writes_a_row_for_each_lane_and_trains_nothing_twice() {
    let folder = Folder::new("sweep");
    let grid = ["--vary", "codebook.size=16,32", "--vary", "lanes.a.preset=vq,vq-ema"];
    let output = sweep(&folder, &[&grid[..], &["--seeds", "0-1"]].concat());
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let table = folder.read("out/sweep.csv");
    assert_eq!(table.lines().count(), 1 + 2 * 2 * 2 * 2);
    let head = "codebook.size,lanes.a.preset,seed,lane,codes,utilization,eval_tokens";
    assert!(table.starts_with(head), "{table}");
    assert!(table.contains("\n16,vq,0,a,16,") && table.contains("\n32,vq-ema,1,b,32,"), "{table}");
    let picture = folder.read("out/sweep.svg");
    assert!(picture.starts_with("<svg") && picture.trim_end().ends_with("</svg>"));
    for words in ["lane a, preset vq-ema", "8.0 to 16 tokens a code", "codebook.size"] {
        assert!(picture.contains(words), "{words}");
    }

    // One more seed: what is there stays as it is, to the byte and to the minute.
    let first = "out/runs/codebook.size=16,lanes.a.preset=vq,seed=0/summary.json";
    let (text, time) = (folder.read(first), std::fs::metadata(folder.path(first)).unwrap());
    let output = sweep(&folder, &[&grid[..], &["--seeds", "0-2"]].concat());
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("4 runs trained, 8 were there"), "{said}");
    assert_eq!(folder.read(first), text);
    let after = std::fs::metadata(folder.path(first)).unwrap();
    assert_eq!(after.modified().unwrap(), time.modified().unwrap());
    assert_eq!(folder.read("out/sweep.csv").lines().count(), 1 + 2 * 2 * 3 * 2);
}

#[test]
fn a_killed_sweep_goes_on_where_it_was_and_ends_with_the_same_table() {
    let (killed, whole) = (Folder::new("sweep-killed"), Folder::new("sweep-whole"));
    let more = ["--vary", "codebook.size=16,32,64", "--seeds", "0-1"];
    assert_eq!(code(&sweep(&whole, &more)), 0);
    let (story, out) = (killed.write("story.toml", STORY), killed.path("out"));
    let mut child = program()
        .args(["sweep", &story, "--out", &out, "--device", "cpu"])
        .args(more)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // Once something is done, or all of it: the table must come out alike either way.
    let table = killed.path("out/sweep.csv");
    wait("its table", &mut child, || std::fs::metadata(&table).is_ok());
    child.kill().ok();
    child.wait().unwrap();
    assert_eq!(code(&sweep(&killed, &more)), 0);
    assert_eq!(killed.read("out/sweep.csv"), whole.read("out/sweep.csv"));
    let left: Vec<_> = std::fs::read_dir(killed.path("out/runs")).unwrap().collect();
    assert_eq!(left.len(), 6, "no half run is left: {left:?}");
}

#[test]
fn what_is_not_a_sweep_and_what_is_another_one_are_refused() {
    let folder = Folder::new("sweep-refused");
    std::fs::create_dir_all(folder.path("out")).unwrap();
    folder.write("out/mine.txt", "precious");
    let refused = |more: &[&str], words: &str| {
        let output = sweep(&folder, more);
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{text}");
        assert_eq!(text.trim().lines().count(), 1, "{text}");
        assert!(text.contains(words), "{words}: {text}");
    };
    refused(&["--seeds", "0"], "holds no sweep");
    assert_eq!(folder.read("out/mine.txt"), "precious");
    std::fs::remove_file(folder.path("out/mine.txt")).unwrap();
    assert_eq!(code(&sweep(&folder, &["--seeds", "0"])), 0);
    refused(&["--seeds", "0", "--set", "train.lr=0.1"], "another scenario");
    refused(&["--seeds", "0", "--steps", "20"], "a run of 40 steps");
    folder.write("out/runs/seed=0/summary.json", "{ half");
    refused(&["--seeds", "0"], "damaged");
    refused(&["--seeds", "0", "--steps", "0"], "--steps must be a whole number from 1");
    refused(&["--seeds", "0", "--steps", "100000001"], "--steps must be a whole number from 1");
    refused(&["--seeds", "0-99999999999"], "more than 10000 runs");
    refused(&["--vary", "codebook.size=0"], "--vary codebook.size=0");
}

#[test]
fn a_summary_that_is_gone_is_made_anew_and_one_that_was_changed_is_named() {
    let folder = Folder::new("sweep-summary");
    let more = ["--vary", "codebook.size=16,32", "--seeds", "0"];
    assert_eq!(code(&sweep(&folder, &more)), 0);
    let table = folder.read("out/sweep.csv");
    let cell = "out/runs/codebook.size=16,seed=0";
    let place = format!("{cell}/summary.json");

    // What somebody else put there stays, and the run is not trained over it.
    std::fs::remove_file(folder.path(&place)).unwrap();
    let other = format!("{cell}/thesis.txt");
    folder.write(&other, "precious");
    let output = sweep(&folder, &more);
    assert_eq!(code(&output), 2, "{}", stderr(&output));
    assert!(stderr(&output).contains("thesis.txt"), "{}", stderr(&output));
    assert_eq!(folder.read(&other), "precious");
    std::fs::remove_file(folder.path(&other)).unwrap();

    let output = sweep(&folder, &more);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(said.contains("1 runs trained, 1 were there"), "{said}");
    assert_eq!(folder.read("out/sweep.csv"), table);

    let whole = folder.read(&place);
    let digit = whole.find("\"recon_mse\": 0.0").unwrap() + "\"recon_mse\": 0.".len();
    let mut changed = whole.clone().into_bytes();
    changed[digit] = b'9';
    let not_text = [whole.as_bytes(), &[0xff]].concat();
    for (bytes, word) in [(changed, "check sum"), (not_text, "is not text")] {
        folder.write(&place, bytes);
        let output = sweep(&folder, &more);
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{text}");
        assert!(text.contains("summary.json is damaged") && text.contains(word), "{text}");
        assert_eq!(folder.read("out/sweep.csv"), table);
    }
    // As the sentence says.
    std::fs::remove_file(folder.path(&place)).unwrap();
    assert_eq!(code(&sweep(&folder, &more)), 0);
    assert_eq!(folder.read("out/sweep.csv"), table);
}
