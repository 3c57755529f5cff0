//! Files of other programs: .safetensors, .npy and .npz.

use std::io::Cursor;
use std::path::Path;
use std::rc::Rc;

use crate::fuzz::arrays::{self, Array, KINDS};
use crate::fuzz::layouts;
use crate::fuzz::{Input, Outcome, Reader, fuzz, hurt, once_in, one_of};
use crate::record::event::Lookup;
use crate::rng::Stream;
use crate::watch::array::{Arrays, Source};
use crate::watch::look::Looker;
use crate::watch::made;
use crate::watch::made::Packed;
use crate::watch::reader::{External, of_arrays, of_source};
use crate::watch::rules::choices;
use crate::watch::rules::wishes::Wishes;

/// What a user can say of how codes are looked for.
const LOOKUPS: [Lookup; 3] = [Lookup::L2, Lookup::Cosine, Lookup::Dot];

/// Looks at a file twice, as at two files of a series.
pub fn twice(file: External) {
    let mut looker = Looker::new(1);
    let step = file.step.unwrap_or(0);
    let first = looker.look(step, file.clone());
    let second = looker.look(step.saturating_add(1), file);
    assert_eq!(first.snapshot.lanes[0].codes.len(), second.snapshot.lanes[0].movement.len());
}

/// Reads a file as `vqscope watch` does, and looks at it twice, as at two files of a series.
pub fn read(input: &Input) -> Outcome {
    let (name, bytes) = &input[0];
    let (path, length) = (Path::new(name), bytes.len() as u64);
    let source: Source = Rc::new(Cursor::new(bytes.clone()));
    let ending = name.rsplit('.').next().unwrap_or_default();
    let opened = Arrays::open(ending, source.clone(), length);
    let is_past = opened.is_ok_and(|arrays| {
        arrays.names().iter().all(|name| arrays.head(name).is_ok()) || ending != "npy"
    });
    let arrays = of_source(path, source, length);
    let read = arrays.and_then(|arrays| {
        choices::of(&arrays.listed(), &Wishes::default(), name.clone());
        let file = of_arrays(path, &arrays, &Wishes::default(), true)?;
        // Another of its codebooks, by another lookup.
        let last = file.levels.len().saturating_sub(1);
        let lookup = LOOKUPS[bytes.len() % LOOKUPS.len()];
        let said = Wishes { level: Some(last), lookup: Some(lookup), ..Wishes::default() };
        let other = of_arrays(path, &arrays, &said, false)?;
        drop(Looker::new(1).look(0, other));
        Ok(file)
    });
    let read = read.map(twice);
    Outcome::of(read, is_past)
}

/// `vqscope watch x.safetensors`.
pub struct Safetensors(Vec<Vec<Array>>);

impl Reader for Safetensors {
    const NAME: &'static str = "safetensors";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut all = layouts::mixed(stream, &self.0);
        arrays::change(stream, &mut all);
        let mut bytes = arrays::safetensors(&all, None);
        match stream.below(16) {
            0 => hurt(stream, &mut bytes),
            1 => {
                let lengths = [0, 1, 8, 100, 1 << 23, (1 << 23) + 1, 1 << 40, u64::MAX];
                bytes[..8].copy_from_slice(&one_of(stream, &lengths).to_le_bytes());
            }
            2 => {
                // The header alone, with its length sealed again.
                let (length, data) = bytes.split_at(8);
                let header = u64::from_le_bytes(length.try_into().unwrap()) as usize;
                let mut header_bytes = data[..header].to_vec();
                hurt(stream, &mut header_bytes);
                let length = (header_bytes.len() as u64).to_le_bytes();
                bytes = [&length[..], &header_bytes, &data[header..]].concat();
            }
            _ => {}
        }
        vec![("x_12.safetensors".into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        read(input)
    }
}

/// An array in NumPy's form.
fn npy(stream: &mut Stream, array: &Array) -> Vec<u8> {
    let descr = KINDS.iter().find(|(kind, ..)| *kind == array.kind).map_or("|O", |kind| kind.1);
    let lengths: String = array.shape.iter().map(|n| format!("{n}, ")).collect();
    let order = if once_in(stream, 3) { "True" } else { "False" };
    let mut dictionary =
        format!("{{'descr': '{descr}', 'fortran_order': {order}, 'shape': ({lengths}), }}\n");
    if once_in(stream, 16) {
        let mut bytes = dictionary.into_bytes();
        hurt(stream, &mut bytes);
        dictionary = String::from_utf8_lossy(&bytes).into_owned();
    }
    let mut file = made::npy(&dictionary, &array.data);
    if once_in(stream, 12) {
        // The length of the header in four bytes.
        let version = one_of(stream, &[2, 3]);
        let length = (dictionary.len() as u32).to_le_bytes();
        file = [&b"\x93NUMPY"[..], &[version, 0], &length, &file[10..]].concat();
    }
    file
}

/// `vqscope watch x.npy`.
pub struct Npy(Vec<Vec<Array>>);

impl Reader for Npy {
    const NAME: &'static str = "npy";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut all = vec![one_of(stream, &self.0)[0].clone()];
        arrays::change(stream, &mut all);
        if all.is_empty() {
            all = vec![self.0[0][0].clone()];
        }
        let mut bytes = npy(stream, &all[0]);
        if once_in(stream, 16) {
            hurt(stream, &mut bytes);
        }
        vec![("x_12.npy".into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        read(input)
    }
}

/// `vqscope watch x.npz`.
pub struct Npz(Vec<Vec<Array>>);

impl Reader for Npz {
    const NAME: &'static str = "npz";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut all = layouts::mixed(stream, &self.0);
        arrays::change(stream, &mut all);
        let mut files: Vec<Packed> = Vec::new();
        for array in &all {
            let file = npy(stream, array);
            files.push(Packed::new(&format!("{}.npy", array.name), !once_in(stream, 3), &file));
        }
        if once_in(stream, 4) && !files.is_empty() {
            // What the archive says of one of them.
            let at = stream.below(files.len());
            let lengths = [0, 1, files[at].length + 1, 1 << 20, 1 << 31, u32::MAX];
            match stream.below(5) {
                0 => files[at].length = one_of(stream, &lengths),
                1 => files[at].method = one_of(stream, &[0, 1, 8, 9, 12, 14, 93, 99]),
                2 => files[at].sum ^= 1,
                3 => hurt(stream, &mut files[at].bytes),
                _ => {
                    files[at].name =
                        one_of(stream, &["C.npy", "notes.txt", "../x.npy", ".npy"]).into();
                }
            }
        }
        let mut bytes = made::zip(&files);
        if once_in(stream, 12) {
            hurt(stream, &mut bytes);
        }
        vec![("x_12.npz".into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        read(input)
    }
}

/// The three readers.
pub fn readers() -> (Safetensors, Npy, Npz) {
    (Safetensors(layouts::all()), Npy(layouts::all()), Npz(layouts::all()))
}

#[test]
fn safetensors_are_read_or_refused() {
    fuzz(&mut readers().0, 8000);
}

#[test]
fn npy_files_are_read_or_refused() {
    fuzz(&mut readers().1, 4000);
}

#[test]
fn npz_files_are_read_or_refused() {
    fuzz(&mut readers().2, 8000);
}
