//! Arrays of files, and changes to them.

use std::collections::BTreeMap;

use crate::fuzz::{once_in, one_of};
use crate::rng::Stream;

/// An array as a file holds it.
#[derive(Clone, Debug)]
pub struct Array {
    pub name: String,
    /// As safetensors names it.
    pub kind: String,
    pub shape: Vec<u64>,
    pub data: Vec<u8>,
}

/// Kinds of numbers and their bytes, as safetensors and NumPy name them.
pub const KINDS: [(&str, &str, usize); 12] = [
    ("F16", "<f2", 2),
    ("BF16", "<V2", 2),
    ("F32", "<f4", 4),
    ("F64", ">f8", 8),
    ("I8", "|i1", 1),
    ("I16", "<i2", 2),
    ("I32", "<i4", 4),
    ("I64", "<i8", 8),
    ("U8", "|u1", 1),
    ("U16", "<u2", 2),
    ("U32", "<u4", 4),
    ("BOOL", "|b1", 1),
];

const NAMES: [&str; 34] = [
    "codebook",
    "C",
    "W",
    "b",
    "linear.weight",
    "linear.bias",
    "usage",
    "latents",
    "step",
    "quantize.embedding.weight",
    "quantize.embedding_proj.weight",
    "vq._codebook.embed",
    "vq._codebook.cluster_size",
    "frozen_codebook",
    "",
    "\u{1b}[2J\u{202e}",
    "../../x",
    "a.codes",
    "level.0.codebook",
    "level.1.usage",
    "level.2.latents",
    "indices",
    "usage_total",
    "cluster_size",
    "codes",
    "lookup",
    "layers.1._codebook.embed",
    "layers.1._codebook.embed_avg",
    "code_transform.0.weight",
    "_codebook.batch_mean",
    "quantize.codebook_used",
    "quantize.embedding_proj.weight_g",
    "quantize.proj.weight",
    "vqvae/embeddings",
];

/// Lengths of axes: usual ones, edges, and those whose product overflows.
const LENGTHS: [u64; 14] =
    [0, 1, 2, 3, 4, 8, 64, 512, 513, 65_536, 16_777_217, 1 << 32, 1 << 63, u64::MAX];

/// 32-bit floats that trouble what divides, sorts or rounds.
const FLOATS: [f32; 10] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::MAX,
    f32::MIN_POSITIVE,
    1e-40,
];

/// Bytes of the longest array that is made whole.
const MOST: u64 = 1 << 16;

impl Array {
    pub fn f32s(name: &str, shape: &[u64], values: &[f32]) -> Self {
        let data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self { name: name.into(), kind: "F32".into(), shape: shape.to_vec(), data }
    }

    pub fn i64s(name: &str, shape: &[u64], values: &[i64]) -> Self {
        let data = values.iter().flat_map(|v| v.to_le_bytes()).collect();
        Self { name: name.into(), kind: "I64".into(), shape: shape.to_vec(), data }
    }

    /// Bytes that its shape promises, where they can be counted.
    pub fn promised(&self) -> Option<u64> {
        let size = KINDS.iter().find(|(kind, ..)| *kind == self.kind)?.2 as u64;
        self.shape.iter().try_fold(size, |product, &n| product.checked_mul(n))
    }

    /// Makes as many bytes as its shape promises, if that is not too much.
    fn seal(&mut self) {
        if let Some(promised) = self.promised().filter(|&n| n <= MOST) {
            self.data.resize(promised as usize, 0);
        }
    }
}

/// Changes one or two of some arrays; afterwards lengths fit more often than not.
pub fn change(stream: &mut Stream, arrays: &mut Vec<Array>) {
    for _ in 0..=stream.below(2) {
        if arrays.is_empty() {
            arrays.push(Array::f32s("codebook", &[1, 1], &[0.5]));
        }
        let at = stream.below(arrays.len());
        match stream.below(9) {
            0 => arrays[at].name = one_of(stream, &NAMES).into(),
            1 => arrays[at].kind = one_of(stream, &KINDS).0.into(),
            2 | 3 => change_shape(stream, &mut arrays[at].shape),
            4 => drop(arrays.remove(at)),
            5 => {
                let mut other = arrays[at].clone();
                other.name = one_of(stream, &NAMES).into();
                arrays.push(other);
                continue;
            }
            6 => {
                let (longer, shorter) = (stream.below(9), stream.below(9));
                let data = &mut arrays[at].data;
                data.truncate(data.len().saturating_sub(shorter));
                data.extend(vec![7; longer]);
                continue;
            }
            _ => {
                let data = &mut arrays[at].data;
                for _ in 0..stream.below(4) {
                    let numbers = data.len() / 4;
                    if numbers > 0 {
                        let place = 4 * stream.below(numbers);
                        data[place..place + 4]
                            .copy_from_slice(&one_of(stream, &FLOATS).to_le_bytes());
                    }
                }
            }
        }
        if !once_in(stream, 8) && at < arrays.len() {
            arrays[at].seal();
        }
    }
}

fn change_shape(stream: &mut Stream, shape: &mut Vec<u64>) {
    let length = if once_in(stream, 2) { stream.below(9) as u64 } else { one_of(stream, &LENGTHS) };
    let at = stream.below(shape.len() + 1);
    match stream.below(6) {
        0 => shape.insert(at, length),
        1 => shape.insert(at, 1),
        2 if at < shape.len() => drop(shape.remove(at)),
        3 => shape.reverse(),
        _ if at < shape.len() => shape[at] = length,
        _ => {}
    }
}

/// A .safetensors file of these arrays, one after the other, with a text about them.
pub fn safetensors(arrays: &[Array], text: Option<&str>) -> Vec<u8> {
    let mut header = serde_json::Map::new();
    if let Some(text) = text {
        header.insert("__metadata__".into(), serde_json::json!({ "vqscope": text }));
    }
    let (mut data, mut start) = (Vec::new(), 0);
    for array in arrays {
        let end = start + array.data.len();
        let info = serde_json::json!({
            "dtype": array.kind, "shape": array.shape, "data_offsets": [start, end],
        });
        // Of two of one name the header keeps one, and there is a gap.
        header.insert(array.name.clone(), info);
        data.extend(&array.data);
        start = end;
    }
    let header = serde_json::Value::Object(header).to_string();
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &data].concat()
}

/// The arrays of a .safetensors file that is whole, and the text about them.
pub fn of_safetensors(bytes: &[u8]) -> (Vec<Array>, String) {
    let header = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let parsed: BTreeMap<String, serde_json::Value> =
        serde_json::from_slice(&bytes[8..8 + header]).unwrap();
    let data = &bytes[8 + header..];
    let mut arrays = Vec::new();
    for (name, info) in parsed.iter().filter(|(name, _)| *name != "__metadata__") {
        let offset = |i: usize| info["data_offsets"][i].as_u64().unwrap() as usize;
        let shape = info["shape"].as_array().unwrap();
        arrays.push(Array {
            name: name.clone(),
            kind: info["dtype"].as_str().unwrap().into(),
            shape: shape.iter().map(|n| n.as_u64().unwrap()).collect(),
            data: data[offset(0)..offset(1)].to_vec(),
        });
    }
    let text = parsed.get("__metadata__").and_then(|m| m["vqscope"].as_str());
    (arrays, text.unwrap_or_default().into())
}
