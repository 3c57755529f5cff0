use std::path::Path;

use safetensors::Dtype;

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
