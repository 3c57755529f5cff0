//! Archives of other programs: what lies in them is listed before a byte of it is unpacked.

use std::collections::BTreeMap;
use std::io::Read;
use std::rc::Rc;

use flate2::read::DeflateDecoder;
use rawzip::{
    CompressionMethod, RECOMMENDED_BUFFER_SIZE, ReaderAt, ZipArchive, ZipArchiveEntryWayfinder,
    ZipLocator,
};

use crate::text::shown;

/// Most files of an archive.
const MOST_FILES: usize = 1 << 16;

/// Most bytes of names in an archive.
const MOST_NAMES: u64 = 1 << 23;

/// The most bytes to which a byte of a deflate stream can unfold.
const MOST_UNFOLDED: u64 = 1032;

/// Where the bytes of a file come from.
pub type Source = Rc<dyn ReaderAt>;

/// A file of an archive.
#[derive(Clone, Copy)]
pub struct Packed {
    /// Where it is.
    pub place: ZipArchiveEntryWayfinder,
    method: CompressionMethod,
}

impl Packed {
    /// Whether its bytes lie there as they are.
    pub fn is_stored(self) -> bool {
        self.method == CompressionMethod::STORE
    }

    /// The most bytes to which it can unfold.
    pub fn most(self) -> u64 {
        let packed = self.place.compressed_size_hint();
        if self.is_stored() { packed } else { packed.saturating_mul(MOST_UNFOLDED) }
    }
}

/// An archive and what lies in it by name.
pub struct Archive {
    archive: ZipArchive<Source>,
    /// What lies in it.
    pub files: BTreeMap<String, Packed>,
}

impl Archive {
    /// Opens an archive of `length` bytes; `what` names such a file in errors.
    ///
    /// # Errors
    /// What is wrong with it, without its name.
    pub fn open(source: &Source, length: u64, what: &str) -> Result<Self, String> {
        let damaged = |why: &dyn std::fmt::Display| {
            format!(
                "is not a whole {what} file ({}); it is damaged or not complete, save it again",
                shown(&why.to_string())
            )
        };
        let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
        let archive = ZipLocator::new()
            .locate_in_reader(source.clone(), &mut buffer, length)
            .map_err(|(_, error)| damaged(&error))?;
        let promised = archive.entries_hint();
        let (mut files, mut names, mut count) = (BTreeMap::new(), 0, 0);
        let mut entries = archive.entries(&mut buffer);
        while let Some(entry) = entries.next_entry().map_err(|error| damaged(&error))? {
            let path = entry.file_path();
            names += path.as_ref().len() as u64;
            count += 1;
            if count > MOST_FILES || names > MOST_NAMES {
                return Err(format!(
                    "holds more than {MOST_FILES} arrays or {MOST_NAMES} bytes of names; save the codebook alone"
                ));
            }
            let path = String::from_utf8_lossy(path.as_ref()).into_owned();
            let packed = Packed { place: entry.wayfinder(), method: entry.compression_method() };
            if files.insert(path.clone(), packed).is_some() {
                let name = path.strip_suffix(".npy").unwrap_or(&path);
                return Err(format!("holds `{}` twice; save it again", shown(name)));
            }
        }
        if count as u64 != promised {
            return Err(damaged(&format!("it promises {promised} arrays and {count} are there")));
        }
        Ok(Self { archive, files })
    }

    /// The bytes of a file, as many as the archive promises; at their end they are compared with the
    /// archive's check sum.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn unpacked(&self, packed: Packed) -> Result<Box<dyn Read + '_>, String> {
        let entry = self.archive.get_entry(packed.place).map_err(|error| damaged(&error))?;
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

    /// Between which bytes of the whole file the bytes of a file lie as they are.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn range(&self, packed: Packed) -> Result<std::ops::Range<u64>, String> {
        let entry = self.archive.get_entry(packed.place).map_err(|error| damaged(&error))?;
        let (from, to) = entry.compressed_data_range();
        Ok(from..to)
    }
}

/// The error of what a library says of an array, which may repeat what stands in it.
pub fn damaged(why: &dyn std::fmt::Display) -> String {
    format!("is damaged or not complete ({}); save the file again", shown(&why.to_string()))
}
