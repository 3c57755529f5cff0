//! Models in several files with their index, and folders of steps.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Map, json};

use crate::fuzz::arrays::{self, Array};
use crate::fuzz::status::change_with;
use crate::fuzz::{Input, Outcome, Reader, external, fuzz, hurt, layouts, once_in, one_of, torch};
use crate::record::event::EventKind;
use crate::record::status::Update;
use crate::rng::Stream;
use crate::watch::check::check;
use crate::watch::follow::Folder;
use crate::watch::reader;
use crate::watch::rules::wishes::Wishes;

/// The index of a model of two parts.
const INDEX: &str = "model.safetensors.index.json";

/// A folder in which inputs are laid out, and nothing else is.
struct Place(tempfile::TempDir);

impl Place {
    fn path(&self) -> &Path {
        self.0.path()
    }

    /// Puts these files there.
    fn lay_out<'a>(&self, files: impl Iterator<Item = &'a (String, Vec<u8>)>) {
        for (name, bytes) in files {
            let path = self.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }

    /// Takes everything away again.
    fn clear(&self) {
        for entry in std::fs::read_dir(self.path()).unwrap().flatten() {
            let path = entry.path();
            let gone = match path.is_dir() {
                true => std::fs::remove_dir_all(path),
                false => std::fs::remove_file(path),
            };
            gone.unwrap();
        }
    }

    /// A sentence without the names of the folder and of the input's files.
    fn without_names(&self, why: &str, input: &Input) -> String {
        let mut why = why.replace(&self.path().display().to_string(), "FOLDER");
        for (name, _) in input {
            why = why.replace(name.as_str(), "FILE");
        }
        why
    }
}

/// `vqscope watch model-00001-of-00002.safetensors`.
struct Parts {
    place: Place,
    bases: Vec<Vec<Array>>,
}

fn part(number: usize) -> String {
    format!("model-{number:05}-of-00002.safetensors")
}

impl Reader for Parts {
    const NAME: &'static str = "parts";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut all = layouts::mixed(stream, &self.bases);
        arrays::change(stream, &mut all);
        let mut parts: [Vec<Array>; 2] = Default::default();
        let mut places = Map::new();
        for array in all {
            let at = stream.below(2);
            places.insert(array.name.clone(), json!(part(at + 1)));
            // One that stands in both, or in another part than the index says.
            match stream.below(40) {
                0 => parts[1 - at].push(array),
                1 => parts.iter_mut().for_each(|part| part.push(array.clone())),
                _ => parts[at].push(array),
            }
        }
        let mut index = json!({ "metadata": { "total_size": 100 }, "weight_map": places });
        if once_in(stream, 6) {
            change_with(stream, &mut index, &[json!(part(1)), json!(part(2)), json!(7), json!("")]);
        }
        let mut input = vec![(INDEX.into(), serde_json::to_vec(&index).unwrap())];
        for (at, arrays) in parts.iter().enumerate() {
            let mut bytes = arrays::safetensors(arrays, None);
            if once_in(stream, 12) {
                hurt(stream, &mut bytes);
            }
            input.push((part(at + 1), bytes));
        }
        if once_in(stream, 16) {
            // Without the index, or without a part.
            input.remove(stream.below(input.len()));
        }
        input
    }

    fn read(&mut self, input: &Input) -> Outcome {
        self.place.clear();
        self.place.lay_out(input.iter());
        let path = self.place.path().join(part(1));
        let is_past = reader::open(&path).is_ok();
        let read = reader::read_all(&path, &Wishes::default(), true).map(external::twice);
        Outcome::of(read.map_err(|why| self.place.without_names(&why, input)), is_past)
    }
}

/// `vqscope watch FOLDER`, and the same with `--check`.
struct Series {
    place: Place,
    bases: Vec<Vec<Array>>,
}

