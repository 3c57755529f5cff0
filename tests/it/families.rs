//! Files as the known libraries save them (`tests/reference/families.py`): what opens, and whether use
//! and lookup are right. The table in `docs/your-codebook.md` is made here.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use vqscope::record::event::{Counts, Known, Lookup, Note};
use vqscope::record::judgement::{Judgement, Rule};
use vqscope::watch::reader::{External, read};
use vqscope::watch::rules::wishes::Wishes;

/// Where they lie.
const FAMILIES: &str = "tests/reference/codebooks/families";

/// The head of the table.
pub const HEAD: [&str; 6] = ["layout", "family", "made by", "opens", "use", "lookup"];

/// A file and what is true of it.
#[derive(Clone, Debug, Deserialize)]
struct Row {
    file: String,
    family: String,
    row: String,
    by: String,
    lookup: Option<String>,
    step: Option<u64>,
    levels: Vec<Truth>,
}

/// One codebook.
#[derive(Clone, Debug, Deserialize)]
struct Truth {
    #[serde(rename = "K")]
    size: usize,
    #[serde(rename = "d")]
    dim: usize,
    /// The name of the codes that are compared, among the expected ones.
    codes: Option<String>,
    #[serde(rename = "use")]
    uses: Option<TrueUse>,
}

#[derive(Clone, Debug, Deserialize)]
struct TrueUse {
    used: usize,
    kind: Option<String>,
}

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(format!("{FAMILIES}/families.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn path(file: &str) -> PathBuf {
    Path::new(FAMILIES).join(file)
}

fn opened(file: &str) -> Result<External, String> {
    read(&path(file), &Wishes::default())
}

/// Codes that a library compares, by their name among the expected ones.
fn expected(name: &str) -> Vec<f32> {
    let wishes =
        Wishes { codebook: Some(name.into()), transpose: Some(false), ..Wishes::default() };
    read(&path("expected.safetensors"), &wishes).unwrap().codes
}

/// Every level of a file; the sentence of the first that is refused.
fn levels(row: &Row) -> Result<Vec<External>, String> {
    let count = row.levels.len();
    // Of a model and its moving average one is shown.
    let count = if row.file.starts_with("36-ema") { 1 } else { count };
    let wish = |level| Wishes { level: Some(level), ..Wishes::default() };
    (0..count).map(|level| read(&path(&row.file), &wish(level))).collect()
}

/// Whether codes are those that the library compares; where no file tells them, whether that is said.
fn has_codes(external: &External, truth: &Truth) -> bool {
    let Some(name) = &truth.codes else {
        let is_said =
            [Note::BeforeMap, Note::Relu].iter().any(|note| external.notes.contains(note));
        return external.size == truth.size && (is_said || external.dim == truth.dim);
    };
    let codes = expected(name);
    let scale = codes.iter().filter(|x| x.is_finite()).fold(1e-6_f32, |m, x| m.max(x.abs()));
    let is_near = |(a, b): (&f32, &f32)| {
        a.is_finite() == b.is_finite() && (!a.is_finite() || (a - b).abs() < 2e-3 * scale)
    };
    external.codes.len() == codes.len() && external.codes.iter().zip(&codes).all(is_near)
}

/// "right", "wrong", or that the file does not tell it and that is said.
fn use_of(external: &External, truth: &Truth) -> &'static str {
    let known = external.uses.get().map(|known| known.used);
    match (known, truth.uses.as_ref().map(|uses| uses.used)) {
        (Some(a), Some(b)) if a == b => "right",
        (None, _) => "not told",
        _ => "wrong",
    }
}

/// "right", "wrong", and whether it was assumed.
fn lookup_of(external: &External, row: &Row) -> &'static str {
    let (lookup, known) = external.lookup;
    let truth = match row.lookup.as_deref() {
        Some("l2") => Lookup::L2,
        // Attention to codes of length 1 is greatest at the least angle.
        Some("cosine" | "attention") => Lookup::Cosine,
        Some("dot") => Lookup::Dot,
        Some("gumbel") => Lookup::Logits,
        _ => return "–",
    };
    match known {
        // Every lookup finds the same there.
        Known::UnitLength if truth != Lookup::Logits => "right",
        Known::Assumed if lookup == truth => "assumed, right",
        Known::Assumed => "assumed, wrong",
        _ if lookup == truth => "right",
        _ => "wrong",
    }
}

