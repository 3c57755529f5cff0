//! Inputs that once broke a reader, or might: all of them are tried in every run of the tests.
//!
//! `tests/corpus/READER/NAME` is one file, or for saved runs a folder of those files that differ from
//! a run that the test saves; their `run.toml` is sealed anew.

use std::path::Path;

use crate::fuzz::{Input, Reader, attempt, external, torch, words};

const CORPUS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/corpus");

/// Tries all inputs of a reader; gives their number.
fn all<R: Reader>(reader: &mut R) -> usize {
    let folder = Path::new(CORPUS).join(R::NAME);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().flatten().collect();
    files.sort_by_key(std::fs::DirEntry::path);
    for file in &files {
        let (path, name) = (file.path(), file.file_name().to_string_lossy().into_owned());
        let input: Input = vec![(name.clone(), std::fs::read(path).unwrap())];
        attempt(reader, &format!("{}-{name}", R::NAME), &input);
    }
    files.len()
}

#[test]
fn what_once_broke_a_reader_is_tried_again() {
    let (mut safetensors, mut npy, mut npz) = external::readers();
    let tried = [
        all(&mut safetensors),
        all(&mut npy),
        all(&mut npz),
        all(&mut torch::reader()),
        all(&mut words::Scenarios::new()),
        all(&mut words::Links::new()),
    ];
    assert!(tried.iter().all(|&n| n > 0), "{tried:?}");
}
