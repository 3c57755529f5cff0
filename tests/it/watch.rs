//! `vqscope watch` from outside.

use crate::{Folder, code, stderr, vqscope};

const FILES: &str = "tests/reference/codebooks";

#[test]
fn a_folder_of_files_is_drawn_without_a_display() {
    let folder = Folder::new("watch-shot");
    let out = folder.path("window.png");
    let series = format!("{FILES}/series");
    let output = vqscope(&["watch", &series, "--shot", &out, "--size", "1280x720"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let png = std::fs::read(&out).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    assert_eq!(png[16..24], [0, 0, 5, 0, 0, 0, 2, 208], "1280 x 720");
}

#[test]
fn what_cannot_be_looked_at_is_refused_in_one_sentence() {
    let folder = Folder::new("watch-refused");
    std::fs::create_dir(folder.path("empty")).unwrap();
    std::fs::create_dir(folder.path("bad")).unwrap();
    folder.write("bad/codebook_1.npz", b"PK\x03\x04 cut off");
    let pickle = folder.write("model.pt", b"PK");
    let out = folder.path("window.png");
    let cases = [
        (folder.path("nowhere"), "is not there"),
        (folder.path("empty"), "holds no file of arrays"),
        (folder.path("bad"), "codebook_1.npz is not a whole .npz file"),
        (pickle, "model.pt is not a whole torch.save file"),
        (format!("{FILES}/expected.json"), "ends in none of .safetensors"),
        ("tests/corpus/npz/promises-gigabytes_12.npz".into(), "cannot be packed into so few"),
        ("tests/corpus/npy/escapes-in-descr_12.npy".into(), "has no usable 'descr'"),
    ];
    for (path, words) in cases {
        let output = vqscope(&["watch", &path, "--shot", &out]);
        let text = stderr(&output);
        assert_eq!(code(&output), 2, "{path}: {text}");
        assert!(text.trim().lines().count() == 1 && text.contains(words), "{path}: {text}");
    }
    assert!(!std::path::Path::new(&out).exists());
    let output = vqscope(&["watch", &format!("{FILES}/series"), "--renderer", "glow"]);
    assert!(stderr(&output).contains("no window can be opened here"), "{}", stderr(&output));
    // A folder may come later, a file by its ending must be there.
    let output = vqscope(&["watch", &folder.path("nowhere"), "--renderer", "glow"]);
    assert!(stderr(&output).contains("no window can be opened here"), "{}", stderr(&output));
    let output = vqscope(&["watch", &folder.path("none.npz"), "--renderer", "glow"]);
    assert!(stderr(&output).contains("none.npz is not there"), "{}", stderr(&output));
}

#[test]
fn a_check_prints_what_the_window_says_and_ends_as_its_bounds_do() {
    let series = format!("{FILES}/series");
    let check = |args: &[&str]| {
        let output = vqscope(&[&["watch", &series, "--check"], args].concat());
        (code(&output), String::from_utf8(output.stdout.clone()).unwrap(), stderr(&output))
    };
    let (code, text, _) = check(&[]);
    assert_eq!(code, 0, "{text}");
    for words in [
        "codebook_000400.safetensors: step 400",
        "of 64 codes in use",
        "as counted in usage",
        "lengths of codes",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let (code, json, _) = check(&["--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, json["found"]["step"].as_u64()), (0, Some(400)));
    let share = json["found"]["levels"][0]["utilization"].as_f64().unwrap();
    let (code, _, why) = check(&["--fail", &format!("use<{}", share + 0.01)]);
    assert!(code == 1 && why.contains("is crossed"), "{why}");
    assert_eq!(check(&["--fail", &format!("use<{share}")]).0, 0);
    // What a file does not tell, and what cannot be read.
    let bare = format!("{FILES}/forms/bare_14.npy");
    for (path, args, words) in [
        (bare.as_str(), &["--fail", "use<0.5"][..], "cannot be told"),
        ("nowhere.npz", &[], "nowhere.npz cannot be read"),
        (series.as_str(), &["--fail", "use!0.5"], "is no bound"),
    ] {
        let output = vqscope(&[&["watch", path, "--check"], args].concat());
        assert_eq!(crate::code(&output), 2, "{path}");
        assert!(stderr(&output).contains(words), "{}", stderr(&output));
    }
}

#[test]
fn what_was_said_is_remembered_beside_the_files_and_nowhere_else() {
    let folder = Folder::new("watch-remember");
    std::fs::copy(
        format!("{FILES}/families/lie-5-lookup.safetensors"),
        folder.path("a_1.safetensors"),
    )
    .unwrap();
    let path = folder.path("");
    let used = |args: &[&str]| -> u64 {
        let output = vqscope(&[&["watch", &path, "--check", "--json"], args].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        let json: serde_json::Value =
            serde_json::from_str(&text[text.find('{').unwrap()..]).unwrap();
        json["found"]["levels"][0]["used"].as_u64().unwrap()
    };
    assert_eq!((used(&[]), used(&["--lookup", "dot"])), (277, 34));
    assert!(!std::path::Path::new(&folder.path("vqscope.toml")).exists());
    assert_eq!(used(&["--lookup", "cosine", "--remember"]), 986);
    assert_eq!(used(&[]), 986);
    assert!(folder.read("vqscope.toml").contains("lookup = \"cosine\""));
    // Said again, it counts more than what is kept; another key is refused.
    assert_eq!(used(&["--lookup", "l2"]), 277);
    folder.write("vqscope.toml", "lookups = \"cosine\"\n");
    let output = vqscope(&["watch", &path, "--check"]);
    assert!(code(&output) == 2 && stderr(&output).contains("vqscope.toml"), "{}", stderr(&output));
}

#[test]
fn which_number_of_the_names_is_the_step_is_said() {
    let folder = Folder::new("watch-step-from");
    let file = format!("{FILES}/families/lie-5-lookup.safetensors");
    for name in ["a3_20.safetensors", "a1_40.safetensors"] {
        std::fs::copy(&file, folder.path(name)).unwrap();
    }
    let path = folder.path("");
    let output = vqscope(&["watch", &path, "--check"]);
    let words = "say which (--step-from 1 for 1, 3; --step-from 2 for 20, 40)";
    assert!(code(&output) == 2 && stderr(&output).contains(words), "{}", stderr(&output));
    let step = |args: &[&str]| -> u64 {
        let output = vqscope(&[&["watch", &path, "--check", "--json"], args].concat());
        assert_eq!(code(&output), 0, "{}", stderr(&output));
        let text = String::from_utf8(output.stdout).unwrap();
        let json: serde_json::Value =
            serde_json::from_str(&text[text.find('{').unwrap()..]).unwrap();
        json["found"]["step"].as_u64().unwrap()
    };
    assert_eq!((step(&["--step-from", "1"]), step(&["--step-from", "2"])), (3, 40));
    // What is kept beside the files says how to read them, not how they are called.
    assert_eq!(step(&["--step-from", "2", "--lookup", "l2", "--remember"]), 40);
    let kept = folder.read("vqscope.toml");
    assert!(kept.contains("lookup = \"l2\"") && !kept.contains("step"), "{kept}");
    folder.write("vqscope.toml", "step_from = 2\n");
    let output = vqscope(&["watch", &path, "--check"]);
    assert!(code(&output) == 2 && stderr(&output).contains("step_from"), "{}", stderr(&output));
}

#[test]
fn several_codebooks_are_drawn_beside_each_other_and_one_is_checked() {
    let folder = Folder::new("watch-levels");
    let file = format!("{FILES}/families/14-residual.safetensors");
    let other = format!("{FILES}/families/17-encodec.th");
    let all: [&[&str]; 4] = [
        &[&file, "--level", "0,1"],
        &[&file, "--level", "all"],
        &[&file, &other],
        &[&file, &other, "--level", "2"],
    ];
    for (i, args) in all.into_iter().enumerate() {
        let out = folder.path(&format!("{i}.png"));
        let output = vqscope(&[&["watch"], args, &["--shot", &out]].concat());
        assert_eq!(code(&output), 0, "{args:?}: {}", stderr(&output));
        assert!(std::path::Path::new(&out).exists());
    }
    let refused: [(&[&str], &str); 4] = [
        (&[&file, &other, "--check"], "--check looks at one path"),
        (&[&file, "--level", "0,1", "--check"], "--check looks at one path"),
        (&[&file, &other, "--remember"], "--remember writes what is said of one codebook"),
        (&[&file, "--level", "9", "--check"], "--level goes from 0 to"),
    ];
    for (args, words) in refused {
        let output = vqscope(&[&["watch"], args].concat());
        let text = stderr(&output);
        assert!(code(&output) == 2 && text.contains(words), "{args:?}: {text}");
    }
}

#[test]
fn a_check_tells_tuples_of_the_codes_of_all_levels() {
    // Counted by Python's set of tuples in a file of the helper.
    let file = format!("{FILES}/helper/levels/codebook_00000000.safetensors");
    let output = vqscope(&["watch", &file, "--check", "--json"]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let tuples = &json["found"]["tuples"];
    assert_eq!(tuples["distinct"], serde_json::json!([31, 92, 96]));
    assert_eq!((&tuples["tokens"], &tuples["share"]), (&96.into(), &1.0.into()));
    assert_eq!(tuples["possible"], 32_768.0);
    let output = vqscope(&["watch", &file, "--check"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let line = "tuples of codes, indices: 96 distinct tuples of codes among 96 tokens (100 %), of 32,768 possible. After each level: 31, 92, 96.";
    assert!(text.lines().any(|found| found == line), "{text}");
}
