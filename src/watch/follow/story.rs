//! What the window is told of watched files as if they were a run.

use std::path::Path;

use crate::record::reason::Reason;
use crate::record::status::{DeviceLabel, Origin, RunInfo};
use crate::scenario::{Codebook, Data, Lane, Lanes, Model, Pace, Scenario, Told, Train};
use crate::text::shown;
use crate::words;

/// The series as a run of a lane each, for panels that ask what trains.
pub fn scenario(paths: &[&Path], [size, dim]: [usize; 2]) -> Scenario {
    let name = |path: &&Path| {
        // "." has a name only when it is spelled out.
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_path_buf());
        let name =
            whole.file_name().map_or(whole.display().to_string(), |n| n.to_string_lossy().into());
        shown(&name)
    };
    let mut names: Vec<String> = paths.iter().map(name).collect();
    names.dedup();
    Scenario {
        title: names.join(" | ").into(),
        about: about(&places(paths)),
        seed: 0,
        // The timeline is as long as the series.
        steps: 1,
        pace: Pace::default(),
        data: Data::default(),
        model: Model::default(),
        train: Train::default(),
        codebook: Codebook { size, dim, ..Codebook::default() },
        lanes: Lanes { a: Lane::default(), b: (paths.len() > 1).then(Lane::default) },
        change: Vec::new(),
        expect: Vec::new(),
        beat: Vec::new(),
        view: None,
    }
}

/// The series as a run that was built.
pub fn info(paths: &[&Path], shape: [usize; 2], run: u64) -> RunInfo {
    let places = places(paths);
    let device = DeviceLabel { name: places.join(" | "), reason: Reason::Elsewhere(places) };
    let scenario = scenario(paths, shape);
    RunInfo { run, scenario, eval_tokens: vec![0; paths.len()], device, origin: Origin::New }
}

/// What is shown, in a sentence.
fn about(places: &[String]) -> Told {
    Told::in_each(|| match places {
        [a, b] => words!("watched-about-two", a = a, b = b),
        places => words!("watched-about", place = places.join(", ")),
    })
}

/// The paths, each once.
fn places(paths: &[&Path]) -> Vec<String> {
    let mut all: Vec<String> =
        paths.iter().map(|path| shown(&path.display().to_string())).collect();
    all.dedup();
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Language, within};

    #[test]
    fn what_is_watched_is_said_in_both_languages() {
        let [one, two] = ["/a/one", "/b/two"].map(Path::new);
        for (paths, watching, about) in [
            (vec![one], "watching /a/one", "Codebooks of another program's training, in /a/one."),
            (
                vec![one, two],
                "watching /a/one and /b/two",
                "Codebooks of another program's training, in /a/one and /b/two.",
            ),
            // One path twice is one place.
            (
                vec![one, one],
                "watching /a/one",
                "Codebooks of another program's training, in /a/one.",
            ),
        ] {
            let info = info(&paths, [8, 2], 1);
            assert_eq!(info.device.spoken_name(), watching);
            assert_eq!(info.device.reason.text(), "trained by another program");
            assert_eq!(info.scenario.about.spoken(), about);
            within(Language::Ja, || {
                for said in [&*info.device.spoken_name(), info.scenario.about.spoken()] {
                    let is_whole = paths.iter().all(|p| said.contains(p.to_str().unwrap()));
                    assert!(is_whole && said.chars().any(|c| c > '\u{3040}'), "{said}");
                }
            });
        }
    }
}
