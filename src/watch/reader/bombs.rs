//! Files that ask for far more memory than they have bytes.

use crate::watch::made::{Packed, deflated, dictionary, f32s, npy, zip};
use crate::watch::reader::tests::of_bytes;
use crate::watch::reader::*;

/// Bytes that a file of some kilobytes may take while it is read: buffers, and what is read of it.
const LITTLE: u64 = 8 << 20;

/// Reads a file and says how many bytes that took at most.
fn measured(name: &str, bytes: &[u8]) -> (Result<External, String>, u64) {
    let (path, mut read) = (Path::new(name), None);
    let source: Source = Rc::new(std::io::Cursor::new(bytes.to_vec()));
    let taken = allocation_counter::measure(|| {
        let arrays = of_source(path, source.clone(), bytes.len() as u64);
        read = Some(arrays.and_then(|arrays| of_arrays(path, &arrays, &Wishes::default(), false)));
    });
    (read.unwrap(), taken.bytes_max)
}

/// A deflate stream (RFC 1951) of an array's header and as many zeros as its shape promises,
/// written without packing them.
fn zeros(name: &str, descr: &str, shape: &str, megabytes: usize) -> Packed {
    use std::io::Write as _;

    let header = npy(&dictionary(descr, shape), &[]);
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    let mut lengths = Vec::new();
    encoder.write_all(&header).unwrap();
    encoder.flush().unwrap();
    // Flushed, a megabyte of zeros after another one is packed into the same bytes each time.
    for _ in 0..3 {
        lengths.push(encoder.get_ref().len());
        encoder.write_all(&vec![0; 1 << 20]).unwrap();
        encoder.flush().unwrap();
    }
    let packed = encoder.get_ref().clone();
    let (first, again) = (&packed[..lengths[2]], &packed[lengths[2]..]);
    assert_eq!(again, &packed[lengths[1]..lengths[2]]);
    let mut bytes = first.to_vec();
    (2..megabytes).for_each(|_| bytes.extend(again));
    bytes.extend(deflated(&[]));
    let length = (header.len() + (megabytes << 20)) as u32;
    Packed { name: name.into(), method: 8, bytes, sum: 0, length }
}

/// A codebook of two codes.
fn small() -> Packed {
    let codes = npy(&dictionary("<f4", "(2, 2)"), &f32s(&[1.0, 2.0, 3.0, 4.0]));
    Packed::new("codebook.npy", true, &codes)
}

#[test]
fn what_a_role_does_not_need_is_never_unpacked() {
    // Three gigabytes of what has no role.
    let other = zeros("optimizer.npy", "<f8", "(134217728, 3)", 3072);
    let file = zip(&[small(), other]);
    assert!(file.len() < 8 << 20, "{}", file.len());
    let (read, taken) = measured("c_1.npz", &file);
    assert_eq!(read.unwrap().size, 2);
    assert!(taken < LITTLE, "{taken}");
}

#[test]
fn what_is_too_large_for_its_role_is_refused_before_it_is_unpacked() {
    let beside = |array: Packed| zip(&[small(), array]);
    for (file, words) in [
        (
            zip(&[zeros("codebook.npy", "<f8", "(1048576, 384)", 3072)]),
            "more than 268435456 numbers",
        ),
        (zip(&[zeros("codebook.npy", "<f8", "(1048576, 256)", 2048)]), "takes 2.3 GB of memory"),
        (zip(&[zeros("codebook.npy", "|u1", "(33554432, 32)", 1024)]), "more than 1048576 codes"),
        (zip(&[zeros("codebook.npy", "|u1", "(131072, 8192)", 1024)]), "at most 4096 wide"),
        (
            beside(zeros("latents.npy", "<f4", "(402653184, 2)", 3072)),
            "more than 268435456 numbers",
        ),
        (beside(zeros("usage.npy", "|u1", "(1073741824,)", 1024)), "is 1073741824 where 2 are"),
        (beside(zeros("step.npy", "<f8", "(134217728,)", 1024)), "a step is a single number"),
        (
            zip(&[
                Packed { name: "C.npy".into(), ..small() },
                zeros("W.npy", "<f4", "(16384, 16384)", 1024),
            ]),
            "`W` is 16384 x 16384 where the codes are 2 wide",
        ),
    ] {
        let (read, taken) = measured("c_1.npz", &file);
        let error = read.unwrap_err();
        assert!(error.contains(words), "{error}");
        assert!(taken < LITTLE, "{words}: {taken}");
    }
    // Latents of another width are left aside unread.
    let file = beside(zeros("latents.npy", "<f4", "(268435456, 1)", 1024));
    let (read, taken) = measured("c_1.npz", &file);
    assert!(read.unwrap().latents.is_none() && taken < LITTLE, "{taken}");
}

