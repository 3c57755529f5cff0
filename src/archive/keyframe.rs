//! A keyframe: what all panels show at a step, as the arrays of one file.

use std::path::Path;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::archive::shapes::Shapes;
use crate::archive::{ArchiveError, Arrays, facts};
use crate::record::judgement::Rule;
use crate::record::snapshot::{LaneFacts, LaneView, Length, NUMBERS, Pictures, Snapshot};
use crate::record::usage::Usage;
use crate::scenario::LaneSpec;

/// What of a keyframe is no array.
#[derive(Debug, Serialize, Deserialize)]
pub struct About {
    step: u64,
    lanes: Vec<LaneAbout>,
}

#[derive(Debug, Serialize, Deserialize)]
struct LaneAbout {
    #[serde(flatten)]
    facts: LaneFacts,
    pictures_step: Option<u64>,
}

/// Height, width and grey values of pictures.
type Grey = (usize, usize, Vec<Vec<u8>>);

/// The inputs of a lane's reconstructions, which are the same in every keyframe.
pub type Inputs = [Option<Arc<Vec<Vec<u8>>>>; 2];

/// A keyframe's file. Inputs are written at step 0; reconstructions where they were made at this
/// very step, because keyframes in between show the same ones.
///
/// # Errors
/// The description cannot be put into words.
pub fn to_bytes(snapshot: &Snapshot) -> Result<Vec<u8>, ArchiveError> {
    let mut arrays = Arrays::default();
    let flat = |points: &[[f32; 2]]| points.as_flattened().to_vec();
    let mut lanes = Vec::new();
    for lane in &snapshot.lanes {
        let name = |what: &str| format!("{}.{what}", lane.id.name());
        arrays.put_f32(name("codes"), &[lane.codes.len(), 2], flat(&lane.codes));
        arrays.put_f32(name("latents"), &[lane.latents.len(), 2], flat(&lane.latents));
        arrays.put_u32(
            name("window_counts"),
            &[lane.window_counts.len()],
            lane.window_counts.clone(),
        );
        if !lane.ever_used.is_empty() {
            let ever = lane.ever_used.iter().map(|&is| u8::from(is)).collect();
            arrays.put_u8(name("ever_used"), &[lane.ever_used.len()], ever);
        }
        if !lane.tails.is_empty() {
            arrays.put_f32(name("tails"), &[lane.tails.len(), 2], flat(&lane.tails));
        }
        arrays.put_u32(name("eval_counts"), &[lane.eval_counts.len()], lane.eval_counts.clone());
        for numbers in NUMBERS {
            let values = (numbers.of)(lane);
            arrays.put_f32(name(numbers.name), &[values.len()], values.to_vec());
        }
        if let Some(pictures) = &lane.pictures {
            let shape = |all: &[Vec<u8>]| [all.len(), pictures.height, pictures.width];
            if pictures.step == lane.step {
                let outputs = &pictures.outputs;
                arrays.put_u8(name("pictures"), &shape(outputs), outputs.concat());
                if let Some((shape, indices)) = pictures.all_indices() {
                    arrays.put_u32(name("indices"), &shape, indices);
                }
            }
            if snapshot.step == 0 {
                let inputs = &pictures.inputs;
                arrays.put_u8(name("inputs"), &shape(inputs), inputs.concat());
            }
        }
        let pictures_step = lane.pictures.as_ref().map(|p| p.step);
        lanes.push(LaneAbout { facts: lane.facts, pictures_step });
    }
    arrays.to_bytes(&About { step: snapshot.step, lanes })
}

/// A picture, and for each lane whose reconstructions lie in an earlier keyframe their step.
type Read = (Snapshot, Vec<Option<u64>>);

/// Reads the keyframe of a step from a file of `length` bytes, of run number `run` of this scenario.
/// A lane whose reconstructions lie in an earlier keyframe comes without them, together with their
/// step.
///
/// # Errors
/// The file is damaged, or something in it is not of that step and scenario.
pub fn read(
    place: &Path,
    source: &mut dyn std::io::Read,
    length: u64,
    (run, step): (u64, u64),
    specs: &[LaneSpec],
    inputs: &mut Inputs,
) -> Result<Read, ArchiveError> {
    let shapes = Shapes::of_keyframe(specs);
    let (arrays, about) = Arrays::read::<About>(place, source, length, &shapes)?;
    about.check(step, specs).map_err(|why| ArchiveError::damaged(place, why))?;
    assembled(place, arrays, about, run, inputs)
}

/// Reads a keyframe whose scenario is not at hand.
#[cfg(test)]
pub fn from_bytes(
    place: &Path,
    bytes: &[u8],
    run: u64,
    inputs: &mut Inputs,
) -> Result<Read, ArchiveError> {
    let (arrays, about) = Arrays::from_bytes::<About>(place, bytes)?;
    assembled(place, arrays, about, run, inputs)
}

impl About {
    /// Holds what is no array against the scenario.
    fn check(&self, step: u64, specs: &[LaneSpec]) -> Result<(), String> {
        facts::same_lanes(self.lanes.iter().map(|lane| lane.facts.id), specs)?;
        if self.step != step {
            return Err(format!("it is of step {}", self.step));
        }
        for (lane, spec) in self.lanes.iter().zip(specs) {
            lane.check(step, spec).map_err(|why| format!("lane {}: {why}", spec.id.name()))?;
        }
        Ok(())
    }
}

