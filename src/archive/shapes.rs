//! What the arrays of a run's files may be: kind and shape of each follow from its scenario, and are
//! held against it before the first of their numbers is read.

use std::collections::BTreeMap;

use safetensors::tensor::Dtype;

use crate::data;
use crate::record::snapshot::{Length, NUMBERS};
use crate::scenario::MLP_WIDTH;
use crate::scenario::{LaneSpec, ModelKind, TransformForm};

/// Most encodings that a code map shows.
const MOST_LATENTS: usize = 512;

/// Batches without a token that earlier versions kept of a warm-up, in saves that are read.
const MOST_EMPTY: usize = 1 << 22;

/// How long one axis of an array may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Axis {
    /// So long.
    Of(usize),
    /// So long, or nothing is there.
    NoneOr(usize),
    /// No longer.
    AtMost(usize),
}

impl Axis {
    fn allows(self, length: usize) -> bool {
        match self {
            Self::Of(n) => length == n,
            Self::NoneOr(n) => length == n || length == 0,
            Self::AtMost(n) => length <= n,
        }
    }

    fn most(self) -> usize {
        let (Self::Of(n) | Self::NoneOr(n) | Self::AtMost(n)) = self;
        n
    }

    fn in_words(self) -> String {
        match self {
            Self::Of(n) => n.to_string(),
            Self::NoneOr(n) => format!("(0 or {n})"),
            Self::AtMost(n) => format!("(at most {n})"),
        }
    }
}

/// Kind and shape of one array.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shape {
    kind: Dtype,
    axes: Vec<Axis>,
}

/// The arrays that a file of a run may hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shapes {
    /// By name; `None` where any may be there, as in a file that a test has just written.
    named: Option<BTreeMap<String, Shape>>,
}

impl Shapes {
    /// Any arrays.
    #[cfg(test)]
    pub fn any() -> Self {
        Self { named: None }
    }

    /// Those of a picture of all views of lanes with these specs.
    pub fn of_keyframe(specs: &[LaneSpec]) -> Self {
        Self::of(specs, keyframe)
    }

    /// Those of a checkpoint of lanes with these specs.
    pub fn of_checkpoint(specs: &[LaneSpec]) -> Self {
        Self::of(specs, checkpoint)
    }

    fn of(specs: &[LaneSpec], lane: impl Fn(&LaneSpec) -> Vec<(String, Shape)>) -> Self {
        let of_lane = |spec: &LaneSpec| {
            let id = spec.id.name();
            lane(spec).into_iter().map(move |(name, shape)| (format!("{id}.{name}"), shape))
        };
        Self { named: Some(specs.iter().flat_map(of_lane).collect()) }
    }

    /// The most bytes that all arrays together have.
    pub fn most_bytes(&self) -> u64 {
        let bytes = |shape: &Shape| {
            let numbers = shape.axes.iter().map(|axis| axis.most() as u64);
            numbers.fold(shape.kind.bitsize() as u64 / 8, u64::saturating_mul)
        };
        let named = self.named.iter().flatten();
        named.map(|(_, shape)| bytes(shape)).fold(0, u64::saturating_add)
    }

    /// Whether an array is one of those that are read.
    pub fn has(&self, name: &str) -> bool {
        self.named.as_ref().is_none_or(|named| named.contains_key(name))
    }

    /// Holds an array against its shape; one that is not known is of a later version.
    ///
    /// # Errors
    /// Which it is, and what it should be.
    pub fn check(&self, name: &str, kind: Dtype, lengths: &[usize]) -> Result<(), String> {
        let Some(shape) = self.named.as_ref().and_then(|named| named.get(name)) else {
            return Ok(());
        };
        let fits = shape.axes.len() == lengths.len()
            && shape.axes.iter().zip(lengths).all(|(axis, &length)| axis.allows(length));
        if fits && shape.kind == kind {
            return Ok(());
        }
        let is = lengths.iter().map(ToString::to_string).collect::<Vec<_>>().join(" x ");
        let should = shape.axes.iter().map(|axis| axis.in_words()).collect::<Vec<_>>().join(" x ");
        Err(format!(
            "the array {name} is [{is}] of {kind:?} where its scenario has [{should}] of {:?}",
            shape.kind
        ))
    }
}

