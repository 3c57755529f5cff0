use std::io::Cursor;
use std::rc::Rc;

use crate::watch::made::{Packed, f32s, zip};
use crate::watch::torch::Checkpoint;
use crate::watch::zip::Source;

fn open(bytes: &[u8]) -> Result<(Checkpoint, Source), String> {
    let source: Source = Rc::new(Cursor::new(bytes.to_vec()));
    Ok((Checkpoint::open(&source, bytes.len() as u64)?, source))
}

/// A file in the zip form with this pickle and one storage.
fn zipped(pickle: &[u8], storage: &[u8]) -> Vec<u8> {
    zip(&[
        Packed::new("x/data.pkl", false, pickle),
        Packed::new("x/byteorder", false, b"little"),
        Packed::new("x/data/0", false, storage),
    ])
}

/// A dictionary with one tensor: shape and strides as pickled tuples.
fn pickled(count: u8, offset: u8, shape: &[u8], strides: &[u8]) -> Vec<u8> {
    let tuple = |numbers: &[u8]| -> Vec<u8> {
        let items: Vec<u8> = numbers.iter().flat_map(|&n| [b'K', n]).collect();
        [b"(".as_slice(), &items, b"t"].concat()
    };
    [
        &b"\x80\x02}q\x00X\x05\x00\x00\x00codesq\x01ctorch._utils\n_rebuild_tensor_v2\nq\x02((X\x07\x00\x00\x00storageq\x03ctorch\nFloatStorage\nq\x04X\x01\x00\x00\x000q\x05X\x03\x00\x00\x00cpuq\x06K"[..],
        &[count],
        b"tq\x07QK",
        &[offset],
        &tuple(shape),
        &tuple(strides),
        b"\x89ccollections\nOrderedDict\n)Rtq\x08Rq\x09s.",
    ]
    .concat()
}

fn numbers(bytes: &[u8], count: usize) -> Result<Vec<f64>, String> {
    let (file, source) = open(bytes)?;
    let tensor = file.tensor("codes").ok_or("no codes")?;
    let mut all = vec![f64::NAN; count];
    file.numbers(&source, tensor, count, |place, x| {
        all[place] = x;
        Ok(())
    })?;
    Ok(all)
}

#[test]
fn a_view_is_read_in_the_order_of_its_axes() {
    let storage = f32s(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let plain = zipped(&pickled(7, 1, &[2, 3], &[3, 1]), &storage);
    assert_eq!(numbers(&plain, 6).unwrap(), [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let turned = zipped(&pickled(7, 1, &[3, 2], &[1, 3]), &storage);
    assert_eq!(numbers(&turned, 6).unwrap(), [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]);
    assert_eq!(numbers(&turned, 3).unwrap(), [1.0, 4.0, 2.0]);
    // One number for all of a row.
    let spread = zipped(&pickled(7, 2, &[2, 2], &[1, 0]), &storage);
    assert_eq!(numbers(&spread, 4).unwrap(), [2.0, 2.0, 3.0, 3.0]);
}

#[test]
fn a_tensor_lies_within_its_storage_and_a_storage_within_the_file() {
    let storage = f32s(&[1.0; 7]);
    for (pickle, words) in [
        (pickled(7, 2, &[2, 3], &[3, 1]), "its storage ends before it"),
        (pickled(7, 0, &[2, 3], &[200, 1]), "its storage ends before it"),
        (pickled(200, 0, &[2, 3], &[3, 1]), "shorter than it should be"),
        (pickled(7, 0, &[2, 3], &[3]), "without a shape"),
    ] {
        let error = numbers(&zipped(&pickle, &storage), 6).unwrap_err();
        assert!(error.contains(words), "{words}: {error}");
    }
    // A storage that is packed could unfold to more than the file has.
    let packed = zip(&[
        Packed::new("x/data.pkl", false, &pickled(7, 0, &[7], &[1])),
        Packed::new("x/data/0", true, &storage),
    ]);
    assert!(numbers(&packed, 7).unwrap_err().contains("is packed"));
}

#[test]
fn a_hostile_pickle_is_refused_or_read_in_bounded_time_and_memory() {
    let million = 1 << 20;
    let bombs: [(&str, Vec<u8>); 9] = [
        ("nothing but values", [b"N".repeat(4 * million), b".".to_vec()].concat()),
        ("empty lists", [b"]".repeat(4 * million), b".".to_vec()].concat()),
        ("a list in itself", b"]q\x00h\x00a.".to_vec()),
        // A long name that is asked for again and again stands there once.
        (
            "a class by a long name",
            [&b"c"[..], &b"m".repeat(million), b"\nname\nq\x00", &b"h\x00".repeat(million), b"."]
                .concat(),
        ),
        (
            "lists of lists of lists",
            [&b"]q\x00"[..], &b"]h\x00h\x00\x86q\x00".repeat(million / 2), b"."].concat(),
        ),
        ("states on states", [&b"N"[..], &b"}b".repeat(2 * million), b"."].concat()),
        (
            "tensors of tensors",
            [
                &b"ctorch._tensor\n_rebuild_from_type_v2\nq\x00N"[..],
                &b"h\x00N\x86q\x01N\x85q\x02h\x00h\x01R".repeat(million / 8),
                b".",
            ]
            .concat(),
        ),
        ("marks", [b"(".repeat(million), b".".to_vec()].concat()),
        ("a text without an end", [&b"X\xff\xff\xff\x7f"[..], &b"x".repeat(99)].concat()),
    ];
    for (name, pickle) in bombs {
        let bytes = zipped(&pickle, &[]);
        let mut opened = None;
        let taken = allocation_counter::measure(|| opened = Some(open(&bytes).map(|_| ())));
        assert!(taken.bytes_max < 1 << 30, "{name}: {}", taken.bytes_max);
        assert!(opened.is_some(), "{name}");
    }
    // A pickle that is too long is not looked at.
    let long = zipped(&b"N".repeat((1 << 23) + 1), &[]);
    assert!(open(&long).err().unwrap().contains("at most 8388608 are read"));
}

#[test]
fn what_a_pickle_asks_to_be_called_is_never_called() {
    // os.system("...") as an exploit has it, beside a tensor.
    let pickle = [
        &b"\x80\x02}(X\x01\x00\x00\x00xcposix\nsystem\n(X\x08\x00\x00\x00touch ~xtRX\x01\x00\x00\x00nK\x2au."[..],
    ]
    .concat();
    let (file, _) = open(&zipped(&pickle, &[])).unwrap();
    assert_eq!((file.names(), file.number("n")), (vec!["n".to_string()], Some(42)));
}
