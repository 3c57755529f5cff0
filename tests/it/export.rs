//! `vqscope export`: every kind of file, that it repeats, that it is whole, and what is refused.

use std::io::Cursor;
use std::path::Path;
use std::sync::OnceLock;

use image::AnimationDecoder as _;
use image::codecs::gif::GifDecoder;

use crate::{Folder, code, stderr, vqscope, vqscope_with};

/// A title that would break out of a page that does not escape it.
const SCENARIO: &str = "title='a <b>\"title\"</b> & more'\nsteps=60\n[train]\neval_every=20\n[lanes.a]\n[lanes.b]\nlearn_c=false\nlearn_w=true\n[[change]]\nstep=30\nlane='a'\nlr=0.002\n[[expect]]\nlane='b'\nmetric='utilization'\nstep='end'\nmin=0.0\n[[expect]]\nlane='a'\nmetric='utilization'\nstep=20\nmin=0.99\n";

/// One saved run for all tests.
fn saved() -> &'static Folder {
    static RUN: OnceLock<Folder> = OnceLock::new();
    RUN.get_or_init(|| {
        let folder = Folder::new("export-run");
        let scenario = folder.write("story.toml", SCENARIO);
        let out = folder.path("run");
        let output = vqscope(&["run", &scenario, "--out", &out, "--device", "cpu"]);
        // The second expectation fails.
        assert_eq!(code(&output), 1, "{}", stderr(&output));
        folder
    })
}

fn export(arguments: &[&str]) -> std::process::Output {
    let run = saved().path("run");
    vqscope(&[&["export", &run], arguments].concat())
}

