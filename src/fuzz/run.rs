//! Folders of saved runs: `run.toml`, the scenario, the tables, keyframes and checkpoints.

use std::collections::BTreeMap;
use std::path::Path;

use crate::archive::{Archive, Folder, Kept, Manifest, Prepared, names};
use crate::engine::Run;
use crate::engine::device::{choose, cpu_only};
use crate::fuzz::{Input, Outcome, Reader, arrays, fuzz, hurt, once_in, one_of, text};
use crate::record::thumbnail::ThumbnailLane;
use crate::rng::Stream;
use crate::scenario::hash::scenario_hash;
use crate::scenario::{Scenario, parse};
use crate::session::recorder::{Budgets, Recorder};
use crate::ui::host::laid_out::LaidOut;

/// A run with two lanes, as small as may be.
const STORY: &str = "title='x'\nsteps=60\n\
    [data]\nset='digits'\neval_tokens=64\n[model]\nhidden=3\n[codebook]\nsize=8\ndim=2\n\
    [train]\nbatch_tokens=16\nwindow_tokens=64\neval_every=20\n\
    [lanes.a]\npreset='vq-revive'\n[lanes.b]\npreset='simvq'\n\
    [[change]]\nstep=5\ncaption='so'\n[[change]]\nstep=9\nlane='b'\nlr=0.001\n";

/// Every so many pictures that are read are shown in a window, and every so many checkpoints are
/// trained on from; with `VQSCOPE_FUZZ_USE` in the environment all of them.
const USED: [u64; 2] = [64, 16];

/// Names of the folders of files of steps.
const STEPS: [&str; 2] = [names::KEYFRAMES, names::CHECKPOINTS];

/// `vqscope FOLDER`, and going on with it.
pub struct Runs {
    folder: tempfile::TempDir,
    /// The files of the run as they were saved.
    saved: BTreeMap<String, Vec<u8>>,
    manifest: Manifest,
    /// A run of that scenario, into which checkpoints are put.
    run: Run,
    scenario: Scenario,
    /// Checkpoints that were put into the run, and pictures that were read.
    counts: [u64; 2],
    used: [u64; 2],
    window: LaidOut,
}

