use safetensors::tensor::TensorView;
use safetensors::{Dtype, serialize};
use serde::Deserialize;

use crate::rng::{Purpose, Stream};
use crate::watch::reader::latents::MOST_LATENTS;
use crate::watch::reader::*;

/// Numbers that a NumPy script found in the files beside it.
#[derive(Deserialize)]
struct Expected {
    forms: Forms,
}

#[derive(Deserialize)]
struct Forms {
    effective: Vec<f32>,
}

const FILES: &str = "tests/reference/codebooks";

fn file(name: &str) -> std::path::PathBuf {
    Path::new(FILES).join(name)
}

fn close(a: &[f32], b: &[f32]) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|(x, y)| (x - y).abs() < 2e-5)
}

#[test]
fn three_formats_and_two_ways_round_give_the_same_codes() {
    let text = std::fs::read_to_string(file("expected.json")).unwrap();
    let expected: Expected = serde_json::from_str(&text).unwrap();
    let none = Wishes::default();
    let npz = read(&file("forms/simvq_12.npz"), &none).unwrap();
    assert_eq!((npz.size, npz.dim, npz.step), (64, 8, Some(12)));
    assert_eq!(npz.latents.as_ref().unwrap().rows.len(), 40 * 8);
    let state_dict = read(&file("forms/state_dict_13.safetensors"), &none).unwrap();
    let bare = read(&file("forms/bare_14.npy"), &none).unwrap();
    for external in [&npz, &state_dict, &bare] {
        assert!(close(&external.codes, &expected.forms.effective), "{:?}", external.step);
    }
    assert!(close(&npz.w.as_ref().unwrap().values, &state_dict.w.as_ref().unwrap().values));
    assert!(bare.w.is_none() && bare.uses.get().is_none() && bare.latents.is_none());
    let whole = read(&file("series/codebook_000300.safetensors"), &none).unwrap();
    assert_eq!(whole.step, Some(300));
    assert_eq!(whole.uses.get().unwrap().tokens, Some(50 * 256 + 256));
}

/// A .safetensors file with arrays given as name, type, shape, bytes.
fn safetensors(arrays: &[(&str, Dtype, &[usize], Vec<u8>)]) -> Vec<u8> {
    let mut views = Vec::new();
    for (name, dtype, shape, bytes) in arrays {
        views.push((*name, TensorView::new(*dtype, shape.to_vec(), bytes).unwrap()));
    }
    serialize(views, None).unwrap()
}

/// Reads the bytes of a file as if they lay under this name.
pub fn of_bytes(path: &Path, bytes: &[u8]) -> Result<External, String> {
    let source = Rc::new(std::io::Cursor::new(bytes.to_vec()));
    let arrays = of_source(path, source, bytes.len() as u64)?;
    of_arrays(path, &arrays, &Wishes::default(), false)
}

