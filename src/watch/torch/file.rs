//! The two forms of a file of `torch.save`, and the numbers of its tensors.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::ops::Range;

use rawzip::RangeReader;

use crate::watch::number::Kind;
use crate::watch::torch::heap::{Heap, Node};
use crate::watch::torch::machine::run;
use crate::watch::torch::tree::{Found, Tensor, find};
use crate::watch::zip::{Archive, Source, damaged};

/// Longest pickle that is read: each of its bytes may become a value of some thirty.
const MOST_PICKLE: u64 = 1 << 23;

/// Bytes that are decoded at once, which every kind of number divides.
const PIECE: usize = 1 << 16;

/// Most bytes between the first and the last number of a tensor that lies scattered in its storage.
const MOST_SCATTERED: u64 = 1 << 30;

/// The magic number with which the form before PyTorch 1.6 begins, as a pickle has it.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

/// A file of `torch.save`.
pub struct Checkpoint {
    found: Found,
    /// Between which bytes of the file each storage lies.
    storages: BTreeMap<String, Range<u64>>,
    is_big_endian: bool,
}

/// What an error says of a file that is not whole.
const AGAIN: &str = "it is damaged or not complete, save it again";

/// The error of a file that is not whole.
fn broken(why: &dyn std::fmt::Display) -> String {
    let why = crate::text::shown(&why.to_string());
    format!("is not a whole file of torch.save ({why}); {AGAIN}")
}

impl Checkpoint {
    /// Lists the tensors of a file of `length` bytes.
    ///
    /// # Errors
    /// What is wrong with it, without its name.
    pub fn open(source: &Source, length: u64) -> Result<Self, String> {
        let mut start = vec![0; 512.min(length as usize)];
        source.read_exact_at(&mut start, 0).map_err(|error| broken(&error))?;
        if start.starts_with(b"PK") {
            return Self::zipped(source, length);
        }
        if start.get(257..262) == Some(b"ustar") {
            return Err("is in the form of PyTorch before 0.1.10; load it and save it again".into());
        }
        if start.windows(MAGIC.len()).take(64).any(|bytes| bytes == MAGIC) {
            return Self::old(source, length);
        }
        Err("is no file of torch.save, or one of another program; save the state dict with torch.save or safetensors.torch.save_file".into())
    }

    fn zipped(source: &Source, length: u64) -> Result<Self, String> {
        let archive = Archive::open(source, length, "torch.save")?;
        let ends = |name: &&String| {
            name.strip_suffix("data.pkl").is_some_and(|root| root.is_empty() || root.ends_with('/'))
        };
        let Some(pickle) = archive.files.keys().filter(ends).min_by_key(|name| name.len()) else {
            return Err(
                "is an archive without data.pkl; save the state dict with torch.save".into()
            );
        };
        let root = &pickle[..pickle.len() - "data.pkl".len()];
        let stored = |name: &str| -> Result<Option<Range<u64>>, String> {
            let Some(file) = archive.files.get(name) else { return Ok(None) };
            if !file.is_stored() {
                return Err("is packed, as torch.save never does; save it with torch.save".into());
            }
            let range = archive.range(*file)?;
            let whole = range.start <= range.end && range.end <= length;
            whole.then_some(Some(range)).ok_or_else(|| broken(&"a part ends after the file"))
        };
        let bytes = |range: Range<u64>| -> Result<Vec<u8>, String> {
            let count = range.end - range.start;
            if count > MOST_PICKLE {
                return Err(format!(
                    "has a pickle of {count} bytes, and at most {MOST_PICKLE} are read; save the state dict alone"
                ));
            }
            let mut bytes = vec![0; count as usize];
            source.read_exact_at(&mut bytes, range.start).map_err(|error| broken(&error))?;
            Ok(bytes)
        };
        let order = stored(&format!("{root}byteorder"))?.map(bytes).transpose()?;
        let pickle = bytes(stored(pickle)?.ok_or_else(|| broken(&"it has no pickle"))?)?;
        let mut heap = Heap::default();
        let (value, _) = run(&mut heap, &pickle, 0).map_err(|why| broken(&why))?;
        let found = find(&heap, value).map_err(|why| broken(&why))?;
        let mut storages = BTreeMap::new();
        for (key, promised) in &found.storages {
            let range = stored(&format!("{root}data/{key}"))?;
            let Some(range) = range.filter(|range| range.end - range.start >= *promised) else {
                return Err(broken(&format!("the storage {key} is shorter than it should be")));
            };
            storages.insert(key.clone(), range);
        }
        let is_big_endian = order.is_some_and(|order| order.starts_with(b"big"));
        Ok(Self { found, storages, is_big_endian })
    }

