//! Named arrays with a text about them: the content of one file, in the safetensors format.
//!
//! The numbers can be read by whatever reads safetensors. The text is TOML under the metadata key
//! `vqscope`; TOML, because its numbers come back bit for bit and may be NaN.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use safetensors::tensor::{Dtype, Metadata, TensorView, serialize};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::archive::shapes::Shapes;
use crate::archive::{ArchiveError, text};

/// Key of the text in a file's metadata.
const ABOUT: &str = "vqscope";

/// Longest header of a file, the text in it included.
pub const MOST_HEADER: u64 = text::MOST_BYTES + (1 << 20);

/// Bytes that are decoded at once, which every kind of number divides.
const PIECE: usize = 1 << 16;

/// Numbers of one kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// 32-bit floats.
    F32(Vec<f32>),
    /// Unsigned counts.
    U32(Vec<u32>),
    /// Code indices.
    I32(Vec<i32>),
    /// Grey values.
    U8(Vec<u8>),
}

/// Numbers of one kind with a shape.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// Extent of each axis, outermost first.
    pub shape: Vec<usize>,
    /// All numbers, row by row.
    pub values: Values,
}

/// The content of a file.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arrays {
    named: HashMap<String, Array>,
}

/// Numbers of a fixed size that a file holds in little-endian order.
trait Number: Copy {
    const KIND: Dtype;
    fn into_bytes(self, out: &mut Vec<u8>);
    fn from_bytes(bytes: &[u8]) -> Self;
}

macro_rules! number {
    ($type:ty, $kind:expr) => {
        impl Number for $type {
            const KIND: Dtype = $kind;
            fn into_bytes(self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_le_bytes());
            }
            fn from_bytes(bytes: &[u8]) -> Self {
                let mut own = [0; size_of::<Self>()];
                own.copy_from_slice(bytes);
                Self::from_le_bytes(own)
            }
        }
    };
}

number!(f32, Dtype::F32);
number!(u32, Dtype::U32);
number!(i32, Dtype::I32);
number!(u8, Dtype::U8);

fn bytes_of<T: Number>(values: &[T]) -> (Dtype, Vec<u8>) {
    let mut out = Vec::with_capacity(size_of_val(values));
    values.iter().for_each(|v| v.into_bytes(&mut out));
    (T::KIND, out)
}

/// Reads `count` numbers, a piece at a time, so that only the numbers take memory.
fn numbers<T: Number>(source: &mut dyn Read, count: usize) -> std::io::Result<Vec<T>> {
    let mut all = Vec::new();
    all.try_reserve_exact(count).map_err(std::io::Error::other)?;
    let mut piece = vec![0; PIECE.min(count.saturating_mul(size_of::<T>()))];
    while all.len() < count {
        let bytes = piece.len().min((count - all.len()) * size_of::<T>());
        source.read_exact(&mut piece[..bytes])?;
        all.extend(piece[..bytes].chunks_exact(size_of::<T>()).map(T::from_bytes));
    }
    Ok(all)
}

impl Values {
    fn to_bytes(&self) -> (Dtype, Vec<u8>) {
        match self {
            Self::F32(v) => bytes_of(v),
            Self::U32(v) => bytes_of(v),
            Self::I32(v) => bytes_of(v),
            Self::U8(v) => bytes_of(v),
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::F32(v) => v.len(),
            Self::U32(v) => v.len(),
            Self::I32(v) => v.len(),
            Self::U8(v) => v.len(),
        }
    }
}

macro_rules! of_kind {
    ($put:ident, $take:ident, $kind:ident, $type:ty, $words:expr) => {
        /// Adds numbers of this kind in a shape.
        pub fn $put(&mut self, name: impl Into<String>, shape: &[usize], values: Vec<$type>) {
            debug_assert_eq!(shape.iter().product::<usize>(), values.len());
            let array = Array { shape: shape.to_vec(), values: Values::$kind(values) };
            self.named.insert(name.into(), array);
        }

        /// Takes numbers of this kind out with their shape; `None` if the name is not there.
        ///
        /// # Errors
        /// They are of another kind.
        pub fn $take(
            &mut self,
            place: &Path,
            name: &str,
        ) -> Result<Option<(Vec<usize>, Vec<$type>)>, ArchiveError> {
            match self.named.remove(name) {
                None => Ok(None),
                Some(Array { shape, values: Values::$kind(values) }) => Ok(Some((shape, values))),
                Some(_) => Err(ArchiveError::damaged(
                    place,
                    format!("the array {name} holds no {}", $words),
                )),
            }
        }
    };
}

