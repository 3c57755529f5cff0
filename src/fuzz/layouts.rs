//! Files as libraries and the helper for Python save them: the arrays that hostile inputs are made of.

use crate::fuzz::arrays::Array;
use crate::fuzz::{once_in, one_of};
use crate::rng::{Purpose, Stream};

/// Makes arrays of numbers that mean nothing.
struct Maker(Stream);

impl Maker {
    /// Codes, weights, encoder outputs.
    fn normal(&mut self, name: &str, shape: &[u64]) -> Array {
        let count = shape.iter().product::<u64>() as usize;
        Array::f32s(name, shape, &self.0.normal(count, 1.0))
    }

    /// Averages, lengths and variances.
    fn positive(&mut self, name: &str, shape: &[u64]) -> Array {
        let count = shape.iter().product::<u64>() as usize;
        let values: Vec<f32> = self.0.normal(count, 1.0).iter().map(|x| x.abs() + 0.1).collect();
        Array::f32s(name, shape, &values)
    }

    /// Counts and indices below a bound.
    fn whole(&mut self, name: &str, shape: &[u64], below: usize) -> Array {
        let count = shape.iter().product::<u64>();
        let values: Vec<i64> = (0..count).map(|_| self.0.below(below) as i64).collect();
        Array::i64s(name, shape, &values)
    }

    /// The same as floats.
    fn whole_floats(&mut self, name: &str, shape: &[u64], below: usize) -> Array {
        let count = shape.iter().product::<u64>();
        let values: Vec<f32> = (0..count).map(|_| self.0.below(below) as f32).collect();
        Array::f32s(name, shape, &values)
    }

    /// Flags of one byte.
    fn flags(&mut self, name: &str, shape: &[u64]) -> Array {
        let count = shape.iter().product::<u64>();
        let data = (0..count).map(|_| self.0.below(2) as u8).collect();
        bytes(name, "BOOL", shape, data)
    }
}

fn bytes(name: &str, kind: &str, shape: &[u64], data: Vec<u8>) -> Array {
    Array { name: name.into(), kind: kind.into(), shape: shape.to_vec(), data }
}

fn step() -> Array {
    Array::i64s("step", &[], &[120])
}

/// Every layout.
pub fn all() -> Vec<Vec<Array>> {
    let mut maker = Maker(Stream::new(4, Purpose::Codes, 0));
    let mut all = own(&mut maker);
    all.extend(several(&mut maker));
    all.extend(mapped(&mut maker));
    all.extend(used(&mut maker));
    all
}

/// Names of our own, and one codebook of a library.
fn own(m: &mut Maker) -> Vec<Vec<Array>> {
    let usage = Array::i64s("usage", &[5], &[3, 0, 1, 0, 12]);
    vec![
        vec![m.normal("codebook", &[5, 3]), usage.clone(), m.normal("latents", &[7, 3]), step()],
        vec![m.normal("C", &[5, 3]), m.normal("W", &[3, 3]), m.normal("b", &[3]), usage],
        vec![
            m.normal("C", &[4, 2]),
            m.normal("linear.weight", &[2, 2]),
            m.normal("linear.bias", &[2]),
        ],
        vec![
            m.normal("decoder.0.weight", &[2, 9]),
            m.normal("quantize.embedding.weight", &[6, 2]),
            m.normal("quantize.embedding_proj.weight", &[2, 2]),
            m.normal("quantize.embedding_proj.bias", &[2]),
            step(),
        ],
        vec![
            m.normal("vq._codebook.embed", &[1, 6, 2]),
            m.positive("vq._codebook.cluster_size", &[1, 6]),
        ],
    ]
}

