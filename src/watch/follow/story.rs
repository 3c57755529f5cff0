//! What the window is told of watched files as if they were a run.

use std::path::Path;

use crate::record::status::{DeviceLabel, Origin, RunInfo};
use crate::scenario::{Codebook, Data, Lane, Lanes, Model, Pace, Scenario, Train};
use crate::text::shown;

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
        about: format!("Codebooks of another program's training, in {}.", places(paths)).into(),
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
    let device = DeviceLabel {
        name: format!("watching {}", places(paths)),
        reason: "trained by another program".into(),
    };
    let scenario = scenario(paths, shape);
    RunInfo { run, scenario, eval_tokens: vec![0; paths.len()], device, origin: Origin::New }
}

/// The paths, each once.
fn places(paths: &[&Path]) -> String {
    let mut all: Vec<String> =
        paths.iter().map(|path| shown(&path.display().to_string())).collect();
    all.dedup();
    all.join(" and ")
}