fn exported(arguments: &[&str]) -> String {
    let output = export(arguments);
    assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Asserts that the arguments are refused with exit code 2 and one sentence that holds `words`.
fn refused(arguments: &[&str], words: &[&str]) {
    let output = export(arguments);
    let text = stderr(&output);
    assert_eq!(code(&output), 2, "{arguments:?}: {text}");
    assert_eq!(text.trim().lines().count(), 1, "{text}");
    for word in words {
        assert!(text.contains(word), "{arguments:?} should say {word:?}: {text}");
    }
}

/// The names of all elements of an XML text, each of which is closed where it must be, with no bare
/// `&` or `<` in texts.
fn elements(text: &str) -> Vec<String> {
    let (mut open, mut all): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    let body = text.strip_prefix("<!DOCTYPE html>").unwrap_or(text);
    for (i, part) in body.split('<').enumerate() {
        let Some((tag, words)) = part.split_once('>') else {
            assert!(i == 0 && part.trim().is_empty(), "a < without its >: {part:.60}");
            continue;
        };
        for entity in [tag, words].into_iter().flat_map(|text| text.split('&').skip(1)) {
            let name = entity.split_once(';').unwrap_or_else(|| panic!("a bare &: {part:.60}")).0;
            assert!(["amp", "lt", "gt", "quot", "#39"].contains(&name), "{name}");
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed out of order");
            continue;
        }
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
        assert!(!name.is_empty(), "{part:.60}");
        if !tag.ends_with('/') {
            open.push(name.clone());
        }
        all.push(name);
    }
    assert!(open.is_empty(), "never closed: {open:?}");
    all
}

#[test]
fn a_picture_has_its_size_and_a_panel_is_a_part_of_it() {
    let out = Folder::new("export-png");
    let (window, panel) = (out.path("w.png"), out.path("map.png"));
    let said = exported(&["--png", &window, "--at", "37", "--size", "1280x720", "--scale", "1.5"]);
    assert!(said.contains("step 30 (the kept one before 37)"), "{said}");
    assert_eq!(image::open(&window).unwrap().to_rgb8().dimensions(), (1920, 1080));
    let dark = ["--png", &panel, "--panel", "map-b", "--theme", "dark"];
    exported(&[&dark[..], &["--scale", "1"]].concat());
    let part = image::open(&panel).unwrap().to_rgb8();
    assert!(part.width() < 600 && part.height() < 600 && part.width() > 200);
    // As wide as a slide, where no scale is asked for.
    exported(&[&dark[..], &["--force"]].concat());
    let part = image::open(&panel).unwrap().to_rgb8();
    assert_eq!(part.width(), 1280);
    // Dark at its corner: the theme was taken.
    assert!(part.get_pixel(0, 0).0.iter().all(|&c| c < 60));
}

#[test]
fn what_shows_the_cause_is_exported_and_what_is_not_kept_is_trained_again() {
    let out = Folder::new("export-cause");
    let picture = |name: &str, more: &[&str]| {
        let file = out.path(&format!("{name}.png"));
        let size = ["--png", &file, "--at", "50", "--size", "1280x720"];
        let said = exported(&[&size[..], more].concat());
        (image::open(&file).unwrap().to_rgb8(), said)
    };
    let (plain, said) = picture("plain", &[]);
    assert!(said.contains("step 50") && !said.contains("trained again"), "{said}");
    let (cells, _) = picture("cells", &["--cause", "cells"]);
    assert!(cells != plain);
    let (atlas, said) = picture("atlas", &["--cause", "atlas,inspector"]);
    assert!(said.contains("step 50 (50 steps trained again from the checkpoint before"), "{said}");
    // What the step did is told while it is made again.
    let (slow, said) = picture("slow", &["--cause", "slow"]);
    assert!(said.contains("step 50 (50 steps trained again from the checkpoint before"), "{said}");
    let bare = out.path("bare");
    let range = ["--from", "50", "--to", "50", "--cause", "slow"];
    exported(&[&["--frames", &bare, "--size", "1280x720"], &range[..]].concat());
    let frame = image::open(Path::new(&bare).join("step-0000050.png")).unwrap().to_rgb8();
    assert!(slow != frame && slow != plain);
    // A film does not train again: its frames say that nothing is kept.
    let frames = out.path("frames");
    let range = ["--from", "50", "--to", "50", "--cause", "atlas,inspector"];
    exported(&[&["--frames", &frames, "--size", "1280x720"], &range[..]].concat());
    let frame = image::open(Path::new(&frames).join("step-0000050.png")).unwrap().to_rgb8();
    assert!(frame != atlas && frame != plain);
    refused(&["--png", &out.path("x.png"), "--cause", "cels"], &["cels", "cells"]);
}

#[test]
fn a_run_stands_beside_its_story_as_that_is_written() {
    let out = Folder::new("export-before");
    let saved = |name: &str, set: &[&str]| {
        let run = out.path(name);
        let all = ["run", "collapse", "--steps", "25", "--out", &run, "--device", "cpu"];
        let output = vqscope(&[&all[..], set].concat());
        assert!([0, 1].contains(&code(&output)), "{}", stderr(&output));
        run
    };
    let picture = |run: &str, name: &str, more: &[&str]| {
        let file = out.path(name);
        let all = ["export", run, "--png", &file, "--size", "1280x720", "--panel", "timeline"];
        let output = vqscope(&[&all[..], more].concat());
        (code(&output), stderr(&output), std::fs::read(&file).ok())
    };
    let other = saved("other", &["--set", "codebook.size=64"]);
    let (_, _, plain) = picture(&other, "plain.png", &[]);
    let (done, said, compared) = picture(&other, "compared.png", &["--cause", "before"]);
    assert!(done == 0 && compared.is_some() && compared != plain, "{said}");
    // As it is written it has nothing to stand beside, and a file of one's own is no built-in story.
    let (refused_with, said, _) = picture(&saved("same", &[]), "x.png", &["--cause", "before"]);
    assert!(refused_with == 2 && said.contains("as it is written"), "{said}");
    refused(&["--png", &out.path("y.png"), "--cause", "before"], &["--cause before", "built-in"]);
}

#[test]
fn a_film_repeats_byte_for_byte_and_its_frames_are_those_of_single_pictures() {
    let out = Folder::new("export-gif");
    let (first, again) = (out.path("1.gif"), out.path("2.gif"));
    let size = ["--size", "960x600", "--from", "10", "--to", "60", "--every", "10"];
    let frames = out.path("frames");
    exported(&[&["--gif", &first, "--frames", &frames], &size[..]].concat());
    exported(&[&["--gif", &again, "--fps", "20"], &size[..]].concat());
    let bytes = std::fs::read(&first).unwrap();
    assert!(bytes == std::fs::read(&again).unwrap(), "two exports differ");
    let film = GifDecoder::new(Cursor::new(&bytes)).unwrap().into_frames();
    let film = film.collect_frames().unwrap();
    // Pictures are kept every 25 steps and around the change at step 30.
    let mut names: Vec<String> = std::fs::read_dir(&frames)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    assert_eq!(names, ["0000025", "0000050", "0000060"].map(|n| format!("step-{n}.png")));
    assert_eq!(film.len(), names.len());
    let worst = film.iter().zip(&names).map(|(frame, name)| {
        let still = image::open(Path::new(&frames).join(name)).unwrap().to_rgba8();
        assert_eq!(still.dimensions(), (960, 600));
        let pairs = frame.buffer().pixels().zip(still.pixels());
        let far = pairs.filter(|(a, b)| (0..3).any(|i| a.0[i].abs_diff(b.0[i]) > 24)).count();
        far as f64 / (960.0 * 600.0)
    });
    let worst = worst.fold(0.0, f64::max);
    assert!(worst < 0.01, "{worst} of the pixels are far from their colour");
    assert!(film[0].buffer() != film[2].buffer(), "the film stands still");
    // A frame of a film is the picture of that step alone, but for the rounding of letters that lie
    // elsewhere in the texture of the font.
    let alone = out.path("alone.png");
    exported(&["--png", &alone, "--at", "50", "--size", "960x600"]);
    let open = |path: &Path| image::open(path).unwrap().to_rgba8().into_raw();
    let (frame, alone) =
        (open(&Path::new(&frames).join("step-0000050.png")), open(Path::new(&alone)));
    let farthest = frame.iter().zip(&alone).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(farthest <= 3, "a film's frame differs from the picture alone by {farthest}");
}

/// A story with a text and two questions, saved.
fn asked() -> Folder {
    let folder = Folder::new("export-asked");
    let beats = "[[beat]]\nat='start'\nkind='ask'\nguess='choice'\nof='b.utilization'\n\
        text='How much of the {b.codes} codes of <B>?'\n\
        choices=[{text='nothing',max=0.0},{text='some & more',min=0.0}]\n\
        [[beat]]\nat=21\nkind='say'\ntext='A has {a.utilization@20} in use'\n\
        [[beat]]\nat=21\nkind='say'\ntext='never'\nwhen={lane='a',learn_w=true}\n\
        [[beat]]\nat='end'\nkind='recall'\nguess='number'\nof='a.utilization'\nuntil=20\ntext='And A?'\n";
    let scenario = folder.write("story.toml", format!("{SCENARIO}{beats}"));
    let out = folder.path("run");
    let output = vqscope(&["run", &scenario, "--out", &out, "--device", "cpu"]);
    assert_eq!(code(&output), 1, "{}", stderr(&output));
    folder
}

#[test]
fn a_film_stops_at_beats_and_a_handout_asks_before_it_tells() {
    let folder = asked();
    let (run, frames) = (folder.path("run"), folder.path("frames"));
    let size = ["--size", "960x600", "--from", "25", "--to", "60", "--every", "25"];
    let film = [&["export", &run, "--frames", &frames, "--beats"], &size[..]].concat();
    let output = vqscope(&film);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let mut names: Vec<String> = std::fs::read_dir(&frames)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    // Neither the text whose condition does not hold, nor what stood before the film begins.
    let expected = ["0000025", "0000050", "0000060-beat-4", "0000060"];
    assert_eq!(names, expected.map(|n| format!("step-{n}.png")));
    let open = |name: &str| image::open(Path::new(&frames).join(name)).unwrap().to_rgba8();
    assert!(open("step-0000060.png") != open("step-0000060-beat-4.png"), "nothing is asked");
    let page = folder.path("handout.html");
    let output = vqscope(&["export", &run, "--handout", &page]);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let text = std::fs::read_to_string(&page).unwrap();
    elements(&text);
    let place = |words: &str| text.find(words).unwrap_or_else(|| panic!("no {words:?} in it"));
    let question = place("How much of the 512 codes of &lt;B&gt;?");
    assert!(question < place("<details><summary>Answer</summary>"));
    assert!(place("<summary>Answer</summary>") < place("B: some &amp; more ("));
    assert!(place("And A?") < place("<details class=\"report\">"));
    assert!(place("<details class=\"report\">") < place("class=\"big\""));
    let asked = &text[..place("<details class=\"report\">")];
    assert!(!asked.contains("never"), "a text whose condition does not hold");
    // Many a title says how the story ends.
    let title = "a &lt;b&gt;";
    assert!(text.contains(title) && !asked.contains(title));
}

#[test]
fn ffmpeg_makes_films_where_it_is_and_its_absence_is_said() {
    let out = Folder::new("export-mp4");
    let (run, film, empty) = (saved().path("run"), out.path("film.mp4"), Folder::new("no-path"));
    let path = empty.0.display().to_string();
    let arguments = ["export", &run, "--mp4", &film, "--size", "960x601", "--every", "30"];
    let output = vqscope_with(&arguments, &[("PATH", &path)]);
    let text = stderr(&output);
    assert!(code(&output) == 3 && text.contains("install ffmpeg, or use --gif"), "{text}");
    assert!(!Path::new(&film).exists());
    if std::process::Command::new("ffmpeg").arg("-version").output().is_err() {
        return;
    }
    let output = vqscope(&arguments);
    assert_eq!(code(&output), 0, "{}", stderr(&output));
    let bytes = std::fs::read(&film).unwrap();
    assert!(bytes.len() > 5000 && &bytes[4..8] == b"ftyp");
    // 601 rows became 602: the last one is like the one before, not a line of its own.
    let decoded = std::process::Command::new("ffmpeg")
        .args(["-loglevel", "error", "-i", &film, "-frames:v", "1"])
        .args(["-f", "rawvideo", "-pix_fmt", "gray", "pipe:1"])
        .output()
        .unwrap();
    assert_eq!(decoded.stdout.len(), 960 * 602, "{}", stderr(&decoded));
    let rows: Vec<&[u8]> = decoded.stdout.chunks(960).collect();
    let far = rows[600].iter().zip(rows[601]).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
    assert!(far < 24, "the last row differs from the one before by {far}");
}

#[test]
fn plots_are_whole_documents_with_real_axes() {
    let out = Folder::new("export-svg");
    for (panel, words) in [
        (
            "curves",
            &[
                "training step",
                "A: codebook and commitment",
                "B: full set",
                "mean squared error a pixel",
            ][..],
        ),
        ("timeline", &["A VQ · B SimVQ", "codes in use", "50 %", "sampling ceiling of the window"]),
        (
            "usage-b",
            &[
                "lane B (SimVQ)",
                "step 60",
                "codes, most used first",
                "uses, log scale",
                "fair share",
            ],
        ),
        ("map-a", &["A VQ, step 60", "PC 1 (", "of variance)", "in use"]),
    ] {
        let file = out.path(&format!("{panel}.svg"));
        exported(&["--svg", &file, "--panel", panel]);
        let text = std::fs::read_to_string(&file).unwrap();
        let all = elements(&text);
        assert!(all[0] == "svg" && all.len() > 20, "{panel}");
        assert!(text.contains("a &lt;b&gt;&quot;title&quot;") || panel == "map-a");
        for word in words {
            assert!(text.contains(word), "{panel} should say {word}");
        }
        assert!(!text.contains("NaN") && !text.contains("inf,") && !text.contains("var("));
    }
}

#[test]
fn tables_hold_the_numbers_of_the_run() {
    let out = Folder::new("export-csv");
    let csv = |panel: &str, more: &[&str]| -> Vec<Vec<String>> {
        let file = out.path(&format!("{panel}{}.csv", more.len()));
        exported(&[&["--csv", &file, "--panel", panel], more].concat());
        let text = std::fs::read_to_string(&file).unwrap();
        text.lines().map(|line| line.split(',').map(String::from).collect()).collect()
    };
    let metrics = saved().read("run/metrics.csv");
    let metrics: Vec<Vec<&str>> = metrics.lines().map(|l| l.split(',').collect()).collect();
    let column = |name: &str| metrics[0].iter().position(|h| *h == name).unwrap();
    let curves = csv("curves", &[]);
    assert_eq!(curves.len(), metrics.len());
    let timeline = csv("timeline", &[]);
    for (i, row) in metrics.iter().enumerate().skip(1) {
        for (j, name) in
            ["step", "lane", "recon_loss", "codebook_loss", "commitment_loss"].iter().enumerate()
        {
            assert_eq!(curves[i][j], row[column(name)], "{name}, row {i}");
        }
        for (j, name) in [(2, "utilization_window"), (4, "utilization"), (6, "recon_mse")] {
            assert_eq!(timeline[i][j], row[column(name)], "{name}, row {i}");
        }
    }
    let happened = timeline.iter().filter(|row| row.len() > 8 && row[8].contains("0.002"));
    assert_eq!(happened.map(|row| row[0].as_str()).collect::<Vec<_>>(), ["30"]);
    assert_eq!(csv("curves", &["--at", "7"]).len(), 1 + 14);
    // Uses of all codes are the tokens of the window: 30 batches of 512, capped at 20,480.
    let usage = csv("usage-b", &["--at", "30"]);
    let uses: u32 = usage[1..].iter().map(|row| row[1].parse::<u32>().unwrap()).sum();
    assert_eq!((usage.len(), uses), (1 + 512, 30 * 512));
    let map = csv("map-a", &[]);
    assert_eq!(map.iter().filter(|row| row[0] == "code").count(), 512);
    let numbers = csv("numbers", &[]);
    let mse = numbers.iter().find(|row| row[0].contains("MSE")).unwrap();
    // The name holds a comma.
    assert!(mse[3].parse::<f64>().unwrap() > 0.0 && mse[2] == "mean squared error a pixel");
    // The last evaluation is of the last step here, and of an earlier one before.
    assert!(mse[0].contains("MSE") && mse[1].contains("after step 60"), "{mse:?}");
    let early = csv("numbers", &["--at", "50"]);
    let mse = early.iter().find(|row| row[0].contains("MSE")).unwrap();
    assert!(mse[1].contains("after step 45"), "{mse:?}");
    let usage = csv("usage-a", &["--at", "25"]);
    assert!(usage[0][2].contains("after step 20"), "{:?}", usage[0]);
    // Reconstructions of a kept step are of that step.
    for step in ["0", "25", "50"] {
        let recon = csv("recon", &["--at", step, "--force"]);
        let made = recon.iter().filter(|row| row[0] == "a" || row[0] == "b");
        assert!(made.clone().count() > 50 && made.clone().all(|row| row[1] == step), "{step}");
    }
    let recon = csv("recon", &[]);
    assert!(recon.len() > 100 && recon[1..].iter().all(|row| row.len() == recon[0].len()));
}

#[test]
fn the_model_of_a_step_is_what_a_run_to_that_step_writes() {
    let out = Folder::new("export-model");
    let (last, early) = (out.path("last.safetensors"), out.path("early.safetensors"));
    let said = exported(&["--model", &last]);
    assert!(said.trim_end().ends_with("kB, step 60"), "{said}");
    let own = |folder: &Folder, run: &str| {
        std::fs::read(folder.0.join(run).join("model.safetensors")).unwrap()
    };
    assert!(std::fs::read(&last).unwrap() == own(saved(), "run"));
    // Between two checkpoints, behind the change at step 30.
    let said = exported(&["--model", &early, "--at", "37"]);
    assert!(said.contains("step 37 (37 steps trained again"), "{said}");
    let (story, short) = (saved().path("story.toml"), out.path("short"));
    let run = ["run", &story, "--steps", "37", "--out", &short, "--device", "cpu"];
    // An expectation fails there as well.
    assert_eq!(code(&vqscope(&run)), 1);
    assert!(std::fs::read(&early).unwrap() == own(&out, "short"));
    refused(&["--model", &last], &["last.safetensors", "--force"]);
    refused(&["--model", &out.path("x.pt")], &[".safetensors"]);
    refused(&["--model", &out.path("x.safetensors"), "--at", "61"], &["up to step 60"]);
    assert!(std::fs::read(&last).unwrap() == own(saved(), "run"));
}

#[test]
fn the_report_is_one_whole_file_that_states_what_the_numbers_say() {
    let out = Folder::new("export-html");
    let (file, again) = (out.path("report.html"), out.path("again.html"));
    exported(&["--html", &file]);
    exported(&["--html", &again, "--force"]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert_eq!(text, std::fs::read_to_string(&again).unwrap());
    let all = elements(&text);
    for (name, least) in [("svg", 14), ("img", 3), ("table", 4), ("h2", 8)] {
        let number = all.iter().filter(|e| *e == name).count();
        assert!(number >= least, "{number} {name}");
    }
    assert!(!all.iter().any(|e| ["script", "link", "iframe", "b"].contains(&e.as_str())));
    // Nothing is fetched: no address, no style from elsewhere; pictures are inside.
    assert!(!text.contains("http") && !text.contains("url(") && !text.contains("@import"));
    assert!(
        text.matches(" src=\"").count() == text.matches(" src=\"data:image/png;base64,").count()
    );
    assert!(text.contains("<title>a &lt;b&gt;&quot;title&quot;&lt;/b&gt; &amp; more</title>"));
    let summary: serde_json::Value =
        serde_json::from_str(&saved().read("run/summary.json")).unwrap();
    let figure = |lane: &str, key: &str| summary["lanes"][lane][key].as_f64().unwrap();
    for lane in ["a", "b"] {
        let share = format!("{:.1} %", 100.0 * figure(lane, "utilization"));
        assert!(text.contains(&share), "the report does not say {share}");
    }
    assert!(text.contains(summary["scenario_hash"].as_str().unwrap()));
    assert!(text.contains("vqscope run scenario.toml --out DIR --device cpu"));
    // The lane that is said to reconstruct better is the one with the lower error.
    let better =
        if figure("a", "recon_mse") < figure("b", "recon_mse") { "A has" } else { "B has" };
    assert!(text.contains(better) && text.contains("less error than"));
    assert!(text.contains("1 of 2 expectations FAILED") && text.contains("learning rate 0.002"));
    // Chosen steps are the ones that are shown.
    exported(&["--html", &file, "--force", "--at", "25,60"]);
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.contains(">step 25</text>") && !text.contains(">step 0</text>"));
}

#[test]
fn what_cannot_be_exported_is_refused_in_a_sentence() {
    let out = Folder::new("export-refused");
    let (png, gif) = (out.path("x.png"), out.path("x.gif"));
    let mine = out.write("mine.csv", "mine");
    refused(&[], &["nothing to export", "--html"]);
    refused(&["--png", &out.path("x.jpg")], &["x.jpg", ".png"]);
    refused(&["--png", &out.path("no/x.png")], &["no folder"]);
    refused(&["--csv", &mine, "--panel", "curves"], &["mine.csv", "--force"]);
    refused(
        &["--csv", &out.path("x.csv"), "--panel", "window"],
        &["no table", "map-a", "timeline"],
    );
    refused(&["--svg", &out.path("x.svg"), "--panel", "recon"], &["no plot", "curves"]);
    refused(&["--png", &png, "--panel", "mapps"], &["mapps", "map-a", "timeline"]);
    refused(&["--png", &png, "--at", "61"], &["up to step 60"]);
    refused(&["--png", &png, "--scale", "9"], &["--scale 9", "0.5 to 4"]);
    refused(&["--png", &png, "--at", "10,20"], &["one step"]);
    refused(&["--gif", &gif, "--from", "41", "--to", "49"], &["no step from 41 to 49"]);
    refused(&["--gif", &gif, "--fps", "90"], &["--fps 90", "1 to 50"]);
    refused(&["--html", &out.path("x.html"), "--from", "3"], &["choose frames"]);
    refused(&["--frames", &out.0.display().to_string()], &["not empty"]);
    assert_eq!(out.read("mine.csv"), "mine");
    assert!(!Path::new(&png).exists() && !Path::new(&gif).exists());
    let none = vqscope(&["export", &out.0.display().to_string(), "--png", &png]);
    assert!(code(&none) == 2 && stderr(&none).contains("no saved run"), "{}", stderr(&none));
}