/// Levels, heads, groups and scales.
fn several(m: &mut Maker) -> Vec<Vec<Array>> {
    let mut helper = vec![m.normal("level.0.latents", &[7, 3]), step()];
    let mut residual = Vec::new();
    let mut mimi = Vec::new();
    for level in 0..3 {
        let (of_helper, of_residual) = (format!("level.{level}"), format!("layers.{level}"));
        helper.push(m.normal(&format!("{of_helper}.codebook"), &[5, 3]));
        helper.push(m.whole(&format!("{of_helper}.usage"), &[5], 9));
        let part = format!("{of_residual}._codebook");
        residual.push(m.normal(&format!("{part}.embed"), &[1, 6, 2]));
        residual.push(m.positive(&format!("{part}.cluster_size"), &[1, 6]));
        residual.push(m.normal(&format!("{part}.embed_avg"), &[1, 6, 2]));
        residual.push(m.flags(&format!("{part}.initted"), &[]));
        let part = if level == 0 { "rvq_first.vq.layers.0" } else { "rvq_rest.vq.layers" };
        let part = if level == 0 { part.into() } else { format!("{part}.{}", level - 1) };
        mimi.push(m.normal(&format!("{part}._codebook.embedding_sum"), &[6, 2]));
        mimi.push(m.positive(&format!("{part}._codebook.cluster_usage"), &[6]));
    }
    helper.push(m.whole("indices", &[7, 3], 5));
    residual.push(m.whole("codes", &[1, 3, 8], 6));
    let heads = vec![
        m.normal("codebook", &[2, 5, 3]),
        m.whole("usage", &[2, 5], 9),
        m.whole("indices", &[7, 2], 5),
        m.normal("latents", &[7, 3]),
        step(),
    ];
    let groups = (0..4).flat_map(|at| {
        let name = format!("rvqs.{}.layers.{}._codebook", at / 2, at % 2);
        [
            m.normal(&format!("{name}.embed"), &[1, 4, 2]),
            m.positive(&format!("{name}.cluster_size"), &[1, 4]),
        ]
    });
    let groups = groups.collect();
    let codevectors = vec![
        m.normal("quantizer.codevectors", &[1, 8, 2]),
        m.normal("quantizer.weight_proj.weight", &[8, 3]),
    ];
    vec![helper, residual, mimi, heads, groups, codevectors]
}

/// Codes behind a map: weight norm, an affine one, perceptrons, torch's parametrize.
fn mapped(m: &mut Maker) -> Vec<Vec<Array>> {
    let mut dac = Vec::new();
    for level in 0..2 {
        let part = format!("quantizer.quantizers.{level}");
        dac.push(m.normal(&format!("{part}.codebook.weight"), &[6, 2]));
        dac.push(m.positive(&format!("{part}.in_proj.weight_g"), &[2, 1, 1]));
        dac.push(m.normal(&format!("{part}.in_proj.weight_v"), &[2, 4, 1]));
        dac.push(m.normal(&format!("{part}.in_proj.bias"), &[2]));
        dac.push(m.positive(&format!("{part}.out_proj.weight_g"), &[4, 1, 1]));
        dac.push(m.normal(&format!("{part}.out_proj.weight_v"), &[4, 2, 1]));
    }
    let normed = vec![
        m.normal("quantize.embedding.weight", &[6, 2]),
        m.positive("quantize.embedding_proj.weight_g", &[3, 1]),
        m.normal("quantize.embedding_proj.weight_v", &[3, 2]),
        m.normal("quantize.embedding_proj.bias", &[3]),
        m.normal("latents", &[7, 3]),
    ];
    let parametrizations = "vq.codebook_proj.parametrizations.weight";
    let other_normed = vec![
        m.normal("vq.codebook.weight", &[6, 2]),
        m.positive(&format!("{parametrizations}.original0"), &[2, 1]),
        m.normal(&format!("{parametrizations}.original1"), &[2, 2]),
    ];
    let affine = vec![
        m.normal("_codebook.embed", &[1, 6, 2]),
        m.positive("_codebook.cluster_size", &[1, 6]),
        m.normal("_codebook.codebook_mean", &[1, 1, 2]),
        m.positive("_codebook.codebook_variance", &[1, 1, 2]),
        m.normal("_codebook.batch_mean", &[1, 1, 2]),
        m.positive("_codebook.batch_variance", &[1, 1, 2]),
    ];
    let perceptron = vec![
        m.normal("frozen_codebook", &[6, 2]),
        m.normal("code_transform.0.weight", &[4, 2]),
        m.normal("code_transform.0.bias", &[4]),
        m.normal("code_transform.2.weight", &[3, 4]),
        m.normal("latents", &[7, 3]),
    ];
    let bits = vec![
        m.whole_floats("vq.embedding", &[8, 3], 2),
        m.normal("vq.embedding_mlp.0.weight", &[4, 3]),
        m.normal("vq.embedding_mlp.2.weight", &[2, 4]),
    ];
    let parametrized = vec![
        m.normal("quantizer.embedding.parametrizations.weight.original", &[6, 2]),
        m.normal("quantizer.embedding.parametrizations.weight.0.W", &[2, 2]),
        m.normal("quantizer.embedding.parametrizations.weight.0.b", &[2]),
    ];
    vec![dac, normed, other_normed, affine, perceptron, bits, parametrized]
}

