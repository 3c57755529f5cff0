//! Numbers that are too large are refused in one sentence, wherever they come from.

use vqscope::scenario::{Link, read};

use crate::{Folder, code, stderr, vqscope, vqscope_with};

const SENTENCE: &str = "must be a whole number from";

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
fn steps_have_one_bound_wherever_they_come_from() {
    let folder = Folder::new("bounds-steps");
    let [out, png, csv] = ["out", "x.png", "x.csv"].map(|name| folder.path(name));
    let story = folder.write("story.toml", "title='x'\nsteps=100000001\n[lanes.a]\n");
    refused(&["run", &story, "--out", &out], &["line 2: steps", SENTENCE]);
    for number in ["100000001", "18446744073709551615", "99999999999999999999999", "many"] {
        let set = format!("steps={number}");
        let not = format!("not {number}");
        for (arguments, option) in [
            (&["run", "collapse", "--out", &out, "--steps", number][..], "--steps"),
            (&["sweep", "collapse", "--out", &out, "--steps", number], "--steps"),
            (&["shot", "collapse", "--out", &png, "--at", number], "--at"),
            (&["collapse", "--exit-at", number, "--report", &csv], "--exit-at"),
            (&["export", &out, "--csv", &csv, "--panel", "numbers", "--at", number], "--at"),
            (&["export", &out, "--gif", &csv, "--from", number], "--from"),
            (&["export", &out, "--gif", &csv, "--to", number], "--to"),
            (&["export", &out, "--gif", &csv, "--every", number], "--every"),
            (&["run", "--resume", &out, "--more", number], "--more"),
        ] {
            refused(arguments, &[option, SENTENCE, "to 100000000", &not]);
        }
        refused(&["run", "collapse", "--out", &out, "--set", &set], &["steps", SENTENCE]);
    }
    refused(&["run", "collapse", "--out", &out, "--steps", "0"], &["--steps", SENTENCE, "not 0"]);
    let scenario = read("collapse", &[]).unwrap();
    let (by_hand, view, step) = (Vec::new(), Default::default(), u64::from(u32::MAX));
    let draft = scenario.clone();
    let link = Link { story: "collapse".into(), draft, scenario, by_hand, step, view }.encode();
    refused(&["shot", &link, "--out", &png], &["the link is damaged", "step", SENTENCE]);
    refused(&[&link], &["the link is damaged", "step", SENTENCE]);
    assert!(!std::path::Path::new(&out).exists());
}

#[test]
fn an_absurd_number_of_threads_is_refused_by_every_command() {
    for number in ["99999999", "18446744073709551616", "-1", "many"] {
        for arguments in [&["devices"][..], &["run", "collapse", "--out", "/nowhere/x"]] {
            let output = vqscope_with(arguments, &[("RAYON_NUM_THREADS", number)]);
            let text = stderr(&output);
            assert_eq!(code(&output), 2, "{number}: {text}");
            assert!(text.contains(&format!("RAYON_NUM_THREADS {SENTENCE}")), "{text}");
            assert_eq!(text.trim().lines().count(), 1, "{text}");
        }
    }
    for number in ["1", "3", "0", ""] {
        let output = vqscope_with(&["devices"], &[("RAYON_NUM_THREADS", number)]);
        assert_eq!(code(&output), 0, "{number}: {}", stderr(&output));
    }
    let output = vqscope_with(&["devices"], &[("RAYON_NUM_THREADS", "3")]);
    assert!(String::from_utf8_lossy(&output.stdout).contains("3 threads"));
}
