use std::io::Cursor;
use std::rc::Rc;

use crate::watch::array::*;
use crate::watch::made::{Packed as Made, deflated, dictionary, f32s, npy, safetensors, zip};

fn open(ending: &str, bytes: &[u8]) -> Result<Arrays, String> {
    Arrays::open(ending, Rc::new(Cursor::new(bytes.to_vec())), bytes.len() as u64)
}

/// The first `count` numbers of an array in the order of its axes.
fn first(arrays: &Arrays, name: &str, count: usize) -> Result<Vec<f64>, String> {
    let head = arrays.head(name)?;
    let mut values = vec![f64::NAN; count];
    arrays.numbers(name, &head, count, &mut |place, x| {
        values[place] = x;
        Ok(())
    })?;
    Ok(values)
}

#[test]
fn orders_and_byte_orders_of_numpy_are_undone() {
    let data: Vec<u8> =
        [1.0_f32, 4.0, 2.0, 5.0, 3.0, 6.0].iter().flat_map(|v| v.to_be_bytes()).collect();
    // Columns one after the other.
    let header = "{'descr': '>f4', 'fortran_order': True, 'shape': (1, 2, 3), }\n";
    let arrays = open("npy", &npy(header, &data)).unwrap();
    assert_eq!(first(&arrays, "codebook", 6).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let header = "{'descr': '>f4', 'fortran_order': True, 'shape': (3, 2, 2), }\n";
    let arrays = open("npy", &npy(header, &[0; 48])).unwrap();
    let error = first(&arrays, "codebook", 12).unwrap_err();
    assert!(error.contains("ascontiguousarray"), "{error}");
}

#[test]
fn arrays_are_listed_with_kind_and_shape_before_a_number_is_read() {
    let codes = npy(&dictionary("<f4", "(2, 3)"), &f32s(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]));
    let counts = npy(&dictionary("|u1", "(2,)"), &[7, 9]);
    let files = [
        Made::new("codebook.npy", true, &codes),
        Made::new("usage.npy", false, &counts),
        Made::new("notes.txt", true, b"no array"),
    ];
    let arrays = open("npz", &zip(&files)).unwrap();
    assert_eq!(arrays.names(), ["codebook", "usage"]);
    let heads = ["codebook", "usage"].map(|name| arrays.head(name).unwrap());
    assert_eq!((heads[0].kind, heads[0].shape.as_slice()), (Kind::F32, &[2, 3][..]));
    assert_eq!((heads[1].kind, heads[1].count()), (Kind::Unsigned(1), Some(2)));
    assert_eq!(first(&arrays, "codebook", 6).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    assert_eq!(first(&arrays, "usage", 2).unwrap(), [7.0, 9.0]);
    // A part is read without the rest: what is wrong behind it does not matter.
    assert_eq!(first(&arrays, "codebook", 2).unwrap(), [1.0, 2.0]);
}

#[test]
fn an_archive_that_says_one_thing_and_holds_another_is_refused() {
    let codes = npy(&dictionary("<f4", "(2, 1)"), &f32s(&[1.0, 2.0]));
    let honest = Made::new("codebook.npy", true, &codes);
    let read = |made: Made| {
        let arrays = open("npz", &zip(&[made]))?;
        first(&arrays, "codebook", 2)
    };
    assert_eq!(read(honest.clone()).unwrap(), [1.0, 2.0]);
    let longer = [&codes[..], &[0; 8]].concat();
    for (made, words) in [
        (Made { sum: 7, ..honest.clone() }, "checksum"),
        (Made { length: honest.length - 1, ..honest.clone() }, "promises 8 bytes of data and 7"),
        (Made { length: honest.length + 1, ..honest.clone() }, "promises 8 bytes of data and 9"),
        (Made { bytes: deflated(&longer), ..honest.clone() }, "invalid size"),
        (Made { bytes: deflated(&codes[..codes.len() - 1]), ..honest.clone() }, "damaged"),
        (Made { bytes: honest.bytes[..20].to_vec(), ..honest.clone() }, "not a whole"),
        (Made { method: 12, ..honest.clone() }, "numpy.savez"),
    ] {
        let error = read(made.clone()).unwrap_err();
        assert!(error.to_lowercase().contains(words), "{made:?}: {error}");
    }
    // A name that stands twice may mean either.
    let error = open("npz", &zip(&[honest.clone(), honest])).err().unwrap();
    assert!(error.contains("`codebook` twice"), "{error}");
    // Gigabytes that so few bytes cannot hold: of them no number is read, nor room made for it.
    let large = npy(&dictionary("<f4", "(16777216, 32)"), &[]);
    let length = large.len() as u32 + (1 << 31);
    let made = Made { length, ..Made::new("codebook.npy", true, &large) };
    let error = open("npz", &zip(&[made])).unwrap().head("codebook").unwrap_err();
    assert!(error.contains("cannot be packed into so few"), "{error}");
}

#[test]
fn headers_are_bounded() {
    let error = open("safetensors", &safetensors(&" ".repeat(MOST_HEADER as usize + 1), &[]));
    assert!(error.err().unwrap().contains("at most 8388608 are read"));
    let header = r#"{"C":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}"#;
    assert_eq!(open("safetensors", &safetensors(header, &[0; 8])).unwrap().names(), ["C"]);
    let error = open("safetensors", &safetensors(header, &[0; 7])).err().unwrap();
    assert!(error.contains("promises 8 bytes of numbers and 7 are there"), "{error}");
    // 70,000 arrays of which each takes a hundred bytes.
    let none = |i: usize| Made::new(&format!("{i}.npy"), false, b"");
    let mut files: Vec<Made> = (0..60_000).map(none).collect();
    assert_eq!(open("npz", &zip(&files)).unwrap().names().len(), 60_000);
    files.extend((60_000..70_000).map(none));
    let error = open("npz", &zip(&files)).err().unwrap();
    assert!(error.contains("holds more than 65536 arrays"), "{error}");
}