impl LaneAbout {
    fn check(&self, step: u64, spec: &LaneSpec) -> Result<(), String> {
        let lane = &self.facts;
        for (what, at) in [
            ("step", Some(lane.step)),
            ("axes.step", Some(lane.axes.step)),
            ("movement_steps", Some(lane.movement_steps)),
            ("pictures_step", self.pictures_step),
        ] {
            facts::not_after(what, at.unwrap_or(0), step)?;
        }
        facts::steps("warms_up_until", lane.warms_up_until.unwrap_or(0))?;
        facts::steps("diverged_at", lane.diverged_at.unwrap_or(0))?;
        facts::rates(lane.lr, lane.beta)?;
        facts::switches(&lane.switches, (lane.learn_c, lane.learn_w), spec)?;
        facts::view(lane.axes.centre, lane.axes.extent, lane.axes.rise)?;
        for (what, usage) in [("batch", &lane.batch), ("window", &lane.window)] {
            facts::usage(what, usage, spec)?;
        }
        let in_use = |rule| lane.by_rule.and_then(|by_rule| by_rule.get(rule));
        for found in Rule::ALL.into_iter().filter_map(in_use) {
            let usage = Usage {
                used: found.used,
                tokens: found.tokens.unwrap_or(0),
                size: spec.size,
                perplexity: f64::NAN,
            };
            facts::usage("by_rule", &usage, spec)?;
        }
        if lane.moved.is_some_and(|m| m.moved > spec.size || m.chosen > spec.size) {
            return Err(format!("more than its {} codes moved", spec.size));
        }
        facts::evaluation(lane.eval.as_ref(), spec)
    }
}

fn assembled(
    place: &Path,
    mut arrays: Arrays,
    about: About,
    run: u64,
    inputs: &mut Inputs,
) -> Result<Read, ArchiveError> {
    let mut earlier = Vec::new();
    let mut lanes = Vec::new();
    for LaneAbout { facts, pictures_step } in about.lanes {
        let name = |what: &str| format!("{}.{what}", facts.id.name());
        let missing = |what: &str| {
            ArchiveError::damaged(place, format!("the array {} is not there", name(what)))
        };
        let mut floats = |what: &str| -> Result<Vec<f32>, ArchiveError> {
            let (_, values) = arrays.take_f32(place, &name(what))?.ok_or_else(|| missing(what))?;
            Ok(values)
        };
        let points = |flat: Vec<f32>| flat.as_chunks::<2>().0.to_vec();
        let (codes, latents) = (points(floats("codes")?), points(floats("latents")?));
        let mut view =
            LaneView { facts, codes, latents, ..LaneView::unknown(facts.id, facts.step) };
        for numbers in NUMBERS {
            match arrays.take_f32(place, &name(numbers.name))? {
                Some((_, values)) => (numbers.set)(&mut view, values),
                None if numbers.is_added => {}
                None => return Err(missing(numbers.name)),
            }
        }
        let mut counts = |what: &str| -> Result<Vec<u32>, ArchiveError> {
            let (_, values) = arrays.take_u32(place, &name(what))?.ok_or_else(|| missing(what))?;
            Ok(values)
        };
        (view.window_counts, view.eval_counts) = (counts("window_counts")?, counts("eval_counts")?);
        // Earlier versions did not note it.
        let ever = arrays.take_u8(place, &name("ever_used"))?;
        view.ever_used = ever.iter().flat_map(|(_, ever)| ever).map(|&is| is != 0).collect();
        let tails = arrays.take_f32(place, &name("tails"))?;
        view.tails = tails.map_or(Vec::new(), |(_, flat)| points(flat));
        let size = view.codes.len();
        let of_codes = NUMBERS.iter().filter(|numbers| numbers.length == Length::Codes);
        let mut of_any = of_codes.map(|numbers| (numbers.of)(&view).len()).collect::<Vec<_>>();
        of_any.extend([view.eval_counts.len(), view.ever_used.len(), view.tails.len()]);
        if view.window_counts.len() != size || of_any.into_iter().any(|n| n != 0 && n != size) {
            return Err(ArchiveError::damaged(
                place,
                format!("lane {} has arrays of different numbers of codes", facts.id.name()),
            ));
        }
        let mut grey = |what: &str| -> Result<Option<Grey>, ArchiveError> {
            let Some((shape, values)) = arrays.take_u8(place, &name(what))? else {
                return Ok(None);
            };
            let [_, height, width] = shape[..] else { return Err(missing(what)) };
            let pixels = height.saturating_mul(width).max(1);
            Ok(Some((height, width, values.chunks(pixels).map(<[u8]>::to_vec).collect())))
        };
        if let Some((.., pictures)) = grey("inputs")? {
            inputs[facts.id.index()].get_or_insert_with(|| Arc::new(pictures));
        }
        let known = inputs[facts.id.index()].clone();
        view.pictures = match (grey("pictures")?, known) {
            (Some((height, width, outputs)), Some(inputs)) => {
                let step = pictures_step.unwrap_or(facts.step);
                let (grid, indices) = ([0; 2], Vec::new());
                let read = Pictures { step, width, height, inputs, outputs, grid, indices };
                let chosen = arrays.take_u32(place, &name("indices"))?;
                Some(Arc::new(read.with_indices(chosen)))
            }
            _ => None,
        };
        earlier.push(pictures_step.filter(|_| view.pictures.is_none()));
        lanes.push(view);
    }
    Ok((Snapshot { run, step: about.step, lanes }, earlier))
}
