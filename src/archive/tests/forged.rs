//! Runs that somebody forged: every check sum fits, and something in a file is not of the scenario.

use super::*;
use crate::archive::{Kept, Manifest, names};
use crate::fuzz::arrays::{Array, of_safetensors, safetensors};

/// A saved run and what is forged of it.
struct Forged {
    place: Place,
    manifest: Manifest,
}

/// Which file is forged.
#[derive(Clone, Copy, Debug)]
enum File {
    Keyframe,
    Checkpoint,
    Newest,
}

impl Forged {
    fn new(name: &str) -> Self {
        let (place, archive) = saved(name);
        Self { place, manifest: archive.manifest }
    }

    /// Changes arrays and description of a file of step 0, or of the newest save, and seals it; what
    /// reading it says.
    fn read(
        &self,
        file: File,
        forge: impl FnOnce(&mut Vec<Array>, &mut String),
    ) -> Result<(), String> {
        let mut manifest = self.manifest.clone();
        let entry = match file {
            File::Keyframe => manifest.keyframes.iter_mut().find(|kept| kept.step == 0).unwrap(),
            File::Checkpoint => manifest.checkpoints.iter_mut().find(|k| k.step == 0).unwrap(),
            File::Newest => manifest.newest.as_mut().unwrap(),
        };
        let name = |entry: &Kept| match file {
            File::Keyframe => format!("keyframes/{:010}.safetensors", entry.step),
            File::Checkpoint => format!("checkpoints/{:010}.safetensors", entry.step),
            File::Newest => {
                format!("checkpoints/newest-{:010}-{}.safetensors", entry.step, &entry.sha256[..8])
            }
        };
        let whole = std::fs::read(self.place.0.join(name(entry))).unwrap();
        let old = name(entry);
        let (mut arrays, mut about) = of_safetensors(&whole);
        forge(&mut arrays, &mut about);
        let bytes = safetensors(&arrays, Some(&about));
        *entry = Kept::of(entry.step, &bytes, bytes.len());
        std::fs::write(self.place.0.join(name(entry)), bytes).unwrap();
        self.seal(&manifest);
        let read = self.read_all();
        std::fs::write(self.place.0.join(old), whole).unwrap();
        self.seal(&self.manifest);
        read
    }

    fn seal(&self, manifest: &Manifest) {
        let text = manifest.to_text().unwrap();
        std::fs::write(self.place.0.join(names::MANIFEST), text).unwrap();
    }

    fn read_all(&self) -> Result<(), String> {
        let archive = Archive::open(&self.place.0).map_err(|e| e.to_string())?;
        for step in archive.keyframe_steps() {
            archive.keyframe(step).map_err(|e| e.to_string())?;
        }
        let mut run = Run::new(archive.scenario.clone(), &compute(), 1, true).unwrap();
        for state in [archive.checkpoint_before(0), archive.newest()] {
            run.restore(state.map_err(|e| e.to_string())?).map_err(|e| e.to_string())?;
        }
        Ok(())
    }
}

fn array<'a>(arrays: &'a mut [Array], name: &str) -> &'a mut Array {
    arrays.iter_mut().find(|array| array.name == name).unwrap()
}

/// Gives an array another shape, and as many bytes as that has.
fn reshape(arrays: &mut [Array], name: &str, shape: &[u64]) {
    let array = array(arrays, name);
    array.shape = shape.to_vec();
    array.data.resize(array.promised().unwrap() as usize, 0);
}

#[test]
fn an_array_of_another_shape_is_named_with_its_file() {
    let forged = Forged::new("forged-shapes");
    forged.read(File::Keyframe, |_, _| {}).unwrap();
    forged.read(File::Newest, |_, _| {}).unwrap();
    let cases: [(File, &str, &[u64]); 18] = [
        (File::Keyframe, "a.inputs", &[0, 64, 64]),
        (File::Keyframe, "a.inputs", &[1, 64, 64]),
        (File::Keyframe, "a.pictures", &[12, 64, 0]),
        (File::Keyframe, "a.pictures", &[12, 1, 1]),
        (File::Keyframe, "b.codes", &[0, 2]),
        (File::Keyframe, "b.codes", &[64, 3]),
        (File::Keyframe, "a.window_counts", &[65]),
        (File::Keyframe, "a.latents", &[600, 2]),
        (File::Keyframe, "b.singular_values", &[9]),
        (File::Checkpoint, "a.encoder.0.weight", &[1, 1]),
        (File::Checkpoint, "a.decoder.1.bias", &[1, 65]),
        (File::Newest, "a.codes", &[63, 8]),
        (File::Newest, "b.transform.0.weight", &[8, 4096]),
        (File::Newest, "b.transform.0.weight.m", &[8, 9]),
        (File::Newest, "a.window.indices", &[4096]),
        (File::Newest, "a.window.census", &[63]),
        (File::Newest, "a.view.codes", &[8]),
        (File::Newest, "a.view.pictures", &[12, 64, 0]),
    ];
    for (file, name, shape) in cases {
        let error = forged.read(file, |arrays, _| reshape(arrays, name, shape)).unwrap_err();
        let is_named = error.contains(".safetensors is damaged") && error.contains(name);
        assert!(is_named && error.contains("where its scenario has"), "{file:?} {name}: {error}");
    }
    // Another kind of numbers.
    let error = forged.read(File::Keyframe, |arrays, _| {
        let counts = array(arrays, "a.window_counts");
        counts.kind = "F32".into();
    });
    assert!(error.unwrap_err().contains("a.window_counts is [64] of F32"));
    forged.read_all().unwrap();
}