/// Names of the files of a series, the number of the file and an ending in them.
const NAMINGS: [&str; 12] = [
    "codebook_000N00.E",
    "step=00N200-loss=0.0N45.E",
    "epoch=3-step=N200.E",
    "checkpoint-N00/model.E",
    "N00k/dac/weights.E",
    "codebook_N000_v2.E",
    "vq-2026112N-15450N.E",
    "k1024d16_000N00.E",
    "best.E",
    "runN/a1_2.E",
    "コード_0N.E",
    "9007199254740992N_\u{202e}x.E",
];

/// Endings of files of several arrays.
const ENDINGS: [&str; 3] = ["safetensors", "pt", "ckpt"];

/// What is said of a folder once nothing new is found in it.
struct Heard {
    pictures: usize,
    refused: Vec<String>,
}

impl Series {
    /// Files that are there at first, those that come, those that are still there in the end.
    fn follow(&self, input: &Input) -> Heard {
        let mut heard = Heard { pictures: 0, refused: Vec::new() };
        let mut folder = Folder::new(self.place.path().into(), Wishes::default()).with_all(true);
        let mut round = |heard: &mut Heard| {
            let is_taken = folder.round(0, &mut |update| {
                match update {
                    Update::Keyframe(_) => heard.pictures += 1,
                    Update::Event(event) if event.kind == EventKind::Unreadable => {
                        heard.refused.push(event.text);
                    }
                    _ => {}
                }
                true
            });
            assert!(is_taken);
        };
        let first = input.len().div_ceil(2);
        for files in [&input[..first], &input[first..]] {
            self.place.lay_out(files.iter());
            round(&mut heard);
        }
        // Whatever was there: what is gone does not take the rest with it.
        let gone: PathBuf = self.place.path().join(&input[0].0);
        std::fs::remove_file(gone).unwrap();
        round(&mut heard);
        heard
    }
}

impl Reader for Series {
    const NAME: &'static str = "series";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let base = layouts::mixed(stream, &self.bases);
        let mut naming = one_of(stream, &NAMINGS);
        let mut ending = one_of(stream, &ENDINGS);
        let mut names = BTreeSet::new();
        let mut input = Input::new();
        for number in 1..=2 + stream.below(3) {
            if once_in(stream, 8) {
                (naming, ending) = (one_of(stream, &NAMINGS), one_of(stream, &ENDINGS));
            }
            let name = naming.replace('N', &number.to_string()).replace('E', ending);
            if !names.insert(name.clone()) {
                continue;
            }
            let mut all = base.clone();
            // Each file its own step, unless it is changed.
            all.retain(|array| array.name != "step" || once_in(stream, 4));
            if once_in(stream, 2) {
                arrays::change(stream, &mut all);
            }
            let mut bytes = match ending {
                "safetensors" => arrays::safetensors(&all, None),
                _ => torch::saved(stream, &all),
            };
            if once_in(stream, 12) {
                hurt(stream, &mut bytes);
            }
            input.push((name, bytes));
        }
        input
    }

    fn read(&mut self, input: &Input) -> Outcome {
        self.place.clear();
        let heard = self.follow(input);
        self.place.lay_out(input.iter());
        let is_past =
            input.iter().any(|(name, _)| reader::open(&self.place.path().join(name)).is_ok());
        let checked = check(self.place.path(), &Wishes::default());
        let refused = checked.map(|check| check.unreadable.into_iter().next());
        let why = heard.refused.into_iter().next();
        let read = match (why, refused) {
            (None, Ok(None)) => {
                assert!(heard.pictures > 0, "nothing is said and nothing shown");
                Ok(())
            }
            (Some(why), _) | (None, Ok(Some(why)) | Err(why)) => Err(why),
        };
        Outcome::of(read.map_err(|why| self.place.without_names(&why, input)), is_past)
    }
}

#[test]
fn models_in_parts_are_read_or_refused() {
    let place = Place(tempfile::tempdir().unwrap());
    fuzz(&mut Parts { place, bases: layouts::all() }, 1500);
}

#[test]
fn folders_of_steps_are_read_or_refused() {
    let place = Place(tempfile::tempdir().unwrap());
    fuzz(&mut Series { place, bases: layouts::all() }, 600);
}