impl Arrays {
    of_kind!(put_f32, take_f32, F32, f32, "32-bit floats");
    of_kind!(put_u32, take_u32, U32, u32, "counts");
    of_kind!(put_i32, take_i32, I32, i32, "indices");
    of_kind!(put_u8, take_u8, U8, u8, "grey values");

    /// Bytes of all numbers.
    pub fn size(&self) -> usize {
        self.named
            .values()
            .map(|a| match a.values {
                Values::U8(_) => a.values.len(),
                _ => 4 * a.values.len(),
            })
            .sum()
    }

    /// The file's bytes, with a text about the arrays; equal content gives equal bytes.
    ///
    /// # Errors
    /// The text cannot be written as TOML.
    pub fn to_bytes<A: Serialize>(&self, about: &A) -> Result<Vec<u8>, ArchiveError> {
        let internal = |error: String| ArchiveError::Internal(error);
        let text = toml::to_string(about).map_err(|e| internal(e.to_string()))?;
        let raw: Vec<(&String, &Array, Dtype, Vec<u8>)> = self
            .named
            .iter()
            .map(|(name, array)| {
                let (kind, bytes) = array.values.to_bytes();
                (name, array, kind, bytes)
            })
            .collect();
        let views = raw
            .iter()
            .map(|(name, array, kind, bytes)| {
                TensorView::new(*kind, array.shape.clone(), bytes).map(|view| (name.as_str(), view))
            })
            .collect::<Result<Vec<_>, _>>()
            .map_err(|e| internal(e.to_string()))?;
        let metadata = HashMap::from([(ABOUT.to_string(), text)]);
        serialize(views, Some(metadata)).map_err(|e| internal(e.to_string()))
    }

    /// Reads a file's bytes and the text about the arrays. `place` is named where they are damaged.
    ///
    /// # Errors
    /// The bytes are no such file, or the text does not say what it must.
    #[cfg(test)]
    pub fn from_bytes<A: DeserializeOwned>(
        place: &Path,
        bytes: &[u8],
    ) -> Result<(Self, A), ArchiveError> {
        Self::read(place, &mut &*bytes, bytes.len() as u64, &Shapes::any())
    }