#[test]
fn rows_that_lie_all_over_an_array_are_not_looked_for_in_one_without_end() {
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (134217728, 2), }";
    let mut latents = zeros("latents.npy", "<f4", "(134217728, 2)", 1024);
    latents.bytes = deflated(&npy(header, &vec![0; 1 << 20]));
    latents.length = (npy(header, &[]).len() + (1 << 30)) as u32;
    // As many packed bytes as so many numbers need.
    latents.bytes.resize(2 << 20, 0);
    let (read, taken) = measured("c_1.npz", &zip(&[small(), latents]));
    let error = read.unwrap_err();
    assert!(error.contains("`latents` is in Fortran order"), "{error}");
    assert!(taken < LITTLE, "{taken}");
}

#[test]
fn reading_takes_no_more_than_is_said_before() {
    let (size, dim) = (1 << 16, 64);
    let count = size * dim;
    let codes = npy(&dictionary("<f2", &format!("({size}, {dim})")), &vec![0; 2 * count]);
    let usage = npy(&dictionary("<f8", &format!("({size},)")), &vec![0; 8 * size]);
    let w = npy(&dictionary("<f8", &format!("({dim}, {dim})")), &vec![0; 8 * dim * dim]);
    let latents = npy(&dictionary("<f8", &format!("(8192, {dim})")), &vec![0; 8 * 8192 * dim]);
    let files = [("C", codes), ("usage", usage), ("W", w), ("latents", latents)];
    let files = files.map(|(name, bytes)| Packed::new(&format!("{name}.npy"), true, &bytes));
    let file = zip(&files);
    let (read, taken) = measured("c_1.npz", &file);
    assert_eq!(read.unwrap().size, size);
    // The codes once as 32-bit floats, and little beside them.
    assert!((4 * count as u64..need(size, dim)).contains(&taken), "{taken}");
    // Looking at two such files, one after the other, stays within it as well.
    let mut looker = crate::watch::look::Looker::new(1);
    looker.look(1, of_bytes(Path::new("c_1.npz"), &file).unwrap());
    let taken = allocation_counter::measure(|| {
        looker.look(2, of_bytes(Path::new("c_1.npz"), &file).unwrap());
    });
    assert!(taken.bytes_max < need(size, dim), "{}", taken.bytes_max);
}

#[test]
fn a_hostile_header_is_read_in_bounded_memory() {
    // What unfolds most: lists of lists where a list of numbers stands, names, nothing but brackets.
    let lists = format!(
        r#"{{"C":{{"dtype":"F32","shape":[{}0],"data_offsets":[0,0]}}}}"#,
        "0,".repeat(4_000_000)
    );
    let unknown = format!(r#"{{"C":[{}0]}}"#, "0,".repeat(4_000_000));
    let empty = format!("{{{}\"x\":0}}", "\"\":[],".repeat(1_000_000));
    let nested = format!(r#"{{"C":{}"#, "[".repeat(8_000_000));
    for header in [lists, unknown, empty, nested] {
        let file = crate::watch::made::safetensors(&header, &[]);
        let (read, taken) = measured("c_1.safetensors", &file);
        assert!(read.is_err());
        assert!(taken < ROOM, "{}...: {taken}", &header[..40]);
    }
}
