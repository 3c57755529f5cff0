//! The arrays of .safetensors, .npz and .npy files: listed by name, kind and shape without a number
//! being read; each is read by itself, a piece at a time, straight to where its numbers are needed.
//!
//! What a file says of itself is never taken for memory: lengths are held against what is there, and
//! compressed numbers against what so many bytes can unfold to, before the first one is read.

use std::collections::BTreeMap;
use std::io::Read;

use rawzip::RangeReader;
use safetensors::tensor::Metadata;

use crate::text::shown;
use crate::watch::head::Head;
use crate::watch::npy;
use crate::watch::number::Kind;
use crate::watch::rules::plan::Listed;
use crate::watch::torch::Checkpoint;
use crate::watch::zip::{Archive, Packed, damaged};

pub use crate::watch::zip::Source;

/// Longest header of a .safetensors file that is read: one of 100,000 arrays is shorter. A hostile one
/// unfolds to some fifty times its bytes.
const MOST_HEADER: u64 = 1 << 23;

/// Bytes that are decoded at once, which every kind of number divides.
const PIECE: usize = 1 << 16;

/// Endings of files of `torch.save`.
pub const TORCH: [&str; 6] = ["pt", "pth", "ckpt", "bin", "th", "tar"];

/// The arrays of one file, or of several that are one.
pub struct Arrays {
    source: Source,
    length: u64,
    form: Form,
}

enum Form {
    /// The header, and the byte at which the numbers begin.
    Safetensors(Box<Metadata>, u64),
    Npz(Box<Archive>, BTreeMap<String, Packed>),
    /// One array without a name.
    Npy,
    Torch(Box<Checkpoint>),
    /// Parts of one model, and in which of them an array lies.
    Parts(Vec<Arrays>, BTreeMap<String, usize>),
}

/// What an error says of a file that is not whole.
const AGAIN: &str = "it is damaged or not complete, save it again";

impl Arrays {
    /// Opens a file of `length` bytes with the given ending ("safetensors", "npz", "npy", "pt"...).
    ///
    /// # Errors
    /// What is wrong with the file, without its name.
    pub fn open(ending: &str, source: Source, length: u64) -> Result<Self, String> {
        let form = match ending {
            "safetensors" => safetensors(&source, length)?,
            "npz" => npz(&source, length)?,
            "npy" => Form::Npy,
            ending if TORCH.contains(&ending) => {
                Form::Torch(Box::new(Checkpoint::open(&source, length)?))
            }
            "pkl" | "pickle" | "joblib" => return Err(
                "is a Python pickle, which may run code when it is read; save it with torch.save or safetensors.torch.save_file".into(),
            ),
            _ => return Err(
                "ends in none of .safetensors, .npz, .npy, .pt, .pth, .ckpt, .bin and .th; save it as one of them".into(),
            ),
        };
        Ok(Self { source, length, form })
    }

    /// Several files that hold one model together.
    ///
    /// # Errors
    /// None is given, or two of them hold the same array.
    pub fn joined(parts: Vec<Self>) -> Result<Self, String> {
        let mut places = BTreeMap::new();
        for (at, part) in parts.iter().enumerate() {
            for name in part.names() {
                if places.insert(name.clone(), at).is_some() {
                    return Err(format!("holds `{}` in two of its parts", shown(&name)));
                }
            }
        }
        let first = parts.first().ok_or("has no part")?;
        let length = parts.iter().fold(0_u64, |sum, part| sum.saturating_add(part.length));
        Ok(Self { source: first.source.clone(), length, form: Form::Parts(parts, places) })
    }

    /// Bytes of the file, or of all its parts.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Names of all arrays, sorted; an .npy file is one array with the name `codebook`.
    pub fn names(&self) -> Vec<String> {
        match &self.form {
            Form::Safetensors(metadata, _) => {
                let mut names = metadata.offset_keys();
                names.sort();
                names
            }
            Form::Npz(_, packed) => packed.keys().cloned().collect(),
            Form::Npy => vec!["codebook".into()],
            Form::Torch(checkpoint) => checkpoint.names(),
            Form::Parts(_, places) => places.keys().cloned().collect(),
        }
    }

