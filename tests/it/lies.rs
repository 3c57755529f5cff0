//! The eight ways in which use lies, by files that do it (`tests/reference/families.py`): what is true,
//! what was said of such files before, and what is said now. The table in `docs/your-codebook.md` is made
//! here; that the numbers are the true ones, the tests beside it and in `families` hold.

use std::path::Path;

use safetensors::Dtype;
use safetensors::tensor::TensorView;
use vqscope::record::event::Lookup;
use vqscope::record::judgement::Judgement;
use vqscope::rng::{Purpose, Stream};
use vqscope::text::{count, percent};
use vqscope::watch::look::reading;
use vqscope::watch::reader::{External, read};
use vqscope::watch::rules::wishes::Wishes;

use crate::Folder;

/// The head of the table.
pub const HEAD: [&str; 5] = ["", "what happens", "true", "before", "now"];

/// A lie: what happens, what is true of the file, what was said before, and the files that do it.
struct Lie {
    what: &'static str,
    truth: &'static str,
    before: &'static str,
    files: &'static [&'static str],
}

/// All of them.
const LIES: [Lie; 8] = [
    Lie {
        what: "a count that is never updated stays at the 1 that it begins with",
        truth: "1 of 64; without latents the file does not tell",
        before: "all, 100 %",
        files: &["lie-1-never-counted", "lie-1-with-latents"],
    },
    Lie {
        what: "averages that begin at ones, after 1 step and after 3, and codes put in the place of dead ones",
        truth: "2, 2 and 3 of 64",
        before: "what is left of the start counts as use",
        files: &["lie-2-starts-at-ones-1", "lie-2-starts-at-ones-3", "lie-2-replaced"],
    },
    Lie {
        what: "averages of fewer tokens than codes, even and by Zipf's law",
        truth: "4,096 and 4,096 of 4,096",
        before: "refused; 7 %, as averages were rounded",
        files: &["lie-3-few-tokens-even", "lie-3-few-tokens-zipf"],
    },
    Lie {
        what: "use under another name: counts beside an array that never moves, indices",
        truth: "51 of 512, 50 of 1,024",
        before: "the array beside the codes; indices taken for counts",
        files: &["lie-4-beside", "lie-4-indices"],
    },
    Lie {
        what: "latents counted by another lookup than the model's",
        truth: "277 by l2, 986 by cosine, 34 by dot, of 1,024",
        before: "by l2, without a word",
        files: &["lie-5-lookup"],
    },
    Lie {
        what: "the first 4,096 latents alone are counted",
        truth: "128 of 128; the first 4,096 use 32",
        before: "32",
        files: &["lie-6-first-latents"],
    },
    Lie {
        what: "a ring of so many indices cannot show more, as LlamaGen's of 65,536",
        truth: "even draws, of 16,384, 65,536 and 262,144 codes",
        before: "98 %, 63 % and 22 %, without a word",
        files: &["ring-16384", "ring-65536", "ring-262144"],
    },
    Lie {
        what: "\"in use\" has five meanings",
        truth: "63, 56, 26, 32 and 32 of 64",
        before: "one number without its meaning",
        files: &["lie-8-five-meanings"],
    },
];

fn opened(name: &str, wishes: &Wishes) -> External {
    if let Some(size) = name.strip_prefix("ring-") {
        return ring(size.parse().unwrap(), wishes);
    }
    let path = format!("tests/reference/codebooks/families/{name}.safetensors");
    read(Path::new(&path), wishes).unwrap_or_else(|why| panic!("{why}"))
}

/// Indices that LlamaGen keeps.
const RING: usize = 65_536;

/// A file of LlamaGen's names with a full ring of even draws among so many codes: at its own size too large
/// to lie here.
fn ring(size: usize, wishes: &Wishes) -> External {
    let folder = Folder::new(&format!("ring-{size}"));
    let mut stream = Stream::new(7, Purpose::Codes, size as u64);
    let bytes = |values: &[f32]| values.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<u8>>();
    let codes = bytes(&stream.normal(2 * size, 1.0));
    let drawn: Vec<f32> = (0..RING).map(|_| stream.below(size) as f32).collect();
    let drawn = bytes(&drawn);
    let view = |shape: &[usize], bytes| TensorView::new(Dtype::F32, shape.to_vec(), bytes).unwrap();
    let arrays = [
        ("quantize.embedding.weight", view(&[size, 2], &codes)),
        ("quantize.codebook_used", view(&[RING], &drawn)),
    ];
    let file = folder.write("ring.safetensors", safetensors::serialize(arrays, None).unwrap());
    read(Path::new(&file), wishes).unwrap_or_else(|why| panic!("{why}"))
}