/// Rows of the families, without those that show a lie or a case of files.
fn families() -> impl Iterator<Item = Row> {
    rows()
        .into_iter()
        .filter(|row| row.row.starts_with(|c: char| c.is_ascii_digit()))
        .filter(|row| !row.row.starts_with("2.") && !row.row.starts_with("3."))
}

/// What became of each family.
pub fn table() -> impl Iterator<Item = [String; 6]> {
    families().map(|row| {
        let number = row.row.split(',').next().unwrap_or_default().to_string();
        let by = if row.by == "class" { "its class" } else { "names and shapes" };
        let found = levels(&row);
        let [opens, uses, lookup] = match &found {
            Ok(all) if row.levels.is_empty() => {
                [if all.is_empty() { no_codes(&row) } else { "wrong" }, "–", "–"]
            }
            Ok(all) => {
                let is_right = all.iter().zip(&row.levels).all(|(e, t)| has_codes(e, t));
                let uses: Vec<&str> =
                    all.iter().zip(&row.levels).map(|(e, t)| use_of(e, t)).collect();
                let uses = uses.iter().find(|u| **u != "right").copied().unwrap_or("right");
                [if is_right { "yes" } else { "wrong" }, uses, lookup_of(&all[0], &row)]
            }
            Err(_) => ["refused", "–", "–"],
        };
        [number, row.family.clone(), by.into(), opens.into(), uses.into(), lookup.into()]
    })
}

/// A file without codes is refused in a sentence that says so.
fn no_codes(row: &Row) -> &'static str {
    match opened(&row.file) {
        Err(why) if why.contains("no table of codes") || why.contains("holds no") => {
            "says that it holds no codes"
        }
        _ => "wrong",
    }
}

#[test]
fn every_family_opens_and_nothing_is_wrong_without_a_word() {
    let rows: Vec<[String; 6]> = table().collect();
    assert!(rows.len() > 45, "{}", rows.len());
    let mut assumed = Vec::new();
    for row in &rows {
        let [number, family, _, opens, uses, lookup] = row;
        let is_open = ["yes", "says that it holds no codes"].contains(&opens.as_str());
        assert!(is_open && uses != "wrong" && lookup != "wrong", "{row:?}");
        if lookup == "assumed, wrong" {
            assumed.push(format!("{number} {family}"));
        }
    }
    // IBQ looks by the product, which nothing in its file says; the window says that it assumes.
    assert!(assumed.len() <= 1, "{assumed:?}");
}

#[test]
fn steps_are_those_that_files_and_folders_say() {
    for row in rows() {
        let Some(step) = row.step.filter(|_| !row.levels.is_empty()) else { continue };
        let folder = path(&row.file);
        // The folder of the step is below the one that is watched.
        let top = row.file.split('/').next().unwrap();
        let files =
            vqscope::watch::follow::files_by_step(&path(top), None).unwrap().ordered().files;
        let found = match files.iter().find(|(_, file)| *file == folder) {
            Some((found, _)) if row.file.contains('/') => *found,
            // A moving average beside the model is left aside.
            None if row.file.contains("_ema/") => continue,
            _ => opened(&row.file).unwrap().step.unwrap(),
        };
        assert_eq!(found, step, "{}", row.file);
    }
}

/// A file of a lie or a case.
fn named(file: &str) -> External {
    opened(file).unwrap_or_else(|why| panic!("{why}"))
}

fn used(external: &External) -> Option<usize> {
    external.uses.get().map(|known| known.used)
}

#[test]
fn a_count_that_nobody_counted_into_is_no_use() {
    let file = named("lie-1-never-counted.safetensors");
    let never = Counts::Never { array: "_codebook.cluster_size".into(), value: 1.0 };
    assert_eq!((used(&file), file.uses.counts()), (None, &never));
    let beside = named("lie-1-with-latents.safetensors");
    assert_eq!(used(&beside), Some(1));
    assert_eq!(beside.uses.counts(), &Counts::Here { latents: 512, of: 512 });
}

