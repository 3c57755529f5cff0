//! Files made by hand, for tests.

use std::io::Write as _;
use std::path::Path;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rawzip::CompressionMethod;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize};

use crate::rng::{Purpose, Stream};

/// An .npy file with this dictionary and these bytes behind it.
pub fn npy(dictionary: &str, data: &[u8]) -> Vec<u8> {
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((dictionary.len() as u16).to_le_bytes());
    file.extend(dictionary.as_bytes());
    file.extend(data);
    file
}

/// The dictionary of an array whose last axis is the fastest.
pub fn dictionary(descr: &str, shape: &str) -> String {
    format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': {shape}, }}")
}

/// Numbers as their bytes.
pub fn f32s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A file in a zip archive as it is packed, and what the archive says of it.
#[derive(Clone, Debug)]
pub struct Packed {
    /// Its name.
    pub name: String,
    /// Number of the compression method: 0 is stored, 8 is deflated.
    pub method: u16,
    /// Its bytes as they lie in the archive.
    pub bytes: Vec<u8>,
    /// Check sum and length of the unpacked bytes, as the archive says them.
    pub sum: u32,
    /// See above.
    pub length: u32,
}

impl Packed {
    /// An honest one.
    pub fn new(name: &str, is_deflated: bool, content: &[u8]) -> Self {
        let bytes = if is_deflated { deflated(content) } else { content.to_vec() };
        let method =
            if is_deflated { CompressionMethod::DEFLATE } else { CompressionMethod::STORE };
        Self {
            name: name.into(),
            method: method.as_u16(),
            bytes,
            sum: rawzip::crc32(content),
            length: content.len() as u32,
        }
    }
}

/// Bytes packed as tightly as may be.
pub fn deflated(content: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

/// A zip archive (APPNOTE 6.3.10, without Zip64) that says of its files what it is told to.
pub fn zip(files: &[Packed]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for file in files {
        let offset = out.len() as u32;
        let mut facts = vec![20, 0, 0, 0];
        facts.extend(file.method.to_le_bytes());
        facts.extend([0; 4]);
        for number in [file.sum, file.bytes.len() as u32, file.length] {
            facts.extend(number.to_le_bytes());
        }
        facts.extend((file.name.len() as u16).to_le_bytes());
        facts.extend([0; 2]);
        out.extend(b"PK\x03\x04");
        out.extend(&facts);
        out.extend(file.name.as_bytes());
        out.extend(&file.bytes);
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&facts);
        directory.extend([0; 10]);
        directory.extend(offset.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let (start, count) = (out.len() as u32, files.len() as u16);
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend(count.to_le_bytes());
    out.extend(count.to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    out
}

/// A .safetensors file with this header, byte for byte.
pub fn safetensors(header: &str, data: &[u8]) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), data].concat()
}

/// Files of a residual quantizer of three levels in a folder, as the helper for Python names its arrays:
/// 48 codes of width 4 in each, counts, encoder outputs and indices of all levels. From step to step fewer
/// codes of the second level are used; the last level uses one code alone.
pub fn residual(folder: &Path, steps: &[u64]) {
    const SIZE: usize = 48;
    const DIM: usize = 4;
    const TOKENS: usize = 256;
    for (nth, &step) in steps.iter().enumerate() {
        let mut stream = Stream::new(7, Purpose::Codes, step);
        let mut arrays: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = Vec::new();
        let in_use = [SIZE, (SIZE >> nth).max(1), 1];
        let mut indices = Vec::new();
        for (level, scale) in [1.0_f32, 0.5, 0.25].into_iter().enumerate() {
            let codes = f32s(&stream.uniform(SIZE * DIM, scale));
            let name = |leaf: &str| format!("level.{level}.{leaf}");
            let mut usage = vec![0_i64; SIZE];
            let code =
                |token: usize| (token * (2 * level + 5) + level * (token / SIZE)) % in_use[level];
            let chosen: Vec<usize> = (0..TOKENS).map(code).collect();
            chosen.iter().for_each(|code| usage[*code] += 1);
            indices.push(chosen);
            arrays.push((name("codebook"), Dtype::F32, vec![SIZE, DIM], codes));
            let usage = usage.iter().flat_map(|n| n.to_le_bytes()).collect();
            arrays.push((name("usage"), Dtype::I64, vec![SIZE], usage));
        }
        let latents = f32s(&stream.uniform(TOKENS * DIM, 1.5));
        arrays.push(("level.0.latents".into(), Dtype::F32, vec![TOKENS, DIM], latents));
        let rows = (0..TOKENS).flat_map(|token| indices.iter().map(move |level| level[token]));
        let rows = rows.flat_map(|code| (code as i32).to_le_bytes()).collect();
        arrays.push(("indices".into(), Dtype::I32, vec![TOKENS, 3], rows));
        arrays.push(("step".into(), Dtype::I64, Vec::new(), (step as i64).to_le_bytes().into()));
        save(&folder.join(format!("codes_{step:06}.safetensors")), &arrays);
    }
}

/// Arrays by name, type, shape and bytes as a .safetensors file.
pub fn save(path: &Path, arrays: &[(String, Dtype, Vec<usize>, Vec<u8>)]) {
    let views = arrays.iter().map(|(name, dtype, shape, bytes)| {
        (name.as_str(), TensorView::new(*dtype, shape.clone(), bytes).unwrap())
    });
    std::fs::write(path, serialize(views, None).unwrap()).unwrap();
}