fn named(name: impl Into<String>, kind: Dtype, axes: &[Axis]) -> (String, Shape) {
    (name.into(), Shape { kind, axes: axes.to_vec() })
}

fn keyframe(spec: &LaneSpec) -> Vec<(String, Shape)> {
    use Axis::{AtMost, NoneOr, Of};

    let (size, dim) = (spec.size, spec.dim);
    let mut all = vec![
        named("codes", Dtype::F32, &[Of(size), Of(2)]),
        named("latents", Dtype::F32, &[AtMost(MOST_LATENTS), Of(2)]),
        named("window_counts", Dtype::U32, &[Of(size)]),
        named("ever_used", Dtype::U8, &[NoneOr(size)]),
        named("tails", Dtype::F32, &[NoneOr(size), Of(2)]),
        named("eval_counts", Dtype::U32, &[NoneOr(size)]),
    ];
    if let Some(shape) = data::pictures_shape(spec.set) {
        let grey = shape.map(Of);
        all.extend(["pictures", "inputs"].map(|name| named(name, Dtype::U8, &grey)));
        all.push(named("indices", Dtype::U32, &indices(spec, shape)));
    }
    all.extend(NUMBERS.iter().map(|numbers| {
        let length = match numbers.length {
            Length::Codes => size,
            Length::Dims => dim,
        };
        named(numbers.name, Dtype::F32, &[NoneOr(length)])
    }));
    all
}

fn checkpoint(spec: &LaneSpec) -> Vec<(String, Shape)> {
    use Axis::{AtMost, NoneOr, Of};

    let (size, dim) = (spec.size, spec.dim);
    let matrix = |name: String, [rows, columns]: [usize; 2]| {
        named(name, Dtype::F32, &[Of(rows), Of(columns)])
    };
    let mut all: Vec<(String, Shape)> = parameters(spec)
        .into_iter()
        .flat_map(|(name, shape)| {
            ["", ".m", ".v"].map(|moment| matrix(format!("{name}{moment}"), shape))
        })
        .collect();
    for (name, shape) in [("counts", [size, 1]), ("sums", [size, dim]), ("shares", [size, 1])] {
        all.push(matrix(format!("averages.{name}"), shape));
    }
    // The oldest batch stays until the rest fills the window.
    let tokens = spec.window_tokens.saturating_add(spec.batch_tokens);
    all.extend([
        named("window.lengths", Dtype::U32, &[AtMost(tokens.max(MOST_EMPTY))]),
        named("window.indices", Dtype::I32, &[AtMost(tokens)]),
        named("window.census", Dtype::U8, &[NoneOr(size)]),
        named("window.ever", Dtype::U8, &[NoneOr(size)]),
        named("window.chosen_at", Dtype::U32, &[NoneOr(size)]),
        named("window.first_chosen_at", Dtype::U32, &[NoneOr(size)]),
        named("window.averages", Dtype::F32, &[NoneOr(size)]),
        named("eval_counts", Dtype::U32, &[NoneOr(size)]),
        named("view.codes", Dtype::F32, &[Of(size.saturating_mul(dim))]),
        named("view.movement", Dtype::F32, &[NoneOr(size)]),
        named("view.latent_stds", Dtype::F32, &[NoneOr(dim)]),
    ]);
    if let Some(shape) = data::pictures_shape(spec.set) {
        all.push(named("view.pictures", Dtype::U8, &shape.map(Of)));
        all.push(named("view.indices", Dtype::U32, &indices(spec, shape)));
    }
    all
}

/// The codes of pictures: how many there are, samples down and across each, tokens a sample.
fn indices(spec: &LaneSpec, [count, height, width]: [usize; 3]) -> [Axis; 4] {
    let [down, across] = spec.set.sample_size();
    [count, height / down.max(1), width / across.max(1), spec.tokens].map(Axis::Of)
}