impl Runs {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let scenario = parse(STORY, "x", &[]).unwrap();
        let compute = choose("cpu", &cpu_only()).unwrap().open().unwrap();
        let mut run = Run::new(scenario.clone(), &compute, 1, true).unwrap();
        let path = folder.path().join("run");
        save(&mut run, &path);
        let manifest = Archive::open(&path).unwrap().manifest;
        let mut saved = BTreeMap::new();
        for place in [".", STEPS[0], STEPS[1]] {
            for file in std::fs::read_dir(path.join(place)).unwrap().flatten() {
                if file.path().is_file() && file.file_name() != names::LOCK {
                    let name = format!("{place}/{}", file.file_name().to_string_lossy());
                    let name = name.trim_start_matches("./").to_string();
                    saved.insert(name, std::fs::read(file.path()).unwrap());
                }
            }
        }
        let window = LaidOut::new();
        let used = if std::env::var_os("VQSCOPE_FUZZ_USE").is_some() { [1; 2] } else { USED };
        Self { folder, saved, manifest, run, scenario, counts: [0; 2], used, window }
    }

    /// The folder in which inputs are laid out.
    pub fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("run")
    }

    /// The files of a keyframe or a checkpoint with changes, and the `run.toml` that names them.
    fn steps_changed(&self, stream: &mut Stream) -> Input {
        let (kind, mut manifest) = (stream.below(3), self.manifest.clone());
        let entry: &mut Kept = match kind {
            0 => one_of_mut(stream, &mut manifest.keyframes),
            1 => one_of_mut(stream, &mut manifest.checkpoints),
            _ => manifest.newest.as_mut().unwrap(),
        };
        let name = |entry: &Kept| match kind {
            0 => format!("{}/{:010}.safetensors", STEPS[0], entry.step),
            1 => format!("{}/{:010}.safetensors", STEPS[1], entry.step),
            _ => {
                format!("{}/newest-{:010}-{}.safetensors", STEPS[1], entry.step, &entry.sha256[..8])
            }
        };
        let (mut all, mut about) = arrays::of_safetensors(&self.saved[&name(entry)]);
        match stream.below(3) {
            0 => arrays::change(stream, &mut all),
            1 => about = text::change(stream, &about),
            _ => {
                arrays::change(stream, &mut all);
                about = text::change(stream, &about);
            }
        }
        let mut bytes = arrays::safetensors(&all, Some(&about));
        if once_in(stream, 20) {
            hurt(stream, &mut bytes);
        }
        if !once_in(stream, 30) {
            *entry = Kept::of(entry.step, &bytes, bytes.len());
        }
        vec![
            (name(entry), bytes),
            (names::MANIFEST.into(), manifest.to_text().unwrap().into_bytes()),
        ]
    }

    /// A `run.toml` with changes, its check sum anew.
    fn manifest_changed(&self, stream: &mut Stream) -> Input {
        let text = self.manifest.to_text().unwrap();
        let content = text.lines().filter(|line| !line.starts_with("# sha256"));
        let content: String = content.map(|line| format!("{line}\n")).collect();
        let text = Manifest::sealed(&text::change(stream, &content));
        vec![(names::MANIFEST.into(), text.into_bytes())]
    }

    /// A table with changes, and a `run.toml` that counts its bytes.
    fn table_changed(&self, stream: &mut Stream) -> Input {
        let number = stream.below(2);
        let name = [names::METRICS, names::EVENTS][number];
        let table = String::from_utf8(self.saved[name].clone()).unwrap();
        let mut lines: Vec<String> = table.lines().map(String::from).collect();
        for _ in 0..=stream.below(2) {
            let at = stream.below(lines.len());
            if lines[at].contains("\"{") && once_in(stream, 2) {
                lines[at] = fact_changed(stream, &lines[at]);
                continue;
            }
            let mut cells: Vec<String> = lines[at].split(',').map(String::from).collect();
            let cell = stream.below(cells.len());
            let cells_of =
                ["", "0", "-1", "1e400", "nan", "inf", "99999999999999999999", "c", "\""];
            match stream.below(6) {
                0 => drop(cells.remove(cell)),
                1 => cells.push("0".into()),
                2 => {
                    cells[cell] =
                        one_of(stream, &["100000000", "100000001", "18446744073709551615"]).into();
                }
                _ => cells[cell] = one_of(stream, &cells_of).into(),
            }
            lines[at] = cells.join(",");
        }
        let mut bytes = (lines.join("\n") + "\n").into_bytes();
        if once_in(stream, 8) {
            hurt(stream, &mut bytes);
        }
        let mut manifest = self.manifest.clone();
        let lengths = [bytes.len() as u64, bytes.len() as u64, 0, u64::MAX, 1 << 50];
        manifest.bytes[number] = one_of(stream, &lengths);
        manifest.resume_bytes[number] = manifest.resume_bytes[number].min(manifest.bytes[number]);
        vec![
            (name.into(), bytes),
            (names::MANIFEST.into(), manifest.to_text().unwrap().into_bytes()),
        ]
    }

    /// A scenario with changes, and a `run.toml` of it.
    fn scenario_changed(&self, stream: &mut Stream) -> Input {
        let text = String::from_utf8(self.saved[names::SCENARIO].clone()).unwrap();
        let text = text::change(stream, &text);
        let mut manifest = self.manifest.clone();
        if let Ok(scenario) = parse(&text, "x", &[]) {
            manifest.scenario_sha256 = scenario_hash(&scenario);
        }
        vec![
            (names::SCENARIO.into(), text.into_bytes()),
            (names::MANIFEST.into(), manifest.to_text().unwrap().into_bytes()),
        ]
    }

    /// Puts files that were changed back as they were saved.
    pub fn put_back(&self, input: &Input) {
        let path = self.path();
        for (name, _) in input {
            match self.saved.get(name) {
                Some(bytes) => std::fs::write(path.join(name), bytes).unwrap(),
                None => std::fs::remove_file(path.join(name)).unwrap(),
            }
        }
    }

    /// Opens the folder, and reads and uses everything that is in it.
    fn open_all(&mut self) -> Result<(), String> {
        let archive = Archive::open(&self.path()).map_err(|e| e.to_string())?;
        for step in archive.keyframe_steps() {
            let snapshot = archive.keyframe(step).map_err(|e| e.to_string())?;
            let lanes = snapshot.lanes.iter();
            lanes.for_each(|view| {
                drop(ThumbnailLane::of(view, &archive.rows));
            });
            self.counts[0] += 1;
            if self.counts[0].is_multiple_of(self.used[0]) {
                self.window.show(&archive, snapshot);
            }
        }
        let steps = archive.manifest.checkpoints.iter().map(|kept| kept.step);
        let states = steps.map(|step| archive.checkpoint_before(step)).chain([archive.newest()]);
        for state in states {
            let state = state.map_err(|e| e.to_string())?;
            if archive.scenario != self.scenario {
                continue;
            }
            self.run.restore(state).map_err(|e| e.to_string())?;
            self.counts[1] += 1;
            if self.counts[1].is_multiple_of(self.used[1]) {
                self.run.step().map_err(|e| e.to_string())?;
                let freshness = crate::engine::views::Freshness::Kept;
                self.run.snapshot(freshness).map_err(|e| e.to_string())?;
                self.run.take_news().map_err(|e| e.to_string())?;
            }
        }
        Ok(())
    }
}