    /// All arrays as the rules want them; one that is not read stands among them with what is known of
    /// it, because its name may say that it is needed.
    pub fn listed(&self) -> Vec<Listed> {
        self.names()
            .into_iter()
            .map(|name| {
                let is_flags = self.is_flags(&name);
                match self.head(&name) {
                    Ok(head) => {
                        let is_float = !matches!(head.kind, Kind::Signed(_) | Kind::Unsigned(_));
                        Listed { name, shape: head.shape, is_float, is_flags, problem: None }
                    }
                    Err(why) => {
                        let shape = self.shape(&name).unwrap_or_default();
                        Listed { name, shape, is_float: false, is_flags, problem: Some(why) }
                    }
                }
            })
            .collect()
    }

    /// The shape of an array whose kind is not read.
    fn shape(&self, name: &str) -> Option<Vec<usize>> {
        match &self.form {
            Form::Safetensors(metadata, _) => metadata.info(name).map(|info| info.shape.clone()),
            Form::Torch(checkpoint) => checkpoint.tensor(name).map(|tensor| tensor.shape.clone()),
            Form::Parts(parts, places) => parts[*places.get(name)?].shape(name),
            Form::Npz(..) | Form::Npy => None,
        }
    }

    /// Whether the numbers of an array are flags.
    fn is_flags(&self, name: &str) -> bool {
        match &self.form {
            Form::Safetensors(metadata, _) => {
                metadata.info(name).is_some_and(|info| info.dtype == safetensors::Dtype::BOOL)
            }
            Form::Torch(checkpoint) => {
                checkpoint.tensor(name).is_some_and(|tensor| tensor.is_flags)
            }
            Form::Parts(parts, places) => {
                places.get(name).is_some_and(|&at| parts[at].is_flags(name))
            }
            Form::Npz(..) | Form::Npy => false,
        }
    }

    /// Kind and shape of an array; no number of it is read.
    ///
    /// # Errors
    /// What is wrong with it, without its name: it is damaged, or of a type that is not read.
    pub fn head(&self, name: &str) -> Result<Head, String> {
        match &self.form {
            Form::Safetensors(metadata, start) => {
                let info = metadata.info(name).ok_or("is not there")?;
                Ok(Head {
                    shape: info.shape.clone(),
                    kind: Kind::of_safetensors(info.dtype)?,
                    is_big_endian: false,
                    is_fortran: false,
                    start: start + info.data_offsets.0 as u64,
                })
            }
            Form::Npz(archive, all) => {
                let packed = packed(all, name)?;
                let length = packed.place.uncompressed_size_hint();
                let head = npy::head(&mut *archive.unpacked(packed)?, length)?;
                let (most, there) = (packed.most(), packed.place.compressed_size_hint());
                if length > most {
                    return Err(damaged(&format!(
                        "{there} bytes are there, and {length} cannot be packed into so few"
                    )));
                }
                Ok(head)
            }
            Form::Npy => npy::head(&mut self.range(0..self.length), self.length),
            Form::Torch(checkpoint) => {
                let (shape, kind) = match checkpoint.tensor(name) {
                    Some(tensor) => (tensor.shape.clone(), tensor.kind()?),
                    None => {
                        checkpoint.number(name).ok_or("is not there")?;
                        (Vec::new(), Kind::Signed(8))
                    }
                };
                Ok(Head { shape, kind, is_big_endian: false, is_fortran: false, start: 0 })
            }
            Form::Parts(parts, places) => {
                parts[*places.get(name).ok_or("is not there")?].head(name)
            }
        }
    }

