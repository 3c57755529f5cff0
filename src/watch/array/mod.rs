//! The arrays of .safetensors, .npz and .npy files: listed by name, kind and shape without a number
//! being read; each is read by itself, a piece at a time, straight to where its numbers are needed.
//!
//! What a file says of itself is never taken for memory: lengths are held against what is there, and
//! compressed numbers against what so many bytes can unfold to, before the first one is read.

use std::collections::BTreeMap;
use std::io::Read;
use std::rc::Rc;

use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, RECOMMENDED_BUFFER_SIZE, RangeReader, ReaderAt, ZipArchive,
    ZipArchiveEntryWayfinder, ZipLocator,
};
use safetensors::tensor::Metadata;

use crate::text::shown;
use crate::watch::head::Head;
use crate::watch::npy;
use crate::watch::number::Kind;

/// Longest header of a .safetensors file that is read, and the most bytes of names in an .npz file:
/// one of 100,000 arrays is shorter. A hostile one unfolds to some fifty times its bytes.
const MOST_HEADER: u64 = 1 << 23;

/// Most arrays of an .npz file.
const MOST_ARRAYS: usize = 1 << 16;

/// Bytes that are decoded at once, which every kind of number divides.
const PIECE: usize = 1 << 16;

/// The most bytes to which a byte of a deflate stream can unfold.
const MOST_UNFOLDED: u64 = 1032;

/// Where the bytes of a file come from.
pub type Source = Rc<dyn ReaderAt>;

/// The arrays of one file.
pub struct Arrays {
    source: Source,
    length: u64,
    form: Form,
}

enum Form {
    /// The header, and the byte at which the numbers begin.
    Safetensors(Box<Metadata>, u64),
    Npz(Box<ZipArchive<Source>>, BTreeMap<String, Packed>),
    /// One array without a name.
    Npy,
}

/// An array of an .npz file.
#[derive(Clone, Copy)]
struct Packed {
    place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
}

const AGAIN: &str = "it is damaged or not complete, save it again";

impl Arrays {
    /// Opens a file of `length` bytes with the given ending ("safetensors", "npz" or "npy").
    ///
    /// # Errors
    /// What is wrong with the file, without its name.
    pub fn open(ending: &str, source: Source, length: u64) -> Result<Self, String> {
        let form = match ending {
            "safetensors" => safetensors(&source, length)?,
            "npz" => npz(&source, length)?,
            "npy" => Form::Npy,
            "pt" | "pth" | "ckpt" | "bin" | "pkl" => return Err(
                "is a Python pickle, which may run code when it is read; save it with safetensors.torch.save_file".into(),
            ),
            _ => return Err("ends in neither .safetensors nor .npz nor .npy; save it as one of them".into()),
        };
        Ok(Self { source, length, form })
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
                let head = npy::head(&mut *unpacked(archive, packed)?, length)?;
                let (most, there) = (packed.most(), packed.place.compressed_size_hint());
                if length > most {
                    return Err(damaged(&format!(
                        "{there} bytes are there, and {length} cannot be packed into so few"
                    )));
                }
                Ok(head)
            }
            Form::Npy => npy::head(&mut self.range(0..self.length), self.length),
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
        mut take: impl FnMut(usize, f64) -> Result<(), String>,
    ) -> Result<(), String> {
        let turned = head.turned()?;
        let place = |i: usize| turned.map_or(i, |[rows, columns]| i % rows * columns + i / rows);
        let size = head.kind.bytes();
        let mut reader: Box<dyn Read + '_> = match &self.form {
            Form::Npz(archive, all) => {
                let mut reader = unpacked(archive, packed(all, name)?)?;
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

/// What a library says of an array, which may repeat what stands in it.
fn damaged(why: &dyn std::fmt::Display) -> String {
    format!("is damaged or not complete ({}); save the file again", shown(&why.to_string()))
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
    let damaged = |why: &dyn std::fmt::Display| {
        format!("is not a whole .npz file ({}); {AGAIN}", shown(&why.to_string()))
    };
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let archive = ZipLocator::new()
        .locate_in_reader(source.clone(), &mut buffer, length)
        .map_err(|(_, error)| damaged(&error))?;
    let promised = archive.entries_hint();
    let (mut all, mut names, mut count) = (BTreeMap::new(), 0, 0);
    let mut entries = archive.entries(&mut buffer);
    while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
        let path = entry.file_path();
        names += path.as_ref().len() as u64;
        count += 1;
        if count > MOST_ARRAYS || names > MOST_HEADER {
            return Err(format!(
                "holds more than {MOST_ARRAYS} arrays or {MOST_HEADER} bytes of names; save the codebook alone"
            ));
        }
        let path = String::from_utf8_lossy(path.as_ref()).into_owned();
        // What else lies in an archive is no array.
        let Some(name) = path.strip_suffix(".npy") else { continue };
        let packed = Packed { place: entry.wayfinder(), method: entry.compression_method() };
        if all.insert(name.to_string(), packed).is_some() {
            return Err(format!("holds `{}` twice; save it again", shown(name)));
        }
    }
    if count as u64 != promised {
        return Err(damaged(&format!("it promises {promised} arrays and {count} are there")));
    }
    Ok(Form::Npz(Box::new(archive), all))
}

impl Packed {
    /// The most bytes to which it can unfold.
    fn most(self) -> u64 {
        let packed = self.place.compressed_size_hint();
        let is_stored = self.method == CompressionMethod::STORE;
        if is_stored { packed } else { packed.saturating_mul(MOST_UNFOLDED) }
    }
}

fn packed(all: &BTreeMap<String, Packed>, name: &str) -> Result<Packed, String> {
    all.get(name).copied().ok_or_else(|| "is not there".into())
}

/// The bytes of an array of an .npz file, as many as its archive promises; at their end they are
/// compared with the archive's check sum.
fn unpacked(archive: &ZipArchive<Source>, packed: Packed) -> Result<Box<dyn Read + '_>, String> {
    let entry = archive.get_entry(packed.place).map_err(|error| damaged(&error))?;
    let reader = entry.reader();
    match packed.method {
        CompressionMethod::STORE => Ok(Box::new(entry.verifying_reader(reader))),
        CompressionMethod::DEFLATE => {
            Ok(Box::new(entry.verifying_reader(DeflateDecoder::new(reader))))
        }
        other => Err(format!(
            "is compressed with the method {other:?}; save it with numpy.savez or numpy.savez_compressed"
        )),
    }
}

#[cfg(test)]
mod tests;
