//! Hostile inputs for every reader of strangers' files.
//!
//! Each input is a valid one with some changes, after which lengths and check sums are sealed again,
//! so that most of them get past the header. A seed and a number name an input, so that every run
//! tries the same ones. A reader must neither panic nor take more memory than is promised; whatever
//! it says is counted by kind. `docs/fuzzing.md` says how to try many.

pub mod arrays;
mod beside;
mod corpus;
mod external;
mod folders;
mod followed;
mod layouts;
mod pictures;
mod run;
mod status;
mod text;
mod torch;
mod words;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use crate::rng::{Purpose, Stream};
use crate::watch::reader::ROOM;

/// Kinds of sentences that are printed, the most frequent ones.
const MOST_KINDS: usize = 60;

/// Files by their names: what a reader is given.
pub type Input = Vec<(String, Vec<u8>)>;

/// What became of an input.
pub enum Outcome {
    /// It was refused at its header, with this sentence.
    AtHeader(String),
    /// It was refused behind its header.
    Refused(String),
    /// It was read.
    Read,
}

impl Outcome {
    /// Of a reader that said this about an input, of which it is known whether its header is whole.
    pub fn of<T>(read: Result<T, String>, is_past: bool) -> Self {
        match read {
            Ok(_) => Self::Read,
            Err(why) if is_past => Self::Refused(why),
            Err(why) => Self::AtHeader(why),
        }
    }
}

/// A reader of strangers' files.
pub trait Reader {
    /// Its name, and that of its folder in the corpus.
    const NAME: &'static str;

    /// A changed input.
    fn make(&mut self, stream: &mut Stream) -> Input;

    /// Reads an input, and uses what was read as the program does.
    fn read(&mut self, input: &Input) -> Outcome;
}

/// How many inputs are tried: `VQSCOPE_FUZZ`, or as many as go into some seconds.
fn wanted(few: u64) -> u64 {
    std::env::var("VQSCOPE_FUZZ").ok().and_then(|n| n.parse().ok()).unwrap_or(few)
}

/// Number of the first input: `VQSCOPE_FUZZ_FROM`, or 0.
fn first() -> u64 {
    std::env::var("VQSCOPE_FUZZ_FROM").ok().and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Tries `few` inputs, or as many as are asked for, and prints what was said of them.
pub fn fuzz<R: Reader>(reader: &mut R, few: u64) {
    let mut kinds: BTreeMap<String, (u64, String)> = BTreeMap::new();
    let (count, first) = (wanted(few), first());
    let (mut past, mut read) = (0, 0);
    for number in first..first + count {
        let mut stream = Stream::new(15, Purpose::Batch, number);
        let input = reader.make(&mut stream);
        let name = format!("{}-{number}", R::NAME);
        let (kind, example) = match attempt(reader, &name, &input) {
            Outcome::AtHeader(why) => (format!("at the header: {}", kind_of(&why)), why),
            Outcome::Refused(why) => {
                past += 1;
                (kind_of(&why), why)
            }
            Outcome::Read => {
                (past, read) = (past + 1, read + 1);
                ("read".into(), String::new())
            }
        };
        kinds.entry(kind).or_insert((0, example)).0 += 1;
    }
    println!("{}: {count} inputs from {first}, {past} past the header, {read} read", R::NAME);
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(_, (count, _))| std::cmp::Reverse(*count));
    for (kind, (count, _)) in kinds.iter().take(MOST_KINDS) {
        println!("{count:>9}  {kind}");
    }
    if let Some(rest) = kinds.get(MOST_KINDS..).filter(|rest| !rest.is_empty()) {
        let inputs: u64 = rest.iter().map(|(_, (count, _))| count).sum();
        println!("{inputs:>9}  in {} other kinds", rest.len());
    }
    assert!(2 * past >= count, "{}: only {past} of {count} past the header", R::NAME);
    assert!(read > 0 && kinds.len() > 5, "{}: the inputs are too much alike", R::NAME);
    for (kind, (_, example)) in &kinds {
        // One sentence, which cannot order a terminal about.
        assert!(!example.contains(char::is_control), "{kind}: {example:?}");
    }
}

/// Gives an input to a reader; one that it does not bear is written out, to become part of the corpus.
pub fn attempt<R: Reader>(reader: &mut R, name: &str, input: &Input) -> Outcome {
    // What ends the process is found by nobody who has not written it down before.
    if std::env::var_os("VQSCOPE_FUZZ_WRITE").is_some() {
        write_out(name, input);
    }
    let mut outcome = None;
    let taken = allocation_counter::measure(|| {
        outcome = Some(catch_unwind(AssertUnwindSafe(|| reader.read(input))));
    });
    let length: usize = input.iter().map(|(_, bytes)| bytes.len()).sum();
    let most = ROOM + length as u64;
    let Some(Ok(outcome)) = outcome else {
        panic!("{name} panics; the input is in {}", write_out(name, input));
    };
    if taken.bytes_max > most {
        let place = write_out(name, input);
        panic!("{name} takes {} bytes and {most} are allowed; it is in {place}", taken.bytes_max);
    }
    outcome
}

fn write_out(name: &str, input: &Input) -> String {
    let folder = std::env::temp_dir().join("vqscope-fuzz").join(name);
    for (name, bytes) in input {
        let place = folder.join(name);
        std::fs::create_dir_all(place.parent().unwrap_or(Path::new("."))).ok();
        std::fs::write(place, bytes).ok();
    }
    folder.display().to_string()
}

/// A sentence without its names and numbers: what kind of fault it is about.
fn kind_of(sentence: &str) -> String {
    let (mut kind, mut inside) = (String::new(), None);
    for c in sentence.chars().take(2000) {
        match (inside, c) {
            (None, c) if kind.ends_with("0x") && c.is_ascii_hexdigit() => {}
            (Some(end), c) if c == end => {
                kind.push(c);
                inside = None;
            }
            (Some(_), _) => {}
            (None, '`' | '"') => {
                kind.push(c);
                inside = Some(c);
            }
            (None, '0'..='9') if kind.ends_with('0') => {}
            (None, '0'..='9') => kind.push('0'),
            _ => kind.push(c),
        }
    }
    kind.chars().take(120).collect()
}

/// One of several things.
pub fn one_of<T: Clone>(stream: &mut Stream, all: &[T]) -> T {
    all[stream.below(all.len())].clone()
}

/// Whether something happens that does once in `n` times.
pub fn once_in(stream: &mut Stream, n: usize) -> bool {
    stream.below(n) == 0
}

/// Changes some bytes anywhere: flips, cuts, repeats.
pub fn hurt(stream: &mut Stream, bytes: &mut Vec<u8>) {
    for _ in 0..=stream.below(3) {
        if bytes.is_empty() {
            return;
        }
        let at = stream.below(bytes.len());
        match stream.below(5) {
            0 => bytes.truncate(at),
            1 => bytes[at] = one_of(stream, &[0, 1, 0x7f, 0x80, 0xff, b'"', b'[', b'\n']),
            2 => {
                let end = (at + 1 + stream.below(16)).min(bytes.len());
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            3 => {
                let end = (at + 1 + stream.below(16)).min(bytes.len());
                bytes.drain(at..end);
            }
            _ => bytes[at] ^= 1 << stream.below(8),
        }
    }
}

#[test]
fn sentences_of_one_kind_are_counted_together() {
    let kind =
        kind_of("x_12.npy cannot be used: `a b` is 3 x 512 where 2 are needed, 1.5 and 0xfa");
    assert_eq!(kind, "x_0.npy cannot be used: `` is 0 x 0 where 0 are needed, 0.0 and 0x");
}
