use crate::record::event::Counts;
use crate::record::judgement::Rule;
use crate::watch::used::*;

fn known(values: &[f64]) -> Use {
    match of_values("a", values, false).unwrap() {
        Known::Use(known) => *known,
        Known::Nothing(why) => panic!("{why:?}"),
    }
}

#[test]
fn a_number_that_every_code_has_counts_nothing() {
    for value in [0.0, 1.0, 0.8] {
        let found = of_values("a", &[value; 5], false).unwrap();
        assert_eq!(found, Known::Nothing(Counts::Never { array: "a".into(), value }));
    }
    // Seven uses of each are seven uses of each.
    assert_eq!(known(&[7.0; 5]).used, 5);
}

#[test]
fn averages_are_compared_and_never_rounded() {
    let even = known(&[0.3, 0.2, 0.4, 0.1]);
    assert_eq!((even.used, even.tokens, even.is_young), (4, None, false));
    // exp(-(.3 ln .3 + .2 ln .2 + .4 ln .4 + .1 ln .1))
    assert!((even.perplexity - 3.596_11).abs() < 1e-4, "{}", even.perplexity);
    assert_eq!(even.of_code.iter().sum::<u32>(), 1_000_000);
    // One that was chosen long ago is not in use any more.
    assert_eq!(known(&[3.5, 2.5, 1e-7, 0.0]).used, 2);
    assert_eq!(even.by_rule, [(Rule::Average, 4)]);
    assert_eq!(known(&[10.0, 9.5, 0.1, 0.2]).by_rule, [(Rule::Average, 2)]);
}

#[test]
fn a_number_that_is_not_finite_tells_nothing_of_its_code_alone() {
    let counts = known(&[3.0, f64::NAN, 0.0, 2.0]);
    assert_eq!((counts.of_code.as_slice(), counts.used, counts.unknown), (&[3, 0, 0, 2][..], 2, 1));
    assert_eq!((counts.tokens, counts.counted_in()), (Some(5), CountedIn::Tokens));
    // The start of the others is still theirs.
    let rest = f64::from(0.8_f32.powi(3));
    let mut values = vec![rest; 64];
    (values[3], values[9]) = (rest + 100.0, f64::INFINITY);
    let young = known(&values);
    assert_eq!((young.used, young.is_young, young.unknown), (1, true, 1));
    let all = of_values("a", &[f64::NAN; 3], false).unwrap();
    assert_eq!(all, Known::Nothing(Counts::NoNumber { array: "a".into() }));
    assert!(of_values("a", &[f64::NAN, -1.0], false).unwrap_err().contains("-1 for code 1"));
}

#[test]
fn what_is_left_of_the_start_is_taken_off() {
    // Three steps of 0.8 from ones, in which two codes got all 512 tokens.
    let rest = 0.8_f32.powi(3);
    let mut values = vec![f64::from(rest); 64];
    (values[3], values[9]) = (f64::from(rest + 100.0), f64::from(rest + 150.0));
    let young = known(&values);
    assert_eq!((young.used, young.is_young), (2, true));
    assert!((young.perplexity - 1.960_13).abs() < 1e-3, "{}", young.perplexity);
    // With one unused code no other one shares its number, but it is a power of a usual decay.
    let one = known(&[f64::from(0.99_f32.powi(40)), 5.3, 7.1, 9.9]);
    assert_eq!((one.used, one.is_young), (3, true));
}

#[test]
fn codes_at_the_threshold_took_the_place_of_dead_ones() {
    let mut values = vec![2.0; 60];
    values.extend([217.3, 50.5]);
    let replaced = known(&values);
    let counts = Counts::Averages { array: "a".into(), replaced: 60 };
    assert_eq!((replaced.used, replaced.counts), (2, counts));
    // Among averages that are all different.
    let mut values: Vec<f64> = (0..30).map(|i| 3.1 + 0.37 * f64::from(i)).collect();
    values.extend([2.0, 2.0, 2.0]);
    assert_eq!(known(&values).used, 30);
    // Counts of few tokens share their numbers and are counts.
    assert_eq!(known(&[1.0, 1.0, 2.0, 0.0, 2.0]).used, 4);
}

#[test]
fn shares_of_a_millionth_and_above_are_told_apart() {
    let mut averages: Vec<f64> = (0..4000).map(|i| 1.0 + f64::from(i) * 1e-6).collect();
    // 0.9, 1.1 and 2.2 millionths of all: what is shown as at most one is one at most.
    averages.extend([0.0036, 0.0045, 0.009]);
    let known = of_values("cluster_size", &averages, false).unwrap();
    assert_eq!(&known.get().unwrap().of_code[4000..], [1, 2, 2]);
}

#[test]
fn a_ring_is_read_as_far_as_it_is_filled() {
    let of = |indices: &[f64], size| of_indices("ring", indices, size, true);
    let mut ring = vec![0.0; 500];
    ring.extend((0..100).map(|i| f64::from(1 + i % 7)));
    let found = of(&ring, 16);
    assert_eq!(found.get().unwrap().used, 7);
    assert_eq!(found.counts(), &Counts::Indices { array: "ring".into(), count: 100 });
    // Code 0 itself, among others.
    let full: Vec<f64> = (0..100).map(|i| f64::from(i % 4)).collect();
    assert_eq!(of(&full, 16).get().unwrap().used, 4);
    assert!(of(&[0.0; 50], 16).get().is_none());
    // Padding and what is beyond the last code.
    let odd = of(&[3.0, -1.0, 20.0, 5.0], 16);
    let known = odd.get().unwrap();
    assert_eq!((known.used, known.beyond, known.is_comb), (2, 1, false));
    // What is no index does not take the others with it, until it is most of them.
    let some = of(&[3.0, f64::NAN, 0.5, 3.0, -100.0, 7.0, -1.0, f64::INFINITY, 2.0], 16);
    let known = some.get().unwrap();
    assert_eq!((known.used, known.tokens, known.no_index), (3, Some(4), (4, 9)));
    assert_eq!(some.counts(), &Counts::Indices { array: "ring".into(), count: 5 });
    let most = of(&[0.5, f64::NAN, 1.0], 16);
    let counts = Counts::NoIndices { array: "ring".into(), n: 2, of: 3 };
    assert_eq!(most, Known::Nothing(counts));
    let comb: Vec<f64> = (0..200).map(|i| f64::from(300 + 2 * i)).collect();
    assert!(of(&comb, 1000).get().unwrap().is_comb);
}
