//! A checkpoint: everything needed to train on from a step, as the arrays of one file.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::archive::shapes::Shapes;
use crate::archive::{ArchiveError, Arrays, facts};
use crate::record::event::Event;
use crate::record::row::StepRow;
use crate::record::setting::BasisMode;
use crate::record::snapshot::Pictures;
use crate::record::state::{
    LaneScalars, LaneState, Matrix, Parameter, RunState, Schedule, TrackScalars, TrackState,
};
use crate::scenario::LaneSpec;

/// What of a checkpoint is no array.
#[derive(Debug, Serialize, Deserialize)]
struct About {
    step: u64,
    basis_mode: BasisMode,
    /// Saves of earlier versions do not say it; their runs go on as if nothing had been changed.
    #[serde(default)]
    schedule: Schedule,
    rows: Vec<StepRow>,
    events: Vec<Event>,
    lanes: Vec<LaneAbout>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LaneAbout {
    facts: LaneScalars,
    parameters: Vec<ParameterAbout>,
    has_averages: bool,
    track: Option<TrackScalars>,
    pictures_step: Option<u64>,
}

#[derive(Debug, Serialize, Deserialize)]
struct ParameterAbout {
    name: String,
    /// Steps of Adam; none where it has not learned.
    adam_steps: Option<usize>,
}

const AVERAGES: [&str; 3] = ["averages.counts", "averages.sums", "averages.shares"];

/// A checkpoint's file.
///
/// # Errors
/// The description cannot be put into words.
pub fn to_bytes(state: &RunState) -> Result<Vec<u8>, ArchiveError> {
    let mut arrays = Arrays::default();
    let mut lanes = Vec::new();
    for lane in &state.lanes {
        let name = |what: &str| format!("{}.{what}", lane.facts.id.name());
        let mut matrix =
            |what: &str, m: &Matrix| arrays.put_f32(name(what), &m.shape, m.values.clone());
        let mut parameters = Vec::new();
        for parameter in &lane.parameters {
            if let Some(value) = &parameter.value {
                matrix(&parameter.name, value);
            }
            if let Some((_, first, second)) = &parameter.moments {
                matrix(&format!("{}.m", parameter.name), first);
                matrix(&format!("{}.v", parameter.name), second);
            }
            let adam_steps = parameter.moments.as_ref().map(|(steps, ..)| *steps);
            parameters.push(ParameterAbout { name: parameter.name.clone(), adam_steps });
        }
        for (what, part) in AVERAGES.into_iter().zip(lane.averages.iter().flatten()) {
            matrix(what, part);
        }
        let lengths: Vec<u32> = lane.window.iter().map(|batch| batch.len() as u32).collect();
        let indices = lane.window.concat();
        arrays.put_u32(name("window.lengths"), &[lengths.len()], lengths);
        arrays.put_i32(name("window.indices"), &[indices.len()], indices);
        let census = lane.census.iter().map(|&is| u8::from(is)).collect();
        arrays.put_u8(name("window.census"), &[lane.census.len()], census);
        if !lane.ever.is_empty() {
            let ever = lane.ever.iter().map(|&is| u8::from(is)).collect();
            arrays.put_u8(name("window.ever"), &[lane.ever.len()], ever);
        }
        if !lane.chosen_at.is_empty() {
            let shape = [lane.chosen_at.len()];
            arrays.put_u32(name("window.chosen_at"), &shape, lane.chosen_at.clone());
        }
        if !lane.first_chosen_at.is_empty() {
            let shape = [lane.first_chosen_at.len()];
            arrays.put_u32(name("window.first_chosen_at"), &shape, lane.first_chosen_at.clone());
        }
        if !lane.batch_averages.is_empty() {
            let shape = [lane.batch_averages.len()];
            arrays.put_f32(name("window.averages"), &shape, lane.batch_averages.clone());
        }
        arrays.put_u32(name("eval_counts"), &[lane.eval_counts.len()], lane.eval_counts.clone());
        let mut pictures_step = None;
        if let Some(track) = &lane.track {
            for (what, values) in [
                ("view.codes", &track.codes),
                ("view.movement", &track.movement),
                ("view.latent_stds", &track.latent_stds),
            ] {
                arrays.put_f32(name(what), &[values.len()], values.clone());
            }
            if let Some(p) = &track.pictures {
                pictures_step = Some(p.step);
                let shape = [p.outputs.len(), p.height, p.width];
                arrays.put_u8(name("view.pictures"), &shape, p.outputs.concat());
                if let Some((shape, indices)) = p.all_indices() {
                    arrays.put_u32(name("view.indices"), &shape, indices);
                }
            }
        }
        lanes.push(LaneAbout {
            facts: lane.facts.clone(),
            parameters,
            has_averages: lane.averages.is_some(),
            track: lane.track.as_ref().map(|t| t.facts.clone()),
            pictures_step,
        });
    }
    arrays.to_bytes(&About {
        step: state.step,
        basis_mode: state.basis_mode,
        schedule: state.schedule,
        rows: state.rows.clone(),
        events: state.events.clone(),
        lanes,
    })
}

/// Reads the checkpoint of a step from a file of `length` bytes, of a run with these lanes.
///
/// # Errors
/// The file is damaged, or something in it is not of that step and scenario.
pub fn read(
    place: &Path,
    source: &mut dyn std::io::Read,
    length: u64,
    step: u64,
    specs: &[LaneSpec],
) -> Result<RunState, ArchiveError> {
    let shapes = Shapes::of_checkpoint(specs);
    let (arrays, about) = Arrays::read::<About>(place, source, length, &shapes)?;
    about.check(step, specs, &shapes).map_err(|why| ArchiveError::damaged(place, why))?;
    assembled(place, arrays, about)
}

/// Reads a checkpoint whose scenario is not at hand.
#[cfg(test)]
pub fn from_bytes(place: &Path, bytes: &[u8]) -> Result<RunState, ArchiveError> {
    let (arrays, about) = Arrays::from_bytes::<About>(place, bytes)?;
    assembled(place, arrays, about)
}

impl About {
    /// Holds what is no array against the scenario.
    fn check(&self, step: u64, specs: &[LaneSpec], shapes: &Shapes) -> Result<(), String> {
        facts::same_lanes(self.lanes.iter().map(|lane| lane.facts.id), specs)?;
        if self.step != step {
            return Err(format!("it is of step {}", self.step));
        }
        for row in &self.rows {
            let spec = specs.iter().find(|spec| spec.id == row.lane);
            let spec = spec.ok_or("a row is of a lane that is not there")?;
            facts::row(row, spec)?;
        }
        for event in &self.events {
            facts::event(event)?;
        }
        for (lane, spec) in self.lanes.iter().zip(specs) {
            lane.check(step, spec, shapes)
                .map_err(|why| format!("lane {}: {why}", spec.id.name()))?;
        }
        Ok(())
    }
}

impl LaneAbout {
    fn check(&self, step: u64, spec: &LaneSpec, shapes: &Shapes) -> Result<(), String> {
        let lane = &self.facts;
        facts::not_after("pictures_step", self.pictures_step.unwrap_or(0), step)?;
        facts::steps("diverged_at", lane.diverged_at.unwrap_or(0))?;
        // A codebook is drawn at most once a step, and by hand as often as a hand can.
        facts::steps("draws", lane.draws)?;
        facts::not_after("drawn", lane.drawn.unwrap_or(0), lane.draws)?;
        facts::not_after("averaged_batches", lane.averaged_batches, step)?;
        for parameter in &self.parameters {
            let name = &parameter.name;
            if !shapes.has(&format!("{}.{name}", spec.id.name())) {
                return Err(format!("it has a weight {name}, which no such lane has"));
            }
            facts::steps(name, parameter.adam_steps.unwrap_or(0) as u64)?;
        }
        facts::rates(lane.lr, lane.beta)?;
        facts::switches(&lane.switches, (lane.learn_c, lane.learn_w), spec)?;
        facts::evaluation(lane.eval.as_ref(), spec)?;
        lane.detectors.check(spec)?;
        let Some(track) = &self.track else { return Ok(()) };
        if track.axes.iter().any(|axis| axis.len() != spec.dim) {
            return Err(format!("its axes have other than {} numbers", spec.dim));
        }
        for (what, at) in [
            ("basis_step", track.basis_step),
            ("codes_step", track.codes_step),
            ("movement_steps", track.movement_steps),
        ] {
            facts::not_after(what, at, step)?;
        }
        facts::view(track.centre, track.extent, track.rise)
    }
}

fn assembled(place: &Path, mut arrays: Arrays, about: About) -> Result<RunState, ArchiveError> {
    let lanes = about
        .lanes
        .into_iter()
        .map(|lane| self::lane(place, &mut arrays, lane))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(RunState {
        step: about.step,
        basis_mode: about.basis_mode,
        schedule: about.schedule,
        rows: about.rows,
        events: about.events,
        lanes,
    })
}

fn lane(place: &Path, arrays: &mut Arrays, about: LaneAbout) -> Result<LaneState, ArchiveError> {
    let id = about.facts.id.name();
    let name = |what: &str| format!("{id}.{what}");
    let missing =
        |what: &str| ArchiveError::damaged(place, format!("the array {id}.{what} is not there"));
    let mut parameters = Vec::new();
    for ParameterAbout { name: own, adam_steps } in about.parameters {
        let value = matrix(place, arrays, &name(&own))?;
        let moments = match adam_steps {
            None => None,
            Some(steps) => {
                let mut moment = |which: &str| {
                    let what = format!("{own}.{which}");
                    matrix(place, arrays, &name(&what))?.ok_or_else(|| missing(&what))
                };
                Some((steps, moment("m")?, moment("v")?))
            }
        };
        parameters.push(Parameter { name: own, value, moments });
    }
    let averages = if about.has_averages {
        let mut part = |i: usize| {
            matrix(place, arrays, &name(AVERAGES[i]))?.ok_or_else(|| missing(AVERAGES[i]))
        };
        Some([part(0)?, part(1)?, part(2)?])
    } else {
        None
    };
    let counts = |arrays: &mut Arrays, what: &str| {
        arrays.take_u32(place, &name(what))?.ok_or_else(|| missing(what)).map(|(_, values)| values)
    };
    let lengths = counts(arrays, "window.lengths")?;
    let eval_counts = counts(arrays, "eval_counts")?;
    let indices = arrays.take_i32(place, &name("window.indices"))?;
    let (_, indices) = indices.ok_or_else(|| missing("window.indices"))?;
    let census = arrays.take_u8(place, &name("window.census"))?;
    let (_, census) = census.ok_or_else(|| missing("window.census"))?;
    let census = census.iter().map(|&is| is != 0).collect();
    // Earlier versions did not note it.
    let ever = arrays.take_u8(place, &name("window.ever"))?.map_or(Vec::new(), |(_, ever)| ever);
    let ever = ever.iter().map(|&is| is != 0).collect();
    let chosen_at = arrays.take_u32(place, &name("window.chosen_at"))?.map_or(Vec::new(), |a| a.1);
    let first = arrays.take_u32(place, &name("window.first_chosen_at"))?.map(|a| a.1);
    let first_chosen_at = first.unwrap_or_default();
    let batch_averages =
        arrays.take_f32(place, &name("window.averages"))?.map_or(Vec::new(), |a| a.1);
    let mut rest = indices.as_slice();
    let mut window = Vec::new();
    for length in lengths {
        let Some((batch, after)) = rest.split_at_checked(length as usize) else {
            return Err(ArchiveError::damaged(place, format!("the window of lane {id} is cut")));
        };
        window.push(batch.to_vec());
        rest = after;
    }
    let track = match about.track {
        None => None,
        Some(facts) => {
            let mut floats = |what: &str| {
                let array = arrays.take_f32(place, &name(what))?;
                array.ok_or_else(|| missing(what)).map(|(_, values)| values)
            };
            let (codes, movement) = (floats("view.codes")?, floats("view.movement")?);
            let latent_stds = floats("view.latent_stds")?;
            let grey = arrays.take_u8(place, &name("view.pictures"))?;
            let pictures = match (about.pictures_step, grey) {
                (Some(step), Some((shape, values))) if shape.len() == 3 => {
                    let (height, width) = (shape[1], shape[2]);
                    let outputs =
                        values.chunks(height.saturating_mul(width).max(1)).map(<[u8]>::to_vec);
                    let outputs = outputs.collect();
                    let inputs = Arc::default();
                    let pictures = Pictures {
                        step,
                        width,
                        height,
                        inputs,
                        outputs,
                        grid: [0; 2],
                        indices: Vec::new(),
                    };
                    let indices = arrays.take_u32(place, &name("view.indices"))?;
                    Some(Arc::new(pictures.with_indices(indices)))
                }
                _ => None,
            };
            Some(TrackState { facts, codes, movement, latent_stds, pictures })
        }
    };
    Ok(LaneState {
        facts: about.facts,
        parameters,
        averages,
        window,
        census,
        ever,
        chosen_at,
        first_chosen_at,
        batch_averages,
        eval_counts,
        track,
    })
}

fn matrix(place: &Path, arrays: &mut Arrays, name: &str) -> Result<Option<Matrix>, ArchiveError> {
    match arrays.take_f32(place, name)? {
        None => Ok(None),
        Some((shape, values)) => match shape[..] {
            [rows, columns] => Ok(Some(Matrix { shape: [rows, columns], values })),
            _ => Err(ArchiveError::damaged(place, format!("the array {name} is no matrix"))),
        },
    }
}