#[test]
fn averages_that_begin_at_ones_are_not_taken_for_use() {
    for file in ["lie-2-starts-at-ones-1.safetensors", "lie-2-starts-at-ones-3.safetensors"] {
        let file = named(file);
        assert_eq!((used(&file), file.notes.contains(&Note::Young)), (Some(2), true));
    }
    let replaced = named("lie-2-replaced.safetensors");
    let Counts::Averages { replaced: count, .. } = replaced.uses.counts() else { panic!() };
    assert_eq!((used(&replaced), *count), (Some(3), 61), "codes at the threshold are not in use");
}

#[test]
fn averages_below_one_token_are_not_rounded() {
    let even = named("lie-3-few-tokens-even.safetensors");
    assert_eq!(used(&even), Some(4096));
    let zipf = named("lie-3-few-tokens-zipf.safetensors");
    let known = zipf.uses.get().unwrap();
    assert_eq!(known.used, 4096);
    assert!((known.perplexity - 422.625).abs() < 0.01, "{}", known.perplexity);
}

#[test]
fn use_is_found_under_another_name_and_indices_are_counted() {
    let beside = named("lie-4-beside.safetensors");
    assert_eq!(used(&beside), Some(51));
    let Counts::Averages { array, .. } = beside.uses.counts() else { panic!() };
    assert_eq!(array, "quantize.cluster_size");
    let indices = named("lie-4-indices.safetensors");
    let counts = Counts::Indices { array: "quantize.codebook_used".into(), count: 1024 };
    assert_eq!((used(&indices), indices.uses.counts()), (Some(50), &counts));
}

#[test]
fn latents_are_counted_by_the_lookup_that_is_said_and_all_of_them() {
    for (lookup, count) in [(Lookup::L2, 277), (Lookup::Cosine, 986), (Lookup::Dot, 34)] {
        let wishes = Wishes { lookup: Some(lookup), ..Wishes::default() };
        let file = read(&path("lie-5-lookup.safetensors"), &wishes).unwrap();
        assert_eq!((used(&file), file.lookup), (Some(count), (lookup, Known::Said)));
    }
    // Nothing in the file says it, and that is told.
    assert_eq!(named("lie-5-lookup.safetensors").lookup, (Lookup::L2, Known::Assumed));
    let all = named("lie-6-first-latents.safetensors");
    assert_eq!(used(&all), Some(128));
    assert_eq!(all.uses.counts(), &Counts::Here { latents: 16_384, of: 16_384 });
}

#[test]
fn a_ring_of_indices_has_a_ceiling() {
    for (file, count, ceiling) in [
        ("lie-7-ceiling-1024.safetensors", 1010, 0.9817),
        ("lie-7-ceiling-4096.safetensors", 2588, 0.6321),
        ("lie-7-ceiling-16384.safetensors", 3623, 0.2212),
    ] {
        let file = named(file);
        let known = file.uses.get().unwrap();
        assert_eq!(known.used, count);
        let Some(Judgement::TooFewTokens { ceiling: said }) =
            Judgement::of(known.used, file.size, known.perplexity, known.tokens)
        else {
            panic!("4 tokens a code or fewer")
        };
        assert!((said - ceiling).abs() < 1e-3, "{said}");
    }
}

#[test]
fn five_meanings_of_in_use_are_five_numbers() {
    let file = named("lie-8-five-meanings.safetensors");
    let by_rule: BTreeMap<Rule, usize> = file.uses.get().unwrap().by_rule.iter().copied().collect();
    let meanings = [
        (Rule::Seen, 63),
        (Rule::Newest, 56),
        (Rule::Average, 26),
        (Rule::Batch, 32),
        (Rule::Distinct, 32),
    ];
    assert_eq!(by_rule, meanings.into());
}