fn f32s(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

fn i64s(values: &[i64]) -> Vec<u8> {
    values.iter().flat_map(|v| v.to_le_bytes()).collect()
}

/// A codebook of three codes and what stands beside it.
fn beside(array: (&str, Dtype, &[usize], Vec<u8>)) -> Result<External, String> {
    let codes = f32s(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    let bytes = safetensors(&[("codebook", Dtype::F32, &[3, 3], codes), array]);
    of_bytes(Path::new("c.safetensors"), &bytes)
}

#[test]
fn half_precision_counts_and_a_leading_axis_are_read() {
    // 1.0 and -2.0 as halves and as brain floats.
    let halves: Vec<u8> = [0x3c00_u16, 0xc000].iter().flat_map(|h| h.to_le_bytes()).collect();
    let brains: Vec<u8> = [0x3f80_u16, 0xc000].iter().flat_map(|h| h.to_le_bytes()).collect();
    for (dtype, bytes) in [(Dtype::F16, halves), (Dtype::BF16, brains)] {
        let bytes = safetensors(&[("codebook", dtype, &[1, 2, 1], bytes)]);
        let external = of_bytes(Path::new("c.safetensors"), &bytes).unwrap();
        assert_eq!((external.size, external.codes), (2, vec![1.0, -2.0]));
    }
    // Moving averages are not rounded; a single large count of a sum stays whole.
    let uses = |array| beside(array).unwrap().uses;
    let averages = uses(("usage", Dtype::F32, &[3], f32s(&[0.4, 12.6, 0.0])));
    assert_eq!(averages.get().unwrap().used, 2);
    let most = i64::from(u32::MAX);
    let counts = uses(("usage", Dtype::I64, &[1, 3], i64s(&[0, most, 2])));
    assert_eq!(counts.get().unwrap().of_code, [0, u32::MAX, 2]);
    let flags = uses(("usage", Dtype::BOOL, &[3], vec![1, 0, 1]));
    assert_eq!(flags.get().unwrap().of_code, [1, 0, 1]);
    // Nothing counted yet is not a codebook of dead codes.
    assert!(uses(("usage", Dtype::I64, &[3], i64s(&[0, 0, 0]))).get().is_none());
    // More encoder outputs than are kept: an even sample, and the file's number beside it.
    let rows = vec![0.5; 3 * (MOST_LATENTS + 5)];
    let many = beside(("latents", Dtype::F32, &[MOST_LATENTS + 5, 3], f32s(&rows))).unwrap();
    let latents = many.latents.unwrap();
    assert_eq!((latents.rows.len(), latents.of), (3 * (MOST_LATENTS / 2 + 3), MOST_LATENTS + 5));
    assert_eq!(beside(("step", Dtype::F32, &[1], f32s(&[7.0]))).unwrap().step, Some(7));
}

/// A file of two codebooks of three codes with an array of indices of both, M x 2, and what is said of it.
fn of_two(name: &str, dtype: Dtype, rows: usize, bytes: Vec<u8>, usage: Option<&str>) -> Said {
    let codes = f32s(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
    let file = safetensors(&[
        ("level.0.codebook", Dtype::F32, &[3, 3], codes.clone()),
        ("level.1.codebook", Dtype::F32, &[3, 3], codes),
        (name, dtype, &[rows, 2], bytes),
    ]);
    let length = file.len() as u64;
    let arrays = of_source(Path::new("c.safetensors"), Rc::new(std::io::Cursor::new(file)), length);
    let wishes = Wishes { usage: usage.map(Into::into), ..Wishes::default() };
    of_arrays(Path::new("c.safetensors"), &arrays.unwrap(), &wishes, false)
}

type Said = Result<External, String>;

#[test]
fn a_level_that_uses_code_0_alone_is_counted_by_indices_of_all() {
    let rows: Vec<i64> = (0..30).flat_map(|token| [token % 3, 0]).collect();
    let file = of_two("indices", Dtype::I64, 30, i64s(&rows), None).unwrap();
    let used: Vec<_> = file.levels.iter().map(|level| (level.used, level.tokens)).collect();
    assert_eq!(used, [(Some(3), Some(30)), (Some(1), Some(30))]);
    assert_eq!(file.tuples.unwrap().distinct, [3, 3]);
}

#[test]
fn an_array_that_only_looks_like_indices_refuses_no_file() {
    let padded = i64s(&[0, 1, -100, -100, 2, 0]);
    let file = of_two("input_ids", Dtype::I64, 3, padded.clone(), None).unwrap();
    assert!(file.tuples.is_none() && file.levels.iter().all(|level| level.used.is_none()));
    let said = of_two("input_ids", Dtype::I64, 3, padded, Some("input_ids")).unwrap();
    assert_eq!(said.levels[0].used, Some(2));
    assert_eq!(
        (said.notes, said.tuples.unwrap().tokens),
        (vec![Note::NotIndices { n: 1, of: 3 }], 2)
    );
    // More numbers than uses of codes can be.
    let rows = (1 << 23) + 1;
    let many = of_two("input_ids", Dtype::U8, rows, vec![1; 2 * rows], None).unwrap();
    assert!(many.tuples.is_none());
    // Where it is sound, it counts.
    let sound = of_two("input_ids", Dtype::I64, 3, i64s(&[0, 1, -1, -1, 2, 0]), None).unwrap();
    assert_eq!(sound.tuples.unwrap().tokens, 2);
}

#[test]
fn indices_that_are_none_are_left_out_with_their_number() {
    let file =
        beside(("indices", Dtype::F32, &[5], f32s(&[2.0, f32::NAN, 0.0, 2.0, 0.5]))).unwrap();
    let known = file.uses.get().unwrap();
    assert_eq!((known.of_code.as_slice(), known.tokens), (&[1, 0, 2][..], Some(3)));
    assert_eq!(file.notes, [Note::NotIndices { n: 2, of: 5 }]);
    // Most of them: what they say is not known, and whatever else tells the use does.
    let none = f32s(&[f32::NAN, f32::NAN, 1.0]);
    let file = beside(("indices", Dtype::F32, &[3], none.clone())).unwrap();
    let counts = Counts::NoIndices { array: "indices".into(), n: 2, of: 3 };
    assert_eq!((file.uses.counts(), file.notes.as_slice()), (&counts, &[][..]));
    for (name, bytes) in [("latents", f32s(&[1.0, 2.0, 3.0])), ("usage", f32s(&[5.0, 0.0, 1.0]))] {
        let codes = f32s(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]);
        let shape: &[usize] = if name == "latents" { &[1, 3] } else { &[3] };
        let bytes = safetensors(&[
            ("codebook", Dtype::F32, &[3, 3], codes),
            ("indices", Dtype::F32, &[3], none.clone()),
            (name, Dtype::F32, shape, bytes),
        ]);
        let file = of_bytes(Path::new("c.safetensors"), &bytes).unwrap();
        assert!(file.uses.get().is_some(), "{name}");
        assert_eq!(file.notes, [Note::NotIndices { n: 2, of: 3 }], "{name}");
    }
    // Of several codebooks each leaves out its own, and tuples those of which one is none.
    let rows = f32s(&[0.0, 1.0, f32::NAN, 1.0, 2.0, 2.0]);
    let file = of_two("indices", Dtype::F32, 3, rows, None).unwrap();
    let tokens: Vec<_> = file.levels.iter().map(|level| level.tokens).collect();
    assert_eq!((tokens, file.tuples.unwrap().tokens), (vec![Some(2), Some(3)], 2));
    assert_eq!(file.notes, [Note::NotIndices { n: 1, of: 3 }]);
}

#[test]
fn what_does_not_fit_is_refused_by_its_name() {
    let cases = [
        (("usage", Dtype::I64, &[4][..], i64s(&[1, 2, 3, 4])), "`usage` is 4 where 3"),
        (("usage", Dtype::I64, &[3], i64s(&[1, -2, 0])), "`usage` is -2 for code 1"),
        (("usage", Dtype::I64, &[3], i64s(&[1, 1 << 33, 0])), "`usage` is 8589934592"),
        (("usage", Dtype::F8_E5M2, &[3], vec![1, 0, 0]), "`usage` is of the type F8_E5M2"),
        (("latents", Dtype::F32, &[0, 3], Vec::new()), "`latents` has no rows"),
        (("step", Dtype::F32, &[1], f32s(&[0.5])), "`step` is 0.5"),
        (("step", Dtype::I64, &[2], i64s(&[1, 2])), "`step` is 2"),
        (("W", Dtype::F32, &[1], f32s(&[1.0])), "name the codes before them `C`"),
    ];
    for (array, words) in cases {
        let name = array.0;
        let error = beside(array).unwrap_err();
        assert!(error.contains(words), "{name}: {error}");
    }
    let codes = |shape: &[usize]| {
        let bytes = vec![0; 4 * shape.iter().product::<usize>()];
        let bytes = safetensors(&[("codebook", Dtype::F32, shape, bytes)]);
        of_bytes(Path::new("c.safetensors"), &bytes).unwrap_err()
    };
    for (shape, words) in
        [(&[6][..], "a matrix, K x d"), (&[0, 3], "without a number"), (&[2, 3], "--transpose")]
    {
        assert!(codes(shape).contains(words), "{}", codes(shape));
    }
    let c = ("C", Dtype::F32, &[1, 2][..], f32s(&[1.0, 1.0]));
    let w = ("W", Dtype::F32, &[3, 2][..], f32s(&[0.0; 6]));
    let error = of_bytes(Path::new("c.safetensors"), &safetensors(&[c, w])).unwrap_err();
    assert!(error.contains("`W` is 3 x 2 where the codes are 2 wide"), "{error}");
}

#[test]
fn latents_of_another_width_are_left_aside_and_the_codes_open() {
    let wide = beside(("latents", Dtype::F32, &[3, 2], f32s(&[0.5; 6]))).unwrap();
    assert_eq!(wide.notes, [Note::LatentsAside { width: 2, dim: 3 }]);
    assert!(wide.latents.is_none() && wide.codes.len() == 9 && wide.uses.get().is_none());
    // Of two codebooks the second has their width, and is counted by them.
    let file = safetensors(&[
        ("first_quantize.embedding.weight", Dtype::F32, &[3, 3], f32s(&[1.0; 9])),
        ("second_quantize.embedding.weight", Dtype::F32, &[3, 2], f32s(&[0., 0., 9., 9., 5., 0.])),
        ("latents", Dtype::F32, &[2, 2], f32s(&[0.1, 0.0, 9.0, 8.0])),
    ]);
    let file = of_bytes(Path::new("c.safetensors"), &file).unwrap();
    assert!(
        file.latents.is_none() && file.notes.contains(&Note::LatentsAside { width: 2, dim: 3 })
    );
    let used: Vec<_> = file.levels.iter().map(|level| level.used).collect();
    assert_eq!(used, [None, Some(2)]);
}

#[test]
fn a_head_is_counted_by_its_own_latents_and_leaves_nothing_over() {
    let head = |n: u32, at: f32| {
        let codes = f32s(&[at, at, at + 4.0, at + 4.0]);
        let near = f32s(&[at + 4.1, at + 4.0, at + 3.9, at + 4.0, at + 4.0, at + 4.2]);
        [
            (format!("level.{n}.codebook"), [2, 2], codes),
            (format!("level.{n}.latents"), [3, 2], near),
        ]
    };
    let arrays: Vec<_> = [head(0, 0.0), head(1, 100.0)].into_iter().flatten().collect();
    let arrays: Vec<_> = arrays
        .iter()
        .map(|(name, shape, bytes)| (name.as_str(), Dtype::F32, &shape[..], bytes.clone()))
        .collect();
    let file = of_bytes(Path::new("c.safetensors"), &safetensors(&arrays)).unwrap();
    let told: Vec<_> = file.levels.iter().map(|level| (level.used, level.residual)).collect();
    // By what the first leaves over the second would choose its other code.
    assert_eq!(told, [(Some(1), None), (Some(1), None)]);
    assert!(!file.notes.contains(&Note::BesideEachOther), "{:?}", file.notes);
    let wishes = Wishes { level: Some(1), ..Wishes::default() };
    let bytes = safetensors(&arrays);
    let source = Rc::new(std::io::Cursor::new(bytes.clone()));
    let opened = of_source(Path::new("c.safetensors"), source, bytes.len() as u64).unwrap();
    let second = of_arrays(Path::new("c.safetensors"), &opened, &wishes, false).unwrap();
    assert_eq!(second.uses.get().unwrap().of_code, [0, 3]);
    assert!(second.latents.unwrap().rows.iter().all(|x| *x > 100.0));
}

#[test]
fn latents_and_uses_that_are_not_finite_are_left_out_with_their_number() {
    let nan = f32s(&[1.0, 2.0, 3.0, 0.0, f32::NAN, 0.0]);
    let some = beside(("latents", Dtype::F32, &[2, 3], nan)).unwrap();
    let latents = some.latents.as_ref().unwrap();
    assert_eq!((latents.rows.as_slice(), latents.of), (&[1.0, 2.0, 3.0][..], 1));
    assert_eq!(some.notes, [Note::LatentsNotFinite { n: 1, of: 2 }]);
    assert_eq!(some.uses.get().unwrap().of_code, [1, 0, 0]);
    let none = beside(("latents", Dtype::F32, &[1, 3], f32s(&[f32::INFINITY; 3]))).unwrap();
    assert_eq!((none.latents, none.notes), (None, vec![Note::LatentsNotFinite { n: 1, of: 1 }]));
    let uses = beside(("usage", Dtype::F32, &[3], f32s(&[f32::NAN, 0.4, 0.0]))).unwrap();
    let known = uses.uses.get().unwrap();
    assert_eq!(
        (known.used, known.unknown, known.of_code.as_slice()),
        (1, 1, &[0, 1_000_000, 0][..])
    );
    assert_eq!(uses.notes, [Note::UseNotFinite { n: 1 }]);
    let all = beside(("usage", Dtype::F32, &[3], f32s(&[f32::NAN; 3]))).unwrap();
    assert_eq!(all.uses.counts(), &Counts::NoNumber { array: "usage".into() });
}

#[test]
fn what_maps_codes_breaks_them_where_it_is_not_finite() {
    let of = |arrays: &[(&str, Dtype, &[usize], Vec<u8>)]| {
        of_bytes(Path::new("c.safetensors"), &safetensors(arrays)).unwrap()
    };
    // A matrix breaks all codes, so that latents choose none.
    let codes = || f32s(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let file = of(&[
        ("C", Dtype::F32, &[3, 2], codes()),
        ("W", Dtype::F32, &[2, 2], f32s(&[1.0, f32::NAN, 0.0, 1.0])),
        ("latents", Dtype::F32, &[1, 2], f32s(&[1.0, 1.0])),
    ]);
    assert_eq!(
        (file.broken.as_slice(), file.notes.as_slice()),
        (&[0, 1, 2][..], &[Note::MapNotFinite][..])
    );
    assert_eq!(file.uses.counts(), &Counts::NoCode);
    // A count breaks the code whose sum is divided by it.
    let start = "quantizer.rvq_first.vq.layers.0._codebook";
    let (sum, count) = (format!("{start}.embedding_sum"), format!("{start}.cluster_usage"));
    let file = of(&[
        (&sum, Dtype::F32, &[3, 2], codes()),
        (&count, Dtype::F32, &[3], f32s(&[2.5, f32::NAN, 3.5])),
    ]);
    assert_eq!(file.broken, [1]);
    assert!((file.codes[0] - 0.4).abs() < 1e-6);
    assert!(
        file.notes.contains(&Note::MapNotFinite)
            && file.notes.contains(&Note::UseNotFinite { n: 1 })
    );
    // A code that is broken in the file stays so behind a perceptron, whose ReLU makes 0 of NaN elsewhere.
    let file = of(&[
        ("frozen_codebook", Dtype::F32, &[3, 2], f32s(&[1.0, 2.0, f32::NAN, 4.0, 5.0, 6.0])),
        ("code_transform.0.weight", Dtype::F32, &[2, 2], f32s(&[1.0, 0.0, 0.0, 1.0])),
        ("code_transform.2.weight", Dtype::F32, &[2, 2], f32s(&[1.0, 0.0, 0.0, 1.0])),
    ]);
    assert_eq!(
        (file.broken.as_slice(), file.notes.contains(&Note::MapNotFinite)),
        (&[1][..], false)
    );
}

#[test]
fn codebooks_beside_each_other_are_each_given_all_latents() {
    let one = f32s(&[0.0, 0.0, 10.0, 10.0, 20.0, 0.0, 0.0, 20.0]);
    let two = f32s(&[1.0, 0.0, 9.0, 10.0, 21.0, 0.0, 0.0, 21.0]);
    // What `two` leaves over of the latents, and a code that nothing is near.
    let three = f32s(&[-1.0, 0.0, 1.0, 0.0, 0.0, -1.0, 5.0, 5.0]);
    let read = |books: &[(&str, &Vec<u8>)]| {
        let mut arrays: Vec<(&str, Dtype, &[usize], Vec<u8>)> =
            vec![("latents", Dtype::F32, &[4, 2], one.clone())];
        arrays.extend(
            books.iter().map(|(name, codes)| (*name, Dtype::F32, &[4, 2][..], (*codes).clone())),
        );
        let file = of_bytes(Path::new("c.safetensors"), &safetensors(&arrays)).unwrap();
        let levels: Vec<_> = file
            .levels
            .iter()
            .map(|level| (level.used.unwrap(), level.residual.is_some()))
            .collect();
        (levels, file.notes.contains(&Note::BesideEachOther))
    };
    let scales = [("bottleneck.level_blocks.0.k", &one), ("bottleneck.level_blocks.1.k", &two)];
    assert_eq!(read(&scales), (vec![(4, false), (4, false)], true));
    // Of a residual quantizer the first leaves nothing over.
    let levels = [("vq.layers.0.codebook", &one), ("vq.layers.1.codebook", &two)];
    assert_eq!(read(&levels), (vec![(4, true), (1, true)], false));
    // Groups stand beside each other, and the levels in each follow each other.
    let groups = [
        ("rvqs.0.layers.0._codebook.embed", &one),
        ("rvqs.0.layers.1._codebook.embed", &two),
        ("rvqs.1.layers.0._codebook.embed", &two),
        ("rvqs.1.layers.1._codebook.embed", &three),
    ];
    assert_eq!(read(&groups), (vec![(4, true), (1, true), (4, true), (3, true)], true));
}

#[test]
fn other_files_are_refused_with_what_to_do() {
    for (name, bytes, words) in [
        ("c.safetensors", &b""[..], "is empty"),
        ("c.safetensors", b"{}", "not a whole safetensors file"),
        ("c.npz", b"PK\x03\x04", "not a whole .npz file"),
        ("c.npy", b"\x93NUMPY\x01", "not a whole NumPy array"),
        ("c.pt", b"PK", "not a whole torch.save file"),
        ("c.pt", b"anything at all", "no file of torch.save"),
        ("c.pkl", b"PK", "may run code"),
        ("c.csv", b"1,2", "ends in none of .safetensors"),
    ] {
        let error = of_bytes(Path::new(name), bytes).unwrap_err();
        assert!(error.contains(words), "{name}: {error}");
    }
    let error = read(Path::new("/nowhere/c.npy"), &Wishes::default()).unwrap_err();
    assert!(error.contains("/nowhere/c.npy cannot be read"), "{error}");
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for name in ["forms/simvq_12.npz", "forms/state_dict_13.safetensors", "forms/bare_14.npy"] {
        let path = file(name);
        let whole = std::fs::read(&path).unwrap();
        for length in (0..whole.len()).step_by(7).chain([whole.len() - 1]) {
            let error = of_bytes(&path, &whole[..length]).unwrap_err();
            assert!(error.len() > 10 && !error.contains('\n'), "{name} cut at {length}: {error}");
        }
        assert!(of_bytes(&path, &whole).is_ok());
    }
}

#[test]
fn flipped_bytes_never_end_the_program_and_an_archive_notices_them() {
    let mut stream = Stream::new(5, Purpose::Codes, 0);
    for name in ["forms/simvq_12.npz", "forms/state_dict_13.safetensors", "forms/bare_14.npy"] {
        let path = file(name);
        let whole = std::fs::read(&path).unwrap();
        let places = stream.uniform(3000, 1.0);
        let mut refused = 0;
        for (i, place) in places.iter().enumerate() {
            let mut bytes = whole.clone();
            // The first bytes are flipped one after the other, the rest here and there.
            let anywhere = ((place + 1.0) / 2.0 * whole.len() as f32) as usize;
            let at = if i < 600 { i } else { anywhere.min(whole.len() - 1) };
            bytes[at] ^= 1 << (i % 8);
            match of_bytes(&path, &bytes) {
                Ok(external) => {
                    let rows = external.codes.chunks_exact(external.dim).enumerate();
                    let is_broken = |row: &[f32]| row.iter().any(|x| !x.is_finite());
                    let broken = rows.filter(|(_, row)| is_broken(row)).map(|(at, _)| at);
                    assert_eq!(broken.collect::<Vec<_>>(), external.broken, "{name}, byte {at}");
                }
                Err(_) => refused += 1,
            }
        }
        assert!(refused > 100, "{name}: {refused}");
    }
    // Inside the compressed numbers of an archive, its checksums tell.
    let path = file("forms/simvq_12.npz");
    for at in [200, 500, 1000] {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[at] ^= 1;
        let error = of_bytes(&path, &bytes).unwrap_err();
        let wrong = ["`C` is damaged", "`C` is not a whole NumPy array"];
        assert!(wrong.iter().any(|words| error.contains(words)), "{error}");
    }
}