    /// Pickles of magic number, protocol, system, the object, and names of its storages; then the
    /// storages, each with its length before it.
    fn old(source: &Source, length: u64) -> Result<Self, String> {
        let count = MOST_PICKLE.min(length);
        let mut bytes = vec![0; count as usize];
        source.read_exact_at(&mut bytes, 0).map_err(|error| broken(&error))?;
        let mut at = 0;
        let mut next = |heap: &mut Heap| {
            let (value, end) = run(heap, &bytes, at).map_err(|why| {
                match length > MOST_PICKLE && why.contains("ends within") {
                    true => format!(
                        "has pickles of more than {MOST_PICKLE} bytes; save the state dict alone"
                    ),
                    false => broken(&why),
                }
            })?;
            at = end;
            Ok::<_, String>(value)
        };
        let mut heads = Heap::default();
        let (_, protocol) = (next(&mut heads)?, next(&mut heads)?);
        if heads.int(protocol) != Some(1001) {
            return Err(broken(&"its protocol is not 1001"));
        }
        let system = next(&mut heads)?;
        let mut heap = Heap::default();
        let value = next(&mut heap)?;
        let names = next(&mut heads)?;
        let found = find(&heap, value).map_err(|why| broken(&why))?;
        let names: Vec<String> = heads
            .items(names)
            .unwrap_or_default()
            .iter()
            .filter_map(|&name| match heads.int(name) {
                Some(n) => Some(n.to_string()),
                None => heads.str(name).map(Into::into),
            })
            .collect();
        let mut storages = BTreeMap::new();
        let mut start = at as u64;
        for name in names {
            let Some(&promised) = found.storages.get(&name) else {
                // A storage of which nothing is known has a length of unknown unit.
                break;
            };
            let end = start.checked_add(8).and_then(|from| from.checked_add(promised));
            let Some(end) = end.filter(|&end| end <= length) else {
                return Err(broken(&format!("the storage {name} ends after the file")));
            };
            storages.insert(name, start + 8..end);
            start = end;
        }
        if let Some(name) = found.storages.keys().find(|name| !storages.contains_key(*name)) {
            return Err(broken(&format!("the storage {name} is not there")));
        }
        let is_big_endian = heads_say_big(&heads, system);
        Ok(Self { found, storages, is_big_endian })
    }

