//! `vqscope run`: what it writes, that it repeats, and how it ends.

use serde_json::Value;

use crate::{Folder, code, stderr, vqscope, vqscope_with};
#[cfg(unix)]
use crate::{program, wait};

fn run(
    folder: &Folder,
    scenario: &str,
    out: &str,
    extra: &[&str],
    environment: &[(&str, &str)],
) -> std::process::Output {
    let out = folder.path(out);
    let arguments = [&["run", scenario, "--out", &out, "--device", "cpu"], extra].concat();
    vqscope_with(&arguments, environment)
}

fn summary(folder: &Folder, out: &str) -> Value {
    serde_json::from_str(&folder.read(&format!("{out}/summary.json"))).unwrap()
}

const EQUAL: &str = "title='equal twins'\nsteps=40\n[train]\neval_every=20\n[lanes.a]\nlearn_c=false\nlearn_w=true\n[lanes.b]\nlearn_c=false\nlearn_w=true\n[[change]]\nstep=15\nlr=0.002\nlearn_c=true\nlearn_w=false\n[[change]]\nstep=25\nlearn_c=false\nlearn_w=true\n";

#[test]
fn equal_twins_are_equal_bit_for_bit_whatever_the_threads() {
    let folder = Folder::new("twins");
    let scenario = folder.write("equal.toml", EQUAL);
    let mut files = Vec::new();
    for threads in ["1", "2", "2"] {
        let out = format!("out{}", files.len());
        let output = run(&folder, &scenario, &out, &[], &[("RAYON_NUM_THREADS", threads)]);
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        files.push(folder.read(&format!("{out}/metrics.csv")));
    }
    assert_eq!(files[0], files[1], "one thread and two");
    assert_eq!(files[1], files[2], "two runs of one seed");
    let lane = |id: &str| -> Vec<String> {
        let rows = files[0].lines().skip(1).filter(|row| row.split(',').nth(1) == Some(id));
        rows.map(|row| row.replacen(&format!(",{id},"), ",", 1)).collect()
    };
    assert_eq!(lane("a").len(), 40);
    assert_eq!(lane("a"), lane("b"));
    // A test that compared constants would pass as well.
    assert_ne!(lane("a")[3], lane("a")[4]);
}

#[test]
fn another_seed_is_another_run() {
    let folder = Folder::new("seeds");
    for (out, seed) in [("a", "1"), ("b", "2")] {
        assert_eq!(code(&run(&folder, "collapse", out, &["--steps", "3", "--seed", seed], &[])), 0);
    }
    assert_ne!(folder.read("a/metrics.csv"), folder.read("b/metrics.csv"));
    assert_eq!(summary(&folder, "b")["seed"], 2);
}

