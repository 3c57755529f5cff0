//! Files of `torch.save`, in both forms.

use crate::fuzz::arrays::{self, Array};
use crate::fuzz::external;
use crate::fuzz::layouts;
use crate::fuzz::{Input, Outcome, Reader, fuzz, hurt, once_in, one_of};
use crate::rng::Stream;
use crate::watch::made;
use crate::watch::made::Packed;

/// Classes of storages by the kinds of their numbers, and bytes of one.
const STORAGES: [(&str, &str, usize); 10] = [
    ("F16", "HalfStorage", 2),
    ("BF16", "BFloat16Storage", 2),
    ("F32", "FloatStorage", 4),
    ("F64", "DoubleStorage", 8),
    ("I8", "CharStorage", 1),
    ("I16", "ShortStorage", 2),
    ("I32", "IntStorage", 4),
    ("I64", "LongStorage", 8),
    ("U8", "ByteStorage", 1),
    ("BOOL", "BoolStorage", 1),
];

fn text(text: &str) -> Vec<u8> {
    [&b"X"[..], &(text.len() as u32).to_le_bytes(), text.as_bytes()].concat()
}

fn int(n: u64) -> Vec<u8> {
    [&[0x8a, 9][..], &n.to_le_bytes(), &[0]].concat()
}

fn tuple(items: &[Vec<u8>]) -> Vec<u8> {
    [b"(".to_vec(), items.concat(), b"t".to_vec()].concat()
}

/// The dictionary of the tensors as a pickle; a storage for each, by its number.
fn pickled(stream: &mut Stream, all: &[Array]) -> Vec<u8> {
    let mut out = b"\x80\x02}(".to_vec();
    for (key, array) in all.iter().enumerate() {
        let known = STORAGES.iter().find(|(kind, ..)| *kind == array.kind);
        let (class, size) = known.map_or(("ComplexFloatStorage", 8), |known| (known.1, known.2));
        let mut strides = vec![1_u64; array.shape.len()];
        for at in (0..array.shape.len().saturating_sub(1)).rev() {
            strides[at] = strides[at + 1].saturating_mul(array.shape[at + 1]);
        }
        if once_in(stream, 8) {
            strides.reverse();
        }
        let offset =
            if once_in(stream, 12) { one_of(stream, &[1, 7, 1 << 40, u64::MAX]) } else { 0 };
        let count = (array.data.len() / size) as u64;
        let count =
            if once_in(stream, 16) { one_of(stream, &[0, 1, count + 1, 1 << 60]) } else { count };
        let numbers = |all: &[u64]| tuple(&all.iter().map(|&n| int(n)).collect::<Vec<_>>());
        let storage = tuple(&[
            text("storage"),
            format!("ctorch\n{class}\n").into_bytes(),
            text(&key.to_string()),
            text("cpu"),
            int(count),
        ]);
        let arguments = tuple(&[
            [storage, b"Q".to_vec()].concat(),
            int(offset),
            numbers(&array.shape),
            numbers(&strides),
            b"\x89N".to_vec(),
        ]);
        out.extend(text(&array.name));
        out.extend(b"ctorch._utils\n_rebuild_tensor_v2\n");
        out.extend(arguments);
        out.push(b'R');
    }
    out.extend(b"u.");
    out
}

/// The form before PyTorch 1.6.
fn old(pickle: &[u8], all: &[Array]) -> Vec<u8> {
    let mut out = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.".to_vec();
    out.extend([&b"\x80\x02}"[..], &text("little_endian"), b"\x88s."].concat());
    out.extend(pickle);
    let keys: Vec<Vec<u8>> = (0..all.len()).map(|key| text(&key.to_string())).collect();
    out.extend([&b"\x80\x02]("[..], &keys.concat()[..], b"e."].concat());
    for array in all {
        let size =
            STORAGES.iter().find(|(kind, ..)| *kind == array.kind).map_or(8, |known| known.2);
        out.extend(((array.data.len() / size) as u64).to_le_bytes());
        out.extend(&array.data);
    }
    out
}

/// The file of these tensors, in either form, hurt now and then.
pub fn saved(stream: &mut Stream, all: &[Array]) -> Vec<u8> {
    let mut pickle = pickled(stream, all);
    if once_in(stream, 10) {
        hurt(stream, &mut pickle);
    }
    if once_in(stream, 3) {
        old(&pickle, all)
    } else {
        let mut files = vec![Packed::new("x/data.pkl", once_in(stream, 60), &pickle)];
        for (key, array) in all.iter().enumerate() {
            let name = format!("x/data/{key}");
            files.push(Packed::new(&name, once_in(stream, 60), &array.data));
        }
        if once_in(stream, 8) {
            files.push(Packed::new("x/byteorder", false, one_of(stream, &[&b"big"[..], b"x"])));
        }
        made::zip(&files)
    }
}

/// `vqscope watch x.pt`.
struct Torch(Vec<Vec<Array>>);

impl Reader for Torch {
    const NAME: &'static str = "torch";

    fn make(&mut self, stream: &mut Stream) -> Input {
        let mut all = layouts::mixed(stream, &self.0);
        arrays::change(stream, &mut all);
        let mut bytes = saved(stream, &all);
        if once_in(stream, 12) {
            hurt(stream, &mut bytes);
        }
        vec![("x_12.pt".into(), bytes)]
    }

    fn read(&mut self, input: &Input) -> Outcome {
        external::read(input)
    }
}

/// The reader.
pub fn reader() -> impl Reader {
    Torch(layouts::all())
}

#[test]
fn files_of_torch_save_are_read_or_refused() {
    fuzz(&mut reader(), 8000);
}