    /// Names of all tensors and of whole numbers beside them, sorted.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> =
            self.found.tensors.keys().chain(self.found.numbers.keys()).cloned().collect();
        names.sort();
        names.dedup();
        names
    }

    /// A tensor by its name.
    pub fn tensor(&self, name: &str) -> Option<&Tensor> {
        self.found.tensors.get(name)
    }

    /// A whole number that stands beside the tensors.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.found.numbers.get(name).copied()
    }

    /// Reads the first `count` numbers of a tensor in the order of its axes, and hands each out with
    /// its place.
    ///
    /// # Errors
    /// What is wrong with it, or what `take` says.
    pub fn numbers(
        &self,
        source: &Source,
        tensor: &Tensor,
        count: usize,
        mut take: impl FnMut(usize, f64) -> Result<(), String>,
    ) -> Result<(), String> {
        let kind = tensor.kind.clone()?;
        let range = self.storages.get(&tensor.storage).cloned().ok_or("has no storage")?;
        let size = kind.bytes() as u64;
        let short = || damaged(&"its storage ends before it");
        let extent = tensor.extent().ok_or_else(short)?;
        let from = (tensor.offset as u64).checked_mul(size).ok_or_else(short)?;
        let bytes = (extent as u64).checked_mul(size).ok_or_else(short)?;
        let start = range.start.checked_add(from).ok_or_else(short)?;
        if count == 0 {
            return Ok(());
        }
        if start.checked_add(bytes).is_none_or(|end| end > range.end) {
            return Err(short());
        }
        if tensor.is_contiguous() {
            let mut reader = RangeReader::new(source, start..start + bytes);
            let mut piece = vec![0; PIECE.min(count.saturating_mul(size as usize))];
            let mut done = 0;
            while done < count {
                let length = piece.len().min((count - done) * size as usize);
                reader.read_exact(&mut piece[..length]).map_err(|error| damaged(&error))?;
                for bytes in piece[..length].chunks_exact(size as usize) {
                    take(done, kind.number(bytes, self.is_big_endian))?;
                    done += 1;
                }
            }
            return Ok(());
        }
        if bytes > MOST_SCATTERED {
            return Err(
                "lies scattered over more than a gigabyte; save it with .contiguous()".into()
            );
        }
        let mut all = vec![0; bytes as usize];
        source.read_exact_at(&mut all, start).map_err(|error| damaged(&error))?;
        tensor.scattered(count, |place, at| {
            let bytes = &all[at * size as usize..][..size as usize];
            take(place, kind.number(bytes, self.is_big_endian))
        })
    }
}

fn heads_say_big(heads: &Heap, system: u32) -> bool {
    let Node::Dict(items) = heads.node(system) else { return false };
    items.chunks_exact(2).any(|pair| {
        heads.str(pair[0]) == Some("little_endian") && *heads.node(pair[1]) == Node::Bool(false)
    })
}

impl Tensor {
    /// Kind of its numbers.
    ///
    /// # Errors
    /// They are not read.
    pub fn kind(&self) -> Result<Kind, String> {
        self.kind.clone()
    }

    /// How many numbers it has; `None` where they cannot be counted.
    fn count(&self) -> Option<usize> {
        self.shape.iter().try_fold(1_usize, |product, &n| product.checked_mul(n))
    }

    /// How many numbers of its storage it reaches over, from its first one.
    fn extent(&self) -> Option<usize> {
        if self.count()? == 0 {
            return Some(0);
        }
        let steps = self.shape.iter().zip(&self.strides);
        let last = steps.map(|(&n, &step)| (n - 1).checked_mul(step));
        last.into_iter().try_fold(0_usize, |sum, far| sum.checked_add(far?))?.checked_add(1)
    }

    /// Whether its numbers lie one after the other in the order of its axes.
    fn is_contiguous(&self) -> bool {
        let mut expected = Some(1_usize);
        for (&n, &step) in self.shape.iter().zip(&self.strides).rev() {
            if n > 1 && Some(step) != expected {
                return false;
            }
            expected = expected.and_then(|expected| expected.checked_mul(n));
        }
        true
    }

    /// Places of the first `count` numbers in the order of its axes, from its first one.
    fn scattered(
        &self,
        count: usize,
        mut take: impl FnMut(usize, usize) -> Result<(), String>,
    ) -> Result<(), String> {
        let mut at = vec![0_usize; self.shape.len()];
        let mut place = 0_usize;
        for done in 0..count {
            take(done, place)?;
            for axis in (0..at.len()).rev() {
                at[axis] += 1;
                place += self.strides[axis];
                if at[axis] < self.shape[axis] {
                    break;
                }
                place -= at[axis] * self.strides[axis];
                at[axis] = 0;
            }
        }
        Ok(())
    }
}
