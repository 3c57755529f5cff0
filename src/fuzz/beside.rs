//! Small files beside the large ones: the index of a model in parts, what is remembered of a folder,
//! what was asked for of a run before its first save, the figures at the end of a run.

use serde_json::{Value, json};

use crate::archive::{Start, names};
use crate::engine::device::{choose, cpu_only};
use crate::fuzz::status::change_with;
use crate::fuzz::{Input, Outcome, Reader, fuzz, hurt, once_in, one_of, text};
use crate::headless::summary::{is_whole, sealed};
use crate::headless::{self, Order};
use crate::rng::Stream;
use crate::scenario::{demos, parse};
use crate::sweep::{Grid, table};
use crate::watch::rules::wishes;
use crate::watch::shards;

/// A folder in which inputs are laid out.
struct Place(tempfile::TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn lay_out(&self, input: &Input) {
        for (name, bytes) in input {
            std::fs::write(self.0.path().join(name), bytes).unwrap();
        }
    }

    /// A sentence without the folder's name.
    fn without_name(&self, why: &str) -> String {
        why.replace(&self.0.path().display().to_string(), "FOLDER")
    }
}

/// `model.safetensors.index.json`.
struct Indices(Place);

/// Values at and beyond the edges of what stands in an index.
fn names_of_parts() -> Vec<Value> {
    let texts = [
        "",
        "model-00001-of-00002.safetensors",
        "model-00002-of-00002.safetensors",
        "../x.safetensors",
        "/etc/passwd",
        "a\\b",
        ".hidden",
        "\u{1b}[2J\u{202e}",
        "nul\u{0}",
    ];
    let mut all = vec![Value::Null, json!(7), json!([]), json!({}), json!(true)];
    all.extend(texts.iter().map(|text| json!(text)));
    all.push(json!("x".repeat(5000)));
    all
}

impl Reader for Indices {
    const NAME: &'static str = "index";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let part = |n: usize| format!("model-{n:05}-of-00002.safetensors");
        let mut index = json!({
            "metadata": {"total_size": 100},
            "weight_map": {
                "codebook": part(1), "usage": part(1), "decoder.0.weight": part(2),
                "decoder.0.bias": part(2),
            },
        });
        for _ in 0..=stream.below(3) {
            change_with(stream, &mut index, &names_of_parts());
        }
        if once_in(stream, 200) && index.is_object() {
            let many = (0..2000).map(|n| (n.to_string(), json!(format!("{n}.safetensors"))));
            index["weight_map"] = Value::Object(many.collect());
        }
        let mut bytes = serde_json::to_vec(&index).unwrap();
        if once_in(stream, 10) {
            hurt(stream, &mut bytes);
        }
        vec![("model.safetensors.index.json".into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        self.0.lay_out(input);
        let is_json = serde_json::from_slice::<Value>(&input[0].1).is_ok();
        let folder = self.0.0.path();
        let read = shards::parts(&folder.join("model-00001-of-00002.safetensors"));
        if let Ok(parts) = &read {
            let parts = parts.as_ref().unwrap();
            assert!(parts.iter().all(|part| part.parent() == Some(folder)), "{parts:?}");
        }
        Outcome::of(read.map_err(|why| self.0.without_name(&why)), is_json)
    }
}

#[test]
fn indices_of_parts_are_read_or_refused() {
    let place = Place::new();
    for n in 1..=2 {
        let name = format!("model-{n:05}-of-00002.safetensors");
        std::fs::write(place.0.path().join(name), []).unwrap();
    }
    fuzz(&mut Indices(place), 2000);
}

/// `vqscope.toml`.
struct Remembered(Place);

impl Reader for Remembered {
    const NAME: &'static str = "remembered";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let base = "codebook = \"vq._codebook.embed\"\nusage = \"vq._codebook.cluster_size\"\n\
            lookup = \"cosine\"\ntranspose = true\nlevel = 3\n";
        let text = text::change(stream, base);
        vec![(wishes::FILE.into(), text.into_bytes())]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        self.0.lay_out(input);
        let text = String::from_utf8_lossy(&input[0].1);
        let is_toml = toml::from_str::<toml::Table>(&text).is_ok();
        let folder = self.0.0.path();
        let read = wishes::kept(folder).map(|read| {
            wishes::keep(&read, folder).unwrap();
            assert_eq!(wishes::kept(folder).unwrap(), read);
        });
        Outcome::of(read.map_err(|why| self.0.without_name(&why)), is_toml)
    }
}