/// Every weight that a lane may have, named as its parameters are.
fn parameters(spec: &LaneSpec) -> Vec<(String, [usize; 2])> {
    let (pixels, hidden) = (spec.pixels(), spec.hidden);
    let (dim, latents) = (spec.dim, spec.tokens * spec.latent);
    let layer = |name: &str, input: usize, output: usize| {
        [(format!("{name}.weight"), [input, output]), (format!("{name}.bias"), [1, output])]
    };
    let mut all = vec![("codes".to_string(), [spec.size, dim])];
    if spec.kind == ModelKind::Mlp {
        all.extend(layer("encoder.0", pixels, hidden));
        all.extend(layer("encoder.1", hidden, latents));
        all.extend(layer("decoder.0", latents, hidden));
        all.extend(layer("decoder.1", hidden, pixels));
    }
    if let Some(narrow) = spec.factor() {
        all.extend(layer("factor.0", spec.latent, narrow));
        all.extend(layer("factor.1", narrow, spec.latent));
    }
    let (rank, wide) = (spec.switches.rank.min(dim), MLP_WIDTH * dim);
    match spec.switches.transform {
        TransformForm::Full => all.extend(layer("transform.0", dim, dim)),
        TransformForm::Diagonal => all.extend(layer("transform.0", 1, dim)),
        TransformForm::LowRank => {
            all.push(("transform.0.weight".into(), [dim, rank]));
            all.push(("transform.1.weight".into(), [rank, dim]));
            all.push(("transform.0.bias".into(), [1, dim]));
        }
        TransformForm::Mlp => {
            all.extend(layer("transform.0", dim, wide));
            all.extend(layer("transform.1", wide, dim));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{Preset, parse};

    #[test]
    fn an_array_of_another_shape_or_kind_is_named_with_what_it_should_be() {
        let scenario = parse("title='x'\n[codebook]\nsize=64\ndim=8\n[lanes.a]\n", "x", &[]);
        let shapes = Shapes::of_keyframe(&scenario.unwrap().lane_specs());
        assert_eq!(shapes.check("a.codes", Dtype::F32, &[64, 2]), Ok(()));
        assert_eq!(shapes.check("a.movement", Dtype::F32, &[0]), Ok(()));
        // What later versions add is left alone, and not read.
        assert!(!shapes.has("a.later") && !shapes.has("b.codes"));
        assert_eq!(shapes.check("a.later", Dtype::F64, &[1 << 40]), Ok(()));
        for (name, kind, lengths, words) in [
            (
                "a.codes",
                Dtype::F32,
                &[63, 2][..],
                "[63 x 2] of F32 where its scenario has [64 x 2]",
            ),
            ("a.codes", Dtype::U32, &[64, 2], "of U32 where"),
            ("a.codes", Dtype::F32, &[128], "a.codes is [128]"),
            (
                "a.inputs",
                Dtype::U8,
                &[0, 64, 64],
                "[0 x 64 x 64] of U8 where its scenario has [12 x",
            ),
            ("a.pictures", Dtype::U8, &[12, 64, 0], "a.pictures is [12 x 64 x 0]"),
            ("a.latents", Dtype::F32, &[513, 2], "[(at most 512) x 2]"),
            ("a.movement", Dtype::F32, &[1], "[(0 or 64)]"),
        ] {
            let error = shapes.check(name, kind, lengths).unwrap_err();
            assert!(error.contains(words), "{error}");
        }
    }

    #[test]
    fn the_weights_are_those_that_a_lane_has() {
        use crate::engine::device::{choose, cpu_only};

        let compute = choose("cpu", &cpu_only()).unwrap().open().unwrap();
        for preset in Preset::ALL {
            let own = if preset == Preset::VqFc { "factor=4\n" } else { "" };
            let text = format!(
                "title='x'\n[codebook]\nsize=64\ndim=8\n[lanes.a]\npreset='{}'\n{own}",
                preset.name()
            );
            let spec = parse(&text, "x", &[]).unwrap().lane_specs().remove(0);
            let known: BTreeMap<_, _> = parameters(&spec).into_iter().collect();
            let lane = crate::engine::lane::Lane::new(spec, true, &compute).unwrap();
            for (name, weight) in lane.parameters() {
                assert_eq!(known.get(&name), Some(&weight.dims()), "{preset:?} {name}");
            }
        }
    }
}