#[test]
fn files_have_the_documented_form() {
    let folder = Folder::new("files");
    let output = run(
        &folder,
        "collapse",
        "out",
        &["--steps", "121", "--set", "lanes.b.train.lr=0.002"],
        &[],
    );
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let metrics = folder.read("out/metrics.csv");
    let header: Vec<&str> = metrics.lines().next().unwrap().split(',').collect();
    assert_eq!(header[..2], ["step", "lane"]);
    let column =
        |name: &str| header.iter().position(|h| *h == name).unwrap_or_else(|| panic!("{name}"));
    let rows: Vec<Vec<&str>> = metrics.lines().skip(1).map(|l| l.split(',').collect()).collect();
    assert_eq!(rows.len(), 242);
    for (i, row) in rows.iter().enumerate() {
        assert_eq!(row.len(), header.len());
        assert_eq!((row[0], row[1]), (&*(i / 2 + 1).to_string(), ["a", "b"][i % 2]));
        let is_evaluated = [1, 20, 100, 121].contains(&(i / 2 + 1));
        assert_eq!(row[column("utilization")].is_empty(), !is_evaluated, "step {}", row[0]);
        let share: f64 = row[column("utilization_batch")].parse().unwrap();
        assert!((0.0..=1.0).contains(&share));
    }
    let summary = summary(&folder, "out");
    for key in ["device", "instruction_set", "seed", "scenario_hash", "steps", "steps_per_second"] {
        assert!(!summary[key].is_null(), "{key}");
    }
    for lane in ["a", "b"] {
        for key in [
            "utilization",
            "utilization_window",
            "utilization_batch",
            "eval_tokens",
            "perplexity",
            "dead_codes",
            "recon_mse",
            "psnr",
            "effective_rank_w",
        ] {
            assert!(summary["lanes"][lane][key].is_number(), "{lane} {key}");
        }
        let utilization = summary["lanes"][lane]["utilization"].as_f64().unwrap();
        let dead = summary["lanes"][lane]["dead_codes"].as_f64().unwrap();
        assert!((utilization * 512.0 + dead - 512.0).abs() < 1e-9);
    }
    // All expectations but one lie after step 121.
    let verdicts = summary["expect"].as_array().unwrap();
    let (early, late): (Vec<_>, Vec<_>) = verdicts.iter().partition(|v| v["step"] == 90);
    assert!(early.len() == 1 && early[0]["verdict"] == "held", "{early:?}");
    assert!(!late.is_empty() && late.iter().all(|v| v["verdict"] == "not_reached"), "{late:?}");
    // What was written runs again and is the same run.
    let again = folder.path("out/scenario.toml");
    let output = run(&folder, &again, "again", &["--steps", "121"], &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    assert_eq!(metrics, folder.read("again/metrics.csv"));
    assert_eq!(folder.read("out/scenario.toml"), folder.read("again/scenario.toml"));
}

#[test]
fn a_failed_expectation_ends_with_1() {
    let folder = Folder::new("expect");
    let scenario = folder.write(
        "x.toml",
        "title='x'\nsteps=5\n[lanes.a]\n[[expect]]\nlane='a'\nmetric='utilization'\nstep=3\nmin=0.999\n[[expect]]\nlane='a'\nmetric='recon_mse'\nstep='end'\nmin=0.0\n",
    );
    let output = run(&folder, &scenario, "out", &[], &[]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let verdicts = &summary(&folder, "out")["expect"];
    assert_eq!(
        (verdicts[0]["verdict"].as_str(), verdicts[1]["verdict"].as_str()),
        (Some("failed"), Some("held"))
    );
    // Cut short before the expected steps, nothing has failed.
    assert_eq!(code(&run(&folder, &scenario, "short", &["--steps", "2"], &[])), 0);
}

#[test]
fn a_diverged_lane_ends_with_1_and_the_other_goes_on() {
    let folder = Folder::new("diverged");
    let scenario = folder.write(
        "x.toml",
        "title='x'\nsteps=60\n[lanes.a]\nlearn_w=true\ntrain.lr=1000.0\ncodebook.init='normal'\ncodebook.std=1000000.0\ncodebook.dim=64\n[lanes.b]\n",
    );
    let output = run(&folder, &scenario, "out", &[], &[]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    let lanes = &summary(&folder, "out")["lanes"];
    assert!(lanes["a"]["diverged_at"].is_u64() && lanes["b"]["diverged_at"].is_null());
    let metrics = folder.read("out/metrics.csv");
    assert!(metrics.lines().any(|l| l.starts_with("60,b,")), "lane b goes on");
    let words = ["nan", "inf"];
    let files = [metrics.to_lowercase(), folder.read("out/summary.json").to_lowercase()];
    assert!(
        files[0].lines().skip(1).all(|l| words.iter().all(|w| !l.contains(w))),
        "no such number in a file"
    );
    assert!(serde_json::from_str::<Value>(&files[1]).is_ok());
}

#[test]
fn a_divergence_that_is_expected_is_no_failure_and_its_cause_is_written() {
    let folder = Folder::new("expected");
    let text = |never: &str| {
        format!(
            "title='x'\nsteps=60\n[lanes.a]\nlearn_w=true\ntrain.lr=1000.0\ncodebook.init='normal'\ncodebook.std=1000000.0\ncodebook.dim=64\n[lanes.b]\n[[expect]]\nlane='a'\nevent='diverged'\n{never}\n[[expect]]\nlane='b'\nevent='diverged'\nnever=true\n"
        )
    };
    let scenario = folder.write("x.toml", text("before=60"));
    let output = run(&folder, &scenario, "out", &[], &[]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("held: lane a diverged is flagged at step "), "{words}");
    assert!(words.contains("held: lane b diverged is not flagged, expected never"), "{words}");
    let events = folder.read("out/events.csv");
    let line = events.lines().find(|l| l.contains(",a,diverged,")).unwrap();
    for part in ["the learning rate was 1000", "RMS norm", " loss is "] {
        assert!(line.contains(part) && words.contains(part), "{line}");
    }
    let scenario = folder.write("never.toml", text("never=true"));
    let output = run(&folder, &scenario, "never", &[], &[]);
    assert_eq!(code(&output), 1);
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("FAILED: lane a diverged is flagged at step "), "{words}");
    // Cut short before the expected steps, nothing has failed.
    let scenario = folder.write("late.toml", text("after=50"));
    let output = run(&folder, &scenario, "late", &["--steps", "1"], &[]);
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        words
            .contains("not reached: lane a diverged is not flagged, expected a flag after step 50"),
        "{words}"
    );
}

#[test]
#[cfg(unix)]
fn an_interrupted_run_keeps_what_it_has() {
    use std::process::{Command, Stdio};
    let folder = Folder::new("interrupted");
    let out = folder.path("out");
    let mut child = program()
        .args(["run", "collapse", "--device", "cpu", "--out", &out, "--set", "steps=1000000"])
        .stderr(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    // Until it trains: the file has rows once the first read-backs were written out.
    let metrics = std::path::PathBuf::from(&out).join("metrics.csv");
    wait("its rows", &mut child, || std::fs::metadata(&metrics).is_ok_and(|m| m.len() > 10_000));
    assert!(
        Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success()
    );
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let steps = summary(&folder, "out")["steps"].as_u64().unwrap();
    let rows = folder.read("out/metrics.csv").lines().count() as u64 - 1;
    assert!(steps > 0 && rows == 2 * steps, "{rows} rows, {steps} steps");
}

#[test]
fn force_writes_over_an_earlier_run() {
    let folder = Folder::new("force");
    assert_eq!(code(&run(&folder, "digits", "out", &["--steps", "2"], &[])), 0);
    assert_eq!(code(&run(&folder, "digits", "out", &["--steps", "3"], &[])), 2);
    assert_eq!(code(&run(&folder, "digits", "out", &["--steps", "3", "--force"], &[])), 0);
    assert_eq!(folder.read("out/metrics.csv").lines().count(), 7);
    assert_eq!(
        code(&vqscope(&["run", "digits", "--steps", "0", "--out", &folder.path("zero")])),
        2
    );
}