#[test]
fn a_number_that_cannot_be_is_named_with_its_file() {
    let forged = Forged::new("forged-numbers");
    let cases: [(File, &str, &str, &str); 17] = [
        (File::Keyframe, "size = 64", "size = 0", "and there are 64 codes"),
        (File::Keyframe, "used = 0", "used = 65", "65 of 64 codes used"),
        (File::Keyframe, "extent = ", "extent = 0.0 # ", "its map is 0 wide"),
        (File::Keyframe, "extent = ", "extent = nan # ", "its map is NaN wide"),
        (File::Keyframe, "step = 0", "step = 7", "it is of step 7"),
        (File::Keyframe, "lr = ", "lr = -1.0 # ", "train.lr is -1"),
        (File::Keyframe, "rank = 4", "rank = 1000000000", "its switches are not"),
        (File::Newest, "rank = 4", "rank = 1000000000", "its switches are not"),
        (File::Newest, "transform = \"full\"", "transform = \"mlp\"", "its switches are not"),
        (File::Newest, "adam_steps = 100", "adam_steps = 9007199254740993", "is 9007199254740993"),
        (File::Newest, "draws = 0", "draws = 9007199254740993", "draws is"),
        (File::Newest, "beta = ", "beta = inf # ", "train.beta is inf"),
        (File::Newest, "codes_step = ", "codes_step = 101 # ", "codes_step is 101 where 100"),
        (
            File::Newest,
            "size = 64\nwindow_tokens = 512",
            "size = 64\nwindow_tokens = 513",
            "its detectors are of another",
        ),
        (
            File::Newest,
            "\"encoder.0.weight\"",
            "\"\\u001b[2J\"",
            "it has a weight \\u{1b}[2J, which",
        ),
        (File::Newest, "[[lanes]]", "[[lines]]", "its description"),
        (File::Newest, "step = 100", "step = 99", "it is of step 99"),
    ];
    for (file, old, new, words) in cases {
        let forge = |_: &mut Vec<Array>, about: &mut String| {
            assert!(about.contains(old), "{old} is not in {about}");
            *about = about.replacen(old, new, 1);
        };
        let error = forged.read(file, forge).expect_err(new);
        let is_named = error.contains(".safetensors is damaged");
        assert!(is_named && error.contains(words), "{file:?} {new}: {error}");
    }
    forged.read_all().unwrap();
}

#[test]
fn a_file_longer_than_its_scenario_allows_is_refused_unread() {
    let forged = Forged::new("forged-lengths");
    let mut manifest = forged.manifest.clone();
    manifest.keyframes[0].bytes = 1 << 40;
    forged.seal(&manifest);
    let error = forged.read_all().unwrap_err();
    assert!(error.contains("run.toml is damaged") && error.contains("allows"), "{error}");
    // As long as it may be, and not as long as it is said to be.
    let mut manifest = forged.manifest.clone();
    manifest.keyframes[0].bytes += 1;
    forged.seal(&manifest);
    let error = forged.read_all().unwrap_err();
    assert!(error.contains("not those that were saved"), "{error}");
    // A table that promises more bytes than there are.
    let mut manifest = forged.manifest.clone();
    manifest.bytes[0] = 1 << 50;
    forged.seal(&manifest);
    assert!(forged.read_all().unwrap_err().contains("metrics.csv is damaged"));
}

#[test]
fn opening_a_run_takes_bounded_memory_whatever_its_texts_hold() {
    let forged = Forged::new("forged-texts");
    let text = |extra: &str| Manifest::sealed(&format!("format = 2\nx = [{extra}]\n"));
    let lists = text(&"[],".repeat(4 << 20));
    std::fs::write(forged.place.0.join(names::MANIFEST), lists).unwrap();
    let mut error = String::new();
    let taken = allocation_counter::measure(|| error = forged.read_all().unwrap_err());
    assert!(error.contains("run.toml is damaged (holds more than a run has to say"), "{error}");
    assert!(taken.bytes_max < 100_000_000, "{}", taken.bytes_max);
    forged.seal(&forged.manifest);
    let mut error = String::new();
    let taken = allocation_counter::measure(|| {
        let long = |_: &mut Vec<Array>, about: &mut String| {
            *about = format!("x = [{}]\n{about}", "[],".repeat(2 << 20));
        };
        error = forged.read(File::Newest, long).unwrap_err();
    });
    assert!(error.contains("its header holds more than a run has to say"), "{error}");
    assert!(taken.bytes_max < 200_000_000, "{}", taken.bytes_max);
}