/// What is said of a file: use and how it was counted, what so many tokens can show at most where they
/// are too few, use by every meaning where it tells several.
fn said(file: &External) -> String {
    let read = reading(file);
    let how = read.counted();
    if !read.counts.tell_use() {
        return format!("not known: {how}");
    }
    let mut text = format!("{} of {}, {how}", count(read.used as u64), count(read.size as u64));
    if let Some(judgement @ Judgement::TooFewTokens { .. }) = read.judgement {
        text += &format!(". {}", judgement.sentence());
    }
    let several = if read.by_rule.len() == 5 { &read.by_rule[..] } else { &[] };
    let mut several = several.to_vec();
    several.sort();
    for (rule, used) in several {
        let share = percent(used as f64 / read.size as f64);
        text += &format!("; {}: {}, {share}", rule.words(), count(used as u64));
    }
    text
}

/// Every lie, with what is said of its files now.
pub fn table() -> impl Iterator<Item = [String; 5]> {
    LIES.iter().enumerate().map(|(at, lie)| {
        let lookups: &[Option<Lookup>] = match at {
            4 => &[None, Some(Lookup::Cosine), Some(Lookup::Dot)],
            _ => &[None],
        };
        let now: Vec<String> = lie
            .files
            .iter()
            .flat_map(|file| lookups.iter().map(move |lookup| (file, *lookup)))
            .map(|(file, lookup)| said(&opened(file, &Wishes { lookup, ..Wishes::default() })))
            .collect();
        let number = (at + 1).to_string();
        [number, lie.what.into(), lie.truth.into(), lie.before.into(), now.join("<br>")]
    })
}

#[test]
fn even_draws_fill_a_ring_as_far_as_it_can_show() {
    // 1 - exp(-65,536/K) of K codes, and the standard deviation of the number of distinct draws.
    for (size, share) in [(16_384, 0.981_684), (65_536, 0.632_121), (262_144, 0.221_199)] {
        let file = ring(size, &Wishes::default());
        let known = file.uses.get().unwrap();
        let (of, full) = (size as f64, RING as f64 / size as f64);
        let spread = (of * (-full).exp() * (1.0 - (1.0 + full) * (-full).exp())).sqrt();
        let off = (known.used as f64 - share * of) / spread;
        assert!(off.abs() < 4.0, "{} of {size}: {off}", known.used);
        assert_eq!(known.tokens, Some(RING));
    }
}

#[test]
fn what_is_said_now_is_true() {
    let now: Vec<String> = table().map(|[.., now]| now).collect();
    for (at, words) in [
        (0, "not known: _codebook.cluster_size is 1 for every code"),
        (0, "1 of 64, by its 512 latents"),
        (1, "2 of 64, by the moving averages"),
        (1, "of which 61 are codes put in the place of dead ones"),
        (2, "4,096 of 4,096, by the moving averages quantizer.cluster_size<br>4,096 of 4,096"),
        (3, "51 of 512, by the moving averages quantize.cluster_size"),
        (3, "50 of 1,024, by the newest 1,024 indices in quantize.codebook_used"),
        (4, "277 of 1,024"),
        (4, "986 of 1,024"),
        (4, "34 of 1,024"),
        (5, "128 of 128, by its 16,384 latents"),
        (6, "Too few tokens to tell (so many can show 98 % at most)"),
        (6, "of 65,536, by the newest 65,536 indices in quantize.codebook_used"),
        (6, "Too few tokens to tell (so many can show 22 % at most)"),
        (7, "moving average of batches of at least 0.08·N/K: 26, 41 %"),
    ] {
        assert!(now[at].contains(words), "{words}: {}", now[at]);
    }
}
