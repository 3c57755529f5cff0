use std::path::Path;
use std::time::{Duration, SystemTime};

use safetensors::Dtype;

use crate::record::judgement::Rule;
use crate::watch::check::{Bound, check, crossed, lines};
use crate::watch::made;
use crate::watch::rules::wishes::Wishes;

const FILES: &str = "tests/reference/codebooks";

#[test]
fn the_newest_file_is_told_with_what_changed_since_the_one_before() {
    let found = check(&Path::new(FILES).join("series"), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files, found.size, found.dim), (400, 5, 64, 8));
    let drift = found.drift.unwrap();
    assert!(drift.since == 300 && drift.codes > 0.0 && drift.latents.is_some());
    assert!(found.quantization_error.unwrap() > 0.0);
    let text = lines(&found).join("\n");
    assert!(text.contains("since step 300 codes moved by"), "{text}");
}

#[test]
fn of_several_codebooks_any_may_cross_a_bound() {
    let file = Path::new(FILES).join("families/17-encodec.th");
    let found = check(&file, &Wishes::default()).unwrap();
    let used: Vec<Option<usize>> = found.levels.iter().map(|level| level.used).collect();
    assert_eq!(used, [Some(9), Some(1), Some(1)]);
    let crossed = crossed(&found, &[Bound::parse("used<2").unwrap()]).unwrap();
    assert_eq!(crossed.len(), 2, "{crossed:?}");
    assert!(found.suspicious.iter().any(|why| why.contains("Total collapse")));
}

#[test]
fn flags_are_not_judged_by_a_perplexity_that_they_do_not_tell() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("codes_1.safetensors");
    let numbers: Vec<f32> = (0..64).flat_map(|at| [at as f32, 1.0]).collect();
    let flags = |used: usize| (0..64).map(|at| u8::from(at < used)).collect();
    let found = |used: usize| {
        let arrays = [
            ("codebook".to_string(), Dtype::F32, vec![64, 2], made::f32s(&numbers)),
            ("usage".into(), Dtype::BOOL, vec![64], flags(used)),
        ];
        made::save(&file, &arrays);
        check(&file, &Wishes::default()).unwrap()
    };
    let most = found(60);
    assert_eq!((most.levels[0].used, most.levels[0].judgement), (Some(60), None));
    assert!(most.suspicious.is_empty(), "{:?}", most.suspicious);
    assert!(found(1).suspicious.iter().any(|why| why.contains("Total collapse")));
}

/// Two codes of width 1 in a file that was written at some second, with encoder outputs if there are some.
fn save(path: &Path, codes: [f32; 2], latents: &[f32], second: u64) {
    let mut arrays = vec![("codebook".to_string(), Dtype::F32, vec![2, 1], made::f32s(&codes))];
    if !latents.is_empty() {
        let shape = vec![latents.len(), 1];
        arrays.push(("latents".into(), Dtype::F32, shape, made::f32s(latents)));
    }
    made::save(path, &arrays);
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
    std::fs::File::options().write(true).open(path).unwrap().set_modified(time).unwrap();
}

#[test]
fn a_file_of_the_run_before_is_named_and_is_not_the_newest() {
    let folder = tempfile::tempdir().unwrap();
    let path = |step: u64| folder.path().join(format!("codebook_{step}.safetensors"));
    // Gone on from 5000, a training comes to 5500 later than it had come to 6000.
    for (step, second) in [(5000, 50), (6000, 60), (5500, 70)] {
        save(&path(step), [step as f32, 1.0], &[], second);
    }
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files, found.drift.unwrap().since), (5500, 2, 5000));
    let older: Vec<(u64, &str, &str)> =
        found.older.iter().map(|o| (o.step, o.file.as_str(), o.newer.as_str())).collect();
    let names = ["codebook_6000.safetensors", "codebook_5500.safetensors"];
    assert_eq!(older, [(6000, names[0], names[1])]);
    let line = format!("{} was written before {}: it is of the run before", names[0], names[1]);
    assert!(lines(&found).iter().any(|found| found.contains(&line)), "{:?}", lines(&found));
    // Once the training has come to 6000 again nothing is.
    save(&path(6000), [1.0, 2.0], &[], 80);
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files, found.older.len()), (6000, 3, 0));
}

#[test]
fn files_have_the_steps_and_the_order_that_they_have_in_the_window() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for (second, name) in
        ["a_1.safetensors", "b_2.safetensors", "c_2.safetensors"].iter().enumerate()
    {
        save(&path(name), [1.0, 2.0], &[], 10 * second as u64);
    }
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files), (2, 2));
    assert!(found.file.ends_with("b_2.safetensors"), "{}", found.file);
    let [why] = &found.unreadable[..] else { panic!("{:?}", found.unreadable) };
    assert!(why.contains("c_2.safetensors has the same step as another file"), "{why}");
}

#[test]
fn what_cannot_be_read_decides_no_order() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(format!("{name}.safetensors"));
    save(&path("codebook_100"), [1.0, 2.0], &[], 100);
    save(&path("codebook_200"), [1.0, 3.0], &[], 200);
    // Of earlier steps, and written last: without a codebook, and damaged.
    for (name, second) in [("eval_50", 300), ("eval_60", 310)] {
        save(&path(name), [0.0, 0.0], &[], second);
        std::fs::write(path(name), "no arrays").unwrap();
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(second);
        let file = std::fs::File::options().write(true).open(path(name)).unwrap();
        file.set_modified(time).unwrap();
    }
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files, found.older.len()), (200, 2, 0));
    assert_eq!((found.unreadable.len(), found.drift.unwrap().since), (2, 100));
    // Nor does a damaged one of a step take the place of a whole one.
    std::fs::write(path("a_200"), "no arrays").unwrap();
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert!(found.file.ends_with("codebook_200.safetensors"), "{}", found.file);
}