/// Use in all its forms: averages, rings, flags, shares, several of them; codes in columns, and broken ones.
fn used(m: &mut Maker) -> Vec<Vec<Array>> {
    let mut broken = m.normal("codebook", &[6, 2]);
    broken.data[8..12].copy_from_slice(&f32::NAN.to_le_bytes());
    let mut latents = m.normal("latents", &[7, 2]);
    latents.data[..4].copy_from_slice(&f32::INFINITY.to_le_bytes());
    vec![
        vec![broken, m.positive("usage", &[6]), latents, step()],
        vec![
            m.normal("quantize.embedding.weight", &[6, 2]),
            m.whole_floats("quantize.codebook_used", &[64], 6),
        ],
        vec![m.normal("codebook", &[5, 3]), m.flags("usage", &[5])],
        vec![
            m.normal("codebook", &[5, 3]),
            m.whole("usage", &[5], 9),
            m.whole("usage_total", &[5], 900),
            m.whole("indices", &[32], 5),
            m.positive("cluster_size", &[5]),
            bytes("lookup", "U8", &[6], b"cosine".to_vec()),
        ],
        vec![
            m.normal("quantize.embedding.weight", &[6, 2]),
            m.positive("quantize.embedding.cluster_size", &[6]),
            m.normal("quantize.embedding.embed_avg", &[6, 2]),
            m.positive("quantize.cluster_size", &[6]),
        ],
        vec![
            m.normal("vqvae/embeddings", &[2, 6]),
            m.positive("vqvae/ema_cluster_size", &[6]),
            m.normal("vqvae/ema_dw", &[2, 6]),
        ],
        vec![
            m.normal("model.quantize.embedding.weight", &[6, 2]),
            m.positive("model.quantize.embed_prob", &[6]),
            m.normal("ema_model.quantize.embedding.weight", &[6, 2]),
            m.normal("things.a", &[6, 2]),
        ],
    ]
}

/// One of these layouts, now and then with an array of another one among its own.
pub fn mixed(stream: &mut Stream, all: &[Vec<Array>]) -> Vec<Array> {
    let mut arrays = one_of(stream, all);
    if once_in(stream, 5) {
        let other = one_of(stream, all);
        let array = one_of(stream, &other);
        if arrays.iter().all(|own| own.name != array.name) {
            arrays.push(array);
        }
    }
    arrays
}

#[test]
fn every_layout_is_read_as_it_stands() {
    for arrays in all() {
        let bytes = crate::fuzz::arrays::safetensors(&arrays, None);
        let input = vec![("x_12.safetensors".into(), bytes)];
        let outcome = crate::fuzz::external::read(&input);
        let names: Vec<&str> = arrays.iter().map(|array| array.name.as_str()).collect();
        assert!(matches!(outcome, crate::fuzz::Outcome::Read), "{names:?}");
    }
}
