//! What one file looks like.

use safetensors::Dtype;

use crate::record::usage::CountedIn;
use crate::watch::look::{Look, Looker};
use crate::watch::made;
use crate::watch::reader::read;
use crate::watch::rules::wishes::Wishes;

#[test]
fn of_many_indices_the_newest_are_at_most_so_many() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes_1.safetensors");
    let codes = made::f32s(&[0.0, 1.0, 2.0, 3.0]);
    let indices = (0..70_000_i64).flat_map(|n| (n % 2).to_le_bytes()).collect();
    let arrays = [
        ("codebook".to_string(), Dtype::F32, vec![2, 2], codes),
        ("indices".into(), Dtype::I64, vec![70_000], indices),
    ];
    made::save(&path, &arrays);
    let row = Looker::new(1).look(1, read(&path, &Wishes::default()).unwrap()).row;
    assert_eq!((row.window_tokens, row.newest_tokens), (70_000, Some(65_536)));
    assert_eq!(row.utilization_newest, Some(1.0));
}

/// A look at four codes with such an array beside them.
fn with_use(dtype: Dtype, bytes: Vec<u8>) -> Look {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("codes_1.safetensors");
    let codes = made::f32s(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
    let arrays = [
        ("codebook".to_string(), Dtype::F32, vec![4, 2], codes),
        ("usage".into(), dtype, vec![4], bytes),
    ];
    made::save(&path, &arrays);
    Looker::new(1).look(1, read(&path, &Wishes::default()).unwrap())
}

#[test]
fn a_file_of_which_no_code_is_finite_is_shown_as_such() {
    let folder = tempfile::tempdir().unwrap();
    let mut looker = Looker::new(1);
    let mut look = |step: u64, w: [f32; 4]| {
        let path = folder.path().join(format!("codes_{step}.safetensors"));
        let codes = made::f32s(&[0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]);
        let arrays = [
            ("C".to_string(), Dtype::F32, vec![4, 2], codes),
            ("W".into(), Dtype::F32, vec![2, 2], made::f32s(&w)),
            ("latents".into(), Dtype::F32, vec![2, 2], made::f32s(&[0.0, 1.0, 5.0, 6.0])),
        ];
        made::save(&path, &arrays);
        looker.look(step, read(&path, &Wishes::default()).unwrap())
    };
    let whole = look(1, [1.0, 0.0, 0.0, 1.0]);
    let broken = look(2, [1.0, f32::NAN, 0.0, 1.0]);
    assert_eq!((whole.reading.broken.0, broken.reading.broken.0), (0, 4));
    assert!(broken.row.utilization_window.is_nan() && broken.row.eval.is_none());
    let [before, after] = [&whole, &broken].map(|look| &look.snapshot.lanes[0]);
    assert!(after.codes.iter().all(|at| at.iter().all(|x| x.is_nan())));
    // The axes and the view stay, and the latents where they were.
    assert_eq!((before.axes.centre, &before.latents), (after.axes.centre, &after.latents));
    let whole = look(3, [1.0, 0.0, 0.0, 1.0]);
    assert_eq!(whole.reading.broken.0, 0);
}

#[test]
fn averages_and_flags_state_no_number_of_tokens() {
    let averages = with_use(Dtype::F32, made::f32s(&[0.5, 0.25, 0.25, 0.0]));
    let flags = with_use(Dtype::BOOL, vec![1, 1, 0, 1]);
    let counts = with_use(Dtype::I64, (1..5_i64).flat_map(i64::to_le_bytes).collect());
    for (look, counted_in, tokens, numbers) in [
        (averages, CountedIn::Millionths, 0, [500_000, 250_000, 250_000, 0]),
        (flags, CountedIn::Flags, 0, [1, 1, 0, 1]),
        (counts, CountedIn::Tokens, 10, [1, 2, 3, 4]),
    ] {
        let lane = &look.snapshot.lanes[0];
        assert_eq!((lane.counted_in, lane.window.tokens), (counted_in, tokens));
        assert_eq!(lane.eval.unwrap().usage.tokens, tokens);
        assert_eq!((look.row.window_tokens, look.row.batch_tokens), (tokens, tokens));
        assert_eq!(lane.window_counts, numbers);
        assert_eq!(look.told.tokens, Some(tokens).filter(|n| *n > 0));
    }
}