#[test]
fn cases_of_files_are_shown_with_what_is_special() {
    // Both shards are one model.
    assert_eq!(named("content-1-shards/model-00001-of-00002.safetensors").size, 32);
    let nan = named("content-4-nan-rows.safetensors");
    assert_eq!((nan.broken.as_slice(), nan.size), (&[3, 17][..], 32));
    assert_eq!(named("content-4-one-infinity.safetensors").broken, [5]);
    let turned = named("content-5-turned.npz");
    assert_eq!((turned.size, turned.notes.as_slice()), (32, &[Note::Turned][..]));
    let asked = opened("content-5-asked.npz").unwrap_err();
    assert!(asked.contains("`codebook` (4 x 32), which may be") && asked.contains("--transpose"));
    assert_eq!(named("content-6-wide-1024.safetensors").dim, 1024);
    assert!(named("content-7-all-zero.safetensors").notes.contains(&Note::AllZero));
    assert!(named("content-7-all-equal.safetensors").notes.contains(&Note::AllEqual));
    let one = named("content-7-one-in-use.safetensors");
    let known = one.uses.get().unwrap();
    assert_eq!(
        Judgement::of(known.used, one.size, known.perplexity, known.tokens),
        Some(Judgement::TotalCollapse)
    );
    let comb = named("content-8-bfloat16-indices.safetensors");
    assert!(comb.notes.contains(&Note::Comb) && comb.notes.contains(&Note::Beyond));
    assert!(named("content-9-scales.safetensors").notes.contains(&Note::OtherScale));
}

#[test]
fn every_form_of_torch_save_gives_the_same_codes() {
    let mut forms = 0;
    for row in rows().into_iter().filter(|row| row.file.starts_with("form-")) {
        let file = named(&row.file);
        assert!(has_codes(&file, &row.levels[0]), "{}", row.file);
        let kind = row.levels[0].uses.as_ref().and_then(|uses| uses.kind.as_deref());
        if let (Some(uses), Some("counts" | "latents")) = (&row.levels[0].uses, kind) {
            assert_eq!(used(&file), Some(uses.used), "{}", row.file);
        }
        forms += 1;
    }
    assert!(forms > 5, "{forms}");
}

/// The files of a folder by their steps, and for each level its uses by the name of the array.
type Folder = BTreeMap<String, Vec<BTreeMap<String, Vec<u32>>>>;

/// What the helper wrote, and what is true of it: uses of each level since the file before.
#[test]
fn folders_of_the_helper_say_what_it_counted() {
    use vqscope::watch::used::Known as Use;

    let root = Path::new("tests/reference/codebooks/helper");
    let text = std::fs::read_to_string(root.join("expected.json")).unwrap();
    let all: BTreeMap<String, Folder> = serde_json::from_str(&text).unwrap();
    let mut files = 0;
    for (folder, steps) in &all {
        for (step, levels) in steps {
            let path = root
                .join(folder)
                .join(format!("codebook_{:08}.safetensors", step.parse::<u64>().unwrap()));
            for (level, truth) in levels.iter().enumerate() {
                let wishes = Wishes { level: Some(level), ..Wishes::default() };
                let file = read(&path, &wishes).unwrap();
                assert_eq!(file.step, step.parse().ok(), "{}", path.display());
                assert_eq!(file.lookup, (Lookup::L2, Known::Beside), "{}", path.display());
                assert_eq!(file.levels.len(), levels.len());
                // Encoder outputs belong to the first level, and to the later ones what it left over.
                assert!(file.latents.is_some(), "{} level {level}", path.display());
                let Use::Use(known) = &file.uses else { panic!("{}", path.display()) };
                let used = truth["usage"].iter().filter(|uses| **uses > 0).count();
                assert_eq!(known.used, used, "{} level {level}", path.display());
                files += 1;
            }
        }
    }
    assert_eq!(files, 15);
}

#[test]
fn a_state_dict_behind_which_the_helper_has_put_a_w_shows_the_codes_that_are_compared() {
    let row = rows().into_iter().find(|row| row.file == "91-vqscope-simvq.pt").unwrap();
    let file = opened(&row.file).unwrap();
    assert!(has_codes(&file, &row.levels[0]) && file.w.is_some());
}