#[test]
fn what_is_remembered_of_a_folder_is_read_or_refused() {
    fuzz(&mut Remembered(Place::new()), 2000);
}

/// `run-start.toml`.
struct Starts {
    place: Place,
    texts: Vec<String>,
}

impl Reader for Starts {
    const NAME: &'static str = "start";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let text = one_of(stream, &self.texts);
        // The scenario in it is a text of its own.
        let mut start: toml::Table = toml::from_str(&text).unwrap();
        if let (Some(toml::Value::String(scenario)), true) =
            (start.get_mut("scenario"), once_in(stream, 2))
        {
            *scenario = text::change(stream, scenario);
        }
        let mut text = toml::to_string(&start).unwrap();
        if once_in(stream, 2) {
            text = text::change(stream, &text);
        }
        vec![(names::START.into(), text.into_bytes())]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        self.place.lay_out(input);
        let text = String::from_utf8_lossy(&input[0].1);
        let is_toml = toml::from_str::<toml::Table>(&text).is_ok();
        let read = Start::read(self.place.0.path()).map(|start| {
            let again = start.to_text().unwrap();
            self.place.lay_out(&vec![(names::START.into(), again.into_bytes())]);
            assert_eq!(Start::read(self.place.0.path()).unwrap(), start);
        });
        Outcome::of(read.map_err(|why| self.place.without_name(&why.to_string())), is_toml)
    }
}

#[test]
fn what_was_asked_for_of_a_run_is_read_or_refused() {
    let text = |name: &str| {
        let scenario = parse(demos::text(name).unwrap(), name, &[]).unwrap();
        Start { story: name.into(), scenario, until: 300 }.to_text().unwrap()
    };
    let texts = demos::names().take(4).map(text).collect();
    fuzz(&mut Starts { place: Place::new(), texts }, 1000);
}

/// `summary.json` of a run of a sweep.
struct Summaries {
    place: Place,
    grid: Grid,
    base: Value,
}

impl Summaries {
    fn new() -> Self {
        let place = Place::new();
        let text = "title='x'\nsteps=4\n[codebook]\nsize=8\ndim=2\n[train]\nbatch_tokens=16\n\
            [data]\neval_tokens=64\n[lanes.a]\n[[expect]]\nlane='a'\nmetric='utilization'\n\
            step='end'\nmin=0.1\n";
        let file = place.0.path().join("x.toml");
        std::fs::write(&file, text).unwrap();
        let grid = Grid::new(&file.display().to_string(), &[], &[], None).unwrap();
        let cell = place.0.path().join(&grid.cells()[0].name);
        let choice = choose("cpu", &cpu_only()).unwrap();
        let order = Order::new("x", parse(text, "x", &[]).unwrap(), &cell, choice);
        headless::run(Order { keeps: false, ..order }, &Default::default()).unwrap();
        let base = std::fs::read(cell.join(names::SUMMARY)).unwrap();
        Self { place, grid, base: serde_json::from_slice(&base).unwrap() }
    }
}

impl Reader for Summaries {
    const NAME: &'static str = "summary";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut figures = self.base.clone();
        for _ in 0..=stream.below(4) {
            let edges = crate::fuzz::status::edges();
            change_with(stream, &mut figures, &edges);
        }
        let mut bytes = match figures.is_object() {
            true => sealed(figures).into_bytes(),
            false => figures.to_string().into_bytes(),
        };
        if once_in(stream, 8) {
            hurt(stream, &mut bytes);
        }
        vec![(format!("{}/{}", self.grid.cells()[0].name, names::SUMMARY), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        self.place.lay_out(input);
        let is_past = is_whole(&String::from_utf8_lossy(&input[0].1));
        let read = table::read(self.place.0.path(), &self.grid).map(|rows| {
            drop(table::csv(&self.grid, &rows));
        });
        Outcome::of(read.map_err(|why| self.place.without_name(&why.to_string())), is_past)
    }
}

#[test]
fn figures_of_a_run_are_read_or_refused() {
    fuzz(&mut Summaries::new(), 1000);
}

#[test]
fn what_is_remembered_gives_no_orders_to_a_terminal() {
    let place = Place::new();
    place.lay_out(&vec![(wishes::FILE.into(), b"lookup = \"\\u001b[2J\\n\"\n".to_vec())]);
    let why = wishes::kept(place.0.path()).unwrap_err();
    assert!(why.contains("unknown variant") && !why.contains(char::is_control), "{why:?}");
}