/// A row of `events.csv` with another word or number in its fact.
fn fact_changed(stream: &mut Stream, row: &str) -> String {
    let (told, fact) = row.split_at(row.find("\"{").unwrap_or(row.len()));
    // Words and numbers, and every sign between them.
    let is_word = |c: char| c.is_alphanumeric() || c == '.';
    let mut pieces: Vec<String> = Vec::new();
    for c in fact.chars() {
        match pieces.last_mut() {
            Some(last) if is_word(c) && last.ends_with(is_word) => last.push(c),
            _ => pieces.push(c.into()),
        }
    }
    let words: Vec<usize> = (0..pieces.len()).filter(|&i| pieces[i].ends_with(is_word)).collect();
    if words.is_empty() {
        return row.into();
    }
    let others = [
        "",
        "0",
        "-1",
        "1e400",
        "null",
        "true",
        "9007199254740993",
        "a",
        "b",
        "set",
        "collapse",
        "lr",
        "upkeep",
        "[[[[",
    ];
    pieces[one_of(stream, &words)] = one_of(stream, &others).into();
    format!("{told}{}", pieces.concat())
}

/// Trains and saves a run.
fn save(run: &mut Run, path: &Path) {
    let prepared = Prepared::new(path, false, run.scenario()).unwrap();
    let folder = Folder::create(prepared, "x", &run.info(), 60).unwrap();
    let mut recorder = Recorder::new(Some(folder), Some(Budgets::default())).unwrap();
    recorder.begin(run).unwrap();
    for step in 1..=30 {
        run.step().unwrap();
        recorder.after_step(run).unwrap();
        if step % 10 == 0 && step < 30 {
            let (rows, events) = run.take_news().unwrap();
            recorder.news(&rows, &events);
        }
    }
    recorder.leave(run, false).unwrap();
    recorder.finish().unwrap().unwrap().close().unwrap();
}

/// A sentence without the names of the folder and of the file of a step.
pub fn without_names(sentence: &str, folder: &Path) -> String {
    let own = sentence.replace(&folder.display().to_string(), "RUN");
    let own = match (own.find("checkpoints/"), own.find(".safetensors")) {
        (Some(start), Some(end)) => format!("{}N{}", &own[..start + 12], &own[end..]),
        _ => own,
    };
    // Which array it is is no other kind of fault, nor what its shape is.
    match own.split_once("the array ") {
        Some((start, array)) if array.contains(" where ") => {
            format!("{start}the array N has another shape")
        }
        Some((start, array)) => {
            let why = array.split_once(' ').map_or("", |(_, why)| why);
            format!("{start}the array N {why}")
        }
        None => own,
    }
}

fn one_of_mut<'a, T>(stream: &mut Stream, all: &'a mut [T]) -> &'a mut T {
    &mut all[stream.below(all.len())]
}

impl Reader for Runs {
    const NAME: &'static str = "run";

    fn make(&mut self, stream: &mut Stream) -> Input {
        match stream.below(20) {
            0..=12 => self.steps_changed(stream),
            13..=15 => self.manifest_changed(stream),
            16..=18 => self.table_changed(stream),
            _ => self.scenario_changed(stream),
        }
    }

    fn read(&mut self, input: &Input) -> Outcome {
        let path = self.path();
        for (name, bytes) in input {
            std::fs::write(path.join(name), bytes).unwrap();
        }
        let read = self.open_all().map_err(|why| without_names(&why, &path));
        self.put_back(input);
        let at_header =
            ["its bytes are not those", "its header", "not the scenario that", "is no text"];
        let error = read.as_ref().err().cloned().unwrap_or_default();
        Outcome::of(read, !at_header.iter().any(|words| error.contains(words)))
    }
}

#[test]
fn saved_runs_are_read_or_refused() {
    fuzz(&mut Runs::new(), 800);
}