#[test]
fn where_no_code_is_finite_nothing_is_said_of_lengths_and_drift() {
    let folder = tempfile::tempdir().unwrap();
    let path = |step: u64| folder.path().join(format!("codebook_{step}.safetensors"));
    for (step, codes) in [(1, [1.0, 2.0]), (2, [1.5, 2.5]), (3, [f32::NAN; 2])] {
        save(&path(step), codes, &[], step);
    }
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert!(found.step == 3 && found.code_norm.is_none() && found.drift.is_none());
    assert!(found.levels[0].norm.is_none() && found.not_finite.len() == 2);
    // The step before is still told of.
    assert_eq!(found.drifts.len(), 1);
    let said = lines(&found).join("\n");
    assert!(!said.contains("lengths of codes") && !said.contains("moved by"), "{said}");
    for bound in ["drift>2", "drift<0.1"] {
        let told = crossed(&found, &[Bound::parse(bound).unwrap()]);
        assert!(told.is_err_and(|why| why.contains("cannot be told")), "{bound}");
    }
}

#[cfg(unix)]
#[test]
fn of_links_to_one_file_the_one_that_names_a_step_counts() {
    let folder = tempfile::tempdir().unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let blob = elsewhere.path().join("blob.safetensors");
    save(&blob, [1.0, 2.0], &[], 9);
    save(&folder.path().join("codebook_5.safetensors"), [1.0, 3.0], &[], 5);
    for name in ["latest", "step_100"] {
        let link = folder.path().join(format!("{name}.safetensors"));
        std::os::unix::fs::symlink(&blob, link).unwrap();
    }
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files, found.unreadable.len()), (100, 2, 0));
}

#[cfg(unix)]
#[test]
fn a_link_to_the_newest_file_is_no_file_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    for step in [5_u64, 6] {
        let path = folder.path().join(format!("codebook_{step}.safetensors"));
        save(&path, [1.0, 2.0], &[], step);
    }
    let link = folder.path().join("latest.safetensors");
    std::os::unix::fs::symlink("codebook_6.safetensors", link).unwrap();
    let found = check(folder.path(), &Wishes::default()).unwrap();
    assert_eq!((found.step, found.files, found.unreadable.len()), (6, 2, 0));
    assert!(found.file.ends_with("codebook_6.safetensors"), "{}", found.file);
}

#[test]
fn drift_is_told_from_file_to_file_with_the_ratio_of_latents_to_codes() {
    let folder = tempfile::tempdir().unwrap();
    let path = |step: u64| folder.path().join(format!("codebook_{step}.safetensors"));
    // Codes of mean length 2, 3 and 3; the mean latent is 0, 2 and 5.
    save(&path(10), [1.0, 3.0], &[-1.0, 0.0, 1.0], 1);
    save(&path(20), [2.0, 4.0], &[1.0, 2.0, 3.0], 2);
    save(&path(30), [2.0, 4.0], &[4.0, 5.0, 6.0], 3);
    let found = check(folder.path(), &Wishes::default()).unwrap();
    let [first, last] = found.drifts[..] else { panic!("{:?}", found.drifts) };
    let near = |found: f64, wanted: f64| assert!((found - wanted).abs() < 1e-6, "{found}");
    assert_eq!((first.since, first.step, last.since, last.step), (10, 20, 20, 30));
    near(first.codes, 1.0 / 3.0);
    near(first.latents.unwrap(), 2.0 / 3.0);
    near(first.ratio.unwrap(), 2.0);
    // Codes that did not move have no ratio.
    assert_eq!((last.codes, last.ratio), (0.0, None));
    near(last.latents.unwrap(), 1.0);
    assert_eq!(found.drift.unwrap().since, 20);
    let text = lines(&found).join("\n");
    assert!(text.contains("from step 10 to steps 20, 30: codes moved by 0.333, 0"), "{text}");
    assert!(text.contains("2.00, – times as far as the codes"), "{text}");
    let json = serde_json::to_value(&found).unwrap();
    assert_eq!(json["drifts"][0]["ratio"].as_f64(), first.ratio);
}

#[test]
fn use_by_each_meaning_is_told_of_every_level() {
    let folder = tempfile::tempdir().unwrap();
    made::residual(folder.path(), &[100, 200]);
    let found = check(folder.path(), &Wishes::default()).unwrap();
    let seen = |level: usize| {
        let by_rule = &found.levels[level].by_rule;
        by_rule.iter().find(|by| by.rule == Rule::Seen).unwrap().used
    };
    assert_eq!([0, 1, 2].map(seen), [Some(48), Some(24), Some(1)]);
    let text = lines(&found);
    let line = "level 1 as counted by \"chosen at least once by all counted tokens\": 24, 50 %";
    assert!(text.iter().any(|found| found.starts_with(line)), "{text:?}");
    assert_eq!(text.iter().filter(|line| line.contains(" as counted by \"")).count(), 3);
}