    /// Reads the first `count` numbers of an array in the order in which they lie there, and hands
    /// each out with its place in the order of the axes, the last one fastest. Where all of them are
    /// read, an archive's own check sum is looked at.
    ///
    /// # Errors
    /// What is wrong with it, or what `take` says.
    pub fn numbers(
        &self,
        name: &str,
        head: &Head,
        count: usize,
        take: &mut dyn FnMut(usize, f64) -> Result<(), String>,
    ) -> Result<(), String> {
        match &self.form {
            Form::Parts(parts, places) => {
                let part = &parts[*places.get(name).ok_or("is not there")?];
                return part.numbers(name, head, count, take);
            }
            Form::Torch(checkpoint) => {
                return match (checkpoint.tensor(name), checkpoint.number(name)) {
                    (Some(tensor), _) => checkpoint.numbers(&self.source, tensor, count, take),
                    (None, Some(number)) if count > 0 => take(0, number as f64),
                    _ => Ok(()),
                };
            }
            _ => {}
        }
        let turned = head.turned()?;
        let place = |i: usize| turned.map_or(i, |[rows, columns]| i % rows * columns + i / rows);
        let size = head.kind.bytes();
        let mut reader: Box<dyn Read + '_> = match &self.form {
            Form::Npz(archive, all) => {
                let mut reader = archive.unpacked(packed(all, name)?)?;
                let skipped =
                    std::io::copy(&mut reader.by_ref().take(head.start), &mut std::io::sink());
                skipped.map_err(|error| damaged(&error))?;
                reader
            }
            _ => Box::new(self.range(head.start..self.length)),
        };
        let mut piece = vec![0; PIECE.min(count.saturating_mul(size))];
        let mut done = 0;
        while done < count {
            let length = piece.len().min((count - done) * size);
            reader.read_exact(&mut piece[..length]).map_err(|error| damaged(&error))?;
            for bytes in piece[..length].chunks_exact(size) {
                take(place(done), head.kind.number(bytes, head.is_big_endian))?;
                done += 1;
            }
        }
        // At its end an archive compares what it unpacked with what was packed.
        if Some(done) == head.count() && matches!(self.form, Form::Npz(..)) {
            let rest = std::io::copy(&mut reader.take(1), &mut std::io::sink());
            rest.map_err(|error| damaged(&error))?;
        }
        Ok(())
    }

    fn range(&self, range: std::ops::Range<u64>) -> RangeReader<&Source> {
        RangeReader::new(&self.source, range)
    }
}

fn safetensors(source: &Source, length: u64) -> Result<Form, String> {
    let damaged = |why: &dyn std::fmt::Display| {
        format!("is not a whole safetensors file ({}); {AGAIN}", shown(&why.to_string()))
    };
    let mut low = [0; 8];
    source.read_exact_at(&mut low, 0).map_err(|error| damaged(&error))?;
    let header = u64::from_le_bytes(low);
    if header > length.saturating_sub(8) {
        return Err(damaged(&"its header is longer than the file"));
    }
    if header > MOST_HEADER {
        return Err(format!(
            "has a header of {header} bytes, and at most {MOST_HEADER} are read; save the codebook without the rest of the model"
        ));
    }
    let mut text = vec![0; header as usize];
    source.read_exact_at(&mut text, 8).map_err(|error| damaged(&error))?;
    // It looks at offsets, shapes and kinds: all numbers lie one after the other without a gap.
    let metadata: Metadata = serde_json::from_slice(&text).map_err(|error| damaged(&error))?;
    let (start, promised) = (8 + header, metadata.data_len() as u64);
    if start.checked_add(promised) != Some(length) {
        return Err(damaged(&format!(
            "its header promises {promised} bytes of numbers and {} are there",
            length - start
        )));
    }
    Ok(Form::Safetensors(Box::new(metadata), start))
}

fn npz(source: &Source, length: u64) -> Result<Form, String> {
    let archive = Archive::open(source, length, ".npz")?;
    // What else lies in an archive is no array.
    let arrays = archive
        .files
        .iter()
        .filter_map(|(path, file)| Some((path.strip_suffix(".npy")?.to_string(), *file)))
        .collect();
    Ok(Form::Npz(Box::new(archive), arrays))
}

fn packed(all: &BTreeMap<String, Packed>, name: &str) -> Result<Packed, String> {
    all.get(name).copied().ok_or_else(|| "is not there".into())
}

#[cfg(test)]
mod tests;