    /// Reads a file of `length` bytes: the text about the arrays, and those arrays that `shapes`
    /// knows. Its header is held against the length, and each shape against what it may be, before
    /// the first number is read. `place` is named where it is damaged.
    ///
    /// # Errors
    /// The bytes are no such file, the text does not say what it must, or an array has another shape.
    pub fn read<A: DeserializeOwned>(
        place: &Path,
        source: &mut dyn Read,
        length: u64,
        shapes: &Shapes,
    ) -> Result<(Self, A), ArchiveError> {
        let damaged = |why: String| ArchiveError::damaged(place, why);
        let failed = |error: std::io::Error| match error.kind() {
            std::io::ErrorKind::UnexpectedEof => damaged("it ends too early".into()),
            _ => ArchiveError::Read { place: place.into(), error: error.into() },
        };
        let mut low = [0; 8];
        source.read_exact(&mut low).map_err(failed)?;
        let header = u64::from_le_bytes(low);
        if header > length.saturating_sub(8).min(MOST_HEADER) {
            let most = length.saturating_sub(8).min(MOST_HEADER);
            return Err(damaged(format!("its header has {header} bytes where {most} can be")));
        }
        let mut text = vec![0; header as usize];
        source.read_exact(&mut text).map_err(failed)?;
        text::check(&text).map_err(|why| damaged(format!("its header {why}")))?;
        let header_of = serde_json::from_slice::<Metadata>(&text);
        let metadata = header_of.map_err(|e| damaged(format!("its header: {e}")))?;
        drop(text);
        let (promised, there) = (metadata.data_len() as u64, length - 8 - header);
        if promised != there {
            let why = format!("its header promises {promised} bytes of numbers, {there} are there");
            return Err(damaged(why));
        }
        let text = metadata.metadata().as_ref().and_then(|m| m.get(ABOUT));
        let text = text.ok_or_else(|| damaged("it was not written by vqscope".into()))?;
        let about = toml::from_str(text)
            .map_err(|e| damaged(format!("its description: {}", e.message())))?;
        let names = metadata.offset_keys();
        let infos = names.iter().filter_map(|name| Some((name, metadata.info(name)?)));
        for (name, info) in infos.clone() {
            shapes.check(name, info.dtype, &info.shape).map_err(damaged)?;
        }
        let mut named = HashMap::new();
        for (name, info) in infos {
            let (start, end) = info.data_offsets;
            if !shapes.has(name) {
                let skipped = source.take((end - start) as u64);
                std::io::copy(&mut { skipped }, &mut std::io::sink()).map_err(failed)?;
                continue;
            }
            let count = info.shape.iter().product();
            let values = match info.dtype {
                Dtype::F32 => numbers(source, count).map(Values::F32),
                Dtype::U32 => numbers(source, count).map(Values::U32),
                Dtype::I32 => numbers(source, count).map(Values::I32),
                Dtype::U8 => numbers(source, count).map(Values::U8),
                other => return Err(damaged(format!("the array {name} has the kind {other:?}"))),
            };
            let values = values.map_err(failed)?;
            named.insert(name.clone(), Array { shape: info.shape.clone(), values });
        }
        Ok((Self { named }, about))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct About {
        number: f64,
        none: Option<u64>,
    }

    fn file() -> (Arrays, About, Vec<u8>) {
        let mut arrays = Arrays::default();
        arrays.put_f32("a.codes", &[2, 3], vec![1.5, f32::NAN, -0.0, 1e-40, 3.0, f32::INFINITY]);
        arrays.put_u32("a.counts", &[2], vec![0, u32::MAX]);
        arrays.put_i32("a.index", &[3], vec![-1, 0, 7]);
        arrays.put_u8("a.grey", &[1, 2, 2], vec![0, 127, 128, 255]);
        let about = About { number: 0.1 + 0.2, none: None };
        let bytes = arrays.to_bytes(&about).unwrap();
        (arrays, about, bytes)
    }

    #[test]
    fn what_was_written_comes_back_bit_for_bit() {
        let (arrays, about, bytes) = file();
        let (mut back, again) = Arrays::from_bytes::<About>(Path::new("x"), &bytes).unwrap();
        assert_eq!(again, about);
        // NaN is equal to nothing, so bytes are compared.
        assert_eq!(back.to_bytes(&again).unwrap(), bytes);
        assert_eq!(arrays.size(), 4 * (6 + 2 + 3) + 4);
        let (shape, index) = back.take_i32(Path::new("x"), "a.index").unwrap().unwrap();
        assert_eq!((shape, index), (vec![3], vec![-1, 0, 7]));
        assert!(back.take_f32(Path::new("x"), "a.codex").unwrap().is_none());
        let kind = back.take_f32(Path::new("x"), "a.counts").unwrap_err().to_string();
        assert!(kind.contains("a.counts") && kind.contains("32-bit floats"), "{kind}");
    }

    #[test]
    fn a_damaged_file_is_refused_wherever_it_is_cut_or_its_header_is_hurt() {
        let (_, _, bytes) = file();
        for end in 0..bytes.len() {
            let error = Arrays::from_bytes::<About>(Path::new("k.safetensors"), &bytes[..end]);
            assert!(error.unwrap_err().to_string().contains("k.safetensors"), "{end}");
        }
        let header = 8 + u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
        for at in 0..header {
            let mut hurt = bytes.clone();
            hurt[at] ^= 0x15;
            // Some bytes are names or digits, and another one gives another good file; none panics.
            if let Ok((arrays, _)) = Arrays::from_bytes::<About>(Path::new("x"), &hurt) {
                assert!(arrays.size() <= bytes.len());
            }
        }
    }
}
